"""Inside pytest: notes what each test calls, or runs the tests that a fault is shown to.

Loaded with `-p`, told what to do by a plan in JSON whose path is in the environment.
"""

import ast
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from hypothesis import Phase, settings

PLAN = "GAIT_MUTANTS_PLAN"
MOST_BYTES = 4 << 30  # a fault that asks for memory without end takes no more
CACHES = {"cache", "lru_cache", "cached_property"}
PROCESS = "another process"  # what it calls there is not seen


def pytest_configure(config: pytest.Config) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    plan = json.loads(Path(os.environ[PLAN]).read_text(encoding="utf-8"))
    if "order" in plan:
        config.pluginmanager.register(_InOrder(plan["order"], Path(plan["at"])))
    else:
        config.pluginmanager.register(_Calls(Path(plan["root"]), plan["code"], Path(plan["into"])))


def pytest_sessionstart() -> None:
    """That generated input fails is enough to know; the smallest that does takes minutes."""
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile("mutants", settings(), phases=phases)
    settings.load_profile("mutants")


class _InOrder:
    """These tests alone, in this order; the one under way stands in the file `at`."""

    def __init__(self, order: list[str], at: Path) -> None:
        self._at = at
        self._place = {name: i for i, name in enumerate(order)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        out = [item for item in items if item.nodeid not in self._place]
        config.hook.pytest_deselected(items=out)
        items[:] = sorted(
            (item for item in items if item.nodeid in self._place),
            key=lambda item: self._place[item.nodeid],
        )

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._at.write_text(nodeid, encoding="utf-8")


class _Calls:
    """Which functions of the code each test calls, itself or by its fixtures.

    What is called while modules are read, or within a function whose results are kept, may be
    seen by every test, and is noted for all.
    """

    def __init__(self, root: Path, code: str, into: Path) -> None:
        self._root = f"{root}/{code}/"
        self._cut = len(str(root)) + 1
        self._into = into
        self._all: set[str] = set()
        self._now = self._all
        self._of_fixture: dict[str, set[str]] = {}
        self._tests: dict[str, dict[str, Any]] = {}
        self._failed: set[str] = set()
        self._names: dict[CodeType, str | None] = {subprocess.Popen.__init__.__code__: PROCESS}
        self._kept = {name for file in (root / code).rglob("*.py") for name in _kept(file, root)}
        self._within_kept = 0
        threading.settrace(self._call)
        sys.settrace(self._call)

    def _call(self, frame: FrameType, event: str, arg: object) -> Callable[..., Any] | None:
        code = frame.f_code
        try:
            name = self._names[code]
        except KeyError:
            file = code.co_filename
            known = file.startswith(self._root)
            name = f"{file[self._cut :]}:{code.co_firstlineno}" if known else None
            self._names[code] = name
        if name is None:
            return None
        self._now.add(name)
        if self._within_kept:
            self._all.add(name)
        if name not in self._kept:
            return None
        self._all.add(name)
        self._within_kept += 1
        frame.f_trace_lines = False
        return self._until_return

    def _until_return(self, frame: FrameType, event: str, arg: object) -> Callable[..., Any]:
        if event == "return":
            self._within_kept -= 1
        return self._until_return

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        before = self._now
        self._now = self._of_fixture.setdefault(fixturedef.argname, set())
        try:
            return (yield)
        finally:
            self._now = before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self._now, began = set(), time.perf_counter()
        sys.settrace(self._call)  # a test may have taken it away
        result = yield
        calls = self._now.union(
            *(self._of_fixture.get(name, ()) for name in getattr(item, "fixturenames", ()))
        )
        self._tests[item.nodeid] = {"took_s": time.perf_counter() - began, "calls": sorted(calls)}
        self._now = self._all
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        sys.settrace(None)
        answer = {
            "tests": self._tests,
            "for_all": sorted(self._all),
            "failed": sorted(self._failed),
        }
        self._into.write_text(json.dumps(answer), encoding="utf-8")


def _kept(file: Path, root: Path) -> list[str]:
    """The functions of a file whose results are kept."""
    found: list[str] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            names = {ast.unparse(one).split("(")[0].split(".")[-1] for one in node.decorator_list}
            if names & CACHES:
                first = min(one.lineno for one in node.decorator_list)
                found.append(f"{file.relative_to(root).as_posix()}:{first}")
    return found
