"""Puts one fault after the other into a copy of the tree and asks the tests.

First those of the room the code is in, then, where none of them noticed, those that go the whole
way. Only tests that come to the changed function are asked, the quick ones first; a kernel is
compiled, where nobody sees who calls it, so all tests of the room are asked about it.
"""

import contextlib
import json
import math
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.mutants.faults import Fault, sample
from benchmarks.mutants.plugin import PLAN, PROCESS
from benchmarks.mutants.trees import Tree, copy_of_tree, users_of

ROOT = Path(__file__).parents[2]
CODE = "gait"
WHOLE_WAY = "the whole way"

STARTS_S = 120.0  # until the first test begins
STANDS_STILL_S = 60.0  # without a further test, beyond
STANDS_STILL_TIMES = 5.0  # … so many times what the one under way takes, and
COMPILES_S = 120.0  # … what compiling takes
ENDS_S = 5.0  # for what it said last
MOST_MAP_S = 1800.0  # of the tests of one room without a fault
FAILED = 1  # how pytest ends where a test did

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a fault.

    by   : the test that noticed, or under which it was ended; empty where nobody did
    how  : "failed", "ended" (too slow, or it stood still), "broken" (Python or pytest gave up)
    whole_way : the tests of its own room had not noticed
    """

    fault: Fault
    by: str = ""
    how: str = ""
    whole_way: bool = False

    @property
    def noticed(self) -> bool:
        return bool(self.how)


@dataclass(slots=True)
class Room:
    """A room's faults and what came of them. `lines` of it could have one."""

    name: str
    lines: int
    verdicts: list[Verdict] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CallMap:
    """What each test calls and how long it takes; `for_all` is what any may come to."""

    took_s: dict[str, float]
    calls: dict[str, frozenset[str]]
    for_all: frozenset[str]
    failed: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> "CallMap":
        answer: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        failed = set(answer["failed"])
        tests = {name: one for name, one in answer["tests"].items() if name not in failed}
        return cls(
            {name: one["took_s"] for name, one in tests.items()},
            {name: frozenset(one["calls"]) for name, one in tests.items()},
            frozenset(answer["for_all"]),
            tuple(sorted(failed)),
        )

    def for_fault(self, fault: Fault) -> list[str]:
        """The tests that can notice: files near to it first, then those that are soon through."""
        called = f"{fault.file}:{fault.function}"
        if fault.function is None or fault.compiled or called in self.for_all:
            names = list(self.calls)
        else:
            names = [name for name, calls in self.calls.items() if {called, PROCESS} & calls]
        took: defaultdict[str, float] = defaultdict(float)
        near: set[str] = set()
        for name in names:
            file = name.split("::")[0]
            took[file] += self.took_s[name]
            if any(call.startswith(f"{fault.file}:") for call in self.calls[name] - self.for_all):
                near.add(file)
        order = sorted(took, key=lambda file: (file not in near, took[file]))
        place = {file: i for i, file in enumerate(order)}
        return sorted(names, key=lambda name: place[name.split("::")[0]])


def arguments_for(root: Path, room: str) -> list[str]:
    """What pytest is given for a room: the folder of its name; the whole way is what is in none."""
    if room == WHOLE_WAY:
        return sorted(path.relative_to(root).as_posix() for path in (root / "tests").glob("test_*"))
    return [f"tests/{room}"]


def run(
    rooms: Sequence[str],
    *,
    number: int,
    seed: int,
    jobs: int = 2,
    root: Path = ROOT,
    code: str = CODE,
    say: Say = lambda _: None,
) -> list[Room]:
    """So many faults in each room, and whether its tests noticed."""
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as folder:
        return _Run(Path(folder), root, code, jobs, say).rooms(rooms, number, seed)


