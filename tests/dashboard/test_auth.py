"""Who is let in: only a browser on this machine with the token, whatever else it sends."""

import asyncio

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gait.dashboard.auth import Gate

TOKEN = "mZkq3vXc9Rt1yLw7Bn5Hs2Jd8Fg4Pa6U"
HERE = "http://127.0.0.1:8123"
HOST = [(b"host", b"127.0.0.1:8123")]


async def inner(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


def new_gate(**more) -> Gate:
    return Gate(inner, TOKEN, lambda: 8123, **more)


async def ask(url, gate=None, **headers):
    gate = gate or new_gate()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=gate)) as client:
        return await client.get(url, headers=headers)


async def test_the_token_of_an_address_is_good_once_and_then_there_is_a_cookie():
    used = []
    gate = new_gate(used=used.append)
    first = await ask(f"{HERE}/?token={TOKEN}", gate)
    assert first.text == "inside"
    assert used == [TOKEN]
    cookie = first.headers["set-cookie"]
    assert cookie.startswith("gait_token_8123=")  # of this port, as cookies are not
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    again = await ask(f"{HERE}/athlete/3", gate, cookie=cookie.split(";")[0])
    assert again.text == "inside"
    assert "set-cookie" not in again.headers
    assert (await ask(f"{HERE}/?token={TOKEN}", gate)).status_code == 403
    # the same address again, as from the history, by who has the cookie
    assert (await ask(f"{HERE}/?token={TOKEN}", gate, cookie=cookie.split(";")[0])).text == "inside"
    other = new_gate()
    assert (await ask(f"{HERE}/", other, cookie=cookie.split(";")[0])).status_code == 403
    gate.accept("another")
    assert (await ask(f"{HERE}/?token=another", gate)).text == "inside"


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        (f"{HERE}/", {}),
        (f"{HERE}/?token=", {}),
        (f"{HERE}/?token={TOKEN}x", {}),
        (f"{HERE}/", {"cookie": "gait_token_8123=wrong"}),
        (f"{HERE}/", {"cookie": f"gait_token_8123={TOKEN}"}),
        (f"{HERE}/?token={TOKEN}&token={TOKEN}", {}),
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


# Each of these was a traceback before any token was looked at.
@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("token=é".encode(), []),
        ("token=é".encode("latin-1"), []),
        (b"token=%ff%00", []),
        (b"", [(b"cookie", b'gait_token="a\\351"')]),
        (b"", [(b"cookie", b"gait_token_8123=\xff")]),
        (b"token=x", [(b"origin", b"http://[::1")]),
        (b"token=" + TOKEN.encode(), [(b"content-length", b"9" * 5000)]),
        (b"", [(b"host", b"127.0.0.1:8123"), (b"host", b"evil.example")]),
    ],
)
async def test_what_is_no_text_no_address_and_no_number_is_refused(query, headers):
    for kind in ("http", "websocket"):
        sent = await asked_raw(new_gate(), query, headers, kind)
        assert status_of(sent) in (403, 413, 4403)


RAW = st.binary(max_size=40)
NAMES = st.sampled_from([b"host", b"origin", b"cookie", b"content-length", b"x", b"Cookie"])


@given(
    query=RAW | RAW.map(lambda raw: b"token=" + raw),
    headers=st.lists(st.tuples(NAMES, RAW | st.just(b"127.0.0.1:8123")), max_size=5),
    kind=st.sampled_from(["http", "websocket"]),
)
def test_no_guess_lets_in_and_none_breaks_anything(query, headers, kind):
    sent = asyncio.run(asked_raw(new_gate(), query, headers, kind))
    assert status_of(sent) in (403, 413, 4403)


async def asked_raw(gate, query, headers, kind="http"):
    """What comes back for a request that names this machine first."""
    sent = []

    async def receive():
        return {"type": f"{kind}.connect"}

    async def send(message):
        sent.append(message)

    named = [] if any(name.lower() == b"host" for name, _ in headers) else HOST
    scope = {"type": kind, "path": "/", "query_string": query, "headers": [*named, *headers]}
    await gate(scope, receive, send)
    return sent


def status_of(sent) -> int:
    return sent[0].get("status") or sent[0]["code"]


async def plain_500(scope, receive, send):
    plain = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 500, "headers": plain})
    await send({"type": "http.response.body", "body": b"Internal Server Error"})


async def plain_500_and_raised(scope, receive, send):
    await plain_500(scope, receive, send)
    raise ValueError("Anna Berg")


async def test_what_goes_wrong_behind_the_gate_is_a_sentence_and_a_log_line(caplog):
    async def broken(scope, receive, send):
        raise ValueError("Anna Berg")

    gate = Gate(broken, TOKEN, lambda: 8123)
    answer = await ask(f"{HERE}/?token={TOKEN}", gate)
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "Anna" not in answer.text
    for also in (plain_500, plain_500_and_raised):
        caplog.clear()
        answer = await ask(f"{HERE}/?token={TOKEN}", Gate(also, TOKEN, lambda: 8123))
        assert (answer.status_code, "Something went wrong here" in answer.text) == (500, True)
    (record,) = caplog.records
    assert record.getMessage() == "a http request failed"
    assert TOKEN not in caplog.text


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
