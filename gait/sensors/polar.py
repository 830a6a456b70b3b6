"""Polar Verity Sense, over the Polar Measurement Data service (PMD).

Source: Polar, "Polar Measurement Data Specification for 3rd party" and "SDK Mode explained", and
the tests of the vendor's open SDK (all in github.com/polarofficial/polar-ble-sdk; its issues 331
and 443 hold notifications of a real Verity Sense); settings of one in SDK mode: pull request 11 of
github.com/fsmeraldi/bleakheart.

Control point: command, measurement type, settings; answered by F0, command, type, error, more,
settings. A setting is its kind, a count, and values. Data: type, uint64 ns of the *last* sample,
frame type, samples; a frame type of 128 and more is compressed: a reference sample, then blocks of
(bits, count, differences packed from the lowest bit up).

What a raw step of a compressed frame is, the answer to the start tells (the factor, a float32, in
the SDK's AccData.kt and GyrData.kt): of acceleration in g in frames of type 0 and in mg in those of
type 1, of rotation in deg/s. Real sensors send accelerations of type 1 without a factor (issues 331
and 443), which the SDK takes for 1. Type 0 without one is taken to be the range over 16 bits: so
are the example of the specification and the frames of issue 186, whose sensors lie still at 1 g.
Frames that are not compressed are of mg.

Acceleration and rotation are two measurements of one chip, in notifications of their own with times
of their own: the rotation is brought to the times of the accelerations, linearly between its two
neighbours, and where either is missing there is a gap.
"""

import math
import struct
from collections import deque
from collections.abc import Generator, Sequence

import numpy as np
from numpy.typing import NDArray

from gait.model import GaitError, InputError, Packet, SensorInfo
from gait.model.packets import Frames
from gait.model.units import RAD_PER_DEG, STANDARD_GRAVITY_M_S2
from gait.sensors.assembly import MISSING, RATE_TOLERANCE, Assembly, Counted
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

NAME = "polar"
SERVICE_UUID = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL_UUID = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA_UUID = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

GET_SETTINGS, START, STOP = 1, 2, 3
ACC, GYRO, SDK_MODE = 2, 5, 9
ANSWERED, DONE, ALREADY = 0xF0, 0, 6
RATE, RESOLUTION, RANGE, RANGE_MILLI, CHANNELS, FACTOR = range(6)
WIDTHS = {RATE: 2, RESOLUTION: 2, RANGE: 2, RANGE_MILLI: 4, CHANNELS: 1, FACTOR: 4}
AXES = 3
BITS = 16
USUAL_RATE_HZ = 208  # at 416 Hz the vendor warns that not everything gets through
FULL_SCALE = 32768
FULL_SCALES = 0.9, 2.0  # what 16 bits of a credible step reach, in ranges: 1.15 of the gyroscope
SAME = 0.01  # a factor told again may differ by so much; what the file keeps is rounded
COMPRESSED = 0x80
HEAD_BYTES = 10
BLOCK_HEAD_BYTES = 2
TIME_MODULO_US = (1 << 64) // 1000

NOT_CREDIBLE = (
    "The sensor says that a step of its acceleration is {factor:g}, which cannot be; 1 mg is "
    "taken, or its range over 16 bits where it sends raw steps."
)
ASSUMED = (
    "how its acceleration scales it did not say, or nothing that fits what it sent; ±{range_g:g} g "
    "over 16 bits were taken, so all that depends on the size of an acceleration may be off"
)
ASSUMED_MG = (
    "how its acceleration scales, as it said it, does not fit what it sent; steps of 1 mg were "
    "taken, so all that depends on the size of an acceleration may be off"
)

Rows = NDArray[np.float64]
Settings = dict[int, list[int]]


