"""What docs/roster.md shows works as it stands there."""

import re
from pathlib import Path

import typer.main
from summaries import summary

from gait.cli.main import app
from gait.roster import Roster

DOCUMENT = (Path(__file__).parents[2] / "docs" / "roster.md").read_text()


def test_every_command_and_option_is_there():
    command = typer.main.get_command(app)
    shown = re.findall(r"^    (gait .*)$", DOCUMENT, re.MULTILINE)
    assert len(shown) > 8
    for line in shown:
        words = re.findall(r'"[^"]*"|\S+', line.split("#")[0])[1:]
        at = command
        while hasattr(at, "commands") and words:
            at = at.commands[words.pop(0)]  # type: ignore[attr-defined]
        known = {name for parameter in at.params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


def test_the_python_example_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GAIT_ROSTER", str(tmp_path / "roster.db"))
    with Roster() as roster:
        roster.sessions.register(roster.athletes.add("Anna Berg"), summary(), key="a")
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    exec(example, {})
    assert capsys.readouterr().out == "2026-05-03 172.0 0.5\n"
