"""The pages of ``kg serve``: one for everything in the graph, safe whatever a note says, whole without JavaScript."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest

import kg
from kg import build
from kg.serve import notes
from serving import Said, Served

EVIL = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{7*7}}"
NOTES = {
    "aid.md": "---\ntitle: Aid abroad\naliases: [Help]\nvideoId: abcdefghijk\n---\n# Aid abroad\n\nHealth workers move.\n\n"
    'Nurses came from Ghana and went home <a class="yt-timestamp" data-t="00:01:05">[00:01:05]</a>. See [[far/away|the other]] and [[nowhere]].\n\n'
    "- one `code <b>`\n- two **strong**\n\n| a | b |\n|---|---|\n| x | Togo |\n\n```\n<raw> & [[aid]]\n```\n\n> quoted\n\n## Later\n\nDoctors from Togo.\n",
    "far/away.md": "# Away\n\nBack to [[aid]], by [address](../aid.md#later), [outside](https://example.net/x?y=1&z=2), ![picture](x.png) and Ghana.\n",
    "evil.md": f"---\ntitle: '{EVIL.replace(chr(39), chr(39) * 2)}'\naliases: ['{EVIL.replace(chr(39), '')}']\nvideo: 'javascript:alert(3)'\n---\n"
    f"# {EVIL}\n\n<script>alert(4)</script>\n\n<iframe src=https://evil.example></iframe>\n\n[x](javascript:alert(5)) [y](data:text/html,z) [z](https://a.example/\"onclick=alert(6)) "
    f"![i](https://evil.example/i.png) [[{'x' * 30}\"><svg onload=alert(7)>]] in Ghana {EVIL}\n\n<a href='javascript:alert(8)' class=yt-timestamp data-t='00:00:01'>[00:00:01]</a>\n",
    "Café – ÿ & co.md": "# Café\n\nIn Togo.\n",
    "100% #1?.md": "# A hundred\n\nIn Togo.\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages") / "vault"
    for path, text in NOTES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "queries").mkdir()
    (folder / "queries" / "mine.rq").write_text(
        f"# title: Mine {EVIL}\n# param most: integer = 5 — how many {EVIL}\nSELECT ?n ?m {{ ?n a :Note BIND(?most + 1 AS ?m) }}\n"
    )
    build(folder)
    return folder


@pytest.fixture(scope="module")
def served(vault: Path) -> Iterator[Served]:
    running = Served(vault)
    yield running
    said = running.stop()
    assert "Traceback" not in said
    assert "fault" not in said


def html(served: Served, path: str) -> Said:
    said = served.ask(path, Accept="text/html,*/*;q=0.8")
    assert (said.status, said.media) == (200, "text/html"), f"{path}: {said.text[:300]}"
    return said


class Page(HTMLParser):
    """The tags and the links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    @property
    def links(self) -> list[str]:
        return [attrs.get("href") or "" for tag, attrs in self.tags if tag == "a"]


ALL = "SELECT DISTINCT ?x { { ?x ?p ?o } UNION { ?s ?p ?x FILTER ISIRI(?x) } UNION { ?s ?x ?o } UNION { GRAPH ?x { ?s ?p ?o } } }"


def iris(served: Served) -> list[str]:
    return [row["x"]["value"] for row in json.loads(served.query(ALL).body)["results"]["bindings"]]


def test_every_iri_of_the_graph_has_a_page_and_its_triples(served: Served) -> None:
    every = iris(served)
    assert len(every) > 50
    for iri in every:
        assert html(served, f"/about?iri={quote(iri, safe='')}")
        said = served.ask(f"/about?iri={quote(iri, safe='')}", Accept="text/turtle")
        assert (said.status, said.media) == (200, "text/turtle")


def test_all_that_pages_link_to_is_there(served: Served) -> None:
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        page = Page(html(served, path).text)
        for each in page.links:
            if each.startswith(("http://", "https://")):
                continue
            target = urljoin(path, each).partition("#")[0]
            assert urlsplit(target).netloc == ""
            if target not in seen and "/view" not in target:
                seen.add(target)
                if "format=" in target:
                    assert served.ask(target).status == 200, target
                else:
                    waiting.append(target)
    assert len(seen) > 100
    assert "/note/Caf%C3%A9%20%E2%80%93%20%C3%BF%20%26%20co" in seen


