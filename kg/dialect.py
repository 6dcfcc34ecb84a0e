"""Which tool a vault's links were written for: told by kg.toml, else by what that tool leaves beside the notes.

Where no tool tells for certain, the links themselves do: a bar has a note's name on one side and words on the other.

Only one thing differs so much that it must be known before a note is read: Dendron and the wikis of
GitHub put the words first, ``[[words|target]]``, where all others have ``[[target|words]]``. Of 2,324
such links of a real Dendron site 35 lead somewhere in the one reading, and 2,157 in the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import NamedTuple

LABEL_FIRST = frozenset({"dendron", "github-wiki"})
"""Dialects whose links have the words before the bar, and the target after it."""

PREFIXED = frozenset({"zk"})
"""Dialects in which what begins a file's name is an id of the note."""

TAGGED = frozenset({"logseq"})
"""Dialects in which a tag is a link to the page of its name, if there is one."""

_MARKS = (
    ("dendron", ("dendron.yml", "../dendron.yml", "root.schema.yml")),
    ("obsidian", (".obsidian",)),
    ("logseq", ("logseq/config.edn", "../logseq/config.edn")),
    ("foam", (".foam", ".vscode/foam.json")),
    ("zk", (".zk",)),
    ("github-wiki", ("_Sidebar.md", "_Footer.md")),
)


GIVEN = "kg.toml"
NAME, BOTH = "the folder's name", "dendron.yml and .obsidian"
_OPEN = frozenset({"", NAME, BOTH, "_Sidebar.md", "_Footer.md"})
"""What tells a dialect, but not for certain: the name of a folder, a note that other sites have as well, what two tools left in one vault."""
_LEAST = 3
"""Links that it takes to say otherwise; of one or two in words first, the note may only be unwritten."""


class Dialect(NamedTuple):
    """The dialect of a vault's links, and what says so."""

    name: str
    why: str

    @property
    def label_first(self) -> bool:
        """Whether the words stand before the bar."""
        return self.name in LABEL_FIRST


def detect(notes: Path, given: str) -> Dialect:
    """Say which dialect a folder of notes is in; ``given`` is the setting, ``auto`` if it is to be found out."""
    if given != "auto":
        return Dialect(given, GIVEN)
    for name, marks in _MARKS:
        for mark in marks:
            if (notes / mark).exists():
                return Dialect(name, BOTH if name == "dendron" and (notes / ".obsidian").exists() else mark)
    return Dialect("github-wiki", NAME) if notes.resolve().name.endswith(".wiki") else Dialect("obsidian", "")


def tells(path: str) -> bool:
    """Say whether a file tells the dialect of a folder that it is in, or how that tool was set up.

    >>> tells("notes/logseq/config.edn"), tells(".obsidian/templates.json"), tells(".obsidian/plugins/x/main.js"), tells("a.md")
    (True, True, False, False)
    """
    there, settings = f"/{path}", path.endswith((".json", ".toml", ".edn"))
    return any(there.endswith(f"/{mark}") or (settings and f"/{mark}/" in there) for _, marks in _MARKS for mark in marks)


def remembered(told: Dialect, last: str) -> Dialect:
    """Give the dialect to read links in at first: what they said ``last`` is most likely what they say now."""
    there = last in LABEL_FIRST or last == "obsidian"
    return Dialect(last, LINKS) if told.why in _OPEN and there and (last in LABEL_FIRST) != told.label_first else told


LINKS = "its links"
"""Says a dialect that no file tells."""


def settled(told: Dialect, first: int, second: int, several: Callable[[bool], bool], paths: Collection[str]) -> Dialect:
    """Say which dialect a vault is in: the one that is told, unless that may be wrong, and far more links speak against it than for it.

    ``first`` and ``second`` count the links of which the one side, and not the other, is a note's name; ``several`` says
    whether more than one note has such links, of the second side or of the first.

    >>> settled(Dialect("obsidian", ""), 1, 3, bool, ["a.md"]), settled(Dialect("obsidian", ".obsidian"), 0, 9, bool, [])
    (Dialect(name='github-wiki', why='its links'), Dialect(name='obsidian', why='.obsidian'))
    """
    kept, against = (second, first) if told.label_first else (first, second)
    if told.why not in _OPEN or against < _LEAST or against <= 2 * kept or not several(not told.label_first):
        return told
    if told.label_first:
        return Dialect("obsidian", LINKS)
    dotted = sum(path.rpartition("/")[2].count(".") > 1 for path in paths)
    return Dialect("dendron" if 2 * dotted > len(paths) else "github-wiki", LINKS)
