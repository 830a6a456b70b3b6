"""Our own sensor as the client sees it: its characteristics, and how it is set up and started."""

from collections.abc import Generator

from msgspec.structs import replace

from gait.model import GaitError, SensorInfo
from gait.sensors.profile import (
    EachAlone,
    Expect,
    Profile,
    Read,
    Ready,
    Request,
    SetUp,
    Steps,
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
)
from gait.sensors.shoegait_control import (
    Command,
    Opcode,
    Signal,
    encode_command,
    refusal,
)
from gait.sensors.shoegait_info import PROFILE_NAME, advertised_side, decode_info


def command(opcode: Opcode, *values: float) -> Generator[Request, bytes, str | None]:
    """Write a command and wait for its answer; returns why it was refused, or None."""
    yield Write(CONTROL_UUID, encode_command(Command(opcode, values)))
    return refusal((yield Expect(CONTROL_UUID)))


def set_up(wanted: Wanted) -> SetUp:
    yield Subscribe(CONTROL_UUID)
    refused = None
    if wanted.rate_hz is not None:
        refused = yield from command(Opcode.SET_RATE, wanted.rate_hz)
    info = decode_info((yield Read(INFO_UUID)), wanted.name, wanted.address)
    return Ready(replace(info, side=wanted.side or info.side), (refused,) if refused else ())


def start(_: SensorInfo) -> Steps:
    yield Subscribe(STREAM_UUID)
    refused = yield from command(Opcode.START)
    if refused:
        raise GaitError(refused)


def stop() -> Steps:
    yield from command(Opcode.STOP)


def vibrate() -> Steps:
    refused = yield from command(Opcode.IDENTIFY, Signal.VIBRATE)
    if refused:
        raise GaitError(refused)


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
    vibrate=vibrate,
)
