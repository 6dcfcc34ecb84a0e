"""``kg export``."""

from __future__ import annotations

from pathlib import Path

import click

from kg import export as exports
from kg import files
from kg.cli import CONTEXT, chosen, graph_option, say
from kg.graph import open_graph


@click.command(context_settings=CONTEXT)
@graph_option
@click.option("-o", "--output", "output", metavar="FILE", default="-", help="Where to write; the ending chooses the format; - is standard output.")
@click.option("--format", "form", metavar="FORMAT", default="", help=f"{', '.join(exports.FORMATS)} [default: by the ending, else turtle].")
def export(output: str, form: str) -> None:
    """Write the graph as Turtle or another format.

    The same notes give the same bytes. Turtle, N-Triples, JSON-LD and RDF/XML hold the whole graph;
    TriG and N-Quads also name, for facts that notes share, the note that says them.

    \b
    Examples:
      kg export -o graph.ttl
      kg export --format ntriples | wc -l
    """
    chosen_form = exports.format_of(form) if form else exports.format_for("" if output == "-" else output)
    graph = open_graph(chosen())
    pieces = exports.write(graph.store, chosen_form, graph.names, graph.spelt)
    if output == "-":
        for piece in pieces:
            click.echo(piece, nl=False)
    else:
        files.save(Path(output), pieces)
        say(f"wrote {output} ({Path(output).stat().st_size:,} bytes, {chosen_form})")
