"""`gait shoes`: the shoes that `gait record` picks up by itself."""

from rich.console import Console

from gait.app.known import KnownShoes, known_shoes_path
from gait.app.sensor_table import shoe_table, table_console


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
    Console(stderr=True, highlight=False).print(f"Forgotten: {shoe.label} ({shoe.address}).")
