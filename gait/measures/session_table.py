"""The table of session measures: what a whole run tells and no single stride does.

One row a measure, like `gait.measures.table`, with the stride column it is taken from.
Names: `symmetry_…` left against right, `drift_…` last against first third of the run.
"""

from dataclasses import dataclass

from gait.measures.table import BY_NAME, Group, StrideMeasure
from gait.model.summary import Measure, Reference


@dataclass(frozen=True, slots=True)
class SessionMeasure:
    """One measure of a session. `of`: the stride column it is taken from.

    `method_sd` as in the table of stride measures.
    """

    name: str
    unit: str
    decimals: int
    label: str
    sentence: str
    source: str
    group: Group
    of: str
    method_sd: float = 0.0
    key: bool = False
    of_runner: bool = False

    def blank(self, n: int = 0, reference: Reference | None = None) -> Measure:
        """The measure without a value yet, from `n` strides."""
        return Measure(value=None, unit=self.unit, n=n, label=self.label, reference=reference)


@dataclass(frozen=True, slots=True)
class Symmetry(SessionMeasure):
    """Left against right: in % of their mean where `relative`, else their difference.

    `clock_share`: how many times the error between the clocks of the two shoes is in it.
    """

    relative: bool = True
    clock_share: float = 0.0


_INDEX = "100 · (left − right) / mean of both"


def _symmetry(
    stem: str, of: str, method_sd: float, *, key: bool = False, clock_share: float = 0.0
) -> Symmetry:
    row = BY_NAME.get(of)
    label = row.label if row else "Stride time"
    relative = not of.endswith("_deg")
    return Symmetry(
        name=f"symmetry_{stem}_{'pct' if relative else 'deg'}",
        unit="%" if relative else "°",
        decimals=1,
        label=f"Left–right {label[:1].lower()}{label[1:]}",
        sentence="Above zero: the left is larger. Within its uncertainty it is no difference.",
        source=_INDEX if relative else "left − right",
        group=Group.SYMMETRY,
        of=of,
        method_sd=method_sd,
        key=key,
        relative=relative,
        clock_share=clock_share,
    )


# Errors of the method that differ between a runner's two feet: tests/measures/test_coverage.py.
SYMMETRIES: tuple[Symmetry, ...] = (
    _symmetry("contact", "contact_ms", 1.5, key=True),
    _symmetry("step_time", "step_time_ms", 1.2, clock_share=2.0),
    _symmetry("flight", "flight_ms", 4.0, clock_share=2.0),
    _symmetry("stride_time", "stride_s", 0.1),
    _symmetry("pronation_excursion", "pronation_excursion_deg", 1.0, key=True),
    _symmetry("impact", "impact_g", 3.0, key=True),
)

IMPACT_CLIPPED = SessionMeasure(
    "impact_clipped_pct",
    "%",
    0,
    "Landings beyond the range",
    "Share of strides in which the accelerometer reached the end of its range; their impact is "
    "larger than what was measured and left out.",
    "count of clipped strides",
    Group.IMPACT,
    "impact_g",
)
LEG_STIFFNESS = SessionMeasure(
    "leg_stiffness_kn_m",
    "kN/m",
    1,
    "Leg stiffness",
    "Force for each metre the leg gives way, from contact, flight, speed and body; level ground "
    "only, and not linked to injury.",
    "sine-wave model, Morin 2005; its error against force plates is up to 7 %",
    Group.SPRING,
    "contact_ms",
    of_runner=True,
)
STRIDE_CV = SessionMeasure(
    "stride_time_cv_pct",
    "%",
    1,
    "Stride time variability",
    "How much stride time varies from stride to stride, slow changes and speed taken out.",
    "1.4826 · median absolute deviation / median, after a line and curve in time and speed",
    Group.VARIABILITY,
    "stride_s",
    0.15,
    key=True,
    of_runner=True,
)
STRIDE_DFA = SessionMeasure(
    "stride_time_dfa_alpha",
    "",
    2,
    "Stride time memory (DFA)",
    "How long a stride resembles those before it: 0.5 not at all, about 0.8–1 in most runners. "
    "Depends on how strides are found; compare with your own only.",
    "detrended fluctuation analysis, windows of 16 to a ninth of the strides; Meardon 2011",
    Group.VARIABILITY,
    "stride_s",
    0.03,
    of_runner=True,
)


def _drift(of: str, *, key: bool = False) -> SessionMeasure:
    row: StrideMeasure = BY_NAME[of]
    return SessionMeasure(
        name=f"drift_{of}",
        unit=row.unit,
        decimals=row.decimals,
        label=f"Change of {row.label[:1].lower()}{row.label[1:]}",
        sentence="Last third of the run less the first, at the same speed.",
        source="joint regression on speed and thirds of the run; Zandbergen 2023",
        group=Group.DRIFT,
        of=of,
        key=key,
        of_runner=row.of_runner,
    )


DRIFTS: tuple[SessionMeasure, ...] = (
    _drift("cadence_spm", key=True),
    _drift("contact_ms", key=True),
    _drift("strike_angle_deg"),
    _drift("pronation_excursion_deg"),
    _drift("impact_g"),
)

SESSION_MEASURES: tuple[SessionMeasure, ...] = (
    IMPACT_CLIPPED,
    LEG_STIFFNESS,
    *SYMMETRIES,
    STRIDE_CV,
    STRIDE_DFA,
    *DRIFTS,
)

ROWS: dict[str, StrideMeasure | SessionMeasure] = {
    **BY_NAME,
    **{row.name: row for row in SESSION_MEASURES},
}
