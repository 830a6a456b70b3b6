"""The benchmark of bad data: what it gives the program, what it calls true, false and named."""

from collections import Counter
from dataclasses import replace
from io import StringIO
from pathlib import Path

import msgspec
import numpy as np
import pytest
from rich.console import Console
from rich.progress import Progress

from benchmarks.accuracy.project import project_recordings
from benchmarks.accuracy.recordings import Recording
from benchmarks.accuracy.score import Score, Truth
from benchmarks.robustness.__main__ import main, thinned
from benchmarks.robustness.document import write_document
from benchmarks.robustness.feet import Foot, foot_of, of_its_table, pairs, together
from benchmarks.robustness.rows import row_of
from benchmarks.robustness.run import run_all
from benchmarks.robustness.tables import print_rows
from benchmarks.robustness.trial import Answer, Trial, ask, judge
from benchmarks.robustness.troubles import LOST, UNHARMED, WRONG, Need, Trouble, troubles
from gait.model import Samples, Side
from gait.simulate.disturbance import DISTURBANCES


@pytest.fixture(scope="module")
def both() -> list[Recording]:
    return [r for r in project_recordings() if r.name.startswith("easy_run")]


@pytest.fixture(scope="module")
def recording(both: list[Recording]) -> Recording:
    return next(r for r in both if r.info.side is Side.LEFT)


@pytest.fixture(scope="module")
def foot(recording: Recording) -> Foot:
    return of_its_table(foot_of(recording))


@pytest.fixture(scope="module")
def answer(foot: Foot, tmp_path_factory) -> Answer:
    return ask([foot], tmp_path_factory.mktemp("tables"))


def of_kind(kind: str) -> list[Trouble]:
    return [row for rows in troubles().values() for row in rows if row.kind == kind]


def draw() -> np.random.Generator:
    return np.random.default_rng(4)


def test_every_disturbance_in_every_amount_is_a_row() -> None:
    rows = Counter(row.kind for rows in troubles().values() for row in rows)
    for name, kind in DISTURBANCES.items():
        assert rows[name] == len(kind.amounts), name


def test_truth_is_of_the_table_that_is_given(recording: Recording, foot: Foot) -> None:
    whole, end_s = foot.truth, recording.samples.time_s[-1]
    kept = [i for i, next_s in enumerate(recording.truth.ic_s[1:]) if next_s < end_s - 0.2]
    np.testing.assert_array_equal(whole.ic_s, recording.truth.ic_s[kept])
    (slow,) = of_kind("scale_clock")[-1].feet([foot_of(recording)], draw())
    start_s = recording.samples.time_s[0]
    np.testing.assert_allclose(slow.truth.ic_s - start_s, (whole.ic_s - start_s) * 0.995)
    (since_1970,) = of_kind("shift_clock")[-1].feet([foot_of(recording)], draw())
    np.testing.assert_allclose(since_1970.truth.tc_s - whole.tc_s, 1.78e9)
    (half,) = of_kind("end_early")[0].feet([foot_of(recording)], draw())
    assert half.truth.ic_s[-1] < half.samples.time_s[-1]
    assert len(half.truth.ic_s) < 0.6 * len(whole.ic_s)


def steps(one: Foot, other: Foot) -> list[float]:
    """From each true contact to the other foot's next one, as shares of the stride."""
    strides = zip(one.truth.ic_s, one.truth.ic_s[1:], strict=False)
    return [
        (min(t for t in other.truth.ic_s if t > begin) - begin) / (end - begin)
        for begin, end in strides
        if end < other.truth.ic_s[-1]
    ]


def test_both_feet_on_one_clock_stay_as_they_are(both: list[Recording]) -> None:
    ((left, right),) = pairs(both)
    for foot, recording in zip((left, right), both, strict=True):
        assert foot.side is recording.info.side
        np.testing.assert_array_equal(foot.samples.acc, recording.samples.acc)
        assert foot.truth is recording.truth


def test_feet_of_two_recordings_are_put_on_one_clock(both: list[Recording], tmp_path) -> None:
    left, right = map(foot_of, both)
    truth = replace(
        right.truth, ic_s=1.01 * right.truth.ic_s - 2.6, tc_s=1.01 * right.truth.tc_s - 2.6
    )
    samples = Samples(
        1.01 * right.samples.time_s - 2.6, right.samples.acc, right.samples.gyr / 1.01
    )
    feet = together(left, replace(right, samples=samples, truth=truth, in_time=truth))
    assert np.ptp(steps(*feet)) < 0.1
    assert np.mean(steps(*feet)) == pytest.approx(0.5, abs=0.03)
    np.testing.assert_array_equal(feet[0].samples.time_s, feet[1].samples.time_s)
    scored = [of_its_table(foot) for foot in feet]
    given = ask(scored, tmp_path)
    for all_found, _ in judge(scored, given, None).feet:
        assert all_found.missed == 0
        assert abs(all_found.errors["ic_ms"][0]) < 10.0


