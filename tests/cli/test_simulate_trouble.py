"""`gait simulate --trouble`: what is lost or spoiled is, and the truth stays true."""

import csv
import re
import struct
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gait.cli.simulate import (
    AMOUNTS,
    LEAST_DELAY_S,
    TRUTH,
    SimulateOptions,
    parse_trouble,
    run_simulate,
    virtual_feet,
    write_session,
)
from gait.model import Packet, Side, UsageError
from gait.recording import open_session, read_table
from gait.simulate import PRESETS
from gait.simulate.disturbance import DISTURBANCES

OPTIONS = SimulateOptions("easy_run", 12.0)
G = 9.80665


@pytest.fixture(scope="module")
def feet():
    return virtual_feet(OPTIONS)


@pytest.fixture
def session(feet, tmp_path):
    """Write a session with so much trouble; gives it and its packets by device."""

    def write(*trouble: str):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.gait"
        write_session(path, feet, replace(OPTIONS, trouble=trouble), overwrite=False)
        opened = open_session(path)
        packets: dict[int, list[Packet]] = defaultdict(list)
        for item in opened.items():
            assert isinstance(item, Packet)
            packets[item.device].append(item)
        return opened, packets

    return write


@pytest.fixture
def tables(monkeypatch, feet, tmp_path):
    """Write tables with so much trouble; gives samples and truth rows by the name of the file."""
    monkeypatch.setattr("gait.cli.simulate.virtual_feet", lambda options: feet)

    def write(*trouble: str):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        run_simulate(replace(OPTIONS, trouble=trouble), folder, tables=True, overwrite=False)
        return {side: _table(folder, side) for side in Side}

    return write


def _table(folder: Path, side: Side):
    lines = np.genfromtxt(folder / f"{side}.csv.gz", delimiter=",", skip_header=1)
    with (folder / f"{side}.truth.csv").open() as file:
        return lines, list(csv.DictReader(file))


def numbers(packets: list[Packet]) -> np.ndarray:
    return np.array([struct.unpack_from("<BBH", p.payload)[2] for p in packets])


def words(packets: list[Packet]) -> np.ndarray:
    """The samples as they are on the air, (n, 6)."""
    return np.concatenate([np.frombuffer(p.payload[8:], "<i2").reshape(-1, 6) for p in packets])


def test_lost_samples_are_lost_packets_of_a_session(session) -> None:
    whole, all_packets = session()
    worse, packets = session("lose_single:0.2")
    for device, kept in packets.items():
        sent = {p.payload: p.host_s for p in all_packets[device]}
        assert all(sent[p.payload] == p.host_s for p in kept)  # nothing else has changed
        assert 1.0 - len(kept) / len(sent) == pytest.approx(0.2, abs=0.08)
        assert np.diff(numbers(kept)).max() > 1
    assert list(numbers(packets[0])) != list(numbers(packets[1]))  # each shoe has its own losses
    assert worse.attachments[TRUTH] == whole.attachments[TRUTH]


def test_a_packet_a_second_is_lost_in_each_second(session) -> None:
    _, packets = session("left:lose_packets:0.1")
    assert np.diff(numbers(packets[1])).max() == 1
    missing = np.setdiff1d(np.arange(numbers(packets[0]).max() + 1), numbers(packets[0]))
    seconds = missing * 19 / 400.0  # 19 samples in each
    assert 13 <= len(np.unique(np.floor(seconds))) <= 15
    assert len(missing) / 15.0 == pytest.approx(2.1, abs=0.6)


def test_swapped_feet_are_told_to_be_each_other(session, tables) -> None:
    plain, right_way = session()
    swapped, wrong_way = session("swap")
    for one, other in ((0, 1), (1, 0)):
        assert swapped.sensors[one].side is plain.sensors[one].side
        assert swapped.sensors[one].serial == plain.sensors[other].serial
        np.testing.assert_array_equal(words(wrong_way[one]), words(right_way[other]))
    assert swapped.attachments[TRUTH] == plain.attachments[TRUTH]
    good, bad = tables(), tables("swap")
    for side in Side:
        samples, truth = bad[side]
        np.testing.assert_array_equal(samples, good[side.other][0])
        assert truth == good[side.other][1]  # of what is in the table, whatever its name
        assert {row["side"] for row in truth} == {str(side.other)}


def test_swapping_twice_is_not_swapping(session) -> None:
    plain, _ = session()
    twice, _ = session("swap", "swap")
    assert twice.sensors == plain.sensors


def test_axes_and_signs_are_turned(session) -> None:
    _, plain = session()
    _, packets = session("mirror_axis:1", "right:flip_acc")
    before, after = words(plain[0]).astype(int), words(packets[0]).astype(int)
    np.testing.assert_allclose(after, before * (1, -1, 1, 1, -1, 1), atol=1)
    before, after = words(plain[1]).astype(int), words(packets[1]).astype(int)
    np.testing.assert_allclose(after, before * (-1, 1, -1, 1, -1, 1), atol=1)


def test_values_are_held_zeroed_and_clipped(session, tables) -> None:
    _, packets = session("hold_values:2", "zero_start:1.5")
    raw = words(packets[0])
    np.testing.assert_array_equal(raw[:600], 0)
    np.testing.assert_array_equal(raw[600:][::2], raw[600:][1::2])
    smaller, packets = session("clip_acc:4")
    assert [info.acc_range_g for info in smaller.sensors] == [4.0, 4.0]
    assert np.mean(np.abs(words(packets[0])[:, :3].astype(int)) > 32700) > 0.002
    samples, _ = tables("clip_acc:4", "clip_gyr:300")[Side.LEFT]
    assert np.abs(samples[:, 1:4]).max() == pytest.approx(4.0 * G, rel=1e-4)
    assert np.abs(samples[:, 4:]).max() == pytest.approx(np.radians(300.0), rel=1e-4)


