"""What joins things, read straight from the store: each thing's ways when they are first asked for.

A thing and the note that is its page are one here, whichever of the two a triple speaks of: else every
chain would step from one to the other, and say the same twice. Passages, sections and moments are no
things: they are what says that things are joined.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kg.names import Names, slug
from kg.triples import iri_of, pairs

if TYPE_CHECKING:
    from pyoxigraph import Store

PROPERTIES = {
    "country": ":country",
    "organisation": ":organisation",
    "theme": ":theme",
    "broader": "skos:broader",
    "related": "skos:related",
    "about": ":about",
    "linksTo": ":linksTo",
    "mentions": ":mentions",
    "source": ":source",
    "channel": ":channel",
}
"""What joins things, by local names; the most telling first."""
_RANK = {name: at for at, name in enumerate(PROPERTIES)}
_LOCAL = {iri_of(name): local for local, name in PROPERTIES.items()}
_OF_NOTES = ("linksTo",)
"""What may point at a note."""
_NOTED = ("about", "mentions", "source")
"""What notes say of other things."""
_HUB = 100
"""So few notes make no hub, however small the vault."""
_KEPT = 8
"""So many things have the steps to all others counted at a time, 1 MB each in 10,000 things."""
_ONE_BY_ONE = 300
"""So many things are looked up each by itself, 0.3 ms a thing; more, or a third of the notes, are dearer than reading all (0.2 s for 878 notes)."""


class Left(Exception):
    """Nobody waits for the answer any more."""


def never() -> bool:
    """Wait for the answer however long it takes."""
    return False


Stop = Callable[[], bool]


class Way(NamedTuple):
    """A triple that joins two things, the property by its local name, and whether it is only suggested."""

    subject: str
    property: str
    object: str
    suggested: bool = False


class Found(NamedTuple):
    """The ways from a thing: to every neighbour, each with whether the triple is walked forward, the most telling first; and how many neighbours each
    sort of them leads to.
    """

    to: dict[str, list[tuple[bool, Way]]]
    sorts: Counter[tuple[str, bool]]


class Ways:
    """The ways of one store; ``only`` some properties, and what is suggested if ``suggested``."""

    def __init__(self, store: Store, names: Names, *, only: Collection[str] = (), suggested: bool = False) -> None:
        self.store, self.names = store, names
        self.sides = ("", names.suggested) if suggested else ("",)
        self.properties = [name for name in PROPERTIES if not only or name in only]
        self._found: dict[str, Found] = {}
        self._hubs: dict[str, bool] = {}
        self._hops: dict[str, dict[str, int]] = {}
        self.asked: Counter[str] = Counter()
        self._all: dict[str, list[Way]] | None = None
        self._one, self._members = _together(each for side in self.sides for each in pairs(store, iri_of(":page"), graph=side))

    def one(self, iri: str) -> str:
        """Give the name by which a thing and its pages go here."""
        return self._one.get(iri, iri)

    def members(self, one: str) -> tuple[str, ...]:
        """Give a thing and its pages."""
        return self._members.get(one, (one,))

    def hub(self, one: str) -> bool:
        """Say whether a thing joins everything, and so says nothing: a channel, the note of that name which lists it, or what a third of the notes touch."""
        known = self._hubs.get(one)
        if known is None:
            known = self._hubs[one] = any(map(self._of_channel, self.members(one))) or self._touched(one) > max(_HUB, self._notes / 3)
        return known

    def _of_channel(self, iri: str) -> bool:
        from pyoxigraph import NamedNode

        base = self.names.base
        if not iri.startswith(f"{base}note/"):
            return iri.startswith(f"{base}channel/")
        channel = NamedNode(self.names.entity("channel", slug(iri.rpartition("/")[2])))
        return any(True for _ in self.store.quads_for_pattern(channel, None, None))

    def _touched(self, one: str) -> int:
        """Count the notes that a thing is joined to."""
        return sum(
            any(way.property == "linksTo" or (not forward and way.property in _NOTED) for forward, way in each) for each in self.near(one).to.values()
        )

    @cached_property
    def _notes(self) -> int:
        from pyoxigraph import QuerySolutions

        found = self.store.query(f"SELECT (COUNT(*) AS ?n) {{ ?note <{iri_of(':path')}> ?path }}")
        return int(next(iter(found))[0].value) if isinstance(found, QuerySolutions) else 0

    def near(self, one: str) -> Found:
        """Give all ways from a thing."""
        known = self._found.get(one)
        if known is None:
            to: dict[str, list[tuple[bool, Way]]] = defaultdict(list)
            ways = self._all.get(one, ()) if self._all is not None else self._looked_up(one)
            for way in set(ways):
                start, end = self.one(way.subject), self.one(way.object)
                if start != end:
                    to[end if start == one else start].append((start == one, way))
            for each in to.values():
                each.sort(key=lambda found: (_RANK[found[1].property], not found[0], found[1]))
            sorts = Counter(sort for each in to.values() for sort in {(way.property, forward) for forward, way in each})
            known = self._found[one] = Found(dict(to), sorts)
        return known

    def ready(self, number: int) -> None:
        """Read everything at once, if so many things more are looked up than is worth doing one by one."""
        if self._all is None and number > max(_ONE_BY_ONE, len(self._one) // 6):
            self.read()

    def read(self) -> None:
        """Read everything."""
        if self._all is None:
            found: dict[str, list[Way]] = defaultdict(list)
            for side in self.sides:
                for name in self.properties:
                    for subject, thing in pairs(self.store, iri_of(PROPERTIES[name]), graph=side):
                        way = Way(subject, name, thing, bool(side))
                        found[self.one(subject)].append(way)
                        found[self.one(thing)].append(way)
            self._all = found

    def _looked_up(self, one: str) -> Iterator[Way]:
        from pyoxigraph import DefaultGraph, NamedNode

        wanted = set(self.properties)
        for iri in self.members(one):
            here = NamedNode(iri)
            pointing = [each for each in self.properties if each in _OF_NOTES or not iri.startswith(f"{self.names.base}note/")]
            for side in self.sides:
                graph = NamedNode(side) if side else DefaultGraph()
                for quad in self.store.quads_for_pattern(here, None, None, graph):
                    name = _LOCAL.get(quad.predicate.value)
                    if name in wanted and name and isinstance(quad.object, NamedNode):
                        yield Way(iri, name, quad.object.value, bool(side))
                for name in pointing:
                    for quad in self.store.quads_for_pattern(None, NamedNode(iri_of(PROPERTIES[name])), here, graph):
                        if isinstance(quad.subject, NamedNode):
                            yield Way(quad.subject.value, name, iri, bool(side))

    def hops(self, one: str, stop: Stop) -> dict[str, int]:
        """Count the steps from a thing to all others, through hubs only where there is no other way; what was counted last stays known."""
        known = self._hops.get(one)
        if known is None:
            self.read()
            known = self._counted(one, True, stop) | self._counted(one, False, stop)
            if len(self._hops) >= _KEPT:
                self._hops.clear()
            self._hops[one] = known
        return known

    def _counted(self, one: str, hubs: bool, stop: Stop) -> dict[str, int]:
        found, edge = {one: 0}, [one]
        while edge:
            following = []
            for each in edge:
                if stop():
                    raise Left
                if hubs or each == one or not self.hub(each):
                    fresh = [other for other in self.near(each).to if other not in found]
                    found.update(dict.fromkeys(fresh, found[each] + 1))
                    following += fresh
            edge = following
        return found

    def component(self, one: str) -> set[str]:
        """Give all that a thing is joined to, itself too."""
        self.read()
        seen, edge = {one}, [one]
        while edge:
            edge = [other for each in edge for other in self.near(each).to if other not in seen]
            seen.update(edge)
        return seen


def _together(joined: Iterable[tuple[str, str]]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Give what is one thing a common name, the first of its members, and the members of each.

    >>> _together([("theme:a", "note:a"), ("theme:b", "note:a")])[0]["theme:b"]
    'note:a'
    """
    groups: dict[str, set[str]] = {}
    for thing, page in joined:
        group = groups.get(thing, {thing}) | groups.get(page, {page})
        groups.update(dict.fromkeys(group, group))
    one = {iri: min(group) for iri, group in groups.items()}
    return one, {name: tuple(sorted(groups[name])) for name in set(one.values())}


__all__ = ["PROPERTIES", "Found", "Left", "Stop", "Way", "Ways", "never"]
