"""Change a store from what some notes said to what they say now, in one transaction.

A note's private triples are found by its IRI, its shared facts by its named graph. A shared thing
(a moment, a video, a missing note, an entity) stays while something points at it, and goes with the
last that does; so the result is what a full build would have written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg.facts import IN_NOTE, REFERENCES, Emission

DEFAULT = DefaultGraph()
_IN_NOTE = NamedNode(IN_NOTE[1:-1])
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
    old: set[Quad] = set()
    new: set[Quad] = set()
    facts: set[Quad] = set()
    shared: dict[NamedNode, set[Quad]] = {}
    for note in (*(each.note for each in emissions), *gone):
        old |= _private(store, NamedNode(note))
        old |= set(store.quads_for_pattern(None, None, None, NamedNode(note)))
    for each in emissions:
        new |= _quads(each.private)
        graph = NamedNode(each.note)
        facts |= {Quad(fact.subject, fact.predicate, fact.object, graph) for fact in _quads(each.facts)}
        for iri, described in each.shared.items():
            shared[NamedNode(iri[1:-1])] = _quads(described)
    new |= facts
    removed, added = old - new, new - old
    # Shared things: those that the notes point at now, and those that they pointed at before.
    touched = set(shared) | {quad.object for quad in old if _refers(quad)} | {quad.subject for quad in old if quad.graph_name != DEFAULT}
    stale = {quad for quad in removed if quad.graph_name != DEFAULT}
    pending = [each for each in touched if isinstance(each, NamedNode)]
    seen: set[NamedNode] = set()
    while pending:
        thing = pending.pop()
        if thing in seen:
            continue
        seen.add(thing)
        now = set(store.quads_for_pattern(thing, None, None, DEFAULT))
        if not now and thing not in shared:
            continue
        if _is_note(thing, now) and thing not in shared:
            continue
        stated = _stated(store, thing, stale, added)
        if thing in shared:
            wanted = shared[thing] | stated
        elif _alive(store, thing, removed, added):
            gone_facts = {_plain(quad) for quad in stale if quad.subject == thing} - stated
            wanted = (now - {quad for quad in gone_facts if not _describes(quad)}) | stated
        else:
            wanted = stated
            pending += [quad.object for quad in now if _refers(quad) and isinstance(quad.object, NamedNode)]
        removed |= now - wanted
        added |= wanted - now
    # A name that a note has taken, or given up, has triples of both kinds under one IRI.
    both = removed & added
    removed -= both
    added -= both
    if removed or added:
        store.update(_request(removed, added))
    return len(added), len(removed)


def _private(store: Store, note: NamedNode) -> set[Quad]:
    parts = {quad.subject for quad in store.quads_for_pattern(None, _IN_NOTE, note, DEFAULT)}
    found = {quad for part in parts for quad in store.quads_for_pattern(part, None, None, DEFAULT)}
    own = set(store.quads_for_pattern(note, None, None, DEFAULT))
    return found | (own if _is_note(note, own) else set())


def _is_note(thing: NamedNode, said: Iterable[Quad]) -> bool:
    return any(quad.predicate.value.endswith("ontology#path") for quad in said)


def _quads(lines: Sequence[str]) -> set[Quad]:
    return {
        Quad(each.subject, each.predicate, each.object, DEFAULT)
        for each in parse(_bytes(lines), format=RdfFormat.N_TRIPLES, lenient=True)
    }


def _plain(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, DEFAULT)


def _refers(quad: Quad) -> bool:
    return quad.predicate in _REFERENCES


def _describes(quad: Quad) -> bool:
    """Say whether a fact is part of the thing's description too, and so stays while the thing does."""
    return quad.predicate.value.endswith("#type")


def _stated(store: Store, thing: NamedNode, stale: set[Quad], added: set[Quad]) -> set[Quad]:
    """Give the facts about a thing that some named graph holds after the change, as default triples."""
    held = {quad for quad in store.quads_for_pattern(thing, None, None, None) if quad.graph_name != DEFAULT}
    held = (held - stale) | {quad for quad in added if quad.graph_name != DEFAULT and quad.subject == thing}
    return {_plain(quad) for quad in held}


def _alive(store: Store, thing: NamedNode, removed: set[Quad], added: set[Quad]) -> bool:
    if any(quad.object == thing and _refers(quad) for quad in added):
        return True
    return any(
        quad not in removed for reference in _REFERENCES for quad in store.quads_for_pattern(None, reference, thing, DEFAULT)
    )


def _request(removed: set[Quad], added: set[Quad]) -> str:
    parts = []
    for verb, quads in (("DELETE", removed), ("INSERT", added)):
        if quads:
            parts.append(f"{verb} DATA {{\n" + "\n".join(sorted(map(_sparql, quads))) + "\n}")
    return " ;\n".join(parts)


def _sparql(quad: Quad) -> str:
    triple = f"{quad.subject} {quad.predicate} {quad.object} ."
    return triple if quad.graph_name == DEFAULT else f"GRAPH {quad.graph_name} {{ {triple} }}"
