"""What happens to items as they come: kept, analysed, shown; the same for every source."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

from gait.ble import ShoeStream
from gait.live.cues import Cue, CueMaker
from gait.live.run import RunStatus, View, show
from gait.live.shutdown import Ending
from gait.measures.table import empty_strides
from gait.model import BatteryReading, GaitError, Mark, SensorInfo, SessionItem
from gait.model.errors import reason_of
from gait.pipeline import Pipeline, Result, Strides
from gait.recording import SessionWriter

_log = logging.getLogger(__name__)
TURN_S = 0.05  # the view is told the time so often, also where nothing comes


class NotKeptError(GaitError):
    """The disk refused; what it did not take is still in memory."""


class Recorder:
    """One session: every item goes through the pipeline to the view, and into the file.

    What the runner should be told goes to the view and to `on_cue`, and into the file as a mark.
    No error in the analysis or the view keeps an item from the file: the numbers stop, `failure`
    has the sentence on it, and the view shows it. `troubles` has the sentences on all that went
    wrong here.
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
        self.failure = ""
        self.troubles: list[str] = []
        self._batteries: list[int | None] = [None] * len(sensors)
        self._writer = writer
        self._view = view
        self._cues = cues
        self._on_cue = on_cue
        self._shown = True
        self._remarked = 0
        for info in sensors:
            writer.add_sensor(info)

    def take(self, items: Sequence[SessionItem], session_s: float) -> None:
        """Analyse, show and keep what came in up to `session_s`. Raises NotKeptError.

        The file comes last, as a disk may take its time. Call it several times a second also
        where nothing came: it looks whether the file is still there.
        """
        for item in items:
            if isinstance(item, BatteryReading):
                self._batteries[item.device] = item.percent
        cues: Sequence[Cue] = ()
        try:
            cues = self._analyse(items, session_s)
        finally:  # a view that is told to end ends nothing before the items are kept
            self._keep([*items, *(Mark(cue.session_s, f"cue: {cue.text}") for cue in cues)])

    def finish(self) -> Result:
        """Raises GaitError where the analysis has failed as a whole."""
        if not self.failure:
            try:
                return self.pipeline.finish()
            except Exception as error:
                self._fail(error)
        raise GaitError(self.failure)

    def close(self) -> None:
        """Close the file, which is looked at then. Raises GaitError where it is not as it was
        written."""
        try:
            self._writer.close()
        finally:
            self._tell_remarks()

    def batteries(self) -> list[int | None]:
        """The last level of each sensor in percent."""
        return self._batteries

    def _keep(self, items: Sequence[SessionItem]) -> None:
        refused: GaitError | None = None
        for item in items:
            try:
                self._writer.write(item)
            except GaitError as error:  # the item is not lost; the writer tries again
                refused = refused or error
        try:
            self._writer.watch()
        except GaitError as error:
            refused = refused or error
        self._tell_remarks()
        if refused is not None:
            raise NotKeptError(str(refused)) from refused

    def _analyse(self, items: Sequence[SessionItem], session_s: float) -> Sequence[Cue]:
        """What the runner should be told; from the first error of ours on, nothing any more."""
        strides: Strides = empty_strides()
        cues: Sequence[Cue] = ()
        standing = RunStatus()
        if not self.failure:
            try:
                strides = self.pipeline.feed(items)
                cues = self._cues.push(strides, session_s) if self._cues else ()
                standing = RunStatus.of(self.pipeline)
            except Exception as error:
                self._fail(error)
                strides, cues = empty_strides(), ()
        for failure in standing.failures.values():
            self._note(failure)
        said = [cue.text for cue in cues]
        self._show(lambda: show(self._view, items, strides, session_s, standing, said))
        for cue in cues:
            self._on_cue(cue)
        return cues

    def _fail(self, error: Exception) -> None:
        _log.error("the analysis failed", exc_info=error)
        self.failure = (
            f"The analysis failed ({type(error).__name__}: {reason_of(error)}), so there are no "
            "numbers any more; nothing of the recording is lost, so please report this, and "
            "analyse it again after an update."
        )
        self._tell(self.failure)

    def _tell_remarks(self) -> None:
        for remark in self._writer.remarks[self._remarked :]:
            self._tell(remark)
        self._remarked = len(self._writer.remarks)

    def _tell(self, trouble: str) -> None:
        self._note(trouble)
        self._show(lambda: self._view.on_trouble(trouble))

    def _note(self, trouble: str) -> None:
        if trouble not in self.troubles:
            self.troubles.append(trouble)

    def _show(self, showing: Callable[[], None]) -> None:
        """A view that cannot be drawn any more ends no recording."""
        if not self._shown:
            return
        try:
            showing()
        except OSError:  # its terminal is gone
            self._shown = False
        except Exception as error:
            _log.error("the view failed", exc_info=error)
            self._shown = False
            self._note(
                f"The live view failed ({type(error).__name__}: {reason_of(error)}); the recording "
                "went on. Please report this."
            )


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
    make_room: Callable[[], object] = lambda: None,
) -> NotKeptError | None:
    """Record until `seconds` of session time are over, the stream ends, or `ending` is set.

    `asked_to_stop` is looked at every turn and ends it too. Where the disk takes no more, the
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