class _Run:
    def __init__(self, folder: Path, root: Path, code: str, jobs: int, say: Say) -> None:
        self._folder = folder
        # a test that gives up its rights still finds its files, and may make temporary ones
        folder.chmod(0o755)
        self._code = code
        self._jobs = jobs
        self._say = say
        self._origin = copy_of_tree(root, folder / "origin")
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._over = False

    def rooms(self, names: Sequence[str], number: int, seed: int) -> list[Room]:
        asked: list[tuple[Room, Fault]] = []
        rooms: list[Room] = []
        for name in names:
            faults, lines = sample(self._origin, f"{self._code}/{name}", number, seed)
            rooms.append(Room(name, lines))
            asked += [(rooms[-1], fault) for fault in faults]
        with ThreadPoolExecutor(self._jobs) as workers:
            try:
                maps = dict(zip([*names, WHOLE_WAY], workers.map(self._map, [*names, WHOLE_WAY])))  # noqa: B905
                trees: queue.SimpleQueue[Tree] = queue.SimpleQueue()
                for i in range(self._jobs):
                    trees.put(Tree(self._origin, self._folder / f"tree-{i}", self._code))

                def ask(one: tuple[Room, Fault]) -> Verdict:
                    room, fault = one
                    tree = trees.get()
                    try:
                        verdict = self._ask(tree, fault, maps[room.name], maps[WHOLE_WAY])
                    finally:
                        trees.put(tree)
                    self._say(line_of(verdict))
                    return verdict

                for (room, _), verdict in zip(asked, workers.map(ask, asked), strict=True):
                    room.verdicts.append(verdict)
            except BaseException:
                workers.shutdown(wait=False, cancel_futures=True)
                self._end_all()
                raise
        return rooms

    def _map(self, room: str) -> CallMap:
        """The tests of a room as they are; compiles what they need."""
        into = self._folder / f"map {room}.json"
        tests = arguments_for(self._origin, room)
        if not tests:
            return CallMap({}, {}, frozenset(), ())
        plan = {"root": str(self._origin), "code": self._code, "into": str(into)}
        began = time.monotonic()
        ended, output = self._pytest(self._origin, plan, tests, [], lambda: MOST_MAP_S)
        if not into.exists():
            raise RuntimeError(f"The tests of {room} do not run ({ended}):\n{output[-2000:]}")
        found = CallMap.read(into)
        self._say(f"{room}: {len(found.calls)} tests, {time.monotonic() - began:.0f} s")
        for name in found.failed:
            self._say(f"left out, as it fails without a fault: {name}")
        return found

    def _ask(self, tree: Tree, fault: Fault, own: CallMap, whole_way: CallMap) -> Verdict:
        tree.put(fault.file, fault.source)
        for tests, whole in ((own, False), (whole_way, True)):
            order = tests.for_fault(fault)
            if not order:
                continue
            by, how = self._show(tree, fault, order, tests)
            if how:
                return Verdict(fault, by, how, whole)
        return Verdict(fault)

    def _show(self, tree: Tree, fault: Fault, order: list[str], tests: CallMap) -> tuple[str, str]:
        at = tree.root / "mutants-at"
        at.write_text("", encoding="utf-8")
        plan = {"order": order, "at": str(at)}
        files = list(dict.fromkeys(name.split("::")[0] for name in order))
        compiles = COMPILES_S if _compiled(self._origin, self._code, fault.file) else 0.0

        def patience() -> float:
            test, passed_s = at.read_text(encoding="utf-8"), time.time() - at.stat().st_mtime
            if not test:
                return STARTS_S - passed_s
            most_s = STANDS_STILL_S + STANDS_STILL_TIMES * tests.took_s.get(test, 0.0)
            return most_s + compiles - passed_s

        ended, _ = self._pytest(tree.root, plan, files, ["-x"], patience)
        by = at.read_text(encoding="utf-8")
        if ended is None:
            return by, "ended"
        if ended == 0:
            return "", ""
        return by, "failed" if ended == FAILED else "broken"

    def _pytest(
        self,
        root: Path,
        plan: dict[str, Any],
        files: Sequence[str],
        options: Sequence[str],
        patience: Callable[[], float],
    ) -> tuple[int | None, str]:
        """How it ended, None where `patience` (the seconds that are left) did; what it said."""
        with tempfile.TemporaryDirectory(dir=self._folder, ignore_cleanup_errors=True) as name:
            own = Path(name)
            own.chmod(0o1777)
            (own / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
            environment = {
                **os.environ,
                **{PLAN: str(own / "plan.json"), "PYTHONPATH": f"{root}{os.pathsep}{ROOT}"},
                **{"TMPDIR": name, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"},
                "NUMBA_CACHE_DIR": "",  # compiled code is kept beside its source
            }
            command = [sys.executable, "-m", "pytest", "-p", "benchmarks.mutants.plugin"]
            command += ["-p", "no:cacheprovider", "-p", "no:faulthandler", "--tb=line"]
            with self._lock:
                if self._over:
                    raise RuntimeError("The run is over.")
                # into a pipe, as tests of full disks forbid files to grow
                process = subprocess.Popen(
                    [*command, *options, *files],
                    cwd=root,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                self._running.add(process)
            said: list[bytes] = []
            assert process.stdout is not None
            reader = threading.Thread(target=lambda: said.extend(process.stdout or ()), daemon=True)
            reader.start()
            try:
                ended = _wait(process, patience)
            finally:
                _end(process)
                with self._lock:
                    self._running.discard(process)
            reader.join(ENDS_S)
            return ended, b"".join(said).decode(errors="replace")

    def _end_all(self) -> None:
        with self._lock:
            self._over = True
            for process in self._running:
                _end(process)


def _wait(process: subprocess.Popen[bytes], patience: Callable[[], float]) -> int | None:
    began = time.monotonic()
    while True:
        try:
            return process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            left_s = patience()
            if left_s < 0 or time.monotonic() - began > MOST_MAP_S:
                return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """With all that it began; it is the first of its group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _compiled(root: Path, code: str, file: str) -> bool:
    """Whether kernels are compiled anew where this file changes."""
    users = users_of(root, code, file)
    return any("@kernel" in (root / name).read_text(encoding="utf-8") for name in users)


def share(verdicts: Sequence[Verdict], same: Mapping[str, str]) -> float:
    """Of the faults that are any, the percentage that was noticed; NaN of none."""
    real = [one for one in verdicts if one.noticed or one.fault.key not in same]
    return 100 * sum(one.noticed for one in real) / len(real) if real else math.nan


def line_of(verdict: Verdict) -> str:
    """One line for who watches."""
    mark = "noticed " if verdict.noticed else "SURVIVED"
    by = f"  [{verdict.how}: {verdict.by}]" if verdict.noticed else ""
    return f"{mark} {verdict.fault.file}:{verdict.fault.line}  {verdict.fault.key}{by}"
