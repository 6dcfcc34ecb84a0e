"""What a client has it is not sent again: entity tags by generation, 304, HEAD, gzip, files that stay."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import build
from serving import Served

PAGES = (
    "/",
    "/sparql",
    "/country/PT",
    "/note/aid",
    "/search?q=ghana",
    "/queries/",
    "/view",
    "/country/PT.ttl",
    "/.well-known/void",
    "/complete?q=port",
)
ASK = "/sparql?query=SELECT%20%3Fs%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%20500"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "aid.md").write_text("# Aid\n\nNurses came from Ghana to Portugal.\n")
    build(tmp_path, tmp_path / ".kg")
    return tmp_path


@pytest.fixture
def served(vault: Path) -> Iterator[Served]:
    running = Served(vault / ".kg")
    yield running
    assert "Traceback" not in running.stop()


def test_what_a_client_has_is_not_sent_again(served: Served) -> None:
    for path in (*PAGES, ASK):
        first = served.ask(path, Accept="text/html, */*;q=0.5")
        assert first.status == 200, path
        tag = first.headers["etag"]
        assert re.fullmatch(r'W/"[\w-]{32}"', tag), path
        assert first.headers["cache-control"] == "private, no-cache"
        assert "Accept" in first.headers["vary"]
        for method in ("GET", "HEAD"):
            again = served.ask(path, method, Accept="text/html, */*;q=0.5", If_None_Match=f'"other", {tag}')
            assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag), path
            assert again.headers["content-length"] in (None, "0")
            assert "frame-ancestors" in again.headers["content-security-policy"]
        assert served.ask(path, Accept="text/html, */*;q=0.5", If_None_Match='W/"other"').status == 200


def test_forms_of_one_thing_have_tags_of_their_own(served: Served) -> None:
    tags = {served.ask("/country/PT", Accept=media).headers["etag"] for media in ("text/html", "text/turtle", "application/ld+json")}
    assert len(tags) == 3
    assert served.ask("/country/PT", Accept="text/html", If_None_Match=served.ask("/country/PT.ttl").headers["etag"]).status == 200


def test_another_generation_has_other_tags(served: Served, vault: Path) -> None:
    before = {path: served.ask(path, Accept="text/html").headers["etag"] for path in ("/", "/country/PT", ASK)}
    (vault / "more.md").write_text("# More\n\nGhana and Portugal agree.\n")
    build(vault, vault / ".kg")
    end = time.monotonic() + 20
    while served.ask("/", Accept="text/html", If_None_Match=before["/"]).status == 304 and time.monotonic() < end:
        time.sleep(0.1)
    for path, tag in before.items():
        assert served.ask(path, Accept="text/html", If_None_Match=tag).status == 200


def test_a_note_that_was_changed_is_sent_again(served: Served, vault: Path) -> None:
    tag = served.ask("/note/aid", Accept="text/html").headers["etag"]
    (vault / "aid.md").write_text("# Aid\n\nNurses came from elsewhere.\n")
    said = served.ask("/note/aid", Accept="text/html", If_None_Match=tag)
    assert said.status == 200
    assert "from elsewhere" in said.text


def test_what_changes_each_time_is_asked_each_time(served: Served) -> None:
    for text in ("SELECT (RAND() AS ?x) {}", "SELECT (STRUUID() AS ?x) {}"):
        first = served.query(text)
        again = served.query(text)
        assert first.body != again.body
        assert first.headers["etag"] != again.headers["etag"]
    assert served.query("SELECT (1 AS ?x) {}").headers["etag"] == served.query("SELECT (1 AS ?x) {}").headers["etag"]


def test_what_went_wrong_has_no_tag(served: Served) -> None:
    for path in ("/nothing", "/sparql?query=oops"):
        assert served.ask(path).headers["etag"] is None
        assert served.ask(path, If_None_Match="*").status in (400, 404)


def test_a_post_has_no_tag(served: Served) -> None:
    said = served.ask("/sparql", "POST", "ASK {}", Content_Type="application/sparql-query", If_None_Match="*")
    assert (said.status, said.headers["etag"]) == (200, None)


@pytest.mark.parametrize("path", [ASK, "/sparql", "/assets/serve.css"])
def test_long_answers_are_packed_for_those_who_take_it(served: Served, path: str) -> None:
    plain = served.ask(path, Accept="text/html, */*;q=0.5")
    packed = served.ask(path, Accept="text/html, */*;q=0.5", Accept_Encoding="br, gzip;q=0.8")
    assert plain.headers["content-encoding"] is None
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert packed.headers["etag"] == plain.headers["etag"]
    assert served.ask(path, Accept_Encoding="gzip;q=0").headers["content-encoding"] is None


def test_short_answers_are_not_packed(served: Served) -> None:
    assert served.ask("/sparql?query=ASK%20%7B%7D", Accept_Encoding="gzip").headers["content-encoding"] is None


def test_files_stay_by_their_version(served: Served) -> None:
    (address,) = set(re.findall(r'href="(/assets/serve\.css\?v=[\w-]+)"', served.ask("/", Accept="text/html").text))
    said = served.ask(address)
    assert "immutable" in said.headers["cache-control"]
    assert said.headers["content-type"] == "text/css; charset=utf-8"
    assert served.ask("/assets/serve.css").headers["cache-control"] == "private, no-cache"
    assert served.ask(address, If_None_Match=said.headers["etag"]).status == 304
    head = served.ask(address, "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(said.body)))
    assert served.ask("/assets/serve.css?v=other").headers["cache-control"] == "private, no-cache"
    assert served.ask("/assets/nothing.css").status == 404
