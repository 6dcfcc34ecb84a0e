"""The ontology is OWL 2 DL and OWL 2 RL: every reasoner takes it, and rules can do all that follows from it.

HermiT checks what follows, not what may be written; so the rules of the two profiles are checked here, each with an example of what it
must catch. Sources: OWL 2 Structural Specification, sections 3, 5.8 and 11; OWL 2 Profiles, section 4; OWL 2 Mapping to RDF Graphs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import DefaultGraph
from rdflib import OWL, RDF, RDFS, XSD, BNode, Literal, Node, URIRef

import kg
from kg import ontology

HEAD = """
@prefix kg: <https://w3id.org/kgnotes/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix x: <https://example.org/> .
"""
RESERVED = (str(RDF), str(RDFS), str(OWL), str(XSD))
OWN = Path(__file__).resolve().parent.parent / "docs" / "ontology" / "vault" / "ontology" / "own.ttl"
BUILT_IN_ANNOTATIONS = {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo, OWL.deprecated}
ABOUT_ONTOLOGIES = {OWL.versionIRI, OWL.imports, OWL.priorVersion, OWL.backwardCompatibleWith, OWL.incompatibleWith}
DATATYPES_RL = {
    XSD.string, XSD.boolean, XSD.integer, XSD.decimal, XSD.date, XSD.dateTime, XSD.anyURI, XSD.double, XSD.float, XSD.language, XSD.token, RDFS.Literal, RDF.PlainLiteral, RDF.XMLLiteral,
    XSD.nonNegativeInteger, XSD.positiveInteger, XSD.int, XSD.long, XSD.short, XSD.byte, XSD.hexBinary, XSD.base64Binary, XSD.normalizedString,
}  # fmt: skip
"""OWL 2 Profiles, section 4.2.1, as far as anybody would want them; owl:real and owl:rational are not among them."""
SORTS = {
    OWL.Class: "class",
    OWL.ObjectProperty: "object property",
    OWL.DatatypeProperty: "data property",
    OWL.AnnotationProperty: "annotation property",
}
_OBJECT_ONLY = {OWL.TransitiveProperty, OWL.SymmetricProperty, OWL.AsymmetricProperty, OWL.IrreflexiveProperty, OWL.InverseFunctionalProperty}
_KNOWN_TYPES = {
    *SORTS,
    *_OBJECT_ONLY,
    OWL.FunctionalProperty,
    OWL.Ontology,
    OWL.AllDisjointClasses,
    OWL.Restriction,
    OWL.NamedIndividual,
    OWL.AllDifferent,
}


def sorts(graph: rdflib.Graph) -> dict[Node, set[str]]:
    found: dict[Node, set[str]] = {}
    for kind, word in SORTS.items():
        for each in graph.subjects(RDF.type, kind):
            if isinstance(each, URIRef):
                found.setdefault(each, set()).add(word)
    return found


# -- OWL 2 DL ----------------------------------------------------------------------------------------


def dl(graph: rdflib.Graph) -> list[str]:
    """List what is no OWL 2 DL."""
    return sorted({*_header(graph), *_declarations(graph), *_triples(graph)})


def _header(graph: rdflib.Graph) -> Iterator[str]:
    if len(set(graph.subjects(RDF.type, OWL.Ontology))) != 1:
        yield "there is not exactly one ontology"


def _declarations(graph: rdflib.Graph) -> Iterator[str]:
    for each, words in sorts(graph).items():
        if len(words & {"object property", "data property", "annotation property"}) > 1:
            yield f"{each} is declared as {' and '.join(sorted(words))}"
        if str(each).startswith(RESERVED):
            yield f"{each} is of a reserved vocabulary"


def _triples(graph: rdflib.Graph) -> Iterator[str]:
    kinds = sorts(graph)
    lists = {*graph.subjects(RDF.first), *graph.subjects(RDF.rest)}
    for subject, predicate, thing in graph:
        if predicate == RDF.type:
            yield from _typed(subject, thing, kinds)
        elif predicate == RDFS.subPropertyOf:
            if kinds.get(subject, set()) != kinds.get(thing, set()) or not kinds.get(thing):
                yield f"{subject} and {thing} are not properties of one sort"
        elif predicate in (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith, RDFS.domain):
            for each in (thing,) if predicate == RDFS.domain else (subject, thing):
                if isinstance(each, URIRef) and each not in (OWL.Thing, OWL.Nothing) and "class" not in kinds.get(each, ()):
                    yield f"{each} is no declared class"
        elif predicate == RDFS.range:
            data = "data property" in kinds.get(subject, ())
            if isinstance(thing, URIRef) and data == ("class" in kinds.get(thing, ())):
                yield f"{subject} has a range of the other sort: {thing}"
            if data and str(thing) not in map(str, DATATYPES_RL):
                yield f"{thing} is no datatype of both profiles"
        elif predicate in ABOUT_ONTOLOGIES:
            if (subject, RDF.type, OWL.Ontology) not in graph:
                yield f"{predicate} is for ontologies"
        elif predicate not in BUILT_IN_ANNOTATIONS and subject not in lists and not str(predicate).startswith(str(OWL)):
            yield from _stated(subject, predicate, thing, kinds)


def _typed(subject: Node, thing: Node, kinds: dict[Node, set[str]]) -> Iterator[str]:
    if str(thing).startswith(RESERVED) and thing not in (*_KNOWN_TYPES, OWL.Thing):
        yield f"{subject} has a type of a reserved vocabulary that OWL does not allow here: {thing}"
    if thing not in _KNOWN_TYPES and isinstance(thing, URIRef) and thing != OWL.Thing and "class" not in kinds.get(thing, ()):
        yield f"{thing} is no declared class"
    if thing in _OBJECT_ONLY and "object property" not in kinds.get(subject, ()):
        yield f"{subject} is no object property"
    if thing == OWL.FunctionalProperty and not {"object property", "data property"} & kinds.get(subject, set()):
        yield f"{subject} is functional and no property"


def _stated(subject: Node, predicate: Node, thing: Node, kinds: dict[Node, set[str]]) -> Iterator[str]:
    words = kinds.get(predicate, set())
    if str(predicate).startswith(RESERVED):
        yield f"{predicate} is of a reserved vocabulary and no property of DL"
    elif not words:
        yield f"{predicate} is no declared property"
    elif "object property" in words and isinstance(thing, Literal):
        yield f"{predicate} leads to the text {thing!r}"
    elif "data property" in words and not isinstance(thing, Literal):
        yield f"{predicate} leads to the thing {thing}"
    if isinstance(subject, BNode) or isinstance(thing, BNode):
        yield f"{predicate} is said of or leads to a blank node"


# -- OWL 2 RL ----------------------------------------------------------------------------------------


def rl(graph: rdflib.Graph) -> list[str]:
    """List what is no OWL 2 RL."""
    return sorted({*_axioms(graph), *_expressions(graph), *_forbidden(graph)})


def _axioms(graph: rdflib.Graph) -> Iterator[str]:
    for kind, why in ((OWL.ReflexiveProperty, "a reflexive property"), (RDFS.Datatype, "a datatype of one's own")):
        if next(graph.subjects(RDF.type, kind), None) is not None:
            yield f"{why} is no OWL 2 RL"


def _forbidden(graph: rdflib.Graph) -> Iterator[str]:
    words = (OWL.disjointUnionOf, OWL.hasSelf, OWL.onDatatype, OWL.withRestrictions, OWL.minCardinality, OWL.cardinality, OWL.qualifiedCardinality)
    for predicate in (*words, OWL.minQualifiedCardinality, OWL.datatypeComplementOf, OWL.topDataProperty, OWL.topObjectProperty):
        if next(graph.triples((None, predicate, None)), None) is not None:
            yield f"{str(predicate).removeprefix(str(OWL))} is no OWL 2 RL"


def _expressions(graph: rdflib.Graph) -> Iterator[str]:
    for below, above in graph.subject_objects(RDFS.subClassOf):
        yield from (*_sub(graph, below), *_super(graph, above))
    for predicate in (RDFS.domain, RDFS.range):
        yield from (wrong for each in graph.objects(None, predicate) for wrong in _super(graph, each))
    for one, other in graph.subject_objects(OWL.equivalentClass):
        yield from (wrong for each in (one, other) for wrong in _both(graph, each))
    for one, other in graph.subject_objects(OWL.disjointWith):
        yield from (*_sub(graph, one), *_sub(graph, other))
    for group in graph.subjects(RDF.type, OWL.AllDisjointClasses):
        members = list(graph.items(graph.value(group, OWL.members) or RDF.nil))
        if len(members) < 2:
            yield "fewer than two classes are disjoint"
        yield from (wrong for each in members for wrong in _sub(graph, each))


def _sub(graph: rdflib.Graph, each: Node) -> Iterator[str]:
    """What may stand below: a class, and, or, one of, some, has this value."""
    if isinstance(each, URIRef):
        if each == OWL.Thing:
            yield "owl:Thing may not stand below in OWL 2 RL"
        return
    for predicate in (OWL.intersectionOf, OWL.unionOf):
        if (members := graph.value(each, predicate)) is not None:
            yield from (wrong for member in graph.items(members) for wrong in _sub(graph, member))
            return
    some = graph.value(each, OWL.someValuesFrom)
    if some is not None and some != OWL.Thing and (some, RDF.type, RDFS.Datatype) not in graph:
        yield from _sub(graph, some)
    elif some is None and graph.value(each, OWL.oneOf) is None and graph.value(each, OWL.hasValue) is None:
        yield f"{_words(graph, each)} may not stand below in OWL 2 RL"


def _super(graph: rdflib.Graph, each: Node) -> Iterator[str]:
    """What may stand above: a class, and, not, all, has this value, at most none or one."""
    if isinstance(each, URIRef):
        if each == OWL.Thing:
            yield "owl:Thing may not stand above in OWL 2 RL"
        return
    if (members := graph.value(each, OWL.intersectionOf)) is not None:
        yield from (wrong for member in graph.items(members) for wrong in _super(graph, member))
    elif (other := graph.value(each, OWL.complementOf)) is not None:
        yield from _sub(graph, other)
    elif (other := graph.value(each, OWL.allValuesFrom)) is not None:
        yield from _super(graph, other)
    elif (most := graph.value(each, OWL.maxCardinality) or graph.value(each, OWL.maxQualifiedCardinality)) is not None:
        if str(most) not in ("0", "1"):
            yield f"at most {most} is no OWL 2 RL: none and one are"
    elif graph.value(each, OWL.hasValue) is None:
        yield f"{_words(graph, each)} may not stand above in OWL 2 RL"


def _both(graph: rdflib.Graph, each: Node) -> Iterator[str]:
    """What may be equivalent: a class, and, has this value."""
    if isinstance(each, URIRef):
        if each == OWL.Thing:
            yield "owl:Thing is equivalent to nothing in OWL 2 RL"
    elif (members := graph.value(each, OWL.intersectionOf)) is not None:
        yield from (wrong for member in graph.items(members) for wrong in _both(graph, member))
    elif graph.value(each, OWL.hasValue) is None:
        yield f"{_words(graph, each)} may not be equivalent in OWL 2 RL"


def _words(graph: rdflib.Graph, each: Node) -> str:
    return " ".join(sorted(str(predicate).removeprefix(str(OWL)) for predicate in graph.predicates(each) if str(predicate).startswith(str(OWL))))


# -- the ontology, and what the rules must catch ---------------------------------------------------------


def ours() -> rdflib.Graph:
    return rdflib.Graph().parse(data=ontology.text("kg.ttl"), format="turtle")


def test_the_ontology_is_owl_2_dl() -> None:
    assert dl(ours()) == []


def test_the_ontology_is_owl_2_rl() -> None:
    assert rl(ours()) == []


@pytest.mark.parametrize("vault", ["samples", "stated"])
def test_with_data_it_is_owl_2_dl_but_for_the_parts_of_claims(vault: str, request: pytest.FixtureRequest) -> None:
    built: kg.Graph = request.getfixturevalue(vault)
    data = "".join(f"{quad.triple} .\n" for quad in built.store.quads_for_pattern(None, None, None, DefaultGraph()))
    graph = ours().parse(data=data, format="nt")
    if vault == "stated":
        graph.parse(OWN)
    assert dl(graph) == [f"{RDF[name]} is of a reserved vocabulary and no property of DL" for name in ("object", "predicate", "subject")]
    assert rl(graph) == []


@pytest.mark.parametrize(
    ("added", "caught"),
    [
        ("x:A rdfs:subClassOf kg:Note .", "https://example.org/A is no declared class"),
        ("kg:note rdfs:range x:A .", "https://w3id.org/kgnotes/ontology#note has a range of the other sort: https://example.org/A"),
        ("kg:line a owl:ObjectProperty .", "https://w3id.org/kgnotes/ontology#line is declared as data property and object property"),
        (
            "kg:line rdfs:subPropertyOf kg:note .",
            "https://w3id.org/kgnotes/ontology#line and https://w3id.org/kgnotes/ontology#note are not properties of one sort",
        ),
        ("kg:line a owl:TransitiveProperty .", "https://w3id.org/kgnotes/ontology#line is no object property"),
        ('x:n kg:linksTo "b" .', "https://w3id.org/kgnotes/ontology#linksTo leads to the text rdflib.term.Literal('b')"),
        ("x:n kg:path x:b .", "https://w3id.org/kgnotes/ontology#path leads to the thing https://example.org/b"),
        ("x:n x:p x:b .", "https://example.org/p is no declared property"),
        ("x:n a x:B .", "https://example.org/B is no declared class"),
        ("rdf:subject a owl:ObjectProperty .", "http://www.w3.org/1999/02/22-rdf-syntax-ns#subject is of a reserved vocabulary"),
        ("x:n kg:linksTo [] .", "https://w3id.org/kgnotes/ontology#linksTo is said of or leads to a blank node"),
        ("x:o a owl:Ontology .", "there is not exactly one ontology"),
        ("kg:line rdfs:range owl:real .", "http://www.w3.org/2002/07/owl#real is no datatype of both profiles"),
    ],
)
def test_what_is_no_dl_is_caught(added: str, caught: str) -> None:
    assert caught in dl(ours().parse(data=HEAD + added, format="turtle"))


@pytest.mark.parametrize(
    ("added", "caught"),
    [
        (
            "kg:Moment rdfs:subClassOf [ a owl:Restriction ; owl:onProperty kg:video ; owl:someValuesFrom kg:Video ] .",
            "onProperty someValuesFrom may not stand above in OWL 2 RL",
        ),
        ("kg:Entity rdfs:subClassOf [ owl:unionOf ( kg:Country kg:Theme ) ] .", "unionOf may not stand above in OWL 2 RL"),
        ("[ owl:complementOf kg:Note ] rdfs:subClassOf kg:Entity .", "complementOf may not stand below in OWL 2 RL"),
        (
            "kg:Moment rdfs:subClassOf [ a owl:Restriction ; owl:onProperty kg:video ; owl:maxCardinality 2 ] .",
            "at most 2 is no OWL 2 RL: none and one are",
        ),
        ("kg:Moment rdfs:subClassOf [ a owl:Restriction ; owl:onProperty kg:video ; owl:cardinality 1 ] .", "cardinality is no OWL 2 RL"),
        ("kg:Entity owl:disjointUnionOf ( kg:Country kg:Theme ) .", "disjointUnionOf is no OWL 2 RL"),
        ("kg:linksTo a owl:ReflexiveProperty .", "a reflexive property is no OWL 2 RL"),
        ("owl:Thing rdfs:subClassOf kg:Entity .", "owl:Thing may not stand below in OWL 2 RL"),
        ("kg:Entity owl:equivalentClass [ owl:unionOf ( kg:Country kg:Theme ) ] .", "unionOf may not be equivalent in OWL 2 RL"),
        (
            "x:d a rdfs:Datatype ; owl:onDatatype xsd:integer ; owl:withRestrictions ( [ xsd:minInclusive 1 ] ) .",
            "a datatype of one's own is no OWL 2 RL",
        ),
    ],
)
def test_what_is_no_rl_is_caught(added: str, caught: str) -> None:
    assert caught in rl(ours().parse(data=HEAD + added, format="turtle"))


def test_what_rl_allows_is_let_through() -> None:
    allowed = """
    [ owl:unionOf ( kg:Country kg:Theme ) ] rdfs:subClassOf kg:Entity .
    [ a owl:Restriction ; owl:onProperty kg:video ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf kg:Moment .
    kg:Moment rdfs:subClassOf [ a owl:Restriction ; owl:onProperty kg:video ; owl:maxCardinality 1 ] , [ owl:complementOf kg:Note ] .
    kg:Moment rdfs:subClassOf [ a owl:Restriction ; owl:onProperty kg:video ; owl:allValuesFrom kg:Video ] .
    kg:Initiative owl:equivalentClass [ owl:intersectionOf ( kg:Entity kg:Initiative ) ] .
    """
    assert rl(ours().parse(data=HEAD + allowed, format="turtle")) == []
