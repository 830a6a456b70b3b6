"""XML of watches that nests, swells or goes on for ever is refused; each limit on either side."""

from collections.abc import Callable

import pytest

from gait.model import InputError
from gait.recording import tracks

Read = Callable[[bytes], None]


@pytest.fixture
def read() -> Read:
    """The one pass that reads and refuses."""
    return lambda data: tracks._Xml("it").read(data)


@pytest.mark.parametrize("tag", ["trkpt", "rtept", "Trackpoint", "a:trkpt"])
def test_points_are_counted_whatever_they_are_called(tag: str, read: Read, monkeypatch) -> None:
    monkeypatch.setattr(tracks, "TRACK_POINTS", 3)
    start = b'<gpx xmlns:a="b"><trk>'
    one = f"<{tag}/>".encode()
    read(start + 3 * one + b"</trk></gpx>")
    with pytest.raises(InputError, match="points"):
        read(start + 4 * one + b"</trk></gpx>")
    read(start + 4 * b"<other/>" + b"</trk></gpx>")


@pytest.mark.parametrize(
    ("limit", "fits", "too_much", "said"),
    [
        ("XML_DEPTH", b"<gpx><b><c/><c/></b></gpx>", b"<gpx><b><c><d/></c></b></gpx>",
         "within each other"),
        ("XML_ELEMENTS", b"<gpx><b/><b/></gpx>", b"<gpx><b/><b/><b/></gpx>", "elements"),
        ("XML_ATTRIBUTES", b"<gpx b='1' c='2' d='3'/>", b"<gpx b='1' c='2' d='3' e='4'/>",
         "attributes"),
        ("XML_NAMESPACES", b"<gpx xmlns='x' xmlns:y='y'/>",
         b"<gpx xmlns='x' xmlns:y='y' xmlns:z='z' xmlns:w='w'/>", "namespaces"),
    ],
)  # fmt: skip
def test_each_limit(
    limit: str, fits: bytes, too_much: bytes, said: str, read: Read, monkeypatch
) -> None:
    monkeypatch.setattr(tracks, limit, 3)
    read(fits)
    with pytest.raises(InputError, match=said):
        read(too_much)


def test_a_document_type_and_another_root_are_refused(read: Read) -> None:
    for data in (b"<!DOCTYPE x><gpx/>", b"<html/>"):
        with pytest.raises(InputError, match="no GPX, TCX or FIT"):
            read(data)
