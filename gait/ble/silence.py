"""A link that is up and silent: when a packet is overdue, whatever the system says of the link."""

import asyncio

from gait.model import SensorInfo
from gait.sensors import Profile

SILENT_S = 3.0  # a sensor that streams sends many times as often
SILENT_PACKETS = 4  # that were due; more time than `SILENT_S` only where packets are rare
READINGS_SILENT_S = 10.0  # for pods, whose service leaves open when they send
TICK_S = 0.25


class SilenceWatch:
    """Tell it of every packet. Time in which this program stood still does not count, as packets
    wait meanwhile: it counts turns of the loop and not seconds."""

    def __init__(self) -> None:
        self._packets = 0

    def heard(self) -> None:
        self._packets += 1

    async def hears_within(self, seconds: float) -> bool:
        """Whether something comes before so long is over; returns as soon as it is known."""
        before = self._packets
        for _ in range(max(1, round(seconds / TICK_S))):
            await asyncio.sleep(TICK_S)
            if self._packets != before:
                return True
        return False

    async def silent_for(self, seconds: float) -> None:
        """Returns when nothing came for so long."""
        while await self.hears_within(seconds):
            pass


def overdue_after_s(profile: Profile, info: SensorInfo, mtu: int | None) -> float:
    """Seconds after which at least one packet of the stream should have come."""
    if profile.decoder is None:
        return READINGS_SILENT_S
    per_s = info.rate_hz
    if profile.packets_per_s is not None and mtu is not None:
        per_s = profile.packets_per_s(info, mtu)
    return max(SILENT_S, SILENT_PACKETS / per_s)
