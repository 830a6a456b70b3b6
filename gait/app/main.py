"""The `gait` command: what can be asked for, and how errors end. The work is in the modules
beside this one, imported only when a command needs them, so that `--help` starts at once.
"""

import errno
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gait import __version__
from gait.app.roster.commands import RosterFile, roster
from gait.model.errors import GaitError, UsageError
from gait.model.side import Side

if TYPE_CHECKING:
    from gait.app.athlete import Chosen

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

INTERRUPTED = 130
TERMINAL_GONE = 129  # as of SIGHUP


class Frame(StrEnum):
    """Which way the axes of a table point."""

    SENSOR = "sensor"
    FOOT = "foot"


Json = Annotated[
    str | None, typer.Option("--json", help="Write the summary as JSON; `-` for stdout.")
]
StridesCsv = Annotated[Path | None, typer.Option(help="Write one row a stride as CSV.")]
Report = Annotated[Path | None, typer.Option(help="Write the HTML report.")]
Profile = Annotated[
    Path | None,
    typer.Option(help="What you know of the runner (YAML, TOML or JSON): see docs/profile.md."),
]
Left = Annotated[str | None, typer.Option(help="Name or address of the sensor on the left shoe.")]
Right = Annotated[str | None, typer.Option(help="Name or address of the sensor on the right shoe.")]
Athlete = Annotated[
    str | None, typer.Option(help="Who ran, by name: compared with their runs and kept there.")
]
WornShoe = Annotated[
    str | None, typer.Option("--shoe", help="In which of their shoes (else the only pair).")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")]


def _worn(left: str | None, right: str | None) -> dict[Side, str]:
    return {side: name for side, name in ((Side.LEFT, left), (Side.RIGHT, right)) if name}


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gait {__version__}")
        raise typer.Exit


@app.callback()
def _gait(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    del version


def _chosen(
    athlete: str | None, shoe: str | None, roster: Path | None, date: str | None = None
) -> "Chosen | None":
    if athlete is None:
        if shoe or roster or date:
            raise UsageError("Say whose run it is with --athlete.")
        return None
    from gait.app.athlete import Chosen

    return Chosen(athlete, shoe, roster, date)


@app.command(epilog="Example: `gait demo --seconds 20`")
def demo(
    folder: Annotated[Path, typer.Option(help="Where to put the recording and the report.")] = Path(
        "gait-demo"
    ),
    seconds: Annotated[float, typer.Option(min=12, max=600, help="Length of the run.")] = 18.0,
) -> None:
    """Two virtual shoes, Bluetooth, live view, recording, summary and report: no hardware."""
    from gait.app.demo import run_demo

    run_demo(folder, seconds)


@app.command(epilog="Example: `gait scan --seconds 8`")
def scan(
    seconds: Annotated[float, typer.Option(min=1, max=120, help="How long to listen.")] = 5.0,
    virtual: Annotated[bool, typer.Option("--virtual", help="Two virtual shoes.")] = False,
) -> None:
    """Find sensors that are switched on and near: a list that lives while it listens."""
    from gait.app.scan import run_scan

    run_scan(seconds, virtual=virtual)


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
    overwrite: Overwrite = False,
) -> None:
    """Record one or two shoes, with a live view; safe against crashes at every second.

    Shoes recorded once are known (`gait shoes`) and picked up by themselves.
    """
    from gait.app.cues import CueSettings, parse_cadence
    from gait.app.record import RecordOptions, run_record

    band = parse_cadence(cadence) if cadence else None
    worn = _worn(left, right)
    settings = CueSettings(cadence=band) if cues else None
    chosen = _chosen(athlete, shoe, roster)
    if headless:
        if chosen is not None:
            raise UsageError(
                "Nothing is analysed with --headless; keep the sessions later with "
                "`gait roster import`."
            )
        from gait.app.headless import HeadlessOptions, run_headless

        run_headless(
            HeadlessOptions(
                folder=session,
                still_s=still,
                seconds=seconds,
                rate_hz=rate,
                notes=notes,
                worn=worn,
                cues=settings,
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
    )
    run_record(options, report, profile, chosen, virtual=virtual)


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
    virtual: Annotated[
        bool, typer.Option("--virtual", help="Two virtual shoes that have logged a run.")
    ] = False,
) -> None:
    """Fetch what the shoes logged by themselves (`gait log`), as session files.

    Checked against the shoes, stored, and only then cleared there. What breaks off goes on where
    it was with the next run.
    """
    from gait.app.sync import SyncOptions, run_sync

    run_sync(
        SyncOptions(folder=folder, keep=keep, begin=start, worn=_worn(left, right)),
        virtual=virtual,
    )


log = typer.Typer(
    help="What the shoes log to their own memory, without a computer; `gait sync` fetches it.",
    epilog="Examples: `gait log start` before the run · `gait log` · `gait sync ~/runs` after it",
)
app.add_typer(log, name="log", invoke_without_command=True)


@log.callback()
def _log(context: typer.Context, left: Left = None, right: Right = None) -> None:
    if context.invoked_subcommand is None:
        from gait.app.log import run_status

        run_status(_worn(left, right))


@log.command("start", epilog="Example: `gait log start`")
def log_start(left: Left = None, right: Right = None) -> None:
    """Let the shoes log from now on, and say for how long they can."""
    from gait.app.log import run_start

    run_start(_worn(left, right))


@log.command("stop", epilog="Example: `gait log stop`")
def log_stop(left: Left = None, right: Right = None) -> None:
    """End the logs; `gait sync` does that, too."""
    from gait.app.log import run_stop

    run_stop(_worn(left, right))


app.add_typer(roster, name="roster")

shoes = typer.Typer(
    help="The shoes that `gait record` picks up by itself.",
    epilog='Examples: `gait shoes` · `gait shoes forget "shoegait L 0042"`',
)
app.add_typer(shoes, name="shoes", invoke_without_command=True)


@shoes.callback()
def _shoes(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        from gait.app.shoes import run_shoes

        run_shoes()


@shoes.command(epilog='Example: `gait shoes forget "shoegait L 0042"`')
def forget(
    called: Annotated[str, typer.Argument(metavar="NAME", help="Its name, or its address.")],
) -> None:
    """Forget a shoe, so that it is not picked up any more."""
    from gait.app.shoes import run_forget

    run_forget(called)


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
    from gait.app.dashboard.server import DashboardOptions, run_dashboard

    run_dashboard(DashboardOptions(roster, recordings, watch, port, browser))


@app.command(epilog="Example: `gait replay sunday.gait --speed 10`")
def replay(
    session: Annotated[Path, typer.Argument(help="A session file.")],
    speed: Annotated[
        float, typer.Option(min=0, help="Times as fast as it was; 0 is as fast as it goes.")
    ] = 1.0,
) -> None:
    """Show a recording in the live view again."""
    from gait.app.replay import run_replay

    run_replay(session, speed)


@app.command(
    epilog="Examples: `gait analyze sunday.gait --report sunday.html` · "
    "`gait analyze foot.csv.gz --side left --json -` · "
    "`gait analyze --left l.csv --right r.csv --strides out.csv`"
)
def analyze(
    recording: Annotated[
        Path | None, typer.Argument(help="A session file, or an IMU table with --side.")
    ] = None,
    side: Annotated[Side | None, typer.Option(help="Which foot the table is of.")] = None,
    left: Annotated[Path | None, typer.Option(help="IMU table of the left foot.")] = None,
    right: Annotated[Path | None, typer.Option(help="IMU table of the right foot.")] = None,
    frame: Annotated[
        Frame,
        typer.Option(help="`foot`: the table's x is heel → toe, y to the runner's left, z up."),
    ] = Frame.SENSOR,
    json: Json = None,
    strides: StridesCsv = None,
    report: Report = None,
    profile: Profile = None,
    athlete: Athlete = None,
    shoe: WornShoe = None,
    date: Annotated[
        str | None,
        typer.Option(help="When the run began, where a table does not say: 2026-05-17T18:30."),
    ] = None,
    roster: RosterFile = None,
    overwrite: Overwrite = False,
) -> None:
    """Steps, measures and what they speak for, from a recording."""
    from gait.app.analyze import Inputs, Outputs, run_analyze

    run_analyze(
        Inputs(recording, side, left, right, frame.value),
        Outputs(json, strides, report, overwrite),
        profile,
        _chosen(athlete, shoe, roster, date),
    )


@app.command(
    epilog="Examples: `gait report sunday.gait --pdf` · `gait report may.gait july.gait` "
    "· `gait report --athlete Anna --before 2026-03-01..2026-03-31 "
    "--after 2026-05-01..2026-05-31`"
)
def report(
    sessions: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[SESSION]...",
            help="A session file, or two to compare (before, after); none with --athlete: the "
            "last one kept.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to make (else beside it).")
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="A PDF, printed by an installed Chromium, Chrome or Edge.")
    ] = False,
    profile: Profile = None,
    athlete: Athlete = None,
    shoe: WornShoe = None,
    before: Annotated[
        str | None,
        typer.Option(metavar="FIRST..LAST", help="Days of ATHLETE to compare with --after."),
    ] = None,
    after: Annotated[
        str | None, typer.Option(metavar="FIRST..LAST", help="The later days.")
    ] = None,
    language: Annotated[str, typer.Option(help="Of the page, by its code.")] = "en",
    roster: RosterFile = None,
    overwrite: Overwrite = False,
) -> None:
    """One page to read, print or send: of a session, or of what differs before and after."""
    from gait.app.report import ReportOptions, run_report

    run_report(
        ReportOptions(
            sessions=sessions or [],
            output=output,
            pdf=pdf,
            profile=profile,
            chosen=_chosen(athlete, shoe, roster),
            before=before,
            after=after,
            language=language,
            overwrite=overwrite,
        )
    )


