"""How important things are.

    importance  the PageRank of every note and entity of a store
    pagerank    the same of nodes that are positions, 0 to ``count - 1``, whatever they are called

Pure Python: the PageRank of networkx needs SciPy, 40 MB for 20 lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from operator import sub
from typing import TYPE_CHECKING

from kg.names import Names
from kg.terms import JOINING
from kg.triples import iri_of, pairs

if TYPE_CHECKING:
    from pyoxigraph import Store

_SETTLED = 1e-12
"""When a round moves less than this in all, the ranks stay as they are."""


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
