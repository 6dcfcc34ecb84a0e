"""What a passage says of the things it names, as far as a fact."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg import extract, markdown
from kg.extract.relations import relations
from kg.model import Note
from kg.network import lookup


def told(text: str) -> list[tuple[str, str, str]]:
    named = extract.named(markdown.read(Note("a.md", text, "")), extract.builtin())
    return [(each.subject.surface, each.object.key, each.rule) for each in relations(named.document, named.mentions)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Ghana\'s "Open Door" reached all.', [("Open Door", "GH", "owner")]),
        ('the Ghanaian "Open Door" scheme', [("Open Door", "GH", "owner")]),
        ("Ghana’s new “Open Door” grew", [("Open Door", "GH", "owner")]),
        ('The "Open Door" programme in the Netherlands', [("Open Door", "NL", "place")]),
        ('The "Open Door" online platform from Ghana', [("Open Door", "GH", "place")]),
        ('The "Open Door" programme was praised in Ghana.', []),
        ('Ghana saw the "Open Door" programme.', []),
        ('The "Open Door" programme. In Ghana, nothing.', []),
    ],
)
def test_only_what_stands_between_two_names_counts(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(text) == expected


def test_a_fact_has_a_claim_with_its_passage_and_its_rule(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text('Ghana\'s "Open Door" reached all.\n\nLater, Ghana\'s "Open Door" closed.\n')
    (tmp_path / "b.md").write_text('Ghana\'s "OPEN DOOR" again.\n')
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    assert graph.query("ASK { <initiative/open-door> :country country:GH; rdfs:label 'OPEN DOOR' }").truth
    claims = (
        "{ ?k a :Claim; :note ?n; rdf:subject ?i; rdf:predicate :country; rdf:object country:GH; :rule 'owner'; :confidence ?c; :evidence/:line ?l }"
    )
    rows = {(str(row[0]), str(row[1])) for row in graph.query(f"SELECT ?n ?l {claims}").rows}
    base, number = "<https://example.org/kg/note/", "^^<http://www.w3.org/2001/XMLSchema#integer>"
    assert rows == {(f"{base}a>", f'"1"{number}'), (f"{base}a>", f'"3"{number}'), (f"{base}b>", f'"1"{number}')}
    # Who says so: the fact is in the named graph of each note.
    assert {str(row[0]) for row in graph.query("SELECT ?g { GRAPH ?g { ?i :country ?c } }").rows} == {f"{base}a>", f"{base}b>"}
    network = graph.networkx()
    edge = network.edges[lookup(network, "Open Door", graph.names), "https://example.org/kg/country/GH", "country"]
    assert [(each.path, each.line) for each in edge["evidence"]] == [("a.md", 1), ("b.md", 1), ("a.md", 3)]
    (tmp_path / "b.md").unlink()
    (tmp_path / "a.md").write_text("nothing now")
    kg.build(tmp_path)
    assert not kg.open(tmp_path).query("ASK { ?i :country ?c }").truth
