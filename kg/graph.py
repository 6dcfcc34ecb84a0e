"""A graph opened for reading: what ``import kg`` gives, and what the commands stand on."""

from __future__ import annotations

import os
import weakref
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import query as sparql
from kg import store
from kg.errors import visible
from kg.names import Names

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Store

    from kg.network import MultiDiGraph
    from kg.paths import Joined
    from kg.results import Result
    from kg.search import Hits
    from kg.show import Shown
    from kg.stats import Stats
    from kg.values import IRI, Value
    from kg.view import Page


class Graph:
    """One state of a graph, read-only; it stays as it is while builds go on beside it.

    What a method needs loads when it is called, so that a small question stays cheap.

    >>> import kg, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "aid.md").write_text("# Aid\\nNurses came from Ghana.\\n\\nThey met doctors from Togo.\\n")
    ...     report = kg.build(folder)
    ...     graph = kg.open(folder)
    ...     [(row.line, row.text) for row in graph.query("SELECT ?line ?text { ?p :names ?c; :line ?line; :text ?text }", c="country:GH")]
    ...     [str(hit) for hit in graph.search("doctors")], graph.find("togo"), graph.stats().things["Country"]
    ...     print(graph.path("Ghana", "Togo"))
    [(2, 'Nurses came from Ghana.')]
    (['aid.md:4'], <https://example.org/kg/country/TG>, 2)
    Ghana ← mentions – Aid – mentions → Togo
    """

    def __init__(self, generation: store.Generation) -> None:
        self.generation = generation
        self._kept = generation.kept()
        if self._kept is not None:
            weakref.finalize(self, os.close, self._kept)
        self.names = Names(generation.manifest.base)
        self.title = generation.manifest.title

    def __repr__(self) -> str:
        return f"<kg.Graph {self.title!r}: {self.generation.manifest.counts.get('notes', 0):,} notes>"

    def _repr_html_(self) -> str:
        from html import escape

        counts = self.generation.manifest.counts
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        return f"<p><b>{escape(visible(self.title))}</b>: {escape(told)}<br><small>{escape(visible(self.generation.manifest.source))}</small></p>"

    @cached_property
    def store(self) -> Store:
        """The triples, as a read-only ``pyoxigraph.Store``."""
        return self.generation.open()

    def query(
        self,
        text: str,
        /,
        *,
        parameters: Mapping[str, object] | None = None,
        timeout: float = sparql.TIMEOUT,
        suggested: bool = False,
        **given: object,
    ) -> Result:
        """Ask in SPARQL; ``timeout`` is in seconds. What is only suggested counts if ``suggested``.

        Other arguments, or ``parameters``, are values of variables: ``graph.query("SELECT ?note { ?note :mentions ?c }", c="country:PT")``.
        A text that is an IRI, or begins with a known prefix, is that thing; whatever a value is, it stays one term.

        Raises:
            QueryError: the query is wrong, refused, or took too long.
            UsageError: the query has no such variable.
        """
        from kg import values

        terms = {name: values.of(each, self.names, text) for name, each in {**(parameters or {}), **given}.items()}
        return self._answered(text, terms, timeout, suggested)

    def named(self, name: str, /, *, timeout: float = sparql.TIMEOUT, suggested: bool = False, **given: object) -> Result:
        """Ask a query that has a name, as ``graph.named("said-of", thing="Portugal")``; ``kg query --list`` lists them.

        What is only suggested counts if ``suggested``, and is marked in the column of that name.

        Raises:
            UsageError: there is no such query, or a value is missing or means nothing.
            QueryError: the query is wrong, or took too long.
        """
        from kg import queries

        own = queries.home(Path(self.generation.manifest.source), self.generation.folder.parent)
        found = queries.one(name, own)
        said = {name: str(each) for name, each in given.items()}
        suggested = suggested or found.header.suggested
        terms = queries.terms(found, said, self.store, self.names, suggested=suggested)
        return self._answered(found.text, terms, timeout, suggested)

    def _answered(self, text: str, terms: Mapping[str, Value], timeout: float, suggested: bool) -> Result:
        from kg.results import Result

        def doubted(result: Result) -> list[str]:
            from kg import answers, doubts
            from kg.parameters import insert

            given, detail = insert(text, terms), self.generation.manifest.detail
            noughts = len(result) == 1 and answers.nought(result.terms[0]) and doubts.counts(given, self.names)
            if result and not noughts:
                return doubts.of_some(self.store, given, self.names, suggested=suggested, rows=len(result))
            return doubts.of_nothing(self.store, given, self.names, suggested=suggested, detail=detail)

        return Result(sparql.ask(self.store, text, self.names, values=terms, timeout=timeout, suggested=suggested), self.names, doubted)

    def export(self, path: str | Path | None = None, form: str = "", **wanted: Any) -> str:
        """Give the graph as text, and save it where a path is given; the format is the path's ending's.

        ``wanted`` are the fields of :class:`kg.export.ExportOptions`: ``what``, ``claims``, ``header``, ``rdf12``, ``ontology``, ``suggested``.
        Csv is two tables: they are saved as two files, and ``csv-nodes`` and ``csv-edges`` give their text.

        Raises:
            KgError: there is no such format, it cannot hold what is wanted, or the file cannot be written.
        """
        from kg import export

        form = export.format_of(form) if form else export.format_for(str(path or ""))
        asked = export.ExportOptions(**wanted)
        if path is not None:
            export.save(Path(path), self.generation, self.store, form, asked)
            if form == "csv":
                form = "csv-nodes"
        return "".join(export.write(self.generation, self.store, form, asked))

    @property
    def brief(self) -> bool:
        """Whether what only the text names was left out."""
        return self.generation.manifest.detail == "notes"

    def find(self, name: str, *kinds: str, suggested: bool = False) -> IRI:
        """Give the IRI of what a name means: a label, another spelling, a prefixed name, a path; only of some ``kinds``, such as ``Country``.

        Raises:
            KgError: nothing is called so; with a guess.
        """
        from kg import lookup
        from kg.values import IRI

        return IRI(lookup.one(self.store, self.names, name, kinds, suggested=suggested, brief=self.brief))

    def search(
        self, words: str, *, most: int | None = 20, note: str = "", about: Collection[str] = (), kind: str = "", suggested: bool = False
    ) -> Hits:
        """Look for words in titles, headings and passages, as ``kg search`` does, and give the best ``most`` places.

        Only in notes whose path fits ``note``; only where all of ``about`` are named, or something of a ``kind``.

        Raises:
            KgError: there is nothing to look for, or no such thing or kind.
        """
        from kg import search
        from kg.words import parse

        wanted, folder = parse(words), self.generation.index
        things = tuple(self.find(each, "Entity", suggested=suggested) for each in about)
        only = search.Only(note, things, search.kind(folder, kind) if kind else "", suggested)
        return search.search(folder, wanted, only, names=self.names, most=most)

    def networkx(self, *, suggested: bool = False) -> MultiDiGraph:
        """Give notes, entities and what joins them, with evidence on every edge; what is only suggested, too, if ``suggested``."""
        from kg.network import network

        return network(self.store, self.title, self.names.suggested if suggested else "")

    def view(
        self,
        path: str | Path | None = None,
        *,
        focus: str = "",
        depth: int = 2,
        kinds: Collection[str] = (),
        suggested: bool = False,
        query: str = "",
        title: str = "",
        links: str = "",
        compress: bool = True,
        timeout: float = sparql.TIMEOUT,
        triples: Collection[Any] = (),
    ) -> Page:
        """Give the interactive page as HTML, and save it where a path is given; what is only suggested is dotted. A notebook shows it.

        ``query`` is a CONSTRUCT or DESCRIBE; the page then shows just what it gives. ``links`` says where links to notes
        lead: ``file``, ``obsidian``, ``none``, or an address with {path} or {stem}; "" is what kg.toml says.
        ``compress=False`` leaves the data legible. ``triples`` are what a query gave that was asked elsewhere.

        Raises:
            KgError: ``focus`` names nothing, or the file cannot be written.
            QueryError: the query is wrong, refused, or took too long.
            UsageError: the query gives no triples, or links cannot lead there.
        """
        import gc

        from kg import constructed, files, scene, view

        pattern = self._links(links)
        focused: str | None = self.find(focus, suggested=suggested) if focus else None
        collected = gc.isenabled()
        gc.disable()  # millions of small values are made and all are kept: looking through them takes a third of the time
        try:
            drawn = scene.read(self.store, self.names, self.generation.index, suggested=suggested)
            focused = drawn.node(focused) if focused else None
            if query:
                triples = list(self._constructed(query, timeout, suggested=suggested))
            if query or triples:
                drawn = constructed.scene(triples, drawn, self.store)
            page = view.page(
                drawn,
                title=title or self.title,
                focus=focused,
                depth=depth,
                kinds=kinds,
                links=pattern,
                names=self.names,
                mode="query" if query or triples else "",
                compress=compress,
            )
        finally:
            if collected:
                gc.enable()
        if path is not None:
            files.save(Path(path), [page])
        return page

    def _links(self, wanted: str) -> str:
        from kg import config
        from kg.view import places

        source = Path(self.generation.manifest.source)
        if not wanted:
            settings = config.find(source) if source.is_dir() else None
            wanted = config.read(settings).links if settings else "file"
        return places.pattern(wanted, source)

    def _constructed(self, query: str, timeout: float, *, suggested: bool) -> Iterable[Any]:
        from kg.errors import UsageError

        answer = sparql.ask(self.store, query, self.names, timeout=timeout, suggested=suggested)
        if answer.kind != "graph":
            raise UsageError("a page shows triples, and this query gives none", hint="begin it with CONSTRUCT or DESCRIBE")
        return answer.rows

    def path(
        self,
        start: str,
        end: str,
        *,
        most: int = 3,
        longest: int = 6,
        without: Collection[str] = (),
        only: Collection[str] = (),
        through: bool = False,
        suggested: bool = False,
    ) -> Joined:
        """Give the ``most`` most telling of the shortest chains between two things, with what says so; things by any of their names.

        No chain takes more than ``longest`` steps, leads through what ``without`` names, or takes a step by another property than ``only``,
        if that names any. Hubs that join everything are led through if there is no other way, or ``through``.

        Raises:
            KgError: a name means nothing, or nothing joins the two.
        """
        from kg import evidence, paths
        from kg.ways import Ways

        one, other, *avoided = (self.find(each, suggested=suggested) for each in (start, end, *without))
        joined = paths.between(
            Ways(self.store, self.names, only=paths.properties(only), suggested=suggested),
            one,
            other,
            most=most,
            longest=longest,
            without=avoided,
            through=through,
        )
        return joined._replace(chains=tuple(evidence.shown(joined.ways, self.generation.index, each) for each in joined.chains))

    def show(self, name: str, *, limit: int | None = 10, suggested: bool = False) -> Shown:
        """Tell of one thing by any of its names: what is said of it, and what stands beside it; ``limit`` is the most of each sort.

        Raises:
            KgError: nothing is called so; with a guess.
        """
        from kg.show import show

        return show(self.store, self.names, self.generation.index, name, limit=limit, suggested=suggested, brief=self.brief)

    def stats(self) -> Stats:
        """Count what the graph holds, and how good it is."""
        from kg.stats import stats

        return stats(self.store, self.generation)

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
    folder = store.located(path)
    graph = Graph(store.current(folder))
    if not graph.generation.folder.is_dir():  # builders published twice meanwhile, and removed it
        graph = Graph(store.current(folder))
    return graph


__all__ = ["Graph", "open_graph"]