def settings_of(data: bytes) -> Settings:
    """Kinds and values of a list of settings. Raises InputError where it cannot be read."""
    found: Settings = {}
    at = 0
    while at + 1 < len(data):
        kind, count = data[at], data[at + 1]
        width = WIDTHS.get(kind)
        end = at + 2 + count * (width or 0)
        if width is None or end > len(data):
            raise InputError("The sensor offers settings that are not known; update shoegait.")
        values = data[at + 2 : end]
        found[kind] = [
            int.from_bytes(values[i : i + width], "little") for i in range(0, len(values), width)
        ]
        at = end
    return found


def factor_of(told: Settings) -> float | None:
    """The factor in the answer to a start; None where there is none."""
    if not told.get(FACTOR):
        return None
    return float(struct.unpack("<f", told[FACTOR][0].to_bytes(4, "little"))[0])


def _reaches(step: float, reach: float) -> bool:
    """Whether 16 bits of such steps end about where the range does; False for what is no number."""
    least, most = FULL_SCALES
    return least * reach <= step * FULL_SCALE <= most * reach


def _in_mg(factor: float, reach_g: float) -> bool:
    return math.isclose(factor, 1.0, rel_tol=SAME) or _reaches(0.001 * factor, reach_g)


def _credible(factor: float, reach_g: float) -> bool:
    """Whether frames of type 0 or of type 1 could have it; which will come is not known yet."""
    return _reaches(factor, reach_g) or _in_mg(factor, reach_g)


def acc_step_g(frame_type: int, info: SensorInfo) -> tuple[float, str]:
    """What a raw step of acceleration is, in g; and a note where that had to be assumed."""
    range_g, factor = info.acc_range_g or 0.0, info.acc_factor
    if frame_type == COMPRESSED:
        if factor is not None and _reaches(factor, range_g):
            return factor, ""
        return range_g / FULL_SCALE, ASSUMED.format(range_g=range_g)
    if factor is None or not frame_type & COMPRESSED:
        return 0.001, ""
    return (0.001 * factor, "") if _in_mg(factor, range_g) else (0.001, ASSUMED_MG)


def start_command(measurement: int, rate_hz: int, reach: int) -> bytes:
    """Start a measurement of 16 bits on three axes, up to ± `reach` (g, deg/s)."""
    return struct.pack(
        "<BBBBHBBHBBHBBB",
        *(START, measurement, RATE, 1, rate_hz, RESOLUTION, 1, BITS),
        *(RANGE, 1, reach, CHANNELS, 1, AXES),
    )


def set_up(wanted: Wanted) -> SetUp:
    """SDK mode, which alone has rates above 52 Hz; then what it offers and how it scales it.

    How a measurement scales is said only when it starts, so both are started and stopped once.
    """
    side = wanted.foot
    yield Subscribe(CONTROL_UUID)
    yield from _ask(STOP, ACC)
    yield from _ask(STOP, GYRO)
    error, _ = yield from _ask(START, SDK_MODE)
    remarks: list[str] = []
    if error not in (DONE, ALREADY):
        remarks.append("The sensor has no SDK mode and so is slow; update its firmware.")
    acc = yield from _offered(ACC, wanted.name)
    gyro = yield from _offered(GYRO, wanted.name)
    rates = sorted(set(acc[RATE]) & set(gyro[RATE]))
    if not rates:
        raise InputError(f"The sensor {wanted.name} has no rate for both of its sensors.")
    asked = USUAL_RATE_HZ if wanted.rate_hz is None else int(wanted.rate_hz)
    rate_hz = max((rate for rate in rates if rate <= asked), default=rates[0])
    if wanted.rate_hz is not None and rate_hz != asked:
        remarks.append(f"The sensor has no {asked} Hz; it sends {rate_hz}.")
    acc_range, gyr_range = max(acc[RANGE]), max(gyro[RANGE])
    acc_factor = factor_of((yield from _started(ACC, rate_hz, acc_range)))
    step_dps = factor_of((yield from _started(GYRO, rate_hz, gyr_range)))
    yield from _ask(STOP, GYRO)
    yield from _ask(STOP, ACC)
    if step_dps is None or not _reaches(step_dps, gyr_range):
        raise InputError(f"The sensor {wanted.name} does not say how its gyroscope scales.")
    if acc_factor is not None and not _credible(acc_factor, acc_range):
        remarks.append(NOT_CREDIBLE.format(factor=acc_factor))
        acc_factor = None
    reach_g = float(acc_range)
    if acc_factor is not None and _reaches(acc_factor, acc_range):  # raw steps end there
        reach_g = min(reach_g, round(acc_factor * FULL_SCALE, 3))
    return Ready(
        SensorInfo(
            side=side,
            rate_hz=float(rate_hz),
            acc_range_g=reach_g,
            gyr_range_dps=round(step_dps * FULL_SCALE, 3),
            acc_factor=acc_factor,
            profile=NAME,
            name=wanted.name,
            address=wanted.address,
        ),
        tuple(remarks),
    )


