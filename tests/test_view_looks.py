"""What the page looks like: names that can be read, nothing over anything else, and what axe-core finds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from browsing import BASE, Opened, Page, Seen, heading, many, names, overlaps, sample, settled, star, visit

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "build" / "javascript" / "node_modules" / "axe-core" / "axe.min.js"

LEAST = 11
"""Pixels of the smallest name."""


def fits(tab: Page) -> None:
    """Check that all names can be read and that none is over another."""
    found = names(tab)
    assert found
    assert min(each["size"] for each in found) >= LEAST
    assert overlaps(found) == []


@pytest.mark.parametrize("width", [1280, 900, 360])
@pytest.mark.parametrize("count", [4, 12, 30, 48])
def test_all_neighbours_are_named_and_no_name_is_over_another(opened: Opened, count: int, width: int) -> None:
    tab, _ = opened(star(count), at={"mode": "focus", "node": BASE + "hub"}, width=width)
    fits(tab)
    named = {each["node"] for each in names(tab) if each.get("node") is not None}
    nodes = tab.evaluate("() => kgView.live().nodes")
    assert len(named) == nodes
    if width == 1280:
        assert nodes == count + 1


@pytest.mark.parametrize("count", [48, 200, 5000])
def test_neighbours_on_one_side_are_named_as_well(opened: Opened, count: int) -> None:
    tab, _ = opened(star(count, both=False), at={"mode": "focus", "node": BASE + "hub"})
    fits(tab)
    assert len(names(tab)) > 48
    if count > 200:
        assert any("more" in each["text"] for each in names(tab))


@pytest.mark.parametrize("depth", ["2", "3"])
def test_names_of_wider_neighbourhoods_do_not_overlap(opened: Opened, depth: str) -> None:
    tab, _ = opened(many(), at={"mode": "focus", "node": BASE + "100", "depth": depth})
    fits(tab)


def test_names_on_the_map_do_not_overlap_at_any_zoom(opened: Opened) -> None:
    tab, _ = opened(many(1200, 12))
    for _ in range(6):
        fits(tab)
        tab.locator("#closer").click()
        settled(tab)


def test_names_stay_apart_where_the_map_was_dragged_and_picked(opened: Opened) -> None:
    tab, _ = opened(many(1200, 12), at={"node": BASE + "100"})
    fits(tab)
    tab.mouse.move(560, 600)
    tab.mouse.down()
    tab.mouse.move(700, 480, steps=6)
    tab.mouse.up()
    settled(tab)
    fits(tab)


def test_names_of_a_path_do_not_overlap(opened: Opened) -> None:
    for width in (1280, 360):
        tab, _ = opened(many(), at={"mode": "path", "from": BASE + "3", "to": BASE + "451"}, width=width)
        fits(tab)


ODD = (
    "W" * 500,
    "a b " * 125,
    "עברית מימין לשמאל",
    "العربية من اليمين إلى اليسار",
    "👩‍🚀🧑‍🔬 space 🚀",
    "é" * 40,
    "\u202eevil\u202c",
    "日本語の長い名前" * 12,
    "x\ty\nz",
)


def test_odd_labels_make_a_sensible_page(opened: Opened) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number, label in enumerate(ODD):
        network.add_node(f"{BASE}{number}", label=label, kind="note", path=f"{label[:40]}.md", aliases=(label[::-1],))
        network.add_edge(f"{BASE}{number}", f"{BASE}{(number + 1) % len(ODD)}", property="linksTo", evidence=())
    for width in (1280, 360):
        tab, seen = opened(network, width=width)
        for at in (
            {},
            {"mode": "focus", "node": BASE + "0"},
            {"mode": "path", "from": BASE + "0", "to": BASE + "4"},
            {"mode": "table"},
            {"node": BASE + "3"},
        ):
            visit(tab, **at)
            if at.get("mode") != "table":
                fits(tab)
            assert tab.evaluate("() => document.documentElement.scrollWidth") <= width
        heading(tab).wait_for()
        assert seen == Seen([], [], [])


def test_paper_gets_the_table_whole_and_no_buttons(opened: Opened) -> None:
    tab, _ = opened(many(), at={"mode": "table"})
    tab.emulate_media(media="print")
    assert not tab.locator("#search").is_visible()
    assert not tab.locator(".modes").is_visible()
    assert tab.evaluate("() => document.getElementById('list').clientHeight >= document.getElementById('table').offsetHeight")


STATES: list[dict[str, str]] = [
    {},
    {"node": BASE + "pan"},
    {"mode": "focus", "node": BASE + "pan", "depth": "2"},
    {"mode": "path"},
    {"mode": "path", "from": BASE + "ci", "to": BASE + "gone"},
    {"mode": "community", "community": "0"},
    {"mode": "timeline"},
    {"mode": "timeline", "video": BASE + "vid"},
    {"mode": "table"},
]


@pytest.mark.skipif(not AXE.is_file() and not os.environ.get("CI"), reason="axe-core is not installed; make javascript does that")
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_in_any_mode(opened: Opened, dark: bool, width: int) -> None:
    network = sample()
    network.add_node(BASE + "open", label="Open data", kind="theme")
    network.add_edge(BASE + "pan", BASE + "open", key="about", property="about", evidence=(), suggested=True)
    network.nodes[BASE + "pan"]["date"] = "2021-03-04"
    tab, _ = opened(network, dark=dark, width=width)
    source = AXE.read_text(encoding="utf-8")
    tab.evaluate("(() => {" + source + "})")
    for at in STATES:
        visit(tab, **at)
        tab.locator("#legend").evaluate("(each) => { each.open = true; }")
        tab.locator("#filters").evaluate("(each) => { each.open = true; }")
        assert violations(tab) == [], at
    tab.keyboard.press("/")
    tab.keyboard.type("pa")
    assert violations(tab) == [], "search"
    tab.keyboard.press("Escape")
    tab.keyboard.press("Escape")
    tab.locator("#help").click()
    assert violations(tab) == [], "about"


def violations(tab: Page) -> list[Any]:
    """Give what axe-core finds, each with the elements."""
    found: list[Any] = tab.evaluate(
        "async () => (await axe.run()).violations.map(({id, nodes}) => [id, nodes.slice(0, 4).map(({html, failureSummary}) => [html, failureSummary])])"
    )
    return found
