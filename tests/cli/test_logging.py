"""Log lines: there to find a fault with, and nothing of a person in them."""

import errno
import logging
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from gait.cli.record import RecordOptions, record_from
from gait.cli.simulate import SimulateOptions
from gait.cli.source import virtual_shoes
from gait.cli.warm import warm_up
from gait.diagnostics import FORM, NAME, PlainFormatter, log_beside

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
    monkeypatch.setattr("gait.diagnostics.MOST_BYTES", 2000)
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

    monkeypatch.setattr("gait.cli.roster.people.run_list", broken)
    monkeypatch.setenv("GAIT_ROSTER", str(tmp_path / "roster.db"))
    code, _, err = gait("roster", "list")
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("gait: Something went wrong that was not foreseen (KeyError)")
    code, _, err = gait("--verbose", "roster", "list")
    assert code == 1
    assert "ERROR gait.cli.main: ended by an error\n  KeyError at test_logging:" in err
    assert "Traceback" not in err
    assert "Anna" not in err


LOGGED = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ gait\.", re.MULTILINE)


async def test_a_session_leaves_a_trace_and_nothing_of_who_ran(tmp_path):
    warm_up()
    folder = tmp_path / "annabella"
    folder.mkdir()
    options = SimulateOptions(seconds=14.0)
    with log_beside(folder, logging.DEBUG):
        async with virtual_shoes(options, speed=4.0) as source:
            await record_from(source, RecordOptions(folder / "Annabella Berg.gait", 8.0))
    told = (folder / NAME).read_text()
    for one in ("heard a shoegait sensor", "connected, left, shoegait", "sensor 1: started"):
        assert one in told
    for one in ("nnabella", "Berg", str(tmp_path), str(HOME)):
        assert one not in told


@pytest.mark.long
def test_a_whole_session_with_a_runner_says_nothing_of_them(tmp_path):
    """Through the command, from the radio to the roster and the dashboard's work."""
    home = tmp_path / "annabella-berg"
    home.mkdir()
    roster = str(home / "roster.db")
    named = {"HOME": str(home), "GAIT_ROSTER": roster}
    env = {k: v for k, v in os.environ.items() if "PYTEST" not in k} | named

    def gait(*arguments: str) -> str:
        command = [sys.executable, "-m", "gait", "--verbose", *arguments]
        done = subprocess.run(
            command, env=env, cwd=home, capture_output=True, text=True, check=True
        )
        return done.stderr

    gait("roster", "add", "Annabella Berg")
    said = gait(
        *("record", "annabella.gait", "--virtual", "--seconds", "12"),
        *("--athlete", "Annabella Berg", "--overwrite"),
    )
    logged = "\n".join(line for line in said.splitlines() if LOGGED.match(line))
    assert "sensor 0: started" in logged
    for one in ("nnabella", "Berg", str(home), str(tmp_path), "token"):
        assert one not in logged
