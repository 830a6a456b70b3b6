"""Work that takes its time, in a process of its own, so that every page stays alive."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from nicegui import run

from gait.model import GaitError

Given = ParamSpec("Given")
Result = TypeVar("Result")


async def in_other_process(
    work: Callable[Given, Result], *args: Given.args, **named: Given.kwargs
) -> Result:
    """What `work` returns, and the GaitError that it raises. Both must be possible to pickle."""
    outcome = await run.cpu_bound(_outcome, work, args, named)
    if outcome is None:
        raise GaitError("The dashboard is being closed; nothing more was done.")
    result, error = outcome
    if error is not None:
        raise error
    return result


def _outcome(
    work: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]
) -> tuple[Any, GaitError | None]:
    """The error as a value, as NiceGUI makes another one of what is raised over there."""
    try:
        return work(*args, **named), None
    except GaitError as error:
        return None, error
