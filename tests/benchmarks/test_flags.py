"""Years of virtual runners through the product, a few of them; and what is counted of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.flags.days import ALIKE, DAY_SD, TIMES, day_by_day
from benchmarks.flags.product import Flag, Seen, live
from benchmarks.flags.score import (
    HAPPENINGS,
    ONE_IN_TWENTY,
    delays,
    false_flags,
    false_sentences,
    share,
)
from benchmarks.flags.year import HALF, ORDER, Training, Year, years
from gait.athletes.reassess import verdicts
from gait.cli.roster.people import run_show
from gait.roster import Roster

SEED = 5  # neither that of the benchmark nor one that thresholds were chosen on
SHORT = Training(every_days=20.0, seconds=60.0)
PRONATION, GUARDED, BREAK, WORN, SPIKE = HAPPENINGS
NOTHING = Seen(
    changed=False,
    worn=False,
    ratio=1.0,
    days_since=8,
    compared=True,
    flags=(),
    said_longer=False,
    said_break=False,
    said_worn=False,
)
MORE = Flag("left", "pronation_excursion_deg", True)
IMPACT = Flag("right", "impact_g", True)


def of_kind(kind: str, **which: object) -> Year:
    return next(
        year
        for year in years(72, SEED, SHORT)
        if year.kind == kind and all(getattr(year, name) == is_ for name, is_ in which.items())
    )


@pytest.fixture(scope="module")
def pronating(tmp_path_factory) -> tuple[Year, list[Seen], Path]:
    year, path = of_kind("pronation", times=0.5), tmp_path_factory.mktemp("flags") / "roster.db"
    return year, live(year, path), path


def test_more_pronation_is_flagged_in_three_runs_and_nothing_before(pronating) -> None:
    year, seen, _ = pronating
    assert [s.changed for s in seen] == [run.changed for run in year.runs]
    [found] = delays([(year, seen)], PRONATION).runs
    assert found is not None
    assert found <= 3
    assert false_flags([(year, seen)]).count == 0


def test_every_run_is_kept_in_the_roster(pronating) -> None:
    year, seen, path = pronating
    with Roster(path) as roster:
        athlete = roster.athletes.find(year.name)
        sessions = roster.sessions.all(athlete)
        differs = verdicts(roster, [session.id for session in sessions])
    assert len(sessions) == len(seen) == len(year.runs)
    assert [bool(differs[session.id].lasting) for session in reversed(sessions)] == [
        bool(s.flags) for s in seen
    ]


def test_a_coach_reads_what_differed(pronating, capsys) -> None:
    year, seen, path = pronating
    run_show(path, year.name, sessions=len(seen), weeks=1)
    said = capsys.readouterr().out
    assert "against earlier runs:" in said
    assert f"Your {year.side} shoe rolled in" in said


@pytest.mark.long
@pytest.mark.parametrize("kind", ["worn shoes", "spike week", "return"])
def test_what_the_roster_knows_is_said_from_the_first_run_on(kind: str, tmp_path: Path) -> None:
    year = next(y for y in years(12, SEED, Training(seconds=42.0)) if y.kind == kind)
    lived = [(year, live(year, tmp_path / "roster.db"))]
    for happening in (BREAK, WORN, SPIKE):
        if happening.kind == kind:
            assert delays(lived, happening).runs == [1]
    wrong = false_sentences(lived)
    assert wrong["worn shoes"].count == wrong["after a break"].count == 0


@pytest.mark.long
def test_nothing_is_flagged_in_nineteen_of_twenty_runs_of_who_does_not_change(tmp_path) -> None:
    lived = []
    for year in years(12, SEED, Training(seconds=60.0)):
        if year.kind == "nothing":
            lived.append((year, live(year, tmp_path / f"{year.number}.db")))
    assert false_flags(lived).value < ONE_IN_TWENTY


def test_each_kind_has_runners_who_vary_little_and_much() -> None:
    everybody = years(36, SEED, SHORT)
    for kind in set(ORDER):
        assert {year.times for year in everybody if year.kind == kind} == set(TIMES)
    for kind in ("nothing", "pronation"):
        assert {year.alike for year in everybody if year.kind == kind} == set(ALIKE)


def test_the_same_seed_gives_the_same_years_and_another_seed_others() -> None:
    assert years(3, 1, SHORT) == years(3, 1, SHORT)
    assert years(3, 1, SHORT) != years(3, 2, SHORT)


def test_only_the_gait_of_those_who_change_it_changes_and_only_in_the_second_half() -> None:
    for year in years(12, SEED, SHORT):
        changed = [run.changed for run in year.runs]
        late = [(run.started - year.runs[0].started).days >= HALF - 7 for run in year.runs]
        if year.kind in ("pronation", "return"):
            assert any(changed)
            assert changed == sorted(changed)
            assert not any(c and not after for c, after in zip(changed, late, strict=True))
        else:
            assert not any(changed)


def test_a_spike_is_longer_than_every_other_run() -> None:
    lengths = sorted(run.metres for run in of_kind("spike week").runs)
    assert lengths[-1] > 1.6 * lengths[-2]


@pytest.mark.parametrize(("times", "alike"), [(0.5, 0.0), (1.0, 0.3), (2.0, 0.3)])
def test_days_differ_by_what_is_said_and_resemble_each_other_as_said(times, alike) -> None:
    off = day_by_day(40_000, times, alike, np.random.default_rng(3)) / np.array(
        list(DAY_SD.values())
    )
    assert np.allclose(off.std(axis=0), times, rtol=0.06)
    following = [np.corrcoef(one[1:], one[:-1])[0, 1] for one in off.T]
    assert np.allclose(following, alike, atol=0.03)


def changed(*flags: Flag) -> Seen:
    return replace(NOTHING, changed=True, flags=flags)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([changed(MORE)], 1),
        ([changed(), changed(IMPACT), changed(MORE)], 3),
        ([changed(replace(MORE, side="right"))], None),
        ([changed(replace(MORE, more=False))], None),
    ],
)
def test_a_change_is_found_on_its_own_foot_and_in_its_own_direction(after, expected) -> None:
    year = of_kind("pronation", side="left")
    before = [NOTHING, replace(NOTHING, flags=(MORE,))]  # too early, so it does not count
    assert delays([(year, before + after)], PRONATION).runs == [expected]


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_foot_that_was_hurt_is_the_one_that_stays_on_the_ground_less_long(side) -> None:
    year = of_kind("return", side=side)
    other = "right" if side == "left" else "left"
    for flag, found in (
        (Flag("both", "symmetry_contact_pct", side == "right"), 1),
        (Flag("both", "symmetry_contact_pct", side == "left"), None),
        (Flag(side, "contact_ms", False), 1),
        (Flag(other, "contact_ms", True), 1),
        (Flag(other, "contact_ms", False), None),
    ):
        assert delays([(year, [changed(flag)])], GUARDED).runs == [found]


def test_false_flags_are_of_compared_runs_before_the_change() -> None:
    year = of_kind("pronation")
    flagged = replace(NOTHING, flags=(MORE, IMPACT))
    seen = [replace(NOTHING, compared=False), NOTHING, flagged, changed(MORE)]
    assert (false_flags([(year, seen)]).count, false_flags([(year, seen)]).of) == (1, 2)
    assert false_flags([(year, seen)], "impact_g").count == 1
    assert false_flags([(year, seen)], "cadence_spm").count == 0


def test_an_interval_is_that_of_wilson_and_wider_where_one_runner_has_all() -> None:
    spread = share([(1, 20)] * 10)
    assert (spread.count, spread.of) == (10, 200)
    assert (spread.low, spread.high) == pytest.approx((0.0274, 0.0896), abs=1e-4)
    assert share([(10, 20), *[(0, 20)] * 9]).high > spread.high + 0.05
    none = share([(0, 20)] * 10)
    assert none.low == 0.0
    assert none.high == pytest.approx(0.0188, abs=1e-4)
