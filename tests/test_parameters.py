"""Values put into queries: as terms, wherever the variable stands, and never as text."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, Store

from kg import guard, parameters
from kg.errors import KgError, QueryError, UsageError
from kg.names import Names
from kg.parameters import insert
from kg.values import Value, iri, literal, of, read

EX = "http://example.net/"
DATA = """
@prefix : <http://example.net/> .
:a :p :b , :c ; :q "one" , "two" ; :n 1 .
:b :p :c , :a ; :q "one" ; :n 2 .
:c :p :c ; :q "it's \\"so\\"" .
"""


@pytest.fixture(scope="module")
def store() -> Store:
    found = Store()
    found.load(DATA.encode(), format=RdfFormat.TURTLE)
    return found


def rows(store: Store, text: str) -> list[tuple[str, ...]]:
    """Run a query and give its rows, in an order of their own, columns by their names."""
    guard.check(text)
    found = store.query(text, prefixes={"": EX})
    if isinstance(found, QueryBoolean):
        return [(str(bool(found)),)]
    if isinstance(found, QueryTriples):
        return sorted({tuple(map(str, each)) for each in found})
    assert isinstance(found, QuerySolutions)
    names = sorted(each.value for each in found.variables)
    return sorted(tuple(f"{name}={row[name]}" for name in names) for row in found)


def first(store: Store, text: str) -> str:
    """Give the value of the one column of the one row."""
    found = store.query(text)
    assert isinstance(found, QuerySolutions)
    ((term,),) = found
    return str(getattr(term, "value", None))


A = iri(EX + "a")

EQUAL = [
    ("SELECT ?c ?x { ?c :p ?x }", "SELECT ?c ?x { VALUES ?c { :a } ?c :p ?x }"),
    ("SELECT ?x ?c { ?x :p $c }", "SELECT ?x ?c { VALUES ?c { :a } ?x :p ?c }"),
    ("SELECT * { ?c :p ?x }", "SELECT * { VALUES ?c { :a } ?c :p ?x }"),
    ("SELECT DISTINCT * WHERE { ?x :p ?y FILTER(?x = ?c) }", "SELECT DISTINCT * { VALUES ?c { :a } ?x :p ?y FILTER(?x = ?c) }"),
    ("SELECT ?x { ?c :p ?x }", "SELECT ?x { :a :p ?x }"),
    ("SELECT (?c AS ?d) ?x { ?c :p ?x }", "SELECT (:a AS ?d) ?x { :a :p ?x }"),
    ("SELECT ?c (COUNT(?x) AS ?n) { ?c :p ?x } GROUP BY ?c", "SELECT ?c (COUNT(?x) AS ?n) { VALUES ?c { :a } ?c :p ?x } GROUP BY ?c"),
    ("SELECT (COUNT(?c) AS ?n) { ?x :p ?c }", "SELECT (COUNT(?c) AS ?n) { VALUES ?c { :a } ?x :p ?c }"),
    ("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?x :p ?c }", "SELECT (COUNT(DISTINCT ?c) AS ?n) { VALUES ?c { :a } ?x :p ?c }"),
    ("SELECT ?x { ?c :p ?x } GROUP BY ?x ?c HAVING(?c = :a)", "SELECT ?x { :a :p ?x }"),
    ("SELECT ?x { ?c :p ?x } ORDER BY ?c DESC(?x) LIMIT 1", "SELECT ?x { :a :p ?x } ORDER BY DESC(?x) LIMIT 1"),
    ("SELECT ?x { ?c :p ?x } ORDER BY (?x = ?c) ?x LIMIT 1", "SELECT ?x { :a :p ?x } ORDER BY (?x = :a) ?x LIMIT 1"),
    ("SELECT ?x { ?x :p ?y } GROUP BY ?x HAVING(COUNT(?y) > COUNT(?c) - 1 && ?x = ?c)", "SELECT ?x { VALUES ?x { :a } }"),
    ("SELECT ?x { ?x :p ?y } GROUP BY ?x ORDER BY DESC(?x = ?c) ?c DESC(?c) STR(?c) LIMIT 1", "SELECT ?x { VALUES ?x { :a } }"),
    ("SELECT ?c (COUNT(?x) AS ?n) { ?c :p ?x }", "SELECT (:a AS ?c) (COUNT(?x) AS ?n) { :a :p ?x }"),
    ("SELECT ?c (COUNT(?x) AS ?n) ?m { ?c :p ?x; :n ?m } GROUP BY ?m", "SELECT (:a AS ?c) (COUNT(?x) AS ?n) ?m { :a :p ?x; :n ?m } GROUP BY ?m"),
    (
        "SELECT ?x (?c = ?x AS ?same) (COUNT(*) AS ?n) { ?x :p ?y } GROUP BY ?x",
        "SELECT ?x (:a = ?x AS ?same) (COUNT(*) AS ?n) { ?x :p ?y } GROUP BY ?x",
    ),
    ("SELECT ?same { ?x :p ?y } GROUP BY (?x = ?c AS ?same)", "SELECT DISTINCT ?same { ?x :p ?y BIND(?x = :a AS ?same) }"),
    ("SELECT (BOUND(?c) AS ?b) (COUNT(*) AS ?n) { ?c :p ?y }", "SELECT (true AS ?b) (COUNT(*) AS ?n) { :a :p ?y }"),
    ("SELECT (GROUP_CONCAT(?c) AS ?all) { ?c :p ?x }", "SELECT (GROUP_CONCAT(:a) AS ?all) { :a :p ?x }"),
    # Sub-SELECTs, that give the variable and that do not.
    ("SELECT ?c ?x { { SELECT ?c ?x { ?c :p ?x } } }", "SELECT ?c ?x { VALUES ?c { :a } ?c :p ?x }"),
    ("SELECT ?c ?x { SELECT ?c ?x { ?c :p ?x } }", "SELECT ?c ?x { VALUES ?c { :a } ?c :p ?x }"),
    ("SELECT ?c ?x { SELECT ?x { ?c :p ?x } LIMIT 5 }", "SELECT ?c ?x { VALUES ?c { :a } ?c :p ?x }"),
    ("SELECT * { { SELECT ?c (COUNT(*) AS ?n) { ?c :p ?x } GROUP BY ?c } ?c :n ?m }", "SELECT * { VALUES (?c ?n ?m) { (:a 2 1) } }"),
    ("SELECT ?n { { SELECT (COUNT(?x) AS ?n) { ?x :p ?c } } }", "SELECT (COUNT(?x) AS ?n) { ?x :p :a }"),
    ("SELECT ?x { { SELECT ?x { ?c :p ?x } GROUP BY ?x ?c } ?x :p ?c }", "SELECT DISTINCT ?x { :a :p ?x . ?x :p :a }"),
    # Groups of all sorts.
    ("SELECT ?x ?y { ?x :p ?y OPTIONAL { ?y :p ?c } }", "SELECT ?x ?y { ?x :p ?y OPTIONAL { ?y :p :a } }"),
    ("SELECT ?x ?c { { ?c :p ?x } UNION { ?x :p ?c } }", "SELECT ?x ?c { VALUES ?c { :a } { ?c :p ?x } UNION { ?x :p ?c } }"),
    ("SELECT ?x { ?x :p ?y FILTER EXISTS { ?x :p ?c } }", "SELECT ?x { ?x :p ?y FILTER EXISTS { ?x :p :a } }"),
    ("SELECT ?x { ?x :p ?y FILTER NOT EXISTS { ?x :p ?c } }", "SELECT ?x { ?x :p ?y FILTER NOT EXISTS { ?x :p :a } }"),
    ("SELECT ?x (EXISTS { ?x :p ?c } AS ?e) { ?x :n ?m }", "SELECT ?x (EXISTS { ?x :p :a } AS ?e) { ?x :n ?m }"),
    ("SELECT ?x { ?c :p ?x MINUS { ?c :p :b } }", "SELECT ?x { VALUES ?c { :a } ?c :p ?x MINUS { ?c :p :b } }"),
    ("SELECT ?x { ?c :p ?x MINUS { ?c :n 7 } }", "SELECT ?x { VALUES ?c { :a } ?c :p ?x MINUS { ?c :n 7 } }"),
    ("SELECT ?c ?x { ?c :p ?x MINUS { ?x :p ?c } }", "SELECT ?c ?x { VALUES ?c { :a } ?c :p ?x MINUS { ?x :p ?c } }"),
    ("SELECT ?x { ?x :p ?y MINUS { ?c :n ?m } }", "SELECT ?x { ?x :p ?y }"),
    ("SELECT ?x { ?x :p ?y { ?c :p ?x MINUS { ?c :n 1 } } }", "SELECT ?x { FILTER(false) }"),
    ("SELECT ?x { ?x :p ?y FILTER(BOUND(?c) && ?y = ?c) }", "SELECT ?x { ?x :p :a }"),
    ("SELECT ?x { ?x :p ?y FILTER(!bound( ?c )) }", "SELECT ?x { FILTER(false) }"),
    ("SELECT ?x { ?x :p ?y FILTER BOUND(?c) }", "SELECT ?x { ?x :p ?y }"),
    ("SELECT ?x { ?x :p ?y FILTER(?y IN (?c, :b)) }", "SELECT ?x { ?x :p ?y FILTER(?y IN (:a, :b)) }"),
    ("SELECT ?x { ?x :p ?y BIND(?c AS ?z) FILTER(?y = ?z) }", "SELECT ?x { ?x :p :a }"),
    ("SELECT ?x { VALUES ?x { :b ?c } ?x :n ?m }", "SELECT ?x { VALUES ?x { :b :a } }"),
    ("SELECT ?x { ?c :p ?x; :n ?m . ?x :p ?c }", "SELECT ?x { :a :p ?x; :n ?m . ?x :p :a }"),
    ("SELECT ?x{?c:p?x.?x:p?c}", "SELECT ?x { :a :p ?x . ?x :p :a }"),
    ("SELECT ?x{?x :p ?y FILTER(?y=?c||?x=?c)}", "SELECT ?x { ?x :p ?y FILTER(?y = :a || ?x = :a) }"),
    ("SELECT ?x { [ :p ?c ] :n ?x }", "SELECT ?x { ?y :p :a; :n ?x }"),
    ("ASK { ?c :p :b }", "ASK { :a :p :b }"),
    ("ASK { ?c :p :zzz }", "ASK { :a :p :zzz }"),
    ("CONSTRUCT { ?c :was ?x } WHERE { ?c :p ?x }", "CONSTRUCT { :a :was ?x } WHERE { :a :p ?x }"),
    ("CONSTRUCT WHERE { ?c :p ?x }", "CONSTRUCT WHERE { :a :p ?x }"),
    ("CONSTRUCT { ?x :of ?c } { ?c :p ?x } ORDER BY ?c ?x LIMIT 1", "CONSTRUCT { ?x :of :a } { :a :p ?x } ORDER BY ?x LIMIT 1"),
    ("DESCRIBE ?c", "DESCRIBE :a"),
    ("DESCRIBE ?c :b", "DESCRIBE :a :b"),
    ("DESCRIBE ?c ?x { ?c :p ?x }", "DESCRIBE ?c ?x { VALUES ?c { :a } ?c :p ?x }"),
    ("DESCRIBE * { ?x :p ?c }", "DESCRIBE * { VALUES ?c { :a } ?x :p ?c }"),
    # What is not the variable, though it looks so.
    ('SELECT ?x { ?c :q ?x FILTER(?x != "?c") } # ?c', 'SELECT ?x { :a :q ?x FILTER(?x != "?c") }'),
    ("SELECT ?x { ?c :p ?x FILTER(?x != <http://e/?c>) # ?c }\n}", "SELECT ?x { :a :p ?x }"),
    ("SELECT ?x { ?c :p ?x FILTER(?x != <http://e/\\u0061?c>) }", "SELECT ?x { :a :p ?x }"),
    ("SELECT ?cc { ?c :p ?cc }", "SELECT ?cc { :a :p ?cc }"),
    ("SELECT ?c\u0301 { ?c :p ?c\u0301 }", "SELECT ?c\u0301 { :a :p ?c\u0301 }"),
    ("SELECT ?x { ?c :p?/:n ?x }", "SELECT ?x { :a :p?/:n ?x }"),
    ("PREFIX c: <http://example.net/> SELECT ?x { c:a :p ?x . ?c :p ?x }", "SELECT ?x { :a :p ?x }"),
]


@pytest.mark.parametrize(("asked", "same"), EQUAL, ids=[asked for asked, _ in EQUAL])
def test_a_value_is_put_in(store: Store, asked: str, same: str) -> None:
    assert rows(store, insert(asked, {"c": A})) == rows(store, same)


VERBS = [
    ("SELECT ?x { :a ?c ?x }", "SELECT ?x { :a :p ?x }"),
    ("SELECT ?c ?x { :a ?c ?x }", "SELECT ?c ?x { VALUES ?c { :p } :a ?c ?x }"),
    ("SELECT ?x { :a ?c/?c ?x }", "SELECT ?x { :a :p/:p ?x }"),
    ("SELECT ?x { :a ^?c|?c+ ?x }", "SELECT ?x { :a ^:p|:p+ ?x }"),
    ("SELECT ?x { :a (?c/:p)* ?x }", "SELECT ?x { :a (:p/:p)* ?x }"),
    ("SELECT ?x { ?x :n 1; ?c ?y }", "SELECT ?x { ?x :n 1; :p ?y }"),
]


@pytest.mark.parametrize(("asked", "same"), VERBS, ids=[asked for asked, _ in VERBS])
def test_a_value_may_be_a_property_and_stand_in_a_path(store: Store, asked: str, same: str) -> None:
    assert rows(store, insert(asked, {"c": iri(EX + "p")})) == rows(store, same)


def test_a_text_may_be_an_object_and_in_expressions(store: Store) -> None:
    one = literal("one")
    assert rows(store, insert("SELECT ?x ?c { ?x :q ?c }", {"c": one})) == rows(store, 'SELECT ?x ?c { VALUES ?c { "one" } ?x :q ?c }')
    assert rows(store, insert("SELECT ?x { ?x :q ?y FILTER(CONTAINS(?y, ?c)) }", {"c": literal("wo")})) == [(f"x=<{EX}a>",)]
    assert rows(store, insert("SELECT ?x { VALUES ?y { ?c } ?x :q ?y }", {"c": literal("two")})) == [(f"x=<{EX}a>",)]
    number = Value('"1"^^<http://www.w3.org/2001/XMLSchema#integer>', literal=True)
    assert rows(store, insert("SELECT ?x{?x :n ?m FILTER(?m-?c=0)}", {"c": number})) == [(f"x=<{EX}a>",)]
    assert rows(store, insert("SELECT ?x { ?x :q ?c }", {"c": literal('it\'s "so"')})) == [(f"x=<{EX}c>",)]


def test_several_values_at_once(store: Store) -> None:
    asked = "SELECT ?a ?b ?m { ?a :p ?b; :n ?m } ORDER BY ?b ?a"
    assert rows(store, insert(asked, {"a": A, "b": iri(EX + "c")})) == rows(store, "SELECT ?a ?b ?m { VALUES (?a ?b) { (:a :c) } ?a :n ?m }")


WRONG = [
    ("SELECT * { ?x :p ?country }", "county", "the query has no ?county\n  hint: did you mean country?"),
    ("SELECT * { ?note :p ?year }", "zzzzz", "the query has no ?zzzzz\n  hint: it has ?note, ?year"),
    ("ASK {}", "c", "the query has no ?c\n  hint: it has no variables"),
    ("ASK { <urn:?c> :p 'c ?c' } # ?c", "c", "the query has no ?c"),
    ("SELECT * { ?x :p ?y BIND(?y AS ?c) }", "c", "query:1:32: the query itself gives ?c a value"),
    ("SELECT (COUNT(*) AS ?c) { ?x :p ?y }", "c", "query:1:21: the query itself gives ?c a value"),
    ("SELECT * { VALUES ?c { 1 } ?x :p ?c }", "c", "query:1:19: the query itself gives ?c a value"),
    ("SELECT * { VALUES (?x ?c) { (1 2) } }", "c", "query:1:23: the query itself gives ?c a value"),
    ("SELECT * { ?x :p ?c } VALUES ?c { 1 }", "c", "query:1:30: the query itself gives ?c a value"),
    ("SELECT * { ?x :p ?c } GROUP BY (1 AS ?c)", "c", "query:1:38: the query itself gives ?c a value"),
]


@pytest.mark.parametrize(("asked", "name", "said"), WRONG)
def test_what_cannot_be_put_in_is_told(asked: str, name: str, said: str) -> None:
    with pytest.raises(KgError) as told:
        insert(asked, {name: A})
    assert str(told.value).startswith(said)


def test_less_than_without_a_blank_is_told() -> None:
    with pytest.raises(QueryError, match="<\\?c&&\\?y> reads as an IRI"):
        insert("ASK { ?x :p ?c, ?y FILTER(?x<?c&&?y>3) }", {"c": A})
    assert insert("ASK { ?x :p ?c . FILTER(?x = <http://e/a?c=1>) }", {"c": A}).count("<http://e/a?c=1>") == 1


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("SELECT * { ?c :p ?x }", "a subject"),
        ("SELECT * { ?x :p 1 . ?c :p ?x }", "a subject"),
        ("SELECT * { ?x :p 1 FILTER(?x) ?c a ?x }", "a subject"),
        ("SELECT * { OPTIONAL { ?x :p 1 } ?c ?y ?x }", "a subject"),
        ("CONSTRUCT { ?c :p ?x } { ?x :p ?c }", "a subject"),
        ("SELECT * { GRAPH ?g { ?c :p ?x } }", "a subject"),
        ("SELECT * { ?x ?c ?y }", "a predicate"),
        ("SELECT * { ?x ?c 'a' }", "a predicate"),
        ("SELECT * { ?x :p 1; ?c ?y }", "a predicate"),
        ("SELECT * { [ ?c ?y ] :p 1 }", "a predicate"),
        ("SELECT * { ?x ?c/:p ?y }", "a predicate"),
        ("SELECT * { ?x ^?c ?y }", "a predicate"),
        ("SELECT * { GRAPH ?c { ?x ?y ?z } }", "the name of a graph"),
        ("DESCRIBE ?c", "what DESCRIBE names"),
    ],
)
def test_a_text_where_only_an_iri_can_stand_is_told(asked: str, place: str) -> None:
    with pytest.raises(QueryError, match=f'\\?c is {place}, which is an IRI and not a text such as "Portugal"\n') as told:
        insert(asked, {"c": literal("Portugal")})
    assert "--param c=country:PT" in told.value.hint
    assert insert(asked, {"c": A})


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("SELECT ?c {", "SELECT ?c {"),
        ("SELECT ?c }", "SELECT ?c }"),
        ("} ?c {", "}  <http://example.net/a>  {"),
        ("SELECT ?c", "SELECT ?c"),
        ("?c", " <http://example.net/a> "),
        ("SELECT * { ?c } }", "SELECT * {  <http://example.net/a>  VALUES ?c { <http://example.net/a> } } }"),
        ("( ?c [ ?c", "(  <http://example.net/a>  [  <http://example.net/a> "),
        ("{{{ ?c )))", "{{{  <http://example.net/a>  )))"),
        ("MINUS { ?c }", "MINUS {  <http://example.net/a>  }"),
    ],
)
def test_what_is_no_query_is_left_to_the_engine(asked: str, given: str) -> None:
    assert insert(asked, {"c": A}) == given


# -- values as people write them -------------------------------------------------------------------

XSD = "http://www.w3.org/2001/XMLSchema#"
KG = "https://example.org/kg/"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("country:PT", f"<{KG}country/PT>"),
        (":Note", "<https://w3id.org/kgnotes/ontology#Note>"),
        ("yt:JkIhnK7qf-w?t=927", "<https://youtu.be/JkIhnK7qf-w?t=927>"),
        ("<https://youtu.be/a?t=1>", "<https://youtu.be/a?t=1>"),
        ("<note/folder/x>", f"<{KG}note/folder/x>"),
        ("12", f'"12"^^<{XSD}integer>'),
        ("-3", f'"-3"^^<{XSD}integer>'),
        ("1.5", f'"1.5"^^<{XSD}decimal>'),
        ("1e6", f'"1e6"^^<{XSD}double>'),
        ("true", f'"true"^^<{XSD}boolean>'),
        ('"Portugal"@en', '"Portugal"@en'),
        ("'Portugal'@pt-BR", '"Portugal"@pt-BR'),
        ('"2020"^^xsd:gYear', f'"2020"^^<{XSD}gYear>'),
        (f'"2020"^^<{XSD}gYear>', f'"2020"^^<{XSD}gYear>'),
        ('"12"', '"12"'),
        ('"a \\"b\\" \\u0063"', '"a \\"b\\" c"'),
        ('"""a "b" """', '"a \\"b\\" "'),
        ("Portugal", '"Portugal"'),
        ("Estamos ON", '"Estamos ON"'),
        ("note: remember", '"note: remember"'),
        ("note:a b", '"note:a b"'),
        ("http://example.net/", '"http://example.net/"'),
        ("12:30", '"12:30"'),
        ("True", '"True"'),
        ("١٢", '"١٢"'),
        ("", '""'),
        ("?x", '"?x"'),
        ('"half', '"\\"half"'),
        ('"a" and "b"', '"\\"a\\" and \\"b\\""'),
        ('"a"@en }', '"\\"a\\"@en }"'),
        ("a\tb\nc", '"a\\tb\\nc"'),
    ],
)
def test_a_value_is_read(text: str, written: str) -> None:
    assert read(text, Names()).written == written


def test_a_value_may_use_the_prefixes_of_the_query() -> None:
    assert read("my:x", Names(), "PREFIX my: <urn:my/> ASK {}").written == "<urn:my/x>"
    assert read("my:x", Names()).literal


@pytest.mark.parametrize("text", ["\ud800", '"a"@toolonglanguagetag', "<urn:%zz\\>", '"x"@en-toolongsubtag', "<http://a\ue000b{>"])
def test_a_value_that_is_no_term_is_told(text: str) -> None:
    with pytest.raises(UsageError, match=r"cannot be a value|is no IRI"):
        read(text, Names())


def test_a_program_may_give_numbers_and_terms() -> None:
    names = Names()
    given = [3, True, 1.5, "country:PT", NamedNode("urn:x"), Literal("country:PT"), Literal("a", language="en"), Literal(2)]
    assert [of(each, names).written for each in given] == [
        f'"3"^^<{XSD}integer>', f'"true"^^<{XSD}boolean>', f'"1.5"^^<{XSD}double>', f"<{KG}country/PT>", "<urn:x>", '"country:PT"', '"a"@en', f'"2"^^<{XSD}integer>',
    ]  # fmt: skip
    with pytest.raises(UsageError, match="None cannot be a value"):
        of(None, names)


# -- attacks ---------------------------------------------------------------------------------------

ATTACKS = [
    '" } #',
    '"} UNION { ?s ?p ?o } #',
    '" . ?s ?p ?o . "',
    "' } SELECT * { ?s ?p ?o",
    '"""',
    "'''",
    "\\",
    '\\"',
    "\\\\",
    "\\u0022 } #",
    "\\\\u0022 } #",
    "\\U00000022 . ?s ?p ?o #",
    "\\u005C\\u0022",
    "\\u007D",
    "\n} #",
    "\r\n} # \r",
    "a\u2028} #",
    "\x00",
    "\\\x1fu0022",
    "\x1b[31m",
    "> . ?s ?p ?o . <urn:x",
    "country:PT> . ?s ?p ?o . <urn:x",
    "<urn:x> . ?s ?p ?o . <urn:y>",
    "<urn:x> } SERVICE <http://example.net/> { ?s ?p ?o",
    "<urn:\\u003E . ?s ?p ?o . \\u003C>",
    "country:PT } #",
    "country:PT\t}",
    "country:PT;:p",
    "note:x)",
    '"a"^^<urn:x> . ?s ?p ?o . "b"^^<urn:y>',
    '"a"@en . ?s ?p ?o . "b"@en',
    '"a"^^xsd:string } #',
    "1 } #",
    "1 UNION 2",
    "true } #",
    "?c",
    "$c",
    "# comment",
    "BASE <http://example.net/>",
    "LOAD <file:///etc/passwd>",
    '\ufeff" }',
    'ﬀ\u202e" }',
    "'\"'\"'\"",
    '"\\"',
    "%22%7D",
    '{|"|}',
]
QUERY = "SELECT ?c ?x { ?x :q ?c . FILTER(?c != ?x) { SELECT ?x { ?x :q ?c } } } ORDER BY ?c"


