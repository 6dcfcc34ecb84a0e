"""The graph as networkx sees it: notes and entities as nodes, and on every edge its evidence.

    node    IRI; label, kind, path (of a note), url (of a video), aliases
    edge    key and ``property``: linksTo, mentions, about, source, channel; evidence

Passages, sections, moments and issues are no nodes: they are what edges are made of. The channel
is reached through videos, where there are any, so that it does not tie every note to one point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kg.names import STANDARD_PREFIXES, Names

if TYPE_CHECKING:
    import networkx
    from pyoxigraph import NamedNode, Store

    MultiDiGraph = networkx.MultiDiGraph[str]

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

EDGES = ("linksTo", "mentions", "about", "source", "channel", "country", "theme", "organisation")


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


def network(store: Store, names: Names, title: str = "") -> MultiDiGraph:
    """Give notes, entities and what joins them; nodes and edges in a fixed order."""
    import networkx

    graph: MultiDiGraph = networkx.MultiDiGraph(title=title)
    for iri, told in sorted(_nodes(store).items()):
        graph.add_node(iri, **told)
    evidence = _evidence(store)
    for subject, verb, thing in sorted(_edges(store)):
        if subject not in graph or thing not in graph:
            continue
        if verb == "channel" and graph.nodes[subject]["kind"] == "note" and _has_video(store, subject):
            continue
        said = tuple(sorted(set(evidence.get((subject, thing), ())), key=lambda each: (each.line, each)))
        graph.add_edge(subject, thing, key=verb, property=verb, evidence=said)
    return graph


def _nodes(store: Store) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    label, also, path = _term("rdfs", "label"), _term("skos", "altLabel"), _term("", "path")
    for name, kind in KINDS.items():
        for quad in store.quads_for_pattern(None, _term("rdf", "type"), _term("", name), _default()):
            if kind == "missing" and quad.subject.value in found:
                continue
            iri = quad.subject.value
            names = sorted(each.object.value for each in store.quads_for_pattern(quad.subject, label, None, _default()))
            others = tuple(sorted(each.object.value for each in store.quads_for_pattern(quad.subject, also, None, _default())))
            where = next((each.object.value for each in store.quads_for_pattern(quad.subject, path, None, _default())), "")
            url = iri if kind == "video" else ""
            found[iri] = {"label": names[0] if names else iri, "kind": kind, "path": where, "url": url, "aliases": others}
    return found


def _edges(store: Store) -> set[tuple[str, str, str]]:
    found = set()
    for verb in EDGES:
        for quad in store.quads_for_pattern(None, _term("", verb), None, _default()):
            found.add((quad.subject.value, verb, quad.object.value))
    return found


def _evidence(store: Store) -> dict[tuple[str, str], list[Evidence]]:
    """Give, for a note and what it cites or names, every place that does."""
    notes = {quad.subject: quad.object.value for quad in store.quads_for_pattern(None, _term("", "path"), None, _default())}
    values = {verb: _values(store, verb) for verb in ("note", "line", "text", "timecode", "at")}
    labels = {quad.subject.value: quad.object.value for quad in store.quads_for_pattern(None, _term("rdfs", "label"), None, _default())}
    found: dict[tuple[str, str], list[Evidence]] = {}
    for verb in ("cites", "names"):
        for quad in store.quads_for_pattern(None, _term("", verb), None, _default()):
            part = quad.subject.value
            note = values["note"].get(part, "")
            text = values["text"].get(part) or labels.get(part, "")
            path = notes.get(_node(note), "") if note else ""
            said = Evidence(
                note, path, int(values["line"].get(part, "0")), text, values["timecode"].get(part, ""), values["at"].get(part, "")
            )
            found.setdefault((note, quad.object.value), []).append(said)
    return found


def _values(store: Store, verb: str) -> dict[str, str]:
    """Give one value of a property for every subject: the least, where there are several."""
    found: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, _term("", verb), None, _default()):
        subject, value = quad.subject.value, quad.object.value
        # Addresses that end in seconds sort by length first, so that the earliest moment comes first.
        if subject not in found or (len(value), value) < (len(found[subject]), found[subject]):
            found[subject] = value
    return found


def _has_video(store: Store, note: str) -> bool:
    return next(iter(store.quads_for_pattern(_node(note), _term("", "source"), None, _default())), None) is not None


def _node(iri: str) -> NamedNode:
    from pyoxigraph import NamedNode

    return NamedNode(iri)


def _term(prefix: str, name: str) -> NamedNode:
    return _node(STANDARD_PREFIXES[prefix] + name)


def _default() -> Any:
    from pyoxigraph import DefaultGraph

    return DefaultGraph()


def lookup(graph: MultiDiGraph, name: str, names: Names) -> str:
    """Find a node by its IRI, prefixed name, label, alias or path.

    Raises:
        KgError: nothing, or more than one thing, answers to the name; with guesses.
    """
    from kg.errors import KgError
    from kg.guard import guess
    from kg.names import key

    prefix, _, local = name.partition(":")
    expanded = names.prefixes().get(prefix, f"{prefix}:") + local
    for iri in (name, expanded, names.note(name)):
        if iri in graph:
            return iri
    wanted = key(name)
    found = sorted(
        iri for iri, told in graph.nodes(data=True) if wanted in {key(each) for each in (told["label"], *told["aliases"])}
    )
    # An entity is meant rather than a note of the same name, and a note rather than a missing one.
    order = [*KINDS.values()]
    order = [*[each for each in order if each not in ("note", "missing", "video")], "note", "video", "missing"]
    found.sort(key=lambda iri: (order.index(graph.nodes[iri]["kind"]), iri))
    if found:
        return found[0]
    labels = sorted({told["label"] for _, told in graph.nodes(data=True)})
    near = guess(name, labels)
    raise KgError(f"nothing in the graph is called {name!r}", hint=f"did you mean {near!r}?" if near else "kg stats names its hubs")


__all__ = ["EDGES", "KINDS", "Evidence", "lookup", "network"]
