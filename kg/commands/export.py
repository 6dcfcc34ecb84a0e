"""``kg export``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg import export as exports
from kg.cli import CONTEXT, chosen, endpoint_option, graph_option, say, warn
from kg.errors import UsageError
from kg.graph import Graph, open_graph


@click.command(context_settings=CONTEXT)
@graph_option
@click.option(
    "-o",
    "--output",
    "output",
    metavar="FILE",
    default="-",
    help="Where to write; the ending chooses the format, .gz compresses; - is standard output.",
)
@click.option("--format", "form", metavar="FORMAT", default="", help=f"{', '.join(exports.FORMATS)} [default: by the ending, else turtle].")
@click.option(
    "--what",
    type=click.Choice(exports.WHAT),
    default="all",
    show_default=True,
    help="Entities and claims with their evidence are facts; the rest is notes.",
)
@click.option("--no-claims", is_flag=True, help="Leave out claims: plain facts, as OWL DL wants them.")
@click.option("--rdf12", is_flag=True, help="Write claims as RDF 1.2 does: rdf:reifies and a triple term.")
@click.option("--with-ontology", is_flag=True, help="Add the ontology, and that of the notes, if they have one.")
@click.option("--suggested", is_flag=True, help="Add what rules only suggest, in a named graph or a column of its own.")
@click.option("--no-header", is_flag=True, help="Leave out what the file says of itself: title, licence, counts, what made it.")
@endpoint_option
def export(
    output: str, form: str, what: str, *, no_claims: bool, rdf12: bool, with_ontology: bool, suggested: bool, no_header: bool, endpoint: str
) -> None:
    """Write the graph as Turtle or another format.

    The same notes give the same bytes. Turtle, N-Triples, JSON-LD and RDF/XML hold the whole graph;
    TriG and N-Quads also name, for facts that notes share, the note that says them. GraphML, GEXF, CSV
    and Cypher hold notes and entities as a graph to draw; QuickStatements holds entities for a Wikibase.

    \b
    Examples:
      kg export -o graph.ttl
      kg export --format ntriples | wc -l
      kg export --what facts --no-claims --with-ontology -o protege.rdf
      kg export --endpoint http://localhost:7878 -o all.ttl
      kg export -o graph.csv        writes graph-nodes.csv and graph-edges.csv
    """
    if output != "-" and Path(output).is_dir():
        raise UsageError(f"{output}: is a folder", hint="name a file, such as graph.ttl")
    chosen_form = exports.format_of(form) if form else exports.format_for("" if output == "-" else output)
    wanted = exports.ExportOptions(what, not no_claims, not no_header, rdf12, with_ontology, suggested)
    if not endpoint:
        _written(open_graph(chosen()), output, chosen_form, wanted)
        return
    from kg import endpoint as servers
    from kg import fetched

    with fetched.whole(servers.endpoint(endpoint), told=say) as graph:
        _written(graph, output, chosen_form, wanted)


def _written(graph: Graph, output: str, form: str, wanted: exports.ExportOptions) -> None:
    if output == "-":
        sys.stdout.writelines(exports.write(graph.generation, graph.store, form, wanted))
        return
    for path in exports.save(Path(output), graph.generation, graph.store, form, wanted):
        say(f"wrote {path} ({path.stat().st_size:,} bytes, {form})")
    if exports.unlicensed(graph.generation, form, wanted):
        warn("it names no licence; licence in kg.toml says what others may do with it")
