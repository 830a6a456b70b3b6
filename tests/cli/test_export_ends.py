"""What is exported begins with the first sample of a session and ends with its last.

The sensors send each sample by itself, in the form of their maker's document, so every one that was
written into the session is known here, to the last after a part of a second.
"""

import csv
import gzip
import json
import math
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import fitdecode
import numpy as np
import pytest
from typer.testing import CliRunner

from gait.cli.main import app
from gait.model import Packet, Samples, SensorInfo, SessionItem, Side
from gait.recording import SessionWriter
from gait.recording.tables import si_columns
from gait.simulate import Runner, Segment, Sensor, measure, simulate

MEDIUM = "15172003-4947-11e9-8646-d663bd873d93"  # Movella's BLE service specification, table 12
RATE_HZ = 60.0
COUNTS = {Side.LEFT: 1257, Side.RIGHT: 1239}  # 20.95 s and 20.65 s, and in no block of any size
DELAY_S = 0.03
BEGINS_S = 3.35  # the sensors were found so long after the session began


@dataclass(frozen=True)
class Recorded:
    path: Path
    samples: dict[Side, Samples]


@cache
def motion() -> dict[Side, Samples]:
    segments = [Segment(kind="run", duration_s=20.0, speed_m_s=3.0)]
    feet = simulate(Runner(), segments, seed=6, standing_s=3.0)
    return {
        side: measure(feet[side], Sensor(rate_hz=RATE_HZ), seed=8)[:count]
        for side, count in COUNTS.items()
    }


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    path = tmp_path_factory.mktemp("ends") / "run.gait"
    items: list[SessionItem] = []
    with SessionWriter(path, started_at="2026-05-17T08:30:00+02:00", software="test") as writer:
        for device, side in enumerate(Side):
            writer.add_sensor(
                SensorInfo(
                    side=side,
                    rate_hz=RATE_HZ,
                    acc_range_g=16.0,
                    gyr_range_dps=2000.0,
                    profile="movella_dot",
                    name=f"DOT {side}",
                )
            )
            samples = motion()[side]
            for at_s, acc, gyr in zip(samples.time_s, samples.acc, samples.gyr, strict=True):
                values = (*acc, *np.degrees(gyr))
                payload = struct.pack("<I6f", round(at_s * 1e6), *values) + bytes(12)
                arrives_s = BEGINS_S + at_s + DELAY_S
                items.append(Packet(device, arrives_s, MEDIUM, payload))
        for item in sorted(items, key=lambda item: item.host_s):
            writer.write(item)
    return Recorded(path, motion())


def exported(recorded: Recorded, form: str, target: Path) -> Path:
    words = ("export", str(recorded.path), "--to", form, "-o", str(target))
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return target


def assert_all_there(table: np.ndarray, sent: Samples) -> None:
    """(n, 7) time, specific force and rate; as sent, first to last."""
    assert len(table) == len(sent)
    np.testing.assert_allclose(table[:, 1:4], sent.acc, rtol=1e-5, atol=2e-5)
    np.testing.assert_allclose(table[:, 4:7], sent.gyr, rtol=1e-5, atol=2e-5)
    span_s = (len(sent) - 1) / RATE_HZ
    assert table[-1, 0] - table[0, 0] == pytest.approx(span_s, abs=0.01)


def columns_of(folder: Path, side: Side, form: str) -> np.ndarray:
    if form == "parquet":
        parquet = pytest.importorskip("pyarrow.parquet")
        found = parquet.read_table(folder / f"{side}.parquet")
        return np.column_stack([found.column(i).to_numpy() for i in range(7)])
    with gzip.open(folder / f"{side}.csv.gz", "rt") as file:
        rows = list(csv.reader(file))
    return np.array(rows[1:], dtype=np.float64)[:, :7]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_have_every_sample_to_the_last(recorded: Recorded, tmp_path: Path, form: str):
    if form == "parquet":
        pytest.importorskip("pyarrow")
    folder = exported(recorded, form, tmp_path / "tables")
    for side in Side:
        assert_all_there(columns_of(folder, side, form), recorded.samples[side])


def test_what_parquet_is_made_of_has_every_sample_to_the_last(recorded: Recorded):
    """As the above, also where the extra `parquet` is not installed."""
    for sent in recorded.samples.values():
        columns = list(si_columns(sent).values())
        assert_all_there(np.column_stack(columns[:7]), sent)


def test_bids_has_every_sample_to_the_last(recorded: Recorded, tmp_path: Path):
    motion = exported(recorded, "bids", tmp_path / "study") / "sub-01" / "motion"
    for side in Side:
        stem = f"sub-01_task-run_tracksys-{side}Shoe"
        sent = recorded.samples[side]
        assert_all_there(np.loadtxt(motion / f"{stem}_motion.tsv"), sent)
        told = json.loads((motion / f"{stem}_motion.json").read_text())
        assert told["RecordingDuration"] == pytest.approx((len(sent) - 1) / RATE_HZ, abs=0.01)
        assert told["SamplingFrequencyEffective"] == pytest.approx(RATE_HZ, rel=1e-3)


def test_strides_go_on_to_the_end(recorded: Recorded, tmp_path: Path):
    """The runner was cut off in mid-run, so a stride is closed in each foot's last second or so."""
    folder = exported(recorded, "csv", tmp_path / "tables")
    with (folder / "strides.csv").open() as file:
        rows = list(csv.DictReader(file))
    summary = json.loads((folder / "summary.json").read_text())
    for side in Side:
        mine = [row for row in rows if row["side"] == side]
        assert len(mine) == summary["strides"][side]["found"]
        last = max(float(row["ic_s"]) + float(row["stride_s"] or 0.0) for row in mine)
        assert last > BEGINS_S + (COUNTS[side] - 1) / RATE_HZ - 1.0


def test_a_fit_file_has_the_second_that_was_only_begun(recorded: Recorded, tmp_path: Path):
    target = exported(recorded, "fit", tmp_path / "run.fit")
    with fitdecode.FitReader(str(target)) as frames:
        records = [
            {field.name: field.value for field in frame.fields}
            for frame in frames
            if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "record"
        ]
    last_s = BEGINS_S + max((count - 1) / RATE_HZ for count in COUNTS.values()) + DELAY_S
    assert len(records) == math.ceil(last_s) == 25
    assert not any(record.get("cadence") for record in records[:3])
    assert all(record.get("cadence") for record in records[15:24])  # to the last whole second
