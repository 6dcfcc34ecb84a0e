"""One thing and all that the graph says of it, straight from the triples: what a person asks before any query.

    Shown   the thing: its name, kind, other names, what is written of it, and groups of what is beside it

Nothing is worked out that the graph does not hold; why it holds it is for :mod:`kg.explain` to say.
Items stand in order of what speaks for them, then of their names; passages in order of time or of lines.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg import lookup, turtle
from kg.names import ONTOLOGY, Names, key
from kg.network import Evidence
from kg.terms import NAMING
from kg.things import Group, Item, Things, first
from kg.triples import iri_of, legal, pointing_at, said_of, value

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store, Triple

MOST = 10
_HEADING = 6
"""the deepest level of a heading; labelled bullets with a list are deeper"""
_NAMING = tuple(map(iri_of, NAMING))
_ALIKE = tuple(map(iri_of, ("schema:sameAs", "skos:exactMatch")))
_LEFT_OUT = frozenset(map(iri_of, ("schema:sha256", "skos:inScheme", "rdf:type")))
_TOLD_APART = frozenset(
    map(
        iri_of,
        (
            ":names", ":mentions", ":cites", ":linksTo", ":at", ":note", ":section", ":evidence", ":video", "rdf:subject",
            "rdf:predicate", "rdf:object", "rdf:type", "skos:inScheme", "dcterms:references",
        ),
    )
)  # fmt: skip
"""Properties that point at a thing and are not told one by one: they are evidence, or have a group of their own."""
_BACKWARDS = {"about": "subject of", "broader": "narrower", "related": "related"}
"""What a property is called that is read from its object, where "… of" does not say it."""
_PLURALS = {"country": "countries", "person": "people"}


class Shown(NamedTuple):
    """One thing; ``also`` are its other names, ``same`` addresses of the same thing elsewhere, ``said`` what is written of it, by property."""

    iri: str
    name: str
    label: str
    kind: str
    classes: tuple[str, ...]
    suggested: bool
    also: tuple[str, ...]
    same: tuple[str, ...]
    said: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    others: tuple[tuple[str, str], ...]


def find(store: Store, names: Names, name: str, *, suggested: bool = False, brief: bool = False) -> list[str]:
    """List what a name may mean, the likeliest first; the IRI of anything that the graph speaks of will do. ``brief`` is as in :func:`kg.lookup.one`.

    Raises:
        KgError: nothing is called so; with a guess.
    """
    found = lookup.every(store, names, name, suggested=suggested)
    if found:
        return found
    plain = name.strip().removeprefix("<").removesuffix(">")
    prefix, colon, local = plain.partition(":")
    for iri in (names.prefixes().get(prefix, prefix + ":") + local,) if colon and local else ():
        if legal(iri) and any(said_of(store, iri, side) for side in _sides(names, suggested)):
            return [iri]
    return [lookup.one(store, names, name, suggested=suggested, brief=brief)]


def show(store: Store, names: Names, folder: Path, name: str, *, limit: int | None = MOST, suggested: bool = False, brief: bool = False) -> Shown:
    """Tell of one thing by any of its names; ``folder`` is that of the index, ``limit`` the most items of a group, ``brief`` as in :func:`find`.

    Raises:
        KgError: nothing is called so; with a guess.
    """
    iri, *others = find(store, names, name, suggested=suggested, brief=brief)
    return told(store, names, folder, iri, others, limit=limit, suggested=suggested)


def told(
    store: Store, names: Names, folder: Path, iri: str, others: Iterable[str] = (), *, limit: int | None = MOST, suggested: bool = False
) -> Shown:
    """Tell of a thing by its IRI; ``others`` are those that its name may also have meant."""
    return _Reader(store, names, folder, iri, limit, _sides(names, suggested)).shown(others)


def described(store: Store, names: Names, name: str, *, suggested: bool = False) -> str:
    """Write the concise bounded description of a thing as Turtle: what is said of it, and the claims of that.

    Raises:
        KgError: nothing is called so; with a guess.
    """
    iri = find(store, names, name, suggested=suggested)[0]
    return turtle.write((f"{each} ." for each in description(store, names, iri, suggested=suggested)), names)


def description(store: Store, names: Names, iri: str, *, suggested: bool = False) -> list[Triple]:
    """Give what is said of a thing, and the claims of that."""
    from pyoxigraph import NamedNode

    found = []
    for side in _sides(names, suggested):
        said = said_of(store, iri, side)
        said += [
            quad
            for claim in pointing_at(store, iri, side, "rdf:subject")
            if isinstance(claim.subject, NamedNode)
            for quad in said_of(store, claim.subject.value, side)
        ]
        found += [quad.triple for quad in said]
    return found


# -- reading ---------------------------------------------------------------------------------------


def _sides(names: Names, suggested: bool) -> tuple[str, ...]:
    return ("", names.suggested) if suggested else ("",)


class _Reader(Things):
    """Gathers what is told of one thing."""

    def __init__(self, store: Store, names: Names, folder: Path, iri: str, limit: int | None, sides: tuple[str, ...]) -> None:
        super().__init__(store, names, sides)
        self.folder, self.iri, self.limit = folder, iri, limit

    # -- the page ------------------------------------------------------------------------------------

    def shown(self, others: Iterable[str]) -> Shown:
        """Gather all that is told of the thing."""
        label, kind = self.label(self.iri), self.kind(self.iri)
        said = [quad for side in self.sides for quad in said_of(self.store, self.iri, side)]
        names = {value(quad.object) for quad in said if quad.predicate.value in _NAMING} - {label}
        same = {value(quad.object) for quad in said if quad.predicate.value in _ALIKE}
        literal = {
            (self.short(quad.predicate.value), value(quad.object) if hasattr(quad.object, "datatype") else turtle.written(quad.object))
            for quad in said
            if _literal(quad) and quad.predicate.value not in (*_NAMING, *_LEFT_OUT)
            if (quad.predicate.value, value(quad.object)) not in self.claimed
        }
        return Shown(
            self.iri,
            self.short(self.iri),
            label,
            kind,
            tuple(sorted(map(self.short, self.classes(self.iri)))),
            not said_of(self.store, self.iri, ""),
            tuple(sorted(names, key=lambda each: (each.casefold(), each))),
            tuple(sorted(same)),
            tuple(sorted(literal)),
            tuple(group for group in self.groups(kind) if group.total),
            tuple((self.short(each), self.label(each)) for each in others),
        )

    def groups(self, kind: str) -> Iterator[Group]:
        """Give the groups of a thing in the order in which they are read."""
        yield from self.facts()
        if kind in ("note", "missing note"):
            yield from self.linked()
        if kind == "note":
            yield self.outline()
            yield self.named_here()
            yield self.issues()
        if kind == "video":
            yield from self.played()
        if kind == "moment":
            yield self.listed("said then", ":at", self.subjects(self.iri, ":at"))
        parts = self.subjects(self.iri, ":names")
        yield self.together(parts)
        yield self.mentioned(parts)

    def ranked(
        self, title: str, verb: str, found: Iterable[Item], best: Callable[[Item], Item] | None = None, *, inverse: bool = False, total: int = 0
    ) -> Group:
        """Order items by what speaks for them; ``best`` looks the place up of those that are shown, of which there are ``total`` if that is more."""
        items = sorted(found, key=lambda each: (-each.times, each.suggested, each.label.casefold(), each.iri))
        first = items[: self.limit]
        return Group(title, verb, inverse, max(total, len(items)), tuple(best(each) if best else each for each in first))

    def leading(self, things: dict[str, bool], parts: Mapping[str, list[str]], values: Collection[str] = ()) -> dict[str, Item]:
        """Look things up that may be among the first; what the others are called does not matter, and there may be thousands. ``values`` name no things."""
        ranks = {each: (-len(parts.get(each, ())), guessed) for each, guessed in things.items()}
        last = sorted(ranks.values())[self.limit - 1] if self.limit and len(ranks) > self.limit else None
        first_ones = {each: rank for each, rank in ranks.items() if last is None or rank <= last}
        return {
            each: Item(each, each, "value", -times, None, guessed) if each in values else self.item(each, -times, guessed)
            for each, (times, guessed) in first_ones.items()
        }

    def counted(
        self,
        title: str,
        verb: str,
        things: dict[str, bool],
        parts: dict[str, list[str]],
        exactly: Callable[[Evidence, str], Evidence] = lambda place, _: place,
        *,
        inverse: bool = False,
    ) -> Group:
        """Order things by the passages that speak for them, and give the best place of each that is shown; ``exactly`` is where the thing stands in it."""
        items = self.leading(things, parts)
        known = {item.iri: each for each, item in items.items()}

        def placed(item: Item) -> Item:
            place = first(map(self.place, parts.get(known[item.iri], ())))
            return item._replace(place=place and exactly(place, known[item.iri]))

        return self.ranked(title, verb, items.values(), placed, inverse=inverse, total=len(things))

    # -- facts, with their claims ----------------------------------------------------------------------

    def facts(self) -> Iterator[Group]:
        """Give what properties join the thing to, and what they join to it, each with its best claim; values too that a claim speaks for."""
        claims = {False: self.claimed, True: self.claims("rdf:object", "rdf:subject")}
        values: set[str] = set()
        groups: dict[tuple[bool, str, str], dict[str, bool]] = defaultdict(dict)
        for side in self.sides:
            for quad in said_of(self.store, self.iri, side):
                verb = quad.predicate.value
                if _literal(quad):
                    if (verb, value(quad.object)) in self.claimed:
                        groups[False, verb, ""].setdefault(value(quad.object), bool(side))
                        values.add(value(quad.object))
                elif verb not in (*_LEFT_OUT, *_ALIKE, iri_of(":linksTo"), iri_of(":mentions")):
                    groups[False, verb, ""].setdefault(value(quad.object), bool(side))
            for quad in pointing_at(self.store, self.iri, side):
                verb = quad.predicate.value
                if verb not in _TOLD_APART and type(quad.subject).__name__ == "NamedNode":
                    other = value(quad.subject)
                    groups[True, verb, self.kind(other)].setdefault(other, bool(side))
        for (inverse, verb, kind), found in sorted(groups.items(), key=lambda each: each[0]):
            known = {each: claims[inverse].get((verb, each), []) for each in found}
            items = self.leading(found, known, values)
            short = {item.iri: known[each] for each, item in items.items()}

            def best(item: Item, short: dict[str, list[str]] = short) -> Item:
                return self.proved(item, short[item.iri])

            local = verb.removeprefix(ONTOLOGY) if verb.startswith(ONTOLOGY) else self.short(verb).partition(":")[2]
            title = f"{_BACKWARDS.get(local, f'{local} of')} {plural(kind)}" if inverse else local
            yield self.ranked(title, self.short(verb), items.values(), best, inverse=inverse, total=len(found))

    @cached_property
    def claimed(self) -> dict[tuple[str, str], list[str]]:
        """The claims of what is said of the thing, by property and what."""
        return self.claims("rdf:subject", "rdf:object")

    def claims(self, here: str, there: str) -> dict[tuple[str, str], list[str]]:
        """Give the claims that speak of the thing, by property and other end, the surest first."""
        found: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
        for claim in self.subjects(self.iri, here):
            sure = float(next(iter(self.values(claim, ":confidence")), "1"))
            for verb in self.values(claim, "rdf:predicate"):
                for other in self.values(claim, there):
                    found[verb, other].append((-sure, claim))
        return {fact: [claim for _, claim in sorted(ranked)] for fact, ranked in found.items()}

    def proved(self, item: Item, claims: list[str]) -> Item:
        """Add the evidence of the surest claim, and its rule."""
        if not claims:
            return item
        places = [self.place(part) for part in self.objects(claims[0], ":evidence")]
        return item._replace(place=first(places), rule=next(iter(self.values(claims[0], ":rule")), ""))

    # -- entities in notes -------------------------------------------------------------------------------

    def together(self, parts: dict[str, bool]) -> Group:
        """Give what passages name together with the thing."""
        found: dict[str, list[str]] = defaultdict(list)
        sure: set[str] = set()
        for part, guessed in parts.items():
            for other, guess in self.joined(part, ":names").items():
                if other != self.iri:
                    found[other].append(part)
                    if not (guess or guessed):
                        sure.add(other)
        return self.counted("named together with", "", {each: each not in sure for each in found}, found)

    def mentioned(self, parts: dict[str, bool]) -> Group:
        """Give the notes that mention the thing, those with the most passages that name it first."""
        found: dict[str, list[str]] = defaultdict(list)
        for part in parts:
            for note in self.joined(part, ":note"):
                found[note].append(part)
        notes = self.subjects(self.iri, ":mentions")
        return self.counted("mentioned by notes", ":mentions", notes, found, inverse=True)

    # -- notes and videos --------------------------------------------------------------------------------

    def linked(self) -> Iterator[Group]:
        """Give the notes that a note links to, and those that link to it, with the first place."""
        out: dict[str, list[str]] = defaultdict(list)
        for part in self.parts:
            for note in self.joined(part, ":cites"):
                out[note].append(part)
        to, here = self.objects(self.iri, ":linksTo"), self.path(self.iri)
        yield self.counted("links to", ":linksTo", to, out, lambda place, note: self.stands(place, here, note))
        back: dict[str, list[str]] = defaultdict(list)
        for part in self.subjects(self.iri, ":cites"):
            for note in self.joined(part, ":note"):
                back[note].append(part)
        title = "wanted by" if self.kind(self.iri) == "missing note" else "linked from"
        yield self.counted(
            title,
            ":linksTo",
            self.subjects(self.iri, ":linksTo"),
            back,
            lambda place, note: self.stands(place, self.path(note), self.iri),
            inverse=True,
        )

    def stands(self, place: Evidence, path: str, target: str) -> Evidence:
        """Give a place in a passage with the line of its first link to a note, by the index: the passage may begin far above it."""
        from kg import index

        wanted, missing = self.path(target), key(self.label(target))
        lines = (
            row.line
            for row in index.links(self.folder, path)
            if place.line <= row.line <= place.line + place.text.count("\n")
            and (row.found == wanted if wanted else not row.found and key(row.target) == missing)
        )
        return place._replace(line=next(lines, place.line))

    @cached_property
    def parts(self) -> list[str]:
        """Give the passages and sections of a note."""
        return sorted(part for part in self.subjects(self.iri, ":note") if "#i-" not in part and "#c-" not in part)

    def named_here(self) -> Group:
        """Give what a note names."""
        found: dict[str, list[str]] = defaultdict(list)
        for part in self.parts:
            for thing in self.joined(part, ":names"):
                found[thing].append(part)
        things = self.objects(self.iri, ":mentions")
        return self.counted("mentions", ":mentions", things, found)

    def outline(self) -> Group:
        """Give the headings of a note, from the index, since the graph may leave some out."""
        from kg import index

        path = next(iter(self.values(self.iri, ":path")), "")
        rows = [row for row in index.sections(self.folder, path) if row.level <= _HEADING] if path else []
        top = min((row.level for row in rows), default=1)
        items = [
            Item(f"{self.iri}#{row.anchor}", row.text, "section", 0, Evidence(self.iri, path, row.line, row.text, "", ""), depth=row.level - top)
            for row in rows
        ]
        return Group("headings", "", False, len(items), tuple(items[: self.limit]))

    def issues(self) -> Group:
        """Give what is wrong in a note, in order of lines."""
        parts = self.subjects(self.iri, ":note")
        found = [Item(self.short(part), code, "issue", 0, self.place(part)) for part in parts for code in self.values(part, ":code")]
        found.sort(key=lambda each: (each.place.line if each.place else 0, each.label, each.iri))
        return Group("issues", ":note", True, len(found), tuple(found[: self.limit]))

    def played(self) -> Iterator[Group]:
        """Give the passages of a video in order of time, and what they name most."""
        seconds = {moment: int(next(iter(self.values(moment, ":second")), "0")) for moment in self.subjects(self.iri, ":video")}
        said: dict[str, int] = {}
        for moment in sorted(seconds, key=seconds.__getitem__):
            for part in self.subjects(moment, ":at"):
                said.setdefault(part, seconds[moment])
        yield self.listed("said", ":video", said)
        named: Counter[str] = Counter(thing for part in said for thing in self.joined(part, ":names"))
        yield self.ranked("names", ":names", [self.item(each, count) for each, count in named.items()])

    def listed(self, title: str, verb: str, parts: dict[str, int] | dict[str, bool]) -> Group:
        """Give passages and sections in order of time, then of their place."""
        ordered = sorted(parts, key=lambda part: (parts[part], part))
        items = [Item(self.short(part), self.place(part).path, self.kind(part), 0, self.place(part)) for part in ordered[: self.limit]]
        return Group(title, verb, True, len(ordered), tuple(items))


def plural(kind: str) -> str:
    """Name many of a kind.

    >>> plural("initiative"), plural("country")
    ('initiatives', 'countries')
    """
    return _PLURALS.get(kind, kind if kind.endswith("s") else f"{kind}s")


def _literal(quad: Quad) -> bool:
    """Say whether an object is written out: a text, a blank node or a triple, which have no name to look things up by."""
    return type(quad.object).__name__ != "NamedNode"


__all__ = ["MOST", "Group", "Item", "Shown", "described", "description", "find", "first", "plural", "show", "told"]
