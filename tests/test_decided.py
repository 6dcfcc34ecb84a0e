"""The author's vocabulary in a build: what it accepts, rejects and renames, what it re-reads, and what a broken one does."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.errors import VocabularyError
from kg.pipeline import Report

NOTES = {
    "a": 'The "Open Door" programme in Ghana. A quay opened.\n',
    "b": "**Quiet Harbour Programme**: it runs in Chile.\n",
    "c": "# Quay\n\nThe old quay of Wales, and siarad.\n",
    "d": "Nothing to see.\n",
}
HEAD = "kind,name,aliases,hidden,countries,organisations,themes,rejected\n"


def built(tmp_path: Path, rows: str) -> tuple[kg.Graph, Report]:
    for name, text in NOTES.items():
        if not (tmp_path / f"{name}.md").exists():
            (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    (tmp_path / "vocabulary.csv").write_text(HEAD + rows, encoding="utf-8")
    report = kg.build(tmp_path)
    return kg.open(tmp_path), report


def test_an_accepted_suggestion_is_a_fact(tmp_path: Path) -> None:
    graph, _ = built(tmp_path, "initiative,Quiet Harbour Programme,,,CL,,,\n")
    assert graph.query(
        "ASK { note:b :mentions <initiative/quiet-harbour-programme> . <initiative/quiet-harbour-programme> :country country:CL }"
    ).truth
    # No passage says so: the claim is derived from the file.
    claim = "ASK { ?c a :Claim; rdf:subject <initiative/quiet-harbour-programme>; :rule 'vocabulary'; prov:wasDerivedFrom <vocabulary> }"
    assert graph.query(claim).truth


def test_an_alias_and_a_hidden_form_are_found_anywhere(tmp_path: Path) -> None:
    graph, _ = built(tmp_path, "initiative,Open Door,siarad,old quay,,,,\n")
    assert graph.query("ASK { note:c :mentions <initiative/open-door> }").truth
    labels = {getattr(row[0], "value", "") for row in graph.query("SELECT ?l { <initiative/open-door> skos:altLabel ?l }").terms}
    assert labels == {"siarad"}  # a hidden form is never shown


def test_a_rejected_name_is_gone_even_where_rules_are_sure(tmp_path: Path) -> None:
    graph, _ = built(tmp_path, "initiative,Open Door,,,,,,yes\n")
    assert not graph.query("ASK { ?i a :Initiative }").truth
    assert not graph.query("ASK { ?p :names <initiative/open-door> }", suggested=True).truth


def test_a_word_for_a_country_may_be_rejected_and_given_to_something_else(tmp_path: Path) -> None:
    asked = "ASK { note:e :mentions country:GE }"
    (tmp_path / "e.md").write_text("Georgia called, and Jordan answered.\n")
    graph, _ = built(tmp_path, "")
    assert graph.query(asked).truth
    graph, report = built(tmp_path, "country,Georgia,,,,,,yes\nperson,Jordan,,,,,,\n")
    assert not report.full
    assert not graph.query(asked).truth
    assert graph.query("ASK { note:e :mentions <person/jordan> }").truth
    assert not graph.query("ASK { note:e :mentions country:JO }").truth
    graph, _ = built(tmp_path, "")
    assert graph.query(asked).truth


def test_a_name_may_be_of_another_kind(tmp_path: Path) -> None:
    graph, _ = built(tmp_path, "organisation,Open Door,,,,,,\n")
    assert graph.query("ASK { note:a :mentions <organisation/open-door> }").truth
    assert not graph.query("ASK { ?i a :Initiative }").truth


def test_two_names_are_one_thing_if_the_author_says_so(tmp_path: Path) -> None:
    graph, _ = built(tmp_path, "initiative,Open Door,Quiet Harbour Programme,,,,,\n")
    assert graph.query("ASK { note:b :mentions <initiative/open-door> . note:a :mentions <initiative/open-door> }").truth
    assert not graph.query("ASK { <initiative/quiet-harbour-programme> ?p ?o }", suggested=True).truth


def test_a_note_is_the_page_of_what_the_vocabulary_says(tmp_path: Path) -> None:
    graph, _ = built(tmp_path, "organisation,Quay,,,GB,,,\n")
    assert graph.query("ASK { <organisation/quay> :page note:c; :country country:GB . note:c :about <organisation/quay> }").truth


def test_a_change_reads_only_what_it_touches(tmp_path: Path) -> None:
    built(tmp_path, "initiative,Open Door,,,,,,\n")
    _, report = built(tmp_path, "initiative,Open Door,,,,,,\ntheme,old quay,,,,,,\n")
    assert (report.full, report.written) == (False, 1)
    _, report = built(tmp_path, "initiative,Open Door,,,,,,\ntheme,old quay,,,,,,\n")
    assert (report.full, report.written) == (False, 0)


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ("initiative,Open Door,,,,,,\ninitiative,Shut Door,open door,,,,,\n", 3, "Open Door"),
        ("initiativ,Open Door,,,,,,\n", 2, "initiativ"),
        ("initiative,Open Door,,,Atlantis,,,\n", 2, "Atlantis"),
    ],
)
def test_a_broken_vocabulary_is_told_and_the_old_graph_stays(tmp_path: Path, rows: str, line: int, words: str) -> None:
    before, _ = built(tmp_path, "initiative,Open Door,,,,,,\n")
    said = before.export(form="nquads")
    with pytest.raises(VocabularyError, match=words) as error:
        built(tmp_path, rows)
    assert f"vocabulary.csv:{line}" in str(error.value)
    assert error.value.hint
    assert kg.open(tmp_path).export(form="nquads") == said


def test_the_three_forms_make_the_same_graph(tmp_path: Path) -> None:
    from kg import kinds, vocabulary

    graph, _ = built(tmp_path, "initiative,Open Door,siarad,,GH,City of Cardiff,Trust,\ninitiative,Quiet Harbour Programme,,,,,,yes\n")
    said = graph.export(form="nquads")
    entries = vocabulary.read(tmp_path / "vocabulary.csv", graph.names.base, kinds.BUILTIN).entries
    (tmp_path / "vocabulary.csv").unlink()
    for name in ("vocabulary.ttl", "vocabulary.yaml"):
        vocabulary.write(tmp_path / name, entries, graph.names.base)
        assert kg.build(tmp_path).written == 0
        kg.build(tmp_path, full=True)
        assert kg.open(tmp_path).export(form="nquads") == said
        (tmp_path / name).unlink()


def test_without_decisions_the_graph_knows_no_vocabulary(tmp_path: Path) -> None:
    graph, _ = built(tmp_path, "")
    assert not graph.query("ASK { <vocabulary> ?p ?o }").truth


def test_a_page_states_facts_with_names_that_are_decided(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntype: initiative\norganisation: Kirkeby Council\n---\n# Open Quay\nWords.\n")
    (tmp_path / "vocabulary.csv").write_text("kind,name,aliases\norganisation,Kirkeby Council,KiCo\n")
    kg.build(tmp_path)
    assert kg.open(tmp_path).query("ASK { <initiative/open-quay> :organisation <organisation/kirkeby-council> }")
    (tmp_path / "a.md").write_text("---\ntype: initiative\norganisation: KiCo\n---\n# Open Quay\nWords.\n")
    kg.build(tmp_path)
    assert kg.open(tmp_path).query("ASK { <initiative/open-quay> :organisation <organisation/kirkeby-council> }")
    (tmp_path / "vocabulary.csv").write_text("kind,name,rejected\norganisation,KiCo,yes\n")
    kg.build(tmp_path)
    assert not kg.open(tmp_path).query("ASK { <initiative/open-quay> :organisation ?o }")
