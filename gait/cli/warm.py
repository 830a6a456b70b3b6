"""Compile the kernels before the first packet, so that a live view never waits for them."""

import time

import numpy as np

from gait.model import GaitError, Packet, Samples, SensorInfo, Side
from gait.pipeline import Shoe
from gait.sensors import shoegait

RATE_HZ = 100.0
MTU = 247


def _waving(seconds: float) -> Samples:
    """Standing, then a foot that pitches to and fro: enough to go through every kernel."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    turning = np.where(t > 2.0, np.sin(2 * np.pi * 1.3 * t), 0.0)
    gyr = np.stack([0.1 * turning, -7.0 * turning, 0.0 * turning], axis=1)
    acc = np.stack([20.0 * np.minimum(turning, 0.3), 0.0 * t, 9.81 + 3.0 * turning], axis=1)
    return Samples(t, acc, gyr)


def warm_up() -> float:
    """Run the whole way through once, packets first; returns the seconds it took.

    Raises GaitError where that fails.
    """
    began = time.perf_counter()
    info = SensorInfo(side=Side.LEFT, rate_hz=RATE_HZ, acc_range_g=16.0, gyr_range_dps=2000.0)
    samples = _waving(12.0)
    packets = [
        Packet(0, float(samples.time_s[part][-1]), shoegait.STREAM_UUID, payload)
        for part, payload in shoegait.encode(samples, info, MTU)
    ]
    shoe = Shoe(info, foot_frame=True)
    shoe.packets(packets)
    shoe.finish()
    if shoe.failure:
        raise GaitError(shoe.failure)
    return time.perf_counter() - began
