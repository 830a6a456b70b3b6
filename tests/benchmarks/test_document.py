"""The page can be written from little: no shared data, no other package, one simulated runner."""

from pathlib import Path

import pytest

pytest.importorskip("matplotlib")

from benchmarks.accuracy.compare import Comparison
from benchmarks.accuracy.document import write_document
from benchmarks.accuracy.run import Results, outcome
from benchmarks.accuracy.runners import cases, recordings_of


def test_page_is_written_and_says_what_was_not_there(tmp_path: Path) -> None:
    results = Results(simulated=[outcome(r) for r in recordings_of(cases()[0])])
    path = tmp_path / "accuracy.md"
    write_document(results, Comparison({}, {}, "gaitmap could not be run here"), [], path)
    text = path.read_text(encoding="utf-8")
    assert "The recordings of real runners were not there" in text
    assert "gaitmap could not be run here" in text
    assert "How accurate" in text
    for picture in (tmp_path / "images").iterdir():
        assert f"images/{picture.name}" in text
