"""Runs from the files of other makers; a new maker is a new module here and a name in `MAKERS`."""

from gait.recording.foreign.reading import (
    ENDINGS,
    OTHER_TABLE,
    read_foreign,
)
from gait.recording.foreign.sports import NoRunError

__all__ = ["ENDINGS", "OTHER_TABLE", "NoRunError", "read_foreign"]
