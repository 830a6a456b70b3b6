"""Commands that talk to sensors."""

from pathlib import Path
from typing import Annotated

import typer

from gait.cli.commands.options import (
    Adapter,
    Athlete,
    Full,
    Left,
    Overwrite,
    Profile,
    Report,
    Right,
    WornShoe,
    chosen_athlete,
    worn_on,
)
from gait.cli.roster.commands import RosterFile
from gait.model.errors import UsageError

app = typer.Typer()


@app.command(epilog="Example: `gait demo --seconds 20`")
def demo(
    folder: Annotated[Path, typer.Option(help="Where to put the recording and the report.")] = Path(
        "gait-demo"
    ),
    seconds: Annotated[float, typer.Option(min=12, max=600, help="Length of the run.")] = 18.0,
    full: Full = False,
) -> None:
    """Two virtual shoes, Bluetooth, live view, recording, summary and report: no hardware."""
    from gait.cli.demo import run_demo

    run_demo(folder, seconds, full=full)


@app.command(epilog="Example: `gait scan --seconds 8`")
def scan(
    seconds: Annotated[float, typer.Option(min=1, max=120, help="How long to listen.")] = 5.0,
    adapter: Adapter = None,
    virtual: Annotated[bool, typer.Option("--virtual", help="Two virtual shoes.")] = False,
) -> None:
    """Find sensors that are switched on and near: a list that lives while it listens."""
    from gait.cli.scan import run_scan

    run_scan(seconds, virtual=virtual, adapter=adapter)


@app.command(epilog="Example: `gait record sunday.gait --seconds 1800 --report sunday.html`")
def record(
    session: Annotated[Path, typer.Argument(help="The session file to make, NAME.gait.")],
    seconds: Annotated[
        float | None, typer.Option(min=1, help="Stop by itself after so long (else Ctrl-C).")
    ] = None,
    rate: Annotated[
        float | None, typer.Option(min=20, max=2000, help="Samples a second; else the sensor's.")
    ] = None,
    left: Left = None,
    right: Right = None,
    adapter: Adapter = None,
    virtual: Annotated[bool, typer.Option("--virtual", help="Two virtual shoes.")] = False,
    notes: Annotated[str, typer.Option(help="A remark to keep with it.")] = "",
    cadence: Annotated[
        str | None,
        typer.Option(help="Say when cadence leaves LOW-HIGH steps/min, or an own target."),
    ] = None,
    cues: Annotated[
        bool, typer.Option("--cues/--no-cues", help="Say what gets worse while running.")
    ] = True,
    headless: Annotated[
        bool,
        typer.Option(
            "--headless",
            help="Nobody looks: SESSION is a folder, and each time known shoes move is a session.",
        ),
    ] = False,
    still: Annotated[
        float, typer.Option(min=5, max=3600, help="Headless: seconds without motion that end it.")
    ] = 180.0,
    report: Report = None,
    profile: Profile = None,
    athlete: Athlete = None,
    shoe: WornShoe = None,
    roster: RosterFile = None,
    full: Full = False,
    overwrite: Overwrite = False,
) -> None:
    """Record one or two shoes, with a live view; safe against crashes at every second.

    Shoes recorded once are known (`gait shoes`) and picked up by themselves.
    """
    from gait.cli.record import Outputs, RecordOptions, run_record
    from gait.live.cues import CueSettings, parse_cadence

    band = parse_cadence(cadence) if cadence else None
    worn = worn_on(left, right)
    settings = CueSettings(cadence=band) if cues else None
    chosen = chosen_athlete(athlete, shoe, roster)
    if headless:
        if chosen is not None:
            raise UsageError(
                "Nothing is analysed with --headless; keep the sessions later with `gait import`."
            )
        from gait.cli.headless import HeadlessOptions, run_headless

        run_headless(
            HeadlessOptions(
                folder=session,
                still_s=still,
                seconds=seconds,
                rate_hz=rate,
                notes=notes,
                worn=worn,
                cues=settings,
                adapter=adapter,
            ),
            virtual=virtual,
        )
        return
    options = RecordOptions(
        session,
        seconds,
        rate,
        notes,
        overwrite,
        worn=worn,
        cues=settings,
        adapter=adapter,
    )
    run_record(
        options,
        Outputs(report=report, overwrite=overwrite, full=full),
        profile,
        chosen,
        virtual=virtual,
    )


@app.command(
    epilog="Examples: `gait sync ~/runs` · `gait sync ~/runs --start` (and log the next run)"
)
def sync(
    folder: Annotated[Path, typer.Argument(help="The folder for the sessions.")],
    left: Left = None,
    right: Right = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the logs on the shoes, too.")] = False,
    start: Annotated[
        bool, typer.Option("--start", help="Begin new logs afterwards, for the next run.")
    ] = False,
    adapter: Adapter = None,
    virtual: Annotated[
        bool, typer.Option("--virtual", help="Two virtual shoes that have logged a run.")
    ] = False,
) -> None:
    """Fetch what the shoes logged by themselves (`gait log`), as session files.

    Checked against the shoes, stored, and only then cleared there. What breaks off goes on where
    it was with the next run.
    """
    from gait.cli.sync import SyncOptions, run_sync

    run_sync(
        SyncOptions(
            folder=folder,
            keep=keep,
            begin=start,
            worn=worn_on(left, right),
            adapter=adapter,
        ),
        virtual=virtual,
    )


log = typer.Typer(
    help="What the shoes log to their own memory, without a computer; `gait sync` fetches it.",
    epilog="Examples: `gait log start` before the run · `gait log` · `gait sync ~/runs` after it",
)
app.add_typer(log, name="log", invoke_without_command=True)


@log.callback()
def _log(
    context: typer.Context, left: Left = None, right: Right = None, adapter: Adapter = None
) -> None:
    if context.invoked_subcommand is None:
        from gait.cli.log import run_status

        run_status(worn_on(left, right), adapter)


@log.command("start", epilog="Example: `gait log start`")
def log_start(left: Left = None, right: Right = None, adapter: Adapter = None) -> None:
    """Let the shoes log from now on, and say for how long they can."""
    from gait.cli.log import run_start

    run_start(worn_on(left, right), adapter)


@log.command("stop", epilog="Example: `gait log stop`")
def log_stop(left: Left = None, right: Right = None, adapter: Adapter = None) -> None:
    """End the logs; `gait sync` does that, too."""
    from gait.cli.log import run_stop

    run_stop(worn_on(left, right), adapter)


shoes = typer.Typer(
    help="The shoes that `gait record` picks up by itself.",
    epilog='Examples: `gait shoes` · `gait shoes forget "shoegait L 0042"`',
)
app.add_typer(shoes, name="shoes", invoke_without_command=True)


@shoes.callback()
def _shoes(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        from gait.cli.scan import run_shoes

        run_shoes()


@shoes.command(epilog='Example: `gait shoes forget "shoegait L 0042"`')
def forget(
    called: Annotated[str, typer.Argument(metavar="NAME", help="Its name, or its address.")],
) -> None:
    """Forget a shoe, so that it is not picked up any more."""
    from gait.cli.scan import run_forget

    run_forget(called)


@app.command(epilog="Example: `gait doctor`")
def doctor(adapter: Adapter = None) -> None:
    """What works on this machine, and how to mend what does not."""
    from gait.cli.doctor import run_doctor

    raise typer.Exit(run_doctor(adapter))
