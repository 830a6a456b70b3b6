"""`gait export` of a simulated run: every form read back by others."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fitdecode
import numpy as np
import pytest
from bids_validator import BIDSValidator
from typer.testing import CliRunner

from gait.cli.main import app
from gait.export.session import analyse
from gait.model import Mark, Packet, SensorInfo, Side, UsageError
from gait.model.packets import MARKED, PAUSE, RESUME
from gait.recording import SessionWriter, open_session, read_table, write_jsonl
from gait.sensors import running_pod

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
    kept = analyse(session, keep_samples=True).samples
    times = {side: samples.time_s for side, (samples, _) in kept.items()}
    assert times[Side.LEFT][0] != times[Side.RIGHT][0]
    assert all(valid.is_bids(f"/{path.relative_to(target)}") for path in files)
    for side in Side:
        stem = target / "sub-07/motion" / f"sub-07_task-run_tracksys-{side}Shoe"
        sidecar = json.loads(stem.with_name(stem.name + "_motion.json").read_text())
        channels = stem.with_name(stem.name + "_channels.tsv").read_text().splitlines()
        data = np.loadtxt(stem.with_name(stem.name + "_motion.tsv"), delimiter="\t")
        assert data.shape[1] == sidecar["MotionChannelCount"] == len(channels) - 1
        assert sidecar["SamplingFrequencyEffective"] == pytest.approx(400, rel=0.01)
        assert (np.diff(data[:, 0]) > 0).all()
        assert data[:, 0] == pytest.approx(times[side], abs=1e-6)  # so the feet stay in step
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


def gpx_from(path: Path, begin: datetime, seconds: int) -> Path:
    times = [f"{begin + timedelta(seconds=i):%Y-%m-%dT%H:%M:%SZ}" for i in range(seconds)]
    points = "".join(
        f'<trkpt lat="48.1" lon="11.5"><time>{time}</time>'
        "<extensions><hr>150</hr></extensions></trkpt>"
        for time in times
    )
    path.write_text(
        '<gpx version="1.1" creator="a watch" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><trkseg>{points}</trkseg></trk></gpx>"
    )
    return path


@pytest.mark.parametrize("form", ["fit", "tcx", "gpx"])
def test_a_track_of_another_day_is_refused_and_one_of_a_part_is_told(session, tmp_path, form):
    began = datetime.fromisoformat(open_session(session).started_at or "").astimezone(UTC)
    target = tmp_path / f"run.{form}"
    words = ("export", str(session), "--to", form, "-o", str(target), "--track")
    for apart, said in ((timedelta(days=1), "no moment is the same"), (timedelta(hours=2), "120")):
        other = gpx_from(tmp_path / "other.gpx", began + apart, 60)
        result = CliRunner().invoke(app, (*words, str(other)))
        assert said in str(result.exception)
        assert not target.exists()
    half = gpx_from(tmp_path / "half.gpx", began, SECONDS // 2)
    result = CliRunner().invoke(app, (*words, str(half)))
    assert result.exit_code == 0
    assert "half.gpx tells of" in result.output
    assert "% of the session" in result.output
    assert target.exists()


def test_gpx_without_a_track_says_what_it_needs(session, tmp_path):
    words = ("export", str(session), "--to", "gpx", "-o", str(tmp_path / "run.gpx"))
    assert "made of places" in str(CliRunner().invoke(app, words).exception)


def records(path):
    with fitdecode.FitReader(str(path)) as frames:
        return [
            {field.name: field.value for field in f.fields}
            for f in frames
            if isinstance(f, fitdecode.FitDataMessage) and f.name == "record"
        ]


def written(path, sensors, items, started_at="2026-05-17T08:30:00+02:00"):
    with SessionWriter(path, started_at=started_at, software="test") as writer:
        for info in sensors:
            writer.add_sensor(info)
        for item in items:
            writer.write(item)
    return path


POD = SensorInfo(side=Side.LEFT, rate_hz=1.0, has_gyroscope=False, profile="running_pod")


@pytest.fixture
def pod(tmp_path):
    """Half a minute of a foot pod: 2.5 m/s (640/256), 180 steps a minute."""
    told = bytes.fromhex("048002b4")
    packets = [Packet(0, 1.0 + i, running_pod.MEASUREMENT_UUID, told) for i in range(30)]
    return written(tmp_path / "pod.gait", [POD], packets)


def test_a_pod_that_sends_no_motion_still_gives_cadence_speed_and_distance(pod, tmp_path):
    invoke("export", str(pod), "--to", "fit", "-o", str(tmp_path / "pod.fit"))
    found = records(tmp_path / "pod.fit")[5]
    assert (found["cadence"], found["enhanced_speed"]) == (90, 2.5)
    assert records(tmp_path / "pod.fit")[-1]["distance"] == pytest.approx(2.5 * 29, abs=2.6)
    assert "stance_time" not in found
    invoke("export", str(pod), "--to", "csv", "-o", str(tmp_path / "csv"))
    assert {p.name for p in (tmp_path / "csv").iterdir()} == {"strides.csv", "summary.json"}
    result = CliRunner().invoke(
        app, ("export", str(pod), "--to", "bids", "-o", str(tmp_path / "b"))
    )
    assert "holds no samples" in str(result.exception)
    assert not (tmp_path / "b").exists()


def test_one_shoe_has_no_balance_and_its_own_contact(tmp_path):
    one = Path(__file__).parents[2] / "recordings" / "one_shoe_100hz.jsonl.gz"
    invoke("export", str(one), "--to", "fit", "-o", str(tmp_path / "one.fit"))
    known = [r for r in records(tmp_path / "one.fit") if "stance_time" in r]
    assert len(known) > 5
    assert all("stance_time_balance" not in r for r in known)


def test_marks_of_the_session_become_laps_and_pauses(session, tmp_path):
    recorded = open_session(session)
    marks = [Mark(8.0, MARKED), Mark(12.0, PAUSE), Mark(16.0, RESUME)]
    items = sorted([*recorded.items(), *marks], key=lambda item: item.host_s)
    path = written(tmp_path / "marked.gait", recorded.sensors, items)
    invoke("export", str(path), "--to", "fit", "-o", str(tmp_path / "m.fit"))
    times = [r["timestamp"].second for r in records(tmp_path / "m.fit")]
    assert {12, 13, 14, 15}.isdisjoint(times)
    assert {11, 16} <= set(times)


def test_without_a_date_fit_says_what_to_do(pod, tmp_path):
    undated = open_session(pod)
    path = tmp_path / "undated.jsonl"
    undated.meta.pop("started_at")
    write_jsonl(undated, path)
    result = CliRunner().invoke(app, ("export", str(path), "--to", "fit"))
    assert "does not say when it was recorded" in str(result.exception)
    invoke("export", str(path), "--to", "csv", "-o", str(tmp_path / "csv"))


@pytest.mark.parametrize("form", ["fit", "csv", "bids"])
def test_a_full_disk_leaves_nothing_half_written(session, tmp_path, form):
    """Files may not grow beyond 1 kB here, as on a disk that is full."""
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        "from gait.cli.main import run; run()"
    )
    end = subprocess.run(
        [sys.executable, "-c", limited, "export", session, "--to", form, "-o", tmp_path / "out"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert end.returncode == 1
    assert "a file may be no larger than 0.001 MB here" in end.stderr
    assert "Traceback" not in end.stderr
    assert list(tmp_path.iterdir()) == []
