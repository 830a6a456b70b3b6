"""Who may talk to the dashboard: a browser on this machine that was given a token.

A token comes with the address and is good once; the browser is given a secret as a cookie instead.
The name of the host is checked too: else a page from elsewhere could make its own name point here
(DNS rebinding). This is the edge: whatever goes wrong behind it ends in a sentence and a log line.
"""

import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

NEVER_CHANGES = "/_nicegui/"  # what comes with the package may stay in the browser's cache
KEPT_NOWHERE = (b"cache-control", b"no-store")

REFUSED = (
    b"This page needs an address that gait dashboard printed, with its token, which is good once. "
    b"Open the last one that it printed, or start it again with gait dashboard."
)
WENT_WRONG = (
    b"Something went wrong here; nothing was changed. Go back and try again, and start with "
    b"gait --verbose dashboard to see what it is."
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


MOST_DIGITS = 18  # of a length: more can be no file's

_log = logging.getLogger(__name__)


def new_token() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says of itself, as text of Latin-1; anybody may have written it.

    host, origin : empty where it does not say, or says two
    """

    host: str
    origin: str | None
    cookies: Sequence[tuple[str, str]]
    length: str
    in_parts: bool
    token: str

    @classmethod
    def of(cls, scope: Message) -> "Asked":
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        origins = headers.get("origin")
        query = scope.get("query_string", b"").decode("latin-1")
        return cls(
            host=_only(headers.get("host", ())),
            origin=None if origins is None else _only(origins),
            cookies=list(_pairs(headers.get("cookie", ()))),
            length=_only(headers.get("content-length", ("0",))),
            in_parts="transfer-encoding" in headers,
            token=_only(parse_qs(query).get("token", ())),
        )

    @property
    def is_too_large(self) -> bool:
        """More than one file that may be dropped; or its size is not said, as browsers do."""
        digits = self.length
        said = digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS
        return self.in_parts or not said or int(digits) > MOST_BODY_BYTES


def _is_plain(message: Message) -> bool:
    kinds = [value for name, value in message.get("headers", ()) if name == b"content-type"]
    return any(kind.startswith(b"text/plain") for kind in kinds)


def _only(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else ""


def _pairs(cookies: Iterable[str]) -> Iterable[tuple[str, str]]:
    for part in ";".join(cookies).split(";"):
        name, _, value = part.partition("=")
        yield name.strip(), value.strip()


def _same(given: str, secret: str) -> bool:
    """In a time that tells nothing; bytes, as text may only be compared so where it is ASCII."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), secret.encode())


class Gate:
    """An ASGI application around another that lets nobody in without a token.

    used : called with a token of an address after it let a browser in; it is good no more
    """

    def __init__(
        self,
        app: App,
        token: str,
        port: Callable[[], int],
        used: Callable[[str], None] = lambda token: None,
    ) -> None:
        self._app = app
        self._tokens = {token}
        self._secret = new_token()
        self._port = port
        self._used = used

    def accept(self, token: str) -> None:
        """One more that is good once."""
        self._tokens.add(token)

    @property
    def cookie_name(self) -> str:
        """Cookies are of a host and not of a port, and there may be several dashboards."""
        return f"gait_token_{self._port()}"

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        began = False

        async def sending(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self._answer(scope, receive, sending)
        except Exception as error:
            # the address may hold what somebody searched for, so it is not logged
            _log.error("a %s request failed", scope["type"], exc_info=error)
            if not began:
                with suppress(Exception):  # nobody may be there any more
                    await self._refuse(scope, receive, send, 500, WENT_WRONG)

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        asked = Asked.of(scope)
        if not self._from_here(asked):
            await self._refuse(scope, receive, send)
            return
        known, brought = self._has_cookie(asked), False
        if not known and scope["type"] == "http":
            known = brought = self._takes(asked.token)
        if not known:
            await self._refuse(scope, receive, send)
            return
        if asked.is_too_large:
            await self._refuse(scope, receive, send, 413, TOO_LARGE)
            return

        failed = False

        async def with_headers(message: Message) -> None:
            nonlocal failed
            failed = failed or (message.get("status") == 500 and _is_plain(message))
            if failed:  # the words of a library for an error that comes here, too
                return
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
                if not scope["path"].startswith(NEVER_CHANGES):
                    message["headers"].append(KEPT_NOWHERE)
                if brought:
                    message["headers"].append((b"set-cookie", self._cookie()))
            await send(message)

        await self._app(scope, receive, with_headers)
        if failed:
            await self._refuse(scope, receive, send, 500, WENT_WRONG)

    def _from_here(self, asked: Asked) -> bool:
        """Named as this machine; and asked for by a page of ours, where a page asks."""
        names = {f"{name}:{self._port()}" for name in LOOPBACK}
        origins = {None, *(f"http://{name}" for name in names)}
        return asked.host in names and asked.origin in origins

    def _has_cookie(self, asked: Asked) -> bool:
        return any(
            name == self.cookie_name and _same(value, self._secret) for name, value in asked.cookies
        )

    def _takes(self, given: str) -> bool:
        """The token of an address, which is good no more then."""
        token = next((token for token in self._tokens if _same(given, token)), None)
        if token is None:
            return False
        self._tokens.remove(token)
        self._used(token)
        return True

    def _cookie(self) -> bytes:
        cookie = f"{self.cookie_name}={self._secret}; Path=/; HttpOnly; SameSite=Strict"
        return cookie.encode()

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
