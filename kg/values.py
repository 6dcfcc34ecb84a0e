"""A value, as a person writes it, becomes one term of SPARQL.

Whatever is written, the term is one token, or two or three with its language or datatype (a law in the tests).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from kg import guard
from kg.errors import UsageError
from kg.guard import Token
from kg.names import STANDARD_PREFIXES, Names

_XSD = STANDARD_PREFIXES["xsd"]
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_NUMBERS = (
    ("integer", re.compile(r"[+-]?\d+", re.ASCII)),
    ("decimal", re.compile(r"[+-]?\d*\.\d+", re.ASCII)),
    ("double", re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+", re.ASCII)),
    ("boolean", re.compile(r"true|false")),
)
_SORTS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "double"),
    (Decimal, "decimal"),
    (dt.datetime, "dateTime"),
    (dt.date, "date"),
    (dt.time, "time"),
)
"""Sorts of Python values and the datatypes of XML Schema that hold them; a truth is also an int, a datetime also a date."""
_DECLARED = re.compile(r"\bPREFIX\s+([\w.-]*):\s*<([^<>]*)>", re.IGNORECASE)


class IRI(str):
    """The name of a thing, whole: a text, and known from other texts by its class.

    >>> IRI("https://example.org/kg/country/PT").endswith("PT")
    True
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{self}>"


class Value(NamedTuple):
    """One term, as SPARQL writes it."""

    written: str
    literal: bool


def iri(text: str) -> Value:
    """Make the term of an IRI.

    Raises:
        UsageError: it is none.

    >>> iri("https://example.org/kg/country/PT").written
    '<https://example.org/kg/country/PT>'
    """
    from pyoxigraph import NamedNode

    try:
        return Value(f"<{NamedNode(text).value}>", literal=False)
    except (ValueError, UnicodeError):
        raise UsageError(f"<{text}> is no IRI", hint="such as country:PT or <https://example.org/kg/country/PT>") from None


def literal(text: str, kind: str = "", language: str = "") -> Value:
    """Make the term of a text; ``kind`` is the IRI of its datatype.

    Raises:
        UsageError: it cannot be one.

    >>> print(literal('the "hub"').written, literal("Portugal", language="en").written)
    "the \\"hub\\"" "Portugal"@en
    """
    from pyoxigraph import Literal, NamedNode

    try:
        if language:
            Literal(text, language=language)
        else:
            Literal(text, datatype=NamedNode(kind) if kind else None)
        text.encode()
    except (ValueError, UnicodeError) as error:
        raise UsageError(f"{text!r} cannot be a value: {error}") from None
    ending = f"@{language}" if language else f"^^<{kind}>" if kind else ""
    return Value(f'"{_quoted(text)}"{ending}', literal=True)


def _quoted(text: str) -> str:
    return "".join(map(_written, text, f" {text}"))


def _written(character: str, before: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    # After a backslash u is written by its number: to some a \u of the query is a character before anything is read.
    numbered = (before == "\\" and character in "uU") or ord(character) < 0x20 or 0x7F <= ord(character) <= 0x9F
    return f"\\u{ord(character):04X}" if numbered else character


def read(text: str, names: Names, query: str = "") -> Value:
    """Read a value whose type nobody has said; what is no IRI, number, truth or quoted text is a text.

    Raises:
        UsageError: it looks like an IRI or a quoted text, and is none.

    >>> [read(each, Names()).written for each in ("country:PT", "3", '"Portugal"@en', "Estamos ON")][:3]
    ['<https://example.org/kg/country/PT>', '"3"^^<http://www.w3.org/2001/XMLSchema#integer>', '"Portugal"@en']
    """
    plain = text.strip()
    for kind, pattern in _NUMBERS:
        if pattern.fullmatch(plain):
            return literal(plain, _XSD + kind)
    known = names.prefixes() | dict(_DECLARED.findall(query))
    if (found := _named(plain, known, names)) is not None:
        return iri(found)
    return _quotation(plain, known, names) or literal(text)


def of(given: object, names: Names, query: str = "") -> Value:
    """Make the term of a Python value; a text that is written as an IRI, or with a known prefix, is one, any other is a text.

    Terms of pyoxigraph and rdflib stay what they are.

    Raises:
        UsageError: it has no term.

    >>> [of(each, Names()).written for each in ("country:PT", "12", True)][:2]
    ['<https://example.org/kg/country/PT>', '"12"']
    """
    if isinstance(given, IRI) or type(given).__name__ in ("NamedNode", "URIRef"):
        return iri(str(getattr(given, "value", given)))
    if type(given).__name__ == "Literal":  # rdflib's is a text itself
        text = str(given) if isinstance(given, str) else str(getattr(given, "value", ""))
        kind, language = getattr(given, "datatype", None), getattr(given, "language", None) or ""
        datatype = str(getattr(kind, "value", kind or ""))
        return literal(text, "" if language or datatype == f"{_XSD}string" else datatype, language)
    if isinstance(given, str):
        known = names.prefixes() | dict(_DECLARED.findall(query))
        found = _named(given.strip(), known, names)
        return iri(found) if found is not None else literal(given)
    for sort, kind in _SORTS:
        if isinstance(given, sort):
            text = str(given).lower() if kind == "boolean" else given.isoformat() if hasattr(given, "isoformat") else str(given)
            return literal({"inf": "INF", "-inf": "-INF", "nan": "NaN"}.get(text, text), _XSD + kind)
    raise UsageError(f"{given!r} cannot be a value in a query", hint="texts, numbers, truths, dates, kg.IRI and terms of pyoxigraph or rdflib can")


def _named(text: str, known: Mapping[str, str], names: Names) -> str | None:
    """Give the IRI that a text writes, as an IRI or with a prefix."""
    if re.fullmatch(r"<[^<>\s]*>", text):
        inside = text[1:-1]
        return inside if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", inside) else names.base + inside
    prefix, colon, local = text.partition(":")
    if colon and local and prefix in known and not re.search(r"""[\s<>"{}|^`\\]""", local):
        return known[prefix] + local
    return None


def _quotation(text: str, known: Mapping[str, str], names: Names) -> Value | None:
    """Read a text in quotation marks, with its language or datatype, if it is one whole term."""
    first, *rest = [*guard.tokens(text), Token("", "", 0)][:-1] or [Token("", "", 0)]
    if first.sort != "string":
        return None
    size = 3 if first.text[:3] in ('"""', "'''") and len(first.text) >= 6 else 1
    inside = _ESCAPED.sub(_character, first.text[size:-size])
    ending = text[first.start + len(first.text) :]
    if not rest:
        return literal(inside) if not ending.strip() else None
    if len(rest) == 1 and rest[0].sort == "language":
        return literal(inside, language=rest[0].text[1:])
    if len(rest) == 2 and rest[0].text == "^^" and (kind := _named(rest[1].text, known, names)):
        return literal(inside, kind)
    return None


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _UNESCAPED.get(match[3], match[0])
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


__all__ = ["IRI", "Value", "iri", "literal", "of", "read"]
