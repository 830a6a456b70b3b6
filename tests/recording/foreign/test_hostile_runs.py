"""Runs and tracks made to harm: each ends soon, in little memory, with a sentence or a run."""

import gzip
import struct
from pathlib import Path

import pytest
from foreign_files import STRYD_HEADER, fit_file, gpx, stryd_rows, table, tcx, watch_records
from hypothesis import given, settings
from hypothesis import strategies as st
from within_limits import within_limits

from gait.model import InputError
from gait.model.limits import COLUMNS, FIT_DESCRIPTIONS, FIT_MESSAGES, RUN_FILE_BYTES, XML_DEPTH
from gait.recording.foreign import read_foreign
from gait.recording.tracks import read_track

DTD = '<!DOCTYPE x [<!ENTITY a "{}"><!ENTITY b "{}"><!ENTITY c "{}"><!ENTITY d "{}">]>'.format(
    "ha" * 500, "&a;" * 500, "&b;" * 500, "&c;" * 500
)


def both(path: Path) -> list[str]:
    """What each of the two readers says."""
    said = []
    for read in (read_foreign, read_track):
        try:
            read(path)
        except InputError as error:
            said.append(str(error))
    return said


def put(tmp_path: Path, content: bytes | str) -> Path:
    path = tmp_path / "x"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
@pytest.mark.parametrize("form", [tcx, gpx])
def test_a_document_type_is_refused_whatever_its_encoding(tmp_path: Path, form, encoding) -> None:
    head, rest = form().split("?>", 1)
    head = head.replace('"1.0"', f'"1.0" encoding="{encoding[:6]}"')
    # what tells the two forms apart is looked for in bytes, so here it stands in bytes as well
    hint = "<!--" + b"trainingcenterdatabase <gpx ".decode("utf-16-le") + "-->"
    text = f"{head}?>{hint if 'utf-16' in encoding else ''}{DTD}{rest}".replace("Running", "&d;")
    content = text.encode(encoding, "replace")
    if encoding == "utf-16-le":
        content = b"\xff\xfe" + content
    if encoding == "utf-16-be":
        content = b"\xfe\xff" + content
    said = within_limits(both, put(tmp_path, content))
    assert len(said) == 2
    assert all("no " in sentence for sentence in said)


@pytest.mark.parametrize(
    "inside",
    [
        "<a>" * 100_000,
        "<a>" * (XML_DEPTH + 1) + "</a>" * (XML_DEPTH + 1),
        "<a " + " ".join(f'a{n}="1"' for n in range(1000)) + "/>",
        "<name>" + " xmlns" * 500_000 + "</name>",
        "".join(f'<a xmlns:n{n}="u:{n}"/>' for n in range(5000)),
        "<type>" + "1" * 2_000_000 + "</type>",
    ],
)
def test_xml_that_swells(tmp_path: Path, inside: str) -> None:
    said = within_limits(both, put(tmp_path, gpx().replace("<trkseg>", inside + "<trkseg>", 1)))
    assert isinstance(said, list)
    assert len(said) == 2 or inside.startswith("<type>")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-05-17T06:30:07Z", time)
        for time in (
            *("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "0000-00-00T00:00:00Z"),
            *("2026-99-99T99:99:99Z", "now", "", "1" * 5000, "2026-05-17T06:30:07+99:99"),
        )
    ],
)
@pytest.mark.parametrize("form", [tcx, gpx])
def test_moments_that_are_none(tmp_path: Path, form, old: str, new: str) -> None:
    within_limits(both, put(tmp_path, form().replace(old, new)))


@pytest.mark.parametrize("number", ["1e308", "-1e308", "nan", "inf", "1e9", "", "x", "9" * 5000])
def test_numbers_out_of_range_are_not_known(tmp_path: Path, number: str) -> None:
    for text in (
        gpx().replace('lon="11.5"', f'lon="{number}"', 3),
        gpx().replace('lat="48.0"', f'lat="{number}"'),
        tcx().replace("<Value>150", f"<Value>{number}", 3),
        tcx().replace("<DistanceMeters>3.0", f"<DistanceMeters>{number}", 3),
    ):
        path = put(tmp_path, text)
        assert isinstance(within_limits(both, path), list)
        try:
            track = read_track(path)
        except InputError:
            continue
        for point in track.points:
            assert point.latitude_deg is None or abs(point.latitude_deg) <= 90.0
            assert point.longitude_deg is None or abs(point.longitude_deg) <= 180.0
            assert point.heart_rate_bpm is None or 1.0 <= point.heart_rate_bpm <= 300.0
            assert point.distance_m is None or 0.0 <= point.distance_m <= 1e7


