"""IMU tables as devices and spreadsheets write them: the same numbers, or what is wrong."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from gait.model import InputError, Side
from gait.recording import read_table
from gait.recording.tables import Table

G = 9.80665
DEG = 180.0 / np.pi
N = 400
BEGIN = datetime(2026, 5, 17, 8, 30, tzinfo=UTC)


def signals(n: int = N) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """100 Hz: standing for a second, then a foot that swings; m/s² and rad/s."""
    t = np.arange(n) / 100.0
    swing = np.sin(2 * np.pi * 1.4 * t) * (t > 1.0)
    acc = np.column_stack([8.0 * swing, 3.0 * swing**2, G + 6.0 * np.abs(swing)])
    gyr = np.column_stack([0.5 * swing, 6.0 * swing, 0.3 * swing])
    return t, acc, gyr


def rows(
    names: list[str],
    *,
    acc_by: float = 1.0,
    gyr_by: float = 1.0,
    times: list[str] | None = None,
    separator: str = ",",
    form: str = "{:.6f}",
) -> str:
    t, acc, gyr = signals()
    told = times or [form.format(second) for second in t]
    lines = [separator.join(names)]
    for time, *values in zip(told, *(acc_by * acc).T, *(gyr_by * gyr).T, strict=True):
        lines.append(separator.join([time, *(form.format(value) for value in values)]))
    return "\n".join(lines) + "\n"


def read(tmp_path: Path, content: str | bytes, name: str = "left.csv") -> Table:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path, side=Side.LEFT)


def assert_signals(table: Table) -> None:
    t, acc, gyr = signals()
    np.testing.assert_allclose(table.samples.time_s - table.samples.time_s[0], t, atol=1e-5)
    np.testing.assert_allclose(table.samples.acc, acc, atol=2e-3)
    np.testing.assert_allclose(table.samples.gyr, gyr, atol=2e-3)


SI = ["time_s", *(f"acc_{a}_m_s2" for a in "xyz"), *(f"gyr_{a}_rad_s" for a in "xyz")]


def named(acc: str, gyr: str, time: str = "time_s") -> list[str]:
    return [time, *(acc.replace("?", a) for a in "xyz"), *(gyr.replace("?", a) for a in "xyz")]


@pytest.mark.parametrize(
    ("names", "acc_by", "gyr_by"),
    [
        (named("acc_?_m_s2", "gyr_?_dps"), 1.0, DEG),
        (named("acc_? [m/s^2]", "gyr_? [deg/s]"), 1.0, DEG),
        (named("Acc_? [m/s²]", "Gyr_? [°/s]", "Time [s]"), 1.0, DEG),
        (named("acc_?_g", "gyr_?_mdps"), 1.0 / G, 1000 * DEG),
        (named("accelerometer ? (g)", "gyroscope ? (dps)", "Timestamp (s)"), 1.0 / G, DEG),
        (named("a?_g", "g?_dps"), 1.0 / G, DEG),
        (named("accel.?.mg", "gyro.?.rad/s", "t [s]"), 1000.0 / G, 1.0),
        (named("AccelerationX (m/s^2)".replace("X", "?"), "AngularVelocity? (rad/s)"), 1.0, 1.0),
    ],
)
def test_names_as_others_write_them(tmp_path, names, acc_by, gyr_by):
    assert_signals(read(tmp_path, rows(names, acc_by=acc_by, gyr_by=gyr_by)))


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (named("acc_?", "gyr_?_dps"), "accelerometer without a unit (acc_x, acc_y, acc_z)"),
        (named("acc_?_g", "gyr_?"), "gyroscope without a unit"),
        (named("FreeAcc_?", "gyr_?_dps"), "only acceleration without gravity"),
        (named("linear acc ? [m/s2]", "gyr_?_dps"), "only acceleration without gravity"),
        ([*SI, "Acc_X [m/s^2]"], "two columns for one axis"),
    ],
)
def test_names_that_do_not_say_enough(tmp_path, names, said):
    with pytest.raises(InputError, match=said.replace("(", r"\(").replace(")", r"\)")):
        read(
            tmp_path, rows(names) if len(names) == 7 else ",".join(names) + "\n" + "1," * 7 + "1\n"
        )


def moments(form: str, zone: bool = False) -> list[str]:
    told = [BEGIN + timedelta(milliseconds=10 * i) for i in range(N)]
    return [one.strftime(form) + ("+02:00" if zone else "") for one in told]


@pytest.mark.parametrize(
    "times",
    [
        moments("%Y-%m-%dT%H:%M:%S.%f"),
        moments("%Y-%m-%d %H:%M:%S.%f"),
        moments("%Y-%m-%dT%H:%M:%S.%fZ"),
        moments("%Y-%m-%dT%H:%M:%S.%f", zone=True),
        moments("%H:%M:%S.%f"),
        [f'"{one}"' for one in moments("%Y-%m-%dT%H:%M:%S.%f")],
    ],
    ids=["T", "space", "Z", "zone", "of a day", "quoted"],
)
@pytest.mark.parametrize("name", ["timestamp", "time_s"])
def test_times_as_text(tmp_path, times, name):
    assert_signals(read(tmp_path, rows([name, *SI[1:]], times=times)))


def test_times_as_text_are_moments(tmp_path):
    table = read(tmp_path, rows(["time", *SI[1:]], times=moments("%Y-%m-%dT%H:%M:%S.%fZ")))
    assert table.samples.time_s[0] == BEGIN.timestamp()


def test_midnight_is_crossed(tmp_path):
    told = [
        BEGIN.replace(hour=23, minute=59, second=58) + timedelta(milliseconds=10 * i)
        for i in range(N)
    ]
    times = [one.strftime("%H:%M:%S.%f") for one in told]
    table = read(tmp_path, rows(["time", *SI[1:]], times=times))
    assert_signals(table)
    assert any("counted on" in problem for problem in table.problems)


@pytest.mark.parametrize(
    ("per_second", "unit"), [(1, "seconds"), (1000, "milliseconds"), (10**6, "microseconds")]
)
def test_a_time_without_a_unit_is_what_gives_a_rate(tmp_path, per_second, unit):
    t, _, _ = signals()
    times = [str(round(float(per_second * second), 6)) for second in t]
    table = read(tmp_path, rows(["Timestamp", *SI[1:]], times=times))
    assert_signals(table)
    assert any(unit in problem for problem in table.problems)


def test_microseconds_that_begin_anew(tmp_path):
    times = [str((2**32 - 1_000_000 + 10_000 * i) % 2**32) for i in range(N)]
    table = read(tmp_path, rows(["time_us", *SI[1:]], times=times))
    assert_signals(table)
    assert not table.samples.breaks.any()


MOVELLA = """sep=,
DeviceTag:,Movella DOT 1
FirmwareVersion:,2.4.0
AppVersion:,2023.6.0
OutputRate:,100Hz
StartTime:,2026-05-17_08-30-00

