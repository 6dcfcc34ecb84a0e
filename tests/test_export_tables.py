"""Graphs to draw, tables and scripts: other readers find the nodes and edges that networkx is given."""

from __future__ import annotations

import csv
import gzip
import re
import xml.etree.ElementTree as ET
from io import BytesIO, StringIO
from pathlib import Path

import networkx as nx
import pytest
from click.testing import CliRunner

import kg
from kg.cli import cli
from kg.errors import KgError
from kg.export.cypher import quoted
from kg.export.rdfxml import NOT_XML

VAULTS = pytest.mark.parametrize("vault", ["samples", "controls"])


@pytest.fixture
def graph(vault: str, request: pytest.FixtureRequest) -> kg.Graph:
    found: kg.Graph = request.getfixturevalue(vault)
    return found


def shown(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)


@VAULTS
def test_networkx_reads_the_graphml_and_the_gexf(graph: kg.Graph) -> None:
    known = graph.networkx()
    nodes = {iri: (shown(told["label"]), told["kind"], told["path"]) for iri, told in known.nodes(data=True)}
    edges = sorted((start, end, told["property"], max(1, len(told["evidence"]))) for start, end, told in known.edges(data=True))
    for found in (nx.read_graphml(BytesIO(graph.export(form="graphml").encode())), nx.read_gexf(BytesIO(graph.export(form="gexf").encode()))):
        assert {iri: (told["label"], told["kind"], told.get("path", "")) for iri, told in found.nodes(data=True)} == nodes
        assert sorted((start, end, told["property"], told["weight"]) for start, end, told in found.edges(data=True)) == edges
        assert sum(told["rank"] for _, told in found.nodes(data=True)) == pytest.approx(1)


@VAULTS
def test_any_reader_of_xml_finds_the_same(graph: kg.Graph) -> None:
    known = graph.networkx()
    graphml, gexf = (ET.fromstring(graph.export(form=form)) for form in ("graphml", "gexf"))
    for root in (graphml, gexf):
        assert [each.get("id") for each in root.iterfind(".//{*}node")] == list(known)
        assert len(root.findall(".//{*}edge")) == known.number_of_edges()
    assert [each.get("label") for each in gexf.iterfind(".//{*}node")] == [shown(told["label"]) for _, told in known.nodes(data=True)]


@VAULTS
def test_csv_is_two_tables_that_fit_together(graph: kg.Graph, tmp_path: Path) -> None:
    graph.export(tmp_path / "graph.csv")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["graph-edges.csv", "graph-nodes.csv"]
    nodes, edges = (list(csv.DictReader(StringIO((tmp_path / f"graph-{each}.csv").read_bytes().decode(), newline=""))) for each in ("nodes", "edges"))
    known = graph.networkx()
    assert [(each["id"], each["label"]) for each in nodes] == [(iri, told["label"]) for iri, told in known.nodes(data=True)]
    assert list(nodes[0]) == ["id", "label", "kind", "weight", "rank", "url", "path"]
    ends = {each["id"] for each in nodes}
    assert {each["source"] for each in edges} | {each["target"] for each in edges} <= ends
    assert len(edges) == known.number_of_edges()


def test_weights_count_passages_and_headings(samples: kg.Graph) -> None:
    nodes = {each["id"]: each for each in csv.DictReader(StringIO(samples.export(form="csv-nodes")))}
    rows = samples.query("SELECT (COUNT(DISTINCT ?p) AS ?n) { ?p :names country:PT }").rows
    (counted,) = list(rows)
    assert nodes[samples.names.entity("country", "PT")]["weight"] == str(counted[0])


def test_what_is_suggested_has_a_column_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "ports.md").write_text(
        "# Ports\n\n- **Quayside Model**: a way to run a port.\n- The Harbour Policy was made in Denmark.\n", encoding="utf-8"
    )
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    plain, more = (list(csv.DictReader(StringIO(graph.export(form="csv-nodes", suggested=asked)))) for asked in (False, True))
    assert "suggested" not in plain[0]
    assert {each["id"] for each in more if each["suggested"] == "false"} == {each["id"] for each in plain}
    assert [each for each in more if each["suggested"] == "true"]


def test_facts_are_entities_and_notes_are_notes(samples: kg.Graph) -> None:
    def kinds(what: str) -> set[str]:
        return {each["kind"] for each in csv.DictReader(StringIO(samples.export(form="csv-nodes", what=what)))}

    assert kinds("facts") & kinds("notes") == set()
    assert kinds("facts") | kinds("notes") == kinds("all")


# -- Cypher ----------------------------------------------------------------------------------

STRING = re.compile(r"'((?:[^'\\]|\\.)*)'")


def read(text: str) -> str:
    """Read a string of Cypher as the parser of Neo4j 5 does."""
    short = {"n": "\n", "r": "\r", "t": "\t"}
    return re.sub(r"\\(?:u([0-9A-Fa-f]{4})|(.))", lambda match: chr(int(match[1], 16)) if match[1] else short.get(match[2], match[2]), text)


