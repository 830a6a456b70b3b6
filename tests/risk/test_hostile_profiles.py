"""Profiles made to harm: refused soon, in little memory, in one sentence, whatever is in them."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from within_limits import within_limits

from gait.athletes.checkup_storage import write_profile
from gait.model import InputError
from gait.model.limits import NESTING, PROFILE_BYTES
from gait.report.outputs import read_profile
from gait.risk import load_evidence, parse_evidence, parse_profile

load_evidence()  # before anything is limited, as it is kept

LAUGHS = "a0: &a0 [x, x, x]\n" + "".join(
    f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "a: &a [*a]",
        "a: &a {b: *a}",
        "pain: &p []\ntraining: *p",
        "body: {<<: {mass_kg: 60}}",
    ],
)
def test_aliases_are_refused(text: str) -> None:
    assert len(text) < 700
    said = within_limits(parse_profile, text, "yaml")
    assert isinstance(said, str)
    assert "alias" in said or "tag" in said
    with pytest.raises(InputError, match=r"alias|tag"):
        parse_evidence(text)


@pytest.mark.parametrize(
    "value",
    [
        "!!timestamp abc",
        "!!int x",
        "!!float y",
        "!!bool maybe",
        "!!binary '???'",
        "!!python/object/apply:os.system [ls]",
        "!!set {a, b}",
        "!!omap [a: 1]",
        "!!map x",
        "!!seq x",
        "!own x",
        "2026-13-45",
        "0000-01-01",
        "2026-01-01T25:61:61Z",
        "? [a, b]\n: c",
        "=",
        "0x" + "f" * 500_000,
        ":".join(["1"] * 4_000),
        "9" * 9_000,
        "1e99999",
        "-.inf",
        ".nan",
        "\ud800",
        "\x00",
        "[" * 9_000,
        "- " * 4_000,
        "{a: " * 2_000,
    ],
)
def test_values_that_are_none(value: str) -> None:
    for text in (f"body: {{mass_kg: {value}}}", f"answered_on: {value}", value):
        said = within_limits(parse_profile, text, "yaml")
        assert isinstance(said, str), "refused"
        assert "\n" not in said


@pytest.mark.parametrize("format", ["json", "toml", "yaml"])
def test_nesting_that_nobody_writes(format: str) -> None:
    deep = {
        "json": '{"a":' * 100_000,
        "toml": "a = " + "[" * 9_000,
        "yaml": "[" * 9_000,
    }[format]
    assert isinstance(within_limits(parse_profile, deep, format), str)
    little = "[" * (NESTING + 1) + "]" * (NESTING + 1)
    text = {"json": f'{{"pain": {little}}}', "toml": f"pain = {little}", "yaml": f"pain: {little}"}
    assert "nested" in within_limits(parse_profile, text[format], format)


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ('{"body": {"mass_kg": ' + "9" * 5_000 + "}}", "json"),
        ('{"body": {"mass_kg": 1e999}}', "json"),
        ('{"body": {"mass_kg": NaN}}', "json"),
        ("body.mass_kg = " + "9" * 5_000, "toml"),
        ("body.mass_kg = nan", "toml"),
        ("answered_on = 9999-99-99", "toml"),
        ("a" + ".a" * 300_000 + " = 1", "toml"),
        ('"\\ud800" = 1', "toml"),
        ("x" * (PROFILE_BYTES + 1), "yaml"),
    ],
)
def test_other_forms(text: str, format: str) -> None:
    assert isinstance(within_limits(parse_profile, text, format), str)


WORDS = """body: mass_kg: height_m: pain: session: date: answered_on: shoes: {} [] [ ] { } : - ?
& * ! !! !!timestamp !!int &a *a << | > 2026-01-01 178 1.78 .inf ~ null yes '' " # % @ ` , a"""
SPACES = ["\n", "\n  ", " ", "\n- ", ": ", "\x85", "\ufeff", "\u2028", "\t"]
pieces = st.sampled_from([*WORDS.split(), *SPACES])


@given(st.lists(pieces, max_size=25).map("".join), st.sampled_from(["yaml", "toml", "json"]))
def test_whatever_is_written_gives_a_profile_or_a_sentence(text: str, format: str) -> None:
    said = ""
    try:
        parse_profile(text, format)
    except InputError as error:
        said = str(error)
    assert "\n" not in said


def test_a_file_that_is_no_profile(tmp_path: Path) -> None:
    path = tmp_path / "me.yaml"
    path.write_bytes(b"x" * (PROFILE_BYTES + 1))
    with pytest.raises(InputError, match="more than"):
        read_profile(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not a text file"):
        read_profile(path)


def test_a_profile_of_ours_has_no_aliases(tmp_path: Path) -> None:
    day = date(2026, 5, 1)
    log = [{"date": day, "distance_km": 5.0}, {"date": day, "distance_km": 6.0}]
    write_profile(tmp_path / "me.yaml", {"training": log, "answered_on": day}, overwrite=False)
    profile = read_profile(tmp_path / "me.yaml")
    assert profile is not None
    assert [run.date for run in profile.training or []] == [day, day]
    assert "&" in yaml.safe_dump([day, day]), "which it would have without care"
