"""`gait demo`: two virtual shoes, Bluetooth, live view, recording, summary and report."""

from itertools import count
from pathlib import Path

from rich.console import Console

from gait.cli.record import RecordOptions, record_session
from gait.model import GaitError
from gait.recording import open_session
from gait.report.outputs import Outputs


def run_demo(folder: Path, seconds: float, *, full: bool = False) -> None:
    """Record a virtual run into a new folder, show what comes of it, and replay it as proof."""
    folder = _new_folder(folder)
    report = folder / "report.html"
    options = RecordOptions(folder / "run.gait", seconds, notes="a virtual runner (gait demo)")
    recorded = record_session(options, Outputs(report=report, full=full), virtual=True)
    session = recorded.path
    _same_from_the_file(session, recorded.result.strides.tobytes())
    say = Console(stderr=True, highlight=False, soft_wrap=True).print
    strides = len(recorded.result.strides)
    say(f"Analysed again from the recording: the same {strides} strides, bit for bit.")
    say(f"See it live again: gait replay {session}")


def _new_folder(wanted: Path) -> Path:
    """`wanted`, or with the first number behind it that is free: nothing is overwritten."""
    for number in count(1):
        folder = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        try:
            folder.mkdir(mode=0o700, parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise GaitError(
                f"The folder {folder} cannot be made ({error.strerror}); choose another."
            ) from error
        return folder
    raise AssertionError  # count() has no end


def _same_from_the_file(session: Path, live: bytes) -> None:
    """Live and replay come through the same functions, so they must agree in every bit."""
    from gait.pipeline import analyze_items

    recording = open_session(session)
    if analyze_items(recording.sensors, recording.items()).strides.tobytes() != live:
        raise GaitError(
            f"The recording {session} does not give the strides that were seen live; "
            "please report this with the file."
        )
