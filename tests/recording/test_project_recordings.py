"""The project's own recordings against the truth that each carries."""

import numpy as np
import pytest
from virtual_run import truth_of

from gait.model import Activity, Side
from gait.pipeline import Result, analyze_items, summarise
from gait.recording import Session, open_session
from recordings.make import FOLDER, RECORDINGS


def analysed(name: str) -> tuple[Session, Result]:
    session = open_session(FOLDER / f"{name}.jsonl.gz")
    return session, analyze_items(session.sensors, session.items())


def true_contacts(session: Session, side: Side, activity: str) -> np.ndarray:
    """(n, 3): initial contact (s, sensor's clock), contact time (ms), strike angle (°)."""
    rows = [r for r in truth_of(session) if r["side"] == side and r["activity"] == activity]
    steady = [r for r in rows if r["steady"] == "true"]
    names = ("ic_s", "contact_ms", "strike_angle_deg")
    return np.array([[float(r[name]) for name in names] for r in steady])


def nearest(found: np.ndarray, at_s: np.ndarray) -> np.ndarray:
    return found[np.abs(found["ic_s"][:, None] - at_s[None, :]).argmin(axis=0)]


@pytest.mark.parametrize("name", [name for name in RECORDINGS if name != "run_walk_run"])
def test_every_stride_is_where_the_truth_has_it(name: str) -> None:
    session, result = analysed(name)
    assert not session.problems
    for side, shoe in result.shoes.items():
        found = shoe.strides  # on the sensor's own clock, as the truth is
        truth = true_contacts(session, side, "run")
        truth = truth[truth[:, 0] < found["ic_s"][-1] + 0.1][3:]  # the recording ends in a run
        mine = nearest(found, truth[:, 0])
        between = (found["ic_s"] > truth[0, 0] - 0.1) & (found["ic_s"] < truth[-1, 0] + 0.1)
        assert between.sum() == len(truth) > 10
        assert np.abs(mine["ic_s"] - truth[:, 0]).max() < 0.020
        assert abs(np.nanmean(mine["contact_ms"] - truth[:, 1])) < 15.0
        assert abs(np.nanmean(mine["strike_angle_deg"] - truth[:, 2])) < 5.0
        assert (mine["activity"] == Activity.RUN).all()


def test_walking_and_the_drop_out_are_told() -> None:
    session, result = analysed("run_walk_run")
    for side, shoe in result.shoes.items():
        for activity, kind in (("run", Activity.RUN), ("walk", Activity.WALK)):
            truth = true_contacts(session, side, activity)
            mine = nearest(shoe.strides, truth[:, 0])
            close = np.abs(mine["ic_s"] - truth[:, 0]) < 0.1
            assert (mine["activity"][close] == kind).mean() > 0.95
    left, right = (result.shoes[side].note() for side in Side)
    assert left.lost_s == pytest.approx(1.5, abs=0.1)
    assert right.packets_lost == 0


def test_each_side_pronates_as_it_was_made_to() -> None:
    _, result = analysed("pronation_left")
    measures = summarise(result, source="pronation_left").measures
    for side, degrees in (("left", 19.0), ("right", 9.0)):
        measure = measures[side]["pronation_excursion_deg"]
        assert measure.value == pytest.approx(degrees, abs=2.0)


def test_a_slow_sensor_says_what_it_cannot_show() -> None:
    _, result = analysed("one_shoe_100hz")
    measures = summarise(result, source="one_shoe_100hz").measures["left"]
    assert measures["cadence_spm"].value == pytest.approx(163.0, abs=2.0)
    assert measures["impact_g"].value is None
    assert "200" in (measures["impact_g"].why_not or "")


def test_clipped_impacts_of_a_sprint_are_in_no_mean() -> None:
    _, result = analysed("sprint")
    measure = summarise(result, source="sprint").measures["both"]["impact_g"]
    assert measure.value is None
    assert measure.why_not
