"""Which of the sensors near by to record: the runner's own, or those that are pointed out."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rich.console import Console

from gait.ble import FoundSensor, ShoeStream, platforms
from gait.ble.listening import NOBODY_SAID, Heard, listening
from gait.cli.console import is_wide, say, sensor_table
from gait.cli.known_sensors import KnownShoe, KnownShoes, known_as, labels, now
from gait.cli.source import Source
from gait.live.shutdown import as_usual
from gait.model import GaitError, Side, UsageError

if TYPE_CHECKING:
    pass

MOST_SHOES = 2
NOTHING_FOUND = "No sensor was found; wake it by moving it, bring it near, and see `gait doctor`."
ENOUGH_ASKING = 3  # wrong answers

Ask = Callable[[Sequence[FoundSensor]], Sequence[FoundSensor]]


@dataclass(frozen=True, slots=True)
class Choice:
    """The sensors to record, at most one a foot, and what the runner should know of it."""

    sensors: Sequence[FoundSensor]
    remarks: Sequence[str] = field(default=())


def own(sensors: Sequence[FoundSensor], shoes: Sequence[KnownShoe]) -> list[FoundSensor]:
    """The known ones among these, on the foot they are known to be on."""
    found = []
    for sensor in sensors:
        shoe = known_as(sensor.address, sensor.profile.name, shoes)
        if shoe is not None:
            found.append(sensor if sensor.side else replace(sensor, worn=shoe.side))
    return found


def complete(
    heard: Mapping[str, FoundSensor], shoes: Sequence[KnownShoe], pointed_out: int
) -> bool:
    """Whether it is no use to listen longer: every shoe that is expected has been heard."""
    if pointed_out:
        return sum(s.worn is not None for s in heard.values()) >= pointed_out
    feet = {sensor.side for sensor in own(list(heard.values()), shoes)}
    return {shoe.side for shoe in shoes} <= feet and bool(shoes)


async def listen(
    heard: Heard, shoes: Sequence[KnownShoe], seconds: float, pointed_out: int = 0
) -> list[FoundSensor]:
    """What is near, the nearest first. Where nobody is known yet, two named sensors are enough."""

    def enough(sensors: Mapping[str, FoundSensor]) -> bool:
        if pointed_out or shoes:
            return complete(sensors, shoes, pointed_out)
        return sum(s.side is not None for s in sensors.values()) >= MOST_SHOES

    await heard.until(enough, seconds)
    return heard.nearest_first


def choose(
    near: Sequence[FoundSensor],
    shoes: Sequence[KnownShoe],
    ask: Ask | None,
    worn: Mapping[Side, str] = NOBODY_SAID,
) -> Choice:
    """`ask` lets the runner choose; None where nobody can be asked. `worn` has the name or address
    of the sensor on each foot, where the runner says it: then only these are taken.

    Raises GaitError with what is near where it is not clear which are meant.
    """
    if worn:
        return Choice(_pointed_out(near, worn))
    if not near:
        raise GaitError(_not_near(shoes) if shoes else NOTHING_FOUND)
    mine = own(near, shoes)
    if mine:
        return _mine(mine, shoes)
    if ask is not None:
        return Choice(ask(near))
    names = ", ".join(sensor.label for sensor in near)
    if shoes:
        raise GaitError(
            f"{_not_near(shoes)} Near are {names}, which are not known; run `gait record` in a "
            "terminal to choose among them."
        )
    if len(near) > MOST_SHOES:
        raise GaitError(
            f"More than two sensors are near ({names}); switch the others off and try again."
        )
    return Choice(near)


def _pointed_out(near: Sequence[FoundSensor], worn: Mapping[Side, str]) -> list[FoundSensor]:
    """The nearest that is called so, for each foot. Raises GaitError where one is not near."""
    chosen = []
    for side, called in worn.items():
        meant = [sensor for sensor in near if sensor.worn is side]
        sensor = meant[0] if meant else None
        if len(meant) > 1:
            addresses = ", ".join(one.address for one in meant)
            raise GaitError(
                f"{len(meant)} sensors that are near are called {called}; say which by address: "
                f"{addresses}."
            )
        if sensor is None:
            names = ", ".join(sensor.label for sensor in near) or "none"
            raise GaitError(
                f"The sensor {called} of the {side} shoe is not near (near: {names}); wake it by "
                "moving it, and see `gait scan` for its name."
            )
        chosen.append(sensor)
    return chosen


def _mine(mine: Sequence[FoundSensor], shoes: Sequence[KnownShoe]) -> Choice:
    """One known shoe a foot: of several pairs the one used last."""
    used = [shoe.address.casefold() for shoe in shoes]  # the last one first
    chosen: dict[Side | None, FoundSensor] = {}
    for sensor in sorted(mine, key=lambda sensor: used.index(sensor.address.casefold())):
        chosen.setdefault(sensor.side, sensor)
    remarks = []
    left_out = [sensor.label for sensor in mine if sensor not in chosen.values()]
    if left_out:
        remarks.append(f"Also near, and not used: {', '.join(left_out)}.")
    for side in Side:
        named = zip(shoes, labels(shoes), strict=True)
        absent = [label for shoe, label in named if shoe.side is side]
        if absent and side not in chosen:
            remarks.append(
                f"The {side} shoe ({absent[0]}) is not near; only the {side.other} one is used."
            )
    return Choice(list(chosen.values()), remarks)


def _not_near(shoes: Sequence[KnownShoe]) -> str:
    names = ", ".join(labels(shoes))
    return f"Your shoes ({names}) are not near; wake them by moving them, and see `gait doctor`."


def ask_at_terminal() -> Ask | None:
    """Questions on stderr, answers from stdin; None where that is no terminal."""
    if not (sys.stdin is not None and sys.stdin.isatty()):
        return None
    console = Console(stderr=True)

    def ask(near: Sequence[FoundSensor]) -> Sequence[FoundSensor]:
        console.print("These sensors are near, and none is known yet:")
        console.print(sensor_table(near, (), numbered=True, wide=is_wide(console)))
        suggested = _suggested(near)
        default = " ".join(str(near.index(sensor) + 1) for sensor in suggested)
        answer = "none"
        for _ in range(ENOUGH_ASKING):
            with as_usual(), suppress(EOFError):
                answer = console.input(f"Which are yours? Numbers, or Enter for {default}: ")
            chosen = _numbers(answer or default, near)
            if chosen:
                return chosen
            console.print(f"Write one or two numbers from 1 to {len(near)}, such as {default}.")
        raise UsageError("No sensor was chosen.")

    return ask


def _suggested(near: Sequence[FoundSensor]) -> list[FoundSensor]:
    """The nearest of each foot."""
    first: dict[Side | None, FoundSensor] = {}
    for sensor in near:
        first.setdefault(sensor.side, sensor)
    known_side = [sensor for side, sensor in first.items() if side is not None]
    return known_side or list(near[:1])


def _numbers(answer: str, near: Sequence[FoundSensor]) -> list[FoundSensor]:
    """The sensors with these numbers; empty where it is not understood."""
    words = answer.replace(",", " ").split()
    if not all(word.isdecimal() and 1 <= int(word) <= len(near) for word in words):
        return []
    chosen = [near[number - 1] for number in dict.fromkeys(int(word) for word in words)]
    return chosen if 1 <= len(chosen) <= MOST_SHOES else []


SCAN_S = 5.0


async def find_shoes(
    source: Source, worn: Mapping[Side, str], known: KnownShoes, ask: Ask | None
) -> Sequence[FoundSensor]:
    """The sensors that are meant: those of `worn`, or the known ones that are near.

    Raises GaitError where there are none, or it is not clear which.
    """
    shoes = known.all()
    if known.problem:
        say(known.problem)
    with Console(stderr=True).status("Looking for sensors …"):
        async with listening(source.radio, worn=worn) as heard:
            near = await listen(heard, shoes, SCAN_S, len(worn))
    choice = choose(near, shoes, ask, worn)
    for remark in choice.remarks:
        say(remark)
    new = [s for s in choice.sensors if known_as(s.address, s.profile.name, shoes) is None]
    if new and known.path is not None and platforms.FIRST_PAIRING:
        say(platforms.FIRST_PAIRING)
    return choice.sensors


def say_what_is_old(known: KnownShoes, sensors: Sequence[FoundSensor], stream: ShoeStream) -> None:
    """What the firmware of a shoe is too old for: once, and not each time it is recorded. Shoes
    that are not remembered are virtual, and have none."""
    if known.path is None:
        return
    shoes = known.all()
    for sensor, info, lacks in zip(sensors, stream.sensors, stream.lacks, strict=True):
        shoe = known_as(sensor.address, sensor.profile.name, shoes)
        if lacks and not (shoe and shoe.info.firmware == info.firmware):
            say(f"{sensor.label}: {lacks}")


def remember(
    known: KnownShoes,
    sensors: Sequence[FoundSensor],
    stream: ShoeStream,
    batteries: Sequence[int | None],
) -> None:
    """These shoes are known from now on; a session is a session also where that fails."""
    seen = [
        KnownShoe(
            address=info.address,
            name=sensor.name,
            last_seen=now(),
            info=info,
            battery_pct=battery,
            paired=paired,
        )
        for sensor, info, battery, paired in zip(
            sensors, stream.sensors, batteries, stream.paired, strict=True
        )
    ]
    try:
        known.remember(seen)
    except GaitError as error:
        say(str(error))