@pytest.mark.parametrize(
    ("path", "accept", "media"),
    [
        ("/country/GH", "text/html", "text/html"),
        ("/country/GH", "*/*", "text/html"),
        ("/country/GH", "text/turtle", "text/turtle"),
        ("/country/GH", "application/ld+json", "application/ld+json"),
        ("/country/GH", "application/rdf+xml;q=0.9, text/turtle;q=0.1", "application/rdf+xml"),
        ("/country/GH.ttl", "text/html", "text/turtle"),
        ("/country/GH.jsonld", "*/*", "application/ld+json"),
        ("/country/GH.nt", "*/*", "application/n-triples"),
        ("/country/GH.rdf", "*/*", "application/rdf+xml"),
        ("/country/GH.html", "text/turtle", "text/html"),
        ("/country/GH.ttl", "image/png", "text/turtle"),
        ("/country/GH?format=jsonld", "text/html", "application/ld+json"),
    ],
)
def test_a_thing_comes_as_it_is_asked_for(served: Served, path: str, accept: str, media: str) -> None:
    said = served.ask(path, Accept=accept)
    assert (said.status, said.media, said.headers["vary"]) == (200, media, "Accept, Accept-Encoding")
    assert "Ghana" in said.text


def test_what_cannot_be_given_is_told(served: Served) -> None:
    assert served.ask("/country/GH", Accept="image/png").status == 406
    assert served.ask("/country/XX").status == 404
    assert served.ask("/about").status == 404
    assert served.ask("/about?iri=" + quote("no iri")).status == 404
    assert served.ask("/note/aid", "POST", b"x=1", Content_Type="application/x-www-form-urlencoded").status == 405


def test_the_page_of_a_thing_tells_its_facts_with_their_evidence(served: Served) -> None:
    text = html(served, "/country/GH").text
    assert "<h1>Ghana</h1>" in text
    assert "Nurses came from Ghana and went home" in text
    assert 'href="/note/aid#l10"' in text
    assert 'href="https://youtu.be/abcdefghijk?t=65"' in text
    assert "mentioned by notes" in text


def test_timestamps_play_where_the_graph_says_they_are(tmp_path: Path) -> None:
    lines = "".join(f"Point {at} was made in Portugal [{at:02}:{(at * 13) % 60:02}:00].\n\n" for at in range(25, 60, 3))
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "a.md").write_text(f"---\nvideoId: abcdefghijk\n---\n{lines}Nothing is named here [12:05], nor here [01:10:20].\n")
    build(tmp_path / "v", tmp_path / "g")
    graph = kg.open(tmp_path / "g")
    note = notes.read(graph, "a.md")
    assert note
    played = re.findall(r"\?t=(\d+)", notes.rendered(graph, note))
    assert played == [str(60 * at + (at * 13) % 60) for at in range(25, 60, 3)] + ["725", "4220"]


def test_a_note_is_written_out_with_its_links_and_names(served: Served) -> None:
    text = html(served, "/note/aid").text
    article = text.partition('<article class="text"')[2].partition("</article>")[0]
    assert '<a class="named" href="/country/GH">Ghana</a>' in article
    assert '<a class="note" href="/note/far/away">the other</a>' in article
    assert '<a class="missing" href="/search?q=nowhere">nowhere</a>' in article
    assert 'class="play" href="https://youtu.be/abcdefghijk?t=65"' in article
    assert "<code>code &lt;b&gt;</code>" in article
    assert "&lt;raw&gt; &amp; [[aid]]" in article
    assert "<th>a</th>" in article
    assert '<h3 id="later"><span id="l25"></span>Later</h3>' in article
    assert 'id="l10"' in article
    assert "title:" not in article
    away = html(served, "/note/far/away").text
    assert 'href="/note/aid"' in away
    assert '<a class="outside" href="https://example.net/x?y=1&amp;z=2" rel="noreferrer noopener">outside</a>' in away


def test_nothing_in_a_note_becomes_markup(served: Served) -> None:
    paths = ["/", "/note/evil", "/search?q=" + quote(EVIL), "/search?q=alert", "/queries/", "/queries/mine", "/queries/mine?run=1", "/country/GH", "/sparql",
             "/about?iri=" + quote(EVIL), "/queries/mine?most=" + quote(EVIL), "/" + quote(EVIL), "/queries/" + quote(EVIL), "/view?focus=" + quote(EVIL + " no more"),
             "/sparql?format=html&query=" + quote("SELECT * { ?s rdfs:label ?l }"), "/sparql?format=html&title=" + quote(EVIL) + "&query=" + quote(f"SELECT * {{}} # {EVIL}"),
             "/sparql?query=" + quote(f"SELECT {EVIL}"), "/sparql?format=" + quote(EVIL) + "&query=ASK%20%7B%7D"]  # fmt: skip
    for path in paths:
        said = served.ask(path, Accept="text/html")
        page = Page(said.text)
        assert said.media == "text/html"
        for tag, attrs in page.tags:
            assert tag not in ("script", "iframe", "img", "object", "embed", "base") or (attrs.get("src") or "").startswith("/assets/"), (
                path,
                tag,
                attrs,
            )
            assert not [name for name in attrs if name.startswith("on") or name == "style"], (path, tag, attrs)
            for name in ("href", "src", "action"):
                address = attrs.get(name) or "/"
                assert re.match(r"https?://|mailto:|/(?!/)|#|data:,$", address), (path, tag, address)


