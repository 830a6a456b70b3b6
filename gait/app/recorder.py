"""What happens to items as they come: kept, analysed, shown; the same for every source."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from gait.app.cues import Cue, CueMaker
from gait.app.endings import Ending
from gait.app.view import View, show
from gait.ble import ShoeStream
from gait.model import GaitError, Mark, SensorInfo, SessionItem
from gait.pipeline import Pipeline, Result, Strides
from gait.recording import SessionWriter

TURN_S = 0.05  # the view is told the time so often, also where nothing comes


class NotKeptError(GaitError):
    """The disk refused; what it did not take is still in memory."""


class Recorder:
    """One session: every item goes through the pipeline to the view, and into the file.

    What the runner should be told goes to the view and to `on_cue`, and into the file as a mark.
    """

    def __init__(
        self,
        sensors: Sequence[SensorInfo],
        writer: SessionWriter,
        view: View,
        cues: CueMaker | None = None,
        on_cue: Callable[[Cue], None] = lambda _: None,
    ) -> None:
        self.pipeline = Pipeline(sensors)
        self._writer = writer
        self._view = view
        self._cues = cues
        self._on_cue = on_cue
        self._shown = True
        for info in sensors:
            writer.add_sensor(info)

    def take(self, items: Sequence[SessionItem], session_s: float) -> None:
        """Analyse, show and keep what came in up to `session_s`. Raises NotKeptError.

        The file comes last, as a disk may take its time, but whatever happens before.
        """
        cues: Sequence[Cue] = ()
        try:
            strides = self.pipeline.feed(items)
            cues = self._cues.push(strides, session_s) if self._cues else ()
            self._show(items, strides, cues, session_s)
            for cue in cues:
                self._on_cue(cue)
        finally:
            self._keep([*items, *(Mark(cue.session_s, f"cue: {cue.text}") for cue in cues)])

    def finish(self) -> Result:
        return self.pipeline.finish()

    def batteries(self) -> list[int | None]:
        """The last level of each sensor in percent."""
        return [shoe.battery_pct for shoe in self.pipeline.shoes]

    def _keep(self, items: Sequence[SessionItem]) -> None:
        refused: GaitError | None = None
        for item in items:
            try:
                self._writer.write(item)
            except GaitError as error:  # the item is not lost; the writer tries again
                refused = refused or error
        if refused is not None:
            raise NotKeptError(str(refused)) from refused

    def _show(
        self,
        items: Sequence[SessionItem],
        strides: Strides,
        cues: Sequence[Cue],
        session_s: float,
    ) -> None:
        """A view that cannot be drawn any more (its terminal is gone) ends no recording."""
        if not self._shown:
            return
        try:
            said = [cue.text for cue in cues]
            show(self._view, self.pipeline, items, strides, session_s, said)
        except OSError:
            self._shown = False


class Inbox:
    """What a stream sends, gathered from when this is made until the stream ends."""

    def __init__(self, stream: ShoeStream) -> None:
        self._stream = stream
        self._came: list[SessionItem] = []
        self._news = asyncio.Event()
        self.gathering = asyncio.create_task(self._gather())

    async def _gather(self) -> None:
        async for item in self._stream:
            self._came.append(item)
            self._news.set()

    async def turn(self) -> None:
        """Until something came, but not longer than `TURN_S`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TURN_S):
                await self._news.wait()
        self._news.clear()

    def empty(self) -> list[SessionItem]:
        """What came since it was emptied last."""
        items, self._came[:] = self._came[:], []
        return items


async def record_stream(
    stream: ShoeStream,
    recorder: Recorder,
    ending: Ending,
    *,
    seconds: float | None = None,
    asked_to_stop: Callable[[], bool] = lambda: False,
    before_stop: Callable[[], None] = lambda: None,
    make_room: Callable[[], object] = lambda: None,
) -> NotKeptError | None:
    """Record until `seconds` of session time are over, the stream ends, or `ending` is set.

    `asked_to_stop` is looked at every turn and ends it too; a runner's keys are read there.
    `before_stop` is called while the shoes still stream. Where the disk takes no more, the
    recording ends, `make_room` is called, and the rest is kept; then returns what it refused.
    """
    inbox = Inbox(stream)

    def take() -> None:
        recorder.take(inbox.empty(), stream.session_s)

    refused: NotKeptError | None = None
    try:
        while not (ending or inbox.gathering.done()):
            if seconds is not None and stream.session_s >= seconds:
                break
            await inbox.turn()
            take()
            if asked_to_stop():
                break
        before_stop()
    except NotKeptError as error:
        refused = error
        make_room()
    finally:
        await stream.stop()
    try:
        await inbox.gathering
    finally:
        try:
            take()
        except NotKeptError as error:
            if refused is not None:
                raise
            refused = error
            make_room()
    return refused
