"""``kg infer``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import export as exports
from kg import files as written
from kg import turtle
from kg.cli import CONTEXT, chosen, graph_option, many, say, warn
from kg.errors import KgError, visible
from kg.graph import Graph, open_graph
from kg.terms import TYPE

if TYPE_CHECKING:
    from kg.infer import Contradiction, Inferred

SHOWN = 20
"""Contradictions that are named."""


@click.command(context_settings=CONTEXT)
@graph_option
@click.option("-o", "--output", "output", metavar="FILE", default="", help="Write what follows; the ending chooses the format; - is standard output.")
@click.option("--format", "form", metavar="FORMAT", default="", help=f"{', '.join(exports.FORMATS)} [default: by the ending, else turtle].")
@click.option("--all", "everything", is_flag=True, help="Write the graph as well, not only what is new.")
@click.option("--check", is_flag=True, help="Only say whether the graph contradicts itself; exit with 1 if it does.")
@click.option("--ontology", "more", metavar="FILE", multiple=True, type=click.Path(path_type=Path), help="Further axioms. May be repeated.")
def infer(output: str, form: str, everything: bool, check: bool, more: tuple[Path, ...]) -> None:
    """Work out what follows from the graph by the ontology, and whether it contradicts itself.

    The rules are those of OWL 2 RL; the axioms are those of kg, of the vault's ontology/*.ttl and of the graph itself. What follows
    is counted, or written to a file; the graph stays as it is. Needs: pip install 'kgnotes[infer]'

    \b
    Examples:
      kg infer
      kg infer --check
      kg infer -o inferred.ttl
      kg infer --ontology mine.ttl --all -o everything.nt
    """
    from kg import infer as reasoning

    output = output or ("-" if form or everything else "")
    chosen_form = exports.format_of(form) if form else exports.format_for("" if output == "-" else output)
    graph = open_graph(chosen())
    found = reasoning.infer(graph.store, reasoning.files(graph.generation.manifest, graph.generation.folder.parent, more))
    shorten = turtle.shortener(graph.names)
    if check:
        _checked(found, shorten)
        return
    if output:
        _save(graph, found, output, chosen_form, everything=everything)
    else:
        click.echo(f"{visible(graph.title)}: {len(found.new):,} triples follow from {found.said:,}")
        for predicate, count in found.counts.items():
            click.echo(f"{count:>9,}  {visible(shorten(predicate))}")
    if found.contradictions:
        warn(f"the graph contradicts itself in {many(len(found.contradictions), 'place')}; kg infer --check names them")


def _checked(found: Inferred, shorten: Callable[[str], str]) -> None:
    if not found.contradictions:
        click.echo(f"consistent: {found.said:,} triples and {len(found.new):,} that follow")
        return
    for each in found.contradictions[:SHOWN]:
        click.echo(visible(_contradiction_line(each, shorten)))
    if len(found.contradictions) > SHOWN:
        click.echo(f"and {len(found.contradictions) - SHOWN:,} more")
    raise KgError(f"the graph contradicts itself in {many(len(found.contradictions), 'place')}")


def _contradiction_line(each: Contradiction, shorten: Callable[[str], str]) -> str:
    facts = [" ".join("a" if term == TYPE and at == 1 else shorten(term) for at, term in enumerate(fact)) for fact in each.facts]
    return f"{'; '.join(facts)}: {each.why}"


def _save(graph: Graph, found: Inferred, output: str, form: str, *, everything: bool) -> None:
    from pyoxigraph import RdfFormat, Store, parse

    store = Store()
    if everything:
        store.bulk_extend(graph.store.quads_for_pattern(None, None, None, None))
    lines = "".join(f"{subject} {predicate} {thing} .\n" for subject, predicate, thing in found.new)
    store.bulk_extend(parse(lines.encode("utf-8"), format=RdfFormat.N_TRIPLES))
    pieces = exports.write(graph.generation, store, form, exports.ExportOptions(header=False))
    if output == "-":
        for piece in pieces:
            click.echo(piece, nl=False)
    else:
        written.save(Path(output), pieces)
        say(f"wrote {output} ({len(found.new):,} triples that follow{', and the graph' if everything else ''}, {form})")
