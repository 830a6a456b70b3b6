"""Who runs: the few numbers that decide how a virtual runner's feet move.

What the runner does: a list of segments, one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gait.model import Side, UsageError
from gait.model.units import RAD_PER_DEG


@dataclass(frozen=True, kw_only=True)
class Runner:
    """A virtual runner. Angles in degrees, positive toe-up and positive eversion.

    `cadence_spm` and `contact_ms` None: expected for speed and body (Malisoux et al. 2023), and
    `cadence_pct` and `contact_pct` more than that.
    `foot_strike_deg` is the angle of the sole to the ground when running feet touch it: above 8
    is a rearfoot, below −1.6 a forefoot strike (Altman & Davis 2012); walking always lands on
    the heel. Pronation excursion is measured from `roll_at_contact_deg` (negative: inverted,
    relative to standing). `contact_asymmetry_pct` is how much longer the left contact is than the
    right one, `step_asymmetry_pct` how much longer the step onto the left foot takes than that
    onto the right one. `stride_cv_pct` is the variability of stride time, `memory_alpha` its
    long memory (exponent of detrended fluctuation analysis; 0.5 is none). `fatigue_pct_per_h`
    lengthens contact over the run. `impact_severity` scales how hard a foot lands (1 usual).

    How the foot moves:

    ready_ms, ready_drop_deg : a running foot is turned up most so long before contact, and lowered
        by so much until then; with 0 ms it turns up until shortly before, as usual
    slap : scales the time in which the toes come down after a heel strike
    eversion_pace : scales the time from contact to the most everted
    touchdown, slide : scale the speeds of the foot at contact, down and forward
    cushion : scales how long the shoe takes to give way; above 1 soft, below 1 hard
    heel_rise_pct : share of contact after which the heel rises; None: 40 running, 46 walking
    heel_up_deg : the heel of a forefoot striker stays so far above the ground
    push_off_deg : the toes leave the ground so much steeper than usual
    push_evenness : the nearer to 1, the more evenly the heel of a running foot rises
    fold : scales how far the toes point down in the swing

    `toe_out_deg` is how far a foot points outwards, of which `twist_pct` is turned below the knee:
    so much the foot's long axis lies out of the plane in which the leg swings. Strike and roll
    are about the foot's own axes all the same.

    Walking: `walk_strike_deg`, `walk_cadence_spm` and `walk_duty_pct` (the share of the stride on
    the ground); None: usual for the speed.
    """

    height_m: float = 1.75
    mass_kg: float = 70.0
    age_years: float = 35.0
    foot_strike_deg: float = 16.0
    cadence_spm: float | None = None
    contact_ms: float | None = None
    cadence_pct: float = 0.0
    contact_pct: float = 0.0
    pronation_left_deg: float = 10.0
    pronation_right_deg: float = 10.0
    roll_at_contact_deg: float = -7.0
    contact_asymmetry_pct: float = 0.0
    step_asymmetry_pct: float = 0.0
    stride_cv_pct: float = 1.2
    memory_alpha: float = 0.85
    toe_out_deg: float = 6.0
    fatigue_pct_per_h: float = 0.0
    resonance_hz: float = 45.0
    resonance_damping: float = 0.2
    impact_severity: float = 1.0
    ready_ms: float = 0.0
    ready_drop_deg: float = 5.0
    heel_rise_pct: float | None = None
    heel_up_deg: float = 0.0
    slap: float = 1.0
    eversion_pace: float = 1.0
    touchdown: float = 1.0
    slide: float = 1.0
    push_evenness: float = 0.0
    fold: float = 1.0
    push_off_deg: float = 0.0
    cushion: float = 1.0
    twist_pct: float = 0.0
    walk_strike_deg: float | None = None
    walk_cadence_spm: float | None = None
    walk_duty_pct: float | None = None

    def __post_init__(self) -> None:
        for name, low, high in _LIMITS:
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise UsageError(
                    f"Runner: {name} must be between {low:g} and {high:g}, is {value}."
                )

    def pronation_deg(self, side: Side) -> float:
        """Pronation excursion of one foot when running, degrees."""
        return self.pronation_left_deg if side is Side.LEFT else self.pronation_right_deg

    @property
    def twist(self) -> float:
        """How far the long axis of a foot is turned out of the plane of swing, rad outwards."""
        return self.toe_out_deg * RAD_PER_DEG * self.twist_pct / 100.0


_LIMITS: tuple[tuple[str, float, float], ...] = (
    ("height_m", 1.2, 2.3),
    ("mass_kg", 25.0, 200.0),
    ("age_years", 5.0, 110.0),
    ("foot_strike_deg", -20.0, 40.0),
    ("cadence_spm", 120.0, 300.0),
    ("contact_ms", 80.0, 450.0),
    ("cadence_pct", -20.0, 20.0),
    ("contact_pct", -20.0, 20.0),
    ("pronation_left_deg", 0.0, 30.0),
    ("pronation_right_deg", 0.0, 30.0),
    ("roll_at_contact_deg", -20.0, 10.0),
    ("contact_asymmetry_pct", -20.0, 20.0),
    ("step_asymmetry_pct", -20.0, 20.0),
    ("stride_cv_pct", 0.0, 6.0),
    ("memory_alpha", 0.5, 0.99),
    ("toe_out_deg", -20.0, 40.0),
    ("fatigue_pct_per_h", -30.0, 30.0),
    ("resonance_hz", 15.0, 150.0),
    ("resonance_damping", 0.05, 0.9),
    ("impact_severity", 0.0, 3.0),
    ("ready_ms", 0.0, 80.0),
    ("ready_drop_deg", 0.05, 20.0),
    ("heel_rise_pct", 40.0, 65.0),
    ("heel_up_deg", 0.0, 15.0),
    ("slap", 0.6, 1.5),
    ("eversion_pace", 0.6, 1.25),
    ("touchdown", 0.3, 1.8),
    ("slide", 0.0, 1.6),
    ("push_evenness", 0.0, 1.0),
    ("fold", 0.7, 1.2),
    ("push_off_deg", -15.0, 15.0),
    ("cushion", 0.4, 1.8),
    ("twist_pct", 0.0, 100.0),
    ("walk_strike_deg", 2.0, 40.0),
    ("walk_cadence_spm", 60.0, 200.0),
    ("walk_duty_pct", 51.0, 75.0),
)


Kind = Literal["stand", "walk", "run", "sprint", "stop", "stairs"]
FASTEST_WALK_M_S = 1.9  # faster, who changes from running to walking still runs
FASTEST_BRISK_WALK_M_S = 2.6
_SPEED_M_S: dict[str, tuple[float, float]] = {
    "walk": (0.5, FASTEST_BRISK_WALK_M_S),
    "run": (1.2, 10.5),
    "sprint": (5.0, 11.0),
    "stairs": (0.3, 1.0),
}
STEEPEST_STAIR_M = 0.22
TREAD_M = 0.29


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of one kind of movement.

    `slope` is rise over run of the ground, uphill positive; `turn_deg` the change of heading
    over the whole segment, to the left positive. "stop" brakes harder than "stand" does. On
    "stairs" each step goes one stair on and `rise_m` up (negative: down), and the foot rests level;
    the speed is that over the ground. "sprint" speeds up as from a start, with quick steps from the
    first on, towards the speed given.
    Speeds change by what legs can do, so a segment begins with a few steps of transition.
    """

    kind: Kind
    duration_s: float
    speed_m_s: float = 0.0
    slope: float = 0.0
    turn_deg: float = 0.0
    rise_m: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in ("stand", "stop", *_SPEED_M_S):
            raise UsageError(
                f"A segment is stand, walk, run, sprint, stop or stairs, not {self.kind!r}."
            )
        if not self.duration_s > 0:
            raise UsageError(f"A segment must last longer than 0 s, not {self.duration_s} s.")
        low, high = _SPEED_M_S.get(self.kind, (0.0, 0.0))
        if not low <= self.speed_m_s <= high:
            raise UsageError(
                f"A {self.kind} segment's speed must be from {low:g} to {high:g} m/s, "
                f"is {self.speed_m_s:g}."
            )
        if abs(self.slope) > 0.3:
            raise UsageError(f"A slope must be within ±0.3 (30 %), is {self.slope:g}.")
        if self.rise_m != 0.0 and self.kind != "stairs":
            raise UsageError(f"Only stairs rise with each step; a {self.kind} has a slope.")
        if abs(self.rise_m) > STEEPEST_STAIR_M:
            raise UsageError(
                f"A stair must be within ±{STEEPEST_STAIR_M:g} m, is {self.rise_m:g} m."
            )


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A runner, what the runner does, and which feet carry a sensor."""

    name: str
    runner: Runner
    segments: Sequence[Segment]
    sides: tuple[Side, ...] = (Side.LEFT, Side.RIGHT)

    @property
    def duration_s(self) -> float:
        return sum(segment.duration_s for segment in self.segments)
