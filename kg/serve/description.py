"""What the endpoint says of itself (SPARQL 1.1 Service Description), and of its data set (VoID)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kg import functions
from kg.names import ONTOLOGY, STANDARD_PREFIXES, Names
from kg.serve.limits import Limits
from kg.serve.negotiation import GRAPHS, media
from kg.serve.replies import Reply
from kg.triples import iri_of

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from kg.graph import Graph

SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "N-Triples", "JSON-LD", "RDF_XML")
_SPACES = {"sd": SD, "formats": _FORMATS} | {prefix: STANDARD_PREFIXES[prefix] for prefix in ("rdfs", "dcterms", "void", "xsd")}


def service(graph: Graph, job: dict[str, Any], most: Limits) -> Reply:
    """Describe the endpoint."""
    endpoint = job["endpoint"]
    say = _Saying()
    say(endpoint, "rdf:type", SD + "Service")
    say(endpoint, SD + "endpoint", endpoint)
    say(endpoint, SD + "supportedLanguage", SD + "SPARQL11Query")
    for form in _RESULTS:
        say(endpoint, SD + "resultFormat", _FORMATS + form)
    if most.services:
        say(endpoint, SD + "feature", SD + "BasicFederatedQuery")
    for name in functions.NAMES:
        say(endpoint, SD + "extensionFunction", ONTOLOGY + name)
        say(ONTOLOGY + name, "rdf:type", SD + "Function")
    say(endpoint, SD + "defaultDataset", f"{endpoint}#dataset")
    say(f"{endpoint}#dataset", "rdf:type", SD + "Dataset")
    say(f"{endpoint}#dataset", "rdf:type", iri_of("void:Dataset"))
    say(f"{endpoint}#dataset", "dcterms:title", graph.title, literal=True)
    say(f"{endpoint}#dataset", SD + "defaultGraph", f"{endpoint}#default-graph")
    say(f"{endpoint}#default-graph", "rdf:type", SD + "Graph")
    say(f"{endpoint}#default-graph", "void:triples", _counts(graph).triples)
    return _reply(say.triples, job["form"])


def dataset(graph: Graph, job: dict[str, Any], _most: Limits) -> Reply:
    """Describe the data set: how much it holds, of which classes, said by which properties."""
    root, counted = job["root"], _counts(graph)
    whole = f"{root}/.well-known/void#dataset"
    say = _Saying()
    say(f"{root}/.well-known/void", "rdf:type", iri_of("void:DatasetDescription"))
    say(f"{root}/.well-known/void", "http://xmlns.com/foaf/0.1/primaryTopic", whole)
    say(whole, "rdf:type", iri_of("void:Dataset"))
    say(whole, "dcterms:title", graph.title, literal=True)
    say(whole, "void:sparqlEndpoint", f"{root}/sparql")
    say(whole, "void:uriSpace", graph.names.base, literal=True)
    say(whole, "void:vocabulary", ONTOLOGY)
    for form in ("Turtle", "JSON-LD", "N-Triples", "RDF_XML"):
        say(whole, "void:feature", _FORMATS + form)
    say(whole, "void:triples", counted.triples)
    say(whole, "void:entities", counted.entities)
    say(whole, "void:classes", len(counted.classes))
    say(whole, "void:properties", len(counted.properties))
    for sort, counts, what in (("class", counted.classes, "entities"), ("property", counted.properties, "triples")):
        for at, (iri, count) in enumerate(sorted(counts.items()), 1):
            part = f"{whole}-{sort}-{at}"
            say(whole, f"void:{sort}Partition", part)
            say(part, f"void:{sort}", iri)
            say(part, f"void:{what}", count)
    return _reply(say.triples, job["form"])


class _Counts:
    """How much a graph holds."""

    def __init__(self, graph: Graph) -> None:
        self.properties = dict(_counted(graph, "SELECT ?k (COUNT(*) AS ?n) { ?s ?k ?o } GROUP BY ?k"))
        self.classes = dict(_counted(graph, "SELECT ?k (COUNT(*) AS ?n) { ?s a ?k } GROUP BY ?k"))
        self.triples = sum(self.properties.values())
        self.entities = self.classes.get(f"{ONTOLOGY}Entity", 0)


@lru_cache(maxsize=1)
def _counts(graph: Graph) -> _Counts:
    return _Counts(graph)


def _counted(graph: Graph, query: str) -> Iterator[tuple[str, int]]:
    for key, count in graph.store.query(query):  # type: ignore[union-attr]
        if type(key).__name__ == "NamedNode":
            yield key.value, int(count.value)


def _whole(name: str) -> str:
    """Write out a prefixed name; an IRI stays as it is."""
    return name if name.startswith(("http://", "https://")) else iri_of(name)


class _Saying:
    """Triples as they are said."""

    def __init__(self) -> None:
        self.triples: list[Triple] = []

    def __call__(self, subject: str, predicate: str, thing: str | int, *, literal: bool = False) -> None:
        from pyoxigraph import Literal, NamedNode, Triple

        end = Literal(thing) if literal or isinstance(thing, int) else NamedNode(thing)
        self.triples.append(Triple(NamedNode(subject), NamedNode(_whole(predicate)), end))


def _reply(triples: list[Triple], form: str) -> Reply:
    return Reply(200, media(form, GRAPHS), serialized(triples, form, _SPACES))


def serialized(triples: list[Triple], form: str, spaces: dict[str, str]) -> bytes:
    """Write triples in a form of RDF."""
    from pyoxigraph import RdfFormat, serialize

    formats = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD, "xml": RdfFormat.RDF_XML}
    return serialize(triples, format=formats[form], prefixes=spaces) or b""


def spaces(names: Names) -> dict[str, str]:
    """Give the prefixes of a graph."""
    return {prefix: space for prefix, space in names.prefixes().items() if prefix != "kg"}


WORKS: dict[str, Callable[[Any, dict[str, Any], Limits], Reply]] = {"description": service, "void": dataset}

__all__ = ["WORKS", "serialized", "spaces"]
