"""What errors say: one line, whatever of a file or a sensor they quote."""

import pytest

from gait.model import GaitError, InputError, UsageError


@pytest.mark.parametrize("kind", [GaitError, InputError, UsageError])
@pytest.mark.parametrize(
    "steers", ["\0", "\n", "\r", "\x1b[2J", "\x9b31m", "\u2028", "\u202e", "\ud800", "\U000e0001"]
)
def test_a_sentence_is_one_line_and_steers_no_terminal(kind: type[GaitError], steers: str) -> None:
    said = str(kind(f"Profile: age{steers}_years is not known."))
    assert said.isprintable()
    assert said.startswith("Profile: age?")
    assert said.encode()


def test_other_letters_stay_as_they_are() -> None:
    sentence = "Zoë’s run – 12\u202f000 steps, ±2000 °/s, 走 🏃 – is “fine”."
    assert str(GaitError(sentence)) == sentence
    assert str(GaitError()) == ""
