"""A graph made from RDF files: one that was exported, any other, several together.

The same discipline as a build: the next generation is made beside the live one and published in one step, so a
broken file leaves the graph as it was. Blank nodes are numbered in the order in which the files name them: no two
files share one, and the same files give the same graph. The header of an export of kg's is set aside, since the next
export writes one anew; headers of others are data like the rest. There are no notes, so the index is empty.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg import declared, headers, index, names, rdf, sources, spellings, store
from kg.errors import BusyError, StoreError, UsageError
from kg.names import STANDARD_PREFIXES, Names, legal_base
from kg.sources import Source

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

    Term = NamedNode | BlankNode | Literal | Triple

GRAPHLESS = ("turtle", "ntriples", "rdfxml")

Progress = Callable[[str, int, int], None]
"""Told the file, how many bytes are read, and how many there are; 0 if that is not known."""


@dataclass(frozen=True)
class Report:
    """What was loaded: files, quads in them, what is new and what is in the graph now, whether any of it is outside of named graphs, those, blank nodes."""

    folder: Path
    files: int
    read: int
    added: int
    triples: int
    unnamed: bool
    graphs: tuple[str, ...]
    blank: int
    base: str
    title: str


def load(
    files: Sequence[str],
    folder: Path,
    *,
    form: str = "",
    graph: str = "",
    base: str = "",
    title: str = "",
    add: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Make the graph in ``folder`` anew from RDF files, or ``add`` them to what was loaded there before.

    Args:
        files: files, folders of files, or ``-`` for standard input; by their endings ``.gz`` and the format.
        folder: the graph's folder.
        form: the format of all files, whatever their endings.
        graph: the IRI of the named graph for triples of formats that have no graphs.
        base: the IRI that relative IRIs are relative to.
        title: the graph's title.
        add: keep what is in the graph.
        progress: told how far it is.

    Raises:
        UsageError: a file is not there, its format is not known, or an IRI is none.
        KgError: a file cannot be read, is not of its format, or is refused.
        StoreError: the graph cannot be written, or was built from notes.
        BusyError: somebody else writes this graph.
    """
    found = sources.sources(files, form)
    for what, iri in (("--named-graph", graph), ("--base", base)):
        an_iri(what, iri)
    _own(folder)
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        with store.locked(folder):
            store.sweep(folder)
            before = store.live(folder)
            try:
                return _Load(folder, found, graph, base, title, add, progress).run()
            except OSError as error:
                reason = error.strerror or str(error).split(": /")[0]
            except RuntimeError as error:
                reason = str(error).split("\n", 1)[0]
            finally:
                store.sweep(folder)
    except BusyError:
        made = []  # somebody else is at work there
        raise
    finally:
        _unmade(folder, made)
    raise store.unwritten(folder, reason, before)


def _unmade(folder: Path, made: Sequence[Path]) -> None:
    """Take away folders that were made for a graph that there is not; never what somebody else put there."""
    if made and not store.live(folder):
        with suppress(OSError):
            for name in (".gitignore", "lock"):
                (folder / name).unlink(missing_ok=True)
            for each in made:
                each.rmdir()


def an_iri(what: str, iri: str) -> None:
    """Refuse what an option gives as an IRI and is none.

    Raises:
        UsageError: it is none.
    """
    from pyoxigraph import NamedNode

    if iri:
        try:
            NamedNode(iri)
        except ValueError as error:
            raise UsageError(f"{what}: {iri!r} is no IRI: {error}", hint="such as https://example.org/mine") from None