def test_a_sound_recording_has_nothing_false_and_nothing_to_say(foot: Foot, answer: Answer) -> None:
    trial = judge([foot], answer, None)
    assert (trial.false, trial.lost, trial.said) == ([], [], [])
    row = row_of(of_kind("one_foot")[0], [trial])
    assert row.found == row.valid == row.strides > 20
    assert row.misses == []


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        (
            lambda t: replace(t, pronation_excursion_deg=t.pronation_excursion_deg + 6.0),
            "pronation",
        ),
        (lambda t: replace(t, strike_angle_deg=t.strike_angle_deg - 8.0), "strike"),
        (lambda t: replace(t, speed_m_s=1.08 * t.speed_m_s), "speed"),
        (lambda t: replace(t, tc_s=t.tc_s - 0.03), "contact"),
    ],
)
def test_what_is_good_and_not_so_is_found(foot: Foot, answer: Answer, changed, name: str) -> None:
    assert judge([replace(foot, truth=changed(foot.truth))], answer, answer).false == [name]


def test_what_is_not_measured_any_more_is_found(foot: Foot, answer: Answer) -> None:
    assert answer.summary is not None
    measures = {side: dict(of) for side, of in answer.summary.measures.items()}
    gone = msgspec.structs.replace(measures["left"]["speed_m_s"], value=None, quality="none")
    measures["left"]["speed_m_s"] = gone
    less = replace(answer, summary=msgspec.structs.replace(answer.summary, measures=measures))
    assert judge([foot], less, answer).lost == ["speed"]
    assert judge([foot], less, less).lost == []


def test_two_feet_and_what_is_compared_of_them(both: list[Recording], tmp_path) -> None:
    (feet,) = pairs(both)
    feet = [of_its_table(foot) for foot in feet]
    given = ask(feet, tmp_path)
    assert judge(feet, given, None).false == []
    # flight and step time of what is not the other foot cannot be, whatever they are
    wrong = judge([feet[0], replace(feet[1], in_time=None)], given, given).false
    assert {"flight", "step time", "contact symmetry", "pronation symmetry"} <= set(wrong)
    later = replace(feet[1].truth, ic_s=feet[1].truth.ic_s + 0.1, tc_s=feet[1].truth.tc_s + 0.1)
    wrong = judge([feet[0], replace(feet[1], in_time=later)], given, given).false
    assert {"flight", "step time", "step time symmetry"} == set(wrong)


def test_a_table_that_is_refused_is_a_sentence_and_nothing_found(tmp_path) -> None:
    n = 400
    nowhere = np.full(5, np.nan)
    truth = Truth(np.arange(5.0), np.arange(5.0) + 0.3, nowhere, nowhere, nowhere, nowhere)
    samples = Samples(np.zeros(n), np.full((n, 3), 6.0), np.ones((n, 3)))
    foot = Foot(Side.LEFT, samples, truth, truth)
    trial = judge([foot], ask([foot], tmp_path), None)
    assert "the same time in every row" in trial.said[0]
    assert str(tmp_path) not in trial.said[0]
    assert trial.feet[0][0].missed == 2


def made(
    strides: int = 36, missed: int = 0, invented: int = 0, said: bool = True, **errors
) -> Trial:
    score = Score("left", strides, missed, invented, 0, errors=errors)
    return Trial([(score, score)], [], [], ["so it is"] if said else [])


@pytest.mark.parametrize(
    ("need", "trials", "misses"),
    [
        (LOST, [made(missed=2)], []),
        (LOST, [made(missed=3)], ["3 strides missed"]),
        (LOST, [made(missed=2, invented=1)], ["1 invented"]),
        (UNHARMED, [made(missed=2)], ["2 strides missed", "34 of 36 valid"]),
        (UNHARMED, [made(ic_ms=(4.0, 9.0)), made(ic_ms=(-11.0, 2.0))], ["landing −11 ± 9 ms"]),
        (UNHARMED, [made(cadence_spm=(-0.6, 9.0))], ["cadence −0.6"]),
        (WRONG, [made(ic_ms=(90.0, 9.0)), made(said=False)], ["not said in 1 of 2"]),
        (None, [made(missed=30)], []),
    ],
)
def test_what_must_hold(need: Need | None, trials: list[Trial], misses: list[str]) -> None:
    row = row_of(Trouble("some", "some", lambda *_: [], need), trials)
    assert row.misses == misses


def test_every_trouble_is_printed_and_written(both: list[Recording], tmp_path: Path) -> None:
    with Progress(disable=True) as progress:
        groups = run_all(both, progress, quick=True)
    kinds = {row.kind for rows in troubles().values() for row in rows} | {"sprint"}
    assert {row.trouble.kind for rows in groups.values() for row in rows} == kinds
    printed = StringIO()
    print_rows(Console(file=printed, width=300), groups, "one recording")
    path = tmp_path / "accuracy.md"
    write_document(groups, "one recording", 1, path)
    written = path.read_text(encoding="utf-8")
    for rows in groups.values():
        for row in rows:
            assert row.trouble.text in printed.getvalue()
            assert row.trouble.text in written
    cells = {
        line.count("|") - line.count("\\|") for line in written.splitlines() if line[:1] == "|"
    }
    assert len(cells) == 1
    assert "/tmp" not in written + printed.getvalue()


def test_a_slower_sensor(recording: Recording) -> None:
    slow = thinned(recording, 4)
    np.testing.assert_array_equal(slow.samples.acc, recording.samples.acc[::4])
    np.testing.assert_allclose(np.diff(slow.samples.time_s), 0.01, atol=1e-4)


@pytest.mark.parametrize("wrong", [["--write", "--quick"], ["--thin", "0"]])
def test_wrong_use_is_refused(wrong: list[str], capsys) -> None:
    with pytest.raises(SystemExit):
        main(wrong)
    assert "error" in capsys.readouterr().err
