"""``kg serve`` keeps answering: whatever a query costs, whatever happens to the graph, to a worker, to a client."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg import build
from serving import ROOT, Served

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
COUNT = "SELECT (COUNT(?n) AS ?notes) { ?n a :Note }"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("held")
    build(ROOT / "notes", folder)
    return folder


@pytest.fixture(scope="module")
def served(graph: Path) -> Iterator[Served]:
    running = Served(graph, "--timeout", "2", "--max-rows", "50")
    yield running
    assert "Traceback" not in running.stop()


def notes(served: Served) -> int:
    said = served.query(COUNT)
    assert said.status == 200, said.text
    return int(json.loads(said.body)["results"]["bindings"][0]["notes"]["value"])


# -- time, rows, bytes -----------------------------------------------------------------------------------


def test_an_endless_query_ends_in_time_and_in_words(served: Served) -> None:
    began = time.monotonic()
    said = served.query(ENDLESS, "text/plain")
    assert (said.status, said.text) == (503, "no answer within 2 seconds\nhint: ask for less, or start the server with a larger --timeout\n")
    assert time.monotonic() - began < 20


def test_a_client_may_ask_to_wait_for_less(served: Served) -> None:
    assert served.query(ENDLESS, "text/plain", timeout="0.3").text.startswith("no answer within 0.3 seconds")


def test_many_endless_queries_stop_nobody(served: Served) -> None:
    with ThreadPoolExecutor(12) as threads:
        endless = [threads.submit(served.query, ENDLESS, "text/plain") for _ in range(12)]
        time.sleep(0.3)
        assert notes(served) > 0
        assert not any(each.done() for each in endless)  # it came while they were at it
        assert {each.result().status for each in endless} == {503}
    assert notes(served) > 0
    assert 'kg_queries_killed_total{reason="time"}' in served.ask("/metrics").text


def test_a_query_goes_when_its_client_goes(served: Served) -> None:
    request = f"GET /sparql?timeout=2&query={ENDLESS.replace(' ', '%20').replace('?', '%3F')} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port)) as connection:
        connection.sendall(request.encode())
        _until(served, 'kg_workers{state="long"} 1')
    _until(served, 'kg_workers{state="long"} 0')
    _until(served, 'kg_requests_total{page="sparql",status="499"} 1\n')


def _until(served: Served, line: str) -> None:
    end = time.monotonic() + 20
    while line not in served.ask("/metrics").text:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_rows_are_cut_and_it_shows(served: Served) -> None:
    text = "SELECT * { ?s ?p ?o }"
    for media in ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/html", "text/plain"):
        said = served.query(text, media)
        assert (said.status, said.headers["kg-truncated"]) == (200, "only the first 50 rows")
        if media != "text/csv":
            assert b"truncated" in said.body or b"only the first 50 rows" in said.body
    assert json.loads(served.query(text).body)["truncated"] is True
    assert len(json.loads(served.query(text).body)["results"]["bindings"]) == 50
    assert served.query("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle").text.endswith("# only the first 50 rows\n")
    exact = served.query("SELECT * { ?s ?p ?o } LIMIT 50")
    assert exact.headers["kg-truncated"] is None


def test_bytes_are_cut_and_it_shows(graph: Path) -> None:
    served = Served(graph, "--max-rows", "0", "--timeout", "30")
    try:
        long = "BIND(CONCAT(" + ", ".join(["'0123456789'"] * 90) + ") AS ?t)"
        for media in ("text/csv", "application/sparql-results+json", "text/turtle"):
            head = "CONSTRUCT { ?s ?p ?u }" if media == "text/turtle" else "SELECT ?u"
            said = served.query(f"{head} {{ ?s ?p ?o . ?a ?b ?c {long} BIND(CONCAT(?t, STR(?s), STR(?c)) AS ?u) }}", media)
            assert (said.status, said.headers["kg-truncated"]) == (200, "only the first 8 MB")
            assert len(said.body) < 12_000_000
            if media.endswith("json"):
                assert json.loads(said.body)["truncated"] is True
    finally:
        served.stop()


# -- workers -----------------------------------------------------------------------------------------------


def test_workers_that_are_killed_are_replaced(served: Served) -> None:
    assert notes(served) > 0
    for pid in served.processes():
        os.kill(pid, signal.SIGKILL)
    _until(served, 'kg_workers{state="idle"}')
    statuses = {served.query(COUNT).status for _ in range(20)}
    assert statuses <= {200, 400}  # one may have been sent to a worker that was dying
    assert notes(served) > 0


def test_the_nursery_is_replaced_when_it_is_killed(served: Served) -> None:
    from serving import _children

    (nursery,) = _children(served.process.pid)
    os.kill(nursery, signal.SIGKILL)
    assert notes(served) > 0
    assert served.query(ENDLESS, "text/plain").status == 503
    assert notes(served) > 0


def test_workers_are_fenced_in(served: Served) -> None:
    assert notes(served) > 0
    for pid in served.processes():
        assert "Seccomp:\t2\n" in Path(f"/proc/{pid}/status").read_text()  # no sockets, no programs
        bounds = {line[:26].strip(): line[26:].split()[0] for line in Path(f"/proc/{pid}/limits").read_text().splitlines()}
        assert (bounds["Max file size"], bounds["Max core file size"]) == ("0", "0")
        assert int(bounds["Max address space"]) < 8 * 1024**3


def test_a_service_that_gets_past_the_guard_still_reaches_nothing(tmp_path: Path) -> None:
    code = """
import socket, sys
from kg.serve import fence
assert fence.close()
for attempt in (lambda: socket.socket(), lambda: __import__('os').execv('/bin/true', ['true'])):
    try:
        attempt()
    except PermissionError:
        continue
    sys.exit('it could')
