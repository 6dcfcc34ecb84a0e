"""What the graph leaves out, by note: every link with its tier, every passage, every timestamp, every name and its place.

64 small SQLite files, chosen by a hash of the note's path. A generation's files are never changed:
a new generation links those that stay the same and writes anew those that hold a changed note, so an
edit costs one file, a crash tears nothing, and readers need no write permission.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from kg.entities import Mentioned
from kg.lexicon import Lexicon
from kg.model import Document
from kg.resolve import Table, resolve, wanted

BUCKETS = 64

_TABLES = """
create table link (note text, line int, col int, target text, section text, label text, embed int, role text, tier text, found text);
create table passage (note text, anchor text, line int, section text, label text, text text);
create table section (note text, anchor text, line int, level int, text text);
create table stamp (note text, stamps text);
create table mention (note text, mentions text);
"""
TABLES = ("link", "passage", "section", "stamp", "mention")


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


class PassageRow(NamedTuple):
    """A passage, in the graph or not."""

    note: str
    anchor: str
    line: int
    section: str
    label: str
    text: str


class SectionRow(NamedTuple):
    """A heading or a labelled bullet."""

    note: str
    anchor: str
    line: int
    level: int
    text: str


class Rows(NamedTuple):
    """What the index holds of one note."""

    path: str
    links: list[LinkRow]
    passages: list[PassageRow]
    sections: list[SectionRow]
    stamps: list[StampRow]
    mentions: list[Mentioned]


def rows(document: Document, table: Table, mentions: list[Mentioned]) -> Rows:
    """List what the index keeps of a note."""
    path = document.path
    links = []
    parts = document.parts
    written = [(link, "channel") for link in document.channels] + [(link, "link") for part in parts for link in part.links]
    for link, role in written:
        target = wanted(link)
        found = resolve(table, target, path) if target is not None else None
        links.append(
            LinkRow(
                path, link.line, link.column, link.target, link.section, link.label, int(link.embed), role,
                found.tier if found else "", (found.path or "") if found else "",
            )
        )  # fmt: skip
    passages = [
        PassageRow(path, each.anchor, each.line, document.sections[each.section].anchor if each.section >= 0 else "", each.label, each.text)
        for each in document.passages
    ]
    sections = [SectionRow(path, each.anchor, each.line, each.level, each.text) for each in document.sections]
    stamps = [StampRow(path, part.anchor, stamp.line, stamp.written, stamp.shown) for part in parts for stamp in part.stamps]
    return Rows(path, sorted(links, key=lambda row: (row.line, row.column)), passages, sections, stamps, mentions)


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
            _fill(folder / f"{number:02d}.sqlite", here)


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
            for table in TABLES:
                db.execute(f"delete from {table} where note = ?", (note,))
        for each in notes:
            db.executemany("insert into link values (?,?,?,?,?,?,?,?,?,?)", each.links)
            db.executemany("insert into passage values (?,?,?,?,?,?)", each.passages)
            db.executemany("insert into section values (?,?,?,?,?)", each.sections)
            # One text for all of a note's: they are read together, and rows for each would be half the index.
            if each.stamps:
                db.execute("insert into stamp values (?, ?)", (each.path, json.dumps([row[1:] for row in each.stamps], ensure_ascii=False)))
            if each.mentions:
                db.execute("insert into mention values (?, ?)", (each.path, json.dumps([row[1:] for row in each.mentions], ensure_ascii=False)))
        db.execute("commit")
    finally:
        db.close()


def links(folder: Path, note: str | None = None) -> Iterator[LinkRow]:
    """Give the links of one note, or of all, by note and line."""
    yield from (LinkRow(*row) for row in _select(folder, "link", "note, line, col", note))


def passages(folder: Path, note: str | None = None) -> Iterator[PassageRow]:
    """Give the passages of one note, or of all, by note and line."""
    yield from (PassageRow(*row) for row in _select(folder, "passage", "note, line, rowid", note))


def stamps(folder: Path, note: str | None = None) -> Iterator[StampRow]:
    """Give the timestamps of one note, or of all, by note and line."""
    for path, kept in _select(folder, "stamp", "note", note):
        yield from sorted((StampRow(path, *row) for row in json.loads(kept)), key=lambda row: row.line)


def sections(folder: Path, note: str | None = None) -> Iterator[SectionRow]:
    """Give the sections of one note, or of all, by note and line."""
    yield from (SectionRow(*row) for row in _select(folder, "section", "note, line, rowid", note))


def mentions(folder: Path, note: str | None = None) -> Iterator[Mentioned]:
    """Give what one note names, or all do, by note and line."""
    for path, kept in _select(folder, "mention", "note", note):
        yield from (Mentioned(path, *row) for row in json.loads(kept))


def holding(folder: Path, words: Lexicon) -> set[str]:
    """Give the notes in whose passages, headings or labels some form stands."""
    found: set[str] = set()
    for table in ("passage", "section"):
        for note, *_, text in _select(folder, table, "note", None):
            if note not in found and words.find(text):
                found.add(note)
    return found


def _select(folder: Path, table: str, order: str, note: str | None) -> Iterator[Any]:
    numbers = range(BUCKETS) if note is None else (bucket(note),)
    for number in numbers:
        path = folder / f"{number:02d}.sqlite"
        if not path.exists():
            continue
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            where, given = ("", ()) if note is None else (" where note = ?", (note,))
            yield from db.execute(f"select * from {table}{where} order by {order}", given)
        finally:
            db.close()
