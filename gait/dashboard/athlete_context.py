"""The page of one athlete while it is open."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from gait.dashboard.app_state import Desk
from gait.roster import Athlete, Session


@dataclass(slots=True)
class Visit:
    """`parts` are called to show anew what they show, after something was changed."""

    desk: Desk
    id: int
    parts: list[Callable[[], None]] = field(default_factory=list)

    @property
    def athlete(self) -> Athlete:
        """As kept now. Raises UsageError where they are no longer in the roster."""
        return self.desk.roster.athletes.get(self.id)

    @contextmanager
    def doing(self, words: str, sessions: Sequence[Session] = ()) -> Iterator[None]:
        """A change of this athlete that can be undone; then every part is shown anew."""
        with self.desk.doing(words, self.athlete, sessions=sessions):
            yield
        self.redraw()

    def redraw(self) -> None:
        for part in self.parts:
            part()
