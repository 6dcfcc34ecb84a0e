"""RDF files of any kind become a graph, and leave it as they were; what is broken or wicked is refused in words."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
import rdflib.compare
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

import kg as package
from kg import load as loads
from kg.errors import KgError, StoreError, UsageError

ROOT = Path(__file__).resolve().parent.parent
ENGINE = {
    "turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS, "jsonld": RdfFormat.JSON_LD, "rdfxml": RdfFormat.RDF_XML,
}  # fmt: skip
RDFLIB = {"turtle": "turtle", "ntriples": "nt", "trig": "trig", "nquads": "nquads"}
BASE = "http://example.org/base/file"


def kg(*arguments: str | Path, cwd: Path | None = None, stdin: str = "", **env: str) -> tuple[int, str, str]:
    """Run kg in a process of its own; gives the exit code, standard output and standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)], capture_output=True, text=True, cwd=cwd, input=stdin, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def cases(name: str) -> list[tuple[str, str, str, str]]:
    """Cut a golden file into title, format, text and what stands after it."""
    text = (ROOT / "tests" / "golden" / "rdf" / name).read_text(encoding="utf-8")
    return re.findall(r"^## ([^\n]*)\n```(\w+)\n(.*?)^```\n((?:(?!## )[^\n]*\n)*)", text, re.MULTILINE | re.DOTALL)


def canonical(quads: Iterable[Quad]) -> set[str]:
    found = Dataset(quads)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(each) for each in found}


SURVIVING = cases("kept.md")


@pytest.mark.parametrize(("title", "form", "text", "after"), SURVIVING, ids=[each[0] for each in SURVIVING])
def test_what_is_loaded_is_what_is_exported(tmp_path: Path, title: str, form: str, text: str, after: str) -> None:
    file = tmp_path / "file"
    file.write_text(text, encoding="utf-8", newline="")
    loads.load([str(file)], tmp_path / "graph", form=form, base=BASE)
    graph = package.open(tmp_path / "graph")
    known = list(parse(text.encode(), format=ENGINE[form], base_iri=BASE))
    only = re.search("^only: (.*)", after, re.MULTILINE)
    for other in only[1].split() if only else ENGINE:
        exported = graph.export(form=other)
        assert canonical(parse(exported.encode(), format=ENGINE[other])) == canonical(known), other
        if other in RDFLIB and "rdflib" not in after:
            assert same_for_rdflib(exported, known, RDFLIB[other]), other


def same_for_rdflib(exported: str, known: list[Quad], form: str) -> bool:
    """Compare graph by graph; graphs that blank nodes name are put together, for their names are of no account."""
    lines = "".join(f"{quad} .\n" for quad in known)
    datasets = []
    for data, kind in ((lines, "nquads"), (exported, form)):
        found: dict[str, rdflib.Graph] = {}
        given = rdflib.Dataset()
        given.parse(data=data, format=kind)
        for subject, predicate, thing, graph in given.quads((None, None, None, None)):
            name = str(graph) if isinstance(graph, rdflib.URIRef) else "" if graph is None else "_"
            found.setdefault(name, rdflib.Graph()).add((subject, predicate, thing))
        datasets.append(found)
    one, other = datasets
    return one.keys() == other.keys() and all(rdflib.compare.isomorphic(one[name], other[name]) for name in one)


@pytest.mark.parametrize(("title", "form", "text", "said"), cases("refused.md"), ids=[each[0] for each in cases("refused.md")])
def test_what_is_broken_is_told_with_its_place(tmp_path: Path, title: str, form: str, text: str, said: str) -> None:
    good, bad = tmp_path / "good.nt", tmp_path / "bad"
    good.write_text("<urn:a> <urn:b> <urn:c> .\n")
    bad.write_text(text, encoding="utf-8")
    loads.load([str(good)], tmp_path / "graph")
    with pytest.raises(KgError) as caught:
        loads.load([str(bad)], tmp_path / "graph", form=form)
    assert str(caught.value).split("\n")[0] == f"{bad}:{said.strip()}"
    assert len(package.open(tmp_path / "graph").store) == 1
    assert sorted(each.name for each in (tmp_path / "graph").glob("gen-*")) == ["gen-000001"]


