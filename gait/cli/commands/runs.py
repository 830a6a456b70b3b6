"""Commands on recordings: shown again, analysed, reported, exported, simulated."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gait.cli.commands.options import (
    Athlete,
    Full,
    Json,
    Overwrite,
    Profile,
    Report,
    StridesTable,
    WornShoe,
    chosen_athlete,
)
from gait.cli.roster.commands import RosterFile
from gait.model.strides import Side

app = typer.Typer()


class Frame(StrEnum):
    """Which way the axes of a table point."""

    SENSOR = "sensor"
    FOOT = "foot"


class Clock(StrEnum):
    """Whether the tables of two feet are on one clock."""

    SHARED = "shared"
    SEPARATE = "separate"


@app.command(epilog="Example: `gait replay sunday.gait --speed 10`")
def replay(
    session: Annotated[Path, typer.Argument(help="A session file.")],
    speed: Annotated[
        float, typer.Option(min=0, help="Times as fast as it was; 0 is as fast as it goes.")
    ] = 1.0,
    full: Full = False,
) -> None:
    """Show a recording in the live view again."""
    from gait.cli.replay import run_replay

    run_replay(session, speed, full=full)


@app.command(
    epilog="Examples: `gait analyze sunday.gait --report sunday.html` · "
    "`gait analyze foot.csv.gz --side left --json -` · "
    "`gait analyze --left l.csv --right r.csv --strides out.csv`"
)
def analyze(
    recording: Annotated[
        Path | None, typer.Argument(help="A session file, or an IMU table with --side.")
    ] = None,
    side: Annotated[
        Side | None,
        typer.Option(help="Which foot the table is of, or a session of one sensor really was."),
    ] = None,
    left: Annotated[Path | None, typer.Option(help="IMU table of the left foot.")] = None,
    right: Annotated[Path | None, typer.Option(help="IMU table of the right foot.")] = None,
    frame: Annotated[
        Frame,
        typer.Option(help="`foot`: the table's x is heel → toe, y to the runner's left, z up."),
    ] = Frame.SENSOR,
    clock: Annotated[
        Clock | None,
        typer.Option(
            help="Whether two tables are on one clock, which flight and step time need; else only "
            "where their own data prove it."
        ),
    ] = None,
    swap: Annotated[
        bool, typer.Option("--swap", help="A session whose two sensors were on the other feet.")
    ] = False,
    json: Json = None,
    strides: StridesTable = None,
    report: Report = None,
    profile: Profile = None,
    athlete: Athlete = None,
    shoe: WornShoe = None,
    date: Annotated[
        str | None,
        typer.Option(help="When the run began, where a table does not say: 2026-05-17T18:30."),
    ] = None,
    roster: RosterFile = None,
    full: Full = False,
    overwrite: Overwrite = False,
) -> None:
    """Steps, measures and what they speak for, from a recording."""
    from gait.cli.analyze import Inputs, Outputs, run_analyze

    run_analyze(
        Inputs(
            recording,
            side,
            left,
            right,
            frame.value,
            clock=clock.value if clock else None,
            swapped=swap,
        ),
        Outputs(json, strides, report, overwrite, full),
        profile,
        chosen_athlete(athlete, shoe, roster, date),
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
    from gait.cli.report import ReportOptions, run_report

    run_report(
        ReportOptions(
            sessions=sessions or [],
            output=output,
            pdf=pdf,
            profile=profile,
            chosen=chosen_athlete(athlete, shoe, roster),
            before=before,
            after=after,
            language=language,
            overwrite=overwrite,
        )
    )


@app.command(
    epilog="Examples: `gait simulate run.gait --scenario pronation_left --seconds 30` · "
    "`gait simulate may17.gait --date 2026-05-17T18:30 --seed 2` · "
    "`gait simulate bad.gait --trouble lose_single:0.03 --trouble swap`"
)
def simulate(
    output: Annotated[
        Path, typer.Argument(help="A session file (.gait, .jsonl.gz), or a folder with --tables.")
    ],
    scenario: Annotated[
        str,
        typer.Option(
            help="easy_run, run_walk_run, pronation_left, sprint, midfoot, walk, brisk_walk, "
            "slow_forefoot, slow_flat, held_ready, toe_out, late_heel_rise, soft_shoes, "
            "hard_shoes, uphill, downhill, sprint_start, or wide: whoever the seed draws."
        ),
    ] = "easy_run",
    seconds: Annotated[float, typer.Option(min=8, max=7200, help="Length.")] = 30.0,
    speed: Annotated[
        float | None, typer.Option(help="Of running, in m/s (else as the scenario has it).")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same run.")] = 1,
    rate: Annotated[float, typer.Option(min=25, max=2000, help="Samples a second.")] = 400.0,
    date: Annotated[
        str | None,
        typer.Option(help="When it began, such as 2026-05-17T18:30 (else 1 January 2026, noon)."),
    ] = None,
    side: Annotated[Side | None, typer.Option(help="Only this shoe.")] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(help="Lose packets from:to seconds, such as `left:12:13.5`; repeatable."),
    ] = None,
    trouble: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[SIDE:]KIND[:AMOUNT]",
            help="What happens to the samples, such as `lose_single:0.01`, `right:clip_acc:8` or "
            "`swap`; repeatable. A KIND that there is not lists them all.",
        ),
    ] = None,
    tables: Annotated[
        bool, typer.Option("--tables", help="IMU tables with truth instead of a session.")
    ] = False,
    overwrite: Overwrite = False,
) -> None:
    """Make a recording of a virtual runner, with the exact truth beside it."""
    from gait.cli.simulate import MADE_AT, SimulateOptions, run_simulate
    from gait.roster.moments import moment_of

    began = MADE_AT if date is None else moment_of(date).isoformat()
    run_simulate(
        SimulateOptions(
            scenario,
            seconds,
            seed,
            rate,
            side,
            tuple(drop or ()),
            began,
            speed,
            tuple(trouble or ()),
        ),
        output,
        tables=tables,
        overwrite=overwrite,
    )


class ExportForm(StrEnum):
    """What to export to."""

    FIT = "fit"
    TCX = "tcx"
    GPX = "gpx"
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
            help="`fit` for watches and training sites, else `tcx` or `gpx`; `csv` or `parquet` "
            "for a folder of strides, samples and summary; `bids` for a lab."
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
    """A session for other tools: FIT with running dynamics, TCX, GPX, CSV, Parquet, Motion-BIDS."""
    from gait.export.session import ExportOptions, run_export

    run_export(ExportOptions(session, to.value, output, track, subject, task, overwrite))


@app.command(epilog='Example: `gait evidence "plantar fasciitis"`')
def evidence(
    condition: Annotated[
        str | None, typer.Argument(help="A condition; without it, a list of them.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Of the condition, all evidence and sources.")
    ] = False,
    table: Annotated[bool, typer.Option("--table", help="The whole table, as Markdown.")] = False,
    citations: Annotated[
        bool, typer.Option("--citations", help="Every source, and whether it was checked.")
    ] = False,
) -> None:
    """What is known of each condition, with grades and citations."""
    from gait.cli.evidence import run_evidence

    run_evidence(condition, whole=table, citations=citations, full=full)
