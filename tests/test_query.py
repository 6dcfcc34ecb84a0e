"""Asking: what is said of wrong queries, of empty answers, and how answers are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from kg import Graph, answers, build, doubts, explain, grammar, query
from kg import open as open_graph
from kg.errors import KgError, QueryError
from kg.names import Names

GOLDEN = Path(__file__).parent / "golden" / "queries"
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


# -- why an answer is empty, or doubtful ----------------------------------------------------------------


def doubted(graph: Graph, text: str) -> list[str]:
    counted = answers.Counted(query.ask(graph.store, text, graph.names), None)
    list(counted.answer.rows)
    if counted.nothing and (not counted.rows or doubts.counts(text, graph.names)):
        return doubts.of_nothing(graph.store, text, graph.names, detail=graph.generation.manifest.detail)
    return doubts.of_some(graph.store, text, graph.names, rows=counted.rows)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the doubts more time than a slow machine needs."""
    monkeypatch.setattr("kg.doubts.asked.SECONDS", 60.0)


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize(("asked", "said"), [pytest.param(*rest, id=title) for title, *rest in cases(GOLDEN / "doubts.md")])
def test_an_empty_answer_says_why(samples: Graph, asked: str, said: str) -> None:
    assert ("\n".join(doubted(samples, asked)) or "nothing") == said


@pytest.mark.usefixtures("patient")
def test_a_graph_without_passages_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\ncountry:: Portugal\n", encoding="utf-8")
    (tmp_path / "kg.toml").write_text('[graph]\ndetail = "notes"\n', encoding="utf-8")
    build(tmp_path, tmp_path / "g")
    said = doubted(open_graph(tmp_path / "g"), "SELECT * { ?p :names country:PT; :line ?l }")
    assert said == ["this graph holds no passages: it was built with --detail notes (kg build --detail evidence adds them)"]


@pytest.mark.usefixtures("patient")
def test_a_graph_of_notes_alone_says_that_the_text_names_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nPortugal.\n", encoding="utf-8")
    (tmp_path / "kg.toml").write_text('[graph]\ndetail = "notes"\n', encoding="utf-8")
    build(tmp_path, tmp_path / "g")
    graph = open_graph(tmp_path / "g")
    without = "was built with --detail notes, without what only the text names (kg build --detail evidence adds it)"
    assert doubted(graph, "SELECT * { ?n :mentions country:PT }") == [f"country:PT is not in the graph, which {without}"]
    for ask in (graph.find, graph.show, lambda name: explain.thing(graph, name)):
        with pytest.raises(KgError) as error:
            ask("Portugal")
        assert error.value.hint == f"it {without}"


@pytest.mark.usefixtures("patient")
def test_a_question_that_only_suggestions_answer_says_so(samples: Graph) -> None:
    assert doubted(samples, 'ASK { ?t a :Theme; rdfs:label "Experts" }') == ["there are answers among what is only suggested: try --suggested"]


def test_no_time_is_no_answer_and_no_error(samples: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.doubts.asked.SECONDS", 0.0)
    assert doubted(samples, "SELECT * { ?n :mentions country:PT . ?n :linksTo ?n }") == []


@given(st.lists(st.sampled_from([*PARTS, ":names", ":line", "rdfs:label", "country:PT", "country:XX", '"portugal"', "a :Theme"]), max_size=10))
def test_any_query_that_runs_can_be_doubted(samples: Graph, words: list[str]) -> None:
    text = " ".join(["SELECT * {", *words, "}"])
    try:
        rows = list(query.ask(samples.store, text, samples.names, timeout=1).rows)
    except QueryError:
        return
    found = doubts.of_some(samples.store, text, samples.names, rows=len(rows)) if rows else doubts.of_nothing(samples.store, text, samples.names)
    assert all(each.strip() for each in found)


def test_no_title_stands_twice() -> None:
    for path in GOLDEN.glob("*.md"):
        titles = [title for title, *_ in cases(path)]
        assert len(titles) == len(set(titles)) > 25


def test_a_search_in_texts_says_that_the_graph_has_not_all() -> None:
    from kg.doubts import of_texts

    asked = "SELECT ?p { ?p :text ?t FILTER(:match(?t, 'child')) }"
    assert len(of_texts(asked, "evidence")) == 1
    assert of_texts(asked, "passages") == of_texts("SELECT ?t { ?p :text ?t }", "evidence") == []
