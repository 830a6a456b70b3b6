"""A Movesense sensor with the GATT sensor data app, after GSP version 1.

All numbers are those of the document and none is taken from the code that talks to it.
"""

import struct

import numpy as np
from bumble.core import UUID
from bumble.gatt import Service

from gait.model import Samples
from gait.model.units import DEG_PER_RAD
from gait.virtual import VirtualAir
from peripherals.base import WRITE, Peripheral, notified, written

SERVICE_UUID = "34802252-7185-4d5d-b431-630e7050e8f0"
COMMAND_UUID = "34800001-7185-4d5d-b431-630e7050e8f0"
DATA_UUID = "34800002-7185-4d5d-b431-630e7050e8f0"
HELLO, SUBSCRIBE, UNSUBSCRIBE = 0, 1, 2
COMMAND_RESULT, DATA, DATA_PART2 = 1, 2, 3
OK, NOT_FOUND = 200, 404
PATHS = {f"/Meas/IMU6/{rate_hz}" for rate_hz in (13, 26, 52, 104, 208, 416, 833, 1666)}

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
        self.reference = 0  # chosen by who subscribes
        self.data = notified(DATA_UUID)

    def services(self) -> list[Service]:
        async def command(connection, data: bytes) -> None:
            code, reference = data[:2]
            if code == HELLO:
                answer = bytes([COMMAND_RESULT, reference]) + b"Hello"
                await self.tell(connection, self.data, answer)
            elif code == SUBSCRIBE:
                path = data[2:].decode()
                self.paths.append(path)
                status = OK if path in PATHS else NOT_FOUND
                if self.answers:
                    answer = struct.pack("<BBH", COMMAND_RESULT, reference, status)
                    await self.tell(connection, self.data, answer)
                if status == OK:
                    self.reference = reference
                    self.begin(connection)
            elif code == UNSUBSCRIBE and reference == self.reference:
                self.end()

        return [
            Service(
                UUID(SERVICE_UUID),
                [written(COMMAND_UUID, command, WRITE), self.data],
            )
        ]

    def packets(self):
        samples = self.samples
        for first in range(0, len(samples), TOGETHER):
            part = samples[first : first + TOGETHER]
            for payload in packets(self.reference, part.time_s[0], part.acc, part.gyr):
                yield float(part.time_s[-1]), self.data, payload


def packets(reference: int, at_s: float, acc: np.ndarray, gyr: np.ndarray) -> list[bytes]:
    """One notification, or two where one is too small."""
    values = np.concatenate((acc.ravel(), gyr.ravel() * DEG_PER_RAD)).astype("<f4").tobytes()
    whole = struct.pack("<BBI", DATA, reference, round(at_s * 1000)) + values
    if len(whole) <= MOST_BYTES:
        return [whole]
    rest = bytes([DATA_PART2, reference]) + whole[MOST_BYTES:]
    return [whole[:MOST_BYTES], rest]