TYPES = ("integer", "decimal", "double", "float", "boolean", "dateTime", "date", "time", "duration", "gYear", "byte", "string", "anyURI")
literal = st.builds(
    lambda text, kind: Literal(text, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}")),
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"])),
        st.from_regex(r"[+-]?[0-9]{0,3}\.?[0-9]{0,3}([eE][+-]?[0-9])?", fullmatch=True),
        st.from_regex(r"-?P[0-9]Y?[0-9]?M?(T0?[0-9]H)?", fullmatch=True),
        st.from_regex(r"00?20[0-9]{2}-0[1-9]-1[0-9](T[0-2][0-9]:00:00(\.0+)?(Z|[+-]0[0-9]:00)?)?", fullmatch=True),
    ),
    st.sampled_from(TYPES),
)


@given(st.lists(st.tuples(literal, st.sampled_from("ab"), st.booleans())))
@settings(max_examples=25)
def test_no_literal_changes(tmp_path_factory: pytest.TempPathFactory, given: list[tuple[Literal, str, bool]]) -> None:
    folder = tmp_path_factory.mktemp("any")
    subjects = [
        Quad(NamedNode(f"urn:{name}"), NamedNode("urn:p"), thing, NamedNode("urn:g") if apart else DefaultGraph()) for thing, name, apart in given
    ]
    known = {f"{quad} ." for quad in subjects}
    loads.load(put(folder, a_nq="\n".join(known)), folder / "graph")
    graph = package.open(folder / "graph")
    for form in ("nquads", "trig"):
        found = {f"{quad} ." for quad in parse(graph.export(form=form).encode(), format=ENGINE[form])}
        assert found == known, form


def put(folder: Path, **files: str) -> list[str]:
    """Write files; the last underscore of a name stands for the full stop."""
    paths = []
    for name, text in files.items():
        path = folder / ".".join(name.rsplit("_", 1))
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return paths


def quads(folder: Path) -> set[str]:
    return {str(each) for each in package.open(folder).store}


def test_an_export_is_loaded_as_it_was(samples: package.Graph, tmp_path: Path) -> None:
    for form, ending in (("turtle", "ttl"), ("trig", "trig"), ("nquads", "nq"), ("ntriples", "nt"), ("jsonld", "jsonld"), ("rdfxml", "rdf")):
        file = tmp_path / f"graph.{ending}"
        text = samples.export(file)
        report = loads.load([str(file)], tmp_path / ending)
        assert (report.base, report.title) == (samples.names.base, samples.title)
        again = package.open(tmp_path / ending).export(form=form)
        assert {str(each) for each in parse(again.encode(), format=ENGINE[form])} == {str(each) for each in parse(text.encode(), format=ENGINE[form])}


@pytest.mark.parametrize("text", ["<urn:s> <urn:p:q> <<( <urn:s> <urn:p> 1 )>> .", '<urn:s> <urn:p:q> "x"@ar--rtl .'])
@pytest.mark.parametrize("form", ["jsonld", "rdfxml"])
def test_what_a_format_cannot_hold_is_told(tmp_path: Path, text: str, form: str) -> None:
    loads.load(put(tmp_path, a_ttl=text), tmp_path / "graph")
    graph = package.open(tmp_path / "graph")
    if form == "jsonld" and "--" in text:
        assert '"@direction": "rtl"' in graph.export(form=form)
        return
    with pytest.raises(KgError, match="triple within a triple"):
        graph.export(form=form)


def test_the_base_of_an_export_is_found(tmp_path: Path) -> None:
    (tmp_path / "notes" / "deep").mkdir(parents=True)
    (tmp_path / "notes" / "deep" / "Ä b.md").write_text("# A\n\n[[b]] in Portugal")
    (tmp_path / "notes" / "kg.toml").write_text('[graph]\nbase = "https://notes.example/mine/"\n')
    package.build(tmp_path / "notes", tmp_path / "built")
    package.open(tmp_path / "built").export(tmp_path / "graph.nt")
    report = loads.load([str(tmp_path / "graph.nt")], tmp_path / "graph")
    assert report.base == "https://notes.example/mine/"
    assert list(package.open(tmp_path / "graph").query("SELECT ?n { ?n :mentions country:PT }").rows)


