"""Everything that can happen to two shoes, at once; an hour of it with `pytest -m long`."""

import pytest
from checks import check_strides, check_whole, events
from hazards import chaos
from soaking import runners_feet, soak

from gait.model import Connection, Side

SHORT_S = 100.0
PART_S = 300.0  # an hour is this run again and again
HOUR_S = 3600.0


def check_links(soaked) -> None:
    """Whoever was lost came back, but for the one that is gone for good."""
    for side in Side:
        lost = events(soaked, side).count(Connection.LOST)
        back = events(soaked, side).count(Connection.CONNECTED) - 1
        assert lost >= 2
        assert back == lost - (side is Side.RIGHT)


@pytest.mark.parametrize("seed", [1])
async def test_minutes_of_chaos(tmp_path, seed):
    soaked = await soak(tmp_path, runners_feet(SHORT_S + 8.0), chaos(seed, SHORT_S), SHORT_S)
    check_whole(soaked)
    check_strides(soaked)
    check_links(soaked)
