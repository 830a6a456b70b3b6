"""The stopwatch of a run in whole seconds: when it stood still, and where laps began."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gait.model.packets import MARKED, Mark, pauses_of

Span = tuple[int, int]  # from and to, s since the session began


@dataclass(frozen=True, slots=True)
class Timer:
    """`length` in s; `pauses` lie within and do not touch; `laps` begin within, the first at 0."""

    length: int
    pauses: Sequence[Span] = ()
    laps: Sequence[int] = (0,)

    @property
    def lap_spans(self) -> list[Span]:
        return list(zip(self.laps, [*self.laps[1:], self.length], strict=True))

    @property
    def going(self) -> list[Span]:
        """Where the watch was running: between the pauses."""
        ends = [0, *(end for _, end in self.pauses)]
        begins = [*(begin for begin, _ in self.pauses), self.length]
        return [(a, b) for a, b in zip(ends, begins, strict=True) if b > a]

    def seconds(self, span: Span) -> int:
        """How long of a span the watch was running."""
        return sum(max(0, min(b, span[1]) - max(a, span[0])) for a, b in self.going)


def timer_of(marks: Iterable[Mark], length: int) -> Timer:
    """From the runner's marks, in any order; a pause that was not ended lasts to the end."""
    marks = list(marks)
    pauses: list[Span] = []
    for begin_s, end_s in pauses_of(marks):
        _add(pauses, begin_s, end_s, length)
    moments = (round(mark.host_s) for mark in marks if mark.text == MARKED)
    laps = {0, *(min(max(0, second), length) for second in moments)}
    return Timer(length, pauses, sorted(laps - {length}) or [0])


def _add(pauses: list[Span], begin_s: float, end_s: float, length: int) -> None:
    begin, end = (round(min(max(0.0, s), length)) for s in (begin_s, end_s))
    if pauses and begin <= pauses[-1][1]:
        begin, _ = pauses.pop()
    if end > begin:
        pauses.append((begin, end))
