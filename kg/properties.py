"""What authors state as keys and values: front matter, and fields in the text, become properties of the vault's own.

    supports: "[[Beta]]"      in front matter        supports:: [[Beta]]   alone on a line
    (supports:: [[Beta]])     within a sentence      [rating:: 4]          the same

The property is ``vault:supports``, in the vault's own namespace, or what ``[properties]`` of kg.toml says
that the key means. A value is typed by how it is written, whatever stands in quotes: a link is a thing,
``true`` and ``false`` are booleans, whole numbers and decimals numbers, ``2024-05-01`` a date, with a time
after it a moment, an address ``xsd:anyURI``, and all else text. Keys that kg has a meaning of its own for
are left to that. What a statement is about, and what a link in it means, is for :mod:`kg.statements` to say.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterator
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from kg import frontmatter, names
from kg.config import RELATIONS, Config
from kg.contexts import NONE, SAME, Context
from kg.contexts import TYPE as CLASS
from kg.model import Document, Link, Passage, Value
from kg.names import ONTOLOGY, STANDARD_PREFIXES
from kg.terms import literal, term
from kg.wrappers import heard, silenced

_FIELD = re.compile(
    rf"^[ \t]*(?P<line>{frontmatter.FIELD})[ \t]*::(?!:)[ \t]*(?P<rest>\S.*)$|(?P<open>[\[(])(?P<inside>{frontmatter.FIELD})[ \t]*::(?!:)[ \t]*(?P<value>[^\[\]()\n]*)[\])]",
    re.MULTILINE,
)
_INTEGER, _DECIMAL = re.compile(r"[+-]?(?:0|[1-9]\d{0,17})", re.ASCII), re.compile(r"([+-]?)0*(\d{1,18})\.(\d{1,18})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


NAMED = {f"{ONTOLOGY}{each}": each for each in RELATIONS}
"""Properties of kg's own that a key may mean, and the kind of what they lead to."""
ALIKE = frozenset(f"{STANDARD_PREFIXES['skos']}{each}" for each in ("broader", "broaderTransitive", "narrower", "narrowerTransitive", "related"))
"""Properties that join two things of one kind."""


class Stated(NamedTuple):
    """A key and one of its values, the target of a link or a text, and where: a place in :func:`kg.extract.texts`, 0 if no part of the note says so."""

    key: str
    target: str
    text: str
    at: int


def stated(document: Document, without: Collection[str] = frontmatter.OWN) -> list[Stated]:
    """List what a note states under keys, front matter first; ``without`` are keys, in small letters, that mean something else.

    >>> from kg import markdown
    >>> from kg.model import Note
    >>> note = Note("a.md", '---\\nup: "[[Beta]]"\\nstars: 4\\n---\\nGood (supports:: [[Gamma|it]]).', "")
    >>> [(each.key, each.target, each.text) for each in stated(markdown.read(note))]
    [('up', 'Beta', ''), ('stars', '', '4'), ('supports', 'Gamma', '')]
    """
    head = _Head(document)
    first = 1 + len(document.sections)
    found: list[Stated] = []
    naming: set[tuple[str, int]] = set()  # what the head of a page in Logseq says of it, with its line
    for key, given in document.properties.items():
        if key.casefold() in frontmatter.NAMING and names.nfc(key) not in head.lines:
            naming.add((key, given.line))
        elif key.casefold() not in without:
            found += head.values(names.nfc(key), given.value)
    # In the text nothing but the head of a page says what it is called, and of what kind it is.
    free = frontmatter.OWN.difference(frontmatter.DESCRIBES)
    found += (each for each in _typed(document) if each.key.casefold() not in without)
    for at, passage in enumerate(document.passages[document.head :], start=first + document.head):
        if "::" in passage.text:
            for each, line in _fields(passage, at):
                key = each.key.casefold()
                if key not in without or (key in free and (key, line) not in naming):
                    found.append(each)
    return list(dict.fromkeys(found))


def _typed(document: Document) -> Iterator[Stated]:
    """Give the links that have a type before their target."""
    return (Stated(link.key, link.target, "", at) for at, part in enumerate(document.parts, start=1) for link in part.links if link.syntax == "typed")


class _Head:
    """The lines of a note's front matter, by the keys that they stand under."""

    def __init__(self, document: Document) -> None:
        self.parts, self.label_first = document.parts, document.label_first
        self.links: dict[str, list[tuple[Link, int]]] = {}
        self.lines: dict[str, list[int]] = {}
        for at, passage in enumerate(document.passages[: document.head], start=1 + len(document.sections)):
            self.lines.setdefault(passage.text.partition(": ")[0], []).append(at)
            for link in passage.links:
                self.links.setdefault(link.key, []).append((link, at))

    def values(self, key: str, value: Value) -> Iterator[Stated]:
        """Give the values of a key, each with its line."""
        return self.each(key, value, iter(self.links.get(key, ())), bare=False)

    def each(self, key: str, value: Value, links: Iterator[tuple[Link, int]], *, bare: bool) -> Iterator[Stated]:
        """Give the values of a key, whose links are ``links``; ``bare`` in a list in a list, which is what YAML makes of a link without quotes."""
        if isinstance(value, str):
            here = list(islice(links, 1 if bare else value.count("[[")))
            if here and (bare or frontmatter.WHOLE.fullmatch(value.strip())):
                yield Stated(key, here[0][0].target, "", here[0][1])
            elif words := frontmatter.words(value, label_first=self.label_first):
                lines = self.lines.get(key, [])
                # Words without links are in the last line of a key, if in several.
                at = next((at for at in reversed(lines) if words in self.parts[at - 1].text), lines[-1] if lines else 0)
                yield Stated(key, "", words, at)
        elif isinstance(value, list):
            for one in value:
                yield from self.each(key, one, links, bare=bare or (isinstance(one, list) and len(one) == 1))


