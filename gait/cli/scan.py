"""`gait scan`: the sensors near by, as a list that lives while it listens.

`gait shoes`: the shoes that `gait record` picks up by itself.
"""

import asyncio
import time
from collections.abc import Sequence

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from gait.ble import FoundSensor
from gait.ble.listening import listening
from gait.cli.console import is_wide, sensor_table, shoe_table, table_console
from gait.cli.known_sensors import KnownShoe, KnownShoes, known_shoes_path
from gait.cli.sensor_selection import NOTHING_FOUND
from gait.cli.source import Source, source_for
from gait.model import GaitError
from gait.text import printable

REDRAW_S = 0.25


async def watch(
    source: Source, seconds: float, shoes: Sequence[KnownShoe], console: Console
) -> list[FoundSensor]:
    """Listen; on a terminal with the list on the screen all the while. What was heard."""
    async with listening(source.radio) as heard:
        until = time.monotonic() + seconds
        with Live(console=console, auto_refresh=False, transient=True) as live:
            while (left := until - time.monotonic()) > 0:
                if console.is_terminal:
                    said = Text(f"Listening, {left:.0f} s more …", "dim")
                    table = sensor_table(heard.nearest_first, shoes, wide=is_wide(console))
                    live.update(Group(table, said), refresh=True)
                await asyncio.sleep(min(REDRAW_S, left))
        return heard.nearest_first


def run_scan(seconds: float, *, virtual: bool, adapter: str | None = None) -> None:
    """Raises GaitError where nothing was heard."""
    known = KnownShoes(None if virtual else known_shoes_path())
    shoes = known.all()
    stderr = Console(stderr=True, highlight=False, soft_wrap=True)
    if known.problem:
        stderr.print(known.problem)

    async def look() -> list[FoundSensor]:
        async with source_for(virtual=virtual, seconds=seconds + 60.0, adapter=adapter) as source:
            return await watch(source, seconds, shoes, Console(stderr=True))

    found = asyncio.run(look())
    if not found:
        raise GaitError(NOTHING_FOUND)
    out = table_console()
    out.print(sensor_table(found, shoes, wide=is_wide(out)))


def run_shoes() -> None:
    known = KnownShoes(known_shoes_path())
    shoes = known.all()
    stderr = Console(stderr=True, highlight=False, soft_wrap=True)
    if known.problem:
        stderr.print(known.problem)
    if not shoes:
        stderr.print("No shoe is known yet; `gait record` remembers those it records.")
        return
    table_console().print(shoe_table(shoes))


def run_forget(called: str) -> None:
    shoe = KnownShoes(known_shoes_path()).forget(called)
    stderr = Console(stderr=True, highlight=False, soft_wrap=True)
    stderr.print(f"Forgotten: {printable(shoe.label)} ({shoe.address}).", markup=False)
    if shoe.paired:
        from gait.ble.platforms import UNPAIR

        how = UNPAIR.replace("ADDRESS", shoe.address)
        stderr.print(f"It stays paired with this machine; to end that, too, {how}.", markup=False)
