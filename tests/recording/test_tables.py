"""IMU tables, written here with the standard library, and every way in which they can be wrong."""

import csv
import gzip
import io
import math
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shared_data
from recorded import record

from gait.model import GaitError, InputError, Samples, Side, UsageError
from gait.recording import Table, open_session, read_table, sniff, write_table

G = 9.80665
SI = [
    *("time_s", "acc_x_m_s2", "acc_y_m_s2", "acc_z_m_s2"),
    *("gyr_x_rad_s", "gyr_y_rad_s", "gyr_z_rad_s"),
]
Row = list[Any]


def swinging(count: int = 400, rate_hz: float = 200.0) -> list[Row]:
    """A foot that swings to and fro: SI units, no two rows alike."""
    rows = []
    for i in range(count):
        t = i / rate_hz
        phase = 2.0 * math.pi * 1.3 * t
        acc = [3.0 * math.sin(phase), 0.5 * math.cos(3.1 * phase), G + 20.0 * math.sin(phase) ** 8]
        rows.append([t, *acc, 0.3 * math.cos(phase), 8.0 * math.sin(phase), 0.1 * phase / (1 + t)])
    return rows


def write(path: Path, rows: Sequence[Row], names: Sequence[str] = SI, delimiter: str = ",") -> Path:
    text = io.StringIO(newline="")
    out = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    out.writerow(names)
    out.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def scaled(rows: Sequence[Row], time: float = 1.0, acc: float = 1.0, gyr: float = 1.0) -> list[Row]:
    factors = [time, acc, acc, acc, gyr, gyr, gyr]
    return [[v * f for v, f in zip(row, factors, strict=True)] for row in rows]


def read(path: Path) -> Table:
    return read_table(path, side=Side.LEFT)


def matrix(samples: Samples) -> list[Row]:
    return np.column_stack([samples.time_s, samples.acc, samples.gyr]).tolist()


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "named-anything"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_plain(tmp_path: Path, name: str, delimiter: str) -> None:
    path = write(tmp_path / name, swinging(), delimiter=delimiter)
    assert sniff(path) == "table"
    table = read_table(path, side=Side.RIGHT)
    assert matrix(table.samples) == swinging(), "every digit as it was written"
    assert not table.samples.breaks.any()
    assert table.problems == []
    assert table.info.side is Side.RIGHT
    assert table.info.rate_hz == pytest.approx(200.0, abs=1e-6)
    assert (table.info.acc_range_g, table.info.gyr_range_dps) == (None, None)
    assert table.info.has_gyroscope
    assert (table.info.profile, table.info.mounting) == ("table", "unknown")