def fit_of(messages: bytes) -> bytes:
    head = bytes([14, 32, 0, 0]) + struct.pack("<I", len(messages)) + b".FIT\0\0"
    return head + messages + b"\0\0"


def definition(kind: int, fields: list[int], developer: list[int]) -> bytes:
    head = bytes([0x60, 0, 0]) + struct.pack("<HB", kind, len(fields))
    own = b"".join(bytes([number, size, 2]) for number, size in enumerate(fields))
    theirs = b"".join(bytes([number, size, 0]) for number, size in enumerate(developer))
    return head + own + bytes([len(developer)]) + theirs


@pytest.mark.parametrize(
    "messages",
    [
        definition(20, [], [0] * 200) + bytes(400),  # 1 kB, each byte 200 fields
        definition(20, [], []) + bytes(100_000),
        definition(20, [1], [0] * 255) + bytes(1000),
        definition(206, [1], []) + bytes(2 * (FIT_DESCRIPTIONS + 1)),
        definition(20, [1], []) + bytes(2 * (FIT_MESSAGES + 1)),
    ],
)
def test_fit_that_is_made_to_take_time(tmp_path: Path, messages: bytes) -> None:
    said = within_limits(both, put(tmp_path, fit_of(messages)))
    assert len(said) == 2
    assert all("no bytes" in sentence or "more than" in sentence for sentence in said)


@pytest.mark.parametrize("head", [struct.pack("<I", 10), struct.pack("<I", 1 << 31)])
def test_fit_of_a_wrong_length(tmp_path: Path, head: bytes) -> None:
    data = bytearray(fit_file(watch_records()))
    data[4:8] = head
    assert within_limits(both, put(tmp_path, bytes(data)))
    chained = (fit_of(b"") * 5000)[: 60 * 1024]
    assert len(within_limits(both, put(tmp_path, chained))) == 2


def test_fit_of_many_definitions_and_of_many_makers_fields(tmp_path: Path) -> None:
    shapes = b"".join(definition(20, [1 + n % 250, 1 + n // 250], []) for n in range(5000))
    assert len(within_limits(both, put(tmp_path, fit_of(shapes)))) == 2
    wide = definition(20, [1] * 200, [1] * 200) + (b"\0" + bytes(400)) * 20_000
    assert len(within_limits(both, put(tmp_path, fit_of(wide)))) == 2


@pytest.mark.parametrize(
    "text",
    [
        ",".join(f"c{n}" for n in range(COLUMNS + 1)) + "\n",
        ",".join(f"c{n}" for n in range(20_000)) + "\n" + "1,\n" * 1000,
        ",".join(f"c{n}" for n in range(COLUMNS)) + "\n" + "1\n" * 300_000,
        "a,b\n" + "1\n" * 1_000_000,
        "a,b\n" + "\n" * 2_000_000,
        "a,b\n" + "1," * 2_000_000,
        'a,b\n"' + "x" * 5_000_000,
        'a,b\n"' + "x\n" * 2_000_000,
    ],
)
def test_tables_of_no_run(tmp_path: Path, text: str) -> None:
    said = within_limits(both, put(tmp_path, text))
    assert len(said) == 2


def test_much_out_of_little(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 10_000_000, 1))
    assert len(within_limits(both, path)) == 2
    assert path.stat().st_size < RUN_FILE_BYTES / 50


SOURCES = [
    *(fit_file(watch_records(20)), tcx().encode(), gpx().encode()),
    *(table(STRYD_HEADER, stryd_rows(20)).encode(), gzip.compress(tcx().encode())),
]


@settings(max_examples=80)
@given(
    source=st.sampled_from(SOURCES),
    edits=st.lists(
        st.tuples(
            st.floats(0.0, 0.999),
            st.one_of(
                st.binary(min_size=1, max_size=3),
                st.sampled_from(
                    [b"\xff" * 4, bytes(4), b"9" * 30, b"<", b'"', b"-", b"e9", b"&a;"]
                ),
            ),
        ),
        max_size=6,
    ),
    cut=st.floats(0.5, 1.0),
)
def test_whatever_is_changed_gives_a_track_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, source: bytes, edits, cut: float
) -> None:
    data = bytearray(source)
    for at, changed in edits:
        place = int(at * len(data))
        data[place : place + len(changed)] = changed
    path = tmp_path_factory.mktemp("changed") / "x"
    path.write_bytes(bytes(data[: int(cut * len(data)) + 1]))
    assert all("\n" not in sentence for sentence in both(path))
