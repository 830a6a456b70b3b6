"""When a run does not count: between the runner's marks."""

import math
from collections.abc import Iterable

from gait.model.packets import PAUSE, RESUME, Mark


def pauses_of(marks: Iterable[Mark]) -> list[tuple[float, float]]:
    """From and to of each pause in s of the session, from marks in any order.

    A pause within a pause is none; one that was not ended (yet) lasts to infinity.
    """
    pauses: list[tuple[float, float]] = []
    since: float | None = None
    for mark in sorted(marks, key=lambda mark: mark.host_s):
        if mark.text == PAUSE and since is None:
            since = mark.host_s
        elif mark.text == RESUME and since is not None:
            pauses.append((since, mark.host_s))
            since = None
    return pauses if since is None else [*pauses, (since, math.inf)]
