"""``kg query``."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from kg import answers, doubts, tables
from kg import query as sparql
from kg.cli import CONTEXT, chosen, graph_option, say, warn
from kg.errors import KgError, QueryError
from kg.graph import Graph, open_graph

_PIECE = 65536
"""characters"""
_PROMPT = 0.05
"""seconds"""


@click.command(context_settings=CONTEXT)
@click.argument("text", required=False, metavar="[SPARQL]")
@graph_option
@click.option("-f", "--file", "file", metavar="FILE.rq", type=click.Path(path_type=Path), help="Read the query from a file; - is standard input.")
@click.option("--format", "form", metavar="FORMAT", default="", help="table, csv, tsv, json, xml, markdown; turtle, ntriples, jsonld for triples.")
@click.option(
    "--timeout", type=click.FloatRange(0), default=sparql.TIMEOUT, show_default=True, metavar="S", help="Seconds before giving up; 0 is never."
)
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Print at most so many rows.")
@click.option("--suggested", is_flag=True, help="Count what rules only suggest as well (see kg suggest).")
@click.option("--allow-network", is_flag=True, help="Permit SERVICE to ask other servers.")
def query(text: str | None, file: Path | None, form: str, timeout: float, limit: int | None, suggested: bool, allow_network: bool) -> None:
    """Ask the graph in SPARQL.

    The prefixes of kg, rdf, rdfs, skos, schema, prov, owl, xsd, dcterms and of every kind of thing
    (note:, country:, …) are declared already; ":" is the ontology of kg.

    \b
    Examples:
      kg query 'SELECT ?note { ?note :mentions country:PT }'
      kg query 'SELECT * { ?p :names country:PT; :line ?line; :text ?text }' --limit 5
      kg query -f hubs.rq --format csv > hubs.csv
    """
    # A wrong format is told before the work, not after it.
    form = answers.known(form) if form else ""
    asked = _asked(text, file)
    graph = open_graph(chosen())
    began = time.monotonic()
    try:
        answer = sparql.ask(graph.store, asked, graph.names, timeout=timeout, network=allow_network, suggested=suggested)
        counted = answers.Counted(answer, limit)
        _print(graph, counted, form)
    except QueryError:
        if timeout and time.monotonic() - began >= timeout and (why := doubts.of_much(asked, graph.names)):
            warn("; ".join(why))
        raise
    if counted.more:
        warn(f"only the first {'row' if limit == 1 else f'{limit:,} rows'}; --limit gives more")
    if limit != 0:
        _doubted(graph, asked, counted, suggested)


def _print(graph: Graph, counted: answers.Counted, form: str) -> None:
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else 0
    link = tables.linker(graph.names, graph.generation.manifest.source) if terminal and _follows_links() else None
    for piece in _gathered(answers.write(counted.answer, form, graph.names, width=width, link=link)):
        click.echo(piece, nl=False)
    if terminal and sys.stderr.isatty() and counted.answer.kind == "select" and form in ("", "table"):
        say(f"{counted.rows:,} row{'' if counted.rows == 1 else 's'}", dim=True)


def _gathered(pieces: Iterable[str]) -> Iterator[str]:
    """Join pieces that come fast, since each is sent off by itself; what comes slowly goes out at once."""
    held: list[str] = []
    since = size = 0.0
    try:
        for piece in pieces:
            held.append(piece)
            size += len(piece)
            if size > _PIECE or time.monotonic() - since > _PROMPT:
                yield "".join(held)
                held, size, since = [], 0, time.monotonic()
    except KgError:  # no time is left, but rows are
        yield "".join(held)
        raise
    yield "".join(held)


def _follows_links() -> bool:
    """Say whether a terminal may be sent links (OSC 8); those that do not know them leave them out."""
    return not (os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or os.environ.get("CI"))


def _doubted(graph: Graph, asked: str, counted: answers.Counted, suggested: bool) -> None:
    """Say on standard error why an answer is empty, or what makes it doubtful."""
    if counted.nothing and (not counted.rows or doubts.counts(asked, graph.names)):
        why = doubts.of_nothing(graph.store, asked, graph.names, suggested=suggested, detail=graph.generation.manifest.detail)
        if why or (counted.answer.kind != "ask" and not counted.rows):
            warn("; ".join(why) or "nothing in the graph matches")
    elif counted.answer.kind != "ask" and (why := doubts.of_some(graph.store, asked, graph.names, suggested=suggested, rows=counted.rows)):
        warn("; ".join(why))


def _asked(text: str | None, file: Path | None) -> str:
    try:
        asked = _given(text, file).removeprefix("\ufeff")
        asked.encode("utf-8")
    except UnicodeError:
        raise KgError("the query is not UTF-8") from None
    return asked


def _given(text: str | None, file: Path | None) -> str:
    if text is not None and file is not None:
        raise click.UsageError("Give the query as an argument or with -f, not both.")
    if file is not None and str(file) != "-":
        try:
            return file.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise KgError(f"{file}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise KgError(f"{file}: is not UTF-8") from None
    if file is not None or text == "-" or (text is None and not sys.stdin.isatty()):
        return sys.stdin.read()
    if text is None:
        raise click.UsageError("Give a query, such as: kg query 'SELECT ?note { ?note a :Note } LIMIT 5'")
    return text
