"""The questions as data: complete, in plain words, and loud where they are edited wrongly."""

from pathlib import Path

import msgspec
import pytest
import yaml

from gait.model import InputError
from gait.risk import load_evidence, profile_of
from gait.risk.profile import RunnerProfile
from gait.risk.profile_fields import field_type
from gait.risk.question_flow import keep
from gait.risk.questions import load_questions, parse_questions
from gait.risk.wording import banned_words

TABLE, QUESTIONS = load_evidence(), load_questions()
FILE = Path(__file__).parent.parent.parent / "gait" / "risk" / "checkup.yaml"
TEXT = FILE.read_text(encoding="utf-8")
RAW = yaml.safe_load(TEXT)


def texts(value):
    if isinstance(value, dict):
        return [t for pair in value.items() for item in pair for t in texts(item)]
    if isinstance(value, list):
        return [t for item in value for t in texts(item)]
    return [str(value)]


def test_no_text_says_what_must_not_be_said():
    for text in texts(RAW):
        assert not banned_words(text), text


def test_warning_signs_come_first_and_each_is_asked_once():
    assert QUESTIONS.sections[0].title == "Warning signs"
    flags = [f for q in RAW["sections"][0]["questions"] for f in q["flags"]]
    assert sorted(flags) == sorted(k for k, flag in TABLE.red_flags.items() if not flag.asked_as)
    assert all("flags" not in q for s in RAW["sections"][1:] for q in s["questions"])
    urgencies = [TABLE.red_flags[flag].urgency for flag in flags]
    steps = ["same day", "within days", "book someone"]
    assert urgencies == sorted(urgencies, key=steps.index)


def test_places_conditions_and_self_tests_are_those_of_the_table():
    by_key = {asked.key: asked for asked in QUESTIONS.questions}
    assert by_key["pain"].items == {k: place.name for k, place in TABLE.locations.items()}
    conditions = {k: c.name for k, c in TABLE.conditions.items() if not c.overall}
    assert by_key["injuries"].items == conditions
    tests = {asked.to[-1]: tuple(asked.items or ()) for asked in QUESTIONS.questions if asked.sides}
    assert tests == {key: test.results for key, test in TABLE.self_tests.items()}
    for asked in QUESTIONS.questions:
        assert asked.help
        if asked.sides:
            assert len(asked.help) > 60  # how to do it


def test_both_ends_of_every_number_are_a_profile():
    numbers = [asked for asked in QUESTIONS.questions if asked.kind == "number"]
    assert len(numbers) >= 8
    for asked in numbers:
        for value in (asked.low, asked.high):
            answers = {"pain": [{"where": "heel"}], "history": {"injuries": [{}]}}
            path = (*asked.each, 0, *asked.to[len(asked.each) :]) if asked.each else asked.to
            keep(answers, path, value)
            profile_of(answers, TABLE)


def test_the_profile_has_no_field_without_a_question_but_those_of_a_run():
    """Of its own: the run analysed, the day, and what the list of injuries says by itself."""
    asked = {(*q.to, q.entry) if q.entry else q.to for q in QUESTIONS.questions}
    asked |= {tuple(p.split(".")) for q in QUESTIONS.questions for p in q.items or ()}
    found = set()

    def walk(kind, path):
        for field in msgspec.structs.fields(kind):
            inner = field_type((*path, field.name))
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                walk(inner, (*path, field.name))
            else:
                found.add((*path, field.name))

    walk(RunnerProfile, ())
    left = {path for path in found if not any(a[: len(path)] == path for a in asked)}
    alone = {
        *{("answered_on",), ("history", "ankle_sprain"), ("history", "bone_stress_injury")},
        ("pain", "symptoms"),  # asked as the signs of the place
        ("pain", "at_rest"),  # asked as two questions now
        *{("training", "date"), ("training", "distance_km")},  # a line of the log
    }
    assert {path for path in left if path[0] != "session"} == alone


BROKEN = [
    ("flags: [collapsing_arch_or_no_single_heel_raise, ", "flags: [", "must be asked once"),
    ("new_lump, infl", "new_lmp, infl", "did you mean new_lump"),
    ("to: pain.level", "to: pain.strength", "pain.strength is no field of a profile"),
    ("to: pain.level", "to: body.height_m", "body.height_m is no field of pain"),
    ("to: pain.level", "to: pain.side", "does not take these answers"),
    ("choices: {female: female, male: male}", "choices: {female: f, man: m}", "does not take"),
    ("{easy: \"five times", "{fine: \"five times", "does not take"),
    ("unless: training", "unless: shoes.distance_km", "shoes.distance_km is not asked before"),
    ("each: history.injuries", "each: history.injury", "is no list of a profile"),
    ("kind: yes_no", "kind: yesno", "did you mean yes_no"),
    ("key: mass", "key: height", "height is a question already"),
    ("of: locations", "of: places", "places is not known"),
    ("low: 1.0", "low: 3.0", "low must not be above high"),
    ("low: 1.0", "low: small", "a number is expected"),
    ("        help: 1.78 or", "        hint: 1.78 or", "hint is not known"),
    ("{answered} of", "{given} of", "a name in braces"),
    ("text: How tall are you?", "text: How tall are you, if you have grown?", "must not be said"),
    ("- title: Pain\n", "- title: [Pain]\n", "a text is expected"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "said"), BROKEN)
def test_a_wrong_edit_names_its_line(right, wrong, said):
    assert right in TEXT
    with pytest.raises(InputError) as error:
        parse_questions(TEXT.replace(right, wrong, 1), TABLE)
    assert said in str(error.value)
    line = int(str(error.value).removeprefix("gait/risk/checkup.yaml line ").split(":")[0])
    near = 30 if "once" in said else 12  # the question itself
    assert abs(line - (TEXT[: TEXT.index(right)].count("\n") + 1)) <= near


@pytest.mark.parametrize("text", ["a: [", "", "- 1", "version: 1", "version: x\nversion: y"])
def test_no_questions_at_all(text):
    with pytest.raises(InputError, match=r"gait/risk/checkup\.yaml"):
        parse_questions(text, TABLE)
