"""What follows from a graph, what contradicts itself, and that nothing of it gets into the graph."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import kg
from kg import infer, load
from kg.cli import run
from kg.errors import KgError
from kg.names import DEFAULT_BASE, ONTOLOGY
from kg.terms import TYPE, term

PREFIXES = f"""@prefix : <{ONTOLOGY}> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix x: <http://x.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix note: <{DEFAULT_BASE}note/> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""


@pytest.fixture(autouse=True)
def with_reasoner() -> None:
    pytest.importorskip("reasonable")


def inferred(folder: Path, text: str) -> infer.Inferred:
    (folder / "given.ttl").write_text(PREFIXES + text, encoding="utf-8")
    load.load([str(folder / "given.ttl")], folder / "graph")
    graph = kg.open(folder / "graph")
    return infer.infer(graph.store, infer.files(graph.generation.manifest, folder / "graph"))


def x(name: str) -> str:
    return f"<http://x.example/{name}>"


def test_superclasses_and_superproperties_follow(samples: kg.Graph) -> None:
    found = infer.infer(samples.store, infer.files(samples.generation.manifest, samples.generation.folder.parent))
    portugal = f"<{DEFAULT_BASE}country/PT>"
    assert (portugal, TYPE, "<http://schema.org/Country>") in found.new
    assert found.contradictions == []
    said = {tuple(str(each).split(" ", 2)) for each in samples.store}
    assert not said & set(found.new)
    assert not [fact for fact in found.new if fact[2] in infer.EMPTY or fact[0].startswith(f"<{ONTOLOGY}") or fact[1] == term("owl:sameAs")]
    assert sum(found.counts.values()) == len(found.new)


RULES = {
    "x:a x:p x:b . x:p rdfs:subPropertyOf x:q .": ("a", "q", "b"),
    "x:a x:p x:b . x:p owl:inverseOf x:q .": ("b", "q", "a"),
    "x:a x:p x:b . x:b x:p x:c . x:p a owl:TransitiveProperty .": ("a", "p", "c"),
    "x:a x:p x:b . x:p a owl:SymmetricProperty .": ("b", "p", "a"),
    "x:a x:p x:b . x:b x:q x:c . x:r owl:propertyChainAxiom ( x:p x:q ) .": ("a", "r", "c"),
    "x:C owl:oneOf ( x:a x:b ) . x:C owl:equivalentClass [ owl:onProperty x:p ; owl:hasValue x:v ] .": ("a", "p", "v"),
    "x:a a x:C ; x:p x:b . x:C rdfs:subClassOf [ owl:onProperty x:p ; owl:allValuesFrom x:D ] . x:D owl:equivalentClass [ owl:onProperty x:q ; owl:hasValue x:v ] .": (
        "b",
        "q",
        "v",
    ),
    "x:a owl:sameAs x:b . x:a x:p x:c .": ("b", "p", "c"),
    "x:f a owl:FunctionalProperty . x:s x:f x:a, x:b . x:a x:p x:c .": ("b", "p", "c"),
    "x:f a owl:InverseFunctionalProperty . x:a x:f x:k . x:b x:f x:k . x:a x:p x:c .": ("b", "p", "c"),
    "x:f a owl:FunctionalProperty . x:g rdfs:subPropertyOf x:f . x:s x:f x:a . x:s x:g x:b . x:a x:p x:c .": ("b", "p", "c"),
}


@pytest.mark.parametrize("text", RULES)
def test_rules_of_owl_2_rl(tmp_path: Path, text: str) -> None:
    subject, predicate, thing = map(x, RULES[text])
    assert (subject, predicate, thing) in inferred(tmp_path, text).new


def test_literals_and_blank_nodes_are_what_they_were(tmp_path: Path) -> None:
    found = inferred(tmp_path, 'x:p rdfs:subPropertyOf x:q . x:s x:p 1.5, "a\\n\\"b\\""@en-GB, "<b"^^rdf:XMLLiteral, _:n . _:n x:p 1 .')
    assert {thing for subject, predicate, thing in found.new if (subject, predicate) == (x("s"), x("q"))} == {
        '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"a\\n\\"b\\""@en-gb', '"<b"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral>', "_:b1",
    }  # fmt: skip


