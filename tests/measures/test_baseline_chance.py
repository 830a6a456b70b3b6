"""How often chance alone makes a change count, and how soon a real one does.

The runs are drawn by `past_runs`, without the product: measures that differ from run to run by
chance, with heavy tails, or each day like the day before. `python tests/measures/
test_baseline_chance.py` prints the shares.
"""

import sys
from dataclasses import dataclass

import numpy as np
import pytest
from past_runs import BY_SIDE, draw_runs

from gait.compare.baseline import compare
from gait.compare.compared_measures import BY_MEASURE
from gait.model import PastRun

LEAST_EARLIER = 5
RUNS = 45
BEFORE, AFTER = 20, 3
ONE_IN_TWENTY = 0.05


def counting(runs: list[PastRun], number: int) -> set[tuple[str, str]]:
    """What counts in a run of this number against all before it."""
    this = runs[number]
    found = compare(
        this.speed_bins, runs[:number], gear=this.gear, started_at=this.started_at
    ).changes
    return {(c.side, c.measure) for c in found if c.counts}


@dataclass(frozen=True)
class Share:
    of: int
    among: int

    @property
    def value(self) -> float:
        return self.of / self.among


def false_flags(runners: int, kind: str, larger: float, seed: int = 0) -> Share:
    """Runs of unchanged runners in which anything counts, from the first that can be compared."""
    flagged = total = 0
    for runner in range(runners):
        runs = draw_runs(RUNS, [seed, runner], kind=kind, every_days=3.0, larger=larger)
        for number in range(LEAST_EARLIER, RUNS):
            total += 1
            flagged += bool(counting(runs, number))
    return Share(flagged, total)


def found_in_time(runners: int, spreads: float, seed: int = 0) -> Share:
    """Real changes of one measure, by so many spreads between runs, that count within 3 runs.

    The spread is the runner's own or, where that is smaller, what the method repeats to.
    """
    found = 0
    keys = [(s, m) for s, table in BY_SIDE.items() for m in table]
    for runner in range(runners):
        side, measure = keys[runner % len(keys)]
        spread = max(BY_SIDE[side][measure][3], BY_MEASURE[measure].repeats_to)
        sign = -1.0 if runner % 2 else 1.0
        added = np.repeat([0.0, sign * spreads * spread], [BEFORE, AFTER])
        runs = draw_runs(
            BEFORE + AFTER, [seed, runner], every_days=3.0, shifts={(side, measure): added}
        )
        found += any(
            (side, measure) in counting(runs, number) for number in range(BEFORE, BEFORE + AFTER)
        )
    return Share(found, runners)


@pytest.mark.parametrize("kind", ["normal", "heavy", "slow"])
def test_chance_counts_in_fewer_than_one_run_in_twenty(kind: str) -> None:
    assert false_flags(5, kind, 1.0).value < ONE_IN_TWENTY


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "larger"),
    [("normal", 0.5), ("normal", 1.0), ("normal", 2.0), ("heavy", 1.0), ("slow", 1.0)],
)
def test_chance_counts_seldom_however_much_a_runner_varies(kind: str, larger: float) -> None:
    assert false_flags(40, kind, larger, seed=1).value < ONE_IN_TWENTY


def test_a_change_of_four_spreads_counts_within_three_runs() -> None:
    assert found_in_time(36, 4.0).value > 0.85


@pytest.mark.long
def test_a_change_counts_the_sooner_the_larger() -> None:
    shares = [found_in_time(180, spreads, seed=2).value for spreads in (2.0, 3.0, 4.0, 5.0)]
    assert shares == sorted(shares)
    assert shares[1] > 0.6
    assert shares[3] > 0.97


def main() -> None:
    runners = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    say = sys.stdout.write
    for kind in ("normal", "heavy", "slow"):
        for larger in (0.5, 1.0, 2.0):
            share = false_flags(runners, kind, larger, seed=3)
            say(f"unchanged, {kind:6} ×{larger}: {share.value:.3f} of {share.among} runs\n")
    for spreads in (2.0, 2.5, 3.0, 4.0, 5.0):
        share = found_in_time(9 * runners, spreads, seed=3)
        say(f"changed by {spreads} spreads: {share.value:.2f} of {share.among} within 3 runs\n")


if __name__ == "__main__":
    main()