def _own(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: is no folder", hint="name one with -o")
    if folder.is_dir() and not store.ours(folder):
        raise StoreError(f"{folder}: holds other files, and no graph", hint="name an empty folder, or a new one, with -o")
    live = store.live(folder)
    if (folder / "cache.sqlite").exists() or (live and live.manifest.detail != store.LOADED):
        source = f" from {live.manifest.source}" if live else " from notes"
        raise StoreError(f"{folder}: this graph was built{source}", hint="load into another folder with -o")


class _Load:
    """One load, from the files to the published generation."""

    def __init__(self, folder: Path, sources: Sequence[Source], graph: str, base: str, title: str, add: bool, progress: Progress | None) -> None:
        self.folder, self.sources, self.base, self.title, self.progress = folder, sources, base, title, progress
        self.live = store.live(folder) if add else None
        self.graph = graph
        self.spelt = spellings.read(self.live.index) if self.live else {}
        self.verbs: set[str] = set()
        self.rows = [(key, written) for key, many in self.spelt.items() for written in many]
        self.blank = self.live.manifest.counts.get("blank", 0) if self.live else 0
        self.known: dict[str, BlankNode] = {}
        self.read = self.bytes = 0
        self.file = ""
        self.total = sum(each.size for each in sources) if all(each.path for each in sources) else 0

    def run(self) -> Report:
        from pyoxigraph import DefaultGraph, Store

        generation = store.following(self.folder)
        if self.live:
            self.live.open().backup(str(generation / "graph"))
        graph = Store(str(generation / "graph"))
        before = len(graph)
        with tempfile.TemporaryFile("w+b") as odd:
            graph.bulk_extend(self.quads(odd))
            self.respell(graph, odd)
        base, title = _described(graph, self.live, self.base)
        header = (self.live.manifest.header if self.live else []) + headers.set_aside(graph)
        index.write(generation / "index", ())
        spellings.save(generation / "index", self.rows)
        declared.save(generation, declared.of_store(graph, self.verbs | self.before(), base), base)
        graph.flush()
        after = len(graph)
        title = self.title or title or Path(self.sources[0].name).name.partition(".")[0]
        named = tuple(sorted(each.value for each in graph.named_graphs()))
        unnamed = next(graph.quads_for_pattern(None, None, None, DefaultGraph()), None) is not None
        del graph
        sources = [each.name for each in self.sources]
        source = ", ".join(dict.fromkeys([*(self.live.manifest.source.split(", ") if self.live else ()), *sources]))
        counts = {"notes": 0, "triples": after, "graphs": len(named), "blank": self.blank}
        store.publish(self.folder, generation, store.Manifest(base, title, source, store.LOADED, "", counts, header=list(dict.fromkeys(header))))
        return Report(
            self.folder,
            files=len(sources),
            read=self.read,
            added=after - before,
            triples=after,
            unnamed=unnamed,
            graphs=named,
            blank=self.blank,
            base=base,
            title=title,
        )

    def before(self) -> set[str]:
        """Name the vault's own properties that what was loaded before has."""
        path = self.live.folder / declared.FILE if self.live else None
        found = sources.sources([str(path)], "") if path and path.is_file() else ()
        return {str(getattr(quad.subject, "value", "")) for each in found for quad in rdf.quads(each, names.DEFAULT_BASE)}

    def quads(self, odd: IO[bytes]) -> Iterator[Quad]:
        """Give the quads of all files; those with a literal that the engine spells otherwise go to a file of their own first."""
        from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

        nowhere = DefaultGraph()
        plain = NamedNode(f"{STANDARD_PREFIXES['xsd']}string")
        for source in self.sources:
            self.known, self.file = {}, source.name
            wanted = NamedNode(self.graph) if self.graph and source.form in GRAPHLESS else None
            for quad in rdf.quads(source, self.base or names.DEFAULT_BASE, self.tell):
                self.read += 1
                subject, predicate, thing, graph = quad
                self.verbs.add(predicate.value)
                sort = type(thing)
                if wanted or BlankNode in (type(subject), sort, type(graph)) or sort is Triple:
                    graph = wanted if wanted and graph == nowhere else self.numbered(graph)
                    subject, thing = self.numbered(subject), self.numbered(thing)
                    quad = Quad(subject, predicate, thing, graph)
                if (sort is Literal and thing.datatype != plain and not thing.language) or sort is Triple:
                    spelt = spellings.engine(thing)
                    if spelt != thing:
                        odd.write(f"{quad} .\n".encode())
                        continue
                    if self.spelt:
                        key = _key(quad, spelt)
                        if key in self.spelt:
                            self.rows.append((key, key[3]))
                yield quad

    def numbered(self, term: Any) -> Any:
        """Give a term with its blank nodes numbered in the order in which they come."""
        from pyoxigraph import BlankNode, Triple

        if isinstance(term, BlankNode):
            found = self.known.get(term.value)
            if found is None:
                self.blank += 1
                found = self.known[term.value] = BlankNode(f"b{self.blank}")
            return found
        if isinstance(term, Triple):
            return Triple(self.numbered(term.subject), term.predicate, self.numbered(term.object))
        return term

    def respell(self, graph: Store, odd: IO[bytes]) -> None:
        """Add what the engine spells otherwise, and keep how it was written; what was written both ways has both."""
        from pyoxigraph import Quad, RdfFormat, parse

        odd.seek(0)
        for quad in parse(odd, format=RdfFormat.N_QUADS):
            spelt = spellings.engine(quad.object)
            key = _key(quad, spelt)
            if key not in self.spelt and Quad(quad.subject, quad.predicate, spelt, quad.graph_name) in graph:
                self.rows.append((key, key[3]))
            self.rows.append((key, spellings.written(quad.object)))
        odd.seek(0)
        graph.bulk_extend(parse(odd, format=RdfFormat.N_QUADS))

    def tell(self, size: int) -> None:
        self.bytes += size
        if self.progress:
            self.progress(self.file, self.bytes, self.total)


def _key(quad: Quad, spelt: Term) -> spellings.Key:
    return spellings.written(quad.graph_name), str(quad.subject), str(quad.predicate), spellings.written(spelt)


# -- what the files say of themselves ------------------------------------------------------------

_DATASETS = ("http://www.w3.org/ns/dcat#Dataset", "http://rdfs.org/ns/void#Dataset")
_SPACE = "http://rdfs.org/ns/void#uriSpace"


def _described(graph: Store, live: store.Generation | None, base: str) -> tuple[str, str]:
    """Find the base and the title: in the header of an export, by the path of a note, else as given."""
    from pyoxigraph import DefaultGraph, Literal, NamedNode

    def values(subject: NamedNode | BlankNode | Triple | None, predicate: str) -> list[Any]:
        return [each.object for each in graph.quads_for_pattern(subject, NamedNode(predicate), None, DefaultGraph())]

    kind = NamedNode(f"{STANDARD_PREFIXES['rdf']}type")
    datasets = {each.subject for sort in _DATASETS for each in graph.quads_for_pattern(None, kind, NamedNode(sort), DefaultGraph())}
    titles, bases = [], []
    for dataset in sorted(datasets, key=str):
        titles += sorted(each.value for each in values(dataset, f"{STANDARD_PREFIXES['dcterms']}title") if isinstance(each, Literal))
        bases += [*sorted(each.value for each in values(dataset, _SPACE)), getattr(dataset, "value", "")]
    for each in graph.quads_for_pattern(None, NamedNode(f"{names.ONTOLOGY}path"), None, DefaultGraph()):
        end = Names("").note(getattr(each.object, "value", ""))
        iri = getattr(each.subject, "value", "")
        if iri.endswith(end):
            bases.insert(0, iri.removesuffix(end))
            break
    known = [each for each in (*bases, live.manifest.base if live else "", base) if legal_base(each)]
    return known[0] if known else names.DEFAULT_BASE, titles[0] if titles else live.manifest.title if live else ""


__all__ = ["Progress", "Report", "an_iri", "load"]
