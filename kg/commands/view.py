"""``kg view``."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import click

from kg import network as networks
from kg.choices import choose
from kg.cli import CONTEXT, chosen, endpoint_option, graph_option, say, warn
from kg.errors import KgError, UsageError
from kg.graph import Graph, open_graph
from kg.query import TIMEOUT

MANY = 3000
"""Notes from which on it takes more than a moment, which is told."""


@click.command(context_settings=CONTEXT)
@graph_option
@click.option("-o", "--output", "output", metavar="FILE.html", default="graph.html", show_default=True, help="Where to write; - is standard output.")
@click.option("--focus", metavar="NAME", default="", help="Show what lies around one thing: a title, an alias, a path, country:PT.")
@click.option("--depth", type=click.IntRange(1, 3), default=2, show_default=True, metavar="N", help="How many steps around it.")
@click.option(
    "--kind", "--type", "types", metavar="KIND", multiple=True, help=f"Only these kinds: {', '.join(networks.KINDS.values())}. May be repeated."
)
@click.option("--suggested", is_flag=True, help="Show what rules only suggest as well, dotted.")
@click.option("--query", metavar="CONSTRUCT", default="", help="Show just what a query gives: CONSTRUCT or DESCRIBE; @FILE.rq reads it from a file.")
@click.option(
    "--timeout", type=click.FloatRange(min=0), default=TIMEOUT, show_default=True, metavar="SECONDS", help="For the query, or a server; 0 is none."
)
@click.option(
    "--links",
    metavar="WHERE",
    default="",
    help="Where links to notes lead: file, obsidian, none, or an address with {path} or {stem} [default: file; none with --endpoint].",
)
@click.option("--title", default="", help="Title of the page [default: the folder's name, or the server's].")
@click.option("--no-compress", "plain", is_flag=True, help="Leave the data in the page as JSON that other programs can read.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@endpoint_option
def view(
    output: str,
    focus: str,
    depth: int,
    types: tuple[str, ...],
    suggested: bool,
    query: str,
    timeout: float,
    links: str,
    title: str,
    plain: bool,
    opens: bool,
    endpoint: str,
) -> None:
    """Write the interactive page.

    One file that needs no network: a map, search, filters, and for every link the sentence, the line
    and the second that say it.

    From a server comes what lies around --focus, what --query gives, or else the things that most
    links join; a few hundred of them, however large the graph there is.

    \b
    Examples:
      kg view -o graph.html --open
      kg view --focus Portugal --depth 1 -o portugal.html
      kg view --query 'CONSTRUCT { ?a :linksTo ?b } WHERE { ?a :linksTo ?b }' -o links.html
      kg view --links https://notes.example.org/{stem}
      kg view --endpoint http://localhost:7878 --focus Portugal -o portugal.html
    """
    known: dict[str, tuple[str, ...]] = {kind: (f"{kind}s", name.lower()) for name, kind in networks.KINDS.items()}
    kinds = _kinds(types, known)
    if endpoint:
        if suggested:
            raise click.UsageError("What is suggested is drawn from a graph on this machine: --suggested and --endpoint do not go together.")
        if links.strip().lower() in ("file", "obsidian"):
            raise click.UsageError("A server has no files to link to: give --links an address, such as https://notes.example.org/{stem}.")

    def draw(graph: Graph, focus: str, query: str, triples: Collection[Any] = ()) -> str:
        return graph.view(
            None if output == "-" else Path(output),
            focus=focus,
            depth=depth,
            kinds=kinds,
            suggested=suggested,
            query=query,
            title=title,
            links=links or ("none" if endpoint else ""),
            compress=not plain,
            timeout=timeout,
            triples=triples,
        )

    text = _query(query)
    if endpoint:
        page = _elsewhere(endpoint, focus, depth, text, timeout, draw)
    else:
        graph = open_graph(chosen())
        notes = graph.generation.manifest.counts.get("notes", 0)
        if notes > MANY:
            say(f"drawing {notes:,} notes …")
        page = draw(graph, focus, text)
    if output == "-":
        click.echo(page, nl=False)
        return
    path = Path(output)
    say(f"wrote {path} ({path.stat().st_size:,} bytes)")
    if opens and click.launch(path.resolve().as_uri()):
        say("no browser could be started; open the file yourself")


def _elsewhere(address: str, focus: str, depth: int, query: str, timeout: float, draw: Callable[..., str]) -> str:
    """Draw what is needed of a graph on a server."""
    from pyoxigraph import NamedNode

    from kg import endpoint, fetched, lookup, remote

    server = endpoint.endpoint(address)
    names = remote.names_at(server)
    start = lookup.one(remote.store(server, seconds=timeout), names, focus) if focus else ""
    triples: list[Any] = []
    if query:
        answer = remote.ask(server, query, names, seconds=timeout)
        if answer.kind != "graph":
            raise UsageError("a page shows triples, and this query gives none", hint="begin it with CONSTRUCT or DESCRIBE")
        triples = list(answer.rows)
        things = list(dict.fromkeys(end.value for row in triples for end in (row[0], row[2]) if isinstance(end, NamedNode)))
    elif start:
        things = fetched.around(server, start, depth, told=warn, seconds=timeout)
    else:
        things = fetched.foremost(server, seconds=timeout)
    if not things:
        hint = "does it look for what is there?" if query else "send a graph there first: kg push ENDPOINT"
        raise KgError(f"{server.query}: {'the query gives' if query else 'there is'} nothing to draw", hint=hint)
    with fetched.part(server, names, things, seconds=timeout) as graph:
        return draw(graph, start, "", triples)


def _query(given: str) -> str:
    if not given.startswith("@"):
        return given
    try:
        return Path(given[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{given[1:]}: the query cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _kinds(types: tuple[str, ...], known: dict[str, tuple[str, ...]]) -> list[str]:
    found = []
    for each in types:
        try:
            found.append(choose(each, known))
        except UsageError as error:
            raise UsageError(f"unknown kind {each!r}", hint=error.hint) from None
    return found
