"""What docs/dashboard.md says of the command, its limits and its undo is so."""

import re
from pathlib import Path

import typer.main

from gait.athletes import imports
from gait.cli.main import app
from gait.dashboard import alerts, state

DOCUMENT = (Path(__file__).parents[2] / "docs" / "dashboard.md").read_text()


def test_every_option_is_there():
    command = typer.main.get_command(app).commands["dashboard"]  # type: ignore[attr-defined]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    shown = set(re.findall(r"--[a-z-]+", DOCUMENT))
    assert shown == known - {"--help", "--browser"}


def test_its_numbers_are_those_of_the_program():
    text = " ".join(DOCUMENT.split())
    assert f"files above {imports.MOST_BYTES // 10**6} MB" in text
    assert f"more than {imports.MOST_UNPACKED_BYTES / 10**9:g} GB" in text
    assert state.MOST_UNDOS == 20
    assert "up to twenty" in text
    assert alerts.QUIET_DAYS[0] == 14
    assert "two weeks without a run" in text
