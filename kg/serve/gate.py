"""Who gets in: hosts, origins and tokens are looked at before anything else; what goes out carries strict headers."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kg.serve import limits
from kg.serve.metrics import Metrics
from kg.serve.rendering import POLICY
from kg.serve.replies import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ("GET", "HEAD", "POST")
_SAFE = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-frame-options": b"DENY",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    b"x-robots-tag": b"noindex",
    b"cache-control": b"private, no-cache",
}
_PREFLIGHT = {
    "access-control-allow-methods": ", ".join(METHODS),
    "access-control-allow-headers": "Accept, Authorization, Content-Type",
    "access-control-max-age": "600",
}
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\s:/?#@\[\]]+)(?::\d{1,5})?")
_WHOLE = re.compile(rb"https?://(?P<host>[^/?#]*)(?P<path>/[^?#]*)?", re.IGNORECASE)
_OPEN = ("/healthz",)
"""Paths that need no token: they say nothing of the graph."""


@dataclass(frozen=True)
class Rules:
    """Who may ask; ``hosts`` are names by which the server may be called, ``origins`` are sites whose pages may ask it, ``token`` is a secret or ""."""

    hosts: frozenset[str]
    origins: frozenset[str] = frozenset()
    token: str = ""

    @classmethod
    def of(cls, host: str, *, names: tuple[str, ...] = (), origins: tuple[str, ...] = (), token: str = "") -> Rules:
        """Make the rules of a server that listens on a host; this machine may always call it by its own names."""
        own = f"[{host}]" if ":" in host and host[:1] != "[" else host
        given = {each.lower() for each in (own, *names)} - {"0.0.0.0", "[::]"}  # noqa: S104 - these are no names
        return cls(frozenset((*_LOCAL, *given)), frozenset(origins), token)


def _plain(scope: Scope, headers: dict[bytes, bytes]) -> None:
    """Read a target that is a whole address (RFC 9112, section 3.2.2); if the header says another name than it, no name is left."""
    found = _WHOLE.fullmatch(scope.get("raw_path") or b"")
    if found is None:
        return
    if found["host"].lower() != headers[b"host"].lower():
        headers[b"host"] = b""
    scope["raw_path"] = found["path"] or b"/"
    scope["path"] = unquote(scope["raw_path"].decode("latin-1"))


class Gate:
    """The outermost part of the application."""

    def __init__(self, app: ASGIApp, rules: Rules, metrics: Metrics, log: Callable[[str], None] | None = None) -> None:
        self.app, self.rules, self.metrics, self.log = app, rules, metrics, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            headers[name] = value if name not in headers else headers[name] + b"\0" + value  # said twice: it fits nothing
        headers.setdefault(b"host", b"")
        _plain(scope, headers)
        origin = headers.get(b"origin", b"").decode("latin-1")
        status = 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._headers(message["headers"], origin)
            await send(message)

        try:
            problem = self.refused(scope, headers, origin)
            if problem is not None:
                from kg.serve.problems import response

                await response(problem, "")(scope, receive, guarded)
            elif scope["method"] == "OPTIONS":
                from starlette.responses import Response

                await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, guarded)
            else:
                await self.app(scope, receive, guarded)
        finally:
            took = time.perf_counter() - began
            self.metrics.took(took)
            self.metrics.count("kg_requests_total", page=scope.get("page", "other"), status=str(status))
            if self.log is not None:
                # Neither query strings nor headers: they hold what people ask, and tokens.
                self.log(f"{scope['method']} {scope['path'][:200]} {status} {took * 1000:.0f} ms")

    def refused(self, scope: Scope, headers: dict[bytes, bytes], origin: str) -> Problem | None:
        """Say why a request is refused, if it is."""
        if sum(len(name) + len(value) for name, value in scope["headers"]) + len(scope["query_string"]) > limits.HEADER:
            return Problem(431, f"the head of the request is longer than {limits.HEADER:,} bytes", "send the query by POST", Connection="close")
        host = headers[b"host"].decode("latin-1")
        known = _HOST.fullmatch(host.lower())
        if known is None or known["name"] not in self.rules.hosts:
            self.metrics.count("kg_refused_total", reason="host")
            return Problem(421, "this server is not called by that name", "allow it with --allow-host")
        if b"transfer-encoding" in headers and b"content-length" in headers:
            self.metrics.count("kg_refused_total", reason="length")
            return Problem(400, "the request gives two lengths of its body", Connection="close")  # others may have read another request here
        if origin and origin not in self.rules.origins and origin.partition("://")[2] != host:
            self.metrics.count("kg_refused_total", reason="origin")
            return Problem(403, "pages of other sites may not ask this server", "allow one with --cors")
        if scope["method"] == "OPTIONS" and origin in self.rules.origins:
            return None
        if scope["method"] not in METHODS:
            return Problem(405, "this server takes GET, HEAD and POST", Allow=", ".join(METHODS))
        if self.rules.token and scope["path"] not in _OPEN and not self._known(headers.get(b"authorization", b"")):
            self.metrics.count("kg_refused_total", reason="token")
            return Problem(
                401, "this server asks for a token", "send it as Authorization: Bearer, or as the password", WWW_Authenticate='Basic realm="kg"'
            )
        return None

    def _known(self, given: bytes) -> bool:
        """Compare a token in a time that says nothing of where it differs; a browser sends it as a password."""
        sort, _, rest = given.partition(b" ")
        said = rest.strip()
        if sort.lower() == b"basic":
            try:
                said = base64.b64decode(said, validate=True).partition(b":")[2]
            except (binascii.Error, ValueError):
                said = b""
        elif sort.lower() != b"bearer":
            said = b""
        return hmac.compare_digest(said, self.rules.token.encode())

    def _headers(self, given: list[tuple[bytes, bytes]], origin: str) -> list[tuple[bytes, bytes]]:
        said = {name for name, _ in given}
        found = [*given, *((name, value) for name, value in _SAFE.items() if name not in said)]
        if self.rules.origins:
            found.append((b"vary", b"Origin"))
            if origin in self.rules.origins:
                found = [(name, b"cross-origin" if name == b"cross-origin-resource-policy" else value) for name, value in found]
                found += [
                    (b"access-control-allow-origin", origin.encode("latin-1")),
                    (b"access-control-expose-headers", b"Kg-Truncated, Retry-After"),
                ]
        return found


__all__ = ["METHODS", "Gate", "Rules"]
