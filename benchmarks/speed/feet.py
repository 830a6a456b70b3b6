"""One simulated foot as it comes over the air: in packets of as many samples as asked for."""

from dataclasses import dataclass

import numpy as np

from gait.cli.simulate import SimulateOptions, virtual_feet
from gait.model import Packet, Samples, SensorInfo, Side
from gait.sensors import shoegait

AIR_S = 0.005  # from a packet's last sample to its arrival
SAMPLE_BYTES = 12
OVERHEAD_BYTES = shoegait.HEADER_BYTES + 3  # of a notification


@dataclass(frozen=True, slots=True)
class Foot:
    info: SensorInfo
    samples: Samples


def left_foot(rate_hz: float, seconds: float) -> Foot:
    """Standing for 3 s, then running for `seconds`."""
    options = SimulateOptions("easy_run", seconds, rate_hz=rate_hz, side=Side.LEFT)
    foot = virtual_feet(options)[Side.LEFT]
    return Foot(foot.info, foot.samples)


def packets(foot: Foot, samples_each: int) -> list[Packet]:
    mtu = OVERHEAD_BYTES + SAMPLE_BYTES * samples_each
    return [
        Packet(0, float(foot.samples.time_s[part][-1]) + AIR_S, shoegait.STREAM_UUID, payload)
        for part, payload in shoegait.encode(foot.samples, foot.info, mtu)
    ]


def repeated(samples: Samples, times: int) -> Samples:
    """The same samples again and again, each time after a break of one second."""
    span = float(samples.time_s[-1] - samples.time_s[0]) + 1.0
    breaks = samples.breaks.copy()
    breaks[0] = True
    return Samples(
        np.concatenate([samples.time_s + i * span for i in range(times)]),
        np.tile(samples.acc, (times, 1)),
        np.tile(samples.gyr, (times, 1)),
        np.tile(breaks, times),
    )
