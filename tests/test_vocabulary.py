"""The author's decisions: three forms that say the same, edits that touch nothing else, and errors that name the line."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import cli, vocabulary
from kg.errors import KgError, VocabularyError
from kg.extract import normal
from kg.lexicon import Term, lexicon
from kg.model import Mention
from kg.names import DEFAULT_BASE
from kg.vocabulary import Difference, Entry, Vocabulary, add, change, complete, decisions, difference, find, read, write, written
from kg.vocabulary.entries import settled, tidied

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = Path(__file__).parent / "golden" / "vocabulary"
KINDS = ("country", "initiative", "lab", "organisation", "person", "theme")
ENDINGS = ("ttl", "csv", "yaml")


def cases(name: str) -> Iterator[object]:
    """Read the parts of every case of a golden file; what stands before the first is for people."""
    for block in (GOLDEN / name).read_text(encoding="utf-8").rstrip("\n").split("\n===\n")[1:]:
        title, first, *rest = re.split(r"\n---\n(?=\S)", block)
        ending, _, text = first.partition("\n")
        yield pytest.param(ending, text, *rest, id=f"{ending}: {title}")


def loaded(ending: str, text: str) -> Vocabulary:
    """Read a text as a vocabulary."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"vocabulary.{ending}")
        path.write_bytes(text.encode())
        return read(path, DEFAULT_BASE, KINDS)


def complaint(ending: str, text: str) -> str:
    try:
        return "\n".join(map(str, loaded(ending, text).entries))
    except VocabularyError as error:
        return re.sub(r"\S*/(?=vocabulary\.)", "", str(error))


def after(ending: str, text: str, changes: str) -> str:
    """Change a file, and give it back."""
    gone = re.findall(r"^gone (.*)$", changes, re.MULTILINE)
    new = re.sub(r"^gone .*$", "", changes, flags=re.MULTILINE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"vocabulary.{ending}")
        path.write_bytes(text.encode())
        leaving = [Entry(**yaml.safe_load(each)) for each in gone]
        try:
            change(path, loaded("yaml", new).entries, DEFAULT_BASE, KINDS, leaving)
        except VocabularyError as error:
            assert path.read_bytes() == text.encode()
            return re.sub(r"\S*/(?=vocabulary\.)", "", str(error))
        return path.read_bytes().decode().rstrip("\n")


# -- what is written down --------------------------------------------------------------------------


@pytest.mark.parametrize(("ending", "text", "expected"), list(cases("errors.md")))
def test_what_is_wrong_is_told_with_its_line(ending: str, text: str, expected: str) -> None:
    assert complaint(ending, text) == expected


@pytest.mark.parametrize(("ending", "text", "changes", "expected"), list(cases("changes.md")))
def test_a_change_touches_nothing_else(ending: str, text: str, changes: str, expected: str) -> None:
    assert after(ending, text, changes) == expected


def test_the_manual_shows_the_three_forms_of_the_same_decisions() -> None:
    manual = (ROOT / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    shown = {
        ending: re.findall(rf"^```{name}\n(.*?)^```", manual, re.MULTILINE | re.DOTALL)
        for ending, name in zip(ENDINGS, ("turtle", "csv", "yaml"), strict=True)
    }
    read_from = {ending: loaded(ending, text).entries for ending, (text,) in shown.items()}
    said = {tuple(entry.said for entry in entries) for entries in read_from.values()}
    assert len(said) == 1
    for ending, (text,) in shown.items():
        assert text_of(next(iter(said)), ending) == text


def test_every_column_is_in_the_manual() -> None:
    manual = (ROOT / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    assert [field for field in Entry._fields if field != "line" and f"| `{field}` |" not in manual] == []


# -- laws ------------------------------------------------------------------------------------------

ODD = [
    "Talk Cardiff", "open data", "Open Data", "C++", "C#", "No", "a|b", "x\\y", "\\|", "Foo, Bar", "a; b", 'say "hi"', "it's", "#tag", "- dash", "a: b",
    "[x]", "{y}", "été", "हिन्दी", "東京", "The Foo", "foo", "&x", "*y", "1.5", "2020-01-01", "a\u200bb", "\ufeffz", "😀 lab", "a.b", "x .", "<iri>", "@en",
    "null", "~", "%20", "a/b", "n\u0303", "_", "\u2028", "a \x85 b", "Z\x7f",
]  # fmt: skip
name = st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8))
names = st.lists(name, max_size=3).map(tuple)