def test_frame_foot_is_the_mounting(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", swinging())
    assert read_table(path, side=Side.LEFT, frame="foot").info.mounting == "foot"


@pytest.mark.parametrize(
    ("acc", "gyr", "time"),
    [("g", "deg_s", "ms"), ("g", "rad_s", "us"), ("m_s2", "deg_s", "s")],
)
def test_other_units(tmp_path: Path, acc: str, gyr: str, time: str) -> None:
    names = [
        f"time_{time}",
        *(f"acc_{axis}_{acc}" for axis in "xyz"),
        *(f"gyr_{axis}_{gyr}" for axis in "xyz"),
    ]
    per_s = {"s": 1.0, "ms": 1e3, "us": 1e6}[time]
    rows = scaled(
        swinging(), per_s, 1 / G if acc == "g" else 1.0, 180 / math.pi if gyr == "deg_s" else 1.0
    )
    table = read(write(tmp_path / "t.csv", rows, names))
    np.testing.assert_allclose(matrix(table.samples), swinging(), rtol=1e-12, atol=1e-12)


def test_columns_in_any_order_with_others_between(tmp_path: Path) -> None:
    order = [6, 2, 0, 3, 5, 1, 4]
    names = ["label", *(SI[i].upper() for i in order), "mag_x_ut"]
    rows = [["left, foot", *(row[i] for i in order), "n/a"] for row in swinging()]
    table = read(write(tmp_path / "t.csv", rows, names, delimiter="\t"))
    assert matrix(table.samples) == swinging()
    [problem] = table.problems
    assert "not used: label, mag_x_ut" in problem


def test_bytes_that_are_no_text_in_a_column_of_no_use(tmp_path: Path) -> None:
    rows = [[*row, "é"] for row in swinging()]
    content = write(tmp_path / "t.csv", rows, [*SI, "mag_µT"]).read_text().encode("latin-1")
    (tmp_path / "t.csv").write_bytes(content)
    assert matrix(read(tmp_path / "t.csv").samples) == swinging()


def test_a_byte_order_mark_comments_and_blank_lines(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", swinging())
    text = "\ufeff# from the lab\n\n" + (tmp_path / "t.csv").read_text() + "\n\n"
    (tmp_path / "t.csv").write_bytes(text.replace("\n", "\r\n").encode())
    assert matrix(read(tmp_path / "t.csv").samples) == swinging()


def test_an_accelerometer_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", [row[:4] for row in swinging()], SI[:4])
    table = read(path)
    assert not table.info.has_gyroscope
    assert np.isnan(table.samples.gyr).all()
    assert table.samples.gyr.shape == (400, 3)
    assert "accelerometer alone" in table.problems[0]
    empty = read(write(tmp_path / "u.csv", [[*row[:4], "", "", ""] for row in swinging()]))
    assert not empty.info.has_gyroscope
    assert len(empty.samples) == 400


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (SI[1:], "no column time_s"),
        ([*SI[:1], *SI[4:]], "lacks acc_x_m_s2, acc_y_m_s2, acc_z_m_s2"),
        ([*SI[:3], *SI[4:]], "lacks acc_z_m_s2;"),
        (SI[:5], "lacks gyr_y_rad_s, gyr_z_rad_s;"),
        ([*SI[:3], "acc_z_g", *SI[4:]], "mixes units of the accelerometer: acc_x_m_s2"),
        ([*SI[:5], "gyr_y_deg_s", SI[6]], "mixes units of the gyroscope"),
        ([*SI, "acc_x_m_s2"], "acc_x_m_s2 more than once"),
        (["name", "age"], "is not an IMU table; its columns must be time_s"),
        (["0.0", "0.1", "9.8"], "no line of column names"),
    ],
)
def test_columns_that_are_missing_or_mixed(tmp_path: Path, names: Sequence[str], says: str) -> None:
    path = write(tmp_path / "t.csv", [[1.0] * len(names)] * 3, names)
    with pytest.raises(InputError, match=says):
        read(path)


@pytest.mark.parametrize(
    ("acc", "gyr", "units", "says"),
    [
        (1 / G, 1.0, ("m_s2", "rad_s"), "looks like g; name them acc_x_g, acc_y_g, acc_z_g"),
        (1.0, 1.0, ("g", "rad_s"), "looks like m/s²; name them acc_x_m_s2"),
        (1000 / G, 1.0, ("g", "rad_s"), "no foot reaches"),
        (0.01, 1.0, ("m_s2", "rad_s"), "gravity was taken out"),
        (1.0, 180 / math.pi, ("m_s2", "rad_s"), "looks like deg/s; name them gyr_x_deg_s"),
        (1.0, 1.0, ("m_s2", "deg_s"), "looks like rad/s; name them gyr_x_rad_s"),
        (1.0, 1e4, ("m_s2", "deg_s"), "no foot reaches"),
    ],
)
def test_values_that_do_not_fit_their_unit(
    tmp_path: Path, acc: float, gyr: float, units: tuple[str, str], says: str
) -> None:
    names = [
        "time_s",
        *(f"acc_{axis}_{units[0]}" for axis in "xyz"),
        *(f"gyr_{axis}_{units[1]}" for axis in "xyz"),
    ]
    path = write(tmp_path / "t.csv", scaled(swinging(), 1.0, acc, gyr), names)
    with pytest.raises(InputError, match=says):
        read(path)


def test_rows_that_are_no_numbers_become_a_break(tmp_path: Path) -> None:
    rows = swinging()
    rows[10][2] = "nan"
    rows[11][5] = "inf"
    rows[50][0] = "?"
    rows[60] = rows[60][:4]
    rows[399][3] = ""
    table = read(write(tmp_path / "t.csv", rows))
    good = [i for i in range(400) if i not in (10, 11, 50, 60, 399)]
    assert matrix(table.samples) == [swinging()[i] for i in good]
    assert [good[i] for i in np.flatnonzero(table.samples.breaks)] == [12, 51, 61]
    assert any("5 of 400 rows left out" in problem for problem in table.problems)
    assert any("3 gaps" in p and "0.02 s of samples" in p for p in table.problems)


