"""Triples of a store as pairs of plain strings, for those who count and draw.

The default graph is read, which holds everything that is said, or the graph of suggestions. Nothing
here knows what the terms mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.names import STANDARD_PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store


def legal(iri: str) -> bool:
    """Say whether a text may be looked up as an IRI: it has a scheme, and nothing in it that the engine refuses.

    >>> legal("urn:a"), legal("a b")
    (True, False)
    """
    from pyoxigraph import NamedNode

    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True


def iri_of(name: str) -> str:
    """Write out a prefixed name of a well-known vocabulary.

    >>> iri_of("rdfs:label")
    'http://www.w3.org/2000/01/rdf-schema#label'
    """
    prefix, _, local = name.partition(":")
    return STANDARD_PREFIXES[prefix] + local


def pairs(store: Store, predicate: str, subject: str | None = None, graph: str = "") -> list[tuple[str, str]]:
    """Give subject and object of every triple of a property, or of one subject's, as strings; ``graph`` is the IRI of another graph."""
    from pyoxigraph import DefaultGraph, NamedNode

    start = NamedNode(subject) if subject is not None else None
    found = store.quads_for_pattern(start, NamedNode(predicate), None, NamedNode(graph) if graph else DefaultGraph())
    return [(value(each.subject), value(each.object)) for each in found]


def subjects(store: Store, predicate: str, thing: str, graph: str = "") -> list[str]:
    """Give what points at a thing by a property, as strings; ``graph`` is the IRI of another graph."""
    from pyoxigraph import DefaultGraph, NamedNode

    found = store.quads_for_pattern(None, NamedNode(predicate), NamedNode(thing), NamedNode(graph) if graph else DefaultGraph())
    return [value(each.subject) for each in found]


def least_of(store: Store, predicate: str, subject: str) -> str:
    """Give one value of a property of a subject as `least` does, or ""."""
    return min((value for _, value in pairs(store, predicate, subject)), key=lambda each: (len(each), each), default="")


def least(store: Store, predicate: str, graph: str = "") -> dict[str, str]:
    """Give one value of a property for every subject: the shortest, then the first.

    Addresses that end in seconds are thus in order of time.
    """
    found: dict[str, str] = {}
    for subject, value in pairs(store, predicate, graph=graph):
        known = found.get(subject)
        if known is None or (len(value), value) < (len(known), known):
            found[subject] = value
    return found


def said_of(store: Store, iri: str, graph: str = "", predicate: str = "") -> list[Quad]:
    """Give what is said of a thing, all of it or by one property (a prefixed name)."""
    from pyoxigraph import DefaultGraph, NamedNode

    verb = NamedNode(iri_of(predicate)) if predicate else None
    return list(store.quads_for_pattern(NamedNode(iri), verb, None, NamedNode(graph) if graph else DefaultGraph()))


def pointing_at(store: Store, iri: str, graph: str = "", predicate: str = "") -> list[Quad]:
    """Give what points at a thing, by any property or one."""
    from pyoxigraph import DefaultGraph, NamedNode

    verb = NamedNode(iri_of(predicate)) if predicate else None
    return list(store.quads_for_pattern(None, verb, NamedNode(iri), NamedNode(graph) if graph else DefaultGraph()))


def label_of(store: Store, iri: str, graphs: Iterable[str] = ("",)) -> str:
    """Give what a thing is called in the first graph that has it, or its IRI."""
    return next((min(labels) for side in graphs if (labels := [value(each.object) for each in said_of(store, iri, side, "rdfs:label")])), iri)


def every(store: Store) -> Iterator[tuple[str, str, str]]:
    """Give all triples as strings."""
    from pyoxigraph import DefaultGraph

    for each in store.quads_for_pattern(None, None, None, DefaultGraph()):
        yield value(each.subject), each.predicate.value, value(each.object)


def value(thing: object) -> str:
    """Give a term as a plain string."""
    return str(getattr(thing, "value", thing))