def sound(given: Iterable[Entry]) -> list[Entry]:
    """Keep what does not contradict what was kept."""
    kept: list[Entry] = []
    for entry in given:
        if not settled(complete([*kept, entry]), KINDS)[1]:
            kept.append(entry.said)
    return kept


entries = st.lists(
    st.builds(
        Entry, st.sampled_from(KINDS), name, names, names, st.lists(st.sampled_from(["PT", "gb", "United Kingdom"]), max_size=2).map(tuple),
        names, names, st.just(()), names, st.booleans(), st.one_of(st.just(""), name), st.one_of(st.just(""), name),
    ),
    max_size=5,
).map(sound)  # fmt: skip
themes = st.lists(st.builds(lambda one, other: Entry("theme", one, broader=(other,)), name, name), max_size=4).map(sound)


def text_of(said: Iterable[Entry], ending: str, base: str = DEFAULT_BASE) -> str:
    return written(said, Path(f"vocabulary.{ending}"), base)


def changed(path: Path, new: Iterable[Entry], gone: Iterable[Entry] = ()) -> Vocabulary | None:
    """Change a file, if the decisions do not contradict those that it holds."""
    try:
        return change(path, new, DEFAULT_BASE, KINDS, gone)
    except VocabularyError as error:
        if "cannot change" in str(error):
            raise
        return None


@settings(max_examples=60)
@given(entries, themes)
def test_what_is_written_in_any_form_is_read_back(some: list[Entry], more: list[Entry]) -> None:
    said = complete(sound([*some, *more]))
    for ending in ("ttl", "csv", "yaml", "ttl"):
        text = text_of(said, ending)
        again = tuple(entry.said for entry in loaded(ending, text).entries)
        assert again == said
        assert text_of(reversed(again), ending) == text
    assert complete(said) == said


@settings(max_examples=60)
@given(entries, entries, st.data(), st.sampled_from(ENDINGS))
def test_a_changed_file_is_the_file_that_would_be_written_anew(some: list[Entry], more: list[Entry], data: st.DataObject, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"vocabulary.{ending}")
        write(path, some, DEFAULT_BASE)
        before = path.read_text(encoding="utf-8")
        old = read(path, DEFAULT_BASE, KINDS).entries
        leaving = data.draw(st.sets(st.sampled_from(old))) if old else ()
        new = changed(path, more, leaving)
        if new is None:
            assert path.read_text(encoding="utf-8") == before
            return
        said = path.read_text(encoding="utf-8")
        assert {entry.key for entry in map(tidied, more)} <= {entry.key for entry in new.entries}
        anew = text_of([entry.said for entry in new.entries], ending)
        lines = [[line for line in text.split("\n") if not line.startswith("@prefix")] for text in (said, anew)]
        if "-2 " not in anew:  # of two rejections that would share an IRI, the first to come has it
            assert lines[0] == lines[1]


