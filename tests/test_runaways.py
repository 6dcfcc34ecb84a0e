"""Queries that never end, that want all memory, or that would crash the engine: kg ends them, in time and in words."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg import Graph, apart, guard, query
from kg.errors import QueryError

ROOT = Path(__file__).resolve().parent.parent
PAIRS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
TRIPLES = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
RUNAWAYS = {
    "a count": f"SELECT (COUNT(*) AS ?n) {TRIPLES}",
    "rows without end": f"SELECT * {TRIPLES}",
    "triples without end": f"CONSTRUCT {{ ?a ?b ?l }} {TRIPLES}",
    "a sorted answer": f"SELECT ?a {TRIPLES} ORDER BY ?l",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (:linksTo|^:linksTo|:mentions|^:mentions)+ ?b . ?b (:linksTo|^:mentions)+ ?c . ?c (!a)+ ?d . ?d (!a)+ ?e }",
    "expressions": 'SELECT (COUNT(*) AS ?n) { ?a :text ?t . ?b :text ?u . ?c :text ?v FILTER REGEX(CONCAT(?t, ?u), ?v) }',
}  # fmt: skip


@pytest.fixture
def graph(samples: Graph) -> Path:
    return samples.generation.folder.parent


def start(graph: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "kg", "-g", str(graph), "query", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
    )  # fmt: skip


def asked(graph: Path, *arguments: str) -> tuple[int, str, str]:
    process = start(graph, *arguments)
    out, err = process.communicate(timeout=120)
    assert b"Traceback" not in err
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in RUNAWAYS.items()])
def test_a_runaway_ends_with_a_reason(graph: Path, text: str) -> None:
    code, _, err = asked(graph, text, "--timeout", "1", "--format", "ntriples" if text.startswith("CONSTRUCT") else "csv")
    assert code == 1
    assert err.endswith("error: no answer within 1 seconds\n  hint: make the query narrower, or give it more time with --timeout\n")


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "xml", "markdown"])
def test_the_first_rows_are_there_while_the_query_runs(graph: Path, form: str) -> None:
    with start(graph, RUNAWAYS["rows without end"], "--format", form) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert len(process.stdout.read(2000)) == 2000
        assert process.poll() is None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("text", [RUNAWAYS["a count"], RUNAWAYS["rows without end"]])
def test_a_signal_ends_it(graph: Path, text: str, number: signal.Signals) -> None:
    process = start(graph, text, "--timeout", "0", "--format", "csv")
    assert process.stdout is not None
    if text == RUNAWAYS["rows without end"]:
        process.stdout.read(100)
    else:
        time.sleep(3)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert err.strip() == (b"interrupted" if number == signal.SIGINT else b"")


def test_a_limit_stops_the_query(graph: Path) -> None:
    code, out, err = asked(graph, RUNAWAYS["rows without end"], "--limit", "3", "--format", "csv")
    assert (code, out.count("\n")) == (0, 4)
    assert err.startswith("note: only the first 3 rows; --limit gives more\n")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory of another process is asked of Linux")
def test_rows_without_end_take_no_more_memory(graph: Path) -> None:
    highest = []
    with start(graph, RUNAWAYS["rows without end"], "--format", "tsv") as process:
        assert process.stdout is not None
        for _ in range(2):
            process.stdout.read(8_000_000)
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
            highest.append(next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")))
        process.stdout.close()
    assert highest[1] - highest[0] < 8000  # kilobytes


def test_a_query_that_wants_all_memory_is_ended(samples: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MEMORY", 1)
    with pytest.raises(QueryError, match="needs more than"):
        query.ask(samples.store, RUNAWAYS["a count"], samples.names, timeout=0)


NESTED = {
    "lists": ("SELECT * { ?s ?p ", "( ", "1", ") ", " }"),
    "blank nodes": ("SELECT * { ?s ?p ", "[ :a ", "1", "] ", " }"),
    "paths": ("SELECT * { ?s ", "( ", ":a", ") ", " ?o }"),
    "alternative paths": ("SELECT * { ?s ", "(:a|^", ":b", ")", " ?o }"),
    "triple terms": ("SELECT * { ?s ?p ", "<<( ?a ?b ", "?c ", ")>> ", " }"),
    "reified triples": ("SELECT * { ", "<< ", "?a ?b ?c ", ":p :o >> ", ":p :o }"),
    "annotations": ("SELECT * { ?s ?p ?o ", "{| :a :b ", "", "|} ", " }"),
    "functions": ("SELECT * { FILTER(", "STR(", "1", ")", ") }"),
    "conditions": ("SELECT * { FILTER(", "(1 + ", "1", ")", ") }"),
    "negations": ("SELECT * { FILTER(", "!", "1", "", ") }"),
    "signs": ("SELECT * { FILTER(", "- ", "1", "", ") }"),
    "inverse paths": ("SELECT * { ?s ", "^", ":a", "", " ?o }"),
    "steps": ("SELECT * { ?s ", ":a/", ":a", "", " ?o }"),
    "groups": ("SELECT * ", "{ ", "?s ?p ?o", "} ", ""),
    "queries in queries": ("SELECT * ", "{ SELECT * ", "{ ?s ?p ?o }", "} ", ""),
    "optional parts": ("SELECT * { ?s ?p ?o ", "OPTIONAL { ?s ?p ?o ", "", "} ", "}"),
    "what is not": ("SELECT * { ?s ?p ?o ", "FILTER NOT EXISTS { ?s ?p ?o ", "", "} ", "}"),
    "unions": ("SELECT * { ", "{ ?s ?p ?o } UNION ", "{ ?s ?p ?o }", "", "}"),
    "alternatives": ("SELECT * { ?s ?p ?o FILTER(", "?o = 1 || ", "?o = 2", "", ") }"),
    "triples": ("SELECT * { ?s ?p ?o . ", "?s a ?o . ", "", "", "}"),
    "properties": ("SELECT * { ?s a :Nothing ", "; ?p ?o ", "", "", "}"),
    "objects": ("SELECT * { ?s a ?o ", ", ?x ", "", "", "}"),
    "values": ("SELECT * { VALUES ?x { ", "1 ", "", "", "} }"),
}


@pytest.mark.parametrize("parts", [pytest.param(parts, id=name) for name, parts in NESTED.items()])
def test_nesting_of_any_sort_is_run_or_refused(graph: Path, parts: tuple[str, ...]) -> None:
    before, opening, inner, closing, after = parts
    whole = [before + opening * depth + inner + closing * depth + after for depth in (10, 60, 5000)]
    texts = [text[: guard.LONGEST] for text in (*whole, *(before + opening * depth for depth in (10, 60, 5000)))]
    done = subprocess.run(
        [sys.executable, "-c", DIRECT, str(graph)], input=json.dumps(texts).encode(), capture_output=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout.split()) == len(texts)


DIRECT = """
import json, os, sys, kg
from itertools import islice
from kg import query
from kg.errors import QueryError
graph = kg.open(sys.argv[1])
for text in json.load(sys.stdin):
    try:
        list(islice(query.ask(graph.store, text, graph.names, timeout=2).rows, 5))
        print("fine", flush=True)
    except QueryError as error:
        assert str(error)
        print("refused", flush=True)
