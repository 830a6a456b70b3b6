"""What a runner can do with a key: while recording, and while a recording is shown again."""

from collections.abc import Callable

from gait.live.keys import Controls, Key
from gait.live.terminal import LiveView
from gait.model.packets import MARKED, PAUSE, RESUME

SPEEDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class RecordKeys:
    """Mark, note, pause, stop and help of a recording; `stop` once it was asked for twice."""

    def __init__(self, view: LiveView, mark: Callable[[str], None]) -> None:
        self.stop = False
        self._view = view
        self._mark = mark
        self._paused = False
        self._asked_to_stop = False
        self.controls = view.controls = Controls(
            {
                "m": Key("m", "mark", lambda: self._do(lambda: mark(MARKED))),
                "n": Key("n", "note", lambda: None),
                "p": Key("p", "pause, go on", lambda: self._do(self._pause)),
                "?": Key("?", "help", lambda: self._do(self._help)),
                "q": Key("q", "stop", self._stop),
            },
            note_key="n",
            note=lambda text: mark(f"note: {text}"),
        )

    def take(self, characters: str) -> None:
        """Do what was typed."""
        if characters:
            self.controls.take(characters)
            self._view.redraw()

    def _do(self, what: Callable[[], None]) -> None:
        self._asked_to_stop = False
        what()

    def _pause(self) -> None:
        self._paused = not self._paused
        self._mark(PAUSE if self._paused else RESUME)

    def _help(self) -> None:
        self._view.help = not self._view.help

    def _stop(self) -> None:
        self.stop = self._asked_to_stop
        self._asked_to_stop = True
        if not self.stop:
            self._view.say("press q once more to stop and save")


class ReplayKeys:
    """Pause, speed, end and help of a replay. `speed` 0 is as fast as it goes."""

    def __init__(self, view: LiveView, speed: float) -> None:
        self.stop = False
        self.paused = False
        self.speed = speed
        self._view = view
        self.controls = view.controls = Controls(
            {
                "p": Key("p", "pause, go on", self._pause),
                "+": Key("+", "faster", lambda: self._faster(1)),
                "-": Key("-", "slower", lambda: self._faster(-1)),
                "?": Key("?", "help", self._help),
                "q": Key("q", "end", self._stop),
            }
        )

    def take(self, characters: str) -> None:
        """Do what was typed."""
        if characters:
            self.controls.take(characters)
            self._view.redraw()

    def _pause(self) -> None:
        self.paused = not self.paused
        self._view.say("held; p goes on" if self.paused else "goes on")

    def _faster(self, steps: int) -> None:
        if self.speed <= 0.0:
            return
        place = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - self.speed)) + steps
        self.speed = SPEEDS[min(max(0, place), len(SPEEDS) - 1)]
        self._view.say(f"{self.speed:g} times as fast as it was")

    def _help(self) -> None:
        self._view.help = not self._view.help

    def _stop(self) -> None:
        self.stop = True