def test_stamps_jitter_and_arrivals_do_not(session, tables) -> None:
    plain, worse = tables()[Side.LEFT], tables("jitter_stamps:0.0005")[Side.LEFT]
    off = worse[0][:, 0] - plain[0][:, 0]
    assert off.std() == pytest.approx(0.0005, rel=0.1)
    np.testing.assert_array_equal(worse[0][:, 1:], plain[0][:, 1:])
    assert worse[1] == plain[1]
    _, before = session()
    _, after = session("jitter_stamps:0.0005")
    assert [p.host_s for p in before[0]] == [p.host_s for p in after[0]]
    assert [p.payload for p in before[0]] != [p.payload for p in after[0]]


def test_a_wrong_clock_takes_the_truth_along(tables) -> None:
    plain, worse = tables(), tables("right:shift_clock:3600", "right:scale_clock:500")
    assert [row["ic_s"] for row in worse[Side.LEFT][1]] == [
        row["ic_s"] for row in plain[Side.LEFT][1]
    ]
    for values, expected in (
        (worse[Side.RIGHT][0][:, 0], plain[Side.RIGHT][0][:, 0]),
        *(
            (
                np.array([float(row[name]) for row in worse[Side.RIGHT][1]]),
                np.array([float(row[name]) for row in plain[Side.RIGHT][1]]),
            )
            for name in ("ic_s", "tc_s")
        ),
    ):
        np.testing.assert_allclose(values, 3600.0 + expected * 1.0005, atol=3e-6)


def test_packets_of_a_wrong_clock_arrive_when_they_were_sent(session) -> None:
    _, packets = session("scale_clock:20000")
    for arrived in packets.values():
        delays = []
        for p in arrived:
            _, count, _, device_us = struct.unpack_from("<BBHI", p.payload)
            delays.append(p.host_s - (1e-6 * device_us / 1.02 + (count - 1) / 400.0))
        assert min(delays) > LEAST_DELAY_S - 1e-3
        assert max(delays) < 0.1


def test_the_same_seed_loses_the_same(session) -> None:
    one, other = (session("lose_pieces_30ms:0.05", "spoil_values:0.01")[1] for _ in range(2))
    assert one == other


@pytest.mark.parametrize("kind", list(DISTURBANCES))
def test_each_kind_goes_into_each_kind_of_file(kind: str, feet, session, tables) -> None:
    if kind == "blank_values":
        with pytest.raises(UsageError, match="--tables"):
            session(kind)
    else:
        recording, packets = session(kind)
        assert recording.problems == []
        assert len(packets[0]) > 50
    samples, truth = tables(kind)[Side.LEFT]
    assert len(samples) > 1000
    assert len(truth) == len(feet[Side.LEFT].truth)


def test_every_kind_has_limits_and_usual_amounts_lie_within() -> None:
    assert set(AMOUNTS) == set(DISTURBANCES)
    for kind, disturbance in DISTURBANCES.items():
        for amount in disturbance.amounts:
            assert parse_trouble((f"{kind}:{amount!r}",))[0].amount == amount
        assert parse_trouble((f"right:{kind}",))[0].side is Side.RIGHT


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("burn", "lose_single, "),
        ("", "lose_single, "),
        ("left", "lose_single, "),
        ("lose_single:much", "from 0 to 0.95"),
        ("lose_single:5", "from 0 to 0.95"),
        ("lose_single:0.1:0.2", "from 0 to 0.95"),
        ("lose_single:nan", "from 0 to 0.95"),
        ("hold_values:0", "whole number from 1"),
        ("hold_values:1.5", "whole number from 1"),
        ("mirror_axis:3", "from 0 to 2"),
        ("left:swap", "both feet"),
        ("swap:2", "both feet"),
    ],
)
def test_what_is_not_understood_is_said_in_a_sentence(gait, tmp_path, wrong, says) -> None:
    code, out, err = gait("simulate", tmp_path / "new.gait", "--trouble", wrong)
    assert code == 2
    assert not out
    assert err.startswith("gait: ")
    assert err.count("\n") == 1
    assert says in err
    assert not (tmp_path / "new.gait").exists()


def test_the_command_takes_trouble_and_every_scenario(gait, tmp_path) -> None:
    to = tmp_path / "bad.gait"
    said = gait("simulate", to, "--seconds", "8", "--trouble", "swap", "--scenario", "wide")
    assert said[0] == 0
    assert open_session(to).sensors[0].serial == "V002"
    _, shown, _ = gait("simulate", "--help")
    listed = re.sub(r"[│\s]+", " ", shown)
    assert all(name in listed for name in (*PRESETS, "wide", "lose_single"))


def test_tables_are_read_again(tmp_path) -> None:
    options = SimulateOptions("walk", 8.0, trouble=("lose_single:0.1", "round_stamps"))
    run_simulate(options, tmp_path / "walk", tables=True, overwrite=False)
    table = read_table(tmp_path / "walk" / "left.csv.gz", side=Side.LEFT)
    assert len(table.samples) == pytest.approx(0.9 * 11.0 * 400.0, rel=0.05)