"""


@pytest.mark.parametrize(
    "above", [MOVELLA, "sep=,\n", "", "// General information:\n// Rate: 100\n"]
)
def test_movella(tmp_path, above):
    names = ["SampleTimeFine", *(f"Acc_{a}" for a in "XYZ"), *(f"Gyr_{a}" for a in "XYZ")]
    times = [str((2**32 - 1_500_000 + 10_000 * i) % 2**32) for i in range(N)]
    text = rows(names, gyr_by=DEG, times=times)
    counted = "\n".join(
        f"{'PacketCounter' if i == 0 else i},{line}" for i, line in enumerate(text.splitlines())
    )
    assert_signals(read(tmp_path, above + counted + "\n"))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_commas(tmp_path, separator):
    text = rows(SI, separator=separator).replace(".", ",")
    assert_signals(read(tmp_path, text))
    assert_signals(read(tmp_path, f"sep={separator}\n{text}"))


@pytest.mark.parametrize("comma", [False, True])
def test_quoted_numbers(tmp_path, comma):
    text = rows(SI, form='"{:.6f}"')
    if comma:
        text = text.replace(".", ",")
    assert_signals(read(tmp_path, text))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "latin-1"])
def test_encodings(tmp_path, encoding):
    names = named("Acc_? [m/s²]", "Gyr_? [rad/s]") if encoding != "utf-16-le" else SI
    text = rows(names)
    data = text.encode(encoding)
    if encoding == "utf-16-be":
        data = b"\xfe\xff" + data
    if encoding == "latin-1":  # the ² is no UTF-8, so the unit is not known
        with pytest.raises(InputError):
            read(tmp_path, data)
        return
    assert_signals(read(tmp_path, data))


def test_the_cell_that_was_not_understood_is_named(tmp_path):
    lines = rows(SI).splitlines()
    cells = lines[8].split(",")
    cells[2] = "1.2.3"
    lines[8] = ",".join(cells)
    table = read(tmp_path, "\n".join(lines))
    assert len(table.samples) == N - 1
    wanted = "The first cell that is no number: “1.2.3” in row 8, column acc_y_m_s2."
    assert wanted in table.problems
    bad = [lines[0], *(line.replace(".", "·") for line in lines[1:])]
    with pytest.raises(InputError, match=r"no row in which .*“0·000000” in row 1, column time_s"):
        read(tmp_path, "\n".join(bad))


def test_acceleration_without_gravity_is_told(tmp_path):
    t, acc, gyr = signals(4000)
    free = acc - [0.0, 0.0, G]
    noise = np.where(t > 1.0, 4.0, 0.02)[:, None]  # at rest only that of the sensor
    free += noise * np.random.default_rng(1).normal(0.0, 1.0, free.shape)
    lines = [",".join(SI)]
    lines += [",".join(f"{v:.5f}" for v in row) for row in np.column_stack([t, free, gyr])]
    with pytest.raises(InputError, match=r"acceleration without gravity: .* g where the foot"):
        read(tmp_path, "\n".join(lines))


def test_accelerometer_and_gyroscope_exchanged_are_told(tmp_path):
    names = [SI[0], *SI[4:], *SI[1:4]]
    with pytest.raises(InputError, match="look exchanged"):
        read(tmp_path, rows(names))


def test_a_comma_as_separator_and_in_numbers_is_not_guessed(tmp_path):
    text = rows(SI).replace(".", ",")
    with pytest.raises(InputError):
        read(tmp_path, text)
