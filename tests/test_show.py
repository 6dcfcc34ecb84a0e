"""One thing by any of its names, and what stands beside it."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat, parse

import kg
from kg.cli import cli
from kg.commands.show import _Page, around
from kg.errors import KgError
from kg.show import Group, Shown
from kg.terminal import clickable, link

NOTES = {
    "a.md": '---\nvideo: JkIhnK7qf-w\naliases: [The first]\n---\n# Arrivals\n\n## Early\n\nThe "Open Door" programme in Ghana, with Peru '
    '<a class="yt-timestamp" data-t="00:12:05">[00:12:05]</a>.\n\nThen Ghana alone '
    '<a class="yt-timestamp" data-t="00:02:07">[00:02:07]</a>.\n\nSee [[quay]], [[quay|again]] and [[no such note]].\n',
    "quay.md": '# Quay\n\nThe "Open Door" programme in Ghana again, and [[No such note]].\n\n### Deep\n',
    "ghana.md": "# Ghana\n\nA note of its own.\n",
    "harbour.md": "---\ntype: startup\ncountry: PT\n---\n# Harbour\n\n**Tidal Wharf Programme**: it runs in Chile.\n",
    "ontology/own.ttl": "@prefix : <https://w3id.org/kgnotes/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    "<https://example.org/kg/Startup> rdfs:subClassOf :Entity .\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vault")
    for name, text in NOTES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    (folder / "vocabulary.csv").write_text("kind,name,countries\ninitiative,Talk Cardiff,GB\n")
    kg.build(folder)
    return folder


@pytest.fixture(scope="module")
def graph(folder: Path) -> kg.Graph:
    return kg.open(folder)


def run(folder: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(cli, ["-g", str(folder), "show", *arguments])
    assert done.exception is None or isinstance(done.exception, (SystemExit, KgError)), done.exception
    return done


def group(found: Shown, title: str) -> Group:
    return next(each for each in found.groups if each.title == title)


def rows(found: Shown, title: str) -> list[tuple[str, int, str]]:
    """Give name, count and place of the items of a group."""
    return [(each.iri, each.times, f"{each.place.path}:{each.place.line}" if each.place else "") for each in group(found, title).items]


def test_a_country_has_its_initiatives_its_company_and_its_notes(graph: kg.Graph) -> None:
    found = graph.show("Ghana")
    assert (found.name, found.kind, found.label) == ("country:GH", "country", "Ghana")
    assert found.others == (("note:ghana", "Ghana"),)
    assert rows(found, "country of initiatives") == [("initiative:open-door", 2, "a.md:9")]
    assert ("country:PE", 1, "a.md:9") in rows(found, "named together with")
    assert rows(found, "mentioned by notes")[0] == ("note:a", 2, "a.md:9")
    place = group(found, "country of initiatives").items[0].place
    assert place is not None
    assert place.moment == "https://youtu.be/JkIhnK7qf-w?t=725"
    assert place.text.startswith('The "Open Door" programme in Ghana')


def test_a_note_has_its_links_its_headings_and_what_it_names(graph: kg.Graph) -> None:
    found = graph.show("a.md")
    assert (found.name, found.also, found.said) == ("note:a", ("The first",), ((":path", "a.md"),))
    assert rows(found, "links to") == [("note:no%20such%20note", 1, "a.md:13"), ("note:quay", 1, "a.md:13")]
    assert [(each.label, each.depth, each.place and each.place.line) for each in group(found, "headings").items] == [
        ("Arrivals", 0, 5),
        ("Early", 1, 7),
    ]
    assert ("country:GH", 2, "a.md:9") in rows(found, "mentions")
    assert rows(found, "issues")[0][2] == "a.md:13"
    assert rows(graph.show("quay.md"), "linked from") == [("note:a", 1, "a.md:13")]


def test_a_link_and_a_value_stand_on_their_own_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Intro line.\nSecond line.\nSeen [[b]],\nand [[Gone]].\nrating:: 8\n")
    (tmp_path / "b.md").write_text("Words.\n\nOne\nand [[a]].\n")
    kg.build(tmp_path, tmp_path / "graph")
    places = {
        (group.title, item.label): item.place.line
        for name in ("note:a", "note:b", "Gone")
        for group in kg.open(tmp_path / "graph").show(name).groups
        for item in group.items
        if item.place and ("link" in group.title or group.title == "wanted by")
    }
    assert places == {
        ("links to", "b"): 3,
        ("links to", "Gone"): 4,
        ("linked from", "b"): 4,
        ("linked from", "a"): 3,
        ("links to", "a"): 4,
        ("wanted by", "a"): 4,
    }
    stated = kg.open(tmp_path / "graph").query("SELECT ?line { ?c rdf:predicate vault:rating ; :evidence/:line ?line }")
    assert [row.line for row in stated] == [5]


def test_a_missing_note_tells_who_wants_it(graph: kg.Graph) -> None:
    found = graph.show("note:no%20such%20note")
    assert found.kind == "missing note"
    assert rows(found, "wanted by") == [("note:a", 1, "a.md:13"), ("note:quay", 1, "quay.md:3")]


def test_a_video_is_told_in_order_of_time(graph: kg.Graph) -> None:
    found = graph.show("https://youtu.be/JkIhnK7qf-w")
    assert [each.place and each.place.moment.rpartition("=")[2] for each in group(found, "said").items] == ["127", "725"]
    assert rows(found, "names")[0][:2] == ("country:GH", 2)
    assert rows(graph.show("https://youtu.be/JkIhnK7qf-w?t=725"), "said then") == [(group(found, "said").items[1].iri, 0, "a.md:9")]


def test_a_kind_of_ones_own_has_its_name_and_its_page(graph: kg.Graph) -> None:
    found = graph.show("harbour")
    assert graph.show("startup/harbour").kind == "startup"
    assert found.kind in ("note", "startup")
    assert rows(graph.show("startup/harbour"), "page") == [("note:harbour", 0, "")]
    assert rows(graph.show("startup/harbour"), "country") == [("country:PT", 1, "harbour.md:3")]


def test_what_the_vocabulary_says_has_no_place_and_says_so(graph: kg.Graph, folder: Path) -> None:
    (item,) = group(graph.show("Talk Cardiff"), "country").items
    assert (item.iri, item.place, item.rule) == ("country:GB", None, "vocabulary")
    assert "by the author's vocabulary" in run(folder, "Talk", "Cardiff").stdout


def test_the_most_of_each_sort_and_how_many_more(graph: kg.Graph, folder: Path) -> None:
    many = graph.show("a.md", limit=1)
    assert (len(group(many, "links to").items), group(many, "links to").total) == (1, 2)
    assert "  and 1 more; --limit shows them\n" in run(folder, "a.md", "--limit", "1").stdout


def test_what_is_only_suggested_is_hidden_marked_and_hinted_at(folder: Path) -> None:
    hidden = run(folder, "Tidal Wharf Programme")
    assert isinstance(hidden.exception, KgError)
    assert "rules only suggest it: add --suggested" in str(hidden.exception)
    shown = run(folder, "Tidal Wharf Programme", "--suggested").stdout
    assert "kind:     initiative, only suggested" in shown
    assert "? " in run(folder, "harbour.md", "--suggested").stdout
    assert "? " not in run(folder, "harbour.md").stdout


def test_others_of_the_name_are_told_beside_it(folder: Path) -> None:
    done = run(folder, "Ghana")
    assert done.stderr == "of that name: note:ghana (Ghana)\n"
    assert done.stdout.startswith("Ghana  country:GH\n")


def test_an_unknown_name_is_answered_with_a_guess(folder: Path) -> None:
    error = run(folder, "Opn Door").exception
    assert isinstance(error, KgError)
    assert error.hint == "did you mean 'Open Door'?"


def test_a_file_as_seen_from_here_is_the_note(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert run(folder, f"{folder.name}/quay.md").stdout.startswith("Quay  note:quay\n")


def test_programs_get_json_with_everything(folder: Path) -> None:
    found = json.loads(run(folder, "Ghana", "--format", "json").stdout)
    (told,) = (each for each in found["groups"] if each["title"] == "country of initiatives")
    assert (told["property"], told["inverse"], told["total"]) == (":country", True, 1)
    assert told["items"][0]["place"]["second"] == 725


def test_turtle_is_the_description_with_its_claims(folder: Path) -> None:
    text = run(folder, "Open Door", "--format", "turtle").stdout
    said = list(parse(text.encode(), format=RdfFormat.TURTLE))
    subjects = {str(each.subject.value) for each in said}
    assert "https://example.org/kg/initiative/open-door" in subjects
    assert sum("#c-" in each for each in subjects) == 2


def test_markdown_links_to_the_line_and_the_second(folder: Path) -> None:
    text = run(folder, "Ghana", "--format", "markdown").stdout
    assert "## Country of initiatives (1)\n\n- **Open Door** (2): [a.md:9](<a.md#L9>) at [12:05](https://youtu.be/JkIhnK7qf-w?t=725) " in text


def test_control_characters_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# \x1b[31mred\u202e\n\nThe *bold* <b> in Ghana \x1b]8;;x.\n")
    kg.build(tmp_path)
    for form in ("text", "markdown"):
        for name in ("a.md", "Ghana"):
            told = run(tmp_path, name, "--format", form).stdout
            assert "\x1b" not in told
            assert "\u202e" not in told


@pytest.mark.parametrize("wide", [40, 80])
def test_no_line_is_wider_than_the_terminal(graph: kg.Graph, wide: int) -> None:
    for name in ("Ghana", "a.md", "quay", "https://youtu.be/JkIhnK7qf-w", "note:no%20such%20note"):
        lines = _Page(wide, "/notes", able=False).written(graph.show(name))
        assert [line for line in lines if len(click.unstyle(line)) > wide and " " in line.strip()] == []


def test_places_can_be_clicked_where_terminals_can(graph: kg.Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(_Page(80, "/my notes", able=True).written(graph.show("Ghana")))
    assert "\x1b]8;;file:///my%20notes/a.md\x1b\\a.md:9\x1b]8;;\x1b\\" in text
    assert "\x1b]8;;https://youtu.be/JkIhnK7qf-w?t=725\x1b\\" in text

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("VTE_VERSION", raising=False)
    monkeypatch.delenv("TERM_PROGRAM", raising=False)
    monkeypatch.delenv("FORCE_HYPERLINK", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    assert clickable(Terminal())  # type: ignore[arg-type]
    monkeypatch.setenv("VTE_VERSION", "4602")
    assert not clickable(Terminal())  # type: ignore[arg-type]
    monkeypatch.setenv("TERM", "dumb")
    assert not clickable(Terminal())  # type: ignore[arg-type]
    assert "\x1b[31m" not in link("x", "y\x1b[31m", able=True)


@pytest.mark.parametrize(("command", "places"), [("show Ghana", 1), ("explain Ghana", 3), ("path a.md quay.md", 1), ("search ghana", 1)])
def test_what_says_so_can_be_clicked(folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, places: int) -> None:
    name, *words = command.split()
    monkeypatch.setenv("FORCE_HYPERLINK", "1")
    assert CliRunner().invoke(cli, [name, "-g", str(folder), *words]).stdout.count(f"\x1b]8;;{folder.as_uri()}/") >= places
    monkeypatch.setenv("FORCE_HYPERLINK", "0")
    assert "\x1b" not in CliRunner().invoke(cli, [name, "-g", str(folder), *words]).stdout


@pytest.mark.parametrize(
    ("text", "word", "room"), [("x" * 50, "y", 10), ("a " * 40 + "portal", "portal", 20), ("短い文章です" * 9, "文章", 21), ("", "", 5)]
)
def test_a_cut_text_fits(text: str, word: str, room: int) -> None:
    from kg.cells import cells

    assert cells(around(text, word, room)) <= room
    assert text == "" or word not in text or len(word) > room or word in around(text, word, room)


def test_the_same_graph_is_shown_in_the_same_bytes(folder: Path) -> None:
    assert run(folder, "Ghana", "--format", "json").stdout == run(folder, "Ghana", "--format", "json").stdout
