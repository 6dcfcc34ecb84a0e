"""Why the graph says what it says: which rule, which words, which lines, and what else was considered.

    thing   an entity: what it is, how it stands, and every place that names it
    line    a line of a note: the links, the names and the claims that stand there
    links   a link, as some note writes it
    tried   how a link is resolved in one note, step by step
    fact    a statement: its claims, or what there is instead

Values only: the command writes them down. With ``most``, so many places are looked up and the rest counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from kg import index, kinds, names, resolve, vault
from kg.dialect import LABEL_FIRST
from kg.errors import KgError, UsageError
from kg.extract import ECHOES
from kg.grounds import Claim, Known, Link, Named, by_place, line_of
from kg.names import ONTOLOGY
from kg.places import Place
from kg.rules import Rule, rule
from kg.standing import FACT, MIDDLE, SEEN, standing
from kg.terms import literal
from kg.triples import iri_of, pairs

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.model import Mentioned, OfferKind

OF_THINGS = ("country", "organisation", "theme", "broader", "related", "page")
OF_NOTES = ("mentions", "names", "about", "linksTo", "cites")
RELATIONS = (*OF_THINGS, *OF_NOTES)
"""Properties that a fact may be asked with, by their local names."""


class RuleCount(NamedTuple):
    """A rule, and in how many places and notes it found a name."""

    rule: Rule
    places: int
    notes: int


class Thing(NamedTuple):
    """An entity and why it is there.

    ``decided`` is what settles it: a line of the vocabulary, or of its page's front matter. ``places`` and ``left`` count what
    ``named`` and ``considered`` show the first of; ``others`` are further things that answer to the name, each with its label.
    """

    iri: str
    kind: str
    classes: tuple[str, ...]
    label: str
    spellings: tuple[str, ...]
    fact: bool
    reason: str
    decided: Place | None
    pages: tuple[str, ...]
    places: int
    notes: int
    found: tuple[RuleCount, ...]
    named: tuple[Named, ...]
    left: int
    considered: tuple[Named, ...]
    others: tuple[tuple[str, str], ...]


class Tried(NamedTuple):
    """How a link would be resolved in a note: the note it means ("" if none), the tiers tried with what each found, and what comes near."""

    target: str
    note: str
    found: str
    tiers: tuple[tuple[str, str, tuple[str, ...]], ...]
    near: tuple[str, ...]


class Line(NamedTuple):
    """What stands on a line: links, names, and what is claimed by the words there."""

    path: str
    line: int
    links: tuple[Link, ...]
    named: tuple[Named, ...]
    claims: tuple[Claim, ...]


class Fact(NamedTuple):
    """A statement: its terms, whether the graph holds it as a fact, as a suggestion ("suggested") or not (""), and why.

    ``instead`` are the objects that the subject has by this property, ``otherwise`` the properties that join the two,
    ``together`` places that name both where no claim tells why; ``detail`` is that of a graph that keeps no claims, or "".
    """

    subject: str
    property: str
    object: str
    held: str
    claims: tuple[Claim, ...]
    instead: tuple[str, ...]
    otherwise: tuple[str, ...]
    together: tuple[Place, ...]
    detail: str


# -- an entity -----------------------------------------------------------------------------------


def thing(graph: Graph, name: str, most: int | None = None) -> Thing:
    """Explain an entity by its IRI, prefixed name, label or another name.

    Raises:
        KgError: nothing answers to the name; with a guess.
    """
    known = Known(graph)
    found = known.lookup(name)
    iri = found[0]
    kind, end = known.split(iri)
    fact = bool(known.label(iri, ""))
    side = "" if fact else graph.names.suggested
    spellings = tuple(sorted(value for _, value in pairs(graph.store, iri_of("skos:altLabel"), iri, side)))
    own = sorted((each for each in known.mentions if (each.kind, each.key) == (kind, end) and not each.why), key=by_place)
    considered = known.considered(own, {names.key(each) for each in (known.label(iri, side), *spellings)})
    pages = tuple(sorted(known.places.paths.get(page, "") for _, page in pairs(graph.store, iri_of(":page"), iri, side)))
    reason, decided = _Reason(known, kind, end, own, pages, fact).told()
    return Thing(
        known.short(iri),
        kind,
        tuple(sorted(known.short(each) for _, each in pairs(graph.store, iri_of("rdf:type"), iri, side))),
        known.label(iri, side),
        spellings,
        fact,
        reason,
        decided,
        pages,
        len(own),
        len({each.note for each in own}),
        _by_rule(own),
        tuple(known.named(each) for each in own[:most]),
        len(considered),
        tuple(known.named(*each) for each in considered[:most]),
        tuple((known.short(each), known.label(each)) for each in found[1:]),
    )


def _by_rule(rows: Iterable[Mentioned]) -> tuple[RuleCount, ...]:
    """Count rules by what they found, those that found the most first."""
    found: dict[Rule, list[str]] = defaultdict(list)
    for row in rows:
        found[rule(row.kind, row.rule)].append(row.note)
    ranked = sorted(found.items(), key=lambda each: (-len(each[1]), each[0].name))
    return tuple(RuleCount(each, len(notes), len(set(notes))) for each, notes in ranked)


class _Reason(NamedTuple):
    """What is known of an entity, to say in words why it is a fact, or only a suggestion."""

    known: Known
    kind: str
    end: str
    own: list[Mentioned]
    pages: tuple[str, ...]
    fact: bool

    def told(self) -> tuple[str, Place | None]:
        """Give the reason, and the line in which an author decides it."""
        entry, file = self.known.decision(self.kind, self.end)
        if entry:
            said = line_of(file, entry.line)
            return f"the author's vocabulary says so{f': {said}' if said.line else ''}", said
        if self.pages:
            return self.paged(self.pages[0])
        if self.kind == "country":
            return "it is in the list of countries", None
        stated = [row for row in self.own if row.rule in ("property", "tag")]
        linked = [row for row in self.own if row.rule == "link"]
        if stated:
            return f"an author states it in {_notes(stated)}: {rule(self.kind, stated[0].rule)}", self.known.places.of(stated[0])
        if linked:
            return f"links name it, in {_notes(linked)}; no note is its page", None
        return self.ruled(), None

    def paged(self, path: str) -> tuple[str, Place | None]:
        """Say why a note is the page of it, and with which line."""
        lines = self.known.places.lines(path)
        head = next((at for at, line in enumerate(lines) if at and line.rstrip() == "---"), 0) if lines and lines[0].rstrip() == "---" else 0
        at = next((at for at, line in enumerate(lines[:head], 1) if line.casefold().startswith("type:")), 0)
        others = f" (and {', '.join(self.pages[1:])})" if len(self.pages) > 1 else ""
        if at and kinds.named(lines[at - 1].partition(":")[2].strip(" \"'"), {self.kind: ""}):
            return f"{path} is its page{others}, and {path}:{at} says of what kind it is", Place(path, at, 1, lines[at - 1])
        default = "; a note is the page of a theme if nothing else is said" if self.kind == "theme" else ""
        return f"{path} is its page{others}{default}", None

    def ruled(self) -> str:
        """Say which rule is the best that found it, and whether that is enough."""
        best: dict[str, float] = {}
        for row in self.own:
            if row.rule not in ECHOES:
                best[row.note] = max(best.get(row.note, 0.0), rule(self.kind, row.rule).share)
        if not best:
            return "something in the graph points at it" if not self.own else "a name found elsewhere stands for it"
        said: Counter[tuple[OfferKind, str]] = Counter(("name", row.surface) for row in self.own)
        said.update(("rule", f"{share:.2f}") for share in best.values())
        stands = standing((kind, value, count) for (kind, value), count in said.items())
        share = stands.share if stands else 0.0
        shown = min(rule(self.kind, row.rule) for row in self.own if row.rule not in ECHOES and rule(self.kind, row.rule).share >= share - 0.005)
        sure = sum(1 for each in best.values() if each >= MIDDLE)
        if share >= FACT:
            return f"rule {shown}"
        if self.fact:
            return f"{sure} notes have it by rules that are right {MIDDLE:.0%} of the time or more, and {SEEN} are enough; the best is {shown}"
        more = f", or {SEEN} notes with rules of {MIDDLE:.0%} (it has {sure})" if share >= MIDDLE else ""
        return f"its best rule is {shown}; a fact takes a rule of {FACT:.0%}{more}"


def _notes(rows: Iterable[Mentioned]) -> str:
    count = len({row.note for row in rows})
    return f"{count} note{'' if count == 1 else 's'}"


# -- a line, a link ------------------------------------------------------------------------------


def line(graph: Graph, path: str, number: int) -> Line:
    """Explain what stands on one line of a note.

    Raises:
        KgError: there is no such note.
    """
    known = Known(graph)
    path = known.path(path)
    rows = [each for each in index.mentions(graph.generation.index, path) if each.line == number]
    written = [each for each in index.links(graph.generation.index, path) if each.line == number]
    names_of = [each for each in sorted(rows, key=by_place) if each.rule != "link"]
    part = known.places.around(path, number)
    claims = known.claims_of(f"{graph.names.note(path)}#{names.escaped(part.anchor)}") if part.anchor else []
    return Line(path, number, tuple(map(known.link, written)), tuple(known.named(each) for each in names_of), tuple(claims))


def links(graph: Graph, target: str, most: int | None = None) -> list[Link]:
    """Explain every link to a target, as it is written in some note; with ``most``, the first so many and no more.

    Raises:
        KgError: no note has such a link.
    """
    known = Known(graph)
    plain, sign, section = target.strip().removeprefix("!").strip("[]").partition("|")[0].partition("#")
    plain = plain.strip() + (sign if plain.strip() and not section.strip() else "")
    wanted = names.key(plain)
    rows = [each for each in index.links(graph.generation.index) if names.key(each.target) == wanted]
    if not rows:
        would = resolve.resolve(known.table, vault.cut(plain), "").path
        hint = f"it would mean {would}" if would else "name a target as it stands in a link, a line such as note.md:12, or a thing"
        raise UsageError(f"no note links to {target!r}", hint=hint)
    return [known.link(each) for each in sorted(rows, key=lambda row: (row.note, row.line, row.column))[:most]]


def tried(graph: Graph, target: str, note: str) -> Tried:
    """Explain step by step how a link is resolved in a note, whether or not it stands there.

    Raises:
        KgError: there is no such note, or the link asks for none.
    """
    known = Known(graph)
    path = known.path(note)
    inside = target.strip().removeprefix("!").strip("[]").replace("\\|", "|")
    sides = [each.strip() for each in inside.split("|")]
    first = graph.generation.manifest.dialect in LABEL_FIRST and len(sides) > 1
    plain, sign, section = (each.strip() for each in sides[-1 if first else 0].partition("#"))
    plain += sign if plain and not section else ""
    wanted = resolve.wanted_name(plain)
    if wanted is None:
        raise KgError(f"{target} asks for no note", hint="a picture, an address or a part of the note itself is no other note")
    tiers: list[tuple[str, str, tuple[str, ...]]] = []
    found = ""
    whole = resolve.whole_name(plain, section)
    for name in (*resolve.readings(wanted), *([whole] if whole else [])):
        read = f", read as {name!r}" if name != wanted else ""
        steps = resolve.tried(known.table, name, path)
        tiers += ((tier, resolve.TIERS[tier] + read, paths) for tier, paths in steps)
        found = steps[-1][1][0] if steps[-1][1] else ""
        if found:
            break
    return Tried(plain, path, found, tuple(tiers), () if found else known.near(plain))


# -- a fact --------------------------------------------------------------------------------------


def fact(graph: Graph, subject: str, verb: str, thing_: str, most: int | None = None) -> Fact:
    """Explain a statement: subject and object by any of their names, the property by its local name.

    Raises:
        KgError: one of them is not known; with a guess.
    """
    known = Known(graph)
    local, predicate = _verb(known, verb)
    noted = local in OF_NOTES
    start = known.node(subject, note=noted)
    sides = {"fact": "", "suggested": graph.names.suggested}
    objects = {word: known.objects(start, predicate, side) for word, side in sides.items()}
    written = next((each for found in objects.values() for each, words in found.items() if each[:1] == '"' and words == thing_.strip('"')), "")
    try:
        end = written or known.node(thing_, note=local in ("linksTo", "cites", "page"))
    except KgError:
        if not any(each[:1] == '"' for found in objects.values() for each in found):
            raise
        end = written = literal(thing_)  # the property has values, and this is none of them
    held = next((word for word in sides if end in objects[word]), "")
    claims = [claim for word, side in sides.items() for claim in known.claims_for((start, predicate, end), side, fact=word == "fact")]
    if noted and held:
        claims += known.in_note(start, end, local, held == "fact", most)
    together = [] if claims or noted or written else known.together(start, end)
    return Fact(
        known.short(start),
        local,
        known.short(end),
        held,
        _together(claims),
        tuple(sorted(known.short(other) for other in (objects["fact"] | objects["suggested"]).keys() - {end})),
        tuple(() if written else known.joining(start, end, predicate)),
        tuple(together),
        "notes" if not claims and graph.generation.manifest.detail == "notes" else "",
    )


def _verb(known: Known, verb: str) -> tuple[str, str]:
    """Give the name of a property, as an explanation shows it, and its IRI.

    Raises:
        UsageError: no fact has it; with a guess.
    """
    local = verb.rpartition(":")[2]
    if local in RELATIONS and verb.partition(":")[0] != "vault":
        # What a passage names or cites, its note mentions or links to.
        stored = {"names": "mentions", "cites": "linksTo"}.get(local, local)
        return local, iri_of(f"skos:{local}") if local in ("broader", "related") else ONTOLOGY + stored
    own = names.slug(local)
    for short, iri in known.authored.items():
        if short == verb or (verb.startswith(("vault:", local)) and short in (f"vault:{own}", f":{local}")):
            return short, iri
    near = get_close_matches(local, [*RELATIONS, *(each.removeprefix("vault:") for each in known.authored)], n=1)
    meant = next((each for each in near for each in (each, f"vault:{each}") if each in known.authored), near[0] if near else "")
    hint = f"did you mean {meant!r}?" if meant else f"known: {', '.join(dict.fromkeys((*RELATIONS, *known.authored)))}"
    raise UsageError(f"no fact has the property {verb!r}", hint=hint)


def _together(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Join the claims that one rule makes, the surest first."""
    found: dict[tuple[str, Rule, float, bool, str], set[Place]] = defaultdict(set)
    for each in claims:
        found[each.statement, each.rule, each.sure, each.fact, each.source].update(each.places)
    joined = (Claim(said, by, sure, tuple(sorted(places)), fact, source) for (said, by, sure, fact, source), places in found.items())
    return tuple(sorted(joined, key=lambda each: (-each.sure, each.rule.name, each.places)))
