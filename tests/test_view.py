"""The page as text: what is in it, what is left out, where things are, and that nothing in it can break out."""

from __future__ import annotations

import base64
import gzip
import hashlib
import itertools
import json
import math
import os
import random
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg import cli, names, scene
from kg.errors import KgError, UsageError
from kg.network import Evidence
from kg.ranks import pagerank
from kg.view import data as carried
from kg.view import document, drawing, naming, page, payload, places
from kg.view.communities import communities, weights
from kg.view.layout import EDGE, layout
from kg.view.packing import pack


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
    """Read what a page carries, as a browser would."""
    (block,) = (each for _, attrs, each in _Blocks(text).found if attrs.get("id") == "data")
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(block)) if not block.startswith("{") else block)
    return found


def spelt(found: dict[str, Any]) -> dict[str, Any]:
    """Spell out the columns, as the page does: edges with their ends, places with their note, line, second and text."""
    edges, columns, nodes = found["edges"], found["places"], found["nodes"]
    starts = [node for node, count in enumerate(edges["of"]) for _ in range(count)]
    ends: list[int] = []
    for at, start in enumerate(starts):
        ends.append(edges["to"][at] + (ends[-1] if at and starts[at - 1] == start else 0))
    rows, first, fresh = [], {}, itertools.count()
    at = 0
    for node, count in enumerate(columns["of"]):
        line = second = 0
        first[node] = at if count else 0
        for _ in range(count):
            line += columns["line"][at]
            step = columns["second"][at]
            second += step or 0
            text = columns["text"][at]
            number = -1 if text == 0 else next(fresh) if text == 1 else text - 2
            rows.append((node, line, second if step != "" else -1, found["texts"][number] if number >= 0 else ""))
            at += 1
    shown = iter(found["evidence"])
    says = [[rows[next(shown) + first[start]] for _ in range(kept)] for start, kept in zip(starts, edges["kept"], strict=True)]
    assert next(shown, None) is None
    properties = [found["properties"][number]["name"] for number in edges["property"]]
    return {"edges": list(zip(starts, ends, properties, says, strict=True)), "labels": nodes["label"], "places": rows}


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


