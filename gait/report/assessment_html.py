"""The assessment as HTML: a part of the report, and of any other page that has its classes."""

from functools import cache
from typing import Any

import jinja2

from gait.model.assessment import Assessment, ConditionFinding, Level
from gait.risk.wording import LINKED_BY, READ, doubt
from gait.text import printable, words

OPEN_LEVELS = (Level.ELEVATED, Level.WATCH)


def assessment_html(assessment: Assessment | None) -> str:
    """A `<section>`: red flags first, then conditions with their reasons folded."""
    return environment().get_template("assessment.html.j2").render(assessment_words(assessment))


def assessment_words(assessment: Assessment | None) -> dict[str, Any]:
    """What the template of the assessment asks for."""
    return {
        "w": words,
        "assessment": assessment,
        "cited": {c.key for c in assessment.citations} if assessment else set(),
        "open_levels": OPEN_LEVELS,
        "other_reading": _other_reading,
        "doubt": doubt,
        "read_words": READ,
        "linked_by": LINKED_BY,
    }


@cache
def environment() -> jinja2.Environment:
    """Where the templates are; all text that they are given is escaped."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("gait.report", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )


def _finalize(value: Any) -> Any:
    """Without control characters and marks that turn the direction of writing."""
    return printable(value) if type(value) is str and not value.isprintable() else value


def _other_reading(finding: ConditionFinding) -> str:
    """The other levels that the same evidence allows, such as `by other readings no flag`."""
    read = (finding.level_low, finding.level_high)
    others = dict.fromkeys(str(level) for level in read if level and level is not finding.level)
    return words.OTHER_READING.format(levels=words.AND.join(others))
