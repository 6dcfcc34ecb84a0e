"""What there is to draw: notes and things as nodes, what joins them as edges, and on every edge the places that say so.

    read        the graph of a vault, with its index -> a scene
    of          a network of networkx -> a scene

A scene says what `kg.network` says, and more of where: the index knows the line of every mention and link, in
the graph or not, and gives in 0.2 s what takes the triples 1.8 (878 notes). Graphs made of RDF files have no
index; their scene is made of the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import index
from kg.names import ONTOLOGY, Names, key
from kg.network import KINDS, Evidence, network
from kg.triples import pairs, said_of, subjects, term, value

if TYPE_CHECKING:
    from pyoxigraph import Store

ENTITIES = ("Country", "Theme", "Initiative", "Organisation", "Person", "Video", "Channel", "MissingNote", "Note")
"""Classes of the ontology, a later one before an earlier where a thing is of two."""

DATES = ("date", "created", "published", "updated", "modified")
"""Keys of front matter that date a note, the best first."""
_DATING = ("dcterms:date", "dcterms:created", "schema:datePublished", "schema:dateCreated")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_YOUTUBE = term("yt:")


class Node(NamedTuple):
    """A note or a thing; ``path`` is a note's, ``url`` a video's, ``date`` as 2024-05-01 or ""."""

    iri: str
    label: str
    kind: str
    path: str = ""
    url: str = ""
    aliases: tuple[str, ...] = ()
    suggested: bool = False
    date: str = ""


class Edge(NamedTuple):
    """One property of one node, and where it is said, by line; ends are IRIs of nodes."""

    start: str
    end: str
    property: str
    evidence: tuple[Evidence, ...] = ()
    suggested: bool = False


@dataclass(frozen=True)
class Scene:
    """All nodes, by IRI, and the edges between them; ``pages`` are themes that a note stands for, with its IRI."""

    nodes: dict[str, Node]
    edges: list[Edge]
    pages: dict[str, str] = field(default_factory=dict)

    def node(self, iri: str) -> str:
        """Give the node that stands for a thing: a theme's note, where a note is its page, else itself."""
        return self.pages.get(iri, iri)


def read(store: Store, names: Names, folder: Path, *, suggested: bool = False) -> Scene:
    """Read what a graph and its index tell; what is only suggested, too, if ``suggested``."""
    titles = {row.note: row for row in index.titles(folder)}
    if not titles:
        return of(network(store, suggested=names.suggested if suggested else ""))
    sides = ("", names.suggested) if suggested else ("",)
    nodes: dict[str, Node] = {}
    for side in reversed(sides):
        nodes.update(_things(store, side))
    dates = _dates(store, names)
    aliases: dict[str, list[str]] = {}
    for iri, alias in pairs(store, term("skos:altLabel")):
        aliases.setdefault(iri, []).append(alias)
    for path, row in titles.items():
        iri = names.note(path)
        nodes[iri] = Node(iri, row.text, "note", path, date=dates.get(iri, ""))
    nodes = {iri: each._replace(aliases=tuple(sorted(aliases[iri]))) if iri in aliases else each for iri, each in nodes.items()}
    pages = {thing: page for thing, page in sorted(pairs(store, term(":page")), reverse=True) if thing in nodes and nodes[thing].kind == "theme"}
    for thing in pages:
        del nodes[thing]
    return Scene(nodes, _Edges(store, names, folder, nodes, pages, titles, sides).read(), pages)


def of(graph: Any) -> Scene:
    """Take over a network as :func:`kg.network.network` makes them; what it does not say is empty.

    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_edge("urn:a", "urn:b", property="cites")
    0
    >>> of(graph).edges
    [Edge(start='urn:a', end='urn:b', property='cites', evidence=(), suggested=False)]
    """
    nodes = {
        str(iri): Node(
            str(iri),
            str(told.get("label") or iri),
            str(told.get("kind") or "thing"),
            str(told.get("path", "")),
            str(told.get("url", "")),
            tuple(sorted({str(each) for each in told.get("aliases", ())} - {told.get("label", "")})),
            bool(told.get("suggested")),
            str(told.get("date", "")),
        )
        for iri, told in graph.nodes(data=True)
    }
    edges = [
        Edge(str(start), str(end), str(told.get("property", key)), tuple(told.get("evidence", ())), bool(told.get("suggested")))
        for start, end, key, told in graph.edges(keys=True, data=True)
    ]
    return Scene(nodes, edges, dict(graph.graph.get("pages", {})))


