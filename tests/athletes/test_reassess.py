"""A kept session, assessed anew, says what it said when its recording was analysed."""

import random
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from msgspec.structs import replace
from virtual_run import session as recorded

from gait.athletes.reassess import NOT_USED, OLD_CHECKUP, reassessed, verdicts
from gait.athletes.runner import Runner
from gait.measures.session import for_body
from gait.model import Body, SpeedBin, Summary
from gait.pipeline import analyze_items
from gait.recording.session import session_key
from gait.roster import Roster

START = datetime(2026, 5, 2, 8, tzinfo=UTC)
CHECKUP = {
    "answered_on": "2026-05-01",
    "pain": [{"where": "heel", "side": "left", "level": 3.0}],
    "history": {"injured_last_12_months": True},
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> tuple[Roster, list[Summary]]:
    """Runs of some days, each kept with what was known then."""
    folder = tmp_path_factory.mktemp("runs")
    session = recorded()
    result, key = analyze_items(session.sensors, session.items()), session_key(session)
    roster, summaries = Roster(folder / "roster.db"), []
    anna = roster.athletes.add("Anna", height_m=1.68, birth_year=1990)
    shoe = roster.shoes.add(anna, "Pegasus", since=date(2026, 4, 20), km_before=790.0)
    roster.checkups.keep(anna, taken_on=date(2026, 5, 1), answers=CHECKUP, version="1")
    roster.diary.log(anna, date(2026, 4, 30), km=12.0, shoe=shoe)
    for number in range(9):
        runner = Runner(roster, anna)
        summary = runner.summarise(
            result,
            key=f"{key} {number}",
            source="run.gait",
            started_at=f"2026-05-{2 + 3 * number:02d}T10:00:00+00:00",
        )
        runner.keep(summary, key=f"{key} {number}", recording=None)
        summaries.append(summary)
    return roster, summaries


def test_nothing_is_lost_by_keeping(kept):
    roster, summaries = kept
    sessions = roster.sessions.all(roster.athletes.find("Anna"))[::-1]
    assert any(summary.changes for summary in summaries)
    for session, before in zip(sessions, summaries, strict=True):
        now = reassessed(roster, session)
        for name in ("assessment", "changes", "change_notes", "load", "notes", "measures"):
            assert same(getattr(now, name), getattr(before, name)), name


def test_what_was_answered_for_that_day_counts(kept):
    roster, _ = kept
    anna = roster.athletes.find("Anna")
    last, first = (roster.sessions.all(anna)[n] for n in (0, -1))
    roster.checkups.keep(
        anna, taken_on=date(2026, 5, 20), answers={"red_flags": {"hop_pain": True}}, version="1"
    )
    after = reassessed(roster, last).assessment
    assert after is not None
    assert after.stop
    before = reassessed(roster, first).assessment
    assert before is not None
    assert not before.stop


def test_what_earlier_versions_kept_with_it_does_not_count(kept):
    roster, summaries = kept
    anna = roster.athletes.find("Anna")
    last = roster.sessions.all(anna)[0]
    before = reassessed(roster, last)
    body = Body(height_m=1.9, mass_kg=90.0)
    old = replace(
        summaries[-1],
        measures=for_body(summaries[-1].measures, body),
        notes=[f"{OLD_CHECKUP}2020-01-01{NOT_USED}", *summaries[-1].notes],
        change_notes=["as it was then"],
    )
    roster.sessions.register(anna, old, key=last.key)
    assert same(reassessed(roster, last), before)


@pytest.mark.parametrize("a_day", [1, 2, 4])
def test_a_list_says_what_the_session_says(kept, tmp_path, a_day):
    """Also where a comparison looks back on all runs, as the last of them are of few days."""
    _, summaries = kept
    rng = random.Random(a_day)
    with Roster(tmp_path / "roster.db") as roster:
        ben = roster.athletes.add("Ben")
        for number in range(70):
            factor = 1.4 if number % 12 in (7, 8, 9) else rng.choice([1.0, 1.01, 1.02])
            begins = START + timedelta(days=number // a_day, hours=number % a_day)
            summary = replace(
                summaries[0],
                started_at=begins.isoformat(),
                speed_bins=times(summaries[0].speed_bins, factor),
            )
            roster.sessions.register(ben, summary, key=str(number))
        some = roster.sessions.all(ben)[::6]
        alone = {session.id: verdicts(roster, [session.id])[session.id] for session in some}
        first = roster.sessions.all(ben)[-1]
        roster.sessions.register(ben, roster.sessions.summary(first), key=first.key)
        assert roster.compared.known(alone) == {}
        together = verdicts(roster, alone)
        shown = {session.id: reassessed(roster, session).changes for session in some}
    assert any(one.lasting for one in alone.values()) == (
        a_day < 4
    )  # its last thirty runs are of too few days
    counts = {id: [c for c in of or () if c.counts] for id, of in shown.items()}
    for told in (alone, together):
        assert {id: not one.why for id, one in told.items()} == {
            id: bool(of) for id, of in shown.items()
        }
        lasting = {id: one.lasting for id, one in told.items()}
        assert same(dict(sorted(lasting.items())), dict(sorted(counts.items())))


def times(bins: dict[str, list[SpeedBin]], factor: float) -> dict[str, list[SpeedBin]]:
    def more(one: SpeedBin) -> SpeedBin:
        pronation = one.medians.get("pronation_excursion_deg", 0.0)
        return replace(one, medians=one.medians | {"pronation_excursion_deg": factor * pronation})

    return {side: [more(one) for one in of] for side, of in bins.items()}


def same(value, other) -> bool:
    return msgspec.json.encode(value) == msgspec.json.encode(other)
