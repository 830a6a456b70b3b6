"""Two sensors of one name are told apart by their addresses, in every list and every sentence."""

import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from rich.console import Console

from gait.ble.listening import Heard
from gait.cli.console import sensor_table, shoe_table
from gait.cli.known_sensors import KnownShoe, KnownShoes, labels
from gait.cli.sensor_selection import choose
from gait.model import GaitError, SensorInfo, Side, UsageError
from gait.text import told_apart

ONE, OTHER = "C0:00:00:00:00:01", "C0:00:00:00:00:02"


def heard(*names: str, worn=None) -> Heard:
    found = Heard(worn or {})
    for number, name in enumerate(names, 1):
        address = f"C0:00:00:00:00:{number:02X}"
        said = AdvertisementData(
            local_name=name,
            manufacturer_data={},
            service_data={},
            service_uuids=[],
            tx_power=None,
            rssi=-40 - number,
            platform_data=(),
        )
        found.on_seen(BLEDevice(address, name, {}), said)
    return found


def shown(table) -> str:
    console = Console(width=200)
    with console.capture() as held:
        console.print(table)
    return held.get()


def test_names_that_are_not_alike_stay_names():
    assert told_apart([("a", ONE), ("b", OTHER), ("", ONE)]) == ["a", "b", ONE]
    assert told_apart([("Pod", ONE), ("pod", OTHER)]) == [f"Pod ({ONE})", f"pod ({OTHER})"]
    assert told_apart([("Pod", ""), ("Pod", OTHER)]) == ["Pod", f"Pod ({OTHER})"]


def test_what_is_near_is_told_apart():
    near = heard("Movesense 1", "Movesense 1", "Movesense 2").nearest_first
    assert [sensor.label for sensor in near] == [
        f"Movesense 1 ({ONE})",
        f"Movesense 1 ({OTHER})",
        "Movesense 2",
    ]
    table = shown(sensor_table(near, (), wide=False))
    assert ONE in table
    assert OTHER in table
    with pytest.raises(GaitError) as caught:
        choose(near, (), None)
    assert ONE in str(caught.value)
    assert OTHER in str(caught.value)


def test_a_name_that_two_have_does_not_say_which():
    worn = {Side.LEFT: "Movesense 1"}
    near = heard("Movesense 1", "Movesense 1", worn=worn).nearest_first
    with pytest.raises(GaitError, match=f"2 sensors .* are called Movesense 1; .*{ONE}, {OTHER}"):
        choose(near, (), None, worn)
    by_address = {Side.LEFT: OTHER}
    near = heard("Movesense 1", "Movesense 1", worn=by_address).nearest_first
    (sensor,) = choose(near, (), None, by_address).sensors
    assert sensor.address == OTHER


def test_known_shoes_are_told_apart(tmp_path):
    shoes = KnownShoes(tmp_path / "shoes.json")
    info = SensorInfo(side=Side.LEFT, rate_hz=100.0, profile="movesense")
    shoes.remember(
        [
            KnownShoe(address=address, name="Pod", last_seen="2026-05-17T10:00:00Z", info=info)
            for address in (ONE, OTHER)
        ]
    )
    assert sorted(labels(shoes.all())) == [f"Pod ({ONE})", f"Pod ({OTHER})"]
    table = shown(shoe_table(shoes.all()))
    assert f"Pod ({ONE})" in table
    with pytest.raises(UsageError, match="say which by address"):
        shoes.forget("pod")
    assert shoes.forget(f"Pod ({ONE})").address == ONE
    assert labels(shoes.all()) == ["Pod"]
