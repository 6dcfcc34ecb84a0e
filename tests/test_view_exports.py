"""What the page saves: pictures of what is seen, and what is shown as statements."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import pytest
from pyoxigraph import RdfFormat, parse

from browsing import BASE, Opened, Page, Seen, many, sample, visit

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SVG = "{http://www.w3.org/2000/svg}"


def saved(tab: Page, what: str) -> Path:
    """Save something, and give the file."""
    tab.locator("#exports > summary").click()
    with tab.expect_download() as waiting:
        tab.locator(f"[data-export={what}]").click()
    return Path(waiting.value.path()).rename(Path(waiting.value.path()).with_name(waiting.value.suggested_filename))


@pytest.mark.parametrize("state", [{}, {"mode": "focus", "node": BASE + "pan"}, {"mode": "path", "from": BASE + "ci", "to": BASE + "gone"}])
def test_what_is_seen_is_saved_as_a_picture(opened: Opened, state: dict[str, str]) -> None:
    tab, seen = opened(sample(), at=state)
    file = saved(tab, "png")
    assert file.name == ("pandemic-plans.png" if "focus" in state.values() else "a-vault.png")
    picture = file.read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    box = tab.locator("#graph canvas").bounding_box()
    assert box
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (box["width"], box["height"])
    assert seen == Seen([], [], [])


def test_a_drawing_has_every_node_and_name_that_is_seen(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"mode": "focus", "node": BASE + "pan", "depth": "2"})
    root = ET.fromstring(saved(tab, "svg").read_text(encoding="utf-8"))
    shown = tab.evaluate("() => [kgView.live(), kgView.names().map(({text}) => text)]")
    assert [each.text for each in root.iter(f"{SVG}text")] == shown[1]
    marks = [each for each in root.iter(f"{SVG}path") if each.get("fill") != "none"]
    assert len(marks) == shown[0]["nodes"]


def test_a_drawing_of_a_large_map_has_its_dots(opened: Opened) -> None:
    tab, _ = opened(many())
    root = ET.fromstring(saved(tab, "svg").read_text(encoding="utf-8"))
    drawn = len(list(root.iter(f"{SVG}circle"))) + len(list(root.iter(f"{SVG}path")))
    assert drawn > 600


def statements(file: Path) -> set[tuple[str, str, str]]:
    """Read Turtle with a parser that forgives nothing."""
    found = parse(input=file.read_bytes(), format=RdfFormat.TURTLE)
    return {(quad.subject.value, quad.predicate.value, quad.object.value) for quad in found}


def test_what_is_shown_is_saved_as_turtle(opened: Opened) -> None:
    tab, _ = opened(sample(), at={"mode": "focus", "node": BASE + "ci", "depth": "1"})
    found = statements(saved(tab, "ttl"))
    assert {(BASE + "ci", LABEL, "São Tomé"), (BASE + "pan", LABEL, "Pandemic plans")} <= found
    assert {(start, end) for start, said, end in found if said.endswith("mentions")} == {(BASE + "pan", BASE + "ci")}
    assert not any(BASE + "lab" in each for each in found)
    visit(tab, mode="map", hide="Country")
    found = statements(saved(tab, "ttl"))
    assert sum(said == LABEL for _, said, _ in found) == 5


def test_turtle_of_strange_names_is_turtle(opened: Opened) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    strange = ("__proto__", 'a "quoted" <b>', "urn:x:\\back{slash}", "line\nbreak\ttab\u2028", "ключ 🚀 \ud800", "https://example.org/ok", "a b:c")
    for text in strange:
        network.add_node(text, label=text + "\x01\x7f", kind="thing")
        for other in strange:
            network.add_edge(text, other, property=text, key=text, evidence=())
    tab, _ = opened(network)
    found = statements(saved(tab, "ttl"))
    assert sum(said == LABEL for _, said, _ in found) == len(strange)
    assert len([each for each in found if each[1] != LABEL]) >= len(strange) ** 2
    ET.fromstring(saved(tab, "svg").read_text(encoding="utf-8"))


def test_what_is_only_suggested_is_not_stated(opened: Opened) -> None:
    network = sample()
    network.add_edge(BASE + "hub", BASE + "ci", key="mentions", property="mentions", evidence=(), suggested=True)
    tab, _ = opened(network)
    file = saved(tab, "ttl")
    assert not any(start == BASE + "hub" and end == BASE + "ci" for start, _, end in statements(file))
    assert "Left out: 1 statement" in file.read_text(encoding="utf-8")
