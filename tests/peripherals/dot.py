"""A Movella DOT, after its BLE Service Specification."""

import struct

import numpy as np
from bumble.core import UUID
from bumble.gatt import Service

from gait.model import Samples
from gait.model.units import DEG_PER_RAD
from gait.sensors import movella_dot as dot
from gait.virtual import VirtualAir
from peripherals.base import NOTIFY, READ, WRITE, Peripheral, notified, readable, written

INFO = (
    bytes.fromhex("0102030405d4")
    + bytes([3, 0, 0])
    + struct.pack("<HBBBBB", 2023, 5, 9, 1, 2, 3)
    + struct.pack("<IQ", 0, 0xD422CD001234)
    + b"XS-T02"
)


class Dot(Peripheral):
    name = "Movella DOT"

    def __init__(self, air: VirtualAir, samples: Samples, first_us: int = 0) -> None:
        super().__init__(air)
        self.samples = samples
        self.first_us = first_us
        self.control = bytearray(32)
        self.control[7:] = struct.pack("<B16sHB5x", 11, b"Movella DOT", 30, 0)
        self.medium = notified(dot.MEDIUM_UUID)
        self.modes: list[bytes] = []

    def services(self) -> list[Service]:
        async def set_device(_, data: bytes) -> None:
            self.control[:] = data

        async def measure(connection, data: bytes) -> None:
            self.modes.append(data)
            if data[1]:
                self.begin(connection)
            else:
                self.end()

        return [
            Service(
                UUID(dot.CONFIGURATION),
                [
                    readable(dot.INFO_UUID, INFO),
                    written(
                        dot.DEVICE_UUID, set_device, READ | WRITE, lambda _: bytes(self.control)
                    ),
                ],
            ),
            Service(
                UUID(dot.uuid(0x2000)),
                [written(dot.CONTROL_UUID, measure, READ | WRITE), self.medium],
            ),
            Service(UUID(dot.uuid(0x3000)), [notified_battery()]),
        ]

    def packets(self):
        for at_s, acc, gyr in zip(
            self.samples.time_s, self.samples.acc, self.samples.gyr, strict=True
        ):
            yield float(at_s), self.medium, packet(self.first_us + at_s * 1e6, acc, gyr)


def packet(at_us: float, acc: np.ndarray, gyr: np.ndarray) -> bytes:
    values = (*acc, *(gyr * DEG_PER_RAD))
    return struct.pack("<I6f", round(at_us) % 2**32, *values) + bytes(12)


def notified_battery():
    level = readable(dot.BATTERY_UUID, bytes([83, 0]))
    level.properties |= NOTIFY
    return level
