"""`--adapter`: which Bluetooth adapter a command uses."""

import asyncio
import sys

import pytest
from typer.testing import CliRunner

from gait.ble.radio import Radio, radio_of
from gait.cli import main
from gait.cli.source import source_for
from gait.model import UsageError

COMMANDS = (["scan"], ["record"], ["log"], ["log", "start"], ["log", "stop"], ["sync"], ["doctor"])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_that_uses_the_radio_has_it(command):
    told = CliRunner().invoke(main.app, [*command, "--help"], env={"COLUMNS": "200"}).output
    assert "--adapter" in told


def radio_for(adapter: str | None, *, virtual: bool = False) -> Radio:
    async def radio() -> Radio:
        async with source_for(virtual=virtual, seconds=1.0, adapter=adapter) as source:
            return source.radio

    return asyncio.run(radio())


def test_the_named_adapter_is_used_on_linux_and_refused_elsewhere(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert radio_for("hci1") == Radio(adapter="hci1")
    assert radio_for(None) == Radio()
    for platform in ("darwin", "win32"):
        monkeypatch.setattr(sys, "platform", platform)
        assert radio_of(None) == Radio()
        with pytest.raises(UsageError, match="leave out --adapter"):
            radio_of("hci1")


def test_virtual_shoes_have_none():
    with pytest.raises(UsageError, match="leave out --adapter or --virtual"):
        radio_for("hci1", virtual=True)
