"""XML of watches that nests, swells or goes on for ever is refused; each limit on either side."""

import pytest

from gait.model import InputError
from gait.recording import tracks


@pytest.mark.parametrize("tag", ["trkpt", "rtept", "wpt", "Trackpoint", "a:trkpt"])
def test_points_are_counted_whatever_they_are_called(tag: str, monkeypatch) -> None:
    monkeypatch.setattr(tracks, "TRACK_POINTS", 3)
    start = b'<x xmlns:a="b">'
    one = f"<{tag}/>".encode()
    tracks.check_plain_xml(start + 3 * one + b"</x>", "it")
    with pytest.raises(InputError, match="points"):
        tracks.check_plain_xml(start + 4 * one + b"</x>", "it")
    tracks.check_plain_xml(start + 4 * b"<other/>" + b"</x>", "it")


@pytest.mark.parametrize(
    ("limit", "fits", "too_much", "said"),
    [
        ("XML_DEPTH", b"<a><b><c/><c/></b></a>", b"<a><b><c><d/></c></b></a>", "within each other"),
        ("XML_ELEMENTS", b"<a><b/><b/></a>", b"<a><b/><b/><b/></a>", "elements"),
        ("XML_ATTRIBUTES", b"<a b='1' c='2' d='3'/>", b"<a b='1' c='2' d='3' e='4'/>",
         "attributes"),
        ("XML_NAMESPACES", b"<a xmlns='x' xmlns:y='y'/>",
         b"<a xmlns='x' xmlns:y='y' xmlns:z='z' xmlns:w='w'/>", "namespaces"),
    ],
)  # fmt: skip
def test_each_limit(limit: str, fits: bytes, too_much: bytes, said: str, monkeypatch) -> None:
    monkeypatch.setattr(tracks, limit, 3)
    tracks.check_plain_xml(fits, "it")
    with pytest.raises(InputError, match=said):
        tracks.check_plain_xml(too_much, "it")


def test_a_document_type_is_refused() -> None:
    with pytest.raises(InputError):
        tracks.check_plain_xml(b"<!DOCTYPE x><x/>", "it")
