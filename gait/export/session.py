"""`gait export`: a session for other tools."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from rich.console import Console

from gait import __version__
from gait.model import InputError, Samples, SensorInfo, Side, UsageError
from gait.recording import open_session, sniff, write_table
from gait.recording.files import check_free, new_folder

if TYPE_CHECKING:
    from gait.export.per_second import Seconds
    from gait.model import Summary
    from gait.pipeline import Result
    from gait.recording.session import Session
    from gait.recording.tracks import Track

Form = Literal["fit", "tcx", "gpx", "csv", "parquet", "bids"]
BY_SECOND: tuple[Form, ...] = ("fit", "tcx", "gpx")
TABLES: tuple[Form, ...] = ("csv", "parquet")
NEARLY_ALL, DAY_MINUTES = 0.95, 24 * 60
ENDINGS: dict[Form, str] = {
    **{"fit": ".fit", "tcx": ".tcx", "gpx": ".gpx"},
    **{"csv": "-csv", "parquet": "-parquet", "bids": "-bids"},
}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export. `track` holds heart rate and place of another device."""

    session: Path
    form: Form
    output: Path | None = None
    track: Path | None = None
    subject: str = "01"
    task: str = "run"
    overwrite: bool = False

    @property
    def target(self) -> Path:
        if self.output is not None:
            return self.output
        return self.session.with_name(self.session.stem.split(".")[0] + ENDINGS[self.form])


@dataclass(frozen=True, slots=True)
class Analysed:
    """A session with all that any export needs; samples are on the session's clock."""

    session: "Session"
    result: "Result"
    summary: "Summary"
    samples: dict[Side, tuple[Samples, SensorInfo]]


def run_export(options: ExportOptions) -> None:
    if sniff(options.session) != "session":
        raise UsageError(f"{options.session} is an IMU table; name a session file.")
    if options.track is not None and options.form not in BY_SECOND:
        raise UsageError("Heart rate and place go into FIT, TCX or GPX; leave --track away.")
    if options.form in BY_SECOND:
        check_free(options.target, overwrite=options.overwrite)
    elif options.target.exists():
        raise UsageError(f"{options.target} exists already; choose another name with -o.")
    stderr = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    with stderr.status("Reading and analysing …"):
        remarks = write_export(options)
    for remark in remarks:
        stderr.print(remark)
    stderr.print(f"Exported: {options.target}")


def write_export(options: ExportOptions) -> list[str]:
    """Analyse the session and write it to `options.target`, which must be free.

    Returns what is to be said of it.
    """
    analysed = analyse(options.session, keep_samples=options.form not in BY_SECOND)
    return _EXPORTS[options.form](analysed, options) or []


def analyse(path: Path, *, keep_samples: bool) -> Analysed:
    """The whole way through, as `gait analyze` goes it."""
    from gait.pipeline import Pipeline, feed_all, summarise

    session = open_session(path)
    pipeline = Pipeline(session.sensors)
    blocks: dict[Side, list[Samples]] = {}
    for shoe in pipeline.shoes if keep_samples else []:
        shoe.on_samples = blocks.setdefault(shoe.info.side, []).append
    feed_all(pipeline, session.items())
    result = pipeline.finish()
    samples = {
        side: (_joined(parts, result.shoes[side].on_session_clock), result.shoes[side].info)
        for side, parts in blocks.items()
        if parts
    }
    summary = summarise(
        result, source=path.name, started_at=session.started_at, notes=session.problems
    )
    return Analysed(session, result, summary, samples)


def _joined(parts: list[Samples], on_session_clock: Callable[..., np.ndarray]) -> Samples:
    return Samples(
        on_session_clock(np.concatenate([part.time_s for part in parts])),
        np.concatenate([part.acc for part in parts]),
        np.concatenate([part.gyr for part in parts]),
        np.concatenate([part.breaks for part in parts]),
    )


