"""The properties that a vault makes of its own keys, declared in a file beside the graph, for tools that expect that of every property.

    vault:budget a owl:DatatypeProperty ; rdfs:label "budget" ; schema:rangeIncludes xsd:decimal .
    vault:knows a owl:ObjectProperty ; rdfs:label "knows" ; schema:rangeIncludes :Initiative , :Person .

A property has the range of what was seen with it, which binds nobody, and no domain. One of things and of values
alike is an ``rdf:Property``. The same statements give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kg import turtle
from kg.names import ONTOLOGY, STANDARD_PREFIXES, Names
from kg.terms import LABEL, TYPE, literal, term

if TYPE_CHECKING:
    from pyoxigraph import Store

FILE = "properties.ttl"

_IN_A_LANGUAGE = f"{STANDARD_PREFIXES['rdf']}langString"
_ABOVE = frozenset((f"{ONTOLOGY}Entity", f"{STANDARD_PREFIXES['skos']}Concept"))
Seen = tuple[str, str]
"""The IRI of a property, and that of a class or a datatype which its objects have."""


def triples(seen: Iterable[Seen], names: Names) -> Iterator[str]:
    """Declare properties, each by all that was seen of it, as N-Triples.

    >>> print(*triples([("https://example.org/kg/property/made-by", "https://w3id.org/kgnotes/ontology#Person")], Names()), sep="\\n")
    <https://example.org/kg/property/made-by> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#ObjectProperty> .
    <https://example.org/kg/property/made-by> <http://www.w3.org/2000/01/rdf-schema#label> "made by" .
    <https://example.org/kg/property/made-by> <http://schema.org/rangeIncludes> <https://w3id.org/kgnotes/ontology#Person> .
    """
    sorts: dict[str, set[str]] = {}
    for iri, sort in seen:
        sorts.setdefault(iri, set()).add(sort)
    for iri, found in sorted(sorts.items()):
        values = {each.startswith(STANDARD_PREFIXES["xsd"]) or each == _IN_A_LANGUAGE for each in found}
        what = "rdf:Property" if len(values) > 1 else "owl:DatatypeProperty" if True in values else "owl:ObjectProperty"
        yield f"<{iri}> {TYPE} {term(what)} ."
        yield f"<{iri}> {LABEL} {literal(unquote(iri.removeprefix(names.prefixes()['vault'])).replace('-', ' '))} ."
        yield from (f"<{iri}> {term('schema:rangeIncludes')} <{each}> ." for each in sorted(found))


def written(seen: Iterable[Seen], base: str) -> str:
    """Write the file: an ontology that has the name of the vault's own namespace; nothing where there are no properties."""
    names = Names(base)
    own = f"<{names.prefixes()['vault']}>"
    head = [f"{own} {TYPE} {term('owl:Ontology')} .", f"{own} {LABEL} {literal('properties of the vault')} ."]
    found = list(triples(seen, names))
    return turtle.write([*head, *found], names) if found else ""


def save(folder: Path, seen: Iterable[Seen], base: str) -> None:
    """Write the file into the folder of a generation."""
    (folder / FILE).write_text(written(seen, base), encoding="utf-8", newline="\n")


def of_store(store: Store, verbs: Iterable[str], base: str) -> list[Seen]:
    """Find what a graph has of some properties, those of them that are the vault's own; for a graph that no notes are at hand of."""
    from pyoxigraph import DefaultGraph, Literal, NamedNode

    start, kind = Names(base).prefixes()["vault"], NamedNode(f"{STANDARD_PREFIXES['rdf']}type")
    found: set[Seen] = set()
    for verb in {each for each in verbs if each.startswith(start)}:
        for quad in store.quads_for_pattern(None, NamedNode(verb), None, DefaultGraph()):
            if isinstance(quad.object, Literal):
                found.add((verb, quad.object.datatype.value))
            elif isinstance(quad.object, NamedNode):
                said = store.quads_for_pattern(quad.object, kind, None, DefaultGraph())
                classes = {each.object.value for each in said if isinstance(each.object, NamedNode)} - _ABOVE
                # Of a vault's own kind its class, not those of the ontology that are above it.
                own = {each for each in classes if not each.startswith(ONTOLOGY)}
                found |= {(verb, each) for each in own or classes or {f"{STANDARD_PREFIXES['owl']}Thing"}}
    return sorted(found)


__all__ = ["FILE", "Seen", "of_store", "save", "triples", "written"]
