"""`gait evidence`: the evidence table, to read."""

import sys

from rich.console import Console
from rich.markdown import Markdown

from gait.risk import condition_page, load_evidence, table_page


def run_evidence(condition: str | None) -> None:
    table = load_evidence()
    page = condition_page(condition, table) if condition else table_page(table)
    if sys.stdout.isatty():
        Console().print(Markdown(page))
    else:
        sys.stdout.write(page)
