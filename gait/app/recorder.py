"""What happens to items as they come: kept, analysed, shown; the same for every source."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator, Sequence

from gait.app.live import LiveView
from gait.ble import ShoeStream
from gait.model import SensorInfo, SessionItem
from gait.pipeline import Pipeline, Result
from gait.recording import SessionWriter

TURN_S = 0.05  # items that came within so much time are taken together


class Recorder:
    """One session: every item goes to the file first, then through the pipeline to the view."""

    def __init__(
        self, sensors: Sequence[SensorInfo], writer: SessionWriter, view: LiveView
    ) -> None:
        self.pipeline = Pipeline(sensors)
        self._writer = writer
        self._view = view
        for info in sensors:
            writer.add_sensor(info)

    def take(self, items: Sequence[SessionItem], session_s: float) -> None:
        """Keep, analyse and show what came in up to `session_s`."""
        for item in items:
            self._writer.write(item)
        strides = self.pipeline.feed(items)
        for item in items:
            self._view.on_item(item)
        self._view.on_strides(strides)
        self._view.on_status(session_s, lost=self.pipeline.lost)

    def finish(self) -> Result:
        return self.pipeline.finish()


async def record_stream(
    stream: ShoeStream,
    recorder: Recorder,
    *,
    seconds: float | None = None,
    before_stop: Callable[[], None] = lambda: None,
) -> bool:
    """Record until `seconds` of session time are over, the stream ends, or Ctrl-C.

    `before_stop` is called while the shoes still stream. Returns True where it was interrupted.
    """
    came: list[SessionItem] = []

    async def gather() -> None:
        async for item in stream:
            came.append(item)

    interrupted = asyncio.Event()
    gathering = asyncio.create_task(gather())
    with _on_interrupt(interrupted):
        try:
            while not (interrupted.is_set() or gathering.done()):
                if seconds is not None and stream.session_s >= seconds:
                    break
                await asyncio.sleep(TURN_S)
                items, came[:] = came[:], []
                recorder.take(items, stream.session_s)
            before_stop()
        finally:
            await stream.stop()
        await gathering
        recorder.take(came, stream.session_s)
    return interrupted.is_set()


@contextlib.contextmanager
def _on_interrupt(event: asyncio.Event) -> Iterator[None]:
    """Ctrl-C sets `event` instead of tearing the recording down in the middle."""
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGINT, event.set)
    except (NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
