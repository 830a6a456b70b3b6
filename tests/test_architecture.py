"""docs/architecture.md shows the rooms as they are, and nothing knows itself by way of others."""

import ast
import re
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "docs"))

import make_architecture as made  # noqa: E402


def test_no_room_knows_itself_by_way_of_others() -> None:
    graph = made.arrows()
    for room in graph:
        assert room not in made.reached(graph, room)


def imports_of(path: Path, modules: set[str]) -> set[str]:
    """Modules of the package that a file loads, at once or later; not those that only type it."""
    found: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                found |= {whole if whole in modules else node.module} & modules
        waiting.extend(ast.iter_child_nodes(node))
    return found


def test_no_module_waits_for_itself() -> None:
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in (ROOT / "gait").rglob("*.py")
    }
    graph = {name: imports_of(path, set(files)) for name, path in files.items()}
    assert len(graph) > 100
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_the_page_shows_what_is() -> None:
    text = made.PAGE.read_text(encoding="utf-8")
    assert made.page_with(made.drawn()) == text, "run `python docs/make_architecture.py`"


def test_every_file_that_the_page_names_is_there() -> None:
    text = made.PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"\bgait/[\w/]+(?:\.\w+)?", text))
    assert len(named) > 20
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []
