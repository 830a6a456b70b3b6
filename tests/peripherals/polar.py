"""A Polar Verity Sense, after the Polar Measurement Data specification."""

import struct

import numpy as np
from bumble.core import UUID
from bumble.gatt import Service

from gait.model import Samples
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.sensors import polar
from gait.virtual import VirtualAir
from peripherals.base import INDICATE, READ, WRITE, Peripheral, notified, written

EPOCH_NS = 761_500_000 * 10**9  # since 2000
STEP_DPS = 0.07
SLOW, FAST = (52,), (26, 52, 104, 208, 416)
REACHES = {
    polar.ACC: {SLOW: (8,), FAST: (2, 4, 8, 16)},
    polar.GYRO: {SLOW: (2000,), FAST: (250, 500, 1000, 2000)},
}


class VeritySense(Peripheral):
    """Rotation is sampled half a period after acceleration, and in frames of another size.

    acc_factor     : what it says of its acceleration as it starts; None: nothing
    acc_step_g     : what a raw step is in fact
    acc_frame_type : 0x81 as real ones send, or 0x80
    """

    name = "Polar Sense 8FE8352A"
    advertised = ("180d", "feee")

    def __init__(
        self,
        air: VirtualAir,
        samples: Samples,
        *,
        sdk_mode: bool = True,
        acc_factor: float | None = None,
        acc_step_g: float = 0.001,
        acc_frame_type: int = 0x81,
    ) -> None:
        super().__init__(air)
        self.samples = samples
        self.acc_factor = acc_factor
        self.acc_step_g = acc_step_g
        self.acc_frame_type = acc_frame_type
        self.has_sdk_mode = sdk_mode
        self.rates = SLOW
        self.running: dict[int, polar.Settings] = {}
        self.control = written(polar.CONTROL_UUID, self._command, READ | WRITE | INDICATE)
        self.data = notified(polar.DATA_UUID)
        self.listened_to = False
        self.data.on("subscription", self._on_subscription)

    def _on_subscription(self, _, notify: bool, indicate: bool) -> None:
        self.listened_to = notify

    def on_connection(self, connection) -> None:
        """It forgets who listened, and that it was in SDK mode; it goes on measuring."""
        super().on_connection(connection)
        self.listened_to, self.rates = False, SLOW

    def services(self) -> list[Service]:
        return [Service(UUID(polar.SERVICE_UUID), [self.control, self.data])]

    async def _command(self, connection, data: bytes) -> None:
        error, settings = self._done(connection, data)
        answer = bytes([0xF0, *data[:2], error]) + (b"" if error else bytes([0]) + settings)
        await self.tell(connection, self.control, answer)

    def _done(self, connection, data: bytes) -> tuple[int, bytes]:
        command, measurement = data[:2]
        if command == polar.STOP:
            self.running.pop(measurement, None)
            self.end()
            return polar.DONE, b""
        if measurement == polar.SDK_MODE:
            self.rates = FAST if self.has_sdk_mode else SLOW
            return (0, b"") if self.has_sdk_mode else (2, b"")
        if command == polar.GET_SETTINGS:
            reaches = REACHES[measurement][self.rates]
            return polar.DONE, (
                bytes([polar.RATE, len(self.rates)])
                + struct.pack(f"<{len(self.rates)}H", *self.rates)
                + bytes.fromhex("01011000")
                + bytes([polar.RANGE, len(reaches)])
                + struct.pack(f"<{len(reaches)}H", *reaches)
                + bytes.fromhex("040103")
            )
        asked = polar.settings_of(data[2:])
        if asked[polar.RATE][0] not in self.rates:
            return 8, b""
        self.running[measurement] = asked
        if len(self.running) == 2 and self.listened_to:
            self.begin(connection)
        factor = STEP_DPS if measurement == polar.GYRO else self.acc_factor
        if factor is None:
            return polar.DONE, b""
        return polar.DONE, bytes([polar.FACTOR, 1]) + struct.pack("<f", factor)

    def packets(self):
        samples = self.samples
        half_s = 0.5 * float(np.median(np.diff(samples.time_s)))
        mid = 0.5 * (samples.gyr[:-1] + samples.gyr[1:])
        frames = [
            *_frames(
                polar.ACC,
                self.acc_frame_type,
                samples.time_s,
                samples.acc / (self.acc_step_g * STANDARD_GRAVITY_M_S2),
                36,
            ),
            *_frames(
                polar.GYRO, 0x80, samples.time_s[:-1] + half_s, mid * DEG_PER_RAD / STEP_DPS, 29
            ),
        ]
        for at_s, payload in sorted(frames):
            yield at_s, self.data, payload


def _frames(kind: int, frame_type: int, time_s: np.ndarray, values: np.ndarray, together: int):
    raw = np.rint(values).astype(np.int64)
    for first in range(0, len(raw), together):
        part = raw[first : first + together]
        last_s = float(time_s[min(first + together, len(raw)) - 1])
        head = struct.pack("<BQB", kind, EPOCH_NS + round(last_s * 1e9), frame_type)
        yield last_s, head + compressed(part)


def compressed(raw: np.ndarray) -> bytes:
    """(n, 3) int: the first as it is, and the differences in a block of as few bits as will do."""
    changes = np.diff(raw, axis=0)
    first = struct.pack("<3h", *raw[0])
    if not len(changes):
        return first
    bits = 1 + max(int(abs(int(v)) if v >= 0 else -int(v) - 1).bit_length() for v in changes.flat)
    packed = 0
    for i, change in enumerate(changes.flat):
        packed |= (int(change) & ((1 << bits) - 1)) << (i * bits)
    size = (changes.size * bits + 7) // 8
    return first + bytes([bits, len(changes)]) + packed.to_bytes(size, "little")
