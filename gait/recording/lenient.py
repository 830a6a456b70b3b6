"""Text from a plain or gzip file, as far as it can be read."""

import gzip
import zlib
from collections.abc import Generator
from pathlib import Path

from gait.recording.files import cannot_read

GZIP_MAGIC = b"\x1f\x8b"
CHUNK_BYTES = 8192  # what is in the same piece as damage is lost with it
CUT_OFF = "The compressed file is cut off; everything before the cut is here."
DAMAGED = (
    "The compressed file is damaged: its end may be missing and values may be wrong; "
    "use another copy if there is one."
)

LenientBytes = Generator[bytes, None, list[str]]


def chunks(path: Path, size: int = CHUNK_BYTES) -> LenientBytes:
    """Yield the content in pieces of about `size` bytes, decompressed where it is gzip.

    Returns (as the generator's value) a sentence for each problem. Raises InputError where the
    file cannot be opened.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            raw.seek(0)
            source = gzip.GzipFile(fileobj=raw) if packed else raw
            # read1 hands out what was decompressed before the damage; read would lose it
            while piece := source.read1(size):  # type: ignore[union-attr]
                yield piece
    except EOFError:
        return [CUT_OFF]
    except (zlib.error, gzip.BadGzipFile):
        return [DAMAGED]
    except OSError as error:
        raise cannot_read(path, error) from error
    return []


def lines(path: Path) -> LenientBytes:
    """Yield line after line without its end; the same problems and errors as `chunks`."""
    rest = b""
    source = chunks(path)
    while True:
        try:
            piece = next(source)
        except StopIteration as end:
            problems: list[str] = end.value
            break
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest
    return problems


def opening(path: Path, size: int = 4096) -> bytes:
    """The first bytes of the (decompressed) content."""
    head = b""
    for piece in chunks(path, size):
        head += piece
        if len(head) >= size:
            break
    return head[:size]
