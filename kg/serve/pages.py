"""Pages that are of no one thing: the start, a search, questions with names, the editor, the view."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kg import turtle
from kg.serve import links
from kg.serve.limits import Limits
from kg.serve.rendering import render
from kg.serve.replies import Reply

if TYPE_CHECKING:
    from kg.graph import Graph

HTML = "text/html; charset=utf-8"
_EXAMPLE = """SELECT ?note ?line ?text {
  ?passage :names ?thing ; :note ?note ; :line ?line ; :text ?text .
  ?thing rdfs:label ?name .
}
LIMIT 20"""
_VOCABULARY = (
    ("Classes", "SELECT ?k (COUNT(*) AS ?n) { ?s a ?k } GROUP BY ?k ORDER BY DESC(?n) ?k LIMIT 40"),
    ("Properties", "SELECT ?k (COUNT(*) AS ?n) { ?s ?k ?o } GROUP BY ?k ORDER BY DESC(?n) ?k LIMIT 60"),
)


def editor(graph: Graph, job: dict[str, Any], most: Limits) -> Reply:
    """Give people a place to write a query."""
    del job, most
    prefixes = sorted(graph.names.prefixes().items())
    body = render("sparql.html", title="SPARQL", site=graph.title, text=_EXAMPLE, prefixes=prefixes, vocabulary=_vocabulary(graph))
    return Reply(200, HTML, body)


@lru_cache(maxsize=1)
def _vocabulary(graph: Graph) -> list[tuple[str, list[tuple[str, str, int]]]]:
    shorten = turtle.shortener(graph.names)
    return [
        (heading, [(shorten(str(key)), links.address(key.value, graph.names), int(count.value)) for key, count in graph.store.query(query)])  # type: ignore[union-attr]
        for heading, query in _VOCABULARY
    ]


WORKS: dict[str, Callable[[Any, dict[str, Any], Limits], Reply]] = {"editor": editor}

__all__ = ["WORKS"]
