"""WitMotion's Bluetooth 5 sensors: WT9011DCL, WT901BLECL, BWT901BLE.

Source: WitMotion, "Bluetooth 5.0 communication protocol" (wit-motion.gitbook.io) and the data sheet
of the WT901BLECL, section 6; the vendor's client github.com/WITMOTION/WitBluetooth_BWT901BLE5_0
gives the UUIDs, whose tail 9a34fb is no slip of ours.

A frame of 20 bytes: 55 61, then acc, gyr and angle as 3 int16 each, little endian, of ±16 g,
±2000 deg/s and ±180°; some models put 8 bytes of date and time behind it, which are left unread.
Frames carry no number, and of the time at most milliseconds: `Paced` counts them. Commands are
FF AA register low high; a read is FF AA 27 register 00 and is answered by a frame 55 71.

Each frame is a notification of its own, and few links carry 200 of them a second, so 100 are asked
for. What is written is read back, and what the registers hold decides: the rate (03), the low-pass
(1F, by default 20 Hz, which hides every shock), the ranges (20, 21). The settings are not saved,
so the sensor is as before once it was switched off.
"""

import struct
from collections.abc import Generator, Sequence

import numpy as np

from gait.model import InputError, Packet, SensorInfo
from gait.model.packets import Frames
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2
from gait.sensors.assembly import Assembly, Paced
from gait.sensors.profile import (
    Expect,
    Profile,
    Ready,
    Request,
    SetUp,
    Steps,
    Subscribe,
    Wanted,
    Write,
)

NAME = "witmotion"
SERVICE_UUID = "0000ffe5-0000-1000-8000-00805f9a34fb"
NOTIFY_UUID = "0000ffe4-0000-1000-8000-00805f9a34fb"
WRITE_UUID = "0000ffe9-0000-1000-8000-00805f9a34fb"

CODES = {10: 6, 20: 7, 50: 8, 100: 9, 200: 11}
RATES_HZ = {code: rate for rate, code in CODES.items()} | {10: 125}
USUAL_HZ = 100
RATE_REGISTER = 0x03
LOWPASS_REGISTER = 0x1F  # the gyroscope's and the accelerometer's range come behind it
LOWPASS_HZ = (256.0, 188.0, 98.0, 42.0, 20.0, 10.0, 5.0)  # by code
USUAL_LOWPASS = 4  # code, as it comes from the maker
GYR_RANGES_DPS = (250.0, 500.0, 1000.0, 2000.0)  # by code
ACC_RANGES_G = (2.0, 4.0, 8.0, 16.0)
WIDEST = 3
UNLOCK = bytes.fromhex("ffaa6988b5")
MOST_FRAMES_BEFORE_AN_ANSWER = 60  # it streams while it answers

MOTION, REGISTERS = b"\x55\x61", b"\x55\x71"
FRAME_BYTES, DATED_BYTES = 20, 28
ACC_RANGE_G = 16.0
GYR_RANGE_DPS = 2000.0
FULL_SCALE = 32768
TIME_MODULO_US = 1 << 62  # ours: it counts


def write_register(register: int, value: int) -> bytes:
    return struct.pack("<BBBH", 0xFF, 0xAA, register, value)


def read_registers(first: int) -> bytes:
    """Asks for eight registers from one on."""
    return bytes([0xFF, 0xAA, 0x27, first, 0])