os._exit(0)
"""
"""The end without ceremony is what kg does, too: a query that ran out of time is left behind."""


def test_long_lists_and_many_groups_are_no_joins(samples: Graph) -> None:
    numbers = ", ".join(map(str, range(2000)))
    unions = " UNION ".join("{ ?p a :Passage; :line ?l . }" for _ in range(60))
    template = " ".join(f"?n :line {at} ." for at in range(300))
    for text in (f"ASK {{ ?p :line ?l FILTER(?l IN ({numbers})) }}", f"ASK {{ {unions} }}", f"CONSTRUCT {{ {template} }} {{ ?n a :Note }}"):
        guard.check(text)
        assert query.ask(samples.store, text, samples.names).kind in ("ask", "graph")


HIDDEN = [
    "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
    "service<http://127.0.0.1:9/>{ ?s ?p ?o }",
    "SeRvIcE SILENT <http://127.0.0.1:9/> { ?s ?p ?o }",
    "SERVICESILENT<http://127.0.0.1:9/>{ ?s ?p ?o }",
    "\\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
    "\\U00000053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
    "S\\u0045RVICE\n<http://127.0.0.1:9/> { ?s ?p ?o }",
    "SERVICE # a comment\n<http://127.0.0.1:9/> { ?s ?p ?o }",
    "# SERVICE\rSERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
    "?s ?p 'x' . SERVICE ?s { ?s ?p ?o }",
    "?s ?p '''\\\\''' . SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #''' }",
    "{ OPTIONAL { SERVICE yt:x { ?s ?p ?o } } }",
    "SERVICEyt:x{ ?s ?p ?o }",
    "FILTER NOT EXISTS { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "{ SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }",
]


@pytest.mark.parametrize("part", HIDDEN)
def test_no_query_asks_another_server(samples: Graph, part: str) -> None:
    with pytest.raises(QueryError, match="SERVICE asks another server"):
        list(query.ask(samples.store, f"SELECT * {{ {part} }}", samples.names, timeout=5).rows)


@pytest.mark.parametrize(
    "text", ["LOAD <http://127.0.0.1:9/>", "load silent <file:///etc/passwd> into graph <x>", "PREFIX a: <b> LOAD <http://127.0.0.1:9/>"]
)
def test_nothing_is_loaded(samples: Graph, text: str) -> None:
    with pytest.raises(QueryError, match="a query only asks"):
        query.ask(samples.store, text, samples.names)


def test_the_word_is_no_offence_elsewhere(samples: Graph) -> None:
    text = "SELECT ?service { ?service rdfs:label 'SERVICE', \"service <http://e.org/>\" # SERVICE\n }"
    assert list(query.ask(samples.store, text, samples.names).rows) == []
