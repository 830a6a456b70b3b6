"""The dialogues for resending and logs, held with a virtual shoe."""

import pytest
from dialogues import converse
from plain_host import PlainHost, plain_host
from shoes_on_air import noise, sensor

from gait.model import GaitError
from gait.sensors import shoegait, shoegait_profile
from gait.sensors.profile import NO_LOG, Expect, LogState, Write
from gait.sensors.shoegait_control import Opcode
from gait.sensors.shoegait_log import LogParts, crc
from gait.virtual import Flash, VirtualAir, VirtualShoe


async def hold(host: PlainHost, dialogue):
    """What the dialogue returns."""
    came = answer = b""
    try:
        while True:
            request = dialogue.send(came or None)
            if isinstance(request, Write):
                came, answer = b"", await host.write(request.data)
            else:
                assert isinstance(request, Expect)
                came = answer
    except StopIteration as end:
        return end.value


async def test_a_log_from_begin_to_clear():
    samples = noise(900)
    whole = [payload for _, payload in shoegait.encode(samples, sensor(), 247)]
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), samples, flash=Flash()) as shoe,
        plain_host(air) as host,
    ):
        assert await hold(host, shoegait_profile.status()) == NO_LOG
        assert await hold(host, shoegait_profile.begin_log(1_748_757_600_000)) == (1, 0)
        await shoe.finished.wait()
        with pytest.raises(GaitError, match="refused to clear its log: it is busy"):
            await hold(host, shoegait_profile.clear(1, 0, 0))
        await hold(host, shoegait_profile.end_log())
        said = await hold(host, shoegait_profile.status())
        assert (said.log, said.state, said.packets) == (1, LogState.STOPPED, len(whole))
        assert (await hold(host, shoegait_profile.times(1))).host_ms == 1_748_757_600_000
        assert await hold(host, shoegait_profile.read(1, 3, 10**6)) == len(whole) - 3
        await host.wait_for(lambda: len(host.came) == len(whole) - 3)
        together = LogParts(1)
        assert [together.add(part) for part in host.came] == list(enumerate(whole))[3:]
        assert await hold(host, shoegait_profile.check(1, 3, 9)) == crc(whole[3:12])
        with pytest.raises(GaitError, match="nothing was cleared"):
            await hold(host, shoegait_profile.clear(1, len(whole), 5))
        await hold(host, shoegait_profile.clear(1, len(whole), crc(whole)))
        assert await hold(host, shoegait_profile.status(1)) == NO_LOG


async def test_a_resend_and_its_refusals():
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(900), ring_s=60) as shoe,
        plain_host(air) as host,
    ):
        await host.ask(Opcode.START)
        await shoe.finished.wait()
        assert await hold(host, shoegait_profile.resend(5, 3)) == (5, 3)
        assert await hold(host, shoegait_profile.resend(5000, 3)) == (5000, 0)
        async with shoe.outbox._turn:
            answers = [await hold(host, shoegait_profile.resend(i, 2)) for i in range(5)]
        assert answers[-1] is None
        with pytest.raises(GaitError, match="does not know this command"):
            await hold(host, shoegait_profile.status())


async def test_the_room_that_is_left_in_seconds():
    flash = Flash(size=100 * 236 + 50, most_logs=1)
    async with (
        VirtualAir(speed=None) as air,
        VirtualShoe(air, sensor(), noise(19 * 40), flash=flash) as shoe,
        plain_host(air) as host,
    ):
        assert await hold(host, shoegait_profile.room_s(sensor())) == 100 * 19 / 400
        await hold(host, shoegait_profile.begin_log(0))
        await shoe.finished.wait()
        assert await hold(host, shoegait_profile.room_s(sensor())) == 60 * 19 / 400
        await hold(host, shoegait_profile.end_log())
        assert await hold(host, shoegait_profile.room_s(sensor())) == 0  # there is no other log


def test_an_older_firmware_does_not_tell_its_room():
    _, room = converse(shoegait_profile.room_s(sensor()), [bytes([Opcode.LOG_ROOM, 1])])
    assert room is None
