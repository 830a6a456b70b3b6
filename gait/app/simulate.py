"""`gait simulate`: recordings of a virtual runner, with the exact truth beside them."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from heapq import merge
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from gait import __version__
from gait.model import Activity, Packet, Samples, SensorInfo, Side, Strike, UsageError
from gait.recording import SessionWriter, open_session, write_jsonl, write_table
from gait.recording.files import check_free, private_output
from gait.sensors import shoegait
from gait.simulate import Scenario, Sensor, measure, presets, simulate, truth_on_device_clock

MTU = 247
TRUTH = "truth.csv"  # the attachment of a session with the truth of its strides
LEAST_DELAY_S = 0.003  # radio and host, at best
MEAN_EXTRA_DELAY_S = 0.006
MADE_AT = "2026-01-01T12:00:00+00:00"  # no clock is read, so the same seed gives the same file

# How the virtual shoes wear their sensors: on the laces, not straight, and not the same way.
MOUNTING = {Side.LEFT: (0.25, -0.45, 0.6), Side.RIGHT: (-0.2, -0.4, 2.2)}


@dataclass(frozen=True, slots=True)
class SimulateOptions:
    """What to simulate; the same options give the same recording.

    started_at : when the run began (ISO 8601), as the recording tells
    speed_m_s  : of running; None as the scenario has it
    """

    scenario: str = "easy_run"
    seconds: float = 30.0
    seed: int = 1
    rate_hz: float = 400.0
    side: Side | None = None
    drop: tuple[str, ...] = ()
    started_at: str = MADE_AT
    speed_m_s: float | None = None


@dataclass(frozen=True, slots=True)
class VirtualFoot:
    """One foot of a virtual run: what its sensor delivers, and the truth on the sensor's clock.

    sensor : knows how its clock runs against the true one, which the host keeps
    """

    info: SensorInfo
    samples: Samples
    truth: NDArray[np.void]
    sensor: Sensor

    def on_true_clock(self) -> "VirtualFoot":
        """The same, with times of the true clock, which both feet share."""
        truth = self.truth.copy()
        for name in ("ic_s", "tc_s"):
            truth[name] = self.sensor.true_time(truth[name])
        samples = replace(self.samples, time_s=self.sensor.true_time(self.samples.time_s))
        right = replace(self.sensor, clock_ppm=0.0, clock_offset_s=0.0)
        return replace(self, samples=samples, truth=truth, sensor=right)


def virtual_feet(options: SimulateOptions) -> dict[Side, VirtualFoot]:
    """Run the virtual runner with a sensor on each shoe (or on one)."""
    scenario = presets.preset(options.scenario, options.seconds)
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


def _packets(
    device: int, foot: VirtualFoot, lost: list[tuple[float, float]], seed: int
) -> Iterator[Packet]:
    """What one shoe sends, stamped by a host whose clock is right, whatever the shoe's is."""
    rng = np.random.default_rng(seed)
    host_s = 0.0
    for part, payload in shoegait.encode(foot.samples, foot.info, MTU):
        taken_s = float(foot.sensor.true_time(foot.samples.time_s[part][-1]))
        arrives_s = taken_s + LEAST_DELAY_S + float(rng.exponential(MEAN_EXTRA_DELAY_S))
        host_s = max(host_s, arrives_s)  # deliveries of one shoe keep their order
        if not any(start <= taken_s < end for start, end in lost):
            yield Packet(device, host_s, shoegait.STREAM_UUID, payload)


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
    lost = parse_drops(options.drop)
    with SessionWriter(
        path,
        started_at=options.started_at,
        software=f"shoegait {__version__}",
        notes=f"simulated: {options.scenario}",
        overwrite=overwrite,
    ) as writer:
        streams = []
        for side, foot in feet.items():
            device = writer.add_sensor(foot.info)
            streams.append(_packets(device, foot, lost[side], options.seed + device))
        writer.set_meta("simulation", json.dumps(asdict(options), default=str))
        writer.attach(TRUTH, truth_csv(feet).encode())
        for packet in merge(*streams, key=lambda packet: packet.host_s):
            writer.write(packet)


def run_simulate(options: SimulateOptions, output: Path, *, tables: bool, overwrite: bool) -> None:
    stderr = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    if not tables:
        check_free(output, overwrite=overwrite)
    with stderr.status("Simulating …"):
        feet = virtual_feet(options)
        if tables:
            _write_tables(output, feet, overwrite=overwrite)
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


def _write_tables(folder: Path, feet: Mapping[Side, VirtualFoot], *, overwrite: bool) -> None:
    """IMU tables and truth on one clock, the true one, as synchronised sensors give them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for side, foot in ((side, foot.on_true_clock()) for side, foot in feet.items()):
        write_table(folder / f"{side}.csv.gz", foot.samples, overwrite=overwrite)
        with private_output(folder / f"{side}.truth.csv", overwrite=overwrite) as file:
            file.write(truth_csv({side: foot}).encode())
