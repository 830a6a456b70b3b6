"""Pairing with shoes that offer it, over the whole stack: LE Secure Connections, just works."""

import pytest
from bumble.keys import MemoryKeyStore
from shoes_on_air import noise, payloads, record_all, sensor

from gait.ble import ShoeStream, scan
from gait.ble.problems import BONDED_ELSEWHERE
from gait.cli.known_sensors import KnownShoe, KnownShoes, now
from gait.cli.sensor_selection import find_shoes
from gait.cli.source import Source
from gait.model import BatteryReading, Connection, ConnectionEvent, GaitError, Mark, Side
from gait.virtual import Bonds, VirtualAir, VirtualShoe
from gait.virtual.bonds import WINDOW_S, pair_with


class Pairings:
    """Those that one shoe took part in: whether they were secure, and the links encrypted."""

    def __init__(self, shoe: VirtualShoe) -> None:
        self.secure: list[bool] = []
        self.encrypted = 0
        shoe.presence.host.on("connection", self._watch)

    def _watch(self, link) -> None:
        link.on("pairing", lambda _: self.secure.append(link.sc))
        link.on("connection_encryption_change", self._count)

    def _count(self) -> None:
        self.encrypted += 1


async def pair_elsewhere(air: VirtualAir, shoe: VirtualShoe) -> None:
    """Another host pairs with the shoe."""
    phone = await air.add_host("phone")
    phone.keystore = MemoryKeyStore()
    pair_with(phone, lambda: False)
    link = await phone.connect(shoe.presence.advertised_address)
    await link.pair()
    await air.remove_host(phone)


async def refusal(air: VirtualAir) -> str:
    """What the client says of a shoe that it cannot use."""
    found = await scan(5, air.radio, enough=1)
    with pytest.raises(GaitError) as caught:
        async with ShoeStream(found, radio=air.radio):
            pass
    return str(caught.value)


async def test_a_shoe_that_bonds_is_paired_and_streams_encrypted():
    bonds = Bonds()
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(400), bonds=bonds) as shoe,
    ):
        pairings = Pairings(shoe)
        _, items = await record_all(air, [shoe])
        host = str(air.central.random_address)
        theirs, ours = await bonds.get(host), await air.keys.get(shoe.address)
    assert (pairings.secure, pairings.encrypted) == ([True], 1)
    assert bonds.hosts == [host]
    assert theirs is not None
    assert ours is not None
    assert theirs.ltk == ours.ltk
    assert len(payloads(items)) == shoe.packets_made
    assert not [item for item in items if isinstance(item, Mark)]


async def test_a_lost_link_comes_back_encrypted_without_pairing_anew_and_tells_the_battery():
    async with (
        VirtualAir(speed=4) as air,
        VirtualShoe(
            air,
            sensor(),
            noise(2400),
            bonds=Bonds(),
            disconnect_at=[1.0, 3.0],
            battery_pct=50,
            battery_s_per_pct=0.5,
        ) as shoe,
    ):
        pairings = Pairings(shoe)
        _, items = await record_all(air, [shoe])
    assert (pairings.secure, pairings.encrypted) == ([True], 3)
    told: list[list[int]] = []  # since each time it was connected
    for item in items:
        if isinstance(item, ConnectionEvent) and item.event is Connection.CONNECTED:
            told.append([])
        elif isinstance(item, BatteryReading):
            told[-1].append(item.percent)
    assert len(told) == 3
    for levels in told:  # it is read at once, and heard of as it falls
        assert levels[-1] < levels[0]


async def test_the_pairing_lasts_over_programs_and_power():
    keys, bonds = MemoryKeyStore(), Bonds()
    for pairs in (1, 0):
        async with (
            VirtualAir(speed=None, keys=keys) as air,
            VirtualShoe(air, sensor(), noise(40), bonds=bonds) as shoe,
        ):
            pairings = Pairings(shoe)
            await record_all(air, [shoe])
        assert (len(pairings.secure), pairings.encrypted) == (pairs, 1)


async def test_two_shoes_are_paired_each_with_its_own_keys():
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(Side.LEFT), noise(400), bonds=Bonds()) as left,
        VirtualShoe(air, sensor(Side.RIGHT), noise(400), bonds=Bonds()) as right,
    ):
        await record_all(air, [left, right])
        keys = [await air.keys.get(shoe.address) for shoe in (left, right)]
    assert keys[0] is not None
    assert keys[1] is not None
    assert keys[0].ltk != keys[1].ltk


async def test_a_host_that_lost_its_keys_pairs_anew():
    bonds = Bonds()
    for _ in range(2):
        async with (
            VirtualAir(speed=None) as air,
            VirtualShoe(air, sensor(), noise(40), bonds=bonds) as shoe,
        ):
            _, items = await record_all(air, [shoe])
        assert payloads(items)
    assert len(bonds.hosts) == 1


@pytest.mark.parametrize("how", ["reset", "paired elsewhere", "refuses"])
async def test_a_shoe_that_does_not_know_this_machine_any_more_is_said_in_words(how):
    bonds = Bonds(most=1, window_s=0.0 if how == "refuses" else WINDOW_S)
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(40), bonds=bonds) as shoe,
    ):
        if how != "refuses":
            await record_all(air, [shoe])
        if how == "reset":
            bonds.forget()
        elif how == "paired elsewhere":
            await pair_elsewhere(air, shoe)
        said = await refusal(air)
        met = shoe.presence.advertised_address if how == "refuses" else shoe.address
    sentence = BONDED_ELSEWHERE.replace("ADDRESS", met)
    assert said == f"The sensor shoegait L 0042 cannot be read: {sentence}"


async def test_a_shoe_that_does_not_insist_is_recorded_unpaired_and_it_is_said():
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(400), bonds=Bonds(required=False, window_s=0.0)) as shoe,
    ):
        _, items = await record_all(air, [shoe])
    (mark,) = [item for item in items if isinstance(item, Mark)]
    assert mark.text == (
        "left shoe: It did not pair with this machine, so what it sends is not encrypted."
    )
    assert len(payloads(items)) == shoe.packets_made


async def test_a_first_pairing_is_told_before_where_the_system_asks(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("gait.ble.platforms.FIRST_PAIRING", "choose Connect")
    known = KnownShoes(tmp_path / "shoes.json")
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(400), bonds=Bonds()) as shoe:
        worn = {Side.LEFT: shoe.name}
        (found,) = await find_shoes(Source(air.radio), worn, known, None)
        assert "choose Connect" in capsys.readouterr().err
        known.remember(
            [
                KnownShoe(
                    address=found.address,
                    name=found.name,
                    last_seen=now(),
                    info=sensor(),
                    battery_pct=None,
                    paired=True,
                )
            ]
        )
        await find_shoes(Source(air.radio), worn, known, None)
        assert "choose Connect" not in capsys.readouterr().err
