"""The page of one athlete: everything that is kept of them, and everything that can be done."""

from nicegui import ui

from gait.app.reassess import counting_sessions
from gait.dashboard import words
from gait.dashboard.alerts import in_detail, reasons
from gait.dashboard.app_state import Desk
from gait.dashboard.athlete_actions import ask_to_delete, merge_person
from gait.dashboard.athlete_context import Visit
from gait.dashboard.diary_part import DiaryPart
from gait.dashboard.health_part import HealthPart
from gait.dashboard.import_part import ImportPart
from gait.dashboard.layout import heading, page, paragraph, section
from gait.dashboard.person_form import edit_athlete
from gait.dashboard.sessions_part import SessionsPart
from gait.dashboard.shoes_part import ShoesPart
from gait.dashboard.tables import points, safe
from gait.dashboard.training_part import TrainingPart
from gait.dashboard.trend_part import TrendPart
from gait.risk import load_evidence
from gait.roster import Athlete


def athlete_page(desk: Desk, id: int) -> None:
    """Built anew for each visit."""
    with page(desk, words.ATHLETE, here=words.ATHLETES):
        visit = Visit(desk, id)
        _Head(visit)
        TrendPart(visit)
        TrainingPart(visit)
        SessionsPart(visit)
        with section(words.ADD_SESSIONS):
            ImportPart(desk, id, visit.redraw)
        HealthPart(visit)
        ShoesPart(visit)
        DiaryPart(visit)


class _Head:
    """Who it is, why to look, and what can be done with the person."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        visit.parts.append(self.fill)
        self._who = ui.element()
        with ui.element().classes("side-by-side"):
            ui.button(words.EDIT, on_click=self._edit).props("outline icon=edit")
            with ui.button(words.MORE).props("outline icon-right=expand_more"), ui.menu():
                ui.menu_item(words.DOWNLOAD, lambda: self._download(recordings=False))
                ui.menu_item(words.DOWNLOAD_ALL, lambda: self._download(recordings=True))
                ui.menu_item(words.MERGE_MORE, self._merge)
                ui.menu_item(words.DELETE_MORE, self._delete)
        self._why = ui.html(sanitize=False).classes("card")
        self.fill()

    def fill(self) -> None:
        athlete = self._visit.athlete
        ui.page_title(f"{athlete.name} · {words.NAME}")
        self._who.clear()
        with self._who:
            heading(athlete.name)
            paragraph(about(athlete), "faint")
        why = self._reasons()
        self._why.content = str(safe(points(why)))
        self._why.set_visibility(bool(why))

    def _reasons(self) -> list[str]:
        roster, today = self._visit.desk.roster, self._visit.desk.today()
        standing = next(o for o in roster.overview(today) if o.athlete == self._visit.id)
        lately = next(o for o in roster.lately() if o.athlete == self._visit.id)
        last = [] if standing.last is None else [standing.last]
        changes = next(iter(counting_sessions(roster, last).values()), None)
        found = reasons(standing, lately, changes, today, load_evidence())
        return [in_detail(reason, standing, changes) for reason in found]

    def _edit(self) -> None:
        edit_athlete(self._visit.desk, self._visit.athlete, self._visit.redraw)

    def _merge(self) -> None:
        merge_person(self._visit.desk, self._visit.athlete, self._visit.redraw)

    def _delete(self) -> None:
        ask_to_delete(self._visit.desk, self._visit.athlete)

    def _download(self, *, recordings: bool) -> None:
        asked = "?recordings=yes" if recordings else ""
        ui.download.from_url(f"/athlete/{self._visit.id}/archive{asked}")


def about(athlete: Athlete) -> str:
    """What is known of a person, in one line."""
    known = (
        words.BODY_HEIGHT.format(athlete.height_m) if athlete.height_m else "",
        words.BODY_MASS.format(athlete.mass_kg) if athlete.mass_kg else "",
        words.BORN_IN.format(athlete.birth_year) if athlete.birth_year else "",
        athlete.sex or "",
        words.IN_GROUPS.format(", ".join(athlete.groups)) if athlete.groups else "",
    )
    return ", ".join(filter(None, known)) or words.NOTHING_KNOWN
