"""Kinds of trouble and how much of each: what is done to one foot's table, or to those of two."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from benchmarks.robustness.feet import Foot, Times, of_its_table, timed
from gait.simulate.disturbance import DISTURBANCES


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What must hold of a trouble, besides that nothing false stands with quality good.

    missed   : strides of 36 that may be missed
    valid    : the least share of the true strides that is found and valid for times
    landing  : ms, mean error and spread; None where nobody can tell it
    toe_off  : ms, mean error and spread; None where nobody can tell it
    cadence  : steps/min
    named    : the program must say so in a sentence
    given    : every measure that has a truth must be given, as it is without the trouble
    """

    missed: int = 0
    valid: float = 0.0
    landing: float | None = 10.0
    toe_off: float | None = 10.0
    cadence: float = 0.5
    named: bool = False
    given: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """One row: its kind, and how much of it.

    make : (feet, generator) → the one or two tables that the program is given
    need : None where more is done to the data than anything is promised for
    pair : it is done to two feet
    """

    kind: str
    text: str
    make: Callable[[Sequence[Foot], Generator], Sequence[Foot]]
    need: Need | None
    pair: bool = False

    def feet(self, feet: Sequence[Foot], rng: Generator) -> list[Foot]:
        """The tables, each with what is true of what is in it."""
        return [of_its_table(foot) for foot in self.make(feet, rng)]


UNHARMED = Need(valid=0.95, given=True)
LOST = Need(missed=2, valid=0.90)
SLOWER = Need(landing=None, toe_off=None, named=True)
CLIPPED = Need(landing=None, toe_off=20.0, cadence=1.0)
STUCK = Need(landing=None, toe_off=None, cadence=1.0, named=True)
WRONG = Need(landing=None, toe_off=None, named=True)

NOTHING = "nothing"  # the recordings as they are
ONE, TWO, RANGE, BROKEN = "One foot", "Two feet", "Range", "Told wrong, or broken"
GROUPS: dict[str, dict[str, tuple[Need, float]]] = {  # by name, and up to which amount it must hold
    "Samples lost": {
        "lose_single": (LOST, 0.01),
        "lose_pieces_30ms": (LOST, 0.03),
        "lose_pieces_60ms": (LOST, 0.0),
        "lose_packets": (LOST, 0.1),
    },
    "Times": {
        "jitter_stamps": (UNHARMED, 0.002),
        "repeat_stamps": (UNHARMED, 1.0),
        "round_stamps": (UNHARMED, 0.001),
        "scale_clock": (UNHARMED, 1e4),
        "shift_clock": (UNHARMED, np.inf),
        "end_early": (UNHARMED, 1.0),
    },
    "Values": {
        "zero_start": (UNHARMED, 2.0),
        "hold_gyroscope": (UNHARMED, 2.0),
        "hold_values": (SLOWER, 2.0),
        "blank_values": (LOST, 0.01),
        "spoil_values": (LOST, 0.01),
    },
    RANGE: {
        "clip_acc": (CLIPPED, np.inf),
        "clip_acc_calibrated": (CLIPPED, np.inf),
        "clip_gyr": (CLIPPED, np.inf),
        "clip_gyr_calibrated": (CLIPPED, np.inf),
    },
    BROKEN: {
        "stick_gyr_axis": (STUCK, np.inf),
        "flip_acc": (WRONG, np.inf),
        "flip_gyr": (WRONG, np.inf),
        "mirror_axis": (WRONG, np.inf),
    },
}
SPRINT = Trouble("sprint", "a simulated sprint, ±16 g", lambda feet, _: feet, CLIPPED)

# What a disturbance does to the times at which things happen, on the clock of its table.
ON_CLOCK: dict[str, Callable[[float, float], Times]] = {
    "scale_clock": lambda ppm, start_s: lambda t: start_s + (t - start_s) * (1.0 + 1e-6 * ppm),
    "shift_clock": lambda seconds, _: lambda t: t + seconds,
}


def troubles() -> dict[str, list[Trouble]]:
    """Every row, by group, in the order in which they are shown."""
    found = {ONE: [Trouble("one_foot", NOTHING, lambda feet, _: feet, UNHARMED)]}
    for title, kinds in GROUPS.items():
        found[title] = [row for name, need in kinds.items() for row in _disturbances(name, *need)]
    found[BROKEN].append(
        Trouble("wrong_side", "told as the other foot", lambda feet, _: _other_side(*feet), WRONG)
    )
    found[TWO] = list(_of_two_feet())
    return found


def disturbed(foot: Foot, name: str, amount: float, rng: Generator) -> Foot:
    """One foot after a disturbance of the table, and what is true on its clock."""
    samples, truth = DISTURBANCES[name].apply(foot.samples, amount, rng), foot.truth
    if name in ON_CLOCK:
        truth = timed(truth, ON_CLOCK[name](amount, float(foot.samples.time_s[0])))
    return replace(foot, samples=samples, truth=truth)


def _disturbances(name: str, need: Need, most: float) -> Iterator[Trouble]:
    kind = DISTURBANCES[name]
    for amount in kind.amounts:

        def make(feet: Sequence[Foot], rng: Generator, amount: float = amount) -> list[Foot]:
            return [disturbed(foot, name, amount, rng) for foot in feet]

        yield Trouble(name, kind.text(amount), make, need if abs(amount) <= most else None)


def _of_two_feet() -> Iterator[Trouble]:
    def row(kind: str, text: str, make: Callable[..., Sequence[Foot]], need: Need) -> Trouble:
        return Trouble(kind, text, lambda feet, rng: make(*feet, rng), need, pair=True)

    def second(name: str, amount: float) -> Callable[[Foot, Foot, Generator], list[Foot]]:
        return lambda one, other, rng: [one, disturbed(other, name, amount, rng)]

    yield row("two_feet", NOTHING, lambda one, other, _: [one, other], UNHARMED)
    yield row("swapped", "feet swapped", lambda *feet: _other_side(*feet[:2]), WRONG)
    yield row("same_twice", "the same file for both feet", _same_twice, WRONG)
    for seconds, text in ((0.25, "0.25 s later"), (3600.0, "1 h later"), (1.78e9, "since 1970")):
        yield row("other_clock", f"second clock {text}", second("shift_clock", seconds), WRONG)
    yield row("other_rate", "second clock +2000 ppm", second("scale_clock", 2000.0), WRONG)
    yield row("half_way", "second foot ends half-way", second("end_early", 0.5), WRONG)


def _other_side(*feet: Foot) -> list[Foot]:
    return [replace(foot, side=foot.side.other) for foot in feet]


def _same_twice(one: Foot, *_: object) -> list[Foot]:
    return [one, replace(one, side=one.side.other, in_time=None)]
