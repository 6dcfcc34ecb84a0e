"""The words that the graph is written with, as N-Triples terms."""

from __future__ import annotations

import re

from kg.names import ONTOLOGY, STANDARD_PREFIXES

_SPECIAL = re.compile(r'["\\\n\r\t\x00-\x1f\x7f]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_BRIEFLY = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def term(name: str) -> str:
    """Write a term of the ontology, or of a standard vocabulary.

    >>> term("names"), term("skos:broader")
    ('<https://w3id.org/kgnotes/ontology#names>', '<http://www.w3.org/2004/02/skos/core#broader>')
    """
    prefix, _, local = name.rpartition(":")
    return f"<{STANDARD_PREFIXES[prefix] if prefix else ONTOLOGY}{local}>"


def bare(written: str) -> str:
    """Give the IRI of a term without its angle brackets, as pyoxigraph's ``NamedNode`` wants it; it has to be an IRI.

    >>> bare(term("skos:broader"))
    'http://www.w3.org/2004/02/skos/core#broader'
    """
    return written[1:-1]


def literal(text: str) -> str:
    """Write a plain string.

    >>> print(literal('a "b"'))
    "a \\"b\\""
    """
    if _SPECIAL.search(text):
        text = _SPECIAL.sub(lambda match: _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}", text)
    return f'"{text}"'


def unescaped(text: str) -> str:
    r"""Read what stands between the quotes of a string, of a file of triples or of a query; a number beyond Unicode is U+FFFD.

    >>> unescaped(r'it\'s \u00e9t\U000000E9'), unescaped(literal('a "b"\n')[1:-1])
    ("it's été", 'a "b"\n')
    """
    return _ESCAPED.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else "\ufffd"
    return _BRIEFLY.get(match[3], match[3])


JOINING = ("linksTo", "mentions", "about", "source", "channel", "country", "theme", "organisation")
"""Properties that join notes and things, by their local names: what pages and exports draw, and what importance is shared along.

One list for all, so that a page and a query agree on what is important.
"""
NAMING = ("rdfs:label", "skos:altLabel", "skos:prefLabel", "skos:notation")
"""Properties whose values are names of a thing."""
TYPE, LABEL = term("rdf:type"), term("rdfs:label")
SUBJECT, PREDICATE, OBJECT = term("rdf:subject"), term("rdf:predicate"), term("rdf:object")
NOTE, SECTION, PASSAGE, ISSUE, CLAIM = map(term, ("Note", "Section", "Passage", "Issue", "Claim"))
IN_NOTE, IN_SECTION, LINE, TEXT, CODE, AT, TIMECODE = map(term, ("note", "section", "line", "text", "code", "at", "timecode"))
LINKS_TO, CITES, MENTIONS, ABOUT, NAMES, SOURCE, CHANNEL = map(term, ("linksTo", "cites", "mentions", "about", "names", "source", "channel"))
PATH, VIDEO, SECOND, PAGE = map(term, ("path", "video", "second", "page"))
EVIDENCE, RULE, CONFIDENCE = map(term, ("evidence", "rule", "confidence"))
IN_SCHEME, PREF_LABEL, ALT_LABEL = map(term, ("skos:inScheme", "skos:prefLabel", "skos:altLabel"))
DERIVED, HOLDS = term("prov:wasDerivedFrom"), term("dcterms:references")
INTEGER, DECIMAL = f"^^{term('xsd:integer')}", f"^^{term('xsd:decimal')}"
REFERENCES = (AT, SOURCE, CHANNEL, LINKS_TO, CITES, MENTIONS, NAMES, VIDEO, IN_SCHEME, HOLDS)
"""A shared thing is alive while one of these points at it."""
YOUTUBE = STANDARD_PREFIXES["yt"]
