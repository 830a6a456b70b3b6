"""A Movella DOT, after its BLE Service Specification.

All numbers are those of the document and none is taken from the code that talks to it.
"""

import struct

import numpy as np
from bumble.core import UUID
from bumble.gatt import Service

from gait.model import Samples
from gait.model.units import DEG_PER_RAD
from gait.virtual import VirtualAir
from peripherals.base import NOTIFY, READ, WRITE, Peripheral, notified, readable, written


def uuid(short: int) -> str:
    """The base UUID of the specification with the four digits of its tables."""
    return f"1517{short:04x}-4947-11e9-8646-d663bd873d93"


CONFIGURATION, INFO_UUID, DEVICE_UUID = uuid(0x1000), uuid(0x1001), uuid(0x1002)
MEASUREMENT, CONTROL_UUID, MEDIUM_UUID = uuid(0x2000), uuid(0x2001), uuid(0x2003)
BATTERY, BATTERY_UUID = uuid(0x3000), uuid(0x3001)
# Table 8: which fields of what is written are meant, and where they are.
OUTPUT_RATE, FILTER = 1 << 4, 1 << 5
RATE_AT, FILTER_AT = 24, 26
RATES_HZ = (1, 4, 10, 12, 15, 20, 30, 60)
# Table 12: type, then start or stop, then the payload mode.
MEASURE, RATE_QUANTITIES = 1, 21

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
        self.medium = notified(MEDIUM_UUID)
        self.modes: list[bytes] = []

    def services(self) -> list[Service]:
        async def set_device(_, data: bytes) -> None:
            (rate_hz,) = struct.unpack_from("<H", data, RATE_AT)
            if data[0] & OUTPUT_RATE and rate_hz in RATES_HZ:
                self.control[RATE_AT : RATE_AT + 2] = data[RATE_AT : RATE_AT + 2]
            if data[0] & FILTER:
                self.control[FILTER_AT] = data[FILTER_AT]

        async def measure(connection, data: bytes) -> None:
            self.modes.append(data)
            kind, going, mode = data
            if kind == MEASURE and going == 1 and mode == RATE_QUANTITIES:
                self.begin(connection)
            elif kind == MEASURE and going == 0:
                self.end()

        return [
            Service(
                UUID(CONFIGURATION),
                [
                    readable(INFO_UUID, INFO),
                    written(DEVICE_UUID, set_device, READ | WRITE, lambda _: bytes(self.control)),
                ],
            ),
            Service(
                UUID(MEASUREMENT),
                [written(CONTROL_UUID, measure, READ | WRITE), self.medium],
            ),
            Service(UUID(BATTERY), [notified_battery()]),
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
    level = readable(BATTERY_UUID, bytes([83, 0]))
    level.properties |= NOTIFY
    return level
