"""How important things are, and how strongly two of them are tied.

    pagerank    the importance of every node
    ties        every pair of linked nodes, the most telling ones first
    distances   how many hops every node is from one of them

Nodes are positions, 0 to ``count - 1``, so that nothing here depends on names or on the order in
which a graph was filled. Pure Python: the PageRank of networkx needs SciPy, 40 MB for 20 lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


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
    targets: list[list[int]] = [[] for _ in range(count)]
    for start, end in sorted(set(links)):
        if start != end:
            targets[start].append(end)
    shares = [1 / count] * count if count else []
    for _ in range(rounds):
        lost = sum(share for share, ends in zip(shares, targets, strict=True) if not ends)
        fresh = [(1 - damping + damping * lost) / max(1, count)] * count
        for share, ends in zip(shares, targets, strict=True):
            for end in ends:
                fresh[end] += damping * share / len(ends)
        shares = fresh
    return shares


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
