"""Work that takes its time, in a process of its own, so that every page stays alive."""

import logging
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from nicegui import run

from gait.model import GaitError

_log = logging.getLogger(__name__)

Given = ParamSpec("Given")
Result = TypeVar("Result")


async def in_other_process(
    work: Callable[Given, Result], *args: Given.args, **named: Given.kwargs
) -> Result:
    """What `work` returns, and the GaitError that it raises. Both must be possible to pickle."""
    name, began_s = getattr(work, "__name__", "work"), time.monotonic()
    outcome = await run.cpu_bound(_outcome, work, args, named)
    _log.info("%s took %.1f s", name, time.monotonic() - began_s)
    if outcome is None:
        raise GaitError("The dashboard is being closed; nothing more was done.")
    result, error = outcome
    if error is not None:
        _log.info("%s ended with %s", name, type(error).__name__)
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
