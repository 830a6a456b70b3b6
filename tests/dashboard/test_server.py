"""How a browser is let in: by a private file with a token that is good once, never by an argument
of its program."""

import asyncio
import re
import stat
from pathlib import Path

import pytest

pytest.importorskip("nicegui", reason="the dashboard needs NiceGUI")
pytest.importorskip("selenium", reason="the dashboard is tested through selenium")

from browsing import Coach

from gait.dashboard import server
from gait.dashboard.server import Doors, redirecting_file


@pytest.fixture
def opened(tmp_path, monkeypatch) -> list[str]:
    """What a browser was told to open."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    told: list[str] = []
    monkeypatch.setattr(server.webbrowser, "open", told.append)
    return told


async def page(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


def get(gate, address: str) -> tuple[int, bool]:
    """The status, and whether a cookie came with it."""
    sent: list = []

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        sent.append(message)

    host, _, query = address.removeprefix("http://").partition("/?")
    scope = {
        "type": "http",
        "path": "/",
        "query_string": query.encode(),
        "headers": [(b"host", host.encode())],
    }
    asyncio.run(gate(scope, receive, send))
    return sent[0]["status"], any(name == b"set-cookie" for name, _ in sent[0]["headers"])


def test_the_browser_is_handed_a_private_file_that_is_gone_after_its_one_use(opened):
    doors = Doors(4321)
    doors.open_browser()
    (address,) = opened
    assert address.startswith("file://")
    assert "token" not in address
    file = Path(address.removeprefix("file://"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    (target,) = re.findall(r"url=(\S+)\"", file.read_text())
    gate = doors.guard(page)
    assert get(gate, target) == (200, True)
    assert not file.exists()
    assert not file.parent.exists()
    assert get(gate, target) == (403, False)


def test_what_was_printed_lets_in_once_and_another_is_printed(opened, capsys):
    doors = Doors(4321)
    doors.show()
    first = re.findall(r"http://\S+", capsys.readouterr().err)[0]
    gate = doors.guard(page)
    assert get(gate, first) == (200, True)
    (second,) = re.findall(r"http://\S+", capsys.readouterr().err)
    assert get(gate, first) == (403, False)
    assert get(gate, second) == (200, True)
    assert opened == []


def test_the_file_goes_with_the_dashboard_also_where_no_browser_came(opened):
    doors = Doors(4321)
    doors.open_browser()
    doors.close()
    assert not Path(opened[0].removeprefix("file://")).exists()


def test_a_machine_without_a_place_for_such_files_has_one_made(tmp_path, monkeypatch):
    monkeypatch.setenv(server.RUNTIME_VARIABLE, str(tmp_path / "none"))
    file = redirecting_file("http://127.0.0.1:1/")
    try:
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    finally:
        file.unlink()
        file.parent.rmdir()


def test_a_real_browser_comes_in_through_the_file(browser, served):
    browser.delete_all_cookies()
    file = redirecting_file(served.new_address())
    try:
        browser.get(file.as_uri())
        coach = Coach(browser, served.root)
        coach.sees("Athletes")
        coach.until(lambda: "token" not in browser.current_url)
        coach.open("/live")  # with the cookie that came
        coach.sees("Live")
    finally:
        file.unlink()
        file.parent.rmdir()
