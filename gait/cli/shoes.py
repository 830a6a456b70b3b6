"""`gait shoes`: the shoes that `gait record` picks up by itself."""

from rich.console import Console

from gait.cli.known_sensors import KnownShoes, known_shoes_path
from gait.cli.sensor_table import shoe_table, table_console
from gait.text import printable


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
        from gait.ble.systems import UNPAIR

        how = UNPAIR.replace("ADDRESS", shoe.address)
        stderr.print(f"It stays paired with this machine; to end that, too, {how}.", markup=False)
