"""Chains between things: that they are chains, and the shortest; what is told of them; what is no chain."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import networkx as nx
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

import kg
from kg import paths
from kg.cli import run
from kg.errors import KgError, UsageError
from kg.names import ONTOLOGY, Names
from kg.triples import iri_of, pairs
from kg.ways import PROPERTIES, Left, Ways

NOTES = {
    "index.md": "# The list\n" + "".join(f"- [[n{at}]]\n" for at in range(5)) + "- [[quay]]\n- [[lone]]\n",
    "n0.md": "From: [[index]]\n\n# Zero\n\nGhana learned from Chile. Chile thanked nobody.\n",
    "n1.md": "From: [[index]]\n\n# One\n\nGhana was first.\n\nMuch later came [[quay]].\n",
    "n2.md": "From: [[index]]\n\n# Two\n\nChile has [[quay|the quay]] and [[not there]].\n",
    "n3.md": "From: [[index]]\n\n# Three\n\nGhana was there, and so was Peru.\n\nA paragraph between.\n\nChile followed.\n",
    "n4.md": "From: [[index]]\n\n# Four\n\nNorway alone.\n",
    "quay.md": "From: [[index]]\n\n# The Quay\n\nNothing here \x1b[31mis red\x1b[0m \u202eand turned.\n",
    "lone.md": "From: [[index]]\n\n# Lone\n\nSee [[not there]].\n",
    "apart.md": "# Apart\n\nMalta, an island.\n",
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    folder = tmp_path_factory.mktemp("vault")
    for name, text in NOTES.items():
        (folder / name).write_text(text, encoding="utf-8")
    kg.build(folder)
    return kg.open(folder)


def told(graph: kg.Graph, *ends: str, **options: object) -> list[str]:
    found = graph.path(*ends, **options)  # type: ignore[arg-type]
    return [paths.told(found.ways, each) for each in found.chains]


def test_one_passage_with_both_comes_before_two(graph: kg.Graph) -> None:
    assert told(graph, "Ghana", "Chile") == [
        "Ghana ← mentions – Zero – mentions → Chile",
        "Ghana ← mentions – Three – mentions → Chile",
    ]
    assert told(graph, "Ghana", "Chile", most=1, without=["Zero"]) == ["Ghana ← mentions – Three – mentions → Chile"]


def test_the_sentences_nearest_to_each_other_are_shown(graph: kg.Graph) -> None:
    (chain,) = graph.path("Ghana", "Chile", most=1).chains
    one, other = (step.said[0] for step in chain.steps)
    assert (one.path, one.line, one.words, other.words) == ("n0.md", 5, "Ghana", "Chile")
    assert one.part == other.part
    assert one.text[one.start :].startswith("Ghana learned")
    assert [said.start for said in chain.steps[1].said] == [one.text.index("Chile"), one.text.rindex("Chile")]


def test_hubs_are_for_those_who_ask_or_have_no_other_way(graph: kg.Graph) -> None:
    assert told(graph, "Zero", "Two", most=1) == ["Zero – mentions → Chile ← mentions – Two"]
    everything = told(graph, "Zero", "Two", most=9, through=True)
    assert any("– channel →" in each for each in everything)
    assert any("The list" in each for each in everything)
    found = graph.path("Norway", "Ghana")
    assert found.hubs
    assert not graph.path("Ghana", "Chile").hubs


def test_a_thing_and_its_page_are_one(graph: kg.Graph) -> None:
    assert told(graph, "note:quay", "theme:the-quay") == ["The Quay"]
    assert [len(chain.steps) for chain in graph.path("theme:the-quay", "n1.md").chains] == [1]


def test_a_name_that_only_links_have_is_led_through_once(graph: kg.Graph) -> None:
    assert len(told(graph, "n2.md", "lone.md")) == 1


def test_nothing_joins_them(graph: kg.Graph) -> None:
    with pytest.raises(KgError, match="nothing joins 'Malta' and 'Ghana'\n  hint: chains lead from 'Malta' to 1 other thing, from 'Ghana' to"):
        graph.path("Malta", "Ghana")
    with pytest.raises(KgError, match="no chain of 1 steps joins 'Peru' and 'Chile'\n  hint: the shortest takes 2: --longest 2"):
        graph.path("Peru", "Chile", longest=1)
    with pytest.raises(KgError, match="without these, nothing joins 'Peru' and 'Chile'"):
        graph.path("Peru", "Chile", without=["Three"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"without": ["Chile"]}, "'Chile' is an end of the chain"),
        ({"only": ["linkTo"]}, "no step is taken by the property 'linkTo'\n  hint: did you mean linksTo"),
        ({"only": ["zzz"]}, "known: country, organisation"),
    ],
)
def test_what_means_nothing_is_refused(graph: kg.Graph, options: dict[str, list[str]], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        graph.path("Ghana", "Chile", **options)  # type: ignore[arg-type]


def invoked(graph: kg.Graph, *arguments: str) -> tuple[int, str]:
    from kg.cli import cli

    done = CliRunner().invoke(cli, ["-g", str(graph.generation.folder.parent), "path", *arguments])
    return done.exit_code, done.stdout


def test_json_and_turtle_hold_the_chain_and_what_says_so(graph: kg.Graph) -> None:
    code, out = invoked(graph, "Ghana", "Chile", "--format", "json", "--most", "1")
    found = json.loads(out)
    assert (code, found["length"], found["total"], found["from"]["label"]) == (0, 2, 2, "Ghana")
    (chain,) = found["chains"]
    assert [(step["property"], step["forward"], step["to"]["label"]) for step in chain["steps"]] == [
        ("mentions", False, "Zero"),
        ("mentions", True, "Chile"),
    ]
    code, out = invoked(graph, "Ghana", "Chile", "--format", "turtle")
    triples = {str(quad.triple) for quad in parse(out.encode(), format=RdfFormat.TURTLE)}
    assert triples <= {str(quad.triple) for quad in graph.store.quads_for_pattern(None, None, None, DefaultGraph())}
    for step in chain["steps"]:
        ends = (NamedNode(step["subject"]), NamedNode(iri_of(PROPERTIES[step["property"]])), NamedNode(step["object"]))
        assert str(Quad(*ends).triple) in triples
    assert ":text " in out


def test_no_line_is_too_wide_and_nothing_steers_the_terminal(graph: kg.Graph) -> None:
    for ends in (("Ghana", "Chile"), ("quay.md", "Chile"), ("Zero", "Norway")):
        code, out = invoked(graph, *ends, "--through", "all", "--most", "50")
        assert code == 0
        assert max(map(len, out.split("\n"))) <= 80
        assert not {"\x1b", "\u202e"} & set(out)


def test_facts_have_their_claims(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text('The "Open Door" programme in Ghana.\n\nOpen Door was praised.\n')
    (tmp_path / "vocabulary.csv").write_text("kind,name,countries,rejected\ninitiative,Talk Cardiff,GH,\n")
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    (chain,) = graph.path("Open Door", "Ghana", only=["country"]).chains
    assert [(each.path, each.line, each.words) for each in chain.steps[0].said] == [("a.md", 1, "Ghana")]
    found = graph.path("Open Door", "Talk Cardiff")
    assert paths.told(found.ways, found.chains[0]) == "Open Door – country → Ghana ← country – Talk Cardiff"
    assert found.chains[0].steps[1].said[0].path == "the author's vocabulary"
    assert "Claim" in invoked(graph, "Open Door", "Ghana", "--only", "country", "--format", "turtle")[1]


def test_without_passages_the_index_still_has_the_words(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text('[graph]\ndetail = "notes"\n')
    (tmp_path / "a.md").write_text("# A\n\ncountry:: Ghana, Chile\n")
    kg.build(tmp_path)
    (chain,) = kg.open(tmp_path).path("Ghana", "Chile").chains
    assert [(step.said[0].line, step.said[0].words) for step in chain.steps] == [(3, "Ghana"), (3, "Chile")]


def test_what_is_suggested_joins_only_if_asked(graph: kg.Graph, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("**Quiet Harbour Programme**: it runs in Chile.\n")
    kg.build(tmp_path)
    guessed = kg.open(tmp_path)
    with pytest.raises(KgError, match="nothing in the graph is called"):
        guessed.path("Quiet Harbour Programme", "Chile")
    found = guessed.path("Quiet Harbour Programme", "Chile", suggested=True)
    assert all(step.way.suggested or step.way.property == "mentions" for step in found.chains[0].steps)
    assert "(suggested)" in invoked(guessed, "Quiet Harbour Programme", "Chile", "--suggested")[1]


# -- laws ----------------------------------------------------------------------------------------

vaults = st.lists(
    st.lists(st.sampled_from(["[[a]]", "[[b]]", "[[c]]", "[[d]]", "[[e]]", "[[gone]]", "Ghana", "Chile", "Peru", "Malta"]), max_size=3),
    min_size=2,
    max_size=6,
)


@settings(max_examples=25)
@given(vaults)
def test_a_chain_is_one_and_there_is_no_shorter(notes: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, words in zip("abcdef", notes, strict=False):
            Path(folder, f"{name}.md").write_text(f"# {name.upper()} note\n\n{' and '.join(words)}.\n")
        kg.build(folder)
        graph = kg.open(folder)
        lazy, whole = Ways(graph.store, graph.names), Ways(graph.store, graph.names)
        whole.read()
        plain: nx.Graph[str] = nx.Graph()
        for name in PROPERTIES.values():
            plain.add_edges_from((lazy.one(start), lazy.one(end)) for start, end in pairs(graph.store, iri_of(name)))
        things = sorted(plain)
        for start in things:
            for end in things:
                found = paths.joined(lazy, start, end, most=99)
                assert found.chains == paths.joined(whole, start, end, most=99).chains
                assert nx.has_path(plain, start, end) == bool(found.chains)
                assert paths.steps(lazy, start, end) == paths.steps(lazy, end, start) == (len(found.chains[0].steps) if found.chains else None)
                if found.chains and start != end:
                    assert len(found.chains[0].steps) == nx.shortest_path_length(plain, start, end)
                    assert found.total == len(list(nx.all_shortest_paths(plain, start, end)))
                for chain in found.chains:
                    holds(lazy, chain, start, end)


def holds(ways: Ways, chain: paths.Chain, start: str, end: str) -> None:
    """See that every step is a triple of the store and begins where the one before ends."""
    at = ways.one(start)
    for step in chain.steps:
        subject, name, thing, suggested = step.way
        assert (subject, thing) in pairs(ways.store, iri_of(PROPERTIES[name]), subject)
        assert ways.one(step.start) == at
        assert not suggested
        at = ways.one(step.end)
    assert at == ways.one(end)


def test_who_does_not_wait_gets_nothing(graph: kg.Graph) -> None:
    ways = Ways(graph.store, graph.names)
    with pytest.raises(Left):
        paths.joined(ways, graph.find("Ghana"), graph.find("Chile"), stop=lambda: True)


def test_a_large_neighbourhood_is_read_at_once() -> None:
    store, base = Store(), Names().base
    for at in range(400):
        note, country, theme = (NamedNode(f"{base}{each}") for each in (f"note/n{at}", "country/GH", f"theme/t{at % 3}"))
        store.extend([Quad(note, NamedNode(f"{ONTOLOGY}mentions"), each) for each in (country, theme)])
    ways = Ways(store, Names())
    found = paths.joined(ways, f"{base}country/GH", f"{base}theme/t1")
    assert (found.total, len(found.chains), len(found.chains[0].steps)) == (133, 3, 2)
    assert paths.joined(ways, f"{base}theme/t1", f"{base}theme/t2").hubs  # only the country joins them, which every note names


def test_the_command_has_the_exit_codes_of_all(graph: kg.Graph, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["-g", str(graph.generation.folder.parent), "path"]
    assert run([*at, "Ghana", "Ghana"]) == 0
    assert run([*at, "Ghana", "Malta"]) == 1
    assert run([*at, "Ghana", "Ghanna"]) == 2
    assert run([*at, "Ghana"]) == 2
    assert run([*at, "Ghana", "Chile", "--only", "names"]) == 2
    assert "did you mean 'Ghana'?" in capsys.readouterr().err
