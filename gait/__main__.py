"""`python -m gait` is the `gait` command."""

from gait.app.main import run

run()
