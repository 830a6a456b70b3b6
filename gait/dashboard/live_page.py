"""Runs while they are being recorded, from the very files that are being written."""

from collections.abc import Callable
from functools import partial

from markupsafe import Markup
from nicegui import run, ui

from gait.dashboard import live_words, words
from gait.dashboard.analysis_jobs import summary_of, warm
from gait.dashboard.app_state import Desk
from gait.dashboard.layout import heading, page, paragraph
from gait.dashboard.live_runs import CUT_OFF_S, GrowingRun, LiveRuns
from gait.dashboard.tables import safe
from gait.dashboard.worker import in_other_process
from gait.live.feet import FootNow
from gait.live.run import RunNow
from gait.model import InputError, UsageError
from gait.recording import open_session
from gait.recording.session import session_key
from gait.text import band_sentence, clock, pace, sentence_case

EVERY_S = 1.0


def live_page(desk: Desk, runs: LiveRuns) -> None:
    """Looks again every second while it is open."""
    with page(desk, words.LIVE, here=words.LIVE):
        heading(words.LIVE)
        folders = " and ".join(str(folder) for folder in runs.folders)
        paragraph(live_words.LEAD.format(folders=folders), "faint")
        none = ui.label(live_words.LOADING).props("role=status")
        shown = _Shown(desk)

        async def look() -> None:
            if not loaded:
                await run.io_bound(warm)
                loaded.append(True)
                none.text = live_words.NOTHING.format(folder=runs.folders[0])
            found = runs.look()
            none.set_visibility(not found)
            shown.show(found)

        loaded: list[bool] = []
        ui.timer(EVERY_S, look, immediate=True)


class _Shown:
    """A card a run, made when it appears and filled anew every second."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._place = ui.element().classes("stack-down")
        self._cards: dict[GrowingRun, Callable[[], None]] = {}

    def show(self, found: list[GrowingRun]) -> None:
        if set(found) != set(self._cards):
            self._place.clear()
            with self._place:
                self._cards = {one: self._card(one) for one in found}
        for fill in self._cards.values():
            fill()

    def _card(self, one: GrowingRun) -> Callable[[], None]:
        with ui.element("section") as card:
            card.props["aria-label"] = one.path.name
            heading(one.path.name, 2)
            content = ui.html(sanitize=False)
            state = ui.label().props("role=status")
            end = ui.element().classes("stack-down")
        offered: list[bool] = []

        def fill() -> None:
            content.content = run_html(one.now)
            state.text = _state(one)
            state.set_visibility(bool(state.text))
            if one.ended and not offered:
                offered.append(True)
                with end:
                    _offer(self._desk, one)

        return fill


def _state(one: GrowingRun) -> str:
    if one.problem:
        return live_words.CANNOT.format(why=one.problem)
    if one.ended:
        return live_words.FINISHED
    if one.silent_s >= CUT_OFF_S:
        return live_words.CUT_OFF.format(seconds=round(one.silent_s))
    return one.now.message if one.now else ""


def run_html(now: RunNow | None) -> str:
    """The run as it is now: the cadence to be read from afar, below it both feet."""
    if now is None:
        return Markup("<p>{}</p>").format(live_words.WAITING)
    running = now.activity == "running"
    cadence = live_words.NOT_YET if now.cadence_spm is None else f"{now.cadence_spm:.0f}"
    said = (
        band_sentence(now.cadence_spm, now.target)
        if running and now.cadence_spm is not None
        else now.activity or ""
    )
    facts = [(live_words.ELAPSED, clock(now.elapsed_s))]
    if now.distance_m is not None:
        form = live_words.AT_LEAST if now.at_least else live_words.KM
        facts.append((live_words.DISTANCE, form.format(km=now.distance_m / 1000.0)))
    if now.speed_m_s and running:
        facts.append((live_words.PACE, pace(now.speed_m_s)))
    drift = live_words.DRIFT.format(what=", ".join(now.drift)) if now.drift else ""
    doubts = Markup().join(
        Markup("<p><strong>{}</strong></p>").format(sentence_case(what)) for what in now.doubts
    )
    return doubts + Markup(
        '<div class="live"><div><div class="live-cadence">{}</div><div>{}{}</div></div>{}</div>'
        '<div class="columns">{}</div><p class="faint">{}</p>'
    ).format(
        cadence,
        live_words.PAUSED + " · " if now.paused else "",
        f"{live_words.STEPS_A_MINUTE}, {said}" if now.cadence_spm is not None else said,
        _facts(facts),
        Markup().join(map(_foot, now.feet)),
        drift,
    )


def _foot(foot: FootNow) -> Markup:
    rows = [
        (line.label, line.value if line.value is not None else line.why_not or words.UNKNOWN)
        for line in foot.lines
    ]
    link = foot.link
    state = link.state
    if link.lost_pct is not None:
        state = live_words.LOST.format(state=state, pct=link.lost_pct)
    rows.append((live_words.LINK, state))
    if link.battery_pct is not None:
        rows.append((live_words.BATTERY, live_words.PERCENT.format(pct=link.battery_pct)))
    return Markup('<div class="card"><h3 class="mark-{}">{}: {}</h3>{}</div>').format(
        foot.side, foot.side, foot.activity or foot.why_not, _facts(rows)
    )


def _facts(rows: list[tuple[str, str]]) -> Markup:
    return Markup('<dl class="facts">{}</dl>').format(
        Markup().join(
            Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, safe(said))
            for name, said in rows
        )
    )


def _offer(desk: Desk, one: GrowingRun) -> None:
    """What has ended can be kept; where the recorder kept it itself, a link to it."""
    try:
        recorded = open_session(one.path)
        key = session_key(recorded)
    except InputError as error:
        paragraph(str(error))
        return
    known = desk.roster.sessions.by_key(key)
    if known is not None:
        paragraph(live_words.KEPT_ALREADY)
        ui.link(live_words.TO_SESSION, f"/session/{known.id}")
        return
    people = {athlete.id: athlete.name for athlete in desk.roster.athletes.all()}
    if not people:
        paragraph(live_words.NOBODY)
    with ui.element().classes("side-by-side"):
        whose = ui.select(people, label=live_words.WHOSE, with_input=True).classes("choice")
        button = ui.button(live_words.KEEP)
    button.on_click(partial(_keep, desk, one, key, whose, button))


async def _keep(desk: Desk, one: GrowingRun, key: str, whose: ui.select, button: ui.button) -> None:
    if whose.value is None:
        raise UsageError(live_words.CHOOSE)
    athlete = desk.roster.athletes.get(whose.value)
    button.disable()
    try:
        summary = await in_other_process(summary_of, desk.roster.path, athlete.id, one.path, None)
        day = (summary.started_at or "")[:10]
        with desk.doing(live_words.KEPT.format(day=day), athlete):
            kept = desk.roster.sessions.register(
                athlete,
                summary,
                key=key,
                recording=one.path,
                shoe=desk.roster.shoes.only(athlete),
                notes=open_session(one.path).notes or None,
            )
    finally:
        button.enable()
    ui.navigate.to(f"/session/{kept.id}")
