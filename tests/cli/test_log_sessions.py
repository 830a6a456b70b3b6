"""Which stretches of logs become one session, and when a log was made; without a radio."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from shoes_that_logged import RATE_HZ, worn

from gait.logs.fetch import LogOffer, _numbers_from
from gait.logs.times import DOUBT_S, ONE_END, PAUSE_S, WRONG_CLOCK, TimedLog, grouped, timed
from gait.model import SensorInfo, Side
from gait.recording.stored_logs import LogKey, LogsMeta, Run, StoredSession
from gait.sensors.profile import LogState
from gait.sensors.shoegait import encode_packet

LEFT, RIGHT = (worn(side, address=str(side)) for side in Side)
HOST_S = 1_748_757_600.0


def told(info: SensorInfo = LEFT, packets: int = 100, log: int = 1, **changes) -> LogOffer:
    facts = {
        "info": info,
        "log": log,
        "state": LogState.STOPPED,
        "packets": packets,
        "first_us": 0,
        "begun_s": HOST_S,
        "begun_sd_s": 0.015,
        "wait_s": 0.5,
        "asked_s": HOST_S + 0.5 + (packets - 1) * 0.19 + 2.0,
        "asked_sd_s": 0.006,
        "since_s": 2.0,
    }
    return LogOffer(**(facts | changes))


def packets_of(log: LogOffer, first_us: int = 0) -> list[bytes]:
    still = np.zeros((19, 6), np.int16)
    return [encode_packet(still, i, first_us + i * 190_000) for i in range(log.packets)]


def at(info: SensorInfo, first_s: float, last_s: float, log: int = 1, *more: tuple) -> TimedLog:
    """A log of one stretch, or of several."""
    times = [np.linspace(a, b, 50) for a, b in ((first_s, last_s), *more)]
    first = np.concatenate(times)
    about = told(info, len(first), log)
    return TimedLog(about, first, first + 0.19, np.zeros(len(first)), True, ())


def stored(info: SensorInfo, first_s: float, lasts_s: float, log: int = 9) -> StoredSession:
    run = Run(LogKey(info.address, log, 50, 0), 0, 0, 50)
    session = SimpleNamespace(sensors=[info], meta={}, attachments={})
    return StoredSession(cast("object", session), LogsMeta(first_s, lasts_s, [run]))


def sides(groups) -> list[list[Side]]:
    return [sorted({s.log.told.info.side for s in group.stretches}) for group in groups]


def test_logs_that_overlap_or_follow_each_other_at_once_are_one_session():
    groups = grouped(
        [
            at(LEFT, 0, 1800),
            at(RIGHT, 100, 1900),
            at(LEFT, 1810, 2000, 2),
            at(RIGHT, 9000, 9900, 2),
        ],
        [],
    )
    assert sides(groups) == [list(Side), [Side.RIGHT]]
    assert len(groups[0].stretches) == 3


def test_a_pause_makes_another_session_unless_the_other_shoe_went_on():
    two_runs = ((PAUSE_S + 100, PAUSE_S + 300),)
    alone = grouped([at(LEFT, 0, 60, 1, *two_runs)], [])
    assert len(alone) == 2
    together = grouped([at(LEFT, 0, 60, 1, *two_runs), at(RIGHT, 0, PAUSE_S + 300)], [])
    assert len(together) == 1
    assert len(together[0].stretches) == 3


def test_short_stretches_go_with_the_nearest_of_their_log():
    log = at(LEFT, 0, 60, 1, (3600, 3602), (7200, 7201), (9000, 9060))
    first, second = grouped([log], [])
    assert [s.first_s for s in first.short] == [3600]
    assert [s.first_s for s in second.short] == [7200]
    (only,) = grouped([at(LEFT, 0, 3, 1)], [])  # the longest is never short
    assert len(only.stretches) == 1
    assert only.short == []


def test_two_sensors_of_one_foot_are_never_in_one_session_nor_one_on_two_feet():
    another_left = worn(Side.LEFT, address="another")
    moved = worn(Side.RIGHT, address=LEFT.address)
    assert len(grouped([at(LEFT, 0, 600), at(another_left, 10, 500)], [])) == 2
    assert len(grouped([at(LEFT, 0, 600), at(moved, 700, 900, 2)], [])) == 2
    assert len(grouped([at(LEFT, 0, 600), at(LEFT, 100, 500, 2)], [])) == 2  # at two times at once
    assert len(grouped([at(LEFT, 0, 600), at(LEFT, 600 - DOUBT_S / 2, 700, 2)], [])) == 1


def test_sessions_made_before_are_joined_and_others_left_alone():
    near, far = stored(RIGHT, 0.0, 600.0), stored(RIGHT, 5000.0, 600.0, 10)
    (group,) = grouped([at(LEFT, 50, 500)], [far, near])
    assert group.stored == [near]
    another = stored(LEFT, 0.0, 600.0, log=5)  # at two times at once: one clock was wrong
    log = at(LEFT, 0, 600)
    same = stored(LEFT, 0.0, 600.0)
    same.logs.runs[0] = Run(log.told.key, 0, 0, 50)
    assert grouped([log], [same])[0].stored == [same]  # fetched once more, as it was damaged
    assert grouped([log], [another])[0].stored == []


def test_undated_logs_are_by_themselves():
    log = at(LEFT, 0, 600)
    undated = TimedLog(told(RIGHT, 50), log.first_s, log.last_s, log.sd_s, False, ())
    assert len(grouped([log, undated], [stored(RIGHT, 0.0, 100.0)])) == 2


# --- when it was ------------------------------------------------------------------------------


def test_a_log_is_timed_by_both_of_its_ends():
    about = told()
    log = timed(about, packets_of(about, first_us=2**32 - 1_000_000))
    np.testing.assert_allclose(log.first_s - HOST_S, 0.5 + 0.19 * np.arange(100), atol=2e-3)
    np.testing.assert_allclose(log.last_s - log.first_s, 18 / RATE_HZ, rtol=1e-3)
    assert log.dated
    assert log.remarks == ()
    assert 0.003 < log.sd_s.max() < 0.015


@pytest.mark.parametrize(
    ("changes", "remarks", "begins_s"),
    [
        ({"begun_s": None}, (ONE_END,), 0.5),
        ({"asked_s": None}, (ONE_END,), 0.5),
        ({"begun_s": 1e9}, (WRONG_CLOCK, ONE_END), 0.5),
        ({"asked_s": HOST_S - 86400.0}, (WRONG_CLOCK, ONE_END), -86400.0 - 99 * 0.19 - 2),
    ],
)
def test_what_is_not_known_of_its_time_is_said(changes, remarks, begins_s):
    about = told(**changes)
    log = timed(about, packets_of(about))
    assert log.remarks == remarks
    assert log.first_s[0] - HOST_S == pytest.approx(begins_s, abs=0.01)


def test_packets_that_cannot_be_read_take_the_time_of_the_one_before():
    about = told(packets=6)
    packets = packets_of(about)
    packets[0] = packets[3] = b"rubbish"
    log = timed(about, packets)
    steps = np.diff(log.first_s)
    assert steps == pytest.approx([0, 0.19, 0, 0.38, 0.19], abs=1e-3)
    assert not np.isnan(timed(about, [b""] * 6).first_s).any()


def test_numbers_of_logs_go_round():
    numbers = _numbers_from(65534)
    assert [next(numbers) for _ in range(4)] == [65534, 65535, 1, 2]