def test_a_header_says_base_and_title(tmp_path: Path) -> None:
    header = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix void: <http://rdfs.org/ns/void#> .
    <https://x.example/set> a dcat:Dataset ; dcterms:title "My notes" ; void:uriSpace "https://x.example/" ."""
    report = loads.load(put(tmp_path, a_ttl=header), tmp_path / "graph")
    assert (report.base, report.title) == ("https://x.example/", "My notes")
    assert loads.load([str(tmp_path / "a.ttl")], tmp_path / "graph", title="Mine").title == "Mine"


def test_files_are_merged_and_their_blank_nodes_are_not(tmp_path: Path) -> None:
    files = put(tmp_path, a_ttl="_:x <urn:p> 1 .", b_nt="_:x <urn:p> <urn:o> .\n", c_nq="_:x <urn:p> _:x <urn:g> .\n")
    report = loads.load(files, tmp_path / "graph")
    assert (report.files, report.triples, report.blank, report.graphs) == (3, 3, 3, ("urn:g",))
    first = package.open(tmp_path / "graph").export(form="nquads")
    loads.load(files, tmp_path / "graph")
    assert package.open(tmp_path / "graph").export(form="nquads") == first


def test_a_load_replaces_and_add_keeps(tmp_path: Path) -> None:
    a, b = put(tmp_path, a_ttl="[] <urn:p> 1.0 . <urn:s> <urn:p> 2.5 .", b_ttl="[] <urn:p> 1.0 . <urn:s> <urn:p> 2.50, 2.5 .")
    graph = tmp_path / "graph"
    loads.load([a], graph)
    report = loads.load([b], graph, add=True)
    assert (report.added, report.triples, report.blank) == (1, 3, 2)
    text = package.open(graph).export(form="ntriples")
    assert text.count('"1.0"') == 2
    assert {'"2.5"', '"2.50"'} == set(re.findall(r'"2\.50*"', text))
    assert package.open(graph).generation.manifest.source == f"{a}, {b}"
    loads.load([b], graph)
    assert len(quads(graph)) == 2
    assert '"2.50"' in package.open(graph).export(form="ntriples")
    loads.load([a], graph, add=True)
    assert package.open(graph).export(form="ntriples").count('"2.5') == 2


def test_values_are_asked_for_by_value_however_written(tmp_path: Path) -> None:
    loads.load(put(tmp_path, a_ttl="<urn:s> <urn:p> 1.50 ."), tmp_path / "graph")
    assert package.open(tmp_path / "graph").query("ASK { ?s ?p 1.5 FILTER(1.5 = 1.500) }").truth


def test_named_graphs_are_made_for_formats_that_have_none(tmp_path: Path) -> None:
    files = put(tmp_path, a_ttl="<urn:s> <urn:p> <urn:o> .", b_trig="<urn:s> <urn:q> <urn:o> . <urn:h> { <urn:s> <urn:p> <urn:o> }")
    loads.load(files, tmp_path / "graph", graph="urn:g")
    assert quads(tmp_path / "graph") == {
        "<urn:s> <urn:p> <urn:o> <urn:g>", "<urn:s> <urn:q> <urn:o>", "<urn:s> <urn:p> <urn:o> <urn:h>",
    }  # fmt: skip


