"""When and where each foot comes down: the sequence of steps of a run, before any curve.

How fast feet alternate and how long they stay on the ground, for a speed and a body.

Running to 14 km/h: regression of Malisoux et al. 2023 (860 recreational runners). Faster: bent
so that a sprint at 9 m/s has about 4.4 steps/s and 0.11 s of contact. Walking: step rate grows
with about the square root of speed, duty factor falls slowly. Start of a
sprint: 4 steps/s at once and contacts that shorten from 0.18 to 0.11 s, as is reported of starts.

Stride-to-stride variability with a long memory: fractional Gaussian noise.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gait.model import Activity, Side
from gait.model.units import RAD_PER_DEG
from gait.simulate.runner import FASTEST_BRISK_WALK_M_S, FASTEST_WALK_M_S, TREAD_M, Runner, Segment


def long_memory_noise(n: int, alpha: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """n values of fractional Gaussian noise, unit variance, DFA exponent `alpha` in (0, 1).

    Circulant embedding of the exact autocovariance (Davies & Harte, Biometrika 1987).
    """
    m = max(n, 2)
    lag = np.arange(m + 1, dtype=np.float64)
    two_h = 2.0 * alpha
    covariance = 0.5 * (np.abs(lag - 1.0) ** two_h - 2.0 * lag**two_h + (lag + 1.0) ** two_h)
    circulant = np.concatenate([covariance, covariance[-2:0:-1]])
    power = np.maximum(np.fft.fft(circulant).real, 0.0)
    size = len(circulant)
    white = rng.standard_normal(size) + 1j * rng.standard_normal(size)
    return np.fft.fft(np.sqrt(power / size) * white).real[:n]


_REGRESSION_TOP_M_S = 14.0 / 3.6
_SLOWEST_RUN_M_S = 7.0 / 3.6


def run_cadence_spm(runner: Runner, speed_m_s: float) -> float:
    """Steps per minute of both feet when running at a speed."""
    v = max(speed_m_s, _SLOWEST_RUN_M_S)
    expected = _expected_run_cadence(runner, v)
    if runner.cadence_spm is None:
        return expected * (1.0 + runner.cadence_pct / 100.0)
    return runner.cadence_spm


def _expected_run_cadence(runner: Runner, v: float) -> float:
    linear = 203.056 + 0.193 * runner.age_years - 44.242 * runner.height_m + 3.067 * 3.6 * v
    return linear + 1.2 * max(v - _REGRESSION_TOP_M_S, 0.0) ** 2


def run_contact_s(runner: Runner, speed_m_s: float) -> float:
    """Time a running foot is on the ground, seconds."""
    if runner.contact_ms is not None:
        return runner.contact_ms / 1000.0
    v = max(speed_m_s, _SLOWEST_RUN_M_S)
    v_regression = min(v, _REGRESSION_TOP_M_S)
    linear_ms = (
        259.01 + 0.855 * runner.mass_kg + 77.122 * runner.height_m - 17.314 * 3.6 * v_regression
    )
    expected_s = linear_ms / 1000.0 * (v_regression / v) ** 0.85
    return expected_s * (1.0 + runner.contact_pct / 100.0)


def sprint_cadence_spm(runner: Runner, speed_m_s: float) -> float:
    """Steps per minute of both feet while speeding up from a start: quick from the first on."""
    return (228.0 + 5.0 * speed_m_s) * (1.0 + runner.cadence_pct / 100.0)


def sprint_contact_s(runner: Runner, speed_m_s: float) -> float:
    """Time a sprinting foot is on the ground, seconds: 0.18 at first, 0.11 at 9 m/s."""
    return (0.085 + 0.26 / (speed_m_s + 1.0)) * (1.0 + runner.contact_pct / 100.0)


def walk_cadence_spm(runner: Runner, speed_m_s: float) -> float:
    """Steps per minute of both feet when walking at a speed."""
    if runner.walk_cadence_spm is not None:
        return runner.walk_cadence_spm
    return 110.0 * (max(speed_m_s, 0.4) / 1.25) ** 0.45 * (1.75 / runner.height_m) ** 0.5


def walk_duty(runner: Runner, speed_m_s: float) -> float:
    """Share of the stride that a walking foot is on the ground."""
    if runner.walk_duty_pct is not None:
        return runner.walk_duty_pct / 100.0
    return min(max(0.655 - 0.035 * speed_m_s, 0.55), 0.65)


_ACCELERATION_M_S2 = 1.3
_BRAKING_M_S2 = {"stop": 2.2}
_LAST_STEP_M_S = 0.55
_FIRST_STEP_S = 0.45  # from the decision to move to the first toe-off, at least
_SPRINT_FIRST_M_S = 1.8
_SPRINT_S = 1.25  # in which the way to the top speed shortens to 37 %
_SPRINT_TOE_DOWN_DEG = 6.0  # how much more the toes point down at the first steps
_HALF_WIDTH_M = {Activity.RUN: 0.035, Activity.WALK: 0.055}


@dataclass
class Step:
    """One foot on the ground. Times in s, place in m, angles in rad; None: before or after all.

    `ic_s` None: the foot stands from the start. `tc_s` None: it stands to the end. `place` is
    where the middle of the foot rests, `slope` the ground's angle along the foot, `rise_m` the
    height of the stair it comes by. The foot is turned up by `drop` more than `strike` at `ready_s`
    before contact (0: as usual). `sprint`: a step of a start.
    """

    side: Side
    activity: Activity
    ic_s: float | None
    tc_s: float | None
    speed_m_s: float
    place: tuple[float, float, float]
    yaw: float
    slope: float
    strike: float = 0.0
    excursion: float = 0.0
    roll: float = 0.0
    hardness: float = 1.0  # of the landing, 1 usual
    rise_m: float = 0.0
    ready_s: float = 0.0
    drop: float = 0.0
    sprint: bool = False


@dataclass
class _Noise:
    """Long-memory deviations, one per step, of what the names say."""

    step_time: np.ndarray
    contact: np.ndarray
    strike: np.ndarray
    excursion: np.ndarray
    roll: np.ndarray
    hardness: np.ndarray
    toe_out: np.ndarray
    aside: np.ndarray
    ready: np.ndarray
    drop: np.ndarray

    @classmethod
    def draw(cls, n: int, runner: Runner, rng: np.random.Generator) -> "_Noise":
        steps = [long_memory_noise(n, runner.memory_alpha, rng) for _ in range(10)]
        cv = runner.stride_cv_pct / 100.0
        degree = RAD_PER_DEG * min(cv / 0.012, 2.0)
        # Two long-memory steps of 1 sd each make a stride of (2^alpha)/2 sd in relative terms.
        step_cv = cv * 2.0 ** (1.0 - runner.memory_alpha)
        return cls(
            step_time=np.clip(step_cv * steps[0], -0.12, 0.12),
            contact=np.clip(1.4 * cv * steps[1], -0.15, 0.15),
            strike=1.2 * degree * steps[2],
            excursion=1.0 * degree * steps[3],
            roll=0.8 * degree * steps[4],
            hardness=np.clip(8.0 * cv * steps[5], -0.4, 0.4),
            toe_out=0.8 * degree * steps[6],
            aside=0.6 * cv * steps[7],
            ready=np.clip(5.0 * cv * steps[8], -0.4, 0.4),
            drop=np.clip(10.0 * cv * steps[9], -0.4, 0.4),
        )


@dataclass
class _Walker:
    """The state while steps are laid out."""

    runner: Runner
    t: float = 0.0
    speed: float = 0.0
    at: np.ndarray = field(default_factory=lambda: np.zeros(3))
    heading: float = 0.0


def plan_steps(runner: Runner, segments: Sequence[Segment], rng: np.random.Generator) -> list[Step]:
    """All steps of both feet in order of contact, two standing feet first.

    Steps go a little past the end, so that the last stride has its next contact.
    """
    ends = np.cumsum([segment.duration_s for segment in segments])
    end = float(ends[-1])
    noise = _Noise.draw(int(end * 6) + 64, runner, rng)
    walker = _Walker(runner)
    stood = [_standing(walker, side) for side in (Side.RIGHT, Side.LEFT)]
    steps = list(stood)
    moving = False
    while walker.t < end:
        segment = segments[min(int(np.searchsorted(ends, walker.t, side="right")), len(ends) - 1)]
        if segment.speed_m_s == 0.0 and not moving:
            walker.t = float(ends[int(np.searchsorted(ends, walker.t, side="right"))])
            continue
        moving = _next_step(walker, segment, steps, noise, starting=not moving)
    if moving:
        last = segments[-1]
        for _ in range(3):
            _next_step(walker, last, steps, noise, starting=False, may_stop=False)
    _set_contacts(runner, steps, noise)
    return steps


def _next_step(
    walker: _Walker,
    segment: Segment,
    steps: list[Step],
    noise: _Noise,
    *,
    starting: bool,
    may_stop: bool = True,
) -> bool:
    """Append the next step; False when it was the last before standing."""
    index = len(steps)
    side = steps[-1].side.other
    aim = segment.speed_m_s
    if starting:
        walker.speed = _first_speed(segment)
    running = _runs(segment, walker.speed, steps[-1].activity)
    activity = Activity.RUN if running else Activity.WALK
    sprint = segment.kind == "sprint"
    step_s = _step_time(walker.runner, walker.speed, activity, side, sprint=sprint)
    if segment.kind == "stairs":
        step_s = TREAD_M / walker.speed
    step_s *= 1.0 + noise.step_time[index % len(noise.step_time)]
    stopping = may_stop and aim == 0.0 and walker.speed <= _LAST_STEP_M_S
    if starting:
        walker.t += _FIRST_STEP_S + step_s
    walker.t += step_s
    if not stopping:
        walker.heading += math.radians(segment.turn_deg) * step_s / segment.duration_s
        _advance(walker, walker.speed * step_s, segment.slope)
        walker.at[2] += segment.rise_m
    step = _contact(walker, side, activity, segment, noise, index)
    steps.append(step)
    speed_up = max(_ACCELERATION_M_S2, 0.35 * aim)  # a sprinter starts faster
    brake = _BRAKING_M_S2.get(segment.kind, _ACCELERATION_M_S2)
    change = aim - walker.speed
    if sprint and change > 0.0:
        walker.speed += change * -math.expm1(-step_s / _SPRINT_S)
    else:
        walker.speed += min(max(change, -brake * step_s), speed_up * step_s)
    walker.speed = max(walker.speed, 0.5 * _LAST_STEP_M_S)
    return not stopping


def _first_speed(segment: Segment) -> float:
    if segment.kind == "sprint":
        return _SPRINT_FIRST_M_S
    return min(segment.speed_m_s, 1.3 if segment.kind == "run" else 0.65 * segment.speed_m_s)


def _runs(segment: Segment, speed: float, before: Activity) -> bool:
    """Who walks already walks on at a speed at which others run."""
    if segment.kind in ("run", "sprint"):
        return True
    usual = max(FASTEST_WALK_M_S, segment.speed_m_s)
    return speed > (FASTEST_BRISK_WALK_M_S if before is Activity.WALK else usual)


def _step_time(
    runner: Runner, speed: float, activity: Activity, side: Side, *, sprint: bool = False
) -> float:
    cadence = run_cadence_spm if activity is Activity.RUN else walk_cadence_spm
    if sprint:
        cadence = sprint_cadence_spm
    sign = 1.0 if side is Side.LEFT else -1.0
    return 60.0 / cadence(runner, speed) * (1.0 + sign * runner.step_asymmetry_pct / 200.0)


def _advance(walker: _Walker, distance: float, slope: float) -> None:
    angle = math.atan(slope)
    walker.at = walker.at + distance * np.array(
        [
            math.cos(angle) * math.cos(walker.heading),
            math.cos(angle) * math.sin(walker.heading),
            math.sin(angle),
        ]
    )


def _beside(
    walker: _Walker, side: Side, activity: Activity, aside_m: float = 0.0
) -> tuple[float, float, float]:
    offset = _HALF_WIDTH_M[activity] * (1.0 if side is Side.LEFT else -1.0) + aside_m
    x, y, z = walker.at
    return (
        float(x - offset * math.sin(walker.heading)),
        float(y + offset * math.cos(walker.heading)),
        float(z),
    )


def _yaw(walker: _Walker, side: Side) -> float:
    toe_out = walker.runner.toe_out_deg * RAD_PER_DEG
    return walker.heading + (toe_out if side is Side.LEFT else -toe_out)


def _standing(walker: _Walker, side: Side) -> Step:
    place = _beside(walker, side, Activity.WALK)
    return Step(side, Activity.WALK, None, None, 0.0, place, _yaw(walker, side), 0.0)


def _contact(
    walker: _Walker, side: Side, activity: Activity, segment: Segment, noise: _Noise, index: int
) -> Step:
    runner = walker.runner
    i = index % len(noise.strike)
    ready_s = drop = 0.0
    if activity is Activity.RUN:
        strike, share = runner.foot_strike_deg, 1.0
        if segment.kind == "sprint":
            strike -= _SPRINT_TOE_DOWN_DEG * max(1.0 - walker.speed / segment.speed_m_s, 0.0)
        if runner.ready_ms > 0.0:
            ready_s = runner.ready_ms / 1000.0 * (1.0 + float(noise.ready[i]))
            drop = runner.ready_drop_deg * RAD_PER_DEG * (1.0 + float(noise.drop[i]))
    elif segment.kind == "stairs":  # up on the whole foot, down on the forefoot
        strike, share = (3.0 if segment.rise_m > 0.0 else -12.0), 0.75
    else:
        strike, share = 14.0 + 6.0 * min(walker.speed, 1.6), 0.75
        if runner.walk_strike_deg is not None:
            strike = runner.walk_strike_deg
    excursion = share * runner.pronation_deg(side) * RAD_PER_DEG
    return Step(
        side=side,
        activity=activity,
        ic_s=walker.t,
        tc_s=None,
        speed_m_s=walker.speed,
        place=_beside(walker, side, activity, float(noise.aside[i])),
        yaw=_yaw(walker, side) + float(noise.toe_out[i]),
        slope=math.atan(segment.slope),
        strike=strike * RAD_PER_DEG + float(noise.strike[i]),
        excursion=max(excursion + float(noise.excursion[i]), 0.1 * excursion),
        roll=share * runner.roll_at_contact_deg * RAD_PER_DEG + float(noise.roll[i]),
        hardness=1.0 + float(noise.hardness[i]),
        rise_m=segment.rise_m,
        ready_s=ready_s,
        drop=drop,
        sprint=segment.kind == "sprint",
    )


def _set_contacts(runner: Runner, steps: list[Step], noise: _Noise) -> None:
    """Terminal contacts, known once the same foot's next contact is."""
    last_of: dict[Side, int] = {}
    for i, step in enumerate(steps):
        j = last_of.get(step.side)
        if j is not None:
            _set_contact(runner, steps, j, i, float(noise.contact[j % len(noise.contact)]))
        last_of[step.side] = i


