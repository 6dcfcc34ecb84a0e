"""What a tool gives: a text that an assistant reads, and the same as data; what is left out is said in both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from kg.cells import cut
from kg.errors import visible

LONGEST = 40_000
"""Characters of a text, about 10,000 tokens: what clients begin to cut themselves."""
CELL = 500
"""characters of one value or quotation"""
ROWS = 100
MOST_ROWS = 1000


_MEANT = (
    (re.compile(r"\bkg query --name (\S+) --help says what it needs"), r"queries says what \1 needs"),
    (re.compile(r"\bkg query --list\b"), "the tool queries"),
    (re.compile(r"\bkg query --name (\S+)"), r"the tool ask with name=\1"),
    (re.compile(r"\bkg stats\b"), "the tool overview"),
    (re.compile(r"\bkg (search|show|path)\b"), r"the tool \1"),
    (re.compile(r"--allow-network permits it"), "ask this graph only"),
    (re.compile(r"--param (\w+)="), r"values: \1="),
    (re.compile(r"--suggested\b"), "suggested=true"),
    (re.compile(r"--(timeout|limit|longest|about|kind|note)\b"), r"\1"),
)


class Reply(NamedTuple):
    """An answer: a text to be read, and the same as data (``{"rows": […], "truncated": false, …}``)."""

    text: str
    data: dict[str, Any]


def meant(text: str) -> str:
    """Say of tools what a hint says of commands and options.

    >>> meant("try --suggested"), meant("kg query --list names them")
    ('try suggested=true', 'the tool queries names them')
    """
    for pattern, instead in _MEANT:
        text = pattern.sub(instead, text)
    return text


def line(text: str) -> str:
    """Put what a note says on one line, and shorten it where it is very long.

    >>> line("two\\nlines")
    'two lines'
    """
    return cut(" ".join(visible(text).split()), CELL)


def table(columns: Iterable[str], rows: Iterable[list[str]]) -> Iterator[str]:
    """Write rows as lines of values with tabs between them, which take fewer tokens than a table with blanks."""
    yield "\t".join(columns)
    yield from ("\t".join(map(line, row)) for row in rows)


def limited(lines: Iterable[str], more: Callable[[int], str] = "{:,} lines were left out".format) -> tuple[str, int]:
    """Join lines until they are too long; gives how many were left out, which the last line says."""
    kept: list[str] = []
    size = left = 0
    for each in lines:
        size += len(each) + 1
        if left or size > LONGEST:
            left += 1
        else:
            kept.append(each)
    if left:
        kept.append(f"[truncated: {more(left)}]")
    return "\n".join(kept), left


__all__ = ["CELL", "MOST_ROWS", "ROWS", "Reply", "limited", "line", "meant", "table"]
