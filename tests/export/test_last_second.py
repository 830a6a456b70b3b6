"""The last second of a run, which is hardly ever a whole one, is in a FIT file as any other."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from fit_reading import read

from gait.export.fit import fit_activity
from gait.export.per_second import by_second, told_as_strides
from gait.measures.table import empty_strides
from gait.model import Activity, Mark, Side
from gait.model.packets import MARKED
from gait.model.samples import Reading

STARTED = datetime(2026, 5, 17, 6, 30, tzinfo=UTC)
SPEED_M_S = 3.0
STRIDE_S = 0.7
LENGTHS_S = [0.4, 12.0, 12.01, 12.3, 12.5, 12.75, 13.0, 61.2]


def run_of(length_s: float) -> np.ndarray:
    """Strides of both feet without a hole, from 0 to the end; the last is as long as there is room.

    Contact takes 250 ms on the left and 230 on the right, and in the last stride 300 and 280.
    """
    feet = []
    for side, contact_ms in ((Side.LEFT, 250.0), (Side.RIGHT, 230.0)):
        begins = np.arange(math.ceil(length_s / STRIDE_S - 1e-9)) * STRIDE_S
        foot = np.concatenate([empty_strides(), np.zeros(len(begins), empty_strides().dtype)])
        foot["side"], foot["valid"], foot["activity"] = side is Side.RIGHT, True, Activity.RUN
        foot["ic_s"] = begins
        foot["stride_s"] = np.minimum(STRIDE_S, length_s - begins)
        foot["speed_m_s"], foot["cadence_spm"], foot["contact_ms"] = SPEED_M_S, 171.0, contact_ms
        foot["contact_ms"][-1] += 50.0
        foot["step_length_m"], foot["impact_g"] = 1.05, 9.0
        feet.append(foot)
    return np.concatenate(feet)


def seconds_begun(length_s: float) -> int:
    return sum(1 for second in range(1000) if second < length_s)


def messages(data: bytes) -> list[tuple[str, dict]]:
    """With the fields that are set alone."""
    return [(name, {k: v for k, v in of.items() if v is not None}) for name, of in read(data)]


@pytest.mark.parametrize("length_s", LENGTHS_S)
def test_every_second_that_was_begun_is_there_with_its_values(length_s: float) -> None:
    seconds = by_second(run_of(length_s), length_s)
    assert len(seconds) == seconds_begun(length_s)
    for values in (seconds.speed_m_s, seconds.cadence_spm, seconds.mean_contact_ms):
        assert np.isfinite(values).all()
    assert seconds.running.all()
    assert seconds.distance_m[-1] == pytest.approx(SPEED_M_S * length_s)
    assert seconds.speed_m_s[-1] == pytest.approx(SPEED_M_S)


@pytest.mark.parametrize("length_s", [12.3, 12.5, 12.75])
def test_the_last_second_is_of_what_holds_in_it(length_s: float) -> None:
    """By how long the last stride and the one before hold after 12 s."""
    seconds = by_second(run_of(length_s), length_s)
    begins_s = STRIDE_S * (math.ceil(length_s / STRIDE_S - 1e-9) - 1)
    before = max(0.0, begins_s - 12.0)
    share = (length_s - 12.0 - before) / (length_s - 12.0)
    assert seconds.contact_ms[Side.LEFT][-1] == pytest.approx(250.0 + 50.0 * share)
    assert seconds.contact_ms[Side.RIGHT][-1] == pytest.approx(230.0 + 50.0 * share)


def test_seconds_that_are_counted_from_another_moment_on_end_with_the_run() -> None:
    strides = run_of(12.3)
    strides["ic_s"] += 100.4
    seconds = by_second(strides, 12.3, 100.4)
    assert len(seconds) == 13
    assert seconds.distance_m[-1] == pytest.approx(SPEED_M_S * 12.3)
    assert np.isfinite(seconds.speed_m_s[[0, -1]]).all()


@pytest.mark.parametrize("length_s", LENGTHS_S)
def test_a_fit_file_has_a_record_of_every_second_that_was_begun(length_s: float) -> None:
    found = messages(fit_activity(by_second(run_of(length_s), length_s), STARTED))
    records = [values for kind, values in found if kind == "record"]
    count = seconds_begun(length_s)
    assert [(r["timestamp"] - STARTED) / timedelta(seconds=1) for r in records] == [*range(count)]
    for record in records:
        assert record["cadence"] + record["fractional_cadence"] == pytest.approx(85.5, abs=0.01)
        assert {"enhanced_speed", "distance", "stance_time", "step_length"} <= set(record)
    assert records[-1]["distance"] == pytest.approx(SPEED_M_S * length_s, abs=0.01)
    for kind in ("session", "lap"):
        (total,) = (values for name, values in found if name == kind)
        assert total["total_distance"] == pytest.approx(SPEED_M_S * length_s, abs=0.01)
        assert total["total_elapsed_time"] == total["total_timer_time"] == count
        assert total["timestamp"] == STARTED + timedelta(seconds=count)
    (activity,) = (values for name, values in found if name == "activity")
    assert activity["total_timer_time"] == count
    assert activity["timestamp"] == STARTED + timedelta(seconds=count)
    last_stop = [values for name, values in found if name == "event"][-1]
    assert last_stop["event_type"] == "stop_all"
    assert last_stop["timestamp"] == STARTED + timedelta(seconds=count)


def test_a_lap_may_begin_with_the_last_second() -> None:
    marks = [Mark(5.0, MARKED), Mark(12.1, MARKED)]
    found = messages(fit_activity(by_second(run_of(12.3), 12.3), STARTED, marks=marks))
    laps = [values for name, values in found if name == "lap"]
    assert [lap["total_timer_time"] for lap in laps] == [5.0, 7.0, 1.0]
    metres = [lap["total_distance"] for lap in laps]
    assert metres == pytest.approx([15.0, 21.0, 0.9], abs=0.02)
    assert [lap["lap_trigger"] for lap in laps] == ["manual", "manual", "session_end"]


@pytest.mark.parametrize("readings", [1, 2, 30])
def test_the_last_reading_of_a_pod_holds_for_its_second(readings: int) -> None:
    """A pod tells once a second, from half a second on; the last at the end holds as the others."""
    told = [
        Reading(host_s=0.5 + i, cadence_spm=180.0, speed_m_s=2.5, running=True)
        for i in range(readings)
    ]
    length_s = 0.5 + readings
    seconds = by_second(told_as_strides(told, Side.LEFT), length_s)
    assert len(seconds) == readings + 1
    assert np.isfinite(seconds.speed_m_s).all()
    assert seconds.distance_m[-1] == pytest.approx(2.5 * readings)
