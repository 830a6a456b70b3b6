"""How long it takes until a command can begin: fresh interpreters, nothing imported before."""

import subprocess
import sys
import time

COMMANDS = {
    "python": "pass",
    "gait --help": "import sys; from gait.cli.main import run; sys.argv[1:] = ['--help']; run()",
    "import gait.pipeline": "import gait.pipeline",
}
HELP = "gait --help"
_IS_THERE = "import atexit, sys; atexit.register(lambda: print('numba' in sys.modules)); "


def _run(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def starting_s(what: str, repeats: int) -> float:
    """The best of `repeats`."""
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        _run(COMMANDS[what])
        took.append(time.perf_counter() - began)
    return min(took)


def loads_numba(what: str) -> bool:
    return _run(_IS_THERE + COMMANDS[what]).splitlines()[-1] == "True"
