"""`gait simulate`: recordings of a virtual runner, with the exact truth beside them."""

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from heapq import merge
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from gait import __version__
from gait.model import Activity, Packet, Samples, SensorInfo, Side, Strike, UsageError
from gait.recording import new_session, open_session, write_jsonl, write_table
from gait.recording.files import check_free, make_folder, private_output
from gait.sensors import shoegait
from gait.simulate import Scenario, Sensor, measure, presets, simulate, truth_on_device_clock
from gait.simulate.disturbance import DISTURBANCES

MTU = 247
TRUTH = "truth.csv"  # the attachment of a session with the truth of its strides
LEAST_DELAY_S = 0.003  # radio and host, at best
MEAN_EXTRA_DELAY_S = 0.006
MADE_AT = "2026-01-01T12:00:00+00:00"  # no clock is read, so the same seed gives the same file

SWAP = "swap"  # each foot is told to be the other one
LOSSES = ("lose_single", "lose_pieces_30ms", "lose_pieces_60ms", "lose_packets")
CLOCKS = ("scale_clock", "shift_clock")  # the truth's times go with them
# Least and most of each kind of trouble, and whether it comes in whole numbers.
AMOUNTS: dict[str, tuple[float, float, bool]] = {
    "lose_single": (0.0, 0.95, False),
    "lose_pieces_30ms": (0.0, 0.9, False),
    "lose_pieces_60ms": (0.0, 0.9, False),
    "lose_packets": (0.001, 0.9, False),
    "jitter_stamps": (0.0, 0.1, False),
    "repeat_stamps": (0.0, 200.0, False),
    "round_stamps": (1e-6, 0.1, False),
    "hold_values": (1.0, 100.0, True),
    "hold_gyroscope": (1.0, 100.0, True),
    "zero_start": (0.0, 7200.0, False),
    "blank_values": (0.0, 1.0, False),
    "spoil_values": (0.0, 1.0, False),
    "clip_acc": (0.5, 200.0, False),
    "clip_acc_calibrated": (0.5, 200.0, False),
    "clip_gyr": (10.0, 10_000.0, False),
    "clip_gyr_calibrated": (10.0, 10_000.0, False),
    "stick_gyr_axis": (0.0, 2.0, True),
    "flip_acc": (1.0, 1.0, True),
    "flip_gyr": (1.0, 1.0, True),
    "mirror_axis": (0.0, 2.0, True),
    "scale_clock": (-50_000.0, 50_000.0, False),
    "shift_clock": (-1e10, 1e10, False),
    "end_early": (0.01, 1.0, False),
}

# How the virtual shoes wear their sensors: on the laces, not straight, and not the same way.
MOUNTING = {Side.LEFT: (0.25, -0.45, 0.6), Side.RIGHT: (-0.2, -0.4, 2.2)}


@dataclass(frozen=True, slots=True)
class SimulateOptions:
    """What to simulate; the same options give the same recording.

    started_at : when the run began (ISO 8601), as the recording tells
    speed_m_s  : of running; None as the scenario has it
    trouble    : what happens to the samples, one after the other, as `parse_trouble` reads it
    """

    scenario: str = "easy_run"
    seconds: float = 30.0
    seed: int = 1
    rate_hz: float = 400.0
    side: Side | None = None
    drop: tuple[str, ...] = ()
    started_at: str = MADE_AT
    speed_m_s: float | None = None
    trouble: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VirtualFoot:
    """One foot of a virtual run: what its sensor delivers, and the truth on the sensor's clock.

    sensor : knows how its clock runs against the true one, which the host keeps
    """

    info: SensorInfo
    samples: Samples
    truth: NDArray[np.void]
    sensor: Sensor

    @property
    def taken_s(self) -> NDArray[np.float64]:
        """(n,) when each sample was taken, on the true clock."""
        return self.sensor.true_time(self.samples.time_s)

    def on_true_clock(self) -> "VirtualFoot":
        """The same, with times of the true clock, which both feet share."""
        truth = self.truth.copy()
        for name in ("ic_s", "tc_s"):
            truth[name] = self.sensor.true_time(truth[name])
        samples = replace(self.samples, time_s=self.taken_s)
        right = replace(self.sensor, clock_ppm=0.0, clock_offset_s=0.0)
        return replace(self, samples=samples, truth=truth, sensor=right)


