"""Functions that queries may call: what they give, what is an error, and that nobody pays for what is not called."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

import kg
from kg import functions, network, ranks
from kg.errors import QueryError
from kg.ways import Ways

ROOT = Path(__file__).resolve().parent.parent


def value(graph: kg.Graph, call: str) -> str | None:
    ((found,),) = graph.query(f"SELECT (:{call} AS ?x) {{}}").terms
    assert found is None or isinstance(found, Literal)
    return found and found.value


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("chain(country:PT, country:DK)", "Portugal ← mentions – Tech for COVID-19 – mentions → Denmark"),
        ("chain(country:PT, country:PT)", "Portugal"),
        ("steps(country:PT, country:DK)", "2"),
        ("steps(country:DK, country:PT)", "2"),
        ("steps(theme:estamos-on-portal, note:estamos_on_portal)", "0"),
        ('match("Kinder und Kindergärten", "kinderg")', "true"),
        ('match("Kinder und Kindergarten", "kindergärten KINDER")', "true"),
        ('match("Kinder und Gärten", "gart inder")', "false"),
        ('match("a child asked", "child -adult")', "true"),
        ('match("a child asked an adult"@en, "child -adult")', "false"),
        ('match("open data now", \'"data now"\')', "true"),
        ('match("open data right now", \'"data now"\')', "false"),
        ("hms(3723)", "1:02:03"),
        ("hms(70.9)", "1:10"),
        ("hms(0)", "0:00"),
        ("hms(<https://youtu.be/JkIhnK7qf-w?t=927>)", "15:27"),
        ("label(country:PT)", "Portugal"),
        ("label(<urn:nobody>)", "urn:nobody"),
        ('label("a text"@en)', "a text"),
    ],
)
def test_a_function_gives(samples: kg.Graph, call: str, given: str) -> None:
    assert value(samples, call) == given


@pytest.mark.parametrize(
    "call",
    [
        "chain()", "chain(country:PT)", "chain(country:PT, country:DK, country:ZA)", 'chain("Portugal", country:DK)', "chain(1, 2)",
        "chain(<urn:nobody>, country:DK)", "steps(<urn:nobody>, country:DK)", "steps(?unbound, country:DK)",
        "match(country:PT, 'x')", "match('x', country:PT)", "match('x')", "match('x', '')",
        "rank()", "rank('Portugal')", "rank(<urn:nobody>)", "rank(1)",
        "hms('12')", "hms(-1)", "hms(1e300)", "hms('NaN'^^xsd:double)", "hms('x'^^xsd:integer)", "hms(country:PT)", "hms(true)",
        "label()", "label(?unbound)", "label(BNODE())",
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_call_leaves_the_value_unbound(samples: kg.Graph, call: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert value(samples, call) is None
    assert capfd.readouterr() == ("", "")


def test_they_work_wherever_an_expression_does(samples: kg.Graph) -> None:
    def rows(text: str) -> list[tuple[str, ...]]:
        return [tuple(getattr(each, "value", "") for each in row) for row in samples.query(text).terms]

    ranked = rows("SELECT ?n (:rank(?n) AS ?r) { ?n a :Note } ORDER BY DESC(:rank(?n)) LIMIT 3")
    assert [float(row[1]) for row in ranked] == sorted((float(row[1]) for row in ranked), reverse=True)
    assert len(ranked) == 3
    assert rows("SELECT ?c { ?c a :Country FILTER(:steps(country:PT, ?c) = 0) }") == [(f"{samples.names.base}country/PT",)]
    assert rows("SELECT ?d (COUNT(*) AS ?n) { ?c a :Country BIND(:steps(country:PT, ?c) AS ?d) } GROUP BY ?d HAVING(?d = 0)") == [("0", "1")]
    made = rows('CONSTRUCT { ?c rdfs:comment ?t } { VALUES ?c { country:DK } BIND(CONCAT(:label(?c), "!") AS ?t) }')
    assert [row[2] for row in made] == ["Denmark!"]
    assert samples.query('ASK { ?p :text ?t FILTER(:match(?t, "portug")) }').truth


def test_ranks_are_those_of_the_page(samples: kg.Graph) -> None:
    shares = ranks.importance(samples.store, samples.names)
    drawn = network.network(samples.store)
    place = {iri: at for at, iri in enumerate(sorted(drawn))}
    same = dict(zip(place, ranks.pagerank(len(place), [(place[one], place[other]) for one, other in drawn.edges()]), strict=True))
    assert {iri: shares[iri] for iri in same} == pytest.approx(same)
    assert sum(same.values()) == pytest.approx(1)


def test_nothing_is_read_before_a_function_is_called(samples: kg.Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object, **__: object) -> None:
        raise AssertionError("read too early")

    monkeypatch.setattr(Ways, "__init__", read)
    monkeypatch.setattr(ranks, "importance", read)
    assert samples.query("ASK { country:PT a :Country }").truth


def test_what_is_left_does_nothing_more(samples: kg.Graph) -> None:
    portugal = NamedNode(samples.find("Portugal"))
    waiting = functions.table(samples.store, samples.names)
    left = functions.table(samples.store, samples.names, stop=lambda: True)
    name = NamedNode("https://w3id.org/kgnotes/ontology#rank")
    assert waiting[name](portugal) is not None
    assert left[name](portugal) is None


def test_a_query_that_calls_much_ends_after_its_time(samples: kg.Graph) -> None:
    many = " ".join(f"?s{at} ?p{at} ?o{at} ." for at in range(3))
    with pytest.raises(QueryError, match="no answer within"):
        list(samples.query(f"SELECT (COUNT(*) AS ?n) {{ {many} FILTER(:steps(?s0, ?s1) > 90) }}", timeout=0.2))


def test_the_manual_lists_the_functions_there_are() -> None:
    text = (ROOT / "docs" / "functions.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `:(\w+)\(([^)]*)\)` \|", text, re.MULTILINE))
    assert listed == functions.NAMES


def test_no_function_is_a_term_of_the_ontology() -> None:
    declared = re.findall(r"^kg:(\w+) a ", (ROOT / "ontology" / "kg.ttl").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(declared) & set(functions.NAMES) == set()
