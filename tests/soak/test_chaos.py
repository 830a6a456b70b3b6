"""Everything that can happen to two shoes, at once; an hour of it with `pytest -m long`."""

import numpy as np
import pytest
from checks import UNDER_WAY, check_strides, check_whole, events
from hazards import chaos
from soaking import Soaked, again_and_again, runners_feet, soak

from gait.model import Connection, Side

MINUTES_S = 80.0
HOUR_S = 3600.0
PART_S = 300.0  # an hour is this run again and again
MOST_GROWN = 16e6  # bytes, from the first quarter of an hour to the last


def check(soaked: Soaked) -> None:
    check_whole(soaked)
    check_strides(soaked)
    for side in Side:
        lost = events(soaked, side).count(Connection.LOST)
        assert lost >= 1
        back = events(soaked, side).count(Connection.CONNECTED) - 1
        assert back == lost - (side is Side.RIGHT)  # which is gone for good
    left = soaked.accounts[Side.LEFT]
    assert left.between == 0  # it was away for less than it keeps
    assert left.never_last < UNDER_WAY


async def test_minutes_of_chaos(tmp_path):
    feet = runners_feet(1.5 * MINUTES_S)
    check(await soak(tmp_path, feet, chaos(1, MINUTES_S), MINUTES_S))


@pytest.mark.long
async def test_an_hour_of_chaos(tmp_path):
    feet = again_and_again(runners_feet(PART_S), round(HOUR_S / PART_S) + 1)
    soaked = await soak(tmp_path, feet, chaos(1, HOUR_S), HOUR_S)
    check(soaked)
    quarters = np.array_split(soaked.resident, 4)
    if soaked.resident:
        assert np.median(quarters[3]) - np.median(quarters[0]) < MOST_GROWN
