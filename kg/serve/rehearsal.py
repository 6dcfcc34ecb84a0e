"""Everything that an answer may need, loaded once for all workers, before it is asked for."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from kg.errors import KgError
from kg.serve import answering
from kg.serve.limits import Limits
from kg.serve.negotiation import GRAPHS, ROWS
from kg.serve.rendering import templates
from kg.serve.replies import Problem

_QUERIES = (
    "SELECT * { VALUES ?x { 1 'a'@en <urn:a> } }",
    "ASK {}",
    "CONSTRUCT { <urn:a> <urn:b> 'c' } {}",
    "SELECT (:rank(<urn:a>) AS ?a) (:match('a', 'a') AS ?b) (:label(<urn:a>) AS ?c) (:hms(61) AS ?d) (:chain(<urn:a>, <urn:b>) AS ?e) {}",
    "SELECT (:nothing(1) AS ?a) {}",
    "SELECT ?a { ?a nothing:at ?b }",
    "SELECT ?a { ?a :nonesuch ?b",
    "SELECT ?a WHERE { FILTER(strange(?a)) }",
    "SELEC ?a {}",
    "SELECT ?a (COUNT(?b) AS ?n) { ?a ?c ?b }",
    "SELECT * { SERVICE <urn:a> {} }",
    "ASK { \\u0000 }",
    "",
)
"""Queries, right and wrong, that between them lead through all that may be loaded."""


class _Nothing:
    """A graph that holds nothing."""

    def __init__(self) -> None:
        from pyoxigraph import Store

        from kg.names import Names

        self.store, self.names, self.title = Store(), Names(), ""


def rehearse() -> None:
    """Load what is needed, by doing it once."""
    from kg.serve import description, pages, things  # noqa: F401

    for name in templates().list_templates():
        if name.endswith(".html"):
            templates().get_template(name)
    graph: Any = _Nothing()
    for text in _QUERIES:
        for rows, graphs in zip((*ROWS, "json"), (*GRAPHS, "turtle", "turtle"), strict=True):
            with suppress(Problem, KgError):
                answering.query(graph, {"text": text, "rows": rows, "graphs": graphs}, Limits())


__all__ = ["rehearse"]
