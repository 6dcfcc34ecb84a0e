"""Change a store from what some notes said to what they say now, in one transaction.

A note's private triples are found by its IRI, its shared facts by its named graph. A shared thing
(a moment, a video, a missing note, an entity) stays while something points at it, and goes with the
last that does; so the result is what a full build would have written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg.facts import IN_NOTE, PATH, REFERENCES, Emission
from kg.names import STANDARD_PREFIXES

DEFAULT = DefaultGraph()
_IN_NOTE, _PATH = NamedNode(IN_NOTE[1:-1]), NamedNode(PATH[1:-1])
_TYPE = NamedNode(STANDARD_PREFIXES["rdf"] + "type")
_REFERENCES = tuple(NamedNode(each[1:-1]) for each in REFERENCES)


def fill(store: Store, emissions: Iterable[Emission]) -> None:
    """Load a whole vault into an empty store."""
    lines: list[str] = []
    shared: dict[str, tuple[str, ...]] = {}
    facts: dict[str, None] = {}
    named: list[str] = []
    for each in emissions:
        lines += each.private
        shared |= each.shared
        for fact in each.facts:
            facts[fact] = None
            named.append(f"{fact[:-2]} <{each.note}> .")
    for described in shared.values():
        lines += described
        for triple in described:
            facts.pop(triple, None)
    lines += facts
    store.bulk_load(_bytes(lines), format=RdfFormat.N_TRIPLES, lenient=True)
    if named:
        store.bulk_load(_bytes(named), format=RdfFormat.N_QUADS, lenient=True)


def _bytes(lines: Sequence[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def apply(store: Store, emissions: Sequence[Emission], gone: Iterable[str]) -> tuple[int, int]:
    """Replace what notes say; ``gone`` are IRIs of notes that are no more.

    Returns:
        how many triples and quads were added and how many removed.
    """
    written = {NamedNode(each.note) for each in emissions}
    lost = {NamedNode(each) for each in gone}
    change = _Change(store, written | lost)
    for each in emissions:
        change.say(each)
    change.settle()
    removed, added = change.removed - change.added, change.added - change.removed
    if removed or added:
        store.update(_request(removed, added))
    return len(added), len(removed)


class _Change:
    """What is to be removed from a store and added to it, as it is worked out."""

    def __init__(self, store: Store, notes: set[NamedNode]) -> None:
        self.store, self.notes = store, notes
        self.old: set[Quad] = set()
        for note in notes:
            self.old |= _private(store, note)
            self.old |= set(store.quads_for_pattern(None, None, None, note))
        self.own: dict[NamedNode, set[Quad]] = {}
        self.shared: dict[NamedNode, set[Quad]] = {}
        self.new: set[Quad] = set()
        self.removed: set[Quad] = set()
        self.added: set[Quad] = set()

    def say(self, emission: Emission) -> None:
        """Take up what a note says now."""
        note = NamedNode(emission.note)
        private = _quads(emission.private)
        self.own[note] = {quad for quad in private if quad.subject == note}
        self.new |= private
        self.new |= {Quad(fact.subject, fact.predicate, fact.object, note) for fact in _quads(emission.facts)}
        for iri, described in emission.shared.items():
            self.shared[NamedNode(iri[1:-1])] = _quads(described)

    def settle(self) -> None:
        """Work out what happens to things that notes share, starting from those touched."""
        self.removed, self.added = self.old - self.new, self.new - self.old
        touched = self.notes | set(self.shared)
        for quad in self.old:
            if _refers(quad) and isinstance(quad.object, NamedNode):
                touched.add(quad.object)
            if quad.graph_name != DEFAULT and isinstance(quad.subject, NamedNode):
                touched.add(quad.subject)
        pending: list[NamedNode] = list(touched)
        seen: set[NamedNode] = set()
        told: set[Quad] = set()
        while pending:
            thing = pending.pop()
            if thing in seen:
                continue
            seen.add(thing)
            now = set(self.store.quads_for_pattern(thing, None, None, DEFAULT))
            wanted = self.wanted(thing, now)
            if wanted is None:
                continue
            self.removed -= now
            self.added -= {quad for quad in self.own.get(thing, ()) if quad not in wanted}
            self.removed |= now - wanted
            self.added |= wanted - now
            # What it no longer points at may have lived by that alone, so it is looked at once more.
            lost = {quad for quad in now - wanted if _refers(quad)} - told
            told |= lost
            freed = [quad.object for quad in lost if isinstance(quad.object, NamedNode)]
            seen.difference_update(freed)
            pending += freed

    def wanted(self, thing: NamedNode, now: set[Quad]) -> set[Quad] | None:
        """Say what the default graph shall hold about a thing; None where it is as it should be."""
        was_note = any(quad.predicate == _PATH for quad in now)
        if was_note and thing not in self.notes:
            return None
        stated = self.stated(thing)
        if thing in self.own:
            return self.own[thing] | stated
        if thing in self.shared:
            return self.shared[thing] | stated
        if was_note or not self.alive(thing):
            return stated
        unsaid = {_plain(quad) for quad in self.removed if quad.subject == thing and quad.graph_name != DEFAULT} - stated
        # A type is part of the description, too, and stays while the thing does.
        return (now - {quad for quad in unsaid if quad.predicate != _TYPE}) | stated

    def stated(self, thing: NamedNode) -> set[Quad]:
        """Give the facts about a thing that some named graph holds after the change, as default triples."""
        held = {quad for quad in self.store.quads_for_pattern(thing, None, None, None) if quad.graph_name != DEFAULT}
        held = (held - self.old) | {quad for quad in self.new if quad.graph_name != DEFAULT and quad.subject == thing}
        return {_plain(quad) for quad in held}

    def alive(self, thing: NamedNode) -> bool:
        """Say whether something points at a thing after the change."""
        if any(quad.object == thing and _refers(quad) for quad in self.added):
            return True
        return any(quad not in self.removed for reference in _REFERENCES for quad in self.store.quads_for_pattern(None, reference, thing, DEFAULT))


def _private(store: Store, note: NamedNode) -> set[Quad]:
    parts = {quad.subject for quad in store.quads_for_pattern(None, _IN_NOTE, note, DEFAULT)}
    found = {quad for part in parts for quad in store.quads_for_pattern(part, None, None, DEFAULT)}
    own = set(store.quads_for_pattern(note, None, None, DEFAULT))
    return found | (own if any(quad.predicate == _PATH for quad in own) else set())


def _quads(lines: Sequence[str]) -> set[Quad]:
    return {Quad(each.subject, each.predicate, each.object, DEFAULT) for each in parse(_bytes(lines), format=RdfFormat.N_TRIPLES, lenient=True)}


def _plain(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, DEFAULT)


def _refers(quad: Quad) -> bool:
    return quad.predicate in _REFERENCES


def _request(removed: set[Quad], added: set[Quad]) -> str:
    parts = []
    for verb, quads in (("DELETE", removed), ("INSERT", added)):
        if quads:
            parts.append(f"{verb} DATA {{\n" + "\n".join(sorted(map(_sparql, quads))) + "\n}")
    return " ;\n".join(parts)


def _sparql(quad: Quad) -> str:
    triple = f"{quad.subject} {quad.predicate} {quad.object} ."
    return triple if quad.graph_name == DEFAULT else f"GRAPH {quad.graph_name} {{ {triple} }}"
