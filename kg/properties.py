"""What authors state as keys and values: front matter, and fields in the text, become properties of the vault's own.

    supports: "[[Beta]]"      in front matter        supports:: [[Beta]]   alone on a line
    (supports:: [[Beta]])     within a sentence      [rating:: 4]          the same

The property is ``vault:supports``, in the vault's own namespace, or what ``[properties]`` of kg.toml says
that the key means. A value is typed by how it is written, whatever stands in quotes: a link is the note,
``true`` and ``false`` are booleans, whole numbers and decimals numbers, ``2024-05-01`` a date, with a time
after it a moment, an address ``xsd:anyURI``, and all else text. Keys that kg has a meaning of its own for
are left to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from kg import frontmatter, names
from kg.contexts import NONE, SAME, TYPE, Context
from kg.model import Document, Link, Passage, Value
from kg.names import STANDARD_PREFIXES
from kg.terms import literal, term

OWN = frozenset(frontmatter.DESCRIBES) | {"title", "alias", "aliases", "type", "duration"}
"""Keys that say something else already: names, kinds, what the note is about."""

_FIELD = re.compile(
    rf"^[ \t]*(?P<line>{frontmatter.FIELD})[ \t]*::[ \t]+(?P<rest>\S.*)$|(?P<open>[\[(])(?P<inside>{frontmatter.FIELD})[ \t]*::[ \t]+(?P<value>[^\[\]()\n]*)[\])]",
    re.MULTILINE,
)
_WHOLE = re.compile(r"!?\[\[[^\[\]]+\]\]")
_INTEGER, _DECIMAL = re.compile(r"[+-]?(?:0|[1-9]\d{0,17})"), re.compile(r"[+-]?\d{1,18}\.\d{1,18}")
_DATE, _MOMENT = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(Z|[+-]\d\d:\d\d)?")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


class Stated(NamedTuple):
    """A key and one of its values: the target of a link, or a text."""

    key: str
    target: str
    text: str


def stated(document: Document, without: frozenset[str] = frozenset(), mapped: frozenset[str] = frozenset()) -> list[Stated]:
    """List what a note states under keys, front matter first; ``without`` are keys that mean something else, ``mapped`` such as state all the same.

    >>> from kg import markdown
    >>> from kg.model import Note
    >>> note = Note("a.md", '---\\nup: "[[Beta]]"\\nstars: 4\\n---\\nGood (supports:: [[Gamma|it]]).', "")
    >>> [(each.key, each.target, each.text) for each in stated(markdown.read(note))]
    [('up', 'Beta', ''), ('stars', '', '4'), ('supports', 'Gamma', '')]
    """
    left_out = (OWN - mapped) | without
    linked: dict[str, list[Link]] = {}
    for link in (link for passage in document.passages for link in passage.links if link.syntax == "property"):
        linked.setdefault(link.key, []).append(link)
    found: list[Stated] = []
    for key, given in document.properties.items():
        if key.casefold() not in left_out:
            found += _values(key, given.value, iter(linked.get(key, ())), bare=False)
    typed = (link for part in document.parts for link in part.links if link.syntax == "typed")
    found += (Stated(link.key, link.target, "") for link in typed if link.key.casefold() not in left_out)
    for passage in document.passages:
        if "::" in passage.text:
            found += (each for each in _fields(passage) if each.key.casefold() not in left_out)
    return list(dict.fromkeys(found))


def _values(key: str, value: Value, links: Iterator[Link], *, bare: bool) -> Iterator[Stated]:
    """Give the values of a key, whose links are ``links``; ``bare`` in a list in a list, which is what YAML makes of a link without quotes."""
    if isinstance(value, str):
        words = names.nfc(" ".join(frontmatter.shown(value).split()))
        here = list(islice(links, 1 if bare else value.count("[[")))
        if here and (bare or _WHOLE.fullmatch(value.strip())):
            yield Stated(key, here[0].target, "")
        elif words and words not in ("null", "~"):
            yield Stated(key, "", words)
    elif isinstance(value, list):
        for each in value:
            yield from _values(key, each, links, bare=bare or (isinstance(each, list) and len(each) == 1))


def _fields(passage: Passage) -> Iterator[Stated]:
    for match in _FIELD.finditer(passage.text):
        key = " ".join((match["line"] or match["inside"]).split())
        start, end = match.span("rest" if match["line"] else "value")
        here = [link for link in passage.links if link.key == key and link.target]
        if here:
            yield from (Stated(key, link.target, "") for link in here)
        elif passage.text[start:end].strip():
            yield Stated(key, "", passage.text[start:end].strip())


def iri(key: str, base: str, context: Context = NONE) -> str:
    """Give the IRI of a key's property; capitals, blanks and underscores tell none apart, as in Dataview; "" if the context leaves it out.

    >>> iri("Related_to", "https://example.org/kg/")
    'https://example.org/kg/property/related-to'
    """
    known = context.term(key)
    if known:
        return known.iri
    return f"{base}property/{names.escaped(names.slug(key) or names.digest(key))}"


def value(text: str, key: str = "", context: Context = NONE) -> str:
    """Write a value as what it is, or as the context says of a key; "" if it is to be an IRI, and is none.

    >>> value("4"), value("2024-02-30")
    ('"4"^^<http://www.w3.org/2001/XMLSchema#integer>', '"2024-02-30"')
    """
    known = context.term(key)
    if known and known.kind in ("@id", "@vocab"):
        found = context.reference(text, known.kind)
        # What a class or the note itself is must be an IRI; else no value is lost.
        return f"<{found}>" if found else "" if known.iri in (TYPE, SAME) else literal(text)
    kind = _kind(text)
    if known and known.kind and known.kind != f"{STANDARD_PREFIXES['xsd']}{kind}" and _fits(known.kind, kind):
        return f"{literal(text)}^^<{known.kind}>"
    language = (context.language if not known or known.language is None else known.language) if context.there and not kind else ""
    if language:
        return f"{literal(text)}@{language}"
    moment = _MOMENT.fullmatch(text) if kind == "dateTime" else None
    if moment:
        text = f"{moment[1]}T{moment[2]}{moment[3] or ':00'}{moment[4] or ''}"
    return f"{literal(text.lower() if kind == 'boolean' else text)}{'^^' + term('xsd:' + kind) if kind else ''}"


_LIKE = {
    **dict.fromkeys(
        ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt", "unsignedLong"), ("integer",)
    ),
    **dict.fromkeys(("decimal", "double", "float"), ("integer", "decimal")),
    **{each: (each,) for each in ("boolean", "date", "dateTime")},
}
"""How a value must look that is to have a datatype of XML Schema."""


def _fits(datatype: str, kind: str) -> bool:
    wanted = _LIKE.get(datatype.removeprefix(STANDARD_PREFIXES["xsd"]))
    return wanted is None or kind in wanted


def _kind(text: str) -> str:
    if text.lower() in ("true", "false"):
        return "boolean"
    if _INTEGER.fullmatch(text):
        return "integer"
    if _DECIMAL.fullmatch(text):
        return "decimal"
    if _ADDRESS.fullmatch(text):
        return "anyURI"
    try:
        if _DATE.fullmatch(text):
            date.fromisoformat(text)
            return "date"
        if _MOMENT.fullmatch(text):
            datetime.fromisoformat(text)
            return "dateTime"
    except ValueError:  # the 30th of February
        pass
    return ""
