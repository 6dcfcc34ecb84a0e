"""What is in a graph: how much of each kind, what joins it, its hubs, and what is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.names import ONTOLOGY
from kg.triples import every, pairs, term

if TYPE_CHECKING:
    from pyoxigraph import Store


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
    total = 0
    properties: Counter[str] = Counter()
    pointed: Counter[str] = Counter()
    for _, predicate, thing in every(store):
        total += 1
        if predicate.startswith(ONTOLOGY):
            local = predicate.removeprefix(ONTOLOGY)
            properties[local] += 1
            if local in ("linksTo", "mentions"):
                pointed[thing] += 1
    types = [(iri, name.removeprefix(ONTOLOGY)) for iri, name in pairs(store, term("rdf:type")) if name.startswith(ONTOLOGY)]
    kinds = {iri: name for iri, name in sorted(types) if name != "Entity"}
    hubs: dict[str, list[tuple[str, str, int]]] = {}
    for iri, count in _ranked(pointed).items():
        group = hubs.setdefault(kinds.get(iri, "Note"), [])
        if len(group) < most:
            group.append((iri, min((label for _, label in pairs(store, term("rdfs:label"), iri)), default=iri), count))
    issues = Counter(code for _, code in pairs(store, term(":code")))
    return Stats(total, _ranked(Counter(name for _, name in types)), _ranked(properties), dict(sorted(hubs.items())), _ranked(issues))


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
