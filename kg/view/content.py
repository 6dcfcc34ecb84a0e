"""What a page holds: the graph cut down to what a browser can carry, as plain lists for JSON.

    describe    the network -> one dictionary

Everything is sorted here, so the same graph gives the same page. What is left out is counted, and
the page says so. Strings go in as they are: making them harmless is the business of whoever writes
them into a document, and of the page, which shows them as text only.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from kg.errors import UsageError
from kg.ranks import Tie, distances, pagerank, ties
from kg.view.layout import Spot, spots

LIVE_NODES, LIVE_LINKS = 250, 600
"""Drawn at once. vis-network holds 60 frames a second there; at 1,000 nodes it manages 14."""

NODES, EDGES = 2000, 10_000
"""Carried by the page, for search, details and neighbourhoods."""

SENTENCES, SENTENCE, ALL_SENTENCES = 3, 300, 1_500_000
"""Evidence: at most so many for an edge, of so many characters each, and characters in all."""

STYLES = {
    "note": ("dot", 0, True),
    "missing": ("dot", 8, False),
    "country": ("square", 1, True),
    "theme": ("hexagon", 2, True),
    "initiative": ("diamond", 3, True),
    "organisation": ("triangle", 4, True),
    "person": ("triangleDown", 5, True),
    "channel": ("star", 6, True),
    "video": ("square", 7, False),
}
"""Shape, tone (a colour of page.css) and whether it is filled; the order is that of the legend."""

SPARE = (("diamond", 7, False), ("hexagon", 1, False), ("triangle", 2, False), ("triangleDown", 3, False), ("star", 4, False))
"""For kinds we have no style for, in turn."""


_WEB = re.compile(r"https?://[\w.-]+(:\d+)?([/?#]\S*)?", re.IGNORECASE)


class _Edge(NamedTuple):
    start: int
    end: int
    property: str
    evidence: tuple[tuple[str, int, str, str, str], ...]
    suggested: bool = False


def describe(network: Any, *, title: str, focus: str | None, depth: int, kinds: Collection[str]) -> dict[str, Any]:
    """Cut the network down and describe it; see `kg.view.page` for what the arguments mean.

    Raises:
        KgError: ``focus`` is not in the network, or ``depth`` is not 1, 2 or 3.
    """
    if focus is not None and focus not in network:
        raise UsageError(f"nothing in the graph is called {focus!r}", hint="give the IRI of a note or of another thing in the graph")
    if depth not in (1, 2, 3):
        raise UsageError(f"a neighbourhood has 1, 2 or 3 hops, not {depth}")
    iris = sorted(iri for iri, each in network.nodes(data=True) if not kinds or each.get("kind", "") in kinds or iri == focus)
    edges = _edges(network, {iri: place for place, iri in enumerate(iris)})
    shares = pagerank(len(iris), [(edge.start, edge.end) for edge in edges])
    order = _order(iris, shares, edges, focus, depth)
    iris = [iris[place] for place in order]
    shares = [shares[place] for place in order]
    new = {old: place for place, old in enumerate(order)}
    edges = sorted(edge._replace(start=new[edge.start], end=new[edge.end]) for edge in edges)
    near = _near(len(iris), edges)
    tied = ties(near)
    nodes = [_node(iri, network.nodes[iri]) for iri in iris]
    styles = _styles(node["kind"] for node in nodes)
    held = _held(edges, tied, min(len(iris), NODES))
    sizes = _sizes(shares)
    live = _live(sorted(range(min(len(iris), NODES)), key=lambda place: (-shares[place], place)), near)
    return {
        "title": title,
        "total": {"nodes": len(iris), "links": len(tied), "edges": len(edges)},
        "focus": iris.index(focus) if focus is not None else None,
        "depth": depth,
        "limits": {"nodes": LIVE_NODES, "links": LIVE_LINKS},
        "wanted": sorted(set(kinds)),
        "kinds": [{"name": name, "shape": shape, "tone": tone, "filled": filled} for name, (shape, tone, filled) in styles.items()],
        "nodes": [
            [
                node["iri"],
                node["label"],
                list(styles).index(node["kind"]),
                node["path"],
                node["url"],
                node["aliases"],
                sizes[place],
                len(near[place]),
                int(node["suggested"]),
            ]
            for place, node in enumerate(nodes[:NODES])
        ],
        **_sentences(held),
        "picture": _picture(live, sizes, [node["kind"] for node in nodes], styles, tied),
    }


def _edges(network: Any, place: Mapping[str, int]) -> list[_Edge]:
    return sorted(
        _Edge(
            place[start],
            place[end],
            str(data.get("property", key)),
            tuple(sorted(map(_plain, data.get("evidence", ())))),
            bool(data.get("suggested")),
        )
        for start, end, key, data in network.edges(keys=True, data=True)
        if start in place and end in place
    )


def _plain(evidence: Any) -> tuple[str, int, str, str, str]:
    text = evidence.text if len(evidence.text) <= SENTENCE else evidence.text[: SENTENCE - 1].rstrip() + "…"
    return evidence.path, evidence.line, text, evidence.timecode, web(evidence.moment)


def web(address: str) -> str:
    """Give the address back if it is one of the web, else nothing.

    >>> web("https://www.youtube.com/watch?v=abc&t=5s"), web("javascript:alert(1)"), web("http://[")
    ('https://www.youtube.com/watch?v=abc&t=5s', '', '')
    """
    return address if _WEB.fullmatch(address) else ""


def _order(iris: Sequence[str], shares: Sequence[float], edges: Iterable[_Edge], focus: str | None, depth: int) -> list[int]:
    """Order the nodes: those around the focus first, each group by importance."""
    hops: dict[int, int] = {}
    if focus is not None:
        hops = distances(_near(len(iris), edges), iris.index(focus), depth)
    return sorted(range(len(iris)), key=lambda place: (hops.get(place, 4), -shares[place], place))


def _near(count: int, edges: Iterable[_Edge]) -> list[set[int]]:
    near: list[set[int]] = [set() for _ in range(count)]
    for edge in edges:
        if edge.start != edge.end:
            near[edge.start].add(edge.end)
            near[edge.end].add(edge.start)
    return near


def _node(iri: str, data: Mapping[str, Any]) -> dict[str, Any]:
    aliases = sorted({str(alias) for alias in data.get("aliases", ())} - {data.get("label", "")})
    return {
        "iri": iri,
        "label": str(data.get("label") or iri),
        "kind": str(data.get("kind") or "thing"),
        "path": str(data.get("path", "")),
        "url": web(str(data.get("url", ""))),
        "aliases": aliases,
        "suggested": bool(data.get("suggested")),
    }


def _styles(kinds: Iterable[str]) -> dict[str, tuple[str, int, bool]]:
    found = set(kinds)
    unknown = sorted(found - STYLES.keys())
    return {kind: style for kind, style in STYLES.items() if kind in found} | {kind: SPARE[turn % len(SPARE)] for turn, kind in enumerate(unknown)}


def _live(ranked: Sequence[int], near: Sequence[set[int]]) -> list[int]:
    """Choose the nodes of the whole picture: the most important, but none whose neighbours all stay out.

    A video is important to the notes made from it; without any of them it would be a dot in a void.
    """
    chosen: set[int] = set()
    barred: set[int] = set()
    while len(chosen) < LIVE_NODES:
        fresh = [node for node in ranked if node not in chosen and node not in barred][: LIVE_NODES - len(chosen)]
        if not fresh:
            break
        chosen.update(fresh)
        alone = {node for node in chosen if near[node] and not near[node] & chosen}
        chosen -= alone
        barred |= alone
    return sorted(chosen)


def _sizes(shares: Sequence[float]) -> list[float]:
    """Turn importance into a radius in pixels, 5 to 22: a node of average importance gets 8."""
    return [round(min(22.0, 4.5 + 3.5 * math.sqrt(share * len(shares))), 1) for share in shares]


def _held(edges: Iterable[_Edge], tied: Sequence[Tie], count: int) -> list[_Edge]:
    """Choose the edges that the page carries, the most telling first."""
    turn = {(tie.low, tie.high): place for place, tie in enumerate(tied)}
    kept = (edge for edge in edges if edge.start < count and edge.end < count)
    return sorted(kept, key=lambda edge: (turn.get((min(edge[:2]), max(edge[:2])), len(turn)), edge))[:EDGES]


def _sentences(edges: Sequence[_Edge]) -> dict[str, Any]:
    """Describe edges and their evidence; sentences and paths are kept once and pointed at by number.

    Room is dealt out in turns: first one sentence for every edge, then a second, then a third.
    """
    numbers: dict[tuple[str, int, str, str, str], int] = {}
    shown: list[list[int]] = [[] for _ in edges]
    room = ALL_SENTENCES
    for turn in range(SENTENCES):
        for edge, numbered in zip(edges, shown, strict=True):
            if turn >= len(edge.evidence):
                continue
            each = edge.evidence[turn]
            if each not in numbers:
                cost = len(each[2]) + len(each[3]) + len(each[4]) + 12
                if cost > room:
                    continue
                room -= cost
                numbers[each] = len(numbers)
            numbered.append(numbers[each])
    properties = sorted({edge.property for edge in edges})
    paths = sorted({each[0] for each in numbers})
    at = {path: place for place, path in enumerate(paths)}
    return {
        "properties": properties,
        "paths": paths,
        "sentences": [[at[path], *rest] for path, *rest in numbers],
        "edges": [
            [edge.start, edge.end, properties.index(edge.property), numbered, len(edge.evidence), int(edge.suggested)]
            for edge, numbered in zip(edges, shown, strict=True)
        ],
    }


def _picture(
    live: Sequence[int], sizes: Sequence[float], kinds: Sequence[str], styles: Mapping[str, tuple[str, int, bool]], tied: Sequence[Tie]
) -> dict[str, Any]:
    """Draw up the whole picture with pyvis: nodes at their places, links, and vis-network's options.

    pyvis is imported here and not above, since it brings IPython along (0.3 s).
    """
    from pyvis.network import Network

    at = {node: place for place, node in enumerate(live)}
    inside = [Tie(at[tie.low], at[tie.high], tie.weight) for tie in tied if tie.low in at and tie.high in at]
    placed: list[Spot] = spots([sizes[node] for node in live], inside)
    drawn = Network(directed=True)
    for node, spot in zip(live, placed, strict=True):
        shape, _, _ = styles[kinds[node]]
        # A label of one space: pyvis would put the id in place of an empty one. The page draws labels itself.
        drawn.add_node(node, label=" ", shape=shape, size=sizes[node], x=spot.x, y=spot.y, physics=False)
    for low, high, _ in inside[:LIVE_LINKS]:
        drawn.add_edge(live[low], live[high])
    drawn.set_options(json.dumps(OPTIONS))
    nodes, edges, *_, options = drawn.get_network_data()
    lands = Counter(spot.island for spot in placed)
    return {
        "nodes": [{key: node[key] for key in ("id", "x", "y", "shape", "size")} for node in nodes],
        "links": [[edge["from"], edge["to"]] for edge in edges],
        "islands": [[node for node, spot in zip(live, placed, strict=True) if spot.island == land] for land in sorted(lands) if lands[land] > 3],
        "options": json.loads(options),
    }


OPTIONS: dict[str, Any] = {
    "autoResize": False,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "tooltipDelay": 3600000,
        "zoomSpeed": 0.6,
        "keyboard": {"enabled": True, "bindToWindow": False},
    },
    "nodes": {"borderWidth": 1.5, "borderWidthSelected": 1.5, "chosen": False, "labelHighlightBold": False, "physics": False},
    "edges": {
        "smooth": False,
        "width": 1,
        "hoverWidth": 0,
        "selectionWidth": 0,
        "chosen": False,
        "physics": False,
        "arrows": {"to": {"enabled": False}},
    },
}
"""For vis-network. Nothing moves by itself; a node can still be dragged."""
