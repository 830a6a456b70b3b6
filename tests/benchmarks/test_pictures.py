"""The same results draw the same bytes, with nothing of the moment in them."""

from pathlib import Path

import pytest

pytest.importorskip("matplotlib")

from benchmarks.accuracy.pictures import PICTURES, write_pictures
from benchmarks.accuracy.run import Results, outcome
from benchmarks.accuracy.runners import cases, recordings_of


def test_pictures_are_the_same_every_time(tmp_path: Path) -> None:
    results = Results(simulated=[outcome(r) for r in recordings_of(cases()[0])])
    first = write_pictures(results, tmp_path / "a")
    second = write_pictures(results, tmp_path / "b")
    assert [path.name for path in first] == [picture.file for picture in PICTURES]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
        assert "dc:date" not in one.read_text()
