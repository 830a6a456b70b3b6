"""Chaos on the real Bluetooth stack: the recording of two shoes to which everything happens.

The stack (bumble), the client, the recorder and the analysis are the product's own; the hazards and
the ledger of every packet that a shoe made are those of tests/soak.
"""

import asyncio
import importlib
import sys
import tempfile
import traceback
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.trust.fuzzing import ROOT
from benchmarks.trust.trial import Trial
from gait.model import Side

QUICK_S = 80.0
HOUR_S = 3600.0
PART_S = 300.0  # an hour is this run again and again


def soak(*, long: bool) -> Trial:
    """Two shoes that lose their link, their packets, their clock and their battery."""
    seconds = HOUR_S if long else QUICK_S
    trial = Trial(
        f"{seconds / 60:.1f} minutes of chaos on the real Bluetooth stack",
        "every packet that a shoe made is in the file or told as lost; no stride is invented, none "
        "lacking outside gaps; memory does not grow",
    )
    try:
        with tempfile.TemporaryDirectory(prefix="gait-soak-") as folder:
            with redirect_stderr(StringIO()):  # the live view
                soaked = asyncio.run(_recorded(Path(folder), seconds))
            trial.detail = _told(soaked)
            for check in _checks(soaked):
                trial.tried(check)
    except ImportError as error:
        trial.left_out = f"it needs {error.name}"
    return trial


def _test(name: str) -> Any:
    """A module of tests/soak."""
    for place in (ROOT / "tests", ROOT / "tests" / "soak"):
        if str(place) not in sys.path:
            sys.path.append(str(place))
    return importlib.import_module(name)


async def _recorded(folder: Path, seconds: float) -> Any:
    soaking, hazards = _test("soaking"), _test("hazards")
    if seconds > PART_S:
        parts = round(seconds / PART_S) + 1
        feet = soaking.again_and_again(soaking.runners_feet(PART_S), parts)
    else:
        feet = soaking.runners_feet(1.5 * seconds)
    return await soaking.soak(folder, feet, hazards.chaos(1, seconds), seconds)


def _checks(soaked: Any) -> list[str | None]:
    """What is wrong: with the packets, with the strides, with memory."""
    checks, chaos = _test("checks"), _test("test_chaos")
    found = [_failure(lambda: checks.check_whole(soaked)), _failure(lambda: chaos.check(soaked))]
    if len(soaked.resident) > 100:
        quarters = np.array_split(soaked.resident, 4)
        grown = float(np.median(quarters[3]) - np.median(quarters[0]))
        found.append(f"memory grew by {grown:,.0f} bytes" if grown > chaos.MOST_GROWN else None)
    return found


def _failure(check: Any) -> str | None:
    try:
        check()
    except AssertionError as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{where.name}: {where.line} {error}"
    return None


def _told(soaked: Any) -> str:
    made = {side: len(soaked.accounts[side].first) for side in Side}
    missing = {side: len(soaked.accounts[side].missing) for side in Side}
    return ", ".join(
        f"{side}: {made[side]:,} packets made, {missing[side]:,} never came" for side in Side
    )
