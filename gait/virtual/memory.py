"""What a virtual shoe remembers: a ring of its newest packets, and logs in its flash."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gait.sensors import shoegait_log
from gait.sensors.profile import LogState
from gait.sensors.shoegait import SEQ_MODULO

_LAST_LOG = 65535


class Ring:
    """The packets of the last `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._packets: dict[int, tuple[float, bytes]] = {}  # by sequence number, the oldest first

    def __len__(self) -> int:
        return len(self._packets)

    def add(self, seq: int, due_s: float, payload: bytes) -> None:
        self._packets.pop(seq, None)
        self._packets[seq] = (due_s, payload)
        while due_s - next(iter(self._packets.values()))[0] > self.seconds:
            del self._packets[next(iter(self._packets))]

    def forget(self) -> None:
        self._packets.clear()

    def get(self, seq: int) -> bytes | None:
        return self._packets.get(seq % SEQ_MODULO, (0.0, None))[1]

    def available(self, first: int, count: int, largest: int) -> tuple[int, int]:
        """Of `count` packets from `first`, the newest in a row that are kept and not longer than
        `largest` bytes: first and count, which is 0 where there are none."""
        found, start = 0, first
        for seq in range(first + count - 1, first - 1, -1):
            packet = self.get(seq)
            if packet is not None and len(packet) <= largest:
                found += 1
                start = seq
            elif found:
                break
        return start % SEQ_MODULO, found

    def again(self, first: int, count: int) -> Iterator[bytes]:
        """These packets, each when it is asked for, without those that have gone meanwhile."""
        for seq in range(first, first + count):
            packet = self.get(seq)
            if packet is not None:
                yield packet


@dataclass(slots=True)
class Log:
    """Packets in flash. Times are seconds of the device's clock, which `boot` tells apart."""

    number: int
    boot: int
    host_ms: int
    began_s: float
    state: LogState = LogState.LOGGING
    packets: list[bytes] = field(default_factory=list)
    first_s: float = 0.0
    last_s: float = 0.0
    crc: int = 0

    @property
    def size(self) -> int:
        return sum(map(len, self.packets))


class Flash:
    """Logs of at most `size` bytes in all; hand it to another shoe to switch the power off and on.

    `logs` are those kept, the oldest first.
    """

    def __init__(self, size: int = 64 << 20, most_logs: int = 8) -> None:
        self.logs: list[Log] = []
        self.boots = 0
        self._size = size
        self._most_logs = most_logs
        self._used = 0
        self._last_number = 0

    @property
    def logging(self) -> Log | None:
        last = self.logs[-1] if self.logs else None
        return last if last and last.state is LogState.LOGGING else None

    def boot(self) -> bool:
        """The power comes on; whether it had been lost while logging."""
        self.boots += 1
        interrupted = self.logging
        if interrupted:
            interrupted.state = LogState.POWER_LOST
        return interrupted is not None

    def find(self, number: int) -> Log | None:
        """The log with this number, the oldest with 0."""
        if number == 0:
            return self.logs[0] if self.logs else None
        return next((log for log in self.logs if log.number == number), None)

    def begin(self, host_ms: int, device_s: float) -> Log | None:
        """A new log, or None where there is no room for one."""
        if len(self.logs) >= self._most_logs or self._used >= self._size:
            return None
        self._last_number = self._last_number % _LAST_LOG + 1
        log = Log(self._last_number, self.boots, host_ms, device_s)
        self.logs.append(log)
        return log

    def write(self, packet: bytes, device_s: float) -> None:
        """Add a packet, whose first sample is at `device_s`, to the log that goes on, if any."""
        log = self.logging
        if log is None:
            return
        if self._used + len(packet) > self._size:
            log.state = LogState.FULL
            return
        if not log.packets:
            log.first_s = device_s
        log.last_s = device_s
        log.packets.append(packet)
        log.crc = shoegait_log.crc([packet], log.crc)
        self._used += len(packet)

    def room(self) -> int:
        """For how many more bytes: of the log that goes on, or else of a new one."""
        takes_more = self.logging or len(self.logs) < self._most_logs
        return max(0, self._size - self._used) if takes_more else 0

    def stop(self) -> None:
        if self.logging:
            self.logging.state = LogState.STOPPED

    def clear(self, log: Log) -> None:
        self.logs.remove(log)
        self._used -= log.size