def start(info: SensorInfo) -> Steps:
    """With the greatest ranges, as they were found in `set_up`.

    Raises GaitError where it now scales otherwise than it said then: what follows would be read
    with what the session keeps.
    """
    acc = yield from _offered(ACC, info.name)
    gyro = yield from _offered(GYRO, info.name)
    yield Subscribe(DATA_UUID)
    acc_told = yield from _started(ACC, round(info.rate_hz), max(acc[RANGE]))
    gyro_told = yield from _started(GYRO, round(info.rate_hz), max(gyro[RANGE]))
    step_dps = (info.gyr_range_dps or 0.0) / FULL_SCALE
    for told, before in ((acc_told, info.acc_factor), (gyro_told, step_dps)):
        now = factor_of(told)
        if now is not None and before is not None and not math.isclose(now, before, rel_tol=SAME):
            raise GaitError(
                f"The sensor {info.name} scales otherwise than when it was set up; switch it off "
                "and on."
            )


def stop() -> Steps:
    yield from _ask(STOP, ACC)
    yield from _ask(STOP, GYRO)


def packets_per_s(info: SensorInfo, mtu: int) -> float:
    """Notifications a second of both measurements, where no difference is packed any smaller."""
    sample_bytes = AXES * BITS // 8
    room = mtu - ATT_BYTES - HEAD_BYTES - sample_bytes - BLOCK_HEAD_BYTES
    return 2 * info.rate_hz / (1 + max(0, room // sample_bytes))


def _ask(command: int, measurement: int) -> Generator[Request, bytes, tuple[int, bytes]]:
    return (yield from _write(bytes([command, measurement])))


def _write(data: bytes) -> Generator[Request, bytes, tuple[int, bytes]]:
    """Error code and settings of the answer, of all its parts."""
    yield Write(CONTROL_UUID, data)
    answer = yield Expect(CONTROL_UUID)
    if len(answer) < 4 or answer[:3] != bytes([ANSWERED, *data[:2]]):
        raise InputError(f"The sensor answered {answer.hex()}, which is no answer to this.")
    more, settings = any(answer[4:5]), answer[5:]
    while more:
        part = yield Expect(CONTROL_UUID)
        more, settings = any(part[:1]), settings + part[1:]
    return answer[3], settings


def _offered(measurement: int, name: str) -> Generator[Request, bytes, Settings]:
    error, settings = yield from _ask(GET_SETTINGS, measurement)
    offered = settings_of(settings) if error == DONE else {}
    if not offered.get(RATE) or not offered.get(RANGE):
        raise InputError(
            f"The sensor {name} does not offer acceleration and rotation (error {error}); it must "
            "be a Verity Sense in sensor mode."
        )
    return offered


def _started(measurement: int, rate_hz: int, reach: int) -> Generator[Request, bytes, Settings]:
    error, settings = yield from _write(start_command(measurement, rate_hz, reach))
    if error not in (DONE, ALREADY):
        what = "acceleration" if measurement == ACC else "rotation"
        raise GaitError(
            f"The sensor refused to send its {what} at {rate_hz} Hz (error {error}); take it off "
            "its charger, and choose another rate with --rate."
        )
    return settings_of(settings)


def samples_of(frame_type: int, data: bytes) -> NDArray[np.int64]:
    """(n, 3) raw values. Raises ValueError where the frame is not whole."""
    if frame_type & COMPRESSED:
        return _unpacked(data)
    width = {0: 1, 1: 2, 2: 3}.get(frame_type)
    if width is None or not data or len(data) % (AXES * width):
        raise ValueError(f"frame type {frame_type} of {len(data)} bytes is not known")
    values = [
        int.from_bytes(data[i : i + width], "little", signed=True)
        for i in range(0, len(data), width)
    ]
    return np.array(values, np.int64).reshape(-1, AXES)


def _unpacked(data: bytes) -> NDArray[np.int64]:
    at = AXES * BITS // 8
    if len(data) < at:
        raise ValueError("the reference sample is not whole")
    parts = [np.frombuffer(data[:at], "<i2").astype(np.int64)[None, :]]
    while at < len(data):
        if at + 2 > len(data):
            raise ValueError("a block of differences has no head")
        size, count = data[at], data[at + 1]
        at += 2
        end = at + (size * count * AXES + 7) // 8
        if not 0 < size <= 32 or end > len(data):
            raise ValueError("a block of differences is not whole")
        bits = np.unpackbits(np.frombuffer(data[at:end], np.uint8), bitorder="little")
        bits = bits[: size * count * AXES].reshape(-1, size).astype(np.int64)
        values = bits @ (1 << np.arange(size, dtype=np.int64))
        values -= bits[:, -1] << size
        parts.append(values.reshape(-1, AXES))
        at = end
    return np.cumsum(np.concatenate(parts), axis=0)


class _Track:
    """Samples of one measurement that still wait for the other's."""

    def __init__(self, rate_hz: float) -> None:
        self._period_us = 1e6 / rate_hz
        self._last_us: int | None = None
        self.time_us = np.zeros(0)
        self.values = np.zeros((0, AXES))
        self.breaks = np.zeros(0, np.bool_)

    def add(self, last_us: int, values: Rows) -> None:
        """Samples of a frame, by the time of its last: evenly spaced since the frame before."""
        n = len(values)
        period_us, broken = self._period_us, False
        if self._last_us is not None:
            period_us = (last_us - self._last_us) / n
            if abs(period_us * n - self._period_us * n) > self._period_us * max(
                MISSING, RATE_TOLERANCE * n
            ):
                period_us, broken = self._period_us, True
        if broken and self._last_us is not None and last_us < self._last_us:
            self.drop(len(self.time_us))  # the sensor's clock began anew
        self._last_us = last_us
        self.time_us = np.concatenate(
            (self.time_us, last_us - period_us * np.arange(n - 1, -1, -1))
        )
        self.values = np.concatenate((self.values, values))
        breaks = np.zeros(n, np.bool_)
        breaks[0] = broken
        self.breaks = np.concatenate((self.breaks, breaks))

    def drop(self, count: int) -> None:
        self.time_us, self.values = self.time_us[count:], self.values[count:]
        self.breaks = self.breaks[count:]


class Decoder:
    """Joins the two measurements; at most `WAITING_S` of one waits for the other.

    notes : what had to be assumed of the packets so far, a sentence each
    """

    WAITING_S = 5.0

    def __init__(self, info: SensorInfo) -> None:
        self._info = info
        self._acc, self._gyro = _Track(info.rate_hz), _Track(info.rate_hz)
        self._period_us = 1e6 / info.rate_hz
        self._counted = Counted(info.rate_hz, TIME_MODULO_US)
        self._broken = False
        self._most = round(self.WAITING_S * info.rate_hz)
        self.notes: tuple[str, ...] = ()

    def push(self, packets: Sequence[Packet]) -> Frames:
        assembly = Assembly(self._info)
        for i, packet in enumerate(packets):
            why = self._take(packet.payload)
            if why:
                assembly.refuse(i, why)
            else:
                self._join(i, assembly)
        return assembly.frames()

    def _take(self, payload: bytes) -> str | None:
        """Keep the samples of a notification; why it cannot be, or None."""
        if len(payload) < HEAD_BYTES or payload[0] not in (ACC, GYRO):
            return "It is neither acceleration nor rotation."
        last_us = int.from_bytes(payload[1:9], "little") // 1000
        frame_type = payload[9]
        try:
            raw = samples_of(frame_type, payload[HEAD_BYTES:])
        except ValueError as error:
            return f"It cannot be read: {error}."
        if payload[0] == ACC:
            step_g, note = acc_step_g(frame_type, self._info)
            if note and note not in self.notes:
                self.notes += (note,)
            self._acc.add(last_us, (step_g * STANDARD_GRAVITY_M_S2) * raw.astype(np.float64))
        elif frame_type == COMPRESSED:
            step = (self._info.gyr_range_dps or 0.0) * RAD_PER_DEG / FULL_SCALE
            self._gyro.add(last_us, step * raw.astype(np.float64))
        else:
            return f"Rotation of frame type {frame_type} is not known."
        return None

    def _join(self, i: int, assembly: Assembly) -> None:
        """Samples of both, as far as both are there."""
        acc, gyro = self._acc, self._gyro
        self._shorten(acc)
        self._shorten(gyro)
        if len(acc.time_us) == 0 or len(gyro.time_us) < 2:
            return
        n = int(np.searchsorted(acc.time_us, gyro.time_us[-1], side="right"))
        if n == 0:
            return
        at = acc.time_us[:n]
        after = np.clip(np.searchsorted(gyro.time_us, at), 1, len(gyro.time_us) - 1)
        apart = gyro.time_us[after] - gyro.time_us[after - 1]
        known = (at >= gyro.time_us[0]) & (apart < MISSING * self._period_us)
        share = ((at - gyro.time_us[after - 1]) / apart)[:, None]
        turning = (1.0 - share) * gyro.values[after - 1] + share * gyro.values[after]
        for first, end in _runs(known, acc.breaks[:n]):
            missed = bool(acc.breaks[first]) or (first > 0 and not known[first - 1])
            device_us = round(float(at[first]))
            seq, lost = self._counted.number(device_us, end - first)
            lost = lost or missed or self._broken
            self._broken = False
            part = slice(first, end)
            assembly.add(i, seq, device_us, lost, acc.values[part], turning[part])
        self._broken = self._broken or not known[-1]
        gyro.drop(max(0, int(np.searchsorted(gyro.time_us, at[-1], side="right")) - 1))
        acc.drop(n)

    def _shorten(self, track: _Track) -> None:
        """Forget what has waited too long for the other measurement."""
        if len(track.time_us) > self._most:
            track.drop(len(track.time_us) - self._most)
            self._broken = True


def _runs(known: NDArray[np.bool_], breaks: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and end of each stretch of known samples without a break inside."""
    runs: list[tuple[int, int]] = []
    queue = deque(np.flatnonzero(known).tolist())
    while queue:
        first = end = queue.popleft()
        end += 1
        while queue and queue[0] == end and not breaks[end]:
            end = queue.popleft() + 1
        runs.append((first, end))
    return runs


PROFILE = Profile(
    name=NAME,
    names=("Polar Sense",),
    streams=(DATA_UUID,),
    set_up=set_up,
    start=start,
    stop=stop,
    decoder=Decoder,
    packets_per_s=packets_per_s,
    time_modulo_us=TIME_MODULO_US,
    cannot=(
        "a Polar Verity Sense sends acceleration and rotation apart; the rotation was brought to "
        "the times of the accelerations between its neighbours",
    ),
)
