"""`gait scan`: what is near, as a list that lives on a terminal and is a table elsewhere."""

import io
import re

from rich.console import Console
from shoes_on_air import noise, sensor
from test_known_shoes import shoe

from gait.cli.scan import run_scan, watch
from gait.cli.source import Source
from gait.model import Side
from gait.virtual import VirtualAir, VirtualShoe


def screen(width):
    out = io.StringIO()
    environment = {"TERM": "xterm-256color"}
    return Console(file=out, width=width, force_terminal=True, _environ=environment), out


async def test_the_list_grows_while_it_listens():
    console, out = screen(140)
    async with (
        VirtualAir() as air,
        VirtualShoe(air, sensor(Side.LEFT), noise(40)) as left,
        VirtualShoe(air, sensor(Side.RIGHT), noise(40)),
    ):
        known = shoe(Side.LEFT, left.address, name=left.name, battery_pct=37)
        found = await watch(Source(air.radio, air.clock), 0.8, [known], console)
    assert {s.side for s in found} == set(Side)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue())
    assert text.count("Listening, 1 s more") >= 2
    row = next(line for line in text.splitlines() if line.startswith("shoegait L 0042"))
    assert re.search(r"left +-\d+ dBm +shoegait +yes +37 % +400 Hz, ±16 g, ±2000 °/s", row)
    assert left.address in row
    row = next(line for line in text.splitlines() if line.startswith("shoegait R 0043"))
    assert re.search(r"right +-\d+ dBm +shoegait +no +– +–", row)


async def test_a_narrow_terminal_has_no_room_for_addresses():
    console, out = screen(80)
    async with VirtualAir() as air, VirtualShoe(air, sensor(), noise(40)) as left:
        await watch(Source(air.radio, air.clock), 0.4, [], console)
    assert left.address not in out.getvalue()


def test_a_pipe_gets_one_plain_table(capsys):
    run_scan(0.6, virtual=True)
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert len(lines) == 3
    assert lines[0].split() == [
        "name", "side", "signal", "kind", "known", "battery", "measures", "address",
    ]  # fmt: skip
    assert "\x1b" not in said.out + said.err
