"""Cadence and speed on the shoe: the C is the Python twin, both are right where truth is known, and
what is no gait is unknown."""

import csv
import io
import math
import re
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from compiling import CORTEX_M4, PORTABLE, SANITIZERS, STRICT, host_compiler, run, zig_compiler
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from gait.model import Packet, Samples, SensorInfo, Side
from gait.model.units import STANDARD_GRAVITY_M_S2 as G
from gait.recording import open_session
from gait.sensors import shoegait
from gait.simulate import Runner, Segment, Sensor, measure, preset, simulate, wide_scenario
from gait.simulate.handling import CARRY, LACE, SHAKE, Handling, handled
from gait.virtual.pace import RUNNING, STILL, Pace

HERE = Path(__file__).parent
RECORDINGS = HERE.parents[1] / "recordings"
SOURCE = PORTABLE / "shoegait_pace.c"
RATE_HZ = 400.0
SECONDS = 120  # for one go of the C; it takes one
FLOATS = ["-fsanitize=float-divide-by-zero,float-cast-overflow"]  # not in `undefined`


class Input(NamedTuple):
    """What is pushed: `lost` where samples are missing before."""

    info: SensorInfo
    raw: NDArray[np.int16]
    us: NDArray[np.int64]
    lost: NDArray[np.bool_]

    def __getitem__(self, kept: slice) -> "Input":  # pyright: ignore
        return Input(self.info, self.raw[kept], self.us[kept], self.lost[kept])


class Reading(NamedTuple):
    s: float
    running: bool
    speed_m_s: float
    cadence_spm: int


def sensor(rate_hz: float = RATE_HZ, acc_g: float = 16.0, gyr_dps: float = 2000.0) -> SensorInfo:
    return SensorInfo(side=Side.LEFT, rate_hz=rate_hz, acc_range_g=acc_g, gyr_range_dps=gyr_dps)


def quantised(samples: Samples, info: SensorInfo) -> Input:
    assert info.acc_range_g is not None
    assert info.gyr_range_dps is not None
    values = np.hstack(
        [
            samples.acc / (info.acc_range_g * G),
            samples.gyr / np.deg2rad(info.gyr_range_dps),
        ]
    )
    raw = np.clip(np.rint(values * 32768), -32768, 32767).astype(np.int16)
    us = np.rint(samples.time_s * 1e6).astype(np.int64)
    return Input(info, raw, us, samples.breaks)


class Simulated(NamedTuple):
    given: Input
    truth: NDArray[np.void]


def simulated(
    name: str,
    seconds: float = 20.0,
    seed: int = 1,
    info: SensorInfo | None = None,
    turned: Rotation | None = None,
) -> Simulated:
    scenario = wide_scenario(seed, seconds) if name == "wide" else preset(name, seconds)
    motion = simulate(scenario.runner, scenario.segments, seed=seed)[Side.LEFT]
    info = info or sensor()
    assert info.acc_range_g is not None
    chip = Sensor(
        rate_hz=info.rate_hz, acc_range_g=info.acc_range_g, gyr_range_dps=info.gyr_range_dps
    )
    samples = measure(motion, chip.mounted(turned or Rotation.identity()), seed=seed)
    return Simulated(quantised(samples, info), motion.truth)


def standing(
    handling: Handling | None = None, seconds: float = 30.0, seed: int = 1, dps: float = 0.0
) -> Input:
    stand = [Segment(kind="stand", duration_s=seconds)]
    motion = simulate(Runner(), stand, seed=seed)[Side.LEFT]
    if handling is not None:
        motion = handled(motion, handling, 3.0, seconds - 1.0, seed=seed)
    chip = Sensor(gyr_bias_dps=(dps, -dps, dps))
    return quantised(measure(motion, chip, seed=seed), sensor())


