"""HermiT, a complete reasoner for OWL 2 DL, finds the ontology and what kg builds with it free of contradictions, and finds planted ones.

It is Java and comes with owlready2 (LGPL), which only this test uses. The parts of claims (rdf:subject and so on) are reserved in OWL 2 DL
and left out. One run takes about 0.8 s of wall time on the sample notes and 29 s on the 878 real ones (302,000 triples).
"""

from __future__ import annotations

import importlib.util
import io
import os
import shutil
from typing import NoReturn

import pytest
from pyoxigraph import DefaultGraph, RdfFormat, Triple, parse, serialize
from rdflib import RDF

import kg
from kg import ontology

HEAD = """
@prefix : <https://w3id.org/kgnotes/ontology#> . @prefix note: <https://example.org/kg/note/> . @prefix country: <https://example.org/kg/country/> .
@prefix theme: <https://example.org/kg/theme/> . @prefix person: <https://example.org/kg/person/> . @prefix yt: <https://youtu.be/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix x: <https://example.org/> .
"""
PARTS_OF_CLAIMS = {str(RDF[name]) for name in ("subject", "predicate", "object")}


def without(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and this test may not be skipped here; .ci/run installs what it needs")
    pytest.skip(f"needs {what}")


@pytest.fixture(scope="module", autouse=True)
def reasoner() -> None:
    if importlib.util.find_spec("owlready2") is None:
        without("owlready2")
    if shutil.which("java") is None:
        without("Java")


def turtle(text: str) -> list[Triple]:
    return [each.triple for each in parse((HEAD + text).encode(), format=RdfFormat.TURTLE)]


def data(graph: kg.Graph) -> list[Triple]:
    quads = graph.store.quads_for_pattern(None, None, None, DefaultGraph())
    return [each.triple for each in quads if each.predicate.value not in PARTS_OF_CLAIMS]


def contradiction(*triples: Triple) -> str:
    """Say what contradicts itself, with the ontology: all of it, or the classes that nothing can be in; "" if nothing."""
    import owlready2

    known = [each.triple for each in parse(ontology.text("kg.ttl").encode(), format=RdfFormat.TURTLE)]
    text = serialize([*known, *triples], format=RdfFormat.N_TRIPLES)
    assert text is not None
    world = owlready2.World()
    world.get_ontology("https://w3id.org/kgnotes/ontology").load(fileobj=io.BytesIO(text))
    try:
        owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return "everything"
    return ", ".join(sorted(each.name for each in world.inconsistent_classes() if each is not owlready2.Nothing))


@pytest.mark.parametrize("vault", ["samples", "stated"])
def test_what_kg_builds_is_consistent(vault: str, request: pytest.FixtureRequest) -> None:
    assert contradiction(*data(request.getfixturevalue(vault))) == ""


def test_an_initiative_may_be_an_organisation_and_a_kind_of_ones_own() -> None:
    assert contradiction(*turtle("x:Lab rdfs:subClassOf :Initiative , :Organisation . x:Lab a owl:Class . x:a a x:Lab .")) == ""


@pytest.mark.parametrize(
    "planted",
    [
        pytest.param("country:PT a :Country , :Initiative .", id="a country that is an initiative"),
        pytest.param("theme:trust a :Note , :Theme .", id="a note that is a theme"),
        pytest.param('note:a :path "a.md" , "b.md" .', id="a note in two files"),
        pytest.param("yt:x :second 7 , 8 .", id="a moment at two seconds"),
        pytest.param("note:a a :Note . note:b :linksTo note:a . note:a a :MissingNote .", id="a note that is missing"),
        pytest.param("note:a :about country:PT . note:b :about note:a .", id="a note about a note"),
        pytest.param("person:a a :Person . note:n :mentions person:a . x:p :names person:a ; :country person:a .", id="a person as a country"),
        pytest.param('yt:x :second "soon" .', id="a second that is no number"),
    ],
)
def test_a_contradiction_is_found(planted: str) -> None:
    assert contradiction(*turtle(planted)) == "everything"


def test_a_class_that_nothing_can_be_in_is_found() -> None:
    assert contradiction(*turtle("x:Impossible a owl:Class ; rdfs:subClassOf :Note , :Theme .")) == "Impossible"


def test_one_contradiction_in_the_whole_of_the_samples_is_found(samples: kg.Graph) -> None:
    assert contradiction(*data(samples), *turtle('note:danish_quantum_leap :path "elsewhere.md" .')) == "everything"
