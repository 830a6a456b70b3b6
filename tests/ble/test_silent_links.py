"""Links that are up and silent, half dead, or gone without a word: noticed, told, and back."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from gathering import Gathered, count
from peripherals import Dot
from shoes_on_air import noise, sensor

from gait.ble import Radio, ShoeStream, scan
from gait.ble.link import SILENT, SILENT_S, UNANSWERED, SilenceWatch, overdue_after_s
from gait.model import Connection, GaitError, Mark, Samples, Side
from gait.sensors import profile, shoegait_profile
from gait.sensors.profile import Expect
from gait.virtual import VirtualAir, VirtualShoe
from gait.virtual.client import VirtualClient

CONNECTED, LOST = Connection.CONNECTED, Connection.LOST
BACK_S = 10.0
LONG = 400 * 90


@pytest.fixture(autouse=True)
def sooner(monkeypatch) -> None:
    monkeypatch.setattr("gait.ble.link.SILENT_S", 1.0)
    monkeypatch.setattr("gait.ble.link.AGAIN_S", 0.5)


class Mute:
    """What it wraps is called but while `on`, and where `only` says so."""

    def __init__(self, call: Callable[..., Any], only: Callable[..., bool] = lambda *_: True):
        self.on = False
        self._call, self._only = call, only

    async def __call__(self, *args: Any) -> None:
        if not (self.on and self._only(*args)):
            await self._call(*args)


def radio_with(air: VirtualAir, client: type[VirtualClient]) -> Radio:
    client.air = air
    return Radio(air.radio.scanner_backend, client, air.radio.adapter_backend)


async def test_a_muted_shoe_is_lost_with_the_reason_and_back_when_it_speaks(monkeypatch) -> None:
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(LONG)) as shoe:
        mute = Mute(shoe.presence.notify)
        monkeypatch.setattr(shoe.presence, "notify", mute)
        async with ShoeStream(await scan(5, air.radio, enough=1), radio=air.radio) as stream:
            got = Gathered(stream)
            await got.packets()
            mute.on = True
            await got.until(lambda _: LOST in got.events, 8.0)
            await asyncio.sleep(1.2)
            assert got.events == [CONNECTED, LOST]
            mute.on = False
            await got.packets(seconds=BACK_S)
            assert got.events == [CONNECTED, LOST, CONNECTED]
            assert got.reasons() == [SILENT.format(seconds=1.5)]


async def test_a_shoe_that_stopped_by_itself_is_started_again_without_a_loss() -> None:
    async with (
        VirtualAir() as air,
        VirtualShoe(air, sensor(), noise(LONG)) as shoe,
        ShoeStream(await scan(5, air.radio, enough=1), radio=air.radio) as stream,
    ):
        got = Gathered(stream)
        await got.packets()
        await shoe.stop()
        await got.packets(seconds=BACK_S)
        assert got.events == [CONNECTED]


async def test_three_questions_for_the_time_without_an_answer_are_a_lost_link(monkeypatch) -> None:
    monkeypatch.setattr(shoegait_profile, "Expect", lambda uuid: Expect(uuid, 0.3))
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(LONG)) as shoe:
        control = shoe._attributes.control
        mute = Mute(shoe.presence.notify, lambda characteristic, *_: characteristic is control)
        monkeypatch.setattr(shoe.presence, "notify", mute)
        async with ShoeStream(await scan(5, air.radio, enough=1), radio=air.radio) as stream:
            got = Gathered(stream)
            await got.packets()
            mute.on = True
            await got.until(lambda _: LOST in got.events, 8.0)
            mute.on = False
            await got.packets(seconds=BACK_S)
            assert got.events == [CONNECTED, LOST, CONNECTED]
            assert got.reasons() == [UNANSWERED]


async def test_another_makers_sensor_that_stops_sending(monkeypatch) -> None:
    slow = noise(60 * 90)
    sent = Samples(slow.time_s * 400 / 60, slow.acc / 2, slow.gyr)
    async with VirtualAir() as air, Dot(air, sent) as dot:
        mute = Mute(dot.tell)
        monkeypatch.setattr(dot, "tell", mute)
        found = await scan(5, air.radio, enough=1, worn={Side.LEFT: dot.name})
        async with ShoeStream(found, radio=air.radio) as stream:
            got = Gathered(stream)
            await got.packets()
            mute.on = True
            await got.until(lambda _: LOST in got.events, 8.0)
            mute.on = False
            await got.packets(seconds=BACK_S)
            assert got.events == [CONNECTED, LOST, CONNECTED]
            assert "sent nothing" in got.reasons()[0]


class NeverTold(VirtualClient):
    """As with Bluetooth off and on under macOS: connected for ever, and no callback."""

    def _on_disconnection(self, _: int) -> None:
        pass


async def test_a_link_that_ends_without_a_word_is_found_out() -> None:
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(LONG)) as shoe:
        radio = radio_with(air, NeverTold)
        async with ShoeStream(await scan(5, radio, enough=1), radio=radio) as stream:
            got = Gathered(stream)
            await got.packets()
            await shoe.presence.break_link(0.0)
            await got.packets(seconds=BACK_S)
            assert got.events == [CONNECTED, LOST, CONNECTED]


@pytest.mark.parametrize("kind", [AssertionError, RuntimeError])
async def test_a_backend_that_fails_ends_a_link_and_not_the_recording(kind) -> None:
    class Failing(VirtualClient):
        failures = 0

        async def connect(self, pair, **kwargs):
            if Failing.failures:
                Failing.failures -= 1
                raise kind("self._bus")
            await super().connect(pair, **kwargs)

        async def write_gatt_char(self, characteristic, data, response):
            if Failing.failures:
                raise kind("self._bus")
            await super().write_gatt_char(characteristic, data, response)

    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(LONG)) as shoe:
        radio = radio_with(air, Failing)
        async with ShoeStream(await scan(5, radio, enough=1), radio=radio) as stream:
            got = Gathered(stream)
            await got.packets()
            Failing.failures = 2
            await got.packets()
            await shoe.presence.break_link(0.0)
            await got.until(lambda _: LOST in got.events, 3.0)
            await got.packets(seconds=BACK_S)
            assert got.events == [CONNECTED, LOST, CONNECTED]


@pytest.mark.parametrize("both", [False, True])
async def test_a_shoe_lost_while_the_other_connects(monkeypatch, both: bool) -> None:
    async with (
        VirtualAir() as air,
        VirtualShoe(air, sensor(Side.LEFT), noise(LONG)) as left,
        VirtualShoe(air, sensor(Side.RIGHT), noise(LONG)) as right,
    ):
        found = sorted(await scan(5, air.radio, enough=2), key=lambda sensor: sensor.name)
        stream = ShoeStream(found, radio=air.radio)
        open_right = stream._links[1].open

        async def open_and_lose_the_left() -> None:
            await open_right()
            for shoe in (left, right) if both else (left,):
                await shoe.presence.break_link(0.0)
            await asyncio.sleep(0.1)

        monkeypatch.setattr(stream._links[1], "open", open_and_lose_the_left)
        if both:
            with pytest.raises(GaitError, match="cannot be started"):
                await stream.__aenter__()
            return
        async with stream:
            got = Gathered(stream)
            await got.until(lambda items: count(items, 0) > 3 and count(items, 1) > 3, BACK_S)
            assert got.events_of(0) == [LOST, CONNECTED]
            assert got.events_of(1) == [CONNECTED]


async def test_a_machine_that_slept_says_so() -> None:
    slept = 100.0
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(LONG)):
        found = await scan(5, air.radio, enough=1)
        async with ShoeStream(found, radio=air.radio, slept_s=lambda: slept) as stream:
            got = Gathered(stream)
            await got.packets()
            slept += 37.0
            await got.until(lambda items: any(isinstance(i, Mark) for i in items), 3.0)
            (mark,) = [item for item in got.items if isinstance(item, Mark)]
            assert mark.text.startswith("this machine slept for 37 s")


async def test_a_program_that_stood_still_did_not_hear_nothing() -> None:
    """What waits in the socket is handed over after the first turn of the loop."""
    watch = SilenceWatch()
    loop = asyncio.get_running_loop()
    hearing = asyncio.create_task(watch.hears_within(1.0))
    await asyncio.sleep(0.1)
    began_s = loop.time()
    while loop.time() < began_s + 1.5:
        pass
    loop.call_later(0.1, watch.heard)
    assert await hearing


def test_what_is_overdue_follows_from_what_is_due(monkeypatch) -> None:
    monkeypatch.setattr("gait.ble.link.SILENT_S", SILENT_S)
    shoe, pod = profile("shoegait"), profile("running_pod")
    assert overdue_after_s(shoe, sensor(), 247) == SILENT_S
    assert overdue_after_s(shoe, sensor(rate_hz=13.0), 247) == pytest.approx(4 * 19 / 13)
    assert overdue_after_s(shoe, sensor(), None) == SILENT_S
    assert overdue_after_s(pod, sensor(rate_hz=1.0), 23) == 10.0
