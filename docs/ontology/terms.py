"""The ontology as plain values, for the page, the table and the diagram that are made of it.

kg.ttl says what a term means, shapes.ttl how many values it has, examples.md what to ask with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, Node, URIRef

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ONTOLOGY = ROOT / "ontology" / "kg.ttl"
SHAPES = ROOT / "ontology" / "shapes.ttl"
EXAMPLES = HERE / "examples.md"

KG = Namespace("https://w3id.org/kgnotes/ontology#")
SCHEMA = Namespace("http://schema.org/")
SH = Namespace("http://www.w3.org/ns/shacl#")
KINDS = {"class": OWL.Class, "object": OWL.ObjectProperty, "data": OWL.DatatypeProperty, "note": OWL.AnnotationProperty}
_DECLARED = re.compile(r"^kg:(\w+) a ", re.MULTILINE)
_EXAMPLE = re.compile(r"^## (On [^\n]+)\n|^### (\w+)\n\n([^\n]+)\n\n```sparql\n(.*?)\n```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A question, the query that answers it, and the notes on which it has an answer."""

    question: str
    query: str
    where: str


@dataclass(frozen=True)
class Term:
    """A class or property. Other terms are given as ``kg:Note`` or ``skos:Concept``, own ones first."""

    name: str
    iri: str
    kind: str
    labels: dict[str, str]
    definition: str
    examples: tuple[str, ...]
    parents: tuple[str, ...]
    children: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]
    see: tuple[str, ...]
    remarks: tuple[str, ...]
    functional: bool
    disjoint: tuple[str, ...]


@dataclass(frozen=True)
class Ontology:
    """Everything that the documentation shows."""

    graph: Graph
    header: URIRef
    terms: tuple[Term, ...]
    used: tuple[Term, ...]
    """Terms of others that the data uses."""
    counts: dict[tuple[str, str], str]
    """How many values a thing of a class has of a property: ``1``, ``1 or more``, ``0 or 1``; own names without their prefix."""
    queries: dict[str, Example]

    def said(self, predicate: URIRef, language: str = "en") -> str:
        """Give what the header says by a predicate, in a language where it has several."""
        values = [each for each in self.graph.objects(self.header, predicate) if not isinstance(each, Literal) or each.language in (None, language)]
        return str(min(values, default="", key=str))


def read() -> Ontology:
    """Read the three files."""
    text = ONTOLOGY.read_text(encoding="utf-8")
    graph = Graph(bind_namespaces="none").parse(data=text, format="turtle")  # rdflib's own schema: is the one with https
    (header,) = graph.subjects(RDF.type, OWL.Ontology)
    assert isinstance(header, URIRef)
    own = tuple(_term(graph, KG[name]) for name in _DECLARED.findall(text))
    others = sorted(each for each in graph.subjects(SKOS.scopeNote) if isinstance(each, URIRef) and each not in KG and each != header)
    return Ontology(graph, header, own, tuple(_term(graph, each) for each in others), _counts(), examples())


def examples() -> dict[str, Example]:
    """Read the queries, by the local name of their term, in the order of the file."""
    found: dict[str, Example] = {}
    where = ""
    for part, name, question, query in _EXAMPLE.findall(EXAMPLES.read_text(encoding="utf-8")):
        where = part.lower() or where
        if name:
            found[name] = Example(question, query, where)
    return found


def short(graph: Graph, iri: Node) -> str:
    """Write an IRI with the prefix that kg.ttl gives it."""
    prefix, _, name = graph.namespace_manager.compute_qname(str(iri), generate=False)
    return f"{prefix}:{name}"


def _term(graph: Graph, iri: URIRef) -> Term:
    def shorts(found: Iterable[Node]) -> tuple[str, ...]:
        names = {short(graph, each) for each in found if isinstance(each, URIRef)}
        return tuple(sorted(names, key=lambda name: (not name.startswith("kg:"), name)))

    def texts(*predicates: URIRef) -> tuple[str, ...]:
        return tuple(str(each) for predicate in predicates for each in sorted(graph.objects(iri, predicate), key=str))

    kind = next(kind for kind, sort in KINDS.items() if (iri, RDF.type, sort) in graph)
    below = RDFS.subClassOf if kind == "class" else RDFS.subPropertyOf
    includes, ranges = list(graph.objects(iri, SCHEMA.domainIncludes)), [RDFS.range, SCHEMA.rangeIncludes]
    return Term(
        name=short(graph, iri).partition(":")[2] if iri in KG else short(graph, iri),
        iri=str(iri),
        kind=kind,
        labels={str(each.language): str(each) for each in sorted(graph.objects(iri, RDFS.label), key=str) if isinstance(each, Literal)},
        definition=" ".join(texts(SKOS.definition)),
        examples=texts(SKOS.example),
        parents=shorts(graph.objects(iri, below)),
        children=shorts(graph.subjects(below, iri)),
        domain=shorts(includes or graph.objects(iri, RDFS.domain)),
        range=shorts(each for predicate in ranges for each in graph.objects(iri, predicate)),
        see=shorts(graph.objects(iri, RDFS.seeAlso)),
        remarks=texts(SKOS.scopeNote, SKOS.editorialNote),
        functional=(iri, RDF.type, OWL.FunctionalProperty) in graph,
        disjoint=shorts(_disjoint(graph, iri)),
    )


def _disjoint(graph: Graph, iri: URIRef) -> set[Node]:
    groups = [set(graph.items(members)) for members in graph.objects(None, OWL.members)]
    return {other for group in groups if iri in group for other in group} - {iri}


def _counts() -> dict[tuple[str, str], str]:
    shapes = Graph(bind_namespaces="none").parse(SHAPES)
    found = {}
    for shape, target in shapes.subject_objects(SH.targetClass):
        for rule in shapes.objects(shape, SH.property):
            path = shapes.value(rule, SH.path)
            least, most = shapes.value(rule, SH.minCount), shapes.value(rule, SH.maxCount)
            severe = shapes.value(rule, SH.severity) is None
            if isinstance(path, URIRef) and severe and (least is not None or most is not None):
                key = str(target).removeprefix(KG), str(path).removeprefix(KG) if path in KG else short(shapes, path)
                found[key] = _words(int(str(least or 0)), None if most is None else int(str(most)))
    return found


def _words(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more"
    return ("none" if most == 0 else str(most)) if least == most else f"{least} or {most}" if most == least + 1 else f"{least} to {most}"
