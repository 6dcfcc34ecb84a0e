"""What authors state under keys: of what it is said, where it leads, what speaks for it, how it is declared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg import config, declared, explain, load, markdown, properties, shards, store
from kg.cli import cli
from kg.errors import KgError
from kg.model import Note
from kg.names import Names
from kg.shards.engines import Here

VAULT = {
    "kg.toml": '[types]\nfolders = { people = "person" }\n[properties]\nup = "skos:broader"\nland = ":country"\nby = ":organisation"\n'
    'summary = "http://purl.org/dc/terms/description"\n',
    "harbour.md": """---
title: Harbour Watch
type: initiative
country: PT
up: "[[Clean Water]]"
land: Chile
by: [Tide Office, 4]
budget: +1.50
summary: A watch on the harbour.
partners: ["[[people/ada|Ada]]", "Some office", "[[gone partner]]"]
seen: "[[2024-05-01]]"
---
# Harbour Watch

supports:: [[Clean Water|water]]

It is good (opposes:: [[Sludge]]) and [rating:: 4].
""",
    "Clean Water.md": "---\nup: Environment\nRelated_to: [[Sludge]]\nstars: 5\n---\n# Clean Water\n\nWater.\n",
    "Sludge.md": "---\nup:\n  - '[[Clean Water]]'\n  - mud\nland: Atlantis\n---\nMud.\n",
    "people/ada.md": "---\ntitle: Ada Quill\nborn: 1970\nland: Ghana\nup: '[[Clean Water]]'\n---\nA person.\n",
    "2024-05-01.md": "---\nmood: fine\nmet: '[[Ada Quill]]'\nland: Ghana\nnext: '[[2024-05-02]]'\n---\nA day.\n",
}
STATED = """
initiative:harbour-watch :country country:CL
initiative:harbour-watch :country country:PT
initiative:harbour-watch :organisation organisation:tide-office
initiative:harbour-watch dcterms:description "A watch on the harbour."
initiative:harbour-watch vault:budget 1.5
initiative:harbour-watch vault:by 4
initiative:harbour-watch vault:opposes theme:sludge
initiative:harbour-watch vault:partners "Some office"
initiative:harbour-watch vault:partners person:ada-quill
initiative:harbour-watch vault:partners theme:gone-partner
initiative:harbour-watch vault:rating 4
initiative:harbour-watch vault:seen note:2024-05-01
initiative:harbour-watch vault:supports theme:clean-water
initiative:harbour-watch vault:up theme:clean-water
note:2024-05-01 vault:land "Ghana"
note:2024-05-01 vault:met person:ada-quill
note:2024-05-01 vault:mood "fine"
note:2024-05-01 vault:next note:2024-05-02
person:ada-quill :country country:GH
person:ada-quill vault:born 1970
person:ada-quill vault:up theme:clean-water
theme:clean-water skos:broader theme:environment
theme:clean-water vault:related-to theme:sludge
theme:clean-water vault:stars 5
theme:sludge skos:broader theme:clean-water
theme:sludge skos:broader theme:mud
theme:sludge vault:land "Atlantis"
"""
VERBS = "FILTER(STRSTARTS(STR(?p), STR(vault:)) || ?p IN (:country, :organisation, skos:broader, dcterms:description))"


def written(folder: Path, notes: dict[str, str]) -> Path:
    for name, text in notes.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def built(folder: Path, notes: dict[str, str]) -> kg.Graph:
    kg.build(written(folder, notes))
    return kg.open(folder)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    return built(tmp_path_factory.mktemp("stated"), VAULT)


def rows(graph: kg.Graph, query: str) -> list[tuple[str, ...]]:
    from kg.turtle import shortener

    short = shortener(graph.names)
    return sorted(tuple(short(str(term)) for term in row) for row in graph.query(query).terms)


def own(graph: kg.Graph) -> str:
    return (graph.generation.folder / declared.FILE).read_text(encoding="utf-8")


# -- of what it is said, and where it leads ------------------------------------------------------------


def test_what_a_page_states_is_said_of_its_thing_and_leads_to_things(graph: kg.Graph) -> None:
    found = rows(graph, f"SELECT ?s ?p ?o {{ ?s ?p ?o {VERBS} }}")
    assert [" ".join(row).replace('"1.5"^^xsd:decimal', "1.5") for row in found] == STATED.strip().split("\n")


def test_every_statement_has_a_claim_that_leads_to_its_line(graph: kg.Graph) -> None:
    said = rows(graph, f"SELECT ?s ?p ?o {{ ?s ?p ?o {VERBS} }}")
    claims = rows(
        graph,
        f"SELECT ?s ?p ?o {{ ?c a :Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; :rule 'property' ; :confidence 1.0 ; :note ?n ;"
        f" :evidence [a :Passage ; :note ?n ; :line ?l ; :text ?t] {VERBS} }}",
    )
    assert claims == said
    lines = rows(
        graph,
        "SELECT ?p ?l ?t { ?c rdf:subject initiative:harbour-watch ; rdf:predicate ?p ; :evidence [:line ?l ; :text ?t] FILTER(?p IN (vault:budget, vault:rating)) }",
    )
    assert lines == [("vault:budget", "8", '"budget: +1.50"'), ("vault:rating", "17", '"It is good (opposes:: Sludge) and [rating:: 4]."')]


def test_the_graph_of_a_note_holds_what_others_may_state_too(graph: kg.Graph) -> None:
    said = rows(graph, f"SELECT ?s ?p ?o {{ ?s ?p ?o {VERBS} }}")
    shared = rows(graph, f"SELECT ?s ?p ?o {{ GRAPH ?g {{ ?s ?p ?o }} {VERBS} }}")
    assert shared == [row for row in said if not row[0].startswith("note:")]
    assert rows(graph, "SELECT ?g { GRAPH ?g { ?s vault:born ?o } }") == [("<note/people/ada>",)]


def test_no_shape_is_broken(graph: kg.Graph) -> None:
    done = CliRunner().invoke(cli, ["check", "--shacl", graph.generation.manifest.source, "--format", "json"])
    assert "shape" not in done.output, done.output


def test_two_spellings_of_a_number_are_one_fact(tmp_path: Path) -> None:
    graph = built(tmp_path, {"a.md": "size:: 1.5\n\nsize:: +1.50\n\nsize:: 1.500\n"})
    assert rows(graph, "SELECT ?o (COUNT(?e) AS ?n) { ?c rdf:object ?o ; :evidence ?e } GROUP BY ?o") == [('"1.5"^^xsd:decimal', "3")]


def test_words_that_go_first_do_so_in_front_matter(tmp_path: Path) -> None:
    note = '---\nup: "[[the plan|proj.plan]]"\nsaid: "We met [[the sea|proj.sea]]"\ncountry: "[[the land|Ghana]]"\ntype: "[[a work|initiative]]"\n---\n# Home\n'
    graph = built(tmp_path, {"home.md": note, "proj.plan.md": "# Plan\n", "dendron.yml": ""})
    found = rows(graph, "SELECT ?s ?p ?o { ?s ?p ?o FILTER(STRSTARTS(STR(?p), STR(vault:)) || ?p = :country) }")
    assert found == [
        ("initiative:home", ":country", "country:GH"),
        ("initiative:home", "vault:said", '"We met the sea"'),
        ("initiative:home", "vault:up", "theme:plan"),
    ]


def test_what_becomes_a_page_of_something_else_takes_its_statements_along(tmp_path: Path) -> None:
    graph = built(tmp_path, {"a.md": "stars:: 4\n\nsupports:: [[b]]\n", "b.md": "# B\n"})
    assert rows(graph, "SELECT ?s ?o { ?s vault:supports ?o }") == [("theme:a", "theme:b")]
    graph = built(tmp_path, {"b.md": "---\ntype: person\n---\n# B\n"})
    assert rows(graph, "SELECT ?s ?o { ?s vault:supports ?o }") == [("theme:a", "person:b")]
    assert "rangeIncludes :Person" in own(graph)
    graph = built(tmp_path, {"a.md": "---\ntype: initiative\n---\nstars:: 4\n\nsupports:: [[b]]\n"})
    assert rows(graph, "SELECT ?s ?p ?o { ?s ?p ?o FILTER(STRSTARTS(STR(?p), STR(vault:))) }") == [
        ("initiative:a", "vault:stars", "4"),
        ("initiative:a", "vault:supports", "person:b"),
    ]


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,6}", fullmatch=True), st.lists(texts | st.sampled_from(["[[x]]", "[[x|y]]", "a [[x]] b"]), max_size=4), max_size=4
    )
)
def test_whatever_front_matter_states_has_its_passage(given_: dict[str, list[str]]) -> None:
    import json

    head = "".join(f"{key}: {json.dumps(values)}\n" for key, values in given_.items())
    document = markdown.read(Note("a.md", f"---\n{head}---\nWords.\n", ""))
    for each in properties.stated(document):
        assert 1 <= each.at <= document.head
        assert document.parts[each.at - 1].text.startswith(f"{each.key}: ")
        assert each.target or each.text in document.parts[each.at - 1].text


@pytest.mark.parametrize("meant", ["rdf:type", ":linksTo", "kg:page"])
def test_a_key_cannot_mean_what_kg_says_itself(tmp_path: Path, meant: str) -> None:
    (tmp_path / "kg.toml").write_text(f'[properties]\nup = "{meant}"\n')
    with pytest.raises(KgError, match="kg says itself"):
        config.read(tmp_path / "kg.toml")


# -- asked for -------------------------------------------------------------------------------------------


def test_show_and_explain_lead_to_the_line(graph: kg.Graph) -> None:
    folder = str(graph.generation.folder.parent)
    told = CliRunner().invoke(cli, ["-g", folder, "show", "Harbour Watch"]).output
    assert "budget  1\n  1  1.5\n     harbour.md:8  budget: +1.50\n" in told
    assert "partners  3\n  1  Ada Quill  person:ada-quill\n     harbour.md:10  partners: Ada, Some office, gone partner\n" in told
    found = explain.fact(graph, "Harbour Watch", "partners", "Ada Quill")
    assert (found.property, found.held, [str(place) for claim in found.claims for place in claim.places]) == (
        "vault:partners",
        "fact",
        ["harbour.md:10:26"],
    )
    found = explain.fact(graph, "Harbour Watch", "vault:budget", "1.5")
    assert (found.object, found.held, [str(place) for claim in found.claims for place in claim.places]) == (
        '"1.5"^^xsd:decimal',
        "fact",
        ["harbour.md:8"],
    )
    found = explain.fact(graph, "Harbour Watch", "rating", "5")
    assert (found.held, found.instead) == ("", ("4",))
    found = explain.fact(graph, "2024-05-01.md", "mood", "fine")
    assert (found.subject, found.held) == ("note:2024-05-01", "fact")
    assert explain.fact(graph, "Clean Water", "Related_to", "Sludge").held == "fact"
    assert [claim.statement for claim in explain.line(graph, "harbour.md", 17).claims] == [
        "initiative:harbour-watch vault:opposes theme:sludge",
        "initiative:harbour-watch vault:rating 4",
    ]
    one = CliRunner().invoke(cli, ["-g", folder, "explain", "Harbour Watch vault:supports Clean Water"]).output
    assert one.startswith("initiative:harbour-watch vault:supports theme:clean-water  a fact\n")
    with pytest.raises(KgError, match="no fact has the property 'suports'") as caught:
        explain.fact(graph, "Harbour Watch", "suports", "Clean Water")
    assert caught.value.hint == "did you mean 'vault:supports'?"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT ?a { ?a vault:suports ?b }", "no note states anything with vault:suports; did you mean vault:supports?"),
        ("SELECT ?a { ?a vault:Related_to ?b }", "no note states anything with vault:Related_to; did you mean vault:related-to?"),
        ("SELECT ?a { ?a :supports ?b }", "the ontology has no term :supports; did you mean vault:supports?"),
        ("SELECT ?a { ?a vault:zebra ?b }", "nothing in this graph has vault:zebra"),
        (
            "SELECT ?a { note:harbour vault:supports ?a }",
            "note:harbour is a note, and what its author states is said of initiative:harbour-watch, which it is the page of",
        ),
    ],
)
def test_an_empty_answer_knows_the_properties_of_the_vault(graph: kg.Graph, query: str, told: str) -> None:
    done = CliRunner().invoke(cli, ["-g", str(graph.generation.folder.parent), "query", query])
    assert told in done.stderr


# -- declared --------------------------------------------------------------------------------------------


def test_the_properties_of_a_vault_are_declared_beside_the_graph(graph: kg.Graph) -> None:
    import rdflib

    found = rdflib.Graph().parse(data=own(graph), format="turtle")
    vault = rdflib.Namespace(f"{graph.names.base}property/")
    assert (rdflib.URIRef(vault), rdflib.RDF.type, rdflib.OWL.Ontology) in found
    used = {row.p for row in graph.query("SELECT DISTINCT ?p { ?s ?p ?o FILTER(STRSTARTS(STR(?p), STR(vault:))) }")}
    assert {str(each) for each in found.subjects(rdflib.URIRef("http://schema.org/rangeIncludes"))} == used
    partners = 'vault:partners a rdf:Property ;\n    rdfs:label "partners" ;\n    schema:rangeIncludes xsd:string, :Person, :Theme .'
    seen = 'vault:seen a owl:ObjectProperty ;\n    rdfs:label "seen" ;\n    schema:rangeIncludes :Note .'
    stars = 'vault:stars a owl:DatatypeProperty ;\n    rdfs:label "stars" ;\n    schema:rangeIncludes xsd:integer .'
    related = 'vault:related-to a owl:ObjectProperty ;\n    rdfs:label "related to" ;'
    assert all(each in own(graph) for each in (partners, seen, stars, related))
    assert "domain" not in own(graph)


def test_at_the_detail_of_notes_a_graph_holds_what_authors_state_and_no_more(tmp_path: Path) -> None:
    words = "The Harbour Agency (HA) of Norway runs [[Tides Lab]] in Peru.\n\n## Sea walls\n\n**Cost:** much.\n\nland:: Chile\n\ncountry:: Ghana\n"
    notes = {"a.md": f"---\ntype: initiative\nthemes: [Trust]\n---\n# Harbour Watch\n\n{words}", "b.md": "# Tides Lab\n\n[[nowhere]]\n"}
    (tmp_path / "kg.toml").write_text('[graph]\ndetail = "notes"\n[properties]\nland = ":country"\n')
    graph = built(tmp_path, notes)
    named = {row.label for row in graph.query("SELECT DISTINCT ?label { ?note a :Note ; :mentions|:about ?x . ?x rdfs:label ?label }")}
    assert named == {"Harbour Watch", "Trust", "Ghana", "Chile", "Tides Lab", "nowhere"}
    assert sorted(row.iri for row in graph.query("SELECT (STR(?c) AS ?iri) { initiative:harbour-watch :country ?c }")) == [
        f"{Names().base}country/{code}" for code in ("CL", "GH")
    ]
    assert graph.query("ASK { <note/a> :linksTo <note/b> . <note/b> :linksTo ?gone . ?gone a :MissingNote }")
    assert not graph.query("SELECT * { { ?x a :Passage } UNION { ?x a :Section } UNION { ?x a :Claim } }", suggested=True)
    assert [hit.path for hit in graph.search("agency")] == ["a.md"]  # the index has every passage


def test_a_declaration_goes_with_the_last_note_that_has_the_key(tmp_path: Path) -> None:
    graph = built(tmp_path, {"a.md": "stars:: 4\n", "b.md": "stars:: four\n\ncolour:: red\n", "c.md": "words"})
    assert "schema:rangeIncludes xsd:integer, xsd:string" in own(graph)
    graph = built(tmp_path, {"b.md": "words"})
    assert 'vault:stars a owl:DatatypeProperty ;\n    rdfs:label "stars" ;\n    schema:rangeIncludes xsd:integer .' in own(graph)
    assert "colour" not in own(graph)
    (tmp_path / "a.md").unlink()
    assert not kg.build(tmp_path).full
    assert "stars" not in own(kg.open(tmp_path))


def test_a_file_of_declarations_that_is_damaged_is_made_anew(tmp_path: Path) -> None:
    graph = built(tmp_path, {"a.md": "stars:: 4\n"})
    before = own(graph)
    for harm in (Path.unlink, lambda path: path.write_text("nothing", encoding="utf-8")):
        harm(kg.open(tmp_path).generation.folder / declared.FILE)
        assert store.verify(kg.open(tmp_path).generation)
        assert kg.build(tmp_path).full
        assert own(kg.open(tmp_path)) == before


def test_shards_and_loaded_graphs_declare_the_same(tmp_path: Path, graph: kg.Graph) -> None:
    source = graph.generation.manifest.source
    shards.build(source, str(tmp_path / "shards"), config.read(Path(source, "kg.toml")), Here(), chunk=2)
    (run,) = (tmp_path / "shards").glob("run-*")
    assert (run / declared.FILE).read_text(encoding="utf-8") == own(graph)
    load.load([str(tmp_path / "shards")], tmp_path / "of-shards")
    assert own(kg.open(tmp_path / "of-shards")) == own(graph)
    graph.export(tmp_path / "x.ttl", ontology=True)
    load.load([str(tmp_path / "x.ttl")], tmp_path / "of-export")
    assert own(kg.open(tmp_path / "of-export")) == own(graph)
    other = tmp_path / "other.nt"
    other.write_text(f'<urn:a> <{Names().base}property/age> "4"@en , <urn:b> .\n', encoding="utf-8")
    load.load([str(other)], tmp_path / "of-export", form="turtle", add=True)
    added = own(kg.open(tmp_path / "of-export"))
    assert "vault:age a rdf:Property" in added
    assert "vault:supports a owl:ObjectProperty" in added
    assert os.listdir(tmp_path / "of-export")


def test_a_kind_in_front_matter_needs_no_note_but_may_have_one(tmp_path: Path) -> None:
    notes = {
        "a.md": '---\ntype: "[[Initiative]]"\n---\n# A\n',
        "b.md": "---\ntype: [[Person]]\n---\n# B\n",
        "c.md": '---\ntype: "[[Sloop]]"\n---\n# C\n',
    }
    for name, text in notes.items():
        (tmp_path / name).write_text(text)
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    assert graph.query("ASK { initiative:a a :Initiative . person:b a :Person }")
    assert [row.text for row in graph.query("SELECT ?text { ?i :code 'broken-link' ; :text ?text }")] == ["[[Sloop]]: no note has this name"]
    assert not graph.query("ASK { theme:initiative ?p ?o }")
    (tmp_path / "Initiative.md").write_text("# Initiative\n")
    kg.build(tmp_path)
    assert kg.open(tmp_path).query("ASK { <note/a> :linksTo <note/Initiative> }")
