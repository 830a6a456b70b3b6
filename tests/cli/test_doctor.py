"""`gait doctor`: what it says of shoes, and of what stands in their way."""

import sqlite3
from contextlib import closing

from shoes_on_air import noise, pair, sensor
from test_known_shoes import shoe

from gait.ble.problems import BONDED_ELSEWHERE
from gait.cli import doctor
from gait.cli.known_sensors import KnownShoe, KnownShoes
from gait.model import Side
from gait.sensors.shoegait_info import encode_info
from gait.virtual import Bonds, Flash, VirtualAir, VirtualShoe


async def look(air: VirtualAir, *shoes: KnownShoe) -> dict[str, doctor.Finding]:
    return {found.what: found for found in await doctor._look(shoes, air.radio, 0.4)}


async def test_each_known_shoe_is_near_taken_or_not_heard():
    async with (
        VirtualAir() as air,
        VirtualShoe(
            air, sensor(), noise(40), ring_s=9.0, flash=Flash(), bonds=Bonds(), battery_pct=71
        ) as near,
        VirtualShoe(air, sensor(Side.RIGHT), noise(40)) as taken,
    ):
        await pair(air, [near])
        await air.central.connect(taken.address)
        findings = await look(
            air,
            shoe(Side.LEFT, near.address, name="near shoe", battery_pct=80),
            shoe(Side.RIGHT, taken.address, name="taken shoe"),
            shoe(Side.RIGHT, "AA:03", name="lost shoe", battery_pct=None),
        )
    assert findings["near shoe"].works
    assert findings["near shoe"].said == (
        "near (-50 dBm), left, shoegait, 400 Hz, ±16 g, ±2000 °/s, firmware 1.2.3, battery 71 %, "
        "MTU 247, paired."
    )
    assert not findings["taken shoe"].works
    assert "is connected to this machine already; end the other" in findings["taken shoe"].said
    assert f"bluetoothctl disconnect {taken.address}" in findings["taken shoe"].said
    assert "battery 80 %." in findings["taken shoe"].said
    assert not findings["lost shoe"].works
    assert "connected elsewhere" in findings["lost shoe"].said
    assert "battery" not in findings["lost shoe"].said


async def test_a_shoe_bonded_elsewhere_is_explained():
    bonds = Bonds()
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(40), bonds=bonds) as mine:
        await pair(air, [mine])
        known = shoe(Side.LEFT, mine.address, paired=True)
        assert (await look(air, known))[known.label].works
        bonds.forget()
        found = (await look(air, known))[known.label]
    assert not found.works
    why = BONDED_ELSEWHERE.replace("ADDRESS", mine.address)
    assert found.said == (
        f"near (-50 dBm), but it cannot be used. {why} It was paired with this machine when last "
        "recorded."
    )


async def test_a_shoe_that_this_machine_does_not_recognise_any_more_is_explained():
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(40), bonds=Bonds()) as mine:
        known = shoe(Side.LEFT, mine.address, name=mine.name, paired=True)
        found = (await look(air, known))[known.label]
    assert not found.works
    assert found.said.startswith(
        "not heard by its address, but a sensor with its name is near: this machine has lost its "
        "pairing with it; switch it off and on, record with it and choose it again"
    )


async def test_an_old_firmware_and_a_narrow_link_are_explained(monkeypatch):
    async with VirtualAir(mtu=23) as air, VirtualShoe(air, sensor(), noise(40)) as old:
        known = shoe(Side.LEFT, old.address)
        found = (await look(air, known))[known.label]
        assert found.works
        assert "Its packets are small (MTU 23): at 400 Hz" in found.said
        assert "Its firmware 1.2.3 does not send again what was lost on the way" in found.said
        assert "keeps no log of its own" in found.said

        def older(info, version):
            return b"\0" + encode_info(info, version)[1:]

        monkeypatch.setattr("gait.virtual.shoe.encode_info", older)
        found = (await look(air, known))[known.label]
    assert not found.works
    assert (
        "with version 0, where versions 1 to 2 are understood; its firmware is too old"
        in found.said
    )


def test_the_file_of_known_shoes_is_looked_at(tmp_path):
    path = tmp_path / "known.json"
    (nothing,) = doctor.shoe_findings(KnownShoes(path), bluetooth=False)
    assert nothing.works
    assert "none yet" in nothing.said
    path.write_text("broken")
    (broken,) = doctor.shoe_findings(KnownShoes(path), bluetooth=False)
    assert not broken.works
    assert "moved to" in broken.said
    path.write_text('{"version": 99}')
    (newer,) = doctor.shoe_findings(KnownShoes(path), bluetooth=False)
    assert not newer.works
    assert "update shoegait" in newer.said
    path.unlink()
    KnownShoes(path).remember([shoe()])
    (one,) = doctor.shoe_findings(KnownShoes(path), bluetooth=False)
    assert one.works
    assert f"1 in {path}" in one.said


def test_how_to_get_what_is_missing_can_be_typed_as_it_stands(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "find_spec", lambda module: None)
    monkeypatch.setenv("COLUMNS", "200")
    doctor.run_doctor()
    said = capsys.readouterr().out
    for extra in ("virtual", "report", "dashboard", "fit", "parquet"):
        assert f"pip install 'shoegait[{extra}]'" in said


def test_the_roster_is_looked_into_and_the_way_back_is_named(gait, tmp_path, monkeypatch):
    path = tmp_path / "roster.db"
    monkeypatch.setenv("GAIT_ROSTER", str(path))
    assert doctor._roster().said == "none yet; `gait roster add NAME` begins one"
    for name in ("Anna", "Ben"):
        assert gait("roster", "add", name)[0] == 0
    found = doctor._roster()
    assert found.works
    assert found.said.startswith("sound: 2 athletes; 1 copies beside it, the newest of ")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE athletes SET mass_kg = 70")
    found = doctor._roster()
    assert (found.works, found.essential) == (False, True)
    assert "is damaged (an athlete: 2 damaged); `gait roster restore` goes back to " in found.said
    code, _, err = gait("roster", "list")
    assert (code, err.count("\n")) == (1, 1)
    assert "damaged: an athlete does not fit its checksum; `gait doctor` says" in err
    code, _, err = gait("roster", "restore")
    assert code == 0
    assert "Restored: the roster is as it was in roster.db.backup-" in err
    assert gait("roster", "list")[1].splitlines()[1].startswith("Anna")
    assert doctor._roster().works
    path.unlink()
    assert "`gait roster restore` goes back to" in doctor._roster().said
