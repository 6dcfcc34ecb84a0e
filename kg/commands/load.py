"""``kg load``."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import store
from kg.cli import CONTEXT, chosen, graph_option, many, say, warn
from kg.terminal import bar, clear

if TYPE_CHECKING:
    pass


@click.command(context_settings=CONTEXT)
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@graph_option
@click.option("-o", "--output", "output", metavar="DIR", type=click.Path(path_type=Path), help="The graph's folder [default: .kg here].")
@click.option("--format", "form", metavar="FORMAT", default="", help="turtle, trig, ntriples, nquads, jsonld, rdfxml [default: by the endings].")
@click.option("--add", is_flag=True, help="Keep what was loaded there before.")
@click.option("--base", metavar="IRI", default="", help="What relative IRIs are relative to.")
@click.option("--named-graph", "graph", metavar="IRI", default="", help="Put triples of formats without graphs into this named graph.")
@click.option("--title", default="", help="Title of the graph [default: as the files say, else the first file's name].")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but problems.")
def load(files: tuple[str, ...], output: Path | None, form: str, add: bool, base: str, graph: str, title: str, quiet: bool) -> None:
    """Make a graph of RDF files, to ask, view and export it like any other.

    FILE is Turtle, TriG, N-Triples, N-Quads, JSON-LD or RDF/XML, packed with gzip or not, a folder of such files, or - for standard input.
    Several files become one graph. The graph is made anew, unless --add; if a file is broken, it stays as it was.

    \b
    Examples:
      kg load graph.ttl
      kg load export.trig mine.ttl -o merged
      kg load --add --named-graph https://example.org/mine more.nt
      curl https://example.org/data.ttl | kg load --format turtle - -o data
    """
    from kg import load as loads

    named = output or chosen() or os.environ.get("KG_GRAPH")
    folder = store.located(named) if named else Path(store.FOLDER)
    began = time.monotonic()
    try:
        report = loads.load(files, folder, form=form, graph=graph, base=base, title=title, add=add, progress=None if quiet else bar(_drawn))
    finally:
        clear()
    if quiet:
        return
    graphs = f", {many(len(report.graphs), 'named graph')}" if report.graphs else ""
    say(f"+ {many(report.added, 'triple')} from {many(report.files, 'file')}")
    say(f"{report.title}: {many(report.triples, 'triple')}{graphs}, base {report.base}")
    if report.triples and not report.unnamed:
        warn("all triples are in named graphs; ask with GRAPH ?g { … }")
    if not report.triples:
        warn("the files say nothing")
    say(f"graph: {report.folder}  ({time.monotonic() - began:.1f} s)")


def _drawn(_file: str, drawn: str, done: int, _total: int) -> str:
    return f"loading {drawn} {done / 1e6:,.1f} MB"
