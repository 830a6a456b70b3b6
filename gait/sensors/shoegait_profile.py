"""Our own sensor as the client sees it: its characteristics, and how it is set up and started."""

from collections.abc import Generator

from msgspec.structs import replace

from gait.model import GaitError, SensorInfo
from gait.sensors import shoegait_requests as requests
from gait.sensors.profile import (
    EachAlone,
    Expect,
    LogDialogues,
    Pair,
    Profile,
    Read,
    Ready,
    Request,
    SetUp,
    Steps,
    StreamDialogues,
    Subscribe,
    Wanted,
    Write,
)
from gait.sensors.shoegait import (
    CONTROL_UUID,
    INFO_UUID,
    SEQ_MODULO,
    SERVICE_UUID,
    STREAM_UUID,
    TIME_MODULO_US,
    decode,
    number,
    samples_per_packet,
)
from gait.sensors.shoegait_control import (
    Command,
    Opcode,
    Signal,
    encode_command,
    refusal,
)
from gait.sensors.shoegait_info import (
    PROFILE_NAME,
    Feature,
    advertised_side,
    decode_info,
    features,
)
from gait.sensors.shoegait_log import LogParts, crc

_NEWER = {
    Feature.RESENDS: "does not send again what was lost on the way, so gaps stay",
    Feature.LOGS: "keeps no log of its own, so it needs this machine near",
}


def command(opcode: Opcode, *values: float) -> Generator[Request, bytes, str | None]:
    """Write a command and wait for its answer; returns why it was refused, or None."""
    yield Write(CONTROL_UUID, encode_command(Command(opcode, values)))
    return refusal((yield Expect(CONTROL_UUID)))


def set_up(wanted: Wanted) -> SetUp:
    told = yield Read(INFO_UUID)
    decode_info(told, wanted.name, wanted.address)
    bonds = features(told) & Feature.BONDS
    if bonds:
        yield Pair()
    yield Subscribe(CONTROL_UUID)
    if bonds:  # whether it takes commands from this machine is known only now
        yield from command(Opcode.QUERY_TIME)
    refused = None
    if wanted.rate_hz is not None:
        refused = yield from command(Opcode.SET_RATE, wanted.rate_hz)
        told = yield Read(INFO_UUID)
    info = decode_info(told, wanted.name, wanted.address)
    return Ready(
        replace(info, side=wanted.side or info.side),
        (refused,) if refused else (),
        lacks(features(told), info.firmware),
    )


def lacks(able: Feature, firmware: str) -> str:
    """What a newer firmware would add, in a sentence; "" for nothing."""
    without = [words for feature, words in _NEWER.items() if not able & feature]
    if not without:
        return ""
    named = f"Its firmware {firmware}" if firmware else "Its firmware"
    return f"{named} {', and '.join(without)}; update it if its maker has a newer one."


def start(_: SensorInfo) -> Steps:
    yield Subscribe(STREAM_UUID)
    refused = yield from command(Opcode.START)
    if refused:
        raise GaitError(refused)


def stop() -> Steps:
    yield from command(Opcode.STOP)


def packets_per_s(info: SensorInfo, mtu: int) -> float:
    return info.rate_hz / samples_per_packet(mtu, not info.has_gyroscope)


def vibrate() -> Steps:
    refused = yield from command(Opcode.IDENTIFY, Signal.VIBRATE)
    if refused:
        raise GaitError(refused)


ASKED = StreamDialogues(
    number=number,
    resend=requests.resend,
    device_time=requests.device_time,
    told=requests.told,
)

LOG = LogDialogues(
    offered=requests.logs_offered,
    begin=requests.begin_log,
    end=requests.end_log,
    time_us=requests.time_us,
    status=requests.status,
    times=requests.times,
    read=requests.read,
    check=requests.check,
    clear=requests.clear,
    room_s=requests.room_s,
    parts=LogParts,
    crc=crc,
    most_checked=requests.MOST_CHECKED,
)

PROFILE = Profile(
    name=PROFILE_NAME,
    services=(SERVICE_UUID,),
    streams=(STREAM_UUID,),
    set_up=set_up,
    start=start,
    stop=stop,
    decoder=lambda info: EachAlone(decode, info),
    seq_modulo=SEQ_MODULO,
    time_modulo_us=TIME_MODULO_US,
    advertised_side=advertised_side,
    knows_side=True,
    packets_per_s=packets_per_s,
    vibrate=vibrate,
    asked=ASKED,
    log=LOG,
)