@app.command(epilog="Example: `gait simulate run.gait --scenario pronation_left --seconds 30`")
def simulate(
    output: Annotated[
        Path, typer.Argument(help="A session file (.gait, .jsonl.gz), or a folder with --tables.")
    ],
    scenario: Annotated[
        str, typer.Option(help="easy_run, run_walk_run, pronation_left, sprint, midfoot or walk.")
    ] = "easy_run",
    seconds: Annotated[float, typer.Option(min=8, max=7200, help="Length.")] = 30.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same run.")] = 1,
    rate: Annotated[float, typer.Option(min=25, max=2000, help="Samples a second.")] = 400.0,
    side: Annotated[Side | None, typer.Option(help="Only this shoe.")] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(help="Lose packets from:to seconds, such as `left:12:13.5`; repeatable."),
    ] = None,
    tables: Annotated[
        bool, typer.Option("--tables", help="IMU tables with truth instead of a session.")
    ] = False,
    overwrite: Overwrite = False,
) -> None:
    """Make a recording of a virtual runner, with the exact truth beside it."""
    from gait.app.simulate import SimulateOptions, run_simulate

    run_simulate(
        SimulateOptions(scenario, seconds, seed, rate, side, tuple(drop or ())),
        output,
        tables=tables,
        overwrite=overwrite,
    )


