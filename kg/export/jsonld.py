"""JSON-LD with short names: those of ontology/context.jsonld, which stands in the file, so that nothing is fetched.

The literals of N-Triples are texts of JSON already, so that most of this is putting strings together. What the
context has no name for, or would read otherwise, is written with a prefix and in full.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kg import ontology
from kg.errors import KgError
from kg.export.said import Said, by_subject, expanded
from kg.names import ONTOLOGY, STANDARD_PREFIXES, Names
from kg.terms import TYPE, bare
from kg.turtle import RELATIVE

_TYPED = re.compile(r'("(?:[^"\\]|\\.)*")(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)', re.DOTALL)
_NATIVE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")


class _Name(NamedTuple):
    """How the context writes a property."""

    short: str
    type: str = ""
    languages: bool = False
    many: bool = False


class _Context:
    """What the names in a context stand for."""

    def __init__(self, names: Names) -> None:
        self.given: dict[str, Any] = json.loads(ontology.text("context.jsonld"))["@context"]
        spaces = {prefix: space for prefix, space in names.prefixes().items() if prefix}
        # A prefix may not be a property's name as well.
        self.spaces = {prefix: space for prefix, space in spaces.items() if self.given.get(prefix, space) == space and prefix in STANDARD_PREFIXES}
        self.base = names.base if names.base.startswith(("http://", "https://")) else ""
        self.names = {iri: name for term, told in self.given.items() for iri, name in self._named(term, told)}

    def whole(self) -> dict[str, Any]:
        used = {prefix: space for prefix, space in self.spaces.items() if prefix not in self.given}
        return ({"@base": self.base} if self.base else {}) | self.given | used

    def _named(self, term: str, told: Any) -> Iterator[tuple[str, _Name]]:
        if term[0] == "@" or term in self.spaces or told in ("@id", "@type"):
            return
        entry = told if isinstance(told, dict) else {"@id": told}
        if "@reverse" in entry:
            return
        boxes = entry.get("@container", [])
        boxes = [boxes] if isinstance(boxes, str) else boxes
        kind = entry.get("@type", "")
        yield (
            self._whole(entry.get("@id", ONTOLOGY + term)),
            _Name(term, kind if kind == "@id" else self._whole(kind), "@language" in boxes, "@set" in boxes),
        )

    def _whole(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        return STANDARD_PREFIXES[prefix] + local if colon and prefix in STANDARD_PREFIXES else name

    def short(self, iri: str) -> str:
        """Name a class or a property without what the context says of it."""
        if iri.startswith(ONTOLOGY) and (local := iri.removeprefix(ONTOLOGY)).isalnum() and local not in self.given:
            return local
        for prefix, space in self.spaces.items():
            if iri.startswith(space) and not iri.removeprefix(space).startswith("//"):
                return f"{prefix}:{iri.removeprefix(space)}"
        return iri

    def reference(self, term: str) -> str:
        """Write the IRI of a thing, as text of JSON."""
        text = bare(term) if term[0] == "<" else term
        if self.base and text.startswith(self.base) and RELATIVE.fullmatch(text, len(self.base)):
            text = text[len(self.base) :]
        return json.dumps(text, ensure_ascii=False)


def as_jsonld(parts: list[Said], names: Names) -> Iterator[str]:
    """Write the context, and then a node for each subject."""
    context = _Context(names)
    yield f'{{\n"@context": {json.dumps(context.whole(), ensure_ascii=False, indent=1)},\n"@graph": ['
    comma = "\n"
    for part in parts:
        for subject, properties in by_subject(part):
            lines = [
                f'"id": {context.reference(subject)}',
                *(line for predicate, *things in properties for line in _property(predicate, things, context)),
            ]
            yield f"{comma}{{\n " + ",\n ".join(lines) + "\n}"
            comma = ",\n"
    yield "\n]\n}\n"


def _property(predicate: str, things: list[str], context: _Context) -> Iterator[str]:
    if predicate == TYPE:
        if classes := [json.dumps(context.short(bare(thing) if thing[0] == "<" else thing), ensure_ascii=False) for thing in things if _named(thing)]:
            yield _entry("type", classes)
        if rest := [_full(thing, context) for thing in things if not _named(thing)]:
            yield _entry(bare(TYPE), rest)
        return
    iri = bare(predicate)
    name = context.names.get(iri)
    told = [(thing, _value(thing, name, context)) for thing in things] if name else []
    short = [text for _, text in told if text]
    if name and short:
        yield _languages(name, short) if name.languages else _entry(name.short, short, many=name.many)
    rest = [thing for thing, text in told if not text] if name else things
    if rest:
        key = context.short(iri)
        yield _entry(iri if name and key == name.short else key, [_full(thing, context) for thing in rest])


def _named(thing: str) -> bool:
    """Say whether a term is what a class can be: an IRI or a blank node."""
    return thing[0] in "<_" and not thing.startswith("<<")


def _entry(key: str, values: list[str], *, many: bool = False) -> str:
    return f"{json.dumps(key, ensure_ascii=False)}: {values[0] if len(values) == 1 and not many else '[' + ', '.join(values) + ']'}"


def _languages(name: _Name, values: list[str]) -> str:
    """Group texts by their language; each is a text, a tab, a language."""
    found: dict[str, list[str]] = {}
    for value in values:
        text, _, language = value.rpartition("\t")
        found.setdefault(language, []).append(text)
    return f'"{name.short}": {{{", ".join(_entry(language, texts, many=name.many) for language, texts in sorted(found.items()))}}}'


def _value(thing: str, name: _Name, context: _Context) -> str:
    """Write a value in short, as the context lets one; "" if it does not."""
    if thing[0] in "<_":
        return context.reference(thing) if name.type == "@id" and not thing.startswith("<<") else ""
    if name.languages:
        match = _TYPED.fullmatch(thing)
        return f"{match[1]}\t{match[2]}" if match and match[2] and "--" not in match[2] else ""
    if name.type == "@id":
        return ""
    if name.type:
        match = _TYPED.fullmatch(expanded(thing))
        return match[1] if match and match[3] == name.type else ""
    return thing if thing[-1] == '"' or thing in ("true", "false") or _NATIVE.fullmatch(thing) else ""


def _full(thing: str, context: _Context) -> str:
    if thing.startswith("<<"):
        raise KgError("JSON-LD cannot hold a triple within a triple, which the graph has", hint="use turtle, trig, ntriples or nquads")
    if thing[0] in "<_":
        return f'{{"id": {context.reference(thing)}}}'
    if thing[-1] == '"' or thing in ("true", "false") or _NATIVE.fullmatch(thing):
        return thing
    match = _TYPED.fullmatch(expanded(thing))
    assert match
    if match[2]:
        language, _, direction = match[2].partition("--")
        towards = f', "@direction": "{direction}"' if direction else ""
        return f'{{"@value": {match[1]}, "@language": "{language}"{towards}}}'
    return f'{{"@value": {match[1]}, "type": {json.dumps(match[3], ensure_ascii=False)}}}'
