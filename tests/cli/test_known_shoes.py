"""Known shoes: remembered, picked up by themselves, and never a stranger in their place."""

import io
import sys

import msgspec
import pytest
from bleak.backends.device import BLEDevice
from shoes_on_air import noise, sensor

from gait.ble import FoundSensor
from gait.cli import main
from gait.cli.known_sensors import KnownShoe, KnownShoes, known_as, known_shoes_path
from gait.cli.record import RecordOptions, record_from
from gait.cli.sensor_selection import _numbers, ask_at_terminal, choose
from gait.cli.source import Source
from gait.model import GaitError, InputError, Side, UsageError
from gait.recording import open_session
from gait.sensors import PROFILES
from gait.virtual import Bonds, Flash, VirtualAir, VirtualShoe

SHOEGAIT = PROFILES["shoegait"]


def shoe(side=Side.LEFT, address="AA:01", last_seen="2026-01-01T10:00:00+00:00", **changes):
    facts = {
        "address": address,
        "name": f"shoegait {side.name[0]} 0042",
        "last_seen": last_seen,
        "info": sensor(side),
        "battery_pct": 80,
    }
    return KnownShoe(**(facts | changes))


def near(side=Side.LEFT, address="AA:01", rssi=-50, **changes):
    name = f"shoegait {side.name[0]} 0042"
    facts = {
        "name": name,
        "address": address,
        "rssi": rssi,
        "profile": SHOEGAIT,
        "device": BLEDevice(address, name, None),
    }
    return FoundSensor(**(facts | changes))


def addresses(choice):
    return [sensor.address for sensor in choice.sensors]


def no_question(sensors):
    raise AssertionError("nobody is to be asked")


def test_shoes_are_remembered_for_their_owner_only(tmp_path):
    path = tmp_path / "new" / "known-shoes.json"
    known = KnownShoes(path)
    assert known.all() == []
    known.remember([shoe(), shoe(Side.RIGHT, "AA:02", "2026-01-02T10:00:00+00:00")])
    known.remember([shoe(battery_pct=55, last_seen="2026-01-03T10:00:00+00:00")])
    again = KnownShoes(path).all()
    assert [(s.address, s.battery_pct) for s in again] == [("AA:01", 55), ("AA:02", 80)]
    assert again[0].info == sensor(Side.LEFT)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"{}", b'{"version": 1, "shoes": [{"name": 3}]}', b"[1, 2"]
)
def test_a_broken_file_is_moved_aside_and_said(tmp_path, content):
    path = tmp_path / "known-shoes.json"
    path.write_bytes(content)
    known = KnownShoes(path)
    assert known.all() == []
    assert "moved to" in (known.problem or "")
    assert (tmp_path / "known-shoes.broken-1.json").read_bytes() == content
    known.remember([shoe()])
    assert len(KnownShoes(path).all()) == 1
    path.write_bytes(content)
    assert KnownShoes(path).all() == []
    assert (tmp_path / "known-shoes.broken-2.json").exists()


def test_a_newer_file_is_left_alone(tmp_path):
    path = tmp_path / "known-shoes.json"
    path.write_bytes(b'{"version": 2, "feet": []}')
    with pytest.raises(InputError, match="newer shoegait"):
        KnownShoes(path).remember([shoe()])
    assert path.read_bytes() == b'{"version": 2, "feet": []}'


def test_forgetting_by_name_or_address(tmp_path):
    known = KnownShoes(tmp_path / "k.json")
    known.remember([shoe(), shoe(address="AA:03"), shoe(Side.RIGHT, "AA:02")])
    with pytest.raises(UsageError, match="by address"):
        known.forget("shoegait l 0042")
    assert known.forget("aa:03").address == "AA:03"
    assert known.forget("SHOEGAIT R 0042").address == "AA:02"
    with pytest.raises(UsageError, match="known are: shoegait L 0042"):
        known.forget("nothing")


def test_a_stranger_with_the_same_name_is_not_known():
    assert known_as("aa:01", "shoegait", [shoe()]) is not None
    assert known_as("AA:09", "shoegait", [shoe()]) is None
    assert known_as("AA:01", "another kind", [shoe()]) is None
    choice = choose([near(address="AA:09", rssi=-30), near()], [shoe()], no_question)
    assert addresses(choice) == ["AA:01"]
    with pytest.raises(GaitError, match=r"are not near.*Near are shoegait L 0042"):
        choose([near(address="AA:09")], [shoe()], None)


def test_of_several_known_pairs_the_one_used_last_is_taken():
    shoes = [
        shoe(address="AA:03", last_seen="2026-02-01T10:00:00+00:00"),
        shoe(address="AA:01"),
        shoe(Side.RIGHT, "AA:02"),
    ]
    choice = choose([near(rssi=-30), near(address="AA:03", rssi=-80)], shoes, no_question)
    assert addresses(choice) == ["AA:03"]
    assert any("not used: shoegait L 0042" in said for said in choice.remarks)
    assert any("right shoe" in said and "not near" in said for said in choice.remarks)


def test_who_is_pointed_out_is_taken_whoever_is_known():
    named = {Side.LEFT: "AA:09"}
    both = [near(), near(address="AA:09", worn=Side.LEFT)]
    assert addresses(choose(both, [shoe()], no_question, named)) == ["AA:09"]
    with pytest.raises(GaitError, match=r"AA:09 of the left shoe is not near \(near: shoegait L"):
        choose([near()], [shoe()], no_question, named)