from pyoxigraph import Store
try:
    print(list(Store().query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")))
except OSError as error:
    print("refused")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "refused\n", "")


def test_nothing_is_left_when_the_server_is_killed(graph: Path) -> None:
    served = Served(graph)
    assert notes(served) > 0
    left = served.processes()
    assert left
    served.process.kill()
    served.process.communicate()
    end = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in left):
        assert time.monotonic() < end
        time.sleep(0.1)


# -- the graph -----------------------------------------------------------------------------------------------


def test_a_new_generation_is_picked_up_without_a_dropped_request(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    (vault / "one.md").write_text("# One\n\nIn Ghana.\n")
    build(vault)
    served = Served(vault)
    statuses: list[int] = []
    counts: list[int] = []
    over = threading.Event()

    def keep_asking() -> None:
        while not over.is_set():
            said = served.query(COUNT)
            statuses.append(said.status)
            counts.append(int(json.loads(said.body)["results"]["bindings"][0]["notes"]["value"]))

    threads = [threading.Thread(target=keep_asking) for _ in range(4)]
    try:
        for each in threads:
            each.start()
        for number in range(2, 5):
            (vault / f"note {number}.md").write_text(f"# {number}\n\nIn Togo.\n")
            build(vault)
            end = time.monotonic() + 20
            while notes(served) != number and time.monotonic() < end:
                time.sleep(0.05)
        assert notes(served) == 4
    finally:
        over.set()
        for each in threads:
            each.join()
        served.stop()
    assert set(statuses) == {200}
    assert set(counts) <= {1, 2, 3, 4}


def test_a_graph_that_is_removed_is_a_clean_503_and_comes_back(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    (vault / "one.md").write_text("# One\n")
    build(vault)
    served = Served(vault)
    try:
        assert notes(served) == 1
        shutil.rmtree(vault / ".kg")
        assert "no graph here yet" in served.until(503).text
        said = served.query(COUNT)
        assert (said.status, said.headers["retry-after"]) == (503, "2")
        (vault / "two.md").write_text("# Two\n")
        build(vault)
        served.until(200)
        assert notes(served) == 2
        (vault / ".kg" / "CURRENT").write_text("nonsense\n")
        assert "not complete" in served.until(503).text
    finally:
        assert "Traceback" not in served.stop()


def test_a_graph_that_is_damaged_is_a_clean_503(tmp_path: Path, graph: Path) -> None:
    shutil.copytree(graph, tmp_path / "g")
    served = Served(tmp_path / "g")
    try:
        generation = next((tmp_path / "g").glob("gen-*"))
        for each in (generation / "graph").iterdir():
            each.write_bytes(b"")
        (generation / "manifest.json").write_text((generation / "manifest.json").read_text())  # another one, by its date
        end = time.monotonic() + 20
        while (said := served.query(COUNT)).status != 503:
            assert time.monotonic() < end
            time.sleep(0.1)
        assert said.text.startswith("{")  # a worker that waits for such a store is ended by its deadline, if it does not find out before
    finally:
        assert "Traceback" not in served.stop()


# -- starting and stopping -------------------------------------------------------------------------------------


def test_sigterm_lets_requests_end(graph: Path) -> None:
    served = Served(graph, "--timeout", "2")
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(served.query, ENDLESS, "text/plain")
        _until(served, 'kg_workers{state="long"} 1')
        assert "Traceback" not in served.stop()
        assert running.result().text.startswith("no answer within 2 seconds")
    assert served.process.returncode == 0


def test_ctrl_c_ends_it(graph: Path) -> None:
    served = Served(graph)
    assert served.stop(signal.SIGINT).strip() == "interrupted"
    assert served.process.returncode == 130


def _failing(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        env={**os.environ, "NO_COLOR": "1"},
    )
    return done.returncode, done.stderr


def test_a_port_in_use_is_told(graph: Path, served: Served) -> None:
    code, told = _failing("-g", str(graph), "serve", "--port", str(served.port))
    assert (code, told) == (
        1,
        f"error: port {served.port} of 127.0.0.1 cannot be had: address already in use\n  hint: choose another with --port, or let 0 choose one\n",
    )


def test_no_graph_is_told(tmp_path: Path) -> None:
    code, told = _failing("-g", str(tmp_path), "serve", "--port", "0")
    assert (code, told) == (1, f"error: {tmp_path}: no graph here yet\n  hint: make one with: kg build NOTES\n")


@pytest.mark.parametrize(
    ("option", "value"),
    [("--cors", "*"), ("--cors", "https://a.example/"), ("--cors", "null"), ("--allow-service", "a.example"), ("--allow-service", "file:///")],
)
def test_what_would_let_everybody_in_is_refused(graph: Path, option: str, value: str) -> None:
    code, told = _failing("-g", str(graph), "serve", "--port", "0", option, value)
    assert code == 2
    assert f"error: {value!r} is no" in told


# -- connections -----------------------------------------------------------------------------------------------


def test_who_trickles_is_cut(served: Served) -> None:
    body = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 1000\r\n\r\nASK"
    began = time.monotonic()
    with ThreadPoolExecutor(1) as beside, socket.create_connection(("127.0.0.1", served.port), timeout=1) as connection:
        other = beside.submit(served.raw, body, 30)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        said = b""
        while not said and time.monotonic() - began < 30:
            try:
                connection.sendall(b"X: y\r\n")
                said = connection.recv(1000)
            except TimeoutError:
                continue
        assert said.startswith(b"HTTP/1.1 408")
        assert other.result().startswith(b"HTTP/1.1 408")


def test_several_requests_on_one_connection(served: Served) -> None:
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert served.raw(one * 5 + last).count(b"200 OK") == 6
