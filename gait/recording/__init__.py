"""Recordings: the crash-safe session file, JSON lines, and IMU tables. Stores; analyses nothing."""

from gait.recording.jsonl import write_jsonl
from gait.recording.reading import open_session
from gait.recording.session import Session
from gait.recording.tables import Table, read_table, write_table
from gait.recording.tolerant_reader import sniff
from gait.recording.writer import SessionWriter, new_session

__all__ = [
    "Session",
    "SessionWriter",
    "Table",
    "new_session",
    "open_session",
    "read_table",
    "sniff",
    "write_jsonl",
    "write_table",
]
