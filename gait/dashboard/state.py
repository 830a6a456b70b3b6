"""What pages share: the open roster, where recordings go, what can be undone, whose page it is."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from gait.roster import Athlete, Roster, Session

MOST_UNDOS = 20


@dataclass(frozen=True, slots=True)
class Undo:
    """A change that was just made, in words, and how to take it back."""

    did: str
    back: Callable[[], None]


@dataclass
class AppState:
    """One a dashboard; used from its event loop only.

    recordings : where dropped recordings are kept; nothing else on the disk is read or written
    watched    : a folder whose recordings are shown while they are being made, None for none
    dark       : the colours of the pages, None: as the system has them
    """

    roster: Roster
    recordings: Path
    watched: Path | None = None
    today: Callable[[], date] = date.today
    dark: bool | None = None
    undos: list[Undo] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def did(self, words: str, back: Callable[[], None]) -> None:
        """Remember how to take back what was just done."""
        self.undos.append(Undo(words, back))
        del self.undos[:-MOST_UNDOS]

    @contextmanager
    def doing(
        self, words: str, *athletes: Athlete, sessions: Sequence[Session] = ()
    ) -> Iterator[None]:
        """A change of the roster that can be undone; arguments as of `Roster.undoable`."""
        with self.roster.undoable(athletes, sessions) as change:
            yield
        if change:
            self.did(words, lambda: self.roster.take_back(change))

    @property
    def last_did(self) -> str:
        """What `undo` would take back, empty where there is nothing."""
        return self.undos[-1].did if self.undos else ""

    def undo(self) -> str:
        """Take back the last change; what that was, empty where there is nothing to take back."""
        if not self.undos:
            return ""
        last = self.undos.pop()
        last.back()
        return last.did

    def forget_undos(self) -> None:
        """As they hold what was there before: after a person was deleted nothing may stay."""
        self.undos.clear()

    def take_messages(self) -> list[str]:
        """What is to be said on the next page that is opened; then it is said."""
        said, self.messages = self.messages, []
        return said


@dataclass(slots=True)
class AthleteContext:
    """`parts` are called to show anew what they show, after something was changed."""

    state: AppState
    id: int
    parts: list[Callable[[], None]] = field(default_factory=list)

    @property
    def athlete(self) -> Athlete:
        """As kept now. Raises UsageError where they are no longer in the roster."""
        return self.state.roster.athletes.get(self.id)

    @contextmanager
    def doing(self, words: str, sessions: Sequence[Session] = ()) -> Iterator[None]:
        """A change of this athlete that can be undone; then every part is shown anew."""
        with self.state.doing(words, self.athlete, sessions=sessions):
            yield
        self.redraw()

    def redraw(self) -> None:
        for part in self.parts:
            part()
