"""Why the graph says what it says: which rule, which words, which lines, and what else was considered.

    thing   an entity: what it is, how it stands, and every place that names it
    line    a line of a note, or a link: what is written there and what was made of it
    fact    a statement: its claims, or what there is instead

Values only: the command writes them down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from kg import index, names, resolve, turtle
from kg.errors import KgError
from kg.names import ONTOLOGY, STANDARD_PREFIXES
from kg.rules import Rule, rule
from kg.standing import MIDDLE, SEEN
from kg.triples import least, pairs, term

if TYPE_CHECKING:
    from kg.entities import Mentioned
    from kg.graph import Graph

RELATIONS = ("country", "organisation", "theme", "broader", "related", "mentions", "about", "linksTo", "page")
"""Properties that a fact may be asked with, by their local names."""


class Place(NamedTuple):
    """Where something is said: file, line (from 1), the words, and the part of them that matters."""

    path: str
    line: int
    text: str
    words: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Named(NamedTuple):
    """A place that names something, by which rule, or why nothing was made of it."""

    place: Place
    kind: str
    key: str
    rule: Rule
    why: str


class Thing(NamedTuple):
    """An entity and why it is there; ``others`` are further things that answer to the name."""

    iri: str
    kind: str
    label: str
    spellings: tuple[str, ...]
    fact: bool
    reason: str
    pages: tuple[str, ...]
    notes: int
    named: tuple[Named, ...]
    considered: tuple[Named, ...]
    others: tuple[str, ...]


class Link(NamedTuple):
    """A link as written, the note it means ("" if none), by which tier, and what comes near or could be meant as well."""

    place: Place
    target: str
    found: str
    tier: str
    near: tuple[str, ...]


class Line(NamedTuple):
    """What stands on a line: links, and names."""

    path: str
    line: int
    links: tuple[Link, ...]
    named: tuple[Named, ...]


class Claim(NamedTuple):
    """What says a fact: the rule, how sure it is, where, and whether that makes it one."""

    rule: Rule
    sure: float
    places: tuple[Place, ...]
    fact: bool
    source: str


class Fact(NamedTuple):
    """A statement: its terms, whether the graph holds it as a fact, as a suggestion ("suggested") or not (""), and why.

    ``instead`` are the objects that the subject has by this property; ``together`` are places that name both.
    """

    subject: str
    property: str
    object: str
    held: str
    claims: tuple[Claim, ...]
    instead: tuple[str, ...]
    together: tuple[Place, ...]


# -- an entity -----------------------------------------------------------------------------------


def thing(graph: Graph, name: str) -> Thing:
    """Explain an entity by its IRI, prefixed name, label or another name.

    Raises:
        KgError: nothing answers to the name; with a guess.
    """
    found = lookup(graph, name)
    iri, others = found[0], tuple(_short(graph, each) for each in found[1:])
    kind = iri.removeprefix(graph.names.base).partition("/")[0]
    mentions = sorted(index.mentions(graph.generation.index))
    own = [each for each in mentions if each.kind == kind and not each.why and graph.names.entity(kind, each.key) == iri]
    spans = {(each.note, each.anchor, each.start): each for each in own}
    labels = {side: _one(graph, "rdfs:label", iri, side) for side in ("", graph.names.suggested)}
    fact = bool(labels[""])
    side = "" if fact else graph.names.suggested
    spellings = tuple(sorted(value for _, value in pairs(graph.store, term("skos:altLabel"), iri, side)))
    forms = {names.key(each) for each in (labels[side], *spellings)}
    considered = [each for each in mentions if each.why and (names.key(each.surface) in forms or (each.note, each.anchor, each.start) in spans)]
    texts = _texts(graph, {each.note for each in (*own, *considered)})
    pages = tuple(sorted(path for _, path in _pages(graph, iri, side)))
    return Thing(
        _short(graph, iri),
        kind,
        labels[side],
        spellings,
        fact,
        _reason(graph, iri, kind, own, pages, fact=fact),
        pages,
        len({each.note for each in own}),
        tuple(_named(each, texts) for each in own),
        tuple(_named(each, texts) for each in considered),
        others,
    )


def _reason(graph: Graph, iri: str, kind: str, own: list[Mentioned], pages: tuple[str, ...], *, fact: bool) -> str:
    """Say in words why an entity is a fact, or only a suggestion."""
    from pyoxigraph import DefaultGraph, NamedNode

    decided = NamedNode(graph.names.vocabulary), NamedNode(STANDARD_PREFIXES["dcterms"] + "references")
    if any(graph.store.quads_for_pattern(*decided, NamedNode(iri), DefaultGraph())):
        return "the author's vocabulary says so"
    if pages:
        return f"{pages[0]} is its page"
    rules = Counter({rule(kind, each.rule): 0 for each in own})
    notes: dict[Rule, set[str]] = {}
    for each in own:
        notes.setdefault(rule(kind, each.rule), set()).add(each.note)
    if not rules:
        return "something in the graph points at it"
    best = max(rules, key=lambda each: (each.name not in ("again", "acronym", "unexplained"), each.share, each.name))
    if not fact:
        return f"its best rule is {best}"
    if best.fact:
        return f"rule {best}"
    middle = {note for each, where in notes.items() if each.share >= MIDDLE for note in where}
    return (
        f"rules that are right {round(100 * MIDDLE)} times in 100 or more found it in {len(middle)} notes, and {SEEN} are enough; the best is {best}"
    )


def lookup(graph: Graph, name: str) -> list[str]:
    """Find the entities that answer to a name, the surest first.

    Raises:
        KgError: there is none; with a guess.
    """
    prefix, _, local = name.partition(":")
    known = graph.names.prefixes()
    sides = ("", graph.names.suggested)
    labels = [(iri, label) for side in sides for word in ("rdfs:label", "skos:altLabel") for iri, label in pairs(graph.store, term(word), graph=side)]
    entities = {iri for side in sides for iri, kind in pairs(graph.store, term("rdf:type"), graph=side) if kind == f"{ONTOLOGY}Entity"}
    for iri in (name.strip("<>"), known.get(prefix, f"{prefix}:") + local, graph.names.base + name):
        if iri in entities:
            return [iri]
    wanted = names.key(name)
    facts = {iri for iri, kind in pairs(graph.store, term("rdf:type")) if kind == f"{ONTOLOGY}Entity"}
    used = Counter(iri for side in sides for _, iri in pairs(graph.store, term(":mentions"), graph=side))
    found = {iri for iri, label in labels if iri in entities and names.key(label) == wanted}
    if found:
        return sorted(found, key=lambda iri: (iri not in facts, -used[iri], iri))
    near = get_close_matches(name, sorted({label for iri, label in labels if iri in entities}), n=1, cutoff=0.7)
    raise KgError(f"nothing in the graph is called {name!r}", hint=f"did you mean {near[0]!r}?" if near else "kg stats names what is there")


# -- a line, a link ------------------------------------------------------------------------------


def line(graph: Graph, path: str, number: int) -> Line:
    """Explain what stands on one line of a note.

    Raises:
        KgError: there is no such note.
    """
    paths = dict(pairs(graph.store, term(":path"))).values()
    if path not in paths:
        near = get_close_matches(path, list(paths), n=1)
        raise KgError(f"no note has the path {path!r}", hint=f"did you mean {near[0]!r}?" if near else "paths count from the folder of the notes")
    texts = _texts(graph, {path})
    links = [_link(graph, each, texts) for each in index.links(graph.generation.index, path) if each.line == number]
    named = [_named(each, texts) for each in index.mentions(graph.generation.index, path) if each.line == number and each.rule != "link"]
    return Line(path, number, tuple(links), tuple(named))


def links(graph: Graph, target: str) -> list[Link]:
    """Explain every link to a target, as it is written in some note.

    Raises:
        KgError: no note has such a link.
    """
    wanted = names.key(target.strip("[]").partition("|")[0].partition("#")[0])
    rows = [each for each in index.links(graph.generation.index) if names.key(each.target) == wanted]
    if not rows:
        raise KgError(f"no note links to {target!r}", hint="name a target as it stands in a link, a line such as note.md:12, or a thing")
    texts = _texts(graph, {each.note for each in rows})
    return [_link(graph, each, texts) for each in rows]


def _link(graph: Graph, row: index.LinkRow, texts: dict[tuple[str, str], tuple[int, str]]) -> Link:
    near: Iterable[str] = ()
    if not row.found and row.target:
        stems = {path.rpartition("/")[2].removesuffix(".md"): path for path in dict(pairs(graph.store, term(":path"))).values()}
        folded = {names.spaced(stem): path for stem, path in stems.items()}
        near = (folded[each] for each in get_close_matches(names.spaced(row.target), folded, n=3, cutoff=0.75))
    words = row.label if row.label is not None else row.target
    holding = [
        (line, text) for (note, _), (line, text) in texts.items() if note == row.note and line <= row.line and words in text.replace("\n", " ")
    ]
    text = max(holding, default=(0, ""))[1] if words else ""
    return Link(Place(row.note, row.line, text, words), row.target, row.found, resolve.TIERS_IN_WORDS.get(row.tier, ""), tuple(near))


# -- a fact --------------------------------------------------------------------------------------


def fact(graph: Graph, subject: str, verb: str, thing_: str) -> Fact:
    """Explain a statement: subject and object by any of their names, the property by its local name.

    Raises:
        KgError: one of them is not known; with a guess.
    """
    local = verb.rpartition(":")[2]
    if local not in RELATIONS:
        near = get_close_matches(local, RELATIONS, n=1)
        raise KgError(f"no fact has the property {verb!r}", hint=f"did you mean {near[0]!r}?" if near else f"known: {', '.join(RELATIONS)}")
    predicate = term(f"skos:{local}") if local in ("broader", "related") else ONTOLOGY + local
    start, end = _node(graph, subject), _node(graph, thing_)
    sides = {"fact": "", "suggested": graph.names.suggested}
    held = next((word for word, side in sides.items() if (start, end) in pairs(graph.store, predicate, start, side)), "")
    claims = [claim for word, side in sides.items() for claim in _claims(graph, side, (start, predicate, end), fact=word == "fact")]
    instead = sorted({_short(graph, other) for side in sides.values() for _, other in pairs(graph.store, predicate, start, side) if other != end})
    together = () if claims else tuple(_together(graph, start, end))
    return Fact(_short(graph, start), local, _short(graph, end), held, tuple(claims), tuple(instead), together)


def _node(graph: Graph, name: str) -> str:
    iri = graph.names.note(name)
    if any(pairs(graph.store, term(":path"), iri)):
        return iri
    prefix, _, local = name.partition(":")
    iri = graph.names.base + f"note/{local}" if prefix == "note" else ""
    return iri if iri and any(pairs(graph.store, term(":path"), iri)) else lookup(graph, name)[0]


def _claims(graph: Graph, side: str, statement: tuple[str, str, str], *, fact: bool) -> Iterator[Claim]:
    store = graph.store
    said = [claim for claim, subject in pairs(store, term("rdf:subject"), graph=side) if subject == statement[0]]
    for claim in sorted(said):
        told = tuple(_one(graph, word, claim, side) for word in ("rdf:subject", "rdf:predicate", "rdf:object"))
        if told != statement:
            continue
        name, sure = _one(graph, ":rule", claim, side), float(_one(graph, ":confidence", claim, side) or 1)
        parts = [part for _, part in pairs(store, term(":evidence"), claim, side)]
        source = "the author's vocabulary" if _one(graph, "prov:wasDerivedFrom", claim, side) else ""
        yield Claim(rule("", name), sure, tuple(sorted(_place(graph, part) for part in parts)), fact, source)


def _together(graph: Graph, start: str, end: str) -> Iterator[Place]:
    """Give the passages that name both, which no rule joined."""
    sides = ("", graph.names.suggested)
    naming = [{part for side in sides for part, named in pairs(graph.store, term(":names"), graph=side) if named == each} for each in (start, end)]
    yield from sorted(_place(graph, part) for part in naming[0] & naming[1])


# -- places --------------------------------------------------------------------------------------


def _short(graph: Graph, iri: str) -> str:
    """Write an IRI as a query may."""
    return turtle.shortener(graph.names)(f"<{iri}>")


def _place(graph: Graph, part: str) -> Place:
    note = _one(graph, ":note", part, "")
    text = _one(graph, ":text", part, "") or _one(graph, "rdfs:label", part, "")
    return Place(_one(graph, ":path", note, ""), int(_one(graph, ":line", part, "") or 0), text)


def _one(graph: Graph, word: str, subject: str, side: str) -> str:
    return min((value for _, value in pairs(graph.store, term(word), subject, side)), default="") if subject else ""


def _pages(graph: Graph, iri: str, side: str) -> Iterator[tuple[str, str]]:
    paths = least(graph.store, term(":path"))
    yield from ((page, paths.get(page, "")) for _, page in pairs(graph.store, term(":page"), iri, side))


def _named(row: Mentioned, texts: dict[tuple[str, str], tuple[int, str]]) -> Named:
    return Named(
        Place(row.note, row.line, texts.get((row.note, row.anchor), (0, ""))[1], row.surface), row.kind, row.key, rule(row.kind, row.rule), row.why
    )


def _texts(graph: Graph, notes: set[str]) -> dict[tuple[str, str], tuple[int, str]]:
    """Give the texts of some notes by path and anchor, each with its line."""
    folder = graph.generation.index
    paths = dict(pairs(graph.store, term(":path")))
    found = {(paths[note], ""): (1, title) for note, title in pairs(graph.store, term("rdfs:label")) if paths.get(note, "") in notes}
    # A note at a time is right for a few; for many, one walk over all of them.
    chosen: list[str | None] = [*sorted(notes)] if len(notes) < index.BUCKETS // 2 else [None]
    for note in chosen:
        found |= {(row.note, row.anchor): (row.line, row.text) for row in index.passages(folder, note) if row.note in notes}
        found |= {(row.note, row.anchor): (row.line, row.text) for row in index.sections(folder, note) if row.note in notes}
    return found
