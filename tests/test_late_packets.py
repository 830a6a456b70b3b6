"""What comes late, comes again, or begins anew, through the whole way."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from msgspec.structs import replace
from virtual_run import same_strides, session

from gait.model import Exchange, Packet, SensorInfo, SessionItem, Side
from gait.pipeline import Pipeline, Result, analyze_items
from gait.sensors.shoegait import CONTROL_UUID


def resending() -> list[SensorInfo]:
    return [replace(info, resends=True) for info in session().sensors]


def had_again(
    items: Sequence[SessionItem], lost: Sequence[tuple[float, float, float]], chance: float = 0.0
) -> list[SessionItem]:
    """The left shoe's packets of these seconds (from, to) come once more from the third on, and
    so does any other, by this chance, a second later."""
    seed = random.Random(5)
    came: list[SessionItem] = []
    for item in items:
        if not isinstance(item, Packet) or item.device != 0:
            came.append(item)
            continue
        again_s = next((to for a, b, to in lost if a <= item.host_s < b), None)
        if again_s is None and item.host_s > 1 and seed.random() < chance:
            again_s = item.host_s + 1.0
        if again_s is not None:
            flagged = bytes([item.payload[0] | 2]) + item.payload[1:]
            item = replace(item, host_s=again_s, payload=flagged)  # noqa: PLW2901
        came.append(item)
    return sorted(came, key=lambda item: item.host_s)


def in_blocks(sensors: list[SensorInfo], items: Sequence[SessionItem], block: int) -> Result:
    pipeline = Pipeline(sensors)
    for start in range(0, len(items), block):
        pipeline.feed(items[start : start + block])
    return pipeline.finish()


def test_what_came_again_gives_the_strides_of_an_undisturbed_run() -> None:
    items = list(session().items())
    late = had_again(items, [(9.0, 11.5, 12.0), (14.0, 14.5, 17.0)], chance=0.05)
    whole = analyze_items(resending(), items)
    result = analyze_items(resending(), late)
    for side in Side:
        same_strides(result.shoes[side].strides, whole.shoes[side].strides)
    # on the host's clock a packet that came again says nothing, so the clocks differ a little
    np.testing.assert_allclose(result.strides["ic_s"], whole.strides["ic_s"], atol=0.002)
    note = result.shoes[Side.LEFT].note()
    assert note.packets_lost == 0
    [text] = [text for text in note.notes if "had again" in text]
    assert int(text.split()[0]) == sum(
        isinstance(i, Packet) and i.device == 0 and bool(i.payload[0] & 2) for i in late
    )
    for block in (1, 7, 20):
        same_strides(in_blocks(resending(), late, block).strides, result.strides)


def test_strides_behind_a_gap_are_shown_when_it_has_been_filled() -> None:
    late = had_again(list(session().items()), [(9.0, 11.5, 12.0)])
    pipeline = Pipeline(resending())
    shown: list[tuple[float, float]] = []
    for item in late:
        strides = pipeline.feed([item])
        shown += [(item.host_s, float(s["ic_s"])) for s in strides[strides["side"] == 0]]
    running = [(at, ic) for at, ic in shown if ic > 6]
    assert [ic for _, ic in running] == sorted(ic for _, ic in running)
    waited = {ic: at - ic for at, ic in running}
    assert all(wait < 2.0 for ic, wait in waited.items() if ic > 12.2)
    assert not any(9.2 < at < 12.0 for at, _ in running)


def test_what_the_sensor_does_not_have_any_more_is_not_waited_for() -> None:
    items = list(session().items())
    left = [i for i in items if isinstance(i, Packet) and i.device == 0]
    lost = [p for p in left if 9.0 <= p.host_s < 11.5]
    first = lost[0].payload[2:4]
    asked = b"\7" + first + len(lost).to_bytes(2, "little")
    gone = Exchange(0, 12.0, 0.05, CONTROL_UUID, asked, b"\7\0" + first + b"\0\0")
    kept = [i for i in items if i not in lost]
    at = next(n for n, item in enumerate(kept) if item.host_s >= 12.0)
    told = [*kept[:at], gone, *kept[at:]]
    results = [analyze_items(resending(), kept), analyze_items(resending(), told)]
    same_strides(results[0].strides, results[1].strides)
    note = results[1].shoes[Side.LEFT].note()
    assert note.packets_lost == len(lost)
    assert f"{len(lost)} packets could not be had again and are missing" in note.notes
    for block in (1, 7, 20):
        same_strides(in_blocks(resending(), told, block).strides, results[1].strides)
    latest = {}
    for name, these in (("waits", kept), ("told", told)):
        pipeline = Pipeline(resending())
        pipeline.feed([item for item in these if item.host_s < 13.0])
        latest[name] = pipeline.shoes[0].lost_s, pipeline.shoes[0].last_s
    assert latest["told"][0] > 0.0
    assert latest["waits"][0] == 0.0
    assert latest["told"][1] > latest["waits"][1] + 3.0


@pytest.mark.parametrize("late_s", [0.0, 0.8])
def test_after_a_reboot_both_shoes_are_on_one_clock_again(late_s: float) -> None:
    """Also where the first packet after it was so late that the clock seems to begin later."""
    items = list(session().items())
    whole = analyze_items(session().sensors, items)
    rebooted: list[SessionItem] = []
    first: tuple[int, int] | None = None
    for item in items:
        if not isinstance(item, Packet) or item.device != 0 or item.host_s < 12.0:
            rebooted.append(item)
        elif item.host_s > 13.0:
            seq = int.from_bytes(item.payload[2:4], "little")
            us = int.from_bytes(item.payload[4:8], "little")
            if first is None:
                first = seq, us
            header = (seq - first[0]).to_bytes(2, "little") + (us - first[1]).to_bytes(4, "little")
            payload = item.payload[:2] + header + item.payload[8:]
            host_s = max(item.host_s, 13.0 + late_s)
            rebooted.append(replace(item, host_s=host_s, payload=payload))
    rebooted.sort(key=lambda item: item.host_s)
    result = analyze_items(session().sensors, rebooted)
    clock = result.shoes[Side.LEFT].clock
    assert clock is not None
    assert clock.counts.restarts == 1
    mine = result.strides[result.strides["side"] == 0]
    theirs = whole.strides[whole.strides["side"] == 0]
    after = theirs[(theirs["ic_s"] > 14.5) & (theirs["ic_s"] < 19.0)]
    assert len(after) > 4
    for stride in after:
        assert np.abs(mine["ic_s"] - stride["ic_s"]).min() < 0.006
    same_strides(in_blocks(session().sensors, rebooted, 7).strides, result.strides)
