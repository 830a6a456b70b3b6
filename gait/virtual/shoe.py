"""A virtual shoe: a Bluetooth LE peripheral that behaves as docs/protocol.md says.

The packets of a virtual shoe, made one by one from samples that are all there.

What goes out on the stream of a virtual shoe: live packets, and in turn with them the rest.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Self

import numpy as np
from bumble.device import Connection
from numpy.typing import NDArray

from gait.model import Samples, SensorInfo
from gait.sensors.profile import ATT_BYTES
from gait.sensors.shoegait import HEADER_BYTES, LOG_MTU, TIME_MODULO_US, Flag, encode
from gait.sensors.shoegait_control import Signal, encode_answer
from gait.sensors.shoegait_info import (
    FIRST_VERSION,
    VERSION,
    Feature,
    add_features,
    encode_info,
)
from gait.virtual.air import VirtualAir
from gait.virtual.bonds import Bonds
from gait.virtual.control_point import Answers
from gait.virtual.faults import FaultInjector
from gait.virtual.memory import Flash, Ring
from gait.virtual.pace import Pace
from gait.virtual.peripheral import UNENCRYPTED_S, Attributes, Presence

_AHEAD = 4096  # samples quantised at once, so that memory does not grow with the run


class PacketMaker:
    """Makes the packets that `encode` would make of all samples, as the MTU of the moment allows.

    `made` counts them; the sequence number goes on over pauses.
    """

    def __init__(self, samples: Samples, info: SensorInfo, first_seq: int, offset_us: int) -> None:
        self.made = 0
        self._samples = samples
        self._info = info
        self._first_seq = first_seq
        self._offset_us = offset_us
        self._next = 0
        self._ahead: Iterator[tuple[slice, bytes]] = iter(())
        self._ahead_mtu = 0
        self._ahead_start = self._ahead_end = 0

    @property
    def used_up(self) -> bool:
        return self._next >= len(self._samples)

    def skip(self, first: int) -> None:
        """Leave out the samples before `first`, where there are any; the next packet says so."""
        if first <= self._next:
            return
        skipped_any = self._next > 0
        self._next = min(first, len(self._samples))
        self._ahead_mtu = 0
        if skipped_any and not self.used_up:
            breaks = self._samples.breaks.copy()
            breaks[self._next] = True
            self._samples = Samples(
                self._samples.time_s, self._samples.acc, self._samples.gyr, breaks
            )

    def start_anew(self, first: int, offset_us: int) -> None:
        """After a reboot: go on at sample `first`, with sequence number 0 and another clock."""
        self._next = min(max(first, self._next), len(self._samples))
        self._first_seq = -self.made
        self._offset_us = offset_us
        self._ahead_mtu = 0

    def make(self, mtu: int) -> tuple[slice, bytes]:
        """The next packet, and which samples it carries."""
        if mtu != self._ahead_mtu:
            self._look_ahead(mtu)
        while True:
            part, payload = next(self._ahead, (None, b""))
            last = self._ahead_end == len(self._samples)
            if part is not None and (part.stop < self._ahead_end - self._ahead_start or last):
                break
            self._look_ahead(mtu)  # the last one might be longer with the samples after it
        start = self._ahead_start
        carried = slice(start + part.start, start + part.stop)
        self._next = carried.stop
        self.made += 1
        return carried, payload

    def _look_ahead(self, mtu: int) -> None:
        self._ahead_mtu = mtu
        self._ahead_start = self._next
        self._ahead_end = min(self._next + _AHEAD, len(self._samples))
        self._ahead = encode(
            self._samples[self._ahead_start : self._ahead_end],
            self._info,
            mtu,
            self._first_seq + self.made,
            self._offset_us,
        )


MOST_WAITING = 4  # RESEND requests that are not served yet


class Outbox:
    """Sends by `notify`, one at a time and in the order asked for: the live packet, which is
    `send`, waits for at most one of those that `resend` and `read` put in."""

    def __init__(self, notify: Callable[[bytes], Awaitable[None]]) -> None:
        self._notify = notify
        self._turn = asyncio.Lock()
        self._resends: deque[Iterator[bytes]] = deque()
        self._reading: Iterator[bytes] = iter(())
        self._working: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        return len(self._resends) >= MOST_WAITING

    async def send(self, payload: bytes) -> None:
        async with self._turn:
            await self._notify(payload)

    def resend(self, packets: Iterator[bytes]) -> None:
        self._resends.append(packets)

    def read(self, parts: Iterator[bytes]) -> None:
        """Parts of a log, instead of those asked for before."""
        self._reading = parts

    def go(self) -> None:
        """Begin to send what was put in, if there is any."""
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())

    def forget(self) -> None:
        self._resends.clear()
        self._reading = iter(())

    async def close(self) -> None:
        self.forget()
        if self._working is not None:
            self._working.cancel()
            await asyncio.wait({self._working})

    async def _work(self) -> None:
        while (payload := self._next()) is not None:
            await self.send(payload)
            await asyncio.sleep(0)  # a live packet may be ready

    def _next(self) -> bytes | None:
        while self._resends:
            payload = next(self._resends[0], None)
            if payload is not None:
                return payload
            self._resends.popleft()
        return next(self._reading, None)


FIFO_S = 0.1  # samples so old still wait in the sensor when the stream starts
BOOT_S = 0.5
PACE_EVERY_S = 1.0


class VirtualShoe:
    """A shoe that has `samples` to stream; an async context manager that switches it on and off.

    samples         : as the sensor measures them: sensor axes, times of its own clock
    due_s           : (n,) seconds of the run at which each sample is taken; without it the
                      sensor's clock is right: its time less that of the first sample
    mtu             : the largest it agrees to, 23 to 247
    offset_us       : added to the samples' times, to choose where the 32 bits wrap
    first_seq       : sequence number of the first packet
    battery_pct     : level when switched on; falls by 1 every `battery_s_per_pct` s of the run
    ring_s          : it keeps the packets of so many seconds and resends them; 0 for an older
                      shoe, which does not know the command
    flash           : it logs to this; None for an older shoe
    bonds           : it pairs with hosts and remembers them here; None for one that does not.
                      Where it serves paired hosts alone it speaks version 2 of the protocol, else
                      the first
    unencrypted_s   : seconds after which it breaks off a link that is not encrypted, in version 2
    vibrates        : it has a motor
    drop            : (from, to) seconds of the run in which packets are made and not sent
    disconnect_at   : seconds of the run at which it breaks the link and advertises again, or
                      (from, to) for a link that breaks and cannot be had again until `to`
    reboot_at       : seconds of the run at which sequence, clock and memory begin anew
    gone_at         : second of the run at which its battery is empty, and it is gone for good
    faults        : what happens to its stream on the way
    on_made         : called with the first sample's number and the bytes of every packet as it is
                      made, sent or not

    While nobody streams from the shoe and it neither logs nor fills its ring for a link that was
    lost, the run goes on without it, and the samples of that time are lost; but for an air with
    `speed` None, where it goes on where it was. `finished` is set when the samples are used up or
    it is gone, `identified` has the signals it was asked for.
    """

    def __init__(
        self,
        air: VirtualAir,
        info: SensorInfo,
        samples: Samples,
        *,
        due_s: NDArray[np.float64] | None = None,
        mtu: int = 247,
        offset_us: int = 0,
        first_seq: int = 0,
        battery_pct: int = 90,
        battery_s_per_pct: float = 300.0,
        ring_s: float = 0.0,
        flash: Flash | None = None,
        bonds: Bonds | None = None,
        unencrypted_s: float = UNENCRYPTED_S,
        vibrates: bool = True,
        drop: Sequence[tuple[float, float]] = (),
        disconnect_at: Sequence[float | tuple[float, float]] = (),
        reboot_at: Sequence[float] = (),
        gone_at: float = np.inf,
        faults: FaultInjector | None = None,
        on_made: Callable[[int, bytes], None] = lambda *_: None,
    ) -> None:
        if len(samples) == 0:
            raise ValueError("a shoe needs samples")
        self.info = info
        paired_only = bonds is not None and bonds.required
        self.version = VERSION if paired_only else FIRST_VERSION
        tells_pace = paired_only and info.has_gyroscope
        self.presence = Presence(
            air, info, mtu, bonds, self._on_lost, unencrypted_s, pace=tells_pace
        )
        self.finished = asyncio.Event()
        self.identified: list[Signal] = []
        self.ring = Ring(ring_s) if ring_s > 0 else None
        self.flash = flash
        self.features = (
            (Feature.RESENDS if self.ring is not None else Feature(0))
            | (Feature.LOGS if flash is not None else Feature(0))
            | (Feature.VIBRATES if vibrates else Feature(0))
            | (Feature.BONDS if bonds is not None else Feature(0))
            | (Feature.PACE if tells_pace else Feature(0))
        )
        self.outbox = Outbox(self._notify)
        self._answers = Answers(self)
        self._air = air
        self._offset_us = offset_us
        self._battery = (battery_pct, battery_s_per_pct)
        self._told_pct = battery_pct
        self._drop = list(drop)
        self._disconnect_at = sorted(
            at if isinstance(at, tuple) else (at, at) for at in disconnect_at
        )
        self._reboot_at = sorted(reboot_at)
        self._gone_at = gone_at
        self._faults = faults or FaultInjector()
        self._on_made = on_made
        self._time_s = samples.time_s
        self._due_s = samples.time_s - samples.time_s[0] if due_s is None else due_s
        self._packets = PacketMaker(samples, info, first_seq, offset_us)
        self._sampling: asyncio.Task[None] | None = None
        self._streams = False
        self._stream_mtu = LOG_MTU
        self._started = asyncio.Event()
        self._give_up_s = -np.inf  # until then it makes packets for a link that was lost
        self._attributes = Attributes(
            info,
            self._on_command,
            lambda: add_features(encode_info(info, self.version), self.features),
            lambda: bytes([self.battery_pct]),
            paired_only=paired_only,
            on_pace=self._on_pace if tells_pace else None,
            paced=lambda: self._pace is not None,
        )
        self._pace: Pace | None = None  # while a host subscribes to it
        self._pace_at_s = 0.0  # second of the run at which it is told next

    @property
    def name(self) -> str:
        """As it is advertised."""
        return self.presence.name

    @property
    def address(self) -> str:
        return self.presence.address

    @property
    def sampling(self) -> bool:
        return self._sampling is not None and not self._sampling.done()

    @property
    def streaming(self) -> bool:
        return self._streams and self.sampling

    @property
    def logging(self) -> bool:
        return self.flash is not None and self.flash.logging is not None

    @property
    def packets_made(self) -> int:
        """Packets so far, sent or dropped."""
        return self._packets.made

    @property
    def battery_pct(self) -> int:
        full, s_per_pct = self._battery
        return max(1, full - int(self._air.time.run_s / s_per_pct))

    @property
    def device_s(self) -> float:
        """The sensor's clock now, in s; a reboot does not change it."""
        return float(np.interp(self._air.time.run_s, self._due_s, self._time_s))

    @property
    def device_us(self) -> int:
        """The shoe's clock now, in µs, as on the wire."""
        return (round(self.device_s * 1e6) + self._offset_us) % TIME_MODULO_US

    @property
    def mtu(self) -> int:
        return self.presence.mtu

    async def __aenter__(self) -> Self:
        self._air.time.expect(self)
        await self.presence.switch_on(self._attributes)
        self._boot()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._air.time.withdraw(self)
        self.presence.forget_plans()
        await self._stop_sampling()
        await self.outbox.close()
        await self.presence.switch_off()
        self.presence.forget_plans()  # to be found again

    def start(self) -> None:
        """Stream to whoever is connected."""
        if not self._streams:
            self.presence.ask_for_interval()
        self._streams = True
        self._started.set()
        self._sample_on()

    async def stop(self) -> None:
        """Stream no more, and send nothing of what was asked for."""
        self._streams = False
        self._give_up_s = -np.inf
        self.outbox.forget()
        if not self.logging and self._pace is None:
            await self._stop_sampling()

    def log(self) -> None:
        """Sample for the log that was begun."""
        self._started.set()
        self._sample_on()

    async def stop_log(self) -> None:
        if self.flash is not None:
            self.flash.stop()
        if not self._streams and self._pace is None:
            await self._stop_sampling()

    async def reboot(self) -> None:
        """Sequence, clock and all but the flash begin anew; a log that went on gets a successor."""
        self._streams = False
        await self._stop_sampling()
        await self.presence.break_link(self._air.time.run_s + BOOT_S)
        if self.ring is not None:
            self.ring.forget()
        awake_s = self._air.time.run_s + BOOT_S
        awake = int(np.searchsorted(self._due_s, awake_s))
        self._offset_us = -round(float(np.interp(awake_s, self._due_s, self._time_s)) * 1e6)
        self._packets.start_anew(awake, self._offset_us)
        self._boot()

    def _boot(self) -> None:
        if self.flash is not None and self.flash.boot() and self.flash.begin(0, self.device_s):
            self.log()

    def _on_pace(self, wanted: bool) -> None:
        self._pace = Pace(self.info) if wanted else None
        if wanted:
            self._started.set()
            self._sample_on()

    async def _tell_pace(self, part: slice, due_s: float, payload: bytes) -> None:
        """Reckon with the samples of a packet, and notify once a second."""
        pace, told_by = self._pace, self._attributes.pace
        if pace is None or told_by is None:
            return
        raw = np.frombuffer(payload[HEADER_BYTES:], "<i2").reshape(-1, 6)
        time_us = np.rint(self._time_s[part] * 1e6).astype(np.int64)
        pace.push(raw, time_us.tolist(), bool(payload[0] & Flag.LOST_BEFORE))
        if due_s >= self._pace_at_s:
            self._pace_at_s = due_s + PACE_EVERY_S
            measured = pace.measurement(int(time_us[-1]))
            if measured is not None:
                await self.presence.notify(told_by, measured, subscribed=True)

    def _on_lost(self) -> None:
        self._pace = None
        self.outbox.forget()
        self._faults.forget()
        if not self._streams:
            return
        self._streams = False
        if self.ring is not None:
            self._give_up_s = self._air.time.run_s + self.ring.seconds
        elif not self.logging and self._sampling is not None:
            self._sampling.cancel()

    async def _on_command(self, _: Connection, data: bytes) -> None:
        answer = await self._answers.answer(data)
        await self.presence.notify(self._attributes.control, encode_answer(answer))
        self.outbox.go()

    def _sample_on(self) -> None:
        if not self.sampling:
            self._sampling = asyncio.create_task(self._sample())

    async def _stop_sampling(self) -> None:
        if self._sampling is not None and self._sampling is not asyncio.current_task():
            self._sampling.cancel()
            await asyncio.wait({self._sampling})
            self._sampling = None

    async def _sample(self) -> None:
        time = self._air.time
        try:
            await time.begin(self)
            if time.speed is not None:
                oldest_s = time.run_s - FIFO_S * max(1.0, time.speed)
                self._packets.skip(int(np.searchsorted(self._due_s, oldest_s)))
            while not self._packets.used_up:
                part, payload = self._packets.make(self._packet_mtu())
                due_s = float(self._due_s[part.stop - 1])
                await time.until(self, due_s)
                self._keep(part.start, due_s, payload)
                dropped = any(a <= due_s < b for a, b in self._drop)
                if self._streams and not dropped and self._fits(payload):
                    await self.outbox.send(payload)
                await self._tell_pace(part, due_s, payload)
                await self._tell_battery()
                if not await self._goes_on(due_s):
                    return
            if self._streams:
                await self._notify_all(self._faults.rest())
            self.finished.set()
        finally:
            time.leave(self)

    def _packet_mtu(self) -> int:
        """For which MTU to make packets: that of the link, as long as it may come back."""
        if self._streams and self.presence.link:
            self._stream_mtu = self.mtu
        elif self._air.time.run_s >= self._give_up_s:
            self._stream_mtu = LOG_MTU
        return self._stream_mtu

    def _fits(self, payload: bytes) -> bool:
        """One that was begun before START may be too long for this link, and is not streamed."""
        return len(payload) <= self.mtu - ATT_BYTES

    def _keep(self, first: int, due_s: float, payload: bytes) -> None:
        self._on_made(first, payload)
        if self.ring is not None:
            self.ring.add(int.from_bytes(payload[2:4], "little"), due_s, payload)
        if self.flash is not None:
            self.flash.write(payload, float(self._time_s[first]))

    async def _goes_on(self, due_s: float) -> bool:
        """Let happen what happens at this second; whether there is a reason to sample on."""
        if due_s >= self._gone_at:
            self.presence.after(self._go_for_good())
            return False
        if self._reboot_at and due_s >= self._reboot_at[0]:
            self._reboot_at.pop(0)
            self.presence.after(self.reboot())
            return False
        if self._disconnect_at and due_s >= self._disconnect_at[0][0]:
            _, until_s = self._disconnect_at.pop(0)
            await self.presence.break_link(until_s)
        if self.presence.link is None and self._air.time.speed is None:
            await asyncio.sleep(0)  # nobody slows it down
        if self._streams or self.logging or self._pace is not None:
            return True
        if self.ring is None:
            return False
        if self._air.time.speed is None:
            self._air.time.leave(self)
            self._started.clear()
            await self._started.wait()
            return True
        return due_s < self._give_up_s

    async def _go_for_good(self) -> None:
        self._streams = False
        await self.presence.break_link(np.inf)
        self.finished.set()

    async def _notify(self, payload: bytes) -> None:
        await self._notify_all(self._faults.arriving(payload, self._air.time.run_s))

    async def _notify_all(self, payloads: Sequence[bytes]) -> None:
        for payload in payloads:
            await self.presence.notify(self._attributes.stream, payload)

    async def _tell_battery(self) -> None:
        if self.battery_pct != self._told_pct and self.presence.link is not None:
            self._told_pct = self.battery_pct
            await self.presence.notify(self._attributes.battery)
