"""Files that are no run of another maker end in one sentence that names the file."""

import gzip
from contextlib import suppress
from itertools import pairwise

import pytest
from foreign_files import STRYD_HEADER, fit_file, gpx, stryd_rows, table, tcx, watch_records
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.model import InputError
from gait.recording.foreign import read_foreign, reading

FIT = fit_file(watch_records())
BOMB = """<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa">{more}]>
<gpx version="1.1" creator="x"><trk><name>&z;</name></trk></gpx>"""
ENTITIES = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghz"))
STRYD = table(STRYD_HEADER, stryd_rows())


def changed(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (FIT[:-300], "is cut off"),
        (changed(FIT, len(FIT) // 2), "its checksum does not fit"),
        (gzip.compress(FIT)[:-20], "cut off or damaged"),
        (fit_file([]), "no moment with a time"),
        (fit_file(watch_records(), sport="cycling"), "not on foot (cycling)"),
        (fit_file(watch_records(), product_name="shoegait 0.1"), "exported from a session here"),
        (fit_file(watch_records(1)), "is no run: it lasts 0 s"),
        (fit_file(watch_records(), total_distance=9e6), "which cannot be"),
        (tcx("Biking"), "not on foot (Biking)"),
        (gpx("<type>cycling</type>"), "not on foot (cycling)"),
        (tcx()[:-40], "is damaged"),
        (BOMB.format(more=ENTITIES), "no GPX, TCX or FIT file"),
        (
            "<!-- " + "x" * 3000 + " -->" + BOMB.format(more=ENTITIES).split("?>")[1],
            "no GPX, TCX or FIT file",
        ),
        ("<html><body>Log in first</body></html>", "no GPX, TCX or FIT file"),
        ("day,weight\n2026-05-01,61\n", "not one of RunScribe or Stryd"),
        ("just some words\nand more\n", "no table of a known maker"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", "no FIT, TCX or GPX file"),
        (b"SQLite format 3\0" + b"\0" * 100, "is a session file"),
        (STRYD_HEADER[0] + "," + STRYD, "two columns of one name"),
        (table(STRYD_HEADER, []), "no moment with a time"),
        (table(STRYD_HEADER, [[None] * 14] * 5), "no moment with a time"),
        (table(STRYD_HEADER, [[1e300, *r[1:]] for r in stryd_rows(9)]), "times that cannot be"),
    ],
)
def test_it_is_one_sentence(tmp_path, content, said):
    path = tmp_path / "file"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError) as caught:
        read_foreign(path)
    sentence = str(caught.value)
    assert said in sentence
    assert str(path) in sentence
    assert "\n" not in sentence


def test_what_is_larger_than_any_run_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "RUN_FILE_BYTES", 1000)
    for name, data in (("a.csv", b"a,b\n" * 999), ("b.csv.gz", gzip.compress(b"a,b\n" * 10**6))):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(InputError, match="larger than the file of any run"):
            read_foreign(path)


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError, match="There is no file"):
        read_foreign(tmp_path / "none.fit")
    with pytest.raises(InputError, match="is a folder"):
        read_foreign(tmp_path)


@settings(max_examples=80, deadline=None)
@given(
    source=st.sampled_from([FIT, STRYD.encode(), tcx().encode(), gpx().encode()]),
    cut=st.floats(0.0, 1.0),
    edits=st.lists(st.tuples(st.floats(0.0, 0.999), st.integers(0, 255)), max_size=6),
)
def test_damage_is_a_sentence_or_a_run_and_never_a_traceback(tmp_path_factory, source, cut, edits):
    data = bytearray(source[: int(cut * len(source)) + 1])
    for at, byte in edits:
        data[int(at * len(data))] = byte
    path = tmp_path_factory.mktemp("damaged") / "file"
    path.write_bytes(bytes(data))
    with suppress(InputError):
        (run,) = read_foreign(path)
        assert run.duration_s > 0.0
        assert run.distance_m is None or run.distance_m > 0.0
