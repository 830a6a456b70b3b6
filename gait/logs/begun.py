"""When logs began that were begun on this machine: better known here than the shoe was told.

A shoe hears the command that begins its log only when its link is open next. The host asks for
the shoe's time a few times then, which tells when it heard it; that is kept in the user's data
folder until the log is fetched, on this machine.
"""

from contextlib import suppress
from pathlib import Path

import msgspec
import platformdirs

from gait.model import GaitError
from gait.recording.files import private_output

FILE_NAME = "begun-logs.json"
MOST = 100  # the newest; a log that is older is timed as the shoe was told


class BegunLog(msgspec.Struct, frozen=True, kw_only=True):
    """A log that began `began_s` after 1970, give or take `sd_s`; `host_ms` is what the shoe was
    told, which no other log of it was."""

    address: str
    log: int
    host_ms: int
    began_s: float
    sd_s: float


def begun_logs_path() -> Path:
    """Where this user's begun logs are noted."""
    return Path(platformdirs.user_data_dir("shoegait", appauthor=False)) / FILE_NAME


class BegunLogs:
    """The notes in `path`; with None they are forgotten when the program ends.

    They only make times better: a file that cannot be read or written is as good as none.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._logs: list[BegunLog] = []
        if path is not None:
            with suppress(OSError, ValueError):  # msgspec's errors are ValueErrors too
                self._logs = msgspec.json.decode(path.read_bytes(), type=list[BegunLog])

    def find(self, address: str, log: int, host_ms: int) -> BegunLog | None:
        wanted = (address, log, host_ms)
        return next((b for b in self._logs if (b.address, b.log, b.host_ms) == wanted), None)

    def add(self, log: BegunLog) -> None:
        self._logs = [log, *self._logs][:MOST]
        if self._path is not None:
            with suppress(OSError, GaitError):
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with private_output(self._path, overwrite=True) as file:
                    file.write(msgspec.json.encode(self._logs))
