"""Text from a plain or gzip file, as far as it can be read and within what it may become.

What a file is, by its content and not by its name.
"""

import codecs
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Literal

from gait.model import InputError
from gait.model.limits import check_unpacked
from gait.recording.files import cannot_read
from gait.recording.session_format import APPLICATION_ID, FORMAT_VERSION, PAGE_BYTES

GZIP_MAGIC = b"\x1f\x8b"
CHUNK_BYTES = 8192  # what is in the same piece as damage is lost with it
CUT_OFF = "The compressed file is cut off; everything before the cut is here."
DAMAGED = (
    "The compressed file is damaged: its end may be missing and values may be wrong; "
    "use another copy if there is one."
)
_GZIP = 31  # zlib's word for a gzip header and trailer
# A gzip file may be many one after the other; those of less than this each are made to take time.
_LEAST_MEMBER_BYTES = 1024
_FREE_MEMBERS = 1000

LenientBytes = Generator[bytes, None, list[str]]


def chunks(path: Path, size: int = CHUNK_BYTES) -> LenientBytes:
    """Yield the content in pieces of up to `size` bytes, decompressed where it is gzip.

    Returns (as the generator's value) a sentence for each problem. Raises InputError where the
    file cannot be opened, or unpacks to far more than can be meant.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            raw.seek(0)
            if not packed:
                while piece := raw.read(size):
                    yield piece
                return []
            yield from _unpacked(iter(lambda: raw.read(CHUNK_BYTES), b""), size, path)
    except EOFError:
        return [CUT_OFF]
    except zlib.error:
        return [DAMAGED]
    except OSError as error:
        raise cannot_read(path, error) from error
    return []


def _unpacked(packed: Iterator[bytes], size: int, path: Path) -> Generator[bytes, None, None]:
    """Every member of a gzip file, in pieces that are handed out before later damage is found."""
    total = members = 0
    file_bytes = path.stat().st_size
    member = zlib.decompressobj(_GZIP)
    begun = False
    for part in packed:
        rest = part
        while rest:
            if not begun:
                rest = rest.lstrip(b"\0")  # some tools fill up with zeros
                if not rest:
                    break
                begun = True
                members += 1
                if members > _FREE_MEMBERS + file_bytes // _LEAST_MEMBER_BYTES:
                    raise InputError(f"{path} is packed in too many pieces; it was not read.")
            piece = member.decompress(rest, size)
            total += len(piece)
            check_unpacked(total, file_bytes, str(path))
            if piece:
                yield piece
            rest = member.unconsumed_tail
            if member.eof:
                rest = member.unused_data
                member = zlib.decompressobj(_GZIP)
                begun = False
    while begun and (piece := member.decompress(member.unconsumed_tail, size)):
        total += len(piece)
        check_unpacked(total, file_bytes, str(path))
        yield piece
    if begun and not member.eof:
        raise EOFError


def check_unpacks(path: Path) -> None:
    """Raise InputError where a file unpacks to far more than can be meant, before anything of it
    is taken apart, which takes a hundred times as long as unpacking."""
    for _ in chunks(path, 1 << 16):
        pass


def lines(path: Path, *, most_bytes: int, first_bytes: int | None = None) -> LenientBytes:
    """Yield line after line without its end; the same problems and errors as `chunks`.

    A line of more than `most_bytes` (the first: `first_bytes`) is InputError.
    """
    most = most_bytes if first_bytes is None else first_bytes
    parts: list[bytes] = []
    held = 0
    source = chunks(path)
    while True:
        try:
            piece = next(source)
        except StopIteration as end:
            problems: list[str] = end.value
            break
        *ends, rest = piece.split(b"\n")
        for part in ends:
            _check_line(held + len(part), most, path)
            yield b"".join((*parts, part)) if parts else part
            parts, held, most = [], 0, most_bytes
        if rest:
            parts.append(rest)
            held += len(rest)
            _check_line(held, most, path)
    if parts:
        yield b"".join(parts)
    return problems


def text_blocks(path: Path, *, line_bytes: int, size: int = 1 << 22) -> LenientBytes:
    """Yield the content in blocks of about `size` bytes that end where a line does.

    Problems and errors as `lines`.
    """
    parts: list[bytes] = []
    held = 0
    source = _utf8(chunks(path, 1 << 16))
    while True:
        try:
            piece = next(source)
        except StopIteration as end:
            problems: list[str] = end.value
            break
        parts.append(piece)
        held += len(piece)
        if held < size:
            continue
        block = b"".join(parts)
        end = max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1
        _check_line(len(block) - end, line_bytes, path)
        yield block[:end]
        parts, held = [block[end:]], len(block) - end
    if held:
        yield b"".join(parts)
    return problems


def _utf8(source: LenientBytes) -> LenientBytes:
    """The same text in UTF-8, whatever it was in; what is not UTF-16 goes through as it is."""
    decoder: codecs.IncrementalDecoder | None = None
    begun = False
    while True:
        try:
            piece = next(source)
        except StopIteration as end:
            return end.value
        if not begun:
            begun = True
            encoding = utf16_of(piece)
            decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
        yield piece if decoder is None else decoder.decode(piece).encode("utf-8", "replace")


def _check_line(length: int, most: int, path: Path) -> None:
    if length > most:
        raise InputError(
            f"{path} has a line of more than {most:,} characters, longer than any of a recording; "
            "it was not read."
        )


def first_bytes(path: Path, size: int = 4096) -> bytes:
    """The first bytes of the (decompressed) content."""
    head = b""
    for piece in chunks(path, size):
        head += piece
        if len(head) >= size:
            break
    return head[:size]


Container = Literal["sqlite", "jsonl", "csv", "parquet"]

SQLITE_MAGIC = b"SQLite format 3\0"
PARQUET_MAGIC = b"PAR1"
JSONL_FORMAT = b'"gait-session"'
_VERSION_AT, _APPLICATION_AT = 60, 68  # offsets in the header of an SQLite file


def sniff(path: Path | str) -> Literal["session", "table"]:
    """Whether `path` is a session file or an IMU table.

    Raises InputError with a sentence where it is neither, is missing, is a folder, is empty or
    may not be read.
    """
    return "session" if container(Path(path)) in ("sqlite", "jsonl") else "table"


def container(path: Path) -> Container:
    """The form of the file. Raises InputError as `sniff` does, and for a newer session format."""
    try:
        with path.open("rb") as file:
            start = file.read(100)
        size = path.stat().st_size
    except OSError as error:
        raise cannot_read(path, error) from error
    if not size:
        raise InputError(f"{path} is empty; nothing was recorded in it.")
    if start.startswith(SQLITE_MAGIC):
        _check_is_session(path, start)
        return "sqlite"
    if start.startswith(PARQUET_MAGIC):
        return "parquet"
    head = first_bytes(path)
    if head.lstrip().startswith(b"{") and JSONL_FORMAT in head:
        return "jsonl"
    if _looks_like_columns(head):
        return "csv"
    if path.suffix == ".gait" and size >= 2 * PAGE_BYTES:
        return "sqlite"  # the first page may be damaged; the reader looks at the others
    raise InputError(
        f"{path} is neither a session file nor an IMU table (.csv, .csv.gz or .parquet)."
    )


def _check_is_session(path: Path, header: bytes) -> None:
    application = int.from_bytes(header[_APPLICATION_AT : _APPLICATION_AT + 4], "big")
    version = int.from_bytes(header[_VERSION_AT : _VERSION_AT + 4], "big")
    if application != APPLICATION_ID:
        raise InputError(f"{path} is a database of another program, not a session file.")
    check_version(path, version)


def check_version(path: Path, version: int) -> None:
    """Raise InputError for a session format that this version does not know."""
    if version > FORMAT_VERSION:
        raise InputError(
            f"{path} was made by a newer version (session format {version}, this one reads up to "
            f"{FORMAT_VERSION}); update shoegait to read it."
        )


LINES_LOOKED_AT = 100


def as_text(head: bytes) -> str:
    """The beginning of a text in UTF-8 or UTF-16; bytes that are none are replaced."""
    encoding = utf16_of(head)
    return head.decode(encoding or "utf-8-sig", "replace").lstrip("\ufeff")


def utf16_of(head: bytes) -> str | None:
    """Which UTF-16 a text is in, told by its mark or by the zeros of its Latin letters."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    pairs = len(head) // 2
    if pairs >= 8 and head[1 : 2 * pairs : 2].count(0) > 0.9 * pairs:
        return "utf-16-le"
    if pairs >= 8 and head[0 : 2 * pairs : 2].count(0) > 0.9 * pairs:
        return "utf-16-be"
    return None


def _looks_like_columns(head: bytes) -> bool:
    lines = [line for line in as_text(head).splitlines() if line.strip() and line[0] != "#"]
    names = next((line for line in lines[:LINES_LOOKED_AT] if _parted(line)), "")
    return all(character >= " " or character.isspace() for character in names) and bool(names)


def _parted(line: str) -> bool:
    return any(separator in line for separator in ",;\t")