@dataclass(frozen=True, slots=True)
class _BySecond:
    """A session second by second, when its first second was, and what another device tells."""

    seconds: "Seconds"
    started: datetime
    track: "Track | None"
    remarks: list[str]


def _by_second(analysed: Analysed, options: ExportOptions) -> _BySecond:
    """Raises InputError for a session without a date, or a track of another time."""
    from gait.export.per_second import by_second, told_as_strides
    from gait.recording.tracks import read_track

    told = analysed.session.started_at
    if told is None:
        raise InputError(
            f"{options.session} does not say when it was recorded, and a {options.form.upper()} "
            "file must; record it anew or export it as CSV."
        )
    started = datetime.fromisoformat(told)
    result = analysed.result
    duration_s = analysed.summary.duration_s + result.begins_s
    feet = [told_as_strides(shoe.readings, side) for side, shoe in result.shoes.items()]
    strides = result.strides if len(result.strides) else np.concatenate([result.strides, *feet])
    seconds = by_second(strides, duration_s)
    track = read_track(options.track) if options.track else None
    remarks = [] if track is None else _overlap(track, started, len(seconds))
    return _BySecond(seconds, started, track, remarks)


def _overlap(track: "Track", started: datetime, seconds: int) -> list[str]:
    """How much of the session a track tells of, where that is not nearly all.

    Raises InputError where it is of another time altogether.
    """
    begin = started.astimezone(UTC).replace(microsecond=0)
    shared = sum(track.at(begin + timedelta(seconds=i)) is not None for i in range(seconds))
    if not shared:
        first, last = track.points[0].when, track.points[-1].when
        apart = round((first - begin) / timedelta(minutes=1))
        hours = f", {abs(apart)} minutes {'later' if apart > 0 else 'earlier'}"
        raise InputError(
            f"{track.source} is of {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC and the "
            f"session of {begin:%Y-%m-%d %H:%M} UTC{hours if abs(apart) < DAY_MINUTES else ''}, so "
            "no moment is the same and nothing was exported; name the file of that run, or leave "
            "--track away."
        )
    if shared >= NEARLY_ALL * seconds:
        return []
    share = 100.0 * shared / seconds
    return [f"{track.source} tells of {share:.0f} % of the session; the rest has none of it."]


def _to_one_file(analysed: Analysed, options: ExportOptions) -> list[str]:
    from gait.export.fit import write_fit
    from gait.export.routes import write_gpx, write_tcx

    write = {"fit": write_fit, "tcx": write_tcx, "gpx": write_gpx}[options.form]
    run = _by_second(analysed, options)
    write(
        options.target,
        run.seconds,
        run.started,
        marks=analysed.result.marks,
        track=run.track,
        software=f"shoegait {__version__}",
        overwrite=options.overwrite,
    )
    return run.remarks


def _to_folder(analysed: Analysed, options: ExportOptions) -> None:
    """Strides, summary and the samples of each foot, as CSV or Parquet."""
    from gait.report.tables import write_strides, write_summary_json

    parquet = options.form == "parquet"
    with new_folder(options.target) as folder:
        write_strides(folder / f"strides.{options.form}", analysed.result.strides)
        write_summary_json(folder / "summary.json", analysed.summary)
        for side, (of_foot, _) in analysed.samples.items():
            write_table(folder / f"{side}{'.parquet' if parquet else '.csv.gz'}", of_foot)


def _to_bids(analysed: Analysed, options: ExportOptions) -> None:
    from gait.export.bids import BidsNames, write_bids

    if not analysed.samples:
        raise InputError(f"{options.session} holds no samples, so there is nothing for BIDS.")
    names = BidsNames(options.subject, options.task)
    write_bids(options.target, analysed.samples, names, analysed.session.started_at)


_EXPORTS: dict[Form, Callable[[Analysed, ExportOptions], list[str] | None]] = {
    **dict.fromkeys(BY_SECOND, _to_one_file),
    **dict.fromkeys(TABLES, _to_folder),
    "bids": _to_bids,
}
