"""The measures that are compared with the runner's own earlier runs, and how a change is said.

Only the few that say something different each: with every measure compared, one stands out by
chance in most runs (science 5.2), and the threshold for all of them rises with their number.
"""

from dataclasses import dataclass

from gait.measures.bins import CONTACT_SYMMETRY, ROLL_VARIABILITY
from gait.measures.session_table import ROWS
from gait.model.history import Foot

FEET: tuple[Foot, ...] = ("left", "right")
RUNNER: tuple[Foot, ...] = ("both",)


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure that is compared.

    `repeats_to`: how far apart the medians of two runs without any change are at the least, one
    standard deviation in the unit, by the method, by where the sensor sits each time and by the
    slow wandering of strides. It is the floor of a runner's own spread between runs, and smaller
    than the `method_sd` of the tables: what is off in the same way in every run cancels out.
    Simulated runs of 100 s repeat to about half of it.
    `more` and `less` say a change, without what it is compared with.
    """

    measure: str
    sides: tuple[Foot, ...]
    label: str
    unit: str
    decimals: int
    repeats_to: float
    more: str
    less: str

    def said(self, side: Foot, by: float) -> str:
        """A difference in words; `by` has its sign."""
        form = self.more if by > 0.0 else self.less
        return form.format(side=side, by=f"{abs(by):.{self.decimals}f}")


def _row(
    measure: str,
    repeats_to: float,
    more: str,
    less: str,
    sides: tuple[Foot, ...] = FEET,
) -> Compared:
    row = ROWS[measure]
    return Compared(measure, sides, row.label, row.unit, row.decimals, repeats_to, more, less)


COMPARED: tuple[Compared, ...] = (
    _row(
        "cadence_spm",
        1.0,
        "you took {by} steps a minute more",
        "you took {by} steps a minute fewer",
        RUNNER,
    ),
    _row(
        "contact_ms",
        3.0,
        "your {side} foot stayed on the ground {by} ms longer",
        "your {side} foot stayed on the ground {by} ms less long",
    ),
    _row(
        CONTACT_SYMMETRY,
        0.8,
        "the contact of your left foot, against that of the right, was {by} % longer",
        "the contact of your left foot, against that of the right, was {by} % shorter",
        RUNNER,
    ),
    _row(
        "strike_angle_deg",
        1.0,
        "your {side} foot landed with the toes {by}° higher",
        "your {side} foot landed with the toes {by}° lower, further forward,",
    ),
    _row(
        "roll_at_ic_standing_deg",
        1.2,
        "your {side} foot landed {by}° less on its outer edge",
        "your {side} foot landed {by}° more on its outer edge",
    ),
    _row(
        "pronation_excursion_deg",
        0.8,
        "your {side} shoe rolled in {by}° more",
        "your {side} shoe rolled in {by}° less",
    ),
    _row(
        "pronation_velocity_deg_s",
        25.0,
        "your {side} shoe rolled in {by}°/s faster",
        "your {side} shoe rolled in {by}°/s slower",
    ),
    _row(
        "everted_pct",
        6.0,
        "your {side} shoe was rolled in for {by} % of the contact more",
        "your {side} shoe was rolled in for {by} % of the contact less",
    ),
    Compared(
        ROLL_VARIABILITY,
        FEET,
        "Variation of roll at contact",
        "°",
        1,
        0.15,
        "the roll of your {side} shoe at contact varied {by}° more from stride to stride",
        "the roll of your {side} shoe at contact varied {by}° less from stride to stride",
    ),
    _row(
        "impact_g",
        0.5,
        "the impact of your {side} shoe was {by} g higher",
        "the impact of your {side} shoe was {by} g lower",
    ),
)

BY_MEASURE = {row.measure: row for row in COMPARED}
