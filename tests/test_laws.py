"""Laws that hold for any text: of reading, naming, writing and guarding."""

from __future__ import annotations

import contextlib
import re
import string
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg import extract, frontmatter, guard, markdown, turtle
from kg.answers import write as written
from kg.config import LANGUAGES, Config
from kg.errors import QueryError
from kg.extract import capitals, page, themes
from kg.model import Document, Note
from kg.names import Names, key, nfc, slug
from kg.query import Answer
from kg.terms import literal

words = st.text(
    st.characters(exclude_characters="[]|#\n\r\\`<>*_~$&!%^\u200b\x00\u2e0e", exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1
)
any_text = st.text(st.characters(exclude_categories=["Cs"]))
noted = st.lists(
    st.sampled_from(
        [
            "[[",
            "]]",
            "|",
            "#",
            "\n",
            "\n\n",
            "- ",
            "**",
            "`",
            "```\n",
            "%%",
            "<!--",
            "-->",
            "[00:12:05]",
            "[[a]]",
            "[[b c|d]]",
            "![[e]]",
            "---\n",
            "title: x\n",
            '<a class="yt-timestamp" data-t="00:25:05">[00:25:05]</a>',
            "Portugal",
            "the Danish",
            "From: [[ch]]\n",
            "> ",
            "| a | b |\n|--|--|\n",
            "\\",
            "é",
            "\u2028",
            "$",
        ]
    ),
    max_size=30,
).map("".join)


def read(text: str, path: str = "n.md") -> Document:
    return markdown.read(Note(path, text, ""))


@given(target=words, label=words, before=words, after=words)
def test_a_written_link_is_read_back(target: str, label: str, before: str, after: str) -> None:
    text = f"x{before} [[{target}|{label}]] {after}"
    (link,) = (link for part in read(text).parts for link in part.links)
    assert (link.target, link.shown) == (nfc(target), label)
    assert text[link.start : link.end] == f"[[{target}|{label}]]"
    assert (link.line, link.column) == (1, link.start + 1)


@given(noted)
def test_every_span_quotes_the_note(text: str) -> None:
    document = read(text)
    for part in document.parts:
        for link in part.links:
            quoted = text[link.start : link.end]
            assert quoted.startswith(("[[", "![["))
            assert quoted.endswith("]]")
            assert text.count("\n", 0, link.start) + 1 == link.line
    anchors = [part.anchor for part in document.parts]
    assert len(anchors) == len(set(anchors))


@given(st.one_of(any_text, noted))
def test_no_text_breaks_the_reader(text: str) -> None:
    document = read(text)
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= part.line <= lines for part in document.parts)
    assert all(1 <= flaw.line <= lines for flaw in document.flaws)
    assert [section.parent for section in document.sections if section.parent >= len(document.sections)] == []


@given(any_text)
def test_no_front_matter_breaks_the_reader(text: str) -> None:
    frontmatter.read(f"---\n{text}\n---\n")


def stands(text: str) -> None:
    """Hold that every extractor reads a text, and quotes it."""
    found = extract.named(read(text), EXTRACTORS)
    assert [each for each in found.flaws if each.code != "unknown-country"] == []
    for part, mentions in zip(extract.texts(found.document), found.mentions, strict=True):
        assert all(part[each.start : each.end] == each.surface for each in mentions)


EXTRACTORS = extract.builtin(Config(language=", ".join(LANGUAGES)))


@given(noted)
def test_a_mention_stands_where_it_says(text: str) -> None:
    stands(text)


ENGLISH = (
    "the |The |of |and |A|Ab |ABC |Ab-Cd |Agency |Ministry of |Programme |programme |UN |Adam |Dr. |said |Wales |Chad |US |2030 |gov.uk |country:: "
)
MARKS = "\"|“|”|'s |’s |(|) |, |. |: | – |-|/|&|#a/b |**|## |- |\n|\n\n|\t|\x1d|\u200b"
OTHERS = "東京都|政府は|「開放」|한국 |حكومة |\u200fישראל |Ελλάδα |Россия |İstanbul |ſ|ß|ﬁ|Ǆ|e\u0301|🇩🇰|👩\u200d💻 |é |É "
pieces = st.sampled_from([each for some in (ENGLISH, MARKS, OTHERS) for each in some.split("|")])


@settings(max_examples=300)
@given(st.one_of(st.lists(pieces, max_size=60).map("".join), any_text))
def test_notes_in_any_language_or_none_are_read(text: str) -> None:
    stands(text)


