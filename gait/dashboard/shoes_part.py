"""An athlete's shoes with their kilometres."""

from msgspec.structs import replace
from nicegui import ui

from gait.dashboard import words
from gait.dashboard.alerts import WORN_OUT
from gait.dashboard.athlete_context import Visit
from gait.dashboard.dialogs import asked
from gait.dashboard.fields import day_field, day_of, line
from gait.dashboard.layout import paragraph, section
from gait.risk import load_evidence
from gait.roster import Shoe


class ShoesPart:
    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        visit.parts.append(self.fill)
        with section(words.SHOES):
            self._list = ui.element().classes("stack-down")
            with ui.element().classes("side-by-side"):
                ui.button(words.ADD_SHOE, on_click=lambda: self._ask(None)).props("outline")
        self.fill()

    def fill(self) -> None:
        shoes = self._visit.desk.roster.shoes.all(self._visit.athlete)
        self._list.clear()
        with self._list:
            if not shoes:
                paragraph(words.NO_SHOES)
            for shoe in shoes:
                self._line(shoe)

    def _line(self, shoe: Shoe) -> None:
        actions = {words.EDIT: lambda: self._ask(shoe), words.DELETE: lambda: self._delete(shoe)}
        if shoe.retired is None:
            actions = {words.RETIRE: lambda: self._retire(shoe)} | actions
        line(shoe_words(shoe), shoe.model, actions, more=worn_words(shoe))

    def _retire(self, shoe: Shoe) -> None:
        roster, today = self._visit.desk.roster, self._visit.desk.today()
        with self._visit.doing(words.RETIRED.format(shoe=shoe.model)):
            roster.shoes.edit(replace(shoe, retired=today))

    def _delete(self, shoe: Shoe) -> None:
        with self._visit.doing(words.DELETED.format(what=shoe.model)):
            self._visit.desk.roster.shoes.delete(shoe)

    def _ask(self, shoe: Shoe | None) -> None:
        shoes, athlete = self._visit.desk.roster.shoes, self._visit.athlete
        known = shoe or Shoe(id=-1, uid="", model="")
        title = words.EDIT_WHAT.format(what=known.model) if shoe else words.ADD_SHOE
        with asked(title, words.SAVE if shoe else words.ADD) as dialog:
            model = ui.input(words.MODEL_FIELD, value=known.model).props("autofocus")
            since = day_field(words.SINCE_FIELD, known.since)
            before = ui.number(words.KM_BEFORE_FIELD, value=known.km_before)
            in_use = ui.checkbox(words.IN_USE, value=known.retired is None)
            in_use.set_visibility(shoe is not None)

            def keep() -> None:
                first = day_of(since) if since.value else None
                name, km = model.value or "", before.value or 0.0
                done = words.EDITED if shoe else words.ADDED
                with self._visit.doing(done.format(name=name)):
                    if shoe is None:
                        shoes.add(athlete, name, since=first, km_before=km)
                        return
                    today = self._visit.desk.today()
                    retired = None if in_use.value else shoe.retired or today
                    changed = {"model": name, "since": first, "km_before": km, "retired": retired}
                    shoes.edit(replace(shoe, **changed))

            dialog.does(keep)


def shoe_words(shoe: Shoe) -> str:
    """A pair in one line."""
    more = words.AT_LEAST if shoe.uncounted else ""
    parts = [
        words.SHOE_LINE.format(shoe=shoe.model, km=f"{more}{shoe.km:.0f}"),
        words.SHOE_SINCE.format(day=shoe.since) if shoe.since else "",
        words.SHOE_RETIRED.format(day=shoe.retired) if shoe.retired else "",
    ]
    return ", ".join(part for part in parts if part)


def worn_words(shoe: Shoe) -> str:
    """What the evidence table says of a pair in use that was run in far; empty for others."""
    factor = load_evidence().factors[WORN_OUT]
    if shoe.retired is not None or shoe.km <= (factor.threshold or 0.0):
        return ""
    says = factor.says.format(shoe_km=shoe.km)
    return f"{says[:1].upper()}{says[1:]}."
