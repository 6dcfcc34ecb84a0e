"""The page as text: what is in it, what is left out, and that nothing in it can break out."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import math
import os
import random
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.network import Evidence
from kg.ranks import Tie, distances, pagerank, ties
from kg.view import content, embedded, page
from kg.view.layout import GAP, islands, spots


def evidence(text: str, *, line: int = 3, moment: str = "https://www.youtube.com/watch?v=abc&t=5s") -> Evidence:
    return Evidence("urn:a", "notes/a.md", line, text, "00:00:05", moment)


def notes(count: int, seed: int = 1, links: int = 3) -> nx.MultiDiGraph[str]:
    """Make up a network of notes that link to ``links`` others, filled in an order set by ``seed``."""
    fixed = random.Random(7)
    names = [f"https://example.org/note/{number}" for number in range(count)]
    edges = [(name, fixed.choice(names), f"Sentence {number}.") for number, name in enumerate(names) for _ in range(links)]
    order = random.Random(seed)
    order.shuffle(edges)
    order.shuffle(names)
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(title="made up")
    for name in names:
        number = int(name.rpartition("/")[2])
        network.add_node(name, label=f"Note {number}", kind=("note", "country", "theme")[number % 3], path=f"notes/{number}.md", url="", aliases=())
    for start, end, text in edges:
        network.add_edge(start, end, key="linksTo", property="linksTo", evidence=(evidence(text), evidence("Another.", line=9)))
    return network


class _Blocks(HTMLParser):
    """Collects the text of script and style elements, as a browser would find it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None], str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.found.append((tag, dict(attrs), ""))
            self.open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.open = False

    def handle_data(self, data: str) -> None:
        if self.open:
            tag, attrs, text = self.found[-1]
            self.found[-1] = (tag, attrs, text + data)


def data(text: str) -> dict[str, Any]:
    (block,) = (each for tag, attrs, each in _Blocks(text).found if attrs.get("type") == "application/json")
    found: dict[str, Any] = json.loads(block)
    return found


# Determinism


def test_the_order_of_filling_does_not_matter() -> None:
    first, *others = (page(notes(60, seed), title="T") for seed in range(4))
    assert all(each == first for each in others)


PRINT = """
import hashlib, networkx as nx
from kg.view import page
network = nx.MultiDiGraph()
for number in {"a", "b", "c", "d", "e", "f", "g"}:
    network.add_node("urn:" + number, label=number, kind=number, aliases=frozenset({"x" + number, "y", "z"}))
for start in {"a", "b", "c", "d", "e", "f", "g"}:
    for end in {"a", "b", "c"}:
        network.add_edge("urn:" + start, "urn:" + end, key="linksTo", property="linksTo", evidence=())
print(hashlib.sha256(page(network, title="T", kinds=frozenset("abcdefg")).encode()).hexdigest())
"""


def test_the_hash_seed_does_not_matter() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", PRINT],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[1],
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(found) == 1


# What is carried


def test_at_most_250_nodes_and_600_links_are_live() -> None:
    found = data(page(notes(400, links=6), title="T"))
    assert (len(found["picture"]["nodes"]), len(found["picture"]["links"])) == (250, 600)
    assert (len(found["nodes"]), found["total"]["nodes"]) == (400, 400)


def test_what_is_not_carried_is_counted() -> None:
    found = data(page(notes(2100, links=6), title="T"))
    assert (len(found["nodes"]), len(found["edges"])) == (content.NODES, content.EDGES)
    assert found["total"]["nodes"] == 2100
    assert found["total"]["edges"] > 10_000


def test_evidence_is_a_few_short_sentences() -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_edge("urn:a", "urn:b", key="cites", property="cites", evidence=tuple(evidence("x" * 400, line=line) for line in (5, 4, 3, 2, 1)))
    found = data(page(network, title="T"))
    ((_, _, _, shown, every, suggested),) = found["edges"]
    assert (len(shown), every, suggested) == (3, 5, 0)
    assert [line for _, line, *_ in found["sentences"]] == [1, 2, 3]
    assert {len(text) for _, _, text, *_ in found["sentences"]} == {300}


def test_the_same_sentence_is_kept_once() -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_edge("urn:a", "urn:b", key="cites", property="cites", evidence=(evidence("One."),))
    network.add_edge("urn:a", "urn:c", key="cites", property="cites", evidence=(evidence("One."),))
    assert len(data(page(network, title="T"))["sentences"]) == 1


def test_sentences_stop_when_the_room_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "ALL_SENTENCES", 1000)
    found = data(page(notes(100), title="T"))
    assert sum(len("".join(map(str, each[2:]))) for each in found["sentences"]) <= 1000
    assert any(not shown and every for *_, shown, every, _ in found["edges"])


def test_only_the_kinds_asked_for() -> None:
    found = data(page(notes(30), title="T", kinds=["country"]))
    assert ([kind["name"] for kind in found["kinds"]], len(found["nodes"])) == (["country"], 10)


