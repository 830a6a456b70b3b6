"""The machine that puts faults into the code: what it changes, notices, ends and leaves alone."""

import hashlib
import os
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.mutants import run as running
from benchmarks.mutants.document import below_aim, document, print_rooms, survivors
from benchmarks.mutants.faults import faults_of, sample
from benchmarks.mutants.run import Room, arguments_for, run
from benchmarks.mutants.trees import users_of

LIMITS = '''"""What is too fast."""

import logging

_log = logging.getLogger(__name__)

WHOLE_WAY_ALONE = 0.5
UNSEEN = 3


def too_fast(speed: float) -> bool:
    return speed > 12.5


def emptied(queue: list[int]) -> int:
    """How many there were."""
    done = 0
    while queue:
        queue.pop()
        done += 1
    return done
'''
TESTS = """import subprocess
from pathlib import Path
from gait.toy.limits import emptied, too_fast

def test_speed() -> None:
    assert too_fast(12.6) and not too_fast(12.5)

def test_emptied() -> None:
    sleeper = subprocess.Popen(["sleep", "1000"])
    Path({pids!r}).open("a").write(f"{{sleeper.pid}}\\n")
    assert emptied([7, 8]) == 2
    sleeper.kill()
    sleeper.wait()
"""


def changes(source: str) -> set[str]:
    return {fault.new for fault in faults_of(source, "a.py")}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a = b < c", {"a = (b) <= (c)", "a = (b) >= (c)"}),
        ("a = b == c", {"a = (b) != (c)"}),
        ("a = b and c", {"a = (b) or (c)"}),
        ("a = not b", {"a = (b)"}),
        ("a = -b", {"a = (b)"}),
        ("a = b - c", {"a = (b) + (c)"}),
        ("a = 3", {"a = 4"}),
        ("a = 40", {"a = 80"}),
        ("a = 0.5", {"a = 1.0"}),
        ("a = 'speed_m_s'", {"a = 'speed_m_sx'"}),
        ("a = 'left'", {"a = 'right'"}),
        ("a = Side.LEFT", {"a = Side.RIGHT"}),
        ("a = min(b)", {"a = max(b)"}),
        ("a(b, key=c)", {"pass", "a(b)"}),
        ("a.b = c", {"pass"}),
        ("a += b", {"pass"}),
        ("if a: b()", {"if True: b()", "if False: b()", "if a: pass"}),
        ("a = [b for b in c if d]", {"a = [b for b in c if True]"}),
        ("while a: break", {"while False: break", "while a: continue"}),
        ("def a(): return b", {"def a(): return None"}),
        ("def a(): raise b(f'not {c}', 'words')", {"def a(): pass"}),
    ],
)
def test_a_line_is_made_wrong(line: str, expected: set[str]) -> None:
    assert changes(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        '"""A module."""',
        "a = 'A sentence for people.'",
        "a = f'{b:.1f} {c + 1}'",
        "_log.warning('left', 3)",
        "a: Literal[3] | None",
        "def a(b: Annotated[int, 3]) -> Literal['left']: pass",
        "assert a < 3",
        "from a import b",
        "__all__ = ['left']",
        "@kernel(3)\ndef a(): pass",
        "a = cast('left', b)",
        "a = int | None",
        "open(b, encoding='utf-8')",
        "a = 1e-9",
        "a = b.reshape(-1, 2)",
    ],
)
def test_what_says_nothing_is_left_alone(line: str) -> None:
    assert changes(line) <= {"pass"}


def test_a_kernel_and_a_function_are_known() -> None:
    source = "A = 1\n\n@kernel\ndef b(c):\n    return c + 1\n\ndef d(e):\n    return e + 1\n"
    found = {(f.line, f.function, f.compiled) for f in faults_of(source, "a.py")}
    assert found == {(1, None, False), (5, 3, True), (8, 7, False)}


