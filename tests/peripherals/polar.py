"""A Polar Verity Sense, after the Polar Measurement Data specification.

All numbers are those of the document and none is taken from the code that talks to it.
"""

import struct

import numpy as np
from bumble.core import UUID
from bumble.gatt import Service

from gait.model import Samples
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.virtual import VirtualAir
from peripherals.base import INDICATE, READ, WRITE, Peripheral, notified, written

SERVICE_UUID = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL_UUID = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA_UUID = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"
GET_SETTINGS, START, STOP = 1, 2, 3  # commands
ACC, GYRO, SDK_MODE = 2, 5, 9  # measurement types
RATE, RESOLUTION, RANGE, CHANNELS, FACTOR = 0, 1, 2, 4, 5  # settings
SUCCESS, INVALID_OP_CODE, INVALID_TYPE = 0, 1, 2
INVALID_RESOLUTION, INVALID_RATE, INVALID_RANGE, INVALID_CHANNELS = 7, 8, 9, 11
BITS, AXES = 16, 3

EPOCH_NS = 761_500_000 * 10**9  # since 2000
STEP_DPS = 0.07
SLOW, FAST = (52,), (26, 52, 104, 208, 416)
REACHES = {
    ACC: {SLOW: (8,), FAST: (2, 4, 8, 16)},
    GYRO: {SLOW: (2000,), FAST: (250, 500, 1000, 2000)},
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
        self.running: dict[int, dict[int, int]] = {}
        self.control = written(CONTROL_UUID, self._command, READ | WRITE | INDICATE)
        self.data = notified(DATA_UUID)
        self.listened_to = False
        self.data.on("subscription", self._on_subscription)

    def _on_subscription(self, _, notify: bool, indicate: bool) -> None:
        self.listened_to = notify

    def on_connection(self, connection) -> None:
        """It forgets who listened, and that it was in SDK mode; it goes on measuring."""
        super().on_connection(connection)
        self.listened_to, self.rates = False, SLOW

    def services(self) -> list[Service]:
        return [Service(UUID(SERVICE_UUID), [self.control, self.data])]

    async def _command(self, connection, data: bytes) -> None:
        error, settings = self._done(connection, data)
        answer = bytes([0xF0, *data[:2], error]) + (b"" if error else bytes([0]) + settings)
        await self.tell(connection, self.control, answer)

    def _done(self, connection, data: bytes) -> tuple[int, bytes]:
        command, measurement = data[:2]
        if command not in (GET_SETTINGS, START, STOP):
            return INVALID_OP_CODE, b""
        if measurement not in (ACC, GYRO) and not (self.has_sdk_mode and measurement == SDK_MODE):
            return INVALID_TYPE, b""
        if command == STOP:
            self.running.pop(measurement, None)
            self.end()
            return SUCCESS, b""
        if measurement == SDK_MODE:
            self.rates = FAST
            return SUCCESS, b""
        if command == GET_SETTINGS:
            reaches = REACHES[measurement][self.rates]
            return SUCCESS, (
                bytes([RATE, len(self.rates)])
                + struct.pack(f"<{len(self.rates)}H", *self.rates)
                + bytes.fromhex("01011000")
                + bytes([RANGE, len(reaches)])
                + struct.pack(f"<{len(reaches)}H", *reaches)
                + bytes.fromhex("040103")
            )
        asked = settings_of(data[2:])
        wrong = {
            INVALID_RESOLUTION: asked[RESOLUTION] != BITS,
            INVALID_RATE: asked[RATE] not in self.rates,
            INVALID_RANGE: asked[RANGE] not in REACHES[measurement][self.rates],
            INVALID_CHANNELS: asked[CHANNELS] != AXES,
        }
        if any(wrong.values()):
            return next(error for error, is_so in wrong.items() if is_so), b""
        self.running[measurement] = asked
        if len(self.running) == 2 and self.listened_to:
            self.begin(connection)
        factor = STEP_DPS if measurement == GYRO else self.acc_factor
        if factor is None:
            return SUCCESS, b""
        return SUCCESS, bytes([FACTOR, 1]) + struct.pack("<f", factor)

    def packets(self):
        samples = self.samples
        half_s = 0.5 * float(np.median(np.diff(samples.time_s)))
        mid = 0.5 * (samples.gyr[:-1] + samples.gyr[1:])
        frames = [
            *_frames(
                ACC,
                self.acc_frame_type,
                samples.time_s,
                samples.acc / (self.acc_step_g * STANDARD_GRAVITY_M_S2),
                36,
            ),
            *_frames(GYRO, 0x80, samples.time_s[:-1] + half_s, mid * DEG_PER_RAD / STEP_DPS, 29),
        ]
        for at_s, payload in sorted(frames):
            yield at_s, self.data, payload


def settings_of(data: bytes) -> dict[int, int]:
    """Those of a start: kind, how many values (one each), and the value."""
    found, at = {}, 0
    while at < len(data):
        kind, count = data[at], data[at + 1]
        width = {RATE: 2, RESOLUTION: 2, RANGE: 2, CHANNELS: 1}[kind]
        assert count == 1
        found[kind] = int.from_bytes(data[at + 2 : at + 2 + width], "little")
        at += 2 + width
    return found


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
