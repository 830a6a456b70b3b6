"""Runs from the files of other makers; a new maker is a new module here and a name in `makers`."""

from gait.recording.foreign.reading import ENDINGS, read_foreign

__all__ = ["ENDINGS", "read_foreign"]
