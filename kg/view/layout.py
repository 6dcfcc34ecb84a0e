"""Where the nodes of the whole picture go: computed here once, so that the browser need not.

    spots     a place for every node, and the island it belongs to
    islands   groups of nodes that hang together

The same input gives the same places, in any process: no clock, no dictionary order, and the one
algorithm that draws lots (Louvain) has a fixed seed. Positions are in the units
of the canvas, pixels at zoom 1, with y pointing down. Nothing here knows labels or kinds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import networkx as nx

from kg.ranks import Tie

ROUNDS = 110
"""Steps of the force simulation; after about 80 the picture only trembles."""

STRIDE = 62.0
"""The distance that two linked nodes like, in pixels at zoom 1."""

GAP = 9.0
"""Least space between the rims of two nodes."""

GOLDEN = math.pi * (3 - math.sqrt(5))
"""The angle between sunflower seeds, in radians: points turned by it fill a disc evenly."""


class Spot(NamedTuple):
    """A place on the canvas, and the number of the island (0 is the largest)."""

    x: float
    y: float
    island: int


def spots(radii: Sequence[float], ties: Sequence[Tie]) -> list[Spot]:
    """Place one node for every radius so that tied nodes are close and no two overlap.

    >>> spots([], [])
    []
    >>> a, b, c = spots([10, 10, 10], [Tie(0, 1, 0.5)])
    >>> math.dist(a[:2], b[:2]) >= 20, a.island == b.island, a.island == c.island
    (True, True, False)
    """
    count = len(radii)
    home = [0] * count
    for number, members in enumerate(islands(count, ties)):
        for node in members:
            home[node] = number
    pieces = []
    loose = []
    for members in _components(count, ties):
        if len(members) == 1:
            loose.append(members[0])
        else:
            pieces.append((members, _separate(_settle(members, ties, home), [radii[node] for node in members])))
    if loose:
        widest = 2 * max(radii[node] for node in loose) + 3 * GAP
        pieces.append((loose, [_seed(place, widest) for place in range(len(loose))]))
    return [Spot(round(x, 1), round(y, 1), home[node]) for node, (x, y) in sorted(_packed(pieces, radii).items())]


def islands(count: int, ties: Sequence[Tie]) -> list[list[int]]:
    """Group nodes that are tied more to each other than to the rest, the largest group first.

    >>> islands(5, [Tie(0, 1, 1), Tie(1, 2, 1), Tie(0, 2, 1), Tie(3, 4, 1)])
    [[0, 1, 2], [3, 4]]
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_weighted_edges_from(sorted(ties))
    groups = nx.community.louvain_communities(graph, seed=1) if count else []
    return sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group))


def _components(count: int, ties: Sequence[Tie]) -> list[list[int]]:
    root = list(range(count))

    def top(node: int) -> int:
        while root[node] != node:
            root[node] = node = root[root[node]]
        return node

    for low, high, _ in ties:
        root[top(high)] = top(low)
    found: dict[int, list[int]] = {}
    for node in range(count):
        found.setdefault(top(node), []).append(node)
    return sorted(found.values(), key=lambda members: (-len(members), members))


def _seed(place: int, step: float) -> tuple[float, float]:
    """Place a seed in a sunflower whose seeds are about ``step`` apart."""
    reach = step * 0.62 * math.sqrt(place + 0.5)
    return reach * math.cos(place * GOLDEN), reach * math.sin(place * GOLDEN)


def _settle(members: list[int], ties: Sequence[Tie], home: Sequence[int]) -> list[list[float]]:
    """Let the ties pull and all nodes push until they rest.

    Every island starts as a sunflower of its own, the largest in the middle, and ties that leave an
    island pull less: that keeps the islands visible where all forces alike would make one ball.
    """
    place = {node: number for number, node in enumerate(members)}
    homes = sorted({home[node] for node in members})
    wide = STRIDE * math.sqrt(len(members) / len(homes)) * 2.2
    seats = dict.fromkeys(homes, 0)
    at: list[list[float]] = []
    for node in members:
        x, y = _seed(homes.index(home[node]), wide)
        dx, dy = _seed(seats[home[node]], STRIDE)
        seats[home[node]] += 1
        at.append([x + dx, y + dy])
    pulls = [
        (place[low], place[high], weight if home[low] == home[high] else weight * 0.12)
        for low, high, weight in ties
        if low in place and high in place
    ]
    crowd = [0.0] * len(members)
    for low, high, weight in pulls:
        crowd[low] += weight
        crowd[high] += weight
    # A node is drawn to the mean of its neighbours, not by their number: a hub does not swallow all.
    pulls = [(low, high, weight / math.sqrt(crowd[low] * crowd[high])) for low, high, weight in pulls]
    groups = [[place[node] for node in members if home[node] == each] for each in homes]
    for turn in range(ROUNDS):
        _step(at, pulls, groups, STRIDE * (1 - turn / ROUNDS) + 1)
    return at


