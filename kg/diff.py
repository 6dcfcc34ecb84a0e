"""What came, went and changed between two states of a graph: exact, since no node is blank.

    State       one state, whatever it was read from
    Came        what one sort of things gained and lost
    Difference  all sorts: notes, links, mentions, facts, entities, issues; passages and the like as counts

Things are compared by their names without the base, so that a graph moved to another one differs in
that alone; its claims, whose names are digests of the base as well, are not compared then. A patch
compares every triple as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kg import turtle
from kg.names import ONTOLOGY, Names
from kg.terms import bare
from kg.triples import iri_of, pairs, said_of, value

if TYPE_CHECKING:
    from pyoxigraph import Store

Row = tuple[str, ...]
COUNTED = ("Passage", "Section", "Moment", "Claim", "Video", "Channel", "MissingNote")
GROUPS = ("notes", "links", "mentions", "facts", "entities", "issues")
_NO_FACT = frozenset(map(iri_of, ("rdf:type", "skos:inScheme", "schema:sameAs", "skos:exactMatch", ":page")))
"""What joins an entity to something and is part of its description."""


class Came(NamedTuple):
    """Rows of one sort that came and went, and those whose description did not stay: the row, what it lost, what it gained."""

    added: tuple[Row, ...] = ()
    removed: tuple[Row, ...] = ()
    changed: tuple[tuple[Row, Row, Row], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def all(self) -> int:
        return len(self.added) + len(self.removed) + len(self.changed) + len(self.renamed)


class Count(NamedTuple):
    """How many of a class there were and are, and how many came and went."""

    old: int
    new: int
    added: int
    removed: int


class Difference(NamedTuple):
    """What two states differ in.

    Rows: notes (path); links (path, path or name of a missing note); mentions (path, entity); facts (subject, property, object);
    entities (name, label); issues (path, line, code, text). ``counts`` are of classes; ``triples`` are N-Triples lines, if every one was compared.
    """

    notes: Came
    links: Came
    mentions: Came
    facts: Came
    entities: Came
    issues: Came
    counts: dict[str, Count]
    triples: Came | None = None

    @property
    def differs(self) -> bool:
        """Say whether anything does."""
        groups = [getattr(self, name) for name in GROUPS]
        told = any(each.all for each in groups) or any(each.added or each.removed for each in self.counts.values())
        return told or bool(self.triples and self.triples.all)


class State:
    """One state of a graph: its triples, the base of its names (found in them if not given), what it is called and how it was made.

    ``made`` sums up all but the notes that a graph depends on, where that is known: two graphs of equal notes made alike are equal.
    """

    def __init__(self, name: str, store: Store, base: str = "", *, detail: str = "", made: str = "") -> None:
        self.name, self.store, self.detail, self.made = name, store, detail, made
        self.base = base or self._base()
        self.names = Names(self.base)
        self.short_term = turtle.shortener(self.names)

    def _base(self) -> str:
        for note, path in sorted(pairs(self.store, iri_of(":path")))[:1]:
            end = Names("").note(path)
            if note.endswith(end):
                return note.removesuffix(end)
        return Names().base

    def name_of(self, iri: str) -> str:
        """Give a thing's name without the base, by which states are compared."""
        return iri.removeprefix(self.base)

    def short(self, name: str) -> str:
        """Write a name as a query may."""
        return self.short_term(f"<{name if ':' in name.partition('/')[0] else self.base + name}>")

    def pairs(self, verb: str) -> set[tuple[str, str]]:
        """Give subject and object of every triple of a property, without the base."""
        return {(self.name_of(one), self.name_of(other)) for one, other in pairs(self.store, iri_of(verb))}

    def members(self, name: str) -> set[str]:
        """Give the things of a class of the ontology."""
        return {self.name_of(iri) for iri in self._instances(name)}

    def _instances(self, name: str) -> Iterator[str]:
        from pyoxigraph import DefaultGraph, NamedNode

        found = self.store.quads_for_pattern(None, NamedNode(iri_of("rdf:type")), NamedNode(ONTOLOGY + name), DefaultGraph())
        return (value(each.subject) for each in found)

    @cached_property
    def paths(self) -> dict[str, str]:
        """The path of every note."""
        return dict(self.pairs(":path"))

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of every note's file, by path."""
        return {self.paths[note]: sha for note, sha in self.pairs("schema:sha256") if note in self.paths}

    @cached_property
    def labels(self) -> dict[str, str]:
        """What everything is called."""
        return dict(sorted(self.pairs("rdfs:label"), reverse=True))

    @cached_property
    def said(self) -> tuple[set[Row], dict[str, set[Row]]]:
        """The facts on entities, and the description of each."""
        from pyoxigraph import DefaultGraph, NamedNode

        facts: set[Row] = set()
        described: dict[str, set[Row]] = {}
        for iri in self._instances("Entity"):
            subject = self.name_of(iri)
            about = described.setdefault(subject, set())
            for quad in self.store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph()):
                verb = quad.predicate.value
                if isinstance(quad.object, NamedNode) and verb not in _NO_FACT:
                    facts.add((subject, verb, self.name_of(quad.object.value)))
                else:
                    about.add((verb, self._written(quad.object)))
        return facts, described

    def _written(self, thing: object) -> str:
        from pyoxigraph import NamedNode

        return f"<{self.name_of(thing.value)}>" if isinstance(thing, NamedNode) else str(thing)

    @cached_property
    def issues(self) -> dict[str, Row]:
        """Every issue: path, line, code, text."""
        words = (":note", ":line", ":code", ":text")
        found: dict[str, Row] = {}
        for iri in self._instances("Issue"):
            said = {each.predicate.value: value(each.object) for each in said_of(self.store, iri)}
            note, line, code, text = (said.get(iri_of(word), "") for word in words)
            found[self.name_of(iri)] = (self.paths.get(self.name_of(note), ""), line, code, text)
        return found

    def lines(self, *, everywhere: bool) -> list[bytes]:
        """Give every statement as a line, in no order: of the default graph as N-Triples, or of all but the suggestions as N-Quads."""
        from pyoxigraph import DefaultGraph, RdfFormat

        if not everywhere:
            return (self.store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b"").split(b"\n")[:-1]
        hidden = f" <{self.names.suggested}> .".encode()
        return [line for line in (self.store.dump(format=RdfFormat.N_QUADS) or b"").split(b"\n")[:-1] if not line.endswith(hidden)]

    def blank(self) -> bool:
        """Say whether some node is blank, which no two states can be compared by."""
        from pyoxigraph import QueryBoolean

        return bool(isinstance(found := self.store.query("ASK { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }"), QueryBoolean) and found)