class ExportForm(StrEnum):
    """What to export to."""

    FIT = "fit"
    CSV = "csv"
    PARQUET = "parquet"
    BIDS = "bids"


@app.command(
    epilog="Examples: `gait export sunday.gait --to fit --track watch.tcx` · "
    "`gait export sunday.gait --to bids --subject 07 -o study`"
)
def export(
    session: Annotated[Path, typer.Argument(help="A session file.")],
    to: Annotated[
        ExportForm,
        typer.Option(
            help="`fit` for watches and training sites; `csv` or `parquet` for a folder of "
            "strides, samples and summary; `bids` for a lab."
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file or folder to make.")
    ] = None,
    track: Annotated[
        Path | None,
        typer.Option(help="GPX, TCX or FIT file with heart rate and place, merged by time."),
    ] = None,
    subject: Annotated[str, typer.Option(help="BIDS: the subject's label.")] = "01",
    task: Annotated[str, typer.Option(help="BIDS: the task's label.")] = "run",
    overwrite: Overwrite = False,
) -> None:
    """A session for other tools: FIT with running dynamics, CSV, Parquet, Motion-BIDS."""
    from gait.app.export import ExportOptions, run_export

    run_export(ExportOptions(session, to.value, output, track, subject, task, overwrite))


@app.command(
    "import",
    epilog="Examples: `gait import stryd.csv --athlete Anna` · `gait import watch -a Anna`",
)
def import_foreign(
    files: Annotated[
        list[Path],
        typer.Argument(help="FIT, TCX, GPX or CSV files (also .gz), or folders with such files."),
    ],
    athlete: Annotated[str, typer.Option("--athlete", "-a", help="Whose runs they are, by name.")],
    shoe: Annotated[
        str | None, typer.Option(help="In which of their shoes; else in none that is known.")
    ] = None,
    roster: RosterFile = None,
) -> None:
    """Keep runs of other makers' devices (RunScribe, Stryd, any watch) as history in the roster."""
    from gait.app.foreign_import import run_foreign_import

    run_foreign_import(files, athlete, shoe=shoe, roster=roster)


@app.command(epilog='Example: `gait evidence "plantar fasciitis"`')
def evidence(
    condition: Annotated[
        str | None, typer.Argument(help="A condition; without it, a list of them.")
    ] = None,
    table: Annotated[bool, typer.Option("--table", help="The whole table, as Markdown.")] = False,
) -> None:
    """What is known of each condition, with grades and citations."""
    from gait.app.evidence import run_evidence

    run_evidence(condition, whole=table)


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
    from gait.app.checkup import CheckupOptions, run_checkup

    run_checkup(CheckupOptions(athlete, export, show, delete, overwrite))


@app.command(epilog="Example: `gait doctor`")
def doctor() -> None:
    """What works on this machine, and how to mend what does not."""
    from gait.app.doctor import run_doctor

    raise typer.Exit(run_doctor())


def run() -> None:
    """The entry point: errors end as one sentence on stderr and an exit code."""
    try:
        app()
    except KeyboardInterrupt:
        typer.echo("Interrupted; what was recorded so far is saved.", err=True)
        sys.exit(INTERRUPTED)
    except GaitError as error:
        typer.echo(f"gait: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)  # the reader of a pipe has seen enough
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        sys.exit(TERMINAL_GONE)  # closed while something was being written to it


__all__ = ["app", "run"]
