"""`gait log`: let the shoes log to their own memory, and see what they keep."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from rich.table import Table

from gait.ble import FoundSensor
from gait.ble.log_link import LogLink
from gait.ble.radio import RadioLock, radio_of
from gait.cli.console import battery, say, table_console
from gait.cli.known_sensors import KnownShoe, KnownShoes, known_shoes_path, now
from gait.cli.sensor_selection import ask_at_terminal, find_shoes
from gait.cli.source import Source
from gait.live.shutdown import on_signals
from gait.logs.clock_sync import BegunLogs, Wall, begin, begun_logs_path
from gait.logs.fetch import kept_logs
from gait.model import GaitError, Side
from gait.sensors.profile import LogState, LogStatus
from gait.text import clock, printable

STATES = {
    LogState.LOGGING: "goes on",
    LogState.STOPPED: "ended",
    LogState.FULL: "ended: memory full",
    LogState.POWER_LOST: "ended: no power, or started anew",
}
COLUMNS = ("shoe", "side", "battery", "log", "state", "packets", "room")
FETCH_THEM = "fetch and clear what is kept with `gait sync FOLDER`"

Act = Callable[[LogLink, Wall], Awaitable[None]]


def run_start(worn: Mapping[Side, str], adapter: str | None = None) -> None:
    begun = BegunLogs(begun_logs_path())
    run_each(worn, lambda link, wall: start(link, wall, begun), adapter)


def run_stop(worn: Mapping[Side, str], adapter: str | None = None) -> None:
    run_each(worn, stop, adapter)


def run_status(worn: Mapping[Side, str], adapter: str | None = None) -> None:
    table = Table(*COLUMNS, box=None, pad_edge=False)
    run_each(worn, into(table), adapter)
    table_console().print(table)


def into(table: Table) -> Act:
    """Add what a shoe keeps to `table`, one row a log."""

    async def look(link: LogLink, _: Wall) -> None:
        kept = await kept_logs(link)
        room_s = await link.ask(lambda: link.logs.room_s(link.info))
        about = [printable(link.found.label), str(link.info.side), battery(link.battery_pct)]
        room = "not told" if room_s is None else clock(room_s)
        for log in kept:
            table.add_row(*about, str(log.log), STATES[log.state], f"{log.packets:,}", room)
        if not kept:
            table.add_row(*about, "none", "", "", room)

    return look


def run_each(worn: Mapping[Side, str], act: Act, adapter: str | None) -> None:
    """Do it with each of the runner's shoes. Raises GaitError in the end where one refused."""

    radio = radio_of(adapter)

    async def whole() -> list[str]:
        with on_signals() as ending, ending.abruptly():
            return await each_shoe(Source(radio), worn, KnownShoes(known_shoes_path()), act)

    refused = asyncio.run(whole())
    if refused:
        raise GaitError(" ".join(refused))


async def each_shoe(
    source: Source, worn: Mapping[Side, str], known: KnownShoes, act: Act
) -> list[str]:
    """Do it with one after the other; what the shoes refused, in a sentence each."""
    refused = []
    turn = RadioLock()
    for sensor in await find_shoes(source, worn, known, ask_at_terminal()):
        try:
            async with LogLink(sensor, source.radio, turn) as link:
                await act(link, source.wall)
        except GaitError as error:
            refused.append(named(sensor, error))
        else:
            remember_logging(known, [link])
    return refused


async def start(link: LogLink, wall: Wall, begun: BegunLogs) -> None:
    """Let the shoe log from now on, and say for how long it can."""
    going = _going(await kept_logs(link))
    number = going.log if going else await begin(link, wall, begun)
    room_s = await link.ask(lambda: link.logs.room_s(link.info))
    what = f"log {number} goes on already" if going else f"log {number} began"
    lasts = "" if room_s is None else f"; there is room for {clock(room_s)} of it"
    say(f"{link.info.side} shoe: {what}{lasts}, battery {battery(link.battery_pct)}")


async def stop(link: LogLink, _: Wall) -> None:
    """End the log that goes on."""
    going = _going(await kept_logs(link))
    await link.ask(link.logs.end)
    ended = f"log {going.log} ended; {FETCH_THEM}" if going else "no log went on"
    say(f"{link.info.side} shoe: {ended}")


def named(sensor: FoundSensor, error: GaitError) -> str:
    """The sentence, with the sensor that it is about."""
    return str(error) if sensor.label in str(error) else f"{sensor.label}: {error}"


def remember_logging(known: KnownShoes, links: Sequence[LogLink]) -> None:
    """These shoes are known from now on; what was done is done also where that fails."""
    try:
        known.remember(
            [
                KnownShoe(
                    address=link.info.address,
                    name=link.found.name,
                    last_seen=now(),
                    info=link.info,
                    battery_pct=link.battery_pct,
                    paired=link.paired,
                )
                for link in links
            ]
        )
    except GaitError as error:
        say(str(error))


def _going(logs: Sequence[LogStatus]) -> LogStatus | None:
    return next((log for log in logs if log.state is LogState.LOGGING), None)
