"""Warming up: a real recording needs no kernel that is not there already."""

import subprocess
import sys
import textwrap

PROGRAM = """
    import sys
    from numba.core.registry import CPUDispatcher

    def compiled():
        return {
            (module, name, len(value.signatures))
            for module in [m for m in sys.modules if m.startswith("gait.")]
            for name, value in vars(sys.modules[module]).items()
            if isinstance(value, CPUDispatcher) and value.signatures
        }

    from gait.cli.warm import warm_up
    from gait.pipeline import analyze_items
    from gait.recording import open_session

    warm_up()
    warm = compiled()
    session = open_session("recordings/easy_run.jsonl.gz")
    analyze_items(session.sensors, session.items())
    print(len(warm) > 5, sorted(compiled() - warm))
"""


def test_nothing_is_compiled_once_packets_come() -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True []\n"
