"""What an export can be told to hold: parts, claims, suggestions, the ontology, and what it says of itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

import kg
from kg.errors import KgError, OntologyError, UsageError
from kg.export.rdfxml import as_xml
from kg.names import ONTOLOGY, STANDARD_PREFIXES, Names
from kg.ontology import path

VOID, DCTERMS, RDF = (STANDARD_PREFIXES[each] for each in ("void", "dcterms", "rdf"))
FORMATS = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS}
FACTS = """---
type: initiative
country: Portugal
organisation: Ministry of Ferries
---
# Harbour Lab

It runs in [[Lisbon]] and in Denmark. The pilot is led by “Quay Forum” in Ghana.
"""


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "harbour.md").write_text(FACTS, encoding="utf-8")
    (folder / "other.md").write_text("# Other\n\nNothing but [[harbour]].\n", encoding="utf-8")
    return folder


def opened(folder: Path) -> kg.Graph:
    kg.build(folder)
    return kg.open(folder)


def triples(text: str, form: RdfFormat = RdfFormat.TURTLE) -> set[Quad]:
    return set(parse(text.encode("utf-8"), format=form))


def values(found: set[Quad], subject: str, predicate: str) -> set[str]:
    return {getattr(each.object, "value", "") for each in found if each.subject == NamedNode(subject) and each.predicate.value == predicate}


def typed(found: set[Quad], name: str) -> set[object]:
    return {each.subject for each in found if each.predicate.value == RDF + "type" and each.object == NamedNode(ONTOLOGY + name)}


# -- the header ------------------------------------------------------------------------------


def test_the_header_counts_what_the_file_holds(samples: kg.Graph) -> None:
    for what in ("all", "facts", "notes"):
        found, body = triples(samples.export(what=what)), triples(samples.export(what=what, header=False))
        whole = samples.names.base + "dataset"
        assert values(found, whole, VOID + "triples") == {str(len(body))}
        entities = {each.subject for each in body if getattr(each.subject, "value", "").startswith(samples.names.base)}
        assert values(found, whole, VOID + "entities") == {str(len(entities))}
        for part, kind in (("class", "entities"), ("property", "triples")):
            told = {
                next(iter(values(found, each, VOID + part))): values(found, each, VOID + kind)
                for each in values(found, whole, VOID + part + "Partition")
            }
            if part == "class":
                counted = [each.object.value for each in body if each.predicate.value == RDF + "type" and isinstance(each.object, NamedNode)]
            else:
                counted = [each.predicate.value for each in body]
            assert told == {iri: {str(counted.count(iri))} for iri in set(counted)}


def test_the_header_counts_the_ontology_that_is_added(samples: kg.Graph) -> None:
    found, body = triples(samples.export(ontology=True)), triples(samples.export(ontology=True, header=False))
    assert values(found, samples.names.base + "dataset", VOID + "triples") == {str(len(body))}


def test_a_file_without_a_licence_says_so_and_a_folder_that_is_missing_is_told(samples: kg.Graph, tmp_path: Path) -> None:
    asked = ["-g", str(samples.generation.folder.parent), "export", "-o"]
    told = [_run([*asked, str(tmp_path / name), *more]) for name, *more in (("a.ttl",), ("b.ttl", "--no-header"), ("c.graphml",), ("missing/d.ttl",))]
    assert [code for code, _ in told] == [0, 0, 0, 2]
    assert [("names no licence" in text) for _, text in told] == [True, False, False, False]
    assert f"{tmp_path / 'missing'}: no such folder\n  hint: make it first, or check the path" in told[3][1]
    assert not (tmp_path / "missing").exists()


def _run(arguments: list[str]) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-m", "kg", *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_the_header_says_what_made_the_file_and_by_which_ontology(samples: kg.Graph) -> None:
    found, whole = triples(samples.export()), samples.names.base + "dataset"
    assert values(found, whole, DCTERMS + "title") == {"notes"}
    assert values(found, whole, DCTERMS + "conformsTo") == {"https://w3id.org/kgnotes/ontology/0.2.0"}
    assert values(found, whole + "#kg", STANDARD_PREFIXES["schema"] + "softwareVersion") == {kg.__version__}
    assert not [each for each in found if isinstance(each.subject, BlankNode) or isinstance(each.object, BlankNode)]


@pytest.mark.parametrize(
    ("licence", "predicate", "value"),
    [
        ("CC-BY-4.0", "license", "https://spdx.org/licenses/CC-BY-4.0"),
        ("https://example.org/terms?a=1", "license", "https://example.org/terms?a=1"),
        ("ask the <author>", "rights", "ask the <author>"),
    ],
)
def test_the_licence_is_that_of_kg_toml(vault: Path, licence: str, predicate: str, value: str) -> None:
    graph = opened(vault)
    (vault / "kg.toml").write_text(f'[graph]\nlicence = "{licence}"\n', encoding="utf-8")
    assert values(triples(graph.export()), graph.names.base + "dataset", DCTERMS + predicate) == {value}


def test_a_date_is_told_where_all_who_ask_get_the_same(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = opened(vault)
    whole, modified = graph.names.base + "dataset", DCTERMS + "modified"
    assert values(triples(graph.export()), whole, modified) == set()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert values(triples(graph.export()), whole, modified) == {"1970-01-02T00:00:00+00:00"}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH is 'soon'"):
        graph.export()


def committed(folder: Path, second: int) -> None:
    """Commit what a folder holds, in a repository of its own, at a second since 1970."""
    who = {"GIT_AUTHOR_DATE": f"@{second} +0000", "GIT_COMMITTER_DATE": f"@{second} +0000", "GIT_CONFIG_GLOBAL": os.devnull}
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "all"]):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env=os.environ | who)


def test_the_date_of_notes_in_git_is_that_of_their_last_commit(vault: Path) -> None:
    committed(vault, 1000000000)
    graph = opened(vault)
    whole, modified = graph.names.base + "dataset", DCTERMS + "modified"
    first = graph.export(vault / "graph.ttl")
    assert values(triples(first), whole, modified) == {"2001-09-09T01:46:40+00:00"}
    committed(vault, 1100000000)  # the export itself
    assert graph.export() == first
    (vault / "other.md").write_text("changed", encoding="utf-8")
    assert values(triples(graph.export()), whole, modified) == set()


def test_in_a_hook_of_another_repository_the_date_is_still_that_of_the_notes(
    vault: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other") / "vault"
    shutil.copytree(vault, other)
    committed(vault, 1000000000)
    committed(other, 1100000000)
    graph = opened(vault)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert values(triples(graph.export()), graph.names.base + "dataset", DCTERMS + "modified") == {"2001-09-09T01:46:40+00:00"}


def test_git_runs_nothing_that_the_folder_names(vault: Path) -> None:
    marker = vault / "ran"
    subprocess.run(["git", "init", "-q"], cwd=vault, check=True)
    (vault / ".gitattributes").write_text("*.md filter=evil\n", encoding="utf-8")
    with (vault / ".git" / "config").open("a", encoding="utf-8") as file:
        file.write(f'[core]\n\tfsmonitor = touch {marker}\n\tpager = touch {marker}\n[filter "evil"]\n\tclean = touch {marker}; cat\n')
    subprocess.run(
        ["git", "-c", "filter.evil.clean=", "-c", "core.fsmonitor=false", "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "--allow-empty", "-m", "x"],
        cwd=vault, check=True,
    )  # fmt: skip
    opened(vault).export()
    assert not marker.exists()


# -- parts -----------------------------------------------------------------------------------


def test_facts_and_notes_are_together_all(samples: kg.Graph) -> None:
    whole, facts, notes = (triples(samples.export(what=what, header=False)) for what in ("all", "facts", "notes"))
    assert facts | notes == whole
    assert facts < whole
    assert notes < whole
    assert typed(facts, "Claim") == typed(whole, "Claim")
    assert typed(notes, "Claim") | typed(notes, "Entity") == set()
    evidence = {each.object for each in facts if each.predicate.value == ONTOLOGY + "evidence"}
    assert evidence
    assert evidence <= {each.subject for each in facts}


def test_claims_can_be_left_out(samples: kg.Graph) -> None:
    whole, plain = triples(samples.export(header=False)), triples(samples.export(header=False, claims=False))
    claims = typed(whole, "Claim")
    assert claims
    assert plain == {each for each in whole if each.subject not in claims}
    facts = triples(samples.export(header=False, claims=False, what="facts"))
    assert {each.subject for each in facts} == typed(whole, "Entity")


@pytest.mark.parametrize("form", FORMATS)
def test_claims_reify_triple_terms_of_rdf_1_2(samples: kg.Graph, form: str) -> None:
    old, new = (triples(samples.export(form=form, header=False, rdf12=asked), FORMATS[form]) for asked in (False, True))
    said: dict[object, dict[str, Any]] = {each.subject: {} for each in old if each.predicate.value == RDF + "subject"}
    for each in old:
        if each.subject in said and each.predicate.value.startswith(RDF):
            said[each.subject][each.predicate.value.removeprefix(RDF)] = each.object
    expected = {(claim, Triple(parts["subject"], parts["predicate"], parts["object"])) for claim, parts in said.items()}
    assert expected
    assert {(each.subject, each.object) for each in new if each.predicate.value == RDF + "reifies"} == expected
    gone = {RDF + each for each in ("subject", "predicate", "object", "reifies")}
    assert {each for each in new if each.predicate.value not in gone} == {each for each in old if each.predicate.value not in gone}


def test_suggestions_stay_apart(samples: kg.Graph, oecd_like: kg.Graph) -> None:
    graph = NamedNode(oecd_like.names.suggested)
    held = {each for each in oecd_like.store if each.graph_name == graph}
    assert held
    for form in ("trig", "nquads"):
        found = triples(oecd_like.export(form=form, header=False, suggested=True), FORMATS[form])
        assert found == set(oecd_like.store)
        assert triples(oecd_like.export(form=form, header=False), FORMATS[form]) == found - held


@pytest.fixture
def oecd_like(tmp_path: Path) -> kg.Graph:
    """A vault of which rules suggest something."""
    (tmp_path / "notes").mkdir()
    text = "# Ports\n\n- **Quayside Model**: a way to run a port.\n- The Harbour Policy was made in Denmark.\n- The “Pilot Lab” of the port helps.\n"
    (tmp_path / "notes" / "ports.md").write_text(text, encoding="utf-8")
    return opened(tmp_path / "notes")


# -- the ontology ----------------------------------------------------------------------------


def test_the_ontology_is_added_axiom_by_axiom(vault: Path) -> None:
    import rdflib
    from rdflib.compare import isomorphic

    (vault / "ontology").mkdir()
    (vault / "ontology" / "own.ttl").write_text(
        f"<https://example.org/t#Port> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{ONTOLOGY}Organisation> ; <https://example.org/t#size> 5, 0.5, true .\n",
        encoding="utf-8",
    )
    graph = opened(vault)
    own = rdflib.Graph().parse(path("kg.ttl")).parse(vault / "ontology" / "own.ttl")
    own += rdflib.Graph().parse(data=graph.export(header=False), format="turtle")
    for form, reader in (("turtle", "turtle"), ("rdfxml", "xml"), ("ntriples", "nt"), ("jsonld", "json-ld")):
        found = rdflib.Graph().parse(data=graph.export(form=form, header=False, ontology=True), format=reader)
        assert isomorphic(found, own), form
    (vault / "ontology" / "own.ttl").write_text("nonsense", encoding="utf-8")
    with pytest.raises(OntologyError, match=r"own.ttl:1: not valid Turtle"):
        graph.export(ontology=True)


# -- what does not fit -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "wanted", "message"),
    [
        ("rdfxml", {"rdf12": True}, "rdfxml has no triple terms"),
        ("gexf", {"ontology": True}, "gexf cannot hold the ontology"),
        ("turtle", {"suggested": True}, "turtle cannot keep what is suggested apart"),
        ("quickstatements", {"what": "notes"}, "quickstatements holds entities"),
        ("turtle", {"what": "facst"}, "unknown part 'facst'"),
        ("csv", {}, "csv is two tables"),
    ],
)
def test_what_a_format_cannot_hold_is_refused(samples: kg.Graph, form: str, wanted: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        samples.export(form=form, **wanted)


def test_xml_refuses_a_property_that_is_no_name() -> None:
    said = {"<https://example.org/123>": ['<https://example.org/a>\t"x"']}
    with pytest.raises(KgError, match=r"<https://example.org/a> has the property <https://example.org/123>, which is no name in XML"):
        "".join(as_xml([said], Names()))


def test_xml_makes_names_of_properties_it_has_not_seen() -> None:
    import rdflib

    said = {"<https://example.org/t#2nd-size>": ['<https://example.org/a>\t"x\\r\\ny"@en'], "<urn:x:y>": ["<https://example.org/a>\t5"]}
    found = rdflib.Graph().parse(data="".join(as_xml([said], Names())), format="xml")
    assert {(str(verb), str(thing)) for _, verb, thing in found} == {("https://example.org/t#2nd-size", "x\r\ny"), ("urn:x:y", "5")}


# -- the same bytes --------------------------------------------------------------------------


def test_an_edit_changes_the_subjects_it_changed(vault: Path) -> None:
    def blocks() -> dict[str, str]:
        text = opened(vault).export(header=False)
        return {block.split(" ", 1)[0]: block for block in text.split("\n\n")[1:]}

    before = blocks()
    (vault / "other.md").write_text("# Other\n\nNothing but [[harbour]].\n\nAnd Ghana.\n", encoding="utf-8")
    after = blocks()
    changed = {subject for subject in before.keys() | after.keys() if before.get(subject) != after.get(subject)}
    assert "note:other" in changed
    assert {each for each in changed if "other" not in each} <= {"country:GH"}


def test_two_builds_give_the_same_bytes_whatever_the_jobs(tmp_path: Path, samples: kg.Graph) -> None:
    notes = Path(samples.generation.manifest.source)
    kg.build(notes, tmp_path / "graph", jobs=2)
    other = kg.open(tmp_path / "graph")
    for form in (
        "turtle",
        "trig",
        "nquads",
        "ntriples",
        "jsonld",
        "rdfxml",
        "graphml",
        "gexf",
        "csv-nodes",
        "csv-edges",
        "cypher",
        "quickstatements",
    ):
        assert other.export(form=form) == samples.export(form=form), form


def test_the_default_graph_is_all_there_is_to_turtle(samples: kg.Graph) -> None:
    found = triples(samples.export(header=False))
    assert found == set(samples.store.quads_for_pattern(None, None, None, DefaultGraph()))
    assert any(isinstance(each.object, Literal) for each in found)
