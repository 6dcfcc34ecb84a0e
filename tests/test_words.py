"""What a person types means the same to SQLite's FTS5, to Python, and to a reader of the golden cases."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.words import CUT, LONGEST, MOST, TOKENS, Run, WordQuery, expression, folded, matcher, parse, spans

CASES = Path(__file__).parent / "golden" / "search" / "words.md"


def cases() -> list[tuple[str, str, str]]:
    """Read the title, what is typed and the texts of every case; what stands before the first is for people."""
    found = []
    for block in CASES.read_text(encoding="utf-8").split("\n===\n")[1:]:
        title, typed, texts = (part.strip("\n") for part in block.split("\n---\n"))
        found.append((title, typed, texts))
    return found


class Index:
    """One table of FTS5 as the index has it, for one text at a time."""

    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:")
        self.db.execute(f"create virtual table words using fts5 (text, content='', columnsize=0, {TOKENS})")

    def matches(self, wanted: WordQuery, text: str) -> bool:
        self.db.execute("insert into words (rowid, text) values (1, ?)", (folded(text),))
        found = self.db.execute("select count(*) from words where words match ?", (expression(wanted),)).fetchone()[0]
        self.db.execute("insert into words (words, rowid, text) values ('delete', 1, ?)", (folded(text),))
        return bool(found)


@pytest.fixture(scope="module")
def table() -> Iterator[Index]:
    made = Index()
    yield made
    made.db.close()


@pytest.mark.parametrize(("title", "typed", "texts"), cases(), ids=lambda value: value.split("\n")[0])
def test_words_find_texts(title: str, typed: str, texts: str, table: Index) -> None:
    wanted = parse(typed)
    shown = []
    for line in texts.split("\n"):
        text = re.sub(r"[\[\]]", "", line[2:])
        found = matcher(wanted)(text)
        assert table.matches(wanted, text) == found
        lit = text
        for start, end in reversed(spans(wanted, text) if found else []):
            lit = f"{lit[:start]}[{lit[start:end]}]{lit[end:]}"
        shown.append(f"{'+' if found else '-'} {lit}")
    assert "\n".join(shown) == texts


# Words that meet often, and what has a meaning to someone: to FTS5, to us, or to Unicode.
pieces = st.sampled_from(
    ["a", "ab", "b", "A", "é", "e\u0301", "ß", "SS", "İ", "ı", "i", "ς", "σ", "活", "用", "ガ", "ｶﾞ", "か", "が", "ไ", "ท", "한", "\u1112\u1161", "क़", "की",
     "🚀", "👍🏽", "\u200d", "\u00ad", "\u200b", "\ufe0f", "٣", "3", "½", "ﬁ", "C++", "c#", "+", "#", "_", "'", "’", ".", ":", "^", "*", "(", ")", "{", "}", ",",
     "\x00", "\udc80", "\U000e0041", "-", "\u2212", '"', "“", "«", " ", "  ", "\n", "\u3000", " OR ", " AND ", " NOT ", "NEAR(", " -", ' "', "ẞ", "ŉ", "ⱥ", "\u0345", "x" * 70]
)  # fmt: skip
typed = st.lists(pieces, max_size=12).map("".join) | st.text(max_size=30)


@given(typed, typed)
@example('"', "a")
@example("a OR OR -b OR", "a b")
def test_fts5_and_python_agree(words: str, text: str) -> None:
    try:
        wanted = parse(words)
    except UsageError:
        return
    table = Index()
    matches = matcher(wanted)
    for each in (text, words, f"{words} {text}", f"{text}{words}"):
        assert table.matches(wanted, each) == matches(each)
    table.db.close()


@given(typed)
def test_what_is_typed_means_something_or_is_refused_with_a_reason(words: str) -> None:
    try:
        wanted = parse(words)
    except UsageError:
        assert re.search(r"^[-\u2212]|(?<!\S)[-\u2212]", words) or not folded(words)
        return
    assert wanted.needed
    assert all(run.words and all(run.words) for run in (*wanted.runs, *wanted.unwanted))


@given(typed)
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    words = folded(text)
    if words:
        assert matcher(WordQuery(((Run(tuple(words.split()), True),),)))(text)
        assert spans(WordQuery(((Run((words.split()[0],), True),),)), text)


@given(typed)
def test_case_and_form_do_not_matter(text: str) -> None:
    forms = [text.upper(), text.lower(), *(unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD"))]
    assert {folded(each) for each in forms} == {folded(text)}
    assert folded(folded(text)) == folded(text)


@given(typed, typed)
def test_what_is_lit_up_is_what_was_found(words: str, text: str) -> None:
    try:
        wanted = parse(words)
    except UsageError:
        return
    found = spans(wanted, text)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one[1] <= two[0] for one, two in pairwise(found))
    assert bool(found) == any(matcher(WordQuery(((run,),)))(text) for run in wanted.runs)


@pytest.mark.parametrize("words", ["", " ", "\n\x00", "!?", '""', "- -- -", "“”", "\u0301", "( ) * ^ : { }"])
def test_nothing_to_look_for(words: str) -> None:
    with pytest.raises(UsageError, match="nothing to look for"):
        parse(words)


@pytest.mark.parametrize("words", ["-a", '-"a b" -c', "\u2212a"])
def test_only_words_to_leave_out(words: str) -> None:
    with pytest.raises(UsageError, match="only words to leave out"):
        parse(words)


@pytest.mark.parametrize("words", ["word " * 10_000, "x" * 1_000_000, '"' * 1_000_000, "a " * (MOST + 1), "活" * (MOST + 1)])
def test_far_too_much_is_refused_with_the_reason(words: str) -> None:
    with pytest.raises(UsageError, match="too much to look for") as refused:
        parse(words)
    assert "at most" in refused.value.hint


def test_as_much_as_is_allowed_can_be_looked_for(table: Index) -> None:
    wanted = parse(" OR ".join(["ab"] * 40 + [f"w{at}" for at in range(MOST - 40)]))
    assert table.matches(wanted, "abc")
    every = parse("-x " * 30 + "a " * 70)
    assert table.matches(every, "a") == matcher(every)("a")
    assert len("ab OR " * 40) < LONGEST


def test_only_the_beginning_of_a_very_long_word_counts(table: Index) -> None:
    wanted, text = parse("x" * 500), f"see {'x' * 40_000} here"
    assert table.matches(wanted, text)
    assert matcher(wanted)(text)
    assert spans(wanted, text) == [(4, 40_004)]
    assert folded(text) == f"see {'x' * CUT} here"


def test_a_long_text_of_signs_takes_no_longer_than_any() -> None:
    assert folded("+" * 200_000) == ""
    assert folded("a" + "+#" * 100_000) == "a" + ("+#" * 100_000)[: CUT - 1]
