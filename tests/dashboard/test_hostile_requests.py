"""The dashboard that really serves, given what no browser sends: it answers or hangs up, says
nothing of what is inside, logs no traceback, and goes on."""

import re
import socket

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MOST_ANSWER_BYTES = 65_536
STATUS = re.compile(rb"^HTTP/1\.1 (\d{3}) ")


def answer(root: str, request: bytes) -> bytes:
    """What comes back; nothing where it hung up."""
    host, _, port = root.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        told = b""
        try:
            while part := line.recv(MOST_ANSWER_BYTES):
                told += part
        except ConnectionResetError:
            pass
    return told


def refused(told: bytes) -> bool:
    found = STATUS.match(told)
    return not told or (found is not None and 400 <= int(found[1]) < 500)


def request(root: str, target: bytes = b"/", *headers: bytes) -> bytes:
    host = root.removeprefix("http://").encode()
    return b"\r\n".join([b"GET " + target + b" HTTP/1.1", b"Host: " + host, *headers, b"", b""])


@pytest.mark.parametrize(
    "headers",
    [
        [b"Cookie: gait_token=\xe9"],
        [b'Cookie: gait_token="a\\351"; gait_token_1="\\351"'],
        [b"Origin: http://[::1"],
        [b"Content-Length: " + b"9" * 5000],
        [b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip"],
        [b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Key: \xff"],
    ],
)
def test_headers_that_no_browser_sends(served, headers):
    assert refused(answer(served.root, request(served.root, b"/", *headers)))
    assert refused(answer(served.root, request(served.root, b"/?token=\xc3\xa9")))


WORDS = st.sampled_from(
    [b"/", b"/athlete/1", b"/?token=", b"/_nicegui_ws/socket.io/?EIO=4&transport=polling", b"*"]
)
RAW = st.binary(max_size=60)
HEADER = st.tuples(
    st.sampled_from([b"Cookie", b"Origin", b"Host", b"Content-Length", b"Upgrade", b"X"]), RAW
).map(lambda pair: pair[0] + b": " + pair[1])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(target=st.builds(lambda a, b: a + b, WORDS, RAW), headers=st.lists(HEADER, max_size=4))
def test_whatever_is_sent_without_a_token_is_refused(served, target, headers):
    assert refused(answer(served.root, request(served.root, target, *headers)))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=300))
def test_what_is_no_request_at_all_is_refused(served, raw):
    assert refused(answer(served.root, raw))


@pytest.mark.parametrize(
    "path",
    [
        "/athlete/99999999999999999999",
        "/athlete/-1",
        "/athlete/x",
        "/athlete/1/archive",
        "/athlete/99999999999999999999/archive",
        "/session/99999999999999999999",
        "/session/99999999999999999999/report",
        "/session/0/report",
        "/compare?a=99999999999999999999&b=-1",
        "/compare?a=x",
        "/?find=%ff%00",
        "/no/such/page",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/_nicegui/../../../etc/passwd",
    ],
)
def test_addresses_that_lead_nowhere_are_a_page_and_no_traceback(served, path):
    with httpx.Client(base_url=served.root) as browser:
        assert browser.get(served.new_address()).status_code == 200
        told = browser.get(path)
        assert told.status_code < 500, told.text[:500]
        assert "Traceback" not in told.text
    assert "Traceback" not in served.said.read_text()
