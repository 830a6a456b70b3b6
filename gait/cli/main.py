"""The `gait` command: its commands put together, and how errors end."""

import errno
import logging
import sys
from typing import Annotated

import typer

from gait import __version__
from gait.cli.commands import people, recording, runs
from gait.cli.roster.commands import roster
from gait.diagnostics import log_to_stderr, said_of
from gait.model.errors import GaitError

app = typer.Typer(
    name="gait",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="markdown",
    help="What a motion sensor on the shoe can honestly tell: steps, cadence, contact, "
    "pronation, impact, and what they speak for. Information, not a diagnosis.",
    epilog="First steps: `gait demo` (no hardware needed), `gait doctor`, `gait COMMAND --help`.",
)

_log = logging.getLogger(__name__)

INTERRUPTED = 130
TERMINAL_GONE = 129  # as of SIGHUP


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gait {__version__}")
        raise typer.Exit


@app.callback()
def _gait(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Say on stderr what is done, to look for a fault.")
    ] = False,
) -> None:
    del version
    if verbose:
        log_to_stderr()


for commands in (recording.app, runs.app, people.app):
    app.add_typer(commands)
app.add_typer(roster, name="roster")


def run() -> None:
    """The entry point: errors end as one sentence on stderr and an exit code."""
    try:
        app()
    except KeyboardInterrupt:
        typer.echo("Interrupted.", err=True)
        sys.exit(INTERRUPTED)
    except GaitError as error:
        typer.echo(f"gait: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)  # the reader of a pipe has seen enough
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.EIO:
            sys.exit(TERMINAL_GONE)  # closed while something was being written to it
        _log.error("ended by an error", exc_info=error)
        typer.echo(f"gait: {said_of(error)}", err=True)
        sys.exit(GaitError.exit_code)


__all__ = ["app", "run"]
