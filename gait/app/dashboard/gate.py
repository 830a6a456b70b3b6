"""Who may talk to the dashboard: a browser on this machine that was given the token.

The token comes once with the address and is kept as a cookie. The name of the host is checked too:
else a page from elsewhere could make its own name point here (DNS rebinding).
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

COOKIE = "gait_token"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

NEVER_CHANGES = "/_nicegui/"  # what comes with the package may stay in the browser's cache
KEPT_NOWHERE = (b"cache-control", b"no-store")

REFUSED = (
    b"This page needs the address that gait dashboard printed, with its token. "
    b"Start it again with gait dashboard and open what it prints."
)
TOO_LARGE = b"This is more than can be taken at once."
MOST_BODY_BYTES = 510_000_000
HEADERS = [
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # the pages' own scripts only; NiceGUI writes some of them into the page
    (
        b"content-security-policy",
        b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'none'",
    ),
]


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Gate:
    """An ASGI application around another that lets nobody in without the token."""

    def __init__(self, app: App, token: str, port: Callable[[], int]) -> None:
        self._app = app
        self._token = token
        self._port = port

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = _headers(scope["headers"])
        if not self._from_here(headers) or not self._knows_token(scope, headers):
            await self._refuse(scope, receive, send)
            return
        if _is_too_large(headers):
            await self._refuse(scope, receive, send, 413, TOO_LARGE)
            return
        brought = self._brought(scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
                if not scope["path"].startswith(NEVER_CHANGES):
                    message["headers"].append(KEPT_NOWHERE)
                if brought:
                    message["headers"].append((b"set-cookie", self._cookie()))
            await send(message)

        await self._app(scope, receive, with_headers)

    def _from_here(self, headers: dict[str, str]) -> bool:
        """Named as this machine; and asked for by a page of ours, where a page asks."""
        names = {f"{name}:{self._port()}" for name in LOOPBACK}
        origin = headers.get("origin")
        return headers.get("host") in names and (origin is None or urlsplit(origin).netloc in names)

    def _knows_token(self, scope: Message, headers: dict[str, str]) -> bool:
        if self._brought(scope):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and hmac.compare_digest(cookie.value, self._token)

    def _brought(self, scope: Message) -> bool:
        """The token came with the address, as it does the first time."""
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])
        return hmac.compare_digest(given[0], self._token)

    def _cookie(self) -> bytes:
        return f"{COOKIE}={self._token}; Path=/; HttpOnly; SameSite=Strict".encode()

    async def _refuse(
        self,
        scope: Message,
        receive: Receive,
        send: Send,
        status: int = 403,
        why: bytes = REFUSED,
    ) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4403})
            return
        plain = (b"content-type", b"text/plain; charset=utf-8")
        await send({"type": "http.response.start", "status": status, "headers": [plain, *HEADERS]})
        await send({"type": "http.response.body", "body": why})


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}


def _is_too_large(headers: dict[str, str]) -> bool:
    """More than one file that may be dropped; or its size is not said, as browsers always do."""
    length = headers.get("content-length", "0")
    said = length.isascii() and length.isdecimal() and "transfer-encoding" not in headers
    return not said or int(length) > MOST_BODY_BYTES
