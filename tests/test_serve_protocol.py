"""The SPARQL 1.1 Protocol, section 2.1 and 2.2 of the standard: what it asks of queries, and that updates are refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

import pytest

from kg import load
from serving import Said, Served

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
DATA = "http://example.net/data/"
ONE, TWO, THREE = (f"{DATA}{name}" for name in ("one", "two", "three"))
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
RDF = ("text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("protocol")
    lines = [f'<{each}> <urn:name> "{each[-3:]}" <{each}> .' for each in (ONE, TWO, THREE)]
    (folder / "data.nq").write_text("\n".join([*lines, f'<{DATA}none> <urn:name> "nobody" .', ""]))
    load.load([str(folder / "data.nq")], folder / "graph")
    running = Served(folder / "graph")
    yield running
    assert "Traceback" not in running.stop()


def post(served: Served, body: str | bytes, kind: str, path: str = "/sparql", accept: str = JSON) -> Said:
    return served.ask(path, "POST", body, Content_Type=kind, Accept=accept)


def truth(said: Said) -> bool:
    assert (said.status, said.media) == (200, JSON), said.text
    return bool(json.loads(said.body)["boolean"])


def rows(said: Said) -> list[dict[str, str]]:
    assert (said.status, said.media) == (200, JSON), said.text
    return [{name: term["value"] for name, term in row.items()} for row in json.loads(said.body)["results"]["bindings"]]


# -- the three ways to send a query ------------------------------------------------------------------


def test_a_query_is_sent_by_get(served: Served) -> None:
    assert truth(served.query("ASK {}"))
    assert truth(served.ask("/sparql/?query=" + quote("ASK {}"), Accept=JSON))


def test_a_query_is_sent_as_a_form(served: Served) -> None:
    assert truth(post(served, urlencode({"query": "ASK {}"}), FORM))
    assert truth(post(served, urlencode({"query": "ASK {}"}), f"{FORM}; charset=UTF-8"))


def test_a_query_is_sent_as_it_is(served: Served) -> None:
    assert truth(post(served, "ASK {}", DIRECT))
    assert truth(post(served, "ASK {}", 'Application/SPARQL-Query; Charset="utf-8"'))


def test_head_gives_the_same_without_the_body(served: Served) -> None:
    said = served.ask("/sparql?query=" + quote("ASK {}"), "HEAD", Accept=JSON)
    assert (said.status, said.media, said.body) == (200, JSON, b"")


# -- which graphs it sees ----------------------------------------------------------------------------

OF_ONE = f"ASK {{ <{ONE}> ?p ?o }}"
OF_BOTH = f"ASK {{ <{ONE}> ?p ?o . <{TWO}> ?q ?r }}"


def dataset(default: list[str] = [], named: list[str] = []) -> str:  # noqa: B006 - never changed
    return urlencode([*(("default-graph-uri", each) for each in default), *(("named-graph-uri", each) for each in named)])


def test_default_graphs_by_get(served: Served) -> None:
    assert truth(served.ask(f"/sparql?query={quote(OF_ONE)}&{dataset([ONE])}", Accept=JSON))
    assert truth(served.ask(f"/sparql?query={quote(OF_BOTH)}&{dataset([ONE, TWO])}", Accept=JSON))
    assert not truth(served.ask(f"/sparql?query={quote(OF_BOTH)}&{dataset([ONE])}", Accept=JSON))


def test_default_graphs_by_post(served: Served) -> None:
    assert truth(post(served, OF_BOTH, DIRECT, f"/sparql?{dataset([ONE, TWO])}"))
    assert truth(post(served, f"query={quote(OF_BOTH)}&{dataset([ONE, TWO])}", FORM))


def test_named_graphs_by_get_and_post(served: Served) -> None:
    text = f"ASK {{ GRAPH ?g {{ <{ONE}> ?p ?o }} GRAPH ?h {{ <{TWO}> ?q ?r }} }}"
    assert truth(served.ask(f"/sparql?query={quote(text)}&{dataset([], [ONE, TWO])}", Accept=JSON))
    assert truth(post(served, text, DIRECT, f"/sparql?{dataset([], [ONE, TWO])}"))
    assert not truth(post(served, text, DIRECT, f"/sparql?{dataset([], [ONE])}"))


def test_both_sorts_of_graphs(served: Served) -> None:
    text = "SELECT ?g ?x ?s { ?x ?y ?o GRAPH ?g { ?s ?p ?q } } ORDER BY ?g"
    said = served.ask(f"/sparql?query={quote(text)}&{dataset([THREE], [ONE, TWO])}", Accept=JSON)
    assert rows(said) == [{"g": ONE, "x": THREE, "s": ONE}, {"g": TWO, "x": THREE, "s": TWO}]


def test_what_the_protocol_names_goes_before_what_the_query_names(served: Served) -> None:
    text = f"SELECT ?s FROM <{ONE}> FROM NAMED <{TWO}> {{ ?s ?p ?o }}"
    assert rows(served.query(text)) == [{"s": ONE}]
    assert rows(served.ask(f"/sparql?query={quote(text)}&{dataset([THREE])}", Accept=JSON)) == [{"s": THREE}]


def test_with_named_graphs_alone_the_default_graph_is_empty(served: Served) -> None:
    assert rows(served.ask(f"/sparql?query={quote('SELECT * { ?s ?p ?o }')}&{dataset([], [ONE])}", Accept=JSON)) == []


def test_graphs_that_are_encoded_as_one_are_several(served: Served) -> None:
    text = f"ASK FROM <{THREE}> {{ GRAPH ?g {{ <{ONE}> ?p ?o }} GRAPH ?h {{ <{TWO}> ?q ?r }} }}"
    together = quote(f"{ONE}&named-graph-uri={TWO}", safe="")
    assert truth(post(served, text, DIRECT, f"/sparql/?named-graph-uri={together}"))
    assert not truth(post(served, text, DIRECT, f"/sparql/?named-graph-uri={quote(ONE, safe='')}"))


def test_a_graph_that_is_not_there_is_empty(served: Served) -> None:
    assert truth(served.ask(f"/sparql/?query={quote('ASK {}')}&{dataset([DATA + 'zero'])}", Accept=JSON))
    assert not truth(served.ask(f"/sparql/?query={quote('ASK { ?s ?p ?o }')}&{dataset([DATA + 'zero'])}", Accept=JSON))


def test_without_either_it_is_the_graph_itself(served: Served) -> None:
    assert rows(served.query("SELECT ?s { ?s ?p ?o }")) == [{"s": f"{DATA}none"}]


# -- in which form it is answered ----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["SELECT (1 AS ?x) {}", "ASK {}"])
@pytest.mark.parametrize("media", [JSON, XML, "text/csv", "text/tab-separated-values"])
def test_rows_come_as_they_are_accepted(served: Served, text: str, media: str) -> None:
    said = served.query(text, media)
    assert (said.status, said.media, said.headers["vary"]) == (200, media, "Accept, Accept-Encoding")
    if media == XML:
        assert ET.fromstring(said.body).tag == "{http://www.w3.org/2005/sparql-results#}sparql"
    if media == "text/csv" and "SELECT" in text:
        assert list(csv.reader(said.text.splitlines())) == [["x"], ["1"]]


@pytest.mark.parametrize("text", [f"DESCRIBE <{DATA}none>", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"])
@pytest.mark.parametrize("media", RDF)
def test_triples_come_as_they_are_accepted(served: Served, text: str, media: str) -> None:
    from pyoxigraph import RdfFormat, parse

    said = served.query(text, media)
    assert (said.status, said.media) == (200, media)
    form = RdfFormat.from_media_type(media)
    assert form is not None
    assert [quad.object.value for quad in parse(said.body, format=form)] == ["nobody"]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", JSON),
        ("", JSON),
        ("application/*;q=0.2, text/csv;q=0.9", "text/csv"),
        ("text/csv;q=0, */*;q=0.1", JSON),
        (f"{XML};q=0.5, {JSON};q=0.4", XML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        (f"application/rdf+xml, {XML}", XML),
    ],
)
def test_weights_are_heard(served: Served, accept: str, media: str) -> None:
    assert served.query("SELECT (1 AS ?x) {}", accept).media == media


def test_what_is_not_accepted_is_not_given(served: Served) -> None:
    assert served.query("ASK {}", "image/png").status == 406
    assert served.query("ASK {}", "text/turtle").status == 406
    assert served.query("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv").status == 406


def test_a_format_can_be_named(served: Served) -> None:
    assert served.query("ASK {}", "text/html", format="csv").media == "text/csv"
    assert served.query("CONSTRUCT WHERE { ?s ?p ?o }", "text/html", format="json").media == "application/ld+json"
    assert served.query("ASK {}", format="nonsense").status == 400


def test_iris_that_are_relative_have_a_base(served: Served) -> None:
    said = post(served, "CONSTRUCT { <s> <p> 1 } WHERE {}", DIRECT, f"/sparql/?{dataset([DATA + 'zero'])}", "*/*")
    assert (said.status, said.media) == (200, "text/turtle")
    assert "<s> <p> 1 ." in said.text


def test_a_name_that_is_allowed_is_answered_and_another_is_not(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text("<urn:a> <urn:b> 1 .")
    load.load([str(tmp_path / "data.ttl")], tmp_path / "graph")
    running = Served(tmp_path / "graph", "--allow-host", "www.example")
    try:
        for host, status in (("www.example", 200), ("WWW.example:80", 200), ("www.example.org", 421), ("example", 421)):
            assert running.ask("/sparql/?query=ASK%20%7B%7D", Host=host).status == status
        assert "sd:endpoint <http://www.example/sparql/>" in running.ask("/sparql/", Host="www.example").text
    finally:
        running.stop()


# -- what is wrong -------------------------------------------------------------------------------------


def test_several_queries_are_refused(served: Served) -> None:
    assert served.ask("/sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D").status == 400
    assert post(served, "query=ASK%20%7B%7D&query=ASK%20%7B%7D", FORM).status == 400
    assert post(served, "ASK {}", DIRECT, "/sparql?query=ASK%20%7B%7D").status == 400


def test_other_methods_are_refused(served: Served) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
        said = served.ask("/sparql?query=ASK%20%7B%7D", method)
        assert (said.status, said.headers["allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x", "application/sparql-results+json", "query"])
def test_other_media_types_are_refused(served: Served, kind: str) -> None:
    assert post(served, "ASK {}", kind).status == 415


def test_a_body_without_a_media_type_is_refused(served: Served) -> None:
    for body in ("query=ASK%20%7B%7D", "ASK {}"):
        assert served.ask("/sparql", "POST", body.encode()).status == 415


@pytest.mark.parametrize("body", ["ASK {}".encode("utf-16"), "ASK {}".encode("utf-16-le"), b"ASK { ?s ?p 'caf\xe9' }"])
def test_what_is_not_utf_8_is_refused(served: Served, body: bytes) -> None:
    assert post(served, body, f"{DIRECT}; charset=UTF-16").status == 400
    assert post(served, body, DIRECT).status == 400


def test_a_form_that_is_not_utf_8_is_refused(served: Served) -> None:
    assert served.ask("/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%27caf%E9%27%7D").status == 400
    assert post(served, "query=ASK%20%7B%20%3Fs%20%3Fp%20%27caf%E9%27%7D", FORM).status == 400


@pytest.mark.parametrize("text", ["ASK {", "", " ", "SELECT", "ASK { ?s ?p ?o }}", "ASK { ?s nonesuch:p ?o }"])
def test_what_is_no_query_is_refused_in_words(served: Served, text: str) -> None:
    said = served.query(text, "text/plain")
    assert (said.status, said.media) == (400, "text/plain")
    assert said.body


def test_graphs_that_are_no_iris_are_refused(served: Served) -> None:
    assert served.ask("/sparql?query=ASK%20%7B%7D&default-graph-uri=a%20b").status == 400


@pytest.mark.parametrize(
    ("body", "kind", "path"),
    [
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "application/sparql-update", "/sparql"),
        (urlencode({"update": "CLEAR ALL"}), FORM, "/sparql"),
        (urlencode({"update": "CLEAR ALL", "query": "ASK {}"}), FORM, "/sparql"),
        (urlencode({"query": "CLEAR ALL"}), FORM, "/sparql"),
        ("LOAD <http://127.0.0.1/x>", DIRECT, "/sparql"),
        ("ASK {}", DIRECT, "/sparql?update=CLEAR%20ALL"),
    ],
)
def test_updates_are_refused(served: Served, body: str, kind: str, path: str) -> None:
    assert post(served, body, kind, path).status in (400, 403)
    assert rows(served.query("SELECT ?s { ?s ?p ?o }")) == [{"s": f"{DATA}none"}]


def test_an_update_by_get_is_refused(served: Served) -> None:
    assert served.ask("/sparql?update=CLEAR%20ALL").status == 403


def test_a_client_may_wait_for_less(served: Served) -> None:
    assert served.query("ASK {}", timeout="2").status == 200
    assert {served.query("ASK {}", timeout=each).status for each in ("0", "-1", "nan", "inf", "soon")} == {400}


# -- what it says of itself ----------------------------------------------------------------------------


@pytest.mark.parametrize("media", RDF)
def test_the_endpoint_describes_itself(served: Served, media: str) -> None:
    from pyoxigraph import RdfFormat, parse

    said = served.ask("/sparql", Accept=media)
    assert (said.status, said.media) == (200, media)
    form = RdfFormat.from_media_type(media)
    assert form is not None
    assert served.ask("/sparql/", Accept=media).status == 200
    triples = {(quad.subject.value, quad.predicate.value, quad.object.value) for quad in parse(said.body, format=form)}
    sd, here = "http://www.w3.org/ns/sparql-service-description#", f"http://127.0.0.1:{served.port}/sparql"
    assert (here, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"{sd}Service") in triples
    assert (here, f"{sd}endpoint", here) in triples
    assert (here, f"{sd}supportedLanguage", f"{sd}SPARQL11Query") in triples


def test_the_description_is_given_to_whoever_takes_anything(served: Served) -> None:
    assert served.ask("/sparql").media == "text/turtle"
    assert served.ask("/sparql", Accept="text/html").media == "text/html"
    assert served.ask("/sparql", Accept="image/png").status == 406


def test_the_data_set_describes_itself(served: Served) -> None:
    said = served.ask("/.well-known/void", Accept="text/turtle")
    assert (said.status, said.media) == (200, "text/turtle")
    assert "void:triples 1" in said.text
    assert served.ask("/.well-known/void", Accept="application/ld+json").media == "application/ld+json"


def test_an_answer_arrives_whole(served: Served) -> None:
    said = served.query(f"SELECT ?s ?o FROM <{ONE}> {{ ?s ?p ?o }}", "text/csv")
    assert said.text == f"s,o\r\n{ONE},one\r\n"
