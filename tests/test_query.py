"""Asking: what is said of wrong queries, of empty answers, and how answers are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from kg import grammar, query
from kg.errors import QueryError
from kg.names import Names

GOLDEN = Path(__file__).parent / "golden"
EMPTY = Store()


def cases(path: Path) -> list[tuple[str, str, str]]:
    """Read title, query and answer of every case; what stands before the first is for people."""
    blocks = path.read_text(encoding="utf-8").split("\n===\n")[1:]
    found = [block.split("\n---\n") for block in blocks]
    return [(title, asked, answer.rstrip("\n")) for title, asked, answer in found]


def answered(text: str) -> str:
    try:
        list(query.ask(EMPTY, text, Names()).rows)
    except QueryError as error:
        return str(error)
    return "fine"


# -- what is wrong with a query ------------------------------------------------------------------------


@pytest.mark.parametrize(("asked", "answer"), [pytest.param(*rest, id=title) for title, *rest in cases(GOLDEN / "mistakes.md")])
def test_a_wrong_query_is_answered_in_words(asked: str, answer: str) -> None:
    assert answered(asked) == answer


RIGHT = [
    (
        "BASE <http://x/> PREFIX e: <y#> SELECT DISTINCT ?a (COUNT(DISTINCT ?b) AS ?c) FROM <g> FROM NAMED <h> WHERE { ?a e:p ?b } "
        "GROUP BY ?a (1 AS ?d) HAVING (COUNT(?b) > 1) ORDER BY DESC(?c) ?a LIMIT 5 OFFSET 2 VALUES ?a { <x> UNDEF }"
    ),
    "SELECT REDUCED * { { ?s ?p ?o } UNION { ?s ^:names/(:cites|!(a|^:at))*/:note? ?o . } OPTIONAL { ?s a ?t FILTER(!BOUND(?t)) } }",
    "SELECT * { GRAPH ?g { ?s ?p ?o MINUS { ?s :line 5 , 5.5 , -5e3 , .5 , true , 'a'@en-GB , '''b''' , \"5\"^^xsd:integer } } }",
    "SELECT * { ?s :text ?t; :line ?l; . FILTER(REGEX(?t, 'a', 'i') && ?l IN (1, 2) || ?l NOT IN () || NOT EXISTS { ?s a [] }) }",
    "SELECT * { VALUES (?a ?b) { (1 UNDEF) (<x> 'y') } BIND(IF(?a > -1 * 2 / 3, COALESCE(?b, 1), xsd:integer(?b)) AS ?c) }",
    "SELECT * { { SELECT ?s { ?s ?p [ :a ( 1 [] _:x ?z ) ; :b :c ] } LIMIT 2 } }",
    "SELECT (GROUP_CONCAT(DISTINCT ?a; SEPARATOR=', ') AS ?all) (COUNT(*) AS ?n) { ?a ?b ?c }",
    "CONSTRUCT { ?s a :Note . _:x :line ?l } WHERE { ?s :line ?l } LIMIT 5",
    "CONSTRUCT WHERE { ?s :line ?l . }",
    "DESCRIBE country:PT ?n <note/a/b> { ?n :about country:PT }",
    "DESCRIBE country:PT",
    "ASK { ?s ?p ?o {| :rule ?r |} . << ?s ?p ?o >> :rule ?r . ?t rdf:reifies <<( ?s ?p ?o )>> }",
    "ASK{?s ?p?o.FILTER(?o=1)}# a comment",
    "select ?s where{?s a :Note}order by asc(?s)limit 1",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_the_engine_takes_the_grammar_takes(text: str) -> None:
    assert answered(text) == "fine"
    assert grammar.read(text).tree is not None


PARTS = [
    "SELECT",
    "*",
    "?a",
    "?b",
    "{",
    "}",
    "(",
    ")",
    ".",
    ";",
    ",",
    "a",
    ":Note",
    "'x'",
    "5",
    "FILTER",
    "OPTIONAL",
    "UNION",
    "=",
    "&&",
    "COUNT",
    "AS",
]
PARTS += [
    "GROUP BY",
    "ORDER BY",
    "LIMIT",
    "ASK",
    "CONSTRUCT",
    "VALUES",
    "BIND",
    "<x>",
    "/",
    "^",
    "!",
    "|",
    "+",
    "[",
    "]",
    "NOT",
    "EXISTS",
    "IN",
    "note:",
]


@given(st.lists(st.sampled_from(PARTS), max_size=14), st.lists(st.sampled_from(PARTS), max_size=4))
def test_any_words_are_answered_with_a_place_and_in_words(words: list[str], more: list[str]) -> None:
    text = " ".join(["SELECT * {", *words, "}", *more])
    answer = answered(text)
    assert answer == "fine" or answer.startswith("query:1:")
    assert "expected one of" not in answer
    if answer == "fine":
        assert grammar.read(text).tree is not None, text


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    assert answered(text)
