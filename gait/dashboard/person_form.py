"""What is known of a person, asked in a dialog: for somebody new, or to change it."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace
from nicegui import ui

from gait.dashboard import words
from gait.dashboard.app_state import Desk
from gait.dashboard.dialogs import asked
from gait.dashboard.layout import paragraph
from gait.roster import Athlete

SEXES = {None: words.UNKNOWN_SEX, "female": words.FEMALE, "male": words.MALE}


def add_athlete(desk: Desk) -> None:
    """Ask for somebody new, and open their page."""

    def keep(form: "_Form") -> None:
        said = form.said()
        with desk.doing(words.ADDED.format(name=said["name"])):
            new = desk.roster.athletes.add(**said, groups=form.groups())
        ui.navigate.to(f"/athlete/{new.id}")

    with asked(words.ADD_ATHLETE, words.ADD) as dialog:
        form = _Form(None)
        dialog.does(lambda: keep(form))


def edit_athlete(desk: Desk, athlete: Athlete, done: Callable[[], None]) -> None:
    """Ask what to change of an athlete; `done` is called after it was."""

    def keep(form: "_Form") -> None:
        athletes = desk.roster.athletes
        with desk.doing(words.EDITED.format(name=athlete.name), athlete):
            athletes.edit(replace(athlete, **form.said()))
            for group in set(athlete.groups) - set(form.groups()):
                athletes.leave(athlete, group)
            for group in form.groups():
                athletes.join(athlete, group)
        done()

    with asked(words.EDIT_ATHLETE.format(name=athlete.name), words.SAVE) as dialog:
        form = _Form(athlete)
        dialog.does(lambda: keep(form))


class _Form:
    """Fields; what is left empty is unknown."""

    def __init__(self, athlete: Athlete | None) -> None:
        known = athlete or Athlete(id=-1, uid="", name="")
        self._name = ui.input(words.NAME_FIELD, value=known.name).props("autofocus")
        paragraph(words.BODY_OPTIONAL, "faint")
        with ui.element().classes("side-by-side"):
            self._height = ui.number(words.HEIGHT_FIELD, value=known.height_m, step=0.01)
            self._mass = ui.number(words.MASS_FIELD, value=known.mass_kg)
            self._born = ui.number(words.BORN_FIELD, value=known.birth_year, precision=0)
            self._sex = ui.select(SEXES, value=known.sex, label=words.SEX_FIELD).classes("choice")
        self._groups = ui.input(words.GROUPS_FIELD, value=", ".join(known.groups))

    def said(self) -> dict[str, Any]:
        born = self._born.value
        return {
            "name": self._name.value or "",
            "height_m": self._height.value,
            "mass_kg": self._mass.value,
            "birth_year": None if born is None else int(born),
            "sex": self._sex.value,
        }

    def groups(self) -> list[str]:
        """Named one after the other, with commas between them."""
        return [name for name in map(str.strip, (self._groups.value or "").split(",")) if name]
