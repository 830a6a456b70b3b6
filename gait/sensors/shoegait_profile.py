"""Our own sensor as the client sees it: its characteristics, and how it is set up and started.

What a host asks of a shoe that resends or logs, as dialogues without a radio.

Like `set_up` of a profile, each yields what is to be done over the air and returns what came of
it. The shoe must have been set up (its control point is subscribed to). All raise GaitError where
the shoe refuses, in a sentence, and InputError where it answers with something else; which of them
a shoe knows is in `shoegait_info.features` of its info. Packets and parts that are asked for come
on the stream characteristic afterwards.
"""

from collections.abc import Generator

from msgspec.structs import replace

from gait.model import Exchange, GaitError, InputError, SensorInfo
from gait.sensors.profile import (
    NO_LOG,
    DeviceTime,
    EachAlone,
    Expect,
    LogDialogues,
    LogStatus,
    LogTime,
    PacketsGone,
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
    LOG_MTU,
    SEQ_MODULO,
    SERVICE_UUID,
    STREAM_UUID,
    TIME_MODULO_US,
    decode,
    number,
    samples_per_packet,
)
from gait.sensors.shoegait_control import (
    Answer,
    Command,
    Opcode,
    RefusedError,
    Signal,
    Status,
    decode_answer,
    decode_command,
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
from gait.sensors.shoegait_log import LogParts, crc, log_status, log_time

FULL_PCT = 100
MOST_AT_ONCE = 65535  # of RESEND and LOG_READ
MOST_CHECKED = 4096  # of LOG_CHECK, as the flash must be read


def ask(opcode: Opcode, *values: float) -> Generator[Request, bytes, Answer]:
    """Write a command and wait for its answer, whatever its status.

    The answer to an earlier command, for which nobody waited any more, is passed over.
    """
    yield Write(CONTROL_UUID, encode_command(Command(opcode, values)))
    while True:
        answer = decode_answer((yield Expect(CONTROL_UUID)))
        if answer.opcode == opcode:
            return answer


def resend(first: int, count: int) -> Generator[Request, bytes, tuple[int, int] | None]:
    """Ask for `count` packets from sequence number `first` on: first and count of those that come,
    with the flag RESENT; a count of 0 where all are gone. None: it is busy, ask again later."""
    answer = yield from ask(Opcode.RESEND, first, count)
    if answer.status is Status.BUSY:
        return None
    first, count = _values(answer)
    return first, count


def device_time() -> Generator[Request, bytes, bool]:
    """Ask for the time of the shoe's clock, which `told` reads; False where it does not tell."""
    return (yield from ask(Opcode.QUERY_TIME)).status is Status.DONE


def time_us() -> Generator[Request, bytes, int]:
    """The time of the shoe's clock."""
    us, *_ = _values((yield from ask(Opcode.QUERY_TIME)))
    return us


def told(exchange: Exchange) -> DeviceTime | PacketsGone | None:
    """What a shoe told by an answer: its time, or which of the packets asked for are gone.

    It sends the newest in a row of those asked for: what is newer than that row is gone, what is
    older may still be asked for.
    """
    try:
        command, answer = decode_command(exchange.written), decode_answer(exchange.answer)
    except (RefusedError, InputError):
        return None
    if answer.opcode != command.opcode or answer.status is not Status.DONE:
        return None
    if command.opcode is Opcode.QUERY_TIME:
        us, *battery = _values(answer)
        known = [percent for percent in battery if percent <= FULL_PCT]
        return DeviceTime(us, known[0] if known else None)
    if command.opcode is not Opcode.RESEND:
        return None
    (first, count), coming = (map(int, command.values)), _values(answer)
    kept = (coming[0] + coming[1] - first) % SEQ_MODULO if coming[1] else 0
    return PacketsGone((first + kept) % SEQ_MODULO, count - kept) if kept < count else None


def logs_offered() -> Generator[Request, bytes, bool]:
    """Subscribe to what carries a log; whether the shoe has the feature."""
    yield Subscribe(STREAM_UUID)
    return Feature.LOGS in features((yield Read(INFO_UUID)))


def begin_log(host_ms: int) -> Generator[Request, bytes, tuple[int, int]]:
    """Let the shoe log from now on: the number of the log, and the device time in µs.

    `host_ms` is the time in ms since 1970. Where it logs already, that log goes on.
    """
    number, device_us = _values((yield from ask(Opcode.LOG_START, host_ms)))
    return number, device_us


def end_log() -> Steps:
    _values((yield from ask(Opcode.LOG_STOP)))


def status(log: int = 0) -> Generator[Request, bytes, LogStatus]:
    """Of this log, or of the oldest; `NO_LOG` where it is not kept (any more)."""
    answer = yield from ask(Opcode.LOG_STATUS, log)
    if answer.status is Status.NOT_THERE:
        return NO_LOG
    _values(answer)
    return log_status(answer)


def times(log: int) -> Generator[Request, bytes, LogTime]:
    answer = yield from ask(Opcode.LOG_TIME, log)
    _values(answer)
    return log_time(answer)


def read(log: int, first: int, count: int) -> Generator[Request, bytes, int]:
    """Ask for `count` packets from index `first` on, at most MOST_AT_ONCE: how many will come, in
    parts for `LogParts`. Ends an earlier reading; a count of 0 does only that."""
    _, coming = _values((yield from ask(Opcode.LOG_READ, log, first, min(count, MOST_AT_ONCE))))
    return coming


def check(log: int, first: int, count: int) -> Generator[Request, bytes, int]:
    """The CRC-32 that the shoe has for these packets; ask for at most MOST_CHECKED at a time."""
    (crc,) = _values((yield from ask(Opcode.LOG_CHECK, log, first, count)))
    return crc


def clear(log: int, packets: int, crc: int) -> Steps:
    """Forget a log that is stored: `packets` in all, whose bytes give `crc`."""
    _values((yield from ask(Opcode.LOG_CLEAR, log, packets, crc)))


def room_s(info: SensorInfo) -> Generator[Request, bytes, float | None]:
    """Seconds of log that there is room for; None where the firmware is too old to say."""
    answer = yield from ask(Opcode.LOG_ROOM)
    if answer.status is Status.UNKNOWN_OPCODE:
        return None
    (packets,) = _values(answer)
    return packets * samples_per_packet(LOG_MTU, not info.has_gyroscope) / info.rate_hz


def _values(answer: Answer) -> tuple[int, ...]:
    if answer.status is not Status.DONE:
        raise GaitError(refusal(bytes([answer.opcode, answer.status])) or "")
    return tuple(int(value) for value in answer.values)


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
    resend=resend,
    device_time=device_time,
    told=told,
)

LOG = LogDialogues(
    offered=logs_offered,
    begin=begin_log,
    end=end_log,
    time_us=time_us,
    status=status,
    times=times,
    read=read,
    check=check,
    clear=clear,
    room_s=room_s,
    parts=LogParts,
    crc=crc,
    most_checked=MOST_CHECKED,
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
