"""``kg query``."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import click

from kg import answers, doubts, tables
from kg import query as sparql
from kg.cli import CONTEXT, chosen, endpoint_option, graph_option, many, say, suggested_option, warn
from kg.commands import named
from kg.errors import KgError, QueryError, UsageError
from kg.graph import Graph, open_graph
from kg.names import Names
from kg.terminal import clickable

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kg.values import Value

_PIECE = 65536
"""characters"""
_PROMPT = 0.05
"""seconds"""


@click.command(cls=named.Command, context_settings=CONTEXT)
@click.argument("words", nargs=-1, metavar="[SPARQL | VALUE…]")
@graph_option
@click.option("-f", "--file", "file", metavar="FILE.rq", type=click.Path(path_type=Path), help="Read the query from a file; - is standard input.")
@click.option(
    "-n", "--name", "name", metavar="NAME", shell_complete=named.complete, help="Ask a query that has a name; with --help, what it needs to know."
)
@click.option("--list", "listed", is_flag=True, help="List the queries that have names, or those with some WORD in them.")
@click.option("-p", "--param", "given", metavar="NAME=VALUE", multiple=True, help="Give the variable ?NAME a value: country:PT, <iri>, 12, 'a text'.")
@click.option("--format", "form", metavar="FORMAT", default="", help="table, csv, tsv, json, xml, markdown; turtle, ntriples, jsonld for triples.")
@click.option(
    "--timeout", type=click.FloatRange(0), default=sparql.TIMEOUT, show_default=True, metavar="S", help="Seconds before giving up; 0 is never."
)
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Print at most so many rows.")
@suggested_option
@click.option("--allow-network", is_flag=True, help="Permit SERVICE to ask other servers.")
@endpoint_option
@click.pass_context
def query(
    ctx: click.Context,
    words: tuple[str, ...],
    file: Path | None,
    name: str | None,
    listed: bool,
    given: tuple[str, ...],
    form: str,
    timeout: float,
    limit: int | None,
    suggested: bool,
    allow_network: bool,
    endpoint: str,
) -> None:
    """Ask the graph in SPARQL.

    The prefixes of kg, rdf, rdfs, skos, schema, prov, owl, xsd, dcterms and of every kind of thing
    (note:, country:, …) are declared already; ":" is the ontology of kg. Many questions have a
    query of their own with a name; a vault adds more as files queries/NAME.rq.

    \b
    Examples:
      kg query 'SELECT ?note { ?note :mentions country:PT }'
      kg query 'SELECT * { ?p :names ?what; :line ?line; :text ?text }' --param what=country:PT --limit 5
      kg query --list
      kg query --name initiatives-of-country Portugal
      kg query --name initiatives-of-country --help
      kg query -f hubs.rq --format csv > hubs.csv
      kg query --endpoint http://localhost:7878 'SELECT ?note { ?note :mentions country:PT }'
    """
    if listed:
        if name or file or given:
            raise click.UsageError("--list stands alone, or with words to look for.")
        named.show_all(words, form)
        return
    if name is not None and named.HELP in ctx.meta:
        from kg import queries

        named.show(queries.one(name, named.own()))
        return
    # A wrong format is told before the work, not after it.
    form = answers.known(form) if form else ""
    asked = _asked(words, file, name, given)
    if endpoint:
        if suggested:
            raise click.UsageError("What is suggested is asked for in a graph on this machine: --suggested and --endpoint do not go together.")
        _elsewhere(endpoint, asked, form, timeout, limit)
        return
    graph = open_graph(chosen())
    asked = asked.filled(graph.store, graph.names, suggested=suggested)
    suggested = suggested or asked.suggested
    began = time.monotonic()
    try:
        answer = sparql.ask(graph.store, asked.written, graph.names, values=asked.terms, timeout=timeout, network=allow_network, suggested=suggested)
        counted = answers.Counted(answer, limit)
        _print(counted, form, graph.names, graph.generation.manifest.source)
    except QueryError as error:
        if timeout and time.monotonic() - began >= timeout and (why := doubts.of_much(asked.text, graph.names)):
            warn("; ".join(why))
        raise _in_file(error, asked.path) if asked.path else error from None
    if counted.more:
        warn(f"only the first {'row' if limit == 1 else f'{limit:,} rows'}; --limit gives more")
    if limit != 0:
        _doubted(graph, asked, counted, suggested)


def _elsewhere(address: str, asked: _Asked, form: str, timeout: float, limit: int | None) -> None:
    """Ask a graph on a server."""
    from kg import endpoint, remote

    server = endpoint.endpoint(address)
    asked.meant_for_servers()
    names = remote.names_at(server)
    asked = asked.filled(remote.store(server, seconds=timeout), names, suggested=False)
    try:
        counted = answers.Counted(remote.ask(server, asked.text, names, seconds=timeout), limit)
    except QueryError as failure:
        error = failure
        if asked.terms:
            from kg import parameters

            error = parameters.as_written(failure, asked.written, asked.terms)
        raise _in_file(error, asked.path) if asked.path else error from None
    _print(counted, form, names)
    if counted.more:
        warn(f"only the first {'row' if limit == 1 else f'{limit:,} rows'}; --limit gives more")
    if counted.nothing and limit != 0 and counted.answer.kind != "ask":
        warn("nothing in the graph matches")


def _print(counted: answers.Counted, form: str, names: Names, source: str = "") -> None:
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else 0
    link = tables.linker(names, source) if source and clickable(sys.stdout) else None
    for piece in _gathered(answers.write(counted.answer, form, names, width=width, link=link)):
        click.echo(piece, nl=False)
    if terminal and sys.stderr.isatty() and counted.answer.kind == "select" and form in ("", "table"):
        say(f"{many(counted.rows, 'row')}", dim=True)


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


def _doubted(graph: Graph, asked: _Asked, counted: answers.Counted, suggested: bool) -> None:
    """Say on standard error why an answer is empty, or what makes it doubtful."""
    if counted.nothing and (not counted.rows or doubts.counts(asked.text, graph.names)):
        meant = _meant(graph.store, graph.names, asked.values)
        why = (
            [meant]
            if meant
            else doubts.of_nothing(graph.store, asked.text, graph.names, suggested=suggested, detail=graph.generation.manifest.detail)
        )
        if why or (counted.answer.kind != "ask" and not counted.rows):
            warn("; ".join(why) or "nothing in the graph matches")
    elif counted.answer.kind != "ask" and (why := doubts.of_some(graph.store, asked.text, graph.names, suggested=suggested, rows=counted.rows)):
        warn("; ".join(why))
    elif asked.name and not suggested and not counted.more and "suggested" in counted.answer.variables:
        for each in doubts.of_left_out(graph.store, asked.text, graph.names, counted.rows):
            warn(each)
    for each in _bound(asked):
        warn(f"?{each} has a value, so BOUND(?{each}) is true")
    for each in doubts.of_texts(asked.text, graph.generation.manifest.detail):
        warn(each)


def _bound(asked: _Asked) -> list[str]:
    if not asked.terms or asked.name:
        return []
    from kg import parameters

    return parameters.bound(asked.written, asked.terms)


# -- what is asked ---------------------------------------------------------------------------------

_FORM = re.compile(r"\s*(?:PREFIX|BASE|SELECT|ASK|CONSTRUCT|DESCRIBE)\b.*\{", re.IGNORECASE | re.DOTALL)


class _Asked(NamedTuple):
    """A query as it was asked, and the values that are still to be put in; ``name`` and ``path`` are of one that has a name.

    Once it is filled, ``values`` are those that are plain texts, ``terms`` are all of them, and ``text`` is the query with them put in.
    """

    written: str
    values: Sequence[str] = ()
    name: str | None = None
    path: Path | None = None
    suggested: bool = False
    terms: Mapping[str, Value] = MappingProxyType({})

    @property
    def text(self) -> str:
        if not self.terms:
            return self.written
        from kg import parameters

        return parameters.insert(self.written, self.terms)

    def filled(self, store: Store, names: Names, *, suggested: bool) -> _Asked:
        if self.name is None and not self.values:
            return self
        # Reading values and headers is a fifth of a look-up that has none.
        from kg import parameters, queries, values

        if self.name is None:
            said = queries.given(self.values)
            terms = {name: values.read(text, names, self.written) for name, text in said.items()}
            texts = [f"{name}={text}" for name, text in said.items() if terms[name].written == values.literal(text).written]
            try:
                parameters.insert(self.written, terms)
                return _Asked(self.written, texts, terms=terms)
            except QueryError as error:
                raise QueryError(error.problem, at=error.at, hint=_meant(store, names, texts) or error.hint) from None
        found = queries.one(self.name, named.own())
        said = queries.given(self.values, found.header.parameters)
        terms = queries.terms(found, said, store, names, suggested=suggested)
        return _Asked(found.text, name=self.name, path=found.path, suggested=found.header.suggested, terms=terms)

    def meant_for_servers(self) -> None:
        """Refuse what a server cannot answer, before anything is asked of it."""
        from kg import queries, remote

        if self.name is None:
            remote.check(self.written)
            return
        found = queries.one(self.name, named.own())
        if found.header.suggested:
            raise UsageError(
                f"{found.name} asks for what rules only suggest, which stays on this machine", hint="ask it of a graph here, without --endpoint"
            )
        try:
            remote.check(found.text)
        except QueryError as error:
            raise _in_file(error, found.path) from None


def _in_file(error: KgError, path: Path) -> KgError:
    from kg import queries

    return queries.in_file(error, path)


def _meant(store: Store, names: Names, texts: Sequence[str]) -> str:
    """Say how things are written whose names were given as texts."""
    if not texts:
        return ""
    from kg import lookup, turtle

    shorten = turtle.shortener(names)
    things = [(name, iri) for name, _, text in (each.partition("=") for each in texts) for iri in lookup.every(store, names, text)[:1]]
    written = (f"--param {name}={shlex.quote(shorten(f'<{iri}>'))}" for name, iri in things)
    return f"for what is called so, and not the text, write {' '.join(written)}" if things else ""


def _asked(words: tuple[str, ...], file: Path | None, name: str | None, given: tuple[str, ...]) -> _Asked:
    if name is not None:
        if file is not None:
            raise click.UsageError("Give a query by --name or with -f, not both.")
        if any(map(_FORM.match, words)):
            raise click.UsageError("Give a query by --name or as an argument, not both.")
        return _Asked("", (*given, *words), name)
    if file is not None and words:
        raise click.UsageError("Give the query as an argument or with -f, not both.")
    if words and file is None and (near := named.meant(words[0])):
        call = " ".join(map(shlex.quote, words[1:]))
        raise UsageError(f"{words[0]!r} is no SPARQL, but the name of a query", hint=f"kg query --name {near} {call}".rstrip())
    if len(words) > 1:
        raise click.UsageError("Give one query, in quotation marks; values for its variables go with --param NAME=VALUE.")
    return _Asked(_text(words[0] if words else None, file), given)


def _text(text: str | None, file: Path | None) -> str:
    try:
        found = _given(text, file).removeprefix("\ufeff")
        found.encode("utf-8")
    except UnicodeError:
        raise KgError("the query is not UTF-8") from None
    return found


def _given(text: str | None, file: Path | None) -> str:
    if file is not None and str(file) != "-":
        try:
            return file.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise UsageError(f"{file}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise KgError(f"{file}: is not UTF-8") from None
    if file is not None or text == "-" or (text is None and not sys.stdin.isatty()):
        return sys.stdin.read()
    if text is None:
        raise click.UsageError("Give a query, such as: kg query 'SELECT ?note { ?note a :Note } LIMIT 5', or see: kg query --list")
    return text
