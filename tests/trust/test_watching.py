"""What watches over the targets: loops, crashes and swelling are found, and the rest goes on."""

import os
import sys
from pathlib import Path

import pytest

from benchmarks.trust import fuzzing
from benchmarks.trust.fuzzing import fuzz


@pytest.fixture(autouse=True)
def misbehaving(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The worker knows the targets of `bad_targets` too."""
    script = "import bad_targets, json, sys\nfrom benchmarks.trust import worker\n"
    script += "worker.main(json.loads(sys.argv[1]))\n"
    (tmp_path / "bad_worker.py").write_text(script)
    here = str(Path(__file__).parent)
    path = os.pathsep.join([str(tmp_path), here, os.environ.get("PYTHONPATH", "")])
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.setattr(fuzzing, "WORKER", "bad_worker")
    assert sys.executable


def test_loops_crashes_and_swelling_are_findings() -> None:
    endless, crash, swell = fuzz([("endless", 30), ("crash", 30), ("swell", 30)])
    assert endless.findings
    assert all("s of CPU time" in finding.what for finding in endless.findings)
    assert crash.findings
    assert all("SIGABRT" in finding.what for finding in crash.findings)
    assert {"MemoryError" in finding.what for finding in swell.findings} == {True}
    for one in (endless, crash):
        calls = [finding.call for finding in one.findings]
        assert calls == sorted(set(calls)), "each is found once, and what comes after is tried"
    assert crash.inputs >= 30 or len(crash.findings) >= fuzzing.MOST_FINDINGS


def test_a_worker_that_cannot_begin_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzzing, "WORKER", "no_such_module")
    with pytest.raises(RuntimeError, match="exit code"):
        fuzz([("info", 10)])
