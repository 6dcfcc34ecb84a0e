"""A link as its author wrote it: where it ends, and which characters are its target."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.check.findings import Edit

_WIKI = re.compile(r"!?\[\[([^\n]*?)\]\]")
_MARKDOWN = re.compile(r"!?\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]\((?:<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)[^()\n]*\)")
_UNWRITABLE = re.compile(r"[\[\]|#^\n\r]|%%")


class Written(NamedTuple):
    """A link in a line: what is written, and where its target stands in the line (from 0); -1 if it is not a wiki-link."""

    text: str
    start: int
    end: int


def at(line: str, column: int, *, label_first: bool = False) -> Written | None:
    """Read the link that begins at a column (from 1) of a line; None if none does, or it goes on in the next.

    >>> at("see [[ b#c | d ]]", 5)
    Written(text='[[ b#c | d ]]', start=7, end=8)
    >>> at("[[words|b]]", 1, label_first=True)
    Written(text='[[words|b]]', start=8, end=9)
    """
    found = _WIKI.match(line, column - 1) if column else None
    if not found:
        other = _MARKDOWN.match(line, column - 1) if column else None
        return Written(other[0], -1, -1) if other else None
    start, end = found.span(1)
    bar = line.find("|", start, end)
    if bar >= 0 and label_first:
        start = bar + 1
    elif bar >= 0:
        end = bar - (line[bar - 1] == "\\")
    mark = line.find("#", start, end)
    if mark >= 0:
        end = mark
    target = line[start:end]
    start += len(target) - len(target.lstrip())
    return Written(found[0], start, max(start, end - (len(target) - len(target.rstrip()))))


def retargeted(line: str, number: int, column: int, target: str, *, label_first: bool = False) -> Edit | None:
    """Give the edit that makes a wiki-link lead to another target, its heading and label kept; None where that cannot be written.

    >>> retargeted("see [[ b#c | d ]]", 3, 5, "beta")
    Edit(line=3, column=8, old='b', new='beta')
    """
    found = at(line, column, label_first=label_first)
    if not found or found.start < 0 or found.start == found.end or _UNWRITABLE.search(target):
        return None
    return Edit(number, found.start + 1, line[found.start : found.end], target)


__all__ = ["Written", "at", "retargeted"]
