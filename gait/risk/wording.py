"""Words that no text for people may contain. Information, not a diagnosis."""

import re

_BANNED = (
    re.compile(r"\byou have\b", re.IGNORECASE),
    re.compile(r"(?<!not a )diagnos", re.IGNORECASE),
    re.compile(r"\bprobabilit", re.IGNORECASE),
    re.compile(r"%\s*risk", re.IGNORECASE),
)


def banned_words(text: str) -> list[str]:
    """What a text for people must not say, as it stands in it."""
    return [match.group() for pattern in _BANNED for match in pattern.finditer(text)]
