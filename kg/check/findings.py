"""What a check finds: a code, a place, the words, and the mend.

Finding   something wrong or doubtful at a place of a note (or of the graph, whose path is that of its folder)
Edit      the one sure answer: what is written there, and what belongs there instead

Codes are a contract: they stand in settings, in comments of notes and in the reports of other tools. docs/check.md shows each.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

SEVERITIES = ("error", "warning", "info", "off")
"""From the worst to none at all; a finding that is ``off`` is not reported."""


class Code(NamedTuple):
    """How bad it is unless kg.toml says otherwise, and what it means."""

    severity: str
    meaning: str


CODES = {
    "broken-link": Code("error", "a link to a note that there is not"),
    "broken-heading": Code("error", "a link to a heading that its note does not have"),
    "broken-block": Code("error", "a link to a block that its note does not have"),
    "ambiguous-link": Code("warning", "a link that could mean several notes"),
    "loose-link": Code("warning", "a link that was guessed: only its letters and digits agree with the name of the note"),
    "self-link": Code("warning", "a link from a note to itself, without a heading or a block"),
    "swallowed-link": Code("warning", "a link that is none, since a table or a block of HTML swallowed it"),
    "orphan": Code("info", "a note that links to none, and to which none links"),
    "duplicate-title": Code("warning", "two notes with the same title"),
    "duplicate-alias": Code("warning", "an alias that another note answers to as well"),
    "entity-clash": Code("warning", "one name that stands for things of two kinds"),
    "front-matter": Code("error", "front matter that could not be read as YAML"),
    "wrapped-note": Code("warning", "a note that stands in a code block as a whole"),
    "encoding": Code("warning", "a file that is not UTF-8"),
    "odd-timestamp": Code("warning", "a timestamp that no video can have"),
    "ambiguous-timestamp": Code("warning", "a timestamp that could be hours or minutes"),
    "unknown-country": Code("warning", "a country in front matter that there is not"),
    "unknown-type": Code("info", "a type that is no kind of thing that kg knows; it is told once"),
    "unverified-mention": Code("warning", "a name that an extractor found, and that does not stand there"),
    "extractor-failed": Code("warning", "an extractor that failed on a note"),
    "unreadable": Code("error", "a file or folder that could not be read"),
    "too-large": Code("warning", "a file that is larger than kg.toml allows"),
    "symlink": Code("warning", "a link of the file system out of the vault, which is not followed"),
    "name": Code("warning", "a file whose name is not UTF-8"),
    "not-a-file": Code("warning", "something that is called like a note and is no regular file"),
    "unknown-ignore": Code("warning", "a comment that ignores a code that there is not"),
    "shape": Code("error", "something in the graph that a shape does not allow (--shacl)"),
    "graph-file": Code("error", "a file of the graph that is damaged (--graph)"),
    "graph-count": Code("error", "the graph holds more or less than it says (--graph)"),
    "graph-evidence": Code("error", "a claim without evidence, or whose evidence is not in the note (--graph)"),
}
"""Every code that kg finds by itself; extractors of others may add theirs, which are warnings."""


class Edit(NamedTuple):
    """``new`` instead of ``old``, which begins at a line and column (from 1, in characters)."""

    line: int
    column: int
    old: str
    new: str


class Finding(NamedTuple):
    """Something wrong or doubtful; a line or column of 0 is not known. ``fix`` says in words how to mend it, ``edit`` is what ``--fix`` does."""

    path: str
    line: int
    column: int
    code: str
    message: str
    fix: str = ""
    end_column: int = 0
    severity: str = ""
    edit: Edit | None = None

    @property
    def place(self) -> str:
        """The place as editors read it."""
        return ":".join([self.path, *(str(each) for each in (self.line, self.column) if each)])


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """Sort findings by path, line, column and code; what is found twice counts once.

    >>> [each.code for each in in_order([Finding("a.md", 2, 1, "orphan", ""), Finding("a.md", 1, 9, "self-link", "")])]
    ['self-link', 'orphan']
    """
    return sorted(dict.fromkeys(found), key=lambda each: (each.path, each.line, each.column, each.code, each.message))


__all__ = ["CODES", "SEVERITIES", "Code", "Edit", "Finding", "in_order"]