def shape(text: str) -> list[str]:
    """Give the sorts and texts of a query's tokens but for the terms of values."""
    return [each.text if each.sort not in ("string", "iri", "language", "name") else each.sort for each in guard.tokens(text)]


PLAIN = shape(insert(QUERY, {"c": literal("x")}))
TYPED = shape(insert(QUERY, {"c": literal("x", XSD + "string")}))
TAGGED = shape(insert(QUERY, {"c": literal("x", language="en")}))
THING = shape(insert(QUERY, {"c": iri("urn:x")}))


def _resolved(text: str) -> str:
    r"""Resolve \u as the specification says a processor may: before anything else."""
    return guard.numbers_read(text)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_value_changes_the_query(store: Store, attack: str) -> None:
    try:
        value = read(attack, Names())
    except UsageError:
        return
    asked = insert(QUERY, {"c": value})
    for seen in (asked, _resolved(asked)):
        assert shape(seen) in (PLAIN, TYPED, TAGGED, THING)
    assert rows(store, asked) == []
    text = insert("SELECT ?c {}", {"c": literal(attack)})
    assert first(store, text) == attack


awkward = st.text(st.sampled_from("\\\"'uU0027{}#<>?$ \n\r\t\x00\x1f\x7f\x85\u2028é")) | st.text()


