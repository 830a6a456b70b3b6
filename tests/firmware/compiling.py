"""Compilers for the portable C: the host's, and ziglang's for the microcontroller."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

STUBS = Path(__file__).parents[2] / "firmware_stubs"
PORTABLE = STUBS / "portable"
SOURCES = sorted(PORTABLE.glob("*.c"))
VECTORS = [STUBS / "vectors" / "stream_v1.txt", STUBS / "vectors" / "log_v1.txt"]

STRICT = [
    *("-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wconversion"),
    *("-Wshadow", "-Wstrict-prototypes", "-Wmissing-prototypes", f"-I{PORTABLE}"),
]
SANITIZERS = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
CORTEX_M4 = ["-target", "thumb-freestanding-eabihf", "-mcpu=cortex_m4"]


def host_compiler() -> str:
    for name in ("cc", "gcc", "clang"):
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no C compiler here; install gcc or clang")


def zig_compiler() -> list[str]:
    pytest.importorskip("ziglang", reason="no cross-compiler here; pip install ziglang")
    return [sys.executable, "-m", "ziglang", "cc"]


class Said(NamedTuple):
    out: str
    err: str


def run(*command: object) -> Said:
    """What it said; fails with that where it failed."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stderr}"
    return Said(done.stdout, done.stderr)