def test_gaps_are_marked_and_summed(tmp_path: Path) -> None:
    rows = [row for i, row in enumerate(swinging()) if i not in (100, 200, 201, 202)]
    table = read(write(tmp_path / "t.csv", rows))
    assert np.flatnonzero(table.samples.breaks).tolist() == [100, 199]
    [problem] = table.problems
    assert "2 gaps" in problem
    assert "0.02 s" in problem
    assert table.info.rate_hz == pytest.approx(200.0, abs=1e-6)


def test_a_few_rows_out_of_order_and_repeated(tmp_path: Path) -> None:
    rows = swinging()
    rows[30], rows[31] = rows[31], rows[30]
    rows.insert(80, rows[79])
    table = read(write(tmp_path / "t.csv", rows))
    assert matrix(table.samples) == swinging()
    assert not table.samples.breaks.any()
    assert table.problems == [
        "1 row out of order in time, sorted.",
        "1 row with a repeated time, left out.",
    ]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (swinging()[::-1], "time running backwards"),
        (swinging()[200:] + swinging()[:200], r"backwards \(200 of 400.*split it"),
        ([[0.5, *row[1:]] for row in swinging()], "same time in every row"),
        (swinging()[:1], "fewer than two"),
        (swinging(rate_hz=5.0), "has 5 samples a second, where 20 to 2000"),
        (scaled(swinging(), 1e3), "looks like milliseconds: name it time_ms"),
        (scaled(swinging(), 1e6), "looks like microseconds: time_us"),
        (swinging(rate_hz=5000.0), "has 5000 samples a second"),
        ([["x"] * 7] * 5, "no row in which"),
        ([], "column names but no rows"),
    ],
)
def test_time_that_cannot_be_trusted(tmp_path: Path, rows: list[Row], says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(write(tmp_path / "t.csv", rows))


def test_uneven_time_is_said(tmp_path: Path) -> None:
    dice = random.Random(1)
    rows = swinging()
    for row in rows:
        row[0] += dice.uniform(-0.0017, 0.0017)
    table = read(write(tmp_path / "t.csv", rows))
    assert any("jitter by" in problem for problem in table.problems)
    assert table.info.rate_hz == pytest.approx(200.0, rel=0.01)


def test_time_in_whole_milliseconds_at_400_hz(tmp_path: Path) -> None:
    rows = [[round(row[0] * 1e3), *row[1:]] for row in swinging(1000, 400.0)]
    table = read(write(tmp_path / "t.csv", rows, ["time_ms", *SI[1:]]))
    assert table.info.rate_hz == pytest.approx(400.0, rel=1e-3)
    assert not table.samples.breaks.any()


def test_clipping_gives_the_range(tmp_path: Path) -> None:
    rows = swinging()
    for row in rows:
        row[3] = max(min(3.0 * row[3], 8 * G), -8 * G)
        row[5] = max(min(1.5 * row[5], math.radians(500)), -math.radians(500))
    info = read(write(tmp_path / "t.csv", rows)).info
    assert info.acc_range_g == pytest.approx(8.0)
    assert info.gyr_range_dps == pytest.approx(500.0)


def test_the_shared_recordings_are_read_without_a_remark() -> None:
    for kind, names, rate in (
        ("running", shared_data.RUNNING[:2], 400.0),
        ("walking", shared_data.WALKING[:2], 100.0),
    ):
        for name in names:
            table = read(shared_data.table_path(kind, name))
            expected = shared_data.samples(kind, name)
            np.testing.assert_array_equal(table.samples.acc, expected.acc)
            np.testing.assert_array_equal(table.samples.gyr, expected.gyr)
            assert table.info.rate_hz == pytest.approx(rate, rel=1e-3)
            assert (table.info.acc_range_g, table.info.gyr_range_dps) == (None, None)
            assert table.problems == []


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.csv", b"", "is empty"),
        ("x.csv", b"\n\n", "neither a session file nor an IMU table"),
        ("x.csv", b"just words\nand more\n", "neither a session file nor an IMU table"),
        ("x.csv", random.Random(5).randbytes(5000), "neither a session file nor an IMU table"),
        ("x.csv.gz", b"\x1f\x8b" + random.Random(6).randbytes(5000), "neither"),
        ("x.parquet", b"PAR1" + random.Random(7).randbytes(5000), "damaged|parquet"),
        ("x.csv", ",".join(SI).encode() + b"\n" + b"0,1,2,3,4,5,\xff\n", "no row in which"),
        ("x.csv", ";".join(SI).encode() + b"\n0,0;1,0;2,0;3,0;4,0;5,0;6,0\n", "looks like g"),
    ],
)
def test_what_is_no_table(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(GaitError, match=says):
        read(tmp_path / name)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    for reader in (sniff, read):
        with pytest.raises(InputError, match="There is no file"):
            reader(tmp_path / "no.csv")
        with pytest.raises(InputError, match="is a folder"):
            reader(tmp_path)


def test_a_compressed_table_cut_off_gives_its_beginning(tmp_path: Path) -> None:
    content = write(tmp_path / "t.csv.gz", swinging(2000)).read_bytes()
    (tmp_path / "cut.csv.gz").write_bytes(content[: len(content) // 2])
    table = read(tmp_path / "cut.csv.gz")
    whole = len(table.samples) - 1  # the last row may have been cut within a number
    assert matrix(table.samples)[:whole] == swinging(2000)[:whole]
    assert 600 < whole < 1400
    assert "cut off" in table.problems[0]


def test_a_compressed_table_overwritten_gives_what_lies_before(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv.gz", swinging(2000))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = b"\xff" * 64
    path.write_bytes(content)
    table = read(path)
    sure = min(700, len(table.samples))
    assert matrix(table.samples)[:sure] == swinging(2000)[:sure]
    assert sure == 700
    assert "damaged" in table.problems[0]


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
@pytest.mark.parametrize("gyroscope", [True, False])
def test_written_tables_hold_the_samples(tmp_path: Path, name: str, gyroscope: bool) -> None:
    rows = np.array(swinging())
    gyr = rows[:, 4:] if gyroscope else np.full((400, 3), np.nan)
    write_table(tmp_path / name, Samples(rows[:, 0], rows[:, 1:4], gyr))
    packed = name.endswith(".gz")
    with gzip.open(tmp_path / name, "rt") if packed else (tmp_path / name).open() as file:
        names, *written = csv.reader(file)
    assert names == SI[: 7 if gyroscope else 4]
    np.testing.assert_allclose(np.array(written, float), rows[:, : len(names)], atol=5.1e-6)
    with pytest.raises(UsageError, match="exists already"):
        write_table(tmp_path / name, Samples(rows[:, 0], rows[:, 1:4], gyr))


def test_parquet(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "t.parquet"
    columns: dict[str, Any] = dict(zip(SI, zip(*swinging(), strict=True), strict=True))
    columns["gyr_x_rad_s"] = [None, *columns["gyr_x_rad_s"][1:]]
    parquet.write_table(pa.table({"label": ["a"] * 400, **columns}), path)
    assert sniff(path) == "table"
    table = read(path)
    assert matrix(table.samples) == swinging()[1:]
    assert "1 of 400 rows" in " ".join(table.problems)
    parquet.write_table(pa.table({**columns, "acc_x_m_s2": ["x"] * 400}), path)
    with pytest.raises(InputError, match="not numbers"):
        read(path)
    parquet.write_table(pa.table({name: [1.0] for name in SI[:3]}), path)
    with pytest.raises(InputError, match="lacks acc_z_m_s2"):
        read(path)


def test_parquet_without_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "t.parquet").write_bytes(b"PAR1 and so on PAR1")
    with pytest.raises(GaitError, match=r"extra `parquet`: pip install 'shoegait\[parquet\]'"):
        read(tmp_path / "t.parquet")


def test_a_session_is_not_a_table_and_the_other_way_round(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a session file"):
        read(record(tmp_path / "run.gait", []))
    with pytest.raises(InputError, match="is an IMU table"):
        open_session(write(tmp_path / "t.csv", swinging()))
