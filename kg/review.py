"""Deciding on names, one after the other, each written to the author's vocabulary at once.

    accepted, rejected, merged, retyped   a decision as an entry of the vocabulary
    Review                                the vocabulary while it is decided on: decide, undo

A decision is in the file when it is made, so a crash loses none; undo puts the file back as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from kg import files, vocabulary
from kg.errors import KgError
from kg.extract import normal
from kg.vocabulary import Entry

Decided = Mapping[tuple[str, str], Entry]
"""What has been decided, by kind and normal form of each spelling."""


def accepted(kind: str, name: str, spellings: Iterable[str] = (), known: Decided | None = None) -> Entry:
    """Decide that a name is a thing of a kind; other spellings come along, unless they have been decided otherwise.

    Not so one or two words in small letters, which mean something else wherever no quotation marks stand around them.

    >>> accepted("initiative", "Talk Cardiff", ["TC", "talk Cardiff", "talk cardiff"])[:4]
    ('initiative', 'Talk Cardiff', ('TC',), ('talk Cardiff',))
    """
    known = known or {}
    own = normal(name)
    others = [each for each in spellings if each != name and (name == name.casefold() or not _common(each))]
    free = [each for each in others if normal(each) == own or (kind, normal(each)) not in known]
    # Of the same letters in other capitals, the author's way is shown and the others are found.
    same = tuple(each for each in free if normal(each) == own)
    return Entry(kind, name, aliases=tuple(each for each in free if normal(each) != own), hidden=same)


def _common(spelling: str) -> bool:
    return spelling == spelling.casefold() and len(spelling.split()) < 3


def rejected(kind: str, name: str, spellings: Iterable[str] = (), known: Decided | None = None) -> Entry:
    """Decide that a name, and other spellings of it, are no things of a kind.

    >>> rejected("initiative", "Talk Cardiff", ["talk cardiff"]).aliases
    ()
    """
    known = known or {}
    others: dict[str, str] = {}
    for each in spellings:
        key = normal(each)
        if key != normal(name) and (kind, key) not in known:
            others.setdefault(key, each)
    return Entry(kind, name, aliases=tuple(others.values()), rejected=True)


def merged(kind: str, into: str, names: Iterable[str], known: Decided | None = None) -> Entry:
    """Decide that names are other names of a thing, which is accepted by that.

    >>> merged("initiative", "Talk Cardiff", ["Siarad"])[:3]
    ('initiative', 'Talk Cardiff', ('Siarad',))
    """
    known = known or {}
    old = known.get((kind, normal(into)))
    entry = accepted(kind, old.name if old and not old.rejected else into, names, known)
    # The name of a country is that of its code; whatever else it is called stays out of sight.
    return entry._replace(aliases=(), hidden=(*entry.aliases, *entry.hidden)) if kind == "country" else entry


class Step(NamedTuple):
    """What a decision changed: the file before and after it (None if there was none), and the decisions before it."""

    before: bytes | None
    after: bytes | None
    entries: tuple[Entry, ...]


class Review:
    """A vocabulary while it is decided on."""

    def __init__(self, path: Path, base: str, kinds: Collection[str]) -> None:
        """Read what has been decided.

        Raises:
            VocabularyError: the file cannot be read, or contradicts itself.
        """
        self.path, self.base, self.kinds = path, base, kinds
        self.steps: list[Step] = []
        self._know(vocabulary.read(path, base, kinds).entries if path.exists() else ())

    def _know(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        self.known = {(entry.kind, normal(each)): entry for entry in entries for each in entry.spellings}

    def decide(self, entry: Entry) -> None:
        """Write a decision into the file.

        Raises:
            KgError: the file contradicts the decision, or cannot be written; it is as it was.
        """
        before, entries = self._bytes(), self.entries
        old = self.known.get(entry.key)
        gone = [old] if old and old.key != entry.key and old.rejected != entry.rejected else []
        if gone:
            raise KgError(f"{entry.name!r} has been decided as a name of {gone[0].name!r}", hint=f"decide on {gone[0].name!r}, or edit {self.path}")
        self._know(vocabulary.add(self.path, [entry], self.base, self.kinds).entries)
        self.steps.append(Step(before, self._bytes(), entries))

    def undo(self) -> bool:
        """Take the last decision back; False if there is none.

        Raises:
            KgError: the file has been changed since by something else, or cannot be written.
        """
        if not self.steps:
            return False
        step = self.steps[-1]
        if self._bytes() != step.after:
            raise KgError(f"{self.path}: has been changed by something else since", hint="take the line out by hand")
        if step.before is None:
            self.path.unlink(missing_ok=True)
        else:
            files.save(self.path, [step.before.decode("utf-8")])
        self.steps.pop()
        self._know(step.entries)
        return True

    def _bytes(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None


__all__ = ["Review", "accepted", "merged", "rejected"]