def _things(store: Store, side: str) -> dict[str, Node]:
    """Give all but the notes: entities, videos, channels, missing notes."""
    known = {iri: KINDS[name] for name in ENTITIES[:-1] for iri in subjects(store, term("rdf:type"), f"{ONTOLOGY}{name}", side)}
    for iri in subjects(store, term("rdf:type"), f"{ONTOLOGY}Entity", side):
        if iri not in known:  # of a kind of one's own
            kinds = sorted(value(each.object) for each in said_of(store, iri, side, "rdf:type"))
            known[iri] = next((re.split("[/#]", kind)[-1].lower() for kind in kinds if not kind.startswith(ONTOLOGY)), "thing")
    found = {}
    for iri, kind in known.items():
        labels = [value(each.object) for each in said_of(store, iri, side, "rdfs:label")]
        found[iri] = Node(iri, min(labels, key=lambda each: (len(each), each), default=iri), kind, "", iri if kind == "video" else "", (), bool(side))
    return found


def _dates(store: Store, names: Names) -> dict[str, str]:
    found: dict[str, str] = {}
    for verb in (*(f"{names.base}property/{each}" for each in DATES), *map(term, _DATING)):
        for iri, text in sorted(pairs(store, verb)):
            if written := _DATE.match(text):
                found.setdefault(iri, written[0])
    return found


