"""What authors say themselves: pages of entities, front matter, inline fields, kinds of their own, rules by folder and tag."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.errors import ConfigError, OntologyError

CITY = "---\ntype: '[[Organisation]]'\naliases: [Cardiff Council, CCC]\ncountry: GB\n---\n# City of Cardiff\n\nIt runs trams.\n"
DOOR = (
    '---\ntype: initiative\ncountry: [Ghana, "[[Chile]]"]\norganisation: "[[city]]"\nthemes: [Trust, open_data]\n---\n# Open Door\n\nSee [[trust]].\n'
)


def built(tmp_path: Path, notes: dict[str, str]) -> kg.Graph:
    for name, text in notes.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    kg.build(tmp_path)
    return kg.open(tmp_path)


def facts(graph: kg.Graph, subject: str) -> set[str]:
    rows = graph.query(f"SELECT ?p ?o {{ <{subject}> ?p ?o FILTER(STRSTARTS(STR(?p), STR(:))) }}").terms
    base = graph.names.base
    return {f"{getattr(p, 'value', '').rpartition('#')[2]} {getattr(o, 'value', '').removeprefix(base)}" for p, o in rows}


def test_a_page_gives_its_entity_an_iri_of_its_own(tmp_path: Path) -> None:
    graph = built(tmp_path, {"city.md": CITY, "a.md": "[[City]] and [[Cardiff Council]], and the CCC."})
    assert facts(graph, "organisation/city-of-cardiff") == {"page note/city", "country country/GB"}
    assert graph.query("ASK { note:city :about <organisation/city-of-cardiff>; a :Note }").truth
    assert graph.query("ASK { <organisation/city-of-cardiff> skos:altLabel 'CCC' , 'Cardiff Council' }").truth
    # Links by any of its names, and its names in plain words, name it; it is no theme.
    assert graph.query("ASK { note:a :mentions <organisation/city-of-cardiff> }").truth
    assert not graph.query("ASK { ?t a :Theme; rdfs:label 'City of Cardiff' }").truth


def test_front_matter_describes_the_entity_with_its_line(tmp_path: Path) -> None:
    graph = built(tmp_path, {"door.md": DOOR, "city.md": CITY, "trust.md": "# Trust"})
    assert facts(graph, "initiative/open-door") == {
        "page note/door", "country country/GH", "country country/CL", "organisation organisation/city-of-cardiff", "theme theme/trust", "theme theme/open-data",
    }  # fmt: skip
    claim = "SELECT ?line ?text ?rule ?sure { ?c rdf:subject <initiative/open-door>; rdf:object country:CL; :rule ?rule; :confidence ?sure; :evidence [:line ?line; :text ?text] }"
    assert [[getattr(each, "value", "") for each in row] for row in graph.query(claim).terms] == [["3", "country: Ghana, Chile", "property", "1"]]


def test_front_matter_of_any_note_says_what_it_is_about(tmp_path: Path) -> None:
    graph = built(tmp_path, {"a.md": "---\ncountry: gh\ntags: [trust, trust/privacy]\n---\nHello."})
    rows = {getattr(row[0], "value", "").removeprefix(graph.names.base) for row in graph.query("SELECT ?x { note:a :about ?x }").terms}
    assert rows == {"theme/a", "country/GH", "theme/trust", "theme/privacy"}
    assert graph.query("ASK { theme:privacy skos:broader theme:trust }").truth


def test_inline_fields_count_as_front_matter(tmp_path: Path) -> None:
    graph = built(tmp_path, {"door.md": "---\ntype: initiative\n---\n# Open Door\n\ncountry:: Ghana\nthemes:: Trust, Open data\n"})
    assert facts(graph, "initiative/open-door") >= {"country country/GH", "theme theme/trust", "theme theme/open-data"}


def test_a_country_that_is_none_is_an_issue_with_its_line(tmp_path: Path) -> None:
    graph = built(tmp_path, {"a.md": "---\ntitle: A\ncountry: Atlantis\n---\nHello."})
    rows = graph.query("SELECT ?line ?text { ?i :code 'unknown-country'; :line ?line; :text ?text }").terms
    assert [[getattr(each, "value", "") for each in row] for row in rows] == [
        ["3", "'Atlantis' is neither a code of ISO 3166 nor the name of a country"]
    ]


def test_themes_may_be_broader_and_related(tmp_path: Path) -> None:
    graph = built(tmp_path, {"privacy.md": "---\nbroader: '[[Trust]]'\nrelated: [Secrecy]\n---\n# Privacy\n", "trust.md": "# Trust"})
    assert graph.query("ASK { theme:privacy skos:broader theme:trust; skos:related theme:secrecy }").truth
    assert graph.query("ASK { theme:trust skos:inScheme ?s. ?s a skos:ConceptScheme }").truth


def test_kinds_by_folder_and_by_tag(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text('[types]\nfolders = { People = "person" }\ntags = { company = "organisation" }\n')
    notes = {"People/Ama Owusu.md": "Hello", "acme.md": "---\ntags: company\n---\n# Acme", "a.md": "[[Ama Owusu]] of [[Acme]]"}
    graph = built(tmp_path, notes)
    assert graph.query("ASK { note:a :mentions <person/ama-owusu> , <organisation/acme> . <person/ama-owusu> a :Person; :page ?n }").truth


def test_a_kind_in_the_settings_must_be_one(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text('[types]\nfolders = { People = "persn" }\n')
    with pytest.raises(ConfigError, match="persn") as error:
        kg.build(tmp_path)
    assert error.value.hint == "did you mean 'person'?"


OWN = "@prefix : <https://w3id.org/kgnotes/ontology#> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n<urn:my#Startup> rdfs:subClassOf :Organisation .\n"


def test_kinds_of_ones_own(tmp_path: Path) -> None:
    notes = {"ontology/mine.ttl": OWN, "acme.md": "---\ntype: Startup\ncountry: Ghana\n---\n# Acme", "a.md": "[[acme]]"}
    graph = built(tmp_path, notes)
    assert graph.query(
        "ASK { <startup/acme> a <urn:my#Startup> , :Organisation , :Entity ; :country country:GH . note:a :mentions <startup/acme> }"
    ).truth
    (tmp_path / "ontology/mine.ttl").unlink()
    assert kg.build(tmp_path).full


def test_a_broken_ontology_is_told_and_the_old_graph_stays(tmp_path: Path) -> None:
    built(tmp_path, {"ontology/mine.ttl": OWN, "a.md": "Hello"})
    (tmp_path / "ontology/mine.ttl").write_text(OWN + "oops\n")
    with pytest.raises(OntologyError, match=r"mine\.ttl:[45]"):
        kg.build(tmp_path)
    assert kg.open(tmp_path).query("ASK { note:a a :Note }").truth


def test_a_page_that_is_deleted_leaves_a_missing_theme(tmp_path: Path) -> None:
    built(tmp_path, {"city.md": CITY, "a.md": "[[city]]"})
    (tmp_path / "city.md").unlink()
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    assert not graph.query("ASK { ?o a :Organisation }").truth
    assert graph.query("ASK { note:a :mentions theme:city }").truth
