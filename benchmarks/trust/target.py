"""What hostile input is given to, and what must hold of whatever comes of it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from benchmarks.trust.mutation import mutated
from gait.model import GaitError

LONGEST_SENTENCE = 2000  # a path and a quoted value; more is a dump of the input


class UnmetError(Exception):
    """Something that must hold does not; the text says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One reader or codec.

    corpus : the folder of its seeds in the corpus, where not its name
    read   : gives the reader one input, with an empty folder of its own to write it into; raises
             what the reader raises, or UnmetError where its answer cannot be
    wrap   : a mutated input → the file made of it, as with its checksums made right; None where
             inputs are read as they are
    text   : people can read the format, so words and numbers of it are changed too
    batch  : inputs that are given at once, as packets of one connection are
    quick, long : how many inputs in either form
    """

    name: str
    read: Callable[[Sequence[bytes], Path], None]
    wrap: Callable[[bytes, random.Random], bytes] | None = None
    text: bool = False
    batch: int = 1
    corpus: str = ""
    quick: int
    long: int

    def count(self, *, long: bool) -> int:
        return self.long if long else self.quick

    def inputs(self, seeds: Sequence[bytes], number: int) -> list[bytes]:
        """The inputs of call `number`, from 1 on."""
        draw = random.Random(crc32(self.name.encode()) << 32 | number)
        made = [mutated(seeds, draw, text=self.text) for _ in range(self.batch)]
        return made if self.wrap is None else [self.wrap(one, draw) for one in made]

    def seed(self, content: bytes) -> bytes:
        """The file that an unchanged seed is."""
        return content if self.wrap is None else self.wrap(content, random.Random(0))


def failure(target: Target, inputs: Sequence[bytes], folder: Path) -> tuple[str | None, bool]:
    """What is wrong with how `target` took these inputs, None where all is as it must be; and
    whether it refused them.

    It must give a value, or raise the product's own error with one sentence.
    """
    try:
        target.read(inputs, folder)
    except GaitError as error:
        return sentence_failure(str(error)), True
    except (Exception, SystemExit) as error:  # any other is what is looked for
        return f"{type(error).__name__}: {str(error)[:200]} ({_where(error)})", False
    return None, False


def sentence_failure(sentence: str) -> str | None:
    """Why this cannot be shown to a person; None where it can."""
    if not sentence.strip():
        return "an error without a word"
    if "\n" in sentence or "\0" in sentence:
        return f"a sentence of several lines: {sentence[:200]!r}"
    if len(sentence) > LONGEST_SENTENCE:
        return f"a sentence of {len(sentence):,} characters: {sentence[:100]!r} …"
    if "Traceback" in sentence or " object at 0x" in sentence:
        return f"a sentence of Python's own: {sentence[:200]!r}"
    return None


def _where(error: BaseException) -> str:
    """The innermost line of the product that the error came through."""
    place = "?"
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename.replace("\\", "/")
        if "/gait/" in file and "site-packages" not in file:
            place = f"gait/{file.rpartition('/gait/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