@settings(max_examples=60)
@given(entries, entries, st.data(), st.sampled_from(ENDINGS))
def test_lines_of_other_people_stay(some: list[Entry], more: list[Entry], data: st.DataObject, ending: str) -> None:
    foreign = {
        "ttl": ["# . \" <", "", '<https://x.example/a> <https://x.example/p> "#", 1.5 . # x.', "<https://x.example/b>\n  a <https://x.example/c> .\t"],
        "csv": [""],
        "yaml": ["# - {", "", "   # \"indented"],
    }[ending]  # fmt: skip
    said = complete(some)
    own = text_of(said, ending).rstrip("\n").split("\n")
    head = len(own) - len(said)
    mixed = own[:head]
    for line in own[head:]:
        mixed += [*data.draw(st.lists(st.sampled_from(foreign), max_size=2)), line]
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    text = end.join(each.replace("\n", end) for each in mixed) + data.draw(st.sampled_from(["", end]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"vocabulary.{ending}")
        path.write_bytes(text.encode())
        new = changed(path, more)
        if new is None:
            return
        said_now = path.read_bytes().decode()
    assert "\r\n" not in text or "\n" not in said_now.replace("\r\n", "")
    known = {*text_of([entry.said for entry in new.entries], ending).split("\n"), *own}
    kept = [[line for line in each.split(end) if line not in known and not line.startswith("@prefix")] for each in (text, said_now)]
    assert [line for line in kept[1] if line in kept[0]] == kept[0]


# -- files -----------------------------------------------------------------------------------------


def test_there_is_one_vocabulary_beside_the_notes(tmp_path: Path) -> None:
    assert find(tmp_path) is None
    (tmp_path / "vocabulary.yml").write_text("")
    assert find(tmp_path) == tmp_path / "vocabulary.yml"
    (tmp_path / "vocabulary.csv").write_text("")
    with pytest.raises(VocabularyError, match=r"vocabulary\.csv and vocabulary\.yml: two vocabularies"):
        find(tmp_path)


def test_a_new_vocabulary_is_made_in_the_form_of_its_ending(tmp_path: Path) -> None:
    for ending in (*ENDINGS, "yml"):
        path = tmp_path / f"vocabulary.{ending}"
        made = change(path, [Entry("theme", "open data")], DEFAULT_BASE, KINDS)
        assert [entry.name for entry in made.entries] == ["open data"]
        assert read(path, DEFAULT_BASE, KINDS) == made
    with pytest.raises(VocabularyError, match=r"no vocabulary has the ending '\.txt'"):
        write(tmp_path / "vocabulary.txt", [], DEFAULT_BASE)


def test_what_spreadsheets_save_is_read_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.csv"
    path.write_bytes("\ufeffkind;name;themes\r\ninitiative;Talk Cardiff;open data|été\r\n".encode())
    add(path, [Entry("initiative", "Talk Cardiff", themes=("openness",))], DEFAULT_BASE, KINDS)
    rows = ["kind;name;themes", "initiative;Talk Cardiff;open data | été | openness", "theme;open data;", "theme;openness;", "theme;été;"]
    assert path.read_bytes().decode() == "\ufeff" + "".join(f"{row}\r\n" for row in rows)


def test_what_is_added_joins_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    write(path, [Entry("initiative", "Talk Cardiff", ("siarad",), countries=("GB",), note="old"), Entry("theme", "x", rejected=True)], DEFAULT_BASE)
    more = [Entry("initiative", "the talk cardiff", ("Siarad",), countries=("PT",)), Entry("theme", "X")]
    found = add(path, more, DEFAULT_BASE, KINDS).entries
    assert found[0].said == Entry("initiative", "Talk Cardiff", ("siarad", "Siarad", "the talk cardiff"), countries=("GB", "PT"), note="old")
    assert found[1].said == Entry("theme", "X")


def test_a_file_that_is_linked_to_is_changed_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    real, link = tmp_path / "kept" / "names.yaml", tmp_path / "vocabulary.yaml"
    real.write_text("- {kind: theme, name: a}\n")
    link.symlink_to(real)
    change(link, [Entry("theme", "b")], DEFAULT_BASE, KINDS)
    assert link.is_symlink()
    assert real.read_text() == "- {kind: theme, name: a}\n- {kind: theme, name: b}\n"


def test_files_that_are_no_text_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "vocabulary.csv"
    path.write_bytes(b"kind,name\ntheme,caf\xe9\n")
    with pytest.raises(VocabularyError, match=r"vocabulary\.csv:2: not UTF-8\n  hint: save it as UTF-8"):
        read(path, DEFAULT_BASE, KINDS)
    with pytest.raises(VocabularyError, match="cannot be read"):
        read(tmp_path / "vocabulary.ttl", DEFAULT_BASE, KINDS)
    monkeypatch.setattr(vocabulary, "LARGEST", 10)
    with pytest.raises(VocabularyError, match="bytes, more than 10"):
        read(path, DEFAULT_BASE, KINDS)


def test_what_contradicts_itself_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.ttl"
    with pytest.raises(VocabularyError, match="accepted as a theme and rejected as one"):
        write(path, [Entry("theme", "a"), Entry("theme", "A", rejected=True), Entry("theme", "b")], DEFAULT_BASE)
    assert not path.exists()
    write(path, [Entry("theme", "a")], DEFAULT_BASE)
    before = path.read_bytes()
    with pytest.raises(VocabularyError, match="'c' is accepted"):
        change(path, [Entry("theme", "c"), Entry("theme", "C", rejected=True)], DEFAULT_BASE, KINDS)
    for wrong in (Entry("theme", "b", aliases=("A",)), Entry("thme", "c"), Entry("theme", " "), Entry("theme", "b", broader=("b",))):
        with pytest.raises(VocabularyError):
            change(path, [wrong], DEFAULT_BASE, KINDS)
    assert path.read_bytes() == before


def test_the_same_line_twice_is_one_decision() -> None:
    twice = loaded("csv", "kind,name,rejected\ntheme,a,\ntheme,a,\ntheme,b,yes\ntheme,The B,yes\n")
    assert [entry.name for entry in twice.entries] == ["a", "b"]


def test_a_vocabulary_of_another_base_is_read(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.ttl"
    write(path, [Entry("theme", "a", related=("b",)), Entry("lab", "L")], DEFAULT_BASE)
    base = "https://notes.example/"
    assert [entry.name for entry in read(path, base, KINDS).entries] == ["L", "a", "b"]
    change(path, [Entry("theme", "c", broader=("a",))], base, KINDS)
    assert "notes.example" not in path.read_text()
    write(path, [Entry("theme", "a")], base)
    with pytest.raises(VocabularyError, match="is no IRI of this vocabulary"):
        read(path, "https://other.example/", KINDS)


@pytest.mark.parametrize(
    "text",
    [
        "theme:a\tskos:prefLabel 'a. b'@en-GB; skos:altLabel \"\"\"x\"y\n. z\"\"\" . theme:b skos:prefLabel \"b\".",
        "@prefix : <https://x.example/>. :x :y .5, 1.5, 2 . theme:a skos:prefLabel 'a. b', 'x\"y . z'@en .\ntheme:b skos:prefLabel 'b'. # .",
        "BASE <https://example.org/kg/>\n<theme/a> skos:prefLabel 'a. b' ; skos:altLabel 'x\"y\\n. z' . <theme/../theme/b> skos:prefLabel 'b' .",
        "theme:a\\~c skos:prefLabel 'a. b', 'x\"y . z' .\ntheme:b skos:prefLabel 'b' ; <https://x.example/a.b#c> <https://x.example/d.> .",
        "<https://example.org/kg/theme/\\u0061> skos:altLabel 'x\"y . z' .\n[] a skos:Concept. theme:a skos:prefLabel 'a. b'.theme:b skos:prefLabel 'b'.",
        "PREFIX t: <https://example.org/kg/theme/> # t.\nt:a rdfs:label 'a. b' ; skos:altLabel 'x\"y . z' .\n(1 2) rdfs:label 'x' . t:b rdfs:label 'b' .",
    ],
)  # fmt: skip
def test_any_turtle_is_read_and_changed(text: str, tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.ttl"
    spaces = {"skos": "http://www.w3.org/2004/02/skos/core#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "theme": f"{DEFAULT_BASE}theme/"}
    head = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in spaces.items())
    path.write_text(head + text + "\n")
    found = read(path, DEFAULT_BASE, KINDS).entries
    assert [(each.name, each.aliases) for each in found] == [("a. b", ('x"y . z',)), ("b", ())]
    change(path, [found[1]._replace(note="new")], DEFAULT_BASE, KINDS)
    untouched = re.split(r"(?:<theme/../theme/|theme:|t:)b[> ]", head + text)[0]
    assert re.sub("@prefix : .*\n", "", path.read_text()).startswith(re.sub("@prefix : .*\n", "", untouched))
    assert [each.note for each in read(path, DEFAULT_BASE, KINDS).entries] == ["", "new"]
    change(path, [found[0]._replace(hidden=("h",))], DEFAULT_BASE, KINDS)
    assert read(path, DEFAULT_BASE, KINDS).entries[0].hidden == ("h",)


def test_a_broken_vocabulary_is_wrong_usage(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        loaded("csv", "kind,name\nthme,a\n")

    monkeypatch.setattr(cli.cli, "main", broken)
    assert cli.run([]) == 2
    assert "vocabulary.csv:2: unknown kind 'thme'" in capsys.readouterr().err


# -- decisions -------------------------------------------------------------------------------------

KNOWN = [
    Entry("initiative", "Talk Cardiff", ("siarad",), ("Tlak Cardiff",), ("GB",), ("City of Cardiff",), ("open data",)),
    Entry("initiative", "Foo Bar", rejected=True),
    Entry("organisation", "Talk Lab"),
    Entry("organisation", "City of Cardiff", end="coc"),
    Entry("country", "Portugal", hidden=("Lusitania",)),
    Entry("country", "Georgia", rejected=True),
]


def mention(kind: str, surface: str, key: str = "") -> Mention:
    return Mention(kind, key or surface.replace(" ", "").casefold(), surface, 0, len(surface), "rule")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (mention("initiative", "Siarad"), ("initiative", "talkcardiff")),
        (mention("initiative", "Tlak Cardiff"), ("initiative", "talkcardiff")),
        (mention("initiative", "Talk Lab"), ("organisation", "talklab")),
        (mention("initiative", "open data"), ("theme", "opendata")),
        (mention("person", "Nobody"), ("person", "nobody")),
        (mention("initiative", "Foo Bar"), None),
        (mention("organisation", "Foo Bar"), ("organisation", "foobar")),
        (mention("country", "Georgia", "GE"), None),
        (mention("country", "Portuguese", "PT"), ("country", "PT")),
    ],
)
def test_a_mention_is_what_the_author_says(given: Mention, expected: tuple[str, str] | None) -> None:
    known = decisions(KNOWN)
    # The key of a country is its code, whatever it is called in the text.
    key = normal(given.surface) if given.kind == "country" else given.key
    entry = known.accepted(given.kind, key)
    said = (entry.kind, vocabulary.key_of(entry)) if entry else None if known.rejected(given.kind, key) else (given.kind, given.key)
    assert said == expected


def test_accepted_names_are_found_in_text() -> None:
    text = "In Lusitania, siarad (Talk\nCardiff) is no Foo Bar of the “Talk Lab”; open data is, open database and Open Data are not."
    found = [(each.surface, each.kind, each.key, each.rule) for each in decisions(KNOWN).lexicon.find(text)]
    assert found == [
        ("Lusitania", "country", "PT", "vocabulary"),
        ("siarad", "initiative", "talkcardiff", "vocabulary"),
        ("Talk\nCardiff", "initiative", "talkcardiff", "vocabulary"),
        ("Talk Lab", "organisation", "talklab", "vocabulary"),
        ("open data", "theme", "opendata", "vocabulary"),
    ]


def test_an_entry_knows_what_it_is_joined_to() -> None:
    known = decisions(KNOWN)
    joined = known.joined(known.entries[2])
    assert joined == (("countries", "country", "GB"), ("organisations", "organisation", "coc"), ("themes", "theme", "open-data"))


def test_a_difference_names_what_has_to_be_read_again() -> None:
    old = decisions(KNOWN)
    assert difference(old, decisions(reversed(KNOWN))) == (frozenset(), frozenset())
    assert difference(old, decisions([*KNOWN[:-1], KNOWN[-1]._replace(note="so", line=7)])) == (frozenset(), frozenset())
    renamed = difference(old, decisions([*KNOWN[:3], KNOWN[3]._replace(end=""), *KNOWN[4:]]))
    # The IRI of an organisation is in what is said of its initiative.
    assert {("organisation", "cityofcardiff"), ("initiative", "talkcardiff"), ("initiative", "siarad")} <= renamed.keys
    assert renamed.spellings == frozenset()
    gone = difference(old, decisions([KNOWN[0], *KNOWN[2:]]), ["person"])
    assert gone == Difference(frozenset({("initiative", "foobar")}), frozenset())
    retyped = difference(old, decisions([*KNOWN, Entry("theme", "Nobody")]), ["person"])
    assert retyped.keys == {(kind, "nobody") for kind in ("country", "initiative", "organisation", "person", "theme")}
    assert retyped.spellings == {"Nobody"}


# -- the lexicon -----------------------------------------------------------------------------------


def surfaces(forms: Iterable[str], text: str) -> list[str]:
    return [each.surface for each in lexicon(Term(form, "theme", form, "name") for form in forms).find(text)]


def test_forms_may_begin_with_anything() -> None:
    text = "eGov, .NET and 5G Lab, #Hack; ASP.NET and 15G Lab are not, nor preGov, nor a#Hack_2. Москва! हिन्दी हिन्दीभाषा"
    assert surfaces(["eGov", ".NET", "5G Lab", "#Hack", "Москва", "हिन्दी"], text) == ["eGov", ".NET", "5G Lab", "#Hack", "Москва", "हिन्दी"]


def test_the_longest_form_wins_and_none_is_found_inside_another() -> None:
    assert surfaces(["open", "open data", "data lab", "Lab"], "open data lab, open Lab and data lab") == ["open data", "open", "Lab", "data lab"]


def test_quotation_marks_and_line_breaks_make_no_difference() -> None:
    assert surfaces(["the people's lab", 'say "yes"'], "the people’s\nlab, say “yes”") == ["the people’s\nlab", "say “yes”"]
    assert surfaces(["the people’s lab"], "the people's lab") == ["the people's lab"]


def test_the_same_words_may_name_things_of_two_kinds() -> None:
    known = lexicon([Term("Lab X", "organisation", "labx", "name"), Term("Lab X", "initiative", "labx", "name"), Term("Lab", "theme", "lab", "name")])
    assert [(each.kind, each.surface) for each in known.find("The Lab X, a Lab")] == [
        ("initiative", "Lab X"),
        ("organisation", "Lab X"),
        ("theme", "Lab"),
    ]


def test_errors_of_the_vocabulary_are_those_of_kg() -> None:
    assert issubclass(VocabularyError, KgError)
