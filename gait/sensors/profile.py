"""What the rest of the program needs to know of a kind of sensor.

Nothing here opens a connection. How a sensor is set up, started and stopped is a *dialogue*: a
generator that yields what is to be done over the air (`Read`, `Write`, `Pair`, `Subscribe`,
`Expect`) and is sent what came of it, so a test can hold one without a radio. UUIDs are lower-case
128-bit strings.

What a sensor can be asked for while it streams tells, whatever its kind.

Logs that a sensor keeps in a memory of its own: what is said of one, whatever the sensor.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple, Protocol

from gait.model import Exchange, InputError, Packet, Reading, SensorInfo, Side
from gait.model.packets import Frames


class PacketNumbers(NamedTuple):
    """Who a packet is: its number and the time of its first sample in µs, both raw (they wrap),
    and whether it was sent once more on request."""

    seq: int
    device_us: int
    again: bool


class DeviceTime(NamedTuple):
    """The sensor's clock in µs, raw, at a moment between the asking and the answer, and how full
    its battery is; None where it does not say."""

    us: int
    battery_pct: int | None = None


class PacketsGone(NamedTuple):
    """So many packets from number `first` on, raw, that the sensor does not have (any more)."""

    first: int
    packets: int


UNKNOWN_MS = 0xFFFF_FFFF


class LogState(IntEnum):
    """`NONE`: no log is kept. The last three tell how the log ended."""

    NONE = 0
    LOGGING = 1
    STOPPED = 2
    FULL = 3
    POWER_LOST = 4


class LogStatus(NamedTuple):
    """What a log is; times wrap at the profile's `time_modulo_us`.

    log      : its number, 0 where there is none
    state    : whether it goes on, or how it ended
    kept     : logs kept in all; they are numbered `log`, `log` + 1, … where `log` is the oldest
    packets  : packets in it
    first_us : device time of the first packet, as on the wire; 0 while it is empty
    last_us  : and of the last
    """

    log: int
    state: LogState
    kept: int
    packets: int
    first_us: int
    last_us: int


NO_LOG = LogStatus(0, LogState.NONE, 0, 0, 0, 0)


class LogTime(NamedTuple):
    """When a log was made: what puts it on the host's clock at both of its ends.

    log      : its number
    host_ms  : what was said when it began, ms since 1970; 0 where nobody said
    wait_ms  : from then until the first sample of its first packet
    since_ms : from the first sample of its last packet until now; UNKNOWN_MS where the sensor
               started anew since
    """

    log: int
    host_ms: int
    wait_ms: int
    since_ms: int


class LogAssembler(Protocol):
    """Puts the notifications that carry a log together again; it trusts none of them."""

    def add(self, payload: bytes) -> tuple[int, bytes] | None:
        """Index and bytes of the packet that this notification completes, or None."""
        ...


ANSWER_S = 5.0
ATT_BYTES = 3  # of the MTU: opcode and handle, in front of what is written or notified
BATTERY_UUID = "00002a19-0000-1000-8000-00805f9b34fb"


@dataclass(frozen=True, slots=True)
class Read:
    """The value of a characteristic; where it may be missing, b"" instead of an error."""

    uuid: str
    may_be_missing: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """Answered with b"". What was notified before it answers no later `Expect`."""

    uuid: str
    data: bytes
    with_response: bool = True


@dataclass(frozen=True, slots=True)
class Pair:
    """An encrypted link, with keys that both sides keep; answered with b"" whether it came of it
    or not, as a sensor that insists refuses what comes after. Once more does no harm."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Notifications or indications from now on; answered with b"". Once more does no harm."""

    uuid: str


@dataclass(frozen=True, slots=True)
class Expect:
    """The next notification; where there may be none, b"" after `seconds` instead of an error."""

    uuid: str
    seconds: float = ANSWER_S
    may_be_missing: bool = False


