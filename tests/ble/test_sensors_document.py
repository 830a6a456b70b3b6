"""docs/sensors.md: its example is a module that works, and its table says what the code does."""

import re
import struct
import types
from pathlib import Path

import numpy as np
import pytest
from bumble.core import UUID
from bumble.gatt import Service
from dialogues import converse
from peripherals import Peripheral, record_from, simulated, true_cadence
from peripherals.base import notified, readable, written

from gait.ble.platforms import MOST_PACKETS_PER_S
from gait.model import SensorInfo, Side
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.pipeline import analyze_items, summarise
from gait.sensors import PROFILES, movella_dot, movesense, polar, running_pod, witmotion
from gait.sensors.profile import Wanted
from gait.virtual import VirtualAir

TEXT = (Path(__file__).parents[2] / "docs" / "sensors.md").read_text()
MODULE, DIALOGUE = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
TOGETHER = 15


@pytest.fixture
def acme(monkeypatch) -> types.ModuleType:
    """The page's module, registered as it says."""
    module = types.ModuleType("acme")
    exec(compile(MODULE, "docs/sensors.md", "exec"), module.__dict__)
    monkeypatch.setitem(PROFILES, module.PROFILE.name, module.PROFILE)
    return module


class Acme(Peripheral):
    name = "Shoe Tag 2"

    def __init__(self, air: VirtualAir, acme: types.ModuleType) -> None:
        super().__init__(air)
        self.acme = acme
        self.advertised = (acme.SERVICE_UUID,)
        self.samples = simulated(416.0)
        self.motion = notified(acme.MOTION_UUID)

    def services(self) -> list[Service]:
        async def switch(connection, data: bytes) -> None:
            if data == b"\1":
                self.begin(connection)
            else:
                self.end()

        about = readable(self.acme.ABOUT_UUID, struct.pack("<HBH", 416, 16, 2000))
        switched = written(self.acme.SWITCH_UUID, switch)
        return [Service(UUID(self.acme.SERVICE_UUID), [about, self.motion, switched])]

    def packets(self):
        for first in range(0, len(self.samples), TOGETHER):
            part = self.samples[first : first + TOGETHER]
            acc = part.acc / STANDARD_GRAVITY_M_S2 / 16
            gyr = np.clip(part.gyr * DEG_PER_RAD / 2000, -0.9999, 0.9999)
            raw = np.rint(np.hstack((acc, gyr)) * 32768).astype("<i2")
            stamp = struct.pack("<I", round(part.time_s[0] * 1e6))
            yield float(part.time_s[-1]), self.motion, stamp + raw.tobytes()


async def test_the_example_works_from_the_air_to_the_summary(acme) -> None:
    async with VirtualAir(speed=None) as air, Acme(air, acme) as sensor:
        info, items = await record_from(sensor)
    summary = summarise(analyze_items([info], items), source="test")
    (note,) = summary.sensors
    assert (note.info.profile, note.samples) == ("acme", len(sensor.samples))
    assert (note.packets_bad, note.packets_lost, note.lost_s) == (0, 0, 0.0)
    assert set(acme.PROFILE.cannot) <= set(note.notes)
    cadence = summary.measures["left"]["cadence_spm"].value
    assert cadence == pytest.approx(true_cadence(), abs=1.0)


def test_the_dialogue_is_as_the_page_shows(acme) -> None:
    wanted = Wanted(name="Shoe Tag 2", address="AA", side=Side.LEFT)
    exec(DIALOGUE, {"acme": acme, "converse": converse, "wanted": wanted})


def test_the_table_names_every_kind_and_its_rates() -> None:
    table = TEXT.split("## Which one")[1].split("\n\n")[1]
    rows = {row.split("|")[1].strip(): row for row in table.splitlines()[2:]}
    assert len(rows) == len(PROFILES)
    by_word = {word: next(r for n, r in rows.items() if word in n) for word in ("Movesense", "DOT")}
    assert f"{movesense.RATES_HZ[0]} to {movesense.RATES_HZ[-1]}" in by_word["Movesense"]
    assert f"±{movesense.ACC_RANGE_G:g} g" in by_word["Movesense"]
    assert f"up to {movella_dot.RATES_HZ[-1]}" in by_word["DOT"]
    assert f"{min(witmotion.CODES)} to {max(witmotion.CODES)}" in TEXT


# The rate that each has where nobody asks for another (ours: what a maker should set).
OWN_RATES_HZ = {
    "our own": ("shoegait", 400.0),
    "Movesense": ("movesense", 208.0),
    "Polar": ("polar", float(polar.USUAL_RATE_HZ)),
    "WitMotion": ("witmotion", float(witmotion.USUAL_HZ)),
    "DOT": ("movella_dot", float(movella_dot.RATES_HZ[-1])),
    "pod": ("running_pod", running_pod.READINGS_HZ),
}


@pytest.mark.parametrize("word", OWN_RATES_HZ)
def test_what_each_sends_by_itself_is_as_the_page_says_and_what_a_link_carries(word: str) -> None:
    name, rate_hz = OWN_RATES_HZ[word]
    packets_per_s = PROFILES[name].packets_per_s
    assert packets_per_s is not None
    per_s = packets_per_s(SensorInfo(side=Side.LEFT, rate_hz=rate_hz, profile=name), 247)
    assert per_s < MOST_PACKETS_PER_S
    header, _, *rows = TEXT.split("## Which one")[1].split("\n\n")[1].splitlines()
    column = header.split("|").index(" packets a second ")
    (row,) = [row for row in rows if word in row.split("|")[1]]
    assert row.split("|")[column].strip() == f"{per_s:.0f}"
    assert f"no more than {MOST_PACKETS_PER_S:.0f} a second" in TEXT


@pytest.mark.parametrize("name", ["movesense", "polar", "shoegait"])
def test_a_small_mtu_means_many_packets(name: str) -> None:
    packets_per_s = PROFILES[name].packets_per_s
    assert packets_per_s is not None
    info = SensorInfo(side=Side.LEFT, rate_hz=208.0, profile=name)
    assert packets_per_s(info, 23) > MOST_PACKETS_PER_S > packets_per_s(info, 65)
