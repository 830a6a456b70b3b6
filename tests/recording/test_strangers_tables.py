"""IMU tables made to harm: each ends soon and in little memory, with a sentence."""

import gzip
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from within_limits import within_limits

from gait.model import InputError, Side
from gait.model.limits import COLUMNS, UNPACKED_FREE_BYTES, check_unpacked, unpacked_limit
from gait.recording import Table, read_table
from gait.recording.tolerant_reader import text_blocks

NAMES = "time_s,acc_x_m_s2,acc_y_m_s2,acc_z_m_s2,gyr_x_rad_s,gyr_y_rad_s,gyr_z_rad_s"


def problems(path: Path) -> list[str]:
    return read_table(path, side=Side.LEFT).problems


@pytest.fixture(scope="module", autouse=True)
def loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is compiled is loaded once, and not by every process that is limited."""
    path = tmp_path_factory.mktemp("loaded") / "x.csv"
    rows = "".join(f"{i / 400 + i % 3 / 2000},0,0.{i % 7},9.8,0,0.{i % 9},0\n" for i in range(500))
    path.write_text(NAMES + "\n" + rows)
    problems(path)


def good_rows(count: int) -> str:
    return "".join(
        f"{i / 400:.4f},{np.sin(i):.3f},0.1,{9.8 + i % 7 * 0.01:.2f},0.1,{np.cos(i):.3f},0.3\n"
        for i in range(count)
    )


@pytest.mark.parametrize("columns", [COLUMNS + 1, 20_000])
def test_columns_beyond_number(tmp_path: Path, columns: int) -> None:
    path = tmp_path / "x.csv"
    path.write_text(",".join(f"column{n}" for n in range(columns)) + "\n" + "1,2,3\n" * 100)
    assert f"more than {COLUMNS:,} columns" in within_limits(problems, path)


def test_the_same_column_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(NAMES + ",time_s" * (COLUMNS - 8) + "\n")
    assert "time_s more than once" in within_limits(problems, path)


def test_one_line_without_end(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(NAMES.encode() + b"\n" + b"1," * 3_900_000)
    assert "a line of more than" in within_limits(problems, path)


@pytest.mark.parametrize("row", ["0,0,0,0,0,0,0\n", "\n", "x\n"])
def test_much_out_of_little(tmp_path: Path, row: str) -> None:
    path = tmp_path / "x.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(NAMES.encode() + b"\n")
        for _ in range(100):
            file.write(row.encode() * (1_000_000 // len(row)))
    assert "unpacks to more than" in within_limits(problems, path)


@pytest.mark.parametrize("rate_hz", [0.001, 6_000.0, 1e6, 1e12])
def test_a_rate_that_no_sensor_has(tmp_path: Path, rate_hz: float) -> None:
    path = tmp_path / "x.csv"
    rows = "".join(f"{i / rate_hz!r},0.1,{i % 3},9.8,0,0.{i % 9},0\n" for i in range(500))
    path.write_text(NAMES + "\n" + rows)
    assert "samples a second" in within_limits(problems, path)


def test_a_rate_that_only_the_even_clock_tells(tmp_path: Path) -> None:
    """Stamps of which many repeat by far too short a step: the usual step says little of them."""
    path = tmp_path / "x.csv"
    time_s = [0.0]
    for i in range(400):
        time_s.append(time_s[-1] + (0.001 if i % 10 == 0 else 1e-4))
    rows = "".join(f"{t!r},0.1,{i % 3},9.8,0,0.{i % 9},0\n" for i, t in enumerate(time_s))
    path.write_text(NAMES + "\n" + rows)
    said = within_limits(problems, path)
    assert "samples a second" in str(said)


@pytest.mark.parametrize(
    "cell", ["1e308", "-1e308", "nan", "inf", "1e19", "", "9" * 5000, "0x1p3", "\x00", "é"]
)
@pytest.mark.parametrize("column", [0, 3, 6])
def test_cells_that_are_no_numbers_of_a_sensor(tmp_path: Path, cell: str, column: int) -> None:
    path = tmp_path / "x.csv"
    lines = good_rows(600).splitlines()
    for at in (0, 299, 300, 599):
        cells = lines[at].split(",")
        cells[column] = cell
        lines[at] = ",".join(cells)
    path.write_text(NAMES + "\n" + "\n".join(lines))
    assert within_limits(problems, path), "a sentence, or a problem that is told"


@settings(max_examples=30)
@given(
    edits=st.lists(st.tuples(st.floats(0.0, 0.999), st.binary(min_size=1, max_size=4)), max_size=8),
    cut=st.floats(0.0, 1.0),
    packed=st.booleans(),
)
def test_damage_is_a_sentence_or_a_table(
    tmp_path_factory: pytest.TempPathFactory,
    edits: list[tuple[float, bytes]],
    cut: float,
    packed: bool,
) -> None:
    content = bytearray((NAMES + "\n" + good_rows(60)).encode())
    if packed:
        content = bytearray(gzip.compress(bytes(content)))
    for at, changed in edits:
        place = int(at * len(content))
        content[place : place + len(changed)] = changed
    path = tmp_path_factory.mktemp("damaged") / "x.csv"
    path.write_bytes(content[: int(cut * len(content)) + 1])
    said: Table | str
    try:
        said = read_table(path, side=Side.LEFT)
    except InputError as error:
        said = str(error)
    assert isinstance(said, Table) or str(path) in said


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_in_blocks_is_the_table(tmp_path: Path, end: str) -> None:
    path = tmp_path / "x.csv"
    text = NAMES + end + good_rows(3000).replace("\n", end)
    path.write_bytes(text.encode())
    for size in (100, 1000, 65_536, 1 << 22):
        blocks = list(text_blocks(path, line_bytes=200, size=size))
        assert b"".join(blocks) == text.encode()
        assert all(block.endswith(end.encode()[-1:]) for block in blocks)
        lines = [line for block in blocks for line in block.decode().splitlines()]
        assert lines == text.splitlines()
    assert len(read_table(path, side=Side.LEFT).samples) == 3000


def test_the_limit_of_what_is_unpacked() -> None:
    for packed in (0, 1000, 10**9):
        check_unpacked(unpacked_limit(packed), packed, "x")
        with pytest.raises(InputError, match="unpacks to more than"):
            check_unpacked(unpacked_limit(packed) + 1, packed, "x")
    assert unpacked_limit(0) == UNPACKED_FREE_BYTES
    noise = random.Random(1).randbytes(10_000)
    assert len(noise) < unpacked_limit(len(gzip.compress(noise)))
