"""The SPARQL 1.1 Protocol for queries: a request becomes a job for a worker, or a problem as the standard says.

https://www.w3.org/TR/sparql11-protocol/, section 2.1. Beside what it names, ``format``, ``timeout`` (seconds)
and ``suggested`` may be said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from kg.serve.negotiation import GRAPHS, ROWS, asked, choose
from kg.serve.replies import Problem

FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
DRAWN = "graph"
"""What ``format`` says for an answer that is drawn."""
_MOST = 1000
"""parameters"""
_READ_ONLY = "this server is read-only: it takes queries, and no updates"
_GRAPHS = re.compile("&(default|named)-graph-uri=")
_SORTS = f"a query is sent as {DIRECT}, or as query=… in {FORM}"


class Asked(NamedTuple):
    """What a request says: its parameters, in order, and a query that is its body, or None."""

    parameters: tuple[tuple[str, str], ...]
    body: str | None = None

    def every(self, name: str) -> list[str]:
        return [value for key, value in self.parameters if key == name]

    def last(self, name: str) -> str:
        return next(iter(self.every(name)[-1:]), "")

    @property
    def nothing(self) -> bool:
        """Whether no query was sent at all: then the server describes itself."""
        return self.body is None and not any(key in ("query", "update") for key, _ in self.parameters)


def parameters(encoded: bytes) -> tuple[tuple[str, str], ...]:
    """Read an encoded form.

    >>> parameters(b"query=ASK+%7B%7D&format=csv")
    (('query', 'ASK {}'), ('format', 'csv'))

    Raises:
        Problem: it is not UTF-8, or has too many parts.
    """
    try:
        return tuple(parse_qsl(encoded.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=_MOST))
    except UnicodeDecodeError:
        raise Problem(400, "the parameters are not UTF-8, encoded with %") from None
    except ValueError:
        raise Problem(400, f"more than {_MOST:,} parameters") from None


def content_type(header: str) -> tuple[str, str]:
    """Split a content type into its media type and its charset, in small letters.

    >>> content_type('Text/Plain; charset="UTF-8"'), content_type("text/csv")
    (('text/plain', 'utf-8'), ('text/csv', ''))
    """
    media, *rest = header.split(";")
    said = dict(each.strip().lower().partition("=")[::2] for each in rest)
    return media.strip().lower(), said.get("charset", "").strip("\"' ")


def read(method: str, query_string: bytes, headers: Mapping[str, str], body: bytes) -> Asked:
    """Read a request.

    Raises:
        Problem: it is not one that the protocol knows, or is an update.
    """
    inline = parameters(query_string)
    if method in ("GET", "HEAD"):
        return Asked(inline)
    kind = headers.get("content-type", "")
    if not kind.strip():
        raise Problem(415, "the request does not say what its body is", _SORTS)
    media, charset = content_type(kind)
    if media == UPDATE:
        raise Problem(403, _READ_ONLY)
    if media not in (FORM, DIRECT):
        raise Problem(415, f"the body is {media[:100]}, which is no query", _SORTS)
    if headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        raise Problem(415, "the body is compressed", "send it as it is")
    if charset not in ("", "utf-8", "utf8"):
        raise Problem(400, "the body is not UTF-8", "SPARQL is always UTF-8")
    if media == FORM:
        return Asked((*inline, *parameters(body.strip())))
    try:
        return Asked(inline, body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Problem(400, "the body is not UTF-8") from None


def job(said: Asked, accept: str | None, longest: float) -> tuple[dict[str, Any], float]:
    """Make a job for a worker, and say how many seconds it has; ``longest`` is the most, 0 means no limit.

    Raises:
        Problem: there is not exactly one query, or a parameter means nothing.
    """
    queries = said.every("query") + ([said.body] if said.body is not None else [])
    if said.every("update"):
        raise Problem(403 if not queries else 400, _READ_ONLY)
    if len(queries) != 1:
        raise Problem(400, "there are several queries in the request" if queries else "there is no query in the request", "send one")
    default, named = _graphs(said)
    found: dict[str, Any] = {"do": "query", "text": queries[0].removeprefix("\ufeff"), "suggested": _yes(said.last("suggested"))}
    if default or named:
        found["dataset"] = [default, named]
    if form := said.last("format"):
        found["rows"], found["graphs"] = (form, form) if form == DRAWN else (asked(form, ROWS), asked(form, GRAPHS))
        if found["rows"] is None and found["graphs"] is None:
            raise Problem(400, f"no format is called {form[:40]!r}", "csv, tsv, json, xml, html; turtle, ntriples, jsonld, xml for triples")
    else:
        found["rows"], found["graphs"] = choose(accept, ROWS), choose(accept, GRAPHS)
        if found["rows"] is None and found["graphs"] is None:
            raise Problem(406, "nothing that is accepted can be given", f"ask for {ROWS['json'][0]} or {GRAPHS['turtle'][0]}", Vary="Accept")
    return found, _seconds(said.last("timeout"), longest)


def _graphs(said: Asked) -> tuple[list[str], list[str]]:
    """Give the default graphs and the named graphs that a request names."""
    found: dict[str, list[str]] = {"default": [], "named": []}
    for name, text in said.parameters:
        if name in ("default-graph-uri", "named-graph-uri"):
            # Clients encode several of them as one value; so does a test of the W3C's, query_multiple_dataset.
            first, *more = _GRAPHS.split(text)
            for sort, iri in ((name.partition("-")[0], first), *zip(more[::2], more[1::2], strict=True)):
                found[sort].append(iri)
    return found["default"], found["named"]


def _yes(text: str) -> bool:
    return text.strip().lower() in ("1", "true", "yes", "on")


def _seconds(text: str, longest: float) -> float:
    """Read how long a client will wait, which may be less than the server allows."""
    if not text:
        return longest
    try:
        wanted = float(text)
    except ValueError:
        wanted = math.nan
    if not wanted > 0 or math.isinf(wanted):
        raise Problem(400, f"timeout is a number of seconds, not {text[:40]!r}")
    return min(wanted, longest) if longest else wanted


__all__ = ["Asked", "job", "parameters", "read"]
