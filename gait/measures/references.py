"""What a session measure can be seen beside. Context, never a target.

What a healthy recreational runner of this speed and body does: published equations.

Malisoux 2023: 860 runners on an instrumented treadmill, 7–14 km/h. The coefficients were read
in a second source that quotes the paper's table; the residual spread is not in what was read,
so it is a working value (8 steps/min is supported by Luedke 2021; that of swing time is what
those of cadence and contact time give together).
"""

from dataclasses import dataclass

from gait.model.history import Body
from gait.model.strides import Activity
from gait.model.summary import Reference

SOURCE = "malisoux2023"
SLOWEST_KM_H, FASTEST_KM_H = 7.0, 14.0


@dataclass(frozen=True, slots=True)
class Norm:
    """Expected value and its spread between runners (one standard deviation), in the unit."""

    expected: float
    sd: float


@dataclass(frozen=True, slots=True)
class _Equation:
    """a + b·age (years) + f·female + h·height (m) + m·mass (kg) + v·speed (km/h)."""

    constant: float
    age: float
    female: float
    height: float
    mass: float
    speed: float
    residual_sd: float


EQUATIONS: dict[str, _Equation] = {
    "cadence_spm": _Equation(203.056, 0.193, 0.0, -44.242, 0.0, 3.067, 8.0),
    "contact_ms": _Equation(259.01, 0.0, 12.8, 77.122, 0.855, -17.314, 20.0),
    # what the paper calls flight time is the swing of the same foot: only so do its lines add up
    "swing_ms": _Equation(280.618, -0.765, -13.232, 139.558, -1.039, 3.307, 24.0),
    "duty_factor_pct": _Equation(44.446, 0.039, 1.756, 0.0, 0.121, -1.626, 2.5),
    "vertical_oscillation_mm": _Equation(36.451, -0.275, -6.749, 43.148, -0.284, 0.0, 12.0),
    "step_length_m": _Equation(-0.255, -0.001, 0.0, 0.279, 0.0, 0.083, 0.08),
}

# Adult recreational runners: mean and spread that stand in for what is not known of a body.
_AGE = (40.0, 11.0)
_FEMALE = (0.4, 0.49)
_HEIGHT = (1.74, 0.09)
_MASS = (70.0, 12.0)


def norm(measure: str, speed_m_s: float | None, body: Body | None) -> Norm | None:
    """The expectation for a measure at this speed, None where none is published.

    Speed outside 7–14 km/h is taken as the nearer end, as the lines drift apart beyond. What is
    not known of the body is taken as the mean of adult runners and widens the spread.
    """
    equation = EQUATIONS.get(measure)
    if equation is None or speed_m_s is None:
        return None
    body = body or Body()
    female = None if body.sex is None else float(body.sex == "female")
    terms = (
        (equation.age, body.age_years, _AGE),
        (equation.female, female, _FEMALE),
        (equation.height, body.height_m, _HEIGHT),
        (equation.mass, body.mass_kg, _MASS),
    )
    speed = min(FASTEST_KM_H, max(SLOWEST_KM_H, 3.6 * speed_m_s))
    expected = equation.constant + equation.speed * speed
    variance = equation.residual_sd**2
    for slope, known, (mean, sd) in terms:
        expected += slope * (mean if known is None else known)
        if known is None:
            variance += (slope * sd) ** 2
    return Norm(expected, variance**0.5)


USUAL_CADENCE_SPM = (160.0, 180.0)
UNUSUAL_SD = 1.96  # standard deviations from what is expected: nineteen in twenty are within
# Measured alike by a treadmill's force plate and a sensor on the shoe. Contact, swing and what
# follows from them are not: shoe sensors read contact 5 to 10 % short.
MEASURED_ALIKE = ("cadence_spm", "step_length_m")


@dataclass(frozen=True, slots=True)
class Situation:
    """What the expectation depends on: running or walking, speed (m/s) and body if known."""

    activity: Activity
    speed_m_s: float | None
    body: Body | None


def reference_for(measure: str, situation: Situation) -> Reference | None:
    """The published expectation at this speed and body, or the usual range, or None."""
    if situation.activity is not Activity.RUN:
        return None
    expected = norm(measure, situation.speed_m_s, situation.body)
    if expected is not None and measure in MEASURED_ALIKE:
        body = situation.body
        whom = "pace and height" if body and body.height_m else "pace"
        return Reference(
            kind="expectation",
            low=expected.expected - UNUSUAL_SD * expected.sd,
            high=expected.expected + UNUSUAL_SD * expected.sd,
            text=f"nothing unusual at this {whom}, from one study on treadmills at 7–14 km/h",
            source=SOURCE,
        )
    if measure == "cadence_spm":
        low, high = USUAL_CADENCE_SPM
        return Reference(
            kind="usual range", low=low, high=high, text="most runners", source="field guide"
        )
    return None
