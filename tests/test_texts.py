"""Every text with fields is given those that it has, wherever it is formatted."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "gait"


@dataclass
class Module:
    """What a file binds: texts by the name of their constant, and what it imports under which."""

    tree: ast.Module
    texts: dict[str, str] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)  # module, name in it
    modules: dict[str, str] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def bound(node: ast.stmt) -> Iterator[tuple[str, ast.expr | None]]:
    """The names that a statement at the top of a file binds, with their values."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, node.value
    if not isinstance(node, ast.Assign):
        return
    for target in node.targets:
        if isinstance(target, ast.Name):
            yield target.id, node.value
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            for one, value in zip(target.elts, node.value.elts, strict=True):
                if isinstance(one, ast.Name):
                    yield one.id, value


def text_of(value: ast.expr | None) -> str | None:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    return None


def read(path: Path) -> Module:
    module = Module(ast.parse(path.read_text(encoding="utf-8")))
    seen: set[str] = set()
    for node in module.tree.body:
        for name, value in bound(node):
            if name in seen and name.isupper():
                module.twice.append(name)
            seen.add(name)
            text = text_of(value)
            if text is not None:
                module.texts[name] = text
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                called = alias.asname or alias.name
                module.imported[called] = (node.module, alias.name)
                module.modules[called] = f"{node.module}.{alias.name}"
    return module


MODULES = {name_of(path): read(path) for path in sorted(PACKAGE.rglob("*.py"))}


def resolved(module: Module, expression: ast.expr) -> str | None:
    """The text that a name, or a name in a module, stands for; None where it is no constant."""
    if isinstance(expression, ast.Constant):
        return text_of(expression)
    if isinstance(expression, ast.Name):
        if expression.id in module.texts:
            return module.texts[expression.id]
        where, name = module.imported.get(expression.id, ("", ""))
        return MODULES[where].texts.get(name) if where in MODULES else None
    if isinstance(expression, ast.Attribute) and isinstance(expression.value, ast.Name):
        where = module.modules.get(expression.value.id, "")
        return MODULES[where].texts.get(expression.attr) if where in MODULES else None
    return None


def formatted() -> Iterator[tuple[str, str, ast.Call]]:
    """Each call that formats a constant: where, the text, the call."""
    for name, module in MODULES.items():
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            text = resolved(module, node.func.value) if node.func.attr == "format" else None
            if text is not None:
                yield f"{name}:{node.lineno}", text, node


def fields(text: str) -> set[str]:
    found = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    return {name.split(".")[0].split("[")[0] for name in found}


CALLS = list(formatted())


def test_there_are_many() -> None:
    assert len(CALLS) > 100


@pytest.mark.parametrize(("where", "text", "call"), CALLS, ids=[where for where, *_ in CALLS])
def test_a_text_is_given_its_fields(where: str, text: str, call: ast.Call) -> None:
    wanted = fields(text)
    named = {keyword.arg for keyword in call.keywords}
    if None in named or any(isinstance(one, ast.Starred) for one in call.args):
        return  # what is given is known only when it runs
    numbered = {name for name in wanted if name == "" or name.isdigit()}
    assert wanted - numbered <= named, (where, text)
    assert named <= wanted, (where, text)
    assert bool(call.args) == bool(numbered), (where, text)


def test_no_constant_is_bound_twice() -> None:
    twice = {name: module.twice for name, module in MODULES.items() if module.twice}
    assert twice == {}
