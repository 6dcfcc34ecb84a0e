"""Where on this server the page of an IRI is, and which IRI a page is of.

https://example.org/kg/country/PT     /country/PT
anything that is not under the base   /about?iri=…
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from kg.names import Names, escaped
from kg.serve.negotiation import ENDINGS

OURS = frozenset(("about", "assets", "healthz", "metrics", "queries", "search", "sparql", "view", "complete", ".well-known"))
"""First parts of paths that are the server's own; a thing that has such a one is reached by /about."""
_ENCODED = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_PLAYED = ("https://youtu.be/", "https://www.youtube.com/watch?v=")


def address(iri: str, names: Names) -> str:
    """Give the path of a thing's page.

    >>> address("https://example.org/kg/note/Café%20x", Names()), address("urn:a", Names())
    ('/note/Caf%C3%A9%20x', '/about?iri=urn%3Aa')
    """
    local = iri.removeprefix(names.base)
    first, slash, rest = local.partition("/")
    if local != iri and slash and rest and first not in OURS and not any(each in local for each in "?#") and not _dotted(local):
        return "/" + quote(local, safe="/%:@!$&'()*+,;=~-._")
    return "/about?iri=" + quote(iri, safe="")


def _dotted(local: str) -> bool:
    """Say whether a browser would resolve a path to another one, or take it for another host."""
    return "//" in local or any(part in (".", "..", "%2e", "%2E") or not part for part in local.split("/"))


def named(path: str, names: Names) -> Iterator[tuple[str, str]]:
    """Give the IRIs that a path (percent-encoded, as it was sent) may mean, each with the form that its ending asks for, or "".

    >>> list(named("/country/PT.ttl", Names()))
    [('https://example.org/kg/country/PT.ttl', ''), ('https://example.org/kg/country/PT', 'turtle')]
    """
    local = path.removeprefix("/")
    # As it stands, as this vault's names are written, and with its letters as letters: browsers encode more than IRIs do.
    minted = "/".join(escaped(unquote(each, errors="surrogateescape")) for each in local.split("/"))
    readings = dict.fromkeys((local, minted, _ENCODED.sub(lambda match: _letters(match[0]), local)))
    for each in readings:
        yield names.base + each, ""
    for ending, form in ENDINGS.items():
        if local.endswith(ending):
            for each in readings:
                yield names.base + each.removesuffix(ending), form


def _letters(encoded: str) -> str:
    try:
        return unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        return encoded


def outside(iri: str, names: Names) -> str:
    """Give an address that a link may lead to outside of this server, or "": a page of the web, a second of a video.

    >>> outside("https://youtu.be/x?t=5", Names()), outside("javascript:alert(1)", Names()), outside("https://example.org/kg/x", Names())
    ('https://youtu.be/x?t=5', '', '')
    """
    if not iri.startswith(("http://", "https://")) or iri.startswith(names.base):
        return ""
    return quote(iri, safe="%/:?#[]@!$&'()*+,;=~")


def quoted(text: str) -> str:
    """Encode a text as a part of an address.

    >>> quoted("a b&c")
    'a%20b%26c'
    """
    return quote(text, safe="")


def plays(iri: str) -> bool:
    """Say whether an address plays a video."""
    return iri.startswith(_PLAYED)


__all__ = ["address", "named", "outside", "plays", "quoted"]