def test_a_small_page_in_full() -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node("https://example.org/kg/note/tide_mill", label="Tide mill", kind="note", path="tide_mill.md", date="2024-05-01")
    network.add_node("https://example.org/kg/country/PT", label="Portugal", kind="country", aliases=("Portuguese Republic",))
    network.add_node("https://youtu.be/abc", label="A talk", kind="video", url="https://youtu.be/abc")
    said = Evidence("https://example.org/kg/note/tide_mill", "tide_mill.md", 7, "The mill is in Portugal.", "00:01:05", "https://youtu.be/abc?t=65")
    again = said._replace(line=9, text="So it is.", moment="", timecode="1:1:1:1")
    network.add_edge("https://example.org/kg/note/tide_mill", "https://example.org/kg/country/PT", property="mentions", evidence=(said, again))
    network.add_edge("https://example.org/kg/note/tide_mill", "https://youtu.be/abc", property="source", evidence=(again,))
    found = carried(network, title="Mills", links="https://notes.example.org/{stem}")
    assert found["nodes"]["id"] == ["country:PT", "yt:abc", "note:_"]
    assert found["nodes"]["label"] == ["Portugal", "A talk", "Tide mill"]
    assert found["nodes"]["date"] == {2: "2024-05-01"}
    assert found["nodes"]["aliases"] == {0: ["Portuguese Republic"]}
    assert found["nodes"]["path"] == {}
    assert found["nodes"]["video"] == {2: 1}
    assert [kind["plural"] for kind in found["kinds"]] == ["Notes", "Countries", "Videos"]
    assert (found["facets"], found["links"], found["left"]) == (
        [1, 2],
        {"notes": "https://notes.example.org/{stem}"},
        {"nodes": 0, "edges": 0, "texts": 0},
    )
    assert found["places"]["timecode"] == {1: "1:1:1:1"}
    assert spelt(found)["edges"] == [
        (2, 0, "mentions", [(2, 7, 65, "The mill is in Portugal."), (2, 9, -1, "So it is.")]),
        (2, 1, "source", [(2, 9, -1, "So it is.")]),
    ]


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    folder = tmp_path_factory.mktemp("mills")
    for name, text in {
        "tide_mill.md": "---\ndate: 2024-05-01\nvideoId: JkIhnK7qf-w\n---\n# Tide mill\n\nThe mill in Portugal turns twice a day [00:01:05].\n\nSee [[Salt pans]] and [[Old quay]].\n",
        "Salt pans.md": "---\naliases: [Salinas]\n---\nSalt is made in Portugal and Ghana. Related: [[tide_mill]].\n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    kg.build(folder)
    return kg.open(folder)


def test_the_index_tells_the_same_edges_as_the_triples(samples: kg.Graph, vault: kg.Graph) -> None:
    for graph, suggested in itertools.product((samples, vault), (False, True)):
        drawn = scene.read(graph.store, graph.names, graph.generation.index, suggested=suggested)
        network = graph.networkx(suggested=suggested)
        assert {each[:3] for each in drawn.edges} == {(start, end, told["property"]) for start, end, told in network.edges(data=True)}
        assert {each[:3] for each in drawn.edges if each.suggested} == {
            (*each[:2], each[2]["property"]) for each in network.edges(data=True) if each[2]["suggested"]
        }
        assert {iri: (each.label, each.kind, each.path) for iri, each in drawn.nodes.items()} == {
            iri: (told["label"], told["kind"], told["path"]) for iri, told in network.nodes(data=True)
        }


def test_the_links_of_a_note_are_looked_at_once_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("# A\n\n" + "".join(f"- [[missing {number}]]\n" for number in range(200)), encoding="utf-8")
    kg.build(tmp_path)
    asked: list[str] = []

    def key(text: str) -> str:
        asked.append(text)
        return names.key(text)

    monkeypatch.setattr(scene, "key", key)
    graph = kg.open(tmp_path)
    drawn = scene.read(graph.store, graph.names, graph.generation.index)
    assert sum(each.property == "linksTo" and bool(each.evidence) for each in drawn.edges) == 200
    assert len(asked) <= 3 * 200


def test_every_edge_leads_to_its_place(samples: kg.Graph) -> None:
    edges = spelt(data(samples.view()))["edges"]
    assert len(edges) > 0
    assert [edge for edge in edges if not edge[-1]] == []
    drawn = scene.read(samples.store, samples.names, samples.generation.index)
    told = {each[:3]: each for each in drawn.edges}
    known = {(start, end, each["property"]): each["evidence"] for start, end, each in samples.networkx().edges(data=True)}
    assert known.keys() == told.keys()
    for edge, evidence_known in known.items():
        texts, wanted = {each.text for each in told[edge].evidence}, {each.text for each in evidence_known}
        if told[edge].more:
            assert len(told[edge].evidence) == scene.KEPT
        else:
            assert wanted <= texts, (edge, wanted - texts)


def test_a_vault_on_its_page(vault: kg.Graph) -> None:
    found = data(vault.view(links="none"))
    texts = spelt(found)
    labels = texts["labels"]
    says = {(labels[start], labels[end], verb): [place[1:] for place in places] for start, end, verb, places in texts["edges"]}
    assert says["Tide mill", "Portugal", "mentions"] == [(7, 65, "The mill in Portugal turns twice a day.")]
    assert says["Tide mill", "Salt pans", "linksTo"] == [(9, -1, "See Salt pans and Old quay.")]
    assert [found["nodes"]["date"], found["nodes"]["aliases"]] == [
        {str(labels.index("Tide mill")): "2024-05-01"},
        {str(labels.index("Salt pans")): ["Salinas"]},
    ]


def test_sentences_stop_when_the_room_is_used_up() -> None:
    network, fixed = notes(60), random.Random(3)
    for number, (_, _, told) in enumerate(network.edges(data=True)):
        told["evidence"] = (evidence(" ".join(str(fixed.random()) for _ in range(12)), line=number + 1)._replace(note="https://example.org/note/1"),)
    drawn = scene.of(network)
    whole = payload.describe(drawn, payload.PageOptions("T"))
    some = payload.describe(drawn, payload.PageOptions("T", room=payload.packed(whole) - 8000))
    assert 0 < len(some["texts"]) < len(whole["texts"])
    assert some["left"]["texts"] == len(whole["texts"]) - len(some["texts"])
    assert payload.packed(some) <= payload.packed(whole) - 8000
    assert [place[:2] for place in spelt(some)["places"]] == [place[:2] for place in spelt(whole)["places"]]


def test_the_same_place_is_kept_once_and_three_of_an_edge() -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    said = tuple(evidence("x" * 400, line=line) for line in (1, 2, 3, 4, 5))
    network.add_edge("urn:a", "urn:b", key="cites", property="cites", evidence=said)
    network.add_edge("urn:a", "urn:c", key="cites", property="cites", evidence=said[:1])
    found = carried(network, title="T")
    assert (found["edges"]["kept"], found["edges"]["more"], found["places"]["of"]) == ([3, 1], {0: 2}, [0, 0, 3])
    assert {len(text) for text in found["texts"]} == {300}


def test_only_the_kinds_asked_for_and_the_focus() -> None:
    found = carried(notes(30), title="T", kinds=["country"])
    assert ([kind["name"] for kind in found["kinds"]], len(found["nodes"]["id"])) == (["Country"], 10)
    found = carried(notes(30), title="T", kinds=["country"], focus="https://example.org/note/0")
    assert (found["nodes"]["label"][found["focus"]], len(found["nodes"]["id"]), found["mode"]) == ("Note 0", 11, "focus")


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
    found = carried(network, title="T")
    assert {kind["name"] for kind in found["kinds"]} == {"Thing", "Spaceship"}
    assert found["nodes"]["label"] == ["urn:b", "urn:a", "urn:c"]


@pytest.mark.parametrize("count", [0, 1])
def test_a_page_of_nothing_or_of_one(count: int) -> None:
    found = data(page(notes(count), title="T"))
    assert (len(found["nodes"]["id"]), len(found["islands"])) == (count, count)


def test_a_node_of_5000_neighbours() -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_edges_from(("urn:hub", f"urn:leaf/{number}") for number in range(5000))
    found = carried(network, title="T")
    assert (max(found["nodes"]["degree"]), len(set(zip(found["nodes"]["x"], found["nodes"]["y"], strict=True)))) == (5000, 5001)


@pytest.mark.parametrize("label", ["x" * 5000, "\u05d0\u05d1 \u202e", "\U0001f469\u200d\U0001f680", "\ud800", "\x00\x1b[31m", "a\nb"])
def test_odd_labels_make_a_page(label: str) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node("urn:a", label=label, kind="note")
    found = data(page(network, title=label))
    assert len(found["nodes"]["label"][0]) <= payload.LABEL


def test_what_a_query_gives_is_all_there_is(vault: kg.Graph) -> None:
    found = data(
        vault.view(
            query="CONSTRUCT { ?note :mentions ?country; rdfs:label ?label } WHERE { ?note :mentions ?country; rdfs:label ?label . ?country a :Country }"
        )
    )
    texts = spelt(found)
    assert {(texts["labels"][start], texts["labels"][end], verb) for start, end, verb, _ in texts["edges"]} == {
        ("Tide mill", "Portugal", "mentions"),
        ("Salt pans", "Portugal", "mentions"),
        ("Salt pans", "Ghana", "mentions"),
    }
    assert all(says for *_, says in texts["edges"])
    assert ({kind["name"] for kind in found["kinds"]}, found["mode"]) == ({"Note", "Country"}, "query")


def test_passages_and_blank_nodes_of_a_query(vault: kg.Graph) -> None:
    found = data(
        vault.view(query="CONSTRUCT { ?passage :names ?thing; <urn:in> [ rdfs:label 'here' ] } WHERE { ?passage :names ?thing . ?thing a :Country }")
    )
    texts = spelt(found)
    assert "The mill in Portugal turns twice a day." in texts["labels"]
    assert "here" in texts["labels"]
    assert {each["label"] for each in found["properties"]} == {"names", "in"}
    said = [says for _, _, verb, says in texts["edges"] if verb.endswith("names")]
    assert said
    assert all(said)


@pytest.mark.parametrize("query", ["SELECT * { ?a ?b ?c }", "ASK { ?a ?b ?c }"])
def test_a_page_shows_triples_only(vault: kg.Graph, query: str) -> None:
    with pytest.raises(UsageError, match="this query gives none"):
        vault.view(query=query)


def test_a_page_made_of_rdf_files(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(
        "@prefix : <https://w3id.org/kgnotes/ontology#> . <urn:a> a :Note; :path 'a.md'; :linksTo <urn:b> . <urn:b> a :Note .", encoding="utf-8"
    )
    done = CliRunner().invoke(cli.cli, ["load", str(tmp_path / "a.ttl"), "-o", str(tmp_path / "graph")])
    assert done.exit_code == 0, done.output
    assert sorted(data(kg.open(tmp_path / "graph").view())["nodes"]["id"]) == ["urn:a", "urn:b"]


# Links to notes


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("none", ""),
        ("file", "file:///my%20notes/{path}#L{line}"),
        ("obsidian", "obsidian://open?vault=my%20notes&file={path}"),
        ("https://x.org/", "https://x.org/{stem}"),
        ("https://x.org/{path}?plain=1#L{line}", "https://x.org/{path}?plain=1#L{line}"),
        ("vscode://file/notes/{path}:{line}", "vscode://file/notes/{path}:{line}"),
    ],
)
def test_where_links_lead(wanted: str, expected: str) -> None:
    assert places.pattern(wanted, Path("/my notes")) == expected


