"""Things by any of their names."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg import lookup
from kg.load import load

NOTES = {
    "open_door.md": "---\ntype: initiative\naliases: [The Door]\n---\n# Open Door\nOpen Door runs in Portugal.\n",
    "portugal.md": "# Portugal\nSee [[Open Door]] and [[Nowhere at all]].\n",
    "folder/café.md": "# Café culture\nNothing.\n",
    "street.md": "# Die Große Straße\nNothing.\n",
    "signs.md": "# C++ & C#: ﬁnd 300 K\nNothing.\n",
    "long.md": f"# {'Long name ' * 25}\nNothing.\n",
    "quotes.md": '# The "so-called" \\\\d+ [x] (y) title\nNothing.\n',
    "ellipsis.md": "# …\nNothing.\n",
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    folder = tmp_path_factory.mktemp("vault")
    for name, text in NOTES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    kg.build(folder)
    return kg.open(folder)


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("country:PT", "country/PT"),
        ("<https://example.org/kg/country/PT>", "country/PT"),
        ("country/PT", "country/PT"),
        ("Portugal", "country/PT"),  # the country rather than the note about it
        ("portugal.md", "note/portugal"),
        ("note:portugal", "note/portugal"),
        ("PT", "country/PT"),
        ("open  door", "initiative/open-door"),
        ("the door", "initiative/open-door"),
        ("folder/café", "note/folder/café"),
        ("Cafe\u0301 culture", "theme/café-culture"),  # of which the note is the page
        ("Café", "theme/café-culture"),  # by the name of its file
        ("OPEN-DOOR", "initiative/open-door"),
        ("CAFÉ culture", "theme/café-culture"),
        ("die GROSSE strasse", "theme/die-grosse-strasse"),  # folding makes two letters of one
        ("c++ c# FIND 300k", "theme/c-c-find-300-k-067b"),
        ("LONG NAME " * 25, f"theme/{'-'.join(['long-name'] * 25)}"),
        ("the SO called \\d+ x y TITLE", "theme/the-so-called-d-x-y-title-cba6"),
        ("nowhere at all", "theme/nowhere-at-all"),  # what the link names, rather than the note that is not there
    ],
)
def test_a_thing_is_found_by(graph: kg.Graph, name: str, end: str) -> None:
    assert graph.find(name) == graph.names.base + end


def test_only_of_a_kind(graph: kg.Graph) -> None:
    assert graph.find("Portugal", "Note") == graph.names.note("portugal.md")
    assert graph.find("Open Door", "Entity").endswith("initiative/open-door")
    assert lookup.every(graph.store, graph.names, "Open Door", ["Country"]) == []
    assert len(lookup.every(graph.store, graph.names, "Portugal")) == 2


@pytest.mark.parametrize(
    ("name", "kinds", "said"),
    [
        ("Opn Door", (), "nothing in the graph is called 'Opn Door'\n  hint: did you mean 'Open Door'?"),
        ("zzzz", (), "nothing in the graph is called 'zzzz'\n  hint: kg stats names what is there"),
        ("Portugl", ("Note", "Country"), "no note or country is called 'Portugl'\n  hint: did you mean 'Portugal'?"),
        ("Opn Door", ("Country",), "no country is called 'Opn Door'\n  hint: kg stats names what is there"),
        ("long\nname", (), "nothing in the graph is called 'long\\nname'"),
        ("Portugl", ("Country",), "no country is called 'Portugl'\n  hint: did you mean 'Portugal'?"),
        ("country:ZZ", (), "nothing in the graph is called 'country:ZZ'"),
        ("a b: <c>", (), "nothing in the graph is called 'a b: <c>'"),
        ("", (), "nothing in the graph is called ''"),
    ],
)
def test_a_name_of_nothing_is_told(graph: kg.Graph, name: str, kinds: tuple[str, ...], said: str) -> None:
    with pytest.raises(kg.KgError) as told:
        graph.find(name, *kinds)
    assert str(told.value).startswith(said)


def test_names_in_a_language_are_found(tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    file.write_text(
        "@base <https://example.org/mine/> . @prefix : <https://w3id.org/kgnotes/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
        '<x> a :Country ; skos:prefLabel "Norway"@en, "Noreg"@nn ; skos:notation "NO-1"^^<https://example.org/code> . [] a :Country ; skos:prefLabel "Nobody" .',
        encoding="utf-8",
    )
    load([str(file)], tmp_path / ".kg")
    graph = kg.open(tmp_path / ".kg")
    assert {graph.find(each) for each in ("norway", "NOREG", "no-1")} == {"https://example.org/mine/x"}
    assert lookup.nearest(graph.store, "Norwey") == "Norway"
    assert lookup.every(graph.store, graph.names, "nobody") == []


def test_a_note_is_found_by_the_name_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "Books").mkdir()
    (tmp_path / "Books" / "Le Guin.md").write_text('---\ntitle: "Ursula K. Le Guin"\ntype: person\n---\nWords.\n')
    (tmp_path / "a.md").write_text("[[Le Guin]]\n")
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    for name in ("Le Guin", "le_guin"):
        assert graph.find(name) == f"{graph.names.base}person/ursula-k-le-guin-{graph.find(name)[-4:]}"
        assert lookup.every(graph.store, graph.names, name, ("Note",)) == [f"{graph.names.base}note/Books/Le%20Guin"]
    assert graph.show("Le Guin").others == (("<note/Books/Le%20Guin>", "Ursula K. Le Guin"),)
