"""Bounds of what a table, a moment or a file may be, on either side; and small sums by hand."""

import errno
import math
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.model import GaitError, InputError, Packet, Samples, SensorInfo, Side, UsageError
from gait.recording import files, tables, timing
from gait.recording.even_clock import even_times
from gait.recording.foreign import maker, reading
from gait.recording.foreign.maker import Column, RunTold
from gait.recording.session import Session, session_key
from gait.recording.timing import put_in_order

G = 9.80665
ACC = tables.Triple("acc", (1, 2, 3), "m_s2", 1.0)
ACC_G = tables.Triple("acc", (1, 2, 3), "g", G)
GYR = tables.Triple("gyr", (4, 5, 6), "rad_s", 1.0)
GYR_DEG = tables.Triple("gyr", (4, 5, 6), "deg_s", math.pi / 180.0)


def samples(time_s) -> Samples:
    n = len(time_s)
    acc = np.column_stack([0.01 * np.arange(n), np.ones(n), np.full(n, 9.8)])
    gyr = np.column_stack([0.001 * np.arange(n), np.ones(n), np.ones(n)])
    return Samples(np.array(time_s, dtype=float), acc, gyr)


@pytest.mark.parametrize(
    ("steps", "period"),
    [
        ([2.0, 3.0, 2.0, 3.0], 2.5),
        ([1.0, 1.0, 1.0, 1.74], 1.185),  # three quarters more is not near …
        ([1.0, 1.0, 1.0, 1.76], 1.0),
        ([1.0, 1.0, 1.0, 50.0], 1.0),
        ([0.0, 0.0, 0.0, 4.0], 1.0),  # … and where most repeat, how many there are tells
    ],
)
def test_the_period_of_samples(steps, period) -> None:
    assert timing._period(np.array(steps)) == pytest.approx(period, rel=1e-6)


@pytest.mark.parametrize(
    ("rate_hz", "said"),
    [
        (19.81, None), (19.79, "has 19.79 samples a second, where 20 to 2000 can be used."),
        (2019.0, None), (2021.0, "has 2021 samples a second"),
        (0.4, "looks like milliseconds: name it time_ms"),
        (0.0004, "looks like microseconds: time_us"),
        (0.001, "samples a second, where 20 to 2000 can be used; its time column looks like "
                "microseconds"),
    ],
)  # fmt: skip
def test_the_rates_that_can_be(rate_hz, said) -> None:
    if said is None:
        timing._check_rate(rate_hz, "x")
        return
    with pytest.raises(InputError) as caught:
        timing._check_rate(rate_hz, "x")
    assert said in str(caught.value)


@pytest.mark.parametrize(("steps", "gap"), [(1.45, False), (1.55, True), (3.0, True)])
def test_a_gap_is_more_than_one_and_a_half_periods(steps, gap) -> None:
    time_s = 0.01 * np.arange(1000)
    time_s[500:] += 0.01 * (steps - 1.0)
    found = put_in_order(samples(time_s), "x")
    assert np.flatnonzero(found.samples.breaks).tolist() == [500] * gap
    assert len(found.problems) == gap
    for said in found.problems:
        assert said.startswith("1 gap in time: 0.0")
        assert float(said.split()[4]) == pytest.approx(0.01 * (steps - 1.0), rel=0.01)
    assert found.rate_hz == pytest.approx(100.0, rel=1e-3)


def test_rows_out_of_order_and_twice_are_told_in_numbers() -> None:
    time_s = 0.01 * np.arange(1000)
    time_s[[10, 11]] = time_s[[11, 10]]
    time_s[[20, 21]] = time_s[[21, 20]]
    found = put_in_order(samples(time_s), "x")
    assert found.problems == ["2 rows out of order in time, sorted."]
    assert (np.diff(found.samples.time_s) > 0).all()
    assert found.samples.acc[10, 0] == pytest.approx(0.11)
    one = np.insert(0.01 * np.arange(1000), 7, 0.07)
    acc = np.insert(samples(0.01 * np.arange(1000)).acc, 7, [0.07, 1.0, 9.8], axis=0)
    gyr = np.insert(samples(0.01 * np.arange(1000)).gyr, 7, [0.007, 1.0, 1.0], axis=0)
    twice = put_in_order(Samples(one, acc, gyr), "x")
    assert twice.problems == ["1 row with a repeated time, left out."]
    assert len(twice.samples) == 1000


