"""A process that answers one call after another, a line of JSON each: what it does can be ended with it.

The engine can neither be told to stop nor kept from crashing, and a walk through the graph may take long; whoever waits
for this process ends it when time is up, and starts another. It reads the graph anew when that was built anew.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any

from kg.assistants import tools
from kg.assistants.replies import meant
from kg.errors import KgError
from kg.graph import Graph, open_graph

_PATIENCE = 0.3
"""seconds"""


def answers(lines: Iterator[str], folder: str) -> Iterator[str]:
    """Answer every line; ``folder`` is that of the graph.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as empty:
    ...     (told,) = answers(iter(['{"tool": "overview", "arguments": {}}']), empty)
    >>> json.loads(told)["hint"]
    'make one with: kg build NOTES'
    """
    graph: Graph | None = None
    for each in lines:
        asked = json.loads(each)
        try:
            graph = _newest(graph, folder)
            told: dict[str, Any] = tools.call(graph, asked["tool"], asked["arguments"])._asdict()
        except KgError as error:
            where = f"{error.at}: " if error.at else ""
            told = {"problem": f"{where}{error.problem}", "hint": meant(error.hint)}
        except MemoryError:
            told = {"problem": "not enough memory", "hint": "ask for less"}
        except RecursionError:
            told = {"problem": "this goes too deep", "hint": "ask for less"}
        told["spent"] = _spent()
        yield json.dumps(told)


def _spent() -> bool:
    """Say whether a query goes on that ran out of time, so that this process has to be ended; one whose rows were enough ends by itself."""
    left = [each for each in threading.enumerate() if each.name == "kg query"]
    for each in left:
        each.join(_PATIENCE)
    return any(each.is_alive() for each in left)


def _newest(graph: Graph | None, folder: str) -> Graph:
    found = open_graph(folder)
    return graph if graph and graph.generation.folder == found.generation.folder else found


def main() -> None:
    """Answer on standard output what comes on standard input; whatever else is printed goes to standard error."""
    wire = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    given = (line.decode("utf-8") for line in sys.stdin.buffer)
    for told in answers(given, sys.argv[1]):
        wire.write(told + "\n")
        wire.flush()
        if json.loads(told)["spent"]:
            os._exit(0)


__all__ = ["answers", "main"]

if __name__ == "__main__":
    main()
