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
    start_commands,
    stop_commands,
)
from gait.sensors.shoegait_info import PROFILE_NAME, advertised_side, decode_info


def command(data: bytes) -> Generator[Request, bytes, str | None]:
    """Write a command and wait for its answer; returns why it was refused, or None."""
    yield Write(CONTROL_UUID, data)
    return refusal((yield Expect(CONTROL_UUID)))


def set_up(wanted: Wanted) -> SetUp:
    yield Subscribe(CONTROL_UUID)
    *settings, _ = start_commands(wanted.rate_hz)
    refused = []
    for setting in settings:
        refused.append((yield from command(setting)))
    info = decode_info((yield Read(INFO_UUID)), wanted.name, wanted.address)
    return Ready(
        replace(info, side=wanted.side or info.side), tuple(said for said in refused if said)
    )


def start(_: SensorInfo) -> Steps:
    yield Subscribe(STREAM_UUID)
    refused = yield from command(start_commands(None)[-1])
    if refused:
        raise GaitError(refused)


def stop() -> Steps:
    for data in stop_commands():
        yield from command(data)


def vibrate() -> Steps:
    refused = yield from command(encode_command(Command(Opcode.IDENTIFY, (Signal.VIBRATE,))))
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
