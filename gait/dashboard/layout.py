"""What every page has: header, navigation, search, undo, colours, and one main part.

    with page(state, "Compare", here=words.COMPARE):
        with section("Two athletes"):
            ui.label(...)

An error of ours (GaitError), in the page or in one of its handlers, is shown as its sentence.
Tailwind is off, as it would be compiled in the browser on every page; the classes are those of
dashboard.css, named as in the report.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from importlib.resources import files
from urllib.parse import quote

from markupsafe import escape
from nicegui import ui

from gait.dashboard import words
from gait.dashboard.state import AppState
from gait.model import GaitError
from gait.report.colours import DARK, LIGHT, css_variables
from gait.report.figure_model import Figure
from gait.report.html import figure_html
from gait.text import printable

PAGES = {
    words.TODAY_PAGE: "/today",
    words.ATHLETES: "/",
    words.COMPARE: "/compare",
    words.LIVE: "/live",
}
DARKNESS = {None: words.AS_SYSTEM, False: words.ALWAYS_LIGHT, True: words.ALWAYS_DARK}


def set_defaults() -> None:
    """How buttons and fields look on every page."""
    ui.button.default_props("no-caps unelevated")
    for kind in (ui.input, ui.number, ui.select, ui.textarea):
        kind.default_props("outlined dense")


@contextmanager
def page(
    state: AppState,
    title: str,
    *,
    here: str = "",
    find: str = "",
    on_find: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """A page; `here` is the entry of the navigation it belongs to.

    find    : what is in the search
    on_find : told whatever is typed there; without it, Enter goes to the roster
    """
    ui.page_title(f"{title} · {words.NAME}")
    ui.add_head_html(head())
    ui.on_exception(_tell)
    _header(state, here, find, on_find)
    ui.skip_link(words.SKIP, target=ui.context.client.content)  # after the header, to be before it
    for said in state.take_messages():
        ui.notify(said)
    try:
        yield
    except GaitError as error:
        heading(words.NOT_HERE)
        paragraph(str(error))
        ui.link(words.TO_ATHLETES, "/")


@contextmanager
def section(title: str) -> Iterator[None]:
    """A part of a page under a heading."""
    with ui.element("section") as part:
        part.props["aria-label"] = title
        heading(title, 2)
        yield


@contextmanager
def folded_section(title: str) -> Iterator[None]:
    """A part of a page that is opened by its heading."""
    with ui.element("section") as part, ui.element("details"):
        part.props["aria-label"] = title
        with ui.element("summary"):
            heading(title, 2)
        yield


@contextmanager
def folded(title: str) -> Iterator[None]:
    """What is opened by a click or Enter on its title."""
    with ui.element("details"):
        _of_text("summary", title)
        yield


def heading(title: str, level: int = 1) -> ui.html:
    return _of_text(f"h{level}", title)


def paragraph(said: str, kind: str = "") -> None:
    """A paragraph; `kind` is a class of dashboard.css, such as `faint` or `warn`."""
    _of_text("p", said).classes(kind)


def figure(drawn: Figure, *, wide: bool = False) -> ui.html:
    """A figure; `wide` over the whole page. Another `content` (`figure_html`) takes its place."""
    return ui.html(figure_html(drawn, wide=wide), sanitize=False)


def _of_text(tag: str, said: str) -> ui.html:
    """Text of anybody, which is no markup."""
    return ui.html(str(escape(printable(said))), sanitize=False, tag=tag)


def _header(state: AppState, here: str, find: str, on_find: Callable[[str], None] | None) -> None:
    with ui.header(fixed=False, add_scroll_padding=False):
        ui.link(words.NAME, "/").classes("brand")
        with ui.element("nav").props(f'aria-label="{words.MAIN_NAVIGATION}"'):
            for name, address in PAGES.items():
                link = ui.link(name, address)
                if name == here:
                    link.props("aria-current=page")
        _find(find, on_find)
        _undo(state)
        _colours(state)


def _find(find: str, on_find: Callable[[str], None] | None) -> None:
    with ui.element("search").classes("find"):
        box = ui.input(value=find, placeholder=words.FIND).props("type=search")
        box.props["aria-label"] = words.FIND
    if on_find is not None:
        box.props("debounce=150").on_value_change(lambda: on_find(box.value or ""))
        return
    box.on(
        "keydown.enter",
        lambda event: ui.navigate.to("/?find=" + quote(event.args)),
        js_handler="(event) => emit(event.target.value)",
    )


def _undo(state: AppState) -> None:
    def undo() -> None:
        state.messages.append(words.UNDONE.format(did=state.undo()))
        ui.navigate.reload()

    button = ui.button(on_click=undo).props("outline icon=undo")
    button.bind_text_from(state, "last_did", lambda did: words.UNDO.format(did=did))
    button.bind_visibility_from(state, "last_did", bool)


def _colours(state: AppState) -> None:
    mode = ui.dark_mode(state.dark)

    def choose(dark: bool | None) -> None:
        state.dark = mode.value = dark
        label.text = words.COLOURS.format(which=DARKNESS[dark])

    with ui.button().props("flat icon=contrast").classes("colours") as button:
        label = ui.label(words.COLOURS.format(which=DARKNESS[state.dark])).classes("unseen")
        with ui.menu():
            for dark, name in DARKNESS.items():
                ui.menu_item(name, partial(choose, dark))
    button.tooltip(words.COLOURS_WHAT)


def _tell(error: Exception) -> None:
    said = str(error) if isinstance(error, GaitError) else words.WENT_WRONG
    ui.notify(said, type="negative", timeout=0, close_button=words.CLOSE, multi_line=True)


@cache
def head() -> str:
    """Style and script of every page."""
    sheet = _file("gait.dashboard", "dashboard.css")
    for name, colours in (("light", LIGHT), ("dark", DARK)):
        sheet = sheet.replace(f"{{{{ {name} }}}}", css_variables(colours))
    sheet += _file("gait.report", "figures.css")
    return f"<style>{sheet}</style><script>{_file('gait.dashboard', 'dashboard.js')}</script>"


def _file(room: str, name: str) -> str:
    return files(room).joinpath(name).read_text(encoding="utf-8")
