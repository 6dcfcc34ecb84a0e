"""Every error kg raises on purpose.

KgError
├── NoteError       a note cannot be read as a note
├── ConfigError     kg.toml says something kg does not understand
├── UsageError      an option or a name on the command line that means nothing
├── VocabularyError the author's vocabulary says something kg does not understand
├── OntologyError   a file of the ontology is broken or missing
├── StoreError      the graph on disk cannot be opened, is not ours, or is not there
├── BusyError       another build of the same graph is running
└── QueryError      a query is wrong, refused, or took too long

A KgError is a sentence for the person at the keyboard: where, what is wrong, what to do next.
Anything else that escapes is a bug in kg.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """Replace what could steer a terminal or turn the line around.

    >>> visible("a\\x1b[31m b\\nc")
    'a\ufffd[31m b c'
    """
    return _CONTROL.sub(lambda match: " " if match[0] in "\n\t\r" else "\ufffd", text)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; lines and columns count from 1, 0 means "not known".

    >>> str(Place("notes/a.md", 12, 3))
    'notes/a.md:12:3'
    """

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        known = (str(each) for each in (self.line, self.column) if each)
        return ":".join((self.path, *known))


class KgError(Exception):
    """Base of all errors a user can act on.

    >>> print(KgError("no such format 'turle'", hint="did you mean 'turtle'?"))
    no such format 'turle'
      hint: did you mean 'turtle'?
    """

    def __init__(self, problem: str, *, at: Place | None = None, hint: str = "") -> None:
        super().__init__(problem)
        self.problem, self.at, self.hint = problem, at, hint

    def __str__(self) -> str:
        where = f"{self.at}: " if self.at else ""
        advice = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{where}{self.problem}{advice}"


class NoteError(KgError):
    """A note cannot be read as a note."""


class ConfigError(KgError):
    """kg.toml, or an option, says something kg does not understand."""


class UsageError(KgError):
    """An option, or a name on the command line, means nothing; nothing was done."""


class VocabularyError(KgError):
    """The author's vocabulary cannot be read, contradicts itself, or cannot be changed; nothing was."""


class OntologyError(KgError):
    """A file of the ontology is broken or missing."""


class StoreError(KgError):
    """The graph on disk cannot be opened, is not ours, or is not there."""


class BusyError(StoreError):
    """Another build of the same graph is running."""


class QueryError(KgError):
    """A query is wrong, refused, or took too long."""
