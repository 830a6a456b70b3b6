"""Today: who needs attention and the finding itself, one click from the run."""

from collections.abc import Sequence
from dataclasses import dataclass

from nicegui import ui

from gait.athletes.reassess import trend, verdicts
from gait.athletes.roster_tables import NO_RUN, how_different
from gait.dashboard import words
from gait.dashboard.alerts import NOTE, Reason, is_recent, reasons
from gait.dashboard.forms import Pager
from gait.dashboard.layout import folded, heading, page, paragraph
from gait.dashboard.pages.examples import offer_examples
from gait.dashboard.state import AppState
from gait.dashboard.tables import link, points, safe, spark
from gait.model import Change
from gait.model.history import Verdict
from gait.report.sentences import named
from gait.risk import load_evidence
from gait.roster import Athlete, Lately, Standing
from gait.text import sentence_case

PAGE_CARDS = 12
SPARK_RUNS = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """An athlete today; `notes` are what can wait."""

    athlete: Athlete
    standing: Standing
    lately: Lately
    verdict: Verdict
    reasons: tuple[Reason, ...]

    @property
    def urgent(self) -> list[Reason]:
        return [reason for reason in self.reasons if reason.kind != NOTE]


def today_page(state: AppState) -> None:
    """Built anew for each context."""
    with page(state, words.TODAY_PAGE, here=words.TODAY_PAGE):
        heading(words.TODAY_TITLE.format(day=state.today()))
        entries = _entries(state)
        if not entries:
            paragraph(words.NOBODY)
            offer_examples(state)
            return
        looks = sorted((e for e in entries if e.urgent), key=lambda e: e.urgent[0].rank)
        form = words.COUNT if looks else words.COUNT_NONE
        paragraph(form.format(shown=len(entries), looks=len(looks)))
        _Cards(state, looks)
        others = [entry for entry in entries if not entry.urgent]
        if others:
            with folded(words.OTHERS_TODAY.format(count=len(others))):
                _list(others)


def _entries(state: AppState) -> list[Entry]:
    """Everybody, by name."""
    roster, today, table = state.roster, state.today(), load_evidence()
    standings = {one.athlete: one for one in roster.overview(today)}
    lately = {one.athlete: one for one in roster.lately()}
    recent = [one.last for one in standings.values() if is_recent(one, today)]
    found = verdicts(roster, [last for last in recent if last is not None])
    entries: list[Entry] = []
    for athlete in roster.athletes.all():
        standing, last = standings[athlete.id], lately[athlete.id]
        verdict = found.get(standing.last or -1, Verdict(why=words.NO_NEWS))
        why = reasons(standing, last, verdict, today, table)
        entries.append(Entry(athlete, standing, last, verdict, why))
    return entries


class _Cards:
    """Those who need a look, some at a time."""

    def __init__(self, state: AppState, entries: Sequence[Entry]) -> None:
        self._state, self._entries = state, entries
        self._place = ui.element().classes("stack-down")
        self._pager = Pager(PAGE_CARDS, words.ATHLETES, self._fill)
        self._fill()

    def _fill(self) -> None:
        self._place.clear()
        with self._place:
            for entry in self._entries[self._pager.rows]:
                self._card(entry)
        self._pager.tell(len(self._entries))

    def _card(self, entry: Entry) -> None:
        athlete, last = entry.athlete, entry.standing.last
        with ui.element("article").classes("card"):
            ui.html(str(link(athlete.name, f"/athlete/{athlete.id}")), sanitize=False, tag="h2")
            texts, kinds = [r.text for r in entry.urgent], [r.kind for r in entry.urgent]
            ui.html(str(safe(points(texts, kinds))), sanitize=False)
            for change in (entry.verdict.lasting or entry.verdict.once)[:1]:
                self._spark(athlete, change)
            with ui.element().classes("side-by-side"):
                if last is not None and entry.lately.session_on is not None:
                    day = entry.lately.session_on
                    ui.link(words.TO_RUN.format(day=day), f"/session/{last}").classes("as-button")
                paragraph(self._week(entry), "faint")

    def _spark(self, athlete: Athlete, change: Change) -> None:
        """The measured values of the last runs with the own range."""
        told = trend(self._state.roster, athlete, change.measure, change.side)[-SPARK_RUNS:]
        if len(told) < 2:
            return
        what = sentence_case(named(change))
        band = (change.usual - change.smallest, change.usual + change.smallest)
        label = words.SPARK.format(what=what, count=len(told))
        ui.html(str(spark([point.value for point in told], band, label)), sanitize=False)
        paragraph(label, "faint")

    def _week(self, entry: Entry) -> str:
        (week,) = self._state.roster.history.weeks(
            entry.athlete, until=self._state.today(), count=1
        )
        longest = entry.lately.longest_km
        said = words.THIS_WEEK.format(km=week.km, runs=week.runs)
        return said + ("" if longest is None else words.LONGEST_30.format(km=longest))


def _list(entries: Sequence[Entry]) -> None:
    for entry in entries:
        told = NO_RUN if entry.standing.last is None else how_different(entry.verdict)
        notes = " ".join(reason.text for reason in entry.reasons)
        said = f"{sentence_case(told)}. {notes}".strip()
        with ui.element().classes("side-by-side"):
            ui.link(entry.athlete.name, f"/athlete/{entry.athlete.id}")
            paragraph(said, "faint")
