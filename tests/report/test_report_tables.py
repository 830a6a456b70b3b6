"""The outputs other programs read: stride table and summary, read back with other readers."""

import csv
import gzip
import io
import json
import math
import stat
import subprocess
import sys

import jsonschema
import msgspec
import numpy as np
import pytest
from contract import STRIDE_COLUMNS

from gait.measures.table import empty_strides
from gait.model import Activity, GaitError, Measure, QualityFlag, Side, Strike, Summary, UsageError
from gait.model.strides import EVENT_FIELDS
from gait.report.schema import SCHEMA_FILE, schema_text
from gait.report.tables import write_strides, write_summary_json


def summary(**values) -> Summary:
    basics = {
        "software": "shoegait 0",
        "source": "run.gait",
        "started_at": None,
        "duration_s": 60.0,
        "activity_s": {"running": 55.0},
        "strides": {},
        "sensors": [],
        "clock_uncertainty_ms": None,
        "measures": {
            "left": {"contact_ms": Measure(value=251.5, unit="ms", n=40, quality="good")},
            "right": {"contact_ms": Measure(value=None, unit="ms", n=0, why_not="no „steps“")},
            "both": {},
        },
        "notes": ["ends early"],
        "assessment": None,
    }
    return Summary(**{**basics, **values})


def two_strides():
    strides = empty_strides(2)
    strides["side"] = (0, 1)
    strides["activity"] = (Activity.RUN, Activity.WALK)
    strides["strike"] = (Strike.FOREFOOT, Strike.UNKNOWN)
    strides["valid"] = (True, False)
    strides["why"] = (0, QualityFlag.GAP | QualityFlag.WALKING)
    strides["ic_s"] = (12.3456789, 13.0)
    strides["tc_s"] = (12.6, np.nan)
    strides["contact_ms"] = (254.326, np.nan)
    strides["roll_at_ic_deg"] = (-0.001, np.inf)
    strides["speed_m_s"] = (3.14159, 0.0)
    strides["swing_height_m"] = (0.25, np.nan)
    return strides


def test_strides_read_back_with_the_csv_module():
    out = io.StringIO()
    write_strides(out, two_strides())
    rows = list(csv.reader(io.StringIO(out.getvalue())))
    assert rows[0][: len(STRIDE_COLUMNS)] == STRIDE_COLUMNS
    assert set(rows[0]) == set(empty_strides().dtype.fields or ())
    first, second = (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
    assert (first["side"], first["activity"], first["strike"]) == ("left", "run", "forefoot")
    assert (first["valid"], first["why"]) == ("true", "")
    assert float(first["ic_s"]) == pytest.approx(12.3456789, abs=1e-4)
    assert first["contact_ms"] == "254.33"
    assert first["roll_at_ic_deg"] == "0.00"
    assert first["speed_m_s"] == "3.1416"
    assert first["swing_height_m"] == "0.2500"
    assert (second["side"], second["activity"], second["strike"]) == ("right", "walk", "")
    assert second["valid"] == "false"
    assert second["why"] == (
        "samples are missing inside this stride; walking, so measures of running do not apply"
    )
    assert (second["tc_s"], second["contact_ms"], second["roll_at_ic_deg"]) == ("", "", "")
    assert float(second["speed_m_s"]) == 0.0


def test_a_table_without_strides_still_has_its_columns():
    out = io.StringIO()
    write_strides(out, np.zeros(0, dtype=EVENT_FIELDS))
    assert out.getvalue().strip().split(",")[: len(STRIDE_COLUMNS)] == STRIDE_COLUMNS


def test_many_strides_are_quick_and_all_there(tmp_path):
    strides = np.repeat(two_strides(), 5000)
    write_strides(tmp_path / "strides.csv.gz", strides)
    with gzip.open(tmp_path / "strides.csv.gz", "rt", encoding="utf-8", newline="") as file:
        assert sum(1 for _ in csv.reader(file)) == 1 + 10000


@pytest.mark.parametrize("write", [write_strides, write_summary_json])
def test_files_are_the_owners_and_not_overwritten_unasked(tmp_path, write):
    content = two_strides() if write is write_strides else summary()
    path = tmp_path / "out"
    write(path, content)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(UsageError, match="exists already"):
        write(path, content)
    write(path, content, overwrite=True)
    assert path.read_bytes() == before
    with pytest.raises(GaitError, match="folder"):
        write(tmp_path / "nowhere" / "out", content)


def test_a_failure_leaves_nothing_behind(tmp_path):
    strides = two_strides()
    strides["activity"] = 7  # no such activity
    with pytest.raises(ValueError, match="Activity"):
        write_strides(tmp_path / "strides.csv", strides)
    assert list(tmp_path.iterdir()) == []


def test_the_stored_schema_is_up_to_date():
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), (
        "run python -m gait.report.schema"
    )


def test_a_summary_fits_the_schema_and_reads_back():
    out = io.StringIO()
    told = summary(clock_uncertainty_ms=math.nan)
    write_summary_json(out, told)
    read = json.loads(out.getvalue())
    jsonschema.validate(read, json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
    assert read["measures"]["left"]["contact_ms"]["value"] == 251.5
    assert read["measures"][Side.RIGHT]["contact_ms"]["value"] is None
    assert read["measures"]["right"]["contact_ms"]["why_not"] == "no „steps“"
    assert read["clock_uncertainty_ms"] is None
    assert msgspec.json.decode(out.getvalue(), type=Summary) == summary()


def test_the_schema_refuses_what_is_no_summary():
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    read = json.loads(msgspec.json.encode(summary()))
    read["measures"]["left"]["contact_ms"]["quality"] = "excellent"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read, schema)


def test_text_and_tables_start_without_what_only_the_page_needs():
    code = (
        "import sys, gait.report.tables, gait.report.terminal;"
        "print({'matplotlib', 'jinja2', 'numba', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
