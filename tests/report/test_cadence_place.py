"""Below, within or above what is usual, in the first sentence of a run."""

import pytest
from msgspec.structs import replace
from report_cases import strides_of, summary_of

from gait.model import Reference, Side
from gait.report.sentences import what_this_run_says


@pytest.mark.parametrize("kind", ["expectation", "usual range"])
@pytest.mark.parametrize(
    ("low", "high", "place"),
    [(150.0, 160.0, "above"), (160.0, 175.0, "within"), (170.0, 180.0, "below")],
)
def test_cadence_lies_where_it_is_said_to_lie(kind, low, high, place):
    """The made-up strides have 167 steps a minute."""
    summary = summary_of(strides_of(Side.LEFT, Side.RIGHT), Side.LEFT, Side.RIGHT)
    both = summary.measures["both"]
    beside = Reference(kind=kind, low=low, high=high, text="most", source="a study")
    cadence = replace(both["cadence_spm"], reference=beside)
    measures = summary.measures | {"both": both | {"cadence_spm": cadence}}
    done, _, _ = what_this_run_says(replace(summary, measures=measures))
    assert f", {place} the {low:.0f}–{high:.0f} " in done
    assert sum(f", {word} the " in done for word in ("below", "within", "above")) == 1
