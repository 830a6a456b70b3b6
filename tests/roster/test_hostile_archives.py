"""Archives made to harm: refused soon, in little memory and disk, and nothing is changed."""

import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_transfer import archive, full_athlete
from within_limits import within_limits

from gait.athletes.imports import take_in_archive
from gait.model import InputError
from gait.roster import Roster


@pytest.fixture
def sound(tmp_path: Path) -> dict[str, bytes]:
    """What is in an archive of an athlete with three sessions and their recordings."""
    recording = tmp_path / "run.gait"
    recording.write_bytes(b"recorded" * 50_000)
    with Roster(tmp_path / "ours.db") as roster:
        file = archive(roster, full_athlete(roster, recording), recordings=True)
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(path: Path, members: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", kind) as file:
        for name, content in members.items():
            stored = name.startswith("recordings/")
            file.writestr(name, content, zipfile.ZIP_STORED if stored else None)
    return path


def taken(folder: Path, path: Path) -> str | int:
    """What it says, and that it left nothing; else how many sessions came of it."""
    folder.mkdir(exist_ok=True)
    with Roster(folder / "theirs.db") as roster:
        try:
            result, made = take_in_archive(roster, path, folder / "recordings")
        except InputError as error:
            assert roster.athletes.all() == []
            assert not list(folder.rglob("*.gait"))
            return str(error)
        assert sum(file.stat().st_size for file in made) <= path.stat().st_size
        return result.new_sessions


def test_a_sound_one_is_taken_in(tmp_path: Path, sound: dict[str, bytes]) -> None:
    assert taken(tmp_path / "t", packed(tmp_path / "x", sound)) == 3


@pytest.mark.parametrize("name", ["about.json", "athlete.json", "sessions.jsonl"])
@pytest.mark.parametrize("filling", [b" ", b"[", b'{"a":[],', b"\n", b'"'])
def test_much_out_of_little(
    tmp_path: Path, sound: dict[str, bytes], name: str, filling: bytes
) -> None:
    content = sound[name] + filling * (60_000_000 // len(filling))
    path = packed(tmp_path / "x", sound | {name: content})
    assert path.stat().st_size < 2_500_000
    said = within_limits(taken, tmp_path / "t", path)
    assert "unpacks to more than" in said or "is no archive" in said


@pytest.mark.parametrize(
    "answers",
    ["[" * 100_000, '{"a":' * 100_000, "[" + "[]," * 2_000_000 + "[]]", '["' + '","' * 3_000_000],
)
def test_answers_that_nest_or_never_end(
    tmp_path: Path, sound: dict[str, bytes], answers: str
) -> None:
    person = sound["athlete.json"].replace(b'"answers":{', b'"answers":{"x":' + answers.encode())
    said = within_limits(
        taken, tmp_path / "t", packed(tmp_path / "x", sound | {"athlete.json": person})
    )
    assert "is no archive" in said or "unpacks" in said


def test_one_recording_for_every_session(tmp_path: Path, sound: dict[str, bytes]) -> None:
    lines = []
    for number in range(300):
        session = json.loads(sound["sessions.jsonl"].splitlines()[0])
        lines.append(json.dumps(session | {"key": f"key{number}", "recording": 0}))
    members = sound | {"sessions.jsonl": "\n".join(lines).encode()}
    said = within_limits(taken, tmp_path / "t", packed(tmp_path / "x", members))
    assert "is no archive" in said


def test_recordings_that_lie_in_each_other(tmp_path: Path, sound: dict[str, bytes]) -> None:
    path = packed(tmp_path / "x", sound)
    content = bytearray(path.read_bytes())
    places: list[int] = []
    at = content.find(b"PK\1\2")
    while at >= 0:
        length = int.from_bytes(content[at + 28 : at + 30], "little")
        if content[at + 46 : at + 46 + length].startswith(b"recordings/"):
            places.append(at)
        at = content.find(b"PK\1\2", at + 4)
    for place in places:  # each as long as all of the file
        struct.pack_into("<II", content, place + 20, len(content), len(content))
    path.write_bytes(content)
    assert "is no archive" in within_limits(taken, tmp_path / "t", path)


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("damage", [False, True])
def test_other_kinds_of_packing(
    tmp_path: Path, sound: dict[str, bytes], kind: int, damage: bool
) -> None:
    path = packed(tmp_path / "x", sound, kind)
    if damage:
        content = bytearray(path.read_bytes())
        at = content.index(b"athlete.json") + 40
        content[at : at + 200] = b"\xff" * 200
        path.write_bytes(content)
    assert "is no archive" in within_limits(taken, tmp_path / "t", path)


def test_a_list_of_files_without_end(tmp_path: Path, sound: dict[str, bytes]) -> None:
    path = packed(tmp_path / "x", sound | {f"f{number}": b"" for number in range(100)})
    content = path.read_bytes()
    end = content.rindex(b"PK\5\6")
    start = int.from_bytes(content[end + 16 : end + 20], "little")
    entries = content[start:end] * 3000
    changed = bytearray(content[:start] + entries + content[end:])
    struct.pack_into("<I", changed, len(changed) - 10, len(entries))
    path.write_bytes(changed)
    assert "bytes of names" in within_limits(taken, tmp_path / "t", path)


def test_the_same_name_twice(tmp_path: Path, sound: dict[str, bytes]) -> None:
    path = packed(tmp_path / "x", sound)
    with zipfile.ZipFile(path, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("athlete.json", sound["athlete.json"])
    assert "is no archive" in within_limits(taken, tmp_path / "t", path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "n" * 2000),
        ("uid", ["x"]),
        ("birth_year", 10**30),
        ("height_m", 1e300),
        ("mass_kg", -5),
        ("groups", [f"g{n}" for n in range(2000)]),
        ("notes", [{"uid": "a", "day": "0001-01-01", "text": "x", "changed_at": "1"}] * 30_000),
        ("changed_at", "9999-12-31T23:59:59-23:59"),
        ("changed_at", "2026-01-01T00:00:00+99:99"),
    ],
)
def test_values_of_a_person_that_cannot_be(
    tmp_path: Path, sound: dict[str, bytes], name: str, value: Any
) -> None:
    person = json.loads(sound["athlete.json"]) | {name: value}
    members = sound | {"athlete.json": json.dumps(person).encode()}
    said = within_limits(taken, tmp_path / "t", packed(tmp_path / "x", members))
    assert isinstance(said, str)


@pytest.mark.parametrize(
    "changed",
    [
        {"recording": -1},
        {"recording": 10**30},
        {"recording": 77},
        {"effort": 1e300},
        {"started_at": "0001-01-01T00:00:00+14:00"},
        {"day": "0000-00-00"},
        {"key": ""},
        {"shoe": "s" * 5000},
    ],
)
def test_values_of_a_session_that_cannot_be(
    tmp_path: Path, sound: dict[str, bytes], changed: dict[str, Any]
) -> None:
    first, *rest = sound["sessions.jsonl"].splitlines()
    lines = [json.dumps(json.loads(first) | changed).encode(), *rest]
    members = sound | {"sessions.jsonl": b"\n".join(lines)}
    within_limits(taken, tmp_path / "t", packed(tmp_path / "x", members))


@settings(max_examples=15)
@given(
    edits=st.lists(st.tuples(st.floats(0.0, 0.999), st.binary(min_size=1, max_size=6)), max_size=6),
    pack=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA]),
)
def test_whatever_is_changed_is_a_sentence_or_an_athlete(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[float, bytes]], pack: int
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    with Roster(folder / "ours.db") as roster:
        file = archive(roster, full_athlete(roster))
    with zipfile.ZipFile(file) as old:
        members = {name: old.read(name) for name in old.namelist()}
    path = packed(folder / "x", members, pack)
    content = bytearray(path.read_bytes())
    for at, changed in edits:
        place = int(at * len(content))
        content[place : place + len(changed)] = changed
    path.write_bytes(content)
    said = taken(folder / "t", path)
    assert said == 3 or isinstance(said, str)
