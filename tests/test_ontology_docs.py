"""The pages on the ontology are what is made of it, their queries have answers, and their examples hold."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse
from rdflib import OWL, RDF, SKOS, Literal

import kg
from kg import doubts, ontology
from kg.names import ONTOLOGY

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "ontology"
EXAMPLE = re.compile(r"^## On the ([^\n]+)\n|^### (\w+)\n\n[^\n]+[.?]\n\n```sparql\n([^\n]+)\n```\n", re.MULTILINE)


def examples() -> list[tuple[str, str, str]]:
    """List the term, the query and the notes of every example."""
    found, where = [], ""
    for part, name, text in EXAMPLE.findall((DOCS / "examples.md").read_text(encoding="utf-8")):
        where = part or where
        if name:
            found.append((name, text, {"sample notes": "samples", "small vault": "stated"}[where]))
    return found


def test_the_pages_are_what_the_generator_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, DOCS / "page.py", tmp_path], check=True)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == ["diagram.svg", "index.html", "terms.md"]
    old = [name for name in made if (tmp_path / name).read_bytes() != (DOCS / name).read_bytes()]
    assert old == [], "make ontology-docs"


def test_every_term_has_a_query_and_no_other_has() -> None:
    assert sorted(name for name, _, _ in examples()) == ontology.terms()
    headings = re.findall(r"^### (\w+)$", (DOCS / "examples.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [name for name, _, _ in examples()]


@pytest.mark.parametrize(("name", "text", "vault"), examples(), ids=[name for name, _, _ in examples()])
def test_the_query_of_a_term_uses_it_and_has_an_answer(name: str, text: str, vault: str, request: pytest.FixtureRequest) -> None:
    graph: kg.Graph = request.getfixturevalue(vault)
    assert re.search(rf"(?<![\w-]):{name}\b", text)
    rows = graph.query(text).terms
    assert rows
    assert doubts.of_some(graph.store, text, graph.names, suggested=False, rows=len(rows)) == []
    assert any(value is not None for value in rows[0])


def test_every_example_of_a_term_is_a_statement_that_holds(samples: kg.Graph, stated: kg.Graph) -> None:
    graph = rdflib.Graph().parse(data=ontology.text("kg.ttl"), format="turtle")
    prefixes = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in samples.names.prefixes().items()) + f"@base <{samples.names.base}> .\n"
    terms = [each for each in graph.subjects(SKOS.example) if str(each).startswith(ONTOLOGY)]
    assert len(terms) == len(ontology.terms())
    for term in terms:
        for example in graph.objects(term, SKOS.example):
            (said,) = [each.triple for each in parse((prefixes + str(example)).encode(), format=RdfFormat.TURTLE)]
            assert str(term) in (said.predicate.value, getattr(said.object, "value", "")), example
            quad = Quad(said.subject, said.predicate, said.object, DefaultGraph())
            assert quad in samples.store or quad in stated.store, example


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.anchors: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag in ("a", "link") else []
        self.loads += [given["src"]] if "src" in given else []


@pytest.fixture(scope="module")
def page() -> _Page:
    parser = _Page()
    parser.feed((DOCS / "index.html").read_text(encoding="utf-8"))
    return parser


def test_the_page_answers_at_the_name_of_every_term(page: _Page) -> None:
    assert [each for each, times in Counter(page.anchors).items() if times > 1] == []
    assert set(ontology.terms()) <= set(page.anchors)


def test_every_link_of_the_page_leads_somewhere_and_it_loads_nothing(page: _Page) -> None:
    inside = {each[1:] for each in page.links if each.startswith("#")}
    assert inside <= set(page.anchors)
    assert [each for each in page.links if "://" not in each and not each.startswith("#") and not (DOCS / each).exists()] == []
    assert page.loads == []
    text = (DOCS / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"url\((?!#)|@import|<script(?! type=\"application/ld\+json\")", text)


def test_the_page_shows_what_the_ontology_says(page: _Page) -> None:
    text = (DOCS / "index.html").read_text(encoding="utf-8")
    graph = rdflib.Graph().parse(data=ontology.text("kg.ttl"), format="turtle")
    version = graph.value(graph.value(None, RDF.type, OWL.Ontology), OWL.versionInfo)
    assert f"Version {version}" in text
    from html import escape

    said = [str(each) for predicate in (SKOS.definition, SKOS.editorialNote, SKOS.scopeNote, SKOS.example) for each in graph.objects(None, predicate)]
    assert len(said) > 90
    assert [each for each in said if escape(each) not in text] == []
    labels = [str(each) for each in graph.objects(rdflib.URIRef(f"{ONTOLOGY}MissingNote"), rdflib.RDFS.label) if isinstance(each, Literal)]
    assert [each for each in labels if each not in text] == []


def test_the_diagram_shows_every_class_and_property() -> None:
    drawn = (DOCS / "diagram.svg").read_text(encoding="utf-8")
    assert drawn.startswith("<svg ")
    words = set(re.findall(r"\w+", re.sub(r"<style>.*?</style>", "", drawn, flags=re.DOTALL)))
    assert set(ontology.terms()) <= words


# -- the page for readers ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(DOCS / "vault", folder, dirs_exist_ok=True)
    kg.build(folder)
    return folder


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (DOCS / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def run(command: str, place: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)], cwd=place, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
    )  # fmt: skip
    return done.stdout


def test_the_readme_shows_what_is_printed(place: Path) -> None:
    shown = [re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)[1:] for block in blocks("console")]
    assert len(shown) == 2
    for command, printed in shown:
        assert run(command, place) == printed


def test_ontology_and_export_may_be_joined(place: Path) -> None:
    """As the README says: one after the other is Turtle, and a file without the parts of claims is the graph without them."""
    exported, dl = run("kg export --no-header", place), run(blocks("sh")[1].strip().split(" > ")[0], place)
    known = len(rdflib.Graph().parse(data=ontology.text("kg.ttl"), format="turtle"))
    whole = rdflib.Graph().parse(data=ontology.text("kg.ttl") + exported, format="turtle")
    assert len(whole) == known + len(rdflib.Graph().parse(data=exported, format="turtle"))
    parts = [RDF.subject, RDF.predicate, RDF.object]
    claims = [each for part in parts for each in whole.triples((None, part, None))]
    assert len(claims) > 20
    assert len(rdflib.Graph().parse(data=dl, format="turtle")) == len(whole) - known - len(claims)


@pytest.mark.parametrize("block", blocks("turtle"))
def test_turtle_that_is_shown_is_turtle(block: str) -> None:
    assert list(parse(block.encode(), format=RdfFormat.TURTLE))
