"""The fields that RunScribe and Stryd wrote into FIT over the years, by name or by number."""

import pytest
from foreign_files import fit_file, watch_records

from gait.model.history import ForeignRun
from gait.recording.foreign import read_foreign

PLUS = bytes.fromhex("c1f5c80a5a054e8a97b3fda34e957035")
NAMELESS = bytes.fromhex("502092b3b0dd45ad89b3472ab2060ab6")
STRYD_ZONES = bytes.fromhex("18fb2cf01a4b430dad66988c847421f4")


def run_of(tmp_path, **file) -> ForeignRun:
    path = tmp_path / "run.fit"
    path.write_bytes(fit_file(watch_records(), **file))
    (run,) = read_foreign(path)
    return run


def told(run: ForeignRun) -> dict[tuple[str, str], float]:
    return {(m.name, m.side): m.value for m in run.measures}


RS = {
    "RS_ContactTime_L": ("contact_ms", "left", 251.0, 251.0),
    "RS_ContactTime_R": ("contact_ms", "right", 257.0, 257.0),
    "RS_FootStrike_L": ("footstrike_type", "left", 5.0, 5.0),
    "RS_FootStrike_R": ("footstrike_type", "right", 6.0, 6.0),
    "RS_Pronation_L": ("pronation_excursion_deg", "left", -10.5, 10.5),
    "RS_Pronation_R": ("pronation_excursion_deg", "right", -14.0, 14.0),
    "RS_Impact_GS_L": ("impact_g", "left", 11.5, 11.5),
    "RS_Impact_GS_R": ("impact_g", "right", 12.25, 12.25),
    "RS_Braking_GS_L": ("braking_g", "left", 8.5, 8.5),
    "RS_Braking_GS_R": ("braking_g", "right", 8.0, 8.0),
    "RS_Flight_L": ("flight_ratio_pct", "left", 12.0, 12.0),
    "RS_Flight_R": ("flight_ratio_pct", "right", 13.0, 13.0),
    "RS_Power_AVG": ("power_w", "both", 260.0, 260.0),
}
MEAN = {
    "FS": ("footstrike_type", "both", 5.0, 5.0),
    "BrakingGs": ("braking_g", "both", 8.5, 8.5),
    "ImpactGs": ("impact_g", "both", 11.5, 11.5),
    "Pronation": ("pronation_excursion_deg", "both", -10.5, 10.5),
    "FlightRatio": ("flight_ratio_pct", "both", 12.0, 12.0),
    "ContactTime": ("contact_ms", "both", 251.0, 251.0),
    "Power": ("power_w", "both", 260.0, 260.0),
}
NUMBERS = {
    0: ("impact_g", "left", 11.5, 11.5),
    1: ("braking_g", "left", 8.5, 8.5),
    2: ("footstrike_type", "left", 5.0, 5.0),
    3: ("pronation_excursion_deg", "left", -10.5, 10.5),
    6: ("impact_g", "right", 12.25, 12.25),
    7: ("braking_g", "right", 8.0, 8.0),
    8: ("footstrike_type", "right", 6.0, 6.0),
    9: ("pronation_excursion_deg", "right", -14.0, 14.0),
    12: ("power_w", "both", 260.0, 260.0),
}


@pytest.mark.parametrize(
    ("fields", "application"),
    [(RS, bytes(16)), (RS, PLUS), (MEAN, PLUS), (MEAN, bytes(16)), (NUMBERS, NAMELESS)],
    ids=["RS_", "RS_ of Plus", "in full", "in full, of nobody", "by number"],
)
def test_runscribe(tmp_path, fields, application):
    named = [(key if isinstance(key, str) else "", "") for key in fields]
    numbers = [key for key in fields if isinstance(key, int)]
    row = [stored for _, _, stored, _ in fields.values()]
    run = run_of(
        tmp_path, fields=named, numbers=numbers, told=[row] * 120, application_id=application
    )
    assert run.maker == "RunScribe"
    found = told(run)
    for name, side, _, value in fields.values():
        assert found[name, side] == pytest.approx(value), name
    assert any("their numbers told" in note for note in run.notes) == bool(numbers)
    assert found["heart_rate_bpm", "both"] == 141.0  # the watch's own stays where there is no other
    assert found["cadence_spm", "both"] == 172.0


def test_numbers_of_an_unknown_application_mean_nothing(tmp_path):
    run = run_of(tmp_path, fields=[("", "")] * 4, told=[[11.5, 8.5, 5.0, -10.5]] * 120)
    assert run.maker == "Garmin"
    assert ("impact_g", "left") not in told(run)


OLD_STRYD = [
    *(("Power", "Watts"), ("Cadence", "RPM"), ("Ground Time", "Milliseconds")),
    ("Vertical Oscillation", "Centimeters"),
]


def test_stryd_of_2016(tmp_path):
    """Before form power and stiffness were there."""
    run = run_of(tmp_path, fields=OLD_STRYD, told=[[250.0, 87.0, 231.0, 6.5]] * 120)
    assert run.maker == "Stryd"
    found = told(run)
    assert found["power_w", "both"] == 250.0
    assert found["contact_ms", "both"] == 231.0
    assert found["vertical_oscillation_mm", "both"] == 65.0
    assert found["cadence_spm", "both"] == 174.0


@pytest.mark.parametrize(("unit", "stored"), [("Millimeters", 65.0), ("cm", 6.5), ("", 6.5)])
def test_the_unit_of_a_field_counts(tmp_path, unit, stored):
    fields = [("Form Power", "Watts"), ("Vertical Oscillation", unit)]
    run = run_of(tmp_path, fields=fields, told=[[60.0, stored]] * 120)
    assert told(run)["vertical_oscillation_mm", "both"] == pytest.approx(65.0)


def test_stryd_by_its_application(tmp_path):
    run = run_of(
        tmp_path, fields=[("Power", "W")], told=[[250.0]] * 120, application_id=STRYD_ZONES
    )
    assert (run.maker, told(run)["power_w", "both"]) == ("Stryd", 250.0)


@pytest.mark.parametrize("row", [[0.0] * 4, []], ids=["zeros", "described and never there"])
def test_a_pod_that_was_not_there_leaves_the_watchs_own(tmp_path, row):
    run = run_of(tmp_path, fields=OLD_STRYD, told=[row] * 120)
    found = told(run)
    assert found["cadence_spm", "both"] == 172.0
    assert found["contact_ms", "both"] == 248.0
    assert found["vertical_oscillation_mm", "both"] == 82.0
    assert run.maker == "Garmin"
    empty = any("Stryd's fields are in the file and empty" in note for note in run.notes)
    assert empty == bool(row)


def test_one_empty_field_of_a_pod_leaves_the_watchs_own_of_that(tmp_path):
    run = run_of(tmp_path, fields=OLD_STRYD, told=[[250.0, 0.0, 231.0, 6.5]] * 120)
    found = told(run)
    assert (found["cadence_spm", "both"], found["contact_ms", "both"]) == (172.0, 231.0)
    assert run.maker == "Stryd"
