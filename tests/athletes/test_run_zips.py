"""Zip archives as Garmin and Strava hand them out: every run once, and what was passed over."""

import gzip
import io
import struct
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from foreign_files import (
    BEGIN,
    STRYD_HEADER,
    fit_of_legs,
    gpx,
    stryd_rows,
    table,
    tcx,
)
from within_limits import within_limits

from gait.athletes.imports import kind_of, take_runs
from gait.athletes.run_files import Dropped, Outcome, keep_zip
from gait.model import InputError
from gait.roster import Athlete, Roster


@pytest.fixture
def roster(tmp_path):
    with Roster(tmp_path / "roster.db") as roster:
        roster.athletes.add("Anna Berg")
        yield roster


def anna(roster: Roster) -> Athlete:
    return roster.athletes.find("Anna Berg")


def fit(hours: int, sport: str = "running", **file_id) -> bytes:
    begin = BEGIN + timedelta(hours=hours)
    return fit_of_legs([(sport, "generic", 300, 3.0, 150)], begin=begin, **file_id)


def zipped(members: dict[str, bytes | str], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


STRAVA = {
    "activities.csv": "Activity ID,Activity Date,Activity Name\n1,2026-05-17,Morning run\n",
    "profile.csv": "Athlete ID,Email\n1,a@b.c\n",
    "media/1.jpg": b"\xff\xd8\xff",
    "activities/1.fit.gz": gzip.compress(fit(0)),
    "activities/2.fit.gz": gzip.compress(fit(24, "cycling")),
    "activities/3.tcx.gz": gzip.compress(tcx().replace("-05-17", "-05-19").encode()),
    "activities/4.gpx": gpx("<type>9</type>").replace("-05-17", "-05-20"),
    "activities/5.gpx.gz": gzip.compress(gpx("<type>1</type>").encode()),
    "__MACOSX/activities/._1.fit.gz": b"\0\5\x16\7",
}


def kept(roster: Roster, tmp_path: Path, content: bytes, name: str = "export.zip") -> Outcome:
    path = tmp_path / name
    path.write_bytes(content)
    outcome = Outcome()
    keep_zip(roster, anna(roster), Dropped(name, path), None, outcome)
    return outcome


def test_what_strava_hands_out(roster, tmp_path):
    outcome = kept(roster, tmp_path, zipped(STRAVA))
    assert (outcome.kept, outcome.known, outcome.refused) == (3, 0, [])
    assert outcome.passed == {
        "a table of another kind": ["export.zip: activities.csv", "export.zip: profile.csv"],
        "cycling": ["export.zip: activities/2.fit.gz", "export.zip: activities/5.gpx.gz"],
    }
    runs = roster.foreign.all(anna(roster))
    assert {run.source for run in runs} == {"1.fit.gz", "3.tcx.gz", "4.gpx"}
    again = kept(roster, tmp_path, zipped(STRAVA))
    assert (again.kept, again.known) == (0, 3)
    assert list(tmp_path.glob("gait-import*")) == []


def test_what_garmin_hands_out(roster, tmp_path):
    inner = zipped(
        {
            "anna_1.fit": fit(0),
            "anna_2.fit": fit(24, type="settings"),
            "anna_3.fit": fit(48, type="monitoring_b"),
            "anna_4.fit": fit(72),
            "anna_5.fit": fit(72)[:-200],
        }
    )
    uploads = "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip"
    whole = zipped({"DI_CONNECT/x.json": "{}", uploads: inner, "report.pdf": b"%PDF"})
    outcome = kept(roster, tmp_path, whole)
    assert outcome.kept == 2
    assert set(outcome.passed) == {"settings of a device", "monitoring of a day"}
    (refused,) = outcome.refused
    assert refused.startswith(f"export.zip: {uploads}: anna_5.fit is cut off")
    assert "\n" not in refused


def test_the_same_run_packed_in_other_ways_is_one(roster, tmp_path):
    members = {"a.fit": fit(0), "b/a.fit.gz": gzip.compress(fit(0)), "c.zip": zipped({"a": fit(0)})}
    outcome = kept(roster, tmp_path, zipped(members | {"d.zip": zipped({"x.fit": fit(0)})}))
    assert (outcome.kept, outcome.known) == (1, 2)


def test_progress_is_told(roster, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{n}.fit": fit(24 * n) for n in range(4)}))
    told: list[tuple[int, int]] = []
    keep_zip(
        *(roster, anna(roster), Dropped("a.zip", path), None, Outcome()),
        progress=lambda done, of: told.append((done, of)),
    )
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_zip_without_runs_says_so(roster, tmp_path):
    with pytest.raises(InputError, match=r"^none\.zip has no FIT, TCX, GPX or CSV file in it"):
        kept(roster, tmp_path, zipped({"a.txt": "x"}), "none.zip")
    outcome = kept(roster, tmp_path, zipped({"a.fit": fit(0, "cycling")}), "rides.zip")
    assert list(outcome.remarked()) == ["There is no run in rides.zip."]


def test_lines_of_what_was_passed_over_are_short(roster, tmp_path):
    outcome = kept(roster, tmp_path, zipped({f"{n}.fit": fit(n, "cycling") for n in range(9)}))
    (line,) = outcome.passed_over()
    names = ", ".join(f"export.zip: {n}.fit" for n in range(5))
    assert line == f"Passed over, cycling: {names} and 4 more."


def test_dropped_on_a_page_and_taken_back(roster, tmp_path):
    path = tmp_path / ".dropped-x"
    path.write_bytes(zipped(STRAVA))
    file = Dropped("export.zip", path)
    assert kind_of(file) == "zip"
    change, outcome = take_runs(roster.path, anna(roster).id, file)
    assert (outcome.kept, len(roster.foreign.all(anna(roster)))) == (3, 3)
    roster.take_back(change)
    assert roster.foreign.all(anna(roster)) == []


def damaged_entry() -> bytes:
    data = bytearray(zipped({"a.fit": fit(0), "b.fit": fit(24)}, zipfile.ZIP_STORED))
    data[100] ^= 0xFF
    return bytes(data)


def locked() -> bytes:
    data = bytearray(zipped({"a.fit": fit(0), "b.fit": fit(24)}))
    data[6] |= 1
    data[data.find(b"PK\1\2") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (damaged_entry(), "a.fit is damaged in the archive"),
        (locked(), "a.fit is locked with a password"),
        (
            zipped({"b.fit": fit(24), "a.zip": zipped({"a.zip": zipped({"c.fit": fit(0)})})}),
            "is packed too deeply",
        ),
    ],
    ids=["damaged", "locked", "too deep"],
)
def test_one_bad_file_and_the_others_are_kept(roster, tmp_path, content, said):
    outcome = kept(roster, tmp_path, content)
    assert outcome.kept == 1
    (sentence,) = outcome.refused
    assert said in sentence


def test_an_unusual_packing_is_refused(roster, tmp_path):
    outcome = kept(roster, tmp_path, zipped({"a.fit": fit(0)}, zipfile.ZIP_LZMA))
    assert "packed in an unusual way" in outcome.refused[0]


def test_a_zip_that_is_cut_off(roster, tmp_path):
    path = tmp_path / "cut.zip"
    path.write_bytes(zipped(STRAVA)[:-200])
    with pytest.raises(InputError, match=r"cut\.zip is no zip archive, or it is cut off"):
        kind_of(Dropped("cut.zip", path))


def outcome_of(path: Path) -> tuple[int, list[str]]:
    with Roster(path.with_name("roster.db")) as roster:
        outcome = Outcome()
        athlete = roster.athletes.add("Anna Berg")
        keep_zip(roster, athlete, Dropped(path.name, path), None, outcome)
        return outcome.kept, outcome.refused


def overlapping() -> bytes:
    """Ten names of one member of 40 MB of zeros in 40 kB."""
    data = zipped({"0.csv": bytes(40_000_000)})
    begin = data.index(b"PK\1\2")
    entry = data[begin : data.index(b"PK\5\6")]
    names = b"".join(
        entry.replace(b"0.csv", b"%05d" % n).replace(b"%05d" % n, b"%d.csv" % n) for n in range(10)
    )
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 10, 10, len(names), begin, 0)
    return data[:begin] + names + end