def before_parsing(text: str) -> str:
    r"""Do what parsers up to Neo4j 4 do first: every \u with four digits becomes a character."""
    return re.sub(r"\\u([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), text)


@pytest.mark.parametrize(
    "text", ["it's", "a\\'b", "\\u0027 + 'x", "\\\\u0027", "a\nb\r\tc", "end\\", "\x08\u2028", "👩‍💻 שלום", "\\u005C' DETACH DELETE n"]
)
def test_a_text_of_a_note_stays_a_text_in_cypher(text: str) -> None:
    string = quoted(text)
    (inner,) = STRING.fullmatch(string).groups()  # type: ignore[union-attr]
    assert read(inner) == text
    if "\x08" not in text:  # control characters are written as \u on purpose
        older = STRING.fullmatch(before_parsing(string))
        assert older
        assert read(older[1]) == text


@VAULTS
def test_cypher_has_a_row_for_every_node_and_edge(graph: kg.Graph) -> None:
    text = graph.export(form="cypher")
    known = graph.networkx()
    bare = STRING.sub("''", text)
    assert bare.count("{id: ''") == known.number_of_nodes()
    assert bare.count("{source: ''") == known.number_of_edges()
    labels = {read(each) for each in re.findall(r"label: '((?:[^'\\]|\\.)*)'", text)}
    assert labels == {told["label"] for _, told in known.nodes(data=True)}
    assert bare.count("UNWIND [") == bare.count("] AS row") == bare.count(";\n") - 1
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", text)


# -- QuickStatements -------------------------------------------------------------------------


@VAULTS
def test_quickstatements_are_items_with_labels(graph: kg.Graph) -> None:
    lines = graph.export(form="quickstatements").split("\n")[:-1]
    entities = list(graph.query("SELECT DISTINCT ?e { ?e a :Entity }").rows)
    assert lines.count("CREATE") == len(entities)
    for line in lines:
        if line != "CREATE":
            last, what, value = line.split("\t")
            assert last == "LAST"
            assert re.fullmatch(r"[LDA][a-z-]+|P\d+", what)
            text = re.fullmatch('"(.*)"', value)
            assert text
            assert 0 < len(text[1]) <= 250 or what[0] == "P"
    assert 'LAST\tLpt\t"Portugal"' in lines
    assert 'LAST\tP2888\t"http://www.wikidata.org/entity/Q45"' in lines


# -- the command -----------------------------------------------------------------------------


def test_compressed_files_hold_the_same_and_nothing_of_today(samples: kg.Graph, tmp_path: Path) -> None:
    for name in ("one.nt.gz", "two.nt.gz"):
        samples.export(tmp_path / name)
    data = (tmp_path / "one.nt.gz").read_bytes()
    assert data == (tmp_path / "two.nt.gz").read_bytes()
    assert gzip.decompress(data).decode() == samples.export(form="ntriples")
    samples.export(tmp_path / "graph.csv.gz")
    assert gzip.decompress((tmp_path / "graph-nodes.csv.gz").read_bytes()).decode() == samples.export(form="csv-nodes")


def test_the_command_says_what_it_wrote(samples: kg.Graph, tmp_path: Path) -> None:
    where = ["-g", str(samples.generation.folder.parent), "export"]
    done = CliRunner().invoke(cli, [*where, "-o", str(tmp_path / "graph.csv")])
    assert done.exit_code == 0
    assert re.fullmatch(r"wrote \S+graph-nodes.csv \([\d,]+ bytes, csv\)\nwrote \S+graph-edges.csv \([\d,]+ bytes, csv\)\n", done.stderr)
    assert CliRunner().invoke(cli, [*where, "--format", "csv-nodes"]).stdout == samples.export(form="csv-nodes")


@pytest.mark.parametrize(("output", "problem"), [("graph.docx", "no format has the ending .docx"), (".", "is a folder")])
def test_what_cannot_be_written_is_told(samples: kg.Graph, tmp_path: Path, output: str, problem: str) -> None:
    form = [] if output != "." else ["--format", "turtle"]
    done = CliRunner().invoke(cli, ["-g", str(samples.generation.folder.parent), "export", "-o", str(tmp_path / output), *form])
    assert isinstance(done.exception, KgError)
    assert problem in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_two_tables_if_one_cannot_be_written(samples: kg.Graph, tmp_path: Path) -> None:
    (tmp_path / "graph-edges.csv").mkdir()
    with pytest.raises(KgError, match=r"graph-edges.csv: is a folder"):
        samples.export(tmp_path / "graph.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["graph-edges.csv"]


def test_two_tables_do_not_go_into_one_device(samples: kg.Graph, tmp_path: Path) -> None:
    with pytest.raises(KgError, match="csv is two tables"):
        samples.export(tmp_path, form="csv")
    assert list(tmp_path.parent.glob(f"{tmp_path.name}-*")) == []
