"""What the tests of commands share."""

import sys

import pytest

from gait.cli import main


@pytest.fixture
def gait(monkeypatch, capsys):
    """Run the command in this process; gives its exit code, stdout and stderr."""

    def run(*arguments) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gait", *(str(a) for a in arguments)])
        with pytest.raises(SystemExit) as end:
            main.run()
        said = capsys.readouterr()
        return int(end.value.code or 0), said.out, said.err

    return run
