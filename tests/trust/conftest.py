"""The trials of `benchmarks.trust`; they need processes that can be forked, limited and killed."""

import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:
    sys.path.append(ROOT)

if not sys.platform.startswith("linux"):
    pytest.skip("limits of memory and CPU time are kept by Linux", allow_module_level=True)
for needed in ("bumble", "nicegui", "garmin_fit_sdk"):
    pytest.importorskip(needed, reason="the targets read what the extras read")
