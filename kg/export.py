"""The graph as a file that other tools open, byte for byte the same for the same notes.

turtle, ntriples, jsonld, rdfxml   the default graph, which holds everything
trig, nquads                       that, and the named graph of each note (what notes share)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg import spellings, turtle
from kg.errors import KgError, UsageError
from kg.guard import guess
from kg.names import Names

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Store

Spelt = dict[spellings.Key, list[str]]

FORMATS = {
    "turtle": (".ttl", ("ttl", "longturtle")),
    "trig": (".trig", ()),
    "nquads": (".nq", ("nq", "n-quads")),
    "ntriples": (".nt", ("nt", "n-triples")),
    "jsonld": (".jsonld", ("json-ld", "json")),
    "rdfxml": (".rdf", ("xml", "rdf", "rdf/xml")),
}
"""Every format: the ending of its files, and other names it answers to."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def format_of(name: str) -> str:
    """Find a format by one of its names, in any case.

    Raises:
        UsageError: there is none; with a guess.

    >>> format_of("ttl"), format_of("N-Quads")
    ('turtle', 'nquads')
    """
    return choose(name, {name: others for name, (_, others) in FORMATS.items()})


def choose(name: str, known: dict[str, tuple[str, ...]]) -> str:
    """Find a format among names and their other names.

    Raises:
        UsageError: there is none; with a guess.
    """
    folded = name.strip().lower()
    for main, others in known.items():
        if folded == main or folded in others:
            return main
    near = guess(folded, [each for main, others in known.items() for each in (main, *others)])
    raise UsageError(f"unknown format {name!r}", hint=f"did you mean {near}?" if near else f"known: {', '.join(known)}")


def format_for(path: str) -> str:
    """Find the format that a file's ending stands for; Turtle where there is no ending.

    Raises:
        UsageError: no format has this ending.
    """
    ending = Path(path).suffix.lower()
    if not ending:
        return "turtle"
    for name, (own, others) in FORMATS.items():
        if ending == own or ending[1:] in others:
            return name
    endings = ", ".join(own for own, _ in FORMATS.values())
    raise UsageError(f"{path}: no format has the ending {ending}", hint=f"known: {endings}; or say which with --format")


def lines(store: Store, spelt: Spelt) -> list[str]:
    """Give the default graph as ordered N-Triples lines, without line ends."""
    from pyoxigraph import DefaultGraph

    return _lines(store, DefaultGraph(), spelt)


def _lines(store: Store, graph: DefaultGraph | NamedNode | BlankNode, spelt: Spelt) -> list[str]:
    from pyoxigraph import RdfFormat

    data = store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""
    # Not str.splitlines, which also cuts at U+2028 and others that stand inside literals.
    said = data.decode("utf-8").split("\n")[:-1]
    return turtle.ordered(spellings.restored(said, spelt, spellings.term(graph)) if spelt else said)


def named(store: Store, suggested: str, spelt: Spelt) -> dict[str, list[str]]:
    """Give every named graph but that of suggestions, by the term that names it, as ordered N-Triples lines, in order of their names."""
    graphs = sorted((str(each), each) for each in store.named_graphs() if each.value != suggested)
    return {name: _lines(store, graph, spelt) for name, graph in graphs}


def write(store: Store, form: str, names: Names, spelt: Spelt | None = None) -> Iterator[str]:
    """Write the graph in a format, in pieces of text; ``spelt`` is how numbers were written that the engine spells otherwise.

    Raises:
        KgError: the format cannot hold a character of the notes.
    """
    if form == "ntriples":
        return _ntriples(store, spelt or {})
    return {"nquads": _nquads, "turtle": _turtle, "trig": _trig, "jsonld": _jsonld, "rdfxml": _rdfxml}[form](store, names, spelt or {})


def _turtle(store: Store, names: Names, spelt: Spelt) -> Iterator[str]:
    yield turtle.write(lines(store, spelt), names)


def _trig(store: Store, names: Names, spelt: Spelt) -> Iterator[str]:
    used: set[str] = set()
    shorten = turtle.shortener(names, used)
    body = ["\n".join(turtle.blocks(lines(store, spelt), shorten))]
    for name, said in named(store, names.suggested, spelt).items():
        inner = "\n".join(turtle.blocks(said, shorten, "    "))
        body.append(f"\nGRAPH {shorten(name)} {{\n{inner}}}\n")
    yield turtle.head(used, names)
    yield from body


def _ntriples(store: Store, spelt: Spelt) -> Iterator[str]:
    yield from (f"{line}\n" for line in lines(store, spelt))


def _nquads(store: Store, names: Names, spelt: Spelt) -> Iterator[str]:
    yield from _ntriples(store, spelt)
    for name, said in named(store, names.suggested, spelt).items():
        yield from (f"{line.removesuffix('.')}{name} .\n" for line in said)


def _jsonld(store: Store, names: Names, spelt: Spelt) -> Iterator[str]:
    yield _serialized(store, names, spelt, "JSON_LD")
    yield "\n"


def _rdfxml(store: Store, names: Names, spelt: Spelt) -> Iterator[str]:
    from pyoxigraph import DefaultGraph

    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        if _NOT_XML.search(getattr(quad.object, "value", "")):
            raise KgError(f"{quad.subject} holds a control character, which XML cannot", hint="use turtle or ntriples")
    yield _serialized(store, names, spelt, "RDF_XML")


def _serialized(store: Store, names: Names, spelt: Spelt, form: str) -> str:
    from pyoxigraph import RdfFormat, parse, serialize

    given = "\n".join(lines(store, spelt)).encode("utf-8")
    triples = (quad.triple for quad in parse(given, format=RdfFormat.N_TRIPLES))
    prefixes = {prefix: space for prefix, space in names.prefixes().items() if prefix}
    try:
        data = serialize(triples, format=getattr(RdfFormat, form), prefixes=prefixes)
    except OSError as error:  # a triple within a triple, in JSON-LD
        raise KgError(str(error), hint="use turtle or ntriples") from None
    return data.decode("utf-8") if data else ""
