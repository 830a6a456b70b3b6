"""How kernels are compiled: one decorator, and a cache that never serves stale code.

Imported by kernels only, so that the rest starts without numba. numba notices a change in the
file of a compiled function but not in the files of what it calls, so the cache folder is named
for the source of every kernel; it is kept in the user's own cache, as an installed package may
not be writable.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba
import platformdirs
from numba.core import config

from gait import __version__

P = ParamSpec("P")
R = TypeVar("R")

KERNEL_ROOMS = ("model", "recording", "steps", "measures")


def _kernel_fingerprint() -> str:
    digest = hashlib.sha256(f"{__version__} {numba.__version__}".encode())
    package = Path(__file__).parent.parent
    for room in KERNEL_ROOMS:
        for source in sorted((package / room).glob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Where compiled kernels of this version of the source are kept."""
    return Path(platformdirs.user_cache_dir("shoegait")) / f"kernels-{_kernel_fingerprint()}"


if "NUMBA_CACHE_DIR" not in os.environ:
    config.CACHE_DIR = str(cache_folder())  # pyright: ignore[reportAttributeAccessIssue]


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile with IEEE arithmetic (no fast-math), so that blocks of any size agree bit for bit.

    Parameters
    ----------
    function
        Of numbers, arrays and records of structured arrays (`gait.model.arrays.Record`). numba
        compiles it at the first call, once for each combination of types.

    Returns
    -------
    Callable
        Called like `function`. Division by zero gives inf or NaN and no exception.
    """
    compile_with: Any = numba.njit(cache=True, fastmath=False, nogil=True, error_model="numpy")
    return compile_with(function)
