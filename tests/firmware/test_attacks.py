"""The portable C under the sanitizers: no input makes it read or write beyond what it owns, and it
takes and refuses what the Python codec takes and refuses, with the same answers."""

import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from attacks import TURNS, Kind, attacks, wanted
from compiling import SANITIZERS, SOURCES, STRICT, host_compiler, run

HERE = Path(__file__).parent
IN_ONE_GO = 100_000
LONG_ROUNDS = 100
SECONDS = 300  # for one go; it takes some 5


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("attacks") / "attack_portable"
    run(host_compiler(), *STRICT, *SANITIZERS, HERE / "attack_portable.c", *SOURCES, "-o", made)
    return made


def test_a_hundred_thousand_attacks(program: Path) -> None:
    tried = list(attacks(IN_ONE_GO, seed=1))
    said = answers(program, tried)
    compare(tried, said)
    taken = Counter(
        (kind, data[0] if kind is Kind.PACKET else len(data) > 3)
        for (kind, _), data in zip(tried, said, strict=True)
        if kind in (Kind.CONTROL, Kind.PACKET)
    )
    # both a good part that is taken and one that is refused: neither side is tried on nothing
    assert min(taken.values()) > IN_ONE_GO / 100
    assert {kind for kind, _ in tried} == set(TURNS) == set(Kind)


@pytest.mark.long
def test_ten_million_attacks(program: Path) -> None:
    for number in range(LONG_ROUNDS):
        tried = list(attacks(IN_ONE_GO, seed=1000 + number))
        compare(tried, answers(program, tried))


def test_the_sanitizers_see_one_byte_too_many(tmp_path: Path) -> None:
    """The harness itself: what the C would do wrong is found, and not passed over."""
    source = tmp_path / "reads_on.c"
    source.write_text(
        "#include <stdlib.h>\n#include <stdio.h>\n"
        "int main(int count, char **values) { (void)values;\n"
        "  unsigned char *bytes = calloc((size_t)count + 3, 1);\n"
        '  printf("%d\\n", bytes[count + 3]); free(bytes); return 0; }\n'
    )
    made = tmp_path / "reads_on"
    run(host_compiler(), *SANITIZERS, source, "-o", made)
    done = subprocess.run([made], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode != 0
    assert "heap-buffer-overflow" in done.stderr


def answers(program: Path, tried: Sequence[tuple[Kind, bytes]]) -> list[bytes]:
    given = bytearray()
    for kind, data in tried:
        given += (1 + len(data)).to_bytes(4, "little") + bytes([kind]) + data
    done = subprocess.run([program], input=given, capture_output=True, check=False, timeout=SECONDS)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-4000:]
    said, at = [], 0
    while at < len(done.stdout):
        length = int.from_bytes(done.stdout[at : at + 4], "little")
        said.append(done.stdout[at + 4 : at + 4 + length])
        at += 4 + length
    return said


def compare(tried: Sequence[tuple[Kind, bytes]], said: Sequence[bytes]) -> None:
    assert len(said) == len(tried)
    for (kind, data), c, python in zip(tried, said, wanted(tried), strict=True):
        assert c == python, f"{kind.name} {data.hex()}: C {c.hex()}, Python {python.hex()}"
