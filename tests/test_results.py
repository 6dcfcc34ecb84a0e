"""Answers as Python sees them."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any, cast

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

import kg
from kg.errors import UsageError
from kg.names import Names
from kg.results import IRI, value
from kg.values import of

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    folder = tmp_path_factory.mktemp("vault")
    (folder / "a.md").write_text("# A <b>bold</b> title\nIn Ghana & Togo.\n", encoding="utf-8")
    (folder / "b.md").write_text("# B\nIn Ghana.\n\nSee [[a]].\n", encoding="utf-8")
    kg.build(folder)
    return kg.open(folder)


QUESTION = "SELECT ?note ?line ?country { ?p :names ?country; :note ?note; :line ?line. ?country a :Country } ORDER BY ?note ?line ?country"


def test_a_row_is_a_tuple_with_names(graph: kg.Graph) -> None:
    found = graph.query(QUESTION)
    first = found[0]
    note, line, country = first
    assert (first.note, first["line"], first[2]) == (note, line, country)
    assert (note, line, country) == ("https://example.org/kg/note/a", 2, "https://example.org/kg/country/GH")
    assert isinstance(line, int)
    assert isinstance(note, kg.IRI)
    assert first.to_dict() == {"note": note, "line": 2, "country": country}
    assert repr(first) == "Row(note=<https://example.org/kg/note/a>, line=2, country=<https://example.org/kg/country/GH>)"
    assert [len(found), len(found[1:]), bool(found)] == [3, 2, True]
    assert found.variables == ("note", "line", "country")
    with pytest.raises(KeyError, match="no column 'lin'; there are note, line, country"):
        _ = first["lin"]
    with pytest.raises(AttributeError):
        _ = first.lin


def test_variables_may_have_the_names_of_methods(graph: kg.Graph) -> None:
    (row,) = graph.query("SELECT (COUNT(*) AS ?count) (1 AS ?index) (2 AS ?class) (3 AS ?_names) { ?n a :Note }")
    assert [row.count, row.index, row["class"], row["_names"]] == [2, 1, 2, 3]


def test_dicts_and_frames(graph: kg.Graph) -> None:
    pandas = pytest.importorskip("pandas")
    found = graph.query(QUESTION)
    assert found.to_dicts()[0]["line"] == 2
    frame = found.to_dataframe()
    assert list(frame.columns) == ["note", "line", "country"]
    assert frame["line"].sum() == 6
    assert pandas.api.types.is_integer_dtype(frame["line"])
    assert {type(each) for each in frame["note"]} == {str}
    nothing = graph.query("SELECT ?x ?y { ?x a :Nothing; :line ?y }")
    assert list(nothing.to_dataframe().columns) == ["x", "y"]
    assert not nothing


def test_a_frame_without_pandas_says_what_to_do(graph: kg.Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(kg.KgError, match="pip install pandas"):
        graph.query(QUESTION).to_dataframe()


def test_other_forms_of_query(graph: kg.Graph) -> None:
    yes, no = graph.query("ASK { note:b :linksTo note:a }"), graph.query("ASK { note:a :linksTo note:b }")
    assert (bool(yes), bool(no), len(yes)) == (True, False, 0)
    assert (str(yes), repr(no), yes._repr_html_()) == ("yes", "<kg.Result: False>", "<p>yes</p>")
    made = graph.query("CONSTRUCT { ?n :about ?c } { ?n :mentions ?c. ?c a :Country }")
    assert made.variables == ("subject", "predicate", "object")
    assert {row.object.rpartition("/")[2] for row in made} == {"GH", "TG"}
    assert "note:b :about country:GH ." in str(made)


def test_text_in_every_format(graph: kg.Graph) -> None:
    found = graph.query("SELECT ?l { note:a rdfs:label ?l }")
    assert found.to_text("csv") == "l\r\nA bold title\r\n"
    assert str(found).split("\n")[2] == "A bold title"
    with pytest.raises(kg.KgError, match="did you mean"):
        found.to_text("jsn")
    with pytest.raises(kg.KgError, match="holds triples"):
        found.to_text("turtle")


def test_a_notebook_shows_a_table_that_runs_nothing(graph: kg.Graph) -> None:
    page = graph.query(
        "SELECT ('<script>x</script>' AS ?a) (<https://youtu.be/x?t=1> AS ?b) (note:a AS ?c) (<javascript:x> AS ?d) ?e {}"
    )._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert '<a href="https://youtu.be/x?t=1" rel="noreferrer">https://youtu.be/x?t=1</a>' in page
    assert "<td>note:a</td>" in page
    assert page.count("href") == 1
    many = graph.query("SELECT ?s { ?s ?p ?o }")
    assert many._repr_html_().count("<tr>") == 61
    assert f"{len(many) - 60} more rows" in many._repr_html_()


@pytest.mark.parametrize(
    ("text", "datatype", "meant"),
    [
        ("12", "integer", 12),
        ("+7", "nonNegativeInteger", 7),
        ("1_000", "integer", "1_000"),
        ("9" * 5000, "integer", "9" * 5000),
        ("0.9", "decimal", 0.9),
        ("1e3", "double", 1000.0),
        ("INF", "double", math.inf),
        ("infinity", "double", "infinity"),
        ("true", "boolean", True),
        ("0", "boolean", False),
        ("yes", "boolean", "yes"),
        ("2024-02-29", "date", dt.date(2024, 2, 29)),
        ("2023-02-29", "date", "2023-02-29"),
        ("2024-02-29T10:00:00Z", "dateTime", dt.datetime(2024, 2, 29, 10, tzinfo=dt.UTC)),
        ("12024-02-29T10:00:00", "dateTime", "12024-02-29T10:00:00"),
        ("10:00:00", "time", dt.time(10)),
        ("2024", "gYear", "2024"),
        ("x", "string", "x"),
    ],
)
def test_a_literal_as_python_has_it(text: str, datatype: str, meant: Any) -> None:
    found = value(Literal(text, datatype=NamedNode(XSD + datatype)))
    assert found == meant
    assert type(found) is type(meant)


@given(st.text(), st.sampled_from(["integer", "decimal", "double", "boolean", "date", "dateTime", "time", "string", "nothing"]))
def test_every_literal_has_a_value(text: str, datatype: str) -> None:
    text = text.encode("utf-8", "replace").decode("utf-8")
    assert value(Literal(text, datatype=NamedNode(XSD + datatype))) is not None


def test_an_iri_is_a_text_that_is_known() -> None:
    assert IRI("a:b") == "a:b"
    assert repr(IRI("a:b")) == "<a:b>"
    assert value(None) is None


def test_values_of_variables(graph: kg.Graph) -> None:
    question = "SELECT ?note { ?p :names ?country; :note ?note; :line ?line }"
    both = {"https://example.org/kg/note/a", "https://example.org/kg/note/b"}
    country = graph.query("SELECT ?c { ?c a :Country } ORDER BY ?c")[0].c
    assert country == "https://example.org/kg/country/GH"
    for name in ("country:GH", "<country/GH>", country, NamedNode(country), rdflib.URIRef(country)):
        assert {row.note for row in graph.query(question, country=name, line=2)} == both
    assert not graph.query(question, parameters={"country": country}, line=3)
    assert not graph.query(question, country=str(country), line=2)  # a text that nobody says is an IRI is a text


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("country:PT", "<https://example.org/kg/country/PT>"),
        ("12", '"12"'),
        ('a "quoted" \\ } text', '"a \\"quoted\\" \\\\ } text"'),
        (12, f'"12"^^<{XSD}integer>'),
        (True, f'"true"^^<{XSD}boolean>'),
        (0.5, f'"0.5"^^<{XSD}double>'),
        (math.inf, f'"INF"^^<{XSD}double>'),
        (Decimal("1.10"), f'"1.10"^^<{XSD}decimal>'),
        (dt.date(2024, 2, 29), f'"2024-02-29"^^<{XSD}date>'),
        (dt.datetime(2024, 2, 29, 10, tzinfo=dt.UTC), f'"2024-02-29T10:00:00+00:00"^^<{XSD}dateTime>'),
        (Literal("país", language="es"), '"país"@es'),
        (Literal("x"), '"x"'),
        (rdflib.Literal("país", lang="es"), '"país"@es'),
        (rdflib.Literal(5), f'"5"^^<{XSD}integer>'),
    ],
)
def test_a_python_value_as_a_term(given: object, written: str) -> None:
    assert of(given, Names()).written == written


def test_an_empty_answer_says_why(graph: kg.Graph) -> None:
    found = graph.query("SELECT ?n { ?n :mention country:PT }")
    assert "did you mean :mentions?" in found.doubts[0]
    assert found.doubts[0] in repr(found)
    assert "<p>" in found._repr_html_()
    assert graph.query("SELECT (COUNT(?n) AS ?c) { ?n :mentions <urn:nobody> }").doubts
    assert graph.query("SELECT ?n { ?n a :Note }").doubts == []


@pytest.mark.parametrize("wrong", [{"timeout": "x"}, {"timeout": None}, {"timeout": -1}, {"timeout": True}, {"timeout": float("nan")}])
def test_a_time_that_is_none_is_told(graph: kg.Graph, wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="timeout is a number of seconds"):
        graph.query("ASK {}", **wrong)
    with pytest.raises(UsageError, match="a query is a text, not None"):
        graph.query(cast("str", None))


def test_what_has_no_term_is_told(graph: kg.Graph) -> None:
    with pytest.raises(kg.KgError, match="cannot be a value in a query"):
        graph.query("ASK { ?s ?p ?o }", o=[1, 2])
    with pytest.raises(kg.KgError, match="the query has no \\?x"):
        graph.query("ASK { ?s ?p ?o }", x=1)
