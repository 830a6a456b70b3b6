"""A coach at the dashboard: a real browser that finds everything by its visible words."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    JavascriptException,
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
    WebDriverException,
)
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

PATIENCE_S = 60.0  # of a busy machine; nothing here asserts how long it takes
LOADED_S, LOADS = 20.0, 4

CLICKABLE = (
    "a, button, summary, label, .q-item, [role=button], [role=option], [role=menuitem], "
    "[role=checkbox], [role=radio]"
)
# What an element is called: its own words, or what a screen reader says instead.
FIND = """
const [selector, words] = arguments;
const plain = (text) => (text || "").replace(/\\s+/g, " ").trim();
const seen = [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility());
const called = (e) => [plain(e.innerText), plain(e.getAttribute("aria-label"))];
return seen.find((e) => called(e).includes(words))
  || seen.find((e) => called(e).some((name) => name.includes(words))) || null;
"""
FIELD = """
const name = arguments[0];
const plain = (text) => (text || "").replace(/\\s+/g, " ").trim();
const inputs = [...document.querySelectorAll("input, textarea")];
const labels = (e) => [e.getAttribute("aria-label"), e.closest("label")?.querySelector(
  ".q-field__label")?.innerText, e.placeholder].map(plain);
return inputs.find((e) => e.checkVisibility() && labels(e).includes(name)) || null;
"""
FOCUSED = """
const plain = (text) => (text || "").replace(/\\s+/g, " ").trim();
const e = document.activeElement, heard = e.cloneNode(true);
heard.querySelectorAll("[aria-hidden=true]").forEach((icon) => icon.remove());
return plain(e.getAttribute("aria-label")) || plain(heard.textContent)
  || plain(e.closest("label")?.querySelector(".q-field__label")?.innerText);
"""
MOST_TABS = 90
# What happens to who looks while the page changes.
CHANGING = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    JavascriptException,
    NoSuchElementException,
    StaleElementReferenceException,
)
GONE = "does not belong to the document"  # other words of the driver for a stale element


@dataclass
class Coach:
    """A browser that has the dashboard open; `root` is its address without the token."""

    browser: Chrome
    root: str

    def open(self, path: str) -> None:
        """Now and then a browser's load does not end, with nothing asked of the server: again."""
        self.browser.set_page_load_timeout(LOADED_S)
        for _ in range(LOADS):
            try:
                self.browser.get(self.root + path)
            except TimeoutException:
                continue
            return
        raise AssertionError(f"{path} was not loaded {LOADS} times in {LOADED_S:.0f} s")

    @property
    def path(self) -> str:
        """Of the page that is open, with what is asked of it."""
        parts = urlsplit(self.browser.current_url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def words(self) -> str:
        """Everything that can be read on the page."""
        return self.browser.find_element(By.TAG_NAME, "body").text

    def sees(self, *words: str) -> None:
        """Wait until all of these can be read."""

        def found() -> bool:
            text = self.words
            return all(one in text for one in words)

        self._wait(found, lambda: f"{words} not in:\n{self.words}")

    def sees_no(self, words: str) -> None:
        self._wait(lambda: words not in self.words, lambda: f"{words!r} is still there")

    def click(self, words: str) -> None:
        """A link, button, menu entry or fold with these words, or the nearest that has them."""

        def clicked() -> bool:
            found = self.browser.execute_script(FIND, CLICKABLE, words)
            if found is None:
                return False
            self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
            found.click()
            return True

        self._wait(clicked, lambda: f"nothing to click called {words!r} in:\n{self.words}")

    def field(self, name: str) -> WebElement:
        """The field of that label."""
        found: list[WebElement] = []

        def there() -> bool:
            field = self.browser.execute_script(FIELD, name)
            found[:] = [field] if field is not None else []
            return bool(found)

        self._wait(there, lambda: f"no field called {name!r} in:\n{self.words}")
        return found[0]

    def write(self, name: str, text: str) -> None:
        """Into the field of that label, in place of what is in it."""

        def written() -> bool:  # a dialog that is still opening takes nothing
            field = self.field(name)
            field.send_keys(Keys.CONTROL, "a")
            field.send_keys(Keys.DELETE)
            field.send_keys(text)
            return True

        self._wait(written, lambda: f"the field {name!r} takes nothing in:\n{self.words}")

    def drop(self, *files: Path) -> None:
        """Give files to the place for them on the page."""

        def given() -> bool:
            field = self.browser.find_element(By.CSS_SELECTOR, "input[type=file]")
            field.send_keys("\n".join(str(file) for file in files))
            return True

        self._wait(given, lambda: f"nowhere to drop files in:\n{self.words}")

    def keys(self, *keys: str) -> None:
        """Typed at whatever has the focus."""
        self.browser.switch_to.active_element.send_keys(*keys)

    @property
    def focused(self) -> str:
        """What has the focus, by its words or its label."""
        return self.browser.execute_script(FOCUSED)

    def tab_to(self, words: str) -> None:
        """Press Tab until that has the focus."""
        passed = []
        for _ in range(MOST_TABS):
            if self.focused == words:
                return
            self.keys(Keys.TAB)
            passed.append(self.focused)
        raise AssertionError(f"Tab never came to {words!r}, only to {passed}")

    def narrow(self, width: int | None) -> None:
        """As wide as a phone; None as before."""
        if width is None:
            self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
            return
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def settled(self) -> None:
        """Wait until the page does not grow any more."""
        height = "return document.documentElement.scrollHeight"
        before = -1
        while before != (now := self.browser.execute_script(height)):
            before = now
            time.sleep(0.3)

    def until(self, done: Callable[[], bool]) -> None:
        self._wait(done, lambda: f"that did not happen:\n{self.words}")

    def everything_came_from_here(self) -> bool:
        """No request of the page went anywhere else."""
        names = self.browser.execute_script(
            "return performance.getEntriesByType('resource').map((entry) => entry.name)"
        )
        return all(name.startswith((self.root, "data:", "blob:")) for name in names)

    def _wait(self, done: Callable[[], bool], why: Callable[[], str]) -> None:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                if done():
                    return
            except CHANGING:
                pass  # under the hand
            except WebDriverException as error:
                if GONE not in str(error):
                    raise
            time.sleep(0.05)
        raise AssertionError(why())
