"""What goes wrong on the way from a virtual shoe: for tests of whoever listens."""

import random
from collections.abc import Sequence

_LONGEST_DELAY = 3  # notifications that overtake one


class FaultInjector:
    """Changes what arrives of a stream; the same `seed` gives the same changes.

    lose, duplicate, reorder, rubbish : chance of each notification to be lost, to come twice, to
        come after up to 3 later ones, to be followed by one of random bytes
    bursts : (from, to) seconds of the run in which nothing arrives, and then all at once
    """

    def __init__(
        self,
        *,
        lose: float = 0.0,
        duplicate: float = 0.0,
        reorder: float = 0.0,
        rubbish: float = 0.0,
        bursts: Sequence[tuple[float, float]] = (),
        seed: int = 0,
    ) -> None:
        self._chances = (lose, duplicate, reorder, rubbish)
        self._bursts = list(bursts)
        self._random = random.Random(seed)  # noqa: S311 - not for secrets
        self._waiting: list[bytes] = []
        self._overtaken: list[tuple[int, bytes]] = []

    def arriving(self, payload: bytes, run_s: float) -> list[bytes]:
        """What arrives when `payload` is sent at this second of the run, in order."""
        self._waiting += self._changed(payload)
        if any(start <= run_s < end for start, end in self._bursts):
            return []
        return self._take_waiting()

    def rest(self) -> list[bytes]:
        """What was on its way, when nothing more is sent."""
        self._waiting += [payload for _, payload in self._overtaken]
        self._overtaken.clear()
        return self._take_waiting()

    def forget(self) -> None:
        """The link is gone, and with it what was on its way."""
        self._waiting.clear()
        self._overtaken.clear()

    def _changed(self, payload: bytes) -> list[bytes]:
        lose, duplicate, reorder, rubbish = (self._random.random() < c for c in self._chances)
        came: list[bytes] = []
        if reorder and not lose:
            self._overtaken.append((self._random.randint(1, _LONGEST_DELAY) + 1, payload))
        elif not lose:
            came.append(payload)
        if duplicate and not lose:
            came.append(payload)
        if rubbish:
            came.append(self._random.randbytes(self._random.randint(0, 20)))
        self._overtaken = [(left - 1, late) for left, late in self._overtaken]
        came += [late for left, late in self._overtaken if left <= 0]
        self._overtaken = [(left, late) for left, late in self._overtaken if left > 0]
        return came

    def _take_waiting(self) -> list[bytes]:
        taken, self._waiting = self._waiting, []
        return taken
