"""Whether an error holds what must be held, reaches what is aimed at, or misses."""

from dataclasses import dataclass
from enum import Enum

from benchmarks.accuracy.recordings import Recording
from benchmarks.accuracy.score import AIM, MUST, Score, limits


class Grade(Enum):
    """Marks differ in shape, so they can be told apart without colour."""

    AIM = ("✓✓", "green")
    MUST = ("✓", "cyan")
    MISS = ("✗", "bold red")
    UNKNOWN = ("–", "dim")

    @property
    def mark(self) -> str:
        return self.value[0]

    @property
    def style(self) -> str:
        return self.value[1]


LEGEND = "✓✓ as good as aimed at · ✓ holds what must hold · ✗ misses it · – not measured"

TITLES: dict[str, str] = {
    "ic_ms": "landing, ms",
    "tc_ms": "toe-off, ms",
    "contact_ms": "contact, ms",
    "cadence_spm": "cadence, spm",
    "speed_pct": "speed, %",
    "stride_length_pct": "stride, %",
    "strike_angle_deg": "strike angle, °",
    "pronation_excursion_deg": "pronation, °",
}
DIGITS: dict[str, int] = dict.fromkeys(TITLES, 1) | {"cadence_spm": 2}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A recording and how it was scored."""

    recording: Recording
    score: Score

    def grade(self, key: str) -> Grade:
        """How the error of one measure stands; UNKNOWN where there is none."""
        if key not in self.score.errors:
            return Grade.UNKNOWN
        error = self.score.errors[key]
        if within(error, AIM[key]):
            return Grade.AIM
        if within(error, limits(key, self.recording.speed_m_s)):
            return Grade.MUST
        return Grade.MISS

    @property
    def counts(self) -> Grade:
        """Every stride found, none invented, all of them running."""
        s = self.score
        return Grade.AIM if s.missed == s.invented == s.not_running == 0 else Grade.MISS

    @property
    def misses(self) -> list[str]:
        """What does not hold, as sentences with figures; empty where all does."""
        s = self.score
        found = []
        if self.counts is Grade.MISS:
            found.append(
                f"of {s.strides} strides {s.missed} missed, {s.invented} invented, "
                f"{s.not_running} taken for walking"
            )
        for key in MUST:
            if self.grade(key) is Grade.MISS:
                mean, spread = s.errors[key]
                found.append(f"{TITLES[key]} {figure(key, mean)} ± {spread:.{DIGITS[key]}f}")
        return found


def within(error: tuple[float, float], limit: tuple[float, float | None]) -> bool:
    """Mean error, in absolute value, and its spread within their limits."""
    mean, spread = error
    return abs(mean) <= limit[0] and (limit[1] is None or spread <= limit[1])


def figure(key: str, mean: float) -> str:
    """A signed error with the digits that mean something."""
    return f"{mean:+.{DIGITS[key]}f}".replace("-", "−")
