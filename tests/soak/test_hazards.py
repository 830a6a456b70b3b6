"""Recording through each hazard of a real run, one at a time.

Times are seconds of the run, which stands for 3 s, runs, and walks from 23 s on.
"""

import random
import time

import numpy as np
import pytest
from checks import TOLERANCE, UNDER_WAY, check_strides, check_whole, compare_strides, events
from hazards import Hazards, spans
from soaking import FAST, runners_feet, soak

from gait.model import BatteryReading, Connection, Side
from gait.recording import SessionWriter
from gait.sensors.shoegait_control import Opcode, encode_answer
from gait.virtual import VirtualAir
from gait.virtual.air import LATE_S
from gait.virtual.shoe import FIFO_S

LEFT, RIGHT = Side.LEFT, Side.RIGHT
SECONDS = 20.0
SENT_S = SECONDS - LATE_S * FAST  # on a slow machine the shoes are behind the run by so much
LASTS_S = 60.0  # as the last shoe may take its time to come back
SLOWER = 6.0  # where the client's own waiting matters, which is in real time
CONNECTED, LOST, CLOSED = Connection.CONNECTED, Connection.LOST, Connection.CLOSED


@pytest.fixture
def feet():
    return runners_feet(LASTS_S)


def nothing_missing(soaked, *sides: Side) -> None:
    """All of these shoes is in the file, but for what was on its way as they were stopped."""
    for side in sides or (LEFT, RIGHT):
        found = soaked.accounts[side]
        assert all(found.missing >= len(found.first) - UNDER_WAY), side


async def test_a_calm_run_is_in_the_file_packet_by_packet(tmp_path, feet):
    soaked = await soak(tmp_path, feet, {}, SECONDS)
    check_whole(soaked)
    nothing_missing(soaked)
    for side, against in check_strides(soaked).items():
        assert against.outside > 15
        assert max(against.largest.values()) < 1e-9
        assert soaked.note(side).notes == []


async def test_links_that_break_and_come_back(tmp_path, feet):
    hazards = {
        LEFT: Hazards(away=((11.0, 14.0), (18.0, 19.0))),
        RIGHT: Hazards(away=((11.5, 13.0), (17.0, 17.3))),
    }
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    nothing_missing(soaked)  # a shoe without memory makes no packets for nobody
    check_strides(soaked)
    for side, found in soaked.accounts.items():
        assert events(soaked, side) == [CONNECTED, LOST, CONNECTED, LOST, CONNECTED, CLOSED]
        # what still waits in the sensor comes after all, where it is found again so soon
        surely = sum(until_s - from_s > FIFO_S * FAST for from_s, until_s in hazards[side].away)
        assert 1 <= surely <= len(found.holes) <= 2
        lost_s = np.diff(found.holes, axis=1).sum() / feet[side].info.rate_hz
        assert soaked.note(side).lost_s == pytest.approx(lost_s, abs=0.005)
        assert "the connection was lost 2 times" in soaked.note(side).notes


async def test_what_a_shoe_with_memory_made_while_it_was_away_is_had_again(tmp_path, feet):
    hazards = {
        LEFT: Hazards(away=((12.0, 16.0),), ring_s=60.0, first_seq=65400),
        RIGHT: Hazards(away=((12.0, 15.0), (18.0, 19.0)), drop=((16.8, 17.2),), ring_s=60.0),
    }
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    nothing_missing(soaked)
    check_strides(soaked)
    for side, found in soaked.accounts.items():
        assert len(found.holes) == 0
        assert (np.diff(found.came) < 0).any()
        (again,) = [note for note in soaked.note(side).notes if "had again" in note]
        assert int(again.split()[0]) > 60


async def test_what_left_the_memory_of_a_shoe_is_said_to_be_missing(tmp_path, feet):
    hazards = {LEFT: Hazards(away=((11.0, 18.0),), ring_s=3.0)}
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    check_strides(soaked)
    lost = soaked.accounts[LEFT].between
    assert lost > 50
    assert f"{lost} packets could not be had again and are missing" in soaked.note(LEFT).notes


async def test_bursts(tmp_path, feet):
    hazards = {
        LEFT: Hazards(bursts=((10.0, 12.0), (13.0, 15.0), (16.0, 17.5))),
        RIGHT: Hazards(bursts=((11.0, 13.0),)),
    }
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    nothing_missing(soaked)
    check_strides(soaked)


