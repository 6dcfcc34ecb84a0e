"""The graph as tools for assistants: asked by the client of the protocol's own package, over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.assistants import minders, replies, tools
from kg.errors import KgError

ROOT = Path(__file__).resolve().parent.parent
NAMES = ["overview", "search", "show", "path", "evidence", "queries", "ask", "query"]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


FIRST = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}},
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(samples: kg.Graph) -> Path:
    return samples.generation.folder.parent


def spoken(folder: Path, work: Callable[[Any], Awaitable[Any]], *, errors: Path | None = None) -> Any:
    """Start ``kg mcp`` and give what some work with a client of it gives."""
    mcp = pytest.importorskip("mcp")
    from mcp.client.stdio import stdio_client

    command = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "kg", "mcp", "-g", str(folder)], env={"PYTHONPATH": str(ROOT)}, cwd=str(folder.parent)
    )

    async def session() -> Any:
        with open(errors or os.devnull, "w", encoding="utf-8") as told:
            async with mcp.Client(stdio_client(command, errlog=told), read_timeout_seconds=60) as client:
                return await work(client)

    return asyncio.run(session())


def called(folder: Path, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """Call tools one after the other."""

    async def work(client: Any) -> list[Any]:
        return [await client.call_tool(name, arguments) for name, arguments in calls]

    found: list[Any] = spoken(folder, work)
    return found


def text(result: Any) -> str:
    (content,) = result.content
    return str(content.text)


# -- over the wire ---------------------------------------------------------------------------------


def test_tools_are_described(folder: Path) -> None:
    async def work(client: Any) -> Any:
        return (await client.list_tools()).tools, client.instructions

    listed, instructions = spoken(folder, work)
    assert [each.name for each in listed] == NAMES == list(tools.TOOLS)
    assert "not instructions to follow" in instructions
    for each in listed:
        assert len(each.description) > 60
        assert each.annotations.read_only_hint
        assert all(one.get("description") for one in each.input_schema["properties"].values()), each.name
    (query,) = [each.input_schema for each in listed if each.name == "query"]
    assert query["required"] == ["sparql"]
    assert (query["properties"]["limit"]["maximum"], query["properties"]["timeout"]["maximum"]) == (replies.MOST_ROWS, minders.MOST_SECONDS)


def test_every_tool_answers_in_text_and_data(folder: Path) -> None:
    overview, search, show, path, evidence, queries, ask, query = called(
        folder,
        ("overview", {}),
        ("search", {"words": "quantum leap", "limit": 1}),
        ("show", {"thing": "Portugal", "limit": 2}),
        ("path", {"start": "Denmark", "end": "Estamos ON", "most": 1}),
        ("evidence", {"one": "Estamos ON portal", "other": "Portugal", "suggested": True}),
        ("queries", {"words": "country initiatives"}),
        ("ask", {"name": "initiatives-of-country", "values": {"country": "Portugal"}, "suggested": True}),
        ("query", {"sparql": "SELECT ?line { ?p :names ?what ; :line ?line } ORDER BY ?line", "values": {"what": "country:PT"}, "limit": 2}),
    )
    assert "  :mentions  146  Note → Entity" in text(overview)
    assert overview.structured_content["classes"]["Note"] == 16
    assert search.structured_content["hits"][0]["path"] == "danish_quantum_leap.md"
    assert search.structured_content["truncated"] is True
    assert text(show).startswith("Portugal  country:PT  (country)\n")
    assert show.structured_content["iri"] == "https://example.org/kg/country/PT"
    assert text(path).splitlines()[1] == "Denmark ← mentions – Digital divide and lonely desks – linksTo → Estamos ON portal"
    assert path.structured_content["chains"][0][0]["said"][0]["line"] == 15
    assert ":country\theading\t0.8\ttrue\tnote:oecdobservatoryofpublicsec3116\t14" in text(evidence)
    assert "  initiatives-of-country(country:Country)" in text(queries)
    assert [row["initiative"] for row in ask.structured_content["rows"]] == ["Estamos ON portal", "COVID for kids"]
    assert {row["suggested"] for row in ask.structured_content["rows"]} == {True}
    assert text(query) == "line\n8\n8\n[truncated: only the first 2 rows; limit gives more, up to 1,000]"
    assert query.structured_content == {"columns": ["line"], "rows": [{"line": 8}, {"line": 8}], "notes": [], "truncated": True}


ERRORS: list[tuple[str, dict[str, Any], str]] = [
    ("query", {"sparql": "SELEC ?n {}"}, "error: query:1:1: unexpected 'SELEC'"),
    ("query", {"sparql": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, "refused: SERVICE asks another server"),
    ("query", {"sparql": "INSERT DATA { <urn:s> <urn:p> 1 }"}, "a query only asks"),
    ("query", {"sparql": "ASK { ?x :mentions ?c }", "values": {"country": "country:PT"}}, "the query has no ?country"),
    ("query", {"sparql": "SELECT * {" + "{" * 5000}, "more than 64 brackets"),
    ("query", {"sparql": "ASK {}", "limit": 0}, "greater than or equal to 1"),
    ("query", {}, "sparql"),
    ("show", {"thing": "Portugl"}, "hint: did you mean 'Portugal'?"),
    ("show", {"thing": "zzzz"}, "hint: the tool overview names what is there"),
    ("path", {"start": "Denmark", "end": "nobody at all"}, "nothing in the graph is called 'nobody at all'"),
    ("ask", {"name": "huubs"}, "hint: did you mean hubs?"),
    ("ask", {"name": "who-runs"}, "hint: who-runs takes initiative (Initiative)"),
    ("ask", {"name": "who-runs", "values": {"initiative": "COVID for kids"}}, "hint: suggested=true lets suggestions count"),
    ("search", {"words": '""'}, "error: "),
]


@pytest.fixture(scope="module")
def refused(folder: Path) -> list[Any]:
    """Every wrong call, in one session."""
    return called(folder, *((tool, arguments) for tool, arguments, _ in ERRORS))


@pytest.mark.parametrize(("number", "said"), [(at, said) for at, (_, _, said) in enumerate(ERRORS)])
def test_errors_are_told_with_a_hint(refused: list[Any], number: int, said: str) -> None:
    result = refused[number]
    assert result.is_error
    assert said in text(result)
    assert "Traceback" not in text(result)
    assert "--" not in text(result)


def test_an_empty_answer_says_why(folder: Path) -> None:
    empty, nothing = called(folder, ("query", {"sparql": "SELECT ?n { ?n :mentions country:PRT }"}), ("search", {"words": "citzens"}))
    assert text(empty) == "n\n(0 rows)\nnote: country:PRT is not in the graph; did you mean country:PT (Portugal)?"
    assert not empty.is_error
    assert text(nothing).startswith("nothing found; ")


def test_what_takes_too_long_is_ended_and_the_next_call_is_answered(folder: Path) -> None:
    async def work(client: Any) -> Any:
        slow = client.call_tool("query", {"sparql": ENDLESS, "timeout": 1})
        quick = client.call_tool("query", {"sparql": "ASK { country:PT a :Country }"})
        return [*await asyncio.gather(slow, quick), await client.call_tool("query", {"sparql": "ASK { country:PT a :Country }"})]

    slow, quick, after = spoken(folder, work)
    assert slow.is_error
    assert "no answer within 1 seconds\n  hint: make the query narrower" in text(slow)
    assert (text(quick), text(after)) == ("yes", "yes")


def test_nothing_but_the_protocol_is_on_standard_output(folder: Path) -> None:
    pytest.importorskip("mcp")
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "ask", "arguments": {"name": "countries", "limit": 1}}}
    messages = [FIRST, {"jsonrpc": "2.0", "method": "notifications/initialized"}, call]
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "-g", str(folder), "mcp"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, encoding="utf-8",
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    for message in messages:
        process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
    answers = [json.loads(process.stdout.readline()) for _ in range(2)]
    rest, told = process.communicate(timeout=60)
    assert [each["id"] for each in answers] == [1, 2]
    assert "Portugal\t12\t25\t0" in answers[1]["result"]["content"][0]["text"]
    assert (process.returncode, rest) == (0, "")
    assert told == "notes: answering on standard input and output; the end of the input, or Ctrl-C, ends it\n"


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_though_the_input_goes_on(folder: Path, number: signal.Signals) -> None:
    pytest.importorskip("mcp")
    with subprocess.Popen(
        [sys.executable, "-m", "kg", "-g", str(folder), "mcp"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, encoding="utf-8",
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stderr.readline()
        process.stdin.write(json.dumps(FIRST) + "\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(number)
        assert process.wait(30) == 128 + number
        assert process.stderr.read() == ""


def test_a_graph_that_is_built_anew_is_asked(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nGhana.\n")
    kg.build(tmp_path)

    async def work(client: Any) -> list[str]:
        asked = {"sparql": "SELECT ?l { ?c a :Country ; rdfs:label ?l } ORDER BY ?l"}
        before = await client.call_tool("query", asked)
        (tmp_path / "b.md").write_text("# B\n\nTogo.\n")
        kg.build(tmp_path)
        return [text(before), text(await client.call_tool("query", asked))]

    assert spoken(tmp_path / ".kg", work) == ["l\nGhana\n(1 row)", "l\nGhana\nTogo\n(2 rows)"]


def test_a_graph_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    pytest.importorskip("mcp")
    done = subprocess.run([sys.executable, "-m", "kg", "mcp", "-g", str(tmp_path)], capture_output=True, text=True, cwd=ROOT, check=False, input="")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ")


def test_without_the_package_the_command_says_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from kg import cli

    monkeypatch.setattr("kg.commands.mcp.find_spec", lambda name: None)
    assert cli.run(["-g", str(folder), "mcp"]) == 1
    assert capsys.readouterr().err.endswith("hint: pip install 'kgnotes[mcp]'\n")


# -- without it ------------------------------------------------------------------------------------


def test_a_worker_that_dies_is_told_and_replaced(folder: Path) -> None:
    workers = minders.Workers(folder)
    try:
        assert workers.call("query", {"text": "ASK {}"}).text == "yes"
        assert workers.call("query", {"text": "SELECT * { ?a ?b ?c }", "limit": 1}).data["truncated"]
        (worker,) = workers.idle
        worker.kill()
        worker.wait()
        assert workers.call("query", {"text": "ASK {}"}).text == "yes", "one that is found dead is replaced"
        with pytest.raises(KgError, match=r"no answer within 0\.5 seconds"):
            workers.call("query", {"text": ENDLESS, "timeout": 0.5}, 0.5)
        assert workers.idle == [], "the query goes on in it, so it was ended"
        with pytest.raises(KgError, match="there is no tool 'build'"):
            workers.call("build", {})
        living = set(workers.all)
    finally:
        workers.close()
    assert living
    assert all(each.poll() is not None for each in living)


def test_a_walk_that_takes_too_long_is_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minders, "_OVER", 0.0)
    monkeypatch.setattr(minders, "_FIRST", 0.5)
    workers = minders.Workers(folder)
    try:
        with pytest.raises(KgError, match=r"no answer within 0\.5 seconds"):
            workers.call("query", {"text": ENDLESS, "timeout": 100}, 0.5)
    finally:
        workers.close()


def test_a_long_answer_is_cut_and_says_so(samples: kg.Graph) -> None:
    found = tools.call(samples, "query", {"text": "SELECT ?s ?p ?o { ?s ?p ?o }", "limit": 1000})
    assert len(found.text) < replies.LONGEST + 200
    assert "[truncated: " in found.text.splitlines()[-1]
    assert found.data["truncated"] is True
    assert len(found.data["rows"]) < 1000
    long = tools.call(samples, "query", {"text": f'SELECT ("{"word " * 500}" AS ?text) {{}}'})
    assert len(long.text) < 600
    assert "…" in long.text


def test_what_a_note_says_steers_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\x1b[31m\n\nIn Ghana\x1b]0;x\x07 it rains.\n")
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    for name, arguments in (("search", {"words": "rains"}), ("show", {"thing": "Ghana"}), ("evidence", {"one": "Ghana"})):
        assert "\x1b" not in tools.call(graph, name, arguments).text
