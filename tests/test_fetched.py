"""What a server has, as a graph and as a page on this machine: all of it, or the part that is needed."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pyoxigraph
import pytest

from kg import Graph, endpoint, fetched
from server import Server, answering, serving

ROOT = Path(__file__).resolve().parent.parent


def kg(*arguments: str | Path, **env: str) -> tuple[int, str]:
    """Run kg in a process of its own; gives the exit code and standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr


def carried(path: Path) -> dict[str, Any]:
    """Give what a page carries, which was written with --no-compress."""
    found = re.search(r'<script[^>]*id="data">(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def own(graph: Graph) -> list[str]:
    return sorted(graph.export(form="ntriples", header=False).splitlines())


def nothing(said: str) -> None:
    pytest.fail(said)


def test_all_is_fetched_back(server: Server, samples: Graph, tmp_path: Path) -> None:
    code, err = kg("export", "--endpoint", server.address, "-o", tmp_path / "all.nt", "--no-header")
    assert (code, f"fetching {len(own(samples)):,} triples" in err) == (0, True)
    assert sorted((tmp_path / "all.nt").read_text().splitlines()) == own(samples)


@pytest.mark.parametrize(("drops", "code"), [(0, 0), (1, 1)])
def test_a_server_that_gives_500_triples_at_once_is_asked_for_pieces(samples: Graph, tmp_path: Path, drops: int, code: int) -> None:
    """One that loses a triple on the way is found out."""

    def limited(request: BaseHTTPRequestHandler) -> tuple[int, str, bytes]:
        text = parse_qs(vars(request)["body"].decode()).get("query", [""])[0]
        if not text:
            return 404, "text/plain", b"no graphs here"
        found = samples.store.query(text)
        if isinstance(found, pyoxigraph.QueryTriples):
            sent = list(itertools.islice(found, 500 - drops if "OFFSET" in text else 500))
            return 200, "application/n-triples", pyoxigraph.serialize(sent, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
        return 200, "application/sparql-results+json", found.serialize(format=pyoxigraph.QueryResultsFormat.JSON) or b""

    with answering(limited) as address:
        found, err = kg("export", "--endpoint", f"{address}/notes", "-o", tmp_path / "all.nt", "--no-header")
    assert (found, "gives 500 at once" in err) == (code, True), err
    assert (tmp_path / "all.nt").exists() == (not code)
    if not code:
        assert sorted((tmp_path / "all.nt").read_text().splitlines()) == own(samples)
    else:
        assert f"the server has {len(own(samples)):,} triples and gives" in err


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("name", ["Portugal", "estamos_on_portal.md"])
def test_what_lies_around_a_thing_is_drawn_as_from_the_whole(server: Server, samples: Graph, name: str, depth: int) -> None:
    there, whole = endpoint.endpoint(server.address), samples.networkx()
    start = samples.find(name)
    things = fetched.around(there, start, depth, told=nothing)
    steps: set[str] = {start}
    for _ in range(depth):
        steps |= {end for each in steps for end in (*whole.successors(each), *whole.predecessors(each))}
    with fetched.part(there, samples.names, things) as graph:
        near = graph.networkx()
    assert steps <= set(near)
    assert {(*edge, told["evidence"]) for *edge, told in near.edges(data=True) if {*edge} <= steps} == {
        (*edge, told["evidence"]) for *edge, told in whole.edges(data=True) if {*edge} <= steps
    }
    assert {each: near.nodes[each] for each in steps} == {each: whole.nodes[each] for each in steps}


def test_what_is_too_much_is_chosen_by_what_most_joins_and_told(server: Server, samples: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetched, "AROUND", 4)
    told: list[str] = []
    whole = samples.networkx()
    start = samples.find("Portugal")
    near = fetched.around(endpoint.endpoint(server.address), start, 2, told=told.append)
    assert told == ["more than 4 things lie within 1 step; the page has those of them that most joins"]
    others = {end for end in (*whole.successors(start), *whole.predecessors(start)) if end not in near}
    assert min(whole.degree(each) for each in near if each in whole) >= max(whole.degree(each) for each in others) - 2  # theme and page count apart


def test_a_theme_and_its_page_come_together(server: Server, samples: Graph) -> None:
    there, pages = endpoint.endpoint(server.address), samples.networkx().graph["pages"]
    for theme, page in pages.items():
        assert {theme, page} <= set(fetched.around(there, theme, 1, told=nothing)) & set(fetched.around(there, page, 1, told=nothing))
    assert pages


def test_a_page_is_written_of_a_server(server: Server, samples: Graph, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    code, err = kg("view", "--endpoint", server.address, "--focus", "portugal", "--depth", "1", "-o", page, "--no-compress")
    assert (code, err) == (0, f"wrote {page} ({page.stat().st_size:,} bytes)\n")
    found = carried(page)
    assert found["nodes"]["label"][found["focus"]] == "Portugal"
    assert found["title"] == server.address.removeprefix("http://")
    assert found["links"] == {"notes": ""}  # a server has no files
    assert len(found["nodes"]["label"]) < len(samples.networkx())
    code, _ = kg("view", "--endpoint", server.address, "-o", page, "--no-compress", "--links", "https://notes.example.org", "--title", "All")
    found = carried(page)
    assert (code, found["title"], found["links"]) == (0, "All", {"notes": "https://notes.example.org/{stem}"})
    assert set(found["nodes"]["label"]) == {told["label"] for _, told in samples.networkx().nodes(data=True)}


def test_a_page_of_what_a_query_gives_there(server: Server, samples: Graph, tmp_path: Path) -> None:
    query = "CONSTRUCT { ?a :linksTo ?b } WHERE { ?a :linksTo ?b . ?a :mentions country:PT }"
    for name, place in (("there", ["--endpoint", server.address]), ("here", ["-g", str(samples.generation.folder.parent)])):
        assert kg("view", *place, "--query", query, "-o", tmp_path / name, "--no-compress", "--links", "none", "--title", "T")[0] == 0
    there, here = carried(tmp_path / "there"), carried(tmp_path / "here")
    assert sorted(there["nodes"]["label"]) == sorted(here["nodes"]["label"])
    assert len(there["edges"]["of"] if "of" in there["edges"] else there["edges"]["start"]) > 0
    assert sorted(there["texts"]) == sorted(here["texts"])


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--focus", "Portugall"], 2, "nothing in the graph is called 'Portugall'\n  hint: did you mean 'Portugal'?"),
        (["--query", "SELECT ?s { ?s ?p ?o }"], 2, "this query gives none"),
        (["--query", "CONSTRUCT { ?s a :Note } WHERE { ?s :mentions country:AQ }"], 1, "the query gives nothing to draw"),
        (["--query", "CONSTRUCT { ?s :p ?o } WHERE { ?s :p ?o"], 1, "^"),
        (["--query", "CONSTRUCT { ?s :p ?o } WHERE { ?s :p ?o FILTER(:rank(?s) > 1) }"], 1, "a function of kg's own engine"),
        (["--suggested"], 2, "--suggested and --endpoint do not go together"),
        (["--links", "file"], 2, "A server has no files to link to"),
        (["--type", "spaceship"], 2, "unknown kind 'spaceship'"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_what_cannot_be_drawn_is_told(server: Server, tmp_path: Path, arguments: list[str], code: int, words: str) -> None:
    found, err = kg("view", "--endpoint", server.address, *arguments, "-o", tmp_path / "page.html")
    assert (found, words in err) == (code, True), err
    assert not (tmp_path / "page.html").exists()


def test_a_server_with_nothing(tmp_path: Path) -> None:
    with serving(tmp_path / "server") as found:
        code, err = kg("view", "--endpoint", found.address, "-o", tmp_path / "page.html")
    assert (code, "there is nothing to draw" in err, "kg push" in err) == (1, True, True)


def test_a_server_that_takes_too_long_is_told(tmp_path: Path) -> None:
    import time

    def slow(request: BaseHTTPRequestHandler) -> tuple[int, str, bytes]:
        del request
        asked.append(time.monotonic())
        if len(asked) > 1:  # after the question for the base
            time.sleep(3)
        return 200, "application/sparql-results+json", b'{"head": {"vars": []}, "results": {"bindings": []}}'

    asked: list[float] = []
    with answering(slow) as address:
        code, err = kg("view", "--endpoint", f"{address}/notes", "--timeout", "1", "-o", tmp_path / "page.html")
    assert (code, "no answer: timed out" in err) == (1, True)


def test_two_answers_that_name_two_nodes_alike_do_not_make_one_of_them(tmp_path: Path) -> None:
    """A server names blank nodes anew in every answer."""

    def answer(request: BaseHTTPRequestHandler) -> tuple[int, str, bytes]:
        del request
        asked.append("")
        return 200, "application/n-triples", f'<urn:a{len(asked)}> <urn:p> _:b1 .\n_:b1 <urn:q> "{len(asked)}" .\n'.encode()

    asked: list[str] = []
    from kg.names import Names

    with answering(answer) as address, fetched.part(endpoint.endpoint(f"{address}/notes"), Names(), ["urn:a1"]) as graph:
        answered = graph.query("SELECT ?x ?q { ?x <urn:p> [ <urn:q> ?q ] } ORDER BY ?x")
        assert [(row.x, row.q) for row in answered] == [("urn:a1", "1"), ("urn:a2", "2")]