def test_the_focus_stays_even_if_its_kind_goes() -> None:
    found = data(page(notes(30), title="T", kinds=["country"], focus="https://example.org/note/0"))
    assert found["nodes"][found["focus"]][0] == "https://example.org/note/0"
    assert len(found["nodes"]) == 11


def test_a_focus_brings_its_neighbourhood_into_a_page_too_small_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "NODES", 8)
    network = notes(200, links=1)
    focus = "https://example.org/note/3"
    found = data(page(network, title="T", focus=focus, depth=1))
    around = {focus, *network.successors(focus), *network.predecessors(focus)}
    assert around <= {node[0] for node in found["nodes"]}
    assert (found["focus"], found["depth"]) == (0, 1)


def test_a_focus_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KgError, match="nothing in the graph is called 'urn:nowhere'"):
        page(notes(3), title="T", focus="urn:nowhere")


@pytest.mark.parametrize("depth", [0, 4, -1])
def test_a_depth_out_of_range_is_an_error(depth: int) -> None:
    with pytest.raises(KgError, match=f"not {depth}"):
        page(notes(3), title="T", depth=depth)


def test_missing_attributes_and_unknown_kinds_do_no_harm() -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_edge("urn:a", "urn:b")
    network.add_node("urn:c", kind="spaceship")
    network.add_edge("urn:c", "urn:c", key="about", property="about", evidence=())
    found = data(page(network, title="T"))
    assert {kind["name"] for kind in found["kinds"]} == {"thing", "spaceship"}
    assert [node[1] for node in found["nodes"]] == ["urn:b", "urn:a", "urn:c"]


def test_a_node_whose_neighbours_stay_out_is_not_live(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "LIVE_NODES", 4)
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number in range(3):
        for leaf in range(6):
            network.add_edge(f"urn:leaf-{number}-{leaf}", f"urn:video-{number}", key="source", property="source", evidence=())
    network.add_edges_from(itertools.permutations(("urn:a", "urn:b"), 2))
    found = data(page(network, title="T"))
    live = {node["id"] for node in found["picture"]["nodes"]}
    linked = set(itertools.chain.from_iterable(found["picture"]["links"]))
    assert live == linked


def test_an_empty_network_makes_a_page() -> None:
    found = data(page(nx.MultiDiGraph(), title="T"))
    assert (found["nodes"], found["edges"], found["picture"]["nodes"]) == ([], [], [])


def test_the_licence_of_the_drawing_library_is_kept() -> None:
    text = page(notes(3), title="T")
    assert "@license" in text
    assert "Apache-2.0 or MIT" in text


# Nothing breaks out

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "\u2028\u2029",
    "]]>",
    "{{data}}",
    "{{policy}}",
    "\\u003c",
    "__proto__",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_come_back_as_they_were(text: str) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node(text, label=text, kind=text, path=text, url=text, aliases=(text, text + "2"))
    network.add_edge(text, "urn:b", key=text, property=text, evidence=(Evidence(text, text, 1, text, text, text),))
    document = page(network, title=text)
    found = data(document)
    (node,) = (node for node in found["nodes"] if node[0] == text)
    assert (node[1], node[3], node[4], found["title"], found["properties"]) == (text, text, "", text, [text])
    assert [tag for tag, _, _ in _Blocks(document).found] == ["style", "script", "script", "script"]


@given(st.text(), st.text())
@settings(max_examples=200)
def test_no_text_breaks_out_of_the_data(label: str, key: str) -> None:
    block = embedded({"label": label, "all": [key]})
    assert not set("<>&\u2028\u2029") & set(block)
    clean = [text.encode("utf-8", "replace").decode() for text in (label, key)]
    assert json.loads(block) == {"label": clean[0], "all": [clean[1]]}


@given(st.text(st.characters(), max_size=40))
@settings(max_examples=15, deadline=None)
def test_no_label_or_title_adds_an_element(label: str) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node("urn:a", label=label, kind=label)
    tags = [tag for tag, _ in _Blocks(page(network, title=label)).tags]
    assert tags == [tag for tag, _ in _Blocks(page(nx.MultiDiGraph(), title="T")).tags]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        " https://x",
        "//x.org",
        "https:",
        "file:///etc",
        "http://[",
        "https://x\n.org",
        "https://a@b",
    ],
)
def test_only_addresses_of_the_web_become_links(address: str) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node("urn:a", label="A", kind="video", url=address)
    network.add_edge("urn:a", "urn:b", key="cites", property="cites", evidence=(evidence("S", moment=address),))
    found = data(page(network, title="T"))
    assert {node[4] for node in found["nodes"]} == {""}
    assert found["sentences"][0][4] == ""


