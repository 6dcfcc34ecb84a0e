"""Cases that a person can read and add to: the files in ``golden/``, each of which says its own form at the top."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

import kg
from kg import corpus, extract, markdown, timecodes
from kg.config import Config
from kg.extract import Surveyor, normal, texts
from kg.extract.countries import Countries
from kg.extract.initiatives import Initiatives
from kg.extract.organisations import Organisations
from kg.extract.people import People
from kg.extract.relations import relations as related
from kg.extract.themes import Themes
from kg.model import Document, Link, Mention, Note, Section, Stamp
from kg.names import ONTOLOGY
from kg.passages import BULLET
from kg.resolve import Table, resolve, table, wanted

GOLDEN = Path(__file__).parent / "golden"
NOTHING = "nothing"


def cases(path: Path) -> Iterator[tuple[str, str, str]]:
    """Read the title, the input and the expected lines of every case; what stands before the first is for people."""
    for block in path.read_text(encoding="utf-8").split("\n===\n")[1:]:
        title, _, rest = block.partition("\n---\n")
        text, _, expected = rest.rpartition("\n---\n")
        yield title, text, expected.strip("\n")


def read(text: str, path: str = "note.md") -> Document:
    return markdown.read(Note(path, text, ""))


# -- links ---------------------------------------------------------------------------------------


def links(text: str) -> str:
    document = read(text)
    found = [(link, "channel") for link in document.channels]
    found += [(link, "heading" if isinstance(part, Section) else "") for part in document.parts for link in part.links]
    return "\n".join(_link(link, role) for link, role in sorted(found, key=lambda each: each[0].start)) or NOTHING


def _link(link: Link, role: str) -> str:
    section = f" # {link.section}" if link.section else ""
    notes = ", ".join(each for each in ("embed" if link.embed else "", link.syntax if link.syntax != "wiki" else "", link.key, role) if each)
    return f"{link.line}:{link.column} {link.target or 'this note'}{section} -> {link.shown}" + (f" ({notes})" if notes else "")


# -- passages ------------------------------------------------------------------------------------


def passages(text: str) -> str:
    document = read(text)
    parts = [(each.line, 1, _section(document, each)) for each in document.sections]
    for each in document.passages:
        label = f"[{each.label}] " if each.label else ""
        indent = "  " * (_depth(document, each.section) + 1)
        parts.append((each.line, 0, f"{indent}{each.line}: {label}{each.text.replace(chr(10), ' ⏎ ')}{_stamps(each.stamps)}"))
    return "\n".join(words for _, _, words in sorted(parts, key=lambda each: each[:2])) or NOTHING


def _section(document: Document, section: Section) -> str:
    mark = "#" * section.level if section.level < BULLET else "*"
    return f"{'  ' * (_depth(document, section.parent) + 1)}{section.line}: {mark} {section.text}{_stamps(section.stamps)}"


def _depth(document: Document, section: int) -> int:
    return -1 if section < 0 else _depth(document, document.sections[section].parent) + 1


def _stamps(stamps: tuple[Stamp, ...]) -> str:
    return " @ " + ", ".join(each.raw for each in stamps) if stamps else ""


# -- resolving -----------------------------------------------------------------------------------


def resolving(text: str) -> str:
    lines = text.split("\n")
    notes = [_note(line) for line in lines if ": [" not in line]
    known = table(((note.path, offer) for note in notes for offer in corpus.offers(note)), lambda _: None)
    return "\n".join(_resolved(known, *line.split(": ", 1)) for line in lines if ": [" in line)


def _note(line: str) -> Document:
    path, *rest = line.split(" | ")
    said = dict(each.split(": ", 1) for each in rest)
    heading = said.pop("heading", "")
    front = [f"{name}: {json.dumps(value.split('; ') if name == 'aliases' else value)}" for name, value in said.items()]
    return read("\n".join(["---", *front, "---", f"# {heading}" if heading else ""]), path)


def _resolved(known: Table, source: str, link: str) -> str:
    (passage,) = read(link, source).passages
    target = wanted(passage.links[0]) if passage.links else None
    if target is None:
        return "no note"
    found = resolve(known, target, source)
    return " or ".join([f"{found.tier} {found.path}", *found.others]) if found.path else "missing"


# -- dialects ------------------------------------------------------------------------------------


def dialects(text: str) -> str:
    """Build a vault, and give what the graph says of its links, keys and issues."""
    with tempfile.TemporaryDirectory() as folder:
        for part in re.split(r"^@ ", text, flags=re.MULTILINE)[1:]:
            name, _, words = part.partition("\n")
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(words, encoding="utf-8")
        kg.build(Path(folder))
        graph = kg.open(Path(folder))
        lines = [*_cited(graph), *_keys(graph), *_issued(graph)]
        written = graph.generation.manifest.dialect
    told = written != "obsidian" or "@ dendron.yml" in text
    return "\n".join([*(line for *_, line in sorted(lines)), *([f"dialect {written}"] if told else [])]) or NOTHING


def _cited(graph: kg.Graph) -> Iterator[tuple[str, int, int, int, str]]:
    rows = graph.query(
        "SELECT DISTINCT ?note ?line ?to ?type ?at ?label { ?part :cites ?to; :line ?line; :note ?n . ?n :path ?note . ?to a ?type; rdfs:label|:text ?label OPTIONAL { ?to :line ?at } }"
    )
    for row in rows:
        place = row.to.removeprefix(f"{graph.names.base}note/")
        what = row.type.rpartition("#")[2]
        end = (
            f"no note {row.label}"
            if what == "MissingNote"
            else f"{unquote(place.partition('#')[0])}:{row.at}"
            if what == "Passage"
            else unquote(place)
        )
        note = row.note.removesuffix(".md")
        yield note, 0, row.line, 0, f"{note}:{row.line} → {end}"


def _keys(graph: kg.Graph) -> Iterator[tuple[str, int, int, int, str]]:
    base = graph.names.base
    pages = {row.thing: row.note for row in graph.query("SELECT ?thing ?note { ?thing :page ?note }")}
    rows = graph.query(
        "SELECT ?s ?p ?o { ?s ?p ?o FILTER(STRSTARTS(STR(?p), STR(vault:)) || CONTAINS(STR(?p), 'example.org/terms') || ?p IN (:country, :theme, skos:broader, skos:related)) }"
    )
    for row in rows:
        key = row.p.removeprefix(f"{base}property/").removeprefix(ONTOLOGY)
        subject, value = (_short(pages.get(str(each), str(each)), base) for each in (row.s, row.o))
        yield subject, 1, 0, 0, f"{subject} {f'<{key}>' if '://' in key else key} = {f'→ {value}' if str(row.o).startswith(base) else row.o}"


def _short(iri: str, base: str) -> str:
    return unquote(iri.removeprefix(f"{base}note/").removeprefix(base).replace("/", ":", "note/" not in iri))


def _issued(graph: kg.Graph) -> Iterator[tuple[str, int, int, int, str]]:
    for row in graph.query("SELECT DISTINCT ?note ?line ?code { ?i a :Issue; :code ?code; :line ?line; :note ?n . ?n :path ?note }"):
        note = row.note.removesuffix(".md")
        yield note, 0, row.line, 1, f"{note}:{row.line} {row.code}"


# -- time codes and countries --------------------------------------------------------------------


def seconds(text: str) -> str:
    return "\n".join(map(_seconds, text.split("\n")))


def _seconds(line: str) -> str:
    raw, _, given = line.partition(" <= ")
    longest = int(given) if given else Config().longest
    found = timecodes.readings(raw, longest)
    assert timecodes.seconds(raw, longest) == (found[0] if len(found) == 1 else None)
    return " or ".join(map(str, found)) or "none"


def countries(text: str) -> str:
    found = Countries().find(text)
    assert [text[each.start : each.end] for each in found] == [each.surface for each in found]
    return "\n".join(f"{each.key} {each.surface.replace(chr(10), '⏎')}" for each in found) or NOTHING


def initiatives(text: str) -> str:
    found = Initiatives().find(text)
    assert [text[each.start : each.end] for each in found] == [each.surface for each in found]
    return "\n".join(each.surface for each in found) or NOTHING


def traps(text: str) -> str:
    return "\n".join(f"{at}: {codes}" for at, line in enumerate(text.split("\n"), 1) if (codes := _codes(line))) or NOTHING


def _codes(line: str) -> str:
    return " ".join(each.key for each in Countries().find(line))


def languages(text: str) -> str:
    codes, *lines = text.split("\n")
    known = Countries(Config(language=codes).languages)
    named = [(at, line, known.find(line)) for at, line in enumerate(lines, 1)]
    assert all(line[each.start : each.end] == each.surface for _, line, found in named for each in found)
    return "\n".join(f"{at}: {', '.join(f'{each.key} {each.surface}' for each in found)}" for at, _, found in named if found) or NOTHING


def organisations(text: str) -> str:
    return surveyed(Organisations(), text)


def people(text: str) -> str:
    return surveyed(People(), text)


def themes(text: str) -> str:
    return surveyed(Themes(), text)


def surveyed(extractor: Surveyor, text: str) -> str:
    document = read(text)
    written = texts(document)
    found = extractor.survey(document)
    assert all(written[at][each.start : each.end] == each.surface for at, each in found)
    main = {each.key: each.surface for _, each in reversed(found) if normal(each.surface) == each.key}
    return "\n".join(_called(each, main.get(each.key, "")) for _, each in found) or NOTHING


def _called(mention: Mention, main: str) -> str:
    return f"{mention.surface} ({mention.rule})" + (f" = {main}" if main and normal(mention.surface) != mention.key else "")


def relations(text: str) -> str:
    given, note = [], text.split("\n")
    while note[0].partition(": ")[0] in ("organisation", "person", "theme", "initiative"):
        given.append(tuple(note.pop(0).split(": ", 1)))
    document = read("\n".join(note))
    named = extract.named(document, (Countries(), Initiatives()))
    mentions = [list(said) for said in named.mentions]
    for said, words in zip(mentions, texts(document), strict=True):
        for kind, name in given:
            places = [match.span() for match in re.finditer(rf"\b{re.escape(name)}\b", words)]
            taken = {(one.kind, one.start, one.end) for one in said}
            said += [Mention(kind, normal(name), name, *place, "given") for place in places if (kind, *place) not in taken]
        said.sort(key=lambda each: each.start)
    rows = sorted(related(document, mentions), key=lambda each: (each.at, each.subject.start))
    return "\n".join(f"{each.subject.surface} -{each.property}-> {_name(each.object)} ({each.rule})" for each in rows) or NOTHING


def _name(mention: Mention) -> str:
    return mention.key if mention.kind == "country" else mention.surface


READERS: dict[str, Callable[[str], str]] = {
    "links": links,
    "dialects": dialects,
    "tools": dialects,
    "passages": passages,
    "resolving": resolving,
    "timecodes": seconds,
    "countries": countries,
    "country_traps": traps,
    "country_languages": languages,
    "initiatives": initiatives,
    "organisations": organisations,
    "people": people,
    "themes": themes,
    "relations": relations,
}
CASES = [pytest.param(name, text, expected, id=f"{name}: {title}") for name in READERS for title, text, expected in cases(GOLDEN / f"{name}.md")]


@pytest.mark.parametrize(("name", "text", "expected"), CASES)
def test_golden(name: str, text: str, expected: str) -> None:
    assert READERS[name](text) == expected


def test_every_golden_file_is_read_and_no_title_stands_twice() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.md")) == sorted(READERS)
    names = [str(case.id) for case in CASES]
    assert sorted(names) == sorted(set(names))
