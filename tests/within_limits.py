"""Runs something in a process of its own that may use so much processor and memory, and no more."""

import os
import pickle
import re
import resource
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gait.model import GaitError

# The promise is 2 s on a usual machine; others may be ten times as slow.
CPU_S = 20
MEMORY_BYTES = 300_000_000


def within_limits(work: Callable[..., Any], *args: Any, memory_bytes: int = MEMORY_BYTES) -> Any:
    """What `work` returns, or the sentence of the GaitError it raised.

    Fails where it raises anything else, takes longer than `CPU_S` or more than `memory_bytes`
    beyond what the process has already.
    """
    there, here = os.pipe()
    child = os.fork()
    if not child:
        os.close(there)
        _limit(memory_bytes)
        try:
            result = work(*args)
        except GaitError as error:
            result = str(error)
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
            os._exit(1)
        with os.fdopen(here, "wb") as file:
            file.write(pickle.dumps(result))
        os._exit(0)
    os.close(here)
    with os.fdopen(there, "rb") as file:
        content = file.read()
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, "a traceback, too much time or too much memory"
    return pickle.loads(content)


def _limit(memory_bytes: int) -> None:
    used_s = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    resource.setrlimit(resource.RLIMIT_CPU, (int(used_s) + CPU_S, int(used_s) + CPU_S))
    status = Path("/proc/self/status")
    if not status.exists():
        return
    found = re.search(r"VmData:\s+(\d+) kB", status.read_text())
    if found:
        most = int(found[1]) * 1024 + memory_bytes
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
