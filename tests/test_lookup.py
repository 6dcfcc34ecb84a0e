"""Things by any of their names."""

from __future__ import annotations

import pytest

import kg
from kg import lookup

NOTES = {
    "open_door.md": "---\ntype: initiative\naliases: [The Door]\n---\n# Open Door\nOpen Door runs in Portugal.\n",
    "portugal.md": "# Portugal\nSee [[Open Door]] and [[Nowhere at all]].\n",
    "folder/café.md": "# Café culture\nNothing.\n",
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