def test_a_folder_stands_for_the_rdf_in_it(tmp_path: Path) -> None:
    (tmp_path / "in" / ".hidden").mkdir(parents=True)
    put(tmp_path / "in", a_ttl="<urn:a> <urn:p> 1 .", package_json='{"http://x/y": 1}', readme_md="x")
    put(tmp_path / "in" / ".hidden", b_ttl="broken")
    (tmp_path / "in" / "c.nt.gz").write_bytes(gzip.compress(b"<urn:c> <urn:p> <urn:o> .\n"))
    report = loads.load([str(tmp_path / "in")], tmp_path / "graph")
    assert (report.files, report.triples) == (2, 2)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no RDF file"):
        loads.load([str(tmp_path / "empty")], tmp_path / "graph")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_that_say_so_are_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.ttl").write_bytes('<urn:é> <urn:p> "ü" .'.encode(encoding))
    xml = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="urn:é" xmlns:p="urn:"><p:p>ü</p:p></rdf:Description></rdf:RDF>'
    (tmp_path / "b.rdf").write_bytes(f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>{xml}'.encode(encoding))
    loads.load([str(tmp_path / "a.ttl"), str(tmp_path / "b.rdf")], tmp_path / "graph")
    assert quads(tmp_path / "graph") == {'<urn:é> <urn:p> "ü"'}


def test_xml_in_latin_1_is_read_and_turtle_is_not(tmp_path: Path) -> None:
    xml = '<?xml version="1.0" encoding="iso-8859-1"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="urn:"><rdf:Description rdf:about="urn:a" p:p="ü"/></rdf:RDF>'
    (tmp_path / "a.rdf").write_bytes(xml.encode("latin-1"))
    loads.load([str(tmp_path / "a.rdf")], tmp_path / "graph")
    assert quads(tmp_path / "graph") == {'<urn:a> <urn:p> "ü"'}
    (tmp_path / "b.ttl").write_bytes('<urn:a> <urn:p> "ü" .'.encode("latin-1"))
    with pytest.raises(KgError, match="UTF-8"):
        loads.load([str(tmp_path / "b.ttl")], tmp_path / "graph")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_no_encoding_hides_a_document_type(tmp_path: Path, encoding: str) -> None:
    xml = '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    (tmp_path / "a.rdf").write_bytes(xml.encode(encoding))
    with pytest.raises(KgError, match=r"a\.rdf:2: refused: a DOCTYPE"):
        loads.load([str(tmp_path / "a.rdf")], tmp_path / "graph")


def test_the_words_doctype_and_context_in_a_text_are_no_offence(tmp_path: Path) -> None:
    xml = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="urn:"><!-- <!DOCTYPE --><rdf:Description p:p="&lt;!ENTITY"><p:q><![CDATA[<!DOCTYPE x>]]></p:q></rdf:Description></rdf:RDF>'
    data = r'{"http://a/p": "\"@context\": \"http://evil.example/\""}'
    assert loads.load(put(tmp_path, a_rdf=xml, b_jsonld=data), tmp_path / "graph").triples == 3


def test_the_context_of_kg_is_at_hand(tmp_path: Path) -> None:
    data = '{"@context": ["https://w3id.org/kgnotes/context.jsonld", {"x": "urn:x:"}], "id": "urn:a", "label": "A", "x:y": 1}'
    loads.load(put(tmp_path, a_jsonld=data), tmp_path / "graph")
    assert '<urn:a> <http://www.w3.org/2000/01/rdf-schema#label> "A"' in quads(tmp_path / "graph")


DEEP = {
    "a.ttl": "<urn:s> <urn:p> " + "<<( <urn:s> <urn:p> " * 100_000 + "1" + " )>>" * 100_000 + " .",
    "a.nt": "<urn:s> <urn:p> " + "<<( <urn:s> <urn:p> " * 100_000 + "<urn:o>" + " )>>" * 100_000 + " .",
    "a.jsonld": '{"urn:p": ' * 100_000 + "1" + "}" * 100_000,
    "b.jsonld": "[" * 100_000 + "]" * 100_000,
    "a.rdf": "<a>" * 100_000 + "</a>" * 100_000,
    "hidden.ttl": "<urn:s> <urn:p> " + '<<( <urn:s> <urn:p> # )>> "\n' * 100_000 + "1" + " )>>" * 100_000 + " .",
}


@pytest.mark.parametrize("name", DEEP)
def test_nesting_that_would_crash_the_engine_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(DEEP[name])
    code, _, err = kg("load", tmp_path / name, "-o", tmp_path / "graph")
    assert code == 1
    assert "inside one another" in err


def test_deep_collections_are_no_danger(tmp_path: Path) -> None:
    deep = "<urn:s> <urn:p> " + "(" * 20_000 + ")" * 20_000 + ", " + "[ <urn:p> " * 20_000 + "1" + "]" * 20_000 + ' , "<<( <<( <<(" .'
    loads.load(put(tmp_path, a_ttl=deep), tmp_path / "graph")
    exported = package.open(tmp_path / "graph").export(form="turtle")
    assert sum(1 for _ in parse(exported.encode(), format=RdfFormat.TURTLE)) == len(package.open(tmp_path / "graph").store)


def test_what_unfolds_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg import sources

    monkeypatch.setattr(sources, "_SMALL", 1000)
    (tmp_path / "a.ttl.gz").write_bytes(gzip.compress(b" " * 1_000_000))
    with pytest.raises(KgError, match="refused: it unfolds to more than 200 times its size"):
        loads.load([str(tmp_path / "a.ttl.gz")], tmp_path / "graph")
    (tmp_path / "b.ttl.gz").write_bytes(gzip.compress(b"<urn:a> <urn:b> <urn:c> .")[:-9])
    with pytest.raises(KgError, match="cannot be read"):
        loads.load([str(tmp_path / "b.ttl.gz")], tmp_path / "graph")


def test_a_graph_of_notes_is_never_overwritten(samples: package.Graph, tmp_path: Path) -> None:
    file = put(tmp_path, a_ttl="<urn:a> <urn:p> 1 .")
    folder = samples.generation.folder.parent
    for add in (False, True):
        with pytest.raises(StoreError, match="was built from"):
            loads.load(file, folder, add=add)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match="holds other files"):
        loads.load(file, tmp_path / "other")
    loads.load(file, tmp_path / "graph")
    code, _, err = kg("build", ROOT / "notes", "-o", tmp_path / "graph")
    assert code == 1
    assert "was loaded from" in err
    code, _, err = kg("build", cwd=tmp_path / "graph", KG_GRAPH=str(tmp_path / "graph"))
    assert code == 1
    assert "was loaded from" in err