def test_obsidian_opens_the_vault_above_the_notes(tmp_path: Path) -> None:
    (tmp_path / "Vault" / ".obsidian").mkdir(parents=True)
    (tmp_path / "Vault" / "in here").mkdir()
    assert places.pattern("obsidian", tmp_path / "Vault" / "in here") == "obsidian://open?vault=Vault&file=in%20here%2F{path}"


@pytest.mark.parametrize(
    "wanted",
    ["javascript:alert(1)", "JavaScript:alert(1)//{path}", "data:text/html,x", "java\nscript:x", "https://x.org/{name}", "obsidain", "https://x y"],
)
def test_links_that_are_refused(wanted: str) -> None:
    with pytest.raises(UsageError):
        places.pattern(wanted, Path("/notes"))


def test_the_setting_says_where_links_lead(vault: kg.Graph, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("One.", encoding="utf-8")
    (tmp_path / "kg.toml").write_text('[view]\nlinks = "https://x.org/{stem}"\n', encoding="utf-8")
    kg.build(tmp_path)
    assert data(kg.open(tmp_path).view())["links"] == {"notes": "https://x.org/{stem}"}
    assert data(kg.open(tmp_path).view(links="none"))["links"] == {"notes": ""}
    assert data(vault.view())["links"]["notes"].startswith("file:///")


# Commands


def test_the_command_writes_a_page(vault: kg.Graph, tmp_path: Path) -> None:
    graph, out = str(vault.generation.folder.parent), tmp_path / "out.html"
    done = CliRunner().invoke(cli.cli, ["view", "-g", graph, "-o", str(out), "--title", "Mills", "--no-compress", "--focus", "portugal"])
    assert (done.exit_code, out.read_text(encoding="utf-8").count("<title>Mills</title>")) == (0, 1), done.output
    assert data(out.read_text(encoding="utf-8"))["nodes"]["label"].count("Tide mill") == 1
    rules = tmp_path / "q.rq"
    rules.write_text("CONSTRUCT { ?a :linksTo ?b } WHERE { ?a :linksTo ?b }", encoding="utf-8")
    done = CliRunner().invoke(cli.cli, ["view", "-g", graph, "-o", "-", "--query", f"@{rules}"])
    assert {kind["name"] for kind in data(done.stdout)["kinds"]} == {"Note", "Missing note"}


def test_pyvis_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyvis.network", None)
    with pytest.raises(KgError, match="pyvis is not installed"):
        drawing.network()


def test_a_notebook_shows_the_page_in_a_frame() -> None:
    shown = page(notes(3), title="T")._repr_html_()
    assert shown.startswith('<iframe sandbox="allow-scripts allow-popups allow-downloads" srcdoc="&lt;!doctype html&gt;')
    assert shown.count("<") == 2


def test_the_licence_of_the_drawing_library_is_kept() -> None:
    text = page(notes(3), title="T", compress=False)
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


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_come_back_as_they_were(text: str, compress: bool) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node(text, label=text, kind=text, path=text, url=text, aliases=(text, text + "2"))
    network.add_edge(text, "urn:b", key=text, property=text, evidence=(Evidence(text, text, 1, text, text, text),))
    written = page(network, title=text, compress=compress)
    found = data(written)
    at = found["nodes"]["label"].index(text)
    assert (found["nodes"]["path"][str(at)], found["nodes"]["url"], found["title"], found["texts"]) == (text, {}, text, [text])
    assert [tag for tag, _, _ in _Blocks(written).found] == ["style", "script", "script", "script"]


@given(st.text(), st.text())
@settings(max_examples=200)
def test_no_text_breaks_out_of_the_data(label: str, key: str) -> None:
    block = document.embedded({"label": label, "all": [key]})
    assert not set("<>&\u2028\u2029") & set(block)
    clean = [text.encode("utf-8", "replace").decode() for text in (label, key)]
    assert json.loads(block) == {"label": clean[0], "all": [clean[1]]}


@given(st.text(st.characters(), max_size=40))
@settings(max_examples=15, deadline=None)
def test_no_label_or_title_adds_an_element(label: str) -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node("urn:a", label=label, kind=label)
    tags = [tag for tag, _ in _Blocks(page(network, title=label, compress=False)).tags]
    assert tags == [tag for tag, _ in _Blocks(page(nx.MultiDiGraph(), title="T", compress=False)).tags]


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
    found = carried(network, title="T")
    assert (found["nodes"]["url"], found["places"]["url"]) == ({}, {})


@pytest.mark.parametrize("compress", [True, False])
def test_the_policy_names_the_hash_of_every_block_and_nothing_else(compress: bool) -> None:
    blocks = _Blocks(page(notes(5), title="T", compress=compress))
    (policy,) = (attrs["content"] or "" for tag, attrs in blocks.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    rules = {name: values for name, *values in (rule.split() for rule in policy.split("; "))}
    hashes: dict[str, set[str]] = {"script": set(), "style": set()}
    for tag, attrs, text in blocks.found:
        if attrs.get("id") == "drawing":
            text = gzip.decompress(base64.b64decode(text)).decode()
        if attrs.get("id") != "data":
            hashes[tag].add(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'")
    assert (rules["default-src"], set(rules["script-src"]), set(rules["style-src"])) == (["'none'"], hashes["script"], hashes["style"])
    assert (rules["trusted-types"], rules["base-uri"]) == (["kg"], ["'none'"])
    assert "unsafe" not in policy
    assert not any(name.startswith("on") or name == "style" for _, attrs in blocks.tags for name in attrs)


def test_the_page_refers_to_nothing_outside() -> None:
    blocks = _Blocks(page(notes(5), title="T"))
    assert [(tag, value) for tag, attrs in blocks.tags for name, value in attrs.items() if name in ("src", "href")] == [("link", "data:,")]


def test_the_script_makes_no_markup_from_strings() -> None:
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|XMLHttpRequest|localStorage", document.joined()
    )


# Rank


def test_shares_of_importance_sum_to_one_and_follow_links() -> None:
    shares = pagerank(4, [(0, 3), (1, 3), (2, 3), (3, 0), (3, 0), (2, 2)])
    assert sum(shares) == pytest.approx(1)
    assert sorted(range(4), key=lambda node: -shares[node])[:2] == [3, 0]


# The map


def drawn(network: nx.MultiDiGraph[str]) -> tuple[list[str], Any]:
    """Lay a network out; give the IRIs of its nodes, too."""
    found = scene.of(network)
    iris = sorted(found.nodes)
    at = {iri: number for number, iri in enumerate(iris)}
    joined = sorted((at[each.start], at[each.end], each.property) for each in found.edges)
    return iris, layout([found.nodes[iri] for iri in iris], [each[:2] for each in joined], [each[2] for each in joined])


def groups(count: int = 8, size: int = 30, seed: int = 5) -> nx.MultiDiGraph[str]:
    """Make up notes in groups that link among themselves, each with a theme, and a country that all name."""
    fixed = random.Random(seed)
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node("urn:land", label="Ghana", kind="country")
    for group in range(count):
        theme = f"urn:theme/{group}"
        network.add_node(theme, label=f"Subject {group}", kind="theme")
        names = [f"urn:note/{group}-{number}" for number in range(size)]
        for number, name in enumerate(names):
            network.add_node(name, label=f"Note {number} of {group}", kind="note")
            for other in {names[(number + 1) % size], *fixed.sample(names, 3)} - {name}:
                network.add_edge(name, other, key="linksTo", property="linksTo")
            network.add_edge(name, theme, key="mentions", property="mentions")
            network.add_edge(name, "urn:land", key="mentions", property="mentions")
        network.add_edge(names[0], f"urn:note/{(group + 1) % count}-0", key="linksTo", property="linksTo")
    return network


def test_islands_are_what_belongs_together() -> None:
    iris, found = drawn(groups())
    homes = [{found.island[at] for at, iri in enumerate(iris) if iri.startswith(f"urn:note/{group}-")} for group in range(8)]
    assert all(len(each) == 1 for each in homes)
    assert found.islands[found.island[iris.index("urn:land")]].name.count("Ghana") == 0


def test_names_are_terms_and_each_is_given_once() -> None:
    _, found = drawn(groups())
    names = [each.name for each in found.islands]
    assert len(set(names)) == len({(each.name, each.nodes) for each in found.islands})
    whole = [each.name for each in found.islands if each.parent < 0]
    assert whole
    assert all("Subject" in name for name in whole)


def overlaps(discs: list[Any]) -> list[tuple[str, str]]:
    return [(one.name, other.name) for one, other in itertools.combinations(discs, 2) if math.dist(one[1:3], other[1:3]) < one.r + other.r - 3]


networks = st.integers(0, 60).flatmap(
    lambda count: st.sets(st.tuples(st.integers(0, max(0, count - 1)), st.integers(0, max(0, count - 1))), max_size=150).map(
        lambda pairs: (count, pairs)
    )
)


@given(networks, st.sampled_from(["note", "theme", "country", "video"]))
@settings(max_examples=60, deadline=None)
def test_laws_of_the_map(made: tuple[int, set[tuple[int, int]]], odd: str) -> None:
    count, pairs = made
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number in range(count):
        network.add_node(f"urn:{number}", label=f"N {number}", kind="note" if number % 3 else odd)
    network.add_edges_from((f"urn:{start}", f"urn:{end}") for start, end in pairs if start < count and end < count)
    iris, found = drawn(network)
    assert len(found.spots) == len(set(found.spots)) == len(iris)
    assert all(abs(x) <= EDGE and abs(y) <= EDGE for x, y in found.spots)
    whole = [each for each in found.islands if each.parent < 0]
    assert overlaps(whole) == []
    for number in range(len(whole)):
        assert overlaps([each for each in found.islands if each.parent == number]) == []
    for at, spot in enumerate(found.spots):
        home = found.islands[found.island[at]]
        assert math.dist(spot, (home.x, home.y)) <= home.r + 2
        assert found.sub[at] < 0 or found.islands[found.sub[at]].parent == found.island[at]


@given(st.integers(2, 40), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_discs_never_overlap(count: int, seed: int) -> None:
    fixed = random.Random(seed)
    radii = [fixed.uniform(1, 90) for _ in range(count)]
    found = pack(radii, [(fixed.uniform(-1, 1), fixed.uniform(-1, 1)) for _ in radii], 5)
    for one, other in itertools.combinations(range(count), 2):
        assert math.dist(found[one], found[other]) >= radii[one] + radii[other] + 5 - 1e-6


def test_one_note_less_leaves_the_others_where_they_are() -> None:
    network = groups(20)
    iris, before = drawn(network)
    spots = dict(zip(iris, before.spots, strict=True))
    wide = max(abs(each) for spot in before.spots for each in spot) * 2
    moved = []
    for gone in random.Random(1).sample([iri for iri in iris if iri.startswith("urn:note")], 20):
        less = network.copy()
        less.remove_node(gone)
        left, after = drawn(less)
        far = sorted(math.dist(spots[iri], spot) / wide for iri, spot in zip(left, after.spots, strict=True))
        moved.append(far[len(far) // 2])
    assert max(moved) <= 0.05


def test_facets_and_hubs_do_not_shape_the_map() -> None:
    network = groups(4)
    for iri in list(network):
        network.add_edge(iri, "urn:video", key="source", property="source")
    network.nodes["urn:video"]["kind"] = "video"
    iris, found = drawn(network)
    nodes = [scene.Node(iri, iri, str(network.nodes[iri]["kind"])) for iri in iris]
    at = {iri: number for number, iri in enumerate(iris)}
    joined = [(at[start], at[end]) for start, end in network.edges()]
    tied = weights(nodes, joined, ["linksTo"] * len(joined))
    assert (tied[at["urn:video"]], tied[at["urn:land"]]) == ({}, {})
    community, group = communities(nodes, tied)
    assert community[at["urn:video"]] == group[at["urn:video"]] == -1
    assert all(island >= 0 for island in found.island)


def test_what_is_linked_to_nothing_has_a_place_of_its_own() -> None:
    network = groups(3)
    for number in range(9):
        network.add_node(f"urn:alone/{number}", label=f"Alone {number}", kind="note")
    iris, found = drawn(network)
    (home,) = {found.island[at] for at, iri in enumerate(iris) if iri.startswith("urn:alone")}
    assert (found.islands[home].name, found.islands[home].nodes) == ("without links", 9)


def test_an_island_of_one_kind_of_thing_is_named_for_what_it_is() -> None:
    nodes = [scene.Node(f"urn:{number}", f"x{number}", "person") for number in range(3)]
    assert naming.names(nodes, [], [[[0, 1, 2]]], [False])[0].name == "3 × person · 3 nodes"
