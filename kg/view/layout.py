"""The map: islands of what belongs together, in each of them smaller ones, in those the nodes.

    layout      nodes, by importance, and edges -> a spot for every node, and the islands

Computed here, once, so that the browser need not. The same graph has the same map, in any process: no clock, no
order of dictionaries, nothing that draws lots. Coordinates are whole numbers, y points down, nodes that stand side by
side are about `STEP` apart. A node's direction comes from a hash of its IRI, an island's from those of its nodes;
so what stays in a graph stays about where it is on the map.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

from kg.scene import Node
from kg.view import naming
from kg.view.communities import communities, order, weights
from kg.view.packing import Spot, around, pack, seed
from kg.view.styles import FACETS

STEP = 10.0
"""Between nodes."""
SUB_GAP, GAP = 6.0, 26.0
"""Between groups of an island, and between islands."""
FEW = 6
"""Nodes that hang together, at least, for an island of their own; smaller groups share one."""
EDGE = 100_000
"""No coordinate is beyond this."""
TONES = 8
"""Colours of islands; further ones are grey."""


class Island(NamedTuple):
    """A disc of the map; ``parent`` is the number of the island it is part of, or -1."""

    name: str
    x: int
    y: int
    r: int
    nodes: int
    parent: int
    tone: int


class Map(NamedTuple):
    """A spot for every node, the numbers of its island and of its part (-1: none), and the islands, whole ones first."""

    spots: list[tuple[int, int]]
    island: list[int]
    sub: list[int]
    islands: list[Island]


def layout(nodes: Sequence[Node], joined: Sequence[tuple[int, int]], properties: Sequence[str]) -> Map:
    """Lay out the nodes, which are given by importance."""
    ties = weights(nodes, joined, properties)
    community, group = communities(nodes, ties)
    apart = _settle_rest(nodes, joined, community, group)
    parts: dict[int, dict[int, list[int]]] = {}
    for node in range(len(nodes)):
        if node not in apart:
            parts.setdefault(community[node], {}).setdefault(group[node], []).append(node)
    turn = {node: at for at, node in enumerate(order(nodes))}
    islands = [_island(groups, nodes, turn) for groups in parts.values()]
    if apart:
        islands.append(_scattered(apart, turn))
    islands.sort(key=lambda each: turn[each.chief])
    return _drawn(nodes, joined, islands)


class _Group(NamedTuple):
    """A part of an island: its nodes, the middle ones first, where they are from its middle, and its disc."""

    members: list[int]
    spots: list[Spot]
    radius: float


class _Land(NamedTuple):
    """An island before it has its place."""

    groups: list[_Group]
    spots: list[Spot]
    radius: float
    size: int
    chief: int
    """The node that stands for it, and says where it would be."""
    loose: bool = False


def _settle_rest(nodes: Sequence[Node], joined: Sequence[tuple[int, int]], community: list[int], group: list[int]) -> dict[int, int]:
    """Put what does not shape the map (facets, hubs, what only those tie) where most of its neighbours are.

    Facets come first and count for what is left. What hangs together only by them and is large becomes an
    island; give the rest, with a number for each piece of it.
    """
    near: list[list[int]] = [[] for _ in nodes]
    for start, end in joined:
        if start != end:
            near[start].append(end)
            near[end].append(start)
    homeless = [node for node in range(len(nodes)) if group[node] < 0]
    while homeless:
        found = {}
        for node in homeless:
            votes: dict[int, int] = {}
            for other in near[node]:
                if group[other] >= 0:
                    votes[group[other]] = votes.get(group[other], 0) + 1
            if votes:
                sides: dict[int, int] = {}
                for each, count in votes.items():
                    sides[community[each]] = sides.get(community[each], 0) + count
                side = max(sides, key=lambda each: (sides[each], nodes[each].iri))
                found[node] = side, max((each for each in votes if community[each] == side), key=lambda each: (votes[each], nodes[each].iri))
        if not found:
            break
        for node, (side, part) in found.items():
            community[node], group[node] = side, part
        homeless = [node for node in homeless if group[node] < 0]
    pieces = _pieces(homeless, near)
    apart = {}
    for number, piece in enumerate(pieces):
        if len(piece) >= FEW:
            first = min(piece, key=lambda node: nodes[node].iri)
            for node in piece:
                community[node] = group[node] = first
        else:
            apart.update(dict.fromkeys(piece, number))
    return apart


def _pieces(members: Sequence[int], near: Sequence[Sequence[int]]) -> list[list[int]]:
    """Cut some nodes into pieces that hang together."""
    left, found = set(members), []
    for node in members:
        if node in left:
            left.discard(node)
            piece, edge = [node], [node]
            while edge:
                other = edge.pop()
                fresh = [each for each in near[other] if each in left]
                for each in fresh:
                    if each in left:
                        left.discard(each)
                        piece.append(each)
                        edge.append(each)
            found.append(piece)
    return found


def _lean(iri: str) -> Spot:
    """Give a place in the disc of radius 1 by a hash of an IRI: another than chiefs are chosen by, or all would be in the middle."""
    number = crc32(b"place of " + iri.encode("utf-8", "surrogatepass"))
    angle, reach = (number & 0xFFFF) / 2**16 * math.tau, math.sqrt((number >> 16) / 2**16)
    return reach * math.cos(angle), reach * math.sin(angle)


def _chief(members: Sequence[int], turn: dict[int, int], nodes: Sequence[Node]) -> int:
    """Give the node that stands for many, and says where they would be: the first by the hash, facets last.

    Where one node in twenty goes, this one does once in twenty times; the most important one would more often give
    its place to another that is about as important.
    """
    return min(members, key=lambda node: (nodes[node].kind in FACETS, turn[node]))


def _room(count: int) -> float:
    """Give the radius of a disc for so many nodes; rounded up in steps, so that one more seldom makes a difference."""
    steps = math.ceil(math.log(max(count, 3)) / math.log(1.12) - 1e-9)
    return STEP * 0.6 * math.sqrt(1.12**steps) + STEP * 0.5


def _island(groups: dict[int, list[int]], nodes: Sequence[Node], turn: dict[int, int]) -> _Land:
    """Lay out one island: its groups packed, in each the most important in the middle, facets at the rim."""
    chiefs = {each: _chief(members, turn, nodes) for each, members in groups.items()}
    found, ranked = [], sorted(groups, key=lambda each: turn[chiefs[each]])
    for each in ranked:
        members = sorted(groups[each], key=lambda node: (nodes[node].kind in FACETS, node))
        found.append(_Group(members, [seed(at, STEP) for at in range(len(members))], _room(len(members))))
    spots = pack([each.radius for each in found], [_lean(nodes[chiefs[each]].iri) for each in ranked], SUB_GAP)
    (x, y), radius = around([each.radius for each in found], spots)
    count = sum(len(each.members) for each in found)
    return _Land(found, [(left - x, top - y) for left, top in spots], radius + SUB_GAP, count, chiefs[ranked[0]])


def _scattered(apart: dict[int, int], turn: dict[int, int]) -> _Land:
    """Lay out what belongs nowhere: small pieces side by side."""
    pieces: dict[int, list[int]] = {}
    for node, number in sorted(apart.items()):
        pieces.setdefault(number, []).append(node)
    ranked = sorted(pieces.values(), key=lambda each: (-len(each), turn[each[0]]))
    cell = STEP * 1.2 * math.sqrt(len(ranked[0]))
    members, spots = [], []
    for at, piece in enumerate(ranked):
        x, y = seed(at, cell * 1.2)
        for inner, node in enumerate(piece):
            dx, dy = seed(inner, STEP) if len(piece) > 1 else (0.0, 0.0)
            members.append(node)
            spots.append((x + dx, y + dy))
    radius = max(math.hypot(*spot) for spot in spots) + STEP
    group = _Group(members, spots, radius)
    return _Land([group], [(0.0, 0.0)], radius + SUB_GAP, len(members), members[0], loose=True)


def _drawn(nodes: Sequence[Node], joined: Sequence[tuple[int, int]], islands: Sequence[_Land]) -> Map:
    """Put the islands together, number and name them."""
    wishes = [(0.0, 1.0) if each.loose else _lean(nodes[each.chief].iri) for each in islands]
    middles = pack([each.radius for each in islands], wishes, GAP)
    far = max((math.hypot(*spot) + island.radius for spot, island in zip(middles, islands, strict=True)), default=1.0)
    scale = min(1.0, EDGE / far)
    ranks = sorted(range(len(islands)), key=lambda number: (islands[number].loose, -islands[number].size, number))
    named = naming.names(nodes, joined, [[group.members for group in island.groups] for island in islands], [each.loose for each in islands])
    spots: list[tuple[int, int]] = [(0, 0)] * len(nodes)
    island, sub = [-1] * len(nodes), [-1] * len(nodes)
    whole: list[Island] = []
    parts: list[Island] = []
    for number, (land, (x, y)) in enumerate(zip(islands, middles, strict=True)):
        tone = min(ranks.index(number), TONES) if not land.loose else TONES
        whole.append(Island(named[number].name, round(x * scale), round(y * scale), math.ceil(land.radius * scale), land.size, -1, tone))
        for at, (group, (left, top)) in enumerate(zip(land.groups, land.spots, strict=True)):
            own = len(islands) + len(parts)
            if not land.loose:
                parts.append(
                    Island(
                        named[number].parts[at],
                        round((x + left) * scale),
                        round((y + top) * scale),
                        math.ceil(group.radius * scale),
                        len(group.members),
                        number,
                        tone,
                    )
                )
            for node, (dx, dy) in zip(group.members, group.spots, strict=True):
                spots[node] = round((x + left + dx) * scale), round((y + top + dy) * scale)
                island[node], sub[node] = number, -1 if land.loose else own
    return Map(spots, island, sub, whole + parts)
