"""A dialogue held without a radio: what it asks for, and what it makes of given answers."""

from collections.abc import Generator, Sequence
from typing import Any

from gait.sensors.profile import Expect, Read, Request


def converse(
    dialogue: Generator[Request, bytes, Any], answers: Sequence[bytes] = ()
) -> tuple[list[Request], Any]:
    """All requests in order, and what the dialogue returned; each Read and Expect takes the next
    of `answers`."""
    left = list(answers)
    asked: list[Request] = []
    try:
        request = next(dialogue)
        while True:
            asked.append(request)
            request = dialogue.send(left.pop(0) if isinstance(request, Read | Expect) else b"")
    except StopIteration as end:
        assert not left, "not all answers were asked for"
        return asked, end.value
