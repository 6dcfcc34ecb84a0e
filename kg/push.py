"""The graph, sent to a SPARQL server.

    add        what is not there yet is added, in pieces; nothing goes
    replace    every graph that is sent stands there afterwards as it is here, and notes that are gone go there, too

Adding says the same thing twice without harm, so a piece that may or may not have arrived is sent again. How far
a push is, the server keeps itself, in a graph of its own (``<base>push``), since it alone knows what it has not
lost; the next push goes on from there, and takes that graph away at the end. Blank nodes would become other ones
with every piece: they are sent as IRIs (RDF 1.1, section 3.5).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from kg import endpoint, remote
from kg.endpoint import Endpoint
from kg.errors import KgError, UsageError
from kg.names import STANDARD_PREFIXES, Names
from kg.store import Generation

if TYPE_CHECKING:
    from pyoxigraph import Store

BATCH = 1000
"""Triples in one update: Virtuoso refuses 5,000, and 1,000 are as quick as more."""
_POSITION = STANDARD_PREFIXES["schema"] + "position"

Progress = Callable[[str, int, int], None]
"""Told what is sent, how many triples are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was sent: triples, those of them that an earlier push had sent, those of the default graph here, named graphs; graphs that went.

    ``there`` is what the server counts afterwards where the default graph went.
    """

    sent: int
    before: int
    unnamed: int
    graphs: int
    removed: int
    there: int


@dataclass(frozen=True, slots=True)
class PushOptions:
    """How to push: ``into`` is the named graph for what is in the default graph here, "" the server's default graph."""

    into: str = ""
    replace: bool = False
    suggested: bool = False
    batch: int = BATCH
    retries: int = 6


def push(
    generation: Generation, store: Store, server: Endpoint, wanted: PushOptions, *, told: endpoint.Told, progress: Progress | None = None
) -> Report:
    """Send a graph to a server.

    Raises:
        KgError: the server cannot be reached, or refuses; what was sent stays, and the next push goes on.
    """
    if wanted.replace and not server.graphs:
        raise UsageError("to replace graphs needs the address where the server keeps them", hint="give it with --graphs URL")
    wanted, server = replace(wanted, into=wanted.into or server.default), replace(server, query=endpoint.plainly(server.query), default="")
    remote.Remote(server).query("ASK {}")  # an address that is wrong is told at once, not after all tries
    work = _Push(generation, store, server, wanted, told, progress)
    return work.replaced() if wanted.replace else work.added()


