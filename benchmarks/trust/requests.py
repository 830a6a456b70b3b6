"""Hostile requests to the dashboard, before any token was shown."""

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.trust.target import Target, UnmetError
from gait.dashboard.auth import App, Gate, Message

PORT = 4321
TOKEN = "the-token-of-this-test"
MOST_STEPS = 20


def request_targets() -> list[Target]:
    return [Target(name="request", read=_request, text=True, quick=4_000, long=300_000)]


async def _page(scope: Message, _receive: object, send: object) -> None:
    """Stands behind the gate; who is here was let in."""
    del send
    scope["let in"] = True


def _request(inputs: Sequence[bytes], _: Path) -> None:
    """Line by line: path, query, then headers. Nobody gets in without the token, nothing breaks."""
    path, query, *headers = [*inputs[0].split(b"\n"), b"", b""]
    scope: Message = {
        "type": "websocket" if path.startswith(b"/ws") else "http",
        "path": path.decode("latin-1"),
        "query_string": query,
        "headers": [(name, value) for name, _, value in (h.partition(b": ") for h in headers)],
        "method": "GET",
    }
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    page: App = _page  # pyright: ignore[reportAssignmentType]
    waiting = Gate(page, TOKEN, lambda: PORT)(scope, receive, send)
    try:
        waiting.send(None)  # pyright: ignore[reportAttributeAccessIssue]
    except StopIteration:
        pass
    else:
        raise UnmetError("the gate waits for something")
    knows = TOKEN.encode() in inputs[0]
    if scope.get("let in") and not knows:
        raise UnmetError("let in without the token")
    if not scope.get("let in"):
        status = [m.get("status", m.get("code")) for m in sent if "status" in m or "code" in m]
        if not status or any(500 <= code <= 599 for code in status):
            raise UnmetError(f"answered {status or json.dumps([m['type'] for m in sent])}")
