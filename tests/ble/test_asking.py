"""What a sensor is asked for, and when that ends, against sensors that keep no promise."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from shoes_on_air import sensor

from gait.ble import retransmission as asking
from gait.ble.retransmission import Retransmission
from gait.model import Exchange
from gait.sensors import profile
from gait.sensors.profile import Expect, Write
from gait.sensors.shoegait_control import (
    Answer,
    Command,
    Opcode,
    Status,
    decode_answer,
    decode_command,
    encode_answer,
)


class Sensor:
    """A connection to a sensor that answers as `answer` says, and sends only what it is told to."""

    def __init__(self, answer: Callable[[Command], Answer], resends: bool = True) -> None:
        self.kept: list[Exchange] = []
        self.asking = Retransmission(1, profile("shoegait"), self._keep, lambda: 5.0)
        self.asking.connected(sensor(resends=resends))
        self._answer = answer
        self._news = asyncio.Event()

    async def run(self, dialogue: Any) -> Any:
        came = None
        answer = b""
        try:
            while True:
                request = dialogue.send(came)
                await asyncio.sleep(0)
                came = b""
                if isinstance(request, Write):
                    answer = encode_answer(self._answer(decode_command(request.data)))
                elif isinstance(request, Expect):
                    came = answer
        except StopIteration as end:
            return end.value

    def send(self, seq: int, again: bool = False) -> None:
        header = bytes([0x12 if again else 0x10, 1]) + seq.to_bytes(2, "little")
        self.asking.on_packet(header + (seq * 47_500).to_bytes(4, "little") + bytes(12))

    def asked(self, opcode: Opcode) -> list[Command]:
        commands = [decode_command(exchange.written) for exchange in self.kept]
        return [command for command in commands if command.opcode is opcode]

    async def until_asked(self, times: int) -> list[tuple[float, ...]]:
        """Wait for so many requests to resend; all that there were until then."""
        while len(rows := self.asked(Opcode.RESEND)) < times:
            self._news.clear()
            await self._news.wait()
        return [command.values for command in rows]

    def _keep(self, exchange: Exchange) -> None:
        self.kept.append(exchange)
        self._news.set()


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> None:
    for name in ("SETTLE_S", "BUSY_S", "STALL_S", "OFTEN_S", "FAILED_S"):
        monkeypatch.setattr(asking, name, 0.02)


async def for_a_while(sensor: Sensor, seconds: float = 0.3) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(seconds):
            await sensor.asking.ask(sensor)  # type: ignore[arg-type]


def promises(command: Command) -> Answer:
    if command.opcode is Opcode.RESEND:
        return Answer(command.opcode, Status.DONE, command.values)
    return Answer(command.opcode, Status.DONE, (77,))


async def test_what_was_promised_and_does_not_come_is_asked_for_again_and_then_given_up() -> None:
    shoe = Sensor(promises)
    for seq in (1, 2, 6, 7, 9):
        shoe.send(seq)
    await for_a_while(shoe)
    rows = [command.values for command in shoe.asked(Opcode.RESEND)]
    assert rows == [(3, 3), (8, 1)] * asking.STALLS
    assert all((e.device, e.host_s, e.took_s) == (1, 5.0, 0.0) for e in shoe.kept)


async def test_what_comes_is_asked_for_once() -> None:
    shoe = Sensor(promises)
    for seq in (1, 4):
        shoe.send(seq)
    task = asyncio.create_task(for_a_while(shoe))
    await shoe.until_asked(1)
    for seq in (2, 3):
        shoe.send(seq, again=True)
    await task
    assert [command.values for command in shoe.asked(Opcode.RESEND)] == [(2, 2)]


async def test_a_busy_sensor_is_asked_until_it_is_not() -> None:
    answers = iter([Answer(Opcode.RESEND, Status.BUSY)] * 3)
    gone = Answer(Opcode.RESEND, Status.DONE, (2, 0))
    shoe = Sensor(lambda c: next(answers, gone) if c.opcode is Opcode.RESEND else promises(c))
    for seq in (1, 4):
        shoe.send(seq)
    await for_a_while(shoe)
    assert [command.values for command in shoe.asked(Opcode.RESEND)] == [(2, 2)] * 4


@pytest.mark.parametrize("answer", [(2, 0), (9_000, 5), (2, 0xFFFF)])
async def test_an_answer_that_is_none_does_not_lead_to_asking_for_ever(answer) -> None:
    shoe = Sensor(
        lambda c: (
            Answer(c.opcode, Status.DONE, answer) if c.opcode is Opcode.RESEND else promises(c)
        )
    )
    for seq in (1, 4):
        shoe.send(seq)
    await for_a_while(shoe)
    assert len(shoe.asked(Opcode.RESEND)) <= asking.STALLS


async def test_the_older_part_is_asked_for_when_the_newer_was_not_all() -> None:
    def the_newest_two(command: Command) -> Answer:
        first, count = map(int, command.values) if command.values else (0, 0)
        kept = min(2, count)
        return Answer(command.opcode, Status.DONE, (first + count - kept, kept))

    shoe = Sensor(lambda c: the_newest_two(c) if c.opcode is Opcode.RESEND else promises(c))
    for seq in (1, 7):
        shoe.send(seq)
    task = asyncio.create_task(for_a_while(shoe))
    assert await shoe.until_asked(3) == [(2, 5), (2, 3), (2, 1)]
    for seq in range(2, 7):
        shoe.send(seq, again=True)
    await task


async def test_a_sensor_that_tells_no_time_or_resends_nothing_is_let_alone() -> None:
    shoe = Sensor(lambda c: Answer(c.opcode, Status.UNKNOWN_OPCODE))
    for seq in (1, 4):
        shoe.send(seq)
    async with asyncio.timeout(5):  # it returns
        await shoe.asking.ask(shoe)  # type: ignore[arg-type]
    assert len(shoe.asked(Opcode.QUERY_TIME)) == 1
    assert not shoe.asked(Opcode.RESEND)  # refused, so not even kept
    plain = Sensor(promises, resends=False)
    for seq in (1, 4):
        plain.send(seq)
    await for_a_while(plain)
    assert len(plain.asked(Opcode.QUERY_TIME)) > 5
    assert not plain.asked(Opcode.RESEND)


async def test_nothing_is_asked_before_anything_came() -> None:
    shoe = Sensor(promises)
    await for_a_while(shoe, 0.1)
    await shoe.asking.ask_for_the_rest(shoe)  # type: ignore[arg-type]
    assert shoe.kept == []


async def test_the_rest_is_what_is_missing_and_what_came_after() -> None:
    shoe = Sensor(promises)
    for seq in (1, 2, 5):
        shoe.send(seq)
    task = asyncio.create_task(shoe.asking.ask_for_the_rest(shoe))  # type: ignore[arg-type]
    assert await shoe.until_asked(2) == [(6, asking.MOST_AFTER), (3, 2)]
    async with asyncio.timeout(5):  # nothing comes, and it returns all the same
        await task


class Tardy(Sensor):
    """Answers the second question for its time so late that the third hears it first."""

    def __init__(self) -> None:
        super().__init__(promises)
        self.now_us = 0
        self._late: list[bytes] = []
        self._questions = 0

    async def run(self, dialogue: Any) -> Any:
        request = next(dialogue)
        try:
            while True:
                await asyncio.sleep(0)
                came = b""
                if isinstance(request, Write):
                    self._questions += 1
                    self.now_us += 1_000_000
                    answer = Answer(Opcode.QUERY_TIME, Status.DONE, (self.now_us,))
                    self._late.append(encode_answer(answer))
                elif isinstance(request, Expect):
                    if self._questions == 2 and len(self._late) == 1:
                        dialogue.throw(TimeoutError())
                    came = self._late.pop(0)
                    if len(self._late) == 1:
                        asyncio.get_running_loop().call_soon(self._late.clear)  # nobody listens
                request = dialogue.send(came)
        except StopIteration as end:
            return end.value


async def test_a_late_answer_is_not_taken_for_that_to_the_next_question() -> None:
    shoe = Tardy()
    shoe.send(1)
    await for_a_while(shoe)
    told = [decode_answer(exchange.answer).values[0] for exchange in shoe.kept]
    asked = len(told)
    assert asked > 3
    # the second was never answered in time, and the third heard its answer and was not kept
    assert told[:3] == [1_000_000, 4_000_000, 5_000_000]
