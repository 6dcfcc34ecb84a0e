"""A SPARQL server somewhere else, spoken to as the standards say: queries, updates, and whole graphs.

    SPARQL 1.1 Protocol             https://www.w3.org/TR/sparql11-protocol/
    SPARQL 1.1 Graph Store Protocol https://www.w3.org/TR/sparql11-http-rdf-update/

Where a server keeps its three services is known for those that are often met, from the address of the first.
Names and secrets come from the environment, never from the command line, which other users of a machine can read.
Only http and https are spoken; a web page where an answer belongs is told as one.
"""

from __future__ import annotations

import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import IO, Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from kg import nesting
from kg.errors import KgError, UsageError

USER, PASSWORD, TOKEN = "KG_ENDPOINT_USER", "KG_ENDPOINT_PASSWORD", "KG_ENDPOINT_TOKEN"
"""The variables of the environment that hold what a server asks for: a name and a password, or a token."""
SECONDS = 60.0
"""How long a server may be silent."""
_AGAIN = (429, 500, 502, 503, 504)
"""What a server answers that is only busy, or just starts."""
_FORM, _LINES = "application/x-www-form-urlencoded", "application/n-triples"
_DEFAULT = "default-graph-uri"
"""What the protocol calls the graph that a query takes for the default one."""
_SHOWN = 300
"""Characters of what a server says that are shown."""

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server answers queries, takes updates, and keeps graphs; "" is not known. Secrets are never shown.

    ``default`` is the graph that queries take for the default one, where the address says so.
    """

    query: str
    update: str = ""
    graphs: str = ""
    default: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


class Unreachable(KgError):
    """A server gives no answer, or says that it cannot now; trying again may help."""


class Refused(KgError):
    """A server will not do what it is asked; ``status`` is the number of HTTP."""

    def __init__(self, problem: str, *, status: int, hint: str = "") -> None:
        super().__init__(problem, hint=hint)
        self.status = status


def endpoint(address: str, *, update: str = "", graphs: str = "") -> Endpoint:
    """Find a server's services from the address of one of them.

    Raises:
        UsageError: an address is none of the web's, or holds a password.

    >>> endpoint("http://localhost:7878").update, endpoint("http://localhost:3030/notes").graphs
    ('http://localhost:7878/update', 'http://localhost:3030/notes/data')
    >>> endpoint("http://localhost:7200/repositories/notes").update
    'http://localhost:7200/repositories/notes/statements'
    >>> endpoint("http://localhost:8890/sparql-auth?default-graph-uri=urn:mine").default
    'urn:mine'
    """
    for each in filter(None, (address, update, graphs)):
        _of_the_web(each)
    found = _services(address)
    said = parse_qs(urlsplit(address).query).get(_DEFAULT, [""])[0]
    secrets = {name: os.environ.get(name, "") for name in (USER, PASSWORD, TOKEN)}
    return Endpoint(found[0], update or plainly(found[1]), graphs or plainly(found[2]), said, secrets)


def plainly(address: str) -> str:
    """Leave out which graph is the default one, as what sees all graphs must."""
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != _DEFAULT]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def _of_the_web(address: str) -> None:
    parts = urlsplit(address)
    try:
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or not address.isascii() or re.search(r"[\x00-\x20\x7f]", address):
        raise UsageError(f"{address!r} is no address of a server", hint="such as http://localhost:7878")
    if parts.username is not None or parts.password is not None:
        raise UsageError("an address must not hold a name or a password", hint=f"set {USER} and {PASSWORD} in the environment")


def _services(address: str) -> tuple[str, str, str]:
    """Give the addresses for queries, updates and graphs, as the servers lay them out."""
    parts = urlsplit(address)
    path = parts.path.rstrip("/")

    def at(path: str) -> str:
        return urlunsplit(parts._replace(path=path))

    repository = re.fullmatch(r"(.*/repositories/[^/]+)(?:/statements)?", path)
    if repository:  # RDF4J, GraphDB
        return at(repository[1]), at(f"{repository[1]}/statements"), at(f"{repository[1]}/rdf-graphs/service")
    if path in ("", "/query", "/update", "/store"):  # Oxigraph
        return at("/query"), at("/update"), at("/store")
    if path.endswith(("/sparql", "/sparql-auth")):
        top = path.rpartition("/")[0]
        if path == "/sparql-auth" or parts.port == 8890:  # Virtuoso
            return at(path), at(path), at(f"{top}/sparql-graph-crud-auth" if path == "/sparql-auth" else f"{top}/sparql-graph-crud")
        if re.search(r"/[^/]+/sparql$", path):  # Fuseki, an older name
            return at(path), at(f"{top}/update"), at(f"{top}/data")
        return at(path), at(path), ""  # Neptune, QLever behind a proxy, and many more
    data = re.fullmatch(r"(/.+?)/(?:query|update|data|get)", path)
    top = data[1] if data else path  # Fuseki
    return at(f"{top}/query" if data else path), at(f"{top}/update"), at(f"{top}/data")


# -- what is asked of it -----------------------------------------------------------------------------


def select(server: Endpoint, text: str, *, seconds: float = SECONDS) -> bytes:
    """Ask a SELECT or an ASK; gives the answer as SPARQL's JSON.

    Raises:
        KgError: the server cannot be reached, refuses, or answers something else.
    """
    return _asked(server, text, "application/sparql-results+json", ("json",), seconds)


def triples(server: Endpoint, text: str, *, seconds: float = SECONDS) -> tuple[bytes, str]:
    """Ask a CONSTRUCT or a DESCRIBE; gives the triples and their media type, N-Triples or Turtle.

    Raises:
        KgError: as of :func:`select`.
    """
    with _opened(server, _question(server, text, "application/n-triples, text/turtle;q=0.8"), seconds) as answer:
        kind = _kind(answer)
        if kind not in ("application/n-triples", "text/plain", "text/turtle", "application/x-turtle"):
            raise _strange(server.query, kind)
        data = _read(server.query, answer)
        if nesting.terms(data):
            raise KgError(f"{server.query}: its answer is refused: {nesting.refused()}")
        return data, "turtle" if "turtle" in kind else "ntriples"


def update(server: Endpoint, text: str, *, seconds: float = SECONDS) -> None:
    """Run an update.

    Raises:
        KgError: the server cannot be reached, refuses, or takes no updates.
    """
    request = _request(server.update, "POST", urlencode({"update": text}).encode(), {"Content-Type": _FORM})
    with _opened(server, request, seconds) as answer:
        _read(server.update, answer)


def graph(server: Endpoint, method: str, iri: str, lines: bytes | None = None, *, seconds: float = SECONDS) -> bytes:
    """Get, put, post to or delete a graph as a whole, in N-Triples; an ``iri`` of "" is the default graph, or what the address says is.

    Raises:
        KgError: the server cannot be reached, refuses, or keeps no graphs so.
    """
    iri = iri or server.default
    which = f"graph={quote(iri, safe='')}" if iri else "default"
    address = f"{server.graphs}{'&' if '?' in server.graphs else '?'}{which}"
    headers = {"Accept": _LINES} if method == "GET" else {} if lines is None else {"Content-Type": _LINES}  # Virtuoso has no such answer to a PUT
    request = _request(address, method, lines, headers)
    with _opened(server, request, seconds) as answer:
        if method == "GET" and _kind(answer) not in ("application/n-triples", "text/plain"):
            raise _strange(address, _kind(answer))
        return _read(address, answer)


def patiently(work: Callable[[], None], *, retries: int, told: Told, began: float = 0.5) -> None:
    """Do a piece of work until it is done, waiting twice as long each time that the server cannot be reached.

    Raises:
        KgError: it is refused, or was tried ``retries`` times more.
    """
    for attempt in range(retries + 1):
        try:
            work()
        except Unreachable as error:
            if attempt == retries:
                raise
            wait = min(began * 2**attempt, 30)
            told(f"{error.problem}; again in {wait:g} s ({attempt + 1} of {retries})")
            time.sleep(wait)
        else:
            return


# -- over the wire -----------------------------------------------------------------------------------


def _question(server: Endpoint, text: str, accepted: str) -> urllib.request.Request:
    return _request(server.query, "POST", urlencode({"query": text}).encode(), {"Content-Type": _FORM, "Accept": accepted})


def _request(address: str, method: str, data: bytes | None, headers: Mapping[str, str]) -> urllib.request.Request:
    return urllib.request.Request(address, data, dict(headers), method=method)  # noqa: S310 - of the web, as endpoint() saw to


def _asked(server: Endpoint, text: str, accepted: str, kinds: tuple[str, ...], seconds: float) -> bytes:
    with _opened(server, _question(server, text, accepted), seconds) as answer:
        kind = _kind(answer)
        if not any(each in kind for each in kinds):
            raise _strange(server.query, kind)
        return _read(server.query, answer)


def _opened(server: Endpoint, request: urllib.request.Request, seconds: float) -> IO[bytes]:
    request.add_header("User-Agent", "kg (https://pypi.org/project/kgnotes)")
    address = request.full_url
    try:
        answer: HTTPResponse = _opener(server, address).open(request, timeout=seconds or None)
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(error, address) from None
    except urllib.error.URLError as error:
        reason = getattr(error.reason, "strerror", None) or str(error.reason)
        raise Unreachable(f"{_place(address)}: no answer: {reason}", hint="is the server running, and the address right?") from None
    except (TimeoutError, OSError, HTTPException) as error:
        raise Unreachable(f"{_place(address)}: no answer: {_words(error)}", hint="is the server running, and the address right?") from None
    return answer


def _read(address: str, answer: IO[bytes]) -> bytes:
    try:
        return answer.read()
    except (TimeoutError, OSError, HTTPException) as error:
        raise Unreachable(f"{_place(address)}: the answer broke off: {_words(error)}") from None


def _opener(server: Endpoint, address: str) -> urllib.request.OpenerDirector:
    """Make a client that knows the secrets, and no other schemes than the web's: urllib would read files and ask FTP."""
    opener = urllib.request.OpenerDirector()
    kinds = (
        urllib.request.ProxyHandler, urllib.request.HTTPHandler, urllib.request.HTTPSHandler,
        urllib.request.HTTPErrorProcessor, urllib.request.HTTPDefaultErrorHandler, _Redirects,
    )  # fmt: skip
    for each in kinds:
        opener.add_handler(each())
    if token := server.secrets.get(TOKEN):
        opener.addheaders = [("Authorization", f"Bearer {token}")]
    elif user := server.secrets.get(USER):
        known = urllib.request.HTTPPasswordMgrWithPriorAuth()
        known.add_password(None, address, user, server.secrets.get(PASSWORD, ""), is_authenticated=False)
        opener.add_handler(urllib.request.HTTPBasicAuthHandler(known))
        opener.add_handler(urllib.request.HTTPDigestAuthHandler(known))
    return opener


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a server that sends data or secrets elsewhere is told, not obeyed."""

    def redirect_request(self, *_: Any) -> None:
        """Say that there is no further request."""


def _refused(error: urllib.error.HTTPError, address: str) -> KgError:
    said = _plain(error)
    problem = f"{_place(address)}: the server answers {error.code} {error.reason}{f': {said}' if said else ''}"
    barred = error.code in (401, 403) or "no permission" in said.lower()  # Virtuoso says so with 500
    if barred:
        hint = f"set {USER} and {PASSWORD}, or {TOKEN}, in the environment"
    elif 300 <= error.code < 400:
        hint = f"it sends us on to {error.headers.get('Location', 'nowhere')}; use that address if you trust it"
    elif error.code in (404, 405, 501):
        hint = "is the address right? Addresses for updates and graphs can be given with --update and --graphs"
    else:
        hint = ""
    if error.code in _AGAIN and not barred:
        return Unreachable(problem, hint=hint)
    return Refused(problem, status=error.code, hint=hint)


def _plain(error: urllib.error.HTTPError) -> str:
    """Give what a server says of an error, without the markup of a page."""
    try:
        text = error.read(20_000).decode("utf-8", "replace")
    except (OSError, HTTPException):
        return ""
    if "html" in error.headers.get("Content-Type", ""):
        title = re.search(r"(?is)<title[^>]*>(.*?)</title>", text)
        text = title[1] if title else ""
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _kind(answer: IO[bytes]) -> str:
    return str(answer.headers.get_content_type())  # type: ignore[attr-defined]


def _strange(address: str, kind: str) -> KgError:
    what = "a web page" if kind == "text/html" else kind
    return KgError(f"{_place(address)}: answers with {what}, where SPARQL's answer belongs", hint="is it the address of a SPARQL endpoint?")


def _place(address: str) -> str:
    return urlunsplit(urlsplit(address)._replace(query=""))


def _words(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def pieces(lines: Iterator[str], most: int) -> Iterator[list[str]]:
    """Cut lines into pieces of at most so many."""
    held: list[str] = []
    for line in lines:
        held.append(line)
        if len(held) == most:
            yield held
            held = []
    if held:
        yield held


__all__ = ["Endpoint", "Refused", "Unreachable", "endpoint", "graph", "patiently", "pieces", "plainly", "select", "triples", "update"]
