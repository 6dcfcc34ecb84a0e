"""What belongs together: two levels of communities, found so that a small change of the graph changes little.

    weights        edges -> how strongly two nodes are drawn together
    communities    the community and the group inside it of every node

The method is Louvain's (Blondel and others, 2008: nodes move to the neighbouring community that gains most
modularity), bottom up: small groups first, at a high resolution, then communities of groups. Three
things make it steady, where that of networkx may change everything for one new note: nodes move in the order of
a hash of their IRI, which others do not shift; ties go to the smaller hash; and nothing draws lots. Hubs do not
shape it: what joins everything says nothing of what belongs together.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from kg.scene import Node
from kg.view.styles import FACETS

HUB = 80
"""Neighbours from which on a node is a hub; it goes where most of its neighbours are."""
LEAST, SMALL = 5, 24
"""Nodes of a group, and of a community, at least; smaller ones join the neighbour they are tied to most."""
FINE, COARSE = 20.0, 0.7
"""Resolution of groups and of communities: how much better than by chance they must hang together."""
ROUNDS = 12
"""Sweeps over all nodes at most; few move after the fifth."""
_WEIGHTS = {"country": 0.15}
"""Of edges to nodes of a kind; other facets have none."""

Ties = list[dict[int, float]]
"""For every node its neighbours, and how strongly it is tied to them."""


def weights(nodes: Sequence[Node], joined: Sequence[tuple[int, int]], properties: Sequence[str]) -> Ties:
    """Weigh the ties: a link counts more than a mention, and what has many neighbours ties them less.

    Only ties that shape the map are there: none of facets and hubs.
    """
    many = [0] * len(nodes)
    for start, end in joined:
        many[start] += 1
        many[end] += 1
    kinds = [each.kind for each in nodes]
    facets = [kind in FACETS for kind in kinds]
    found: Ties = [{} for _ in nodes]
    for (start, end), verb in zip(joined, properties, strict=True):
        if start == end or facets[start] or facets[end] or many[end] > HUB or many[start] > 10 * HUB:
            continue
        weight = (2.0 if verb == "linksTo" else 1.0) * min(1.0, 8 / many[end])
        found[start][end] = found[start].get(end, 0.0) + weight
        found[end][start] = found[end].get(start, 0.0) + weight
    return found


def order(nodes: Sequence[Node]) -> list[int]:
    """Order nodes by a hash of their IRI, so that one more or less leaves the others where they are."""
    return sorted(range(len(nodes)), key=lambda at: (crc32(nodes[at].iri.encode("utf-8", "surrogatepass")), nodes[at].iri))


def communities(nodes: Sequence[Node], ties: Ties) -> tuple[list[int], list[int]]:
    """Give every node the number of its community, and of its group; -1 if it is tied to nothing.

    Two nodes of a group are in one community. A number is that of a node, and means nothing else.
    """
    turn = order(nodes)
    place = {node: at for at, node in enumerate(turn)}
    near = [sorted((place[other], weight) for other, weight in ties[node].items()) for node in turn]
    groups = _joined(near, _climbed(near, FINE), LEAST)
    tops, outer = _folded(near, groups)
    found = _climbed(outer, COARSE)
    sizes = [0] * len(tops)
    at = {label: number for number, label in enumerate(tops)}
    for label in groups:
        sizes[at[label]] += 1
    found = _joined(outer, found, SMALL, sizes)
    community = [-1] * len(nodes)
    group = [-1] * len(nodes)
    for number, node in enumerate(turn):
        if near[number]:
            group[node] = turn[groups[number]]
            community[node] = turn[tops[found[at[groups[number]]]]]
    return community, group


def _climbed(near: Sequence[Sequence[tuple[int, float]]], resolution: float) -> list[int]:
    """Find communities, then communities of these, and so on until none joins another."""
    found = _settled(near, resolution)
    while True:
        tops, above = _folded(near, found)
        higher = _settled(above, resolution)
        if higher == list(range(len(tops))):
            return found
        at = {label: number for number, label in enumerate(tops)}
        found = [tops[higher[at[label]]] for label in found]


def _settled(near: Sequence[Sequence[tuple[int, float]]], resolution: float) -> list[int]:
    """Let nodes, each a community first, move to the neighbouring one that gains most, until none moves; labels are numbers of nodes."""
    label = list(range(len(near)))
    degree = [sum(weight for _, weight in each) for each in near]
    whole = sum(degree) or 1.0
    total = list(degree)
    waiting = [True] * len(near)
    for _ in range(ROUNDS):
        moved = 0
        for node, ties in enumerate(near):
            if not waiting[node] or not ties:
                continue
            waiting[node] = False
            here = label[node]
            links: dict[int, float] = {here: 0.0}
            for other, weight in ties:
                if other != node:
                    at = label[other]
                    links[at] = links.get(at, 0.0) + weight
            part = resolution * degree[node] / whole
            total[here] -= degree[node]
            best, most = here, links[here] - part * total[here] + 1e-9
            for at, weight in links.items():
                gain = weight - part * total[at]
                if gain > most + 1e-9 or (gain > most - 1e-9 and at < best and best != here):
                    best, most = at, gain
            total[best] += degree[node]
            if best != here:
                label[node] = best
                moved += 1
                for other, _ in ties:
                    if label[other] != best:
                        waiting[other] = True
        if not moved:
            break
    return label


def _folded(near: Sequence[Sequence[tuple[int, float]]], label: Sequence[int]) -> tuple[list[int], list[list[tuple[int, float]]]]:
    """Make one node of every community; give their labels, and the ties between them (and to themselves)."""
    tops = sorted(set(label))
    at = {each: number for number, each in enumerate(tops)}
    found: list[dict[int, float]] = [{} for _ in tops]
    for node, ties in enumerate(near):
        here = found[at[label[node]]]
        for other, weight in ties:
            there = at[label[other]]
            here[there] = here.get(there, 0.0) + weight
    return tops, [sorted(each.items()) for each in found]


def _joined(near: Sequence[Sequence[tuple[int, float]]], label: list[int], least: int, sizes: Sequence[int] = ()) -> list[int]:
    """Let communities that are too small join the one they are tied to most, the smallest first, while there is one."""
    tops, ties = _folded(near, label)
    size = [0] * len(tops)
    at = {each: number for number, each in enumerate(tops)}
    for node, each in enumerate(label):
        size[at[each]] += sizes[node] if sizes else 1
    goes = list(range(len(tops)))

    def end(number: int) -> int:
        while goes[number] != number:
            number = goes[number]
        return number

    for number in sorted(range(len(tops)), key=lambda number: (size[number], tops[number])):
        if size[number] >= least or goes[number] != number:
            continue
        links: dict[int, float] = {}
        for other, weight in ties[number]:
            if (there := end(other)) != number:
                links[there] = links.get(there, 0.0) + weight / (size[there] ** 0.5)
        if links:
            best = max(links, key=lambda there: (links[there], -there))
            goes[number] = best
            size[best] += size[number]
            merged = dict(ties[best])
            for other, weight in ties[number]:
                merged[other] = merged.get(other, 0.0) + weight
            ties[best] = sorted(merged.items())
    return [tops[end(at[each])] for each in label]
