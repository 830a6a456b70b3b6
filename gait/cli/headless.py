"""`gait record --headless`: nobody looks; each time the known shoes move becomes a session.

Waits for the shoes, connects them, keeps the last half minute in memory, and opens a session
when they move, beginning with what was kept. After stillness the session is closed and the
waiting goes on. What happens is said in plain lines, for a log.
"""

import asyncio
import contextlib
import math
import shutil
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from signal import Signals

import msgspec

from gait import __version__
from gait.ble import FoundSensor, ShoeStream
from gait.ble.listening import Heard, listening
from gait.cli.console import what_it_measures
from gait.cli.known_sensors import KnownShoes, known_shoes_path
from gait.cli.record import STARTING_S, VIRTUAL_RUN_S
from gait.cli.sensor_selection import choose, complete, own, remember
from gait.cli.source import Source, source_for
from gait.diagnostics import log_beside
from gait.live.cues import CueMaker, CueSettings, HapticCues
from gait.live.motion import MotionSettings, MotionWatch
from gait.live.recorder import Inbox, NotKeptError, Recorder
from gait.live.shutdown import Ending, exit_code, in_words, on_signals
from gait.model import (
    BatteryReading,
    Connection,
    ConnectionEvent,
    Doubt,
    GaitError,
    Packet,
    Reading,
    SessionItem,
    Side,
)
from gait.pipeline import Strides
from gait.recording import SessionWriter
from gait.recording.files import DiskReserve, free_name, make_folder, name_by_date
from gait.recording.untrusted_database import checkpoint_wal, cut_off
from gait.text import clock

BEFORE_S = 30.0  # kept from before the motion: standing still is what the analysis begins with
OTHER_SHOE_S = 10.0  # after the first shoe was heard
GONE_S = 60.0  # without a packet: the shoes sleep or are out of reach
TROUBLE_S = 10.0  # before trying again
ALONE_S = 300.0  # one shoe goes on without the other that could not be connected
JOIN_S = 300.0  # a session so young begins anew with both shoes when the other one comes
LEAST_FREE_BYTES = 60_000_000  # an hour of two shoes and some

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlessOptions:
    """Where to, and when a session ends.

    After `idle_s` of stillness the shoes are let go, so that they may sleep, and looked for again
    after `pause_s`. `seconds` of session time end everything.
    """

    folder: Path
    still_s: float = 180.0
    idle_s: float = 900.0
    pause_s: float = 30.0
    seconds: float | None = None
    rate_hz: float | None = None
    notes: str = ""
    worn: Mapping[Side, str] = field(default_factory=dict)
    cues: CueSettings | None = field(default_factory=CueSettings)
    adapter: str | None = None


def log(text: str) -> None:
    """A line with the time on stderr; a log that takes no more stops nothing."""
    with contextlib.suppress(OSError, ValueError):
        print(f"{datetime.now():%Y-%m-%d %H:%M:%S} {text}", file=sys.stderr, flush=True)  # noqa: T201


def run_headless(options: HeadlessOptions, *, virtual: bool) -> None:
    """Until SIGTERM or Ctrl-C, which are the wanted end; exit code 129 for SIGHUP."""
    make_folder(options.folder)
    log(f"shoegait {__version__}; loading the step detector (a minute, the first time)")
    from gait.cli.warm import warm_up

    try:
        warm_up()
    except GaitError as error:  # what comes is recorded all the same
        log(str(error))
    known = None if virtual else KnownShoes(known_shoes_path())

    async def whole() -> Signals | None:
        seconds = (options.seconds or VIRTUAL_RUN_S) + STARTING_S
        with on_signals() as ending:
            async with source_for(
                virtual=virtual, seconds=seconds, adapter=options.adapter
            ) as source:
                await Headless(source, options, known, ending).run()
        return ending.by

    with log_beside(options.folder):
        by = asyncio.run(whole())
    if by is not None and by not in (Signals.SIGTERM, Signals.SIGINT):
        raise SystemExit(exit_code(by))


