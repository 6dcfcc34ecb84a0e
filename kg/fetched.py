"""What a SPARQL server has, as a graph on this machine for as long as it is needed.

    whole     all of it
    part      some things, with what joins them and the passages that say so
    around    what lies nearest to a thing; foremost: what most links lead to

A page draws some hundred things at once, so a part is asked for by the few that it shows: the server finds and sorts
them, and what comes over the network is theirs alone, however large the graph is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg import endpoint, remote
from kg.endpoint import SECONDS, Endpoint
from kg.errors import KgError
from kg.names import ONTOLOGY, Names
from kg.terms import JOINING
from kg.triples import iri_of

if TYPE_CHECKING:
    from kg.graph import Graph

AROUND = 250
"""Things of a part that nobody named: as many as a page draws at once."""
_MANY = 200
"""Things that are named in one question to a server."""
_WAYS = " ".join(f"<{ONTOLOGY}{each}>" for each in JOINING)
_SUBJECT = iri_of("rdf:subject")

Told = Callable[[str], None]


@contextmanager
def whole(server: Endpoint, *, told: Told) -> Iterator[Graph]:
    """Give all that a server has in its default graph.

    Raises:
        KgError: the server cannot be reached, refuses, or gives less than it says it has.
    """
    with _loaded(server, remote.names_at(server), _all(server, told)) as graph:
        yield graph


@contextmanager
def part(server: Endpoint, names: Names, things: Sequence[str], *, seconds: float = SECONDS) -> Iterator[Graph]:
    """Give what is said of some things, by their IRIs, what joins them, and the passages and claims that say so.

    Raises:
        KgError: the server cannot be reached, or refuses.
    """
    with _loaded(server, names, _said(server, names, things, seconds)) as graph:
        yield graph


@contextmanager
def _loaded(server: Endpoint, names: Names, lines: Iterable[bytes]) -> Iterator[Graph]:
    from tempfile import TemporaryDirectory

    from kg.graph import open_graph
    from kg.load import load

    with TemporaryDirectory(prefix="kg-") as folder:
        files = []
        for number, data in enumerate(lines):  # files of their own: two answers may call two nodes _:b1
            files.append(Path(folder, f"{number}.nt"))
            files[-1].write_bytes(data)
        load([str(each) for each in files], Path(folder, "graph"), base=names.base, title=urlsplit(server.query).netloc)
        yield open_graph(Path(folder, "graph"))


def _all(server: Endpoint, told: Told) -> Iterator[bytes]:
    held = int(remote.rows(server, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", seconds=0)[0][0].value)
    told(f"fetching {held:,} triples")
    data = _described(server, "", 0)
    if data.count(b"\n") < held:
        data = _pieced(server, held, data, told)
    yield data


def _pieced(server: Endpoint, held: int, first: bytes, told: Told) -> bytes:
    """Get what a server does not give at once: the graph as a whole, else pieces of the size that it gave.

    Pieces of what is not sorted need not fit together, but as many different triples as there are, are all.
    """
    if server.graphs:
        with suppress(KgError):
            data = endpoint.graph(server, "GET", "", seconds=0)
            if data.count(b"\n") >= held:
                return data
    lines = set(first.splitlines())
    step = at = len(lines)
    told(f"the server gives {step:,} at once; asking for pieces")
    while len(lines) < held and at < held and step:
        lines.update(_described(server, "", 0, f" LIMIT {step} OFFSET {at}").splitlines())
        at += step
    if len(lines) != held:
        raise KgError(
            f"the server has {held:,} triples and gives {len(lines):,}", hint="it limits its answers; let it dump its data to a file, and use kg load"
        )
    return b"\n".join(sorted(lines)) + b"\n"


def _said(server: Endpoint, names: Names, things: Sequence[str], seconds: float) -> Iterator[bytes]:
    notes = [each for each in things if each.startswith(f"{names.base}note/")]
    # A page of more things takes passages that name others as well: to name all in every question would take squares of them.
    about = f"VALUES ?thing {{ {' '.join(_iris(things))} }}" if len(things) <= AROUND + _MANY else ""
    for some in _parts(things):
        yield _described(server, f"VALUES ?s {{ {some} }}", seconds)
        claims = f"{{ ?s <{_SUBJECT}> ?x }} UNION {{ ?claim <{_SUBJECT}> ?x ; <{ONTOLOGY}evidence> ?s }}"
        yield _described(server, f"{{ SELECT DISTINCT ?s {{ VALUES ?x {{ {some} }} {claims} }} }}", seconds)
    for some in _parts(notes):
        # As a question of its own this takes a tenth of the time: the engine would match all things with all notes.
        says = f"VALUES ?note {{ {some} }} ?s <{ONTOLOGY}note> ?note ; <{ONTOLOGY}names>|<{ONTOLOGY}cites> ?thing {about}"
        yield _described(server, f"{{ SELECT DISTINCT ?s {{ {says} }} }}", seconds)


def _described(server: Endpoint, which: str, seconds: float, end: str = "") -> bytes:
    """Give all triples of what a pattern finds for ?s, as N-Triples."""
    from pyoxigraph import RdfFormat, parse, serialize

    data, form = endpoint.triples(server, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {which} ?s ?p ?o }}{end}", seconds=seconds)
    if form == "turtle":
        data = serialize((each.triple for each in parse(data, format=RdfFormat.TURTLE)), format=RdfFormat.N_TRIPLES) or b""
    return data


# -- which things --------------------------------------------------------------------------------------


def around(server: Endpoint, start: str, depth: int, *, told: Told, seconds: float = SECONDS) -> list[str]:
    """Name what lies around a thing, so many steps wide, the nearest first, and of those what most joins; ``AROUND`` at most.

    Raises:
        KgError: the server cannot be reached, or refuses.
    """
    near = frontier = [start, *_twins(server, [start], seconds)]
    for step in range(1, depth + 1):
        ties: dict[str, int] = {}
        for some in _parts(frontier):
            beside = (
                f"SELECT DISTINCT ?n {{ VALUES ?x {{ {some} }} VALUES ?way {{ {_WAYS} }} {{ ?x ?way ?n }} UNION {{ ?n ?way ?x }} FILTER(isIRI(?n)) }}"
            )
            ties.update(_tied(server, f"{{ {beside} }}", AROUND + len(near) + 1, seconds))
        found = sorted(ties.keys() - set(near), key=lambda each: (-ties[each], each))
        frontier = found[: max(0, AROUND - len(near))]
        near = [*near, *frontier]
        if len(found) > len(frontier):
            told(f"more than {AROUND:,} things lie within {step} step{'' if step == 1 else 's'}; the page has those of them that most joins")
            break
        frontier = [*frontier, *_twins(server, frontier, seconds)]
    return list(dict.fromkeys([*near, *_twins(server, near, seconds)]))


def foremost(server: Endpoint, *, seconds: float = SECONDS) -> list[str]:
    """Name what most links lead to and come from, ``AROUND`` at most.

    Raises:
        KgError: the server cannot be reached, or refuses.
    """
    found = _tied(server, "", AROUND, seconds)
    near = sorted(found, key=lambda each: (-found[each], each))
    return list(dict.fromkeys([*near, *_twins(server, near, seconds)]))


def _tied(server: Endpoint, among: str, most: int, seconds: float) -> dict[str, int]:
    """Give the things of which most links lead to others, by how many; ``among`` is a pattern of ?n."""
    ties = f"VALUES ?side {{ {_WAYS} }} {{ ?n ?side ?other }} UNION {{ ?other ?side ?n }} FILTER(isIRI(?n))"
    text = f"SELECT ?n (COUNT(*) AS ?ties) {{ {among} {ties} }} GROUP BY ?n ORDER BY DESC(?ties) ?n LIMIT {most}"
    return {thing.value: int(ties.value) for thing, ties in remote.rows(server, text, seconds=seconds)}


def _twins(server: Endpoint, things: Sequence[str], seconds: float) -> list[str]:
    """Name the pages of themes, and the themes of pages: what is drawn makes one of the two."""
    theme, page = f"a <{ONTOLOGY}Theme>", f"<{ONTOLOGY}page>"
    found: set[str] = set()
    for some in _parts(things):
        x = f"VALUES ?x {{ {some} }}"
        text = f"SELECT DISTINCT ?n {{ {{ {x} ?x {page} ?n ; {theme} }} UNION {{ {x} ?n {page} ?x ; {theme} }} }}"
        found.update(row[0].value for row in remote.rows(server, text, seconds=seconds))
    return sorted(found.difference(things))


def _parts(things: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(things), _MANY):
        yield " ".join(_iris(things[start : start + _MANY]))


def _iris(things: Iterable[str]) -> Iterator[str]:
    return (f"<{each}>" for each in things)


__all__ = ["AROUND", "around", "foremost", "part", "whole"]
