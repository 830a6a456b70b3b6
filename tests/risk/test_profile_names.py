"""In every part of a profile an unknown name is refused, and so is a part of another kind."""

import json

import pytest

from gait.model import InputError
from gait.risk import parse_profile
from gait.risk.profile_reader import profile_of

PARTS = ("body", "session", "history", "training_in_short", "shoes", "changes")
LISTS = ("pain", "training", "history.injuries")


def within(part: str, value: object) -> dict[str, object]:
    for name in reversed(part.split(".")):
        value = {name: value}
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("part", ["", *PARTS, *LISTS, "self_tests.heel_raise"])
def test_a_slip_of_the_pen_is_no_silent_unknown(part: str) -> None:
    wrong: object = {"zzyzx": 1}
    told = within(part, [wrong] if part in LISTS else wrong) if part else wrong
    with pytest.raises(InputError, match="zzyzx"):
        profile_of(told)  # pyright: ignore[reportArgumentType]
    with pytest.raises(InputError, match="zzyzx"):
        parse_profile(json.dumps(told), "json")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("value", [3, "a word", [1]])
def test_a_part_of_another_kind_is_refused(part: str, value: object) -> None:
    with pytest.raises(InputError, match=part.split("_", maxsplit=1)[0]):
        profile_of(within(part, value))


@pytest.mark.parametrize("kind", ["yaml", "toml"])
def test_one_line_that_is_too_long_is_enough(kind: str) -> None:
    """Ten thousand characters, in a comment between short lines; JSON is one line anyhow."""
    for longest, refused in ((10_000, False), (10_001, True)):
        text = f"# a\n#{'x' * (longest - 1)}\n# b\n"
        if refused:
            with pytest.raises(InputError, match="characters in one line"):
                parse_profile(text, kind)
        else:
            assert parse_profile(text, kind) == profile_of({})
    assert parse_profile("{" + " " * 10_001 + "}", "json") == profile_of({})