def _step(at: list[list[float]], pulls: Sequence[tuple[int, int, float]], groups: Sequence[Sequence[int]], heat: float) -> None:
    """Move every node along the sum of its forces, at most ``heat`` pixels.

    Nodes push each other with the cube of the inverse distance, which is felt nearby only; all are
    drawn to the middle of their island a little, and to the middle of the canvas very little.
    """
    count = len(at)
    xs = [x for x, _ in at]
    ys = [y for _, y in at]
    fx = [-0.009 * x for x in xs]
    fy = [-0.011 * y for y in ys]
    push = STRIDE**4 * 0.22
    for low in range(count):
        x, y, sum_x, sum_y = xs[low], ys[low], 0.0, 0.0
        for high in range(low + 1, count):
            dx = x - xs[high]
            dy = y - ys[high]
            force = dx * dx + dy * dy + 60.0
            force = push / (force * force)
            dx *= force
            dy *= force
            sum_x += dx
            sum_y += dy
            fx[high] -= dx
            fy[high] -= dy
        fx[low] += sum_x
        fy[low] += sum_y
    for low, high, weight in pulls:
        dx, dy = xs[high] - xs[low], ys[high] - ys[low]
        force = 0.35 * weight
        fx[low] += dx * force
        fy[low] += dy * force
        fx[high] -= dx * force
        fy[high] -= dy * force
    for group in groups:
        middle_x = sum(xs[node] for node in group) / len(group)
        middle_y = sum(ys[node] for node in group) / len(group)
        for node in group:
            fx[node] += (middle_x - xs[node]) * 0.13
            fy[node] += (middle_y - ys[node]) * 0.13
    for node, spot in enumerate(at):
        length = math.hypot(fx[node], fy[node])
        share = min(0.6, heat / length) if length else 0.0
        spot[0] += fx[node] * share
        spot[1] += fy[node] * share


def _separate(at: list[list[float]], radii: Sequence[float]) -> list[tuple[float, float]]:
    """Push overlapping nodes apart until none overlaps, or 120 times."""
    for turn in range(120):
        calm = True
        for low in range(len(at)):
            here = at[low]
            for high in range(low + 1, len(at)):
                there = at[high]
                least = radii[low] + radii[high] + GAP
                dx, dy = there[0] - here[0], there[1] - here[1]
                if abs(dx) >= least or abs(dy) >= least:
                    continue
                far = math.hypot(dx, dy)
                if far >= least - 0.01:
                    continue
                calm = False
                if far < 0.01:
                    dx, dy, far = math.cos(high + turn), math.sin(high + turn), 1.0
                    move = least / 2
                else:
                    move = (least - far) / 2
                here[0] -= dx / far * move
                here[1] -= dy / far * move
                there[0] += dx / far * move
                there[1] += dy / far * move
        if calm:
            break
    return [(x, y) for x, y in at]


def _packed(pieces: Sequence[tuple[list[int], list[tuple[float, float]]]], radii: Sequence[float]) -> dict[int, tuple[float, float]]:
    """Put the pieces side by side, the widest in the middle, each at the nearest free place."""
    discs = []
    for members, at in pieces:
        middle_x = (min(x for x, _ in at) + max(x for x, _ in at)) / 2
        middle_y = (min(y for _, y in at) + max(y for _, y in at)) / 2
        reach = max(math.hypot(x - middle_x, y - middle_y) + radii[node] for node, (x, y) in zip(members, at, strict=True))
        discs.append((reach + 2 * GAP, members, [(x - middle_x, y - middle_y) for x, y in at]))
    discs.sort(key=lambda disc: (-disc[0], disc[1]))
    taken: list[tuple[float, float, float]] = []
    placed: dict[int, tuple[float, float]] = {}
    for reach, members, at in discs:
        x, y = _free(reach, taken)
        taken.append((x, y, reach))
        placed.update({node: (x + dx, y + dy) for node, (dx, dy) in zip(members, at, strict=True)})
    return placed


def _free(reach: float, taken: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """Find the free place for a disc that is nearest to the middle, touching one that is there."""
    if not taken:
        return 0.0, 0.0
    best = (math.inf, 0.0, 0.0)
    for x, y, other in taken:
        for turn in range(36):
            angle = turn * math.tau / 36
            new_x = x + (other + reach) * math.cos(angle)
            new_y = y + (other + reach) * math.sin(angle)
            away = math.hypot(new_x, new_y * 1.3)
            if away < best[0] - 1e-6 and all(math.hypot(new_x - ox, new_y - oy) > reach + far - 0.5 for ox, oy, far in taken):
                best = (away, new_x, new_y)
    return best[1], best[2]
