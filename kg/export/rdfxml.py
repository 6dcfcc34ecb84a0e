"""RDF/XML: for Protégé and tools that read nothing newer.

XML cannot hold every character, nor every property: those are refused, by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from kg.errors import KgError
from kg.export.literals import words
from kg.export.said import Said, by_subject, predicates
from kg.names import STANDARD_PREFIXES, Names
from kg.terms import TYPE

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
_QNAME = re.compile(rf"<(.+?)([{_NAME}][{_NAME}0-9.\-\u00b7]*)>", re.DOTALL)
_RDF = STANDARD_PREFIXES["rdf"]


class _Spaces:
    """The namespaces of a document: known ones by their prefix, others numbered as they come."""

    def __init__(self, names: Names) -> None:
        self.known = {space: prefix for prefix, space in names.prefixes().items() if prefix}
        self.used: dict[str, str] = {_RDF: "rdf"}

    def named(self, iri: str) -> str:
        """Write an IRI as a name of XML; "" if it cannot be one."""
        match = _QNAME.fullmatch(iri)
        if not match:
            return ""
        prefix = self.used.get(match[1]) or self.known.get(match[1]) or f"ns{len(self.used)}"
        self.used[match[1]] = prefix
        return f"{prefix}:{match[2]}"


def as_xml(parts: list[Said], names: Names) -> Iterator[str]:
    """Write parts one after the other, each in order of its subjects.

    Raises:
        KgError: a character or a property cannot be written in XML.
    """
    spaces = _Spaces(names)
    verbs = {predicate: spaces.named(predicate) for part in parts for predicate in predicates(part)}
    for part in parts:
        for row in part.get(TYPE, ()):
            spaces.named(row[row.index("\t") + 1 :])
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF'
    yield from (f"\n    xmlns:{prefix}={quoteattr(space)}" for space, prefix in spaces.used.items())
    yield ">\n"
    for part in parts:
        for subject, properties in by_subject(part):
            yield _element(subject, properties, verbs, spaces)
    yield "</rdf:RDF>\n"


def _element(subject: str, properties: list[list[str]], verbs: dict[str, str], spaces: _Spaces) -> str:
    element = "rdf:Description"
    lines = []
    for predicate, *things in properties:
        if predicate == TYPE and (name := spaces.named(things[0])):
            element, things = name, things[1:]
        if not verbs[predicate]:
            raise KgError(f"{subject} has the property {predicate}, which is no name in XML", hint="use turtle or ntriples")
        lines += [_property(subject, verbs[predicate], thing) for thing in things]
    return f"\n<{element} {_reference('about', subject, subject)}>\n{''.join(lines)}</{element}>\n"


def _property(subject: str, verb: str, thing: str) -> str:
    found = words(thing)
    if thing.startswith("<<") or (found and "--" in found.language):
        raise KgError(f"{subject} has a triple within a triple, or a text with a direction, which RDF 1.1 has not", hint="use turtle or ntriples")
    if found is None:
        return f"    <{verb} {_reference('resource', thing, subject)}/>\n"
    kind = f" xml:lang={quoteattr(found.language)}" if found.language else f" rdf:datatype={quoteattr(found.kind)}" if found.kind else ""
    # A carriage return that is not escaped is read as the end of a line.
    text = escape(_whole(found.text, subject), {"\r": "&#xD;"})
    return f"    <{verb}{kind}>{text}</{verb}>\n"


def _reference(attribute: str, term: str, subject: str) -> str:
    if term[0] == "_":
        return f'rdf:nodeID="{term[2:]}"'
    return f"rdf:{attribute}={quoteattr(_whole(term[1:-1], subject))}"


def _whole(text: str, subject: str) -> str:
    found = NOT_XML.search(text)
    if found:
        raise KgError(
            f"{subject} holds the control character U+{ord(found[0]):04X}, which XML cannot",
            hint="use turtle, ntriples or jsonld, or take it out of the note",
        )
    return text
