"""``kg view``."""

from __future__ import annotations

from pathlib import Path

import click

from kg import network as networks
from kg.choices import choose
from kg.cli import CONTEXT, chosen, graph_option, say
from kg.errors import UsageError
from kg.graph import open_graph


@click.command(context_settings=CONTEXT)
@graph_option
@click.option("-o", "--output", "output", metavar="FILE.html", default="graph.html", show_default=True, help="Where to write; - is standard output.")
@click.option("--focus", metavar="NAME", default="", help="Show what lies around one thing: a title, an alias, a path, country:PT.")
@click.option("--depth", type=click.IntRange(1, 3), default=2, show_default=True, metavar="N", help="How many steps around it.")
@click.option(
    "--kind", "--type", "types", metavar="KIND", multiple=True, help=f"Only these kinds: {', '.join(networks.KINDS.values())}. May be repeated."
)
@click.option("--suggested", is_flag=True, help="Show what rules only suggest as well, dotted.")
@click.option("--title", default="", help="Title of the page [default: the folder's name].")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
def view(output: str, focus: str, depth: int, types: tuple[str, ...], suggested: bool, title: str, opens: bool) -> None:
    """Write the interactive page.

    One file that needs no network: search, filter by kind, and for every link the sentence, the line
    and the second that say it.

    \b
    Examples:
      kg view -o graph.html --open
      kg view --focus Portugal --depth 1 -o portugal.html
    """
    known: dict[str, tuple[str, ...]] = {kind: (f"{kind}s", name.lower()) for name, kind in networks.KINDS.items()}
    kinds = _kinds(types, known)
    graph = open_graph(chosen())
    graph.title = title or graph.title
    if output == "-":
        click.echo(graph.view(focus=focus, depth=depth, kinds=kinds, suggested=suggested), nl=False)
        return
    path = Path(output)
    graph.view(path, focus=focus, depth=depth, kinds=kinds, suggested=suggested)
    say(f"wrote {path} ({path.stat().st_size:,} bytes)")
    if opens and click.launch(path.resolve().as_uri()):
        say("no browser could be started; open the file yourself")


def _kinds(types: tuple[str, ...], known: dict[str, tuple[str, ...]]) -> list[str]:
    found = []
    for each in types:
        try:
            found.append(choose(each, known))
        except UsageError as error:
            raise UsageError(f"unknown kind {each!r}", hint=error.hint) from None
    return found
