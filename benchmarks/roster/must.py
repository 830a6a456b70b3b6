"""What must be reached, beside what was."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Must:
    """A figure and its limit in the same unit; met up to the limit itself."""

    what: str
    found: float
    limit: float
    unit: str

    @property
    def met(self) -> bool:
        return self.found <= self.limit

    def __str__(self) -> str:
        share = 100.0 * self.found / self.limit
        said = f"{self.found:.2f} of {self.limit:g} {self.unit} ({share:.0f} %)"
        return f"{'met' if self.met else 'MISSED':8}{said:28}{self.what}"
