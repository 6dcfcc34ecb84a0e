"""What keys mean by a JSON-LD context, and that one which cannot be read costs nothing but itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import kg
from kg import contexts
from kg.cli import cli
from kg.contexts import Flaw, Term

ROOT = {
    "@context": [
        {
            "@base": "https://example.org/",
            "@language": "en",
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
            "sdo": "https://schema.org/",
            "label": "rdfs:label",
            "type": "@type",
            "id": "@id",
            "broader": {"@id": "skos:broader", "@type": "@id", "@container": "@set"},
            "drop": None,
        },
        "Ontologies/Sea/context.jsonld",
    ]
}
SEA = {
    "@context": {
        "@base": "https://example.org/sea#",
        "sea": "https://example.org/sea#",
        "carries": {"@id": "sea:carries", "@type": "@id"},
        "length": {"@id": "sea:length", "@type": "xsd:decimal"},
        "built": {"@id": "sea:built", "@type": "xsd:gYear"},
        "motto": {"@id": "sea:motto", "@language": "la"},
        "code": {"@id": "sea:code", "@type": "@none"},
        "kin": {"@id": "sea:kin", "@type": "@vocab"},
        "tags": "sea:keyword",
    }
}
BOAT = """---
type: "[[Initiative]]"
id: https://example.org/boats/1
carries: ["[[Salt]]", "sea:Cod", "grain"]
length: 12.50
built: 1904
motto: Per mare
code: 0012
kin: sdo:Boat
broader: "[[Fleet]]"
tags: [wood]
label: The first
drop: gone
crew: 4
said: aloud
---
# Boat
"""


def put(folder: Path, files: dict[str, object]) -> Path:
    for name, given in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(given if isinstance(given, str) else json.dumps(given, indent=1), encoding="utf-8")
    return folder


def said(folder: Path, thing: str) -> dict[str, set[str]]:
    graph = kg.open(folder)
    found: dict[str, set[str]] = {}
    for verb, value in graph.query(f"SELECT ?p ?o {{ <{thing}> ?p ?o }}").terms:
        found.setdefault(str(verb).strip("<>"), set()).add(str(value).replace(graph.names.base, ""))
    return found


def test_keys_mean_what_the_context_says(tmp_path: Path) -> None:
    vault = put(tmp_path, {"context.jsonld": ROOT, "Ontologies/Sea/context.jsonld": SEA, "boat.md": BOAT, "Salt.md": "# Salt", "Fleet.md": "x"})
    report = kg.build(vault)
    assert report.skipped == ()
    found = said(vault, "initiative/boat")
    sea, xsd = "https://example.org/sea#", "http://www.w3.org/2001/XMLSchema#"
    assert found[f"{sea}carries"] == {"<theme/salt>", f"<{sea}Cod>", "<https://example.org/grain>"}
    assert found[f"{sea}length"] == {f'"12.5"^^<{xsd}decimal>'}
    assert found[f"{sea}built"] == {f'"1904"^^<{xsd}gYear>'}
    assert found[f"{sea}motto"] == {'"Per mare"@la'}
    assert found[f"{sea}code"] == {'"0012"'}
    assert found[f"{sea}kin"] == {"<https://schema.org/Boat>"}
    assert found[f"{sea}keyword"] == {'"wood"@en'}
    assert next(values for verb, values in found.items() if verb.endswith("property/broader")) == {
        "<theme/fleet>"
    }  # no initiative has a broader theme
    assert found["http://www.w3.org/2002/07/owl#sameAs"] == {"<https://example.org/boats/1>"}
    assert not [each for each in found["http://www.w3.org/1999/02/22-rdf-syntax-ns#type"] if "note/" in each]
    assert found["http://www.w3.org/2004/02/skos/core#altLabel"] == {'"The first"@en'}
    assert found["http://www.w3.org/2000/01/rdf-schema#label"] == {'"Boat"'}
    assert not [verb for verb in found if "drop" in verb]
    own = "property/"
    assert [sorted(values) for verb, values in found.items() if verb.endswith(f"{own}crew")] == [[f'"4"^^<{xsd}integer>']]
    assert [sorted(values) for verb, values in found.items() if verb.endswith(f"{own}said")] == [['"aloud"@en']]
    assert kg.open(vault).query("ASK { ?thing a :Initiative ; rdfs:label 'Boat' }")


def test_a_vocabulary_gives_all_keys_a_meaning_and_the_settings_go_first(tmp_path: Path) -> None:
    given = {"@context": {"@vocab": "https://example.org/v#", "v": "https://example.org/v#", "up": "v:above"}}
    vault = put(tmp_path, {"context.jsonld": given, "a.md": '---\nup: "[[b]]"\nsize: 4\n"v:kept": 5\nnext: "[[b]]"\n---\n', "b.md": "x"})
    put(vault, {"kg.toml": '[properties]\nnext = "schema:nextItem"\n'})
    kg.build(vault)
    found = said(vault, "theme/a")
    assert found["https://example.org/v#above"] == found["http://schema.org/nextItem"] == {"<theme/b>"}
    assert {key: [each.partition("^")[0] for each in found[f"https://example.org/v#{key}"]] for key in ("size", "kept")} == {
        "size": ['"4"'],
        "kept": ['"5"'],
    }


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ('{"@context": {\n "a": }', Flaw("context.jsonld", 2, "not valid JSON (Expecting value): this context is not used")),
        ('{"@context":\n ["https://example.org/c.jsonld"]}', Flaw("context.jsonld", 2, "https://example.org/c.jsonld is on the web, and nothing is fetched: save it in the vault, and name the file here")),
        ('{"@context":\n\n ["gone.jsonld"]}', Flaw("context.jsonld", 3, "gone.jsonld cannot be read: No such file or directory")),
        ('{"@context": ["../x.jsonld"]}', Flaw("context.jsonld", 1, "../x.jsonld lies outside the vault")),
        ('{"@context":\n ["context.jsonld"]}', Flaw("context.jsonld", 2, "context.jsonld is a part of itself")),
        ('{"@context": {\n "x": "no iri"}}', Flaw("context.jsonld", 2, "x means 'no iri', which is no IRI")),
        ('{"@context": {\n "x": {"@id": "https://example.org/x",\n "@type": "q:t"}}}', Flaw("context.jsonld", 2, "x has values of the type 'q:t', which is no IRI")),
        ('{"@context": {"x": "y", "y": "x"}}', Flaw("context.jsonld", 1, "x means 'y', which is no IRI")),
        ('{"@context": {\n "x": {"@reverse": "https://example.org/x"}}}', Flaw("context.jsonld", 2, "x has @reverse, which is not read")),
        ('{"@context": {"@language": 4}}', Flaw("context.jsonld", 1, "4 is no language")),
        ('{"@context": {"@vocab": 4}}', Flaw("context.jsonld", 1, "4 is no IRI")),
        ('{"@context": 4}', Flaw("context.jsonld", 1, "4 is no context")),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, text: str, flaw: Flaw) -> None:
    (tmp_path / "context.jsonld").write_text(text)
    assert flaw in contexts.read(tmp_path).flaws


def test_a_broken_context_is_told_once_and_the_build_goes_on(tmp_path: Path) -> None:
    vault = put(
        tmp_path, {"context.jsonld": '{"@context": [\n {"a": "https://example.org/a"},\n "https://example.org/c"]}', "n.md": "a:: 4\n\nb:: 5\n"}
    )
    for _ in range(2):
        done = CliRunner().invoke(cli, ["build", str(vault), "-o", str(vault / ".kg"), "--quiet"])
        assert done.exit_code == 0
        assert done.stderr.count("context.jsonld:3: https://example.org/c is on the web") == 1
    assert {"https://example.org/a"} < said(vault, "theme/n").keys()
    assert CliRunner().invoke(cli, ["build", str(vault), "-o", str(vault / ".kg"), "--quiet", "--strict"]).exit_code == 1


def test_a_changed_context_makes_the_graph_that_a_new_build_makes(tmp_path: Path) -> None:
    def graph(folder: Path) -> set[str]:
        return {" ".join(map(str, row)) for row in kg.open(folder).query("SELECT ?s ?p ?o { ?s ?p ?o }").terms}

    def part(name: str) -> dict[str, object]:
        return {"@context": {"x": f"https://example.org/{name}"}}

    vault = put(tmp_path / "v", {"n.md": '---\nx: 4\ny: "[[m]]"\n---\n', "m.md": "x:: 1\n"})
    steps: list[dict[str, object]] = [
        {"context.jsonld": {"@context": ["part.jsonld"]}, "part.jsonld": part("one")},
        {"part.jsonld": part("two")},
        {"context.jsonld": "{"},
        {"context.jsonld": {"@context": {"y": "https://example.org/y", "@vocab": "https://example.org/v/"}}},
    ]
    kg.build(vault)
    seen = [graph(vault)]
    for step in steps:
        put(vault, step)
        kg.build(vault)
        kg.build(vault, tmp_path / "anew", full=True)
        assert graph(vault) == graph(tmp_path / "anew")
        seen.append(graph(vault))
    (vault / "context.jsonld").unlink()
    kg.build(vault)
    assert graph(vault) == seen[0] == seen[3]
    assert len({frozenset(each) for each in seen}) == 4


def test_terms_are_found_as_written_or_but_for_capitals() -> None:
    known = contexts.Context((("Made by", Term("https://example.org/m")), ("ex", Term("https://example.org/"))), there=True)
    assert known.term("made_by") == Term("https://example.org/m")
    assert known.term("ex:size") == Term("https://example.org/size")
    assert (known.term("size"), contexts.NONE.term("type")) == (None, None)


def test_many_files_and_nested_lists_end(tmp_path: Path) -> None:
    names = [f"c{number}.jsonld" for number in range(2 * contexts.MOST)]
    put(tmp_path, {"context.jsonld": {"@context": names}, **{name: {"@context": {}} for name in names}})
    assert len(contexts.read(tmp_path).flaws) == 1
    (tmp_path / "context.jsonld").write_text("[" * 200_000)
    assert len(contexts.read(tmp_path).flaws) == 1
