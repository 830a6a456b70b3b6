"""The test vectors of the control point and of info, for the Python codec and for the C."""

from pathlib import Path

FILE = Path(__file__).parents[1] / "firmware_stubs" / "vectors" / "control_v2.txt"

Case = dict[str, str]


def cases() -> list[Case]:
    found: list[Case] = [{}]
    for line in FILE.read_text().splitlines():
        if not line.strip():
            found.append({})
        elif not line.startswith("#"):
            key, _, value = line.partition(":")
            found[-1][key] = found[-1].get(key, "") + value.strip()
    return [case for case in found if case]


def dialogues() -> list[Case]:
    return [case for case in cases() if "command" in case]


def infos() -> list[Case]:
    return [case for case in cases() if "bytes" in case]


def numbers(text: str) -> list[int]:
    return [int(word) for word in text.split()]
