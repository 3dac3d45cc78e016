"""The door: who may ask, how much at once, and what a browser may do with the answer."""

from __future__ import annotations

import hmac
import ipaddress
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tregua.errors import Problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BYTES = 64 * 1024
"""Largest body of a request."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: "
    "blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-robots-tag": "noindex",
}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
COOKIE = "tregua_token"


def is_loopback(host: str) -> bool:
    """True for an address that only this machine can reach."""
    if host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def name_of(header: str) -> str:
    """The host of a ``Host`` or ``Origin`` header, without scheme and port."""
    text = header.partition("://")[2] or header
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.rpartition(":")[0] if text.count(":") == 1 else text


def told_problem(problem: Problem) -> dict[str, Any]:
    """A problem in the one form that every error has: in English for programs, and in Spanish for its readers."""

    def texts(lang: str) -> dict[str, str]:
        said = problem.in_language(lang)
        rows = {"message": said.message, "found": said.found, "allowed": said.allowed, "mend": said.mend}
        # the name of a file, never where it lies on this machine
        place = replace(problem, key="", file=problem.file.rpartition("/")[2]).place_in(lang)
        return {key: text[:500] for key, text in {**rows, "place": place}.items()}

    return {"code": problem.code, "key": problem.key[:500], **texts("en"), "es": texts("es")}


def error_body(problems: tuple[Problem, ...]) -> bytes:
    """Problems in the one form that every error has."""
    return json.dumps({"problems": [told_problem(one) for one in problems[:20]]}, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Door:
    """Who may come in.

    Attributes
    ----------
    host : str
        Address that the server is bound to.
    token : str
        Asked of every request; empty on a loopback address.
    names : tuple of str
        Host names by which the machine may be called, besides loopback and plain addresses.
    """

    host: str = "127.0.0.1"
    token: str = ""
    names: tuple[str, ...] = ()

    def knows(self, name: str) -> bool:
        """True for a host by which this server is meant to be called.

        A page from elsewhere can make a name of its own point here, but not a plain address: names that nobody gave
        are refused.
        """
        if name in LOOPBACK or name == self.host or name in self.names:
            return True
        if is_loopback(self.host):
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


class Guard:
    """Around the application: host, origin, token and size are checked, headers set."""

    def __init__(self, app: Application, door: Door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self._refused(scope, headers)
        if refused is not None:
            status, problem, extra = refused
            await answer(send, status, error_body((problem,)), extra)
            return
        read = 0
        started = told = False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST_BYTES:
                raise TooLargeError
            return message

        async def guarded(message: Message) -> None:
            nonlocal started, told
            if read > MOST_BYTES:
                if not told:
                    told = True
                    await answer(send, 413, error_body((_too_large(),)))
                return
            if message["type"] == "http.response.start":
                started = True
                named = {name for name, _ in message["headers"]}
                extra = [(n.encode(), v.encode()) for n, v in HEADERS.items() if n.encode() not in named]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        try:
            await self.app(scope, counted, guarded)
        except TooLargeError:
            if not (started or told):
                await answer(send, 413, error_body((_too_large(),)))

    def _refused(self, scope: Scope, headers: Mapping[str, str]) -> tuple[int, Problem, dict[str, str]] | None:
        host = name_of(headers.get("host", ""))
        if not self.door.knows(host):
            told = Problem("E81", "this server is not meant to be called by that name", key="Host", found=host,
                           allowed="the address that the command printed",
                           mend="open that address, or name the host with --name")  # fmt: skip
            return 421, told, {}
        origin = headers.get("origin", "")
        foreign = bool(origin) and origin != "null" and not self.door.knows(name_of(origin))
        cross = headers.get("sec-fetch-site", "same-origin") == "cross-site" and scope["method"] != "GET"
        if foreign or cross or (origin == "null" and scope["method"] != "GET"):
            told = Problem("E82", "another site asked in your name", key="Origin", found=origin or "cross-site",
                           allowed="pages of this server", mend="open the app itself")  # fmt: skip
            return 403, told, {}
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal()) or int(length) > MOST_BYTES:
            return 413, _too_large(length), {}
        return self._without_token(scope, headers)

    def _without_token(self, scope: Scope, headers: Mapping[str, str]) -> tuple[int, Problem, dict[str, str]] | None:
        if not self.door.token:
            return None
        if _same(headers.get("authorization", "").removeprefix("Bearer "), self.door.token):
            return None
        cookies = dict(part.strip().partition("=")[::2] for part in headers.get("cookie", "").split(";"))
        if _same(cookies.get(COOKIE, ""), self.door.token):
            return None
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        if scope["method"] == "GET" and any(k == "token" and _same(v, self.door.token) for k, v in query):
            rest = urlencode([(k, v) for k, v in query if k != "token"])
            where = scope["path"] if scope["path"].startswith("/") and not scope["path"].startswith("//") else "/"
            where = where if where.isascii() and where.isprintable() else "/"
            cookie = f"{COOKIE}={self.door.token}; Path=/; HttpOnly; SameSite=Strict"
            told = Problem("E80", "the address without the token")
            return 303, told, {"location": where + (f"?{rest}" if rest else ""), "set-cookie": cookie}
        told = Problem("E80", "this server is open to a network and asks for its token", key="token",
                       allowed="the token that the command printed",
                       mend="open the whole address, with ?token=... at its end")  # fmt: skip
        return 401, told, {"www-authenticate": "Bearer"}


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def _too_large(found: str = "") -> Problem:
    return Problem("E83", "the request is too large", found=found, allowed=f"{MOST_BYTES} bytes", mend="ask for less")


class TooLargeError(Exception):
    """A body longer than allowed, whatever its header said."""


async def answer(send: Send, status: int, body: bytes, extra: Mapping[str, str] | None = None) -> None:
    """An answer of the door itself."""
    headers = {"content-type": "application/json", "content-length": str(len(body)), "cache-control": "no-store"}
    lines = [(n.encode(), v.encode("latin-1")) for n, v in {**HEADERS, **headers, **(extra or {})}.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})
