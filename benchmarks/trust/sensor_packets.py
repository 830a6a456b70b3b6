"""Good notifications of every kind of sensor, made from simulated samples: what is then spoilt.

Written after the makers' documents, as the codecs are, but the other way round and by hand.
"""

import struct
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from gait.cli.simulate import SimulateOptions, virtual_feet
from gait.model import Packet, Samples, SensorInfo, Side
from gait.model.units import DEG_PER_RAD, STANDARD_GRAVITY_M_S2
from gait.sensors import movella_dot, movesense, polar, running_pod, shoegait, witmotion

MTU = 247
SECONDS = 12.0
POLAR_STEP_DPS = 0.07

Rows = NDArray[np.float64]


def _info(name: str, rate_hz: float, acc_g: float | None, gyr_dps: float | None) -> SensorInfo:
    return SensorInfo(
        side=Side.LEFT,
        rate_hz=rate_hz,
        acc_range_g=acc_g,
        gyr_range_dps=gyr_dps,
        has_gyroscope=gyr_dps is not None,
        profile=name,
        name=name,
    )


INFOS = {
    info.profile: info
    for info in (
        _info("shoegait", 400.0, 16.0, 2000.0),
        _info(movesense.NAME, 208.0, movesense.ACC_RANGE_G, movesense.GYR_RANGE_DPS),
        _info(movella_dot.NAME, 60.0, movella_dot.ACC_RANGE_G, movella_dot.GYR_RANGE_DPS),
        _info(witmotion.NAME, 200.0, witmotion.ACC_RANGE_G, witmotion.GYR_RANGE_DPS),
        _info(polar.NAME, 208.0, 16.0, POLAR_STEP_DPS * polar.FULL_SCALE),
        _info(running_pod.NAME, running_pod.READINGS_HZ, None, None),
    )
}


@cache
def samples_of(rate_hz: float) -> Samples:
    """A left foot that runs."""
    options = SimulateOptions("easy_run", seconds=SECONDS, rate_hz=rate_hz, seed=11)
    return virtual_feet(options)[Side.LEFT].samples


@cache
def packets_of(profile: str) -> tuple[Packet, ...]:
    """What a sensor of this kind sends during a run, in order."""
    info = INFOS[profile]
    if profile == running_pod.NAME:
        return tuple(_packets(running_pod.MEASUREMENT_UUID, enumerate(_pod())))
    samples = samples_of(info.rate_hz)
    return tuple(_MAKERS[profile](samples, info))


def _packets(uuid: str, made: Iterator[tuple[float, bytes]] | enumerate) -> Iterator[Packet]:
    for host_s, payload in made:
        yield Packet(0, float(host_s), uuid, payload)


def _shoegait(samples: Samples, info: SensorInfo) -> Iterator[Packet]:
    for part, payload in shoegait.encode(samples, info, MTU):
        host_s = float(samples.time_s[part.stop - 1] - samples.time_s[0])
        yield Packet(0, host_s, shoegait.STREAM_UUID, payload)


def _movella_dot(samples: Samples, _: SensorInfo) -> Iterator[Packet]:
    for time_s, acc, gyr in zip(_elapsed(samples), samples.acc, _dps(samples), strict=True):
        head = struct.pack("<I", round(1e6 * time_s))
        body = np.concatenate((acc, gyr)).astype("<f4").tobytes()
        yield Packet(0, time_s, movella_dot.MEDIUM_UUID, head + body + bytes(4))


def _movesense(samples: Samples, _: SensorInfo) -> Iterator[Packet]:
    """Eight samples a notification, of which the second part goes in one of its own."""
    elapsed, gyr = _elapsed(samples), _dps(samples)
    for at in range(0, len(samples) - 8, 8):
        head = struct.pack(
            "<BBI", movesense.DATA, movesense.IMU_REFERENCE, round(1e3 * elapsed[at])
        )
        body = np.concatenate((samples.acc[at : at + 8], gyr[at : at + 8])).astype("<f4").tobytes()
        cut = 150  # of no whole sample
        yield Packet(0, float(elapsed[at + 7]), movesense.DATA_UUID, head + body[:cut])
        more = bytes([movesense.DATA_CONTINUED, movesense.IMU_REFERENCE]) + body[cut:]
        yield Packet(0, float(elapsed[at + 7]), movesense.DATA_UUID, more)


def _witmotion(samples: Samples, _: SensorInfo) -> Iterator[Packet]:
    g = samples.acc / STANDARD_GRAVITY_M_S2 / witmotion.ACC_RANGE_G
    turn = _dps(samples) / witmotion.GYR_RANGE_DPS
    raw = np.clip(np.hstack((g, turn)) * witmotion.FULL_SCALE, -32768, 32767).astype("<i2")
    for time_s, row in zip(_elapsed(samples), raw, strict=True):
        yield Packet(0, time_s, witmotion.NOTIFY_UUID, witmotion.MOTION + row.tobytes() + bytes(6))


def _polar(samples: Samples, info: SensorInfo) -> Iterator[Packet]:
    """Acceleration in mg and rotation in raw steps, the latter as differences of 16 bits."""
    elapsed = _elapsed(samples)
    mg = np.rint(samples.acc / STANDARD_GRAVITY_M_S2 * 1000).astype(np.int64)
    step = (info.gyr_range_dps or 0.0) / polar.FULL_SCALE
    steps = np.clip(np.rint(_dps(samples) / step), -32768, 32767).astype(np.int64)
    for at in range(0, len(samples) - 16, 16):
        last_ns = round(1e9 * (1.0 + elapsed[at + 15]))
        body = np.clip(mg[at : at + 16], -32768, 32767).astype("<i2").tobytes()
        for kind, frame, content in (
            (polar.ACC, 1, body),
            (polar.GYRO, polar.COMPRESSED, _differences(steps[at : at + 16])),
        ):
            head = struct.pack("<BQB", kind, last_ns, frame)
            yield Packet(0, float(elapsed[at + 15]), polar.DATA_UUID, head + content)


def _differences(values: NDArray[np.int64]) -> bytes:
    """A reference sample, then the differences in 17 bits each, from the lowest bit up."""
    bits = 17
    apart = np.diff(values, axis=0).reshape(-1) & ((1 << bits) - 1)
    ones = (apart[:, None] >> np.arange(bits)) & 1
    packed = np.packbits(ones.reshape(-1).astype(np.uint8), bitorder="little").tobytes()
    return values[0].astype("<i2").tobytes() + bytes([bits, len(values) - 1]) + packed


def _pod() -> list[bytes]:
    return [
        struct.pack("<BHBHI", 7, 770 + i, 172, 105, 30 * i)
        if i % 2
        else struct.pack("<BHB", 0, 700, 90)
        for i in range(10)
    ]


def _elapsed(samples: Samples) -> Rows:
    return samples.time_s - samples.time_s[0]


def _dps(samples: Samples) -> Rows:
    return samples.gyr * DEG_PER_RAD


_MAKERS: dict[str, Callable[[Samples, SensorInfo], Iterator[Packet]]] = {
    "shoegait": _shoegait,
    movesense.NAME: _movesense,
    movella_dot.NAME: _movella_dot,
    witmotion.NAME: _witmotion,
    polar.NAME: _polar,
}
