"""``kg stats``."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict

import click

from kg.cli import CONTEXT, chosen, graph_option
from kg.errors import visible
from kg.graph import open_graph


@click.command(context_settings=CONTEXT)
@graph_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def stats(as_json: bool) -> None:
    """Count what the graph holds, and name its hubs.

    \b
    Examples:
      kg stats
      kg stats --json | jq .things
    """
    graph = open_graph(chosen())
    found = graph.stats()
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return
    click.echo(f"{visible(graph.title)}: {found.triples:,} triples from {graph.generation.manifest.source}")
    _table("Things", found.things.items())
    _table("Properties", found.properties.items())
    for kind, hubs in found.hubs.items():
        _table(f"Most mentioned: {kind}", [(visible(label), count) for _, label, count in hubs])
    _table("Issues", found.issues.items())


def _table(title: str, counts: Collection[tuple[str, int]]) -> None:
    if counts:
        click.echo(f"\n{click.style(title, bold=True)}")
        for name, count in counts:
            click.echo(f"{count:>9,}  {name}")
