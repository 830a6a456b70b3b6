"""No text for people says that they have something, or how likely it is; wherever it stands."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from gait.risk import condition_page, index_page, load_evidence, table_page
from gait.risk.wording import READ, banned_words, doubt

ROOT = Path(__file__).parent.parent.parent
TABLE = load_evidence()
BANNED = re.compile(
    r"\byou have\b|(?<!not a )diagnos|probabilit|%\s*risk|risk of having|\bdetects\b|\bpredicts\b"
    r"|\bprevents\b",
    re.IGNORECASE,
)
ALLOWED = {  # what is said of studies and measures, and what is denied
    "No running measure predicts a condition in one person",
    "evidence that this prevents injury is weak",
    "that this prevents injury is hardly studied",
}


def said(text):
    """What must not stand in a text, apart from sentences that deny it."""
    for words in ALLOWED:
        text = text.replace(words, "")
    return BANNED.findall(text)


def texts_of(path):
    """Texts of a module without its documentation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in documentation:
            yield text


MODULES = [
    path
    for room in ("risk", "report", "measures", "app", "roster")
    for path in sorted((ROOT / "gait" / room).rglob("*.py"))
    if path.name != "wording.py"
]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_module_says_it(path):
    for text in texts_of(path):
        assert not said(text), text


@pytest.mark.parametrize("name", ["evidence.yaml", "checkup.yaml"])
def test_no_data_file_says_it(name):
    text = " ".join((ROOT / "gait" / "risk" / name).read_text(encoding="utf-8").split())
    assert yaml.safe_load((ROOT / "gait" / "risk" / name).read_text(encoding="utf-8"))
    assert not said(text)


@pytest.mark.parametrize("name", ["evidence.md", "profile.md"])
def test_no_documentation_says_it(name):
    assert not said(" ".join((ROOT / "docs" / name).read_text(encoding="utf-8").split()))


def test_no_page_says_it():
    pages = [index_page(TABLE), table_page(TABLE)]
    pages += [condition_page(key, TABLE) for key in TABLE.conditions]
    for page in pages:
        assert not said(" ".join(page.split()))


def test_banned_words():
    assert banned_words("You have a diagnosis with 5 % risk and some probability")
    assert not banned_words("Information, not a diagnosis; 34 % longer.")


def test_what_was_not_read_itself_is_doubted():
    assert {read for read in READ if doubt(read)} == {"part", "second-hand", "unread"}
    assert doubt("unread") == "not verified"