@given(awkward)
def test_any_text_is_one_token_and_comes_out_as_it_went_in(text: str) -> None:
    value = literal(text)
    (token,) = guard.tokens(value.written)
    assert token.sort == "string"
    asked = insert(QUERY, {"c": value})
    assert shape(asked) == shape(_resolved(asked)) == PLAIN
    assert first(Store(), insert("SELECT ?c {}", {"c": value})) == text


@given(awkward)
def test_any_value_is_one_term(text: str) -> None:
    try:
        value = read(text, Names())
    except UsageError:
        return
    assert shape(insert(QUERY, {"c": value})) in (PLAIN, TYPED, TAGGED, THING)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_iri_is_one_token_or_refused(text: str) -> None:
    try:
        value = iri("urn:x:" + text)
    except UsageError:
        return
    (token,) = guard.tokens(value.written)
    assert token.sort == "iri"
    assert NamedNode(value.written[1:-1]).value == f"urn:x:{text}"


pieces = st.sampled_from(
    [
        "?c",
        "?x",
        "$c",
        ":p",
        "<urn:?c>",
        '"?c"',
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ".",
        ";",
        ",",
        "SELECT",
        "*",
        "WHERE",
        "FILTER",
        "MINUS",
        "GRAPH",
        "BOUND",
        "# ?c\n",
        "/",
        "a",
    ]
)


@given(st.lists(pieces, max_size=25))
def test_all_but_the_variable_stays(parts: list[str]) -> None:
    asked = " ".join(parts)
    if "c" not in parameters.variables(asked):
        return
    changed = insert(asked, {"c": A}).replace(f"VALUES ?c {{ {A.written} }} ", "")
    after = [each.text for each in guard.tokens(changed)]
    for token in guard.tokens(asked):
        if token.text.upper() == "BOUND" and after[:1] == ["("]:  # BOUND(?c) is (true)
            continue
        while after[0] != token.text and not (token.text[0] in "?$" and after[0] in (A.written, "true")):
            assert after.pop(0) in "{}", "a SELECT that stands alone in braces gets another pair"
        after.pop(0)
    assert set(after) <= {"}"}


def test_values_are_not_read_twice() -> None:
    given: Mapping[str, Value] = {"a": literal("?b"), "b": literal("?a")}
    assert insert("ASK { ?x :q ?a, ?b }", given) == 'ASK { ?x :q  "?b" ,  "?a"  }'