def test_the_policy_names_the_hash_of_every_block_and_nothing_else() -> None:
    blocks = _Blocks(page(notes(5), title="T"))
    (policy,) = (attrs["content"] or "" for tag, attrs in blocks.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    rules = {name: values for name, *values in (rule.split() for rule in policy.split("; "))}
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for tag, attrs, text in blocks.found:
        if attrs.get("type") != "application/json":
            hashes[tag].append(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'")
    assert (rules["default-src"], rules["script-src"], rules["style-src"]) == (["'none'"], hashes["script"], hashes["style"])
    assert "unsafe" not in policy
    assert not any(name.startswith("on") or name == "style" for _, attrs in blocks.tags for name in attrs)


def test_the_page_refers_to_nothing_outside() -> None:
    blocks = _Blocks(page(notes(5), title="T"))
    assert [(tag, value) for tag, attrs in blocks.tags for name, value in attrs.items() if name in ("src", "href")] == [("link", "data:,")]


def test_the_script_makes_no_markup_from_strings() -> None:
    script = Path(content.__file__).with_name("page.js").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|fetch\(|XMLHttpRequest|localStorage", script)


# Rank


def test_shares_of_importance_sum_to_one_and_follow_links() -> None:
    shares = pagerank(4, [(0, 3), (1, 3), (2, 3), (3, 0), (3, 0), (2, 2)])
    assert sum(shares) == pytest.approx(1)
    assert sorted(range(4), key=lambda node: -shares[node])[:2] == [3, 0]


def test_links_inside_a_group_are_worth_more_than_links_to_a_hub() -> None:
    near = [set(range(1, 9)), {0, 2, 3}, {0, 1, 3}, {0, 1, 2}, {0}, {0}, {0}, {0}, {0}]
    weights = {(tie.low, tie.high): tie.weight for tie in ties(near)}
    assert weights[1, 2] > weights[0, 1] > weights[0, 4]


@given(st.integers(1, 12).flatmap(lambda count: st.tuples(st.just(count), st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))))))
def test_ties_are_all_pairs_once(drawn: tuple[int, set[tuple[int, int]]]) -> None:
    count, pairs = drawn
    pairs = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
    near: list[set[int]] = [set() for _ in range(count)]
    for low, high in pairs:
        near[low].add(high)
        near[high].add(low)
    found = ties(near)
    assert sorted((tie.low, tie.high) for tie in found) == sorted(pairs)
    assert all(0 < tie.weight <= 1 for tie in found)


def test_distances_stop_where_told() -> None:
    assert distances([{1}, {0, 2}, {1, 3}, {2}], 0, 2) == {0: 0, 1: 1, 2: 2}


# Layout


@given(st.integers(0, 25), st.data())
@settings(max_examples=40, deadline=None)
def test_every_node_has_a_spot_of_its_own(count: int, drawn: st.DataObject) -> None:
    pairs = drawn.draw(
        st.sets(st.tuples(st.integers(0, max(0, count - 1)), st.integers(0, max(0, count - 1))).filter(lambda pair: pair[0] < pair[1]))
    )
    radii = [float(5 + number % 9) for number in range(count)]
    found = spots(radii, [Tie(*pair, 0.5) for pair in sorted(pairs)])
    assert len(found) == count
    assert all(math.isfinite(x) and math.isfinite(y) for x, y, _ in found)
    for (one, a), (other, b) in itertools.combinations(enumerate(found), 2):
        assert math.dist(a[:2], b[:2]) >= radii[one] + radii[other]


def test_a_full_picture_has_no_overlap_and_is_ready_in_three_seconds() -> None:
    start = time.process_time()
    found = data(page(notes(250, links=4), title="T"))
    assert time.process_time() - start < 3
    nodes = found["picture"]["nodes"]
    closest = min(math.dist((a["x"], a["y"]), (b["x"], b["y"])) - a["size"] - b["size"] for a, b in itertools.combinations(nodes, 2))
    assert closest > GAP - 2


def test_large_nodes_all_tied_to_each_other_do_not_overlap() -> None:
    found = spots([40.0] * 30, [Tie(low, high, 1.0) for low, high in itertools.combinations(range(30), 2)])
    assert min(math.dist(a[:2], b[:2]) for a, b in itertools.combinations(found, 2)) > 80


def test_islands_stay_apart() -> None:
    group = [Tie(low, high, 1.0) for low, high in itertools.combinations(range(6), 2)]
    other = [Tie(low + 6, high + 6, 1.0) for low, high in itertools.combinations(range(6), 2)]
    assert islands(12, group + other) == [list(range(6)), list(range(6, 12))]
    found = spots([8.0] * 12, group + other)
    inside = max(math.dist(found[0][:2], found[node][:2]) for node in range(1, 6))
    between = min(math.dist(found[a][:2], found[b][:2]) for a in range(6) for b in range(6, 12))
    assert between > 20
    assert inside < math.dist(found[0][:2], found[6][:2]) + inside / 2


def test_pyvis_is_loaded_for_a_page_only() -> None:
    code = "import sys, kg.view; print('pyvis' in sys.modules, 'IPython' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert found.stdout.split() == ["False", "False"]
