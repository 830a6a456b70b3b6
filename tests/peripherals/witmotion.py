"""A WitMotion WT9011DCL, after the Bluetooth 5.0 communication protocol."""

import struct

import numpy as np
from bumble.core import UUID
from bumble.gatt import Service

from gait.model import Samples
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.sensors import witmotion
from gait.virtual import VirtualAir
from peripherals.base import WRITE, Peripheral, notified, written


class WitMotion(Peripheral):
    """`samples` are streamed from the subscription on, as the sensor does."""

    name = "WT901BLE67"

    def __init__(self, air: VirtualAir, samples: Samples, code: int = 11) -> None:
        super().__init__(air)
        self.samples = samples
        self.rate = 6
        self.code = code  # what this model calls 200 Hz
        self.unlocked = False
        self.data = notified(witmotion.NOTIFY_UUID)

    def services(self) -> list[Service]:
        async def command(connection, data: bytes) -> None:
            if data == witmotion.UNLOCK:
                self.unlocked = True
            elif data[:3] == b"\xff\xaa\x03" and self.unlocked:
                self.rate = self.code if data[3] == 11 else data[3]
            elif data[:3] == b"\xff\xaa\x27":
                answer = b"\x55\x71" + struct.pack("<9H", data[3], self.rate, *[0] * 7)
                await self.tell(connection, self.data, answer)
                self.begin(connection)

        return [
            Service(
                UUID(witmotion.SERVICE_UUID),
                [
                    written(
                        witmotion.WRITE_UUID,
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
