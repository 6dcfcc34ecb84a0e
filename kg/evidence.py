"""What says that the steps of a chain are so: looked up for the chains that are shown, and no others.

What a note links to, mentions or is about is in the index, at every level of detail and with its words;
what is said of things has claims in the graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from kg import index, names
from kg.paths import Chain, Said
from kg.triples import iri_of, least_of, pairs, subjects
from kg.ways import PROPERTIES, Way, Ways

VOCABULARY = "the author's vocabulary"


def shown(ways: Ways, folder: Path, chain: Chain) -> Chain:
    """Give a chain with the places that say so; ``folder`` is that of the index.

    Where two steps are taken in one note, the places that come first are those nearest to each other.
    """
    known = _Known(ways, folder)
    said = [tuple(sorted(set(known.of(each.way)), key=_place)) for each in chain.steps]
    for at, (one, other) in enumerate(pairwise(chain.steps)):
        if not one.forward and other.forward:
            said[at], said[at + 1] = _nearest(said[at], said[at + 1])
    return Chain(chain.start, tuple(each._replace(said=places) for each, places in zip(chain.steps, said, strict=True)))


def _place(said: Said) -> tuple[bool, str, int, str, int]:
    return said.path == VOCABULARY, said.path, said.line, said.part, said.start


def _nearest(one: tuple[Said, ...], other: tuple[Said, ...]) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    """Put the two places of one note that are nearest to each other first, each in its list."""
    both = [(a, b) for a in one for b in other if a.path == b.path]
    if not both:
        return one, other
    first = min(both, key=lambda each: (each[0].part != each[1].part, abs(each[0].line - each[1].line), _place(each[0]), _place(each[1])))
    return tuple(sorted(one, key=lambda each: each != first[0])), tuple(sorted(other, key=lambda each: each != first[1]))


class _Part(NamedTuple):
    line: int
    text: str


class _Known:
    """The texts of the notes that a chain leads through, each read once."""

    def __init__(self, ways: Ways, folder: Path) -> None:
        self.store, self.folder, self.names, self.sides = ways.store, folder, ways.names, ways.sides
        self._parts: dict[str, dict[str, _Part]] = {}

    def of(self, way: Way) -> Iterator[Said]:
        """Give every place that says what a triple says."""
        path = self.path(way.subject)
        if way.property == "linksTo":
            yield from self.linked(path, way.object)
        elif way.property in ("mentions", "about"):
            yield from self.named(path, way.object, way.property)
        elif way.property in ("source", "channel"):
            yield from self.headed(path, way)
        else:
            yield from self.claimed(way)

    def path(self, iri: str) -> str:
        """Give the path of a note, "" of anything else."""
        return next((path for _, path in pairs(self.store, iri_of(":path"), iri)), "")

    def parts(self, path: str) -> dict[str, _Part]:
        """Give the passages and sections of a note by their IRIs; the title goes by the note's own."""
        known = self._parts.get(path)
        if known is None:
            note = self.names.note(path)
            title = min((each for _, each in pairs(self.store, iri_of("rdfs:label"), note)), default="")
            known = self._parts[path] = {note: _Part(0, title)}
            for rows in (index.sections(self.folder, path), index.passages(self.folder, path)):
                known |= {f"{note}#{names.escaped(row.anchor)}": _Part(row.line, row.text) for row in rows}
        return known

    def said(self, path: str, part: str, line: int = 0, words: str = "", start: int = -1) -> Said:
        """Describe a place in a note; without a line, it is the part's first."""
        first, text = self.parts(path).get(part, _Part(0, ""))
        at = start if start >= 0 else max(0, text.find(words))
        code, moment = (least_of(self.store, iri_of(word), part) for word in (":timecode", ":at"))
        return Said(part if "#" in part else "", path, line or first, text, words, at, code, moment)

    def named(self, path: str, thing: str, verb: str) -> Iterator[Said]:
        """Give the places where a note names a thing; what it is about first of all where its title, its tags or its front matter do."""
        note = self.names.note(path)
        rows = [row for row in index.mentions(self.folder, path) if not row.why and self.names.entity(row.kind, row.key) == thing]
        stated = [row for row in rows if not row.anchor or row.rule in ("property", "tag")] if verb == "about" else []
        for row in stated or rows:
            part = f"{note}#{names.escaped(row.anchor)}" if row.anchor else note
            yield self.said(path, part, row.line, row.surface, row.start)

    def linked(self, path: str, target: str) -> Iterator[Said]:
        """Give the places where a note links to another, or to one that is missing."""
        wanted = self.path(target)
        missing = "" if wanted else min((names.key(each) for _, each in pairs(self.store, iri_of("rdfs:label"), target)), default="")
        for row in index.links(self.folder, path):
            if row.found == wanted if wanted else not row.found and names.key(row.target) == missing:
                parts = [(part.line, iri) for iri, part in self.parts(path).items() if 0 < part.line <= row.line <= part.line + part.text.count("\n")]
                shown_as = row.label if row.label is not None else f"{row.target}#{row.section}" if row.section else row.target
                yield self.said(path, max(parts, default=(0, ""))[1], row.line, shown_as)

    def headed(self, path: str, way: Way) -> Iterator[Said]:
        """Give the lines where a note says what it comes from, or the notes that say so of a video."""
        from pyoxigraph import NamedNode

        ends = (NamedNode(way.subject), NamedNode(iri_of(PROPERTIES[way.property])), NamedNode(way.object))
        notes = (
            [path] if path else sorted({self.path(str(getattr(quad.graph_name, "value", ""))) for quad in self.store.quads_for_pattern(*ends)} - {""})
        )
        for each in notes:
            lines = [row.line for row in index.links(self.folder, each) if row.role == "channel"] if way.property == "channel" else []
            yield Said("", each, min(lines, default=0))

    def claimed(self, way: Way) -> Iterator[Said]:
        """Give the places that claims of a triple rest on."""
        side = self.sides[-1] if way.suggested else ""
        of_subject = set(subjects(self.store, iri_of("rdf:subject"), way.subject, side))
        for claim in of_subject & set(subjects(self.store, iri_of("rdf:object"), way.object, side)):
            if [each for _, each in pairs(self.store, iri_of("rdf:predicate"), claim, side)] != [iri_of(PROPERTIES[way.property])]:
                continue
            for _, part in pairs(self.store, iri_of(":evidence"), claim, side):
                path = self.path(part.partition("#")[0])
                ends = [self.word(path, part, each) for each in (way.object, way.subject)]
                words, start = next((each for each in ends if each[0]), ("", -1))
                yield self.said(path, part, 0, words, start)
            if pairs(self.store, iri_of("prov:wasDerivedFrom"), claim, side):
                yield Said("", VOCABULARY)

    def word(self, path: str, part: str, thing: str) -> tuple[str, int]:
        """Give the first words that name a thing in a part, and where they stand in its text."""
        end = part.partition("#")[2]
        rows = (row for row in index.mentions(self.folder, path) if row.anchor and names.escaped(row.anchor) == end)
        found = [(row.start, row.surface) for row in rows if not row.why and self.names.entity(row.kind, row.key) == thing]
        start, words = min(found, default=(-1, ""))
        return words, start


