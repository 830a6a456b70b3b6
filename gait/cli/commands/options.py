"""Options that several commands have."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gait.model.errors import UsageError
from gait.model.strides import Side

if TYPE_CHECKING:
    from gait.athletes.runner import Chosen

Json = Annotated[
    str | None, typer.Option("--json", help="Write the summary as JSON; `-` for stdout.")
]
StridesTable = Annotated[
    Path | None, typer.Option(help="Write one row a stride, as CSV or .parquet.")
]
Report = Annotated[Path | None, typer.Option(help="Write the HTML report.")]
Profile = Annotated[
    Path | None,
    typer.Option(help="What you know of the runner (YAML, TOML or JSON): see docs/profile.md."),
]
Left = Annotated[str | None, typer.Option(help="Name or address of the sensor on the left shoe.")]
Right = Annotated[str | None, typer.Option(help="Name or address of the sensor on the right shoe.")]
Adapter = Annotated[
    str | None,
    typer.Option(help="Which Bluetooth adapter, as hci1 (Linux; else the first that is on)."),
]
Athlete = Annotated[
    str | None, typer.Option(help="Who ran, by name: compared with their runs and kept there.")
]
WornShoe = Annotated[
    str | None, typer.Option("--shoe", help="In which of their shoes (else the only pair).")
]
Full = Annotated[bool, typer.Option("--full", help="All measures, reasons and sources, too.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")]


def worn_on(left: str | None, right: str | None) -> dict[Side, str]:
    """The sensors that were named, by foot."""
    return {side: name for side, name in ((Side.LEFT, left), (Side.RIGHT, right)) if name}


def chosen_athlete(
    athlete: str | None, shoe: str | None, roster: Path | None, date: str | None = None
) -> "Chosen | None":
    """Whose run it is, None where nobody said. Raises UsageError for what only goes with that."""
    if athlete is None:
        if shoe or roster or date:
            raise UsageError("Say whose run it is with --athlete.")
        return None
    from gait.athletes.runner import Chosen

    return Chosen(athlete, shoe, roster, date)
