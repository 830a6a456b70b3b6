"""Where results go: the summary on stdout, files where they were asked for."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from gait.model import InputError, Summary
from gait.model.limits import PROFILE_BYTES, check_most
from gait.recording.files import cannot_read, check_free
from gait.risk import RunnerProfile, parse_profile


@dataclass(frozen=True, slots=True)
class Outputs:
    """Files to write; `json` may be "-" for stdout."""

    json: str | None = None
    strides: Path | None = None
    report: Path | None = None
    overwrite: bool = False

    def check(self) -> None:
        """Raise UsageError for a taken path before any work is done."""
        for path in (self.json, self.strides, self.report):
            if path is not None and str(path) != "-":
                check_free(Path(path), overwrite=self.overwrite)

    def write(self, summary: Summary, strides: NDArray[np.void]) -> None:
        """Write everything asked for; the summary as text where JSON does not take stdout."""
        from gait.report.sentences import what_this_run_says
        from gait.report.tables import write_strides, write_summary_json
        from gait.report.terminal import summary_text

        stderr = Console(stderr=True, markup=False)
        if self.strides is not None:
            write_strides(self.strides, strides, overwrite=self.overwrite)
            stderr.print(f"Strides: {self.strides}", highlight=False, soft_wrap=True)
        if self.report is not None:
            from gait.report.html import write_report

            write_report(self.report, summary, strides, overwrite=self.overwrite)
            stderr.print(f"Report: {self.report}", highlight=False, soft_wrap=True)
        if self.json == "-":
            for doubt in summary.doubts:
                stderr.print(doubt.sentence, highlight=False, soft_wrap=True)
            write_summary_json(sys.stdout, summary)
            return
        if self.json is not None:
            write_summary_json(self.json, summary, overwrite=self.overwrite)
            stderr.print(f"Summary: {self.json}", highlight=False, soft_wrap=True)
        summary_text(summary, Console(), what_this_run_says(summary))


def read_profile(path: Path | None) -> RunnerProfile | None:
    """What the runner knows, from a YAML, TOML or JSON file."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            content = file.read(PROFILE_BYTES + 1)
        check_most(len(content), PROFILE_BYTES, "characters", str(path))
        text = content.decode("utf-8")
    except OSError as error:
        raise cannot_read(path, error) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is not a text file; write the profile as YAML or TOML."
        ) from error
    return parse_profile(text, path.suffix.lstrip(".").lower())
