"""What a CONSTRUCT or DESCRIBE query gives, as a scene: its triples are the edges, what they join the nodes.

    scene       triples, and the scene of the whole graph -> a scene of just that

Nodes and edges that the whole graph has are taken from there, with their labels, kinds and places. Of others the
triples say what they are (rdfs:label, rdf:type), or else the graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kg.names import ONTOLOGY
from kg.network import KINDS, Evidence
from kg.scene import Edge, Node, Scene
from kg.terms import JOINING
from kg.triples import iri_of, label_of, least_of, pairs, said_of, value

if TYPE_CHECKING:
    from pyoxigraph import Store

_LABEL, _TYPE, _TEXT = iri_of("rdfs:label"), iri_of("rdf:type"), iri_of(":text")
_CUT = 80
"""Characters of a passage that stand for it."""


def scene(rows: Iterable[Any], whole: Scene, store: Store) -> Scene:
    """Make a scene of triples, in the order in which they come."""
    from pyoxigraph import Literal

    labels: dict[str, str] = {}
    kinds: dict[str, str] = {}
    edges: dict[tuple[str, str, str], None] = {}
    ends: dict[str, None] = {}
    for subject, predicate, thing in rows:
        start, verb, end = whole.node(value(subject)), value(predicate), value(thing)
        ends[start] = None
        if isinstance(thing, Literal):
            if verb == _LABEL:
                labels[start] = min(labels.get(start, end), end)
        elif verb == _TYPE:
            kinds[start] = min(kinds.get(start, end), end)
        else:
            end = whole.node(end)
            if start != end:
                ends[end] = None
                edges[start, end, _property(verb)] = None
    told = {(each.start, each.end, each.property): each for each in whole.edges}
    source = _Source(store, whole, labels, kinds)
    nodes = {iri: source.node(iri) for iri in ends}
    return Scene(nodes, [told.get(edge) or Edge(*edge, source.places(edge[0]) or source.places(edge[1])) for edge in edges])


def _property(iri: str) -> str:
    name = iri.removeprefix(ONTOLOGY)
    return name if name in JOINING else iri


class _Source:
    """Tells of what the whole scene does not have, such as passages."""

    def __init__(self, store: Store, whole: Scene, labels: dict[str, str], kinds: dict[str, str]) -> None:
        self.store, self.whole, self.labels, self.kinds = store, whole, labels, kinds

    def node(self, iri: str) -> Node:
        known = self.whole.nodes.get(iri)
        if known:
            return known._replace(label=self.labels.get(iri, known.label))
        if ":" not in iri:  # a blank node: the store does not know it by this name
            return Node(iri, self.labels.get(iri, iri), _kind(self.kinds.get(iri, "")))
        label = self.labels.get(iri) or label_of(self.store, iri)
        text = least_of(self.store, _TEXT, iri) if label == iri else ""
        classes = sorted(value(each.object) for each in said_of(self.store, iri, predicate="rdf:type"))
        return Node(iri, f"{text[:_CUT]}…" if len(text) > _CUT else text or label, _kind(self.kinds.get(iri) or (classes[0] if classes else "")))

    def places(self, iri: str) -> tuple[Evidence, ...]:
        """Give the place of a passage or section itself."""
        note = next((note for _, note in pairs(self.store, iri_of(":note"), iri)), "") if "#" in iri else ""
        path = self.whole.nodes[note].path if note in self.whole.nodes else ""
        line = least_of(self.store, iri_of(":line"), iri) if path else ""
        if not line:
            return ()
        text = least_of(self.store, _TEXT, iri) or label_of(self.store, iri)
        codes, moments = (least_of(self.store, iri_of(each), iri) for each in (":timecode", ":at"))
        return (Evidence(note, path, int(line), text, codes, moments),)


def _kind(iri: str) -> str:
    name = iri.removeprefix(ONTOLOGY)
    return KINDS.get(name) or name.replace("#", "/").rstrip("/").rpartition("/")[2].lower() or "thing"
