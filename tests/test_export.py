"""Every format holds what the store holds, whoever reads it, and is the same each time."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, parse

import kg
from kg import files
from kg.errors import KgError

FORMATS = {
    "turtle": ("turtle", RdfFormat.TURTLE),
    "ntriples": ("nt", RdfFormat.N_TRIPLES),
    "jsonld": ("json-ld", RdfFormat.JSON_LD),
    "rdfxml": ("xml", RdfFormat.RDF_XML),
}


def held(graph: kg.Graph) -> set[tuple[str, str, str]]:
    found = graph.store.quads_for_pattern(None, None, None, DefaultGraph())
    return {(str(each.subject), str(each.predicate), str(each.object)) for each in found}


def described(graph: kg.Graph, triples: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Give the header among triples."""
    return {each for each in triples if each[0].startswith(f"<{graph.names.base}dataset")}


def by_oxigraph(text: str, form: RdfFormat) -> set[tuple[str, str, str]]:
    return {(str(each.subject), str(each.predicate), str(each.object)) for each in parse(text.encode(), format=form)}


def by_rdflib(text: str, form: str) -> set[tuple[str, str, str]]:
    given = rdflib.Graph().parse(data=text, format=form)
    return {(_term(s), _term(p), _term(o)) for s, p, o in given}


def _term(term: rdflib.term.Node) -> str:
    if isinstance(term, rdflib.Literal):
        kind = NamedNode(str(term.datatype)) if term.datatype else None
        return str(Literal(str(term), language=term.language) if term.language else Literal(str(term), datatype=kind))
    return str(NamedNode(str(term)))


@pytest.mark.parametrize("form", FORMATS)
def test_two_readers_find_what_the_store_holds(samples: kg.Graph, form: str) -> None:
    text = samples.export(form=form)
    found = by_oxigraph(text, FORMATS[form][1])
    assert found - described(samples, found) == held(samples)
    assert by_rdflib(text, FORMATS[form][0]) == found


@pytest.mark.parametrize("form", FORMATS)
def test_odd_names_and_texts_survive(odd: kg.Graph, form: str) -> None:
    text = odd.export(form=form, header=False)
    assert by_oxigraph(text, FORMATS[form][1]) == held(odd)
    if form != "rdfxml":  # rdflib reads a tab in XML as it should, but warns of names it finds strange
        assert by_rdflib(text, FORMATS[form][0]) == held(odd)


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "rdfxml"])
def test_control_characters_survive(controls: kg.Graph, form: str) -> None:
    text = controls.export(form=form, header=False)
    assert by_oxigraph(text, FORMATS[form][1]) == held(controls)
    assert by_rdflib(text, FORMATS[form][0]) == held(controls)
    assert not any(each in text for each in "\x07\x08\x0c\x7f")  # nor does the file hold them as they are


@pytest.mark.parametrize(("form", "kind"), [("nquads", RdfFormat.N_QUADS), ("trig", RdfFormat.TRIG)])
def test_named_graphs_are_kept(samples: kg.Graph, form: str, kind: RdfFormat) -> None:
    found = {str(each) for each in parse(samples.export(form=form, header=False).encode(), format=kind)}
    assert found == {str(each) for each in samples.store if each.graph_name != NamedNode(samples.names.suggested)}
    assert any(each.graph_name != DefaultGraph() for each in samples.store)


def test_there_is_no_blank_node(samples: kg.Graph) -> None:
    assert not [each for each in samples.store if type(each.subject).__name__ == "BlankNode" or type(each.object).__name__ == "BlankNode"]


def test_turtle_is_made_to_be_read(samples: kg.Graph) -> None:
    text = samples.export()
    assert text.startswith("@base <https://example.org/kg/> .\n@prefix : <https://w3id.org/kgnotes/ontology#> .\n")
    assert '\n\nnote:estamos_on_portal a :Note ;\n    rdfs:label "Estamos ON portal" ;\n' in text
    assert "@prefix owl:" not in text  # only what is used is declared


def test_json_ld_is_json(samples: kg.Graph) -> None:
    assert json.loads(samples.export(form="jsonld"))


def test_xml_refuses_what_it_cannot_hold(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# bell \x07\n")
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    with pytest.raises(KgError, match=r"note/a> holds the control character U\+0007"):
        graph.export(form="rdfxml")
    assert "\\u0007" in graph.export()


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "graph.ttl"
    files.save(target, ["old"])

    def broken() -> object:
        yield "half"
        raise KgError("no more")

    with pytest.raises(KgError):
        files.save(target, broken())  # type: ignore[arg-type]
    assert target.read_text() == "old"
    assert os.listdir(target.parent) == ["graph.ttl"]


def test_a_folder_and_a_full_disk_are_told(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="is a folder"):
        files.save(tmp_path, ["x"])
    if Path("/dev/full").exists():
        with pytest.raises(KgError, match="No space left"):
            files.save(Path("/dev/full"), ["x"])


def test_the_same_triples_through_rdflib(samples: kg.Graph) -> None:
    dataset = samples.rdflib
    rows = dataset.query("SELECT ?n { ?n :mentions country:PT }")
    assert len(list(rows)) == len(list(samples.query("SELECT ?n { ?n :mentions country:PT }").terms))
