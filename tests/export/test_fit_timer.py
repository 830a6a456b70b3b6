"""Pauses and laps of a FIT file, read by another library, beside a second-by-second reckoning."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from fit_reading import read
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.export.fit import fit_activity, timer_of
from gait.export.per_second import Seconds
from gait.model import Mark, Side
from gait.model.packets import MARKED, PAUSE, RESUME

STARTED = datetime(2026, 5, 17, 6, 30, tzinfo=UTC)
MARKS = st.lists(
    st.builds(
        Mark, st.floats(-5.0, 70.0), st.sampled_from([PAUSE, RESUME, MARKED, "cue: shorter"])
    ),
    max_size=12,
)


def seconds(n: int, *, running: bool = True) -> Seconds:
    """3 m/s, contact of 200 ms and one more each second."""
    one = np.ones(n)
    contact = 200.0 + np.arange(n)
    return Seconds(
        cadence_spm=170.0 * one,
        speed_m_s=3.0 * one,
        distance_m=3.0 * np.cumsum(one),
        step_length_m=1.05 * one,
        vertical_oscillation_mm=80.0 * one,
        contact_ms={Side.LEFT: contact, Side.RIGHT: contact},
        pronation_deg={Side.LEFT: 8.0 * one, Side.RIGHT: 8.0 * one},
        impact_g={Side.LEFT: 11.0 * one, Side.RIGHT: 11.0 * one},
        running=np.full(n, running),
    )


def of_kind(messages: list[tuple[str, dict]], kind: str) -> list[dict]:
    return [values for name, values in messages if name == kind]


def second(values: dict) -> int:
    return round((values["timestamp"] - STARTED) / timedelta(seconds=1))


def test_a_pause_stops_the_watch_and_a_mark_begins_a_lap():
    marks = [Mark(10.2, PAUSE), Mark(19.8, RESUME), Mark(40.0, MARKED)]
    messages = read(fit_activity(seconds(60), STARTED, marks=marks))
    events = [(second(e), e["event_type"]) for e in of_kind(messages, "event")]
    assert events == [(0, "start"), (10, "stop_all"), (20, "start"), (60, "stop_all")]
    assert [second(r) for r in of_kind(messages, "record")] == [*range(10), *range(20, 60)]
    laps = of_kind(messages, "lap")
    assert [lap["lap_trigger"] for lap in laps] == ["manual", "session_end"]
    assert [lap["total_timer_time"] for lap in laps] == [30.0, 20.0]
    assert [lap["total_elapsed_time"] for lap in laps] == [40.0, 20.0]
    assert [lap["total_distance"] for lap in laps] == pytest.approx([120.0, 60.0])
    assert laps[1]["avg_stance_time"] == pytest.approx(249.5)
    (session,) = of_kind(messages, "session")
    assert (session["num_laps"], session["total_timer_time"]) == (2, 50.0)
    assert session["total_elapsed_time"] == 60.0
    assert of_kind(messages, "activity")[0]["total_timer_time"] == 50.0


def test_a_walk_is_said_to_be_one():
    messages = read(fit_activity(seconds(20, running=False), STARTED))
    assert of_kind(messages, "session")[0]["sport"] == "walking"


def naive_going(marks: list[Mark], length: int) -> list[bool]:
    """Whether the watch goes in each second, by walking through the marks."""
    going = [True] * length
    begun = None
    for mark in [*sorted(marks, key=lambda m: m.host_s), Mark(1e9, RESUME)]:
        if mark.text == PAUSE and begun is None:
            begun = mark.host_s
        elif mark.text == RESUME and begun is not None:
            for i in range(max(0, round(begun)), min(length, round(mark.host_s))):
                going[i] = False
            begun = None
    return going


@settings(max_examples=100, deadline=None)
@given(marks=MARKS, length=st.integers(0, 60))
def test_time_and_distance_of_laps_add_up_whatever_was_marked(marks, length):
    timer = timer_of(marks, length)
    going = naive_going(marks, length)
    messages = read(fit_activity(seconds(length), STARTED, marks=marks))
    assert [second(r) for r in of_kind(messages, "record")] == [
        i for i in range(length) if going[i]
    ]
    laps, (session,) = of_kind(messages, "lap"), of_kind(messages, "session")
    assert len(laps) == session["num_laps"] == len(timer.laps)
    assert session["total_timer_time"] == sum(going)
    for total in ("total_timer_time", "total_elapsed_time", "total_distance"):
        assert sum(lap[total] for lap in laps) == pytest.approx(
            session[total], abs=0.011 * len(laps)
        )
    times = [second(v) for kind, v in messages if kind in ("event", "record", "lap", "session")]
    assert times == sorted(times)
    switches = [e["event_type"] for e in of_kind(messages, "event")]
    assert switches == ["start", "stop_all"] * (len(switches) // 2)
