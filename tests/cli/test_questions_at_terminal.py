"""After a first run at a terminal, the questions that would change most: one key each."""

import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

RECORDING = Path(__file__).parents[2] / "recordings" / "easy_run.jsonl.gz"
PATIENCE_S = 100.0
pty = pytest.importorskip("pty", reason="no terminals of this kind here")


def at_terminal(folder: Path, keys: str, until: str) -> str:
    """What stands on the terminal of `gait analyze`, a key pressed whenever a question is there."""
    main, other = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "gait", "analyze", str(RECORDING)],
        cwd=folder, stdin=other, stdout=other, stderr=other, start_new_session=True,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "80"},
    )  # fmt: skip
    os.close(other)
    seen, left, ends = "", list(keys), time.monotonic() + PATIENCE_S
    try:
        while time.monotonic() < ends:
            if select.select([main], [], [], 0.2)[0]:
                try:
                    seen += os.read(main, 65536).decode(errors="replace")
                except OSError:  # it has ended
                    break
            elif left and "would change most" in seen:
                os.write(main, left.pop(0).encode())
                time.sleep(0.3)
            elif child.poll() is not None:
                break
        child.wait(20)
    finally:
        child.kill()
        os.close(main)
    plain = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", seen)
    assert until in " ".join(plain.split()), plain
    return plain


def test_answers_are_kept_and_what_they_change_is_said(tmp_path: Path) -> None:
    said = at_terminal(tmp_path, "x6y\r", "Kept in me.yaml")
    told = yaml.safe_load((tmp_path / "me.yaml").read_text())
    assert told["pain"] == [{"where": "heel"}]
    assert told["history"] == {"injured_last_12_months": True}
    assert "Plantar fasciitis" in said
    assert "answer the bone questions first" in " ".join(said.split())
    assert (tmp_path / "me.yaml").stat().st_mode & 0o077 == 0


def test_nothing_answered_keeps_nothing(tmp_path: Path) -> None:
    at_terminal(tmp_path, "q", "would change most")
    assert not (tmp_path / "me.yaml").exists()


def test_who_has_a_profile_there_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "me.yaml").write_text("pain: []\n")
    said = at_terminal(tmp_path, "", "Next:")
    assert "would change most" not in said
    assert (tmp_path / "me.yaml").read_text() == "pain: []\n"
