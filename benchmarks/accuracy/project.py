"""The project's own recordings with truth, from raw packets to samples; none is no error."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.recordings import PROJECT, Recording
from benchmarks.accuracy.score import WARM_UP, Truth
from gait.model import Packet, Samples, SensorInfo
from gait.model.samples import joined
from gait.pipeline import Shoe
from gait.recording import open_session

FOLDER = PROJECT / "recordings"
LEAST_STRIDES = WARM_UP + 5  # shorter bouts are not scored
TRUTH = "truth.csv"


def project_recordings(folder: Path = FOLDER) -> Iterator[Recording]:
    """Each foot and each unbroken stretch of steady running of each session with truth."""
    for path in sorted([*folder.rglob("*.jsonl.gz"), *folder.rglob("*.gait")]):
        session = open_session(path)
        if TRUTH not in session.attachments:
            continue
        rows = list(csv.DictReader(io.StringIO(session.attachments[TRUTH].decode())))
        packets = [item for item in session.items() if isinstance(item, Packet)]
        for device, info in enumerate(session.sensors):
            if not info.has_gyroscope:
                continue  # no contacts without one, by design
            samples = _samples(info, [p for p in packets if p.device == device])
            mine = [row for row in rows if row["side"] == info.side]
            for number, bout in enumerate(_bouts(mine, samples), start=1):
                name = path.name.removesuffix(".gz").rsplit(".", 1)[0]
                label = f"{name} {info.side}" + (f" bout {number}" if number > 1 else "")
                truth = _truth(bout)
                yield Recording(label, samples, info, truth, float(np.median(truth.speed_m_s)))


def _samples(info: SensorInfo, packets: list[Packet]) -> Samples:
    shoe, parts = Shoe(info), list[Samples]()
    shoe.on_samples = parts.append
    if packets:
        shoe.packets(packets)
    shoe.finish()
    return joined(parts)


def _bouts(rows: list[dict[str, str]], samples: Samples) -> Iterator[list[dict[str, str]]]:
    """Stretches of steady running in which no sample is missing."""
    first, last = samples.time_s[0], samples.time_s[-1]
    after = np.flatnonzero(samples.breaks)
    after = after[after > 0]
    gap_start, gap_end = samples.time_s[after - 1], samples.time_s[after]
    bout: list[dict[str, str]] = []
    for row in [*rows, None]:
        usable = False
        if row is not None:
            start = float(row["ic_s"])
            end = start + float(row["stride_s"])
            whole = not ((gap_end > start) & (gap_start < end + 0.1)).any()
            inside = first < start and end < last
            usable = row["activity"] == "run" and row["steady"] == "true" and whole and inside
        if row is not None and usable:
            bout.append(row)
            continue
        if len(bout) >= LEAST_STRIDES:
            yield bout
        bout = []


def _truth(rows: list[dict[str, str]]) -> Truth:
    def column(name: str) -> NDArray[np.float64]:
        return np.array([float(row[name] or "nan") for row in rows])

    return Truth(
        column("ic_s"),
        column("tc_s"),
        column("strike_angle_deg"),
        column("pronation_excursion_deg"),
        column("speed_m_s"),
        column("stride_length_m"),
    )
