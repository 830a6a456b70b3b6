"""Runners drawn so wide that real feet lie inside: for rules that must hold for everybody.

    for seed in range(20):
        scenario = wide_scenario(seed, 20.0)
        feet = simulate(scenario.runner, scenario.segments, seed=seed)

The same seed is the same runner. Every value is drawn evenly from a range that reaches a little
beyond what is seen in people; nothing ties them together but what feet cannot do.
"""

from typing import Literal

import numpy as np
from numpy.random import Generator

from gait.simulate.runner import Runner
from gait.simulate.scenario import Scenario, Segment

Who = Literal["heel", "flat", "forefoot", "walk", "sprint"]
SHARES: dict[Who, float] = {
    "heel": 0.35,
    "flat": 0.2,
    "forefoot": 0.2,
    "walk": 0.17,
    "sprint": 0.08,
}
WIDE = "wide"  # the name of such a scenario

# Lowest and highest. Who lands how, and how fast (m/s).
STRIKE_DEG: dict[str, tuple[float, float]] = {
    "heel": (8.0, 38.0),
    "flat": (-1.6, 8.0),
    "forefoot": (-14.0, -1.6),
}
RUN_M_S = (1.8, 5.5)
SPRINT_M_S = (6.0, 10.0)
WALK_M_S = (0.8, 2.5)
SLOPE = (-0.1, 0.1)
EVERYBODY: dict[str, tuple[float, float]] = {
    "height_m": (1.50, 1.98),
    "mass_kg": (45.0, 105.0),
    "age_years": (15.0, 75.0),
    "pronation_left_deg": (3.0, 20.0),
    "pronation_right_deg": (3.0, 20.0),
    "roll_at_contact_deg": (-14.0, 1.0),
    "toe_out_deg": (-3.0, 18.0),
    "twist_pct": (0.0, 100.0),
    "contact_asymmetry_pct": (-6.0, 6.0),
    "step_asymmetry_pct": (-4.0, 4.0),
    "stride_cv_pct": (0.5, 2.5),
    "eversion_pace": (0.7, 1.25),
    "touchdown": (0.4, 1.5),
    "slide": (0.4, 1.4),
    "push_off_deg": (-14.0, 8.0),
    "fold": (0.75, 1.1),
    "push_evenness": (0.0, 1.0),
    "cushion": (0.5, 1.7),
    "resonance_hz": (18.0, 120.0),
    "resonance_damping": (0.08, 0.45),
    "impact_severity": (0.0, 1.8),
}
RUNNERS: dict[str, tuple[float, float]] = {
    "cadence_pct": (-9.0, 12.0),
    "contact_pct": (-16.0, 16.0),
    "slap": (0.75, 1.3),
}
HEEL_RISE_PCT = (40.0, 60.0, 46.0)  # the latest at the slowest and at the fastest run
READY_MS = (3.0, 72.0)
LOWERED_DEG_S = {"run": (20.0, 170.0), "sprint": (60.0, 400.0)}  # on average
MOST_LOWERED_DEG = {"run": 9.0, "sprint": 18.0}
HEEL_UP_DEG = (0.0, 8.0)


def wide_scenario(seed: int, duration_s: float = 30.0, who: Who | None = None) -> Scenario:
    """Somebody standing for 3 s and then moving on for `duration_s`, drawn by `seed`.

    Half of the runners hold their feet ready before they land, half let the heel rise late, a third
    run up or down a slope. `who` None draws that, too.
    """
    rng = np.random.default_rng([seed, 77])
    drawn = str(rng.choice(list(SHARES), p=list(SHARES.values())))
    kind = drawn if who is None else who
    values = {name: _draw(rng, *ends) for name, ends in EVERYBODY.items()}
    stand = Segment(kind="stand", duration_s=3.0)
    if kind == "walk":
        speed = _draw(rng, *WALK_M_S)
        return _scenario(_walker(values, speed, rng), stand, "walk", speed, 0.0, duration_s)
    values |= {name: _draw(rng, *ends) for name, ends in RUNNERS.items()}
    lands = "forefoot" if kind == "sprint" else kind
    values["foot_strike_deg"] = _draw(rng, *STRIKE_DEG[lands])
    if rng.random() < 0.5:
        how = "sprint" if kind == "sprint" else "run"
        values["ready_ms"] = _draw(rng, *READY_MS)
        falls = _draw(rng, *LOWERED_DEG_S[how]) * values["ready_ms"] / 1000.0
        values["ready_drop_deg"] = min(max(falls, 0.05), MOST_LOWERED_DEG[how])
    if lands == "forefoot" and rng.random() < 0.5:
        values["heel_up_deg"] = _draw(rng, *HEEL_UP_DEG)
    slope = _draw(rng, *SLOPE) if rng.random() < 1.0 / 3.0 else 0.0
    if kind == "sprint":
        return _scenario(
            Runner(**values), stand, "sprint", _draw(rng, *SPRINT_M_S), 0.0, duration_s
        )
    speed = _draw(rng, *RUN_M_S)
    latest = float(np.interp(speed, RUN_M_S, HEEL_RISE_PCT[1:]))
    if rng.random() < 0.5:
        values["heel_rise_pct"] = _draw(rng, HEEL_RISE_PCT[0], latest)
    return _scenario(Runner(**values), stand, "run", speed, slope, duration_s)


def _walker(values: dict[str, float], speed_m_s: float, rng: Generator) -> Runner:
    """The faster, the quicker the steps and the shorter each foot is on the ground."""
    hurry = (speed_m_s - WALK_M_S[0]) / (WALK_M_S[1] - WALK_M_S[0])
    return Runner(
        **values,
        walk_cadence_spm=94.0 + 58.0 * hurry + _draw(rng, -8.0, 8.0),
        walk_duty_pct=64.0 - 10.5 * hurry + _draw(rng, -1.0, 1.5),
        walk_strike_deg=15.0 + 12.0 * hurry + _draw(rng, -7.0, 7.0),
        slap=1.0 + 0.3 * hurry + _draw(rng, -0.2, 0.2),
    )


def _scenario(
    runner: Runner,
    stand: Segment,
    kind: Literal["walk", "run", "sprint"],
    speed_m_s: float,
    slope: float,
    duration_s: float,
) -> Scenario:
    move = Segment(kind=kind, duration_s=duration_s, speed_m_s=speed_m_s, slope=slope)
    return Scenario(name=WIDE, runner=runner, segments=(stand, move))


def _draw(rng: Generator, low: float, high: float) -> float:
    return float(rng.uniform(low, high))