def virtual_feet(options: SimulateOptions) -> dict[Side, VirtualFoot]:
    """Run the virtual runner with a sensor on each shoe (or on one)."""
    scenario = presets.preset(options.scenario, options.seconds, seed=options.seed)
    if options.speed_m_s is not None:
        scenario = at_speed(scenario, options.speed_m_s)
    motions = simulate(scenario.runner, scenario.segments, seed=options.seed)
    feet = {}
    for number, (side, motion) in enumerate(motions.items()):
        if options.side not in (None, side):
            continue
        sensor = Sensor(
            rate_hz=options.rate_hz,
            gyr_bias_dps=(0.4, -0.3, 0.2),
            mounting=MOUNTING[side],
            clock_ppm=(12.0, -9.0)[number],
        )
        info = SensorInfo(
            side=side,
            rate_hz=options.rate_hz,
            acc_range_g=sensor.acc_range_g,
            gyr_range_dps=sensor.gyr_range_dps,
            mounting="laces",
            serial=f"V{number + 1:03d}",
            firmware=__version__,
            name=f"virtual {side} shoe",
        )
        samples = measure(motion, sensor, seed=options.seed * 2 + number)
        feet[side] = VirtualFoot(info, samples, truth_on_device_clock(motion, sensor), sensor)
    return feet


def at_speed(scenario: Scenario, speed_m_s: float) -> Scenario:
    """The scenario with all of its running at one speed. Raises UsageError where it has none."""
    if not any(segment.kind == "run" for segment in scenario.segments):
        raise UsageError(f"Nobody runs in the scenario {scenario.name}; leave --speed away.")
    segments = (
        replace(segment, speed_m_s=speed_m_s) if segment.kind == "run" else segment
        for segment in scenario.segments
    )
    return replace(scenario, segments=tuple(segments))


def parse_drops(drops: tuple[str, ...]) -> dict[Side, list[tuple[float, float]]]:
    """`left:12:13.5` → seconds in which packets of that shoe are lost."""
    found: dict[Side, list[tuple[float, float]]] = {side: [] for side in Side}
    for text in drops:
        try:
            side, start, end = text.split(":")
            found[Side(side)].append((float(start), float(end)))
        except ValueError:
            raise UsageError(
                f"--drop {text!r} is not understood; write SIDE:FROM:TO, such as left:12:13.5."
            ) from None
    return found


@dataclass(frozen=True, slots=True)
class Trouble:
    """A kind of `disturbance` or SWAP, how much of it, and on which foot (None: both)."""

    kind: str
    amount: float
    side: Side | None

    def befalls(self, side: Side) -> bool:
        return self.side in (None, side)


def parse_trouble(texts: tuple[str, ...]) -> list[Trouble]:
    """`[SIDE:]KIND[:AMOUNT]`, such as `lose_single:0.01`, `right:clip_acc:8` or `swap`.

    Raises UsageError for a kind that there is not, or an amount that makes no sense.
    """
    return [_trouble(text) for text in texts]


