"""The words of reports: each is said somewhere."""

import ast
import re
from pathlib import Path

from typer.testing import CliRunner

from gait.cli.main import app
from gait.text import words

PACKAGE = Path(words.__file__).parents[1]
NAMES = {name for name in vars(words) if name.isupper()}
# put together of a part and the feet it is about
BUILT = {
    f"{kind}_{feet}" for kind in ("CONTACT", "PRONATION", "IMPACT") for feet in ("ONE", "BOTH")
}


def asked_for() -> set[str]:
    used: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if not re.search(r"from gait.text(\.words)? import", source):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                used |= {node.attr} if node.value.id == "words" else set()
            if isinstance(node, ast.ImportFrom) and node.module == "gait.text.words":
                used |= {one.name for one in node.names}
    for path in PACKAGE.rglob("*.j2"):
        used |= set(re.findall(r"\bw\.([A-Z_]+)", path.read_text(encoding="utf-8")))
    return {name for name in used if name.isupper()}


def test_no_word_lies_idle() -> None:
    assert NAMES - asked_for() - BUILT <= {"NAMES", "FEET", "LEFT", "RIGHT"}


def test_another_language_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["report", "x.gait", "--language", "tlh"])
    assert result.exit_code != 0
