"""What rules are less sure of: in a graph of its own, seen only by who asks for it, and never twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode

import kg

SURE = 'The "Open Door" programme in Ghana.\n'
UNSURE = "**Quiet Harbour Programme**: it runs in Chile.\n"


def built(tmp_path: Path, **notes: str) -> kg.Graph:
    for name, text in notes.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    kg.build(tmp_path)
    return kg.open(tmp_path)


def initiatives(graph: kg.Graph, *, suggested: bool = False) -> list[str]:
    rows = graph.query("SELECT ?l { ?i a :Initiative; rdfs:label ?l } ORDER BY ?l", suggested=suggested).terms
    return [getattr(row[0], "value", "") for row in rows]


def test_a_suggestion_is_seen_by_who_asks_for_it(tmp_path: Path) -> None:
    graph = built(tmp_path, a=SURE, b=UNSURE)
    assert initiatives(graph) == ["Open Door"]
    assert initiatives(graph, suggested=True) == ["Open Door", "Quiet Harbour Programme"]


def test_a_suggestion_has_a_claim_with_its_sentence_and_its_rule(tmp_path: Path) -> None:
    graph = built(tmp_path, b=UNSURE)
    claims = "SELECT ?rule ?sure ?text { ?c rdf:subject <initiative/quiet-harbour-programme>; rdf:object :Initiative; :rule ?rule; :confidence ?sure; :evidence/:text ?text }"
    ((rule, sure, text),) = graph.query(claims, suggested=True).terms
    assert getattr(text, "value", "") == UNSURE.replace("*", "").strip()
    assert float(getattr(sure, "value", "1")) < 0.9
    assert rule
    assert list(graph.query(claims).terms) == []


def test_no_triple_is_on_both_sides(samples: kg.Graph) -> None:
    suggested = NamedNode(samples.names.suggested)
    sides = [{quad.triple for quad in samples.store.quads_for_pattern(None, None, None, each)} for each in (DefaultGraph(), suggested)]
    assert sides[1]
    assert sides[0] & sides[1] == set()


def test_suggestions_are_no_note_of_their_own(tmp_path: Path) -> None:
    graph = built(tmp_path, a=SURE, b=UNSURE)
    question = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    seen = {getattr(row[0], "value", "") for row in graph.query(question).terms}
    assert graph.names.suggested not in seen
    assert graph.names.suggested in {getattr(row[0], "value", "") for row in graph.query(question, suggested=True).terms}


def test_a_name_that_three_notes_have_is_better_evidence(tmp_path: Path) -> None:
    text = "**Quiet Harbour Programme**: everybody liked it."
    graph = built(tmp_path, a=text, b=f"{text}\n")
    assert initiatives(graph) == []
    assert initiatives(built(tmp_path, c=f"{text}\n\n"), suggested=False) == ["Quiet Harbour Programme"]
    (tmp_path / "b.md").unlink()
    kg.build(tmp_path)
    assert initiatives(kg.open(tmp_path)) == []


def test_a_name_that_one_note_explains_is_found_in_another(tmp_path: Path) -> None:
    graph = built(tmp_path, a='The "Quiet Harbour" programme.', b="They visited Quiet Harbour twice.")
    assert graph.query("ASK { note:b :mentions <initiative/quiet-harbour> }").truth


@pytest.mark.parametrize("form", ["turtle", "nquads", "trig", "jsonld"])
def test_an_export_holds_what_is_said(tmp_path: Path, form: str) -> None:
    graph = built(tmp_path, a=SURE, b=UNSURE)
    text = graph.export(form=form)
    assert "open-door" in text
    assert "quiet-harbour-programme" not in text


def test_the_network_and_the_page_mark_suggestions(tmp_path: Path) -> None:
    graph = built(tmp_path, a=SURE, b=UNSURE)
    iri = graph.names.entity("initiative", "quiet-harbour-programme")
    assert iri not in graph.networkx()
    network = graph.networkx(suggested=True)
    assert network.nodes[iri]["suggested"] is True
    assert network.nodes[graph.names.entity("initiative", "open-door")]["suggested"] is False
    ((_, _, told),) = network.in_edges(iri, data=True)
    assert (told["suggested"], [each.line for each in told["evidence"]]) == (True, [1])
    assert "Quiet Harbour Programme" in graph.view(suggested=True, compress=False)