@pytest.mark.parametrize(
    "piece",
    [
        "A",
        "A ",
        '"A ',
        "(A",
        "A-",
        "A.",
        "A'",
        "The A of ",
        "A, B and ",
        "**A** x\n",
        "- **Ab Cd**: x\n",
        "## Abc Def\n\n",
        '"',
        "“A” ",
        "漢",
        "حكومة ",
        "😀",
        "İ",
        "WE MUST TELL THE US ",
    ],
)
def test_much_of_one_thing_is_read(piece: str) -> None:
    stands(piece * (8_000 // len(piece)))


@pytest.mark.parametrize("many", ["# Ab @\n\n" * 5_000, '"' * 5_000, "x" * 20_000, "X" * 20_000, "政府" * 10_000])
def test_notes_of_an_odd_shape_are_read(many: str) -> None:
    stands(many)


@given(
    st.lists(
        st.lists(st.sampled_from(["Ab", "ab", "A", "Cd", "-", "_", "'", " ", "\n", "é", "1"]), min_size=1, max_size=6).map("".join),
        min_size=1,
        max_size=9,
    )
)
def test_many_names_are_found_as_few_are(words: list[str]) -> None:
    text = " ".join(words)
    names = dict.fromkeys(word.strip() for word in words if word.strip())
    with pytest.MonkeyPatch.context() as patch:
        few = _found(text, names)
        for module in (page, capitals, themes):
            patch.setattr(module, "_MANY", 0)
        assert _found(text, names) == few


def _found(text: str, names: Iterable[str]) -> tuple[list[tuple[int, int]], list[bool], list[int]]:
    capitals._small.cache_clear()
    runs = themes._Runs(text)
    spans = sorted(page._repeated(text, dict.fromkeys(names)))
    return spans, [capitals.usual(text, each) for each in names], [runs.times(each) for each in names]


@given(st.text(), st.text())
def test_two_paths_never_share_an_iri(one: str, other: str) -> None:
    names = Names()
    assert (names.note(f"{one}.md") == names.note(f"{other}.md")) == (one == other)
    if one:
        NamedNode(names.note(f"{one}.md"))


@given(any_text)
def test_a_key_is_its_own_key(text: str) -> None:
    assert key(key(text)) == key(text)


@given(words)
def test_a_slug_is_its_own_slug(text: str) -> None:
    assert slug(slug(text)) == slug(text) or not any(map(str.isalnum, text))


@given(any_text)
def test_a_literal_is_read_back(text: str) -> None:
    line = f"<a:a> <a:b> {literal(text)} ."
    (quad,) = parse(line.encode(), format=RdfFormat.N_TRIPLES)
    assert quad.object == Literal(text)


local = st.text(st.sampled_from(string.ascii_letters + string.digits + "/.-_%20~:é€²\U0001f600"), min_size=1)
iris = st.one_of(
    st.sampled_from(sorted(Names().prefixes().values())).flatmap(lambda space: local.map(lambda end: space + end.replace("%", "%25"))),
    st.just("https://example.org/kg/"),
    local.map(lambda end: "urn:x:" + end.replace("%", "%41")),
).filter(lambda iri: not re.search(r"/\.{1,2}(/|$)", iri))  # Turtle with a base resolves such steps, and no name of ours has one
terms = st.one_of(
    iris.map(NamedNode),
    any_text.map(Literal),
    st.integers().map(Literal),
    st.booleans().map(Literal),
    st.tuples(any_text, st.sampled_from(["en", "pt-BR"])).map(lambda each: Literal(each[0], language=each[1])),
    st.tuples(any_text, iris).map(lambda each: Literal(each[0], datatype=NamedNode(each[1]))),
)
triples = st.lists(st.builds(Triple, iris.map(NamedNode), iris.map(NamedNode), terms), max_size=12)


@given(triples, st.randoms())
def test_turtle_holds_the_same_triples_in_the_same_bytes(given_triples: list[Triple], chance: object) -> None:
    lines = [f"{triple} ." for triple in given_triples]
    text = turtle.write(lines, Names())
    chance.shuffle(lines)  # type: ignore[attr-defined]
    assert turtle.write(lines, Names()) == text
    back = {quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE)}
    assert back == set(given_triples)


@given(any_text)
def test_the_guard_ends_with_a_verdict(text: str) -> None:
    # Either nothing is wrong, or what is wrong is said; nothing else may escape.
    with contextlib.suppress(QueryError):
        guard.check(text)


@given(st.sampled_from("({["), st.integers(65, 300), st.text(" \n", max_size=3))
def test_deep_nesting_is_refused(bracket: str, depth: int, gap: str) -> None:
    closing = {"(": ")", "{": "}", "[": "]"}[bracket]
    text = "SELECT * WHERE " + (bracket + gap) * depth + closing * depth
    with pytest.raises(QueryError, match="brackets"):
        guard.check(text)


@given(st.sampled_from(["SERVICE", "service", "SeRvIcE", "\\u0053ERVICE"]), st.sampled_from([" ", "\n", "#x\n", "<http://a/>"]))
def test_service_is_seen_however_it_is_written(word: str, after: str) -> None:
    with pytest.raises(QueryError, match="SERVICE"):
        guard.check(f"SELECT * {{ {word}{after}<http://example.org/> {{ ?s ?p ?o }} }}")


@given(st.lists(st.tuples(terms, st.one_of(st.none(), terms)), max_size=5), st.sampled_from(["json", "xml", "tsv"]))
def test_what_programs_read_is_what_was_answered(rows: list[tuple[Literal, Literal | None]], form: str) -> None:
    from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

    clean = [row for row in rows if form != "xml" or not any(_not_xml(term) for term in row)]
    answer = Answer("select", ("a", "b"), iter(clean))
    text = "".join(written(answer, form, Names()))
    known = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "tsv": QueryResultsFormat.TSV}
    found = parse_query_results(text.encode(), format=known[form])
    assert isinstance(found, QuerySolutions)
    assert [tuple(each) for each in found] == clean


def _not_xml(term: object) -> bool:
    value = str(getattr(term, "value", ""))
    return any(each < " " or each in "\ufffe\uffff\x7f" for each in value)
