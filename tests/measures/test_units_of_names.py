"""Every measure has the unit that its name ends in, and a few digits."""

import pytest
from unit_of_name import unit_of

from gait.measures.session_table import SESSION_MEASURES
from gait.measures.table import BY_NAME, STRIDE_MEASURES


@pytest.mark.parametrize("row", STRIDE_MEASURES, ids=lambda row: row.name)
def test_a_measure_has_the_unit_of_its_name(row) -> None:
    assert row.unit == unit_of(row.name)
    assert BY_NAME[row.name] is row
    assert 0 <= row.decimals <= 3
    assert row.sentence.endswith(".")
    assert row.label[0].isupper()
    assert row.method_sd >= 0.0 <= row.method_sd_pct


# As gait laboratories print them; of a share whole % where it is off by several.
DIGITS = {"ms": 0, "mm": 0, "°/s": 0, "m": 2, "m/s": 2, "g": 1, "°": 1, "steps/min": 1, "kN/m": 1}
SHOWN_FINER = {"shock_g": 2}  # of 0.5 g in all
SHARES = {"everted_pct": 0, "impact_clipped_pct": 0}


@pytest.mark.parametrize("row", [*STRIDE_MEASURES, *SESSION_MEASURES], ids=lambda row: row.name)
def test_a_value_has_as_many_digits_as_its_unit_is_printed_with(row) -> None:
    if row.unit == "%":
        assert row.decimals == SHARES.get(row.name, 1)
    elif row.unit:
        assert row.decimals == SHOWN_FINER.get(row.name, DIGITS[row.unit])
    else:
        assert row.decimals == 2  # an exponent


@pytest.mark.parametrize("row", STRIDE_MEASURES, ids=lambda row: row.name)
def test_the_last_digit_is_no_finer_than_a_thirtieth_of_what_the_method_is_off_by(row) -> None:
    assert 0.5 <= row.method_sd * 10**row.decimals <= 30


def test_what_is_shown_first_is_what_a_runner_asks_for() -> None:
    """Pace and rhythm, contact and flight, how the foot lands and rolls, shock, left to right."""
    first = {row.name for row in STRIDE_MEASURES if row.key}
    assert {"cadence_spm", "speed_m_s", "contact_ms", "strike_angle_deg"} <= first
    assert {"pronation_excursion_deg", "impact_g"} <= first
    assert len(first) <= 10
