"""Who runs: the few numbers that decide how a virtual runner's feet move."""

from dataclasses import dataclass

from gait.model import Side, UsageError


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
)
