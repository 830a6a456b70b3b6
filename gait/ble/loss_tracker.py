"""Which packets of a sensor are missing, by their numbers alone; no radio, no clock."""

from itertools import takewhile

from gait.sensors.exchanges import Gone, Numbered


class Missing:
    """Tell it of every packet that came; it says what to ask for.

    Numbers and device times wrap at `seq_modulo` and `time_modulo_us`; what is given and taken is
    raw. Packets before the first that came are nobody's loss.
    """

    def __init__(self, seq_modulo: int, time_modulo_us: int) -> None:
        self._seq_modulo = seq_modulo
        self._time_modulo_us = time_modulo_us
        self._newest: int | None = None  # unwrapped, as all numbers here
        self._newest_us = 0
        self._to_ask: dict[int, None] = {}  # the oldest first
        self._awaited: dict[int, None] = {}  # asked for
        self._connected = False

    def __len__(self) -> int:
        return len(self._to_ask) + len(self._awaited)

    @property
    def awaited(self) -> int:
        """How many were asked for and have not come."""
        return len(self._awaited)

    def connected(self) -> None:
        """The next packet comes over a new connection: the sensor forgot what it was asked for,
        and may have begun anew."""
        self._connected = True
        self.ask_anew()

    def came(self, packet: Numbered) -> bool:
        """Whether it was missing or is new; False for what came before."""
        later_us = (packet.device_us - self._newest_us) % self._time_modulo_us
        backwards = later_us >= self._time_modulo_us // 2
        if self._newest is None or (self._connected and backwards and not packet.again):
            self._to_ask.clear()
            self._awaited.clear()
            self._newest = packet.seq
        elif backwards:
            return self._forget(self._newest - (self._newest - packet.seq) % self._seq_modulo)
        else:
            number = self._newest + (packet.seq - self._newest) % self._seq_modulo
            if number == self._newest:
                return False
            between = range(self._newest + 1, number)
            self._to_ask.update((n, None) for n in between if n not in self._awaited)
            self._newest = number
            self._forget(number)
        self._connected = self._connected and packet.again
        self._newest_us = packet.device_us
        return True

    def to_ask(self) -> tuple[int, int] | None:
        """First number and count of the oldest in a row that nobody asked for; None without."""
        first = next(iter(self._to_ask), None)
        if first is None:
            return None
        row = takewhile(self._to_ask.__contains__, range(first, first + self._seq_modulo - 1))
        return first % self._seq_modulo, sum(1 for _ in row)

    def after(self) -> int | None:
        """The number after the newest that came; None before the first."""
        return None if self._newest is None else (self._newest + 1) % self._seq_modulo

    def coming(self, first: int, count: int) -> None:
        """These were asked for and will come."""
        for number in self._missing_of(first, count):
            self._to_ask.pop(number, None)
            self._awaited[number] = None

    def coming_after(self, first: int, count: int) -> None:
        """These are newer than the newest, were asked for and will come."""
        if self._newest is not None:
            start = self._newest + (first - self._newest) % self._seq_modulo
            self._awaited.update(dict.fromkeys(range(start, start + count)))

    def ask_anew(self) -> None:
        """What was asked for did not come."""
        self._to_ask = dict.fromkeys(sorted((*self._to_ask, *self._awaited)))
        self._awaited.clear()

    def give_up(self) -> None:
        """What was asked for is not to be had."""
        self._awaited.clear()

    def gone(self, gone: Gone) -> None:
        """These will not come any more."""
        for number in self._missing_of(*gone):
            self._forget(number)

    def _missing_of(self, first: int, count: int) -> list[int]:
        return [
            number
            for number in (*self._to_ask, *self._awaited)
            if (number - first) % self._seq_modulo < count
        ]

    def _forget(self, number: int) -> bool:
        """Whether it was missing."""
        known = number in self._to_ask or number in self._awaited
        self._to_ask.pop(number, None)
        self._awaited.pop(number, None)
        return known
