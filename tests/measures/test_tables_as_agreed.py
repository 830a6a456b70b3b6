"""What the tables of measures claim, kept twice: a claim changes here and there, or by mistake.

How uncertain a method is (`method_sd`, `method_sd_pct`) is found in tests/measures/test_coverage.py
and docs/accuracy.md, which tell when it is too small; that it is not larger than was found, this.
"""

from gait.measures.session_table import SESSION_MEASURES, Symmetry
from gait.measures.table import STRIDE, STRIDE_MEASURES, empty_strides, joined

# name, unit, decimals, group, method_sd, method_sd_pct, least rate in Hz; k(ey), r(unning only),
# p(aired), o(f the runner), (per) t(ime), (a peak of) g; and what it hangs on
STRIDES = [
    ("cadence_spm", "steps/min", 1, "pace", 0.2, 0.0, 0.0, "kot", ""),
    ("speed_m_s", "m/s", 2, "pace", 0.02, 2.0, 90.0, "ko", ""),
    ("stride_length_m", "m", 2, "pace", 0.01, 2.0, 90.0, "ko", ""),
    ("step_length_m", "m", 2, "pace", 0.005, 2.0, 90.0, "ro", ""),
    ("swing_height_m", "m", 2, "pace", 0.02, 0.0, 90.0, "r", ""),
    ("contact_ms", "ms", 0, "contact", 6.0, 0.0, 90.0, "k", "contact"),
    ("flight_ms", "ms", 0, "contact", 7.0, 0.0, 90.0, "krp", "contact"),
    ("step_time_ms", "ms", 0, "contact", 3.5, 0.0, 90.0, "rp", "step"),
    ("swing_ms", "ms", 0, "contact", 6.0, 0.0, 90.0, "r", "contact"),
    ("duty_factor_pct", "%", 1, "contact", 0.9, 0.0, 90.0, "", "duty"),
    ("strike_angle_deg", "°", 1, "foot", 2.5, 0.0, 90.0, "kr", "landing angle"),
    ("roll_at_ic_deg", "°", 1, "foot", 2.0, 0.0, 90.0, "r", "landing angle"),
    ("roll_at_ic_standing_deg", "°", 1, "foot", 2.5, 0.0, 90.0, "r", "landing angle"),
    ("pronation_excursion_deg", "°", 1, "foot", 2.0, 0.0, 90.0, "kr", "landing angle"),
    ("roll_max_standing_deg", "°", 1, "foot", 2.5, 0.0, 90.0, "r", ""),
    ("pronation_velocity_deg_s", "°/s", 0, "foot", 25.0, 10.0, 200.0, "r", ""),
    ("time_to_pronation_ms", "ms", 0, "foot", 26.0, 0.0, 90.0, "r", "landing"),
    ("everted_pct", "%", 0, "foot", 15.0, 0.0, 90.0, "r", ""),
    ("impact_g", "g", 1, "impact", 0.3, 0.0, 200.0, "krg", ""),
    ("axial_g", "g", 1, "impact", 0.3, 0.0, 200.0, "rg", ""),
    ("braking_g", "g", 1, "impact", 0.3, 0.0, 200.0, "rg", ""),
    ("shock_g", "g", 2, "impact", 0.03, 5.0, 200.0, "r", ""),
    ("vertical_oscillation_mm", "mm", 0, "spring", 4.0, 0.0, 90.0, "r", ""),
]  # fmt: skip
# name, unit, decimals, group, method_sd; k(ey), o(f the runner), r(elative); of what, clock_share
SESSION = [
    ("impact_clipped_pct", "%", 0, "impact", 0.0, "", "impact_g", 0.0),
    ("leg_stiffness_kn_m", "kN/m", 1, "spring", 0.0, "o", "contact_ms", 0.0),
    ("symmetry_contact_pct", "%", 1, "symmetry", 1.5, "kr", "contact_ms", 0.0),
    ("symmetry_step_time_pct", "%", 1, "symmetry", 1.2, "r", "step_time_ms", 2.0),
    ("symmetry_flight_pct", "%", 1, "symmetry", 4.0, "r", "flight_ms", 2.0),
    ("symmetry_stride_time_pct", "%", 1, "symmetry", 0.1, "r", "stride_s", 0.0),
    ("symmetry_pronation_excursion_deg", "°", 1, "symmetry", 1.0, "k",
     "pronation_excursion_deg", 0.0),
    ("symmetry_impact_pct", "%", 1, "symmetry", 3.0, "kr", "impact_g", 0.0),
    ("stride_time_cv_pct", "%", 1, "variability", 0.15, "ko", "stride_s", 0.0),
    ("stride_time_dfa_alpha", "", 2, "variability", 0.03, "o", "stride_s", 0.0),
    ("drift_cadence_spm", "steps/min", 1, "drift", 0.0, "ko", "cadence_spm", 0.0),
    ("drift_contact_ms", "ms", 0, "drift", 0.0, "k", "contact_ms", 0.0),
    ("drift_strike_angle_deg", "°", 1, "drift", 0.0, "", "strike_angle_deg", 0.0),
    ("drift_pronation_excursion_deg", "°", 1, "drift", 0.0, "", "pronation_excursion_deg", 0.0),
    ("drift_impact_g", "g", 1, "drift", 0.0, "", "impact_g", 0.0),
]  # fmt: skip


def test_measures_of_a_stride() -> None:
    found = [
        (
            *(row.name, row.unit, row.decimals, row.group, row.method_sd, row.method_sd_pct),
            row.least_rate_hz,
            "k" * row.key + "r" * row.running_only + "p" * row.paired + "o" * row.of_runner
            + "t" * row.per_time + "g" * row.peak,
            row.hangs_on,
        )
        for row in STRIDE_MEASURES
    ]  # fmt: skip
    assert found == STRIDES


def test_measures_of_a_session() -> None:
    found = [
        (
            *(row.name, row.unit, row.decimals, row.group, row.method_sd),
            "k" * row.key + "o" * row.of_runner + "r" * getattr(row, "relative", False),
            row.of,
            row.clock_share if isinstance(row, Symmetry) else 0.0,
        )
        for row in SESSION_MEASURES
    ]
    assert found == SESSION


def test_empty_records_know_nothing_and_parts_are_joined_in_order() -> None:
    none = empty_strides(3)
    for name in STRIDE.names or ():
        if STRIDE[name].kind == "f":
            assert none[name].tolist() != none[name].tolist()  # NaN
        else:
            assert not none[name].any()
    none["ic_s"] = [1.0, 2.0, 3.0]
    assert joined([none[2:], none[:1]])["ic_s"].tolist() == [3.0, 1.0]
    assert len(joined([])) == 0
