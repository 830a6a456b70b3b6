"""What is missing, against an oracle that knows every packet that was sent."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gait.ble.retransmission import LossTracker
from gait.sensors.profile import PacketNumbers, PacketsGone

SEQ_MODULO, TIME_MODULO_US, PACKET_US = 1 << 8, 1 << 24, 47_500  # small, so that both wrap


class Oracle:
    """A sensor and the way from it, all numbers as they truly are."""

    def __init__(self, first_seq: int, first_us: int) -> None:
        self.missing = LossTracker(SEQ_MODULO, TIME_MODULO_US)
        self._first = (first_seq, first_us)
        self._next = 0  # true number of the next packet
        self._begun: int | None = None  # the first that came
        self._newest = -1
        self._came: set[int] = set()
        self._asked: set[int] = set()
        self._gone: set[int] = set()

    def packet(self, number: int, again: bool = False) -> PacketNumbers:
        seq, us = self._first
        return PacketNumbers(
            (seq + number) % SEQ_MODULO, (us + number * PACKET_US) % TIME_MODULO_US, again
        )

    def make(self, n: int) -> None:
        """Packets that never arrive."""
        self._next += n

    def arrive(self, number: int, again: bool) -> None:
        fresh = self.missing.came(self.packet(number, again))
        if self._begun is None:
            self._begun = number
        assert fresh == (number in self.lost() or number > self._newest)
        self._came.add(number)
        self._newest = max(self._newest, number)

    def send(self) -> None:
        self._next += 1
        self.arrive(self._next - 1, again=False)

    def reboot(self) -> None:
        self.missing.connected()
        self.__dict__.update(Oracle(0, 0).__dict__ | {"missing": self.missing})

    def lost(self) -> list[int]:
        begun = self._newest + 1 if self._begun is None else self._begun
        return [
            number for number in range(begun, self._newest) if number not in self._came | self._gone
        ]

    def forget(self, numbers: range) -> None:
        self._gone.update(numbers)
        self.missing.gone(PacketsGone((self._first[0] + numbers.start) % SEQ_MODULO, len(numbers)))

    def ask(self, n: int) -> None:
        """For the newest n of the oldest in a row; what is newer than the answer is gone."""
        run = self.missing.to_ask()
        if run is None:
            return
        first, count = run
        numbers = [i for i in self.lost() if i not in self._asked][:count]
        assert [(self._first[0] + i) % SEQ_MODULO for i in numbers][:1] == [first]
        self._asked.update(numbers[-n:])
        self.missing.coming((self._first[0] + numbers[-n:][0]) % SEQ_MODULO, len(numbers[-n:]))

    def nothing_came(self) -> None:
        self._asked.clear()
        self.missing.ask_anew()

    def give_up(self) -> None:
        self._gone.update(self._asked.intersection(self.lost()))
        self.missing.give_up()

    def check(self) -> None:
        lost = self.lost()
        assert len(self.missing) == len(lost)
        assert self.missing.awaited == len(self._asked.intersection(lost))
        run: list[int] = []
        for number in lost:
            if number in self._asked:
                if run:
                    break
                continue
            if run and number != run[-1] + 1:
                break
            run.append(number)
        first = self._first[0]
        assert self.missing.to_ask() == (((first + run[0]) % SEQ_MODULO, len(run)) if run else None)
        if self._begun is not None:
            assert self.missing.after() == (first + self._newest + 1) % SEQ_MODULO


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(1, 30)),
        st.tuples(st.just("lose"), st.integers(1, 20)),
        st.tuples(st.just("again"), st.integers(0, 100)),
        st.tuples(st.just("late"), st.integers(0, 100)),
        st.tuples(st.just("twice"), st.integers(0, 3)),
        st.tuples(st.just("gone"), st.integers(1, 9)),
        st.tuples(st.just("ask"), st.integers(1, 9)),
        st.tuples(st.just("nothing came"), st.just(0)),
        st.tuples(st.just("give up"), st.just(0)),
        st.tuples(st.just("link"), st.integers(0, 40)),
        st.tuples(st.just("reboot"), st.just(0)),
    ),
    max_size=30,
)


@given(st.integers(0, SEQ_MODULO - 1), st.integers(0, TIME_MODULO_US // 4), STEPS)
@settings(max_examples=300, deadline=None)
def test_it_knows_what_an_oracle_knows(first_seq: int, first_us: int, steps) -> None:
    oracle = Oracle(first_seq, first_us)
    for what, n in steps:
        recent = [number for number in oracle.lost() if number > oracle._newest - 120]
        match what:
            case "send":
                for _ in range(n):
                    oracle.send()
            case "lose":
                oracle.make(n)
            case "again" | "late" if recent:
                oracle.arrive(recent[n % len(recent)], again=what == "again")
            case "twice" if oracle._newest - n in oracle._came:
                oracle.arrive(oracle._newest - n, again=n == 1)
            case "gone" if recent:
                oracle.forget(range(recent[0], min(recent[0] + n, oracle._newest)))
            case "ask":
                oracle.ask(n)
            case "nothing came":
                oracle.nothing_came()
            case "give up":
                oracle.give_up()
            case "link":
                oracle.missing.connected()
                oracle._asked.clear()
                oracle.make(n)
                oracle.send()
            case "reboot" if oracle._newest > 0:
                oracle.reboot()
                oracle.send()
        oracle.check()


def test_more_than_half_of_all_numbers_may_be_missing() -> None:
    missing = LossTracker(1 << 16, 1 << 32)
    assert missing.to_ask() is None
    assert missing.after() is None
    missing.came(PacketNumbers(65_000, 0, False))
    missing.connected()
    missing.came(PacketNumbers(44_000, 44_536 * 2500, False))
    assert len(missing) == 44_535
    assert missing.to_ask() == (65_001, 44_535)
    missing.gone(PacketsGone(65_001, 44_000))
    assert missing.to_ask() == (43_465, 535)
    missing.coming(43_465, 535)
    assert missing.to_ask() is None
    assert missing.came(PacketNumbers(43_999, 44_535 * 2500, True))
    assert not missing.came(PacketNumbers(43_999, 44_535 * 2500, True))
    assert not missing.came(PacketNumbers(44_000, 44_536 * 2500, True))
    assert missing.awaited == 534


def test_a_reboot_is_told_by_its_time_and_forgets_what_was_before() -> None:
    missing = LossTracker(1 << 16, 1 << 32)
    for seq in (10, 14):
        missing.came(PacketNumbers(seq, seq * 47_500, False))
    missing.connected()
    assert missing.came(PacketNumbers(12, 12 * 47_500, True))  # nothing new yet
    assert missing.to_ask() == (11, 1)
    missing.came(PacketNumbers(1, 500, False))
    assert missing.to_ask() is None
    missing.came(PacketNumbers(3, 95_500, False))
    assert missing.to_ask() == (2, 1)


def test_the_end_of_a_run_can_be_awaited_too() -> None:
    missing = LossTracker(1 << 16, 1 << 32)
    missing.coming_after(5, 3)
    missing.came(PacketNumbers(65_534, 0, False))
    assert missing.after() == 65_535
    missing.coming_after(0, 3)  # 65535 is gone
    assert (missing.awaited, missing.to_ask()) == (3, None)
    assert missing.came(PacketNumbers(0, 2 * 47_500, True))
    assert missing.to_ask() == (65_535, 1)
    assert missing.came(PacketNumbers(2, 4 * 47_500, True))
    assert (missing.awaited, len(missing)) == (1, 2)
    missing.ask_anew()
    missing.gone(PacketsGone(65_535, 1))
    assert missing.to_ask() == (1, 1)
    missing.coming(1, 1)
    assert missing.came(PacketNumbers(1, 3 * 47_500, True))
    assert len(missing) == 0
    assert missing.after() == 3
