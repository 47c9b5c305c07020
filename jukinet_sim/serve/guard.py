"""Who may ask what: the name by which the server is called, a token where it is reached from elsewhere, bounded bodies.

A page of another site can make a browser send a request here, but neither read the answer nor add a header of its own: what
changes anything asks for that header (and for the `Origin` of these pages where there is one). A name that another site has
pointed here is refused by the `Host` header.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import cookie_parser

MOST_BYTES = 2**21
"""So long a request may be."""
COOKIE, HEADER, BEARER = "jukinet", b"x-jukinet", "Bearer "
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"), (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"), (b"cross-origin-resource-policy", b"same-origin"),
]  # fmt: skip
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Guard:
    """Stands before an application; `hosts` are the names it may be called by, None for any where a token is asked for."""

    def __init__(self, app: App, hosts: frozenset[str] | None, token: str | None) -> None:
        self._app, self._hosts, self._token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self._refused(scope, headers)
        if refused is not None:
            await _answer(send, *refused)
            return
        if self._token is not None and not self._knows(headers):
            await self._ask(scope, send)
            return
        await self._passed(scope, receive, send)

    def _refused(self, scope: Scope, headers: dict[bytes, str]) -> tuple[int, str] | None:
        """Return with which status and words a request is refused."""
        called = headers.get(b"host", "")
        if self._hosts is not None and _name_of(called) not in self._hosts:
            return 421, "this server is not called so; open the address that jukinet serve printed"
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, "GET, HEAD and POST are understood"
        if scope["method"] == "POST":
            origin = headers.get(b"origin")
            if HEADER not in headers or (origin is not None and urlsplit(origin).netloc != called):
                return 403, "only pages of this server may change anything"
            length = headers.get(b"content-length", "0")
            if not length.isdigit() or int(length) > MOST_BYTES:
                return 413, "this is longer than a request may be"
        return None

    def _knows(self, headers: dict[bytes, str]) -> bool:
        """Whether whoever asks has shown the token before, or shows it with `Authorization: Bearer`, as programs do."""
        # Cookies are shared by all servers of this machine: one that is written badly by another must not hide ours.
        held = cookie_parser(headers.get(b"cookie", "")).get(COOKIE, "")
        borne = headers.get(b"authorization", "")
        shown = borne.removeprefix(BEARER) if borne.startswith(BEARER) else held
        return hmac.compare_digest(shown.encode(), str(self._token).encode())

    async def _ask(self, scope: Scope, send: Send) -> None:
        """Take a token that stands in the address, once, or refuse the request."""
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = query.pop("token", [""])[0]
        if not hmac.compare_digest(given.encode(), str(self._token).encode()):
            await _answer(send, 401, "a token is needed; open the address that jukinet serve printed")
            return
        rest = urlencode(query, doseq=True)
        to = scope["raw_path"].decode("latin-1") + (f"?{rest}" if rest else "")
        cookie = f"{COOKIE}={self._token}; HttpOnly; SameSite=Strict; Path=/"
        # Two slashes at the beginning would be the name of another server.
        more = [(b"location", ("/" + to.lstrip("/")).encode("latin-1")), (b"set-cookie", cookie.encode())]
        await _answer(send, 303, "", more)

    async def _passed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, its body read up to what is allowed, and put the headers on its answer."""
        body = await _body(receive) if scope["method"] == "POST" else b""
        if body is None:
            await _answer(send, 413, "this is longer than a request may be")
            return
        given = [{"type": "http.request", "body": body, "more_body": False}]

        async def read() -> Message:
            return given.pop() if given else await receive()

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in message["headers"]}
                own = [(b"content-security-policy", POLICY.encode()), (b"cache-control", b"no-store")]
                added = [(name, value) for name, value in [*_HEADERS, *own] if name not in names]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self._app(scope, read, headed)


async def _body(receive: Receive) -> bytes | None:
    """Return the body of a request; None where it is too long."""
    found = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if len(found) > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return found


def _name_of(host: str) -> str:
    """Return the name in a `Host` header, without its port."""
    return host.rpartition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


async def _answer(send: Send, status: int, words: str, more: list[tuple[bytes, bytes]] | None = None) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-security-policy", POLICY.encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *_HEADERS, *(more or [])]})
    await send({"type": "http.response.body", "body": words.encode()})