def test_values_that_are_held_are_those_of_a_slower_sensor() -> None:
    time_s = 0.005 * np.arange(2000)
    held = np.repeat(samples(0.01 * np.arange(1000)).acc, 2, axis=0)
    gyr = np.repeat(samples(0.01 * np.arange(1000)).gyr, 2, axis=0)
    found = put_in_order(Samples(time_s, held, gyr), "x")
    assert len(found.samples) == 1000
    (said,) = found.problems
    assert said.startswith("Each value stands 2 times in a row: some 100 samples a second, held to")
    assert "held to 200;" in said


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_rows(n) -> None:
    with pytest.raises(InputError, match="fewer than two usable rows"):
        put_in_order(samples(np.arange(n)), "x")
    with pytest.raises(InputError, match="the same time in every row"):
        put_in_order(samples([1.0] * 50), "x")
    flat = np.tile([0.0, 0.0, 9.8], (50, 1))
    with pytest.raises(InputError, match="the same values in every row"):
        put_in_order(Samples(0.01 * np.arange(50), flat, np.zeros((50, 3))), "x")


def naive_even(time_s, period, ahead, gain, restart):
    even, skipped = [time_s[0]], [0]
    for i in range(1, len(time_s)):
        late = [(t - even[-1]) / period - 1.0 - j for j, t in enumerate(time_s[i : i + ahead])]
        missing = 0
        if late[0] > 0.5 and np.median(late) > 0.6:
            missing = max(1, round(min(late[0], float(np.median(late)))))
        expected = even[-1] + (1 + missing) * period
        if missing >= restart:
            even.append(time_s[i])
        else:
            even.append(expected + gain * (time_s[i] - expected))
        skipped.append(missing)
    return even, skipped


@pytest.mark.parametrize("seed", range(6))
def test_even_times_against_a_plain_recomputation(seed) -> None:
    random = np.random.default_rng(seed)
    steps = random.choice([1, 1, 1, 1, 2, 3, 60], 400) * 0.01
    time_s = np.cumsum(steps) + random.uniform(-0.004, 0.006, 400)
    even, skipped = np.empty(400), np.empty(400, np.int64)
    even_times(time_s, 0.01, 5, 0.02, 40.0, even, skipped)
    expected, missing = naive_even(list(time_s), 0.01, 5, 0.02, 40.0)
    np.testing.assert_allclose(even, expected)
    assert skipped.tolist() == missing


def acc_of(size: float) -> np.ndarray:
    return np.tile([0.0, 0.0, size], (100, 1))


@pytest.mark.parametrize(
    ("triple", "size", "said"),
    [
        (ACC, 0.29, "where standing still gives 9.8"),
        (ACC, 0.31, "looks like g; name them acc_x_g, acc_y_g, acc_z_g"),
        (ACC, 5.9, "looks like g"),
        (ACC, 6.1, None),
        (ACC, 117.0, None),
        (ACC, 118.5, "no foot reaches"),
        (ACC_G, 0.29, "where standing still gives 1;"),
        (ACC_G, 0.31, None),
        (ACC_G, 5.9, None),
        (ACC_G, 6.1, "looks like m/s²; name them acc_x_m_s2, acc_y_m_s2, acc_z_m_s2"),
        (ACC_G, 117.0, "looks like m/s²"),
        (ACC_G, 118.5, "no foot reaches; convert raw counts or mg"),
    ],
)
def test_accelerations_fit_the_unit_of_their_columns(triple, size, said) -> None:
    if said is None:
        tables.check_acc_unit(acc_of(size), triple, "x")
        return
    with pytest.raises(InputError) as caught:
        tables.check_acc_unit(acc_of(size), triple, "x")
    assert said in str(caught.value)
    assert f"around {size:.3g} in " in str(caught.value)


