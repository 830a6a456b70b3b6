"""`gait evidence`: an index, a page of a condition, and the table that docs/evidence.md is."""

import sys
from pathlib import Path

import pytest

from gait.cli import main
from gait.risk import load_evidence

DOCS = Path(__file__).parent.parent.parent / "docs" / "evidence.md"


@pytest.fixture
def evidence(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["gait", "evidence", *arguments])
        with pytest.raises(SystemExit) as end:
            main.run()
        said = capsys.readouterr()
        return int(end.value.code or 0), said.out, said.err

    return run


def test_the_documentation_is_what_the_command_prints(evidence):
    code, out, err = evidence("--table")
    assert (code, err) == (0, "")
    assert DOCS.read_text(encoding="utf-8") == out, (
        "write it anew: gait evidence --table > docs/evidence.md"
    )


def test_without_a_condition_there_is_a_list_of_them(evidence):
    code, out, _ = evidence()
    assert code == 0
    for condition in load_evidence().conditions.values():
        assert condition.name in out
    assert "gait evidence --table" in out


@pytest.mark.parametrize("said", ["shin splints", "Shin-Splints", "shin_splints_mtss"])
def test_a_condition_is_found_by_its_name_in_any_spelling(evidence, said):
    code, out, _ = evidence(said)
    assert code == 0
    assert out.startswith("# Shin splints\n")


def test_a_page_in_a_terminal_is_set_for_reading(evidence, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    code, out, _ = evidence("shin splints")
    assert code == 0
    assert "## " not in out
    assert "Shin splints" in out


def test_what_cannot_be_asked_for_is_one_sentence(evidence):
    code, out, err = evidence("shin splints", "--table")
    assert (code, out) == (2, "")
    assert "a condition or --table, not both" in err
    code, out, err = evidence("shin splnts")
    assert (code, out) == (2, "")
    assert "did you mean shin_splints_mtss" in err


def test_every_source_is_listed_with_whether_it_was_checked_and_when(evidence):
    code, out, err = evidence("--citations")
    assert (code, err) == (0, "")
    for citation in load_evidence().citations.values():
        (row,) = [line for line in out.splitlines() if line.startswith(f"| {citation.key} |")]
        word = "checked" if citation.checked else "not checked"
        assert f"| {word} ({citation.as_of}) |" in row
        assert f"| {citation.kind} |" in row
    assert out.index("not checked (") < out.index("| checked (")
    code, _, err = evidence("--citations", "--table")
    assert code == 2
    assert "--citations alone" in err
