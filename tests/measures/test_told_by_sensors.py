"""Measures of a session in which a sensor told its cadence and speed, and sent no motion."""

import numpy as np
import pytest

from gait.measures.aggregate import frequency
from gait.measures.readings import (
    DOUBLED,
    NO_MOTION,
    NOT_SAID,
    WHOSE,
    seconds_told,
    with_readings,
)
from gait.model import Measure, Reading, SensorInfo, Side

NAMES = {"cadence_spm": "steps/min", "speed_m_s": "m/s", "contact_ms": "ms"}
POD = SensorInfo(side=Side.LEFT, rate_hz=1.0, name="pod", address="AA")


def blank(unit: str) -> Measure:
    return Measure(value=None, unit=unit, n=0, why_not="no strides", note="old")


def found(*sides: Side) -> dict[str, dict[str, Measure]]:
    every = {name: blank(unit) for name, unit in NAMES.items()}
    return {side: dict(every) if side in sides else {} for side in Side} | {"both": dict(every)}


def readings(n: int, cadence: float | None = 170.0, speed: float | None = 3.0, **more):
    return [
        Reading(host_s=float(i), cadence_spm=cadence, speed_m_s=speed, **more) for i in range(n)
    ]


def of_pod(told: list[Reading]) -> dict[str, dict[str, Measure]]:
    return with_readings(found(Side.LEFT), {Side.LEFT: (told, POD)})


def test_three_readings_are_a_value_and_two_are_none() -> None:
    left = of_pod(readings(3, running=True))["left"]
    assert (left["cadence_spm"].value, left["cadence_spm"].n) == (170.0, 3)
    assert (left["speed_m_s"].value, left["speed_m_s"].quality) == (3.0, "low")
    assert "sensor pod itself" in (left["cadence_spm"].note or "")
    assert left["cadence_spm"].spread == 0.0
    left = of_pod(readings(2, running=True))["left"]
    assert (left["cadence_spm"].value, left["cadence_spm"].why_not) == (None, NOT_SAID)
    assert (left["speed_m_s"].value, left["speed_m_s"].why_not) == (None, NO_MOTION)
    assert (left["contact_ms"].why_not, left["contact_ms"].note) == (NO_MOTION, None)


def test_whose_steps_are_counted_is_a_reason_of_its_own_and_takes_no_speed() -> None:
    left = of_pod(readings(3, cadence=None))["left"]
    assert (left["cadence_spm"].value, left["cadence_spm"].why_not) == (None, WHOSE)
    assert left["speed_m_s"].value == 3.0
    assert of_pod(readings(2, cadence=None))["left"]["cadence_spm"].why_not == NOT_SAID


def test_walking_and_standing_are_in_no_value_of_running() -> None:
    told = readings(4, 180.0, 3.5, running=True) + readings(9, 110.0, 1.4, running=False)
    told += readings(9, 0.0, 0.0)
    left = of_pod(told)["left"]
    assert (left["cadence_spm"].value, left["cadence_spm"].n) == (pytest.approx(180.0), 4)
    assert left["speed_m_s"].value == 3.5


def test_speeds_are_medians_and_a_speed_of_zero_is_not_known() -> None:
    told = [
        Reading(host_s=i, cadence_spm=170.0, speed_m_s=speed)
        for i, speed in enumerate([0.0, 2.0, 3.0, 10.0, None])
    ]
    assert of_pod(told)["left"]["speed_m_s"].value == 3.0
    assert of_pod(told)["left"]["speed_m_s"].n == 3


def test_a_cadence_that_was_doubled_says_so() -> None:
    assert (of_pod(readings(3, doubled=True))["left"]["cadence_spm"].note or "").endswith(DOUBLED)
    once = readings(5) + readings(1, doubled=True)
    assert (of_pod(once)["left"]["cadence_spm"].note or "").endswith(DOUBLED)
    assert DOUBLED not in (of_pod(readings(3))["left"]["cadence_spm"].note or "")


def test_both_have_the_foot_that_was_measured_before_the_one_that_was_told_of() -> None:
    alone = of_pod(readings(5))
    assert alone["both"]["cadence_spm"].value == 170.0
    assert (alone["both"]["contact_ms"].value, alone["both"]["contact_ms"].n) == (None, 0)
    assert alone["both"]["contact_ms"].why_not == NO_MOTION
    two = found(Side.LEFT, Side.RIGHT)
    two["right"]["cadence_spm"] = Measure(
        value=164.0, unit="steps/min", n=90, uncertainty=0.2, quality="good"
    )
    told = with_readings(two, {Side.LEFT: (readings(5), POD)})
    assert told["both"]["cadence_spm"].value == 164.0
    assert told["both"]["contact_ms"].why_not == "no strides"
    assert told["left"]["cadence_spm"].value == 170.0
    assert two["left"]["cadence_spm"].value is None


def test_without_a_sensor_that_tells_nothing_changes() -> None:
    before = found(Side.LEFT)
    assert with_readings(before, {}) is before


def test_each_reading_holds_until_the_next_and_no_longer_than_three_seconds() -> None:
    told = [
        Reading(host_s=0.0, cadence_spm=170.0, running=True),
        Reading(host_s=1.5, cadence_spm=None),
        Reading(host_s=2.5, cadence_spm=110.0, running=False),
        Reading(host_s=9.0, cadence_spm=0.0),
        Reading(host_s=10.0, cadence_spm=170.0, running=True),
    ]
    assert seconds_told(told) == {"running": 2.5, "walking": 3.0}
    assert seconds_told(told[:1]) == {"running": 0.0, "walking": 0.0}


def test_a_frequency_is_of_the_whole_time_and_leaves_starts_and_stops_out() -> None:
    assert frequency(np.array([160.0, 160.0, 160.0])) == pytest.approx(160.0)
    steady = np.array([158.0, 160.0, 162.0, 159.0, 161.0])
    expected = 5 / sum(1 / steady)
    assert frequency(steady) == pytest.approx(expected)
    assert frequency(np.append(steady, [60.0, 240.0])) == pytest.approx(expected)
    # all of one number have no spread; 1 % is no stop, nor is one sample of the stride
    same = np.full(9, 160.0)
    near, far = np.append(same, 161.5), np.append(same, 162.0)
    assert frequency(near) == pytest.approx(10 / (9 / 160 + 1 / 161.5))
    assert frequency(far) == pytest.approx(160.0)
    # at 60 Hz a stride of 0.75 s has 45 samples: one more is 2.2 %
    assert frequency(np.append(same, 164.0), rate_hz=60.0) == pytest.approx(
        10 / (9 / 160 + 1 / 164)
    )
    assert frequency(np.append(same, 166.0), rate_hz=60.0) == pytest.approx(160.0)
