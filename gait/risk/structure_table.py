"""The structures of the evidence table: what is taken from a landing for each, and how it adds up.

Data (`structures:` in evidence.yaml), checked like the rest of the table: a formula by its name
with exactly its coefficients, the speeds in which it holds, and how landings are added.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from gait.model.arrays import Bools, Floats

RISES_WITH = ("speed", "forefoot")
VIEWS = ("load", "wear", "landings")
ANY_SPEED = (0.0, math.inf)


@dataclass(frozen=True, slots=True)
class Landings:
    """What the formulas ask of (n,) strides: speed in m/s, contact and flight of a step in s."""

    speed_m_s: Floats
    contact_s: Floats
    flight_s: Floats


Coefficients = Mapping[str, float]
Estimate = Callable[[Coefficients, Landings], Floats]


def _line(of: Coefficients, landings: Landings) -> Floats:
    """Peak force in body weights, along a line of speed."""
    return of["at_rest"] + of["per_m_s"] * landings.speed_m_s


def _growth(of: Coefficients, landings: Landings) -> Floats:
    """Peak strain as a part of that at one speed, growing by a share for each m/s."""
    return 1.0 + of["per_m_s"] * (landings.speed_m_s - of["from_m_s"])


def _half_sine(of: Coefficients, landings: Landings) -> Floats:
    """Peak vertical force in body weights (Morin 2005); NaN where both feet were on the ground."""
    del of
    flight = np.where(landings.flight_s >= 0.0, landings.flight_s, np.nan)
    return 0.5 * np.pi * (flight / landings.contact_s + 1.0)


def _landings(of: Coefficients, landings: Landings) -> Floats:
    """Every landing counts as one."""
    del of
    return np.ones_like(landings.speed_m_s)


FORMULAS: Mapping[str, tuple[tuple[str, ...], Estimate]] = {
    "line": (("at_rest", "per_m_s"), _line),
    "growth": (("per_m_s", "from_m_s"), _growth),
    "half_sine": ((), _half_sine),
    "landings": ((), _landings),
}


@dataclass(frozen=True, slots=True)
class View:
    """How landings add up: Σ estimate^exponent, times contact time or not."""

    exponent: float
    times_contact: bool

    def of(self, peaks: Floats, contact_s: Floats) -> Floats:
        """(n,) what each landing adds."""
        return peaks**self.exponent * (contact_s if self.times_contact else 1.0)


@dataclass(frozen=True, slots=True)
class Structure:
    """One structure. With a formula it has views; else it rises with something, or follows it.

    speeds_m_s        : from and to, in which the formula is published
    between_people_pct: how far people differ from the estimate, None where that is not told
    """

    key: str
    name: str
    formula: str
    coefficients: Coefficients
    unit: str
    speeds_m_s: tuple[float, float]
    between_people_pct: float | None
    views: Mapping[str, View]
    rises_with: tuple[str, ...]
    follows: tuple[str, ...]
    cites: tuple[str, ...]
    found: str
    but: str

    def peaks(self, landings: Landings) -> Floats:
        """(n,) the estimate of each landing, NaN where the formula does not hold."""
        found = FORMULAS[self.formula][1](self.coefficients, landings)
        return np.where(self.holds_at(landings.speed_m_s), found, np.nan)

    def holds_at(self, speed_m_s: Floats) -> Bools:
        """(n,) whether the formula is published for such a speed."""
        low, high = self.speeds_m_s
        return (speed_m_s >= low) & (speed_m_s <= high)


@dataclass(frozen=True, slots=True)
class StructureTable:
    """All structures, what an easy kilometre is, and the words."""

    version: str
    grade: str
    statement: str
    easy_speed_m_s: float
    easy_runs: int
    easy_days: float
    easy_share: float
    most_outside: float
    spike: float
    words: Mapping[str, str]
    each: Mapping[str, Structure]
