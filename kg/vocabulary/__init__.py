"""The author's decisions about names, in a file beside the notes that git can keep.

    vocabulary.ttl     SKOS, for who works with graphs
    vocabulary.csv     for who works with spreadsheets
    vocabulary.yaml    for who works with an editor; vocabulary.yml will do as well

One of the three, and all say the same: a line for each decision, in an order that never changes by
itself, so that two people can decide and merge. People edit the file as well: what kg has not
written, it keeps byte for byte.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from kg import files
from kg.errors import Place, VocabularyError
from kg.extract import normal
from kg.vocabulary.decisions import RULE, Decisions, Difference, decisions, difference, key_of
from kg.vocabulary.edit import Page, Unwritable, edited
from kg.vocabulary.entries import REFERENCES, Entry, Key, Problem, complete, references, settled, tidied

FORMS = {".ttl": "in_turtle", ".csv": "in_csv", ".yaml": "in_yaml", ".yml": "in_yaml"}
"""The module that reads and writes each ending."""
NAMES = tuple(f"vocabulary{ending}" for ending in FORMS)
LARGEST = 16_000_000
"""bytes"""

__all__ = [
    "REFERENCES",
    "RULE",
    "Decisions",
    "Difference",
    "Entry",
    "Vocabulary",
    "add",
    "change",
    "complete",
    "decisions",
    "difference",
    "find",
    "key_of",
    "read",
    "write",
    "written",
]


@dataclass(frozen=True)
class Vocabulary:
    """The decisions of one file, in order; without a file there are none."""

    path: Path | None = None
    entries: tuple[Entry, ...] = ()


def find(folder: Path) -> Path | None:
    """Find the vocabulary beside the notes of a folder.

    Raises:
        VocabularyError: there are two.
    """
    found = [folder / name for name in NAMES if (folder / name).is_file()]
    if len(found) > 1:
        first, second = found[:2]
        raise VocabularyError(f"{first} and {second.name}: two vocabularies", hint="keep one of them")
    return found[0] if found else None


def read(path: Path, base: str, kinds: Collection[str]) -> Vocabulary:
    """Read a vocabulary; ``base`` begins the IRIs of entities, ``kinds`` are all that there may be.

    Raises:
        VocabularyError: it cannot be read, or contradicts itself; the first problem, and how many more there are.
    """
    return Vocabulary(path, _read(path, _text(path).removeprefix(_MARK), base, kinds)[1])


def write(path: Path, entries: Iterable[Entry], base: str) -> None:
    """Write a whole vocabulary, in the form that the path's ending stands for.

    Raises:
        VocabularyError: the decisions contradict one another.
        KgError: the file cannot be written; it is as it was.
    """
    files.save(_real(path), [written(entries, path, base)])


def written(entries: Iterable[Entry], path: Path, base: str) -> str:
    """Give the text of a vocabulary.

    Raises:
        VocabularyError: the decisions contradict one another.

    >>> print(written([Entry("theme", "Open data", aliases=("free data",))], Path("vocabulary.yaml"), "https://example.org/kg/"))
    # Decisions about names, one a line; kg keeps what you write between them.
    - {kind: theme, name: Open data, aliases: [free data]}
    """
    return str(_form(path).write(_sound(path, complete(entries)), base))


def change(path: Path, entries: Iterable[Entry], base: str, kinds: Collection[str], gone: Iterable[Entry] = ()) -> Vocabulary:
    """Decide anew: each entry takes the place of what was decided on its name, and what is ``gone`` is decided no more.

    Only the lines of these decisions change; without a file, one is made.

    Raises:
        VocabularyError: the file is broken, or would contradict itself; it is as it was.
        KgError: the file cannot be written; it is as it was.
    """
    new = [entry.said for entry in entries]
    whole = _text(path) if path.exists() else ""
    if not whole.strip():
        write(path, new, base)
        return read(path, base, kinds)
    text = whole.removeprefix(_MARK)
    page, old = _read(path, text, base, kinds)
    before = {entry.key: entry for entry in old}
    leaving = {entry.key for entry in gone}
    fresh = {entry.key: entry.said for entry in _sound(path, map(tidied, new), kinds)}
    after = {key: entry for key, entry in before.items() if key not in leaving} | fresh
    # What others refer to stays, if only by its name.
    touched = fresh.keys() | {key for key, entry in after.items() if not leaving.isdisjoint(_referred(entry))}
    wanted = {entry.key: entry for entry in _sound(path, complete(after.values(), touched), kinds)}
    changed, found = _rewritten(path, page, before, wanted, base, kinds)
    if changed != text:
        files.save(_real(path), [whole[: len(whole) - len(text)], changed])
    return Vocabulary(path, found)


def _referred(entry: Entry) -> set[Key]:
    return {(kind, normal(name)) for kind, name in references(entry)}


def add(path: Path, entries: Iterable[Entry], base: str, kinds: Collection[str]) -> Vocabulary:
    """Decide more: like :func:`change`, but what an accepted entry says already stays.

    Raises:
        VocabularyError: the file is broken, or would contradict itself; it is as it was.
        KgError: the file cannot be written; it is as it was.
    """
    old = read(path, base, kinds).entries if path.exists() else ()
    known = {entry.key: entry for entry in old}
    return change(path, [_joined(known.get(entry.key), entry) for entry in settled(map(tidied, entries))[0]], base, kinds)


def _joined(old: Entry | None, new: Entry) -> Entry:
    if old is None or old.rejected != new.rejected:
        return new
    lists: dict[str, Any] = {name: (*ours, *getattr(new, name)) for name, ours in old._asdict().items() if isinstance(ours, tuple)}
    lists["aliases"] += (new.name,) if new.name != old.name else ()
    return old._replace(**lists, note=new.note or old.note, end=new.end or old.end)


# -- files ---------------------------------------------------------------------------------------

_MARK = "\ufeff"
"""Spreadsheets begin a file with this; it stays, if it was there."""


def _form(path: Path) -> Any:
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise VocabularyError(f"{path}: no vocabulary has the ending {path.suffix!r}", hint=f"known: {', '.join(FORMS)}")
    return import_module(f"kg.vocabulary.{form}")


def _real(path: Path) -> Path:
    """Follow links, so that the file they lead to is replaced and not they."""
    return Path(os.path.realpath(path))


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise VocabularyError(f"{size:,} bytes, more than {LARGEST:,}", at=Place(str(path)), hint="is this the vocabulary?")
        data = path.read_bytes()
    except OSError as error:
        raise VocabularyError(f"cannot be read: {error.strerror}", at=Place(str(path))) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise VocabularyError("not UTF-8", at=Place(str(path), line), hint="save it as UTF-8") from None


def _read(path: Path, text: str, base: str, kinds: Collection[str]) -> tuple[Page, tuple[Entry, ...]]:
    page: Page = _form(path).parse(text, base, kinds)
    entries, problems = settled(page.entries, kinds)
    _refuse(path, [*page.problems, *problems])
    return page, entries


def _sound(path: Path, entries: Iterable[Entry], kinds: Collection[str] | None = None) -> tuple[Entry, ...]:
    """Give entries back if they may be written."""
    found, problems = settled(entries, kinds)
    _refuse(path, problems)
    return found


def _refuse(path: Path, problems: Iterable[Problem]) -> None:
    first, *others = [*sorted(problems), None]
    if first:
        more = len(others) - 1
        rest = f" (and {more} more problem{'s' if more > 1 else ''})" if more else ""
        raise VocabularyError(f"{first.what}{rest}", at=Place(str(path), first.line), hint=first.hint)


def _meaning(entries: Iterable[Entry]) -> list[tuple[object, ...]]:
    """Give what entries say, in whatever order their lists are: labels in several languages may change it."""
    return sorted(tuple(frozenset(each) if isinstance(each, tuple) else each for each in entry.said) for entry in entries)


def _rewritten(
    path: Path, page: Page, before: Mapping[Key, Entry], after: Mapping[Key, Entry], base: str, kinds: Collection[str]
) -> tuple[str, tuple[Entry, ...]]:
    """Change the text of a page, and make sure that it then says what it ought to."""
    form = _form(path)
    try:
        for at_end in (False, True):
            text = edited(page, form.pen(page, tuple(after.values()), base), before, after, at_end=at_end)
            again = form.parse(text, base, kinds)
            found, _ = settled(again.entries)
            if not again.problems and _meaning(found) == _meaning(after.values()):
                return text, found
        raise Unwritable(0, "its lines cannot be told apart")
    except Unwritable as error:
        line = page.text.count("\n", 0, error.start) + 1 if error.start else 0
        hint = "change it by hand, or write one decision a line"
        raise VocabularyError(f"kg cannot change this file: {error.what}", at=Place(str(path), line), hint=hint) from None
