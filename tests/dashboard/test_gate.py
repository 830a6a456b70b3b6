"""Who is let in: only a browser on this machine with the token, whatever else it sends."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.app.dashboard.gate import COOKIE, Gate, new_token

TOKEN = new_token()
HERE = "http://127.0.0.1:8123"


async def inner(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


async def ask(url, **headers):
    gate = Gate(inner, TOKEN, lambda: 8123)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=gate)) as client:
        return await client.get(url, headers=headers)


async def test_the_token_comes_once_with_the_address_and_then_as_a_cookie():
    first = await ask(f"{HERE}/?token={TOKEN}")
    assert first.text == "inside"
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    again = await ask(f"{HERE}/athlete/3", cookie=cookie.split(";")[0])
    assert again.text == "inside"
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        (f"{HERE}/", {}),
        (f"{HERE}/?token=", {}),
        (f"{HERE}/?token={TOKEN}x", {}),
        (f"{HERE}/", {"cookie": f"{COOKIE}=wrong"}),
        (f"{HERE}/", {"cookie": "\x01;=;"}),
        (f"http://evil.example:8123/?token={TOKEN}", {}),
        (f"http://127.0.0.1:9999/?token={TOKEN}", {}),
        (f"{HERE}/?token={TOKEN}", {"origin": "http://evil.example"}),
        (f"{HERE}/?token={TOKEN}", {"origin": "null"}),
    ],
)
async def test_nobody_else_is_let_in(url, headers):
    answer = await ask(url, **headers)
    assert answer.status_code == 403
    assert "inside" not in answer.text
    assert TOKEN not in answer.text


@given(st.text(max_size=60))
def test_no_guess_is_the_token(guess):
    assert Gate(inner, TOKEN, lambda: 1)._brought({"query_string": guess.encode()}) is False


async def test_a_web_socket_without_the_token_is_closed():
    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    scope = {"type": "websocket", "path": "/", "query_string": b"", "headers": []}
    await Gate(inner, TOKEN, lambda: 8123)(scope, receive, send)
    assert sent == [{"type": "websocket.close", "code": 4403}]


@pytest.mark.parametrize(
    "headers",
    [
        {"content-length": "510000001"},
        {"content-length": "9" * 30},
        {"content-length": "-1"},
        {"content-length": "many"},
        {"transfer-encoding": "chunked"},
    ],
)
async def test_nothing_huge_is_taken_even_from_who_has_the_token(headers):
    answer = await ask(f"{HERE}/?token={TOKEN}", **headers)
    assert answer.status_code == 413
    assert "inside" not in answer.text


async def test_a_file_that_may_be_dropped_is_let_through():
    answer = await ask(f"{HERE}/?token={TOKEN}", **{"content-length": "500000000"})
    assert answer.text == "inside"
