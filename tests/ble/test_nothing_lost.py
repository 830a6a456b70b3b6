"""What was lost on the way is had again, over the whole Bluetooth stack."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from shoes_on_air import noise, payloads, record_all, sensor
from virtual_run import same_strides

from gait.ble import ShoeStream, scan
from gait.cli.record import RecordOptions, record_from
from gait.cli.simulate import SimulateOptions, virtual_feet
from gait.cli.source import Source
from gait.cli.warm import warm_up
from gait.model import Exchange, Packet, SensorInfo, SessionItem, Side
from gait.pipeline import analyze_items
from gait.recording import open_session
from gait.sensors import shoegait
from gait.sensors.shoegait import STREAM_UUID
from gait.sensors.shoegait_control import Signal
from gait.virtual import FaultInjector, VirtualAir, VirtualShoe

SPEED = 3.0  # times real time: what a busy machine keeps up with


def as_sent_first(payload: bytes) -> bytes:
    return bytes([payload[0] & 0xFD]) + payload[1:]


def unlike(came: list[bytes], made: list[bytes]) -> tuple[set[bytes], set[bytes]]:
    """Of what was made since the first that came, what is missing; and what came and was not."""
    got = {as_sent_first(payload) for payload in came}
    since = made[made.index(as_sent_first(came[0])) :]
    return set(since) - got, got - set(made)


def undisturbed(info: SensorInfo, made: list[bytes]):
    """The strides of the same packets, none late and none lost, on the sensor's clock."""
    items = [Packet(0, 0.0475 * i, STREAM_UUID, payload) for i, payload in enumerate(made)]
    return analyze_items([info], items).shoes[info.side].strides


