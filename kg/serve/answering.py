"""A query answered in a worker: asked, cut to what one client may have, written in the form that it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kg import answers, turtle
from kg.answers import Counted
from kg.errors import KgError, StoreError, visible
from kg.names import Names
from kg.query import Answer, Dataset, ask_here
from kg.serve import drawing, limits, links, services
from kg.serve.negotiation import GRAPHS, ROWS, media
from kg.serve.protocol import DRAWN
from kg.serve.rendering import render
from kg.serve.replies import Problem, Reply

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.query import Row, Term

MARK = "Kg-Truncated"
"""The header of an answer that was cut, which says where."""
_UNREADABLE = re.compile(r"\b(?:IO error|Corruption)\b: ")
"""What the engine says when files of the graph are gone, or damaged."""
_NO_NETWORK = "this server asks no other ones, unless it is started with --allow-service"


def query(graph: Graph, job: dict[str, Any], most: limits.Limits) -> Reply:
    """Answer a query.

    ``job`` has the ``text``; ``rows`` and ``graphs``, the forms that the client takes for each sort of answer, or None;
    the ``dataset`` that the protocol names, or None; and whether what is ``suggested`` counts.

    Raises:
        Problem: the query is wrong or refused, or its answer has no form that the client takes.
    """
    text = job["text"]
    dataset = Dataset(tuple(job["dataset"][0]), tuple(job["dataset"][1])) if job.get("dataset") else None
    try:
        network = services.check(text, most.services)
        answer = ask_here(graph.store, text, graph.names, network=network, suggested=bool(job.get("suggested")), dataset=dataset)
        forms = GRAPHS if answer.kind == "graph" else ROWS
        form = job["graphs" if answer.kind == "graph" else "rows"]
        if form is None:
            raise Problem(406, f"this answer can be had as {', '.join(types[0] for types in forms.values())}", Vary="Accept")
        if form == DRAWN:
            return drawing.drawn(graph, answer, str(job.get("title") or "Answer"))
        cut = _Cut(answer, most.rows)
        body = _page(graph, job, cut) if form == "html" else b"".join(each.encode("utf-8", "replace") for each in cut.written(form, graph.names))
    except KgError as error:
        if _UNREADABLE.search(error.problem):
            raise StoreError("the graph cannot be read any more") from None
        raise Problem(400, str(error).split("\n  hint: ")[0], _hint(error)) from None
    headers = {MARK: cut.told} if cut.told else {}
    return Reply(200, media(form, forms), cut.marked(body, form), headers)


def _hint(error: KgError) -> str:
    return _NO_NETWORK if "--allow-network" in error.hint else error.hint


class _Cut:
    """An answer cut to so many rows, and to so many bytes; ``told`` says in words where it was cut, or ""."""

    def __init__(self, answer: Answer, most: int) -> None:
        self.size, self.full, self.most = 0, False, most
        self.weighed = answer.kind == "graph"  # triples are all read before any is written
        self.counted = Counted(Answer(answer.kind, answer.variables, self._rows(answer.rows), answer.truth), most or None)
        self.answer = self.counted.answer

    def _rows(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            if self.size > limits.ANSWER:
                self.full = True
                return
            if self.weighed:
                self.size += sum(len(str(term)) for term in row)
            yield row

    @property
    def told(self) -> str:
        if self.full:
            return f"only the first {limits.ANSWER >> 20} MB"
        return f"only the first {self.most:,} rows" if self.counted.more else ""

    def written(self, form: str, names: Names) -> Iterator[str]:
        """Write the answer, counting its bytes."""
        if self.answer.kind == "graph" and form == "xml":
            pieces = _rdfxml(self.answer, names)
        else:
            pieces = answers.write(self.answer, form, names)
        for piece in pieces:
            if not self.weighed:
                self.size += len(piece)
            yield piece

    def marked(self, body: bytes, form: str) -> bytes:
        """Say in the answer itself that it was cut, where its form has room for that."""
        if not self.told:
            return body
        match form:
            case "json":
                return body.removesuffix(b"}\n") + b',"truncated":true}\n'
            case "xml":
                return body + f"<!-- {self.told} -->\n".encode()
            case "turtle" | "ntriples":
                return body + f"# {self.told}\n".encode()
            case "table":
                return body + f"({self.told})\n".encode()
        return body


def _rdfxml(answer: Answer, names: Names) -> Iterator[str]:
    from pyoxigraph import RdfFormat, Triple, serialize

    triples = (Triple(*row) for row in answer.rows)  # type: ignore[arg-type]
    spaces = {prefix: space for prefix, space in names.prefixes().items() if prefix}
    try:
        yield (serialize(triples, format=RdfFormat.RDF_XML, prefixes=spaces) or b"").decode("utf-8", "replace")
    except (OSError, ValueError):
        raise KgError("RDF/XML cannot hold this answer", hint="ask for text/turtle") from None


# -- for people ------------------------------------------------------------------------------------


def _page(graph: Graph, job: dict[str, Any], cut: _Cut) -> bytes:
    answer = cut.answer
    shorten = turtle.shortener(graph.names)
    rows = []
    for row in answer.rows:
        cells = [_cell(term, shorten, graph.names) for term in row]
        cut.size += sum(len(text) + len(address) for text, address, _ in cells)
        rows.append(cells)
    return render(
        "answer.html",
        title=job.get("title") or "Answer",
        site=graph.title,
        text=job["text"],
        kind=answer.kind,
        truth=answer.truth,
        variables=answer.variables,
        rows=rows,
        cut=cut.told,
        forms=[each for each in (GRAPHS if answer.kind == "graph" else ROWS) if each not in ("html", "table")],
        suggested=bool(job.get("suggested")),
        base=graph.names.base,
        prefixes=prefixes(graph),
        form=job.get("form"),
        drawable=any(bool(row[0][1] and row[-1][1]) if answer.kind == "graph" else sum(bool(cell[1]) for cell in row) > 1 for row in rows),
    )


def prefixes(graph: Graph) -> list[tuple[str, str]]:
    """Give the prefixes that need no declaration, for people."""
    return [(prefix, space) for prefix, space in sorted(graph.names.prefixes().items()) if prefix != "kg"]


def _cell(term: Term | None, shorten: Any, names: Names) -> tuple[str, str, bool]:
    """Give what a cell shows, where it leads to on this server, or "", and whether it is a number."""
    if term is None:
        return "", "", False
    kind = type(term).__name__
    if kind == "NamedNode":
        iri = str(getattr(term, "value", ""))
        return visible(shorten(f"<{iri}>").strip("<>")), links.address(iri, names), False
    if kind == "Literal":
        datatype = str(getattr(getattr(term, "datatype", None), "value", ""))
        return visible(str(getattr(term, "value", ""))), "", datatype.endswith(("#integer", "#decimal", "#double", "#float"))
    return visible(turtle.written(term)), "", False


__all__ = ["MARK", "prefixes", "query"]
