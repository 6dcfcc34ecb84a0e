"""Answers written down: read back by two independent readers, safe for a terminal, and fit for it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from rdflib.query import Result

from kg import answers, query, tables
from kg.cells import cells, cut
from kg.errors import KgError
from kg.graph import Graph
from kg.names import Names
from kg.query import Answer

NAMES = Names()
READ = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "tsv": QueryResultsFormat.TSV}
XSD = "http://www.w3.org/2001/XMLSchema#"
TERMS = [
    NamedNode("https://example.org/kg/country/PT"),
    NamedNode("https://example.org/ä/日本"),
    BlankNode("b0"),
    Literal("plain"),
    Literal(""),
    Literal(" blanks at both ends \t"),
    Literal('two\nlines and "quotes", commas; and \\ too'),
    Literal("a return\r"),
    Literal("<b>&amp;]]></b>"),
    Literal("Olá", language="pt-BR"),
    Literal("5", datatype=NamedNode(XSD + "integer")),
    Literal("1.5", datatype=NamedNode(XSD + "double")),
    Literal("true", datatype=NamedNode(XSD + "boolean")),
    Literal("x", datatype=NamedNode("https://example.org/type")),
    Literal("👩\u200d🔬 \u202eright to left\u202c"),
    None,
]
NEWER = [
    Triple(NamedNode("https://example.org/s"), NamedNode("https://example.org/p"), Literal("o", language="en")),
    Literal("سلام", language="ar", direction=BaseDirection.RTL),
]
"""What SPARQL 1.2 adds; rdflib 7 does not read it."""


def answer(rows: list[tuple[Any, ...]], *names: str) -> Answer:
    return Answer("select", names, iter(rows))


def written(rows: list[tuple[Any, ...]], form: str, *names: str) -> str:
    return "".join(answers.write(answer(rows, *names), form, NAMES))


# -- for programs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", READ)
def test_one_reader_reads_what_was_answered(form: str) -> None:
    rows = [(term, at, None) for at, term in zip(TERMS + NEWER, reversed(TERMS + NEWER), strict=True)]
    found = parse_query_results(written(rows, form, "a", "b", "c").encode(), format=READ[form])
    assert isinstance(found, QuerySolutions)
    assert [each.value for each in found.variables] == ["a", "b", "c"]
    assert [tuple(each) for each in found] == rows


@pytest.mark.parametrize("form", READ)
def test_another_reader_reads_the_same(form: str) -> None:
    rows = [(term, NamedNode("https://example.org/x")) for term in TERMS]
    found = Result.parse(io.BytesIO(written(rows, form, "a", "b").encode()), format=form)
    assert found.vars is not None
    assert [str(each) for each in found.vars] == ["a", "b"]
    assert [_said(row.get("a")) for row in _bindings(found)] == [_said(term) for term in TERMS]


def _bindings(found: Result) -> Iterator[dict[str, Any]]:
    for each in found.bindings:
        yield {str(name): value for name, value in each.items()}


def _said(term: Any) -> tuple[str, str, str]:
    """Give what both libraries say of a term: the value, the language, the type; blank nodes have names of their own."""
    if term is None or "BNode" in type(term).__name__ or isinstance(term, BlankNode):
        return (type(term).__name__.replace("BNode", "BlankNode"), "", "")
    datatype = str(getattr(term, "datatype", None) or "").strip("<>")
    language = (getattr(term, "language", None) or "").lower()
    return (
        str(getattr(term, "value", term)) if not hasattr(term, "n3") else str(term),
        language,
        "" if datatype.endswith(("#string", "#langString")) else datatype,
    )


def test_csv_is_what_a_spreadsheet_reads() -> None:
    import csv

    text = written([(term,) for term in TERMS + NEWER], "csv", "a")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    values = [str(getattr(term, "value", "")) for term in TERMS]
    values[2] = "_:b0"
    assert [row[0] if row else "" for row in rows] == ["a", *values, '<<( <https://example.org/s> <https://example.org/p> "o"@en )>>', "سلام"]
    assert text.count("\r\n") == len(TERMS) + 3
    found = Result.parse(io.BytesIO(written([(term, Literal(1)) for term in TERMS], "csv", "a", "b").encode()), format="csv")
    assert [str(row.get("a", "")) for row in _bindings(found) if not row.get("a", "").startswith(("N", "f"))][:2] == values[:2]


def test_control_characters_come_through_where_the_format_can_hold_them() -> None:
    term = Literal("bell\x07 escape\x1b nothing\x00")
    for form in ("json", "tsv"):
        (row,) = parse_query_results(written([(term,)], form, "a").encode(), format=READ[form])  # type: ignore[misc]
        assert tuple(row) == (term,)
    (row,) = parse_query_results(written([(term,)], "xml", "a").encode(), format=READ["xml"])  # type: ignore[misc]
    assert tuple(row) == (Literal("bell\ufffd escape\ufffd nothing\ufffd"),)


@pytest.mark.parametrize("truth", [True, False])
def test_yes_and_no(truth: bool) -> None:
    word = "true" if truth else "false"
    said = {form: "".join(answers.write(Answer("ask", (), iter(()), truth), form, NAMES)) for form in answers.ROWS}
    for form in ("json", "xml"):
        found = parse_query_results(said[form].encode(), format=READ[form])
        assert isinstance(found, QueryBoolean)
        assert bool(found) is truth
        assert Result.parse(io.BytesIO(said[form].encode()), format=form).askAnswer is truth
    assert (said["csv"], said["tsv"], said["markdown"], said["table"]) == (f"{word}\n", f"{word}\n", f"{word}\n", "yes\n" if truth else "no\n")


def test_a_triple_of_triples_is_turtle_again(samples: Graph) -> None:
    asked = "CONSTRUCT { ?n rdf:reifies <<( ?n a :Note )>> } { ?n a :Note } LIMIT 1"
    for form, read in (("turtle", RdfFormat.TURTLE), ("ntriples", RdfFormat.N_TRIPLES)):
        text = "".join(answers.write(query.ask(samples.store, asked, samples.names), form, samples.names))
        (found,) = parse(text.encode(), format=read, base_iri=samples.names.base)
        assert isinstance(found.object, Triple)
    with pytest.raises(KgError, match="JSON-LD cannot hold"):
        list(answers.write(query.ask(samples.store, asked, samples.names), "jsonld", samples.names))


@pytest.mark.parametrize("form", [*READ, "csv", "markdown"])
def test_rows_go_out_before_the_last_is_there(form: str) -> None:
    given_out = 0

    def rows() -> Iterator[tuple[Any, ...]]:
        nonlocal given_out
        for _ in range(5000):
            given_out += 1
            yield (Literal("x" * 20),)

    size = 0
    for piece in answers.write(Answer("select", ("a",), rows()), form, NAMES):
        size += len(piece)
        if size > 200:
            break
    assert given_out < 100


def test_a_table_holds_a_thousand_rows_and_no_more() -> None:
    read = 0

    def rows() -> Iterator[tuple[Any, ...]]:
        nonlocal read
        for at in range(tables.SAMPLE + 50):
            read += 1
            yield (Literal("long " * at if at > tables.SAMPLE else "short"),)

    lines = answers.write(Answer("select", ("a",), rows()), "table", NAMES, width=20)
    head = [next(lines) for _ in range(3)]
    assert (head, read) == (["a\n", "─────\n", "short\n"], tables.SAMPLE)
    assert max(map(cells, lines)) <= 20 + 1


# -- for people ------------------------------------------------------------------------------------------


def test_a_table_is_read_by_people() -> None:
    rows = [(NAMED, Literal("Olá", language="pt"), Literal(5)), (BlankNode("x"), Literal("x", datatype=NamedNode("https://e.org/t")), None)]
    assert written(rows, "table", "thing", "words", "n") == (
        "thing       words                  n\n"
        "──────────  ─────────────────────  ─\n"
        "country:PT  Olá @pt                5\n"
        "_:x         x ^^<https://e.org/t>\n"
    )  # fmt: skip


NAMED = TERMS[0]


def test_a_table_fits_the_terminal() -> None:
    rows = [
        (Literal("word " * 40), Literal(at), NamedNode("https://example.org/kg/note/" + "long_name_" * 9), Literal("日本語" * 20)) for at in range(3)
    ]
    for width in (60, 80, 120):
        lines = "".join(answers.write(answer(rows, "text", "n", "note", "wide"), "table", NAMES, width=width)).split("\n")
        assert max(map(cells, lines)) <= width
        assert max(map(cells, lines)) > width - 6
        assert all("…" in line for line in lines[2:-1])


def test_a_place_keeps_its_line() -> None:
    text = written([(Literal("a_folder/a_note_with_a_long_name.md:26"), Literal("word " * 20))], "table", "place", "text")
    assert ".md:26" in text
    narrow = "".join(
        answers.write(
            answer([(Literal("a_folder/a_note_with_a_long_name.md:26"), Literal("word " * 20))], "place", "text"), "table", Names(), width=40
        )
    )
    assert "…:26 " in narrow


def test_without_a_terminal_nothing_is_cut() -> None:
    text = "word " * 60
    assert text.strip() in written([(Literal(text), Literal(1)), (Literal("x"), Literal(2))], "table", "a", "b")


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_nothing_steers_the_terminal(form: str) -> None:
    text = written([(Literal("\x1b[31mred\x07\u202e\u2066"), NamedNode("https://example.org/\u202ex"))], form, "a", "b")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "\ufffd" in text


def test_cells_lead_to_videos_and_files_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "a b.md").write_text("x", encoding="utf-8")
    link = tables.linker(NAMES, str(tmp_path))
    to = {
        "https://youtu.be/x?t=5": "https://youtu.be/x?t=5",
        "https://example.org/kg/note/a%20b#p-1": (tmp_path / "a b.md").as_uri(),
        "https://example.org/kg/note/nowhere": "",
        "https://example.org/kg/note/../../etc/passwd": "",
        "https://example.org/kg/country/PT": "",
        "javascript:alert(1)": "",
        "https://example.org/ä": "https://example.org/%C3%A4",
    }
    assert {iri: link(NamedNode(iri)) for iri in to} == to
    assert link(Literal("https://youtu.be/x")) == ""
    rows = [(NamedNode("https://youtu.be/x?t=5"), Literal(1))]
    (_, _, line) = answers.write(answer(rows, "a", "b"), "table", NAMES, width=20, link=link)
    assert line == "\x1b]8;;https://youtu.be/x?t=5\x1b\\https://youtu.be…\x1b]8;;\x1b\\  1\n"


def test_markdown_shows_signs_as_they_are() -> None:
    text = written([(Literal("a|b *c* _d_ `e` <f> [g](h) ~~i~~ &amp; $j$ \\k #l !m\nn"),)], "markdown", "a_b")
    assert text == "| a\\_b |\n| --- |\n" + r"| a\|b \*c\* \_d\_ \`e\` \<f\> \[g\](h) \~\~i\~\~ \&amp; \$j\$ \\k \#l \!m n |" + "\n"


@given(st.text(), st.integers(1, 30))
def test_a_cut_text_fits(text: str, most: int) -> None:
    shown = cut(text, most)
    assert cells(shown) <= most
    assert shown == text or shown.endswith("…")


@given(st.lists(st.integers(1, 300), min_size=1, max_size=9), st.integers(20, 200))
def test_columns_are_squeezed_no_more_than_needed(widths: list[int], room: int) -> None:
    found = tables.squeezed(widths, room)
    assert all(got <= had and got >= min(had, 8) for got, had in zip(found, widths, strict=True))
    assert sum(found) == min(sum(widths), max(room, sum(min(each, 8) for each in widths)))
