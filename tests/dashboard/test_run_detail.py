"""Strides and coverage of a recording, against the pipeline itself and seconds counted by hand."""

import os
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gait.athletes.run_detail import RunDetail, forget_details, run_detail
from gait.dashboard.pages.strides import Coverage, seconds_of, stretches, totals
from gait.measures.table import empty_strides
from gait.model import InputError, Mark, SessionItem
from gait.model.packets import PAUSE, RESUME
from gait.pipeline import analyze_items
from gait.recording import open_session, write_jsonl
from gait.recording.session import session_key

RECORDINGS = Path(__file__).parents[2] / "recordings"
RUN = RECORDINGS / "run_walk_run.jsonl.gz"


@pytest.fixture(scope="module")
def key() -> str:
    return session_key(open_session(RUN))


@pytest.fixture(scope="module")
def detail(key, tmp_path_factory) -> RunDetail:
    return run_detail(RUN, key, tmp_path_factory.mktemp("kept"))


def test_strides_are_those_of_the_pipeline(detail):
    session = open_session(RUN)
    result = analyze_items(session.sensors, session.items())
    assert np.array_equal(detail.strides["impact_g"], result.strides["impact_g"], equal_nan=True)
    assert np.allclose(detail.strides["ic_s"], result.strides["ic_s"] - result.begins_s)
    assert detail.ends_s == pytest.approx(result.duration_s, abs=0.1)


def test_kept_privately_and_read_again(key, tmp_path):
    first = run_detail(RUN, key, tmp_path / "new")
    (kept,) = (tmp_path / "new").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    written = kept.stat().st_mtime_ns
    again = run_detail(RUN, key, tmp_path / "new")
    assert kept.stat().st_mtime_ns == written
    assert first.strides.tobytes() == again.strides.tobytes()
    assert np.array_equal(first.pauses, again.pauses)
    assert {s: e.tolist() for s, e in first.covered.items()} == {
        s: e.tolist() for s, e in again.covered.items()
    }
    forget_details(tmp_path / "new", but=[key])
    assert kept.exists()
    forget_details(tmp_path / "new", but=["another"])
    assert not list((tmp_path / "new").iterdir())


@pytest.mark.parametrize("broken", [b"", b"not a zip", b"PK\x03\x04 cut off"])
def test_what_is_kept_and_broken_is_found_anew(key, tmp_path, detail, broken):
    run_detail(RUN, key, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(broken)
    assert run_detail(RUN, key, tmp_path).strides.tobytes() == detail.strides.tobytes()


def test_a_newer_recording_is_read_anew(key, tmp_path, detail):
    run_detail(RUN, key, tmp_path)
    (kept,) = tmp_path.iterdir()
    os.utime(kept, (0, 0))
    run_detail(RUN, key, tmp_path)
    assert kept.stat().st_mtime > 0


def test_another_recording_in_its_place_is_refused(tmp_path):
    with pytest.raises(InputError, match="another recording"):
        run_detail(RUN, "0" * 32, tmp_path)


def test_running_and_walking_are_where_the_runner_did_it(detail):
    seconds = seconds_of(detail, "left")
    found = [s.kind for s in stretches(seconds) if s.to_s - s.from_s >= 5]
    moving = [kind for kind in found if kind in (Coverage.RUNNING, Coverage.WALKING)]
    assert list(dict.fromkeys(moving)) == [Coverage.RUNNING, Coverage.WALKING]
    assert (moving[0], moving[-1]) == (Coverage.RUNNING, Coverage.RUNNING)
    gap = float(np.diff(detail.gaps["left"]).sum())  # the recording has one of its own
    assert gap > 0.5
    assert abs(totals(seconds)[Coverage.MISSING] - gap) <= 1.0
    assert sum(totals(seconds).values()) == len(seconds)


def test_pauses_and_gaps_hide_what_else_was(key, tmp_path):
    session = open_session(RUN)
    marks = [Mark(10.0, PAUSE), Mark(14.0, RESUME)]
    packets = [item for item in session.items() if not 20.0 < item.host_s < 23.0]
    items = sorted([*packets, *marks], key=lambda item: item.host_s)
    path = tmp_path / "paused.jsonl"
    write_jsonl(replace(session, source=lambda: _given(items)), path)
    found = run_detail(path, session_key(open_session(path)), tmp_path / "kept")
    seconds = seconds_of(found, "right")
    for kind, length in ((Coverage.PAUSED, 4), (Coverage.MISSING, 3)):
        longest = max(s.to_s - s.from_s for s in stretches(seconds) if s.kind is kind)
        assert abs(longest - length) <= 1


def _given(items: list[SessionItem]) -> Generator[SessionItem, None, list[str]]:
    yield from items
    return []


def test_seconds_are_painted_as_counted_by_hand():
    strides = empty_strides(2)
    strides["side"] = [0, 0]
    strides["ic_s"], strides["stride_s"] = [1.2, 4.0], [0.7, 1.0]
    strides["valid"] = [True, False]
    found = RunDetail(
        strides,
        {"left": np.array([0.0, 8.0])},
        {"left": np.array([[5.4, 6.9]])},
        np.array([[7.0, 8.0]]),
    )
    expected = [Coverage.STILL, Coverage.RUNNING, Coverage.STILL, Coverage.STILL, Coverage.LEFT_OUT]
    expected += [Coverage.MISSING, Coverage.MISSING, Coverage.PAUSED]
    assert seconds_of(found, "left").tolist() == expected
    assert set(seconds_of(found, "right")[:7].tolist()) == {Coverage.MISSING}
