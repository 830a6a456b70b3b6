"""Two groups of runs at the same speeds, against a slow way of the same and against chance."""

import numpy as np
import pytest

from gait.compare.compared_measures import BY_MEASURE, COMPARED
from gait.compare.group_difference import differences
from gait.model import SpeedBin

CONTACT = "contact_ms"


def at_speed(low: float, value: float, n: int = 300, spread: float = 6.0) -> SpeedBin:
    medians = {CONTACT: value, "speed_m_s": low + 0.125}
    same = dict.fromkeys(medians, spread)
    return SpeedBin(
        from_m_s=low, n=n, medians=medians, spreads=same, counts=dict.fromkeys(medians, n)
    )


def run(*bins: SpeedBin) -> dict[str, list[SpeedBin]]:
    return {"left": list(bins)}


def test_only_speeds_that_both_have_are_compared():
    slow_and_easy = run(at_speed(2.5, 280.0), at_speed(3.0, 250.0))
    easy_and_fast = run(at_speed(3.0, 256.0), at_speed(4.0, 200.0))
    (found,) = differences([slow_and_easy], [easy_and_fast])
    assert (found.row.measure, found.side) == (CONTACT, "left")
    assert (found.first, found.second, found.by) == (250.0, 256.0, 6.0)
    assert found.speeds == (3.125, 3.125)
    assert found.runs == (1, 1)


def test_nothing_in_common_is_no_difference():
    assert differences([run(at_speed(2.5, 280.0))], [run(at_speed(4.0, 200.0))]) == []
    assert differences([], [run(at_speed(4.0, 200.0))]) == []
    assert differences([{}], [{}]) == []


def test_bins_weigh_as_the_one_with_fewer_strides_can_tell():
    first = [run(at_speed(3.0, 250.0, n=900), at_speed(3.25, 240.0, n=100))]
    second = [run(at_speed(3.0, 256.0, n=100), at_speed(3.25, 240.0, n=300))]
    (found,) = differences(first, second)
    assert found.by == pytest.approx(3.0)  # 6 and 0, of 100 strides each


def test_two_single_runs_are_as_uncertain_as_two_runs_without_change():
    (found,) = differences([run(at_speed(3.0, 250.0))], [run(at_speed(3.0, 250.0))])
    assert found.uncertainty >= 1.96 * BY_MEASURE[CONTACT].repeats_to * np.sqrt(2.0)
    assert not found.beyond_doubt


def test_more_runs_make_it_surer():
    one = differences([run(at_speed(3.0, 250.0))], [run(at_speed(3.0, 255.0))])[0]
    many = differences([run(at_speed(3.0, 250.0))] * 9, [run(at_speed(3.0, 255.0))] * 9)[0]
    assert many.uncertainty == pytest.approx(1.2533 * one.uncertainty / 3.0)
    assert many.beyond_doubt
    assert not one.beyond_doubt


@pytest.mark.parametrize("runs", [2, 5, 12])
def test_without_a_change_it_is_rarely_said_to_be_beyond_doubt(runs: int):
    rng = np.random.default_rng(runs)
    off = BY_MEASURE[CONTACT].repeats_to
    said = 0
    for _ in range(400):
        groups = [
            [
                run(*(at_speed(low, 250.0 - 30.0 * (low - 3.0) + day) for low in (2.75, 3.0)))
                for day in rng.normal(0.0, off, runs)
            ]
            for _ in range(2)
        ]
        said += differences(*groups)[0].beyond_doubt
    assert said / 400 < 0.09  # 0.05, and what chance adds in 400


def test_every_compared_measure_can_be_told():
    medians = {row.measure: 10.0 for row in COMPARED} | {"speed_m_s": 3.1}
    full = SpeedBin(
        from_m_s=3.0,
        n=100,
        medians=medians,
        spreads=dict.fromkeys(medians, 1.0),
        counts=dict.fromkeys(medians, 100),
    )
    of_all = {"left": [full], "right": [full], "both": [full]}
    found = differences([of_all], [of_all])
    assert [(d.row.measure, d.side) for d in found] == [
        (row.measure, side) for row in COMPARED for side in row.sides
    ]