WRONG = {
    "x:a a :Country, :Theme .": "nothing is both",
    "x:a a x:C, x:D . x:C owl:disjointWith x:D .": "nothing is both",
    "x:a a x:C, x:E . x:E rdfs:subClassOf x:D . x:C owl:complementOf x:D .": "nothing is both",
    "x:a a owl:Nothing .": "nothing is of this class",
    "x:a owl:sameAs x:b . x:b owl:differentFrom x:a .": "two things are one or not",
    'note:a :path "a", "b" .': "there is one value at most",
    "x:p a owl:IrreflexiveProperty . x:a x:p x:a .": "nothing has this relation to itself",
    "x:p a owl:AsymmetricProperty . x:a x:p x:b . x:b x:p x:a .": "this relation goes one way only",
    "x:p owl:propertyDisjointWith x:q . x:a x:p x:b ; x:q x:b .": "only one of these relations can hold",
}


@pytest.mark.parametrize("text", WRONG)
def test_contradictions_are_named(tmp_path: Path, text: str) -> None:
    assert [each.why for each in inferred(tmp_path, text).contradictions] == [WRONG[text]]


RIGHT = [
    "x:a a :Initiative, :Organisation .",
    'note:a :path "a" . note:b :path "b" .',
    "x:a owl:differentFrom x:b . x:c owl:sameAs x:a .",
    "x:p a owl:AsymmetricProperty . x:a x:p x:b .",
    "x:p owl:propertyDisjointWith x:q . x:a x:p x:b ; x:q x:c .",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_only_looks_like_one_is_none(tmp_path: Path, text: str) -> None:
    assert inferred(tmp_path, text).contradictions == []


def test_the_ontology_of_a_vault_counts(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    (notes / "ontology").mkdir(parents=True)
    (notes / "ontology" / "own.ttl").write_text(f"{PREFIXES}:country rdfs:subPropertyOf x:ranIn . :Country owl:disjointWith :Person .")
    (notes / "a.md").write_text("---\ntype: initiative\ncountry: Portugal\n---\n# Open Door\n")
    kg.build(notes)
    graph = kg.open(notes)
    found = infer.infer(graph.store, infer.files(graph.generation.manifest, notes / ".kg"))
    assert x("ranIn") in found.counts


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.ttl").write_text(f"{PREFIXES}x:p rdfs:subPropertyOf x:q . x:a x:p 1.50 . x:a a :Country, :Theme .")
    folder = str(tmp_path / "graph")
    run(["load", str(tmp_path / "a.ttl"), "-o", folder, "--quiet"])
    before = {each: each.read_bytes() for each in (tmp_path / "graph").rglob("*") if each.is_file()}
    assert run(["infer", "-g", folder]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("a: ")
    assert "contradicts itself in 1 place; kg infer --check names them" in err
    assert run(["infer", "-g", folder, "--check"]) == 1
    assert "<http://x.example/a> a :Country; <http://x.example/a> a :Theme: nothing is both\n" in capsys.readouterr().out
    assert run(["infer", "-g", folder, "-o", str(tmp_path / "new.nt")]) == 0
    assert "<http://x.example/q>" in (tmp_path / "new.nt").read_text()
    assert "<http://x.example/p>" not in (tmp_path / "new.nt").read_text().replace("subPropertyOf> <http://x.example/p>", "")
    capsys.readouterr()
    assert run(["infer", "-g", folder, "--all", "--format", "nt"]) == 0
    assert '<http://x.example/a> <http://x.example/p> "1.50"' in capsys.readouterr().out
    assert run(["infer", "-g", folder, "--ontology", str(tmp_path / "none.ttl")]) == 2
    assert {each: each.read_bytes() for each in (tmp_path / "graph").rglob("*") if each.is_file() and each in before} == before


def test_without_the_reasoner_it_is_said_how_to_get_it(samples: kg.Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "reasonable", None)
    with pytest.raises(KgError) as caught:
        infer.infer(samples.store, ())
    assert caught.value.hint == "pip install 'kgnotes[infer]'"


def test_the_reasoner_is_loaded_by_nothing_else() -> None:
    code = "import sys, kg.infer, kg.commands.infer; print('reasonable' in sys.modules, 'rdflib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False False\n"
