"""``kg mcp``."""

from __future__ import annotations

import os
import signal
from importlib.util import find_spec
from typing import NoReturn

import click

from kg import store
from kg.cli import CONTEXT, chosen, graph_option, say
from kg.errors import KgError
from kg.graph import open_graph


@click.command(context_settings=CONTEXT)
@graph_option
def mcp() -> None:
    """Let assistants ask the graph, by the Model Context Protocol.

    The program that an assistant runs in starts this command and speaks with it over standard input and output.
    Tools: overview, search, show, path, evidence, queries, ask, query. They only read, and have the limits of kg query.

    \b
    Examples:
      kg mcp -g notes/.kg
      claude mcp add notes -- kg mcp -g /home/me/notes/.kg
    """
    if not all(map(find_spec, ("mcp", "mcp_types"))):
        raise KgError("kg mcp needs the package mcp, version 2 or later, which is not installed", hint="pip install 'kgnotes[mcp]'")
    folder = store.located(chosen())
    graph = open_graph(folder)  # a graph that is not there is told now, not at the first call
    from kg.assistants.server import server

    made, workers = server(folder.resolve(), graph.title)
    say(f"{graph.title}: answering on standard input and output; the end of the input, or Ctrl-C, ends it")

    def ended(number: int, _: object) -> NoReturn:
        # A thread waits for the next line of the input, and would keep the process from ending.
        workers.close()
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ended)
    try:
        made.run("stdio")
    finally:
        workers.close()
