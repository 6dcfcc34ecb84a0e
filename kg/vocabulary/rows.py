"""What the two tables of a vocabulary, CSV and YAML, have in common: the names of their columns.

A column of the author's own begins with ``x-``; it is kept and not looked at. Any other is an error.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kg.guard import guess
from kg.kinds import named
from kg.vocabulary.entries import LISTS, Entry, Problem, tidy

COLUMNS = ("kind", "name", *LISTS, "rejected", "end", "note")
OWN = "x-"
_YES = frozenset(("yes", "true", "y", "x", "1"))
_NO = frozenset(("", "no", "false", "n", "0"))


def column(text: str) -> str:
    """Fold the heading of a column."""
    return tidy(text).casefold()


def unknown_columns(names: Collection[str], line: int) -> list[Problem]:
    """Tell of the columns that mean nothing, or stand twice.

    >>> unknown_columns(["kind", "alias", "x-owner"], 1)[0].hint
    "did you mean 'aliases'?"
    """
    found = []
    for name in sorted(set(names)):
        if list(names).count(name) > 1:
            found.append(Problem(line, f"{name!r} stands here twice", "keep one of them"))
        elif name not in COLUMNS and not name.startswith(OWN):
            near = guess(name, list(COLUMNS))
            hint = f"did you mean {near!r}?" if near else f"known: {', '.join(COLUMNS)}; a column of your own begins with {OWN}"
            found.append(Problem(line, f"unknown column {name!r}", hint))
    return found


def entry(cells: Mapping[str, str | tuple[str, ...]], line: int, kinds: Collection[str]) -> tuple[Entry, list[Problem]]:
    """Make a decision of the cells of a row.

    >>> entry({"kind": "Themes", "name": "Open data", "rejected": "yes"}, 2, ["theme"])[0].rejected
    True
    """
    problems = []
    lists = {name: _many(cells.get(name, ())) for name in LISTS}
    kind, name, rejected, end, note = (_one(cells.get(each, "")) for each in ("kind", "name", "rejected", "end", "note"))
    kind = named(kind, kinds) or kind.casefold()
    if not kind:
        problems.append(Problem(line, "a decision without a kind", f"write one of {', '.join(sorted(kinds))}"))
    if rejected.casefold() not in _YES | _NO:
        problems.append(Problem(line, f"rejected is {rejected!r}", "write yes, or nothing"))
    return Entry(kind, name, **lists, rejected=rejected.casefold() in _YES, end=end, note=note, line=line), problems


def _one(cell: str | tuple[str, ...]) -> str:
    return tidy(cell if isinstance(cell, str) else " ".join(cell))


def _many(cell: str | tuple[str, ...]) -> tuple[str, ...]:
    return (cell,) if isinstance(cell, str) else cell


def cells(said: Entry) -> dict[str, str | tuple[str, ...]]:
    """Give the cells of a decision that hold something, in the order of the columns.

    >>> cells(Entry("theme", "Open data", aliases=("free data",)))
    {'kind': 'theme', 'name': 'Open data', 'aliases': ('free data',)}
    """
    given = said._asdict() | {"rejected": "yes" if said.rejected else ""}
    return {name: given[name] for name in COLUMNS if given[name]}
