"""`gait simulate`: when packets arrive, and which clocks its files are on."""

import csv
import io
import struct
from dataclasses import replace

import numpy as np
import pytest

from gait.cli.simulate import (
    LEAST_DELAY_S,
    TRUTH,
    SimulateOptions,
    VirtualFoot,
    run_simulate,
    truth_csv,
    virtual_feet,
    write_session,
)
from gait.model import Packet, Side
from gait.recording import open_session, read_table
from gait.simulate import measure, preset, simulate, truth_on_device_clock
from recordings.make import FOLDER, RECORDINGS

WRONG_BY = {Side.LEFT: (4000.0, 3.0), Side.RIGHT: (-2500.0, 70.0)}  # ppm, s: no quartz is so bad


@pytest.fixture(scope="module")
def feet() -> dict[Side, VirtualFoot]:
    return virtual_feet(SimulateOptions("easy_run", 10.0))


@pytest.fixture(scope="module")
def motions():
    scenario = preset("easy_run", 10.0)
    return simulate(scenario.runner, scenario.segments, seed=1)


def with_bad_clock(foot: VirtualFoot, motion) -> VirtualFoot:
    ppm, offset_s = WRONG_BY[foot.info.side]
    sensor = replace(foot.sensor, clock_ppm=ppm, clock_offset_s=offset_s)
    truth = truth_on_device_clock(motion, sensor)
    return replace(foot, samples=measure(motion, sensor, seed=1), truth=truth, sensor=sensor)


def test_packets_arrive_on_the_true_clock_however_wrong_the_shoes_are(
    feet, motions, tmp_path
) -> None:
    """The packet's bytes tell its device time; the clock's error undone, the rest is delay."""
    path = tmp_path / "bad.gait"
    bad = {side: with_bad_clock(foot, motions[side]) for side, foot in feet.items()}
    write_session(path, bad, SimulateOptions(), overwrite=False)
    session = open_session(path)
    arrived: dict[int, list[tuple[float, float]]] = {0: [], 1: []}
    for item in session.items():
        if isinstance(item, Packet):
            _, count, _, device_us = struct.unpack_from("<BBHI", item.payload)
            last_s = 1e-6 * device_us + (count - 1) / 400.0
            arrived[item.device].append((item.host_s, last_s))
    for device, pairs in arrived.items():
        ppm, offset_s = WRONG_BY[session.sensors[device].side]
        host_s, last_s = np.array(pairs).T
        delay = host_s - (last_s - offset_s) / (1.0 + 1e-6 * ppm)
        assert len(delay) > 100
        assert delay.min() > LEAST_DELAY_S - 1e-5  # the wire has microseconds
        assert delay.max() < 0.1
        first, last = delay[: len(delay) // 2], delay[len(delay) // 2 :]
        assert first.min() == pytest.approx(last.min(), abs=1e-3)  # 25 and 40 ms apart were it not


def test_tables_and_their_truth_are_on_one_clock(motions, tmp_path) -> None:
    """That of the motion, whose own truth has it."""
    run_simulate(SimulateOptions("easy_run", 10.0), tmp_path / "run", tables=True, overwrite=False)
    for side, ppm in ((Side.LEFT, 12.0), (Side.RIGHT, -9.0)):
        time_s = read_table(tmp_path / "run" / f"{side}.csv.gz", side=side).samples.time_s
        true_rate = 400.0 * (1.0 + 1e-6 * ppm)
        np.testing.assert_allclose(time_s, np.arange(len(time_s)) / true_rate, atol=1e-6)
        with (tmp_path / "run" / f"{side}.truth.csv").open() as file:
            rows = list(csv.DictReader(file))
        for name in ("ic_s", "tc_s"):
            told = [float(row[name]) for row in rows]
            np.testing.assert_allclose(told, motions[side].truth[name], atol=1e-6)


def test_the_clock_of_a_foot_is_undone_for_samples_and_truth(feet, motions) -> None:
    bad = with_bad_clock(feet[Side.RIGHT], motions[Side.RIGHT])
    right = bad.on_true_clock()
    np.testing.assert_allclose(right.truth["ic_s"], motions[Side.RIGHT].truth["ic_s"], atol=1e-9)
    assert right.samples.time_s[0] == pytest.approx(0.0, abs=1e-9)
    assert right.samples.time_s[-1] == pytest.approx(13.0, abs=0.004)
    np.testing.assert_array_equal(right.samples.acc, bad.samples.acc)
    again = right.on_true_clock()
    np.testing.assert_array_equal(again.samples.time_s, right.samples.time_s)


def test_the_same_seed_makes_the_same_file(tmp_path) -> None:
    options = SimulateOptions("easy_run", 8.0, seed=3)
    for name in ("one.jsonl", "other.jsonl"):
        run_simulate(options, tmp_path / name, tables=False, overwrite=False)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "other.jsonl").read_bytes()


@pytest.mark.parametrize("name", sorted(RECORDINGS))
def test_the_runners_of_the_recordings_are_still_the_same(name: str) -> None:
    """What is kept was made by them; kinds that came later must not change them."""
    options = RECORDINGS[name]
    kept = open_session(FOLDER / f"{name}.jsonl.gz")
    made = truth_csv(virtual_feet(options))
    columns = [
        np.genfromtxt(io.StringIO(text), delimiter=",", names=True, dtype=None, encoding="utf-8")
        for text in (kept.attachments[TRUTH].decode(), made)
    ]
    for column in columns[0].dtype.names or ():
        one, other = (table[column] for table in columns)
        if one.dtype.kind == "f":
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=2e-6, err_msg=column)
        else:
            np.testing.assert_array_equal(one, other, err_msg=column)
