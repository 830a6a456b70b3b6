"""A Movesense sensor with the GATT sensor data app, after GSP version 1."""

import struct

import numpy as np
from bumble.core import UUID
from bumble.gatt import Service

from gait.model import Samples
from gait.model.units import DEG_PER_RAD
from gait.sensors import movesense
from gait.virtual import VirtualAir
from peripherals.base import WRITE, Peripheral, notified, written

TOGETHER = 8  # samples a notification
MOST_BYTES = 155  # of one notification


class Movesense(Peripheral):
    name = "Movesense 204730000081"
    advertised = ("fe06",)
    mtu = MOST_BYTES + 3

    def __init__(self, air: VirtualAir, samples: Samples, *, answers: bool = True) -> None:
        super().__init__(air)
        self.samples = samples
        self.answers = answers  # the app's first version answers no SUBSCRIBE
        self.paths: list[str] = []
        self.data = notified(movesense.DATA_UUID)

    def services(self) -> list[Service]:
        async def command(connection, data: bytes) -> None:
            code, reference = data[:2]
            if code == movesense.HELLO:
                await self.tell(connection, self.data, bytes([1, reference]) + b"Hello")
            elif code == movesense.SUBSCRIBE:
                self.paths.append(data[2:].decode())
                if self.answers:
                    await self.tell(connection, self.data, struct.pack("<BBH", 1, reference, 200))
                self.begin(connection)
            else:
                self.end()

        return [
            Service(
                UUID(movesense.SERVICE_UUID),
                [written(movesense.COMMAND_UUID, command, WRITE), self.data],
            )
        ]

    def packets(self):
        samples = self.samples
        for first in range(0, len(samples), TOGETHER):
            part = samples[first : first + TOGETHER]
            for payload in packets(part.time_s[0], part.acc, part.gyr):
                yield float(part.time_s[-1]), self.data, payload


def packets(at_s: float, acc: np.ndarray, gyr: np.ndarray) -> list[bytes]:
    """One notification, or two where one is too small."""
    reference = movesense.IMU_REFERENCE
    values = np.concatenate((acc.ravel(), gyr.ravel() * DEG_PER_RAD)).astype("<f4").tobytes()
    whole = struct.pack("<BBI", movesense.DATA, reference, round(at_s * 1000)) + values
    if len(whole) <= MOST_BYTES:
        return [whole]
    rest = bytes([movesense.DATA_CONTINUED, reference]) + whole[MOST_BYTES:]
    return [whole[:MOST_BYTES], rest]
