"""The runner's own shoes, remembered from session to session in the user's data folder.

A shoe is known by its address (on macOS the UUID that stands for it) and its kind: a stranger
that only has the same name is not taken for it.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec
import platformdirs

from gait.model import GaitError, InputError, SensorInfo, Side, UsageError
from gait.recording.files import cannot_read, private_output, put_in_place
from gait.text import told_apart

VERSION = 1
FILE_NAME = "known-shoes.json"


class KnownShoe(msgspec.Struct, frozen=True, kw_only=True):
    """A shoe as it was when last recorded; `last_seen` is a date and time in ISO 8601, `paired`
    whether it was with this machine, which keeps the keys itself."""

    address: str
    name: str
    last_seen: str
    info: SensorInfo
    battery_pct: int | None = None
    paired: bool = False

    @property
    def side(self) -> Side:
        return self.info.side

    @property
    def profile(self) -> str:
        return self.info.profile

    @property
    def label(self) -> str:
        return self.name or self.address


def labels(shoes: Sequence[KnownShoe]) -> list[str]:
    """What to call each in a list of them: by address as well where names are alike."""
    return told_apart([(shoe.name, shoe.address) for shoe in shoes])


class _File(msgspec.Struct, kw_only=True):
    version: Literal[1] = VERSION
    shoes: list[KnownShoe]


class _Version(msgspec.Struct):
    version: int


def known_shoes_path() -> Path:
    """Where this user's shoes are remembered."""
    return Path(platformdirs.user_data_dir("shoegait", appauthor=False)) / FILE_NAME


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def known_as(address: str, kind: str, shoes: Iterable[KnownShoe]) -> KnownShoe | None:
    """The known shoe with this address and of this kind of sensor."""
    return next(
        (s for s in shoes if s.address.casefold() == address.casefold() and s.profile == kind), None
    )


class KnownShoes:
    """The remembered shoes in `path`; with None they are forgotten when the program ends.

    The file is read anew each time, as another program may have written it. `problem` is a
    sentence once a broken file was found; it was moved aside then, and is not lost.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.problem: str | None = None
        self._here: list[KnownShoe] = []

    def all(self) -> list[KnownShoe]:
        """Every known shoe, the one seen last first. Raises InputError where it may not be read."""
        if self.path is not None:
            self._here = self._read(self.path)
        return sorted(self._here, key=lambda shoe: shoe.last_seen, reverse=True)

    def remember(self, seen: Sequence[KnownShoe]) -> None:
        """Add these, or put them in the place of what was known of them. Raises GaitError."""
        if not seen:
            return
        fresh = {shoe.address.casefold() for shoe in seen}
        self._save([*seen, *(s for s in self.all() if s.address.casefold() not in fresh)])

    def forget(self, name: str) -> KnownShoe:
        """Forget the shoe with this name or address. Raises UsageError for none, or several."""
        shoes = self.all()
        wanted = name.casefold()
        meant = [
            shoe
            for shoe, label in zip(shoes, labels(shoes), strict=True)
            if wanted in (shoe.name.casefold(), shoe.address.casefold(), label.casefold())
        ]
        if not meant:
            names = ", ".join(labels(shoes)) or "none yet"
            raise UsageError(f"No known shoe is called {name!r}; known are: {names}.")
        if len(meant) > 1:
            addresses = ", ".join(shoe.address for shoe in meant)
            raise UsageError(
                f"{len(meant)} known shoes are called {name!r}; say which by address: {addresses}."
            )
        self._save([shoe for shoe in shoes if shoe is not meant[0]])
        return meant[0]

    def _read(self, path: Path) -> list[KnownShoe]:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise cannot_read(path, error) from error
        try:
            version = msgspec.json.decode(content, type=_Version).version
            if version > VERSION:
                raise InputError(
                    f"{path} was written by a newer shoegait; update shoegait to use it."
                )
            return msgspec.json.decode(content, type=_File).shoes
        except ValueError:  # of msgspec, and of text that is none
            self._move_aside(path)
            return []

    def _move_aside(self, path: Path) -> None:
        number = 1
        while (aside := path.with_name(f"{path.stem}.broken-{number}.json")).exists():
            number += 1
        put_in_place(path, aside)
        self.problem = (
            f"The file of known shoes could not be read; it was moved to {aside}, and shoes are "
            "remembered anew from now on."
        )

    def _save(self, shoes: list[KnownShoe]) -> None:
        self._here = shoes
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise GaitError(
                f"The folder {self.path.parent} cannot be made ({error.strerror or error}), so "
                "shoes are not remembered."
            ) from error
        content = msgspec.json.format(msgspec.json.encode(_File(shoes=shoes)))
        with private_output(self.path, overwrite=True) as file:
            file.write(content)
