"""Answers as the interactive page of ``kg view``, and what that page is allowed to do."""

from __future__ import annotations

from html import unescape
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.network import KINDS
from kg.query import Answer
from kg.serve.replies import Reply
from kg.things import Things

if TYPE_CHECKING:
    from kg.graph import Graph

MOST = 2000
"""rows that are drawn"""
_POLICY = 'http-equiv="Content-Security-Policy" content="'


def drawn(graph: Graph, answer: Answer, title: str) -> Reply:
    """Draw triples, or rows: whatever stands side by side in a row and has a name is joined.

    Raises:
        KgError: there is nothing to draw.
    """
    import networkx as nx

    from kg import view

    known = Things(graph.store, graph.names, ("",))
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    kinds = set(KINDS.values())
    for row in islice(answer.rows, MOST):
        if answer.kind == "graph":
            ends, words = [row[0], row[2]], [known.short(getattr(row[1], "value", "")).lstrip(":")]
        else:
            ends = [each for each in row if type(each).__name__ == "NamedNode"]
            words = ["beside"] * len(ends)
        names = [_iri(each) for each in ends]
        if "" in names:
            continue
        for iri in names:
            if iri not in network:
                kind = {"missing note": "missing"}.get(known.kind(iri), known.kind(iri))
                network.add_node(iri, label=known.label(iri), kind=kind if kind in kinds else "thing", path="", url="", aliases=())
        for (one, other), word in zip(pairwise(names), words, strict=False):
            network.add_edge(one, other, key=word, property=word, evidence=())
    if not network:
        raise KgError("there is nothing to draw in this answer", hint="ask for IRIs, two or more in a row, or CONSTRUCT triples of them")
    return reply(str(view.page(network, title=title)))


def _iri(term: Any) -> str:
    return str(term.value) if type(term).__name__ == "NamedNode" else ""


def reply(text: str) -> Reply:
    """Give the page with a policy of its own: its scripts and style, by their hashes, and nothing else."""
    policy = unescape(text.partition(_POLICY)[2].partition('"')[0])
    return Reply(200, "text/html; charset=utf-8", text.encode("utf-8", "replace"), {"content-security-policy": f"{policy}; frame-ancestors 'none'"})


__all__ = ["drawn", "reply"]
