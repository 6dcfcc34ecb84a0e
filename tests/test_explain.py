"""Why the graph says what it says: things, lines, links and facts, in words and as values."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import kg
from kg import explain, extract, resolve
from kg.cli import cli
from kg.commands.explain import _Page
from kg.config import Config
from kg.errors import KgError
from kg.extract import relations
from kg.pipeline import build
from kg.places import Place
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
        ("a.md:1:6", "quote-cue"),
        ("b.md:3:1", "unexplained"),
        ("quay.md:3:1", "unexplained"),
    ]


def test_a_suggestion_says_that_it_is_one(graph: kg.Graph) -> None:
    found = explain.thing(graph, "Quiet Harbour Programme")
    assert not found.fact
    assert found.reason.startswith("its best rule is")


def test_what_the_author_decided_is_told(graph: kg.Graph) -> None:
    found = explain.thing(graph, "initiative:talk-cardiff")
    assert found.reason == "the author's vocabulary says so: vocabulary.csv:2"
    assert found.decided == Place("vocabulary.csv", 2, 0, "initiative,Talk Cardiff,GB,")
    (claim,) = explain.fact(graph, "Talk Cardiff", "country", "country:GB").claims
    assert (claim.rule.name, claim.source) == ("vocabulary", "the author's vocabulary")


def test_a_fact_has_its_claims_and_one_that_is_none_what_there_is_instead(graph: kg.Graph) -> None:
    held = explain.fact(graph, "Open Door", "country", "Ghana")
    assert (held.held, [(claim.rule.name, str(claim.places[0])) for claim in held.claims]) == ("fact", [("place", "a.md:1:30")])
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
    assert (found.found, found.near, str(found.place)) == ("", ("quay.md",), "quay.md:3:22")


@pytest.mark.parametrize(
    ("ask", "hint"),
    [
        (lambda graph: explain.thing(graph, "Opn Door"), "did you mean 'Open Door'?"),
        (lambda graph: explain.fact(graph, "Open Door", "contry", "Ghana"), "did you mean 'country'?"),
        (lambda graph: explain.line(graph, "aa.md", 1), "did you mean 'a.md'?"),
        (lambda graph: explain.thing(graph, "Quiet Harbor Programme"), "did you mean 'Quiet Harbour Programme'?"),
        (lambda graph: explain.links(graph, "[[the quay]]"), "it would mean quay.md"),
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


# -- a vault with rivals, acronyms, a page and a video -----------------------------------------------

HARBOUR = {
    "a.md": '---\nvideo: JkIhnK7qf-w\n---\n# Arrivals\n\nIt rained. The "Open Door" programme in **Ghana** ran, Open Door said '
    '<a class="yt-timestamp" data-t="00:12:05">[00:12:05]</a>.\n\nSee [[quay]] and [[Harbour]], and [[no such note]].\n',
    "x/quay.md": "# Quay\n\nThe Tide Council (TC) speaks. Open Door went to Peru.\n",
    "y/quay.md": "# Quay\n\nThe Trade Centre Agency (TC) works.\n",
    "harbour.md": "---\ntype: initiative\ncountry: PT\naliases: [HQ]\n---\n# Harbour\n\nHarbour.\n",
}


def harbours(folder: Path, detail: str) -> kg.Graph:
    for name, text in HARBOUR.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    build(folder, folder / ".kg", Config(detail=detail))
    return kg.open(folder)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    return harbours(tmp_path_factory.mktemp("harbour"), "evidence")


@pytest.fixture(scope="module", params=["evidence", "notes"])
def either(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> kg.Graph:
    """The same vault with and without what rules find in the text."""
    return harbours(tmp_path_factory.mktemp("either"), request.param)


def detail(graph: kg.Graph) -> str:
    return graph.generation.manifest.detail


def test_a_place_has_its_column_its_words_and_its_second(harbour: kg.Graph) -> None:
    first, second = (each.place for each in explain.thing(harbour, "Open Door").named if each.place.path == "a.md")
    assert [(str(each), each.text[each.start :][: len(each.words)]) for each in (first, second)] == [
        ("a.md:6:17", "Open Door"),
        ("a.md:6:56", "Open Door"),
    ]
    assert first.play == "https://youtu.be/JkIhnK7qf-w?t=725"


def test_a_note_edited_since_the_build_has_lines_but_no_columns(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text('The "Open Door" programme in Ghana.\n')
    kg.build(tmp_path)
    (tmp_path / "a.md").write_text('So the "Open Door" programme in Ghana.\n')
    (named,) = explain.thing(kg.open(tmp_path), "Open Door").named
    assert (str(named.place), named.place.words) == ("a.md:1", "Open Door")


def test_rivals_of_a_link_are_told_and_what_it_names(either: kg.Graph) -> None:
    quay, page, missing = explain.line(either, "a.md", 8).links
    assert (quay.found, quay.rivals, quay.names) == (
        "x/quay.md",
        ("y/quay.md",),
        "nothing: several notes have that title, and none says of what it is the page",
    )
    assert (page.found, page.names, page.tier) == ("harbour.md", "initiative:harbour", "the file's name but for capitals")
    assert (missing.found, missing.names) == ("", "theme:no-such-note")
    assert [str(each.place) for each in (quay, page, missing)] == ["a.md:8:5", "a.md:8:18", "a.md:8:35"]


def test_a_line_tells_what_is_claimed_by_it(either: kg.Graph) -> None:
    claims = [(each.statement, each.rule.name, each.fact) for each in explain.line(either, "a.md", 6).claims]
    assert claims == ([("initiative:open-door :country country:GH", "place", True)] if detail(either) == "evidence" else [])


def test_an_acronym_of_two_things_names_the_other_one(harbour: kg.Graph) -> None:
    found = explain.thing(harbour, "TC")
    assert {found.iri, *(iri for iri, _ in found.others)} == {"organisation:trade-centre-agency", "organisation:tide-council"}


def test_a_page_names_the_line_that_says_what_it_is(either: kg.Graph) -> None:
    found = explain.thing(either, "HQ")
    assert (found.iri, found.reason) == ("initiative:harbour", "harbour.md is its page, and harbour.md:2 says of what kind it is")
    assert found.decided == Place("harbour.md", 2, 1, "type: initiative")


def test_a_code_an_alias_and_a_path_will_do(either: kg.Graph) -> None:
    assert explain.fact(either, "HQ", "country", "Portugal").held == "fact"
    assert explain.fact(either, "initiative:harbour", "country", "country:PT").object == "country:PT"
    assert explain.thing(either, "pt").iri == "country:PT"


def test_both_named_and_not_joined_is_told_at_every_detail(either: kg.Graph) -> None:
    found = explain.fact(either, "HQ", "theme", "no such note")
    assert (found.held, [str(place) for place in found.together]) == ("", ["a.md:8:37"])
    if detail(either) == "evidence":
        found = explain.fact(either, "Tide Council", "country", "Peru")
        assert (found.held, [str(place) for place in found.together]) == ("", ["x/quay.md:3:49"])


def test_a_graph_that_keeps_no_claims_says_so(either: kg.Graph) -> None:
    found = explain.fact(either, "Harbour", "country", "Portugal")
    assert (found.detail, bool(found.claims)) == (("notes", False) if detail(either) == "notes" else ("", True))


@pytest.mark.parametrize(
    ("subject", "verb", "thing", "where"),
    [
        ("a.md", "mentions", "Ghana", ["a.md:6:43"]),
        ("note:a", ":names", "country:GH", ["a.md:6:43"]),
        ("Arrivals", "linksTo", "x/quay.md", ["a.md:8:5"]),
        ("a", "cites", "harbour", ["a.md:8:18"]),
        ("a", "linksTo", "no such note", ["a.md:8:35"]),
        ("harbour.md", "about", "Portugal", ["harbour.md:3:10"]),
    ],
)
def test_what_a_note_says_has_its_places(either: kg.Graph, subject: str, verb: str, thing: str, where: list[str]) -> None:
    if detail(either) == "notes" and "Gh" in thing.title():
        pytest.skip("what only the text names is in no graph of notes")
    found = explain.fact(either, subject, verb, thing)
    assert (found.held, [str(place) for claim in found.claims for place in claim.places]) == ("fact", where)


def test_what_covers_a_name_is_among_what_was_considered(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text('# Notes\n\nThe "Tidal Ghana" programme was launched in Ghana.\n')
    kg.build(tmp_path)
    found = explain.thing(kg.open(tmp_path), "Ghana")
    assert [(each.kind, each.why) for each in found.considered] == [("initiative", "names initiative:tidal-ghana as well")]


def test_with_most_the_rest_is_counted(graph: kg.Graph) -> None:
    found = explain.thing(graph, "Open Door", most=1)
    assert (len(found.named), found.places, found.notes) == (1, 3, 3)


@pytest.mark.parametrize("wide", [40, 80])
def test_no_line_is_wider_than_the_terminal(harbour: kg.Graph, wide: int) -> None:
    for found in (explain.thing(harbour, "Open Door"), explain.line(harbour, "a.md", 8), explain.fact(harbour, "HQ", "country", "PT")):
        assert [text for text in _Page(harbour, 10, wide).written(found) if len(click.unstyle(text)) > wide and " " in text.strip()] == []


def test_a_link_is_tried_step_by_step_in_a_note(tmp_path: Path) -> None:
    for path in ("a/plan.md", "b/plan.md", "home.md", "a/home.md"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("# Words\n" if "plan" in path else "x", encoding="utf-8")
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    assert explain.tried(graph, "[[Plan#x|y]]", "home.md").tiers == (
        ("exact", "the file's name as written", ()),
        ("case", "the file's name but for capitals", ("a/plan.md", "b/plan.md")),
    )
    assert explain.tried(graph, "[[plan]]", "a/home.md").found == "a/plan.md"
    none = explain.tried(graph, "[[plam]]", "home.md")
    assert (none.found, [tier for tier, _, paths in none.tiers if not paths], none.near) == ("", list(resolve.TIERS), ("a/plan.md", "b/plan.md"))
    with pytest.raises(kg.KgError, match="asks for no note"):
        explain.tried(graph, "[[x.png]]", "home.md")
    assert [tier for tier, *_ in explain.tried(graph, "[[a/]]", "home.md").tiers] == list(resolve.TIERS)
    done = CliRunner().invoke(cli, ["-g", str(tmp_path / ".kg"), "explain", "[[plan]]", "--in", "a/home.md"])
    assert done.output == "[[plan]] in a/home.md means a/plan.md\n  exact:       a/plan.md  (the file's name as written)\n"


@pytest.mark.parametrize(
    ("target", "found", "last"),
    [
        ("[[C#|the language]]", "C.md", ("exact", "the file's name as written, read as 'C'")),
        ("[[Issue #12]]", "Issue #12.md", ("squashed", "its letters and digits alone, which is a guess, read as 'Issue#12'")),
        ("[[R&amp;D]]", "R&D.md", ("exact", "the file's name as written, read as 'R&D'")),
        ("[[topic:C]]", "C.md", ("exact", "the file's name as written, read as 'C'")),
        ("[[hb-7]]", "harbour.md", ("id", "its id")),
        ("[[guide/]]", "guide/index.md", ("folder", "the folder whose index or README it is")),
    ],
)
def test_every_reading_of_a_link_is_told(tmp_path: Path, target: str, found: str, last: tuple[str, str]) -> None:
    notes = {"C": "x", "Issue #12": "x", "R&D": "x", "harbour": "---\nid: hb-7\n---\n", "guide/index": "x", "home": f"See {target}.\n"}
    for name, text in notes.items():
        (tmp_path / f"{name}.md").parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    tried = explain.tried(graph, target, "home.md")
    assert (tried.found, tried.tiers[-1][:2]) == (found, last)
    (link,) = explain.links(graph, target)
    assert link.found == found
