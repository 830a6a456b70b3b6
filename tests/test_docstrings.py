"""Docstrings of what numbers are made with: the sections are there, and name what there is.

Layout of sections is held by ruff (rules D4…). A helper of a few lines needs one sentence.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

GAIT = Path(__file__).parents[1] / "gait"
ROOMS = ("model", "steps", "measures", "compare")
SHORT = 6  # statements, up to which a kernel is its own explanation
BY_TABLE = "measures/stride.py"  # its kernels are rows of the table, which says all of them


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for room in ROOMS:
        for file in sorted((GAIT / room).glob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            name = f"{room}/{file.name}"
            yield from ((name, f) for f in tree.body if isinstance(f, ast.FunctionDef))


def is_kernel(function: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "kernel" for d in function.decorator_list)


def section(doc: str, name: str) -> str:
    found = re.search(rf"^{name}\n-+\n(.*?)(?=^\w+\n-+\n|\Z)", doc, re.M | re.S)
    return found.group(1) if found else ""


WITH_SECTIONS = [
    pytest.param(function, id=f"{file}:{function.name}")
    for file, function in functions()
    if section(ast.get_docstring(function) or "", "Parameters")
]


@pytest.mark.parametrize("function", WITH_SECTIONS)
def test_parameters_are_those_of_the_function_in_their_order(function: ast.FunctionDef) -> None:
    parameters = section(ast.get_docstring(function) or "", "Parameters")
    named = re.findall(r"^(\w[\w, ]*?)(?: : |$)", parameters, re.M)
    told = [name for names in named for name in names.split(", ")]
    assert told == [a.arg for a in (*function.args.args, *function.args.kwonlyargs)]


def test_kernels_that_others_call_say_what_they_take() -> None:
    silent = [
        f"{file}:{function.name}"
        for file, function in functions()
        if is_kernel(function)
        and not function.name.startswith("_")
        and file != BY_TABLE
        and sum(isinstance(node, ast.stmt) for node in ast.walk(function)) > SHORT + 2
        and not section(ast.get_docstring(function) or "", "Parameters")
    ]
    assert not silent


def test_every_kernel_has_a_docstring() -> None:
    kernels = ((file, f) for file, f in functions() if is_kernel(f) and file != BY_TABLE)
    assert not [f"{file}:{f.name}" for file, f in kernels if not ast.get_docstring(f)]