@pytest.mark.parametrize(
    ("triple", "rate", "acc", "said"),
    [
        (GYR, 99.0, 9.8, None),
        (GYR, 101.0, 9.8, "looks like deg/s; name them gyr_x_deg_s"),
        (GYR, 5700.0, 9.8, "looks like deg/s"),
        (GYR, 5800.0, 9.8, "no foot reaches"),
        (GYR_DEG, 5700.0, 9.8, None),
        (GYR_DEG, 5800.0, 9.8, "no foot reaches"),
        (GYR_DEG, 39.0, 26.0, "looks like rad/s; name them gyr_x_rad_s"),
        (GYR_DEG, 41.0, 26.0, None),
        (GYR_DEG, 39.0, 24.0, None),
        (GYR_DEG, 0.0, 26.0, None),
        (GYR, 39.0, 26.0, None),
    ],
)
def test_angular_rates_fit_the_unit_of_their_columns(triple, rate, acc, said) -> None:
    if said is None:
        tables.check_gyr_unit(acc_of(rate), acc_of(acc), triple, "x")
        return
    with pytest.raises(InputError) as caught:
        tables.check_gyr_unit(acc_of(rate), acc_of(acc), triple, "x")
    assert said in str(caught.value)


def test_a_few_wild_rates_say_nothing_of_the_unit() -> None:
    rates = acc_of(10.0)
    rates[:1] = 5000.0
    tables.check_gyr_unit(rates, acc_of(9.8), GYR, "x")
    rates[:3] = 5000.0
    with pytest.raises(InputError):
        tables.check_gyr_unit(rates, acc_of(9.8), GYR, "x")


def values_with(ends: list[float]) -> np.ndarray:
    """Of the first axis; far below elsewhere."""
    found = np.tile(np.linspace(-1.0, 1.0, 2000)[:, None], (1, 3))
    found[: len(ends), 0] = ends
    return found


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ([16.0] * 5, 16.0),
        ([16.0] * 4, None),
        ([-15.9] * 5, 15.9),
        ([15.69] * 5, 15.69),
        ([15.6] * 5, None),  # more than 2 % from a usual range
        ([16.0, *np.linspace(15.53, 15.99, 20)], 0.97 * 16.0),
        ([16.0, *np.linspace(15.53, 15.99, 18)], None),
        ([16.0, *np.linspace(15.53, 15.99, 20), *[15.2] * 5], 0.97 * 16.0),
        ([16.0, *np.linspace(15.53, 15.99, 20), *[15.2] * 6], None),
        ([16.0, *np.linspace(15.53, 15.99, 20), *[15.0] * 60], 0.97 * 16.0),
    ],
)
def test_where_a_sensor_was_cut_off(ends, expected) -> None:
    found = tables.full_scale(values_with(list(ends)), tables.ACC_FULL_SCALES_G)
    assert found == (None if expected is None else pytest.approx(expected))


def test_the_smallest_range_of_all_axes_counts() -> None:
    both = values_with([16.0] * 6)
    both[:6, 2] = -8.0
    assert tables.full_scale(both, tables.ACC_FULL_SCALES_G) == 8.0
    assert tables.GYR_FULL_SCALES_DPS[6:8] == (2000.0, pytest.approx(2293.76))


@pytest.mark.parametrize(
    ("text", "year"),
    [("1969-12-31T23:59:59", False), ("1970-01-01T00:00:00", True), ("2199-12-31", True),
     ("2200-01-01", False), ("", False), ("soon", False)],
)  # fmt: skip
def test_when_a_session_can_have_started(text, year) -> None:
    session = Session(Path("x"), [], {"started_at": text}, {}, lambda: iter(()))  # pyright: ignore
    assert session.started_at == (text if year else None)


def key_of(packets=(b"ab", b"c"), **info: str) -> str:
    def source():
        for i, payload in enumerate(packets):
            yield Packet(i % 2, 0.0, "u", payload)
        return []

    sensor = SensorInfo(side=Side.LEFT, rate_hz=100.0, **info)
    return session_key(Session(Path("x"), [sensor], {"started_at": "2026-01-01"}, {}, source))


def test_what_tells_a_recording_from_another() -> None:
    whole = key_of(serial="s", address="a", name="n")
    assert len(whole) == 32
    assert whole == key_of(serial="s", address="b", name="m")
    assert whole != key_of(serial="t", address="a", name="n")
    assert key_of(address="a", name="n") == key_of(address="a", name="m") != key_of(address="b")
    assert key_of(name="n") != key_of(name="m")
    assert key_of((b"abc",)) != key_of()
    many = [b"x"] * 64
    assert key_of(many) == key_of([*many, b"y"]) != key_of(many[:-1])


def test_names_of_sessions() -> None:
    assert files.name_by_date(datetime(2026, 5, 3, 7, 30, 9, tzinfo=UTC)) == "2026-05-03_07.30.09"


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    assert files.free_name(tmp_path, "a").name == "a.gait"
    assert files.free_name(tmp_path, "a", first=2).name == "a-2.gait"
    (tmp_path / "a.gait").touch()
    (tmp_path / "a-2.gait-wal").touch()
    assert files.free_name(tmp_path, "a").name == "a-3.gait"
    assert [file.name for file in files.companions(tmp_path / "a.gait")] == [
        "a.gait-wal", "a.gait-shm", "a.gait-journal"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (FileNotFoundError(), UsageError, "does not exist"),
        (NotADirectoryError(), UsageError, "does not exist"),
        (PermissionError(), GaitError, "may not be written"),
        (OSError(errno.EROFS, "x"), GaitError, "may not be written"),
        (OSError(errno.ENOSPC, "x"), GaitError, "the disk is full; free some space and try again"),
        (OSError(errno.EDQUOT, "x"), GaitError, "your share of the disk is used up"),
        (OSError(errno.EFBIG, "x"), GaitError, "a file may be no larger"),
        (OSError(errno.EIO, "odd"), GaitError, "odd; check the disk"),
        (sqlite3.OperationalError("locked"), GaitError, "locked; check the disk"),
    ],
)
def test_what_the_disk_refuses(error, kind, said) -> None:
    found = files.cannot_write(Path("/a/b"), error)
    assert type(found) is kind
    assert said in str(found)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(), "There is no file /a/b"),
        (NotADirectoryError(), "There is no file /a/b"),
        (IsADirectoryError(), "/a/b is a folder"),
        (PermissionError(), "may not be read"),
        (OSError(errno.EIO, "odd"), "could not be read: odd."),
    ],
)
def test_what_cannot_be_read(error, said) -> None:
    assert said in str(files.cannot_read(Path("/a/b"), error))


def test_what_gets_its_name_is_on_the_disk_before(tmp_path: Path, monkeypatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real(descriptor)

    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc here")
    monkeypatch.setattr(os, "fsync", fsync)
    folder = tmp_path / "made"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "file").write_text("x")
    files.put_in_place(folder, tmp_path / "named")
    assert synced == ["file", "inner", "made", tmp_path.name]
    assert (tmp_path / "named" / "inner" / "file").read_text() == "x"


@pytest.mark.parametrize(
    ("values", "doubled"),
    [([60.0] * 3, True), ([59.9] * 3, False), ([110.0] * 3, True), ([110.1] * 3, False),
     ([0.0, np.nan, 85.0], True), ([], False)],
)  # fmt: skip
def test_a_cadence_of_one_foot_is_doubled(values, doubled) -> None:
    found, notes = maker.steps_per_min(np.array(values), "It")
    np.testing.assert_array_equal(found, np.array(values) * (2.0 if doubled else 1.0))
    assert notes == ["It counts the steps of one foot; cadence was doubled."] * doubled


def test_small_sums_of_foreign_runs() -> None:
    assert maker.last_known([0.0, 3.0, math.nan, 2.0, -9.0]) == 3.0
    assert maker.last_known([0.0, math.nan]) is None
    assert maker._number(" 1,5 ") == 1.5
    assert math.isnan(maker._number("-"))
    assert reading._moving(np.array([0.0, 60.0, 121.0, 122.0])) == 61.0
    table = maker.Table("x", {"a": ["1", "x"], "b": ["2", "3"]})
    np.testing.assert_array_equal(table.numbers("a"), [1.0, np.nan])
    np.testing.assert_array_equal(table.numbers("c"), [np.nan, np.nan])
    power = Column("power_w", "W", side="left")
    found = reading._median(power, np.array([0.0, 5.0, 7.0, np.nan]))
    assert found is not None
    assert (found.name, found.side, found.unit, found.value, found.n) == (
        "power_w", "left", "W", 6.0, 2
    )  # fmt: skip
    zero = reading._median(Column("power_w", "W", zero_is=True), np.array([0.0, 5.0, 7.0]))
    assert zero is not None
    assert (zero.value, zero.n) == (5.0, 3)
    assert reading._median(power, np.zeros(3)) is None


