"""The graph as networkx sees it: notes and entities as nodes, and on every edge its evidence.

    node    IRI; label, kind, path (of a note), url (of a video), aliases
    edge    key and ``property``: linksTo, mentions, about, source, channel; evidence

Both have ``suggested``, which is true of what rules only suggest; that is there if it is asked for.

Passages, sections, moments and issues are no nodes: they are what edges are made of. A theme that a note
is the page of is one node with it, the note: they are the same thing twice. The channel is reached through videos, where there are any, so that it does not tie every note to one point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kg.names import ONTOLOGY
from kg.terms import JOINING
from kg.triples import iri_of, least, pairs

if TYPE_CHECKING:
    import networkx as nx
    from pyoxigraph import Store

    MultiDiGraph = nx.MultiDiGraph[str]

KINDS = {
    "Note": "note",
    "MissingNote": "missing",
    "Video": "video",
    "Channel": "channel",
    "Country": "country",
    "Initiative": "initiative",
    "Theme": "theme",
    "Organisation": "organisation",
    "Person": "person",
}
"""Class of the ontology to the kind of a node."""


class Evidence(NamedTuple):
    """Where an edge is said: the note's IRI and path, the line (from 1), the words, and the second.

    ``timecode`` is as written, or ""; ``moment`` is the playable address, or "".
    """

    note: str
    path: str
    line: int
    text: str
    timecode: str
    moment: str


def network(store: Store, title: str = "", suggested: str = "") -> MultiDiGraph:
    """Give notes, entities and what joins them; nodes and edges in a fixed order.

    ``suggested`` is the IRI of the graph of suggestions, if they are to be there as well.
    """
    import networkx as nx

    sides = ["", suggested] if suggested else [""]
    nodes = {iri: told for side in reversed(sides) for iri, told in _nodes(store, side).items()}
    pages = {thing: page for thing, page in sorted(pairs(store, iri_of(":page")), reverse=True) if nodes.get(thing, {}).get("kind") == "theme"}
    graph: MultiDiGraph = nx.MultiDiGraph(title=title, pages=pages)
    for iri, told in sorted(nodes.items()):
        if iri not in pages:
            graph.add_node(iri, **told)
    evidence = _evidence(store, sides)
    filmed = {note for note, _ in pairs(store, iri_of(":source"))}
    for verb in JOINING:
        for subject, thing, origin in sorted((*each, side) for side in sides for each in pairs(store, iri_of(f":{verb}"), graph=side)):
            end = pages.get(thing, thing)
            if end != thing and (end == subject or graph.has_edge(subject, end)):
                continue  # its own note, or a link that says so already
            if subject in graph and end in graph and not (verb == "channel" and subject in filmed):
                graph.add_edge(subject, end, key=verb, property=verb, evidence=evidence.get((subject, thing), ()), suggested=bool(origin))
    return graph


def _nodes(store: Store, side: str) -> dict[str, dict[str, Any]]:
    labels, paths = least(store, iri_of("rdfs:label"), side), dict(pairs(store, iri_of(":path"), graph=side))
    aliases: dict[str, list[str]] = {}
    for iri, alias in sorted(pairs(store, iri_of("skos:altLabel"), graph=side)):
        aliases.setdefault(iri, []).append(alias)
    found: dict[str, dict[str, Any]] = {}
    for iri, name in sorted(pairs(store, iri_of("rdf:type"), graph=side)):
        kind = KINDS.get(name.removeprefix(ONTOLOGY))
        if kind and not (kind == "missing" and iri in found):
            found[iri] = {
                "label": labels.get(iri, iri),
                "kind": kind,
                "path": paths.get(iri, ""),
                "url": iri if kind == "video" else "",
                "aliases": tuple(aliases.get(iri, ())),
                "suggested": bool(side),
            }
    return found


def _evidence(store: Store, sides: list[str]) -> dict[tuple[str, str], tuple[Evidence, ...]]:
    """Give, for a note and what it cites or names, and for the two ends of a claim, every place that says so, in order of lines."""
    notes, paths = dict(pairs(store, iri_of(":note"))), dict(pairs(store, iri_of(":path")))
    lines, texts, labels = (dict(pairs(store, iri_of(each))) for each in (":line", ":text", "rdfs:label"))
    codes, moments = least(store, iri_of(":timecode")), least(store, iri_of(":at"))
    found: dict[tuple[str, str], set[Evidence]] = {}

    def says(part: str, edge: tuple[str, str]) -> None:
        note = notes.get(part, "")
        text = texts.get(part) or labels.get(part, "")
        said = Evidence(note, paths.get(note, ""), int(lines.get(part, "0")), text, codes.get(part, ""), moments.get(part, ""))
        found.setdefault(edge, set()).add(said)

    for part, thing in pairs(store, iri_of(":cites")):
        says(part, (notes.get(part, ""), thing))
    for side in sides:
        for part, thing in pairs(store, iri_of(":names"), graph=side):
            says(part, (notes.get(part, ""), thing))
        subjects, objects = dict(pairs(store, iri_of("rdf:subject"), graph=side)), dict(pairs(store, iri_of("rdf:object"), graph=side))
        for claim, part in pairs(store, iri_of(":evidence"), graph=side):
            says(part, (subjects.get(claim, ""), objects.get(claim, "")))
    return {edge: tuple(sorted(said, key=lambda each: (each.line, each))) for edge, said in found.items()}


def node(graph: MultiDiGraph, iri: str) -> str:
    """Give the node that stands for a thing: a theme's note, where a note is its page, else itself."""
    return str(graph.graph.get("pages", {}).get(iri, iri))


__all__ = ["KINDS", "Evidence", "network", "node"]
