"""`gait export` of a simulated run: every form read back by others."""

import json

import fitdecode
import numpy as np
import pytest
from bids_validator import BIDSValidator
from typer.testing import CliRunner

from gait.app.main import app
from gait.model import Side, UsageError
from gait.recording import read_table

SECONDS = 24


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "run.gait"
    invoke("simulate", str(path), "--seconds", str(SECONDS), "--seed", "5")
    return path


def invoke(*words):
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def test_fit_has_the_run(session, tmp_path):
    target = tmp_path / "run.fit"
    invoke("export", str(session), "--to", "fit", "-o", str(target))
    with fitdecode.FitReader(str(target)) as frames:
        messages = [f for f in frames if isinstance(f, fitdecode.FitDataMessage)]
    records = [m for m in messages if m.name == "record"]
    assert SECONDS <= len(records) <= SECONDS + 6
    summary = json.loads(invoke("analyze", str(session), "--json", "-").stdout)
    cadence = [
        sum(field.value for field in m.fields if field.name in ("cadence", "fractional_cadence"))
        for m in records[12:20]
    ]
    expected = summary["measures"]["both"]["cadence_spm"]["value"]
    assert 2 * np.mean(cadence) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(("form", "ending"), [("csv", ".csv.gz"), ("parquet", ".parquet")])
def test_tables_are_read_by_gait_analyze_again(session, tmp_path, form, ending):
    if form == "parquet":
        pytest.importorskip("pyarrow")
    target = tmp_path / "tables"
    invoke("export", str(session), "--to", form, "-o", str(target))
    assert {p.stat().st_mode & 0o777 for p in target.iterdir()} == {0o600}
    feet = {side: read_table(target / f"{side}{ending}", side=side) for side in Side}
    assert all(abs(table.info.rate_hz - 400) < 1 for table in feet.values())
    strides, tables = tmp_path / "s.csv", tmp_path / "t.csv"
    invoke("analyze", str(session), "--strides", str(strides))
    sides = [word for s in Side for word in (f"--{s}", str(target / f"{s}{ending}"))]
    invoke("analyze", *sides, "--strides", str(tables))
    assert abs(len(strides.read_text().splitlines()) - len(tables.read_text().splitlines())) <= 2


def test_bids_names_and_contents(session, tmp_path):
    target = tmp_path / "study"
    invoke("export", str(session), "--to", "bids", "-o", str(target), "--subject", "07")
    files = [path for path in target.rglob("*") if path.is_file()]
    valid = BIDSValidator()
    assert all(valid.is_bids(f"/{path.relative_to(target)}") for path in files)
    for side in Side:
        stem = target / "sub-07/motion" / f"sub-07_task-run_tracksys-{side}Shoe"
        sidecar = json.loads(stem.with_name(stem.name + "_motion.json").read_text())
        channels = stem.with_name(stem.name + "_channels.tsv").read_text().splitlines()
        data = np.loadtxt(stem.with_name(stem.name + "_motion.tsv"), delimiter="\t")
        assert data.shape[1] == sidecar["MotionChannelCount"] == len(channels) - 1
        assert sidecar["SamplingFrequencyEffective"] == pytest.approx(400, rel=0.01)
        assert (np.diff(data[:, 0]) > 0).all()
        assert np.median(np.linalg.norm(data[:400, 1:4], axis=1)) == pytest.approx(9.81, rel=0.05)


def test_what_cannot_be_exported_is_said_before_any_work(session, tmp_path):
    runner = CliRunner()
    taken = tmp_path / "taken"
    taken.mkdir()
    for words, said in (
        (("--to", "csv", "-o", str(taken)), "exists already"),
        (("--to", "csv", "--track", "x.gpx"), "leave --track away"),
        (("--to", "bids", "--subject", "a b", "-o", str(tmp_path / "x")), "letters and digits"),
    ):
        result = runner.invoke(app, ("export", str(session), *words))
        assert isinstance(result.exception, UsageError | Exception)
        assert said in str(result.exception)
    assert not (tmp_path / "x").exists()
