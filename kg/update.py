"""Change a store from what some notes said to what they say now, in one transaction.

A note's private triples are found by its IRI, its shared facts by its named graph. A shared thing
(a moment, a video, a missing note, an entity) stays while something points at it, and goes with the
last that does; so the result is what a full build would have written.

The graph of suggestions has the same two sorts of triples. A relation in it stands while a claim there
says so, unless it is a fact: no triple is on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.emission import Emission, Side
from kg.terms import DERIVED, HOLDS, IN_NOTE, LINKS_TO, MENTIONS, OBJECT, PATH, PREDICATE, REFERENCES, SUBJECT, TYPE, bare, term

if TYPE_CHECKING:
    from concurrent.futures import Future

DEFAULT = DefaultGraph()
_IN_NOTE, _PATH, _TYPE, _DERIVED, _HOLDS, _SUBJECT, _PREDICATE, _OBJECT = (
    NamedNode(bare(each)) for each in (IN_NOTE, PATH, TYPE, DERIVED, HOLDS, SUBJECT, PREDICATE, OBJECT)
)
_REFERENCES = tuple(NamedNode(bare(each)) for each in REFERENCES)


class Part(NamedTuple):
    """What some notes say, ready for an empty store: lines that only they say, and what others may say, too."""

    triples: bytes
    quads: bytes
    shared: dict[str, tuple[str, ...]]
    facts: dict[str, None]
    guessed: dict[str, tuple[str, ...]]
    guesses: dict[str, None]


def part(emissions: Sequence[Emission], suggested: str) -> Part:
    """Put together what notes say; ``suggested`` is the IRI of the graph of suggestions."""
    quads = [f"{fact[:-2]} <{each.note}> ." for each in emissions for fact in each.said.facts]
    quads += [f"{line[:-2]} <{suggested}> ." for each in emissions for line in each.guessed.private]
    return Part(
        _bytes([line for each in emissions for line in each.said.private]),
        _bytes(quads),
        {thing: lines for each in emissions for thing, lines in each.said.shared.items()},
        {fact: None for each in emissions for fact in each.said.facts},
        {thing: lines for each in emissions for thing, lines in each.guessed.shared.items()},
        {fact: None for each in emissions for fact in each.guessed.facts},
    )


class Filling:
    """An empty store as it is filled: part by part, shared things once.

    Some parts are loaded at a time, so that memory does not grow with the vault, and while the next are made:
    the engine leaves Python alone meanwhile.
    """

    def __init__(self, store: Store, suggested: str) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self.store, self.suggested = store, suggested
        self.triples: list[bytes] = []
        self.quads: list[bytes] = []
        self.size = 0
        self.seen: set[str] = set()
        self.facts: dict[str, None] = {}
        self.guessed: dict[str, tuple[str, ...]] = {}
        self.guesses: dict[str, None] = {}
        self.thread = ThreadPoolExecutor(1)
        self.loading: Future[None] | None = None

    def __enter__(self) -> Filling:
        return self

    def __exit__(self, *_: object) -> None:
        self.thread.shutdown()

    def add(self, part: Part) -> None:
        """Take up what some notes say."""
        described = {line: None for thing, lines in part.shared.items() if thing not in self.seen for line in lines}
        stated = [fact for fact in part.facts if fact not in self.facts and fact not in described]
        shared = _bytes([*described, *stated])
        self.seen.update(part.shared)
        self.facts |= part.facts
        self.guessed |= part.guessed
        self.guesses |= part.guesses
        self.triples += (part.triples, shared)
        self.quads.append(part.quads)
        self.size += len(part.triples) + len(shared) + len(part.quads)
        if self.size >= LOAD:
            self.load()

    def load(self) -> None:
        """Have the engine load what there is, once it has loaded what was before."""
        triples, quads = b"".join(self.triples), b"".join(self.quads)
        self.triples, self.quads, self.size = [], [], 0
        self.wait()
        self.loading = self.thread.submit(_load, self.store, triples, quads)

    def wait(self) -> None:
        """Wait until all is loaded that is being loaded; raise what the engine raised."""
        if self.loading:
            self.loading.result()

    def end(self) -> None:
        """Load the rest, and with it what is only guessed: now it is known what are facts."""
        described = {line: None for lines in self.guessed.values() for line in lines}
        guesses = [*described, *(fact for fact in self.guesses if fact not in described and fact not in self.facts)]
        self.quads.append(_bytes([f"{line[:-2]} <{self.suggested}> ." for line in guesses]))
        self.load()
        self.wait()
        self.store.flush()


LOAD = 32_000_000
"""Bytes of triples loaded at a time; the engine takes five times as much memory for them, and for pieces of 4 MB an eighth more time."""


def _load(store: Store, triples: bytes, quads: bytes) -> None:
    if triples:
        store.bulk_load(triples, format=RdfFormat.N_TRIPLES, lenient=True)
    if quads:
        store.bulk_load(quads, format=RdfFormat.N_QUADS, lenient=True)


_TOGETHER = 500
"""Lines encoded at a time: one character that is not Latin-1 doubles the memory of the text that it is in (0.15 s of 0.25 on the OECD notes)."""


def _bytes(lines: Sequence[str]) -> bytes:
    parts = (lines[at : at + _TOGETHER] for at in range(0, len(lines), _TOGETHER))
    return b"".join(("\n".join(part) + "\n").encode("utf-8", "replace") for part in parts)


def apply(store: Store, emissions: Sequence[Emission], gone: Iterable[str], suggested: str) -> tuple[int, int]:
    """Replace what notes say; ``gone`` are IRIs of notes that are no more.

    Returns:
        how many triples and quads were added and how many removed.
    """
    notes = {NamedNode(each.note) for each in emissions} | {NamedNode(each) for each in gone}
    said = _Change(store, notes, NamedNode(suggested))
    guessed = _Guess(store, notes, said)
    for each in emissions:
        said.say(each.note, each.said)
        guessed.say(each.note, each.guessed)
    said.settle()
    guessed.settle()
    old, new = said.removed | guessed.removed, said.added | guessed.added
    removed, added = old - new, new - old
    if removed or added:
        store.update(_request(removed, added))
    return len(added), len(removed)


class _Change:
    """What is to be removed from the default graph and added to it, as it is worked out."""

    graph: DefaultGraph | NamedNode = DEFAULT

    def __init__(self, store: Store, notes: set[NamedNode], suggested: NamedNode) -> None:
        self.store, self.notes, self.suggested = store, notes, suggested
        self.old = {quad for note in notes for quad in self.private(note)}
        self.own: dict[NamedNode, set[Quad]] = {}
        self.shared: dict[NamedNode, set[Quad]] = {}
        self.new: set[Quad] = set()
        self.stating: dict[NamedNode | BlankNode | Triple, list[Quad]] = {}  # new facts by subject
        self.removed: set[Quad] = set()
        self.added: set[Quad] = set()

    def private(self, note: NamedNode) -> set[Quad]:
        """Give what only this note says, of itself, of its parts and of what is derived from it, and the facts in its named graph."""
        store = self.store
        parts = {quad.subject for verb in (_IN_NOTE, _DERIVED) for quad in store.quads_for_pattern(None, verb, note, DEFAULT)}
        found = {quad for part in parts for quad in store.quads_for_pattern(part, None, None, DEFAULT)}
        own = set(store.quads_for_pattern(note, None, None, DEFAULT))
        found |= set(store.quads_for_pattern(None, None, None, note))
        return found | (own if any(quad.predicate in (_PATH, _HOLDS) for quad in own) else set())

    def say(self, iri: str, side: Side) -> None:
        """Take up what a note says now."""
        note = NamedNode(iri)
        private = self.quads(side.private)
        self.own[note] = {quad for quad in private if quad.subject == note}
        self.new |= private
        if self.graph == DEFAULT:  # guesses stand while a claim says so
            facts = {Quad(fact.subject, fact.predicate, fact.object, note) for fact in self.quads(side.facts)}
            self.new |= facts
            for fact in facts:
                self.stating.setdefault(fact.subject, []).append(fact)
        for thing, described in side.shared.items():
            self.shared[NamedNode(bare(thing))] = self.quads(described)

    def quads(self, lines: Sequence[str]) -> set[Quad]:
        """Read lines as quads of this graph."""
        return {
            Quad(each.subject, each.predicate, each.object, self.graph) for each in parse(_bytes(lines), format=RdfFormat.N_TRIPLES, lenient=True)
        }

    def settle(self) -> None:
        """Work out what happens to things that notes share, starting from those touched."""
        self.removed, self.added = self.old - self.new, self.new - self.old
        pending: list[NamedNode] = list(self.touched())
        seen: set[NamedNode] = set()
        told: set[Quad] = set()
        while pending:
            thing = pending.pop()
            if thing in seen:
                continue
            seen.add(thing)
            now = set(self.store.quads_for_pattern(thing, None, None, self.graph))
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

    def touched(self) -> set[NamedNode]:
        """Name the things whose triples may change."""
        found = self.notes | set(self.shared)
        for quad in self.old:
            if _refers(quad) and isinstance(quad.object, NamedNode):
                found.add(quad.object)
            if quad.graph_name != self.graph and isinstance(quad.subject, NamedNode):
                found.add(quad.subject)
        return found

    def wanted(self, thing: NamedNode, now: set[Quad]) -> set[Quad] | None:
        """Say what the graph shall hold about a thing; None where it is as it should be."""
        if any(quad.predicate == _IN_NOTE for quad in now):
            return None  # a passage or section that others cite is its note's alone
        was_note = any(quad.predicate == _PATH for quad in now)
        if was_note and thing not in self.notes:
            return None
        stated = self.stated(thing, now)
        if thing in self.own:
            return self.own[thing] | stated
        if thing in self.shared:
            return self.shared[thing] | stated
        if was_note or not self.alive(thing):
            return stated
        return (now - self.unsaid(thing, now)) | stated

    def unsaid(self, thing: NamedNode, _now: set[Quad]) -> set[Quad]:
        """Give the facts about a thing that a note has stopped stating."""
        return {_plain(quad) for quad in self.removed if quad.subject == thing and quad.graph_name != DEFAULT}

    def stated(self, thing: NamedNode, now: set[Quad]) -> set[Quad]:
        """Give the facts about a thing that some named graph holds after the change, as default triples; ``now`` are those it has."""
        verbs = {quad.predicate for quad in now} - _DESCRIBING
        said = (quad for verb in verbs for quad in self.store.quads_for_pattern(thing, verb, None, None))
        held = {quad for quad in said if quad.graph_name not in (DEFAULT, self.suggested)} - self.old
        # Of a type, which hundreds of notes may say, one is enough.
        types = {quad for quad in now if quad.predicate == _TYPE and self.said_still(quad)}
        return types | {_plain(quad) for quad in (*held, *self.stating.get(thing, ()))}

    def said_still(self, quad: Quad) -> bool:
        """Say whether the named graph of a note that is not written anew holds a triple."""
        said = self.store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        return any(each.graph_name not in (DEFAULT, self.suggested) and each not in self.old for each in said)

    def alive(self, thing: NamedNode) -> bool:
        """Say whether something points at a thing after the change."""
        if any(quad.object == thing and _refers(quad) for quad in self.added):
            return True
        return any(quad not in self.removed for reference in _REFERENCES for quad in self.store.quads_for_pattern(None, reference, thing, self.graph))

    def holds(self, quad: Quad) -> bool:
        """Say whether the default graph has a triple after the change."""
        plain = _plain(quad)
        return plain in self.added or (plain in self.store and plain not in self.removed)


class _Guess(_Change):
    """The same for the graph of suggestions, once what happens to the default graph is known."""

    def __init__(self, store: Store, notes: set[NamedNode], said: _Change) -> None:
        self.said = said
        self.graph = said.suggested
        self.claims: dict[NamedNode, dict[NamedNode, Any]] = {}
        super().__init__(store, notes, said.suggested)

    def say(self, iri: str, side: Side) -> None:
        super().say(iri, side)
        for quad in self.new:
            if quad.predicate in (_SUBJECT, _PREDICATE, _OBJECT) and isinstance(quad.subject, NamedNode):
                self.claims.setdefault(quad.subject, {})[quad.predicate] = quad.object

    def private(self, note: NamedNode) -> set[Quad]:
        store = self.store
        parts = {quad.subject for graph in (DEFAULT, self.suggested) for quad in store.quads_for_pattern(None, _IN_NOTE, note, graph)}
        return {quad for part in (note, *parts) for quad in store.quads_for_pattern(part, None, None, self.suggested)}

    def touched(self) -> set[NamedNode]:
        found = super().touched()
        claims = [quad for quad in (*self.old, *self.new) if quad.predicate == _SUBJECT]
        found |= {quad.object for quad in claims if isinstance(quad.object, NamedNode)}
        changed = {quad.subject for quad in (*self.said.removed, *self.said.added) if isinstance(quad.subject, NamedNode)}
        return found | {thing for thing in changed if any(self.store.quads_for_pattern(None, _SUBJECT, thing, self.graph))}

    def stated(self, thing: NamedNode, _now: set[Quad]) -> set[Quad]:
        """Give the relations of a thing that a claim of the suggestions states after the change, and no fact does."""
        claims = [told for told in self.claims.values() if told[_SUBJECT] == thing]
        kept = [quad.subject for quad in self.store.quads_for_pattern(None, _SUBJECT, thing, self.graph) if quad not in self.old]
        claims += [{each.predicate: each.object for each in self.store.quads_for_pattern(claim, None, None, self.graph)} for claim in kept]
        found = {Quad(thing, told[_PREDICATE], told[_OBJECT], self.graph) for told in claims}
        return {quad for quad in found if quad.predicate != _TYPE and not self.said.holds(quad)}

    def unsaid(self, _thing: NamedNode, now: set[Quad]) -> set[Quad]:
        """Give the relations of a thing that stand in the graph; those that are still stated are added again."""
        return {quad for quad in now if quad.predicate in _RELATED}


_DESCRIBING = frozenset(NamedNode(bare(each)) for each in (TYPE, PATH, LINKS_TO, MENTIONS))
"""What is said of things, often many times, and never as a fact that other notes may state as well."""
_RELATED = frozenset(NamedNode(bare(term(each))) for each in ("country", "organisation", "theme"))


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