def set_up(wanted: Wanted) -> SetUp:
    side = wanted.foot
    rate_hz = USUAL_HZ if wanted.rate_hz is None else int(wanted.rate_hz)
    yield Subscribe(NOTIFY_UUID)
    yield Write(WRITE_UUID, UNLOCK)
    if rate_hz in CODES:
        yield Write(WRITE_UUID, write_register(RATE_REGISTER, CODES[rate_hz]))
    for number, code in enumerate((0, WIDEST, WIDEST)):
        yield Write(WRITE_UUID, write_register(LOWPASS_REGISTER + number, code))
    rate = yield from _registers(RATE_REGISTER, 1)
    in_force = RATES_HZ.get(rate[0]) if rate else None
    if in_force is None:
        raise InputError(
            f"The sensor {wanted.name} does not say at which rate it sends; switch it off and on "
            "and try again."
        )
    remarks = []
    if in_force != rate_hz:
        remarks.append(f"The sensor sends at {in_force} Hz, not at the {rate_hz} Hz asked for.")
    told = yield from _registers(LOWPASS_REGISTER, 3)
    if told is None:
        remarks.append(
            "The sensor does not say how it smooths; its maker's 20 Hz are assumed, so shock and "
            "impact are not measured."
        )
    lowpass, gyr_range, acc_range = told or (USUAL_LOWPASS, WIDEST, WIDEST)
    return Ready(
        SensorInfo(
            side=side,
            rate_hz=float(in_force),
            acc_range_g=_of(ACC_RANGES_G, acc_range, ACC_RANGES_G[WIDEST]),
            gyr_range_dps=_of(GYR_RANGES_DPS, gyr_range, GYR_RANGES_DPS[WIDEST]),
            lowpass_hz=_of(LOWPASS_HZ, lowpass, LOWPASS_HZ[USUAL_LOWPASS]),
            profile=NAME,
            name=wanted.name,
            address=wanted.address,
        ),
        tuple(remarks),
    )


def _registers(first: int, count: int) -> Generator[Request, bytes, tuple[int, ...] | None]:
    """What so many registers from one on hold; None where the sensor does not answer."""
    yield Write(WRITE_UUID, read_registers(first))
    for _ in range(MOST_FRAMES_BEFORE_AN_ANSWER):
        told = yield Expect(NOTIFY_UUID)
        if told[:4] == REGISTERS + bytes([first, 0]) and len(told) >= 4 + 2 * count:
            return struct.unpack_from(f"<{count}H", told, 4)
    return None


def _of(values: Sequence[float], code: int, otherwise: float) -> float:
    return values[code] if code < len(values) else otherwise


def start(_: SensorInfo) -> Steps:
    """It streams to whoever subscribes."""
    yield Subscribe(NOTIFY_UUID)


def stop() -> Steps:
    yield from ()


class Decoder:
    def __init__(self, info: SensorInfo) -> None:
        self._info = info
        self._paced = Paced(info.rate_hz)
        self._seq = -1

    def push(self, packets: Sequence[Packet]) -> Frames:
        assembly = Assembly(self._info)
        for i, packet in enumerate(packets):
            payload = packet.payload
            if payload[:2] == REGISTERS:
                continue
            frames = self._frames(payload)
            if frames is None:
                assembly.refuse(i, f"{payload[:2].hex()}… is no frame of this sensor.")
                continue
            first_s, lost = self._paced.time(packet.host_s, len(frames))
            self._seq += 1
            assembly.add(
                i,
                self._seq,
                round(first_s * 1e6),
                lost,
                frames[:, :3] * (ACC_RANGE_G * STANDARD_GRAVITY_M_S2 / FULL_SCALE),
                frames[:, 3:6] * (GYR_RANGE_DPS * RAD_PER_DEG / FULL_SCALE),
            )
        return assembly.frames()

    def _frames(self, payload: bytes) -> np.ndarray | None:
        """(n, 9) int16 of one frame or several back to back, None where it is anything else."""
        length = DATED_BYTES if len(payload) == DATED_BYTES else FRAME_BYTES
        parts = [payload[at : at + length] for at in range(0, len(payload), length)]
        if not parts or any(len(p) != length or p[:2] != MOTION for p in parts):
            return None
        return np.frombuffer(b"".join(p[2:FRAME_BYTES] for p in parts), "<i2").reshape(-1, 9)


PROFILE = Profile(
    name=NAME,
    services=(SERVICE_UUID,),
    names=("WT901", "BWT901"),
    streams=(NOTIFY_UUID,),
    set_up=set_up,
    start=start,
    stop=stop,
    decoder=Decoder,
    timed=False,
    packets_per_s=lambda info, _mtu: info.rate_hz,  # a frame each
    time_modulo_us=TIME_MODULO_US,
    cannot=(
        "a WitMotion sensor sends no time with its samples, so times are counted at the pace of "
        "their arrival, what is lost in between is seen only where three tenths of a second are "
        "missing, and left against right is less certain than it looks",
    ),
)
