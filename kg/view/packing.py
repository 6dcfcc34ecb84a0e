"""Discs put close together without overlap, so that a small change of one moves the others little.

    pack        radii and where each disc would like to be -> where it goes
    seed        the n-th seed of a sunflower, which fills a disc evenly
    around      the disc around discs

Packings that put one disc after the other are tighter, but one that grows sends all after it elsewhere. Here
discs take cells of a honeycomb, each the nearest to its wish that is free, as entries do in a hash table, and those
that overlap push each other away. One that comes or goes moves its neighbours only. To draw the discs together
afterwards fills the map better, by a tenth, and makes a small change go far: measured, and left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

GOLDEN = math.pi * (3 - math.sqrt(5))
"""The angle between sunflower seeds, in radians: points turned by it fill a disc evenly."""
SPARE = 1.15
"""Cells for every disc."""
CLOSE = 1.9
"""Between cells, in radii of a disc of the size that discs have on average; large ones push their neighbours away."""
ROUNDS = 80
"""Of pushing discs apart."""

Spot = tuple[float, float]


def seed(place: int, step: float) -> Spot:
    """Place a seed in a sunflower whose seeds are about ``step`` apart.

    >>> math.dist(seed(0, 10), seed(1, 10)) > 8
    True
    """
    reach = step * 0.6 * math.sqrt(place + 0.5)
    return reach * math.cos(place * GOLDEN), reach * math.sin(place * GOLDEN)


def pack(radii: Sequence[float], anchors: Sequence[Spot], gap: float) -> list[Spot]:
    """Place discs close together, at least ``gap`` apart, each about in the direction of its anchor.

    >>> one, other = pack([10, 10], [(1, 0), (-1, 0)], 2)
    >>> math.dist(one, other) >= 22, one[0] > other[0]
    (True, True)
    >>> pack([5], [(9, 9)], 2)
    [(0.0, 0.0)]
    """
    if len(radii) < 2:
        return [(0.0, 0.0) for _ in radii]
    reach = [radius + gap / 2 for radius in radii]
    side = CLOSE * math.sqrt(sum(each * each for each in reach) / len(reach))
    at = [[x * side, y * side] for x, y in _cells(anchors)]
    for _ in range(ROUNDS):
        if not _apart(at, reach):
            break
    # Whatever still overlaps is drawn apart together with all others, so none overlaps for certain.
    wide = 1.0
    for low, (x, y) in enumerate(at):
        for high in range(low + 1, len(at)):
            least, far = reach[low] + reach[high], math.hypot(at[high][0] - x, at[high][1] - y)
            if far < least:
                wide = max(wide, least / max(far, 1e-9))
    return [(x * wide, y * wide) for x, y in at]


def _cells(wishes: Sequence[Spot]) -> list[Spot]:
    """Give every wish, a place in the disc of radius 1, the nearest cell of a honeycomb that no wish before took.

    >>> _cells([(0, 0), (0.1, 0)])
    [(0.0, 0.0), (1.0, 0.0)]
    """
    rings = 1
    while 3 * rings * (rings + 1) + 1 < SPARE * len(wishes):
        rings += 1
    free = {
        (across + down / 2, down * math.sqrt(0.75))
        for down in range(-rings, rings + 1)
        for across in range(max(-rings, -rings - down), min(rings, rings - down) + 1)
    }
    found = []
    for x, y in wishes:
        cell = min(free, key=lambda each: (round((each[0] - x * rings) ** 2 + (each[1] - y * rings) ** 2, 6), each))
        free.discard(cell)
        found.append(cell)
    return found


def around(radii: Sequence[float], spots: Sequence[Spot]) -> tuple[Spot, float]:
    """Give a small disc around discs: its middle and its radius.

    >>> around([1, 2], [(0, 0), (9, 0)])[1] < 6.2  # 6 would be the least
    True
    """
    if not spots:
        return (0.0, 0.0), 0.0
    weight = sum(radius * radius for radius in radii) or 1.0
    x = sum(radius * radius * spot[0] for radius, spot in zip(radii, spots, strict=True)) / weight
    y = sum(radius * radius * spot[1] for radius, spot in zip(radii, spots, strict=True)) / weight
    best = (math.inf, x, y)
    for turn in range(60):  # towards what reaches farthest, by less and less
        far, to = max((math.hypot(spot[0] - x, spot[1] - y) + radius, spot) for radius, spot in zip(radii, spots, strict=True))
        best = min(best, (far, x, y))
        x, y = x + (to[0] - x) / (turn + 4), y + (to[1] - y) / (turn + 4)
    return best[1:], best[0]


def _apart(at: list[list[float]], reach: Sequence[float]) -> bool:
    """Push overlapping discs apart, the smaller one farther; say whether there were any."""
    found = False
    for low, here in enumerate(at):
        x, y = here
        mine = reach[low]
        for high in range(low + 1, len(at)):
            there = at[high]
            least = mine + reach[high]
            dx = there[0] - x
            if dx >= least or -dx >= least:
                continue
            dy = there[1] - y
            if dy >= least or -dy >= least:
                continue
            far = math.hypot(dx, dy)
            if far >= least - 1e-3:
                continue
            found = True
            if far < 1e-6:
                dx, dy, far = 1.0, 0.0, 1.0
                over = least
            else:
                over = least - far
            share = mine * mine / (mine * mine + reach[high] * reach[high])
            dx, dy = dx / far * over, dy / far * over
            there[0] += dx * share
            there[1] += dy * share
            x -= dx * (1 - share)
            y -= dy * (1 - share)
        here[0], here[1] = x, y
    return found