def test_a_sample_has_each_line_once_and_is_the_same_in_a_renamed_module(tmp_path: Path) -> None:
    (tmp_path / "gait").mkdir()
    (tmp_path / "gait" / "a.py").write_text(LIMITS, encoding="utf-8")
    first, lines = sample(tmp_path, "gait", 4, seed=2)
    assert len({fault.line for fault in first}) == 4 < lines
    (tmp_path / "gait" / "a.py").rename(tmp_path / "gait" / "other.py")
    again, _ = sample(tmp_path, "gait", 4, seed=2)
    assert [fault.key for fault in again] == [fault.key for fault in first]
    assert [f.key for f in sample(tmp_path, "gait", 4, seed=3)[0]] != [f.key for f in first]


def test_who_uses_a_file_is_known_also_by_way_of_others(tmp_path: Path) -> None:
    code = tmp_path / "gait"
    code.mkdir()
    for name, text in {
        "a": "",
        "b": "from gait.a import c",
        "c": "from gait import b",
        "d": "import os",
    }.items():
        (code / f"{name}.py").write_text(text, encoding="utf-8")
    assert users_of(tmp_path, "gait", "gait/a.py") == {f"gait/{name}.py" for name in "abc"}


def digest(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")  # who is ended and not yet waited for is not alive
    return not (stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] == "Z")


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("toy")
    for folder in ("gait/toy", "tests/toy"):
        (root / folder).mkdir(parents=True)
    (root / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\ntestpaths = ["tests"]\nasyncio_mode = "auto"\n'
    )
    (root / "gait/__init__.py").touch()
    (root / "gait/toy/__init__.py").touch()
    (root / "gait/toy/limits.py").write_text(LIMITS, encoding="utf-8")
    pids = str(tmp_path_factory.mktemp("pids") / "pids")
    (root / "tests/toy/test_limits.py").write_text(TESTS.format(pids=pids), encoding="utf-8")
    (root / "tests/test_whole_toy.py").write_text(
        "from gait.toy import limits\n\ndef test_whole() -> None:\n"
        "    assert limits.WHOLE_WAY_ALONE == 0.5\n",
        encoding="utf-8",
    )
    (root / "pids").symlink_to(pids)
    return root


@pytest.fixture(scope="module")
def room(toy: Path) -> Room:
    """Every line of the toy with a fault in it."""
    before = digest(toy / "gait") | digest(toy / "tests")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "STANDS_STILL_S", 3.0)
        (found,) = run(["toy"], number=20, seed=1, root=toy)
    assert digest(toy / "gait") | digest(toy / "tests") == before
    return found


def test_what_a_test_notices_what_none_does_and_what_hangs(room: Room) -> None:
    how = {one.fault.old: (one.how, one.whole_way) for one in room.verdicts}
    assert how["return speed > 12.5"] == ("failed", False)
    assert how["queue.pop()"] == ("ended", False)
    assert how["WHOLE_WAY_ALONE = 0.5"] == ("failed", True)
    assert how["UNSEEN = 3"] == ("", False)
    assert len(how) == room.lines == len(room.verdicts)
    by = {one.fault.old: one.by for one in room.verdicts}
    assert by["done += 1"] == by["queue.pop()"] == "tests/toy/test_limits.py::test_emptied"


def test_nothing_of_it_goes_on(room: Room, toy: Path) -> None:
    pids = [int(line) for line in (toy / "pids").resolve().read_text().split()]
    assert len(pids) > 3
    assert not any(alive(pid) for pid in pids)


def test_the_page_names_survivors_and_leaves_out_what_is_no_fault(room: Room) -> None:
    left = survivors(room, {})
    assert [one.fault.new for one in left] == ["UNSEEN = 4"]
    page = document([room], {}, 1)
    for one in left:
        assert f"`gait/toy/limits.py:{one.fault.line}`" in page
        assert f"- {one.fault.old}\n  + {one.fault.new}" in page
    out = StringIO()
    print_rooms(Console(file=out, width=200), [room], {})
    assert all(f"+ {one.fault.new}" in out.getvalue() for one in left)
    same = {one.fault.key: "It is a toy." for one in left}
    assert not survivors(room, same)
    assert "100 % of" in document([room], same, 1)
    assert not below_aim([room], same)


def test_tests_are_found_by_folder() -> None:
    assert arguments_for(running.ROOT, "steps") == ["tests/steps"]
    whole = arguments_for(running.ROOT, running.WHOLE_WAY)
    assert whole
    assert all(name.count("/") == 1 for name in whole)
