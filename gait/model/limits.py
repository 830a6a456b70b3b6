"""What a file may be and become, so that nobody's file takes the machine: one set for all readers.

A file of a stranger is small and grows while it is read: packed bytes, repeated parts, many
columns. So every reader asks here before it makes room. The figures are several times what the
longest run (a day of two shoes, 100 hours of seconds) needs; `UNPACKED_RATIO` is twenty times what
our own files shrink by.
"""

from typing import Any, TypeVar

import msgspec

from gait.model.errors import InputError

MB = 1_000_000

# What packed bytes may become: so much anyhow, and so many times the packed size beyond it.
UNPACKED_FREE_BYTES = 8 * MB
UNPACKED_RATIO = 100

LINE_BYTES = 4 * MB  # a line of JSON: one item of a session, or the summary of one
HEADER_BYTES = 64 * MB  # the first line of a session in JSON, with its attachments
TABLE_LINE_BYTES = 100_000
COLUMNS = 1_000
SAMPLES = 50_000_000  # rows of one foot: a day at 500 Hz
CELLS = 5_000_000  # of a table of text that is kept whole: 46 hours of seconds, 30 columns

ATTACHED_BYTES = 64 * MB  # everything kept with a session beside its items
FACTS = 10_000  # rows that describe a session
ITEM_BYTES = 1 * MB  # one packet, mark or detail
SENSORS = 64

TRACK_BYTES = 200 * MB
RUN_FILE_BYTES = 50 * MB  # a run of another maker, also unpacked
TRACK_POINTS = 400_000  # four and a half days of seconds
XML_DEPTH = 50
XML_ELEMENTS = 20 * TRACK_POINTS
XML_ATTRIBUTES = 100
XML_NAMESPACES = 100
FIT_MESSAGES = 600_000
FIT_DESCRIPTIONS = 64  # fields that a maker adds
FIT_MAKERS_VALUES = 8_000_000  # of those: two days of seconds, 40 fields
FIT_DEFINITIONS = 2_000  # different ones
FIT_SUMMARIES = 20_000  # laps, sessions and the like
FIT_FILES = 1_000  # one after the other in one file

PROFILE_BYTES = 1 * MB
PROFILE_LINE = 10_000  # characters
NESTING = 30  # a profile, an answer
NUMBER_CHARACTERS = 64

ARCHIVE_MEMBERS = 100_000
ARCHIVE_DIRECTORY_BYTES = 12 * MB
ARCHIVE_PERSON_BYTES = 16 * MB
ARCHIVE_SESSIONS = 10_000  # 27 years of days

JSON_CONTAINERS = 300_000  # lists and objects in one text: what makes JSON large in memory
JSON_TEXTS = 1_000_000

RATE_HZ = (1.0, 5000.0)

Kind = TypeVar("Kind")


def unpacked_limit(packed_bytes: int) -> int:
    """How many bytes may come of a packed file of this size."""
    return UNPACKED_FREE_BYTES + UNPACKED_RATIO * packed_bytes


def check_unpacked(unpacked_bytes: int, packed_bytes: int, name: str) -> None:
    """Raise InputError where more comes of a file than can be meant."""
    if unpacked_bytes > unpacked_limit(packed_bytes):
        raise InputError(
            f"{name} unpacks to more than {unpacked_limit(packed_bytes) // MB:,} MB, far more than "
            "a recording of its size; it was not read."
        )


def check_most(count: int, most: int, what: str, name: str) -> None:
    """Raise InputError where a file has more of something than any of its kind."""
    if count > most:
        raise InputError(f"{name} has more than {most:,} {what}; it was not read.")


def decode_json(content: bytes | str, kind: type[Kind] | Any, *, most_bytes: int) -> Any:
    """A text of JSON as `kind`, checked before it takes room and while it is taken apart.

    Raises ValueError, and nothing else, for whatever it is not.
    """
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    if len(raw) > most_bytes:
        raise ValueError(f"longer than {most_bytes:,} bytes")
    if raw.count(b"{") + raw.count(b"[") > JSON_CONTAINERS or raw.count(b'"') > 2 * JSON_TEXTS:
        raise ValueError("too many parts")
    try:
        return msgspec.json.decode(raw, type=kind)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    except OverflowError as error:
        raise ValueError("a number is out of range") from error
