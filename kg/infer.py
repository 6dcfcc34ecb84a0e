"""What follows from the graph and the ontology by OWL 2 RL, and what contradicts itself.

Nothing here is ever written into the graph, whose facts only follow from notes. The work is done by ``reasonable``,
an optional package; what it does badly is done here:

- functional properties: it joins every value with every other (16 GB and 49 s of CPU on the OECD notes, against
  0.8 GB and 3 s without them), so they are taken out and looked at afterwards;
- contradictions: it reports none, so the closure is looked through for them;
- chains of properties, and classes that list their members: it knows neither (nor keys and cardinalities, which are left out);
- terms other than IRIs: it renames blank nodes and spells numbers anew, so it sees IRIs that stand for them.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kg import kinds, ontology, rdf, settled, sources, spellings
from kg.errors import KgError
from kg.names import DEFAULT_BASE
from kg.store import LOADED, Manifest
from kg.terms import TYPE, term

if TYPE_CHECKING:
    from pyoxigraph import Store

Fact = tuple[str, str, str]
"""Subject, predicate, object, as N-Triples writes them."""
_SAME, _DIFFERENT, _THING, _NOTHING = map(term, ("owl:sameAs", "owl:differentFrom", "owl:Thing", "owl:Nothing"))
_FUNCTIONAL, _INVERSE_FUNCTIONAL = map(term, ("owl:FunctionalProperty", "owl:InverseFunctionalProperty"))
EMPTY = {_THING, _NOTHING, term("rdfs:Resource")}
_STAND_IN = "urn:x-kg:"


class Contradiction(NamedTuple):
    """Facts that cannot be true together, and the axiom that says so, in words."""

    facts: tuple[Fact, ...]
    why: str


class Inferred(NamedTuple):
    """What follows and was not said, in order, and what contradicts itself."""

    said: int
    new: list[Fact]
    contradictions: list[Contradiction]

    @property
    def counts(self) -> dict[str, int]:
        """How many facts are new of each property, the most first."""
        found = Counter(predicate for _, predicate, _ in self.new)
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


class Reasoner(Protocol):
    """What is used of ``reasonable.PyReasoner``."""

    def load_file(self, path: str) -> None: ...
    def reason(self) -> list[tuple[str, str, str]]: ...


def infer(store: Store, axioms: Iterable[Path]) -> Inferred:
    """Work out what follows from the default graph and the axioms in some files.

    Raises:
        KgError: the reasoner is not installed, or a file cannot be read.
    """
    said = set(_of_store(store))
    stated = set(_of_files(axioms))
    terms = {subject for subject, _, _ in stated} - {subject for subject, _, _ in said}
    given = said | stated
    functional = {each: {s for s, p, o in given if p == TYPE and o == each} for each in (_FUNCTIONAL, _INVERSE_FUNCTIONAL)}
    known = {fact for fact in given if fact[2] not in functional}
    while True:
        closed = _closure(known)
        by = _by_property(closed | given)
        more = {each for each in (*_same(by, functional), *_chained(by), *_listed(by)) if each not in closed}
        if not more:  # else more may follow from that
            break
        known |= more
    new = [fact for fact in closed - given if _telling(fact, terms)]
    return Inferred(len(said), sorted(new), sorted(set(_contradictions(by, functional[_FUNCTIONAL]))))


def files(manifest: Manifest, folder: Path, more: Collection[Path] = ()) -> list[Path]:
    """List the files with axioms: kg's ontology, the vault's own, and ``more``; ``folder`` is the graph's."""
    found = [ontology.path("kg.ttl")]
    notes = Path(manifest.source)
    if manifest.detail != LOADED and notes.is_dir():
        found += kinds.files(settled.home(settled.settings(notes, folder), notes))
    return [*found, *more]


# -- reading and reasoning -----------------------------------------------------------------------


def _of_store(store: Store) -> Iterator[Fact]:
    from pyoxigraph import DefaultGraph, RdfFormat

    data = store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""
    for line in data.decode("utf-8").split("\n")[:-1]:
        subject, predicate, thing = line[:-2].split(" ", 2)
        yield subject, predicate, thing


def _of_files(paths: Iterable[Path]) -> Iterator[Fact]:
    for number, source in enumerate(sources.sources([str(each) for each in paths])):
        for each in rdf.quads(source, DEFAULT_BASE):
            # Blank nodes of two files are two, whatever they are called.
            subject, thing = (f"{name}.{number}" if name[0] == "_" else name for name in map(spellings.written, (each.subject, each.object)))
            yield subject, str(each.predicate), thing


def _closure(facts: set[Fact]) -> set[Fact]:
    """Give facts and all that follows from them; a literal is never a subject."""
    reasoner = _reasoner()
    stand_ins: dict[str, str] = {}

    def stand_in(written: str) -> str:
        if written[0] == "<" and written[1] != "<":
            return written
        return stand_ins.setdefault(written, f"<{_STAND_IN}{len(stand_ins)}>")

    handle, name = tempfile.mkstemp(suffix=".ttl")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(f"{stand_in(subject)} {predicate} {stand_in(thing)} .\n" for subject, predicate, thing in facts)
        reasoner.load_file(name)
    except OSError as error:
        raise KgError(f"the reasoner cannot read the graph: {error}") from None
    finally:
        Path(name).unlink()
    meant = {given: written for written, given in stand_ins.items()}
    found = ((meant.get(s, s), p, meant.get(o, o)) for s, p, o in ((f"<{s}>", f"<{p}>", f"<{o}>") for s, p, o in reasoner.reason()))
    return {fact for fact in found if fact[0][0] != '"' and not fact[0].startswith("<<")}


