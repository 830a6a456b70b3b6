"""What is said of a session by hand: notes, effort, where it was, and the shoes."""

from msgspec.structs import replace
from nicegui import ui

from gait.dashboard import session_words
from gait.dashboard.app_state import Desk
from gait.dashboard.layout import section
from gait.roster import Athlete, Session


def add_told(desk: Desk, athlete: Athlete, session: Session) -> None:
    """A form; saving is one change that can be undone."""
    shoes = {shoe.id: shoe for shoe in desk.roster.shoes.all(athlete)}
    places = {
        None: session_words.NOT_SAID,
        False: session_words.OUTDOORS,
        True: session_words.INDOORS,
    }
    with section(session_words.TOLD):
        notes = ui.textarea(session_words.NOTES, value=session.notes).props("autogrow")
        with ui.element().classes("side-by-side"):
            effort = ui.number(
                session_words.EFFORT, value=session.effort, min=0, max=10, step=1
            ).classes("choice")
            where = ui.select(places, value=session.indoors, label=session_words.WHERE)
            worn = ui.select(
                {None: session_words.NO_SHOE, **{id: s.model for id, s in shoes.items()}},
                value=session.shoe if session.shoe in shoes else None,
                label=session_words.SHOE,
            )
            for choice in (where, worn):
                choice.classes("choice")

        def save() -> None:
            said = replace(
                desk.roster.sessions.get(session.id),
                notes=(notes.value or "").strip(),
                effort=effort.value,
                indoors=where.value,
            )
            with desk.doing(
                session_words.SAVED.format(day=session.day), athlete, sessions=[session]
            ):
                kept = desk.roster.sessions.edit(said)
                if worn.value != kept.shoe:
                    desk.roster.sessions.move(kept, athlete, shoes.get(worn.value))
            ui.navigate.reload()

        with ui.element():
            ui.button(session_words.SAVE, on_click=save)
