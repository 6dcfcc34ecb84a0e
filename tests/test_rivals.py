"""The names that notes answer to, in a graph: ``kg check`` and ``kg explain`` have the same ones."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg import check, explain
from kg.check import fresh
from kg.check.known import Checked
from kg.config import Config
from kg.grounds import Known as Grounds
from kg.resolve import KINDS, TIERS, resolve

ALIAS = "---\naliases: [Old quay]\n---\nx"
TWO = {
    "exact": ("mole", {"x/mole.md": "x", "y/mole.md": "x"}),
    "exact, as Logseq writes paths": ("harbour/quay", {"pages/harbour___quay.md": "x", "pages/harbour%2Fquay.md": "x"}),
    "exact, a day": ("May 1st, 2024", {"x/journals/2024_05_01.md": "x", "y/journals/2024_05_01.md": "x"}),
    "case": ("PILOT", {"x/pilot.md": "x", "y/pilot.md": "x"}),
    "separators": ("Old Crane", {"x/old_crane.md": "x", "y/old-crane.md": "x"}),
    "punctuation": ("Buoy (green)", {"x/buoy green.md": "x", "y/buoy, green.md": "x"}),
    "alias": ("signal mast", {"x/a.md": "---\nalias: Signal mast\n---\nx", "y/b.md": "---\nalias: Signal mast\n---\nx"}),
    "id": ("q-7", {"x/c.md": "---\nid: q-7\n---\nx", "y/d.md": "---\nid: q-7\n---\nx"}),
    "title": ("the long pier", {"x/e.md": "# The long pier", "y/f.md": "# The long pier"}),
    "folder": ("docks", {"x/docks/index.md": "# One", "y/docks/README.md": "# Two"}),
    "squashed": ("the_rap_ist", {"x/the rapist.md": "x", "y/therap ist.md": "x"}),
}
"""For each tier a target of a link, and two notes that it could mean."""


def vault(folder: Path, notes: dict[str, str]) -> Path:
    for name, text in notes.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    """All of them in one vault, each linked from a line of its own."""
    links = "".join(f"- See [[{target}]].\n" for target, _ in TWO.values())
    source = vault(tmp_path_factory.mktemp("notes"), {name: text for _, notes in TWO.values() for name, text in notes.items()} | {"home.md": links})
    kg.build(source)
    return kg.open(source)


def test_there_are_two_for_every_tier() -> None:
    assert {each.partition(",")[0] for each in TWO} == TIERS.keys()


@pytest.mark.parametrize("tier", TWO)
def test_check_and_explain_name_the_same_rivals(tier: str, graph: kg.Graph) -> None:
    target, notes = TWO[tier]
    (link,) = explain.line(graph, "home.md", list(TWO).index(tier) + 1).links
    assert sorted((link.found, *link.rivals)) == sorted(notes)
    found = resolve(Checked(graph, Config()).table, target, "home.md")
    assert found == (link.found, tier.partition(",")[0], link.rivals)


def test_check_and_explain_have_one_table(graph: kg.Graph) -> None:
    assert Checked(graph, Config()).table.names == Grounds(graph).table.names


@pytest.mark.parametrize(
    ("kind", "note", "text", "how"),
    [
        ("stem", "Old quay.md", "x", "its file name"),
        ("stem", "x/old_quay.MD", "x", "its file name"),
        ("title", "b.md", "# Old quay", "its title"),
        ("alias", "b.md", ALIAS, "an alias of its own"),
        ("id", "b.md", "---\nid: Old quay\n---\n# Pier", "its id"),
        ("folder", "old quay/index.md", "# Pier", "the name of its folder"),
    ],
)
def test_an_alias_that_another_note_answers_to_is_told_with_how_it_does(kind: str, note: str, text: str, how: str, tmp_path: Path) -> None:
    vault(tmp_path, {note: text, "z.md": f"{ALIAS} [[{note.removesuffix('.md')}]]"})
    with fresh.looked_at(tmp_path, tmp_path / ".kg", Config(), lambda _: None) as known:
        (found,) = [each for each in check.check(known, check.settings(known, Config())) if each.code == "duplicate-alias"]
    assert (found.place, found.message) == ("z.md:2:11", f"the alias 'Old quay' is also that of {note}, by {how}")
    assert kind in KINDS
