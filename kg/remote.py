"""A graph on a SPARQL server, asked as one of our own is.

    names_at   the base of what is there
    Remote     looked up like a store: patterns and plain queries
    ask        a query with our prefixes
    fetched    all of it, or what lies around one thing, as a graph on this machine

What kg adds to SPARQL (``:chain``, ``:rank``, …) runs in its own engine, which a server has not: a query that
calls it is refused before it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from kg import endpoint, functions, guard, lookup, nesting
from kg.endpoint import Endpoint
from kg.errors import KgError, QueryError
from kg.names import ONTOLOGY, Names, legal_base
from kg.query import Answer

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

    from kg.graph import Graph

_MANY = 200
"""Things that are named in one question to a server."""
AROUND = 250
"""Things around one that are fetched: as many as a page draws at once."""
_JOINING = (":linksTo", ":mentions", ":about", ":source", ":channel", ":country", ":theme", ":organisation")


def names_at(server: Endpoint, base: str = "") -> Names:
    """Find the base of a graph by one of its notes; the usual one where there is none.

    Raises:
        KgError: the server gives no answer that SPARQL has.
    """
    if base:
        return Names(base)
    found = _rows(server, f"SELECT ?note ?path {{ ?note a <{ONTOLOGY}Note> ; <{ONTOLOGY}path> ?path }} LIMIT 1")
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


def _understood(text: str, names: Names) -> str:
    """Read a query as our engine does, over nothing, so that its mistakes are told in our words; gives the kind of its answer."""
    from pyoxigraph import QueryBoolean, QueryTriples, Store

    called = _called(text)
    if called:
        raise QueryError(
            f":{called} is a function of kg's own engine, which a server has not",
            hint="ask a graph on this machine, or fetch this one: kg export --endpoint URL -o all.nt, then kg load all.nt",
        )
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


# -- a part of it, here --------------------------------------------------------------------------------


@contextmanager
def fetched(address: str, *, around: str = "", depth: int = 1, told: Callable[[str], None]) -> Iterator[Graph]:
    """Give what a server has as a graph on this machine, for as long as it is needed: all, or what lies ``around`` a thing by any of its names.

    Raises:
        KgError: the server cannot be reached, refuses, or gives less than it says it has; or nothing there is called so.
    """
    from tempfile import TemporaryDirectory

    from kg.graph import open_graph
    from kg.load import load

    server = endpoint.endpoint(address)
    names = names_at(server)
    start = lookup.one(store(server), names, around) if around else ""
    with TemporaryDirectory(prefix="kg-") as folder:
        lines = Path(folder, "fetched.nt")
        with lines.open("wb") as file:
            for data in _around(server, names, start, depth) if start else _all(server, told):
                file.write(data)
        load([str(lines)], Path(folder, "graph"), base=names.base, title=urlsplit(address).netloc)
        yield open_graph(Path(folder, "graph"))


def _all(server: Endpoint, told: Callable[[str], None]) -> Iterator[bytes]:
    held = int(next(iter(_rows(server, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")))[0].value)
    told(f"fetching {held:,} triples")
    data = _ntriples(server, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", seconds=0)
    got = data.count(b"\n")
    if got < held and server.graphs:
        data = endpoint.graph(server, "GET", "", seconds=0)
        got = data.count(b"\n")
    if got < held:
        raise KgError(
            f"the server has {held:,} triples and gives {got:,}", hint="it limits its answers; let it dump its data to a file, and use kg load"
        )
    yield data


def _around(server: Endpoint, names: Names, start: str, depth: int) -> Iterator[bytes]:
    """Give what a page about one thing needs: what joins the nearest things, what they are, and the passages that say so."""
    ways = " ".join(f"<{ONTOLOGY}{each[1:]}>" for each in _JOINING)
    near, frontier = [start], [start]
    for _ in range(depth):
        found = {
            row[0].value
            for some in _parts(frontier)
            for row in _rows(
                server,
                f"SELECT DISTINCT ?n {{ VALUES ?x {{ {some} }} VALUES ?way {{ {ways} }} {{ ?x ?way ?n }} UNION {{ ?n ?way ?x }} FILTER(isIRI(?n)) }}",
            )
        }
        frontier = sorted(found.difference(near))[: AROUND - len(near)]
        near += frontier
    for some in _parts(near):
        yield _ntriples(server, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {some} }} ?s ?p ?o }}")
        said = f"VALUES ?thing {{ {some} }} ?s <{ONTOLOGY}names>|<{ONTOLOGY}cites> ?thing ; <{ONTOLOGY}note> ?note"
        notes = " ".join(f"<{each}>" for each in near if each.startswith(names.base + "note/"))
        if notes:
            yield _ntriples(server, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {said} . VALUES ?note {{ {notes} }} ?s ?p ?o }}")


def _parts(iris: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(iris), _MANY):
        yield " ".join(f"<{each}>" for each in iris[start : start + _MANY])


def _ntriples(server: Endpoint, text: str, *, seconds: float = endpoint.SECONDS) -> bytes:
    from pyoxigraph import RdfFormat, parse, serialize

    data, form = endpoint.triples(server, text, seconds=seconds)
    if form == "turtle":
        data = serialize((each.triple for each in parse(data, format=RdfFormat.TURTLE)), format=RdfFormat.N_TRIPLES) or b""
    return data


def _rows(server: Endpoint, text: str) -> Collection[Any]:
    return list(_parsed(endpoint.select(server, text)))


def _parsed(data: bytes) -> Any:
    from pyoxigraph import QueryResultsFormat, parse_query_results

    if nesting.brackets(data):
        raise KgError(f"the server's answer is refused: {nesting.refused(nesting.BRACKETS, 'brackets')}")
    try:
        return parse_query_results(data, format=QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise KgError(f"the server's answer is not SPARQL's JSON: {str(error).splitlines()[0]}") from None


__all__ = ["Remote", "ask", "fetched", "names_at", "store"]
