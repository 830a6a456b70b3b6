"""Keys pressed at the terminal while something runs, and what they ask for."""

import contextlib
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

ENTER, ESCAPE, BACKSPACE = "\r\n", "\x1b", "\x7f\x08"
LONGEST_NOTE = 500


class Keyboard:
    """A context manager: keys come one by one, unechoed, without waiting for Enter.

    Gives nothing where standard input is no terminal, or one that another program is in front of.
    """

    def __init__(self) -> None:
        self._before: object = None
        self._fd = -1

    def __enter__(self) -> Self:
        if sys.platform != "win32":
            self._listen()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if sys.platform != "win32" and self._before is not None:
            import termios

            with contextlib.suppress(termios.error, OSError):  # the terminal may be gone
                termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)  # pyright: ignore[reportArgumentType]
            self._before = None

    @property
    def there(self) -> bool:
        """Whether a key could be pressed at all."""
        return sys.stdin.isatty() if sys.platform == "win32" else self._before is not None

    def pressed(self) -> str:
        """What was typed since the last call; does not wait."""
        return _windows_keys() if sys.platform == "win32" else self._unix_keys()

    def _listen(self) -> None:
        import termios
        import tty

        try:
            fd = sys.stdin.fileno()
            if not os.isatty(fd) or os.tcgetpgrp(fd) != os.getpgrp():
                return
            before = termios.tcgetattr(fd)
            tty.setcbreak(fd)
        except (OSError, ValueError, termios.error):
            return
        self._fd, self._before = fd, before

    def _unix_keys(self) -> str:
        import select

        if self._before is None:
            return ""
        try:
            ready, _, _ = select.select([self._fd], [], [], 0.0)
            return os.read(self._fd, 1024).decode("utf-8", "ignore") if ready else ""
        except OSError:
            return ""


def _windows_keys() -> str:
    import msvcrt

    typed = ""
    while msvcrt.kbhit():  # pyright: ignore[reportAttributeAccessIssue]
        typed += msvcrt.getwch()  # pyright: ignore[reportAttributeAccessIssue]
    return typed


@dataclass(frozen=True, slots=True)
class Key:
    """A key, what it does in a word, and the doing."""

    key: str
    does: str
    do: Callable[[], None]


class Controls:
    """What the keys do, and a line of text being typed. Pure: characters go in.

    keys : by character; letters in any case
    note : takes a line of text; `note_key` begins it, Enter ends it, Escape drops it
    """

    def __init__(
        self,
        keys: Mapping[str, Key],
        *,
        note_key: str | None = None,
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._keys = dict(keys)
        self._note_key = note_key
        self._note = note
        self.typed: str | None = None

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Each key with what it does, in order."""
        return [(key.key, key.does) for key in self._keys.values()]

    def take(self, characters: str) -> None:
        """Do what these characters ask for."""
        if self.typed is None and characters.startswith(ESCAPE):
            return  # an arrow or the like, sent as several characters at once
        for character in characters:
            if self.typed is not None:
                self._type(character)
            elif self._note_key is not None and character.lower() == self._note_key:
                self.typed = ""
            elif (key := self._keys.get(character.lower())) is not None:
                key.do()

    def _type(self, character: str) -> None:
        assert self.typed is not None
        if character in ENTER:
            text, self.typed = self.typed.strip(), None
            if text:
                self._note(text)
        elif character == ESCAPE:
            self.typed = None
        elif character in BACKSPACE:
            self.typed = self.typed[:-1]
        elif character.isprintable() and len(self.typed) < LONGEST_NOTE:
            self.typed += character