class Recorded:
    """Two virtual shoes of a simulated run, with what happens to each, recorded to a file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "run.gait"
        self.made: dict[Side, list[bytes]] = {side: [] for side in Side}

    async def run(self, seconds: float, happens: Mapping[Side, Mapping]) -> None:
        warm_up()
        feet = virtual_feet(SimulateOptions(seconds=seconds + 10.0))

        def keeps(side: Side):
            return lambda _, payload: self.made[side].append(payload)

        async with VirtualAir(speed=SPEED) as air:
            left, right = (
                VirtualShoe(
                    air,
                    foot.info,
                    foot.samples,
                    ring_s=60.0,
                    on_made=keeps(side),
                    **happens[side],
                )
                for side, foot in feet.items()
            )
            async with left, right:
                source = Source(air.radio, air.clock)
                self.live = await record_from(source, RecordOptions(self.path, seconds))
        self.session = open_session(self.path)
        self.items = list(self.session.items())
        self.result = analyze_items(self.session.sensors, self.items)


async def test_a_run_through_losses_of_every_kind_is_whole(tmp_path: Path) -> None:
    faults = [
        FaultInjector(lose=0.03, duplicate=0.02, reorder=0.03, bursts=[(9.0, 10.5)], seed=seed)
        for seed in (1, 2)
    ]
    recorded = Recorded(tmp_path)
    await recorded.run(
        36.0,
        {
            Side.LEFT: {
                "disconnect_at": [(12.0, 15.0), (16.5, 17.0), (22.0, 24.0)],
                "drop": [(18.0, 19.0), (35.0, 99.0)],  # and the end of it
                "first_seq": 65_300,
                "offset_us": 2**32 - 20_000_000,
                "faults": faults[0],
            },
            Side.RIGHT: {"drop": [(8.0, 9.0)], "faults": faults[1]},
        },
    )
    for device, info in enumerate(recorded.session.sensors):
        came, made = payloads(recorded.items, device), recorded.made[info.side]
        assert info.resends
        assert unlike(came, made) == (set(), set())
        note = recorded.result.shoes[info.side].note()
        assert note.packets_lost == 0
        assert any("packets were lost on the way and had again" in text for text in note.notes)
        assert any(payload[0] & 2 for payload in came)
        first = made.index(as_sent_first(came[0]))
        strides = recorded.result.shoes[info.side].strides
        assert len(strides) > 25
        same_strides(strides, undisturbed(info, made[first:]))
    same_strides(recorded.live.result.strides, recorded.result.strides)
    truth = recorded.result.clock_uncertainty_s
    assert truth is not None
    assert truth < 0.005 * SPEED


async def test_single_losses_of_small_packets_are_had_again_and_hold_nothing_up() -> None:
    made: list[bytes] = []
    async with (
        VirtualAir(speed=1.0) as air,
        VirtualShoe(
            air,
            sensor(),
            noise(400 * 5),
            mtu=23,
            ring_s=60.0,
            disconnect_at=[(2.0, 3.0)],
            faults=FaultInjector(lose=0.05, seed=4),
            on_made=lambda _, payload: made.append(payload),
        ) as shoe,
    ):
        found = await scan(5, air.radio, enough=1)
        items: list[SessionItem] = []
        async with ShoeStream(found, radio=air.radio, clock=air.clock) as stream:
            gathering = asyncio.create_task(gather(stream, items))
            await shoe.finished.wait()
            began_s = air.clock()
            await stream.vibrate(0)
            assert air.clock() - began_s < 1.0
            await stream.stop()
            await gathering
    assert shoe.identified == [Signal.VIBRATE]
    assert unlike(payloads(items), made) == (set(), set())
    live = [i for i in items if isinstance(i, Packet) and not i.payload[0] & 2]
    frames = shoegait.decode([packet.payload for packet in live], sensor())
    delay_s = np.array([packet.host_s for packet in live]) - frames.device_us * 1e-6
    assert np.quantile(delay_s, 0.95) - delay_s.min() < 0.2


async def gather(stream: ShoeStream, items: list[SessionItem]) -> None:
    async for item in stream:
        items.append(item)


async def test_a_ring_that_was_too_short_says_what_is_missing_for_good(tmp_path: Path) -> None:
    made: list[bytes] = []
    async with (
        VirtualAir(speed=SPEED) as air,
        VirtualShoe(
            air,
            sensor(),
            noise(400 * 12),
            ring_s=1.0,
            drop=[(3.0, 5.5)],  # longer than the ring, and nothing comes that would show it
            on_made=lambda _, payload: made.append(payload),
        ) as shoe,
    ):
        (info,), items = await record_all(air, [shoe])
    missing, strange = unlike(payloads(items), made)
    assert not strange
    assert 10 < len(missing) < 53
    note = analyze_items([info], items).shoes[Side.LEFT].note()
    assert note.packets_lost == len(missing)
    assert f"{len(missing)} packets could not be had again and are missing" in note.notes
    assert note.lost_s == pytest.approx(len(missing) * 19 / 400, abs=0.01)
    assert [i for i in items if isinstance(i, Exchange) and i.written[0] == 7]


async def test_a_reboot_forgets_what_was_before_and_goes_on() -> None:
    made: list[bytes] = []
    async with (
        VirtualAir(speed=SPEED) as air,
        VirtualShoe(
            air,
            sensor(),
            noise(400 * 16),
            ring_s=60.0,
            reboot_at=[6.0],
            drop=[(5.5, 6.4), (11.0, 12.0)],
            first_seq=500,
            offset_us=900_000_000,
            on_made=lambda _, payload: made.append(payload),
        ) as shoe,
    ):
        (info,), items = await record_all(air, [shoe])
    came = payloads(items)
    reboot = next(i for i, payload in enumerate(made) if payload[2:4] == b"\0\0")
    missing, _ = unlike(came, made[:reboot])
    assert 5 <= len(missing) <= 12  # the half second before it, of which nobody knew
    first_again = next(i for i, p in enumerate(made) if i >= reboot and as_sent_first(p) in came)
    assert unlike(came[came.index(made[first_again]) :], made[reboot:])[0] == set()
    note = analyze_items([info], items).shoes[Side.LEFT].note()
    assert note.packets_lost == 1
    assert "the sensor's clock began anew 1 times" in note.notes


async def test_an_older_shoe_is_not_asked_and_its_gaps_stay() -> None:
    made: list[bytes] = []
    async with (
        VirtualAir(speed=SPEED) as air,
        VirtualShoe(
            air,
            sensor(),
            noise(400 * 6),
            drop=[(2.0, 3.0)],
            on_made=lambda _, payload: made.append(payload),
        ) as shoe,
    ):
        (info,), items = await record_all(air, [shoe])
    assert not info.resends
    assert len(unlike(payloads(items), made)[0]) > 15
    assert not [i for i in items if isinstance(i, Exchange) and i.written[0] == 7]


async def test_a_shoe_that_is_busy_is_asked_again(monkeypatch) -> None:
    monkeypatch.setattr("gait.virtual.shoe.MOST_WAITING", 0)
    made: list[bytes] = []
    async with (
        VirtualAir(speed=SPEED) as air,
        VirtualShoe(
            air,
            sensor(),
            noise(400 * 10),
            ring_s=60.0,
            drop=[(2.0, 3.0)],
            on_made=lambda _, payload: made.append(payload),
        ) as shoe,
    ):
        monkeypatch.setattr(
            type(shoe.outbox), "busy", property(lambda _: len(made) < 130), raising=True
        )
        _, items = await record_all(air, [shoe])
    assert unlike(payloads(items), made) == (set(), set())
    refused = [i for i in items if isinstance(i, Exchange) and i.answer == b"\7\4"]
    assert refused


async def test_the_time_is_asked_often_at_first_and_answers_bound_the_clock() -> None:
    async with (
        VirtualAir(speed=1.0) as air,
        VirtualShoe(air, sensor(Side.LEFT), noise(400 * 6), offset_us=2**32 - 2_000_000) as left,
        VirtualShoe(air, sensor(Side.RIGHT), noise(400 * 6), offset_us=77_000_000) as right,
    ):
        sensors, items = await record_all(air, [left, right])
    for device in (0, 1):
        asked = [i for i in items if isinstance(i, Exchange) and i.device == device]
        assert len(asked) > 10
        assert all(i.written == b"\5" and i.answer[:2] == b"\5\0" for i in asked)
        assert all(0.0 <= i.took_s < 0.5 for i in asked)
        pauses = np.diff([i.host_s for i in asked])
        assert np.median(pauses) < 0.4
        assert pauses[-1] > 0.9
    result = analyze_items(sensors, items)
    assert result.clock_uncertainty_s is not None
    assert result.clock_uncertainty_s < 0.005
    first = [result.shoes[side].on_session_clock(np.array(0.0)) for side in Side]
    offsets = [2**32 - 2_000_000, 77_000_000]
    began = [on + offset * 1e-6 for on, offset in zip(first, offsets, strict=True)]
    assert abs(began[0] - began[1]) < 3 * result.clock_uncertainty_s
    assert shoegait.TIME_MODULO_US == 2**32
