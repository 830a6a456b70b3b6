"""Words that no text for people may contain, and words for how much of a source was read."""

import re

from gait.model import LinkedBy, Read

READ: dict[Read, str] = {
    "whole": "read whole",
    "abstract": "its abstract was read",
    "part": "only part of its abstract was read",
    "second-hand": "read second-hand only",
    "unread": "not verified",
}
LINKED_BY: dict[LinkedBy, str] = {
    "guide": "the guide links it",
    "studies": "studies looked at it",
    "teaching": "general teaching links it, not verified",
    "reading": "our reading of the guide",
}

_BANNED = (
    re.compile(r"\byou have\b", re.IGNORECASE),
    re.compile(r"(?<!not a )diagnos", re.IGNORECASE),
    re.compile(r"\bprobabilit", re.IGNORECASE),
    re.compile(r"%\s*risk", re.IGNORECASE),
)


def banned_words(text: str) -> list[str]:
    """What a text for people must not say, as it stands in it."""
    return [match.group() for pattern in _BANNED for match in pattern.finditer(text)]


def doubt(read: Read) -> str:
    """What must be said of a statement whose source was not read itself; else nothing."""
    return "" if read in ("whole", "abstract") else READ[read]
