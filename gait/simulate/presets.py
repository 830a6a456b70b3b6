"""Named scenarios for the demo, the recordings and the tests."""

from collections.abc import Callable

from gait.model import UsageError
from gait.simulate.runner import Runner
from gait.simulate.scenario import Scenario, Segment


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


PRESETS: dict[str, Callable[[float], Scenario]] = {
    "easy_run": easy_run,
    "run_walk_run": run_walk_run,
    "pronation_left": pronation_left,
    "sprint": sprint,
    "midfoot": midfoot,
    "walk": walk,
}


def preset(name: str, duration_s: float = 60.0) -> Scenario:
    """The scenario of this name; UsageError lists the names there are."""
    if name not in PRESETS:
        raise UsageError(f"No scenario is called {name!r}; there are {', '.join(PRESETS)}.")
    return PRESETS[name](duration_s)
