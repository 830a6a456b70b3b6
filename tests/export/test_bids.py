"""A Motion-BIDS data set, as the Motion section of the BIDS specification 1.9 wants it."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from gait.export.bids import BidsNames, write_bids
from gait.model import InputError, Samples, SensorInfo, Side, UsageError

RATE_HZ = 200.0


def samples(n: int, *, gyroscope: bool = True) -> Samples:
    rows = np.arange(3.0 * n).reshape(n, 3)
    return Samples(
        time_s=0.5 + np.arange(n) / RATE_HZ,
        acc=rows,
        gyr=rows / 100 if gyroscope else np.full((n, 3), np.nan),
    )


def info(side: Side, mounting: str = "laces") -> SensorInfo:
    return SensorInfo(
        side=side,
        rate_hz=RATE_HZ,
        profile="polar",
        name="Polar Sense 1",
        serial="8FE8",
        firmware="2.1",
        mounting=mounting,
    )


@pytest.fixture
def study(tmp_path: Path) -> Path:
    feet = {
        Side.LEFT: (samples(101), info(Side.LEFT)),
        Side.RIGHT: (samples(51, gyroscope=False), info(Side.RIGHT, "unknown")),
    }
    names = BidsNames(subject="07", task="sprint")
    write_bids(tmp_path / "study", feet, names, "2026-05-17T08:30:12+02:00")
    return tmp_path / "study"


def rows(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file, delimiter="\t"))


def motion(study: Path, side: str, ending: str) -> Path:
    return study / f"sub-07/motion/sub-07_task-sprint_tracksys-{side}Shoe_{ending}"


def test_the_data_set_says_what_it_is(study: Path) -> None:
    about = json.loads((study / "dataset_description.json").read_text(encoding="utf-8"))
    assert about["BIDSVersion"] == "1.9.0"
    assert about["DatasetType"] == "raw"
    assert about["Name"]
    assert about["GeneratedBy"][0]["Name"] == "shoegait"
    assert about["GeneratedBy"][0]["Version"]
    assert rows(study / "participants.tsv") == [["participant_id"], ["sub-07"]]
    assert (study / "README").read_text(encoding="utf-8").endswith("\n")


def test_times_of_day_are_utc(study: Path) -> None:
    files = [
        f"motion/sub-07_task-sprint_tracksys-{side}Shoe_motion.tsv" for side in ("left", "right")
    ]
    assert rows(study / "sub-07/sub-07_scans.tsv") == [
        ["filename", "acq_time"],
        *([file, "2026-05-17T06:30:12Z"] for file in files),
    ]


def test_a_day_that_is_not_known_is_not_made_up(tmp_path: Path) -> None:
    write_bids(tmp_path / "x", {Side.LEFT: (samples(2), info(Side.LEFT))}, BidsNames())
    assert rows(tmp_path / "x/sub-01/sub-01_scans.tsv")[1] == [
        "motion/sub-01_task-run_tracksys-leftShoe_motion.tsv",
        "n/a",
    ]


def test_every_column_of_the_samples_has_its_channel(study: Path) -> None:
    head = ["name", "component", "type", "tracked_point", "units", "placement"]
    left = rows(motion(study, "left", "channels.tsv"))
    assert left == [
        head,
        ["time", "n/a", "LATENCY", "left_shoe", "s", "n/a"],
        *([f"acc_{axis}", axis, "ACCEL", "left_shoe", "m/s^2", "laces"] for axis in "xyz"),
        *([f"gyr_{axis}", axis, "GYRO", "left_shoe", "rad/s", "laces"] for axis in "xyz"),
    ]
    right = rows(motion(study, "right", "channels.tsv"))
    assert right == [
        head,
        ["time", "n/a", "LATENCY", "right_shoe", "s", "n/a"],
        *([f"acc_{axis}", axis, "ACCEL", "right_shoe", "m/s^2", "n/a"] for axis in "xyz"),
    ]
    for side, columns, n in (("left", 7, 101), ("right", 4, 51)):
        table = np.loadtxt(motion(study, side, "motion.tsv"), delimiter="\t")
        assert table.shape == (n, columns)
        np.testing.assert_allclose(table[:, 0], 0.5 + np.arange(n) / 200.0)
        np.testing.assert_allclose(table[:, 1:4], np.arange(3.0 * n).reshape(n, 3))
    np.testing.assert_allclose(
        np.loadtxt(motion(study, "left", "motion.tsv"))[:, 4:],
        np.arange(303.0).reshape(-1, 3) / 100,
    )


@pytest.mark.parametrize(("side", "seconds", "gyroscope"), [("left", 0.5, 3), ("right", 0.25, 0)])
def test_the_sidecar_has_the_fields_of_the_specification(
    study: Path, side: str, seconds: float, gyroscope: int
) -> None:
    told = json.loads(motion(study, side, "motion.json").read_text(encoding="utf-8"))
    assert told.pop("MissingValues")
    assert told == {
        "TaskName": "sprint",
        "TrackingSystemName": f"{side}Shoe",
        "TrackedPointsCount": 1,
        "SamplingFrequency": 200.0,
        "SamplingFrequencyEffective": pytest.approx(200.0),
        "RecordingDuration": pytest.approx(seconds),
        "MotionChannelCount": 4 + gyroscope,
        "ACCELChannelCount": 3,
        "GYROChannelCount": gyroscope,
        "LATENCYChannelCount": 1,
        "Manufacturer": "polar",
        "ManufacturersModelName": "Polar Sense 1",
        "DeviceSerialNumber": "8FE8",
        "SoftwareVersions": "2.1",
    }


def test_of_one_sample_no_rate_is_made_up(tmp_path: Path) -> None:
    write_bids(tmp_path / "x", {Side.LEFT: (samples(1), info(Side.LEFT))}, BidsNames())
    (path,) = (tmp_path / "x").rglob("*_motion.json")
    assert json.loads(path.read_text())["SamplingFrequencyEffective"] == "n/a"


@pytest.mark.parametrize("label", ["a b", "ä", "", "a_b", "a-b"])
def test_labels_are_letters_and_digits(label: str) -> None:
    with pytest.raises(InputError, match="subject"):
        BidsNames(subject=label)
    with pytest.raises(InputError, match="task"):
        BidsNames(task=label)


def test_it_is_its_owners_and_nothing_is_written_over(study: Path) -> None:
    assert {path.stat().st_mode & 0o077 for path in study.rglob("*")} == {0}
    with pytest.raises(UsageError):
        write_bids(study, {}, BidsNames())
