"""How a runner who does not change differs from day to day, beyond speed, strides and sensor.

None of it is known of shoe sensors. Ferber et al. 2002 found excursions and velocities of 20
runners more alike between days than peak angles; Murray et al. 2018 a typical error of the
strike angle of 2.5° a week apart, filmed and rated by people, so less of it is the runner. The
rest is assumed, so every runner gets half of it, all of it or twice as much.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gait.simulate import Runner

# One standard deviation between days, of a field of the virtual runner.
DAY_SD: Mapping[str, float] = {
    "cadence_pct": 0.8,
    "contact_pct": 1.2,
    "foot_strike_deg": 1.0,
    "roll_at_contact_deg": 0.7,
    "pronation_left_deg": 0.8,
    "pronation_right_deg": 0.8,
    "impact_severity": 0.07,
    "contact_asymmetry_pct": 0.6,
    "step_asymmetry_pct": 0.4,
    "stride_cv_pct": 0.1,
}
TIMES = (0.5, 1.0, 2.0)  # as much: what a runner's days may be
ALIKE = (0.0, 0.3)  # how far a day is like the one before (correlation)
TAILS = 5  # degrees of freedom of Student's t: now and then a day is far off
FARTHEST = 4.0  # standard deviations: nobody's foot rolls backwards on a bad day

SPEED_SD_M_S = 0.2
WITHIN_RUN = (0.97, 1.0, 1.03)  # of the day's speed, a third of a run each
REMOUNTED_DEG = 4.0  # standard deviation about each axis, each time the sensor is put on
# A surface is drawn for every run: how hard a foot lands on it, and how likely it is.
SURFACES = {"road": (1.0, 0.7), "track": (0.95, 0.2), "forest": (0.88, 0.1)}

Floats = NDArray[np.float64]


def day_by_day(count: int, times: float, alike: float, rng: np.random.Generator) -> Floats:
    """(count, fields of DAY_SD): how far each day is off."""
    shape = (count, len(DAY_SD))
    off = rng.standard_t(TAILS, shape) / np.sqrt(TAILS / (TAILS - 2.0))
    for day in range(1, count):
        off[day] = alike * off[day - 1] + np.sqrt(1.0 - alike**2) * off[day]
    return times * np.clip(off, -FARTHEST, FARTHEST) * np.array(list(DAY_SD.values()))


def on_a_day(runner: Runner, off: Floats, hardness: float) -> Runner:
    """The runner with a row of `day_by_day` added, on ground of this hardness."""
    today = {name: getattr(runner, name) + float(by) for name, by in zip(DAY_SD, off, strict=True)}
    today["impact_severity"] = max(today["impact_severity"] * hardness, 0.05)
    today["stride_cv_pct"] = max(today["stride_cv_pct"], 0.3)
    return replace(runner, **today)


def any_runner(rng: np.random.Generator) -> Runner:
    """Somebody who lands on the heel or the middle of the foot, as most do."""
    ranges = {
        "height_m": (1.55, 1.92),
        "mass_kg": (50.0, 90.0),
        "age_years": (20.0, 60.0),
        "foot_strike_deg": (4.0, 22.0),
        "cadence_pct": (-4.0, 4.0),
        "contact_pct": (-5.0, 5.0),
        "pronation_left_deg": (7.0, 13.0),
        "pronation_right_deg": (7.0, 13.0),
        "roll_at_contact_deg": (-9.0, -4.0),
        "contact_asymmetry_pct": (-2.0, 2.0),
        "step_asymmetry_pct": (-1.5, 1.5),
        "stride_cv_pct": (1.0, 1.8),
        "toe_out_deg": (2.0, 12.0),
        "resonance_hz": (35.0, 65.0),
        "impact_severity": (0.7, 1.2),
    }
    return Runner(**{name: float(rng.uniform(*ends)) for name, ends in ranges.items()})
