"""Foot pods that speak the Bluetooth SIG's Running Speed and Cadence service: cadence only.

Source: Bluetooth SIG, "Running Speed and Cadence Service" 1.0 (0x1814), its measurement 0x2A53 and
sensor location 0x2A5D, as in the Assigned Numbers and the GATT Specification Supplement.

A measurement is flags, uint16 speed in 1/256 m/s, uint8 cadence in steps a minute, then uint16
stride length in cm (flag 1) and uint32 distance in dm (flag 2); flag 4: running, else walking. How
it is worked out is the maker's secret; there are no samples, so nothing else can be measured.
"""

from gait.model import Packet, Reading, SensorInfo
from gait.sensors.profile import Profile, Read, Ready, SetUp, Steps, Subscribe, Wanted

NAME = "running_pod"
SERVICE_UUID = "00001814-0000-1000-8000-00805f9b34fb"
MEASUREMENT_UUID = "00002a53-0000-1000-8000-00805f9b34fb"
LOCATION_UUID = "00002a5d-0000-1000-8000-00805f9b34fb"

HAS_STRIDE, HAS_DISTANCE, RUNNING = 1, 2, 4
LOCATIONS = {1: "laces", 2: "insole"}  # top of the shoe, in the shoe
READINGS_HZ = 1.0  # what pods keep to; the service leaves it open


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


PROFILE = Profile(
    name=NAME,
    services=(SERVICE_UUID,),
    streams=(MEASUREMENT_UUID,),
    set_up=set_up,
    start=start,
    stop=stop,
    reader=read,
    cannot=(
        "a running pod sends only the cadence and speed it works out by itself, and no motion, so "
        "nothing else could be measured with it, and nothing of it checked",
    ),
)
