"""A model of spaCy suggests, and only that: made here of rules, since no model is downloaded for a test."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import DefaultGraph

import kg
from kg import config, extract, index, passes, pipeline
from kg.config import FILE, Config
from kg.errors import ConfigError
from kg.extract import spacy_entities
from kg.standing import FACT, MIDDLE

if os.environ.get("CI"):
    import spacy
else:
    spacy = pytest.importorskip("spacy", reason="make test installs it")

NOTES = {
    "a": "# Tidemark\n\nThe Ministry of Tides met Tidemark's people in Norway.\n\n- **Tidemark**: then Brynja Quill came to Seawall with *Rising Waters* in Bergen.\n",
    "b": 'They liked Tidemark. The "Open Door" programme ran in Ghana, as Seawall said.\n',
    "c": "Seawall and Tidemark again; the Tides were high.\n",
    "d": "Open Door, they said, was for Seawall.\n",
}
PATTERNS = [
    {"label": "ORG", "pattern": "Tidemark"},
    {"label": "ORG", "pattern": "Seawall"},
    {"label": "ORG", "pattern": "Tides"},
    {"label": "ORG", "pattern": "Ministry of Tides met"},
    {"label": "ORG", "pattern": "Norway"},
    {"label": "PRODUCT", "pattern": "Open Door"},
    {"label": "PERSON", "pattern": "Brynja Quill"},
    {"label": "WORK_OF_ART", "pattern": "Rising Waters"},
    {"label": "GPE", "pattern": "Bergen"},
]


@pytest.fixture(scope="module")
def ruler(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline of patterns, in a folder."""
    nlp: Any = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(PATTERNS)
    folder = tmp_path_factory.mktemp("pipelines") / "ruler"
    nlp.to_disk(folder)
    return folder


@pytest.fixture
def vault(tmp_path: Path, ruler: Path) -> Path:
    shutil.copytree(ruler, tmp_path / "ruler")
    for name, text in NOTES.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    (tmp_path / FILE).write_text('[extract]\nspacy = "ruler"\n')
    return tmp_path


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> Iterator[None]:
    yield
    spacy_entities._loaded.cache_clear()


def said(folder: Path) -> set[str]:
    store = kg.open(folder).store
    return {str(each.triple) for each in store.quads_for_pattern(None, None, None, DefaultGraph())}


def test_what_a_model_finds_is_suggested_and_no_fact(vault: Path) -> None:
    kg.build(vault)
    graph = kg.open(vault)
    entities = "SELECT DISTINCT ?e { ?x :mentions ?e . MINUS { ?e a :Theme } }"
    facts = {getattr(row[0], "value", "").rpartition("/kg/")[2] for row in graph.query(entities).terms}
    both = {getattr(row[0], "value", "").rpartition("/kg/")[2] for row in graph.query(entities, suggested=True).terms}
    assert facts == {"country/GH", "country/NO", "initiative/open-door", "organisation/ministry-of-tides"}
    names = {"organisation/tidemark", "organisation/seawall", "organisation/tides", "person/brynja-quill", "initiative/rising-waters"}
    assert both - facts == names


def test_three_notes_make_no_fact_of_it(vault: Path) -> None:
    kg.build(vault)
    graph = kg.open(vault)
    question = "SELECT (COUNT(DISTINCT ?n) AS ?c) { ?n :mentions <organisation/seawall> ; a :Note }"
    assert [getattr(row[0], "value", "") for row in graph.query(question, suggested=True).terms] == ["4"]
    assert not graph.query("ASK { ?n :mentions <organisation/seawall> }").truth
    assert max(spacy_entities.CONFIDENCE.values()) < MIDDLE < FACT


def test_a_suggestion_has_its_sentence(vault: Path) -> None:
    kg.build(vault)
    claim = "SELECT ?r ?t { ?c rdf:subject <initiative/rising-waters>; :rule ?r; :evidence/:text ?t }"
    ((rule, text),) = kg.open(vault).query(claim, suggested=True).terms
    assert getattr(rule, "value", "") == "spacy"
    assert "Rising Waters" in getattr(text, "value", "")


