"""How important things are, and how strongly two of them are tied.

    importance  the PageRank of every note and entity of a store
    pagerank    the importance of every node
    ties        every pair of linked nodes, the most telling ones first
    distances   how many hops every node is from one of them

But for the first, nodes are positions, 0 to ``count - 1``, so that nothing here depends on names or on
the order in which a graph was filled. Pure Python: the PageRank of networkx needs SciPy, 40 MB for 20 lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import sub
from typing import TYPE_CHECKING, NamedTuple

from kg.names import Names
from kg.terms import JOINING
from kg.triples import iri_of, pairs

if TYPE_CHECKING:
    from pyoxigraph import Store

_SETTLED = 1e-12
"""When a round moves less than this in all, the ranks stay as they are."""


class Tie(NamedTuple):
    """Two linked nodes, ``low < high``, and the share of their neighbours they have in common."""

    low: int
    high: int
    weight: float


def pagerank(count: int, links: Iterable[tuple[int, int]], *, damping: float = 0.85, rounds: int = 60) -> list[float]:
    """Share one unit of importance among ``count`` nodes along directed links; the shares sum to 1.

    Links count once however often they are given. A node that links nowhere gives its share to all.

    >>> [round(share, 2) for share in pagerank(3, [(0, 2), (1, 2), (2, 0)])]
    [0.46, 0.05, 0.49]
    >>> pagerank(0, [])
    []
    """
    sources: list[list[int]] = [[] for _ in range(count)]
    given = [0] * count
    for start, end in sorted(set(links)):
        if start != end:
            sources[end].append(start)
            given[start] += 1
    shares = [1 / count] * count if count else []
    for _ in range(rounds):
        lost = sum(share for share, number in zip(shares, given, strict=True) if not number)
        parts = [damping * share / (number or 1) for share, number in zip(shares, given, strict=True)]
        rest = (1 - damping + damping * lost) / max(1, count)
        fresh = [rest + sum(map(parts.__getitem__, each)) for each in sources]
        moved = sum(map(abs, map(sub, fresh, shares)))
        shares = fresh
        if moved < _SETTLED:
            break
    return shares


@lru_cache(maxsize=2)
def importance(store: Store, names: Names, *, suggested: bool = False) -> dict[str, float]:
    """Give the PageRank of every note and of all that notes name, by IRI; a theme has that of the note that is its page.

    It is kept as long as the store is in use, and not on disk: 878 notes take 0.25 s, most of it to read the triples.
    """
    sides = ("", names.suggested) if suggested else ("",)
    themes = f"{names.base}theme/"
    pages = {
        thing: page for side in sides for thing, page in sorted(pairs(store, iri_of(":page"), graph=side), reverse=True) if thing.startswith(themes)
    }
    found = {verb: [each for side in sides for each in pairs(store, iri_of(f":{verb}"), graph=side)] for verb in JOINING}
    filmed = {note for note, _ in found["source"]}
    found["channel"] = [(start, end) for start, end in found["channel"] if start not in filmed]
    links = {(start, pages.get(end, end)) for each in found.values() for start, end in each}
    iris = sorted({note for note, _ in pairs(store, iri_of(":path"))} | {end for link in links for end in link})
    place = {iri: at for at, iri in enumerate(iris)}
    shares = dict(zip(iris, pagerank(len(iris), ((place[start], place[end]) for start, end in links)), strict=True))
    return shares | {thing: shares[page] for thing, page in pages.items() if page in shares}


def ties(near: Sequence[set[int]]) -> list[Tie]:
    """List every linked pair once, the most telling first; ``near`` holds each node's neighbours.

    A hub shares little of its large neighbourhood with anyone, so a link to it weighs little and a
    link inside a close group weighs much. Pairs are dealt out in turns: first every node's heaviest
    tie, then every node's second, so that a cut anywhere in the list leaves few nodes without one.

    >>> triangle_with_tail = [{1, 2}, {0, 2}, {0, 1, 3}, {2}]
    >>> [(tie.low, tie.high, round(tie.weight, 2)) for tie in ties(triangle_with_tail)]
    [(0, 1, 1.0), (0, 2, 0.75), (2, 3, 0.5), (1, 2, 0.75)]
    """
    found = {
        (low, high): (len(near[low] & near[high]) + 2) / len(near[low] | near[high]) for low in range(len(near)) for high in near[low] if low < high
    }
    turn = dict.fromkeys(found, len(near))
    for node, others in enumerate(near):
        pairs = ((min(node, other), max(node, other)) for other in others if other != node)
        for place, pair in enumerate(sorted(pairs, key=lambda pair: (-found[pair], pair))):
            turn[pair] = min(turn[pair], place)
    order = sorted(found, key=lambda pair: (turn[pair], -found[pair], pair))
    return [Tie(*pair, found[pair]) for pair in order]


def distances(near: Sequence[set[int]], start: int, most: int) -> dict[int, int]:
    """Count the hops from ``start`` to every node within ``most`` hops, in either direction.

    >>> distances([{1}, {0, 2}, {1}], 0, 1)
    {0: 0, 1: 1}
    """
    hops = {start: 0}
    edge = [start]
    for hop in range(1, most + 1):
        edge = sorted({other for node in edge for other in near[node]} - hops.keys())
        hops.update(dict.fromkeys(edge, hop))
    return hops
