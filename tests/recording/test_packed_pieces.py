"""Compressed files piece by piece: what is looked at before it is handed out, and what ends it."""

import gzip
import random
import zlib
from pathlib import Path

import pytest

from gait.model import InputError
from gait.recording import tolerant_reader
from gait.recording.tolerant_reader import CUT_OFF, DAMAGED, check_unpacks, chunks, lines

TEXT = b"".join(b"%d,%d\n" % (i, i * i) for i in range(20_000))


def handed_out(path: Path, size: int = 1000) -> tuple[list[bytes], list[str]]:
    source, pieces = chunks(path, size), []
    while True:
        try:
            pieces.append(next(source))
        except StopIteration as end:
            return pieces, end.value


def of_members(path: Path, *members: bytes) -> Path:
    path.write_bytes(b"".join(gzip.compress(member) for member in members))
    return path


@pytest.mark.parametrize("members", [1, 2, 7])
def test_all_of_it_comes_in_pieces_of_the_size_asked_for(tmp_path: Path, members: int) -> None:
    path = of_members(tmp_path / "a.gz", *[TEXT] * members)
    pieces, problems = handed_out(path)
    assert b"".join(pieces) == TEXT * members
    assert max(map(len, pieces)) <= 1000
    assert problems == []
    (tmp_path / "a").write_bytes(TEXT)
    plain, problems = handed_out(tmp_path / "a")
    assert (b"".join(plain), max(map(len, plain)), problems) == (TEXT, 1000, [])


def test_zeros_between_and_behind_members_are_filling(tmp_path: Path) -> None:
    packed = gzip.compress(TEXT)
    (tmp_path / "a.gz").write_bytes(packed + bytes(700) + packed + bytes(9))
    pieces, problems = handed_out(tmp_path / "a.gz")
    assert (b"".join(pieces), problems) == (TEXT + TEXT, [])


@pytest.mark.parametrize("members", [1, 3])
def test_no_piece_beyond_the_limit_is_handed_out(tmp_path: Path, monkeypatch, members: int) -> None:
    """The limit as it is, over what the pieces have been so far, also within a single member."""
    path = of_members(tmp_path / "a.gz", *[bytes(30_000)] * members)
    totals: list[int] = []

    def check(total: int, packed: int, name: str) -> None:
        assert (packed, name) == (path.stat().st_size, str(path))
        totals.append(total)
        if total > 20_500:
            raise InputError("too much")

    monkeypatch.setattr(tolerant_reader, "check_unpacked", check)
    source, held = chunks(path, 1000), 0
    with pytest.raises(InputError):  # noqa: PT012 - what came before counts
        for piece in source:
            held += len(piece)
            assert held in totals
    assert held == 20_000
    with pytest.raises(InputError):
        check_unpacks(path)


def test_a_file_of_very_many_members_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"") * 1000)
    assert handed_out(path) == ([], [])
    path.write_bytes(gzip.compress(b"") * 1100)
    with pytest.raises(InputError, match="too many pieces"):
        handed_out(path)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_what_was_cut_off_or_damaged_is_told(tmp_path: Path, share: float) -> None:
    noise = random.Random(3).randbytes(60_000)
    packed = gzip.compress(noise)
    at = int(share * len(packed))
    (tmp_path / "cut.gz").write_bytes(packed[:at])
    pieces, problems = handed_out(tmp_path / "cut.gz")
    assert problems == [CUT_OFF]
    assert noise.startswith(b"".join(pieces))
    assert len(b"".join(pieces)) > at - 10_000
    (tmp_path / "bad.gz").write_bytes(packed[:-8] + zlib.crc32(b"other").to_bytes(8, "little"))
    pieces, problems = handed_out(tmp_path / "bad.gz")
    assert problems == [DAMAGED]


def test_lines_are_held_to_their_lengths_the_first_to_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a" * 100 + b"\n" + b"b" * 50 + b"\nc")
    assert list(lines(path, most_bytes=50, first_bytes=100)) == [b"a" * 100, b"b" * 50, b"c"]
    for most, first in ((49, 100), (50, 99), (50, None)):
        with pytest.raises(InputError):
            list(lines(path, most_bytes=most, first_bytes=first))