def test_it_takes_no_fact_away_and_adds_none(vault: Path) -> None:
    kg.build(vault)
    with_model = said(vault)
    (vault / FILE).unlink()
    assert kg.build(vault).full
    without = said(vault)
    assert without <= with_model
    # What is new are the passages that hold a suggestion, as they would be for any other reason: all that they name was known.
    new = with_model - without
    assert {each.split(" ", 1)[0].rpartition("#")[2][:2] for each in new} == {"p-"}
    mentioned = {each.rpartition(" ")[2] for each in without if "ontology#mentions" in each}
    assert {each.rpartition(" ")[2] for each in new if "ontology#names" in each} <= mentioned


def test_a_name_that_is_known_is_left_to_those_who_know_it(vault: Path) -> None:
    kg.build(vault)
    live = kg.open(vault).generation.index
    why = {each.surface: each.why for each in index.mentions(live) if each.rule == "spacy" and each.why}
    assert why["Open Door"] == "a model found what rules or authors know"
    assert "Ministry of Tides" in why["Ministry of Tides met"]


def test_an_edit_gives_what_a_full_build_would(vault: Path) -> None:
    kg.build(vault)
    (vault / "a.md").write_text('The "Seawall" programme of Tidemark.\n')
    report = kg.build(vault)
    assert not report.full
    edited = [sorted(map(str, kg.open(vault).store)), sorted(map(repr, index.mentions(kg.open(vault).generation.index)))]
    pipeline.build(vault, vault / ".kg", config.read(vault / FILE), full=True)
    assert edited == [sorted(map(str, kg.open(vault).store)), sorted(map(repr, index.mentions(kg.open(vault).generation.index)))]


def test_another_pipeline_reads_everything_again(vault: Path) -> None:
    kg.build(vault)
    assert not kg.build(vault).full
    nlp: Any = spacy.load(vault / "ruler")
    nlp.get_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "They"}])
    nlp.to_disk(vault / "ruler")
    assert kg.build(vault).full


def test_several_processes_give_the_same(vault: Path, tmp_path: Path) -> None:
    for at in range(passes.ENOUGH):
        (vault / f"n{at}.md").write_text(f"Tidemark met Seawall{' and Brynja Quill' if at % 2 else ''}.\n")
    settings = config.read(vault / FILE)
    for jobs in (1, 2):
        pipeline.build(vault, tmp_path / f"jobs{jobs}", settings, jobs=jobs)
    one, two = (sorted(map(str, kg.open(tmp_path / f"jobs{jobs}").store)) for jobs in (1, 2))
    assert one == two
    assert any("organisation/seawall" in each for each in one)


# -- settings ----------------------------------------------------------------------------------------


def test_it_is_off_by_default_and_can_be_left_out(ruler: Path) -> None:
    assert "spacy" not in [each.name for each in extract.installed()]
    assert extract.installed(Config(spacy=str(ruler)))[-1].name == "spacy"
    assert "spacy" not in [each.name for each in extract.installed(Config(spacy=str(ruler), without=("spacy",)))]


def test_without_spacy_the_setting_says_what_to_install(ruler: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", gone)
    with pytest.raises(ConfigError, match="needs spaCy, which is not installed") as caught:
        extract.fingerprint(Config(spacy=str(ruler)))
    assert caught.value.hint == "pip install kgnotes[spacy]"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("en_core_web_xyz", "python -m spacy download en_core_web_xyz"),
        ("my/folder", "name the folder of one, as seen from kg.toml"),
        ("..", "name the folder"),
    ],
)
def test_a_pipeline_that_is_not_there_is_an_error(tmp_path: Path, name: str, hint: str) -> None:
    with pytest.raises(ConfigError, match="spaCy has no pipeline") as caught:
        extract.fingerprint(Config(spacy=name, root=tmp_path))
    assert hint in caught.value.hint


