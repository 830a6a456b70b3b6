"""docs/exchange.md names what there is: commands, FIT fields, makers."""

import re
from pathlib import Path

import typer.main

from gait.cli.main import app
from gait.export import fit
from gait.recording.foreign.fit_file import MAKERS

DOCUMENT = (Path(__file__).parents[3] / "docs" / "exchange.md").read_text()


def test_every_command_and_option_is_there():
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    shown = re.findall(r"^    gait (\w+)(.*)$", DOCUMENT, re.MULTILINE)
    assert len(shown) > 4
    for command, rest in shown:
        known = {name for parameter in commands[command].params for name in parameter.opts}
        assert set(re.findall(r"(?<!\w)--?\w+", rest.split("#")[0])) <= known, (command, rest)


def test_every_maker_and_field_of_our_own_is_named():
    assert all(maker.name in DOCUMENT for maker in MAKERS)
    assert all(f"`{name}`" in DOCUMENT for name, _ in fit._OWN.values())