def difference(old: State, new: State, *, everything: bool = False) -> Difference:
    """Compare two states; with ``everything``, every triple of the default graphs as well."""
    rebased = old.base != new.base
    found = Difference(
        _notes(old, new),
        _rows(old.pairs(":linksTo"), new.pairs(":linksTo"), _link, old, new),
        _rows(old.pairs(":mentions"), new.pairs(":mentions"), _mention, old, new),
        _rows(old.said[0], new.said[0], _fact, old, new),
        _entities(old, new),
        _issues(old, new),
        {name: _count(old.members(name), new.members(name)) for name in COUNTED if not (rebased and name == "Claim")},
    )
    # Equal notes, made alike, make equal graphs: that is tested, and looking costs twice as much as all the rest.
    alike = rebased or bool(old.made and old.made == new.made)
    return found._replace(triples=_triples(old, new)) if everything or not (found.differs or alike) else found


def patch(old: State, new: State) -> Iterator[str]:
    """Write what makes the new state of the old one as an RDF Patch: lines of D (delete), then of A (add), each in order."""
    before, after = set(old.lines(everywhere=True)), set(new.lines(everywhere=True))
    for sign, lines in (("D", before - after), ("A", after - before)):
        yield from (f"{sign} {line.decode('utf-8')}" for line in sorted(lines))


def _triples(old: State, new: State) -> Came:
    before, after = set(old.lines(everywhere=False)), set(new.lines(everywhere=False))
    come, gone = ([(line.decode("utf-8"),) for line in sorted(lines)] for lines in (after - before, before - after))
    return Came(tuple(come), tuple(gone))


def _notes(old: State, new: State) -> Came:
    before, after = old.hashes, new.hashes
    added, removed = sorted(after.keys() - before.keys()), sorted(before.keys() - after.keys())
    waiting: dict[str, list[str]] = {}
    for path in removed:
        waiting.setdefault(before[path], []).append(path)
    renamed = [(waiting[after[path]].pop(0), path) for path in added if waiting.get(after[path])]
    moved = {path for pair in renamed for path in pair}
    changed = sorted(path for path in before.keys() & after.keys() if before[path] != after[path])
    return Came(
        tuple((path,) for path in added if path not in moved),
        tuple((path,) for path in removed if path not in moved),
        tuple(((path,), (before[path],), (after[path],)) for path in changed),
        tuple(sorted(renamed)),
    )


def _rows(before: AbstractSet[Row], after: AbstractSet[Row], shown: Callable[[State, Row], Row], old: State, new: State) -> Came:
    return Came(tuple(sorted(shown(new, row) for row in after - before)), tuple(sorted(shown(old, row) for row in before - after)))


def _link(state: State, row: Row) -> Row:
    return _path(state, row[0]), _path(state, row[1])


def _path(state: State, note: str) -> str:
    return state.paths.get(note) or f"[[{state.labels.get(note, note)}]]"


def _mention(state: State, row: Row) -> Row:
    return _path(state, row[0]), state.short(row[1])


def _fact(state: State, row: Row) -> Row:
    return tuple(map(state.short, row))


def _entities(old: State, new: State) -> Came:
    before, after = old.said[1], new.said[1]

    def row(state: State, name: str) -> Row:
        return state.short(name), state.labels.get(name, "")

    changed = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    return Came(
        tuple(sorted(row(new, name) for name in after.keys() - before.keys())),
        tuple(sorted(row(old, name) for name in before.keys() - after.keys())),
        tuple((row(new, name), _facts(old, before[name] - after[name]), _facts(new, after[name] - before[name])) for name in changed),
    )


def _facts(state: State, said: set[Row]) -> Row:
    return tuple(sorted(f"{state.short(verb)} {state.short(bare(what)) if what.startswith('<') else what}" for verb, what in said))


def _issues(old: State, new: State) -> Came:
    before, after = old.issues, new.issues

    def rows(found: dict[str, Row], names: Iterable[str]) -> tuple[Row, ...]:
        return tuple(sorted((found[name] for name in names), key=lambda row: (row[0], int(row[1] or 0), row)))

    return Came(rows(after, after.keys() - before.keys()), rows(before, before.keys() - after.keys()))


def _count(before: set[str], after: set[str]) -> Count:
    return Count(len(before), len(after), len(after - before), len(before - after))


__all__ = ["COUNTED", "GROUPS", "Came", "Count", "Difference", "State", "difference", "patch"]
