"""The strides of a recording, which are not in the roster's file: found when asked for, then kept
in a private file of its folder of derived things until the recording or the program changes.

Runs in a process of its own (`nicegui.run.cpu_bound`), so nothing here knows the pages.
"""

import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait import __version__
from gait.measures.table import STRIDE
from gait.model import InputError, Mark, Samples, SessionItem, Side
from gait.model.arrays import Floats
from gait.model.packets import pauses_of
from gait.recording import open_session
from gait.recording.files import make_folder, private_output
from gait.recording.session import session_key

SUFFIX = ".strides.npz"


@dataclass(frozen=True, slots=True)
class RunDetail:
    """All of a run in time. Seconds count from the first sample.

    strides : (n,) of dtype STRIDE, in order of contact
    covered : by foot, (2,) first and last sample
    gaps    : by foot, (n, 2) from and to which samples are missing
    pauses  : (n, 2) from and to which the runner had paused
    """

    strides: NDArray[np.void]
    covered: dict[str, Floats]
    gaps: dict[str, Floats]
    pauses: Floats

    @property
    def ends_s(self) -> float:
        return max((float(last) for _, last in self.covered.values()), default=0.0)


def run_detail(recording: Path, key: str, folder: Path) -> RunDetail:
    """What is kept of the recording with this key, or found anew and kept in `folder`.

    Raises InputError where the recording is not there, cannot be read, or is another one.
    """
    session = open_session(recording)
    if session_key(session) != key:
        raise InputError(f"{recording} holds another recording now; import the right one again.")
    path = _path(folder, key)
    known = _read(path) if _is_newer(path, recording) else None
    if known is not None:
        return known
    found = _found(session.sensors, session.items())
    make_folder(folder)
    with private_output(path, overwrite=True) as file:
        np.savez(file, **_arrays(found))  # pyright: ignore[reportArgumentType]
    return found


def forget_details(folder: Path, *, but: Collection[str] = ()) -> None:
    """Remove what is kept of all recordings but those with these keys."""
    for path in folder.glob(f".*-*{SUFFIX}"):
        key = path.name.removeprefix(".").removesuffix(SUFFIX).rpartition("-")[0]
        if key not in but:
            path.unlink(missing_ok=True)


def _found(sensors: Sequence, items: Iterator[SessionItem]) -> RunDetail:
    from gait.pipeline import Pipeline, feed_all

    pipeline = Pipeline(sensors)
    watches = {shoe.info.side: _Breaks() for shoe in pipeline.shoes}
    for shoe in pipeline.shoes:
        shoe.on_samples = watches[shoe.info.side].watch
    feed_all(pipeline, items)
    result = pipeline.finish()
    strides = result.strides.copy()
    for name in ("ic_s", "tc_s"):
        strides[name] -= result.begins_s
    covered, gaps = {}, {}
    for side, shoe in result.shoes.items():
        if shoe.samples:
            ends = np.array([shoe.first_s, shoe.last_s])
            covered[str(side)] = shoe.on_session_clock(ends) - result.begins_s
            missing = np.array(watches[side].missing, dtype=np.float64).reshape(-1, 2)
            gaps[str(side)] = shoe.on_session_clock(missing) - result.begins_s
    last = max((float(ends[1]) for ends in covered.values()), default=0.0)
    return RunDetail(strides, covered, gaps, _pauses(result.marks, result.begins_s, last))


class _Breaks:
    """Where samples are missing, on the sensor's clock."""

    def __init__(self) -> None:
        self.missing: list[tuple[float, float]] = []
        self._last_s = np.nan

    def watch(self, samples: Samples) -> None:
        before = np.concatenate([[self._last_s], samples.time_s[:-1]])
        at = np.flatnonzero(samples.breaks & np.isfinite(before))
        self.missing += zip(before[at].tolist(), samples.time_s[at].tolist(), strict=True)
        self._last_s = float(samples.time_s[-1])


def _pauses(marks: Sequence[Mark], begins_s: float, ends_s: float) -> Floats:
    """(n, 2) since the run began; a pause that was never ended lasts until the end."""
    pauses = np.array(pauses_of(marks), dtype=np.float64).reshape(-1, 2) - begins_s
    return np.where(np.isinf(pauses), np.maximum(ends_s, pauses[:, :1]), pauses)


def _path(folder: Path, key: str) -> Path:
    return folder / f".{key}-{__version__}{SUFFIX}"


def _is_newer(path: Path, recording: Path) -> bool:
    try:
        return path.stat().st_mtime >= recording.stat().st_mtime
    except OSError:
        return False


def _arrays(detail: RunDetail) -> dict[str, NDArray]:
    arrays = {"strides": detail.strides, "pauses": detail.pauses}
    arrays |= {f"covered-{side}": ends for side, ends in detail.covered.items()}
    return arrays | {f"gaps-{side}": gaps for side, gaps in detail.gaps.items()}


def _read(path: Path) -> RunDetail | None:
    """None where it cannot be read, or was kept by a program with other measures."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None
    if "strides" not in arrays or arrays["strides"].dtype != STRIDE:
        return None
    sides = [str(side) for side in Side if f"covered-{side}" in arrays]
    return RunDetail(
        arrays["strides"],
        {side: arrays[f"covered-{side}"] for side in sides},
        {side: arrays[f"gaps-{side}"] for side in sides},
        arrays["pauses"],
    )
