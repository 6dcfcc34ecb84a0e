"""What ``kg query`` prints of the queries that have names: the list of them, help on one, completion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from kg import store
from kg.cli import chosen, warn, write_json
from kg.errors import KgError, StoreError, visible
from kg.graph import open_graph
from kg.names import Names

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.queries import NamedQuery, header

HELP = "kg.help"
_WIDE = 100


def own() -> Path | None:
    """Give the folder of the vault's own queries, where there is a graph."""
    try:
        generation = store.current(store.located(chosen()))
    except StoreError:
        return None
    from kg import queries

    return queries.home(Path(generation.manifest.source), generation.folder.parent)


class Command(click.Command):
    """``--help`` beside ``--name`` is help on that query."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asked = [each for each in args if each in ("-h", "--help")]
        if asked and not ctx.resilient_parsing:
            options, _, _ = self.make_parser(ctx).parse_args(list(args))
            if options.get("name") is not None:
                ctx.meta[HELP] = True
                args = [each for each in args if each not in asked]
        return super().parse_args(ctx, args)


def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete ``--name``; whatever is wrong is no matter for a shell."""
    from kg import queries

    with ctx:
        try:
            found = queries.every(own())
        except (KgError, OSError):
            found = queries.every()
    return [CompletionItem(name, help=each.title) for name, each in found.items() if name.startswith(incomplete)]


def meant(word: str) -> str:
    """Give the query whose name a word is, or "".

    >>> meant("ASK { ?s ?p ?o }")
    ''
    """
    if not re.fullmatch(r"[\w-]{2,60}", word):
        return ""
    from kg import queries
    from kg.names import key

    return next((each for each in queries.every(own()) if key(each) == key(word)), "")


def show_all(words: Sequence[str], form: str) -> None:
    """List named queries by group, or as JSON; those of the vault are looked at more closely, since people are at work on them."""
    from kg import queries

    if form not in ("", "table", "json"):
        raise click.UsageError("--list is a table or --format json.")
    found = [each for each in queries.every(own()).values() if all(_speaks(each, word) for word in words)]
    graph = _graph() if any(each.own for each in found) else None
    wrong = {
        each.name: queries.broken(each, graph.names if graph else Names(), graph.store if graph else None) if each.own else each.problem
        for each in found
    }
    if form == "json":
        write_json([_plain(each, wrong[each.name]) for each in found])
        return
    width = max((len(each.name) for each in found), default=0)
    for at, (group, members) in enumerate(queries.groups(found)):
        click.echo(f"{chr(10) if at else ''}{click.style(visible(group), bold=True)}")
        for each in members:
            mark = " (yours, instead of kg's)" if each.hides else " (yours)" if each.own else ""
            click.echo(f"  {visible(each.name):<{width}}  {visible(each.title)}{mark}")
            if problem := wrong[each.name]:
                click.echo(f"  {'':<{width}}  {click.style('broken:', fg='red')} {visible(str(problem))}")
    if not found:
        warn(f"no query speaks of {' and '.join(words)}" if words else "there are no queries")


def _speaks(named: NamedQuery, word: str) -> bool:
    said = named.header
    return word.casefold() in " ".join((named.name, named.title, said.description, said.group, *said.audience)).casefold()


def _plain(named: NamedQuery, problem: KgError | None) -> dict[str, Any]:
    said = named.header
    return {
        "name": named.name,
        "title": named.title,
        "group": said.group,
        "description": said.description,
        "audience": list(said.audience),
        "parameters": [{"name": each.name, "type": each.type, "default": each.default, "description": each.words} for each in said.parameters],
        "example": said.example,
        "suggested": said.suggested,
        "own": named.own,
        "file": str(named.path),
        "problem": str(problem) if problem else None,
    }


def show(named: NamedQuery) -> None:
    """Print what a named query answers and needs, and its SPARQL; the example is of things in the graph, where there is one."""
    said = named.header
    page = click.HelpFormatter(max_width=_WIDE)
    usage = " ".join(f"{each.name}={each.type.upper()}" if each.default is None else f"[{each.name}={each.type.upper()}]" for each in said.parameters)
    page.write(f"Usage: kg query --name {visible(named.name)} {visible(usage)}".rstrip() + "\n\n")
    with page.indentation():
        page.write_text(visible(named.title))
        if said.description:
            page.write_paragraph()
            page.write_text(visible(said.description))
        if said.suggested:
            page.write_paragraph()
            page.write_text("It looks at what rules only suggest as well.")
    if said.parameters:
        with page.section("Parameters"):
            page.write_dl([(f"{each.name}: {visible(each.type)}", _words(each)) for each in said.parameters])
    if said.example and (example := _example(named)):
        with page.section("Example"):
            page.write_text(visible(example))
    with page.section(f"The query ({visible(str(named.path))})"):
        pass
    click.echo(page.getvalue(), nl=False)
    from kg.queries import header

    for line in header.body(named.text).rstrip().splitlines():
        click.echo(f"  {visible(line)}".rstrip())


def _example(named: NamedQuery) -> str:
    from kg import queries

    graph = _graph()
    return queries.example(named, graph.store, graph.names) if graph else named.header.example


def _graph() -> Graph | None:
    """Open the graph, if there is one that can be."""
    try:
        graph = open_graph(chosen())
        len(graph.store)
    except StoreError:
        return None
    return graph


def _words(parameter: header.Parameter) -> str:
    default = "" if parameter.default is None else f"[default: {parameter.default or 'none'}]"
    return visible(" ".join(filter(None, (parameter.words, default)))) or "needed"
