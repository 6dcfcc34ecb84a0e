"""The graph as a file that other tools open, byte for byte the same for the same notes.

turtle, ntriples, jsonld, rdfxml             the default graph, which holds everything
trig, nquads                                 that, and the named graph of each note (what notes share)
graphml, gexf, csv, csv-nodes, csv-edges     notes and entities as a graph to draw
cypher                                       the same as a script for Neo4j
quickstatements                              entities as items of a Wikibase

    said                what is said, in rows of text; all formats of RDF start from it
    header, dated       what a file says of itself; when the notes were changed
    rdf, jsonld, rdfxml, literals
    tables, drawings, cypher, quickstatements
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from kg import declared, files, ontology, spellings
from kg.choices import choose
from kg.errors import ConfigError, KgError, OntologyError, Place, UsageError
from kg.names import Names
from kg.store import LOADED, Generation

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kg.export.said import Said
    from kg.export.tables import Tables

FORMATS = {
    "turtle": (".ttl", ("ttl", "longturtle")),
    "trig": (".trig", ()),
    "nquads": (".nq", ("nq", "n-quads")),
    "ntriples": (".nt", ("nt", "n-triples")),
    "jsonld": (".jsonld", ("json-ld", "json")),
    "rdfxml": (".rdf", ("xml", "rdf", "rdf/xml", "owl")),
    "graphml": (".graphml", ()),
    "gexf": (".gexf", ("gephi",)),
    "csv": (".csv", ()),
    "csv-nodes": ("", ("nodes",)),
    "csv-edges": ("", ("edges",)),
    "cypher": (".cypher", ("cql", "neo4j")),
    "quickstatements": (".qs", ("wikibase",)),
}
"""Every format: the ending of its files, and other names it answers to."""
WHAT = ("all", "facts", "notes")
"""What is wanted: entities and claims with their evidence are facts; everything else is notes."""
_TRIPLE_TERMS = ("turtle", "trig", "ntriples", "nquads")
_TRIPLES = (*_TRIPLE_TERMS, "jsonld", "rdfxml")
_SUGGESTING = ("trig", "nquads", "graphml", "gexf", "csv", "csv-nodes", "csv-edges", "cypher")


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What an export is to hold; the default is the whole graph as it is, with a header.

    ``rdf12`` writes claims as RDF 1.2 does, ``ontology`` adds the ontology and the vault's own,
    ``suggested`` what rules only suggest.
    """

    what: str = "all"
    claims: bool = True
    header: bool = True
    rdf12: bool = False
    ontology: bool = False
    suggested: bool = False


def format_of(name: str) -> str:
    """Find a format by one of its names, in any case.

    Raises:
        UsageError: there is none; with a guess.

    >>> format_of("ttl"), format_of("N-Quads")
    ('turtle', 'nquads')
    """
    return choose(name, {name: others for name, (_, others) in FORMATS.items()})


def unlicensed(generation: Generation, form: str, wanted: ExportOptions) -> bool:
    """Say whether a file will have a header that names no licence, which people who get it then have to ask for."""
    if not wanted.header or form not in _TRIPLES or generation.manifest.detail == LOADED:
        return False
    return not _setting(generation, "licence")


def format_for(path: str) -> str:
    """Find the format that a file's ending stands for, compressed or not; Turtle where there is no ending.

    Raises:
        UsageError: no format has this ending.

    >>> format_for("graph.nt.gz")
    'ntriples'
    """
    name = Path(path.removesuffix(".gz"))
    ending = name.suffix.lower()
    if not ending:
        return "turtle"
    for form, (own, others) in FORMATS.items():
        if ending == own or ending[1:] in others:
            return form
    endings = ", ".join(own for own, _ in FORMATS.values() if own)
    raise UsageError(f"{path}: no format has the ending {ending}", hint=f"known: {endings}; or say which with --format")


def write(generation: Generation, store: Store, form: str, wanted: ExportOptions | None = None) -> Iterator[str]:
    """Write the graph in a format, in pieces of text.

    Raises:
        UsageError: the format cannot hold what is wanted.
        KgError: it cannot hold a character of the notes.
    """
    wanted = wanted or ExportOptions()
    if form == "csv":
        raise _two_tables()
    _fitting(form, wanted)
    if form in _TRIPLES:
        return _triples(generation, store, form, wanted)
    if form == "quickstatements":
        return _items(generation, store)
    return _drawn(_tables(generation, store, wanted), form)


def save(path: Path, generation: Generation, store: Store, form: str, wanted: ExportOptions | None = None) -> list[Path]:
    """Write a file in one step, compressed if its name ends in .gz; csv is two files. Gives what was written.

    Raises:
        KgError: as of :func:`write`; or a file cannot be written. What was there before still is.
    """
    wanted = wanted or ExportOptions()
    if not path.parent.exists():
        raise UsageError(f"{path.parent}: no such folder", hint="make it first, or check the path")
    if form != "csv":
        texts = {path: write(generation, store, form, wanted)}
    else:
        if path.exists() and not path.is_file():  # a pipe or a device
            raise _two_tables()
        _fitting(form, wanted)
        told = _tables(generation, store, wanted)
        ending = ".csv.gz" if path.name.lower().endswith(".csv.gz") else path.suffix
        stem = path.name.removesuffix(ending)
        texts = {path.with_name(f"{stem}-{part}{ending}"): _drawn(told, f"csv-{part}") for part in ("nodes", "edges")}
    files.save_all({each: _packed(pieces) if each.suffix == ".gz" else pieces for each, pieces in texts.items()})
    return list(texts)


def _two_tables() -> UsageError:
    return UsageError(
        "csv is two tables, which take two files", hint="-o graph.csv writes graph-nodes.csv and graph-edges.csv; or use csv-nodes, csv-edges"
    )


