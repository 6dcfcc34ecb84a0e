"""A query with the graph it was put to, and quick looks into that graph while time lasts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg import query, turtle
from kg.errors import KgError
from kg.names import ONTOLOGY, STANDARD_PREFIXES, Names
from kg.patterns import Pattern, Question, Term

if TYPE_CHECKING:
    from pyoxigraph import Store

LABELS = tuple(
    STANDARD_PREFIXES[prefix] + local for prefix, local in (("rdfs", "label"), ("skos", "prefLabel"), ("skos", "altLabel"), ("skos", "notation"))
)
SECONDS = 0.3
"""Time for finding out why an answer is empty: a person waits, and the answer itself is there already."""


@dataclass
class Asked:
    """What was asked, of which graph; ``detail`` is how much of the notes that graph was built to hold."""

    text: str
    question: Question
    store: Store
    names: Names
    suggested: bool = False
    detail: str = ""
    until: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def left(self) -> float:
        """Give the seconds that are left."""
        return self.until - time.monotonic()

    @cached_property
    def needed(self) -> list[Pattern]:
        """The patterns without which there is no answer."""
        return list(self.question.group.patterns(needed=True))

    @cached_property
    def sides(self) -> tuple[Any, ...]:
        """The graphs that count; any, where the query says which."""
        from pyoxigraph import DefaultGraph, NamedNode

        if any(each.text.upper() in ("GRAPH", "FROM") for each in self.question.tree.tokens() if each.sort == "word"):
            return (None,)
        return (DefaultGraph(), NamedNode(self.names.suggested)) if self.suggested else (DefaultGraph(),)

    def has(self, subject: Any = None, predicate: Any = None, thing: Any = None) -> bool:
        """Say whether there is such a triple."""
        return next(self.triples(subject, predicate, thing), None) is not None

    def triples(self, subject: Any = None, predicate: Any = None, thing: Any = None) -> Iterator[Any]:
        """Give such triples, of all graphs that count, while time lasts."""
        for side in self.sides:
            for number, each in enumerate(self.store.quads_for_pattern(subject, predicate, thing, side)):
                if number % 256 == 255 and self.left() < 0:
                    return
                yield each

    def finds(self, parts: list[str]) -> bool | None:
        """Say whether some parts of the query have an answer together; ``None`` if there is no time for it."""
        if self.left() <= 0.01:
            return None
        text = f"{self.question.prologue} ASK {{ {' '.join(parts)} }}"
        try:
            return query.ask(self.store, text, self.names, timeout=self.left(), suggested=self.suggested).truth
        except KgError:
            return None

    def column(self, text: str) -> list[Any]:
        """Give the first value of every row of a query of our own, as many as there is time for."""
        found = []
        with suppress(KgError):
            if self.left() > 0.01:
                for row in query.ask(self.store, text, self.names, timeout=self.left(), suggested=self.suggested).rows:
                    found.append(row[0])  # noqa: PERF401 - those before the time is up are kept
        return found

    def types(self, iri: str) -> set[str]:
        """Give the classes of the ontology that a thing is of, by their local names."""
        found = self.triples(node(iri), node(STANDARD_PREFIXES["rdf"] + "type"))
        return {each.object.value.removeprefix(ONTOLOGY) for each in found if each.object.value.startswith(ONTOLOGY)}

    def label(self, iri: str) -> str:
        """Give the label of a thing, or ""."""
        return next((str(each.object.value) for each in self.triples(node(iri), node(LABELS[0]))), "")

    @cached_property
    def short(self) -> Any:
        """The function that writes an IRI as a query may."""
        shorten = turtle.shortener(self.names)
        return lambda iri: shorten(f"<{iri}>")


def node(iri: str) -> Any:
    """Make the engine's term of an IRI; one that it does not accept becomes one that nothing has."""
    from pyoxigraph import NamedNode

    try:
        return NamedNode(iri)
    except ValueError:
        return NamedNode("urn:kg:none")


def literal(term: Term) -> Any:
    """Make the engine's term of a literal."""
    from pyoxigraph import Literal

    if term.more.startswith("@"):
        return Literal(term.value, language=term.more[1:])
    return Literal(term.value, datatype=node(term.more)) if term.more else Literal(term.value)


def quoted(text: str) -> str:
    """Write a text as a query may, shortened where it is long.

    >>> quoted('a "b"')
    '"a \\\\"b\\\\""'
    """
    cut = text if len(text) <= 60 else text[:59] + "…"
    return '"' + cut.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


__all__ = ["LABELS", "Asked", "literal", "node", "quoted"]
