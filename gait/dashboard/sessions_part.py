"""An athlete's sessions, the newest first."""

from nicegui import ui

from gait.app.reassess import counting_sessions
from gait.app.roster_tables import duration, how_different
from gait.dashboard import words
from gait.dashboard.athlete_context import Visit
from gait.dashboard.layout import section
from gait.dashboard.paging import Pager
from gait.dashboard.tables import Cell, Column, link, table_html
from gait.roster import Counting, Session

PAGE_ROWS = 15
COLUMNS = (
    Column(words.DAY),
    Column(words.DURATION, count=True),
    Column(words.KM, count=True),
    Column(words.SHOE),
    Column(words.IT_WAS),
    Column(words.NOTES, wide=True),
)


class SessionsPart:
    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        visit.parts.append(self.fill)
        with section(words.SESSIONS):
            self._table = ui.html(sanitize=False)
            self._none = ui.label(words.NO_SESSIONS)
            self._pager = Pager(PAGE_ROWS, words.SESSIONS, self.fill)
        self.fill()

    def fill(self) -> None:
        roster, athlete = self._visit.desk.roster, self._visit.athlete
        sessions = roster.sessions.all(athlete)
        models = {shoe.id: shoe.model for shoe in roster.shoes.all(athlete)}
        shown = sessions[self._pager.rows]
        differs = counting_sessions(roster, [session.id for session in shown])
        rows = [_row(session, models, differs[session.id]) for session in shown]
        self._table.content = table_html(words.SESSIONS, COLUMNS, rows) if rows else ""
        self._none.set_visibility(not sessions)
        self._pager.tell(len(sessions))


def _row(session: Session, models: dict[int, str], changes: Counting) -> list[Cell]:
    return [
        link(str(session.day), f"/session/{session.id}"),
        duration(session.duration_s),
        words.UNKNOWN if session.metres is None else f"{session.metres / 1000:.2f}",
        models.get(session.shoe or -1, words.UNKNOWN),
        how_different(changes),
        session.notes,
    ]
