"""The ontology is complete, and says what the graph does: checks in the style of FOOPS! and OOPS!, and against the code.

What they would warn of and is meant: no inverse properties (each would double the triples or need a reasoner), several domains as
schema:domainIncludes, British spelling beside schema:Organization.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import DefaultGraph, RdfFormat, parse
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Literal, Namespace, Node, URIRef

import kg
from kg import ontology, terms
from kg.names import ONTOLOGY, STANDARD_PREFIXES

ROOT = Path(__file__).resolve().parent.parent
KG, LEX, SCHEMA, SH = map(Namespace, (ONTOLOGY, "https://w3id.org/kgnotes/lexicon#", "http://schema.org/", "http://www.w3.org/ns/shacl#"))
VANN, BIBO = Namespace("http://purl.org/vocab/vann/"), Namespace("http://purl.org/ontology/bibo/")
HEADER = URIRef(ONTOLOGY[:-1])
GRAPH = rdflib.Graph().parse(data=ontology.text("kg.ttl"), format="turtle")
SORTS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
OWN = sorted({URIRef(str(each)) for sort in SORTS for each in GRAPH.subjects(RDF.type, sort) if str(each).startswith(ONTOLOGY)})
CLASSES = [each for each in OWN if (each, RDF.type, OWL.Class) in GRAPH]
PROPERTIES = [each for each in OWN if each not in CLASSES]
RESERVED = tuple(map(str, (RDF, RDFS, OWL, XSD)))
"""Vocabularies that nobody declares."""


def local(iri: Node) -> str:
    return str(iri).removeprefix(ONTOLOGY)


def only(subject: Node, predicate: URIRef, graph: rdflib.Graph = GRAPH) -> Node:
    (found,) = graph.objects(subject, predicate)
    return found


def undeclared(used: set[str]) -> list[str]:
    declared = {str(each) for sort in SORTS for each in GRAPH.subjects(RDF.type, sort)}
    return sorted(each for each in used if each not in declared and not each.startswith(RESERVED))


# -- what the graph uses is declared, and the other way round ------------------------------------


def used(graph: kg.Graph) -> set[str]:
    found = set()
    for triple in graph.store.quads_for_pattern(None, None, None, None):
        found.add(triple.predicate.value)
        if triple.predicate.value == str(RDF.type):
            found.add(str(triple.object)[1:-1])
        if triple.predicate.value == str(RDF.predicate):
            found.add(str(triple.object)[1:-1])
    return found


def test_every_term_of_the_samples_is_declared(samples: kg.Graph) -> None:
    assert undeclared(used(samples)) == []


def test_what_a_vault_adds_is_its_own(stated: kg.Graph) -> None:
    assert undeclared(used(stated)) == ["http://purl.org/vocab/cpsv#PublicService", "https://example.org/own#Service"]


def test_every_term_is_used_by_the_samples_or_by_the_vault_that_states_things(samples: kg.Graph, stated: kg.Graph) -> None:
    assert [local(each) for each in OWN if str(each) not in used(samples) | used(stated)] == []


def test_every_term_of_others_that_the_data_uses_says_what_for(samples: kg.Graph, stated: kg.Graph) -> None:
    both = {each for each in used(samples) | used(stated) if not each.startswith((ONTOLOGY, "https://example.org/", *RESERVED))} - {
        "http://purl.org/vocab/cpsv#PublicService"
    }
    told = {str(each) for each in GRAPH.subjects(SKOS.scopeNote) if not str(each).startswith(ONTOLOGY) and each != HEADER}
    assert both == told
    assert [each for each in told if not GRAPH.value(URIRef(each), RDFS.label)] == []


def test_every_term_in_the_code_is_declared() -> None:
    constants = [str(value) for name, value in vars(terms).items() if name.isupper() and isinstance(value, str)]
    written = {each[1:-1] for each in constants if each.startswith("<") and each.endswith(">")}
    written |= {each[1:-1] for each in terms.REFERENCES}
    for path in (ROOT / "kg").rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        written |= {terms.term(name)[1:-1] for name in re.findall(r'\b(?:term|iri_of)\("([a-zA-Z:]+)"\)', code)}
        written |= {ONTOLOGY + name for name in re.findall(r"\{ONTOLOGY\}(\w+)", code)}
    assert len(written) > 30
    # What a file says of itself is written in the terms of others, and is not in the graph.
    others = (
        *(STANDARD_PREFIXES[each] for each in ("yt", "dcat", "void")),
        *(STANDARD_PREFIXES["prov"] + each for each in ("Activity", "SoftwareAgent")),
    )
    assert undeclared({each for each in written if not each.startswith(others)}) == []


def test_every_code_of_an_issue_is_told() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "kg").rglob("*.py"))
    codes = set(re.findall(r'(?:self\.issue|Flaw)\(\s*"([a-z-]+)"', written))
    told = str(only(KG.code, SKOS.definition))
    assert codes == set(re.findall(r"[a-z]+(?:-[a-z]+)*", told.partition(":")[2].partition(";")[0])) - {"or"}


def test_the_program_knows_the_same_terms() -> None:
    assert ontology.terms() == sorted(map(local, OWN))


@pytest.mark.parametrize("path", sorted((ROOT / "ontology").glob("countries*.ttl")), ids=lambda path: path.name)
def test_every_term_of_the_lexicon_is_declared(path: Path) -> None:
    declared = rdflib.Graph().parse(ROOT / "ontology" / "countries.ttl")
    known = {each for each in declared.subjects(RDF.type, OWL.DatatypeProperty) if declared.value(each, SKOS.definition)}
    assert {each for each in rdflib.Graph().parse(path).predicates() if str(each).startswith(LEX)} <= known


# -- every term is explained -----------------------------------------------------------------------


@pytest.mark.parametrize("term", OWN, ids=local)
def test_a_term_has_what_a_reader_needs(term: URIRef) -> None:
    labels = {each.language: str(each) for each in GRAPH.objects(term, RDFS.label) if isinstance(each, Literal)}
    assert set(labels) == {"en", "fr", "es"}
    definition = str(only(term, SKOS.definition))
    assert definition[0].isupper()
    assert definition.endswith(".")
    assert definition.casefold().strip(".") not in {each.casefold() for each in labels.values()}
    assert list(GRAPH.objects(term, SKOS.example))
    assert only(term, RDFS.isDefinedBy) == HEADER


def test_names_follow_the_habit() -> None:
    """Classes CamelCase, properties camelCase, no "and", "or", "misc", no ending of a file."""
    assert [local(each) for each in CLASSES if not re.fullmatch(r"(?:[A-Z][a-z]+)+", local(each))] == []
    assert [local(each) for each in PROPERTIES if not re.fullmatch(r"[a-z]+(?:[A-Z][a-z]+)*", local(each))] == []
    assert [local(each) for each in OWN if re.search(r"And|Or(?=[A-Z])|Misc|Other|Unknown", local(each))] == []
    assert not re.search(r"\.(?:owl|ttl|rdf|html)", HEADER)


def test_no_two_terms_of_one_sort_have_the_same_label() -> None:
    for sort in (CLASSES, PROPERTIES):
        labels = [str(each) for term in sort for each in GRAPH.objects(term, RDFS.label) if isinstance(each, Literal) and each.language == "en"]
        assert len(labels) == len(set(labels)) == len(sort)


def test_every_property_says_what_it_is_of_and_leads_to() -> None:
    for term in PROPERTIES:
        domains, hints = list(GRAPH.objects(term, RDFS.domain)), list(GRAPH.objects(term, SCHEMA.domainIncludes))
        assert len(domains) <= 1, local(term)  # several would mean all of them at once
        assert domains or hints, local(term)
        assert set(hints) <= set(CLASSES)
        ranges, hints = list(GRAPH.objects(term, RDFS.range)), list(GRAPH.objects(term, SCHEMA.rangeIncludes))
        assert len(ranges) <= 1, local(term)
        assert ranges or hints, local(term)


def test_nothing_stands_alone_and_nothing_is_above_itself() -> None:
    for term in CLASSES:
        joined = {*GRAPH.objects(term, RDFS.subClassOf), *GRAPH.subjects(None, term)}
        assert joined, local(term)
    for term in OWN:
        for below in (RDFS.subClassOf, RDFS.subPropertyOf):
            assert term not in {each for parent in GRAPH.objects(term, below) for each in GRAPH.transitive_objects(parent, below)}, local(term)


def test_nothing_is_said_of_what_others_define() -> None:
    """Declared and explained, but no axiom is added: else what they mean would depend on this file."""
    allowed = {RDF.type, RDFS.label, SKOS.scopeNote}
    foreign = {each for each in GRAPH.subjects() if isinstance(each, URIRef) and not str(each).startswith(ONTOLOGY) and each != HEADER}
    assert {predicate for each in foreign for predicate in GRAPH.predicates(each)} <= allowed


# -- the header --------------------------------------------------------------------------------------


def test_the_header_has_what_catalogues_ask_for() -> None:
    wanted = (
        OWL.versionIRI, OWL.versionInfo, OWL.priorVersion, OWL.backwardCompatibleWith,
        DCTERMS.description, DCTERMS.creator, DCTERMS.publisher, DCTERMS.created, DCTERMS.modified,
        DCTERMS.license, DCTERMS.bibliographicCitation, BIBO.status, VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri,
    )  # fmt: skip
    said = {each: only(HEADER, each) for each in wanted}
    assert str(said[OWL.versionIRI]) == f"{HEADER}/{said[OWL.versionInfo]}"
    assert str(said[VANN.preferredNamespaceUri]) == ONTOLOGY
    assert str(said[OWL.versionInfo]) in str(said[DCTERMS.bibliographicCitation])
    assert str(said[DCTERMS.created]) <= str(said[DCTERMS.modified])
    titles = {each.language for each in GRAPH.objects(HEADER, DCTERMS.title) if isinstance(each, Literal)}
    assert titles == {"en", "fr", "es"}


def test_the_version_is_the_newest_of_the_list_of_changes() -> None:
    changes = (ROOT / "ontology" / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\S+) \((\S+)\)", changes, re.MULTILINE)
    assert versions[0] == (str(only(HEADER, OWL.versionInfo)), str(only(HEADER, DCTERMS.modified)))
    assert str(only(HEADER, OWL.priorVersion)).endswith(f"/{versions[1][0]}")


@pytest.mark.parametrize("name", ["kg.ttl", "shapes.ttl", "context.jsonld"])
def test_nothing_calls_itself_unfinished(name: str) -> None:
    assert not re.search(r"draft|todo|fixme|tbd", ontology.text(name), re.IGNORECASE)


# -- the files that go with it -----------------------------------------------------------------------


def test_shapes_name_only_terms_that_exist() -> None:
    shapes = rdflib.Graph().parse(data=ontology.text("shapes.ttl"), format="turtle")
    named = {str(each) for each in shapes.all_nodes() if str(each).startswith(ONTOLOGY)}
    paths = {str(each) for each in shapes.objects(None, SH.path) if isinstance(each, URIRef)}
    assert named <= set(map(str, OWN))
    assert undeclared(paths) == []
    assert only(URIRef("https://w3id.org/kgnotes/shapes"), OWL.versionInfo, shapes) == only(HEADER, OWL.versionInfo)


def test_every_class_and_every_property_is_in_a_shape() -> None:
    shapes = rdflib.Graph().parse(data=ontology.text("shapes.ttl"), format="turtle")
    assert set(shapes.objects(None, SH.targetClass)) == set(CLASSES)
    assert {each for each in shapes.objects(None, SH.path) if str(each).startswith(ONTOLOGY)} == set(PROPERTIES)


CONTEXT = json.loads(ontology.text("context.jsonld"))["@context"]


def test_the_context_names_every_term() -> None:
    assert {local(each) for each in OWN} <= set(CONTEXT)
    external = {str(each) for each in GRAPH.subjects(SKOS.scopeNote) if not str(each).startswith(ONTOLOGY) and each != HEADER}
    meant = {_expanded(each if isinstance(each, str) else each.get("@id", "")) for each in CONTEXT.values() if not isinstance(each, float)}
    assert external - meant <= {str(URIRef(STANDARD_PREFIXES["prov"] + "Entity"))}  # "Entity" is ours; prov:Entity is written so


def _expanded(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return CONTEXT[prefix] + rest if isinstance(CONTEXT.get(prefix), str) and not rest.startswith("//") else name


def test_json_with_the_context_is_read_as_the_ontology_means() -> None:
    """By two readers: names of things are IRIs, numbers are numbers."""
    things = {local(each): "https://example.org/x" for each in PROPERTIES if (each, RDF.type, OWL.ObjectProperty) in GRAPH}
    values = {
        "path": "a.md",
        "line": 12,
        "text": "Said.",
        "timecode": ["1:02"],
        "second": 62,
        "confidence": "0.92",
        "code": "broken-link",
        "rule": "owner",
    }
    assert {*things, *values} == {local(each) for each in PROPERTIES}
    document = {"@context": CONTEXT, "id": "https://example.org/y", "type": [local(each) for each in CLASSES], **things, **values}
    text = json.dumps(document)
    one = {tuple(map(str, triple)) for triple in parse(text.encode(), format=RdfFormat.JSON_LD)}
    read = rdflib.Graph().parse(data=text, format="json-ld")
    assert {each[1] for each in one} == {f"<{each}>" for each in (*PROPERTIES, RDF.type)}
    for term in PROPERTIES:
        (value,) = read.objects(None, term)
        assert isinstance(value, URIRef) == ((term, RDF.type, OWL.ObjectProperty) in GRAPH), local(term)
        if isinstance(value, Literal):
            assert (value.datatype or XSD.string) == only(term, RDFS.range), local(term)
    assert len(one) == len(read)


def test_the_samples_survive_the_context(samples: kg.Graph) -> None:
    """What two readers make of the JSON-LD that has our short names is what the store holds."""
    written = rdflib.Graph().parse(data=samples.export(form="ntriples", header=False), format="nt")
    compact = written.serialize(format="json-ld", context=CONTEXT)
    assert '"linksTo"' in compact
    again = {str(each) for each in parse(compact.encode(), format=RdfFormat.JSON_LD)}
    assert again == {str(each.triple) for each in samples.store.quads_for_pattern(None, None, None, DefaultGraph())}