async def test_what_comes_twice_and_out_of_order(tmp_path, feet):
    hazards = {
        LEFT: Hazards(duplicate=0.1, reorder=0.1, seed=1),
        RIGHT: Hazards(duplicate=0.02, reorder=0.2, first_seq=65500, seed=2),
    }
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    check_strides(soaked)
    nothing_missing(soaked)
    for side, found in soaked.accounts.items():
        assert found.repeated > 5
        assert (np.diff(found.came) < 0).sum() > 20
        (note,) = soaked.note(side).notes
        assert "packets came twice" in note


async def test_notifications_that_get_lost(tmp_path, feet):
    draw = random.Random(3)
    drops = [tuple(spans(draw, SECONDS, 0.3, (0.5, 2.0), first_s=11.0)) for _ in range(2)]
    hazards = {LEFT: Hazards(drop=drops[0]), RIGHT: Hazards(drop=drops[1], first_seq=65200)}
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    check_strides(soaked)
    for side, found in soaked.accounts.items():
        # where packets begin is not said, so a drop that is shorter than one may hit none
        packet_s = found.count.max() / feet[side].info.rate_hz
        dropped_s = [until_s - from_s for from_s, until_s in hazards[side].drop if until_s < SENT_S]
        surely = [int(length_s / packet_s) for length_s in dropped_s if length_s > packet_s]
        assert 4 <= len(surely) <= len(found.holes) <= len(hazards[side].drop)
        assert found.between >= sum(surely) > 10


async def test_notifications_that_get_lost_from_the_beginning_on(tmp_path, feet):
    """How the sensor sits is found from fewer samples then, so angles differ a little."""
    hazards = {LEFT: Hazards(lose=0.02, seed=3), RIGHT: Hazards(lose=0.03, seed=4)}
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    for side, against in compare_strides(soaked).items():
        assert soaked.accounts[side].between >= 4  # of those made until `SENT_S`
        for name in ("ic_s", "tc_s", "contact_ms", "stride_s", "stride_length_m"):
            assert against.largest[name] < TOLERANCE
        for name in ("strike_angle_deg", "pronation_excursion_deg"):
            assert against.largest[name] < 0.05


@pytest.mark.parametrize(("left", "right"), [(23, 65), (158, 185)])
async def test_any_mtu(tmp_path, left, right):
    feet = runners_feet(LASTS_S, 104.0)
    hazards = {
        LEFT: Hazards(mtu=left, away=((12.0, 13.0),)),
        RIGHT: Hazards(mtu=right, bursts=((14.0, 15.0),)),
    }
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    nothing_missing(soaked)
    check_strides(soaked)
    for side, mtu in ((LEFT, left), (RIGHT, right)):
        assert np.median(soaked.accounts[side].count) == (mtu - 11) // 12


class Narrowing(VirtualAir):
    """After the first connection of each shoe, a host that takes only small packets."""

    connections = 0

    @property
    def mtu(self) -> int:
        self.connections += 1
        return 247 if self.connections <= 2 else 65

    @mtu.setter
    def mtu(self, _: int) -> None: ...


async def test_a_link_that_comes_back_with_a_smaller_mtu(tmp_path, feet, monkeypatch):
    """What was packed for the larger one cannot be had again; it is said to be missing."""
    monkeypatch.setattr("soaking.VirtualAir", Narrowing)
    hazards = {LEFT: Hazards(away=((12.0, 15.0),), ring_s=60.0)}
    soaked = await soak(tmp_path, feet, hazards, SECONDS, speed=SLOWER)
    check_whole(soaked)
    check_strides(soaked)
    found = soaked.accounts[LEFT]
    assert set(np.unique(found.count)) >= {4, 19}
    lost = found.between
    assert lost > 40
    assert f"{lost} packets could not be had again and are missing" in soaked.note(LEFT).notes


async def test_a_reboot_begins_sequence_and_clock_anew(tmp_path, feet):
    hazards = {LEFT: Hazards(reboot_at=(18.0,), first_seq=900)}
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    check_strides(soaked)
    assert soaked.accounts[LEFT].restarts == 1
    assert "the sensor's clock began anew 1 times" in soaked.note(LEFT).notes


async def test_a_reboot_soon_after_the_start(tmp_path, feet):
    hazards = {LEFT: Hazards(reboot_at=(6.0,)), RIGHT: Hazards(reboot_at=(8.5,))}
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    compare_strides(soaked)
    assert [soaked.accounts[side].restarts for side in (LEFT, RIGHT)] == [1, 1]