def test_one_that_cannot_be_loaded_is_one_error_and_not_an_issue_of_every_note(vault: Path) -> None:
    (vault / "ruler" / "config.cfg").write_text("[nlp]\nlang = nonsense\n")
    with pytest.raises(ConfigError, match="'ruler' of spaCy cannot be loaded"):
        kg.build(vault)


def test_a_package_that_is_no_pipeline_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Hello")
    with pytest.raises(ConfigError, match="'click' of spaCy cannot be loaded: "):
        pipeline.build(tmp_path, tmp_path / ".kg", Config(spacy="click"))


# -- what a pipeline says ----------------------------------------------------------------------------


class _Entity:
    label_ = "ORG"

    def __init__(self, text: str, start: int) -> None:
        self.text, self.start_char = text, start


class _Read:
    def __init__(self, *found: _Entity) -> None:
        self.ents = found


class _Lying:
    """A pipeline whose names are not where it says."""

    def pipe(self, written: Iterator[str]) -> Iterator[_Read]:
        for _ in written:
            yield _Read(_Entity("Nowhere Trust", 3), _Entity("Tidemark", 10**6), _Entity("Seawall", -5))


class _Broken:
    def pipe(self, written: Iterator[str]) -> Iterator[_Read]:
        raise ValueError("[E088] Text is too long\nand so on")


@pytest.mark.parametrize(("fake", "code"), [(_Lying, "unverified-mention"), (_Broken, "extractor-failed")])
def test_one_that_lies_or_fails_is_an_issue(vault: Path, monkeypatch: pytest.MonkeyPatch, fake: type, code: str) -> None:
    monkeypatch.setattr(spacy_entities, "_loaded", lambda *_: fake())
    monkeypatch.setattr(spacy_entities._loaded, "cache_clear", lambda: None, raising=False)
    kg.build(vault)
    graph = kg.open(vault)
    rows = graph.query("SELECT DISTINCT ?c ?t { ?i :code ?c; :text ?t }").terms
    found = [(getattr(row[0], "value", ""), getattr(row[1], "value", "")) for row in rows]
    assert {each for each, _ in found} == {code}
    assert all(text.startswith("the extractor 'spacy' ") and "\n" not in text for _, text in found)
    assert not any("nowhere" in str(each) or "<https://example.org/kg/organisation/seawall>" in str(each) for each in graph.store)
    assert graph.query("ASK { note:b :mentions country:GH }").truth


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The City Lab's plan", ["City Lab"]),
        ("(Harbours)", ["Harbours"]),
        ("harbours and the UN", ["UN"]),
        ("東京都 met", ["東京都"]),
        ("Over and again", []),
        ("Challenges: Success", []),
        ("x" * 200, []),
    ],
)
def test_what_can_be_no_name_is_left_out(text: str, names: list[str]) -> None:
    words = ("City Lab's", "The City Lab's", "(Harbours)", "harbours", "the UN", "東京都", "Over", "Challenges: Success", "x" * 200)
    whole = [_Entity(each, text.index(each)) for each in words if each in text]
    found = {each.surface for each in spacy_entities._mentions(_Read(*whole), 0, text)}
    assert found == set(names)


def test_names_are_not_looked_for_in_headings_and_labels(vault: Path) -> None:
    kg.build(vault)
    found = [each for each in index.mentions(kg.open(vault).generation.index, "a.md") if each.rule == "spacy"]
    assert {each.anchor[:2] for each in found} == {"p-"}
    assert ("Tidemark", 3) in {(each.surface, each.line) for each in found}
    assert ("Tidemark", 5) not in {(each.surface, each.line) for each in found}


def test_only_what_names_needs_is_run() -> None:
    nlp: Any = spacy.blank("en")
    for each in ("tagger", "senter", "sentencizer"):
        nlp.add_pipe(each)
    assert list(spacy_entities._idle(nlp)) == ["tagger", "senter"]
    nlp.add_pipe("entity_ruler")  # its patterns may ask for tags
    assert list(spacy_entities._idle(nlp)) == []
