"""A WitMotion WT9011DCL, after the Bluetooth 5.0 communication protocol.

All numbers are those of the document and none is taken from the code that talks to it.
"""

import struct

import numpy as np
from bumble.core import UUID
from bumble.gatt import Service

from gait.model import Samples
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.virtual import VirtualAir
from peripherals.base import WRITE, Peripheral, notified, written

SERVICE_UUID = "0000ffe5-0000-1000-8000-00805f9a34fb"
NOTIFY_UUID = "0000ffe4-0000-1000-8000-00805f9a34fb"
WRITE_UUID = "0000ffe9-0000-1000-8000-00805f9a34fb"


class WitMotion(Peripheral):
    """`samples` are streamed from the subscription on, as the sensor does."""

    name = "WT901BLE67"

    def __init__(
        self, air: VirtualAir, samples: Samples, code: int | None = None, fixed: bool = False
    ) -> None:
        """`code`: of the rate, whatever is written; `fixed`: tells nothing but its rate."""
        super().__init__(air)
        self.samples = samples
        self.registers = {0x03: 6, 0x1F: 4, 0x20: 3, 0x21: 3}
        self.code = code
        self.fixed = fixed
        self.unlocked = False
        self.data = notified(NOTIFY_UUID)

    def services(self) -> list[Service]:
        async def command(connection, data: bytes) -> None:
            prefix, register, low, high = data[:2], data[2], data[3], data[4]
            assert prefix == b"\xff\xaa"
            if data == bytes.fromhex("ffaa6988b5"):
                self.unlocked = True
            elif register != 0x27:
                if self.unlocked:
                    self.registers[register] = low + 256 * high
            elif not self.fixed or low == 0x03:
                if self.code is not None:
                    self.registers[0x03] = self.code
                eight = [self.registers.get(low + i, 0) for i in range(8)]
                await self.tell(
                    connection, self.data, struct.pack("<2sBB8H", b"\x55\x71", low, 0, *eight)
                )
            if register == 0x27 and low == (0x03 if self.fixed else 0x1F):
                self.begin(connection)

        return [
            Service(
                UUID(SERVICE_UUID),
                [
                    written(
                        WRITE_UUID,
                        command,
                        WRITE | self.data.Properties.WRITE_WITHOUT_RESPONSE,
                    ),
                    self.data,
                ],
            )
        ]

    def packets(self):
        samples = self.samples
        for at_s, acc, gyr in zip(samples.time_s, samples.acc, samples.gyr, strict=True):
            yield float(at_s), self.data, frame(acc, gyr)


def frame(acc: np.ndarray, gyr: np.ndarray) -> bytes:
    raw = np.concatenate((acc / (16 * STANDARD_GRAVITY_M_S2), gyr * DEG_PER_RAD / 2000, [0, 0, 0]))
    steps = np.clip(np.rint(raw * 32768), -32768, 32767).astype("<i2")
    return b"\x55\x61" + steps.tobytes()
