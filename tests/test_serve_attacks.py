"""What a hostile client, page or note may try on ``kg serve``, and what comes of it: nothing."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from kg import build
from serving import Served

DIRECT = "application/sparql-query"


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attacked")
    (folder / "secret.txt").write_text("the secret beside the notes")
    notes = folder / "notes"
    notes.mkdir()
    (notes / "aid.md").write_text("# Aid\n\nNurses came from Ghana to [[Kerela <b>]].\n")
    build(notes, folder / "graph")
    return folder


@pytest.fixture(scope="module")
def served(vault: Path) -> Iterator[Served]:
    running = Served(vault / "graph", "--timeout", "3")
    yield running
    assert "Traceback" not in running.stop()


def alive(served: Served) -> None:
    said = served.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert (said.status, said.media) == (200, "application/sparql-results+json")


# -- queries that crash the engine -------------------------------------------------------------------

DEEP = {
    "brackets": "SELECT * { FILTER(" + "(" * 20000 + "1" + ")" * 20000 + ") }",
    "braces": "SELECT * " + "{" * 5000 + "}" * 5000,
    "negations": "SELECT * { FILTER(" + "!" * 10000 + "1) }",
    "sums": "SELECT (1" + "+1" * 10000 + " AS ?x) {}",
    "alternatives": "ASK { FILTER(1" + "||1" * 10000 + ") }",
    "exists": "SELECT * { " + "FILTER EXISTS { " * 1000 + "}" * 1000 + " }",
    "queries in queries": "SELECT * { " + "{ SELECT * { " * 2000 + "} }" * 2000 + " }",
    "paths": "SELECT * { ?s " + "(" * 20000 + ":a" + ")" * 20000 + " ?o }",
    "lists": "SELECT * { ?s ?p " + "(" * 300 + "1" + ")" * 300 + " }",
    "blank nodes": "SELECT * { ?s ?p " + "[ ?p " * 300 + "1" + "]" * 300 + " }",
    "unions": "SELECT * { {}" + " UNION {}" * 5000 + " }",
    "sequences": "SELECT * { ?s :a" + "/:a" * 5000 + " ?o }",
    "triple terms": "SELECT * { " + "<<( ?s ?p " * 500 + "?o" + " )>>" * 500 + " ?q ?r }",
}


@pytest.mark.parametrize("name", DEEP)
def test_a_query_that_is_too_deep_is_refused(served: Served, name: str) -> None:
    before = set(served.processes())
    said = served.ask("/sparql", "POST", DEEP[name], Content_Type=DIRECT)
    assert (said.status, said.media) == (400, "text/plain"), said.text[:200]
    assert before == set(served.processes())  # it was not let near the engine
    alive(served)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?z { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l BIND(RAND() AS ?z) } ORDER BY ?z",
        "SELECT (STRLEN(?z) AS ?n) { BIND('0123456789' AS ?a0) " + " ".join(f"BIND(CONCAT(?a{at}, ?a{at}) AS ?a{at + 1})" for at in range(40)) + " BIND(?a40 AS ?z) }",
    ],
    ids=["a sorted product", "a text that doubles"],
)  # fmt: skip
def test_a_query_that_wants_all_memory_ends_alone(served: Served, text: str) -> None:
    said = served.query(text, "text/plain")
    assert said.status in (400, 503)
    assert said.text.strip()
    alive(served)


# -- queries that would call out -----------------------------------------------------------------------


@pytest.fixture
def canary() -> Iterator[tuple[int, list[bytes]]]:
    heard: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            heard.append(connection.recv(1000))
            connection.close()

    threading.Thread(target=listen, daemon=True).start()
    yield listening.getsockname()[1], heard
    listening.close()


SERVICES = (
    "SELECT * { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "SELECT * { service silent<http://127.0.0.1:PORT/>{ ?s ?p ?o } }",
    "SELECT * { SERVICE<http://127.0.0.1:PORT/>{ ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://127.0.0.1:PORT/>{ ?s ?p ?o } }",
    "SELECT * { SERVICE#\n<http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "PREFIX x: <http://127.0.0.1:PORT/> SELECT * { SERVICE x: { ?s ?p ?o } }",
    "PREFIX x: <http://127.0.0.1:PORT/> SELECT * { SERVICEx: { ?s ?p ?o } }",
    "PREFIX SERVICEx: <urn:> PREFIX x: <http://127.0.0.1:PORT/> SELECT * { SERVICEx:a { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "SELECT * { BIND(<http://127.0.0.1:PORT/> AS ?g) SERVICE ?g { ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } } } }",
    "LOAD <http://127.0.0.1:PORT/>",
)


@pytest.mark.parametrize("text", SERVICES)
def test_no_query_asks_another_server(served: Served, canary: tuple[int, list[bytes]], text: str) -> None:
    port, heard = canary
    assert served.query(text.replace("PORT", str(port)), "text/plain").status == 400
    assert heard == []


@pytest.mark.parametrize("iri", ["file:///etc/passwd", "http://127.0.0.1:PORT/"])
def test_from_reads_nothing(served: Served, canary: tuple[int, list[bytes]], iri: str) -> None:
    port, heard = canary
    address = iri.replace("PORT", str(port))
    for said in (served.query(f"SELECT * FROM <{address}> {{ ?s ?p ?o }}"), served.query("SELECT * { ?s ?p ?o }", default_graph_uri=address)):
        assert said.status == 200
    said = served.ask("/sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": address}))
    assert json.loads(said.body)["results"]["bindings"] == []
    assert heard == []


def test_a_server_that_is_allowed_is_asked_and_no_other(vault: Path, canary: tuple[int, list[bytes]]) -> None:
    port, heard = canary
    served = Served(vault / "graph", "--allow-service", f"http://127.0.0.1:{port}/sparql", "--timeout", "5")
    try:
        for address in (
            f"http://127.0.0.1:{port}/other",
            f"http://127.0.0.1:{port}/sparql/../other",
            f"http://127.0.0.1:{port}/sparql/%2e%2E/other",
            f"http://127.0.0.1:{port}@127.0.0.2/sparql",
            f"http://localhost:{port}/sparql",
        ):
            assert served.query(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", "text/plain").status == 400
        for text in (*SERVICES[6:9], SERVICES[10]):
            assert served.query(text.replace("PORT", str(port)), "text/plain").status == 400
        assert heard == []
        served.query(f"SELECT * {{ SERVICE SILENT <http://127.0.0.1:{port}/sparql> {{ ?s ?p ?o }} }}")
        assert len(heard) == 1
        assert heard[0].split(b" ")[1].startswith(b"/sparql")
    finally:
        served.stop()


# -- files -----------------------------------------------------------------------------------------------

PATHS = (
    "/../secret.txt", "/note/../../secret.txt", "/note/%2e%2e/%2e%2e/secret.txt", "/note/..%2f..%2fsecret.txt", "/assets/../limits.py",
    "/assets/..%2flimits.py", "/assets/%2e%2e/limits.py", "/assets//etc/passwd", "//etc/passwd", "/note/..%5c..%5csecret.txt", "/note/aid.md/../../secret.txt",
    "/about?iri=file:///etc/passwd", "/note/%00", "/note/aid%00.md", "/assets/serve.css/..",
    "/%2e%2e/%2e%2e/etc/passwd", "/static/../../../etc/passwd", "/view/../secret.txt", "/.kg/manifest.json", "/CURRENT", "/notes/aid.md",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out(served: Served, path: str) -> None:
    said = served.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.split(b" ")[1] in (b"404", b"400"), said[:300]
    assert b"secret" not in body
    assert b"root:" not in body


# -- other sites -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "localhost:80abc",
        'localhost:"><b>',
        "localhost:1 2",
        "l\xf6calhost",
        "localhost.",
        "[::1]]",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:80",
        "",
        "localhost@evil",
        "[::2]",
        "0.0.0.0",
    ],
)
def test_a_foreign_host_is_refused(served: Served, host: str) -> None:
    said = served.raw(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert said.split(b" ")[1] in (b"421", b"400")


def test_a_whole_address_is_a_target_too(served: Served) -> None:
    for target, host, status in (
        ("http://localhost/healthz", "localhost", b"200"),
        ("HTTP://LOCALHOST:80/healthz", "localhost:80", b"200"),
        ("http://localhost/note/%2e%2e/secret.txt", "localhost", b"404"),
        ("http://evil.example/healthz", "evil.example", b"421"),
        ("http://evil.example/healthz", "localhost", b"421"),
        ("http://localhost/healthz", "evil.example", b"421"),
    ):
        said = served.raw(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert said.split(b" ")[1] == status, target


def test_requests_that_follow_each_other_are_answered_in_order(served: Served) -> None:
    paths = ("/healthz", "/nothing", "/country/GH.ttl", "/healthz")
    head = "".join(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n" for path in paths)
    said = served.raw(f"{head}GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert [each.split(b" ")[0] for each in said.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404", b"200", b"200", b"200"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:99"])
def test_this_machine_is_known_by_its_names(served: Served, host: str) -> None:
    assert served.raw(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()).split(b" ")[1] == b"200"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example", "file://", "http://127.0.0.1:1"])
def test_a_foreign_origin_is_refused(served: Served, origin: str) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        said = served.ask("/sparql?query=ASK%20%7B%7D", method, Origin=origin)
        assert said.status == 403
        assert not [name for name in said.headers if name.lower().startswith("access-control")]


def test_its_own_pages_may_ask(served: Served) -> None:
    assert served.ask("/sparql?query=ASK%20%7B%7D", Origin=f"http://127.0.0.1:{served.port}").status == 200


def test_one_site_may_be_let_in(vault: Path) -> None:
    served = Served(vault / "graph", "--cors", "https://app.example")
    try:
        said = served.ask("/sparql?query=ASK%20%7B%7D", Origin="https://app.example")
        assert (said.status, said.headers["access-control-allow-origin"]) == (200, "https://app.example")
        assert said.headers["access-control-allow-credentials"] is None
        assert "Origin" in ", ".join(said.headers.get_all("vary", []))
        before = served.ask("/sparql", "OPTIONS", Origin="https://app.example", Access_Control_Request_Method="POST")
        assert (before.status, before.headers["access-control-allow-methods"]) == (204, "GET, HEAD, POST")
        assert served.ask("/sparql?query=ASK%20%7B%7D", Origin="https://app.example.evil").status == 403
    finally:
        served.stop()


def test_a_token_is_asked_for(vault: Path) -> None:
    served = Served(vault / "graph", "--log", KG_TOKEN="open sesame")
    try:
        right = base64.b64encode(b"anyone:open sesame").decode()
        for given in (
            "",
            "Bearer",
            "Bearer open",
            "Bearer open sesame!",
            "Basic %%%",
            f"Basic {base64.b64encode(b'open sesame').decode()}",
            "open sesame",
        ):
            said = served.ask("/sparql?query=ASK%20%7B%7D", **({"Authorization": given} if given else {}))
            assert (said.status, said.headers["www-authenticate"]) == (401, 'Basic realm="kg"')
        for path in ("/", "/metrics", "/view", "/assets/serve.css", "/nothing"):
            assert served.ask(path).status == 401
        assert served.ask("/healthz").status == 200
        for given in ("Bearer open sesame", f"Basic {right}"):
            assert served.ask("/sparql?query=ASK%20%7B%7D", Authorization=given).status == 200
    finally:
        log = served.stop()
    assert "GET /sparql 200" in log
    assert not [secret for secret in ("sesame", right, "ASK") if secret in log]


# -- requests --------------------------------------------------------------------------------------------


def test_a_huge_body_is_refused(served: Served) -> None:
    assert served.ask("/sparql", "POST", b" " * 2_000_000, Content_Type=DIRECT).status == 413
    said = served.raw(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 99999999999\r\n\r\n", 5)
    assert said.split(b" ")[1] == b"413"
    piece = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(head)
        try:
            for _ in range(100):
                connection.sendall(piece)
            said = connection.recv(1000)
        except OSError:
            said = b"- 413"  # hung up on while it was still sent
    assert said.split(b" ")[1] == b"413"
    alive(served)


def test_a_huge_head_is_refused(served: Served) -> None:
    said = served.raw(b"GET /sparql?query=" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert said.split(b" ")[1] in (b"400", b"431")
    assert served.ask("/sparql?query=" + "a=1&" * 2000).status == 400


@pytest.mark.parametrize(
    "head",
    [
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost : localhost\r\n\r\n",
        "GET /healthz HTTP/1.1\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        "GET /healthz\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nASK {}\r\n0\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nASK {}\r\n0\r\n\r\n",
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n6;" + "a" * 100_000,
        "GET / HTTP/1.1\r\nHost: localhost\r\n" + "X: y\r\n" * 10_000 + "\r\n",
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "1\r\n \r\n" * 100_000,
    ],
)
def test_an_ill_request_is_refused(served: Served, head: str) -> None:
    assert served.raw(head.encode("latin-1")).split(b" ")[1] in (b"400", b"431")


@pytest.mark.parametrize("text", ["a\r\nX-Evil: 1", "a%0d%0aX-Evil:%201", "a\nSet-Cookie: x=1"])
def test_nothing_that_is_asked_becomes_a_header(served: Served, text: str) -> None:
    for path in (f"/sparql?query={quote(text)}", f"/sparql?query=ASK%20%7B%7D&format={quote(text)}", f"/{quote(text)}", f"/search?q={quote(text)}",
                 f"/sparql?query=ASK%20%7B%7D&title={quote(text)}&format=html", f"/about?iri={quote(text)}", f"/queries/{quote(text)}"):  # fmt: skip
        said = served.ask(path)
        assert said.headers["x-evil"] is None
        assert said.headers["set-cookie"] is None


def test_every_answer_has_strict_headers(served: Served) -> None:
    for path in (
        "/",
        "/sparql",
        "/sparql?query=ASK%20%7B%7D",
        "/sparql?query=oops",
        "/nothing",
        "/metrics",
        "/healthz",
        "/assets/serve.css",
        "/note/aid",
    ):
        said = served.ask(path, Accept="text/html")
        policy = said.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert said.headers["x-content-type-options"] == "nosniff"
        assert said.headers["referrer-policy"] == "no-referrer"
        assert said.headers["cross-origin-resource-policy"] == "same-origin"
        assert said.headers["server"] is None


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/%2e%2e",
        "/about?iri=https://evil.example",
        "/sparql/",
        "/search/?next=//evil.example",
        "/note/",
        "/\\evil.example",
    ],
)
def test_nothing_leads_to_another_site(served: Served, path: str) -> None:
    said = served.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode("latin-1"))
    head = said.partition(b"\r\n\r\n")[0].lower()
    assert b"evil.example" not in head