def _reasoner() -> Reasoner:
    try:
        from reasonable import PyReasoner
    except ImportError:
        raise KgError("kg infer needs the package reasonable, which is not installed", hint="pip install 'kgnotes[infer]'") from None
    reasoner: Reasoner = PyReasoner()
    return reasoner


def _telling(fact: Fact, terms: Collection[str]) -> bool:
    """Say whether a new fact tells anything: that all is a thing, and what follows about the axioms themselves, does not."""
    subject, predicate, thing = fact
    return not (thing in EMPTY or subject in EMPTY or subject in terms or (predicate == _SAME and subject == thing))


# -- what the reasoner leaves to us --------------------------------------------------------------

Pairs = Mapping[str, set[tuple[str, str]]]


def _by_property(facts: Iterable[Fact]) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for subject, predicate, thing in facts:
        found.setdefault(predicate, set()).add((subject, thing))
    return found


def _several(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Give what has several values, each with them, in order."""
    found: dict[str, set[str]] = {}
    for subject, thing in pairs:
        found.setdefault(subject, set()).add(thing)
    return {subject: sorted(values) for subject, values in found.items() if len(values) > 1}


def _same(by: Pairs, functional: Mapping[str, set[str]]) -> Iterator[Fact]:
    """Two values of a functional property are one thing."""
    values = [many for each in functional[_FUNCTIONAL] for many in _several(by.get(each, ())).values()]
    values += [many for each in functional[_INVERSE_FUNCTIONAL] for many in _several((o, s) for s, o in by.get(each, ())).values()]
    for many in values:
        things = [each for each in many if each[0] != '"']
        yield from ((things[0], _SAME, other) for other in things[1:])


def _chained(by: Pairs) -> Iterator[Fact]:
    """What a chain of properties leads to."""
    for whole, head in by.get(term("owl:propertyChainAxiom"), ()):
        first, *rest = _members(by, head) or [""]
        ends = set(by.get(first, ()))
        for each in rest:
            steps: dict[str, set[str]] = {}
            for subject, thing in by.get(each, ()):
                steps.setdefault(subject, set()).add(thing)
            ends = {(start, thing) for start, middle in ends for thing in steps.get(middle, ())}
        yield from ((start, whole, end) for start, end in ends if start[0] != '"')


def _listed(by: Pairs) -> Iterator[Fact]:
    """The members of a class that names them."""
    for sort, head in by.get(term("owl:oneOf"), ()):
        yield from ((each, TYPE, sort) for each in _members(by, head) if each[0] != '"')


def _members(by: Pairs, head: str) -> list[str]:
    """Give what an RDF list holds."""
    first, rest = dict(by.get(term("rdf:first"), ())), dict(by.get(term("rdf:rest"), ()))
    found: dict[str, str] = {}
    while head in first and head not in found:
        found[head] = first[head]
        head = rest.get(head, "")
    return list(found.values())


def _contradictions(by: Pairs, functional: Collection[str]) -> Iterator[Contradiction]:
    types: dict[str, set[str]] = {}
    for thing, sort in by.get(TYPE, ()):
        types.setdefault(sort, set()).add(thing)
    for one, other in _disjoint(by):
        for thing in types.get(one, set()) & types.get(other, set()):
            yield Contradiction(((thing, TYPE, one), (thing, TYPE, other)), "nothing is both")
    for thing in types.get(_NOTHING, ()):
        yield Contradiction(((thing, TYPE, _NOTHING),), "nothing is of this class")
    for one, other in {(min(pair), max(pair)) for pair in by.get(_SAME, set()) & by.get(_DIFFERENT, set())}:
        if one != other:  # else what follows from the same between two
            yield Contradiction(((one, _SAME, other), (one, _DIFFERENT, other)), "two things are one or not")
    for each in functional:
        for subject, many in _several(by.get(each, ())).items():
            values = tuple((subject, each, value) for value in many if value[0] == '"')
            if len(values) > 1:
                yield Contradiction(values, "there is one value at most")
    for each in types.get(term("owl:IrreflexiveProperty"), ()):
        for subject, thing in by.get(each, ()):
            if subject == thing:
                yield Contradiction(((subject, each, thing),), "nothing has this relation to itself")
    for each in types.get(term("owl:AsymmetricProperty"), ()):
        pairs = by.get(each, set())
        for subject, thing in pairs:
            if subject <= thing and (thing, subject) in pairs:
                yield Contradiction(((subject, each, thing), (thing, each, subject)), "this relation goes one way only")
    for one, other in by.get(term("owl:propertyDisjointWith"), ()):
        for subject, thing in by.get(one, set()) & by.get(other, set()):
            yield Contradiction(((subject, one, thing), (subject, other, thing)), "only one of these relations can hold")


def _disjoint(by: Pairs) -> set[tuple[str, str]]:
    """Give pairs of classes that nothing can be of both, each once."""
    pairs = {*by.get(term("owl:disjointWith"), ()), *by.get(term("owl:complementOf"), ())}
    groups = {thing for thing, sort in by.get(TYPE, ()) if sort == term("owl:AllDisjointClasses")}
    lists = [thing for subject, thing in by.get(term("owl:members"), ()) if subject in groups]
    lists += [thing for _, thing in by.get(term("owl:disjointUnionOf"), ())]
    for members in (_members(by, head) for head in lists):
        pairs |= {(one, other) for one in members for other in members if one != other}
    return {(min(pair), max(pair)) for pair in pairs}


__all__ = ["Contradiction", "Fact", "Inferred", "files", "infer"]