def _packed(pieces: Iterable[str]) -> Iterator[bytes]:
    """Compress; without the time and the name of the file, which gzip would put in."""
    data = BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=data, mtime=0) as packed:
        for piece in pieces:
            packed.write(piece.encode("utf-8"))
    yield data.getvalue()


def _fitting(form: str, wanted: ExportOptions) -> None:
    if wanted.what not in WHAT:
        raise UsageError(f"unknown part {wanted.what!r}", hint=f"known: {', '.join(WHAT)}")
    refused = (
        (wanted.rdf12, _TRIPLE_TERMS, "has no triple terms of RDF 1.2"),
        (wanted.ontology, _TRIPLES, "cannot hold the ontology"),
        (wanted.suggested, _SUGGESTING, "cannot keep what is suggested apart from what is said"),
        (wanted.what == "notes", [each for each in FORMATS if each != "quickstatements"], "holds entities, not notes"),
    )
    for asked, able, problem in refused:
        if asked and form not in able:
            raise UsageError(f"{form} {problem}", hint=f"use one of {', '.join(able)}")


def _triples(generation: Generation, store: Store, form: str, wanted: ExportOptions) -> Iterator[str]:
    from kg.export import rdf
    from kg.export import said as saying

    names = Names(generation.manifest.base)
    spelt = spellings.read(generation.index)
    said = saying.as_written(saying.of_store(store), spelt)
    wants = saying.chosen(said, wanted.what, claims=wanted.claims)
    everything = wanted.what == "all" and wanted.claims

    def part(whole: Said, keep: Callable[[str], bool]) -> Said:
        found = whole if everything else saying.kept(whole, keep)
        return saying.reified(found) if wanted.rdf12 else found

    body = part(said, wants)
    if wanted.ontology:
        body = saying.together(body, *_ontologies(generation))
    # What was loaded and had no header of kg's is written as it was read.
    known = generation.manifest.detail != LOADED or generation.manifest.header
    parts = [*([_header(generation, store, body)] if wanted.header and known else []), body]
    if form == "turtle":
        return rdf.as_turtle(parts, names)
    if form == "ntriples":
        return rdf.as_ntriples(parts)
    if form == "jsonld":
        from kg.export.jsonld import as_jsonld

        return as_jsonld(parts, names)
    if form == "rdfxml":
        from kg.export.rdfxml import as_xml

        return as_xml(parts, names)
    graphs: dict[str, Said] = {}
    for graph, whole in saying.of_graphs(store).items():
        whole = saying.as_written(whole, spelt, graph)
        suggestions = graph == f"<{names.suggested}>"
        keep = saying.chosen(whole, wanted.what, claims=wanted.claims) if suggestions else wants
        if (wanted.suggested or not suggestions) and (found := part(whole, keep)):
            graphs[graph] = found
    return rdf.as_trig(parts, graphs, names) if form == "trig" else rdf.as_nquads(parts, graphs)


def _header(generation: Generation, store: Store, body: Said) -> Said:
    from kg.export.dated import modified
    from kg.export.header import described
    from kg.triples import iri_of, pairs

    names, title = Names(generation.manifest.base), generation.manifest.title
    if generation.manifest.detail == LOADED:
        return described(body, names, title=title, kept=generation.manifest.header)
    paths, sums = dict(pairs(store, iri_of(":path"))), dict(pairs(store, iri_of("schema:sha256")))
    notes = {path: sums.get(note, "") for note, path in paths.items()}
    date = modified(Path(generation.manifest.source), notes)
    return described(body, names, title=title, licence=_setting(generation, "licence"), modified=date)


def _ontologies(generation: Generation) -> list[Said]:
    from kg import kinds, settled
    from kg.export.said import of_file

    source = Path(generation.manifest.source)
    own = kinds.files(settled.home(settled.settings(source, generation.folder.parent), source))
    properties = generation.folder / declared.FILE
    if properties.is_file():
        own = [*own, properties]
    found = []
    for number, path in enumerate([ontology.path("kg.ttl"), *own]):
        try:
            found.append(of_file(path, f"o{number}n"))
        except SyntaxError as error:
            raise OntologyError(f"not valid Turtle: {error.msg}", at=Place(str(path), error.lineno or 0)) from None
        except OSError as error:
            raise OntologyError(f"cannot be read: {error.strerror}", at=Place(str(path))) from None
    return found


def _setting(generation: Generation, name: str) -> str:
    """Give a setting that exports alone depend on, as kg.toml has it now."""
    from kg import settled

    try:
        return str(getattr(settled.settings(Path(generation.manifest.source), generation.folder.parent), name))
    except ConfigError as error:
        raise KgError(str(error)) from None


def _items(generation: Generation, store: Store) -> Iterator[str]:
    from kg.export.quickstatements import as_quickstatements
    from kg.export.said import of_store

    language = _setting(generation, "language").split(",")[0].strip()
    return as_quickstatements(of_store(store), language, generation.manifest.title)


def _tables(generation: Generation, store: Store, wanted: ExportOptions) -> Tables:
    from kg.export.tables import tables

    suggested = Names(generation.manifest.base).suggested if wanted.suggested else ""
    return tables(store, generation.manifest.title, what=wanted.what, suggested=suggested)


def _drawn(told: Tables, form: str) -> Iterator[str]:
    from kg.export import drawings, tables
    from kg.export.cypher import as_cypher

    if form == "csv-nodes":
        return tables.as_csv(told.nodes, tables.columns(tables.Node, told))
    if form == "csv-edges":
        return tables.as_csv(told.edges, tables.columns(tables.Edge, told))
    return {"graphml": drawings.as_graphml, "gexf": drawings.as_gexf, "cypher": as_cypher}[form](told)
