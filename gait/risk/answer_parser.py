"""Answers as they are typed, and answers in words."""

import datetime
import re
from collections.abc import Mapping
from typing import Any, cast

from gait.model import InputError
from gait.risk.question_flow import Answers, Step
from gait.risk.questions import Asked

_YES, _NO = ("y", "yes"), ("n", "no")
_NONE = ("n", "no", "none", "0")
_NUMBER = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*(\D*)")
_RUN = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[\s,;:]+(\d+(?:[.,]\d+)?)\s*(\D*)")
_LONGEST_TEXT = 300
_KM_OF = {"": 1.0, "km": 1.0, "mi": 1.609344}
_FAR_KM = 500.0


def parse_typed(step: Step, text: str) -> Any:
    """The value that a typed answer gives. Raises InputError with what can be written instead."""
    words = " ".join(text.split())
    if not words:
        raise InputError("Nothing was written.")
    return _PARSERS[step.asked.kind](step, words if step.asked.kind != "log" else text)


def _yes_no(step: Step, text: str) -> bool:
    del step
    if text.lower() in _YES + _NO:
        return text.lower() in _YES
    raise InputError("Write y for yes or n for no.")


def _choice(step: Step, text: str) -> str:
    for number, item in enumerate(step.items, 1):
        if text.lower() in (str(number), item.key.lower(), item.text.lower()):
            return item.key
    raise InputError(f"Write one number from 1 to {len(step.items)}.")


def _several(step: Step, text: str) -> list[str]:
    if text.lower() in _NONE:
        return []
    numbers = _numbers(step, text)
    if any(unsure for _, unsure in numbers):
        raise InputError("Write only the numbers that you are sure of.")
    return [step.items[number].key for number, _ in numbers]


def _checklist(step: Step, text: str) -> dict[str, bool]:
    """Numbers are a yes, with a question mark not sure; every other item is a no."""
    numbers = {} if text.lower() in _NONE else dict(_numbers(step, text))
    return {
        item.key: number in numbers
        for number, item in enumerate(step.items)
        if not numbers.get(number)
    }


def _numbers(step: Step, text: str) -> list[tuple[int, bool]]:
    """Numbers of items, from 0, each with whether a question mark follows."""
    found: list[tuple[int, bool]] = []
    for word in text.replace(",", " ").split():
        number = word.removesuffix("?")
        if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= len(step.items)):
            raise InputError(
                f"Write numbers from 1 to {len(step.items)}, such as 1 {len(step.items)}, "
                "or n for none."
            )
        found.append((int(number) - 1, word.endswith("?")))
    return found


def _number(step: Step, text: str) -> float:
    asked = step.asked
    units = {"": 1.0, asked.unit: 1.0, **(asked.units or {})}
    match = _NUMBER.fullmatch(text.lower())
    # a month, a week, a year
    unit = match and next((u for u in (match[2], f"{match[2]}s") if u in units), None)
    if match is None or unit is None:
        known = [unit for unit in units if unit]
        such = f", in {' or '.join(known)}" if known else ""
        raise InputError(f"Write a number{such}.")
    value = round(float(match[1].replace(",", ".")) * units[unit], 3)
    if not asked.low <= value <= asked.high:
        raise InputError(
            f"{value:g} is not between {asked.low:g} and {asked.high:g}{_unit(asked)}."
        )
    return value


def _text(step: Step, text: str) -> str:
    del step
    if text.lower() in _NONE:
        raise InputError("Where there is nothing to say, skip it.")
    if len(text) > _LONGEST_TEXT:
        raise InputError(f"Write at most {_LONGEST_TEXT} characters.")
    return text


def _log(step: Step, text: str) -> list[Answers]:
    """Runs, one a line or after a semicolon."""
    del step
    if text.strip().lower() in _NONE:
        return []
    return [_run(line.strip()) for line in re.split(r"[\n;]", text) if line.strip()]


def _run(line: str) -> Answers:
    match = _RUN.fullmatch(line)
    if match is None or match[3].strip().lower() not in _KM_OF:
        raise InputError(f"“{line}” is not a date and a distance, such as 2026-05-03 9.5.")
    year, month, day = map(int, match[1].split("-"))
    try:
        date = datetime.date(year, month, day)
    except ValueError as error:
        raise InputError(f"{match[1]} is no date.") from error
    km = round(float(match[2].replace(",", ".")) * _KM_OF[match[3].strip().lower()], 3)
    if km > _FAR_KM:
        raise InputError(f"{km:g} km is more than {_FAR_KM:g} km.")
    return {"date": date.isoformat(), "distance_km": km}


_PARSERS = {
    "yes_no": _yes_no,
    "choice": _choice,
    "several": _several,
    "checklist": _checklist,
    "number": _number,
    "text": _text,
    "log": _log,
}


def in_words(step: Step, value: Any) -> str:
    """A value as a person says it."""
    texts = {item.key: item.text for item in step.items}
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return _checked(step, cast(Mapping[str, bool], value))
    if step.asked.kind == "several":
        return "; ".join(texts.get(key) or key for key in value) or step.asked.none
    if step.asked.kind == "log":
        return f"{len(value)} {'run' if len(value) == 1 else 'runs'}"
    if isinstance(value, str):
        return texts.get(value) or value
    unit = _unit(step.asked)
    return f"{value:g}{unit.removesuffix('s') if value == 1.0 else unit}"


def _checked(step: Step, value: Mapping[str, bool]) -> str:
    yes = [item.text for item in step.items if value.get(item.key)]
    unsure = [n for n, item in enumerate(step.items, 1) if item.key not in value]
    said = "; ".join(yes) or "none of these"
    return f"{said} ({', '.join(map(str, unsure))} not answered)" if unsure else said


def _unit(asked: Asked) -> str:
    return f" {asked.unit}" if asked.unit else ""
