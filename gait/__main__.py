"""`python -m gait` is the `gait` command."""

from gait.cli.main import run

run()
