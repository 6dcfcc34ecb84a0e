"""``kg view``."""

from __future__ import annotations

from pathlib import Path

import click

from kg import network as networks
from kg.choices import choose
from kg.cli import CONTEXT, chosen, graph_option, say
from kg.errors import UsageError
from kg.graph import open_graph
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
@click.option("--timeout", type=click.FloatRange(min=0), default=TIMEOUT, show_default=True, metavar="SECONDS", help="For the query; 0 is none.")
@click.option(
    "--links",
    metavar="WHERE",
    default="",
    help="Where links to notes lead: file, obsidian, none, or an address with {path} or {stem} [default: file].",
)
@click.option("--title", default="", help="Title of the page [default: the folder's name].")
@click.option("--no-compress", "plain", is_flag=True, help="Leave the data in the page as JSON that other programs can read.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
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
) -> None:
    """Write the interactive page.

    One file that needs no network: a map, search, filters, and for every link the sentence, the line
    and the second that say it.

    \b
    Examples:
      kg view -o graph.html --open
      kg view --focus Portugal --depth 1 -o portugal.html
      kg view --query 'CONSTRUCT { ?a :linksTo ?b } WHERE { ?a :linksTo ?b }' -o links.html
      kg view --links https://notes.example.org/{stem}
    """
    known: dict[str, tuple[str, ...]] = {kind: (f"{kind}s", name.lower()) for name, kind in networks.KINDS.items()}
    kinds = _kinds(types, known)
    graph = open_graph(chosen())
    notes = graph.generation.manifest.counts.get("notes", 0)
    if notes > MANY:
        say(f"drawing {notes:,} notes …")
    page = graph.view(
        None if output == "-" else Path(output),
        focus=focus,
        depth=depth,
        kinds=kinds,
        suggested=suggested,
        query=_query(query),
        title=title,
        links=links,
        compress=not plain,
        timeout=timeout,
    )
    if output == "-":
        click.echo(page, nl=False)
        return
    path = Path(output)
    say(f"wrote {path} ({path.stat().st_size:,} bytes)")
    if opens and click.launch(path.resolve().as_uri()):
        say("no browser could be started; open the file yourself")


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
