"""Chains between things: the shortest ways from one to another, the most telling first.

Of chains that are equally short, those come first whose notes name both neighbours in one passage, then
those whose middles are joined to few things in the same way: a chain through a note that names two
things says more than one through a country that two hundred notes name. Hubs join everything (see
`kg.ways.Ways.hub`) and are walked through only if nothing else joins two things, or if asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from heapq import nsmallest
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import KgError, UsageError
from kg.guard import guess
from kg.names import Names, key
from kg.triples import iri_of, pairs
from kg.ways import PROPERTIES, Left, Stop, Way, Ways, never

if TYPE_CHECKING:
    from pyoxigraph import Store

MOST, LONGEST = 3, 6
_FAR = 10_000
_OFTEN = 16
"""A thing whose distances are asked for so often has all of them counted, which costs as much as 100 single ones."""
_POOL, _LONG_POOL = 256, 32
"""So many chains are looked at to find the most telling: of two steps, and of more."""


class Said(NamedTuple):
    """Where a step is said: the passage or section ("" for a title or front matter), the file and the line (0: not known), and the words in its text.

    ``timecode`` is as written, or ""; ``moment`` is the playable address, or "".
    """

    part: str
    path: str
    line: int = 0
    text: str = ""
    words: str = ""
    start: int = 0
    timecode: str = ""
    moment: str = ""


class Step(NamedTuple):
    """One step: the thing it ends at, the triple that joins it to the one before, and whether that is walked from subject to object.

    ``said`` is where that is said, the place to be shown first, if it was looked up (see `kg.evidence`).
    """

    to: str
    way: Way
    forward: bool
    said: tuple[Said, ...] = ()

    @property
    def start(self) -> str:
        """The end of the triple where the step begins: the thing before, or its page."""
        return self.way.subject if self.forward else self.way.object

    @property
    def end(self) -> str:
        """The end of the triple where the step ends."""
        return self.way.object if self.forward else self.way.subject


class Chain(NamedTuple):
    """A chain from a thing to another; none of the steps leads back."""

    start: str
    steps: tuple[Step, ...]

    @property
    def things(self) -> tuple[str, ...]:
        """What it leads through, both ends too."""
        return (self.start, *(each.to for each in self.steps))


class Joined(NamedTuple):
    """The first of all shortest chains between two things; ``hubs`` says that nothing but hubs joins the two."""

    ways: Ways
    start: str
    end: str
    chains: tuple[Chain, ...]
    total: int
    hubs: bool

    def __str__(self) -> str:
        return "\n".join(told(self.ways, each) for each in self.chains)


def properties(given: Collection[str]) -> list[str]:
    """Give properties by their local names, as they may be written.

    Raises:
        UsageError: there is no such property that joins things; with a guess.

    >>> properties([":linksTo", "skos:broader"])
    ['linksTo', 'broader']
    """
    found = []
    for each in given:
        local = each.rpartition(":")[2]
        if local not in PROPERTIES:
            near = guess(local, list(PROPERTIES))
            hint = f"did you mean {near}?" if near else f"known: {', '.join(PROPERTIES)}"
            raise UsageError(f"no step is taken by the property {each!r}", hint=hint)
        found.append(local)
    return found


def between(
    ways: Ways, start: str, end: str, *, most: int = MOST, longest: int = LONGEST, without: Collection[str] = (), through: bool = False
) -> Joined:
    """Like :func:`joined`, but that there is no chain is an error.

    Raises:
        UsageError: an end is to be avoided.
        KgError: nothing joins the two; with what each is joined to.
    """
    avoided = {ways.one(each) for each in without} & {ways.one(start), ways.one(end)}
    if avoided:
        raise UsageError(
            f"{label(ways.store, min(avoided), ways.sides)!r} is an end of the chain, and to be avoided", hint="leave out what is between"
        )
    found = joined(ways, start, end, most=most, longest=longest, without=without, through=through)
    if not found.chains:
        raise _unjoined(ways, start, end, longest, without, through=through)
    return found


def joined(
    ways: Ways,
    start: str,
    end: str,
    *,
    most: int = MOST,
    longest: int = _FAR,
    without: Collection[str] = (),
    through: bool = False,
    stop: Stop = never,
) -> Joined:
    """Give the ``most`` most telling of the shortest chains between two things, if they take ``longest`` steps at most.

    ``without`` are things not to be led through; ``through`` leads through hubs as through anything else.
    """
    one, other = ways.one(start), ways.one(end)
    if one == other:
        return Joined(ways, start, end, (Chain(start, ()),), 1, False)
    barred = {ways.one(each) for each in without} - {one, other}
    for hubs in (True,) if through else (False, True):
        layers = _layers(ways, one, other, barred, hubs, longest, stop)
        if layers:
            found, total = _chains(ways, layers, max(most, _POOL if len(layers) <= 3 else _LONG_POOL), stop)
            named = (_named(Chain(start, steps), end) for steps in _ordered(ways, found, stop))
            return Joined(ways, start, end, tuple(_differing(ways, named, most)), total, hubs and not through)
    return Joined(ways, start, end, (), 0, False)


def steps(ways: Ways, start: str, end: str, stop: Stop = never) -> int | None:
    """Count the steps of the shortest chain; None if nothing joins the two."""
    one, other = ways.one(start), ways.one(end)
    if one == other:
        return 0
    ways.asked.update((one, other))
    for near, far in ((one, other), (other, one)):
        if ways.asked[near] > _OFTEN:
            return ways.hops(near, stop).get(far)
    layers = _layers(ways, one, other, set(), False, _FAR, stop) or _layers(ways, one, other, set(), True, _FAR, stop)
    return len(layers) - 1 if layers else None


def _layers(ways: Ways, one: str, other: str, barred: set[str], hubs: bool, longest: int, stop: Stop) -> list[set[str]]:
    """Give the things on the shortest chains by their distance from one end; none if there is no chain.

    Both ends grow, the smaller one first, until they meet.
    """

    def passable(found: set[str]) -> set[str]:
        ways.ready(len(found))
        return found if hubs else {each for each in found if each in (one, other) or not ways.hub(each)}

    sides = ([{one}], [{other}])
    seen = ({one}, {other})
    while all(side[-1] for side in sides) and len(sides[0]) + len(sides[1]) - 2 < longest:
        at = 0 if len(sides[0][-1]) <= len(sides[1][-1]) else 1
        edge = sides[at][-1] = passable(sides[at][-1])
        fresh: set[str] = set()
        for each in edge:
            if stop():
                raise Left
            fresh.update(ways.near(each).to)
        fresh -= seen[at] | barred
        seen[at].update(fresh)
        sides[at].append(fresh)
        met = passable(fresh & sides[1 - at][-1])
        if met:
            return [*reversed(_back(ways, met, sides[0][:-1])), met, *_back(ways, met, sides[1][:-1])]
    return []


def _back(ways: Ways, met: set[str], layers: list[set[str]]) -> list[set[str]]:
    """Keep, of the layers from one end, what leads to where the two met; nearest to that first."""
    kept, last = [], met
    for layer in reversed(layers):
        last = {each for each in layer if not last.isdisjoint(ways.near(each).to)}
        kept.append(last)
    return kept


Steps = tuple[Step, ...]


def _chains(ways: Ways, layers: Sequence[set[str]], most: int, stop: Stop) -> tuple[list[Steps], int]:
    """Give the ``most`` cheapest chains through layers, and how many there are."""
    (start,) = layers[0]
    ways.ready(max(map(len, layers)))
    best: dict[str, list[tuple[float, Steps]]] = {start: [(0.0, ())]}
    counts = {start: 1}
    for at in range(1, len(layers)):
        following: dict[str, list[tuple[float, Steps]]] = {}
        numbers: dict[str, int] = {}
        for each in sorted(layers[at]):
            if stop():
                raise Left
            near = [before for before in ways.near(each).to if before in best]
            options = []
            for before in near:
                cost, step = _step(ways, before, each, first=at == 1, last=at == len(layers) - 1)
                options += [(round(paid + cost, 9), (*walked, step)) for paid, walked in best[before]]
            following[each] = nsmallest(most, options)
            numbers[each] = sum(counts[before] for before in near)
        best, counts = following, numbers
    (end,) = layers[-1]
    return [walked for _, walked in best[end]], counts[end]


def _step(ways: Ways, start: str, end: str, *, first: bool, last: bool) -> tuple[float, Step]:
    """Give the cheapest triple that joins two neighbours: the sum of the logarithms of how many things a middle is joined to like that."""
    here, there = ways.near(start).sorts, ways.near(end).sorts

    def cost(each: tuple[bool, Way]) -> float:
        forward, way = each
        return (0.0 if first else log(here[way.property, forward])) + (0.0 if last else log(there[way.property, not forward]))

    found = ways.near(start).to[end]
    forward, way = min(found, key=cost)  # the first of equals, so the most telling property
    return cost((forward, way)), Step(end, way, forward)


def _ordered(ways: Ways, found: Sequence[Steps], stop: Stop) -> list[Steps]:
    """Put chains first whose notes name both neighbours in one passage; else their order stays."""
    parts: dict[tuple[str, str], dict[str, set[str]]] = {}

    def apart(walked: Steps) -> int:
        if stop():
            raise Left
        count = 0
        for one, other in pairwise(walked):
            if not one.forward and other.forward and one.way.subject == other.way.subject:
                said = [_parts(ways, parts, step.way).get(step.way.subject, set()) for step in (one, other)]
                count += not said[0] & said[1]
        return count

    return sorted(found, key=apart)


def _parts(ways: Ways, known: dict[tuple[str, str], dict[str, set[str]]], way: Way) -> dict[str, set[str]]:
    """Give the passages and sections that name or cite what a triple points at, by note."""
    from pyoxigraph import DefaultGraph, NamedNode

    word = {"linksTo": ":cites", "mentions": ":names", "about": ":names"}.get(way.property, "")
    found = known.get((word, way.object))
    if found is None:
        found = known[word, way.object] = {}
        for side in ways.sides if word else ():
            graph = NamedNode(side) if side else DefaultGraph()
            for quad in ways.store.quads_for_pattern(None, NamedNode(iri_of(word)), NamedNode(way.object), graph):
                iri = str(getattr(quad.subject, "value", ""))
                found.setdefault(iri.partition("#")[0], set()).add(iri)
    return found


def _named(chain: Chain, end: str) -> Chain:
    """Name what a chain leads through as its triples do, and its end as it was asked for."""
    walked = [each._replace(to=each.end) for each in chain.steps[:-1]] + [each._replace(to=end) for each in chain.steps[-1:]]
    return Chain(chain.start, tuple(walked))


def _differing(ways: Ways, chains: Iterator[Chain], most: int) -> Iterator[Chain]:
    """Give so many chains that read differently: a name that only links have is a thing and a missing note of the same name."""
    seen: set[tuple[str, ...]] = set()
    for each in chains:
        if len(seen) == most:
            return
        reads = tuple(key(label(ways.store, thing, ways.sides)) for thing in each.things)
        if reads not in seen:
            seen.add(reads)
            yield each


# -- in words ------------------------------------------------------------------------------------


def label(store: Store, iri: str, sides: Collection[str] = ("",)) -> str:
    """Give what a thing is called, or its IRI."""
    return next((name for side in sides for name in sorted(value for _, value in pairs(store, iri_of("rdfs:label"), iri, side))), iri)


def arrow(step: Step) -> str:
    """Show the property of a step, with the direction in which it says so.

    >>> arrow(Step("b", Way("b", "mentions", "a"), forward=False))
    '← mentions –'
    """
    return f"– {step.way.property} →" if step.forward else f"← {step.way.property} –"


def told(ways: Ways, chain: Chain) -> str:
    """Write a chain as one line."""
    written = [label(ways.store, chain.start, ways.sides)]
    for each in chain.steps:
        written += [arrow(each), label(ways.store, each.to, ways.sides)]
    return " ".join(written)


def _unjoined(ways: Ways, start: str, end: str, longest: int, without: Collection[str], *, through: bool) -> KgError:
    """Say why there is no chain between two things: it is longer, or how much each is joined to."""
    far = joined(ways, start, end, most=1, without=without, through=through).chains
    one, other = (label(ways.store, each, ways.sides) for each in (start, end))
    if far:
        count = len(far[0].steps)
        return KgError(f"no chain of {longest} steps joins {one!r} and {other!r}", hint=f"the shortest takes {count}: --longest {count}")
    if without and joined(ways, start, end, most=1, through=through).chains:
        return KgError(f"without these, nothing joins {one!r} and {other!r}", hint="leave out fewer")
    sizes = [len(ways.component(ways.one(each))) - 1 for each in (start, end)]
    said = ", ".join(f"from {name!r} to {_things(size)}" for name, size in zip((one, other), sizes, strict=True))
    return KgError(f"nothing joins {one!r} and {other!r}", hint=f"chains lead {said}")


def _things(number: int) -> str:
    return "nothing else" if number == 0 else f"{number:,} other thing{'' if number == 1 else 's'}"


@lru_cache(maxsize=2)
def kept(store: Store, names: Names, *, suggested: bool = False) -> Ways:
    """Give the ways of a store, the same ones again while it is in use: what was looked up stays known."""
    return Ways(store, names, suggested=suggested)


__all__ = [
    "LONGEST",
    "MOST",
    "PROPERTIES",
    "Chain",
    "Joined",
    "Said",
    "Step",
    "arrow",
    "between",
    "joined",
    "kept",
    "label",
    "properties",
    "steps",
    "told",
]