def _trouble(text: str) -> Trouble:
    parts = text.split(":")
    side = Side(parts.pop(0)) if parts[0] in list(Side) else None
    kind = parts.pop(0) if parts else ""
    if kind == SWAP:
        if side is not None or parts:
            raise UsageError(f"--trouble {text!r}: swap is of both feet; write --trouble swap.")
        return Trouble(SWAP, 1.0, None)
    if kind not in DISTURBANCES:
        raise UsageError(
            f"--trouble {text!r} is not understood; write [SIDE:]KIND[:AMOUNT], where KIND is one "
            f"of {', '.join(DISTURBANCES)}, {SWAP}."
        )
    usual = DISTURBANCES[kind].amounts[(len(DISTURBANCES[kind].amounts) - 1) // 2]
    if not parts:
        return Trouble(kind, usual, side)
    low, high, whole = AMOUNTS[kind]
    amount = _number(parts[0])
    if len(parts) > 1 or not low <= amount <= high or (whole and amount != int(amount)):
        raise UsageError(
            f"--trouble {text!r}: the amount must be a {'whole ' if whole else ''}number from "
            f"{low:g} to {high:g}, such as {kind}:{usual:g} ({DISTURBANCES[kind].text(usual)})."
        )
    return Trouble(kind, amount, side)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def in_trouble(
    foot: VirtualFoot, troubles: Sequence[Trouble], side: Side, seed: int
) -> VirtualFoot:
    """What is left of the samples of a foot, with the truth on the clock that they then have."""
    for number, trouble in enumerate(troubles):
        if trouble.kind != SWAP and trouble.befalls(side):
            rng = np.random.default_rng([seed, number, list(Side).index(side)])
            foot = _in_trouble(foot, trouble, rng)
    return foot


def _in_trouble(foot: VirtualFoot, trouble: Trouble, rng: np.random.Generator) -> VirtualFoot:
    kind = DISTURBANCES[trouble.kind]
    truth, info = foot.truth, foot.info
    if trouble.kind in CLOCKS and len(foot.samples):
        truth = truth.copy()
        for name in ("ic_s", "tc_s"):
            times = np.concatenate([foot.samples.time_s[:1], truth[name]])
            none = np.zeros((len(times), 3))
            truth[name] = kind.apply(Samples(times, none, none), trouble.amount, rng).time_s[1:]
    if trouble.kind == "clip_acc":  # the sensor's own range, which it knows
        info = msgspec.structs.replace(info, acc_range_g=trouble.amount)
    elif trouble.kind == "clip_gyr":
        info = msgspec.structs.replace(info, gyr_range_dps=trouble.amount)
    samples = kind.apply(foot.samples, trouble.amount, rng)
    return replace(foot, samples=samples, truth=truth, info=info)


def told_feet(
    feet: Mapping[Side, VirtualFoot], troubles: Sequence[Trouble]
) -> dict[Side, VirtualFoot]:
    """The feet by the side that their sensors say; the truth goes on saying the right one."""
    if sum(trouble.kind == SWAP for trouble in troubles) % 2 == 0:
        return dict(feet)
    told = {}
    for side in Side:
        if side.other in feet:
            foot = feet[side.other]
            info = msgspec.structs.replace(foot.info, side=side, name=f"virtual {side} shoe")
            told[side] = replace(foot, info=info)
    return told


def _packets(
    device: int,
    foot: VirtualFoot,
    taken_s: NDArray[np.float64],
    lost: list[tuple[float, float]],
    seed: int,
) -> Iterator[tuple[float, Packet]]:
    """What one shoe sends, and when its last sample was taken, on the host's clock.

    taken_s : (n,) when each sample was taken; the host's clock is right, whatever the shoe's is
    """
    rng = np.random.default_rng(seed)
    host_s = 0.0
    for part, payload in shoegait.encode(foot.samples, foot.info, MTU):
        last_s = float(taken_s[part][-1])
        arrives_s = last_s + LEAST_DELAY_S + float(rng.exponential(MEAN_EXTRA_DELAY_S))
        host_s = max(host_s, arrives_s)  # deliveries of one shoe keep their order
        if not any(start <= last_s < end for start, end in lost):
            yield last_s, Packet(device, host_s, shoegait.STREAM_UUID, payload)


def _arriving(
    packets: Iterator[tuple[float, Packet]], losses: Sequence[Trouble], side: Side, seed: int
) -> Iterable[Packet]:
    """The packets that are not lost: what loses samples elsewhere loses whole ones here."""
    own = [trouble for trouble in losses if trouble.befalls(side)]
    if not own:
        return (packet for _, packet in packets)
    made = list(packets)
    times = np.array([last_s for last_s, _ in made])
    numbers = np.tile(np.arange(len(made), dtype=np.float64)[:, None], 3)
    sent = Samples(times, numbers, numbers)
    for number, trouble in enumerate(own):
        rng = np.random.default_rng([seed, number, list(Side).index(side), 1])
        sent = DISTURBANCES[trouble.kind].apply(sent, trouble.amount, rng)
    return [made[int(i)][1] for i in sent.acc[:, 0]]


def truth_csv(feet: Mapping[Side, VirtualFoot]) -> str:
    """The truth of every stride as CSV; times on the clock that each foot's truth has."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    names = next(iter(feet.values())).truth.dtype.names or ()
    table.writerow(names)
    rows = np.concatenate([foot.truth for foot in feet.values()])
    for row in rows[np.argsort(rows["ic_s"], kind="stable")]:
        table.writerow([_cell(name, row[name]) for name in names])
    return text.getvalue()


def _cell(name: str, value: np.generic) -> str:
    number = value.item()
    if name == "side":
        return "right" if number else "left"
    if name == "activity":
        return Activity(number).name.lower()
    if name == "strike":
        return Strike(number).name.lower()
    if isinstance(number, bool):
        return str(number).lower()
    return (
        "" if not np.isfinite(number) else f"{number:.6g}" if name[-2:] != "_s" else f"{number:.6f}"
    )


def write_session(
    path: Path, feet: Mapping[Side, VirtualFoot], options: SimulateOptions, *, overwrite: bool
) -> None:
    """The packets both shoes would have sent, in the order they would have arrived."""
    lost, troubles = parse_drops(options.drop), parse_trouble(options.trouble)
    if any(trouble.kind == "blank_values" for trouble in troubles):
        raise UsageError("A packet cannot hold what is no number; use blank_values with --tables.")
    losses = [trouble for trouble in troubles if trouble.kind in LOSSES]
    others = [trouble for trouble in troubles if trouble.kind not in LOSSES]
    told = told_feet(feet, troubles)
    spoiled = {side: in_trouble(foot, others, side, options.seed) for side, foot in told.items()}
    with new_session(
        path,
        started_at=options.started_at,
        software=f"shoegait {__version__}",
        notes=f"simulated: {options.scenario}",
        overwrite=overwrite,
    ) as writer:
        streams = []
        for side, foot in spoiled.items():
            device = writer.add_sensor(foot.info)
            taken_s = told[side].taken_s  # whatever has become of the stamps
            packets = _packets(device, foot, taken_s, lost[side], options.seed + device)
            streams.append(_arriving(packets, losses, side, options.seed))
        writer.set_meta("simulation", json.dumps(asdict(options), default=str))
        writer.attach(TRUTH, truth_csv(spoiled).encode())
        for packet in merge(*streams, key=lambda packet: packet.host_s):
            writer.write(packet)


def run_simulate(options: SimulateOptions, output: Path, *, tables: bool, overwrite: bool) -> None:
    stderr = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    parse_trouble(options.trouble)  # before the long work
    if not tables:
        check_free(output, overwrite=overwrite)
    with stderr.status("Simulating …"):
        feet = virtual_feet(options)
        if tables:
            _write_tables(output, feet, options, overwrite=overwrite)
        elif output.name.endswith((".jsonl", ".jsonl.gz")):
            whole = output.with_name(f".{output.name}.gait")
            try:
                write_session(whole, feet, options, overwrite=True)
                write_jsonl(open_session(whole), output, overwrite=overwrite)
            finally:
                whole.unlink(missing_ok=True)
        else:
            write_session(output, feet, options, overwrite=overwrite)
    stderr.print(f"Made {output}")


def _write_tables(
    folder: Path, feet: Mapping[Side, VirtualFoot], options: SimulateOptions, *, overwrite: bool
) -> None:
    """IMU tables and truth on one clock, the true one, as synchronised sensors give them.

    Each truth is that of the samples beside it, whichever foot they are said to be of.
    """
    make_folder(folder)
    troubles = parse_trouble(options.trouble)
    for side, good in told_feet(feet, troubles).items():
        foot = in_trouble(good.on_true_clock(), troubles, side, options.seed)
        write_table(folder / f"{side}.csv.gz", foot.samples, overwrite=overwrite)
        with private_output(folder / f"{side}.truth.csv", overwrite=overwrite) as file:
            file.write(truth_csv({side: foot}).encode())
