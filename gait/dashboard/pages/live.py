"""Runs while they are being recorded, from the very files that are being written."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import run, ui

from gait.dashboard import words
from gait.dashboard.jobs import in_other_process, summary_of, warm
from gait.dashboard.layout import heading, page, paragraph
from gait.dashboard.state import AppState
from gait.dashboard.tables import fragments, safe
from gait.live.feet import FootNow
from gait.live.run import LiveRun, RunNow, RunStatus, show
from gait.model import GaitError, InputError, UsageError
from gait.recording import open_session
from gait.recording.following import Followed, is_open, last_written
from gait.recording.session import session_key
from gait.text import UNKNOWN, band_sentence, clock, pace

PATTERN = "*.gait"
RECENT_S = 30.0  # written to so lately: it is being made now
CUT_OFF_S = 60.0  # not written to for so long: it may have been cut off
MOST_ITEMS = 12_000  # at a time, so that a page never waits long for one that began an hour ago
LOOK_EVERY_S = 0.9
SHOWN_ENDED = 5  # of those that have ended, the last


class GrowingRun:
    """A recording while it is made, through the same pipeline as a replay."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        self._file = Followed(path)
        self._pipeline: Pipeline | None = None
        self._run: LiveRun | None = None
        self._session_s = 0.0
        self._came_at = time.monotonic()

    @property
    def ended(self) -> bool:
        return self._file.closed

    @property
    def silent_s(self) -> float:
        """How long nothing was written to it."""
        return max(0.0, time.time() - last_written(self.path))

    @property
    def now(self) -> RunNow | None:
        """As it is now; None before anything came."""
        return None if self._run is None else self._run.now

    def take(self) -> None:
        """Feed what came since the last time."""
        from gait.pipeline import Pipeline

        if self.ended or self.problem:
            return
        items = self._file.more(MOST_ITEMS)
        try:
            if items and self._pipeline is None:
                self._pipeline = Pipeline(self._file.sensors)
                self._run = LiveRun(self._file.sensors, title=self.path.name)
            if self._pipeline is None or self._run is None:
                return
            if items:
                self._session_s, self._came_at = items[-1].host_s, time.monotonic()
                strides = self._pipeline.feed(items)
                show(self._run, items, strides, self._session_s, RunStatus.of(self._pipeline))
            elif not self.ended:
                waited = time.monotonic() - self._came_at
                self._run.on_status(self._session_s + waited, lost_pct=self._pipeline.lost_pct)
        except GaitError as error:
            self.problem = str(error)


class LiveRuns:
    """All of some folders; kept while the dashboard is open, looked at only while a page is."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self.folders = list(folders)
        self.runs: dict[Path, GrowingRun] = {}
        self._looked_at = -LOOK_EVERY_S

    def look(self) -> list[GrowingRun]:
        """What is being recorded, and what has just ended; the newest first."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now
            for path in self._found():
                self.runs.setdefault(path, GrowingRun(path))
            for run in self.runs.values():
                run.take()
            self._forget()
        return list(reversed(self.runs.values()))

    def _found(self) -> list[Path]:
        """Those being written to, each folder by name."""
        return [
            path
            for folder in self.folders
            if folder.is_dir()
            for path in sorted(folder.glob(PATTERN))
            if is_open(path) and time.time() - last_written(path) < RECENT_S
        ]

    def _forget(self) -> None:
        """The oldest of those that have ended, and those that are no longer there."""
        for path in [path for path in self.runs if not path.exists()]:
            del self.runs[path]
        ended = [path for path, run in self.runs.items() if run.ended]
        for path in ended[:-SHOWN_ENDED]:
            del self.runs[path]


EVERY_S = 1.0


def live_page(state: AppState, runs: LiveRuns) -> None:
    """Looks again every second while it is open."""
    with page(state, words.LIVE, here=words.LIVE):
        heading(words.LIVE)
        folders = " and ".join(str(folder) for folder in runs.folders)
        paragraph(words.LIVE_LEAD.format(folders=folders), "faint")
        none = ui.label(words.LOADING).props("role=status")
        shown = _Shown(state)

        async def look() -> None:
            if not loaded:
                await run.io_bound(warm)
                loaded.append(True)
                none.text = words.LIVE_NOTHING.format(folder=runs.folders[0])
            found = runs.look()
            none.set_visibility(not found)
            shown.show(found)

        loaded: list[bool] = []
        ui.timer(EVERY_S, look, immediate=True)