@pytest.mark.parametrize(
    "content",
    [
        zipped({"a.csv": bytes(49_000_000)}),
        zipped({f"{n}.csv": bytes(30_000_000) for n in range(20)}),
        zipped({"a.zip": zipped({f"{n}.csv": bytes(49_000_000) for n in range(30)})}),
        overlapping(),
        zipped({f"{n}.fit": b"" for n in range(20_000)}),
    ],
    ids=["one", "many", "nested", "overlapping", "names"],
)
def test_much_out_of_little_is_bounded(tmp_path, content):
    path = tmp_path / "bomb.zip"
    path.write_bytes(content)
    said = within_limits(outcome_of, path)
    if isinstance(said, str):
        assert "unpacks to far more" in said
    else:
        assert said[0] == 0


def test_a_run_in_a_csv_of_a_known_maker(roster, tmp_path):
    outcome = kept(roster, tmp_path, zipped({"s.csv": table(STRYD_HEADER, stryd_rows())}))
    assert outcome.kept == 1


def test_names_that_lead_elsewhere_go_nowhere(roster, tmp_path):
    outcome = kept(roster, tmp_path, zipped({"../../evil.fit": fit(0), "/abs.fit": fit(24)}))
    assert outcome.kept == 2
    assert not (tmp_path.parent / "evil.fit").exists()
