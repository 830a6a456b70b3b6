"""Work that takes its time, in a process of its own, so that every page stays alive."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from nicegui import run

from gait.model import GaitError

Given = ParamSpec("Given")
Result = TypeVar("Result")


async def in_other_process(
    work: Callable[Given, Result], *args: Given.args, **named: Given.kwargs
) -> Result:
    """What `work` returns; what it raises is raised here. Both must be possible to pickle."""
    result = await run.cpu_bound(work, *args, **named)
    if result is None:
        raise GaitError("The dashboard is being closed; nothing more was done.")
    return result
