"""What a virtual shoe answers to each command of its control point."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from gait.sensors.profile import ATT_BYTES, NO_LOG, UNKNOWN_MS, LogState, LogStatus, LogTime
from gait.sensors.shoegait import (
    LOG_MTU,
    TIME_MODULO_US,
    Flag,
    packet_bytes,
    samples_per_packet,
)
from gait.sensors.shoegait_control import (
    Answer,
    Command,
    Opcode,
    RefusedError,
    Signal,
    Status,
    decode_command,
)
from gait.sensors.shoegait_info import FIRST_VERSION, Feature
from gait.sensors.shoegait_log import crc, split
from gait.virtual.memory import Flash, Log, Ring

if TYPE_CHECKING:
    from gait.virtual.shoe import VirtualShoe

_LOG_COMMANDS = range(Opcode.LOG_START, Opcode.LOG_ROOM + 1)


class Answers:
    """Does what a command says with `shoe`, and gives the answer; commands of what the shoe lacks
    are unknown to it."""

    def __init__(self, shoe: "VirtualShoe") -> None:
        self._shoe = shoe

    async def answer(self, written: bytes) -> Answer:
        """To what was written, whatever it is."""
        shoe = self._shoe
        opcode = written[0] if written else 0
        if (opcode == Opcode.RESEND and shoe.ring is None) or (
            opcode in _LOG_COMMANDS and shoe.flash is None
        ):
            return Answer(opcode, Status.UNKNOWN_OPCODE)
        try:
            command = decode_command(written)
        except RefusedError as refused:
            return refused.answer
        values = tuple(int(value) for value in command.values)
        if shoe.flash is not None and command.opcode in _LOG_COMMANDS:
            return await self._log(command.opcode, values, shoe.flash)
        if shoe.ring is not None and command.opcode is Opcode.RESEND:
            return self._resend(values[0], values[1], shoe.ring)
        match command.opcode:
            case Opcode.START:
                self._shoe.start()
            case Opcode.STOP:
                await self._shoe.stop()
            case Opcode.SET_RATE:
                return self._set(command, (self._shoe.info.rate_hz,))
            case Opcode.SET_RANGES:
                info = self._shoe.info
                return self._set(command, (info.acc_range_g or 0.0, info.gyr_range_dps or 0.0))
            case Opcode.QUERY_TIME:
                return Answer(command.opcode, Status.DONE, self._time())
            case Opcode.IDENTIFY:
                return self._identify(values[0])
        return Answer(command.opcode, Status.DONE)

    def _time(self) -> tuple[int, ...]:
        told = (self._shoe.device_us,)
        return told if self._shoe.version == FIRST_VERSION else (*told, self._shoe.battery_pct)

    def _set(self, command: Command, in_force: tuple[float, ...]) -> Answer:
        """The samples are as they are, so only what is in force already can be set."""
        if self._shoe.streaming or self._shoe.logging:
            return Answer(command.opcode, Status.BUSY, in_force)
        same = np.allclose(command.values, in_force, rtol=0, atol=0.005)
        return Answer(command.opcode, Status.DONE if same else Status.NOT_SUPPORTED, in_force)

    def _identify(self, signal: int) -> Answer:
        able = self._shoe.features & Feature.VIBRATES or signal != Signal.VIBRATE
        if signal not in list(Signal) or not able:
            return Answer(Opcode.IDENTIFY, Status.NOT_SUPPORTED)
        self._shoe.identified.append(Signal(signal))
        return Answer(Opcode.IDENTIFY, Status.DONE)

    def _resend(self, first: int, count: int, ring: Ring) -> Answer:
        if self._shoe.outbox.busy:
            return Answer(Opcode.RESEND, Status.BUSY)
        first, count = ring.available(first, count, self._shoe.mtu - ATT_BYTES)
        if count:
            self._shoe.outbox.resend(map(_marked, ring.again(first, count)))
        return Answer(Opcode.RESEND, Status.DONE, (first, count))

    async def _log(self, opcode: Opcode, values: tuple[int, ...], flash: Flash) -> Answer:
        done = Answer(opcode, Status.DONE)
        if opcode is Opcode.LOG_START:
            return self._begin(values[0], flash)
        if opcode is Opcode.LOG_STOP:
            await self._shoe.stop_log()
            return done
        if opcode is Opcode.LOG_ROOM:
            return self._room(flash)
        number, *named = values
        log = flash.find(number)
        if log is None and opcode is Opcode.LOG_STATUS and number == 0:
            return Answer(opcode, Status.DONE, NO_LOG)
        if log is None:
            return Answer(opcode, Status.NOT_THERE)
        match opcode:
            case Opcode.LOG_STATUS:
                return Answer(opcode, Status.DONE, self._status(log, len(flash.logs)))
            case Opcode.LOG_TIME:
                return Answer(opcode, Status.DONE, self._times(log, flash.boots))
            case Opcode.LOG_READ:
                return self._read(log, named[0], named[1])
            case Opcode.LOG_CHECK:
                first, count = named
                if first + count > len(log.packets):
                    return Answer(opcode, Status.NOT_THERE)
                return Answer(opcode, Status.DONE, (crc(log.packets[first : first + count]),))
        if log.state is LogState.LOGGING:
            return Answer(opcode, Status.BUSY)
        if named != [len(log.packets), log.crc]:
            return Answer(opcode, Status.MISMATCH)
        flash.clear(log)
        return done

    def _begin(self, host_ms: int, flash: Flash) -> Answer:
        log = flash.logging or flash.begin(host_ms, self._shoe.device_s)
        if log is None:
            return Answer(Opcode.LOG_START, Status.FULL)
        self._shoe.log()
        return Answer(Opcode.LOG_START, Status.DONE, (log.number, self._shoe.device_us))

    def _room(self, flash: Flash) -> Answer:
        acc_only = not self._shoe.info.has_gyroscope
        one = packet_bytes(samples_per_packet(LOG_MTU, acc_only), acc_only)
        return Answer(Opcode.LOG_ROOM, Status.DONE, (flash.room() // one,))

    def _status(self, log: Log, kept: int) -> LogStatus:
        first_us, last_us = 0, 0
        if log.packets:
            first_us, last_us = (
                int.from_bytes(packet[4:8], "little") % TIME_MODULO_US
                for packet in (log.packets[0], log.packets[-1])
            )
        return LogStatus(log.number, log.state, kept, len(log.packets), first_us, last_us)

    def _times(self, log: Log, boot: int) -> LogTime:
        wait_ms, since_ms = 0, UNKNOWN_MS
        if log.packets:
            wait_ms = round((log.first_s - log.began_s) * 1e3)
            if log.boot == boot:
                since_ms = round((self._shoe.device_s - log.last_s) * 1e3)
        return LogTime(log.number, log.host_ms, max(0, wait_ms), max(0, since_ms))

    def _read(self, log: Log, first: int, count: int) -> Answer:
        coming = max(0, min(count, len(log.packets) - first))
        self._shoe.outbox.read(self._parts(log, first, coming))
        return Answer(Opcode.LOG_READ, Status.DONE, (first, coming))

    def _parts(self, log: Log, first: int, count: int) -> Iterator[bytes]:
        for index, packet in enumerate(islice(log.packets, first, first + count), first):
            yield from split(log.number, index, packet, self._shoe.mtu)


def _marked(packet: bytes) -> bytes:
    return bytes([packet[0] | Flag.RESENT]) + packet[1:]
