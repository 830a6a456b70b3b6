"""The runner's own range, as it stands beside a measure."""

import pytest

from gait.model import Measure, Reference
from gait.model.history import Change
from gait.report.measure_table import own_range
from gait.report.sentences import compared_rows

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


def change(side: str, difference: float, *, counts: bool) -> Change:
    return Change(
        measure="contact_ms",
        side=side,  # pyright: ignore[reportArgumentType]
        unit="ms",
        value=250.0 + difference,
        usual=250.0,
        difference=difference,
        smallest=8.0,
        z=difference / 4.0,
        runs=6,
        speed_m_s=3.0,
        seen_in=2 if counts else 1,
        counts=counts,
        text="Contact time changed.",
    )


def test_what_was_compared_stands_in_rows_and_what_lasts_first() -> None:
    rows = compared_rows(
        [
            change("left", 3.0, counts=False),
            change("right", -12.0, counts=True),
            change("both", 9.0, counts=False),
        ]
    )
    assert [(row.side, row.counts) for row in rows] == [
        ("right", True),
        ("left", False),
        ("both", False),
    ]
    assert [row.value for row in rows] == ["238 ms", "253 ms", "259 ms"]
    assert {row.usual for row in rows} == {"250 ± 8 ms"}
    assert len({row.verdict for row in rows}) == 3
    assert {row.label for row in rows} == {"Contact time"}
