"""Notes and entities as two tables, of nodes and of edges: what Gephi, Cytoscape and Neo4j draw.

Passages, sections and moments are no nodes; they are counted in the weights.

    weight of a node   passages and headings that name it or cite it
    weight of an edge  places that say it, at least 1
    rank               PageRank along the edges; the ranks of all nodes sum to 1
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.network import Evidence, network
from kg.network import node as standing
from kg.ranks import pagerank
from kg.triples import iri_of, least, pairs

if TYPE_CHECKING:
    from pyoxigraph import Store

_ENTITIES = frozenset(("country", "initiative", "theme", "organisation", "person"))


class Node(NamedTuple):
    """A note or an entity; ``url`` is where it plays or is described, ``path`` the file of a note, or ""."""

    id: str
    label: str
    kind: str
    weight: int
    rank: float
    url: str
    path: str
    suggested: bool


class Edge(NamedTuple):
    """What joins two nodes; ``evidence`` is the first place that says so, as path:line."""

    source: str
    target: str
    property: str
    weight: int
    evidence: str
    suggested: bool


class Tables(NamedTuple):
    """Nodes in order of their IRIs, edges in order of theirs; ``suggested`` is whether that column tells anything."""

    title: str
    nodes: list[Node]
    edges: list[Edge]
    suggested: bool


def tables(store: Store, title: str, *, what: str = "all", suggested: str = "") -> Tables:
    """Make the tables; ``what`` is all, facts (entities only) or notes, and ``suggested`` the graph of suggestions, if wanted."""
    graph = network(store, title, suggested)
    order = list(graph)
    place = {iri: position for position, iri in enumerate(order)}
    ranks = pagerank(len(order), ((place[start], place[end]) for start, end in graph.edges()))
    weights: Counter[str] = Counter()
    for side in ("", suggested) if suggested else ("",):
        for verb in (":names", ":cites"):
            weights.update(standing(graph, thing) for _, thing in pairs(store, iri_of(verb), graph=side))
    urls = least(store, iri_of("schema:sameAs")) | least(store, iri_of(":source"))
    nodes = []
    for iri, rank in zip(order, ranks, strict=True):
        told: dict[str, Any] = graph.nodes[iri]
        if what == "all" or (told["kind"] in _ENTITIES) == (what == "facts"):
            url = told["url"] or urls.get(iri, "")
            nodes.append(Node(iri, told["label"], told["kind"], weights[iri], rank, url, told["path"], told["suggested"]))
    kept = {each.id for each in nodes}
    edges = []
    for start, end, told in graph.edges(data=True):
        if start in kept and end in kept:
            said = told["evidence"]
            edges.append(Edge(start, end, told["property"], max(1, len(said)), _place(said), told["suggested"]))
    return Tables(title, nodes, sorted(edges), bool(suggested))


def _place(evidence: Sequence[Evidence]) -> str:
    return f"{evidence[0].path}:{evidence[0].line}" if evidence else ""


def columns(row: type[Node | Edge], told: Tables) -> list[str]:
    """Name the columns that tell something."""
    return [each for each in row._fields if told.suggested or each != "suggested"]


def as_csv(rows: Sequence[Node | Edge], names: list[str]) -> Iterator[str]:
    """Write a table with a line of names first; lines end in a line feed."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([plain(getattr(row, name)) for name in names] for row in rows)
    yield text.getvalue()


def plain(value: str | float) -> str:
    """Write a value as text; a rank in nine digits, on which all machines agree.

    >>> plain(0.1 + 0.2), plain(True), plain("a")
    ('0.3', 'true', 'a')
    """
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.9g}" if isinstance(value, float) else str(value)
