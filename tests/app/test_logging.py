"""Log lines: there to find a fault with, and nothing of a person in them."""

import errno
import logging
import re
import stat
from pathlib import Path

import pytest

from gait.app.log_rotation import NAME, log_beside
from gait.app.logging import FORM, PlainFormatter

HOME = Path.home()


@pytest.fixture(autouse=True)
def as_before():
    ours = logging.getLogger("gait")
    handlers, level = list(ours.handlers), ours.level
    yield
    ours.handlers[:] = handlers
    ours.setLevel(level)


def line(message: str, *arguments: object, error: BaseException | None = None) -> str:
    told = None if error is None else (type(error), error, error.__traceback__)
    record = logging.LogRecord("gait.x", logging.INFO, __file__, 1, message, arguments, told)
    return PlainFormatter(FORM).format(record)


def test_paths_tokens_and_addresses_are_taken_out():
    told = line(
        "cannot read %s, C:\\Users\\anna\\run.gait or '%s'; token=%s at AA:BB:CC:DD:EE:0F",
        HOME / "anna-berg" / "sunday.gait",
        "/mnt/anna/a.csv",
        "s3cret",
    )
    for one in (str(HOME), "anna\\run", "/mnt", "s3cret", "AA:BB", "sunday"):
        assert one not in told
    assert ".csv" in told
    assert "…0F" in told


def test_what_is_no_path_stays():
    assert line("2/3 packets, 400 Hz at 1.5 m/s").endswith("2/3 packets, 400 Hz at 1.5 m/s")


def test_of_an_error_its_kind_and_place_are_told_and_not_its_message():
    try:
        raise ValueError("Anna Berg has 61 kg")
    except ValueError as error:
        told = line("failed", error=error)
    assert "Anna" not in told
    assert re.search(r"ValueError at [\w.]*test_logging:\d+", told)
    full = OSError(errno.ENOSPC, "Anna", "/home/anna")
    assert "OSError (No space left on device)" in line("failed", error=full)
    assert "nna" not in line("failed", error=full)


def test_the_file_beside_a_recorder_is_private_and_does_not_grow(tmp_path, monkeypatch):
    monkeypatch.setattr("gait.app.log_rotation.MOST_BYTES", 2000)
    log = logging.getLogger("gait.ble.test")
    with log_beside(tmp_path):
        for number in range(300):
            log.info("connected %d", number)
        log.debug("never")
    log.warning("after")
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == [NAME, f"{NAME}.1", f"{NAME}.2"]
    assert all(file.stat().st_size <= 2000 for file in files)
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    told = files[0].read_text()
    assert "INFO gait.ble.test: connected 299" in told
    assert "never" not in told
    assert "after" not in told


def test_a_folder_that_takes_no_log_stops_nothing(tmp_path):
    with log_beside(tmp_path / "none"):
        logging.getLogger("gait.ble.test").info("heard")


def test_an_error_that_nobody_foresaw_is_a_sentence_and_verbose_says_where(
    gait, monkeypatch, tmp_path
):
    def broken(*_: object, **__: object) -> None:
        raise KeyError("Anna Berg")

    monkeypatch.setattr("gait.app.roster.people.run_list", broken)
    monkeypatch.setenv("GAIT_ROSTER", str(tmp_path / "roster.db"))
    code, _, err = gait("roster", "list")
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("gait: Something went wrong that was not foreseen (KeyError)")
    code, _, err = gait("--verbose", "roster", "list")
    assert code == 1
    assert "ERROR gait.app.main: ended by an error\n  KeyError at test_logging:" in err
    assert "Traceback" not in err
    assert "Anna" not in err
