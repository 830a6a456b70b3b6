"""Copies of the tree that faults are put into, and what of the compiled code they make wrong."""

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info", "dist", "build")
)


def copy_of_tree(root: Path, into: Path) -> Path:
    """All of it that is not made by tools; into a folder that is not there yet."""
    shutil.copytree(root, into, ignore=LEFT_OUT, symlinks=True)
    return into


class Tree:
    """A copy with at most one fault in it.

    origin : the copy without a fault, in which everything is compiled; kernels are kept beside
             their source there
    """

    def __init__(self, origin: Path, root: Path, code: str) -> None:
        self.root = root
        self._code = code
        self._origin = origin
        shutil.copytree(origin, root, symlinks=True)

    def put(self, file: str, source: str) -> None:
        """This file with a fault, every other one as it was."""
        shutil.rmtree(self.root / self._code)
        shutil.copytree(self._origin / self._code, self.root / self._code, symlinks=True)
        (self.root / file).write_text(source, encoding="utf-8")
        # numba sees that a file has changed, but not that one has which its kernels come from
        for other in users_of(self._origin, self._code, file):
            path = self.root / other
            for kernels in (path.parent / "__pycache__").glob(f"{path.stem}.*.nbi"):
                kernels.unlink()


def users_of(root: Path, code: str, file: str) -> set[str]:
    """The files of the code that import a file, directly or by others, and itself."""
    files = {path.relative_to(root).as_posix() for path in (root / code).rglob("*.py")}
    imported = {name: set(_imports(root, name, files)) for name in files}
    found, fresh = {file}, {file}
    while fresh:
        fresh = {name for name in files - found if imported[name] & fresh}
        found |= fresh
    return found


def _imports(root: Path, file: str, files: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse((root / file).read_text(encoding="utf-8"))):
        match node:
            case ast.ImportFrom(module=str() as module, names=names, level=0):
                dotted = [module, *(f"{module}.{one.name}" for one in names)]
            case ast.Import(names=names):
                dotted = [one.name for one in names]
            case _:
                continue
        for name in dotted:
            path = name.replace(".", "/")
            yield from {f"{path}.py", f"{path}/__init__.py"} & files
