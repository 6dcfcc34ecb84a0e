"""Notes that are wanted: names that links ask for and no note has, the most wanted first, each with a note to start from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from kg import index, names, vault
from kg.check.known import Checked, wanted
from kg.errors import KgError
from kg.errors import Place as At
from kg.guard import guess

QUOTED = 5
"""Places that a stub quotes."""


class LinkAt(NamedTuple):
    """Where a note is wanted."""

    path: str
    line: int
    column: int


class Wanted(NamedTuple):
    """A name that links ask for: the file to write, how many links in how many notes, where, the notes whose names come near, and a note to start from."""

    name: str
    file: str
    links: int
    notes: int
    places: tuple[LinkAt, ...]
    near: tuple[str, ...]
    stub: str


def ranked(known: Checked) -> Iterator[Wanted]:
    """List what is wanted: by how many links, then by how many notes."""
    found = [(len(rows), len({row.note for row in rows}), key, rows) for key, rows in known.missing.items()]
    for _, _, key, rows in sorted(found, key=lambda each: (-each[0], -each[1], each[2])):
        yield _wanted(known, key, rows)


def named(known: Checked, name: str) -> Wanted:
    """Give what is wanted by a name, however it is written.

    Raises:
        KgError: no link asks for it, or a note has it.
    """
    key = names.key(name)
    if key in known.missing:
        return _wanted(known, key, known.missing[key])
    note = next(iter(known.table.names.get(key, ())), None)
    if note:
        raise KgError(f"{name!r} is not wanted: there is a note of this name", at=At(note.path))
    near = guess(key, sorted(known.missing))
    hint = f"did you mean {_spelling(known.missing[near])!r}?" if near else "kg check --wanted lists what is wanted"
    raise KgError(f"no link asks for {name!r}", hint=hint)


def _spelling(rows: list[index.LinkRow]) -> str:
    """Give the spelling that most links have, the first of equals."""
    return Counter(sorted(wanted(row) or "" for row in rows)).most_common(1)[0][0]


def _wanted(known: Checked, key: str, rows: list[index.LinkRow]) -> Wanted:
    name = _spelling(rows).replace("\\", "/").strip("/")
    folder = Counter(row.note.rpartition("/")[0] for row in rows).most_common(1)[0][0]
    file = f"{name}.md" if "/" in name or not folder else f"{folder}/{name}.md"
    near = tuple(dict.fromkeys(each.path for one in known.near.like(key) for each in known.table.names[one]))
    places = tuple(LinkAt(row.note, row.line, row.column) for row in rows)
    return Wanted(name, file, len(rows), len({row.note for row in rows}), places, near, _stub(known, name, rows))


def _stub(known: Checked, name: str, rows: list[index.LinkRow]) -> str:
    """Write a note to start from: a heading, and the sentences that ask for it."""
    last = name.rpartition("/")[2]
    title = " ".join(last.replace("_", " ").split()) if "_" in last else last
    quotes = []
    for row in list({row.note: row for row in reversed(rows)}.values())[::-1][:QUOTED]:
        said = next((each.text for each in index.passages(known.graph.generation.index, row.note) if _holds(each, row.line)), "")
        quotes.append(f"- [[{known.spelling(row.note, '') or vault.cut(row.note)}]]{': ' if said else ''}{_plain(said)}")
    return "\n".join([f"# {title[:1].upper()}{title[1:]}", "", "Wanted by:", "", *quotes, ""])


def _plain(said: str) -> str:
    """Write a passage so that what code quoted in it does not become a link."""
    return " ".join(said.split()).replace("[[", "\\[\\[")


def _holds(row: index.PassageRow, line: int) -> bool:
    return row.line <= line <= row.line + row.text.count("\n")


__all__ = ["LinkAt", "Wanted", "named", "ranked"]