class _Shown:
    """A card a run, made when it appears and filled anew every second."""

    def __init__(self, state: AppState) -> None:
        self._state = state
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
            status = ui.label().props("role=status")
            end = ui.element().classes("stack-down")
        offered: list[bool] = []

        def fill() -> None:
            content.content = run_html(one.now)
            status.text = _status(one)
            status.set_visibility(bool(status.text))
            if one.ended and not offered:
                offered.append(True)
                with end:
                    _offer(self._state, one)

        return fill


def _status(one: GrowingRun) -> str:
    if one.problem:
        return words.CANNOT_SHOW.format(why=one.problem)
    if one.ended:
        return words.FINISHED
    if one.silent_s >= CUT_OFF_S:
        return words.CUT_OFF.format(seconds=round(one.silent_s))
    return one.now.message if one.now else ""


def run_html(now: RunNow | None) -> str:
    """The run as it is now: the cadence to be read from afar, below it both feet."""
    if now is None:
        return str(safe(words.WAITING))
    running = now.activity == "running"
    said = now.activity or ""
    if running and now.cadence_spm is not None:
        said = band_sentence(now.cadence_spm, now.target)
    if now.cadence_spm is not None:
        said = f"{words.STEPS_A_MINUTE}, {said}"
    facts = [(words.ELAPSED, clock(now.elapsed_s))]
    if now.distance_m is not None:
        form = words.AT_LEAST_KM if now.at_least else words.SO_MANY_KM
        facts.append((words.DISTANCE, form.format(km=now.distance_m / 1000.0)))
    if now.speed_m_s and running:
        facts.append((words.PACE, pace(now.speed_m_s)))
    return fragments().running(
        now,
        words.NOT_YET if now.cadence_spm is None else f"{now.cadence_spm:.0f}",
        said,
        facts,
        [(foot, _facts(foot)) for foot in now.feet],
        words.DRIFT.format(what=", ".join(now.drift)) if now.drift else "",
    )


def _facts(foot: FootNow) -> list[tuple[str, str]]:
    """What a foot does and how its sensor is, a name and a text each."""
    facts = [
        (line.label, line.value if line.value is not None else line.why_not or UNKNOWN)
        for line in foot.lines
    ]
    link = foot.link
    state = link.state
    if link.lost_pct is not None:
        state = words.LOST.format(state=state, pct=link.lost_pct)
    facts.append((words.LINK, state))
    if link.battery_pct is not None:
        facts.append((words.BATTERY, words.PERCENT.format(pct=link.battery_pct)))
    return facts


def _offer(state: AppState, one: GrowingRun) -> None:
    """What has ended can be kept; where the recorder kept it itself, a link to it."""
    try:
        recorded = open_session(one.path)
        key = session_key(recorded)
    except InputError as error:
        paragraph(str(error))
        return
    known = state.roster.sessions.by_key(key)
    if known is not None:
        paragraph(words.LIVE_KEPT_ALREADY)
        ui.link(words.TO_SESSION, f"/session/{known.id}")
        return
    people = {athlete.id: athlete.name for athlete in state.roster.athletes.all()}
    if not people:
        paragraph(words.LIVE_NOBODY)
    with ui.element().classes("side-by-side"):
        whose = ui.select(people, label=words.LIVE_WHOSE, with_input=True).classes("choice")
        button = ui.button(words.KEEP)
    button.on_click(partial(_keep, state, one, key, whose, button))


async def _keep(
    state: AppState, one: GrowingRun, key: str, whose: ui.select, button: ui.button
) -> None:
    if whose.value is None:
        raise UsageError(words.LIVE_CHOOSE)
    athlete = state.roster.athletes.get(whose.value)
    button.disable()
    try:
        summary = await in_other_process(summary_of, state.roster.path, athlete.id, one.path, None)
        day = (summary.started_at or "")[:10]
        with state.doing(words.LIVE_KEPT.format(day=day), athlete):
            kept = state.roster.sessions.register(
                athlete,
                summary,
                key=key,
                recording=one.path,
                shoe=state.roster.shoes.only(athlete),
                notes=open_session(one.path).notes or None,
            )
    finally:
        button.enable()
    ui.navigate.to(f"/session/{kept.id}")


if TYPE_CHECKING:
    from gait.pipeline import Pipeline
