"""What notes offer to each other and want of each other, gathered in memory (see :mod:`kg.corpus` for what that is).

Most keys have few offers, and it matters which note makes them. Of the **tallied** ones it matters what is offered and how
many notes do, but not which: every note may name the same country, and what asks how that stands should not read a row for each.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from kg.model import Offer, OfferKind

TALLIED = ("name:", "stamps:", "video:")
"""How the tallied keys begin."""
Row = tuple[OfferKind, str, str | int]
"""What is offered under a key: its kind, its value, and the path of the note; under a tallied key how many notes offer it."""


def offered(db: sqlite3.Connection, key: str) -> list[Row]:
    """Give what is offered under a key, sorted, where the table ``offer`` has the paths and ``tally`` the numbers of notes."""
    table = "notes from tally" if key.startswith(TALLIED) else "path from offer"
    return list(db.execute(f"select kind, value, {table} where key = ? order by 1, 2, 3", (key,)))


class Offered:
    """What some notes, or all, offer and want.

    >>> known = Offered()
    >>> known.add("a.md", [("quay", "stem", "Quay"), ("name:person/ada", "name", "Ada")], [("pier", "Pier")])
    >>> known.add("b.md", [("name:person/ada", "name", "Ada")])
    >>> known.offered("quay"), known.offered("name:person/ada"), known.spelling("pier")
    ([('stem', 'Quay', 'a.md')], [('name', 'Ada', 2)], 'Pier')
    """

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[OfferKind, str, str]]] = {}
        self.tally: dict[str, dict[tuple[OfferKind, str], int]] = {}
        self.wanted: dict[str, str] = {}
        self.sides: list[tuple[str, str, str]] = []
        self.owners: dict[str, tuple[str, str]] = {}
        """Of each note its title, and kind and title of what it is the page of, as ``theme/Open data``, or ""."""

    def add(
        self, path: str, offers: Iterable[tuple[str, OfferKind, str]], wants: Iterable[tuple[str, str]] = (), sides: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Take up what the note at a path offers and wants, each once, and the keys of both sides of its links' bars."""
        for key, kind, value in offers:
            if key.startswith(TALLIED):
                self.count(key, kind, value)
            else:
                self.rows.setdefault(key, []).append((kind, value, path))
        for key, spelling in wants:
            if spelling:
                self.wanted[key] = max(self.wanted.get(key, ""), spelling)
        self.sides += ((*each, path) for each in sides)

    def count(self, key: str, kind: OfferKind, value: str, notes: int = 1) -> None:
        """Count some more notes that offer a value under a tallied key."""
        counts = self.tally.setdefault(key, {})
        counts[kind, value] = counts.get((kind, value), 0) + notes

    def offers(self) -> Iterator[tuple[str, Offer]]:
        """Give everything that is not tallied, with its path, but for the parts of notes."""
        return ((path, Offer(key, kind, value)) for key, kind, value, path in self.plain() if kind not in ("parts", "cited"))

    def offered(self, key: str) -> list[Row]:
        """Give what is offered under a key, sorted."""
        if key.startswith(TALLIED):
            return sorted((kind, value, count) for (kind, value), count in self.tally.get(key, {}).items())
        found: list[Row] = sorted(self.rows.get(key, ()))
        return found

    def owner(self, path: str) -> tuple[str, str] | None:
        """Give the title of a note, and what it is the page of."""
        return self.owners.get(path)

    def spelling(self, key: str) -> str | None:
        """Give the spelling that stands for a name that no note offers."""
        return None if key in self.rows else self.wanted.get(key)

    def bars(self) -> tuple[int, int]:
        """Count the links of which what stands before the bar, and what stands after it, is a note's name and the other is none."""
        named = self._named()
        found = [(one in named, other in named) for one, other, _ in self.sides]
        return found.count((True, False)), found.count((False, True))

    def several(self, second: bool) -> bool:
        """Say whether more than one note has links of which only what stands after the bar, or before it, is a note's name."""
        named = self._named()
        return len({path for one, other, path in self.sides if (other if second else one) in named and (one if second else other) not in named}) > 1

    def _named(self) -> set[str]:
        return {key for key, rows in self.rows.items() if any(kind in ("stem", "alias") for kind, *_ in rows)}

    def plain(self) -> Iterator[tuple[str, OfferKind, str, str]]:
        """Give key, kind, value and path of what is not tallied."""
        return ((key, *row) for key, rows in self.rows.items() for row in rows)

    def tallied(self) -> Iterator[tuple[str, OfferKind, str, int]]:
        """Give key, kind, value and number of notes of what is."""
        return ((key, kind, value, count) for key, counts in self.tally.items() for (kind, value), count in counts.items())


__all__ = ["TALLIED", "Offered", "Row", "offered"]
