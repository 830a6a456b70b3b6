"""Another language is one file: with all letters of English put into another script, none stays."""

import ast
import re
import types
from pathlib import Path

import msgspec
import numpy as np
import pytest
from report_cases import strides_of, summary_of
from test_before_after import run
from test_html import Page, situations

import gait.report
from gait.compare.comparison import COMPARED
from gait.measures.session_table import ROWS
from gait.measures.table import BY_NAME
from gait.model import Side, UsageError
from gait.report.html import before_after_html, report_html
from gait.risk.wording import LINKED_BY, READ
from gait.text import words
from gait.text.languages import en

OTHER = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "абцдефгхийклмнопярстуввхузАБЦДЕФГХИЙКЛМНОПЯРСТУВВХУЗ",
)
NAME = re.compile(r"(\{[^}]*\})")
# Units and names that are the same everywhere, and what no language file has a say in.
SAME = {
    *(row.unit for row in ROWS.values()),
    *(row.source for row in ROWS.values()),
    *("min/km", "Hz", "km", "DFA", "DOI", "doi"),
}
NAMES = [name for name in vars(en) if name.isupper()]


def put(value):
    """The same in another script, but for the names that are filled in."""
    if isinstance(value, str):
        parts = NAME.split(value)
        return "".join(p if NAME.fullmatch(p) else p.translate(OTHER) for p in parts)
    if isinstance(value, dict):
        return {key: put(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(put(one) for one in value)
    return value


@pytest.fixture
def pseudo():
    module = types.ModuleType("pseudo")
    for name in NAMES:
        setattr(module, name, put(getattr(en, name)))
    labels = {row.name: row.label for row in ROWS.values()}
    labels |= {row.measure: row.label for row in COMPARED}
    sentences = {row.name: row.sentence for row in ROWS.values()}
    own = {"LANGUAGE": "xx", "LABELS": put(labels), "SENTENCES": put(sentences)}
    vars(module).update(own)
    return module


def texts(value):
    """Every text of the summary itself, in whatever is in it."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        return {t for pair in value.items() for one in pair for t in texts(one)}
    if isinstance(value, list):
        return {t for one in value for t in texts(one)}
    return set()


def english_left(text, known):
    for one in sorted(known, key=len, reverse=True):
        for form in (one, one.rstrip("."), one[:1].upper() + one[1:]):
            if len(form) > 1:
                text = text.replace(form, " ")
    return re.findall(r"[A-Za-z]{2,}", text)


@pytest.mark.parametrize("name", situations())
def test_every_visible_word_of_a_report_is_of_its_language(name, pseudo):
    summary, strides = situations()[name]
    with words.in_language(pseudo):
        html = report_html(summary, strides)
    assert '<html lang="xx">' in html
    known = (
        texts(msgspec.to_builtins(summary)) | SAME | set(READ.values()) | set(LINKED_BY.values())
    )
    page = Page(html)
    said = [page.text, *re.findall(r"<(?:title|desc)[^>]*>([^<]*)<", html)]
    said += re.findall(r"<text[^>]*>([^<]*)<", html) + page.values("data-label")
    for text in said:
        assert not english_left(text, known), text


def test_every_visible_word_of_a_comparison_is_of_its_language(pseudo):
    with words.in_language(pseudo):
        html = before_after_html([run(1)], [run(2, contact=40.0)])
    page = Page(html)
    known = texts(msgspec.to_builtins(run(1))) | SAME
    # how a change is said in a sentence belongs to the table of what is compared
    known |= {
        text for row in COMPARED for form in (row.more, row.less) for text in NAME.split(form)
    }
    assert not english_left(page.text, known)


def test_english_is_back_afterwards_and_another_language_is_not_there():
    assert words.TITLE == en.TITLE
    with pytest.raises(UsageError, match="There is no language tlh here; there is en"):
        words.language_file("tlh")
    assert words.language_file("en") is en


def test_no_name_is_given_twice():
    names = [
        name.id
        for line in ast.parse(Path(en.__file__).read_text()).body
        for target in getattr(line, "targets", [getattr(line, "target", None)])
        for name in (ast.walk(target) if target else ())
        if isinstance(name, ast.Name)
    ]
    assert len(names) == len(set(names))


def test_every_word_asked_for_is_in_the_file_and_none_lies_idle():
    folder = Path(gait.report.__file__).parent
    used = set()
    for path in [*folder.glob("*.py"), *(folder.parent / "app").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                used |= {node.attr} if node.value.id == "words" else set()
    for path in folder.glob("*.j2"):
        used |= set(re.findall(r"\bw\.([A-Z_]+)", path.read_text()))
    own = {name for name in used if name.isupper()}
    built = {
        f"{kind}_{feet}" for kind in ("CONTACT", "PRONATION", "IMPACT") for feet in ("ONE", "BOTH")
    }
    idle = set(NAMES) - own - built - {"LABELS", "NAMES"}
    assert not idle


def test_what_a_file_leaves_out_of_the_measures_is_as_in_the_table():
    assert words.measure_label("cadence_spm", BY_NAME["cadence_spm"].label) == "Cadence"
    strides = strides_of(Side.LEFT)
    assert np.size(strides)
    assert "Cadence" in report_html(summary_of(strides, Side.LEFT), strides)
