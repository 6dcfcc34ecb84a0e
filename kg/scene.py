"""What there is to draw: notes and things as nodes, what joins them as edges, and on every edge the places that say so.

    read        the graph of a vault, with its index -> a scene
    of          a network of networkx -> a scene

A scene says what `kg.network` says, and more of where: the index knows the line of every mention and link, in
the graph or not, and gives in 0.2 s what takes the triples 1.8 (878 notes). Graphs made of RDF files have no
index; their scene is made of the network.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import index
from kg.names import ONTOLOGY, Names, key
from kg.network import KINDS, Evidence, network
from kg.triples import iri_of, pairs, said_of, subjects, value

if TYPE_CHECKING:
    from pyoxigraph import Store

CLASSES = ("Country", "Theme", "Initiative", "Organisation", "Person", "Video", "Channel", "MissingNote")
"""Of the ontology, but for notes; where a thing is of two, the later one counts."""

KEPT = 3
"""Places of one edge that are told; others are counted."""
DATES = ("date", "created", "published", "updated", "modified")
"""Keys of front matter that date a note, the best first."""
_DATING = ("dcterms:date", "dcterms:created", "schema:datePublished", "schema:dateCreated")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_YOUTUBE = iri_of("yt:")
_NOWHERE = "", "", 0, "", -1

_Part = tuple[str, str, int, str, int]
"""Path, anchor, line, text and second of a part of a note."""
_At = tuple[int, str]
"""A place in a note: the line and the anchor."""
FACTS = ("country", "theme", "organisation")
"""Properties of things, other than of notes."""


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
    """One property of one node, and the first places where it is said, by line; ends are IRIs of nodes.

    ``more`` is how many places there are besides.
    """

    start: str
    end: str
    property: str
    evidence: tuple[Evidence, ...] = ()
    suggested: bool = False
    more: int = 0


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
    pages = dict(sorted(pairs(store, iri_of(":page")), reverse=True))
    nodes: dict[str, Node] = {}
    for side in reversed(sides):
        nodes.update(_things(store, side, pages))
    dates = _dates(store, names, pages)
    aliases: dict[str, list[str]] = {}
    for iri, alias in (each for side in sides for each in pairs(store, iri_of("skos:altLabel"), graph=side)):
        aliases.setdefault(iri, []).append(alias)
    for path, row in titles.items():
        iri = names.note(path)
        nodes[iri] = Node(iri, row.text, "note", path, date=dates.get(iri, ""))
    nodes = {iri: each._replace(aliases=tuple(sorted(aliases[iri]))) if iri in aliases else each for iri, each in nodes.items()}
    pages = {thing: page for thing, page in pages.items() if thing not in nodes}
    return Scene(nodes, _Edges(store, names, folder, nodes, pages, titles, sides).read(), pages)


def of(graph: Any) -> Scene:
    """Take over a network as :func:`kg.network.network` makes them; what it does not say is empty.

    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_edge("urn:a", "urn:b", property="cites")
    0
    >>> of(graph).edges
    [Edge(start='urn:a', end='urn:b', property='cites', evidence=(), suggested=False, more=0)]
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
        Edge(str(start), str(end), str(told.get("property", key)), *_first(told.get("evidence", ()), bool(told.get("suggested"))))
        for start, end, key, told in graph.edges(keys=True, data=True)
    ]
    return Scene(nodes, edges, dict(graph.graph.get("pages", {})))


def _things(store: Store, side: str, pages: Collection[str]) -> dict[str, Node]:
    """Give all but the notes and the themes that have one for a page: entities, videos, channels, missing notes."""
    known = {iri: KINDS[name] for name in CLASSES for iri in subjects(store, iri_of("rdf:type"), f"{ONTOLOGY}{name}", side)}
    for iri in subjects(store, iri_of("rdf:type"), f"{ONTOLOGY}Entity", side):
        if iri not in known:  # of a kind of one's own
            kinds = sorted(value(each.object) for each in said_of(store, iri, side, "rdf:type"))
            known[iri] = next((re.split("[/#]", kind)[-1].lower() for kind in kinds if not kind.startswith(ONTOLOGY)), "thing")
    found = {}
    for iri, kind in known.items():
        if kind != "theme" or iri not in pages:
            labels = [value(each.object) for each in said_of(store, iri, side, "rdfs:label")]
            label = min(labels, key=lambda each: (len(each), each), default=iri)
            found[iri] = Node(iri, label, kind, "", iri if kind == "video" else "", (), bool(side))
    return found


def _dates(store: Store, names: Names, pages: Mapping[str, str]) -> dict[str, str]:
    """Give the dates of notes; what their front matter says is said of the things that they are the ``pages`` of."""
    found: dict[str, str] = {}
    for verb in (*(f"{names.base}property/{each}" for each in DATES), *map(iri_of, _DATING)):
        for iri, text in sorted(pairs(store, verb)):
            if written := _DATE.match(text):
                found.setdefault(pages.get(iri, iri), written[0])
    return found