class Headless:
    """`known` None: every shoe in reach is the runner's own, as with virtual ones."""

    def __init__(
        self,
        source: Source,
        options: HeadlessOptions,
        known: KnownShoes | None,
        ending: Ending,
        say: Say = log,
    ) -> None:
        self._source = source
        self._options = options
        self._known = known
        self._ending = ending
        self._say = say
        self._said = ""
        self._alone_until_s = source.clock()
        self._ends_s = None if options.seconds is None else source.clock() + options.seconds

    async def run(self) -> None:
        """Wait and record until told to end. Raises GaitError where no shoe is known."""
        self._tidy_up()
        self._check_known()
        while not self._over():
            pause_s = TROUBLE_S
            try:
                sensors = await self._shoes()
                if sensors:
                    pause_s = await self._connected(sensors)
            except GaitError as error:
                self._say_once(str(error))
            await self._wait(pause_s)
        self._say(f"ended: {in_words(self._ending.by) if self._ending.by else 'time is over'}")

    def _over(self) -> bool:
        return bool(self._ending) or (
            self._ends_s is not None and self._source.clock() >= self._ends_s
        )

    def _tidy_up(self) -> None:
        for path in cut_off(self._options.folder):
            try:
                checkpoint_wal(path)
            except GaitError as error:
                self._say(str(error))
            else:
                self._say(
                    f"{path.name} was cut off (a power cut, or the program was killed); "
                    "everything up to about its last second is in it"
                )

    def _check_known(self) -> None:
        if self._known is None or self._options.worn:
            return
        if not self._known.all():
            raise GaitError(
                "No shoe is known yet; record once with `gait record first.gait` in a terminal on "
                "this machine, so that it knows yours."
            )
        if self._known.problem:
            self._say(self._known.problem)

    async def _shoes(self) -> Sequence[FoundSensor]:
        """The runner's own, as soon as they are near; none where everything is to end."""
        self._say_once("waiting for the shoes")
        shoes = self._known.all() if self._known else []
        pointed_out = len(self._options.worn)

        def mine(sensors: Mapping[str, FoundSensor]) -> list[FoundSensor]:
            near = list(sensors.values())
            if pointed_out:
                return [sensor for sensor in near if sensor.worn is not None]
            return near if self._known is None else own(near, shoes)

        def enough(sensors: Mapping[str, FoundSensor]) -> bool:
            if self._known is None and not pointed_out:
                return {sensor.side for sensor in mine(sensors)} >= set(Side)
            return complete(sensors, shoes, pointed_out)

        async with listening(self._source.radio, worn=self._options.worn) as heard:
            while not mine(heard.sensors):
                if self._over():
                    return []
                await self._listen(heard, lambda sensors: bool(mine(sensors)), 1.0)
            await self._listen(heard, enough, OTHER_SHOE_S)
        if self._known is None or pointed_out:
            return mine(heard.sensors)
        choice = choose(heard.nearest_first, shoes, None)
        for remark in choice.remarks:
            self._say(remark)
        return choice.sensors

    async def _listen(
        self, heard: Heard, enough: Callable[[Mapping[str, FoundSensor]], bool], seconds: float
    ) -> None:
        await self._unless_told(heard.until(enough, seconds))

    async def _wait(self, seconds: float) -> None:
        await self._unless_told(asyncio.sleep(seconds))

    async def _unless_told(self, waiting) -> None:
        """Wait for this, or until told to end."""
        tasks = [asyncio.ensure_future(waiting), asyncio.ensure_future(self._ending.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _connected(self, sensors: Sequence[FoundSensor]) -> float:
        """Record whenever they move, until they are gone or long still; how long to pause then."""
        async with AsyncExitStack() as stack:
            stream, sensors = await self._open(stack, sensors)
            for sensor, info in zip(sensors, stream.sensors, strict=True):
                what = what_it_measures(info)
                self._say(f"connected: {info.side} shoe {sensor.label} ({what})")
            self._said = ""
            batteries: list[int | None] = [None] * len(stream.sensors)
            other = asyncio.create_task(self._other_shoe(sensors))
            watch = _Watch(stream, self._options, self._over, self._say, batteries)
            try:
                return await watch.run(other.done)
            finally:
                other.cancel()
                await asyncio.gather(other, return_exceptions=True)
                if self._known is not None:
                    remember(self._known, sensors, stream, batteries)

    async def _open(
        self, stack: AsyncExitStack, sensors: Sequence[FoundSensor]
    ) -> tuple[ShoeStream, Sequence[FoundSensor]]:
        """The stream of both, or of the one that can be had. Raises GaitError where none can."""
        groups = [list(sensors), *([sensor] for sensor in sensors if len(sensors) > 1)]
        refused: GaitError | None = None
        for group in groups:
            try:
                stream = await stack.enter_async_context(
                    ShoeStream(
                        group,
                        radio=self._source.radio,
                        rate_hz=self._options.rate_hz,
                        clock=self._source.clock,
                    )
                )
            except GaitError as error:
                refused = refused or error
            else:
                if refused is not None:
                    self._say(str(refused))
                    self._alone_until_s = self._source.clock() + ALONE_S
                return stream, group
        assert refused is not None
        raise refused

    async def _other_shoe(self, sensors: Sequence[FoundSensor]) -> None:
        """Returns when the shoe of the other foot is heard, too."""
        shoes = self._known.all() if self._known else []
        sides = {sensor.side for sensor in sensors}
        wanted = {shoe.side for shoe in shoes} | set(self._options.worn)
        if wanted <= sides:
            await asyncio.get_running_loop().create_future()  # never: there is none to wait for
        await asyncio.sleep(max(0.0, self._alone_until_s - self._source.clock()))

        def has_come(heard: Mapping[str, FoundSensor]) -> bool:
            near = [sensor for sensor in heard.values() if sensor.worn is not None]
            near = near or own(list(heard.values()), shoes)
            return any(sensor.side in wanted - sides for sensor in near)

        async with listening(self._source.radio, worn=self._options.worn) as heard:
            while not await heard.until(has_come, TROUBLE_S):
                pass

    def _say_once(self, text: str) -> None:
        """Not again and again while nothing changes."""
        if text != self._said:
            self._said = text
            self._say(text)


class _Watch:
    """Connected shoes: what they send is kept for a while, and recorded while they move."""

    def __init__(
        self,
        stream: ShoeStream,
        options: HeadlessOptions,
        over: Callable[[], bool],
        say: Say,
        batteries: list[int | None],
    ) -> None:
        self._stream = stream
        self._options = options
        self._over = over
        self._say = say
        self._batteries = batteries
        self._links = [Connection.CONNECTED] * len(stream.sensors)
        self._motion = MotionWatch(stream.sensors, MotionSettings(still_s=options.still_s))
        self._before: deque[SessionItem] = deque()
        self._session: _Session | None = None
        self._heard_s = self._still_since_s = stream.session_s
        self._no_room = False
        self._not_before_s = -math.inf  # no other file is tried before then

    async def run(self, other_came: Callable[[], bool]) -> float:
        """Until they are gone or long still, or the other shoe has come; how long to pause."""
        inbox = Inbox(self._stream)
        gathering = inbox.gathering

        def take() -> None:
            self._take(inbox.empty(), self._stream.session_s)

        pause_s = 0.0
        try:
            while not (self._over() or gathering.done()):
                await inbox.turn()
                take()
                if other_came() and (self._session is None or self._session.age_s < JOIN_S):
                    self._say("the other shoe has come, too")
                    break
                if self._session is None:
                    now_s = self._stream.session_s
                    if now_s - self._heard_s > GONE_S:
                        self._say("the shoes are asleep or out of reach")
                        break
                    if now_s - self._still_since_s > self._options.idle_s:
                        self._say("the shoes lie still; they are let go for a while")
                        pause_s = self._options.pause_s
                        break
        finally:
            await self._stream.stop()
            await asyncio.gather(gathering, return_exceptions=True)
            take()
            self._close()
        if not gathering.cancelled() and (error := gathering.exception()):
            raise error
        return pause_s

    def _take(self, items: Sequence[SessionItem], now_s: float) -> None:
        for item in items:
            self._note(item)
        in_use = self._motion.take(items, now_s)
        if self._session is None and in_use and not self._over() and now_s >= self._not_before_s:
            self._open(now_s)
            items = [*self._before, *items] if self._session else items
        if self._session is None:
            self._keep(items, now_s)
        else:
            self._still_since_s = now_s
            self._record(items, now_s)
            if not in_use:
                self._close()

    def _note(self, item: SessionItem) -> None:
        match item:
            case Packet():
                self._heard_s = max(self._heard_s, item.host_s)
            case BatteryReading(device=device, percent=percent):
                self._batteries[device] = percent
            case ConnectionEvent(device=device, event=event):
                before, self._links[device] = self._links[device], event
                if before is not event and event is not Connection.CLOSED:
                    side = self._stream.sensors[device].side
                    self._say(f"{side} shoe {event.value}")

    def _keep(self, items: Sequence[SessionItem], now_s: float) -> None:
        self._before.extend(items)
        while self._before and self._before[0].host_s < now_s - BEFORE_S:
            self._before.popleft()

    def _open(self, now_s: float) -> None:
        folder = self._options.folder
        if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
            if not self._no_room:
                self._no_room = True
                self._say("the shoes move, but the disk is full: nothing is recorded")
            return
        self._no_room = False
        first_s = self._before[0].host_s if self._before else now_s
        try:
            self._session = _Session(self._stream, self._options, first_s, now_s, self._say)
            self._session.take(self._as_it_was(first_s), now_s)
        except GaitError as error:
            self._say(str(error))
            self._not_before_s = now_s + TROUBLE_S
            self._close()

    def _as_it_was(self, first_s: float) -> list[SessionItem]:
        """What had been said of links and batteries before the session began."""
        told = {type(item) for item in self._before}
        items: list[SessionItem] = []
        if ConnectionEvent not in told:
            items += [ConnectionEvent(i, first_s, event) for i, event in enumerate(self._links)]
        if BatteryReading not in told:
            items += [
                BatteryReading(i, first_s, percent)
                for i, percent in enumerate(self._batteries)
                if percent is not None
            ]
        return items

    def _record(self, items: Sequence[SessionItem], now_s: float) -> None:
        assert self._session is not None
        self._before.clear()
        try:
            self._session.take(items, now_s)
        except NotKeptError as error:
            self._say(f"the disk takes no more, so this session ends here: {error}")
            self._close()

    def _close(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        try:
            self._say(session.close())
        except GaitError as error:
            self._say(str(error))


class _LogView:
    """The view of somebody who does not look: cues, and what cannot be right, are logged."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._said: set[str] = set()

    def on_item(self, item: SessionItem) -> None:
        pass

    def on_strides(self, strides: Strides) -> None:
        pass

    def on_status(
        self,
        session_s: float,
        *,
        lost_pct: Mapping[int, float | None],
        told: Mapping[Side, Reading],
        doubts: Sequence[Doubt],
        nothing: Mapping[Side, str],
    ) -> None:
        for doubt in doubts:
            if doubt.check not in self._said:
                self._said.add(doubt.check)
                self._say(f"check: {doubt.what}")

    def on_cue(self, text: str) -> None:
        self._say(f"cue: {text}")

    def on_trouble(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._say(text)


class _Session:
    """One session file, whose time begins at `first_s` of the stream."""

    def __init__(
        self,
        stream: ShoeStream,
        options: HeadlessOptions,
        first_s: float,
        now_s: float,
        say: Say,
    ) -> None:
        self._first_s = first_s
        self.age_s = 0.0
        began = datetime.now().astimezone() - timedelta(seconds=now_s - first_s)
        self._reserve = DiskReserve(options.folder)
        self._reserve.__enter__()
        try:
            self._writer = SessionWriter(
                free_name(options.folder, name_by_date(began)),
                started_at=began.isoformat(timespec="seconds"),
                software=f"shoegait {__version__}",
                notes=options.notes,
            )
        except GaitError:
            self._reserve.release()
            raise
        cues = CueMaker(options.cues) if options.cues else None
        self._recorder = Recorder(
            stream.sensors, self._writer, _LogView(say), cues, HapticCues(stream)
        )
        say(f"recording {self._writer.path.name}")

    def take(self, items: Sequence[SessionItem], now_s: float) -> None:
        mine = [msgspec.structs.replace(item, host_s=item.host_s - self._first_s) for item in items]
        self.age_s = now_s - self._first_s
        self._recorder.take(mine, self.age_s)

    def close(self) -> str:
        """What was recorded, in a line."""
        self._reserve.release()
        self._recorder.close()
        name = self._writer.path.name
        try:
            result = self._recorder.finish()
        except GaitError as error:
            return f"closed {name}: {clock(self.age_s)}; {error}"
        lost_s = sum(shoe.lost_s for shoe in self._recorder.pipeline.shoes)
        return (
            f"closed {name}: {clock(result.duration_s)}, {len(result.strides)} strides, "
            f"{lost_s:.1f} s of samples lost"
        )
