"""`gait evidence`: the evidence table, to read."""

import sys

from rich.console import Console
from rich.markdown import Markdown

from gait.model import UsageError
from gait.risk import citations_page, condition_page, index_page, load_evidence, table_page


def run_evidence(
    condition: str | None, *, whole: bool, citations: bool = False, full: bool = False
) -> None:
    """A page in the terminal, or its Markdown where the output goes elsewhere.

    whole     : all of the table, always as Markdown
    full      : of one condition all of its evidence and sources
    citations : every source, with whether it was checked, always as Markdown
    """
    if condition and whole:
        raise UsageError("Give a condition or --table, not both.")
    if citations and (condition or whole):
        raise UsageError("Give --citations alone.")
    if full and not condition:
        raise UsageError("Say of which condition; the whole table is --table.")
    table = load_evidence()
    if whole:
        sys.stdout.write(table_page(table))
        return
    if citations:
        sys.stdout.write(citations_page(table))
        return
    page = condition_page(condition, table, full=full) if condition else index_page(table)
    if sys.stdout.isatty():
        Console().print(Markdown(page))
    else:
        sys.stdout.write(page)
