"""Made-up runs of one runner, as later runs are compared with them; drawn without the product."""

from datetime import UTC, datetime, timedelta

import numpy as np

from gait.model import Distance, PastRun, SpeedBin

FIRST = datetime(2026, 1, 5, 7, 30, tzinfo=UTC)
GEAR = "shoe A; left sensor 1 lace; right sensor 2 lace"

# measure → its usual value, how it follows speed (per m/s), how much a stride differs from the
# next, and how much a run differs from the next where nothing has changed
FEET = {
    "contact_ms": (255.0, -60.0, 7.0, 3.5),
    "strike_angle_deg": (12.0, 1.5, 2.5, 1.1),
    "roll_at_ic_standing_deg": (-6.0, 0.0, 1.5, 1.3),
    "pronation_excursion_deg": (10.0, 1.0, 1.5, 0.8),
    "pronation_velocity_deg_s": (400.0, 80.0, 40.0, 25.0),
    "everted_pct": (45.0, 0.0, 8.0, 6.0),
    "roll_variability_deg": (1.4, 0.0, 1.3, 0.13),
    "impact_g": (9.0, 2.0, 1.0, 0.6),
}
RUNNER = {
    "cadence_spm": (168.0, 9.0, 2.0, 1.2),
    "symmetry_contact_pct": (1.0, 0.0, 4.0, 0.8),
}
BY_SIDE = {"left": FEET, "right": FEET, "both": RUNNER}


def wandering(number, rng, kind="normal"):
    """(number,) how far runs of a runner are off, in standard deviations.

    `heavy`: some days are far off (Student's t of 5); `slow`: a day resembles the one before.
    """
    if kind == "heavy":
        return rng.standard_t(5, number) / np.sqrt(5.0 / 3.0)
    steps = rng.standard_normal(number)
    if kind == "slow":
        for i in range(1, number):
            steps[i] = 0.3 * steps[i - 1] + np.sqrt(1.0 - 0.3**2) * steps[i]
    return steps


def draw_runs(number, seed, *, kind="normal", every_days=2.0, spread=0.12, larger=1.0, shifts=None):
    """`number` runs of one runner at about 3 m/s, the oldest first.

    spread : of the runs' speeds, m/s
    larger : how many times the usual differences from run to run
    shifts : (side, measure) → (number,) what is added to it in each run
    """
    rng = np.random.default_rng(seed)
    off = {
        (side, m): larger * sd * wandering(number, rng, kind)
        for side, table in BY_SIDE.items()
        for m, (_, _, _, sd) in table.items()
    }
    for key, added in (shifts or {}).items():
        off[key] = off[key] + added
    speeds = 3.0 + spread * rng.standard_normal(number)
    return [
        run_at(speeds[i], {key: values[i] for key, values in off.items()}, day=every_days * i)
        for i in range(number)
    ]


def run_at(speed, off, *, day=0.0, gear=GEAR, strides=600):
    """A run whose strides are spread around `speed`; `off`: (side, measure) → how far it is off."""
    lows = 0.25 * np.arange(4, 24)
    share = np.exp(-0.5 * ((lows + 0.125 - speed) / 0.12) ** 2)
    counts = np.round(strides * share / share.sum()).astype(int)
    bins = {}
    for side, table in BY_SIDE.items():
        bins[side] = [
            one_bin(float(low), int(n), speed, table, side, off)
            for low, n in zip(lows, counts, strict=True)
            if n >= 20
        ]
    started = (FIRST + timedelta(days=day)).isoformat()
    far = Distance(metres=5000.0, uncertainty=200.0)
    return PastRun(
        key=f"run-{day}",
        started_at=started,
        gear=gear,
        duration_s=1800.0,
        distance=far,
        speed_bins=bins,
    )


def one_bin(low, n, speed, table, side, off):
    # strides in a bin are nearer to the run's speed than its middle
    here = float(np.clip(0.5 * (low + 0.125) + 0.5 * speed, low, low + 0.25))
    medians = {"speed_m_s": here}
    spreads = {"speed_m_s": 0.05}
    for m, (usual, slope, stride_sd, _) in table.items():
        medians[m] = float(usual + slope * (here - 3.0) + off.get((side, m), 0.0))
        spreads[m] = stride_sd
    return SpeedBin(
        from_m_s=low, n=n, medians=medians, spreads=spreads, counts=dict.fromkeys(medians, n)
    )