def test_pages_ask_nothing_of_other_servers(served: Served) -> None:
    for path in ("/", "/note/evil", "/note/aid", "/sparql", "/search?q=Togo"):
        for tag, attrs in Page(html(served, path).text).tags:
            if tag != "a":
                assert not (attrs.get("href") or attrs.get("src") or "").startswith(("http", "//")), (path, tag, attrs)


def test_a_search_finds_things_and_passages(served: Served) -> None:
    text = html(served, "/search?q=ghana").text
    assert '<a href="/country/GH">Ghana</a>' in text
    assert "<mark>Ghana</mark>" in text
    assert "Nothing was found" in html(served, "/search?q=zzzz").text
    assert html(served, "/search?q=%22%28").text
    assert html(served, "/search").text


def test_a_question_is_asked_by_a_form(served: Served) -> None:
    form = html(served, "/queries/initiatives-of-country").text
    assert 'name="country"' in form
    assert html(served, "/queries/mine?run=1&most=2").text.count(">3</td>") == len(NOTES)
    assert "whole number" in html(served, "/queries/mine?run=1&most=x").text
    assert served.ask("/queries/nonesuch", Accept="text/html").status == 404


def test_a_note_that_was_changed_or_removed_is_told(vault: Path, served: Served) -> None:
    (vault / "far" / "away.md").write_text("# Away\n\nOther words.\n")
    assert "changed since" in html(served, "/note/far/away").text
    (vault / "far" / "away.md").unlink()
    assert "not there any more" in html(served, "/note/far/away").text
    (vault / "far" / "away.md").symlink_to("/etc/passwd")
    assert "root:" not in html(served, "/note/far/away").text
    (vault / "far" / "away.md").unlink()


def test_the_view_has_a_policy_of_its_own(served: Served) -> None:
    said = html(served, "/view")
    policy = said.headers.get_all("content-security-policy")
    assert policy is not None
    assert len(policy) == 1
    assert "script-src 'sha256-" in policy[0]
    assert "frame-ancestors 'none'" in policy[0]


def test_a_graph_of_rdf_files_has_pages_too(tmp_path: Path) -> None:
    from kg import load

    (tmp_path / "a.ttl").write_text('@prefix x: <urn:x:> . x:a x:b x:c, "<b>text</b>", _:n . x:c a x:Kind .')
    load.load([str(tmp_path / "a.ttl")], tmp_path / "graph")
    served = Served(tmp_path / "graph")
    try:
        for iri in ("urn:x:a", "urn:x:b", "urn:x:c", "urn:x:Kind"):
            assert html(served, f"/about?iri={quote(iri)}")
        for path in ("/", "/search?q=a", "/sparql", "/view", "/queries/"):
            assert html(served, path)
    finally:
        assert "fault" not in served.stop()


def test_an_answer_can_be_drawn(served: Served) -> None:
    for text in ("CONSTRUCT { ?a :linksTo ?b } { ?a :linksTo ?b }", "SELECT ?n ?c { ?n :mentions ?c }"):
        said = html(served, f"/sparql?format=graph&query={quote(text)}")
        packed = re.search(r'<script[^>]*id="data"[^>]*>([^<]*)<', said.text)
        assert packed
        carried = gzip.decompress(base64.b64decode(packed[1])).decode()
        assert "Ghana" in carried or "Aid abroad" in carried
        assert "script-src 'sha256-" in said.headers["content-security-policy"]
    assert served.ask(f"/sparql?format=graph&query={quote('SELECT (1 AS ?x) {}')}").status == 400
    assert served.ask("/sparql?format=graph&query=ASK%20%7B%7D").status == 400


@pytest.mark.parametrize(
    ("word", "offered"),
    [
        (":ment", {":mentions"}),
        ("country:G", {"country:GH"}),
        ("gha", {"country:GH"}),
        ("zzzz", set()),
        ("", set()),
        ('"} #', set()),
        ("nonesuch:a", set()),
    ],
)
def test_words_of_a_query_are_completed_from_this_graph(served: Served, word: str, offered: set[str]) -> None:
    said = served.ask("/complete?q=" + quote(word))
    assert (said.status, said.media) == (200, "application/json")
    assert {each["text"] for each in json.loads(said.body)} >= offered
    assert offered or json.loads(said.body) == []
