"""docs/architecture.md shows the rooms as they are, and no room knows itself by way of others."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "docs"))

import make_architecture as made  # noqa: E402


def test_no_room_knows_itself_by_way_of_others() -> None:
    graph = made.arrows()
    for room in graph:
        assert room not in made.reached(graph, room)


def test_the_page_shows_what_is() -> None:
    text = made.PAGE.read_text(encoding="utf-8")
    assert made.page_with(made.drawn()) == text, "run `python docs/make_architecture.py`"


def test_every_file_that_the_page_names_is_there() -> None:
    text = made.PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"\bgait/[\w/]+(?:\.\w+)?", text))
    assert len(named) > 20
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []
