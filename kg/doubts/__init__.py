"""Why an answer is empty, and what makes one doubtful: said only where the graph leaves no doubt about it.

words       properties and classes that are misspelt, or that this graph does not have
things      things that are not in the graph, and which were meant
texts       texts and numbers that are written otherwise
fit         things of one kind asked for what another kind has
narrowing   the part of the query that leaves nothing
columns     variables without a value, patterns that nothing joins
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from kg import guard, ontology
from kg.names import KINDS, Names

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kg.doubts.asked import Asked

LONGEST = 20_000
"""Characters of a query that is looked at; a program wrote a longer one."""
_MOST = 3
"""Doubts that are told."""


def of_nothing(store: Store, text: str, names: Names, *, suggested: bool = False, detail: str = "") -> list[str]:
    """Say why a query has no answer, as far as that is certain; nothing where it is not.

    ``detail`` is how much of the notes the graph holds, as ``kg build --detail`` says.
    """
    return list(islice(dict.fromkeys(_of_nothing(store, text, names, suggested, detail)), _MOST))


def _of_nothing(store: Store, text: str, names: Names, suggested: bool, detail: str) -> Iterator[str]:
    asked = _taken_apart(store, text, names, suggested, detail)
    if asked is None:
        return
    from kg.doubts.columns import alone
    from kg.doubts.fit import unfit
    from kg.doubts.narrowing import leftover, with_suggestions
    from kg.doubts.texts import filtered, unwritten
    from kg.doubts.things import missing, paged
    from kg.doubts.words import absent, misspelt

    certain = False
    for look in (misspelt, absent, missing, paged, unfit, unwritten, filtered):
        for each in look(asked):
            certain = True
            yield each
    if not certain:
        found = [*with_suggestions(asked, text)] or [*leftover(asked)]
        yield from found
    yield from alone(asked.question)


def counts(text: str, names: Names) -> bool:
    """Say whether a query counts or adds up, so that a row of noughts means that there was nothing.

    >>> counts("SELECT (COUNT(*) AS ?c) { ?s ?p ?o }", Names()), counts("SELECT ?s { ?m :second ?s }", Names())
    (True, False)
    """
    from kg.grammar import AGGREGATES
    from kg.patterns import question

    found = question(text, names) if len(text) <= LONGEST else None
    return found is not None and any(each.words()[0].upper() in AGGREGATES for each in found.head.under("builtin"))


def of_some(store: Store, text: str, names: Names, *, suggested: bool = False, rows: int = 0) -> list[str]:
    """Say what is doubtful about an answer of so many rows."""
    if _plain(text):
        return []
    from kg.doubts.columns import alone, unconnected
    from kg.doubts.words import misspelt

    asked = _taken_apart(store, text, names, suggested, "")
    if asked is None:
        return []
    found = [*misspelt(asked), *alone(asked.question)]
    return list(dict.fromkeys(found + (unconnected(asked.question) if rows > 1 else [])))[:_MOST]


def of_left_out(store: Store, text: str, names: Names, rows: int) -> list[str]:
    """Say how many rows a query that marks suggestions has more of, if they count, as far as there is time to find out."""
    from kg import query
    from kg.doubts.asked import SECONDS
    from kg.errors import KgError

    try:
        more = sum(1 for _ in query.ask(store, text, names, timeout=SECONDS, suggested=True).rows) - rows
    except KgError:
        return ["what rules only suggest is left out; --suggested adds it"]
    return (
        [f"{more:,} more {'row is' if more == 1 else 'rows are'} only suggested; --suggested adds {'it' if more == 1 else 'them'}"]
        if more > 0
        else []
    )


def of_texts(text: str, detail: str) -> list[str]:
    """Say that texts are looked through that the graph does not all hold; ``detail`` is how much of the notes it does.

    >>> of_texts("SELECT ?p { ?p :text ?t FILTER(CONTAINS(?t, 'child')) }", "evidence")
    ['the graph holds only passages that name or cite something; kg search looks through all']
    """
    if detail != "evidence":
        return []
    words = {each.text.upper() for each in guard.tokens(text[:LONGEST])}
    sought = words & {":TEXT", "KG:TEXT"} and words & {":MATCH", "KG:MATCH", "CONTAINS", "REGEX", "STRSTARTS"}
    return ["the graph holds only passages that name or cite something; kg search looks through all"] if sought else []


def of_much(text: str, names: Names) -> list[str]:
    """Say why a query may have too many answers to be given in time."""
    from kg.doubts.columns import unconnected
    from kg.patterns import question

    asked = question(text, names) if len(text) <= LONGEST else None
    return unconnected(asked)[:_MOST] if asked else []


def _plain(text: str) -> bool:
    """Say whether a query is too simple for doubts: one statement, known words, each variable in the braces.

    Most queries are, and reading them closely would take a tenth of their time.

    >>> _plain("SELECT ?n { ?n :mentions country:PT }"), _plain("SELECT ?m { ?n :mention country:PT }")
    (True, False)
    """
    cut = list(guard.tokens(text[:LONGEST]))
    words = [each.text for each in cut]
    if words.count("{") != 1 or "." in words or any(each.sort in ("iri", "other") and each.text not in (";", ",") for each in cut):
        return False
    at = words.index("{")
    head, body = cut[:at], set(words[at:])
    known = {f":{each}" for each in ontology.terms()} | {"rdfs:label"}
    names = (each.text for each in cut if each.sort == "name")
    return all(each.text in body for each in head if each.sort == "variable") and all(
        each in known or (each.partition(":")[0] in KINDS and not each.endswith(":")) for each in names
    )


def _taken_apart(store: Store, text: str, names: Names, suggested: bool, detail: str) -> Asked | None:
    from kg.doubts.asked import Asked
    from kg.patterns import question

    found = question(text, names) if len(text) <= LONGEST else None
    return Asked(text, found, store, names, suggested, detail) if found else None


__all__ = ["counts", "of_left_out", "of_much", "of_nothing", "of_some", "of_texts"]
