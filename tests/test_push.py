"""The graph on a SPARQL server: sent, replaced and asked; servers that die, lie or refuse."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

import kg as package
from kg import Graph, cli, endpoint, parameters, push, queries, query, remote
from kg.endpoint import Unreachable
from kg.errors import KgError
from kg.queries import typed
from server import Server, answering, serving

ROOT = Path(__file__).resolve().parent.parent


def kg(*arguments: str | Path, **env: str) -> tuple[int, str, str]:
    """Run kg in a process of its own; gives the exit code, standard output and standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def sent(graph: Graph, server: Server, **wanted: object) -> push.Report:
    told: list[str] = []
    report = push.push(graph.generation, graph.store, endpoint.endpoint(server.address), push.PushOptions(**wanted), told=told.append)  # type: ignore[arg-type]
    assert told == []
    return report


def lines(server: Server) -> list[str]:
    return sorted(endpoint.graph(endpoint.endpoint(server.address), "GET", "").decode().split("\n")[:-1])


def own(graph: Graph) -> list[str]:
    return sorted(graph.export(form="ntriples", header=False).splitlines())


def graphs(server: Server) -> int:
    found = remote.Remote(endpoint.endpoint(server.address)).query("SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    return int(next(iter(found))[0].value)


def test_what_is_pushed_is_the_graph_and_nothing_else(server: Server, samples: Graph) -> None:
    assert lines(server) == own(samples)
    assert graphs(server) == len([each for each in samples.store.named_graphs() if samples.names.suggested not in str(each)])


def test_pushing_again_changes_nothing(server: Server, samples: Graph) -> None:
    before = lines(server)
    report = sent(samples, server)
    assert (lines(server), report.there) == (before, len(before))


def test_named_queries_answer_as_they_do_here(server: Server, samples: Graph) -> None:
    there = endpoint.endpoint(server.address)
    asked = 0
    for named in queries.every().values():
        if named.header.suggested:
            continue
        said = {each.name: typed.example(each, samples.store, samples.names) for each in named.header.parameters if each.default is None}
        said = {name: text.strip("'") for name, text in said.items()}
        here = parameters.insert(named.text, queries.terms(named, said, samples.store, samples.names))
        away = parameters.insert(named.text, queries.terms(named, said, remote.store(there), samples.names))
        assert here == away, named.name
        expected = list(query.ask(samples.store, here, samples.names).rows)
        assert list(remote.ask(there, away, samples.names, seconds=60).rows) == expected, named.name
        asked += 1
    assert asked == len(queries.every()) - 2  # but for those that ask for suggestions


def test_the_command_line_asks_a_server(server: Server) -> None:
    code, out, _ = kg("query", "--endpoint", server.address, "SELECT ?note { ?note :mentions country:PT } ORDER BY ?note LIMIT 1", "--format", "csv")
    assert (code, out) == (0, "note\nhttps://example.org/kg/note/cocreation_bootcamp_in_lisbon\n")
    assert kg("query", "--endpoint", server.address, "ASK { ?note :mentions country:PT }")[1] == "yes\n"
    code, out, _ = kg("query", "--endpoint", server.address, "DESCRIBE country:PT", "--format", "ntriples")
    assert (code, '"Portugal"' in out) == (0, True)
    code, out, err = kg("query", "--endpoint", server.address, "SELECT ?x { ?x :mentions country:AQ }", "--format", "csv")
    assert (code, out, "nothing in the graph matches" in err) == (0, "x\n", True)


def test_a_query_with_a_mistake_is_told_as_here_and_never_sent(server: Server) -> None:
    code, _, err = kg("query", "--endpoint", "http://127.0.0.1:9", "SELECT ?x { ?x a }")
    assert (code, "no answer" in err) == (1, True)  # the base is asked for first
    code, _, err = kg("query", "--endpoint", server.address, "SELECT ?x { ?x a }")
    assert (code, "^" in err) == (1, True)


@pytest.mark.parametrize(
    "call", ["?a :rank ?b . FILTER(:rank(?a) > 1)", "BIND(kg:hms(?b) AS ?c)", "BIND(<https://w3id.org/kgnotes/ontology#label>(?b) AS ?c)"]
)
def test_functions_of_ours_are_refused(server: Server, call: str) -> None:
    code, _, err = kg("query", "--endpoint", server.address, f"SELECT * {{ ?a ?p ?b . {call} }}")
    assert (code, "a function of kg's own engine" in err) == (1, True)


@pytest.mark.parametrize("name", queries.every())
def test_a_named_query_that_no_server_answers_says_so_before_it_is_sent(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody is at this address: the others find out."""
    code = cli.run(["query", "--endpoint", "http://127.0.0.1:9", "--name", name])
    suggests = queries.one(name).header.suggested
    assert (code, "asks for what rules only suggest" in capsys.readouterr().err) == (2 if suggests else 1, suggests)


def test_a_named_query_of_ones_own_that_calls_our_engine_is_refused_before_it_is_sent(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    (notes / "queries").mkdir(parents=True)
    (notes / "a.md").write_text("# A\n", encoding="utf-8")
    (notes / "queries" / "mine.rq").write_text("SELECT ?x (:rank(?x) AS ?r) { ?x a :Note }\n", encoding="utf-8")
    package.build(notes)
    code, _, err = kg("query", "-g", notes, "--endpoint", "http://127.0.0.1:9", "--name", "mine")
    assert (code, "mine.rq" in err, ":rank is a function of kg's own engine" in err) == (1, True, True), err


def test_a_property_named_like_a_function_is_no_call(server: Server, samples: Graph) -> None:
    answer = remote.ask(endpoint.endpoint(server.address), "SELECT * { ?a :label ?b } # :rank(", samples.names, seconds=60)
    assert list(answer.rows) == []


def test_replacing_takes_away_what_is_gone(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("---\ntype: person\n---\n# Ada\nAda was in Portugal. [[b]]\n", encoding="utf-8")
    (notes / "b.md").write_text("---\ntype: person\n---\n# Bob\nBob was in Spain.\n", encoding="utf-8")
    package.build(notes)
    with serving(tmp_path / "server") as found:
        sent(package.open(notes), found, replace=True)
        assert (lines(found), graphs(found)) == (own(package.open(notes)), 2)
        (notes / "b.md").unlink()
        package.build(notes)
        report = sent(package.open(notes), found, replace=True)
        assert (lines(found), graphs(found), report.removed) == (own(package.open(notes)), 1, 1)


def test_a_graph_of_ones_own_takes_the_default_graph(samples: Graph, tmp_path: Path) -> None:
    with serving(tmp_path / "server") as found:
        for replace in (False, True):
            report = sent(samples, found, into="urn:mine", replace=replace)
            assert (lines(found), report.there) == ([], len(own(samples)))


def test_the_graph_that_an_address_calls_the_default_one_is_sent_to_and_asked(samples: Graph, tmp_path: Path) -> None:
    with serving(tmp_path / "server") as found:
        there = endpoint.endpoint(f"{found.address}/query?default-graph-uri=urn:mine")
        assert (there.update, there.graphs) == (f"{found.address}/update", f"{found.address}/store")
        for wanted in (push.PushOptions(), push.PushOptions(replace=True)):
            report = push.push(samples.generation, samples.store, there, wanted, told=pytest.fail)
            assert (lines(found), report.there) == ([], len(own(samples)))
        code, _, err = kg("export", "--endpoint", there.query, "-o", tmp_path / "all.nt", "--no-header")
        assert (code, sorted((tmp_path / "all.nt").read_text().splitlines())) == (0, own(samples)), err
        code, out, _ = kg("query", "--endpoint", there.query, "--name", "countries", "--format", "csv")
        assert (code, "Portugal" in out) == (0, True)


def test_blank_nodes_stay_the_same_nodes_across_pieces(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("@prefix : <urn:> . _:a :p 1 ; :q [ :r 2 ; :s _:a ] .", encoding="utf-8")
    code, _, err = kg("load", tmp_path / "x.ttl", "-o", tmp_path / "graph")
    assert code == 0, err
    with serving(tmp_path / "server") as found:
        sent(package.open(tmp_path / "graph"), found, batch=1)
        query = "SELECT (COUNT(*) AS ?n) { ?a <urn:p> 1 ; <urn:q> ?b . ?b <urn:r> 2 ; <urn:s> ?a }"
        assert int(next(iter(remote.Remote(endpoint.endpoint(found.address)).query(query)))[0].value) == 1


def test_a_server_that_dies_in_the_middle_has_it_all_in_the_end(samples: Graph, tmp_path: Path) -> None:
    told: list[str] = []
    with serving(tmp_path / "server") as found:
        there = endpoint.endpoint(found.address)
        pieces = 0

        def progress(*_: object) -> None:
            nonlocal pieces
            pieces += 1
            if pieces == 7:
                found.kill()
                threading.Timer(0.7, found.start).start()

        report = push.push(samples.generation, samples.store, there, push.PushOptions(batch=100), told=told.append, progress=progress)
        assert any("again in" in each for each in told)
        assert (lines(found), report.there) == (own(samples), len(own(samples)))


def stopped(graph: Graph, there: endpoint.Endpoint) -> None:
    """Push, and be stopped after 500 triples."""

    def stop(_what: str, done: int, _total: int) -> None:
        if done == 500:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        push.push(graph.generation, graph.store, there, push.PushOptions(batch=100), told=print, progress=stop)


def test_a_push_that_was_stopped_goes_on(samples: Graph, tmp_path: Path) -> None:
    with serving(tmp_path / "server") as found:
        there = endpoint.endpoint(found.address)
        stopped(samples, there)
        assert 500 <= len(lines(found)) < len(own(samples))
        told: list[str] = []
        report = push.push(samples.generation, samples.store, there, push.PushOptions(batch=100), told=told.append)
        assert told == ["an earlier push sent 500 triples; going on from there"]
        assert (lines(found), report.before) == (own(samples), 500)
        assert graphs(found) == report.graphs  # the graph that keeps how far it was is gone


def test_a_server_that_lost_what_it_had_is_given_all_again(samples: Graph, tmp_path: Path) -> None:
    with serving(tmp_path / "server") as found:
        there = endpoint.endpoint(found.address)
        stopped(samples, there)
        endpoint.update(there, "CLEAR DEFAULT")
        told: list[str] = []
        push.push(samples.generation, samples.store, there, push.PushOptions(batch=100), told=told.append)
        assert told[-1] == "the server has lost some of them; sending all again"
        assert lines(found) == own(samples)


# -- servers that are none ---------------------------------------------------------------------------


def page(_: BaseHTTPRequestHandler) -> tuple[int, str, bytes]:
    return 200, "text/html; charset=utf-8", b"<title>Welcome</title>"


def broken(_: BaseHTTPRequestHandler) -> tuple[int, str, bytes]:
    return 500, "text/html", b"<html><title>Out of \x1b[31morder</title><script>x</script></html>"


def closed(_: BaseHTTPRequestHandler) -> tuple[int, str, bytes]:
    return 401, "text/plain", b"who are you?"


def away(_: BaseHTTPRequestHandler) -> tuple[int, str, bytes]:
    return 302, "text/plain", b""


def garbled(_: BaseHTTPRequestHandler) -> tuple[int, str, bytes]:
    return 200, "application/sparql-results+json", b'{"head": '


def barred(_: BaseHTTPRequestHandler) -> tuple[int, str, bytes]:
    return 500, "text/plain", b"42000 Error SR186:SECURITY: No permission to execute procedure"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (barred, "KG_ENDPOINT_USER"),
        (page, "answers with a web page"),
        (broken, "answers 500"),
        (closed, "KG_ENDPOINT_USER"),
        (away, "it sends us on to http://127.0.0.1:9/elsewhere"),
        (garbled, "is not SPARQL's JSON"),
    ],
    ids=["barred", "page", "broken", "closed", "away", "garbled"],
)
@pytest.mark.parametrize(
    "command",
    [["query", "ASK {}", "--endpoint"], ["export", "--endpoint"], ["view", "-o", "PAGE", "--endpoint"], ["push", "-g", "GRAPH"]],
    ids=lambda each: each[0],
)
def test_what_is_no_endpoint_is_told_in_words(samples: Graph, answer: object, words: str, command: list[str], tmp_path: Path) -> None:
    with answering(answer) as address:  # type: ignore[arg-type]
        places = {"GRAPH": str(samples.generation.folder.parent), "PAGE": str(tmp_path / "page.html")}
        command = [places.get(each, each) for each in command]
        code, out, err = kg(*command, f"{address}/notes")
    assert (code, out) == (1, "")
    assert words in err
    assert "\x1b" not in err
    assert "<script" not in err
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://example.org",
        "localhost:7878",
        "http://",
        "http://a b",
        "http://me:secret@localhost/",
        "http://x:0/",
        "http://x\n/",
    ],
)
def test_what_is_no_address_is_wrong_usage(address: str) -> None:
    code, _, err = kg("query", "ASK {}", "--endpoint", address)
    assert code == 2
    assert "secret" not in err


def test_nobody_there() -> None:
    code, _, err = kg("query", "ASK {}", "--endpoint", "http://127.0.0.1:9")
    assert (code, "is the server running" in err) == (1, True)


def test_secrets_come_from_the_environment_and_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(endpoint.USER, "ada")
    monkeypatch.setenv(endpoint.PASSWORD, "hidden")
    given: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> tuple[int, str, bytes]:
        given.append(request.headers.get("Authorization", ""))
        return 200, "application/sparql-results+json", b'{"head": {}, "boolean": true}'

    with answering(answer) as address:
        found = endpoint.endpoint(f"{address}/notes")
        assert "hidden" not in repr(found)
        assert bool(remote.Remote(found).query("ASK {}"))
        monkeypatch.setenv(endpoint.TOKEN, "token")
        assert bool(remote.Remote(endpoint.endpoint(f"{address}/notes")).query("ASK {}"))
    assert given[-1] == "Bearer token"


def test_patience_ends() -> None:
    tries: list[float] = []

    def work() -> None:
        tries.append(time.monotonic())
        raise Unreachable("nobody")

    told: list[str] = []
    with pytest.raises(KgError, match="nobody"):
        endpoint.patiently(work, retries=3, told=told.append, began=0.001)
    assert (len(tries), told[0]) == (4, "nobody; again in 0.001 s (1 of 3)")


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("http://h:7878", ("/query", "/update", "/store")),
        ("http://h:7878/query", ("/query", "/update", "/store")),
        ("http://h:3030/notes", ("/notes", "/notes/update", "/notes/data")),
        ("http://h:3030/notes/query", ("/notes/query", "/notes/update", "/notes/data")),
        ("http://h:3030/notes/sparql", ("/notes/sparql", "/notes/update", "/notes/data")),
        ("http://h:7200/repositories/n", ("/repositories/n", "/repositories/n/statements", "/repositories/n/rdf-graphs/service")),
        ("http://h:8890/sparql-auth", ("/sparql-auth", "/sparql-auth", "/sparql-graph-crud-auth")),
        ("https://h/sparql", ("/sparql", "/sparql", "")),
    ],
)
def test_services_are_found_as_servers_lay_them_out(given: str, found: tuple[str, str, str]) -> None:
    there = endpoint.endpoint(given)
    top = given.split("/", 3)[0] + "//" + given.split("/", 3)[2]
    assert (there.query, there.update, there.graphs) == tuple(top + each if each else "" for each in found)
