"""From simulated feet to words: a runner who begins to pronate more on one side."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from virtual_sessions import VirtualSession

from gait.model import PastRun, Summary
from gait.pipeline import summarise
from gait.risk import load_evidence
from gait.simulate import Runner

USUAL_RUNS = 8
SECONDS = 40.0


def past_run(summary: Summary) -> PastRun:
    assert summary.started_at is not None
    return PastRun(
        key=summary.source,
        started_at=summary.started_at,
        gear=summary.gear,
        duration_s=summary.duration_s,
        distance=summary.distance,
        speed_bins=summary.speed_bins,
    )


def test_more_pronation_on_the_left_is_said_in_the_second_run_and_reaches_the_conditions() -> None:
    usual = Runner(pronation_left_deg=9.0, pronation_right_deg=9.0)
    changed = replace(usual, pronation_left_deg=17.0)
    earlier: list[PastRun] = []
    summaries = []
    for number in range(USUAL_RUNS + 2):
        runner = usual if number < USUAL_RUNS else changed
        result = VirtualSession(runner, 3.1, SECONDS, 500 + number)
        started = datetime(2026, 3, 2, 7, tzinfo=UTC) + timedelta(days=3 * number)
        summaries.append(
            summarise(
                result.measured(result.motions()),
                source=f"run {number}",
                started_at=started.isoformat(),
                evidence=load_evidence(),
                earlier=earlier,
                pair="blue pair",
            )
        )
        earlier.append(past_run(summaries[-1]))

    first, *_, before, last = summaries
    assert first.changes is None
    assert first.gear.startswith("blue pair; left ")
    assert "4 more runs" in summaries[1].change_notes[0]
    assert before.changes is not None
    assert last.changes is not None
    assert not [c for c in before.changes if c.counts]
    counting = {(c.side, c.measure): c for c in last.changes if c.counts}
    assert ("left", "pronation_excursion_deg") in counting
    assert not [side for side, _ in counting if side == "right"]
    pronation = counting["left", "pronation_excursion_deg"]
    assert abs(pronation.difference - 8.0) < 1.5
    assert "Your left shoe rolled in" in pronation.text

    own = last.measures["right"]["pronation_excursion_deg"].reference
    assert own is not None
    assert own.kind == "own baseline"
    assert last.assessment is not None
    posterior = next(
        c for c in last.assessment.conditions if c.key == "posterior_tibial_tendonitis"
    )
    assert [r.side for r in posterior.reasons if r.factor == "eversion_excursion_high"] == ["left"]
    assert last.load is not None
    assert last.load.session_km is not None
    assert last.distance.metres is not None
    assert abs(last.load.session_km * 1000.0 - last.distance.metres) < 1e-6
