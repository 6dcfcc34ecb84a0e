"""The text of one block of a note (a paragraph, a bullet, a row of a table, a heading) while it is gathered without its markup."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from kg import frontmatter
from kg.model import Link, Stamp
from kg.timecodes import MARK
from kg.wrappers import heard

_BEFORE_STOP = re.compile(r"[ \t]+(?=[.,;:!?)]+(?:\s|$))")
_FIELD_LINE = re.compile(rf"[ \t]*(?!(?:id|collapsed)::){frontmatter.FIELD}[ \t]*::(?!:)[ \t]*\S")
ROW_FIELD = re.compile(rf"(\s*{frontmatter.FIELD}[ \t]*)::(?!:)")
"""What would be a key, if it were no row of a table that begins so."""
_FIELD = re.compile(rf"^[ \t]*({frontmatter.FIELD})[ \t]*::(?!:)|([(\[])[ \t]*({frontmatter.FIELD})[ \t]*::(?!:)")
_BRACKET = re.compile(r"[()\[\]]")
_CLOSES = {"(": ")", "[": "]"}
_OPENS = {")": "(", "]": "["}
_LONGEST = 100
"""characters before a value in which its key begins"""


class Block:
    """The parts of one block's text as they are gathered, and the byte each came from."""

    __slots__ = ("before", "bold_end", "bytes", "depth", "field", "line", "links", "open", "parts", "row", "seen", "stamps", "videos")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.bytes: list[int] = []
        self.links: list[tuple[int, Link]] = []  # with the number of parts before it
        self.stamps: list[Stamp] = []  # in the order of their marks
        self.videos: list[tuple[str, str]] = []  # that its links lead to, each with the words of the link
        self.row = False  # of a table, which is one passage whatever timestamps stand in its cells
        self.bold_end = 0  # number of parts in the bold label it starts with; -1 while in it
        self.line = self.field = self.open = ""  # keys of the fields that the line, and a bracket, have opened; that bracket
        self.depth = self.seen = 0  # brackets open in it; parts looked at
        self.before = ""  # the end of the line so far, while no field is open

    def key(self, size: int) -> str:
        """Give the key of the field whose value a link after so many parts stands in; "" if it is in none.

        A value goes on to the end of its line, or to the bracket that ends it. Every part is looked at once.
        """
        if size > self.seen:
            text = "".join(self.parts[self.seen : size])
            self.seen = size
            if "\n" in text:
                self.line = self.field = self.before = ""
                text = text.rpartition("\n")[2]
            if self.field:
                text = self.closed(text)
            line = self.before + text
            if not self.field and "::" in line:
                self.begun(line)
            # A key is short: what stands far before it need not be looked at.
            self.before = "" if self.field else line if len(line) < _LONGEST else f"\0{line[-_LONGEST:]}"
        return self.field or self.line

    def begun(self, line: str) -> None:
        """Look for the field of the line, and for the first in a bracket that the line does not end."""
        left: dict[str, list[int]] = {}
        for found in _FIELD.finditer(line):
            key = " ".join((found[1] or found[3]).split())
            if found[1]:
                self.line = "" if self.row else key
                continue
            left = left or _left_open(line)
            same = left[found[2]]
            at = bisect_left(same, found.start(2))
            if at < len(same) and same[at] == found.start(2):
                self.field, self.open, self.depth = key, found[2], len(same) - 1 - at
                return

    def closed(self, text: str) -> str:
        """Look for the bracket that ends the field which is open, and give what stands after it."""
        for each in _BRACKET.finditer(text):
            self.depth += (each[0] == self.open) - (each[0] == _CLOSES[self.open])
            if self.depth < 0:
                self.field = ""
                return f"\0{text[each.end() :]}"
        return ""

    def label(self) -> str:
        """Give the bold label that the block starts with, or ""."""
        if self.bold_end <= 0:
            return ""
        following = self.parts[self.bold_end] if self.bold_end < len(self.parts) else ""
        if following[:1].isalnum():  # **B**ehaviour: a letter made bold labels nothing
            return ""
        return clean("".join(self.parts[: self.bold_end])).rstrip(":").rstrip()


def _left_open(line: str) -> dict[str, list[int]]:
    """Say where the brackets of each sort stand that a line opens and does not close."""
    found: dict[str, list[int]] = {each: [] for each in _CLOSES}
    for bracket in _BRACKET.finditer(line):
        if bracket[0] in found:
            found[bracket[0]].append(bracket.start())
        elif same := found[_OPENS[bracket[0]]]:
            same.pop()
    return found


class Item:
    """A bullet that is open: the section around it, and its bold label until a list makes use of it."""

    __slots__ = ("around", "label", "line")

    def __init__(self, around: int) -> None:
        self.around = around
        self.label: str | None = None
        self.line = 0


def offsets(block: Block) -> list[int]:
    """Say where in a block's text each of its parts begins."""
    return list(accumulate(map(len, block.parts), initial=0))


def origin(block: Block, text: str, start: int, starts: Sequence[int]) -> int:
    """Say which byte the part came from that holds the first word at or after ``start``."""
    while text[start].isspace():
        start += 1
    at = bisect_right(starts, start) - 1
    return block.bytes[min(at, len(block.bytes) - 1)]


def fields(block: Block, text: str, start: int, starts: Sequence[int]) -> list[int]:
    """Say where the lines begin from ``start`` on that hold a field each, and those after them: ``key:: value``, not what Logseq hides."""
    found, alone = [], True
    for here in (start, *(starts[at] + 1 for at, part in enumerate(block.parts) if part == "\n" and starts[at] >= start)):
        field = _FIELD_LINE.match(text, here) is not None
        if field or alone:
            found.append(here)
        alone = field
    return found


def clean(text: str) -> str:
    """Drop what markup left behind: blanks at both ends, in runs, and before a full stop."""
    return heard(tidy(text))


def tidy(text: str) -> str:
    """Do so, and leave what stands for the signs of code."""
    marked = MARK in text
    if marked:
        text = text.replace(MARK, "")
    if "\u200b" in text:
        text = text.replace("\u200b", "")
    if "\n" in text:
        text = "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))
    elif "  " in text or not text.isprintable() or not text.isascii():
        text = " ".join(text.split())
    else:  # nine in ten
        text = text.strip()
    return _BEFORE_STOP.sub("", text) if marked else text