def test_a_disk_that_is_full_leaves_the_old_graph(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    loads.load(put(tmp_path, a_ttl="<urn:a> <urn:p> 1 ."), tmp_path / "graph")
    big = put(tmp_path, b_nt="".join(f'<urn:s{n}> <urn:p> "{n:0200}" .\n' for n in range(20_000)))
    code = f"import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000)); import kg.cli; kg.cli.main({['load', *big, '-o', str(tmp_path / 'graph')]!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert (done.returncode, resource is not None) == (1, True)
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(quads(tmp_path / "graph")) == 1
    assert len(list((tmp_path / "graph").glob("gen-*"))) == 1


def test_the_command(tmp_path: Path) -> None:
    put(tmp_path, a_ttl="@prefix : <http://a/> . :s :p 1.0 .", b_trig="<http://g> { <http://s> <http://p> <rel> }", c_txt="")
    code, out, err = kg("load", "a.ttl", cwd=tmp_path)
    assert (code, out) == (0, "")
    assert err.startswith("+ 1 triple from 1 file\na: 1 triple, base https://example.org/kg/\ngraph: .kg  (")
    assert kg("export", cwd=tmp_path)[1].endswith('<http://a/s> <http://a/p> "1.0"^^xsd:decimal .\n')
    code, _, err = kg("load", "-", "--format", "trig", "-o", "b", "--base", "http://b/c", cwd=tmp_path, stdin="<g> { <s> <p> <o> }")
    assert code == 0
    assert "standard input: 1 triple, 1 named graph" in err
    assert "ask with GRAPH ?g" in err
    assert kg("query", "-g", "b", "SELECT ?s { GRAPH <http://b/g> { ?s ?p ?o } }", "--format", "csv", cwd=tmp_path)[1].split() == ["s", "http://b/s"]
    assert kg("load", "b.trig", "--quiet", "-o", "c", cwd=tmp_path) == (0, "", "")
    assert "from b.trig" in kg("stats", "-g", "c", cwd=tmp_path)[1]
    assert kg("view", "-g", "c", "-o", "c.html", cwd=tmp_path)[0] == 0
    for arguments, code, said in (
        (["nosuch.ttl"], 2, "nosuch.ttl: no such file"),
        (["c.txt"], 2, "c.txt: no format has the ending .txt\n  hint: endings: .ttl, "),
        (["a.ttl", "--format", "turle"], 2, "unknown format 'turle'\n  hint: did you mean turtle?"),
        (["-"], 2, "the format of standard input is not known"),
        (["a.ttl", "--base", "no iri"], 2, "--base: 'no iri' is no IRI"),
        (["a.ttl", "-o", "a.ttl"], 1, "a.ttl: is no folder"),
        ([], 2, "Missing argument"),
    ):
        found, out, err = kg("load", *arguments, cwd=tmp_path)
        assert (found, out) == (code, ""), err
        assert said in err


def test_a_broken_line_is_shown(tmp_path: Path) -> None:
    put(tmp_path, a_ttl="@prefix : <http://a/> .\n:s :p :o ;\n  skos:broader :b .\n")
    code, _, err = kg("load", "a.ttl", cwd=tmp_path)
    assert code == 1
    assert err == (
        "error: a.ttl:3:3: The prefix skos: has not been declared\n"
        "    skos:broader :b .\n"
        "    ^\n"
        "  hint: declare it at the top: @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    )
    assert not (tmp_path / ".kg" / "CURRENT").exists()


def test_suggestions_keep_their_place(samples: package.Graph, tmp_path: Path) -> None:
    lines = "".join(f"{quad} .\n" for quad in samples.store)
    loads.load(put(tmp_path, a_nq=lines), tmp_path / "graph")
    graph = package.open(tmp_path / "graph")
    assert {str(each) for each in graph.store} == {str(each) for each in samples.store}
    suggested = NamedNode(samples.names.suggested)
    assert any(True for _ in graph.store.quads_for_pattern(None, None, None, suggested))
    assert list(graph.query("SELECT ?g { GRAPH ?g { ?s a :Claim } }").rows) == []


def test_the_header_of_our_own_is_set_aside_and_written_anew(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "aid.md").write_text("# Aid\n\nNurses came from Ghana.\n")
    (tmp_path / "notes" / "kg.toml").write_text('[graph]\nlicence = "CC-BY-4.0"\n')
    package.build(tmp_path / "notes", tmp_path / "built")
    text = package.open(tmp_path / "built").export(tmp_path / "graph.ttl")
    mine = put(tmp_path, mine_ttl="<https://example.org/kg/dataset> <http://purl.org/dc/terms/creator> 'Ada' . <urn:s> <urn:p> 1 .")
    loads.load([str(tmp_path / "graph.ttl"), *mine], tmp_path / "graph")
    graph = package.open(tmp_path / "graph")
    assert not any("void#" in each or "dcat#" in each or "kg export" in each for each in quads(tmp_path / "graph"))
    again = graph.export()
    counted = re.compile(r"void:triples (\d+)")
    before, after = (int(counted.findall(each)[0]) for each in (text, again))
    assert after == before + 2
    assert "dcterms:license <https://spdx.org/licenses/CC-BY-4.0>" in again
    assert 'dcterms:creator "Ada"' in again
    assert "void:" not in graph.export(header=False).replace("@prefix void: <http://rdfs.org/ns/void#> .", "")
    loads.load(mine, tmp_path / "graph", add=True)
    assert package.open(tmp_path / "graph").export() == again


def test_headers_of_others_are_data(tmp_path: Path) -> None:
    text = """@prefix void: <http://rdfs.org/ns/void#> . @prefix prov: <http://www.w3.org/ns/prov#> .
    <https://x.example/dataset> a void:Dataset ; void:uriSpace "https://x.example/" ; void:triples 7 ; prov:wasGeneratedBy <https://x.example/run> ."""
    loads.load(put(tmp_path, a_ttl=text), tmp_path / "graph")
    assert quads(tmp_path / "graph") == {str(each) for each in parse(text.encode(), format=RdfFormat.TURTLE)}
    assert package.open(tmp_path / "graph").export(form="ntriples").count("\n") == 4


def test_a_refused_load_leaves_nothing(tmp_path: Path) -> None:
    (broken,) = put(tmp_path, a_ttl="<urn:s> <urn:p> .")
    with pytest.raises(KgError):
        loads.load([broken], tmp_path / "new" / "deep")
    assert [each.name for each in tmp_path.iterdir()] == ["a.ttl"]
    (tmp_path / "there").mkdir()
    with pytest.raises(KgError):
        loads.load([broken], tmp_path / "there")
    assert (tmp_path / "there").is_dir(), "it was not ours to take away"


@pytest.mark.parametrize("ending", ["nt", "ttl", "jsonld"])
def test_a_text_that_is_too_long_is_told(tmp_path: Path, ending: str) -> None:
    text = "x" * (17 << 20)
    file = tmp_path / f"long.{ending}"
    file.write_text(f'{{"@id": "urn:s", "urn:p": "{text}"}}' if ending == "jsonld" else f'<urn:s> <urn:p> "{text}" .\n')
    with pytest.raises(KgError, match="a single text or statement takes more than 16 MB"):
        loads.load([str(file)], tmp_path / "graph")