def test_without_known_shoes_the_runner_is_asked_or_it_must_be_clear():
    three = [near(), near(address="AA:04"), near(Side.RIGHT, "AA:02")]
    assert addresses(choose(three, [], lambda sensors: sensors[:1])) == ["AA:01"]
    assert addresses(choose(three[1:], [], None)) == ["AA:04", "AA:02"]
    with pytest.raises(GaitError, match="More than two sensors"):
        choose(three, [], None)
    with pytest.raises(GaitError, match="No sensor was found"):
        choose([], [], None)
    with pytest.raises(GaitError, match="Your shoes"):
        choose([], [shoe()], None)


def test_answers_are_numbers_of_the_list():
    three = [near(), near(address="AA:04"), near(Side.RIGHT, "AA:02")]
    assert [s.address for s in _numbers("3, 1", three)] == ["AA:02", "AA:01"]
    for wrong in ("", "0", "4", "1 2 3", "x", "1 y"):
        assert _numbers(wrong, three) == []


async def test_recording_remembers_and_then_picks_up_only_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr("gait.cli.sensor_selection.SCAN_S", 0.5)
    known = KnownShoes(tmp_path / "k.json")
    async with (
        VirtualAir() as air,
        VirtualShoe(air, sensor(), noise(4000), battery_pct=61) as mine,
    ):
        source = Source(air.radio, air.clock)
        await record_from(source, RecordOptions(tmp_path / "1.gait", 0.3), known=known)
        (remembered,) = known.all()
        assert (remembered.address, remembered.battery_pct) == (mine.address, 61)
        assert remembered.info.serial == mine.info.serial
        async with VirtualShoe(air, sensor(), noise(4000)) as stranger:
            assert stranger.name == mine.name
            await record_from(source, RecordOptions(tmp_path / "2.gait", 0.3), known=known)
        (taken,) = open_session(tmp_path / "2.gait").sensors
        assert taken.address == mine.address
    assert len(known.all()) == 1


async def test_a_pairing_is_remembered_and_an_old_firmware_is_told_of_once(tmp_path, capsys):
    known = KnownShoes(tmp_path / "k.json")
    told = "shoegait L 0042: Its firmware 1.2.3 does not send again what was lost on the way"
    async with (
        VirtualAir() as air,
        VirtualShoe(air, sensor(), noise(8000), bonds=Bonds(), flash=Flash()),
    ):
        for times in (1, 0):
            options = RecordOptions(tmp_path / "1.gait", 0.2, overwrite=True)
            await record_from(Source(air.radio, air.clock), options, known=known)
            assert capsys.readouterr().err.count(told) == times
            assert known.all()[0].paired


async def test_a_shoe_is_named_on_the_command_line(tmp_path):
    worn = {Side.LEFT: "shoegait l 0042"}
    path = tmp_path / "1.gait"
    async with (
        VirtualAir() as air,
        VirtualShoe(air, sensor(Side.LEFT), noise(4000)),
        VirtualShoe(air, sensor(Side.RIGHT), noise(4000)),
    ):
        options = RecordOptions(path, 0.2, worn=worn)
        await record_from(Source(air.radio, air.clock), options)
    assert [info.side for info in open_session(path).sensors] == [Side.LEFT]


async def test_nothing_is_remembered_of_virtual_shoes_unless_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("gait.cli.sensor_selection.SCAN_S", 0.5)
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(4000)):
        await record_from(Source(air.radio, air.clock), RecordOptions(tmp_path / "1.gait", 0.2))
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="XDG_DATA_HOME is Linux's")
def test_the_command_lists_and_forgets(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    def gait(*arguments):
        monkeypatch.setattr(sys, "argv", ["gait", *arguments])
        with pytest.raises(SystemExit) as end:
            main.run()
        said = capsys.readouterr()
        return int(end.value.code or 0), said.out, said.err

    assert "No shoe is known yet" in gait("shoes")[2]
    evil = msgspec.structs.replace(shoe(Side.RIGHT, "AA:02"), name="[red]\x1b[2Jshoe")
    KnownShoes(known_shoes_path()).remember([shoe(), evil])
    code, out, _ = gait("shoes")
    assert code == 0
    assert "shoegait L 0042  left" in out
    assert "400 Hz, ±16 g, ±2000 °/s" in out
    assert "80 %" in out
    assert "[red]" in out
    assert "\x1b" not in out
    assert gait("shoes", "forget", "AA:01")[0] == 0
    assert gait("shoes", "forget", "AA:01")[0] == 2
    assert "stays paired" not in gait("shoes", "forget", "AA:02")[2]
    KnownShoes(known_shoes_path()).remember([msgspec.structs.replace(evil, paired=True)])
    said = gait("shoes", "forget", "AA:02")[2]
    assert "Forgotten: [red]" in said
    assert "\x1b" not in said
    assert "stays paired with this machine; to end that, too, " in said
    assert "bluetoothctl remove AA:02" in said
    assert "shoegait L 0042" not in gait("shoes")[1]


def test_the_question_at_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert ask_at_terminal() is None  # no terminal: nobody to ask

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    three = [near(), near(address="AA:04"), near(Side.RIGHT, "AA:02")]

    def answered(text):
        monkeypatch.setattr("sys.stdin", Terminal(text))
        ask = ask_at_terminal()
        assert ask
        return [sensor.address for sensor in ask(three)]

    assert answered("\n") == ["AA:01", "AA:02"]  # the nearest of each foot
    assert answered("x\n2\n") == ["AA:04"]
    assert "Write one or two numbers from 1 to 3, such as 1 3." in capsys.readouterr().err
    with pytest.raises(UsageError, match="No sensor was chosen"):
        answered("4\n5\n6\n")
    with pytest.raises(UsageError, match="No sensor was chosen"):
        answered("")  # Ctrl-D