def triples(ways: Ways, chains: tuple[Chain, ...]) -> list[str]:
    """Give chains as N-Triples: their steps, what their things are called, and the passages and claims that say so."""
    from pyoxigraph import DefaultGraph, NamedNode, Triple

    found: set[str] = set()
    graphs = [NamedNode(side) if side else DefaultGraph() for side in ways.sides]

    def keep(subject: str, wanted: set[str] | None = None) -> None:
        for graph in graphs:
            for quad in ways.store.quads_for_pattern(NamedNode(subject), None, None, graph):
                if wanted is None or quad.predicate.value in wanted:
                    found.add(f"{quad.triple} .")

    named = {iri_of(each) for each in ("rdf:type", "rdfs:label", ":path", ":page")}
    for step in (each for chain in chains for each in chain.steps):
        subject, word, thing, _ = step.way
        predicate = iri_of(PROPERTIES[word])
        found.add(f"{Triple(NamedNode(subject), NamedNode(predicate), NamedNode(thing))} .")
        for said in step.said:
            if said.part:
                keep(said.part)
        for side in ways.sides:
            of_subject = set(subjects(ways.store, iri_of("rdf:subject"), subject, side))
            for claim in of_subject & set(subjects(ways.store, iri_of("rdf:object"), thing, side)):
                if (claim, predicate) in pairs(ways.store, iri_of("rdf:predicate"), claim, side):
                    keep(claim)
    for iri in {end for chain in chains for step in chain.steps for end in (chain.start, step.to, step.start, step.end)}:
        keep(iri, named)
    return sorted(found)


__all__ = ["VOCABULARY", "shown", "triples"]
