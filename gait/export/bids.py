"""A session's samples as a Motion-BIDS data set, for labs.

One subject, one tracking system a shoe, as the samples of two shoes are never taken at the same
instants: time is a LATENCY channel. See the Motion section of the BIDS specification, version 1.9.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from gait import __version__
from gait.model import InputError, Samples, SensorInfo
from gait.model.strides import Side
from gait.recording.files import new_folder, private_output

BIDS_VERSION = "1.9.0"
_AXES = "xyz"


@dataclass(frozen=True, slots=True)
class BidsNames:
    """`subject` and `task` are letters and digits, as BIDS wants its labels."""

    subject: str = "01"
    task: str = "run"

    def __post_init__(self) -> None:
        for name, label in (("subject", self.subject), ("task", self.task)):
            if not label.isascii() or not label.isalnum():
                raise InputError(f"In BIDS the {name} has letters and digits only, not “{label}”.")

    def stem(self, side: Side) -> str:
        return f"sub-{self.subject}_task-{self.task}_tracksys-{side}Shoe"


def write_bids(
    folder: Path,
    feet: Mapping[Side, tuple[Samples, SensorInfo]],
    names: BidsNames,
    started_at: str | None = None,
) -> None:
    """Write a data set of one subject into a new folder.

    feet : samples in SI units with times in seconds since `started_at`, on one clock for both;
           they are the latencies, so that the feet stay in step

    Raises UsageError where the folder exists, GaitError where the disk refuses.
    """
    with new_folder(folder) as root:
        for name, text in _about(names).items():
            _write(root / name, text)
        subject = root / f"sub-{names.subject}"
        motion = subject / "motion"
        for made in (subject, motion):
            made.mkdir(mode=0o700)
        for side, (samples, info) in feet.items():
            stem = names.stem(side)
            with private_output(motion / f"{stem}_motion.tsv", overwrite=False) as file:
                np.savetxt(file, _columns(samples), fmt="%.6f", delimiter="\t", encoding="ascii")
            channels = _table(("name", "component", "type", "tracked_point", "units", "placement"))
            _write(
                motion / f"{stem}_channels.tsv", channels + "".join(_channels(samples, side, info))
            )
            _write(motion / f"{stem}_motion.json", _json(_sidecar(samples, info, names, side)))
        files = [f"motion/{names.stem(side)}_motion.tsv" for side in feet]
        _write(
            subject / f"sub-{names.subject}_scans.tsv",
            _table(("filename", "acq_time"))
            + "".join(_table((file, _acquired(started_at))) for file in files),
        )


def _about(names: BidsNames) -> dict[str, str]:
    return {
        "dataset_description.json": _json(
            {
                "Name": "Running recorded with sensors on the shoes",
                "BIDSVersion": BIDS_VERSION,
                "DatasetType": "raw",
                "GeneratedBy": [{"Name": "shoegait", "Version": __version__}],
            }
        ),
        "participants.tsv": _table(("participant_id",)) + _table((f"sub-{names.subject}",)),
        "README": "Accelerations and angular velocities of sensors on the shoes, in the sensors'\n"
        "own axes, exported by shoegait. Times are seconds since acq_time in the scans file, on\n"
        "one clock for both shoes.\n",
    }


def _columns(samples: Samples) -> np.ndarray:
    parts = [samples.time_s, samples.acc]
    return np.column_stack(parts if _accelerometer_only(samples) else [*parts, samples.gyr])


def _accelerometer_only(samples: Samples) -> bool:
    return bool(np.isnan(samples.gyr).all())


def _channels(samples: Samples, side: Side, info: SensorInfo) -> Iterator[str]:
    point = f"{side}_shoe"
    place = "n/a" if info.mounting == "unknown" else info.mounting
    yield _table(("time", "n/a", "LATENCY", point, "s", "n/a"))
    for axis in _AXES:
        yield _table((f"acc_{axis}", axis, "ACCEL", point, "m/s^2", place))
    for axis in "" if _accelerometer_only(samples) else _AXES:
        yield _table((f"gyr_{axis}", axis, "GYRO", point, "rad/s", place))


def _sidecar(samples: Samples, info: SensorInfo, names: BidsNames, side: Side) -> dict[str, object]:
    seconds = float(samples.time_s[-1] - samples.time_s[0])
    gyroscope = 0 if _accelerometer_only(samples) else 3
    return {
        "TaskName": names.task,
        "TrackingSystemName": f"{side}Shoe",
        "TrackedPointsCount": 1,
        "SamplingFrequency": info.rate_hz,
        "SamplingFrequencyEffective": (len(samples) - 1) / seconds if seconds > 0.0 else "n/a",
        "RecordingDuration": seconds,
        "MotionChannelCount": 4 + gyroscope,
        "ACCELChannelCount": 3,
        "GYROChannelCount": gyroscope,
        "LATENCYChannelCount": 1,
        "Manufacturer": info.profile,
        "ManufacturersModelName": info.name,
        "DeviceSerialNumber": info.serial,
        "SoftwareVersions": info.firmware,
        "MissingValues": "lost samples have no row; the time channel shows the gap",
    }


def _acquired(started_at: str | None) -> str:
    """Date and time as BIDS wants them: UTC, marked with a Z."""
    if started_at is None:
        return "n/a"
    return f"{datetime.fromisoformat(started_at).astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def _json(content: dict[str, object]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _table(cells: tuple[str, ...]) -> str:
    return "\t".join(cells) + "\n"


def _write(path: Path, text: str) -> None:
    with private_output(path, overwrite=False) as file:
        file.write(text.encode("utf-8"))
