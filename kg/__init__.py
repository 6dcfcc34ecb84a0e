"""A folder of wiki-linked Markdown notes as a knowledge graph.

    import kg

    kg.build("notes")                       # makes or updates notes/.kg
    graph = kg.open("notes")
    for row in graph.query("SELECT ?note ?line { ?p :names country:PT; :note ?note; :line ?line }"):
        print(row.note, row.line)
    graph.export("graph.ttl")
    graph.view("graph.html")

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.pipeline import Report
    from kg.results import IRI, Result, Row

__version__ = "0.1.0"


def build(notes: str | Path = ".", graph: str | Path | None = None, *, full: bool = False, jobs: int = 1) -> Report:
    """Build or update the graph of a folder of notes, by default in ``.kg`` in that folder.

    Settings come from ``kg.toml`` in the folder, if there is one; ``jobs`` is a number of processes.

    Raises:
        KgError: the notes cannot be listed, or the graph cannot be written.
    """
    from kg import config, pipeline
    from kg.store import FOLDER

    folder = Path(notes)
    settings = folder / config.FILE
    given = config.read(settings) if settings.is_file() else config.Config()
    source = folder / given.folder if settings.is_file() else folder
    return pipeline.build(source, Path(graph) if graph else folder / FOLDER, given, full=full, jobs=jobs)


def open(path: str | Path | None = None) -> Graph:  # noqa: A001 - kg.open is the name people will try
    """Open a graph for reading: the folder of notes or of the graph, by default the nearest one upward.

    Raises:
        StoreError: there is none, or it cannot be opened.
    """
    from kg.graph import open_graph

    return open_graph(path)


_LATE = {"Graph": "kg.graph", "IRI": "kg.results", "Result": "kg.results", "Row": "kg.results"}
"""Classes of the public surface, and the modules that load when one is asked for."""


def __getattr__(name: str) -> object:
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")


__all__ = ["IRI", "Graph", "KgError", "Result", "Row", "__version__", "build", "open"]