def _fields(passage: Passage, at: int) -> Iterator[tuple[Stated, int]]:
    """Give what the fields of a passage state, each with its line: every link that stands in one, and the words that are none."""
    linked: dict[str, deque[str]] = {}
    for link in passage.links:
        if link.key and link.target and link.syntax != "typed":
            linked.setdefault(link.key, deque()).append(link.shown)
            yield Stated(link.key, link.target, "", at), link.line
    text = silenced(passage.text, passage.mute) if passage.mute else passage.text
    line, seen = passage.line, 0
    for match in _FIELD.finditer(text):
        key = " ".join((match["line"] or match["inside"]).split())
        parts = frontmatter.parted(heard(match["rest" if match["line"] else "value"]), linked.get(key, deque()))
        line += text.count("\n", seen, match.start())
        seen = match.start()
        yield from ((Stated(key, "", text, at), line) for _, text, link in parts if not link)


def leads(meant: str, own: str) -> str:
    """Give the kind of thing that a plain text names under a key that means some property, on the page of a thing of the kind ``own``; "" if it is a text.

    >>> leads("http://www.w3.org/2004/02/skos/core#broader", "theme"), leads("http://schema.org/name", "theme")
    ('theme', '')
    """
    return own if meant in ALIKE else NAMED.get(meant, "")


def meant(key: str, config: Config) -> str | None:
    """Give the IRI of the property that a key means by the settings, or else by the vault's context; "" if neither says, None if it is left out."""
    given = dict(config.properties).get(names.slug(key))
    known = None if given else config.context.term(key)
    return (known.iri or None) if known else given or ""


def iri(key: str, base: str) -> str:
    """Give the IRI of a key's property in the vault's own namespace; capitals, blanks and underscores tell none apart, as in Dataview.

    >>> iri("Related_to", "https://example.org/kg/")
    'https://example.org/kg/property/related-to'
    """
    return f"{base}property/{names.escaped(names.slug(key) or names.digest(key))}"


def value(text: str, key: str = "", context: Context = NONE) -> str:
    """Write a value as what it is, or as the context says of a key; "" if it is to be an IRI, and is none.

    It is spelt as the engine would give it back, so that a graph has it so however it was made.

    >>> value("4"), value("2024-02-30")
    ('"4"^^<http://www.w3.org/2001/XMLSchema#integer>', '"2024-02-30"')
    """
    known = context.term(key) if key else None
    if known and known.kind in ("@id", "@vocab"):
        found = context.reference(text, known.kind)
        # What a class or the thing itself is must be an IRI; else no value is lost.
        return f"<{found}>" if found else "" if known.iri in (CLASS, SAME) else literal(text)
    kind = datatype(text)
    if known and known.kind and known.kind != f"{STANDARD_PREFIXES['xsd']}{kind}" and _allows(known.kind, kind):
        return f"{literal(text)}^^<{known.kind}>"
    language = (context.language if not known or known.language is None else known.language) if context.there and not kind else ""
    if language:
        return f"{literal(text)}@{language}"
    return f"{literal(_spelt(text, kind))}{'^^' + term('xsd:' + kind) if kind else ''}"


_LIKE = {
    **dict.fromkeys(
        ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt", "unsignedLong"), ("integer",)
    ),
    **dict.fromkeys(("decimal", "double", "float"), ("integer", "decimal")),
    **{each: (each,) for each in ("boolean", "date", "dateTime")},
}
"""How a value must look that is to have a datatype of XML Schema."""


def _allows(datatype: str, kind: str) -> bool:
    wanted = _LIKE.get(datatype.removeprefix(STANDARD_PREFIXES["xsd"]))
    return wanted is None or kind in wanted


def _spelt(text: str, kind: str) -> str:
    """Spell a value as the engine does, so that two ways to write it are one fact, and files of it the same as the graph.

    >>> _spelt("+01.50", "decimal"), _spelt("-0.0", "decimal"), _spelt("2024-05-01 10:00+00:00", "dateTime")
    ('1.5', '0', '2024-05-01T10:00:00Z')
    """
    if kind == "boolean":
        return text.lower()
    if kind == "integer":
        return str(int(text))
    if number := _DECIMAL.fullmatch(text) if kind == "decimal" else None:
        whole, part = number[2].lstrip("0") or "0", number[3].rstrip("0")
        return f"{'-' if number[1] == '-' and (part or whole != '0') else ''}{whole}{'.' if part else ''}{part}"
    if moment := _MOMENT.fullmatch(text) if kind == "dateTime" else None:
        zone = "Z" if moment[4] in ("+00:00", "-00:00") else moment[4] or ""
        return f"{moment[1]}T{moment[2]}{moment[3] or ':00'}{zone}"
    return text


def datatype(text: str) -> str:
    """Say which datatype of XML Schema a value has by how it is written; "" if it is a text.

    >>> datatype("4"), datatype("four")
    ('integer', '')
    """
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
