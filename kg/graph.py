"""A graph opened for reading: what ``import kg`` gives, and what the commands stand on."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import export, files, lookup, query, store
from kg.errors import visible
from kg.names import Names
from kg.results import Result

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Store

    from kg.network import MultiDiGraph
    from kg.stats import Stats
    from kg.view import Page


class Graph:
    """One state of a graph, read-only; it stays as it is while builds go on beside it."""

    def __init__(self, generation: store.Generation) -> None:
        self.generation = generation
        self.names = Names(generation.manifest.base)
        self.title = generation.manifest.title

    def __repr__(self) -> str:
        return f"<kg.Graph {self.title!r}: {self.generation.manifest.counts.get('notes', 0):,} notes>"

    def _repr_html_(self) -> str:
        counts = self.generation.manifest.counts
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        return f"<p><b>{escape(visible(self.title))}</b>: {escape(told)}<br><small>{escape(visible(self.generation.manifest.source))}</small></p>"

    @cached_property
    def store(self) -> Store:
        """The triples, as a read-only ``pyoxigraph.Store``."""
        return self.generation.open()

    def query(self, text: str, *, timeout: float = query.TIMEOUT, suggested: bool = False) -> Result:
        """Ask in SPARQL; ``timeout`` is in seconds. What is only suggested counts if ``suggested``.

        Raises:
            QueryError: the query is wrong, refused, or took too long.
        """
        return Result(query.ask(self.store, text, self.names, timeout=timeout, suggested=suggested), self.names)

    def export(self, path: str | Path | None = None, form: str = "", **wanted: Any) -> str:
        """Give the graph as text, and save it where a path is given; the format is the path's ending's.

        ``wanted`` are the fields of :class:`kg.export.Wanted`: ``what``, ``claims``, ``header``, ``rdf12``, ``ontology``, ``suggested``.
        Csv is two tables: they are saved as two files, and ``csv-nodes`` and ``csv-edges`` give their text.

        Raises:
            KgError: there is no such format, it cannot hold what is wanted, or the file cannot be written.
        """
        form = export.format_of(form) if form else export.format_for(str(path or ""))
        asked = export.Wanted(**wanted)
        if path is not None:
            export.save(Path(path), self.generation, self.store, form, asked)
            if form == "csv":
                form = "csv-nodes"
        return "".join(export.write(self.generation, self.store, form, asked))

    def find(self, name: str, *kinds: str, suggested: bool = False) -> str:
        """Give the IRI of what a name means: a label, another spelling, a prefixed name, a path; only of some ``kinds``, such as ``Country``.

        Raises:
            KgError: nothing is called so; with a guess.
        """
        return lookup.one(self.store, self.names, name, kinds, suggested=suggested)

    def networkx(self, *, suggested: bool = False) -> MultiDiGraph:
        """Give notes, entities and what joins them, with evidence on every edge; what is only suggested, too, if ``suggested``."""
        from kg.network import network

        return network(self.store, self.title, self.names.suggested if suggested else "")

    def view(self, path: str | Path | None = None, *, focus: str = "", depth: int = 2, kinds: Collection[str] = (), suggested: bool = False) -> Page:
        """Give the interactive page as HTML, and save it where a path is given; what is only suggested is dotted. A notebook shows it.

        Raises:
            KgError: ``focus`` names nothing, or the file cannot be written.
        """
        from kg import view
        from kg.network import node

        focused = self.find(focus, suggested=suggested) if focus else None
        network = self.networkx(suggested=suggested)
        focused = node(network, focused) if focused else None
        page = view.page(network, title=self.title, focus=focused, depth=depth, kinds=kinds)
        if path is not None:
            files.save(Path(path), [page])
        return page

    def stats(self) -> Stats:
        """Count what the graph holds."""
        from kg.stats import stats

        return stats(self.store)

    @property
    def rdflib(self) -> rdflib.Dataset:
        """The same triples as an ``rdflib.Dataset``, through oxrdflib."""
        import rdflib
        from oxrdflib import OxigraphStore

        dataset: Any = rdflib.Dataset(store=OxigraphStore(store=self.store))
        for prefix, space in self.names.prefixes().items():
            if prefix != "kg":  # one prefix for a namespace: ":", as queries write it
                dataset.bind(prefix, space)
        return dataset  # type: ignore[no-any-return]


def open_graph(path: str | Path | None = None) -> Graph:
    """Open a graph for reading: its folder, or the folder of notes it is in.

    Raises:
        StoreError: there is none, or it cannot be opened.
    """
    return Graph(store.current(store.located(path)))


__all__ = ["Graph", "open_graph"]
