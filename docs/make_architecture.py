"""Draw the rooms of the package and who knows whom: `python docs/make_architecture.py`.

Writes the picture (Mermaid) and the table of rooms in docs/architecture.md, from the imports and
the first sentence of each room. An arrow that follows from others is left out.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "gait"
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- rooms: made by docs/make_architecture.py -->", "<!-- rooms end -->"

STARTS = {"cli": "dashboard"}  # one command; they do not know each other otherwise

Graph = dict[str, set[str]]


def rooms() -> dict[str, list[Path]]:
    """Each folder of the package, and each file beside them that others use, with its files."""
    folders = [path for path in PACKAGE.iterdir() if (path / "__init__.py").exists()]
    found = {path.name: sorted(path.rglob("*.py")) for path in folders}
    found |= {p.stem: [p] for p in PACKAGE.glob("*.py") if not p.name.startswith("__")}
    return dict(sorted(found.items()))


def imported(path: Path) -> set[str]:
    """The rooms that a file imports from."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "gait":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gait."):
            names.add((node.module or "").split(".")[1])
    return names


def arrows() -> Graph:
    """Who knows whom."""
    known = rooms()
    return {
        room: {name for path in paths for name in imported(path) if name in known}
        - {room, STARTS.get(room, room)}
        for room, paths in known.items()
    }


def reached(graph: Graph, start: str) -> set[str]:
    """All rooms that are known by way of others. Raises ValueError for a circle."""
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        room = waiting.pop()
        if room == start:
            raise ValueError(f"{start} knows itself by way of others")
        if room not in found:
            found.add(room)
            waiting += graph[room]
    return found


def direct(graph: Graph) -> Graph:
    """Without the arrows that follow from others."""
    found: Graph = {}
    for room, known in graph.items():
        by_others = set().union(*(reached(graph, other) for other in known))
        found[room] = known - by_others
    return found


def first_sentence(room: str) -> str:
    path = PACKAGE / f"{room}.py"
    path = path if path.exists() else PACKAGE / room / "__init__.py"
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def drawn() -> str:
    """The part of the page that is made here."""
    graph = direct(arrows())
    lines = ["```mermaid", "graph TD"]
    lines += [f"  {room} --> {known}" for room in graph for known in sorted(graph[room])]
    lines += ["```", "", "| room | holds |", "|---|---|"]
    for room in graph:
        name = f"{room}/" if (PACKAGE / room).is_dir() else f"{room}.py"
        lines.append(f"| `gait/{name}` | {first_sentence(room)} |")
    return "\n".join([BEGIN, *lines, END])


def page_with(drawing: str) -> str:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return before + drawing + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(page_with(drawn()), encoding="utf-8")
