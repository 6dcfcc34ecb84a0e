"""What a note says of the things it names, as far as a fact."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kg
from kg import extract, markdown
from kg.extract import relations as relations_module
from kg.extract.relations import CONFIDENCE, relations
from kg.model import Document, Mention, Note


def read(text: str) -> tuple[Document, list[list[Mention]]]:
    document = markdown.read(Note("note.md", text, ""))
    named = extract.named(document, extract.builtin())
    return document, [[each for each in said if each.kind != "name"] for said in named.mentions]


def told(text: str) -> list[tuple[str, str, str]]:
    return [(each.subject.surface, each.object.key, each.rule) for each in relations(*read(text))]


@pytest.mark.parametrize(
    "text",
    [
        'Ghana\'s "Open Door" reached all.',
        'the Ghanaian "Open Door" scheme',
        "Ghana’s new “Open Door” grew",
        'The "Open Door" programme in Ghana',
        'The "Open Door" online platform from Ghana',
        'In Ghana, the "Open Door" programme was praised.',
    ],
)
def test_what_leaves_no_doubt_is_a_fact(text: str) -> None:
    assert [(name, country, CONFIDENCE[rule] >= 0.9) for name, country, rule in told(text)] == [("Open Door", "GH", True)]


@pytest.mark.parametrize(
    "text",
    [
        'The "Open Door" programme was praised in Ghana.',
        'Ghana saw the "Open Door" programme.',
        'The "Open Door" programme. In Ghana, nothing.',
        '# Ghana\nThe "Open Door" programme.',
    ],
)
def test_what_needs_a_reader_is_no_fact(text: str) -> None:
    assert [rule for _, _, rule in told(text) if CONFIDENCE[rule] >= 0.9] == []


def test_a_relation_is_said_once_in_a_text_by_its_best_rule_and_again_in_the_next() -> None:
    text = 'Ghana tested the "Open Door" scheme, Ghana\'s "Open Door" scheme.\n\nAlso Ghana\'s "Open Door" scheme.'
    assert [(each.at, each.rule) for each in relations(*read(text))] == [(1, "owner"), (2, "owner")]


def test_every_rule_has_a_golden_case_and_a_line_in_the_manual() -> None:
    golden = (Path(__file__).parent / "golden" / "relations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"-> .+ \(([a-z-]+)\)$", golden, re.MULTILINE)) == set(CONFIDENCE)
    assert relations_module.__doc__
    told = set(re.findall(r"(?<!\S)[a-z]+(?:-[a-z]+)?(?=\s)", relations_module.__doc__))
    alike = {f"{prefix}-{rule}" for prefix in ("lead", "home", "job") for rule in told & set(CONFIDENCE)}
    assert set(CONFIDENCE) - told - alike == set()


def test_a_fact_has_a_claim_with_its_passage_and_its_rule(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text('Ghana\'s "Open Door" reached all.\n\nLater, Ghana\'s "Open Door" closed.\n')
    (tmp_path / "b.md").write_text('Ghana\'s "OPEN DOOR" again.\n')
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    assert graph.query("ASK { <initiative/open-door> :country country:GH; rdfs:label 'OPEN DOOR' }").truth
    claims = (
        "{ ?k a :Claim; :note ?n; rdf:subject ?i; rdf:predicate :country; rdf:object country:GH; :rule 'owner'; :confidence ?c; :evidence/:line ?l }"
    )
    rows = {(str(row[0]), str(row[1])) for row in graph.query(f"SELECT ?n ?l {claims}").terms}
    base, number = "<https://example.org/kg/note/", "^^<http://www.w3.org/2001/XMLSchema#integer>"
    assert rows == {(f"{base}a>", f'"1"{number}'), (f"{base}a>", f'"3"{number}'), (f"{base}b>", f'"1"{number}')}
    # Who says so: the fact is in the named graph of each note.
    assert {str(row[0]) for row in graph.query("SELECT ?g { GRAPH ?g { ?i :country ?c } }").terms} == {f"{base}a>", f"{base}b>"}
    network = graph.networkx()
    edge = network.edges[graph.find("Open Door", suggested=True), "https://example.org/kg/country/GH", "country"]
    assert [(each.path, each.line) for each in edge["evidence"]] == [("a.md", 1), ("b.md", 1), ("a.md", 3)]
    (tmp_path / "b.md").unlink()
    (tmp_path / "a.md").write_text("nothing now")
    kg.build(tmp_path)
    assert not kg.open(tmp_path).query("ASK { ?i :country ?c }").truth


def test_a_link_that_shows_no_words_of_its_own_states_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\n[[delta #2]] and [x](#) ![[C]] [[quay]]\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("---\ntype: initiative\naliases: [C, delta]\n---\n# Open Door\n", encoding="utf-8")
    (tmp_path / "c.md").write_text(
        "---\ntype: organisation\naliases: [D]\n---\n# Salt Works\n\n![[C]] of ![[D]] in Portugal, for [[quay]].\n", encoding="utf-8"
    )
    kg.build(tmp_path)
    assert kg.open(tmp_path).query("ASK { <note/a> :mentions initiative:open-door }")