async def test_one_shoe_gone_for_good(tmp_path, feet):
    hazards = {RIGHT: Hazards(gone_at=14.0)}
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    check_strides(soaked)
    assert events(soaked, RIGHT) == [CONNECTED, LOST, CLOSED]
    assert events(soaked, LEFT) == [CONNECTED, CLOSED]
    nothing_missing(soaked, LEFT)
    assert soaked.accounts[LEFT].first[-1] > (SECONDS - 3.0) * feet[LEFT].info.rate_hz


async def test_a_shoe_gone_for_good_does_not_keep_the_other_from_coming_back(tmp_path, feet):
    hazards = {LEFT: Hazards(away=((15.0, 17.0),)), RIGHT: Hazards(gone_at=12.0)}
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    check_strides(soaked)
    assert events(soaked, LEFT) == [CONNECTED, LOST, CONNECTED, CLOSED]


async def test_a_battery_that_dies(tmp_path, feet):
    hazards = {LEFT: Hazards(battery_pct=4, battery_s_per_pct=4.0, gone_at=16.0)}
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    check_strides(soaked)
    levels = [i.percent for i in soaked.items() if isinstance(i, BatteryReading) and not i.device]
    assert levels == [4, 3, 2, 1]
    assert soaked.note(LEFT).battery_pct == 1
    assert events(soaked, LEFT) == [CONNECTED, LOST, CLOSED]


async def test_a_stranger_of_the_same_name_is_not_taken(tmp_path, feet):
    hazards = {LEFT: Hazards(away=((12.0, 14.0),)), RIGHT: Hazards(gone_at=18.0)}
    soaked = await soak(tmp_path, feet, hazards, SECONDS, strangers=(LEFT, RIGHT))
    check_whole(soaked)
    check_strides(soaked)
    assert events(soaked, LEFT) == [CONNECTED, LOST, CONNECTED, CLOSED]
    assert events(soaked, RIGHT) == [CONNECTED, LOST, CLOSED]


async def test_rubbish_among_packets(tmp_path, feet):
    soaked = await soak(tmp_path, feet, {LEFT: Hazards(rubbish=0.2, seed=5)}, SECONDS)
    check_whole(soaked)
    nothing_missing(soaked)
    check_strides(soaked)
    assert len(soaked.accounts[LEFT].foreign) > 70


async def test_a_shoe_that_sends_nothing_but_rubbish(tmp_path, feet):
    soaked = await soak(tmp_path, feet, {RIGHT: Hazards(lose=1.0, rubbish=1.0)}, SECONDS)
    assert soaked.note(RIGHT).packets_bad == len(soaked.accounts[RIGHT].foreign) > 350
    assert soaked.note(RIGHT).samples == 0
    assert len(soaked.recorded.result.strides) > 15
    assert set(soaked.recorded.result.strides["side"]) == {0}
    nothing_missing(soaked, LEFT)


async def test_a_shoe_that_answers_rubbish_when_it_comes_back(tmp_path, feet, monkeypatch):
    started = 0

    def answered(answer) -> bytes:
        nonlocal started
        started += answer.opcode is Opcode.START
        confused = answer.opcode is Opcode.START and 2 < started <= 5
        return b"\xfe\x07rubbish" if confused else encode_answer(answer)

    monkeypatch.setattr("gait.virtual.shoe.encode_answer", answered)
    hazards = {RIGHT: Hazards(away=((14.0, 15.0),))}
    soaked = await soak(tmp_path, feet, hazards, SECONDS, speed=SLOWER)
    check_whole(soaked)
    check_strides(soaked)
    assert started > 5
    assert events(soaked, RIGHT)[-2:] == [CONNECTED, CLOSED]
    assert events(soaked, LEFT) == [CONNECTED, CLOSED]


class SlowDisk(SessionWriter):
    """Takes a second of the run for each commit."""

    def commit(self) -> None:
        time.sleep(0.1)
        super().commit()


async def test_a_slow_disk(tmp_path, feet, monkeypatch):
    monkeypatch.setattr("gait.cli.record.SessionWriter", SlowDisk)
    hazards = {LEFT: Hazards(away=((12.0, 14.0),)), RIGHT: Hazards(bursts=((14.0, 16.0),))}
    soaked = await soak(tmp_path, feet, hazards, SECONDS)
    check_whole(soaked)
    nothing_missing(soaked)
    check_strides(soaked)
