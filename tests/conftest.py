"""Makes the helpers beside this file importable from every test; none depends on the machine."""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

# What `pytest -m quick` runs: rooms whose tests are done within a minute on two cores, all in all.
QUICK = {"compare", "measures", "model", "report", "risk", "sensors", "text"}
NOT_QUICK = {
    "test_baseline_chance.py",
    "test_coverage.py",
    "test_own_runs_whole_way.py",
    "test_printed.py",
    "test_wrong_edits.py",
}

LONG_S = 5400.0  # for a test of the `long` kind to take, instead of `timeout` in pyproject.toml

# how long generated input takes says something of the machine, nothing of the code
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        room, file = item.path.parent.name, item.path.name
        if room in QUICK and file not in NOT_QUICK and not item.get_closest_marker("long"):
            item.add_marker(pytest.mark.quick)
        if item.get_closest_marker("long") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONG_S))