@given(st.floats(-89, 89), st.floats(-179, 179), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_metres_between_two_places(latitude, longitude, north, east) -> None:
    """Against the angle between the two directions from the middle of the earth."""

    def place(lat: float, lon: float) -> reading.TrackPoint:
        return reading.TrackPoint(datetime.now(UTC), None, lat, lon, None, None)

    def direction(lat: float, lon: float) -> np.ndarray:
        a, b = math.radians(lat), math.radians(lon)
        return np.array([math.cos(a) * math.cos(b), math.cos(a) * math.sin(b), math.sin(a)])

    one, other = (latitude, longitude), (latitude + north, longitude + east)
    cross = np.linalg.norm(np.cross(direction(*one), direction(*other)))
    angle = math.atan2(float(cross), float(direction(*one) @ direction(*other)))
    found = reading._metres(place(*one), place(*other))
    assert found == pytest.approx(reading.EARTH_M * angle, rel=1e-6, abs=1e-3)
    assert pytest.approx(6_371_000, rel=1e-3) == reading.EARTH_M


def told(seconds, **more: object) -> RunTold:
    return RunTold("It", np.array(seconds, dtype=float), [], **more)  # pyright: ignore


BEGIN = datetime(2026, 5, 3, 7, tzinfo=UTC).timestamp()


def test_a_run_of_another_maker_by_hand() -> None:
    run = reading._run(
        told([BEGIN + 10.0, np.nan, BEGIN, BEGIN + 130.0], distance_m=30.0, notes=["n"]), "k",
        Path("/a/b.csv"),
    )  # fmt: skip
    assert (run.key, run.maker, run.source, run.points, run.notes) == ("k", "It", "b.csv", 3, ["n"])
    assert (run.duration_s, run.distance_m) == (10.0, 30.0)
    assert run.started_at == "2026-05-03T07:00:00+00:00"
    assert run.ended_at == "2026-05-03T07:02:10+00:00"
    timed = reading._run(
        told([BEGIN, BEGIN + 10.0], timer_s=300.0, distance_m=900.0), "k", Path("b")
    )
    assert (timed.duration_s, timed.ended_at) == (300.0, "2026-05-03T07:05:00+00:00")


@pytest.mark.parametrize(
    ("seconds", "more", "said"),
    [
        ([], {}, "no moment with a time"),
        ([np.nan], {}, "no moment with a time"),
        ([0.0, 1.0], {}, "times that cannot be"),
        ([reading.EARLIEST - 1, reading.EARLIEST], {}, "times that cannot be"),
        ([reading.LATEST, reading.LATEST + 1], {}, "times that cannot be"),
        ([BEGIN], {}, "is no run: it lasts 0 s"),
        ([BEGIN, BEGIN + 360_001.0], {"timer_s": 5.0}, "is no run: it lasts 360001 s"),
        ([BEGIN, BEGIN + 1.0], {"timer_s": 360_001.0}, "is no run"),
        ([BEGIN, BEGIN + 1.0], {"distance_m": 500_001.0}, "says 500 km, which cannot be"),
        ([BEGIN, BEGIN + 1.0], {"distance_m": 0.0}, "says 0 km, which cannot be"),
    ],
)
def test_what_is_no_run_of_another_maker(seconds, more, said) -> None:
    with pytest.raises(InputError, match=said):
        reading._run(told(seconds, **more), "k", Path("b"))


def test_the_longest_and_the_farthest_run_that_can_be() -> None:
    longest = told([BEGIN, BEGIN + 360_000.0], timer_s=360_000.0, distance_m=500_000.0)
    assert reading._run(longest, "k", Path("b")).distance_m == 500_000.0