def pedalling(rpm: float, pitch_deg: float, seconds: float = 30.0) -> Input:
    """A shoe on a crank of 17 cm that turns evenly, with some noise of the road."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    w = 2 * np.pi * rpm / 60
    pitch = math.radians(pitch_deg) * np.sin(w * t + 1.0)
    rate = math.radians(pitch_deg) * w * np.cos(w * t + 1.0)
    x, z = -0.17 * w * w * np.cos(w * t), G - 0.17 * w * w * np.sin(w * t)
    rng = np.random.default_rng(1)
    nothing = np.zeros_like(t)
    acc = np.column_stack(
        [
            np.cos(pitch) * x - np.sin(pitch) * z,
            nothing,
            np.sin(pitch) * x + np.cos(pitch) * z,
        ]
    ) + rng.normal(0.0, 0.6, (len(t), 3))
    gyr = np.column_stack([nothing, rate, nothing]) + rng.normal(0.0, 0.05, (len(t), 3))
    return quantised(Samples(t, acc, gyr), sensor())


def swinging(hertz: float, metres: float, tilt_deg: float, seconds: float = 20.0) -> Input:
    """A sensor swung to and fro in the hand, always the same way."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    w = 2 * np.pi * hertz
    pitch, rate = (
        math.radians(tilt_deg) * np.sin(w * t),
        math.radians(tilt_deg) * w * np.cos(w * t),
    )
    x, z = -metres * w * w * np.sin(w * t + 0.6), G - 0.3 * metres * 4 * w * w * np.sin(2 * w * t)
    nothing = np.zeros_like(t)
    acc = np.column_stack(
        [
            np.cos(pitch) * x - np.sin(pitch) * z,
            nothing,
            np.sin(pitch) * x + np.cos(pitch) * z,
        ]
    )
    return quantised(Samples(t, acc, np.column_stack([nothing, rate, nothing])), sensor())


def shaken(hertz: float, m_s2: float, seconds: float = 20.0) -> Input:
    """Random motion about one frequency."""
    rng = np.random.default_rng(round(hertz * 10))
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tones = rng.uniform(0.5, 1.5, (6, 12)) * hertz * 2 * np.pi
    phases = rng.uniform(0.0, 2 * np.pi, (6, 12))
    moves = np.sin(tones[:, :, None] * t + phases[:, :, None]).sum(axis=1).T / math.sqrt(6.0)
    acc = moves[:, :3] * m_s2 + np.array([0.0, 0.0, G])
    return quantised(Samples(t, acc, moves[:, 3:] * m_s2 / 6.0), sensor())


