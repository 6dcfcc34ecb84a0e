"""Which tool a vault's links were written for: told by kg.toml, else by what that tool leaves beside the notes.

Only one thing differs so much that it must be known before a note is read: Dendron and the wikis of
GitHub put the words first, ``[[words|target]]``, where all others have ``[[target|words]]``. Of 2,324
such links of a real Dendron site 35 lead somewhere in the one reading, and 2,157 in the other.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

LABEL_FIRST = frozenset({"dendron", "github-wiki"})
"""Dialects whose links have the words before the bar, and the target after it."""

_MARKS = (
    ("dendron", ("dendron.yml", "../dendron.yml", "root.schema.yml")),
    ("obsidian", (".obsidian",)),
    ("logseq", ("logseq/config.edn", "../logseq/config.edn")),
    ("foam", (".foam", ".vscode/foam.json")),
    ("github-wiki", ("_Sidebar.md", "_Footer.md")),
)


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
        return Dialect(given, "kg.toml")
    for name, marks in _MARKS:
        for mark in marks:
            if (notes / mark).exists():
                return Dialect(name, mark)
    return Dialect("github-wiki", "the folder's name") if notes.resolve().name.endswith(".wiki") else Dialect("obsidian", "")
