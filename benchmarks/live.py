"""How fast a live session is: `python -m benchmarks.live`.

Two virtual shoes at 400 Hz, in real time, through the whole Bluetooth host stack, the client, the
pipeline and the session file.

delay : from the arrival of the packet that decides a stride, as the client stamped it, to the
        stride in the callback. The virtual shoes and their controllers run on the same event loop,
        so their work is in it: a real radio can only be faster.
at once : how the sensor sits on the shoe is found after some seconds of running, and all strides
        until then are given out together with that packet. That happens once (and after a slip),
        so they are counted apart: else a longer run would look faster than a short one.
load  : processor time of the client's share alone, which is what is done with items once they
        came (decode, clock, detect, measure, cues, view, file). The recorded items are replayed
        through the same `Recorder` in the groups they came in, and the time of that thread is
        held against the time they took to come. Bluetooth itself is not in it.
machine : its load as it began, how late it wakes a process that only sleeps, at the same time, and
        how long this program could have run and had no core (`benchmarks/scheduling.py`). A delay
        that grows with these is the machine's; the load counts processor time and does not.

With `--write` the figures go to docs/performance.md.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from textual.drivers.headless_driver import HeadlessDriver

from benchmarks.scheduling import Machine, Watching
from gait.ble import ShoeStream, scan
from gait.cli.simulate import SimulateOptions
from gait.cli.source import virtual_shoes
from gait.cli.warm import warm_up
from gait.live.cues import CueMaker, CueSettings
from gait.live.recorder import Recorder, record_stream
from gait.live.run import LiveRun, View
from gait.live.screen import REDRAW_S, LiveScreen
from gait.live.shutdown import on_signals
from gait.live.terminal import ScreenView
from gait.measures.table import empty_strides
from gait.model import Doubt, Packet, Reading, SensorInfo, SessionItem, Side
from gait.pipeline import Strides
from gait.recording import SessionWriter

MEDIAN_MS, P99_MS, LOAD_PCT = 2.0, 10.0, 5.0  # what it must reach
RATE_HZ = 400.0
PAINT_S = 0.02  # within which Textual paints what changed
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BUSY_SHARE = 0.25  # of what a delay may be, by which the machine itself is late …
BUSY_WAITED = 0.2  # … or of our processor time, waited for a core: it was busy with other things


@dataclass
class Measured:
    """`delays_ms` of strides as they happen, `at_once_ms` of those given out together, `load_pct`
    of one core, `per_packet_us` of processor time; `machine` while it was live."""

    seconds: float
    strides: int
    packets: int
    delays_ms: np.ndarray
    at_once_ms: np.ndarray
    load_pct: float
    per_packet_us: float
    machine: Machine


@dataclass
class Stopwatch(View):
    """Stands where the view is: when each stride came, and what came with it."""

    inner: View
    groups: list[tuple[list[SessionItem], float]] = field(default_factory=list)
    delays_ms: list[float] = field(default_factory=list)
    at_once_ms: list[float] = field(default_factory=list)
    strides: int = 0
    began_s: float = 0.0
    _items: list[SessionItem] = field(default_factory=list)
    _strides: Strides = field(default_factory=empty_strides)

    def on_item(self, item: SessionItem) -> None:
        self._items.append(item)

    def on_strides(self, strides: Strides) -> None:
        now_s = time.monotonic() - self.began_s
        self.strides += len(strides)
        for side in (0, 1):
            came = int(np.sum(strides["side"] == side))
            decided = [i for i in self._items if isinstance(i, Packet) and i.device == side]
            delays_ms = self.delays_ms if came == 1 else self.at_once_ms
            delays_ms += [(now_s - packet.host_s) * 1e3 for packet in decided[-1:]] * came
        self._strides = strides

    def on_status(
        self,
        session_s: float,
        *,
        lost_pct: Mapping[int, float | None],
        told: Mapping[Side, Reading],
        doubts: Sequence[Doubt],
        nothing: Mapping[Side, str],
    ) -> None:
        for item in self._items:
            self.inner.on_item(item)
        self.inner.on_strides(self._strides)
        self.inner.on_status(
            session_s, lost_pct=lost_pct, told=told, doubts=doubts, nothing=nothing
        )
        self.groups.append((self._items, session_s))
        self._items = []

    def on_cue(self, text: str) -> None:
        self.inner.on_cue(text)

    def on_trouble(self, text: str) -> None:
        self.inner.on_trouble(text)


class Unseen(HeadlessDriver):
    """A terminal of 80 × 24 that nobody sees, so that drawing is part of it."""

    @property
    def is_headless(self) -> bool:
        return False


class UnseenScreen(LiveScreen):
    def __init__(self, run: LiveRun) -> None:
        super().__init__(run, driver_class=Unseen)

    @staticmethod
    def terminal_is_gone() -> bool:
        return False


def session(path: Path) -> SessionWriter:
    return SessionWriter(path, started_at="2026-01-01T12:00:00+00:00", software="benchmark")


async def live(seconds: float, folder: Path, speed: float) -> tuple[list[SensorInfo], Stopwatch]:
    options = SimulateOptions(seconds=seconds * speed + 20.0, rate_hz=RATE_HZ)
    async with virtual_shoes(options, speed=speed) as source:
        found = sorted(await scan(5.0, source.radio, enough=2), key=lambda s: str(s.side))
        began_s = time.monotonic()
        async with ShoeStream(found, radio=source.radio, clock=time.monotonic) as stream:
            began_s = time.monotonic() - stream.session_s
            with session(folder / "live.gait") as writer, on_signals() as ending:
                async with ScreenView(stream.sensors, UnseenScreen) as view:
                    watch = Stopwatch(view, began_s=began_s)
                    recorder = Recorder(stream.sensors, writer, watch, CueMaker(CueSettings()))
                    await record_stream(stream, recorder, ending, seconds=seconds)
            return stream.sensors, watch


async def load_s(
    sensors: Sequence[SensorInfo], groups: Sequence[tuple[list[SessionItem], float]], folder: Path
) -> float:
    """Processor seconds of this thread for all that is done with the items as they come."""
    drawn_s = 0.0
    with session(folder / "replayed.gait") as writer:
        async with ScreenView(sensors, UnseenScreen) as view:
            recorder = Recorder(sensors, writer, view, CueMaker(CueSettings()))
            began = time.thread_time()
            for items, session_s in groups:
                recorder.take(items, session_s)
                if session_s - drawn_s >= REDRAW_S:  # so that it draws as often as it did live
                    drawn_s = session_s
                    view.screen.draw()
                    await asyncio.sleep(PAINT_S)
            return time.thread_time() - began


def measure(seconds: float, speed: float = 1.0) -> Measured:
    """Record for so long, then replay it for the load. Only `speed` 1 is what a runner has."""
    warm_up()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Watching() as watching:
            sensors, watch = asyncio.run(live(seconds, folder, speed))
        spent_s = asyncio.run(load_s(sensors, watch.groups, folder))
    packets = sum(isinstance(i, Packet) for items, _ in watch.groups for i in items)
    lasted_s = watch.groups[-1][1] - watch.groups[0][1]
    return Measured(
        seconds=lasted_s,
        strides=watch.strides,
        packets=packets,
        delays_ms=np.array(watch.delays_ms),
        at_once_ms=np.array(watch.at_once_ms),
        load_pct=100.0 * spent_s / lasted_s,
        per_packet_us=1e6 * spent_s / packets,
        machine=watching.seen,
    )


def report(found: Measured) -> str:
    """The figures beside what they must reach."""
    load = found.load_pct
    median, p99 = np.percentile(found.delays_ms, (50, 99))
    rows = (
        ("delay, median", f"{median:.2f} ms", f"< {MEDIAN_MS:g} ms", median < MEDIAN_MS),
        ("delay, 99 %", f"{p99:.2f} ms", f"< {P99_MS:g} ms", p99 < P99_MS),
        (
            "load",
            f"{load:.2f} % of a core",
            f"< {LOAD_PCT:g} %",
            load < LOAD_PCT,
        ),
    )
    lines = [
        f"{found.seconds:.0f} s of two shoes at {RATE_HZ:g} Hz: {found.packets} packets, "
        f"{found.strides} strides, {found.per_packet_us:.0f} µs of processor a packet",
        f"longest delay {found.delays_ms.max():.2f} ms; {len(found.at_once_ms)} strides given out "
        "at once when the mounting was found, after "
        f"{found.at_once_ms.max(initial=0.0):.2f} ms at most",
    ]
    for what, value, target, reached in rows:
        lines.append(f"{what:14} {value:>18}   must be {target:8} {'yes' if reached else 'NO'}")
    return "\n".join([*lines, *_beside(found, median, p99)])


def _beside(found: Measured, median_ms: float, p99_ms: float) -> list[str]:
    """What the machine itself did meanwhile, a line each, and the delays against it."""
    machine = found.machine
    late_median, late_p99 = np.percentile(machine.overslept_ms, (50, 99))
    load = "not told" if machine.load is None else "{:.2f}, {:.2f}, {:.2f}".format(*machine.load)
    lines = [
        f"machine        load at the start {load} (1, 5, 15 min), {machine.cores} cores",
        f"a sleep of 1 ms in a process of its own was late by {late_median:.2f} ms (median), "
        f"{late_p99:.2f} ms (99 %), {max(machine.overslept_ms):.2f} ms (longest)",
        f"delays against that: median {median_ms / late_median:.1f} times, "
        f"99 % {p99_ms / late_p99:.1f} times; against the processor time of a packet: "
        f"median {1e3 * median_ms / found.per_packet_us:.1f} times",
        f"processor time of everything, virtual shoes too: {machine.cpu_s:.1f} s, "
        f"{100.0 * machine.cpu_s / machine.wall_s:.0f} % of a core",
    ]
    waited = 0.0
    if machine.waited_s is not None:
        waited = machine.waited_s / max(machine.cpu_s, 1e-9)
        lines.append(
            f"it could have run and had no core for {machine.waited_s:.1f} s, "
            f"{100.0 * waited:.0f} % of its processor time"
        )
    late = late_median > BUSY_SHARE * MEDIAN_MS or late_p99 > BUSY_SHARE * P99_MS
    if late or waited > BUSY_WAITED:
        lines.append(
            "The machine was busy: these delays are its own as much as ours. Do it again when it "
            "is quiet; the load above holds."
        )
    return lines


def page(found: Measured) -> str:
    """docs/performance.md."""
    return f"""# How fast a live session is

<!-- Written by `python -m benchmarks.live --write`. Change the benchmark, not this file. -->

From the arrival of the packet that decides a stride to the stride in the callback, and the
processor time of all that is done with what came. What else kept the machine stands beside it: a
slow machine makes delays longer, a slow program makes the load higher. What each figure is, and
why strides are given out at once in the beginning, says `python -m benchmarks.live --help`.

```text
{report(found)}
```
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.live",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    options = parser.parse_args()
    found = measure(options.seconds)
    print(report(found))
    if options.write:
        PAGE.write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    main()
