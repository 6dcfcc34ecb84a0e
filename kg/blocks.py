"""The text of one block of a note (a paragraph, a bullet, a row of a table, a heading) while it is gathered without its markup."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from kg import frontmatter
from kg.model import Link, Stamp
from kg.timecodes import MARK

_BEFORE_STOP = re.compile(r"[ \t]+(?=[.,;:!?)]+(?:\s|$))")
_FIELD_LINE = re.compile(rf"[ \t]*(?!(?:id|collapsed)::){frontmatter.FIELD}[ \t]*::[ \t]+\S")
_KEY_BEFORE = re.compile(rf"(?:^|[(\[])[ \t]*({frontmatter.FIELD})[ \t]*::[ \t]*$")


class Block:
    """The parts of one block's text as they are gathered, and the byte each came from."""

    __slots__ = ("bold_end", "bytes", "links", "parts", "row", "stamps", "videos")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.bytes: list[int] = []
        self.links: list[tuple[int, Link]] = []  # with the number of parts before it
        self.stamps: list[Stamp] = []  # in the order of their marks
        self.videos: list[tuple[str, str]] = []  # that its links lead to, each with the words of the link
        self.row = False  # of a table, which is one passage whatever timestamps stand in its cells
        self.bold_end = 0  # number of parts in the bold label it starts with; -1 while in it

    def key(self, size: int) -> str:
        """Give the key of the field whose value begins, or goes on, after so many parts; "" if there is none."""
        before = self.parts[size - 1] if size else ""
        if "::" in before:
            # A key is short: what stands far before it need not be looked at.
            text = "".join(self.parts[max(0, size - 8) : size]).rpartition("\n")[2]
            found = _KEY_BEFORE.search(text if len(text) < 100 else f"\0{text[-100:]}")
            return " ".join(found[1].split()) if found else ""
        if self.links and self.links[-1][1].key and self.links[-1][0] == size - 2 and not before.strip(" ,;"):
            return self.links[-1][1].key
        return ""

    def label(self) -> str:
        """Give the bold label that the block starts with, or ""."""
        if self.bold_end <= 0:
            return ""
        following = self.parts[self.bold_end] if self.bold_end < len(self.parts) else ""
        if following[:1].isalnum():  # **B**ehaviour: a letter made bold labels nothing
            return ""
        return clean("".join(self.parts[: self.bold_end])).rstrip(":").rstrip()


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
