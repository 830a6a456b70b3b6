"""The runner's own range, as it stands beside a measure."""

import pytest

from gait.model import Measure, Reference
from gait.report.changes import own_range

OWN, GUIDE = "own baseline", "usual range"


def measure(low: float | None, high: float | None, kind: str = OWN) -> Measure:
    own = Reference(kind=kind, low=low, high=high, text="six runs", source="")
    return Measure(value=250.0, unit="ms", n=100, reference=own)


BARE = Measure(value=250.0, unit="ms", n=100)


@pytest.mark.parametrize(
    ("parts", "decimals", "said"),
    [
        ([("left", measure(241.4, 252.6)), ("right", measure(244, 256))], 0,
         "your own: left 241–253, right 244–256"),
        ([("left", measure(3.26, 4.06)), ("right", BARE)], 1, "your own: left 3.3–4.1"),
        ([("both", measure(164.2, 168.0))], 1, "your own: 164.2–168.0"),
        ([("left", measure(240, 250, GUIDE)), ("right", measure(244, 256))], 0,
         "your own: right 244–256"),
        ([("left", measure(240, 250, GUIDE))], 0, ""),
        ([("left", measure(240, None)), ("right", measure(None, 250))], 0, ""),
        ([("both", BARE)], 0, ""),
        ([], 0, ""),
    ],
)  # fmt: skip
def test_each_foot_has_its_own_and_a_range_of_others_is_none(parts, decimals, said) -> None:
    assert own_range(parts, decimals) == said
