"""``kg check --shacl``: shapes are checked, and what they find is told in words with its note and line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kg import build, cli
from kg import open as open_graph
from kg.check import Checked, shapes
from kg.config import Config
from kg.errors import KgError, OntologyError
from kg.graph import Graph

pytest.importorskip("pyshacl")

OWN = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix : <https://w3id.org/kgnotes/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<urn:shape> a sh:NodeShape ; sh:targetClass :Initiative ;
    sh:property [ sh:path :organisation ; sh:minCount 1 ] , [ sh:path rdfs:label ; sh:maxLength 8 ; sh:severity sh:Warning ] .
"""


def vault(folder: Path, own: str = OWN) -> Path:
    (folder / "ontology").mkdir(parents=True)
    (folder / "ontology" / "shapes.ttl").write_text(own, encoding="utf-8")
    (folder / "ferry.md").write_text("---\ntype: initiative\ncountry: Ghana\n---\n# Ferry\n\nIt crosses.\n", encoding="utf-8")
    (folder / "mill.md").write_text(
        "---\ntype: initiative\ncountry: Ghana\norganisation: Mole Guild\n---\n\n# Tidal mill\n\n[[ferry]]\n", encoding="utf-8"
    )
    build(folder)
    return folder


def told(folder: Path) -> list[str]:
    known = Checked(open_graph(folder), Config())
    return [f"{each.place} {each.severity} {each.message}" for each in shapes.findings(known)]


def test_the_samples_are_as_the_shapes_say(samples: Graph) -> None:
    found = shapes.findings(Checked(samples, Config()))
    assert {each.severity for each in found} == {"info"}
    assert "initiative without a country" in found[0].message


def test_shapes_of_the_vault_are_read_as_well(tmp_path: Path) -> None:
    assert told(vault(tmp_path)) == [
        "ferry.md:5 error initiative:ferry (Ferry): needs :organisation, 1 at least",
        "mill.md:7 warning initiative:tidal-mill (Tidal mill): has as rdfs:label 'Tidal mill', which is longer than 8",
    ]


def test_further_shapes_are_read_from_a_file(tmp_path: Path, samples: Graph) -> None:
    file = tmp_path / "more.ttl"
    file.write_text(OWN.replace(":organisation", ":page"), encoding="utf-8")
    found = shapes.findings(Checked(samples, Config()), [file])
    assert any("needs :page, 1 at least" in each.message for each in found)
    assert all(each.line for each in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN + "<urn:x> <urn:y> \n", "more.ttl:7"),
        (OWN.replace("sh:minCount 1", "sh:minCount 'one'"), "the shape <urn:shape> cannot be used"),
        (OWN + '<urn:shape> sh:sparql [ sh:select "SELECT $this { }" ] .', "sh:sparql is not used: shapes may not hold what is run"),
    ],
)
def test_a_file_of_shapes_with_an_error_is_told(text: str, said: str, tmp_path: Path, samples: Graph) -> None:
    file = tmp_path / "more.ttl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(KgError) as error:
        shapes.findings(Checked(samples, Config()), [file])
    assert said in str(error.value)


def test_without_the_package_it_says_what_to_install(samples: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyshacl", None)
    with pytest.raises(KgError, match="pip install 'kgnotes\\[shacl\\]'") as error:
        shapes.findings(Checked(samples, Config()))
    assert not isinstance(error.value, OntologyError)


def test_the_command_tells_and_settings_decide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(vault(tmp_path))
    assert cli.run(["check", "--shacl", "--only", "shape"]) == 1
    assert capsys.readouterr().out.splitlines()[0].startswith("ferry.md:5: error shape: initiative:ferry (Ferry): needs :organisation")
    (tmp_path / "ferry.md").write_text("<!-- kg-ignore-file: shape -->\n" + (tmp_path / "mill.md").read_text(encoding="utf-8"), encoding="utf-8")
    assert cli.run(["check", "--shacl", "--only", "shape"]) == 0


def test_a_build_checks_what_changed_when_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(vault(tmp_path))
    assert cli.run(["build", "--shacl"]) == 0
    assert capsys.readouterr().out == ""
    with (tmp_path / "mill.md").open("a", encoding="utf-8") as note:
        note.write("\nIt turns.\n")
    assert cli.run(["build", "--shacl", "-q"]) == 1  # mill.md speaks of the ferry, which has no organisation
    out = capsys.readouterr()
    assert [line.partition(": ")[0] for line in out.out.splitlines()] == ["ferry.md:5", "mill.md:7"]
    assert "the graph is not as its shapes say" in out.err


def test_a_graph_of_other_files_is_checked_by_shapes(
    tmp_path: Path, samples: Graph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    samples.export("samples.ttl")
    assert cli.run(["load", "samples.ttl"]) == 0
    capsys.readouterr()
    assert cli.run(["check", "--shacl"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told
    assert all(": info shape: " in line for line in told)
    assert cli.run(["check"]) == 1