def without(given: Input, every_s: float, length: int = 19) -> Input:
    """As if a packet were lost every so often."""
    kept = np.ones(len(given.us), bool)
    step = round(every_s * given.info.rate_hz)
    for first in range(step // 2, len(kept), step):
        kept[first : first + length] = False
    lost = np.concatenate([[False], np.diff(np.flatnonzero(kept)) > 1])
    return Input(given.info, given.raw[kept], given.us[kept], lost)


def recorded(name: str) -> list[Simulated]:
    """The feet of one of the project's recordings, each with its truth."""
    session = open_session(RECORDINGS / f"{name}.jsonl.gz")
    rows = list(csv.DictReader(io.StringIO(session.attachments["truth.csv"].decode())))
    packets = [item for item in session.items() if isinstance(item, Packet)]
    feet = []
    for number, info in enumerate(session.sensors):
        frames = shoegait.decode([p.payload for p in packets if p.device == number], info)
        assert not frames.again.any()
        step_us = 1e6 / info.rate_hz
        within = np.concatenate([np.arange(count) for count in frames.count.tolist()])
        us = np.repeat(frames.device_us, frames.count) + np.rint(within * step_us).astype(np.int64)
        lost = (within == 0) & np.repeat(
            np.diff(frames.seq, prepend=frames.seq[0] - 1) != 1, frames.count
        )
        given = quantised(Samples(us * 1e-6, frames.acc, frames.gyr), info)
        own = [row for row in rows if row["side"] == info.side.name.lower()]
        truth = np.array(
            [(float(r["ic_s"]), float(r["stride_s"]), float(r["stride_length_m"])) for r in own],
            dtype=[("ic_s", float), ("stride_s", float), ("stride_length_m", float)],
        )
        feet.append(Simulated(Input(info, given.raw, us, lost), truth))
    return feet


def python_says(given: Input) -> NDArray[np.uint8]:
    """What the twin would notify after each sample: whether it is known, and four bytes."""
    pace = Pace(given.info)
    said = np.zeros((len(given.us), 5), np.uint8)
    for i, us in enumerate(given.us.tolist()):
        pace.push(given.raw[i : i + 1], [us], bool(given.lost[i]))
        told = pace.measurement(us)
        if told is not None:
            said[i] = (len(told), *told)
    return said


def readings(given: Input, every_s: float = 1.0) -> list[Reading | None]:
    """What it says once a second, as to a watch."""
    pace = Pace(given.info)
    out: list[Reading | None] = []
    ask_us = int(given.us[0])
    breaks = [*np.flatnonzero(given.lost).tolist(), len(given.us)]
    first = 0
    while first < len(given.us):
        ask_us += round(every_s * 1e6)
        last = int(np.searchsorted(given.us, ask_us, side="right"))
        for start, stop in pairwise(
            sorted({first, *(b for b in breaks if first < b < last), last})
        ):
            part = given[start:stop]
            pace.push(part.raw, part.us.tolist(), bool(part.lost[0]))
        first = last
        told = pace.measurement(ask_us)
        out.append(told and Reading(ask_us / 1e6, *unpacked(told)))  # pyright: ignore
    return out


def unpacked(told: bytes) -> tuple[bool, float, int]:
    assert len(told) == 4
    assert told[0] in (0, RUNNING)
    return told[0] == RUNNING, int.from_bytes(told[1:3], "little") / 256, told[3]


def moving(said: list[Reading | None]) -> list[Reading]:
    return [reading for reading in said if reading is not None and reading.cadence_spm > 0]


class Error(NamedTuple):
    known: float  # share of the readings
    speed: NDArray[np.float64]  # share of the true one, of each reading
    cadence_spm: NDArray[np.float64]


def errors(told: Simulated, settled: int = 8) -> Error:
    """Against the truth of the last four strides, once so many are over."""
    truth = told.truth
    ends = truth["ic_s"] + truth["stride_s"]
    speed, cadence, asked = [], [], 0
    start_s = told.given.us[0] / 1e6
    for i, reading in enumerate(readings(told.given)):
        seen = int(np.searchsorted(ends, start_s + i + 1 - 0.25))  # the stride is told of so late
        if not settled <= seen < len(ends):
            continue
        asked += 1
        if reading is None:
            continue
        last = truth[seen - 4 : seen]
        true_m_s = last["stride_length_m"].sum() / last["stride_s"].sum()
        speed.append(reading.speed_m_s / true_m_s - 1.0)
        cadence.append(reading.cadence_spm - min(480.0 / last["stride_s"].sum(), 255.0))
    assert asked > 0
    return Error(len(speed) / asked, np.array(speed), np.array(cadence))


# The C


@pytest.fixture(scope="module")
def c_says(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., NDArray[np.uint8]]:
    made = tmp_path_factory.mktemp("pace") / "test_pace"
    run(host_compiler(), *STRICT, *SANITIZERS, *FLOATS, HERE / "test_pace.c", SOURCE, "-o", made)
    assert int(run(made, "--size").out) <= 1200  # as the header says

    def says(given: Input, scales: tuple[int, int, int] | None = None) -> NDArray[np.uint8]:
        kinds = [("us", "<u8"), ("lost", "u1"), ("raw", "<i2", 6)]
        records = np.zeros(len(given.us), dtype=kinds)
        records["us"], records["lost"], records["raw"] = given.us, given.lost, given.raw
        info = given.info
        assert info.acc_range_g is not None
        assert info.gyr_range_dps is not None
        scales = scales or (
            round(info.rate_hz * 100),
            round(info.acc_range_g * 1000),
            round(info.gyr_range_dps * 1000),
        )
        done = subprocess.run(
            [made, *map(str, scales)],
            input=records.tobytes(),
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")[-4000:]
        return np.frombuffer(done.stdout, np.uint8).reshape(-1, 5)

    return says


def assert_same(c: NDArray[np.uint8], python: NDArray[np.uint8], *, known: bool) -> None:
    """Equal, but for one unit of speed or cadence: a float has 24 bits there and 53 here."""
    assert len(c) == len(python)
    assert (c[:, :2] == python[:, :2]).all()
    numbers = c[:, 2:].astype(int) - python[:, 2:].astype(int)
    assert np.abs(numbers @ np.array([[1, 0], [256, 0], [0, 1]])).max() <= 1
    assert (python[:, 0] > 0).any() == known


@pytest.mark.parametrize(
    "name",
    ["easy_run", "midfoot", "one_shoe_100hz", "pronation_left", "run_walk_run", "sprint"],
)
def test_the_c_is_the_twin_on_the_recordings(c_says, name: str) -> None:
    for foot in recorded(name):
        assert_same(c_says(foot.given), python_says(foot.given), known=True)


def test_the_c_is_the_twin_whatever_happens(c_says) -> None:
    run_walk = simulated("run_walk_run").given
    inputs = {
        "losses": without(run_walk, 3.0),
        "many losses": without(run_walk, 0.3, length=3),
        "clipping": simulated("midfoot", 15.0, info=sensor(acc_g=4.0, gyr_dps=500.0)).given,
        "shaken": standing(SHAKE, 15.0),
        "carried": standing(CARRY, 15.0),
        "pedalling": pedalling(90.0, 5.0, 15.0),
        "at 50 Hz": simulated("walk", 15.0, info=sensor(50.0)).given,
        "at 1666 Hz": simulated("easy_run", 10.0, info=sensor(1666.0)).given,
        "someone": simulated("wide", 15.0, seed=17).given,
    }
    for what, given in inputs.items():
        print(what)  # noqa: T201 - told where it fails
        c = c_says(given)
        assert_same(c, python_says(given), known=bool(c[:, 0].any()))
    # times that come from 32 bits go back to 0 in the run: another clock, so it begins again
    wraps = run_walk._replace(us=(run_walk.us + 2**32 - 9_000_000) % 2**32)
    c = c_says(wraps)
    assert_same(c, python_says(wraps), known=True)
    at = int(np.flatnonzero(np.diff(wraps.us) < 0)[0]) + 1
    assert c[at - 1, 0] == 4
    assert not c[at : at + int(2 * RATE_HZ), 0].any()
    assert c[at + int(6 * RATE_HZ), 0] == 4
    # 64 bits do not; a late start is none
    late = run_walk._replace(us=run_walk.us + 2**40)
    assert (c_says(late) == c_says(run_walk)).all()


def test_hostile_samples_never_make_a_number_that_is_none(c_says) -> None:
    rng = np.random.default_rng(1)
    count = 20_000
    ends = np.array([-32768, -32767, -1, 0, 1, 2048, 32767])
    flips = np.repeat(rng.choice([-32768, 32767], (count // 40, 6)), 40, axis=0)
    for name, raw in {
        "noise": rng.integers(-32768, 32768, (count, 6)),
        "ends": rng.choice(ends, (count, 6)),
        "flips": flips,
        "full scale": np.full((count, 6), -32768),
        "zeros": np.zeros((count, 6)),
        "acc alone turns over": np.hstack([flips[:, :3], np.zeros((count, 3))]),
        "gyr alone turns over": np.hstack([np.full((count, 3), 1182), flips[:, 3:]]),
    }.items():
        for scales in (
            (40_000, 16_000, 2_000_000),
            (5_000, 400_000, 10_000_000),
            (200_000, 1_000, 100_000),
        ):
            info = sensor(scales[0] / 100, scales[1] / 1000, scales[2] / 1000)
            us = np.arange(count) * (100_000_000 // scales[0])
            if name == "noise":
                us = us + np.cumsum(
                    rng.choice([0, 0, 0, 0, 0, 0, 1, 300, 10**7, 2**33, -(10**6)], count)
                    * (rng.random(count) < 0.01)
                )
                us = np.abs(us)
            given = Input(info, raw.astype(np.int16), us, rng.random(count) < 0.0003)
            said = c_says(given)
            speed = said[:, 2] + 256.0 * said[:, 3]
            assert set(np.unique(said[:, 0])) <= {0, 4}
            assert set(np.unique(said[:, 1])) <= {0, RUNNING}
            assert speed.max() <= 12 * 256 * 1.5


@pytest.mark.parametrize(
    "scales",
    [
        (0, 16_000, 2_000_000),
        (4_999, 16_000, 2_000_000),
        (200_001, 16_000, 2_000_000),
        (40_000, 0, 2_000_000),
        (40_000, 999, 2_000_000),
        (40_000, 400_001, 2_000_000),
        (40_000, 16_000, 0),
        (40_000, 16_000, 10_000_001),
        (2**32 - 1, 2**32 - 1, 2**32 - 1),
    ],
)
def test_a_sensor_it_is_not_made_for_is_unknown(c_says, scales: tuple[int, int, int]) -> None:
    given = simulated("easy_run", 10.0).given
    assert not c_says(given, scales).any()
    info = sensor(scales[0] / 100, scales[1] / 1000, scales[2] / 1000)
    assert readings(given._replace(info=info)) == [None] * len(readings(given))


def test_size_and_stack_on_a_cortex_m4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No library: nothing is left to be linked but what any compiler brings."""
    zig = zig_compiler()
    for cache in ("ZIG_LOCAL_CACHE_DIR", "ZIG_GLOBAL_CACHE_DIR"):
        monkeypatch.setenv(cache, str(tmp_path / "cache"))
    frames = ["-Wframe-larger-than=0", "-Wno-error=frame-larger-than=", "-fno-sanitize=all"]
    wants = [*STRICT, "-Wdouble-promotion", "-Os", *frames]
    said = run(*zig, *CORTEX_M4, *wants, "-c", SOURCE, "-o", tmp_path / "pace.o").err
    found = re.findall(r"stack frame size \((\d+)\) exceeds limit \(0\) in '(\w+)'", said)
    stack = {name: int(size) for size, name in found}
    with capsys.disabled():
        print(f"\nstack of the pace: {stack}")  # noqa: T201
    assert stack["sg_pace_push"] <= 256
    assert sum(sorted(stack.values())[-4:]) <= 512  # no call goes deeper
    text = SOURCE.read_text() + (PORTABLE / "shoegait_pace.h").read_text()
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    assert not re.search(r"\b(double|malloc|calloc|realloc|free|alloca|sqrtf?)\b", code)
    assert set(re.findall(r"#include <(\w+\.h)>", code)) == {"stdbool.h", "stddef.h", "stdint.h"}


# What it says


# Beside the runs and walks of the presets, people that no number of it was chosen on.
@pytest.mark.parametrize(
    ("name", "seed", "within"),
    [
        ("easy_run", 1, 0.01),
        ("midfoot", 1, 0.01),
        ("slow_forefoot", 1, 0.01),
        ("downhill", 1, 0.01),
        ("uphill", 1, 0.01),
        ("brisk_walk", 1, 0.02),
        ("walk", 1, 0.03),
        ("sprint", 1, 0.05),  # beyond the ±16 g of the sensor
        *[("wide", seed, 0.05) for seed in (301, 305, 310, 366, 501)],
    ],
)
def test_speed_and_cadence_of_simulated_people(name: str, seed: int, within: float) -> None:
    told = simulated(name, seed=seed)
    error = errors(told)
    assert error.known == 1.0
    assert np.abs(error.speed).max() < within
    assert abs(error.cadence_spm.mean()) < 0.6
    assert np.abs(error.cadence_spm).max() < 2.5  # single strides vary by 1 %
    walking = told.truth["contact_ms"] / 1e3 > 0.5 * told.truth["stride_s"]
    steady = moving(readings(told.given))[3:]
    assert {reading.running for reading in steady} == {not walking[4]}


@pytest.mark.parametrize("name", ["easy_run", "midfoot", "one_shoe_100hz", "pronation_left"])
def test_speed_and_cadence_of_the_recordings(name: str) -> None:
    for foot in recorded(name):
        error = errors(foot)
        assert error.known == 1.0
        assert np.abs(error.speed).max() < 0.01
        assert np.abs(error.cadence_spm).max() < 2.0


def test_it_follows_from_running_to_walking() -> None:
    said = readings(simulated("run_walk_run", 45.0).given)
    told = [None if r is None else (r.running, round(r.speed_m_s, 1)) for r in said]
    assert told[12:17] == [(True, 3.0)] * 5  # the second third begins at 18 s
    assert all(r is not None and not r.running for r in said[25:31])
    assert all(r is not None and abs(r.speed_m_s - 1.4) < 0.05 for r in said[25:31])
    assert all(r is not None and r.running for r in said[39:46])


def test_it_follows_to_a_stop() -> None:
    ways = [
        Segment(kind="run", duration_s=12.0, speed_m_s=3.0),
        Segment(kind="stop", duration_s=10.0),
        Segment(kind="run", duration_s=10.0, speed_m_s=3.0),
    ]
    motion = simulate(Runner(), ways, seed=1)[Side.LEFT]  # stands for 3 s before
    said = readings(quantised(measure(motion, Sensor(), seed=1), sensor()))
    still = [i + 1 for i, r in enumerate(said) if r is not None and r.cadence_spm == 0]
    runs = [i + 1 for i, r in enumerate(said) if r is not None and r.running]
    assert still[:2] == [2, 3]
    assert set(range(9, 16)) <= set(runs)
    assert set(range(20, 26)) <= set(still)  # it stops some seconds after 15 s
    assert set(range(32, 36)) <= set(runs)


@pytest.mark.parametrize("seed", range(4))
def test_the_sensor_may_sit_anyhow(seed: int) -> None:
    turned = Rotation.random(rng=np.random.default_rng(seed))
    for name in ("easy_run", "walk"):
        straight = readings(simulated(name, 12.0).given)
        other = readings(simulated(name, 12.0, turned=turned).given)
        known = [(a, b) for a, b in zip(straight, other, strict=True) if a and b]
        assert len(known) >= 6
        assert [a is None for a in straight] == [b is None for b in other]
        for a, b in known:
            assert a.running == b.running
            assert abs(a.speed_m_s - b.speed_m_s) <= 0.01 * a.speed_m_s
            assert abs(a.cadence_spm - b.cadence_spm) <= 1


def test_a_stride_with_a_loss_in_it_is_left_out() -> None:
    told = simulated("easy_run", 25.0)
    few = told._replace(given=without(told.given, 4.0))
    error = errors(few)
    assert error.known > 0.8
    assert np.abs(error.speed).max() < 0.01
    # some in every stride: nothing is left to tell from
    assert not moving(readings(without(told.given, 0.3, length=1)))
    # the same, where only the flag tells of it, and where only the times do
    flagged = told.given._replace(lost=np.arange(len(told.given.us)) % 150 == 149)
    assert not moving(readings(flagged))
    silent = without(told.given, 0.3, length=1)
    assert not moving(readings(silent._replace(lost=np.zeros_like(silent.lost))))


def test_clipping_does_not_stop_it() -> None:
    narrow = simulated("easy_run", 15.0, info=sensor(acc_g=8.0))
    assert (np.abs(narrow.given.raw[:, :3].astype(int)) >= 32767).any()
    error = errors(narrow)
    assert error.known == 1.0
    assert np.abs(error.speed).max() < 0.02


def test_a_sensor_too_narrow_says_nothing_rather_than_too_little() -> None:
    for name, seed, acc_g in (("sprint", 1, 8.0), ("midfoot", 1, 2.0), ("wide", 408, 16.0)):
        told = simulated(name, 15.0, seed, info=sensor(acc_g=acc_g))
        assert not moving(readings(told.given))


def test_strides_that_were_cut_in_the_swing_are_unknown() -> None:
    """Who lands so hard that the foot is quieter before it than after: nothing, and no 0.7 m/s."""
    assert not moving(readings(simulated("wide", seed=0).given))


def test_a_bias_of_the_gyroscope_costs_little() -> None:
    """3 deg/s along each axis, as chips have them that were never calibrated."""
    scenario = preset("easy_run", 15.0)
    motion = simulate(scenario.runner, scenario.segments, seed=1)[Side.LEFT]
    samples = measure(motion, Sensor(gyr_bias_dps=(3.0, -3.0, 3.0)), seed=1)
    error = errors(Simulated(quantised(samples, sensor()), motion.truth))
    assert error.known == 1.0
    assert np.abs(error.speed).max() < 0.02


def test_a_shoe_that_stands_is_known_to_stand() -> None:
    for dps in (0.0, 5.0):
        said = readings(standing(seconds=8.0, dps=dps))
        assert said[0] is None
        assert [r and r[1:] for r in said[2:]] == [(False, 0.0, 0)] * len(said[2:])


def test_nothing_is_known_before_four_strides_nor_long_after_the_last() -> None:
    told = simulated("easy_run", 12.0)
    pace = Pace(told.given.info)
    assert pace.measurement(0) is None
    ends = told.truth["ic_s"] + told.truth["stride_s"]
    stop = int(np.searchsorted(told.given.us, ends[2] * 1e6))
    part = told.given[:stop]
    pace.push(part.raw, part.us.tolist())
    assert pace.measurement(int(part.us[-1])) in (None, STILL)
    pace.push(told.given.raw[stop:], told.given.us[stop:].tolist())
    last_us = int(told.given.us[-1])
    told_last = pace.measurement(last_us)
    assert told_last is not None
    assert told_last[0] == RUNNING
    assert pace.measurement(last_us + 1_000_000) == told_last
    assert pace.measurement(last_us + 4_000_000) is None


@pytest.mark.parametrize("handling", [LACE, SHAKE, CARRY])
@pytest.mark.parametrize("seed", [1, 2])
def test_handling_is_no_gait(handling: Handling, seed: int) -> None:
    assert not moving(readings(standing(handling, seed=seed)))


@pytest.mark.parametrize("rpm", [50.0, 70.0, 90.0, 110.0])
@pytest.mark.parametrize("pitch_deg", [5.0, 15.0, 30.0])
def test_cycling_is_no_gait(rpm: float, pitch_deg: float) -> None:
    assert not moving(readings(pedalling(rpm, pitch_deg)))


@pytest.mark.parametrize("hertz", [0.8, 1.3, 2.0, 3.0])
def test_swinging_it_in_the_hand_is_no_gait(hertz: float) -> None:
    for metres in (0.03, 0.1, 0.25):
        for tilt_deg in (10.0, 40.0):
            assert not moving(readings(swinging(hertz, metres, tilt_deg)))


@pytest.mark.parametrize("hertz", [1.0, 2.0, 4.0, 8.0])
def test_shaking_is_no_gait(hertz: float) -> None:
    for m_s2 in (2.0, 10.0, 50.0):
        assert not moving(readings(shaken(hertz, m_s2)))