class _Edges:
    """Gathers the edges of a vault, each with its places."""

    def __init__(
        self,
        store: Store,
        names: Names,
        folder: Path,
        nodes: dict[str, Node],
        pages: dict[str, str],
        titles: dict[str, index.TitleRow],
        sides: Iterable[str],
    ) -> None:
        self.store, self.names, self.folder, self.nodes, self.pages, self.titles, self.sides = store, names, folder, nodes, pages, titles, sides
        self.notes = {path: names.note(path) for path in titles}
        self.found: dict[tuple[str, str, str], tuple[bool, list[Evidence]]] = {}
        """Whether it is suggested and its places, by start, end and property."""

    def read(self) -> list[Edge]:
        parts, stamps = self.parts(), self.stamps()
        told = self.mentions(parts, stamps)
        self.links(told)
        self.others(told)
        return [Edge(*ends, _sorted(places), suggested) for ends, (suggested, places) in sorted(self.found.items())]

    def parts(self) -> dict[str, dict[str, tuple[int, str, int]]]:
        """Give line, text and second of every section and passage, by path and anchor."""
        found: dict[str, dict[str, tuple[int, str, int]]] = {path: {"": (row.line, row.text, -1)} for path, row in self.titles.items()}
        for part in index.sections(self.folder):
            found[part.note][part.anchor] = part.line, part.text, part.second
        for passage in index.passages(self.folder):
            found[passage.note][passage.anchor] = passage.line, passage.text, passage.second
        self.all = found
        return found

    def stamps(self) -> dict[tuple[str, str], str]:
        """Give the timestamp, as written, of what is said at no known second."""
        found: dict[tuple[str, str], str] = {}
        for row in index.stamps(self.folder):
            if self.all[row.note].get(row.anchor, (0, "", 0))[2] < 0:
                found.setdefault((row.note, row.anchor), row.written)
        return found

    def mentions(self, parts: dict[str, dict[str, tuple[int, str, int]]], stamps: dict[tuple[str, str], str]) -> dict[tuple[str, str], list[Evidence]]:
        """Add what notes name; give the places, by note and thing, of those that are pages, too."""
        told: dict[tuple[str, str], list[Evidence]] = {}
        entities: dict[tuple[str, str], str] = {}
        certain: dict[tuple[str, str], bool] = {}
        wanted = len(tuple(self.sides)) > 1
        for row in index.mentions(self.folder):
            if row.why or not (row.fact or wanted):
                continue
            entity = entities.get((row.kind, row.key))
            if entity is None:
                iri = self.names.entity(row.kind, row.key)
                entity = entities[row.kind, row.key] = self.pages.get(iri, iri)
            note = self.notes[row.note]
            if entity == note or entity not in self.nodes:
                continue
            _, text, second = parts[row.note].get(row.anchor, (0, "", -1))
            moment = f"{_YOUTUBE}{self.titles[row.note].video}?t={second}" if second >= 0 else ""
            code = "" if moment else stamps.get((row.note, row.anchor), "")
            told.setdefault((note, entity), []).append(Evidence(note, row.note, row.line, text, code, moment))
            certain[note, entity] = certain.get((note, entity), False) or row.fact
        for ends, places in told.items():
            self.found[*ends, "mentions"] = not certain[ends], places
        for side in self.sides:
            for note, thing in pairs(self.store, term(":about"), graph=side):
                self.add(note, thing, "mentions", told, bool(side))
                if self.pages.get(thing, thing) == thing:
                    self.add(note, thing, "about", told, bool(side))
        return told

    def links(self, told: dict[tuple[str, str], list[Evidence]]) -> None:
        """Add links between notes, in place of mentions of the theme that a note is the page of."""
        missing = {
            (note, iri): self.nodes[iri].label
            for iri, each in self.nodes.items()
            if each.kind == "missing"
            for note in subjects(self.store, term(":linksTo"), iri)
        }
        aimed: dict[tuple[str, str], list[str]] = {}
        for note, iri in missing:
            aimed.setdefault((note, ""), []).append(iri)
        for row in index.links(self.folder):
            note = self.notes[row.note]
            if row.role != "link":
                continue
            ends = [self.notes[row.found]] if row.found else [iri for iri in aimed.get((note, ""), ()) if _same(row.target, missing[note, iri])]
            for end in ends:
                if end != note:
                    self.found.pop((note, end, "mentions"), None)
                    place = self.at(row) if (note, end) not in told else None
                    _, places = self.found.setdefault((note, end, "linksTo"), (False, told.get((note, end), [])))
                    if place:
                        places.append(place)
        for note, iri in missing:
            self.found.setdefault((note, iri, "linksTo"), (False, []))

    def at(self, row: index.LinkRow) -> Evidence:
        """Find the passage that a link stands in: of those on its line, the one that has its words."""
        words = (row.label or row.target).strip().casefold()
        here = [part for part in self.all[row.note].values() if part[0] == row.line]
        _, text, second = next((part for part in here if words in part[1].casefold()), here[0] if here else (0, "", -1))
        moment = f"{_YOUTUBE}{self.titles[row.note].video}?t={second}" if second >= 0 else ""
        return Evidence(self.notes[row.note], row.note, row.line, text, "", moment)

    def others(self, told: dict[tuple[str, str], list[Evidence]]) -> None:
        """Add sources, channels, and facts of things, which have claims."""
        for note, video in pairs(self.store, term(":source")):
            path = self.nodes[note].path
            self.add(note, video, "source", {(note, video): [self.head(path)]})
        filmed = {start for start, _, verb in self.found if verb == "source"}
        rows = {row.note: row for row in index.links(self.folder) if row.role == "channel"}
        for start, channel in sorted(pairs(self.store, term(":channel"))):
            if start not in filmed:
                self.add(start, channel, "channel", {})
        by_video: dict[str, list[str]] = {}
        for path, row in self.titles.items():
            by_video.setdefault(_YOUTUBE + row.video, []).append(path)
        for start, end, verb in list(self.found):
            if verb == "channel":
                paths = [self.nodes[start].path] if self.nodes[start].path else by_video.get(start, [])
                places = [self.at(rows[path]) for path in paths[:3] if path in rows]
                self.found[start, end, verb] = False, places
        for side in self.sides:
            said = self.claims(side)
            for verb in ("country", "theme", "organisation"):
                for start, end in pairs(self.store, term(f":{verb}"), graph=side):
                    self.add(start, end, verb, said, bool(side))

    def head(self, path: str) -> Evidence:
        """Give the head of a note, which says of what video it is."""
        row = self.titles[path]
        return Evidence(self.notes[path], path, row.line or 1, row.text, "", f"{_YOUTUBE}{row.video}" if row.video else "")

    def claims(self, side: str) -> dict[tuple[str, str], list[Evidence]]:
        """Give the places of facts, by both ends."""
        starts, ends = (dict(pairs(self.store, term(each), graph=side)) for each in ("rdf:subject", "rdf:object"))
        paths = {self.notes[path]: path for path in self.notes}
        found: dict[tuple[str, str], list[Evidence]] = {}
        for claim, part in pairs(self.store, term(":evidence"), graph=side):
            note, _, anchor = part.partition("#")
            if note in paths:
                path = paths[note]
                line, text, second = self.all[path].get(anchor, (0, "", -1))
                moment = f"{_YOUTUBE}{self.titles[path].video}?t={second}" if second >= 0 else ""
                found.setdefault((starts.get(claim, ""), ends.get(claim, "")), []).append(Evidence(note, path, line, text, "", moment))
        return found

    def add(self, start: str, end: str, verb: str, told: dict[tuple[str, str], list[Evidence]], suggested: bool = False) -> None:
        """Add an edge if both ends are there, and it is no other already."""
        start, end = self.pages.get(start, start), self.pages.get(end, end)
        if start in self.nodes and end in self.nodes and start != end:
            self.found.setdefault((start, end, verb), (suggested, list(told.get((start, end), ()))))


def _same(target: str, label: str) -> bool:
    return key(target.strip().removesuffix(".md")) == key(label)


def _sorted(places: list[Evidence]) -> tuple[Evidence, ...]:
    if len(places) == 1:
        return (places[0],)
    return tuple(sorted(set(places), key=lambda each: (each.line, each)))


__all__ = ["Edge", "Node", "Scene", "of", "read"]
