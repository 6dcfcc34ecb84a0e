"""``kg push``."""

from __future__ import annotations

import time

import click

from kg.cli import CONTEXT, chosen, graph_option, many, say, warn
from kg.graph import open_graph
from kg.terminal import bar, clear


@click.command(context_settings=CONTEXT)
@click.argument("address", metavar="ENDPOINT")
@graph_option
@click.option("--update", "update", metavar="URL", default="", help="Where the server takes updates [default: as such servers have it].")
@click.option("--graphs", "graphs", metavar="URL", default="", help="Where it keeps graphs, as the Graph Store Protocol has it [default: likewise].")
@click.option("--named-graph", "into", metavar="IRI", default="", help="Put what has no graph of its own into this one [default: the default graph].")
@click.option("--replace", is_flag=True, help="Replace every graph that is sent, the default graph too, and take away those of notes that are gone.")
@click.option("--suggested", is_flag=True, help="Send what rules only suggest as well, in its own graph.")
@click.option("--batch", type=click.IntRange(1, 100_000), default=1000, show_default=True, metavar="N", help="Triples in one update.")
@click.option(
    "--retries", type=click.IntRange(0, 20), default=6, show_default=True, metavar="N", help="How often to try again when it does not answer."
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but problems.")
def push(address: str, update: str, graphs: str, into: str, *, replace: bool, suggested: bool, batch: int, retries: int, quiet: bool) -> None:
    """Send the graph to a SPARQL server.

    ENDPOINT is the server, as http://localhost:7878 of Oxigraph or http://localhost:3030/notes of Fuseki. What is there
    stays, unless --replace. If the server goes away, kg waits and goes on; a push that was stopped goes on when it is
    run again. A name and a password, or a token, come from the environment: KG_ENDPOINT_USER and
    KG_ENDPOINT_PASSWORD, or KG_ENDPOINT_TOKEN.

    \b
    Examples:
      kg push http://localhost:7878
      kg push http://localhost:3030/notes --replace
      kg push http://localhost:7200/repositories/notes --named-graph https://example.org/mine
      kg push http://localhost:8890/sparql-auth --named-graph https://example.org/mine
    """
    from kg import endpoint
    from kg import push as pushing
    from kg.load import an_iri

    an_iri("--named-graph", into)
    server = endpoint.endpoint(address, update=update, graphs=graphs)
    graph = open_graph(chosen())
    began = time.monotonic()
    wanted = pushing.PushOptions(into, replace, suggested, batch, retries)
    try:
        report = pushing.push(graph.generation, graph.store, server, wanted, told=warn, progress=None if quiet else bar(_drawn))
    finally:
        clear()
    if report.there < report.unnamed:
        warn(f"{many(report.unnamed, 'triple')} were sent there, and the server counts {report.there:,}: it has lost some, or counts in another way")
    if quiet:
        return
    gone = f"; {many(report.removed, 'graph')} of notes that are gone went" if report.removed else ""
    say(f"{graph.title}: {many(report.sent - report.before, 'triple')} sent, {many(report.graphs, 'named graph')}{gone}")
    say(f"{server.query} has {many(report.there, 'triple')} in {f'<{into}>' if into else 'its default graph'}  ({time.monotonic() - began:.1f} s)")


def _drawn(what: str, drawn: str, done: int, total: int) -> str:
    return f"{what} {drawn} {done:,} of {total:,} triples"
