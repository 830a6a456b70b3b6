"""Comparing as a coach does: two athletes, two periods, two sessions; by the page's words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from gait.dashboard.pages.compare import Chosen, compared, group_of, sentences
from gait.model import Distance, Measure, SpeedBin, StepCurve, Summary
from gait.roster import Roster

FIRST = datetime(2026, 5, 3, 7, 0, tzinfo=UTC)
SPRING, SUMMER = (date(2026, 5, 1), date(2026, 5, 31)), (date(2026, 7, 1), date(2026, 7, 31))


def run(started: datetime, contact_ms: float, speed: float = 3.1) -> Summary:
    """A run whose feet were on the ground so long, at one speed."""
    medians = {"contact_ms": contact_ms, "speed_m_s": speed}
    there = SpeedBin(
        from_m_s=0.25 * int(speed / 0.25),
        n=400,
        medians=medians,
        spreads={"contact_ms": 6.0, "speed_m_s": 0.05},
        counts=dict.fromkeys(medians, 400),
    )
    curve = StepCurve(unit="°", n=300, mean=[0.1 * i for i in range(101)], spread=[1.0] * 101)
    measure = Measure(value=contact_ms, unit="ms", n=400, quality="good")
    return Summary(
        software="test",
        source="run.gait",
        started_at=started.isoformat(),
        duration_s=1800.0,
        activity_s={"running": 1800.0},
        strides={},
        sensors=[],
        clock_uncertainty_ms=None,
        measures={"left": {"contact_ms": measure}, "right": {}, "both": {}},
        notes=[],
        assessment=None,
        distance=Distance(metres=5000.0),
        speed_bins={"left": [there], "right": [there]},
        curves={"left": {"tilt": curve}},
    )


def fill(roster: Roster) -> None:
    """Dora, whose contact became 20 ms longer by July; Emil, who runs only fast."""
    dora, emil = roster.athletes.add("Dora Yu"), roster.athletes.add("Emil Zorn")
    for month, contact in ((0, 240.0), (60, 260.0)):
        for i in range(6):
            started = FIRST + timedelta(days=month + 3 * i)
            roster.sessions.register(dora, run(started, contact + i % 3), key=f"d{month}{i}")
    roster.sessions.register(emil, run(FIRST, 190.0, speed=5.1), key="e")


@pytest.fixture(scope="module")
def filled(served) -> dict[str, int]:
    with Roster(served.roster) as roster:
        fill(roster)
        return {one.name.split()[0]: one.id for one in roster.athletes.all()}


def test_groups_hold_the_sessions_of_their_days(tmp_path):
    with Roster(tmp_path / "r.db") as roster:
        fill(roster)
        dora = roster.athletes.find("Dora Yu").id
        before, after = (group_of(roster, Chosen(dora, *days)) for days in (SPRING, SUMMER))
        assert (len(before.sessions), len(before.bins)) == (6, 6)
        found = compared(before, after)
        assert [d.row.measure for d in found] == ["contact_ms", "contact_ms"]
        assert found[0].by == pytest.approx(20.0)
        assert found[0].beyond_doubt
        assert sentences(found)[0].startswith("Contact time, left, is 20 ms higher")
        one = group_of(roster, Chosen(dora, *SPRING, session=before.sessions[0].id))
        assert len(one.bins) == 1
        same = compared(before, before)
        assert not any(d.beyond_doubt for d in same)
        assert "does not say that there is none" in sentences(same)[0]


def address(filled: dict[str, int], first: str, second: str) -> str:
    days = f"a_from={SPRING[0]}&a_to={SPRING[1]}&b_from={SUMMER[0]}&b_to={SUMMER[1]}"
    return f"/compare?a={filled[first]}&b={filled[second]}&{days}"


def test_before_and_after_are_told_in_words_and_curves(coach, filled):
    coach.open(address(filled, "Dora", "Dora"))
    coach.sees("Contact time, left, is 20 ms higher in the second than in the first (±")
    coach.sees("Dora Yu, 2026-05-01 to 2026-05-31", "Contact time (left), ms")
    coach.sees("Average step: tilt, left", "First (grey, dashed): the session of 2026-05-18")


def test_no_speed_in_common_is_said(coach, filled):
    coach.open(address(filled, "Dora", "Emil").replace(str(SUMMER[0]), str(SPRING[0])))
    coach.sees("There is no speed at which both have enough strides")


def test_days_without_a_session_are_said(coach, filled):
    coach.open(address(filled, "Dora", "Emil"))
    coach.sees("Emil Zorn, 2026-07-01 to 2026-07-31: there is no session in these days.")


OTHERS = {"Dora Yu": "Emil Zorn", "Emil Zorn": "Dora Yu"}


def choose(coach, field: str, name: str) -> None:
    coach.click(field)
    coach.click(name)
    coach.sees_no(OTHERS[name])  # the list has closed
    assert coach.field(field).get_attribute("value") == name


def test_two_athletes_are_chosen_on_the_page(coach, filled):
    coach.click("Compare")
    coach.sees("Choose two athletes")
    for half, name in (("First", "Dora Yu"), ("Second", "Emil Zorn")):
        choose(coach, f"{half} athlete", name)
    coach.click("Show the differences")
    coach.sees("there is no session in these days")
    assert f"a={filled['Dora']}" in coach.path
    assert f"b={filled['Emil']}" in coach.path


def test_what_cannot_be_asked_is_a_sentence(coach, filled):
    coach.open(f"/compare?a={filled['Dora']}&b={filled['Dora']}&a_from=soon&b_from=2026-05-01")
    coach.sees("'soon' is no day; write it like 2026-05-31.")
    coach.open("/compare?a=99999&b=99998")
    coach.sees("no longer in the roster")
