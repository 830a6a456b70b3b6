"""What must hold of every recording, whatever happened to the shoes."""

from collections.abc import Mapping

from soaking import Soaked
from undisturbed import Compared, compared, of_a_calm_run, of_a_recording
from virtual_run import same_strides

from gait.model import Connection, ConnectionEvent, Side
from gait.pipeline import analyze_items

UNDER_WAY = 5  # notifications at the end: one being made, and those overtaken by later ones

# Where packets are missing, or cut otherwise, the sampling times of the samples between are
# smoothed from other ones: 0.0003 was the largest difference.
TOLERANCE = 1e-3


def check_whole(soaked: Soaked) -> None:
    """Every packet is in the file, or is among those it says are lost."""
    items = soaked.items()
    same_strides(
        soaked.recorded.result.strides, analyze_items(soaked.session.sensors, items).strides
    )
    for side, found in soaked.accounts.items():
        note = soaked.note(side)
        # how many a reboot cost is not known; it counts as one
        assert note.packets_lost == found.between + found.restarts, side
        assert note.packets_bad == len(found.foreign), side
        assert note.packets == len(found.came), side


def compare_strides(soaked: Soaked) -> Mapping[Side, Compared]:
    """None is invented, and none is lacking outside gaps."""
    all_compared = {}
    found = of_a_recording(soaked.session)
    for side, foot in soaked.feet.items():
        against = compared(of_a_calm_run(foot), found[side], foot, soaked.accounts[side])
        assert against.invented == [], side
        assert against.lacking == [], side
        all_compared[side] = against
    return all_compared


def check_strides(soaked: Soaked) -> Mapping[Side, Compared]:
    """Outside gaps they are those of a run to which nothing happened, and only those."""
    all_compared = compare_strides(soaked)
    for side, against in all_compared.items():
        assert max(against.largest.values()) < TOLERANCE, (side, against.largest)
    return all_compared


def events(soaked: Soaked, side: Side) -> list[Connection]:
    device = [info.side for info in soaked.session.sensors].index(side)
    return [
        item.event
        for item in soaked.items()
        if isinstance(item, ConnectionEvent) and item.device == device
    ]
