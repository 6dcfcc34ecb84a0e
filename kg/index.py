"""What the graph leaves out, by note: every link with its tier, every passage, every timestamp, every name and its place.

The words of titles, headings and passages are in it, too, folded as :mod:`kg.words` says, for full text search.

64 small SQLite files, chosen by a hash of the note's path. A generation's files are never changed:
a new generation links those that stay the same and writes anew those that hold a changed note, so an
edit costs one file, a crash tears nothing, and readers need no write permission.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from kg.errors import StoreError
from kg.words import TOKENS, folded

if TYPE_CHECKING:
    # What writes an index takes half of the time that it takes to search one.
    from kg.emission import Emission
    from kg.lexicon import Lexicon
    from kg.model import Document, Mentioned
    from kg.resolve import Table

BUCKETS = 64

_TABLES = f"""
create table link (note text, line int, col int, target text, section text, label text, embed int, role text, tier text, found text);
create table passage (note text, anchor text, line int, section text, label text, text text, second int);
create table section (note text, anchor text, line int, level int, text text, second int);
create table title (note text, line int, text text, video text);
create table stamp (note text, stamps text);
create table mention (note text, mentions text);
create virtual table words using fts5 (text, content='', columnsize=0, {TOKENS});
"""
TABLES = ("link", "title", "passage", "section", "stamp", "mention")
SEARCHED = ("title", "section", "passage")
"""The tables whose texts are searched; a text's number in ``words`` is its row's, times three, and the place in this list."""


class LinkRow(NamedTuple):
    """A link as written, how it was resolved, and to which note ("" if to none)."""

    note: str
    line: int
    column: int
    target: str
    section: str
    label: str | None
    embed: int
    role: str
    tier: str
    found: str


class StampRow(NamedTuple):
    """A timestamp as written, and the anchor of the passage or section that it is in."""

    note: str
    anchor: str
    line: int
    written: str
    shown: str


class TitleRow(NamedTuple):
    """What a note is called, the line that says so (0: none does), and the id of the video that it is made from, or ""."""

    note: str
    line: int
    text: str
    video: str


class PassageRow(NamedTuple):
    """A passage, in the graph or not; ``second`` is the first at which it is said, or -1."""

    note: str
    anchor: str
    line: int
    section: str
    label: str
    text: str
    second: int


class SectionRow(NamedTuple):
    """A heading or a labelled bullet; ``second`` as of a passage."""

    note: str
    anchor: str
    line: int
    level: int
    text: str
    second: int


class IndexHit(NamedTuple):
    """A text that holds words: of which of :data:`SEARCHED` it is, its row, and of a passage the section; a title has the anchor ""."""

    kind: int
    row: int
    note: str
    anchor: str
    line: int
    section: str
    second: int
    text: str


class Rows(NamedTuple):
    """What the index holds of one note."""

    path: str
    title: TitleRow
    links: list[LinkRow]
    passages: list[PassageRow]
    sections: list[SectionRow]
    stamps: list[StampRow]
    mentions: list[Mentioned]


def rows(document: Document, table: Table, said: Emission) -> Rows:
    """List what the index keeps of a note, and of what it says."""
    from kg.resolve import elsewhere, meant, wanted

    path = document.path
    links = []
    parts = document.parts
    written = [(link, "channel") for link in document.channels] + [(link, "link") for part in parts for link in part.links]
    for link, role in written:
        found = meant(table, link, path) if wanted(link) is not None else None
        if found and not found.path and elsewhere(link, table.kinds):
            continue
        links.append(
            LinkRow(
                path, link.line, link.column, link.target, link.section, link.label, int(link.embed), role,
                found.tier if found else "", (found.path or "") if found else "",
            )
        )  # fmt: skip
    seconds, anchors = said.seconds, [each.anchor for each in document.sections]
    passages = [
        PassageRow(
            path, each.anchor, each.line, anchors[each.section] if each.section >= 0 else "", each.label, each.text, seconds.get(each.anchor, -1)
        )
        for each in document.passages
    ]
    sections = [SectionRow(path, each.anchor, each.line, each.level, each.text, seconds.get(each.anchor, -1)) for each in document.sections]
    stamps = [StampRow(path, part.anchor, stamp.line, stamp.written, stamp.shown) for part in parts for stamp in part.stamps]
    title = TitleRow(path, document.title_line, document.title, said.video)
    return Rows(path, title, sorted(links, key=lambda row: (row.line, row.column)), passages, sections, stamps, said.mentions)


def bucket(path: str) -> int:
    """Say which file holds a note."""
    return crc32(path.encode("utf-8", "surrogatepass")) % BUCKETS


def write(folder: Path, notes: Iterable[Rows]) -> None:
    """Write a whole index."""
    folder.mkdir(parents=True)
    shared: list[list[Rows]] = [[] for _ in range(BUCKETS)]
    for note in notes:
        shared[bucket(note.path)].append(note)
    for number, here in enumerate(shared):
        if here:
            fill(folder, number, here)


def fill(folder: Path, number: int, notes: Iterable[Rows]) -> None:
    """Write one file of an index: the notes whose :func:`bucket` it is."""
    _fill(folder / f"{number:02d}.sqlite", notes)


def update(old: Path, new: Path, notes: Iterable[Rows], gone: Iterable[str]) -> None:
    """Write the index of the next generation: linked where nothing changed, else copied and changed."""
    new.mkdir(parents=True)
    changed: dict[int, list[Rows]] = {}
    removed: dict[int, list[str]] = {}
    for note in notes:
        changed.setdefault(bucket(note.path), []).append(note)
        removed.setdefault(bucket(note.path), []).append(note.path)
    for path in gone:
        removed.setdefault(bucket(path), []).append(path)
    for number in range(BUCKETS):
        name = f"{number:02d}.sqlite"
        here, there = old / name, new / name
        if number not in removed:
            if here.exists():
                _linked(here, there)
            continue
        if here.exists():
            shutil.copyfile(here, there)
        _fill(there, changed.get(number, []), removed[number])


def _linked(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:  # a file system without hard links
        shutil.copyfile(old, new)


def _fill(path: Path, notes: Iterable[Rows], gone: Iterable[str] = ()) -> None:
    fresh = not path.exists()
    db = sqlite3.connect(path, isolation_level=None)
    try:
        # The file is nobody's until the generation is published: it needs no journal.
        db.executescript("pragma journal_mode=off; pragma synchronous=off;" + (_TABLES if fresh else ""))
        db.execute("begin")
        for note in gone:
            # An index of words without the texts forgets one only if it is given it again.
            db.executemany("insert into words (words, rowid, text) values ('delete', ?, ?)", list(_texts(db, note)))
            for table in TABLES:
                db.execute(f"delete from {table} where note = ?", (note,))
        last = [db.execute(f"select ifnull(max(rowid), 0) from {table}").fetchone()[0] for table in SEARCHED]
        kept = list(notes)
        for table, given in (
            ("title", [each.title for each in kept]),
            ("link", [row for each in kept for row in each.links]),
            ("passage", [row for each in kept for row in each.passages]),
            ("section", [row for each in kept for row in each.sections]),
            # One text for all of a note's: they are read together, and rows for each would be half the index.
            ("stamp", [(each.path, _text(each.stamps)) for each in kept if each.stamps]),
            ("mention", [(each.path, _text(each.mentions)) for each in kept if each.mentions]),
        ):
            if given:
                db.executemany(f"insert into {table} values ({','.join('?' * len(given[0]))})", given)
        db.executemany("insert into words (rowid, text) values (?, ?)", _numbered(kept, last))
        db.execute("commit")
    finally:
        db.close()


def _text(rows: Sequence[StampRow] | Sequence[Mentioned]) -> str:
    """Write rows as one text, without the path of their note, which stands beside it."""
    return json.dumps([row[1:] for row in rows], ensure_ascii=False)


def _numbered(notes: Iterable[Rows], last: list[int]) -> list[tuple[int, str]]:
    """Give the words of all titles, headings and passages, by number in ``words``; ``last`` are the rows before, by table.

    In the order of their numbers, since FTS5 begins a new part of its index with each that is lower than the one before.
    """
    found = []
    for note in notes:
        title = note.title.text
        for kind, texts in enumerate(([title], [each.text for each in note.sections], [each.text for each in note.passages])):
            for row, text in enumerate(texts, last[kind] + 1):
                if _counts(kind, text, title) and (words := folded(text)):
                    found.append((row * len(SEARCHED) + kind, words))
            last[kind] += len(texts)
    return sorted(found)


def _texts(db: sqlite3.Connection, note: str) -> Iterator[tuple[int, str]]:
    """Give the same of one note, from the tables."""
    title = ""
    for kind, table in enumerate(SEARCHED):
        for row, text in db.execute(f"select rowid, text from {table} where note = ?", (note,)):
            title = text if kind == 0 else title
            if _counts(kind, text, title) and (words := folded(text)):
                yield row * len(SEARCHED) + kind, words


def _counts(kind: int, text: str, title: str) -> bool:
    """Say whether a text is searched: a heading that is the title counts once."""
    return kind != 1 or text != title


def links(folder: Path, note: str | None = None) -> Iterator[LinkRow]:
    """Give the links of one note, or of all, by note and line."""
    yield from (LinkRow(*row) for row in _select(folder, "link", "note, line, col", note))


def passages(folder: Path, note: str | None = None) -> Iterator[PassageRow]:
    """Give the passages of one note, or of all, by note and line."""
    yield from (PassageRow(*row) for row in _select(folder, "passage", "note, line, rowid", note))


def titles(folder: Path, note: str | None = None) -> Iterator[TitleRow]:
    """Give what one note is called, or all are."""
    yield from (TitleRow(*row) for row in _select(folder, "title", "note", note))


def stamps(folder: Path, note: str | None = None) -> Iterator[StampRow]:
    """Give the timestamps of one note, or of all, by note and line."""
    for path, kept in _select(folder, "stamp", "note", note):
        yield from sorted((StampRow(path, *row) for row in json.loads(kept)), key=lambda row: row.line)


def sections(folder: Path, note: str | None = None) -> Iterator[SectionRow]:
    """Give the sections of one note, or of all, by note and line."""
    yield from (SectionRow(*row) for row in _select(folder, "section", "note, line, rowid", note))


def mentions(folder: Path, note: str | None = None, holding: str = "") -> Iterator[Mentioned]:
    """Give what one note names, or all do, by note and line; only of notes that mention the string ``holding``, a kind or a key."""
    from kg.model import Mentioned

    sought = json.dumps(holding, ensure_ascii=False) if holding else ""
    for path, kept in _select(folder, "mention", "note", note):
        if sought in kept:
            yield from (Mentioned(path, *row) for row in json.loads(kept))


def plain(folder: Path, table: str, columns: str) -> Iterator[Any]:
    """Give some columns of all rows of a table, in no order that means anything: half the time of the above, where all is read."""
    for db in _opened(folder, range(BUCKETS)):
        yield from db.execute(f"select {columns} from {table}")


def holding(folder: Path, words: Lexicon) -> set[str]:
    """Give the notes in whose passages, headings or labels some form stands."""
    found: set[str] = set()
    texts: Iterator[PassageRow | SectionRow] = chain(passages(folder), sections(folder))
    for row in texts:
        if row.note not in found and words.find(row.text):
            found.add(row.note)
    return found


def matching(folder: Path, expression: str) -> Iterator[IndexHit]:
    """Give the titles, headings and passages that match an expression of :mod:`kg.words`, in no order that means anything.

    Raises:
        StoreError: the index is damaged.
    """
    columns = ("'', line, '', -1", "anchor, line, '', second", "anchor, line, section, second")
    ways = " union all ".join(
        f"select {kind}, {table}.rowid, note, {columns[kind]}, {table}.text from found join {table} on {table}.rowid = id / 3 where id % 3 = {kind}"
        for kind, table in enumerate(SEARCHED)
    )
    asked = f"with found as materialized (select rowid as id from words where words match ?) {ways}"
    for db in _opened(folder, range(BUCKETS)):
        try:
            yield from map(IndexHit._make, db.execute(asked, (expression,)))
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{folder}: the index is damaged: {error}", hint="kg build --full makes it anew") from None


def counted(folder: Path, expression: str) -> int:
    """Count the texts that match an expression of :mod:`kg.words`."""
    asked = "select count(*) from words where words match ?"
    return sum(db.execute(asked, (expression,)).fetchone()[0] for db in _opened(folder, range(BUCKETS)))


def vocabulary(folder: Path) -> Counter[str]:
    """Give every folded word, and in how many texts it stands."""
    found: Counter[str] = Counter()
    for db in _opened(folder, range(BUCKETS)):
        db.execute("create virtual table temp.vocabulary using fts5vocab (main, words, row)")
        found.update(dict(db.execute("select term, doc from temp.vocabulary")))
    return found


def _select(folder: Path, table: str, order: str, note: str | None) -> Iterator[Any]:
    where, given = ("", ()) if note is None else (" where note = ?", (note,))
    for db in _opened(folder, range(BUCKETS) if note is None else (bucket(note),)):
        yield from db.execute(f"select * from {table}{where} order by {order}", given)


def _opened(folder: Path, numbers: Iterable[int]) -> Iterator[sqlite3.Connection]:
    """Give some of the files, those that are there, each open as long as it is looked at."""
    if not folder.is_dir():
        raise StoreError(f"{folder.parent}: newer builds have taken its place", hint="open the graph again")
    for number in numbers:
        path = folder / f"{number:02d}.sqlite"
        if path.exists():
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
                yield db
