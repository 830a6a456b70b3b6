"""Every measure has the unit that its name ends in, and a few digits."""

import pytest

from gait.measures.table import BY_NAME, STRIDE_MEASURES

UNIT_OF_ENDING = {
    "_spm": "steps/min",
    "_ms": "ms",
    "_s": "s",
    "_m_s": "m/s",
    "_m": "m",
    "_mm": "mm",
    "_cm": "cm",
    "_deg": "deg",
    "_deg_s": "deg/s",
    "_g": "g",
    "_g_s": "g/s",
    "_pct": "%",
    "_kn_m": "kN/m",
    "_bw_s": "BW/s",
    "_m_s2": "m/s²",
}


def unit_of(name: str) -> str:
    return UNIT_OF_ENDING[max((e for e in UNIT_OF_ENDING if name.endswith(e)), key=len)]


@pytest.mark.parametrize("row", STRIDE_MEASURES, ids=lambda row: row.name)
def test_a_measure_has_the_unit_of_its_name(row) -> None:
    assert row.unit.replace("°", "deg") == unit_of(row.name)
    assert BY_NAME[row.name] is row
    assert 0 <= row.decimals <= 3
    assert row.sentence.endswith(".")
    assert row.label[0].isupper()
    assert row.method_sd >= 0.0 <= row.method_sd_pct
