"""Named scenarios for the demo, the recordings and the tests.

Runners drawn so wide that real feet lie inside: for rules that must hold for everybody.

    for seed in range(20):
        scenario = wide_scenario(seed, 20.0)
        feet = simulate(scenario.runner, scenario.segments, seed=seed)

The same seed is the same runner. Every value is drawn evenly from a range that reaches a little
beyond what is seen in people; nothing ties them together but what feet cannot do.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.random import Generator

from gait.model import UsageError
from gait.simulate.runner import Runner, Scenario, Segment

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


def _steady(name: str, runner: Runner, kind: str, speed_m_s: float, duration_s: float) -> Scenario:
    stand = Segment(kind="stand", duration_s=3.0)
    if kind == "walk":
        move = Segment(kind="walk", duration_s=duration_s, speed_m_s=speed_m_s)
    else:
        move = Segment(kind="run", duration_s=duration_s, speed_m_s=speed_m_s)
    return Scenario(name=name, runner=runner, segments=(stand, move))


def easy_run(duration_s: float = 60.0) -> Scenario:
    """Standing for 3 s, then an easy run at 2.8 m/s."""
    runner = Runner(contact_asymmetry_pct=1.0, pronation_right_deg=9.0)
    return _steady("easy_run", runner, "run", 2.8, duration_s)


def run_walk_run(duration_s: float = 60.0) -> Scenario:
    """Run, walk and run again, a third each, after 3 s of standing and before a stop."""
    third = duration_s / 3.0
    segments = (
        Segment(kind="stand", duration_s=3.0),
        Segment(kind="run", duration_s=third, speed_m_s=3.0),
        Segment(kind="walk", duration_s=third, speed_m_s=1.4),
        Segment(kind="run", duration_s=third, speed_m_s=3.2),
        Segment(kind="stop", duration_s=4.0),
    )
    return Scenario(
        name="run_walk_run", runner=Runner(height_m=1.68, mass_kg=60), segments=segments
    )


def pronation_left(duration_s: float = 60.0) -> Scenario:
    """A run at 3 m/s that pronates strongly on the left foot only."""
    runner = Runner(pronation_left_deg=19.0, pronation_right_deg=9.0, foot_strike_deg=18.0)
    return _steady("pronation_left", runner, "run", 3.0, duration_s)


def sprint(duration_s: float = 10.0) -> Scenario:
    """A forefoot sprint at 8.5 m/s, speeding up over the first seconds."""
    runner = Runner(height_m=1.80, mass_kg=74, foot_strike_deg=-6.0, roll_at_contact_deg=-9.0)
    return _steady("sprint", runner, "run", 8.5, duration_s)


def midfoot(duration_s: float = 60.0) -> Scenario:
    """A midfoot striker at 3.6 m/s."""
    return _steady("midfoot", Runner(foot_strike_deg=2.5), "run", 3.6, duration_s)


def walk(duration_s: float = 60.0) -> Scenario:
    """An ordinary walk at 1.3 m/s."""
    return _steady("walk", Runner(), "walk", 1.3, duration_s)


def slow_forefoot(duration_s: float = 60.0) -> Scenario:
    """A forefoot striker at 2.2 m/s, where most land on the heel."""
    runner = Runner(foot_strike_deg=-7.0, roll_at_contact_deg=-9.0)
    return _steady("slow_forefoot", runner, "run", 2.2, duration_s)


def slow_flat(duration_s: float = 60.0) -> Scenario:
    """Somebody who shuffles along at 2.1 m/s on flat feet."""
    runner = Runner(foot_strike_deg=1.5, touchdown=0.8, push_off_deg=-6.0)
    return _steady("slow_flat", runner, "run", 2.1, duration_s)


def held_ready(duration_s: float = 60.0) -> Scenario:
    """An easy run on feet that are turned up 58 ms before contact and lowered by 6°."""
    runner = Runner(foot_strike_deg=7.0, ready_ms=58.0, ready_drop_deg=6.0)
    return _steady("held_ready", runner, "run", 2.8, duration_s)


def toe_out(duration_s: float = 60.0) -> Scenario:
    """A heel striker whose feet point outwards by 18°, turned below the knee."""
    runner = Runner(
        foot_strike_deg=20.0,
        toe_out_deg=18.0,
        twist_pct=100.0,
        pronation_left_deg=12.0,
        pronation_right_deg=12.0,
    )
    return _steady("toe_out", runner, "run", 3.0, duration_s)


def late_heel_rise(duration_s: float = 60.0) -> Scenario:
    """A run at 3 m/s in which the whole foot stays on the ground for 58 % of contact."""
    return _steady("late_heel_rise", Runner(heel_rise_pct=58.0), "run", 3.0, duration_s)


def soft_shoes(duration_s: float = 60.0) -> Scenario:
    """A run at 3 m/s in shoes that give way slowly."""
    runner = Runner(cushion=1.7, resonance_hz=20.0, resonance_damping=0.4, impact_severity=0.7)
    return _steady("soft_shoes", runner, "run", 3.0, duration_s)


def hard_shoes(duration_s: float = 60.0) -> Scenario:
    """A run at 3 m/s in shoes without cushioning, that ring."""
    runner = Runner(cushion=0.5, resonance_hz=110.0, resonance_damping=0.1, impact_severity=1.5)
    return _steady("hard_shoes", runner, "run", 3.0, duration_s)


def uphill(duration_s: float = 60.0) -> Scenario:
    """A run at 2.4 m/s up a slope of 10 %, on flat feet."""
    runner = Runner(foot_strike_deg=2.0, contact_pct=5.0, cadence_pct=2.0, push_off_deg=5.0)
    return _sloping("uphill", runner, 2.4, 0.10, duration_s)


def downhill(duration_s: float = 60.0) -> Scenario:
    """A run at 3.4 m/s down a slope of 10 %, hard on the heels."""
    runner = Runner(foot_strike_deg=24.0, touchdown=1.3, impact_severity=1.3, push_off_deg=-5.0)
    return _sloping("downhill", runner, 3.4, -0.10, duration_s)


def _sloping(
    name: str, runner: Runner, speed_m_s: float, slope: float, duration_s: float
) -> Scenario:
    stand = Segment(kind="stand", duration_s=3.0)
    run = Segment(kind="run", duration_s=duration_s, speed_m_s=speed_m_s, slope=slope)
    return Scenario(name=name, runner=runner, segments=(stand, run))


def sprint_start(duration_s: float = 10.0) -> Scenario:
    """From standing towards 8.5 m/s as fast as legs can, heels off the ground."""
    runner = Runner(
        height_m=1.80,
        mass_kg=74,
        foot_strike_deg=-7.0,
        roll_at_contact_deg=-9.0,
        heel_up_deg=5.0,
    )
    stand = Segment(kind="stand", duration_s=3.0)
    start = Segment(kind="sprint", duration_s=duration_s, speed_m_s=8.5)
    return Scenario(name="sprint_start", runner=runner, segments=(stand, start))


def brisk_walk(duration_s: float = 60.0) -> Scenario:
    """Walking at 2.4 m/s with 154 steps/min, a foot on the ground for 53 % of its stride."""
    runner = Runner(
        walk_cadence_spm=154.0,
        walk_duty_pct=53.0,
        walk_strike_deg=33.0,
        slap=1.5,
        touchdown=0.8,
        impact_severity=0.6,
    )
    return _steady("brisk_walk", runner, "walk", 2.4, duration_s)


PRESETS: dict[str, Callable[[float], Scenario]] = {
    "easy_run": easy_run,
    "run_walk_run": run_walk_run,
    "pronation_left": pronation_left,
    "sprint": sprint,
    "midfoot": midfoot,
    "walk": walk,
    "brisk_walk": brisk_walk,
    "slow_forefoot": slow_forefoot,
    "slow_flat": slow_flat,
    "held_ready": held_ready,
    "toe_out": toe_out,
    "late_heel_rise": late_heel_rise,
    "soft_shoes": soft_shoes,
    "hard_shoes": hard_shoes,
    "uphill": uphill,
    "downhill": downhill,
    "sprint_start": sprint_start,
}


def preset(name: str, duration_s: float = 60.0, *, seed: int = 1) -> Scenario:
    """The scenario of this name; `seed` draws the runner of `wide`.

    UsageError lists the names there are.
    """
    if name == WIDE:
        return wide_scenario(seed, duration_s)
    if name not in PRESETS:
        raise UsageError(f"No scenario is called {name!r}; there are {', '.join(PRESETS)}, {WIDE}.")
    return PRESETS[name](duration_s)