class _Push:
    def __init__(
        self, generation: Generation, store: Store, server: Endpoint, wanted: PushOptions, told: endpoint.Told, progress: Progress | None
    ) -> None:
        self.store, self.server, self.wanted, self.told, self.progress = store, server, wanted, told, progress
        self.names = Names(generation.manifest.base)
        # A store remembers graphs that are empty by now.
        held = (_iri(self.names, graph) for graph in store.named_graphs() if next(store.quads_for_pattern(None, None, None, graph), None))
        self.graphs = sorted(each for each in held if each != self.names.suggested or wanted.suggested)
        self.total = len(store)
        self.run = f"{self.names.base}push/{_digest(generation, wanted)}"

    def added(self) -> Report:
        """Send every piece from where the last push of the same graph stopped."""
        before = self._reached()
        if before:
            self.told(f"an earlier push sent {min(before * self.wanted.batch, self.total):,} triples; going on from there")
        report = self._added(before)
        if before and report.there < report.unnamed:
            self.told("the server has lost some of them; sending all again")
            report = self._added(0)
        return report

    def _added(self, before: int) -> Report:
        position, sent, number = self._reached(), 0, 0
        for number, piece in enumerate(endpoint.pieces(self._quads(), self.wanted.batch), 1):
            sent += len(piece)
            if number <= before:
                continue
            text = f"{_inserted(piece)} ;\n{self._marked(position, number)}"
            self._again(lambda text=text: endpoint.update(self.server, text))  # type: ignore[misc]
            position = number
            if self.progress:
                self.progress("pushing", sent, self.total)
        if number:
            self._again(lambda: endpoint.update(self.server, f"DROP SILENT GRAPH <{self.names.base}push>"))
        return Report(
            sent=sent,
            before=min(before * self.wanted.batch, sent),
            unnamed=self._unnamed(),
            graphs=len(self.graphs),
            removed=0,
            there=self._there(),
        )

    def replaced(self) -> Report:
        """Put every graph as a whole; one that is put half stays as it was."""
        sent = removed = 0
        for iri in ["", *self.graphs]:
            lines = list(self._lines(iri))
            data = "".join(f"{each} .\n" for each in lines).encode("utf-8")
            target = iri or self.wanted.into
            self._again(lambda target=target, data=data: _done(endpoint.graph(self.server, "PUT", target, data, seconds=0)))  # type: ignore[misc]
            sent += len(lines)
            if self.progress:
                self.progress("pushing", sent, self.total)
        for iri in self._gone():
            self._again(lambda iri=iri: _done(endpoint.graph(self.server, "DELETE", iri)))  # type: ignore[misc]
            removed += 1
        return Report(sent=sent, before=0, unnamed=self._unnamed(), graphs=len(self.graphs), removed=removed, there=self._there())

    def _again(self, work: Callable[[], None]) -> None:
        try:
            endpoint.patiently(work, retries=self.wanted.retries, told=self.told)
        except KgError as error:
            if not error.hint and not self.wanted.into:
                error.hint = "does it have a default graph that can be written? If not, name another with --named-graph IRI"
            raise

    def _quads(self) -> Iterator[str]:
        for line in self._lines(""):
            yield f"GRAPH <{self.wanted.into}> {{ {line} }}" if self.wanted.into else line
        for iri in self.graphs:
            for line in self._lines(iri):
                yield f"GRAPH <{iri}> {{ {line} }}"

    def _lines(self, iri: str) -> Iterator[str]:
        from pyoxigraph import BlankNode, DefaultGraph, NamedNode

        at = _node(self.names, iri) if iri else DefaultGraph()
        for quad in self.store.quads_for_pattern(None, None, None, at):
            subject: Any = quad.subject
            thing: Any = quad.object
            if isinstance(subject, BlankNode):
                subject = NamedNode(_skolem(self.names, subject.value))
            if isinstance(thing, BlankNode):
                thing = NamedNode(_skolem(self.names, thing.value))
            yield f"{subject} {quad.predicate} {thing}"

    def _gone(self) -> list[str]:
        """Name the graphs of notes that the server has and we have not."""
        found = remote.Remote(self.server).query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        there = {row[0].value for row in found}
        return sorted(each for each in there if each.startswith(f"{self.names.base}note/") and each not in self.graphs)

    # -- how far it is -----------------------------------------------------------------------------

    def _reached(self) -> int:
        found = remote.Remote(self.server).query(f"SELECT ?n {{ GRAPH <{self.names.base}push> {{ <{self.run}> <{_POSITION}> ?n }} }}")
        return max((int(row[0].value) for row in found), default=0)

    def _marked(self, last: int, now: int) -> str:
        graph = f"GRAPH <{self.names.base}push>"
        gone = f"DELETE DATA {{ {graph} {{ <{self.run}> <{_POSITION}> {last} }} }} ;\n" if last else ""
        return f"{gone}INSERT DATA {{ {graph} {{ <{self.run}> <{_POSITION}> {now} }} }}"

    def _unnamed(self) -> int:
        from pyoxigraph import DefaultGraph

        return sum(1 for _ in self.store.quads_for_pattern(None, None, None, DefaultGraph()))

    def _there(self) -> int:
        where = f"GRAPH <{self.wanted.into}> {{ ?s ?p ?o }}" if self.wanted.into else "?s ?p ?o"
        found = remote.Remote(self.server, seconds=600).query(f"SELECT (COUNT(*) AS ?n) {{ {where} }}")
        return int(next(iter(found))[0].value)


def _inserted(lines: list[str]) -> str:
    return "INSERT DATA {\n" + "".join(f"{each}\n" if each.startswith("GRAPH") else f"{each} .\n" for each in lines) + "}"


def _done(_answer: bytes) -> None:
    """Take an answer that says nothing."""


def _digest(generation: Generation, wanted: PushOptions) -> str:
    """Give what tells this push from one of another graph, or in other pieces."""
    told = json.dumps([asdict(generation.manifest), asdict(wanted)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _iri(names: Names, graph: Any) -> str:
    from pyoxigraph import BlankNode

    return _skolem(names, graph.value) if isinstance(graph, BlankNode) else str(graph.value)


def _node(names: Names, iri: str) -> Any:
    from pyoxigraph import BlankNode, NamedNode

    skolem = _skolem(names, "")
    return BlankNode(iri.removeprefix(skolem)) if iri.startswith(skolem) else NamedNode(iri)


def _skolem(names: Names, name: str) -> str:
    return f"{names.base}.well-known/genid/{name}"


__all__ = ["BATCH", "PushOptions", "Report", "push"]
