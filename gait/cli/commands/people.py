"""Commands on people and what is kept of them."""

from pathlib import Path
from typing import Annotated

import typer

from gait.cli.commands.options import (
    Overwrite,
)
from gait.cli.roster.commands import RosterFile

app = typer.Typer()


@app.command(
    epilog="Examples: `gait checkup` · `gait checkup --export me.yaml` · `gait checkup anna` · "
    "`gait checkup anna --show`"
)
def checkup(
    athlete: Annotated[
        str | None, typer.Argument(help="Who answers, by the name in the roster.")
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            help="A profile file, .yaml or .json (else me.yaml). With ATHLETE: write the kept "
            "answers there, ask nothing."
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Show the answers, ask nothing.")] = False,
    delete: Annotated[
        str | None, typer.Option(metavar="DATE", help="Delete ATHLETE's checkup of that day.")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Warning signs, pain, history, training, shoes and self-tests, asked in plain words.

    Every question can be skipped. The answers make what `gait analyze` says worth more; without
    ATHLETE they go to a profile file.
    """
    from gait.cli.checkup import CheckupOptions, run_checkup

    run_checkup(CheckupOptions(athlete, export, show, delete, overwrite))


@app.command(
    "import",
    epilog="Examples: `gait import runs -a Anna` · `gait import export.zip -a Anna` · "
    "`gait import anna.gaitroster`",
)
def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Session files, IMU tables, FIT, TCX, GPX or CSV files (also .gz), zip archives "
            "or folders of them, archives of `gait roster export`."
        ),
    ],
    athlete: Annotated[
        str | None,
        typer.Option("--athlete", "-a", help="Whose runs they are; an archive says it itself."),
    ] = None,
    shoe: Annotated[
        str | None, typer.Option(help="In which of their shoes; else in none that is known.")
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="When the run of IMU tables began: 2026-05-17T18:30.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Analyse those sessions anew that are kept already.")
    ] = False,
    recordings: Annotated[
        Path | None,
        typer.Option(help="Where the session files of an archive go (else beside the roster)."),
    ] = None,
    roster: RosterFile = None,
) -> None:
    """Look at what is given and keep it once: sessions, runs of watches, zip archives, athletes.

    Sessions are analysed; runs of other makers (RunScribe, Stryd, any watch) are kept as history.
    What is no run is passed over, and said why.
    """
    from gait.cli.imports import ImportOptions, run_import

    run_import(files, ImportOptions(athlete, shoe, roster, date, again, recordings))


@app.command(epilog="Example: `gait dashboard --watch runs`")
def dashboard(
    roster: RosterFile = None,
    recordings: Annotated[
        Path | None,
        typer.Option(help="Where dropped recordings are kept (else beside the roster)."),
    ] = None,
    watch: Annotated[
        Path | None, typer.Option(help="A folder whose recordings are shown while they are made.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any port that is free.")] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")
    ] = True,
) -> None:
    """The roster in the browser: who changed, who needs a look, sessions, checkups, trends.

    Served on this machine only, at an address with a token.
    """
    from gait.dashboard.server import DashboardOptions, run_dashboard

    run_dashboard(DashboardOptions(roster, recordings, watch, port, browser))