def _set_contact(runner: Runner, steps: list[Step], j: int, i: int, deviation: float) -> None:
    step, following = steps[j], steps[i]
    other = steps[i - 1] if i else following
    assert following.ic_s is not None
    walks = Activity.WALK in (following.activity, other.activity, step.activity)
    step_s = _step_time(
        runner, following.speed_m_s, following.activity, following.side, sprint=following.sprint
    )
    stands = step.ic_s is None or following.ic_s - step.ic_s > 4.0 * step_s
    stride = 2.0 * step_s if step.ic_s is None or stands else following.ic_s - step.ic_s
    if walks and following.activity is Activity.WALK:
        contact = walk_duty(runner, following.speed_m_s) * stride
    else:
        usual_s = run_contact_s(runner, following.speed_m_s)
        if following.sprint:  # at a start, one step is much faster than the one before
            usual_s = sprint_contact_s(runner, (step if step.sprint else following).speed_m_s)
        contact = min(usual_s, 0.47 * stride)
    sign = 1.0 if step.side is Side.LEFT else -1.0
    hours = following.ic_s / 3600.0
    contact *= 1.0 + sign * runner.contact_asymmetry_pct / 200.0 + deviation
    contact *= 1.0 + runner.fatigue_pct_per_h / 100.0 * hours
    step.tc_s = following.ic_s - (stride - contact)
