"""Movella DOT (formerly Xsens DOT), v1 and v2.

Source: Movella, "Movella DOT BLE Service Specification" (rev. C, 2023): tables 5 to 8 (device info
and control), 12 to 17 (measurement), 20 (battery); the order of subscribing and starting is its
section 3.8. Cross-checked with the open client github.com/adamkewley/xdc and the vendor's own
github.com/xsens/xsens_dot_server.

Payload mode 21, "rate quantities": one sample a notification on the medium characteristic, uint32
µs, 3 float32 m/s², 3 float32 deg/s, little endian, zeros behind. The sensor measures at 800 Hz and
sends what that integrates to, so peaks are smoothed; streaming ends at 60 Hz. The ranges are those
of the data sheet, as no characteristic tells them.
"""

import struct
from collections.abc import Sequence

from gait.model import InputError, Packet, SensorInfo
from gait.model.packets import Frames
from gait.model.units import RAD_PER_DEG
from gait.sensors.assembly import Assembly, Counted, floats
from gait.sensors.profile import (
    Profile,
    Read,
    Ready,
    SetUp,
    Steps,
    Subscribe,
    Wanted,
    Write,
)

NAME = "movella_dot"


def uuid(short: int) -> str:
    return f"1517{short:04x}-4947-11e9-8646-d663bd873d93"


CONFIGURATION, INFO_UUID, DEVICE_UUID = uuid(0x1000), uuid(0x1001), uuid(0x1002)
CONTROL_UUID, MEDIUM_UUID, BATTERY_UUID = uuid(0x2001), uuid(0x2003), uuid(0x3001)

RATES_HZ = (1, 4, 10, 12, 15, 20, 30, 60)
RATE_QUANTITIES = 21
START = bytes([1, 1, RATE_QUANTITIES])
STOP = bytes([1, 0, RATE_QUANTITIES])
SET_RATE_AND_FILTER = 0b110000
DYNAMIC = 1  # the filter for fast and jerky motion
DEVICE_BYTES, RATE_AT = 32, 24
SAMPLE_BYTES = 28
ACC_RANGE_G = 16.0
GYR_RANGE_DPS = 2000.0
TIME_MODULO_US = 1 << 32


def set_up(wanted: Wanted) -> SetUp:
    info = yield Read(INFO_UUID)
    device = yield Read(DEVICE_UUID)
    if len(info) < 28 or len(device) < RATE_AT + 3:
        raise InputError(f"The sensor {wanted.name} is no DOT that is known; update its firmware.")
    rate_hz = RATES_HZ[-1] if wanted.rate_hz is None else int(wanted.rate_hz)
    remarks: tuple[str, ...] = ()
    if rate_hz not in RATES_HZ:
        rate_hz = RATES_HZ[-1]
        remarks = (f"A DOT streams at {rate_hz} Hz at most, and that is used.",)
    changed = bytearray(device)
    changed[0] = SET_RATE_AND_FILTER
    struct.pack_into("<HB", changed, RATE_AT, rate_hz, DYNAMIC)
    yield Write(DEVICE_UUID, bytes(changed))
    told = yield Read(DEVICE_UUID)
    taken = int.from_bytes(told[RATE_AT : RATE_AT + 2], "little")
    if taken not in RATES_HZ:
        raise InputError(f"The sensor {wanted.name} is set to {taken} Hz; restart it.")
    (serial,) = struct.unpack_from("<Q", info, 20)
    return Ready(
        SensorInfo(
            side=wanted.foot,
            rate_hz=float(taken),
            acc_range_g=ACC_RANGE_G,
            gyr_range_dps=GYR_RANGE_DPS,
            profile=NAME,
            name=wanted.name,
            address=wanted.address,
            serial=f"{serial:X}",
            firmware=".".join(str(part) for part in info[6:9]),
        ),
        remarks,
    )


def start(_: SensorInfo) -> Steps:
    yield Subscribe(MEDIUM_UUID)
    yield Write(CONTROL_UUID, START)


def stop() -> Steps:
    yield Write(CONTROL_UUID, STOP)


class Decoder:
    def __init__(self, info: SensorInfo) -> None:
        self._info = info
        self._counted = Counted(info.rate_hz, TIME_MODULO_US)

    def push(self, packets: Sequence[Packet]) -> Frames:
        assembly = Assembly(self._info)
        for i, packet in enumerate(packets):
            payload = packet.payload
            if len(payload) < SAMPLE_BYTES:
                assembly.refuse(i, f"It has {len(payload)} bytes, and a sample {SAMPLE_BYTES}.")
                continue
            device_us = int.from_bytes(payload[:4], "little")
            sample = floats(payload[4:SAMPLE_BYTES], 6)
            seq, lost = self._counted.number(device_us, 1)
            assembly.add(i, seq, device_us, lost, sample[:, :3], sample[:, 3:] * RAD_PER_DEG)
        return assembly.frames()


PROFILE = Profile(
    name=NAME,
    services=(CONFIGURATION,),
    names=("Movella DOT", "Xsens DOT"),
    streams=(MEDIUM_UUID,),
    set_up=set_up,
    start=start,
    stop=stop,
    decoder=Decoder,
    packets_per_s=lambda info, _mtu: info.rate_hz,  # a sample each
    time_modulo_us=TIME_MODULO_US,
    battery_uuid=BATTERY_UUID,
    cannot=(
        "a Movella DOT smooths over 1/60 s before it sends, so whatever depends on the shock of "
        "landing is missing or blunted",
    ),
)
