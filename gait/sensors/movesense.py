"""Movesense sensors that run the vendor's GATT sensor data app.

Source: Movesense, "GATT SensorData Protocol specification" (movesense.com/docs/esw/
gatt_sensordata_protocol), and the app of the vendor's device library with its Python and web
clients (samples/gatt_sensordata_app, as in github.com/JonasPrimbs/movesense-ble-ecg-firmware).

A command is a code, a reference that we choose, and data; what is notified begins with its kind
and the reference. /Meas/IMU6/RATE notifies uint32 ms, then all accelerations, then all angular
rates, as 3 float32 each, in m/s² and deg/s, little endian; what does not fit one notification goes
on in a second one of kind 3. (github.com/noduslabs/movesense-nodejs-driver reads samples of six in
turn; the vendor's clients read blocks, and so do we.)

The ranges cannot be asked for or set this way: those below are the defaults of the vendor's API.
Times are of whole milliseconds. The simplest version of the app does not answer SUBSCRIBE, so no
answer is no error; a refusal is one.
"""

import math
import struct
from collections.abc import Generator, Sequence

from gait.model import GaitError, InputError, Packet, SensorInfo
from gait.model.packets import Frames
from gait.model.units import RAD_PER_DEG
from gait.sensors.assembly import Assembly, Counted, floats
from gait.sensors.profile import (
    ATT_BYTES,
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

NAME = "movesense"
SERVICE_UUID = "34802252-7185-4d5d-b431-630e7050e8f0"
COMMAND_UUID = "34800001-7185-4d5d-b431-630e7050e8f0"
DATA_UUID = "34800002-7185-4d5d-b431-630e7050e8f0"

HELLO, SUBSCRIBE, UNSUBSCRIBE = 0, 1, 2
RESPONSE, DATA, DATA_CONTINUED = 1, 2, 3
HELLO_REFERENCE, IMU_REFERENCE = 1, 99
RATES_HZ = (13, 26, 52, 104, 208, 416)
ACC_RANGE_G = 8.0
GYR_RANGE_DPS = 2000.0
ANSWER_S = 1.0
TIME_MODULO_US = (1 << 32) * 1000

_HEADER = struct.Struct("<BBI")
_SAMPLE_BYTES = 24
TOGETHER = 8  # samples a block at the rates that matter for a link; fewer at the slowest
PARTS = 2  # notifications a block: eight samples do not fit the one that the app makes


def set_up(wanted: Wanted) -> SetUp:
    rate_hz = 208 if wanted.rate_hz is None else int(wanted.rate_hz)
    remarks: tuple[str, ...] = ()
    if rate_hz not in RATES_HZ:
        offered = ", ".join(str(rate) for rate in RATES_HZ)
        remarks = (f"A Movesense sensor has {offered} Hz and not {rate_hz}; it sends 208.",)
        rate_hz = 208
    yield Subscribe(DATA_UUID)
    yield Write(COMMAND_UUID, bytes([UNSUBSCRIBE, IMU_REFERENCE]))  # of a session cut off
    yield Write(COMMAND_UUID, bytes([HELLO, HELLO_REFERENCE]))
    hello = yield from _answer(HELLO_REFERENCE)
    if hello is None:
        raise InputError(
            f"The sensor {wanted.name} does not answer; put the GATT sensor data app on it."
        )
    return Ready(
        SensorInfo(
            side=wanted.foot,
            rate_hz=float(rate_hz),
            acc_range_g=ACC_RANGE_G,
            gyr_range_dps=GYR_RANGE_DPS,
            profile=NAME,
            name=wanted.name,
            address=wanted.address,
            serial=wanted.name.rpartition(" ")[2],
        ),
        remarks,
    )


def start(info: SensorInfo) -> Steps:
    yield Subscribe(DATA_UUID)
    path = f"/Meas/IMU6/{info.rate_hz:.0f}".encode()
    yield Write(COMMAND_UUID, bytes([SUBSCRIBE, IMU_REFERENCE]) + path)
    answer = yield from _answer(IMU_REFERENCE)
    if answer is not None and len(answer) >= 2 and int.from_bytes(answer[:2], "little") >= 400:
        raise GaitError(
            f"The sensor {info.name} refused to send its motion at {info.rate_hz:.0f} Hz; "
            "choose another rate with --rate."
        )


def stop() -> Steps:
    yield Write(COMMAND_UUID, bytes([UNSUBSCRIBE, IMU_REFERENCE]))


def packets_per_s(info: SensorInfo, mtu: int) -> float:
    """Notifications a second; more where even the second is too small for the rest of a block."""
    block_bytes = _HEADER.size + TOGETHER * _SAMPLE_BYTES
    return info.rate_hz / TOGETHER * max(PARTS, math.ceil(block_bytes / (mtu - ATT_BYTES)))


def _answer(reference: int) -> Generator[Request, bytes, bytes | None]:
    """The response to what was written last; None where there is none, or data comes first."""
    told = yield Expect(DATA_UUID, ANSWER_S, may_be_missing=True)
    return told[2:] if told[:2] == bytes([RESPONSE, reference]) else None


class Decoder:
    def __init__(self, info: SensorInfo) -> None:
        self._info = info
        self._counted = Counted(info.rate_hz, TIME_MODULO_US)
        self._begun = b""  # the first of two notifications

    def push(self, packets: Sequence[Packet]) -> Frames:
        assembly = Assembly(self._info)
        for i, packet in enumerate(packets):
            self._take(i, packet.payload, assembly)
        return assembly.frames()

    def _take(self, i: int, payload: bytes, assembly: Assembly) -> None:
        kind = payload[0] if payload else None
        if kind == RESPONSE:
            return
        begun, self._begun = self._begun, b""
        if begun and kind != DATA_CONTINUED:
            assembly.refuse(i, "The second part of a notification before it is missing.")
        if kind == DATA and len(payload) > _HEADER.size:
            whole = payload
        elif kind == DATA_CONTINUED and begun:
            whole = begun + payload[2:]
        else:
            assembly.refuse(i, "It is neither data nor the second part of any.")
            return
        values = whole[_HEADER.size :]
        if len(values) % _SAMPLE_BYTES:
            if whole is payload:
                self._begun = payload
            else:
                assembly.refuse(i, f"It has {len(values)} bytes, no whole number of samples.")
            return
        rows = floats(values, 3)
        n = len(rows) // 2
        device_us = _HEADER.unpack_from(whole)[2] * 1000
        seq, lost = self._counted.number(device_us, n)
        assembly.add(i, seq, device_us, lost, rows[:n], rows[n:] * RAD_PER_DEG)


PROFILE = Profile(
    name=NAME,
    services=(SERVICE_UUID,),
    names=("Movesense ",),
    streams=(DATA_UUID,),
    set_up=set_up,
    start=start,
    stop=stop,
    decoder=Decoder,
    packets_per_s=packets_per_s,
    time_modulo_us=TIME_MODULO_US,
    cannot=(
        "a Movesense sensor does not say its ranges over this protocol; they are taken to be "
        "±8 g, which running exceeds, and ±2000 deg/s",
    ),
)
