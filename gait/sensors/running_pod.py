"""Foot pods that speak the Bluetooth SIG's Running Speed and Cadence service: cadence only.

Source: Bluetooth SIG, "Running Speed and Cadence Service" 1.0 (0x1814), its measurement 0x2A53 and
sensor location 0x2A5D, as in the Assigned Numbers and the GATT Specification Supplement.

A measurement is flags, uint16 speed in 1/256 m/s, uint8 cadence in steps a minute, then uint16
stride length in cm (flag 1) and uint32 distance in dm (flag 2); flag 4: running, else walking. How
it is worked out is the maker's secret; there are no samples, so nothing else can be measured.

The tables give the cadence in 1/minute and name no foot. Most pods send the steps of both feet (so
do the samples of Nordic's SDK, at 150 to 180), and some those of one, as ANT+ and FIT count them
(that SDK's header calls it strides a minute; Zwift's RunPod, github.com/cagnulein/qdomyos-zwift
1099). Stryd can put its power, a tenth of the watts, in that field. Which it is, is told by how far
a step goes: `WhichSteps`.
"""

from typing import Final

from msgspec.structs import replace

from gait.model import Packet, Reading, SensorInfo
from gait.sensors.profile import Profile, Read, Ready, SetUp, Steps, Subscribe, Wanted

NAME = "running_pod"
SERVICE_UUID = "00001814-0000-1000-8000-00805f9b34fb"
MEASUREMENT_UUID = "00002a53-0000-1000-8000-00805f9b34fb"
LOCATION_UUID = "00002a5d-0000-1000-8000-00805f9b34fb"

HAS_STRIDE, HAS_DISTANCE, RUNNING = 1, 2, 4
LOCATIONS = {1: "laces", 2: "insole"}  # top of the shoe, in the shoe
READINGS_HZ = 1.0  # what pods keep to; the service leaves it open

# Metres a step, for each step a minute: from a jog of 1.6 m/s at 178 steps a minute to a run of
# 5 m/s at 142, with walking (0.006) and sprints (0.009) between. A pod that counts one foot shows
# four times as much, so there is hardly a pace at which both readings are possible.
STEP_M_PER_SPM: Final = (0.0030, 0.0150)
MOST_SPM: Final = 290.0  # steps of both feet a minute, of a sprinter
LEAST_M_S: Final = 0.3  # below it the speed says nothing of steps
LEAST_READINGS: Final = 10  # that tell
AGREEING: Final = 0.8  # of them

OF_ONE_FOOT: Final = (
    "its cadence counts the steps of one foot (else a step would be {step_m:.1f} m long), so it "
    "was doubled"
)
NOT_KNOWN: Final = (
    "whether its cadence counts the steps of one foot or of both cannot be told from its speed, so "
    "no cadence is given"
)


def set_up(wanted: Wanted) -> SetUp:
    location = yield Read(LOCATION_UUID, may_be_missing=True)
    return Ready(
        SensorInfo(
            side=wanted.foot,
            rate_hz=READINGS_HZ,
            has_gyroscope=False,
            profile=NAME,
            name=wanted.name,
            address=wanted.address,
            mounting=LOCATIONS.get(location[0] if location else -1, "unknown"),
        )
    )


def start(_: SensorInfo) -> Steps:
    yield Subscribe(MEASUREMENT_UUID)


def stop() -> Steps:
    yield from ()


def read(packet: Packet) -> Reading | None:
    """The reading of a notification, or None where it is not whole."""
    payload = packet.payload
    flags = payload[0] if payload else 0
    needed = 4 + 2 * bool(flags & HAS_STRIDE) + 4 * bool(flags & HAS_DISTANCE)
    if len(payload) < needed:
        return None
    stride_m = int.from_bytes(payload[4:6], "little") / 100 if flags & HAS_STRIDE else None
    return Reading(
        host_s=packet.host_s,
        cadence_spm=float(payload[3]),
        speed_m_s=int.from_bytes(payload[1:3], "little") / 256,
        stride_length_m=stride_m,
        running=bool(flags & RUNNING),
    )


def _possible(speed_m_s: float | None, cadence_spm: float) -> bool:
    """Whether somebody goes at this speed with so many steps of both feet a minute."""
    if cadence_spm > MOST_SPM:
        return False
    if speed_m_s is None or speed_m_s < LEAST_M_S:
        return True
    least, most = STEP_M_PER_SPM
    return least <= 60.0 * speed_m_s / cadence_spm**2 <= most


class WhichSteps:
    """Whether a pod counts the steps of both feet or of one, from all its readings so far.

    A pod counts the same way all along: what most readings agree on holds for all of them, and a
    few at a start or a stop, where its speed lags behind, change nothing. It may change its mind
    while readings are few; what a session's summary says is what they all said in the end.
    """

    def __init__(self) -> None:
        self._both = self._one = self._neither = 0
        self._speeds_m_s = self._told_spm = 0.0  # sums, of readings of one foot

    def add(self, reading: Reading) -> None:
        """The next reading, as it was told."""
        told = reading.cadence_spm
        if not told:
            return
        both = _possible(reading.speed_m_s, told)
        one = _possible(reading.speed_m_s, 2.0 * told)
        self._both += both and not one
        self._one += one and not both
        self._neither += not (both or one)
        if one and not both:
            self._speeds_m_s += reading.speed_m_s or 0.0
            self._told_spm += told

    @property
    def factor(self) -> float | None:
        """By what its cadence gives the steps of both feet: 1 or 2; None where that is open."""
        needed = max(LEAST_READINGS, AGREEING * (self._both + self._one + self._neither))
        if self._both >= needed:
            return 1.0
        return 2.0 if self._one >= needed else None

    def settled(self, reading: Reading) -> Reading:
        """The reading with the cadence of both feet."""
        told, factor = reading.cadence_spm, self.factor
        if not told or factor == 1.0:
            return reading
        cadence_spm = None if factor is None else factor * told
        return replace(reading, cadence_spm=cadence_spm, doubled=factor == 2.0)

    @property
    def note(self) -> str:
        """What to say of it; empty where it counts as most do."""
        factor = self.factor
        if factor is None:
            return NOT_KNOWN
        step_m = 60.0 * self._speeds_m_s / self._told_spm if self._told_spm else 0.0
        return OF_ONE_FOOT.format(step_m=step_m) if factor == 2.0 else ""


PROFILE = Profile(
    name=NAME,
    services=(SERVICE_UUID,),
    streams=(MEASUREMENT_UUID,),
    set_up=set_up,
    start=start,
    stop=stop,
    reader=read,
    counts=WhichSteps,
    packets_per_s=lambda info, _mtu: info.rate_hz,  # a reading each
    cannot=(
        "a running pod sends only the cadence and speed it works out by itself, and no motion, so "
        "nothing else could be measured with it, and nothing of it checked",
    ),
)
