"""What is in a graph: how much of each kind, what joins it, its hubs, and what is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.names import ONTOLOGY, STANDARD_PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import Store

_TYPE = f"{STANDARD_PREFIXES['rdf']}type"
_LABEL = f"{STANDARD_PREFIXES['rdfs']}label"


@dataclass(frozen=True)
class Stats:
    """Counts by name, each from the most to the least; hubs as (IRI, label, notes that point at it)."""

    triples: int
    things: dict[str, int]
    properties: dict[str, int]
    hubs: dict[str, list[tuple[str, str, int]]]
    issues: dict[str, int]


def stats(store: Store, *, most: int = 5) -> Stats:
    """Count what a graph holds, and name ``most`` hubs of each kind."""
    from pyoxigraph import DefaultGraph, NamedNode

    def pairs(predicate: str) -> list[tuple[str, str]]:
        found = store.quads_for_pattern(None, NamedNode(predicate), None, DefaultGraph())
        return [(each.subject.value, each.object.value) for each in found]

    kinds: dict[str, str] = {}
    things: Counter[str] = Counter()
    for subject, kind in pairs(_TYPE):
        if kind.startswith(ONTOLOGY):
            local = kind.removeprefix(ONTOLOGY)
            things[local] += 1
            if local != "Entity":
                kinds[subject] = local
    properties: Counter[str] = Counter()
    pointed: Counter[str] = Counter()
    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        predicate = quad.predicate.value
        if predicate.startswith(ONTOLOGY):
            local = predicate.removeprefix(ONTOLOGY)
            properties[local] += 1
            if local in ("linksTo", "mentions"):
                pointed[quad.object.value] += 1
    hubs: dict[str, list[tuple[str, str, int]]] = {}
    for iri, count in sorted(pointed.items(), key=lambda each: (-each[1], each[0])):
        group = hubs.setdefault(kinds.get(iri, "Note"), [])
        if len(group) < most:
            group.append((iri, _label(store, iri), count))
    issues = Counter(code for _, code in pairs(f"{ONTOLOGY}code"))
    total = sum(1 for _ in store.quads_for_pattern(None, None, None, DefaultGraph()))
    return Stats(total, _ranked(things), _ranked(properties), dict(sorted(hubs.items())), _ranked(issues))


def _label(store: Store, iri: str) -> str:
    from pyoxigraph import DefaultGraph, NamedNode

    found = sorted(each.object.value for each in store.quads_for_pattern(NamedNode(iri), NamedNode(_LABEL), None, DefaultGraph()))
    return found[0] if found else iri


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
