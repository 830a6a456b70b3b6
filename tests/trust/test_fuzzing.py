"""Hostile inputs to every reader and codec: 10⁵ of them, 10⁷ with `pytest -m long`."""

import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.trust.fuzzing import CORPUS, Fuzzed, fuzz
from benchmarks.trust.mutation import mutated
from benchmarks.trust.target import Target, UnmetError, failure, sentence_failure
from benchmarks.trust.targets import TARGETS
from benchmarks.trust.worker import seeds_of
from gait.model import InputError

QUICK, LONG = 100_000, 10_000_000
MOST_CORPUS_BYTES = 300_000


@pytest.fixture(scope="module")
def fuzzed() -> Mapping[str, Fuzzed]:
    return {one.name: one for one in fuzz([(n, t.quick) for n, t in TARGETS.items()])}


@pytest.mark.parametrize("name", TARGETS)
def test_hostile_inputs_give_a_value_or_a_sentence(fuzzed: Mapping[str, Fuzzed], name: str) -> None:
    assert fuzzed[name].inputs >= TARGETS[name].quick
    assert fuzzed[name].findings == []


def test_both_forms_give_as_many_as_is_said() -> None:
    always = [target for name, target in TARGETS.items() if name != "table-parquet"]
    assert sum(target.quick for target in always) >= QUICK
    assert sum(target.long for target in always) >= LONG


@pytest.mark.long
def test_ten_million_hostile_inputs() -> None:
    found = fuzz([(name, target.long) for name, target in TARGETS.items()])
    assert [one.line() for one in found if one.findings] == []


def test_corpus_is_small_and_every_target_has_good_inputs() -> None:
    assert sum(f.stat().st_size for f in CORPUS.rglob("*") if f.is_file()) < MOST_CORPUS_BYTES
    folders = {target.corpus or name for name, target in TARGETS.items()}
    unused = {folder.name for folder in CORPUS.iterdir()} - folders
    assert unused <= {"table-parquet"}  # where its extra is not installed
    assert all(seeds_of(target) for target in TARGETS.values())


@pytest.mark.parametrize("text", [False, True])
def test_a_number_gives_the_same_input_each_time(text: bool) -> None:
    seeds = [bytes(range(256)), b'{"rate": 400, "name": "a b"}\n' * 20]
    made = [mutated(seeds, random.Random(number), text=text) for number in range(300)]
    assert made == [mutated(seeds, random.Random(number), text=text) for number in range(300)]
    assert len(set(made)) > 250
    assert sum(one in seeds for one in made) < 30


def _reading(read) -> Target:
    return Target(name="x", read=lambda inputs, _: read(inputs[0]), quick=1, long=1)


def _raise(error: BaseException) -> None:
    raise error


class _SeveralLinesError(InputError):
    """As none of ours is, which are made one line where they are made."""

    def __str__(self) -> str:
        return "line one\nline two"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError("run.gait is damaged; use another copy."), None),
        (_SeveralLinesError(), "several lines"),
        (InputError(""), "without a word"),
        (InputError("a" * 5000), "5,000 characters"),
        (ValueError("no number"), "ValueError: no number"),
        (MemoryError(), "MemoryError"),
        (SystemExit(3), "SystemExit"),
        (UnmetError("let in without the token"), "let in"),
    ],
)
def test_only_the_products_own_sentence_is_an_answer(error, said, tmp_path: Path) -> None:
    what, refused = failure(_reading(lambda _: _raise(error)), [b""], tmp_path)
    assert (what is None) == (said is None)
    assert said is None or said in str(what)
    assert refused == isinstance(error, InputError)


def test_a_sentence_is_one_line_of_words() -> None:
    assert sentence_failure("There is no file x; check the name.") is None
    assert sentence_failure("<Foo object at 0x7f00>") is not None
