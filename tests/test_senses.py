"""Names that mean something else where an author puts them: people and dishes in tags and under keys, code, addresses, files, pages of people."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg import corpus, markdown
from kg.model import Note


def built(folder: Path, **notes: str) -> kg.Graph:
    for name, text in notes.items():
        path = folder / f"{name.replace('__', '/').replace('_', ' ')}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    kg.build(folder)
    return kg.open(folder)


def countries(graph: kg.Graph) -> list[str]:
    rows = graph.query("SELECT DISTINCT ?code { ?c a :Country; skos:notation ?code } ORDER BY ?code").terms
    return [getattr(row[0], "value", "") for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "---\ntags: [turkey, recipe]\n---\nDinner",
        "Dinner #turkey #Turkey #usa/georgia",
        "---\nauthor: Chad\n---\nDinner",
        "---\nattendees: [Jordan, Chad]\nstate: Georgia\n---\nDinner",
        "The `Turkey` key, and `--land Portugal`",
        "See https://en.wikipedia.org/wiki/Jordan and <https://example.org/Portugal>",
        "See [the page](https://en.wikipedia.org/wiki/Portugal)",
        "![[Turkey.png]] ![[maps of Portugal.pdf]]",
    ],
)
def test_no_country_is_named_where_nobody_names_one(tmp_path: Path, text: str) -> None:
    assert countries(built(tmp_path, note=text)) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("---\ntags: [portugal]\n---\nDinner", "PT"),
        ("---\ncountry: Georgia\n---\nDinner", "GE"),
        ("---\nlocation: Jordan\n---\nDinner", "JO"),
        ("---\ntopics: [India]\n---\nDinner", "IN"),
        ("`Chile` was typed; the note is about Peru", "PE"),
        ("# Georgia\nTbilisi is its capital.", "GE"),
        ("---\ntype: country\n---\n# Chad\nA page", "TD"),
    ],
)
def test_a_country_is_named_where_somebody_names_it(tmp_path: Path, text: str, code: str) -> None:
    assert countries(built(tmp_path, note=text)) == [code]


def test_a_recipe_states_nothing_of_a_country(tmp_path: Path) -> None:
    graph = built(tmp_path, Turkey="---\ntags: [recipe, bird]\n---\nBrine it.")
    assert countries(graph) == []
    assert graph.query("ASK { note:Turkey :about theme:turkey }").truth


def test_a_name_between_backticks_is_a_name_all_the_same(tmp_path: Path) -> None:
    graph = built(tmp_path, note="Chile runs an app called `TideWatch`.")
    assert graph.query("ASK { note:note :mentions <initiative/tidewatch> }", suggested=True).truth


JORDAN = "---\ntype: person\n---\n# Jordan\n\nShe lives by the sea."
REED = "---\ntype: person\naliases: [Georgia]\n---\nShe lives by the sea."


def named(graph: kg.Graph, note: str) -> list[str]:
    rows = graph.query(f"SELECT DISTINCT ?thing {{ note:{note} :mentions ?thing MINUS {{ note:{note} :about ?thing }} }} ORDER BY ?thing").terms
    return [getattr(row[0], "value", "").removeprefix("https://example.org/kg/").removeprefix("https://w3id.org/kgnotes/") for row in rows]


def test_a_name_that_has_the_page_of_a_person_is_hers_in_all_notes(tmp_path: Path) -> None:
    graph = built(
        tmp_path,
        People__Jordan=JORDAN,
        People__Georgia_Reed=REED,
        a="[[Jordan]] opens. Jordan says hello. [[Georgia]] too.",
        b="Jordan and Georgia, from Peru",
    )
    assert countries(graph) == ["PE"]
    assert named(graph, "a") == ["person/georgia-reed", "person/jordan"]
    assert graph.query("ASK { <note/People/Jordan> :about <person/jordan> }").truth


def test_a_country_under_its_key_is_one_whoever_else_has_the_name(tmp_path: Path) -> None:
    assert countries(built(tmp_path, People__Jordan=JORDAN, a="---\ncountry: Jordan\n---\nWe fly.")) == ["JO"]


def test_a_page_of_the_country_keeps_its_name(tmp_path: Path) -> None:
    graph = built(tmp_path, People__Jordan=JORDAN, Lands__Jordan="---\ntype: country\n---\nAmman", a="We went to Jordan.")
    assert named(graph, "a") == ["country/JO"]


def test_a_country_in_the_name_of_a_page_of_a_body_stays(tmp_path: Path) -> None:
    graph = built(tmp_path, Statistics_Finland="---\ntype: organisation\n---\nNumbers", a="See [[Statistics Finland]].")
    assert named(graph, "a") == ["country/FI", "organisation/statistics-finland"]


def test_a_page_of_a_person_that_comes_and_goes_takes_the_name_and_gives_it_back(tmp_path: Path) -> None:
    assert countries(built(tmp_path, a="Jordan and Peru")) == ["JO", "PE"]
    assert countries(built(tmp_path, Jordan=JORDAN)) == ["PE"]
    (tmp_path / "Jordan.md").unlink()
    assert countries(built(tmp_path)) == ["JO", "PE"]


def test_what_is_to_be_done_makes_no_fact_of_one_word(tmp_path: Path) -> None:
    graph = built(tmp_path, a="- Discuss Budget plan\n- [ ] Update Kitchen Project\n")
    assert named(graph, "a") == ["initiative/kitchen-project"]


VIDEO, OTHER = "https://youtu.be/JkIhnK7qf-w", "https://youtu.be/JkIhnK7qf-x"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (f"# Harbours\n\n## [The quay]({VIDEO})\n\nWords\n", ["The quay"]),
        (f"- [The quay]({VIDEO})\n- [The pier]({OTHER})\n", ["The quay", "The pier"]),
        (f"Great talk: [watch it]({VIDEO}?t=753)\n", []),
        (f"- [The quay]({VIDEO})\n- [The pier]({OTHER})\n- call Ada\n", []),
        (f"## Talk: [watch]({VIDEO})\n", []),
        (f"## [12:33]({VIDEO}?t=753)\n", []),
        (f"## [The start]({VIDEO}?t=3)\n\n## [The end]({VIDEO}?t=753)\n", []),
    ],
)
def test_a_list_of_videos_is_one_of_headings_or_of_nothing_but_links(text: str, titles: list[str]) -> None:
    read = markdown.read(Note("a.md", text, ""))
    assert [title for _, title in read.videos] == titles
    assert bool(corpus.page(read, corpus.Context())) == (not titles)


def stated(graph: kg.Graph, key: str) -> list[str]:
    rows = graph.query(f"SELECT ?of ?what {{ ?of vault:{key} ?what }} ORDER BY ?of ?what").terms
    return [f"{getattr(one, 'value', '').removeprefix('https://example.org/kg/')} {getattr(other, 'value', '')}" for one, other in rows]


def test_notes_of_one_title_are_the_page_of_nothing_and_state_things_of_themselves(tmp_path: Path) -> None:
    first, second = "---\nstatus: active\n---\nQuays", "---\nstatus: done\n---\nPiers"
    assert stated(built(tmp_path, a__Index=first), "status") == ["theme/index active"]
    graph = built(tmp_path, b__Index=second)
    assert stated(graph, "status") == ["note/a/Index active", "note/b/Index done"]
    assert not graph.query("ASK { ?theme a :Theme }").truth
    (tmp_path / "a" / "Index.md").unlink()
    assert stated(built(tmp_path), "status") == ["theme/index done"]


def test_of_notes_of_one_title_that_which_says_so_is_the_page_of_the_theme(tmp_path: Path) -> None:
    first, second, third = "---\nstatus: active\n---\nQuays", "---\nstatus: done\n---\nPiers", "---\nstatus: known\ntype: theme\n---\nDocks"
    graph = built(tmp_path, a__Index=first, b__Index=second, c__Index=third)
    assert stated(graph, "status") == ["note/a/Index active", "note/b/Index done", "theme/index known"]


def test_titles_that_are_spelt_in_two_ways_are_of_one_theme(tmp_path: Path) -> None:
    graph = built(tmp_path, a="# The tidal mill\n", b="# Tidal mill\n")
    rows = graph.query("SELECT (COUNT(DISTINCT ?theme) AS ?themes) (COUNT(?note) AS ?notes) { ?theme :page ?note }").terms
    assert [getattr(each, "value", "") for each in rows[0]] == ["1", "2"]


def test_a_page_with_the_name_of_a_person_is_hers(tmp_path: Path) -> None:
    graph = built(tmp_path, Jane_Quillman="She wrote of quays.", a="[[Jane Quillman]] spoke. Jane Quillman left.")
    assert named(graph, "a") == ["person/jane-quillman"]
    assert graph.query("ASK { <note/Jane%20Quillman> :about <person/jane-quillman> }").truth
    assert not graph.query("ASK { <theme/jane-quillman> ?p ?o }").truth


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Peter Principle", "The Peter Principle states that people rise. It is a concept by the educator Laurence Quill."),
        ("Thomas Theorem", "The Thomas Theorem is a theory of the sociologist Quill."),
        ("Kelly Criterion", "Kelly Criterion, the formula for bets."),
        ("Elizabeth Line", "The Elizabeth Line from Paddington, director Quill said, is a pioneer of rail."),
        ("Mark Sheet", "A Mark Sheet is a teacher tool."),
        ("Carmen Opera", "After Carmen Opera, the director left."),
        ("Michael Clayton Film", "Michael Clayton Film (2007) is a film by the writer Quill."),
        ("James Bond Theme", "Notes."),
        ("John Deere", "John Deere is a leader in machines, and the producer of tractors."),
    ],
)
def test_a_given_name_alone_makes_no_page_a_person_s(tmp_path: Path, title: str, words: str) -> None:
    graph = built(tmp_path, a=f"# {title}\n\n{words}", b=f"See [[{title}]].")
    assert not graph.query("ASK { ?who :page ?note; a :Person }").truth
    assert graph.query("ASK { ?theme :page ?note; a :Theme }").truth


@pytest.mark.parametrize(
    "words",
    [
        "Jane Quillman was an English novelist.",
        "Jane Quillman (1775–1817) was an English poet and painter.",
        "Jane Quillman, head of tides.",
        "We met Dr Jane Quillman.",
        "Jane Quillman (born 1975) sails.",
        "She sails.",
    ],
)
def test_a_page_is_a_person_s_where_its_text_says_so(tmp_path: Path, words: str) -> None:
    graph = built(tmp_path, a=f"# Jane Quillman\n\n{words}")
    assert graph.query("ASK { <note/a> :about <person/jane-quillman> }").truth


def test_an_ending_in_capitals_is_no_part_of_a_note_s_name(tmp_path: Path) -> None:
    (tmp_path / "Jordan.MD").write_text("---\ntype: person\ntitle: Jo\n---\n", encoding="utf-8")
    (tmp_path / "2024-05-01.MD").write_text("Rain.", encoding="utf-8")
    graph = built(tmp_path, a="Jordan sent the slides.")
    assert countries(graph) == []
    assert [str(row.note) for row in graph.query("SELECT ?note { ?thing :page ?note } ORDER BY ?note")] == [
        "https://example.org/kg/note/Jordan.MD",
        "https://example.org/kg/note/a",
    ]


@pytest.mark.parametrize(("head", "code"), [("---\ntype: theme\n---\n", ""), ("---\ntype: boat\n---\n", "JO"), ("", "JO")])
def test_a_page_with_a_type_takes_its_name_from_a_country(tmp_path: Path, head: str, code: str) -> None:
    graph = built(tmp_path, Jordan=f"{head}A boat.", a="We flew to Jordan.")
    assert countries(graph) == [code] * bool(code)


def test_a_key_that_means_a_country_names_one_where_a_page_has_its_name(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text('[properties]\nland = ":country"\n', encoding="utf-8")
    person = "---\ntype: person\n---\n"
    graph = built(tmp_path, Jordan=person, a="---\ntype: person\nland: Jordan\n---\n", b="---\ntype: person\ncountry: Jordan\n---\n")
    for note in ("a", "b"):
        assert graph.query(f"ASK {{ <person/{note}> :country <country/JO> }}").truth
    assert not graph.query("ASK { ?who vault:land ?land }").truth
