"""Why the graph says what it says: things, lines, links and facts, in words and as values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import kg
from kg import explain, extract
from kg.cli import cli
from kg.errors import KgError
from kg.extract import relations
from kg.rules import rule

NOTES = {
    "a.md": 'The "Open Door" programme in Ghana.\n\nSee [[quay]] and [[no such note]].\n',
    "b.md": "**Quiet Harbour Programme**: it runs in Chile.\n\nOpen Door was praised in Peru.\n",
    "quay.md": "# The Quay\n\nOpen Door again, and [[Quays]].\n",
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    folder = tmp_path_factory.mktemp("vault")
    for name, text in NOTES.items():
        (folder / name).write_text(text)
    (folder / "vocabulary.csv").write_text("kind,name,countries,rejected\ninitiative,Talk Cardiff,GB,\ntheme,Quays,,yes\n")
    kg.build(folder)
    return kg.open(folder)


def test_every_rule_has_an_example_in_its_own_manual() -> None:
    rules = [(kind, name) for each in extract.builtin() for kind in getattr(each, "kinds", ()) for name in getattr(each, "confidence", {})]
    rules += [("", name) for name in relations.CONFIDENCE]
    assert [each for each in rules if not rule(*each).example] == []


def test_a_thing_says_what_it_stands_on(graph: kg.Graph) -> None:
    found = explain.thing(graph, "open door")
    assert (found.iri, found.kind, found.fact, found.notes) == ("initiative:open-door", "initiative", True, 3)
    assert found.reason.startswith("rule quote-cue (right 97 times in 100)")
    assert [(str(each.place), each.rule.name) for each in found.named] == [
        ("a.md:1", "quote-cue"),
        ("b.md:3", "unexplained"),
        ("quay.md:3", "unexplained"),
    ]


def test_a_suggestion_says_that_it_is_one(graph: kg.Graph) -> None:
    found = explain.thing(graph, "Quiet Harbour Programme")
    assert not found.fact
    assert found.reason.startswith("its best rule is")


def test_what_the_author_decided_is_told(graph: kg.Graph) -> None:
    assert explain.thing(graph, "initiative:talk-cardiff").reason == "the author's vocabulary says so"
    (claim,) = explain.fact(graph, "Talk Cardiff", "country", "country:GB").claims
    assert (claim.rule.name, claim.source) == ("vocabulary", "the author's vocabulary")


def test_a_fact_has_its_claims_and_one_that_is_none_what_there_is_instead(graph: kg.Graph) -> None:
    held = explain.fact(graph, "Open Door", "country", "Ghana")
    assert (held.held, [(claim.rule.name, str(claim.places[0])) for claim in held.claims]) == ("fact", [("place", "a.md:1")])
    wrong = explain.fact(graph, "Open Door", ":country", "Chile")
    assert (wrong.held, wrong.claims) == ("", ())
    assert "country:GH" in wrong.instead


def test_a_line_tells_its_links_and_names(graph: kg.Graph) -> None:
    found = explain.line(graph, "a.md", 3)
    assert [(each.target, each.found, each.tier) for each in found.links] == [
        ("quay", "quay.md", "the file's name as written"),
        ("no such note", "", ""),
    ]
    assert [each.kind for each in explain.line(graph, "a.md", 1).named if not each.why] == ["initiative", "country"]


def test_a_broken_link_has_near_misses(graph: kg.Graph) -> None:
    (found,) = explain.links(graph, "[[Quays]]")
    assert (found.found, found.near, str(found.place)) == ("", ("quay.md",), "quay.md:3")


@pytest.mark.parametrize(
    ("ask", "hint"),
    [
        (lambda graph: explain.thing(graph, "Opn Door"), "did you mean 'Open Door'?"),
        (lambda graph: explain.fact(graph, "Open Door", "contry", "Ghana"), "did you mean 'country'?"),
        (lambda graph: explain.line(graph, "aa.md", 1), "did you mean 'a.md'?"),
    ],
)
def test_a_slip_is_answered_with_a_guess(graph: kg.Graph, ask: object, hint: str) -> None:
    with pytest.raises(KgError) as error:
        ask(graph)  # type: ignore[operator]
    assert error.value.hint == hint


def test_programs_get_json(graph: kg.Graph) -> None:
    done = CliRunner().invoke(cli, ["-g", str(graph.generation.folder.parent), "explain", "Open Door country Ghana", "--format", "json"])
    assert json.loads(done.output)["claims"][0]["places"][0]["path"] == "a.md"


def test_control_characters_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text('The "Open Door" programme \x1b[31m in Ghana.\n')
    kg.build(tmp_path)
    done = CliRunner().invoke(cli, ["-g", str(tmp_path / ".kg"), "explain", "Open Door"])
    assert done.exit_code == 0
    assert "\x1b" not in done.output
