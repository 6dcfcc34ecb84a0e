"""A graph on a SPARQL server, asked as one of our own is.

    names_at   the base of what is there
    Remote     looked up like a store: patterns and plain queries
    ask        a query with our prefixes

What kg adds to SPARQL (``:chain``, ``:rank``, …) runs in its own engine, which a server has not: a query that
calls it is refused before it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from kg import endpoint, functions, guard, nesting
from kg.endpoint import Endpoint
from kg.errors import KgError, QueryError
from kg.names import ONTOLOGY, Names, legal_base
from kg.query import Answer

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store


def names_at(server: Endpoint, base: str = "") -> Names:
    """Find the base of a graph by one of its notes; the usual one where there is none.

    Raises:
        KgError: the server gives no answer that SPARQL has.
    """
    if base:
        return Names(base)
    found = rows(server, f"SELECT ?note ?path {{ ?note a <{ONTOLOGY}Note> ; <{ONTOLOGY}path> ?path }} LIMIT 1")
    for note, path in found:
        before = note.value.removesuffix(Names("").note(path.value))
        if before != note.value and legal_base(before):
            return Names(before)
    return Names()


class Remote:
    """What `kg.lookup` and the named queries need of a store, asked of a server; one question each."""

    def __init__(self, server: Endpoint, *, seconds: float = endpoint.SECONDS) -> None:
        self.server, self.seconds = server, seconds

    def query(self, text: str) -> Any:
        """Ask a SELECT or ASK; gives what `pyoxigraph.Store.query` does."""
        return _parsed(endpoint.select(self.server, text, seconds=self.seconds))

    def quads_for_pattern(self, subject: Any, predicate: Any, thing: Any, graph: Any = None) -> Iterator[Quad]:
        """Give the quads of a pattern in one graph; None stands for any term."""
        from pyoxigraph import DefaultGraph, Quad

        place = graph if graph is not None else DefaultGraph()
        terms = {"s": subject, "p": predicate, "o": thing}
        free = [name for name, term in terms.items() if term is None]
        where = " ".join(f"?{name}" if term is None else str(term) for name, term in terms.items())
        where = where if isinstance(place, DefaultGraph) else f"GRAPH {place} {{ {where} }}"
        chosen = f"SELECT {' '.join(f'?{name}' for name in free)}" if free else "ASK"
        found = self.query(f"{chosen} {{ {where} }}")
        if not free:
            yield from [Quad(subject, predicate, thing, place)] if bool(found) else []
            return
        for row in found:
            terms.update(zip(free, row, strict=True))
            yield Quad(terms["s"], terms["p"], terms["o"], place)


def store(server: Endpoint, *, seconds: float = endpoint.SECONDS) -> Store:
    """Give a server as what takes a store wants it, as far as `Remote` goes."""
    return cast("Store", Remote(server, seconds=seconds))


def ask(server: Endpoint, text: str, names: Names, *, seconds: float) -> Answer:
    """Ask a query with the prefixes and the base that ours have.

    Raises:
        QueryError: the query is wrong, or calls what only kg's own engine has.
        KgError: the server cannot be reached, or refuses.
    """
    guard.check(text, network=True)
    kind = _understood(text, names)
    sent = _declared(text, names)
    if kind == "graph":
        from pyoxigraph import RdfFormat, parse

        data, form = endpoint.triples(server, sent, seconds=seconds)
        found = parse(data, format=RdfFormat.TURTLE if form == "turtle" else RdfFormat.N_TRIPLES)
        return Answer("graph", ("subject", "predicate", "object"), ((each.subject, each.predicate, each.object) for each in found))
    answer = _parsed(endpoint.select(server, sent, seconds=seconds))
    if kind == "ask":
        return Answer("ask", (), iter(()), bool(answer))
    variables = tuple(each.value for each in answer.variables)
    return Answer("select", variables, (tuple(row) for row in answer))


def check(text: str) -> None:
    """Refuse a query that no server can answer as we do; it need not be whole.

    Raises:
        QueryError: it calls what only kg's own engine has.
    """
    if called := _called(text):
        raise QueryError(
            f":{called} is a function of kg's own engine, which a server has not",
            hint="ask a graph on this machine, or fetch this one: kg export --endpoint URL -o all.nt, then kg load all.nt",
        )


def _understood(text: str, names: Names) -> str:
    """Read a query as our engine does, over nothing, so that its mistakes are told in our words; gives the kind of its answer."""
    from pyoxigraph import QueryBoolean, QueryTriples, Store

    check(text)
    services = any(each.sort == "word" and each.text.upper() == "SERVICE" for each in guard.tokens(text))
    if services:  # our engine would call out
        words = [each.text.upper() for each in guard.tokens(text) if each.sort == "word"]
        form = next((each for each in words if each in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")), "SELECT")
        return {"SELECT": "select", "ASK": "ask"}.get(form, "graph")
    try:
        found = Store().query(text, prefixes=names.declared(), base_iri=names.base)
    except SyntaxError as error:
        from kg import mistakes

        raise mistakes.explained(error, text, names) from None
    return "ask" if isinstance(found, QueryBoolean) else "graph" if isinstance(found, QueryTriples) else "select"


def _called(text: str) -> str:
    """Name the function of ours that a query calls, or ""."""
    found = list(guard.tokens(text))
    for each, after in pairwise(found):
        local = each.text.removeprefix(f"<{ONTOLOGY}").removesuffix(">") if each.sort == "iri" else each.text.rpartition(":")[2]
        prefix = each.text.rpartition(":")[0]
        if each.sort in ("iri", "name") and local in functions.NAMES and after.text == "(" and (each.sort == "iri" or prefix in ("", "kg")):
            return local
    return ""


def _declared(text: str, names: Names) -> str:
    """Write what a query takes for granted before it: the prefixes that it uses, and the base."""
    found = list(guard.tokens(text))
    own = {after.text for each, after in pairwise(found) if each.sort == "word" and each.text.upper() == "PREFIX"}
    used = {each.text.partition(":")[0] for each in found if each.sort == "name"}
    known = names.declared()
    lines = [f"PREFIX {prefix}: <{known[prefix]}>" for prefix in sorted(used & set(known)) if f"{prefix}:" not in own]
    return "\n".join([f"BASE <{names.base}>", *lines, text])


def rows(server: Endpoint, text: str, *, seconds: float = endpoint.SECONDS) -> list[Any]:
    """Give the rows of a SELECT, sent as it is.

    Raises:
        KgError: the server cannot be reached, refuses, or gives no answer that SPARQL has.
    """
    return list(_parsed(endpoint.select(server, text, seconds=seconds)))


def _parsed(data: bytes) -> Any:
    from pyoxigraph import QueryResultsFormat, parse_query_results

    if nesting.brackets(data):
        raise KgError(f"the server's answer is refused: {nesting.refused(nesting.BRACKETS, 'brackets')}")
    try:
        return parse_query_results(data, format=QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise KgError(f"the server's answer is not SPARQL's JSON: {str(error).splitlines()[0]}") from None


__all__ = ["Remote", "ask", "check", "names_at", "rows", "store"]