class _Edges:
    """Gathers the edges of a vault, each with its places; the notes one by one, since all of one are at hand together."""

    def __init__(
        self,
        store: Store,
        names: Names,
        folder: Path,
        nodes: dict[str, Node],
        pages: dict[str, str],
        titles: dict[str, index.TitleRow],
        sides: Sequence[str],
    ) -> None:
        self.store, self.names, self.folder, self.nodes, self.pages, self.titles, self.sides = store, names, folder, nodes, pages, titles, sides
        self.notes = {path: names.note(path) for path in titles}
        self.parts: dict[str, dict[str, _Part]] = {path: {"": (path, "", row.line, row.text, -1)} for path, row in titles.items()}
        """Every title, section and passage, by path and anchor."""
        for table in ("section", "passage"):
            for row in index.plain(folder, table, "note, anchor, line, text, second"):
                self.parts[row[0]][row[1]] = row
        self.stamps = dict(index.plain(folder, "stamp", "note, stamps"))
        self.entities: dict[tuple[str, str], str] = {}
        """The node of what has a kind and a key, or ""."""
        self.found: dict[tuple[str, str, str], Edge] = {}

    def read(self) -> list[Edge]:
        """Give all edges, in no order that means anything."""
        links: dict[str, list[tuple[int, str, str | None, str]]] = {}
        channels: dict[str, int] = {}
        for note, line, role, *link in index.plain(self.folder, "link", "note, line, role, target, label, found"):
            if role == "link":
                links.setdefault(note, []).append((line, *link))
            else:
                channels.setdefault(note, line)
        missing: dict[str, list[str]] = {}
        for iri, each in self.nodes.items():
            if each.kind == "missing":
                for note in subjects(self.store, iri_of(":linksTo"), iri):
                    missing.setdefault(note, []).append(iri)
        about: dict[str, list[tuple[str, str]]] = {}
        for side in self.sides:
            for note, thing in pairs(self.store, iri_of(":about"), graph=side):
                about.setdefault(note, []).append((thing, side))
        mentions = dict(index.plain(self.folder, "mention", "note, mentions"))
        for path, note in self.notes.items():
            self.note(path, mentions.get(path, "[]"), links.get(path, ()), missing.get(note, ()), about.get(note, ()))
        self.videos(channels)
        for side in self.sides:
            self.facts(side)
        return list(self.found.values())

    def note(
        self,
        path: str,
        mentions: str,
        links: Iterable[tuple[int, str, str | None, str]],
        missing: Sequence[str],
        about: Iterable[tuple[str, str]],
    ) -> None:
        """Add what one note names and links to. A link stands for the mention of the theme that the note linked to is the page of."""
        note = self.notes[path]
        named, certain = self.named(note, mentions)
        linked = self.linked(path, links, missing, named)
        known: dict[_At, Evidence] = {}
        for thing, places in named.items():
            if thing not in linked:
                self.add(note, thing, "mentions", *self.said(path, places, known), thing not in certain)
        for end, places in linked.items():
            self.add(note, end, "linksTo", *self.said(path, places, known))
        for thing, side in about:
            for verb in ("mentions", "about") if thing not in self.pages else ("mentions",):
                thing = self.pages.get(thing, thing)
                if not (verb == "mentions" and thing in linked):
                    self.add(note, thing, verb, *self.said(path, named.get(thing) or [(self.titles[path].line, "")], known), bool(side))

    def named(self, note: str, mentions: str) -> tuple[dict[str, list[_At]], set[str]]:
        """Give the things that a note names, each with the places, and those of them that are facts."""
        named: dict[str, list[_At]] = {}
        certain = set()
        guesses = len(self.sides) > 1
        for anchor, line, _, _, _, kind, end, _, fact, why in json.loads(mentions):
            if why or not (fact or guesses):
                continue
            entity = self.entities.get((kind, end))
            if entity is None:
                entity = self.entities[kind, end] = self.entity(kind, end)
            if entity and entity != note:
                if entity in named:
                    named[entity].append((line, anchor))
                else:
                    named[entity] = [(line, anchor)]
                if fact:
                    certain.add(entity)
        return named, certain

    def entity(self, kind: str, end: str) -> str:
        """Give the node of an entity, which may be the note that is its page; "" where none is drawn."""
        iri = self.names.entity(kind, end)
        iri = self.pages.get(iri, iri)
        return iri if iri in self.nodes else ""

    def linked(
        self, path: str, links: Iterable[tuple[int, str, str | None, str]], missing: Sequence[str], named: Mapping[str, list[_At]]
    ) -> dict[str, list[_At]]:
        """Give the notes that a note links to, missing ones first, each with the places: those that name it, or else those of its links."""
        linked: dict[str, list[_At]] = {end: [] for end in missing}
        gone: dict[str, list[str]] = {}
        for iri in missing:
            gone.setdefault(key(self.nodes[iri].label), []).append(iri)
        standing = self.standing(path)
        for line, target, label, found in links:
            ends = [self.notes[found]] if found in self.notes else gone.get(key(target.strip()), [])
            for end in ends:
                if end != self.notes[path]:
                    places = linked.setdefault(end, [])
                    if end not in named:
                        places.append(standing(line, label or target))
        return {end: named.get(end, places) for end, places in linked.items()}

    def standing(self, path: str) -> Callable[[int, str], _At]:
        """Give what finds the passage that a link stands in: of those on its line, the one that has its words."""
        known: dict[int, list[tuple[str, str]]] = {}

        def found(line: int, words: str) -> _At:
            if not known:
                for part in self.parts[path].values():
                    known.setdefault(part[2], []).append((part[1], part[3].casefold()))
            here, wanted = known.get(line, []), words.strip().casefold()
            return line, next((anchor for anchor, text in here if wanted in text), here[0][0] if here else "?")

        return found

    def said(self, path: str, places: list[_At], known: dict[_At, Evidence]) -> tuple[tuple[Evidence, ...], int]:
        """Give the first of some places in a note, and how many there are besides."""
        if len(places) > 1:
            places = sorted(set(places))
        found = []
        for place in places[:KEPT]:
            if place not in known:
                known[place] = self.evidence(path, *place)
            found.append(known[place])
        return tuple(found), max(0, len(places) - KEPT)

    def evidence(self, path: str, line: int, anchor: str) -> Evidence:
        """Tell of a place: its words, and when they are said, as written only if the second is not known."""
        note = self.notes[path]
        part = self.parts[path].get(anchor)
        if part is None:
            return Evidence(note, path, line, "", "", "")
        if part[4] >= 0:
            return Evidence(note, path, line, part[3], "", f"{_YOUTUBE}{self.titles[path].video}?t={part[4]}")
        kept, code = self.stamps.get(path, ""), ""
        if anchor and f'"{anchor}"' in kept:
            code = next((written for at, _, written, _ in json.loads(kept) if at == anchor), "")
        return Evidence(note, path, line, part[3], code, "")

    def head(self, path: str) -> Evidence:
        """Give the head of a note, which says of what video it is."""
        row = self.titles[path]
        return Evidence(self.notes[path], path, row.line or 1, row.text, "", "")

    def videos(self, channels: dict[str, int]) -> None:
        """Add sources and channels; a channel is reached through videos, where there are any."""
        paths: dict[str, list[str]] = {}
        for note, video in sorted(pairs(self.store, iri_of(":source"))):
            path = self.nodes[note].path
            paths.setdefault(video, []).append(path)
            self.add(note, video, "source", (self.head(path),))
        filmed = {self.notes[path] for each in paths.values() for path in each}
        for start, channel in pairs(self.store, iri_of(":channel")):
            if start in self.nodes and start not in filmed:
                told = [path for path in paths.get(start) or [self.nodes[start].path] if path in channels]
                places = [self.evidence(path, *self.standing(path)(channels[path], "")) for path in told[:KEPT]]
                self.add(start, channel, "channel", tuple(places), max(0, len(told) - KEPT))

    def facts(self, side: str) -> None:
        """Add facts of things, which have claims."""
        starts, ends = (dict(pairs(self.store, iri_of(each), graph=side)) for each in ("rdf:subject", "rdf:object"))
        paths = {note: path for path, note in self.notes.items()}
        said: dict[tuple[str, str], set[Evidence]] = {}
        for claim, part in pairs(self.store, iri_of(":evidence"), graph=side):
            note, _, anchor = part.partition("#")
            if note in paths and claim in starts and claim in ends:
                line = self.parts[paths[note]].get(anchor, _NOWHERE)[2]
                said.setdefault((starts[claim], ends[claim]), set()).add(self.evidence(paths[note], line, anchor))
        for verb in FACTS:
            for start, end in pairs(self.store, iri_of(f":{verb}"), graph=side):
                self.add(start, end, verb, *self.few(said.get((start, end), ())), bool(side))

    def few(self, places: Iterable[Evidence]) -> tuple[tuple[Evidence, ...], int]:
        every = sorted(places, key=lambda each: (each.line, each))
        return tuple(every[:KEPT]), max(0, len(every) - KEPT)

    def add(self, start: str, end: str, verb: str, places: tuple[Evidence, ...] = (), more: int = 0, suggested: bool = False) -> None:
        """Add an edge if both ends are there and it is not; what is a fact is no suggestion."""
        start, end = self.pages.get(start, start), self.pages.get(end, end)
        if start in self.nodes and end in self.nodes and start != end:
            self.found.setdefault((start, end, verb), Edge(start, end, verb, places, suggested, more))


def _first(places: Sequence[Evidence], suggested: bool) -> tuple[tuple[Evidence, ...], bool, int]:
    return tuple(places[:KEPT]), suggested, max(0, len(places) - KEPT)


__all__ = ["KEPT", "Edge", "Node", "Scene", "of", "read"]