Request = Read | Write | Pair | Subscribe | Expect


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a sensor is to be: `rate_hz` None for its own, `side` None where nobody said."""

    name: str
    address: str
    rate_hz: float | None = None
    side: Side | None = None

    @property
    def foot(self) -> Side:
        """The side, for a kind that does not know its own. Raises InputError where nobody said."""
        if self.side is None:
            raise InputError(f"Say on which foot the sensor {self.name} is.")
        return self.side


@dataclass(frozen=True, slots=True)
class Ready:
    """A sensor as it was set up, in a sentence each what it refused, and in one what its firmware
    is too old for; "" where that is nothing."""

    info: SensorInfo
    remarks: tuple[str, ...] = ()
    lacks: str = ""


SetUp = Generator[Request, bytes, Ready]
Steps = Generator[Request, bytes, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogDialogues:
    """What a kind of sensor that logs can be asked for, each after it was set up.

    A log is named by its number and its packets by their index from 0; they are the very bytes
    that the stream would have carried. All but `offered` raise GaitError where the sensor refuses.

    offered      : what reading needs is subscribed to; False where this sensor has no memory
    begin        : ms since 1970 → the number of the log, and the device time now, raw in µs; where
                   it logs already, that goes on unchanged
    end          : the log that goes on, if any
    time_us      : the device time now, raw
    status       : of this log, or of the oldest with 0; `NO_LOG` where it is not kept
    times        : of this log
    read         : log, first packet, count → how many will come on `streams`, in parts; ends an
                   earlier reading
    check        : log, first packet, count up to `most_checked` → the sensor's CRC of these
    clear        : log, all its packets, their CRC; refused where they are not its own
    room_s       : the sensor as it is → seconds of log it still has room for; None where it does
                   not say
    parts        : log → what puts the parts of its packets together
    crc          : packets, and the CRC of those before them → the CRC, as the sensor makes it
    """

    offered: Callable[[], Generator[Request, bytes, bool]]
    begin: Callable[[int], Generator[Request, bytes, tuple[int, int]]]
    end: Callable[[], Steps]
    time_us: Callable[[], Generator[Request, bytes, int]]
    status: Callable[[int], Generator[Request, bytes, LogStatus]]
    times: Callable[[int], Generator[Request, bytes, LogTime]]
    read: Callable[[int, int, int], Generator[Request, bytes, int]]
    check: Callable[[int, int, int], Generator[Request, bytes, int]]
    clear: Callable[[int, int, int], Steps]
    room_s: Callable[[SensorInfo], Generator[Request, bytes, float | None]]
    parts: Callable[[int], LogAssembler]
    crc: Callable[[Iterable[bytes], int], int]
    most_checked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamDialogues:
    """What a kind of sensor can be asked for while it streams, or after it was stopped.

    number      : a notification of `streams` → who it is; None where it is no packet
    resend      : first number, count → number and count of those that will come once more, with
                  `Numbered.again`, always the newest in a row that it has; a count of 0 where
                  they are gone, None where it is busy
    device_time : asks for the time; False where the sensor does not tell it
    told        : what is in a recorded exchange, None where that is nothing
    """

    number: Callable[[bytes], PacketNumbers | None]
    resend: Callable[[int, int], Generator[Request, bytes, tuple[int, int] | None]]
    device_time: Callable[[], Generator[Request, bytes, bool]]
    told: Callable[[Exchange], DeviceTime | PacketsGone | None]


class Decoder(Protocol):
    """Packets of one sensor → frames. It may remember, but blocks of any size give the same."""

    def push(self, packets: Sequence[Packet]) -> Frames:
        """Notifications of the profile's streams in the order they came; bad ones are reported
        in `Frames.bad`, never raised. `Frames.packet` is the packet that completed each. What it
        had to assume it may say in `notes`, a tuple of sentences for the summary."""
        ...


class StepCounting(Protocol):
    """What a sensor's cadence counts, where its kind leaves that open; from all its readings."""

    def add(self, reading: Reading) -> None: ...

    def settled(self, reading: Reading) -> Reading:
        """A reading with the steps of both feet, as far as that is known by now."""
        ...

    @property
    def note(self) -> str:
        """A sentence for the summary; empty where there is nothing to say."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A kind of sensor: how it is recognised, set up and read.

    name         : as in `SensorInfo.profile`, for ever: recordings carry it
    services     : UUIDs of services, one of which it advertises
    names        : how an advertised name begins (any case), for kinds that advertise no service
    streams      : characteristics whose notifications are kept and decoded
    set_up       : what is wanted → a dialogue that returns the sensor as it is; raises InputError
    start, stop  : dialogues; `start` subscribes to `streams` and raises GaitError where refused
    decoder      : the sensor's info → what reads its packets; None where it sends no samples
    reader       : a notification → the sensor's own reading, None where it is none; only where
                   there is no decoder
    counts       : makes what finds out whose steps a cadence counts; None where the kind says so
    seq_modulo, time_modulo_us : where the sequence numbers and times of `Frames` wrap
    advertised_side : advertised name → side, None where it does not say
    knows_side   : the sensor itself knows its side; else the runner must say it
    timed        : whether its samples carry times of the sensor's own
    packets_per_s : the sensor's info and the MTU → notifications a second of its stream, rather
                   more than fewer: whether a link carries them is told by it; None: not known
    battery_uuid : a characteristic whose first byte is the level in percent
    vibrate      : a dialogue that lets the runner feel the sensor; raises GaitError where it has
                   no motor, None where the kind has none
    asked        : what it can be asked for while it streams; None where the kind knows nothing of
                   that. Only sensors with `SensorInfo.resends` are asked to resend
    log          : how its logs are read; None where the kind has no memory for them
    cannot       : sentences on what this kind can never show, for the summary
    """

    name: str
    streams: tuple[str, ...]
    set_up: Callable[[Wanted], SetUp]
    start: Callable[[SensorInfo], Steps]
    stop: Callable[[], Steps]
    services: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    decoder: Callable[[SensorInfo], Decoder] | None = None
    reader: Callable[[Packet], Reading | None] | None = None
    counts: Callable[[], StepCounting] | None = None
    seq_modulo: int = 1 << 40
    time_modulo_us: int = 1 << 32
    advertised_side: Callable[[str], Side | None] = field(default=lambda _: None)
    knows_side: bool = False
    timed: bool = True
    packets_per_s: Callable[[SensorInfo, int], float] | None = None
    battery_uuid: str = BATTERY_UUID
    vibrate: Callable[[], Steps] | None = None
    asked: StreamDialogues | None = None
    log: LogDialogues | None = None
    cannot: tuple[str, ...] = ()

    def recognises(self, name: str, services: Sequence[str]) -> bool:
        """Whether a device that advertises these is of this kind."""
        offered = {uuid.lower() for uuid in services}
        return not offered.isdisjoint(self.services) or any(
            name.lower().startswith(start.lower()) for start in self.names
        )


class EachAlone:
    """A decoder for sensors whose every notification tells all."""

    def __init__(
        self, decode: Callable[[Sequence[bytes], SensorInfo], Frames], info: SensorInfo
    ) -> None:
        self._decode = decode
        self._info = info

    def push(self, packets: Sequence[Packet]) -> Frames:
        return self._decode([packet.payload for packet in packets], self._info)
