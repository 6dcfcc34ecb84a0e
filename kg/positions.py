"""Where things stand in a note: bytes of its body as they are parsed become lines, columns and code points of the file.

The body is parsed with its timestamps covered (:func:`kg.timecodes.cover`), as UTF-8; people and editors count
code points of the text as it was written. Bytes are best asked for in rising order.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from kg.timecodes import MARK, cover
from kg.wrappers import COLON, HASH

_OTHER = "\ufdd2"


class Positions:
    """The body of one note as it is parsed, which begins at ``body`` of the text, and where everything in it stood."""

    def __init__(self, text: str, body: int, video: str = "") -> None:
        head = text[:body]
        self.body = body
        first = head.count("\n" if "\n" in head else "\r") + 1
        text = text[body:]
        if HASH in text or COLON in text:
            text = text.replace(HASH, _OTHER).replace(COLON, _OTHER)
        self.covered = cover(text, first, video)
        self.text = self.covered.text
        self.raw = self.text.encode("utf-8", "surrogatepass")
        self.marks = [each.start() for each in re.finditer(MARK.encode(), self.raw)] if self.covered.stamps else []
        self.newline = b"\n" if b"\n" in self.raw else b"\r"
        self.line_seen, self.byte_seen = first, 0
        self.point_seen, self.point_byte = 0, 0
        self.row, self.row_point, self.row_seen = -1, 0, 0  # the line of the last place asked for: its first byte, -1 if none was

    def line(self, byte: int) -> int:
        """Count lines up to a byte of the body; cheap where bytes come in rising order."""
        if byte < self.byte_seen:
            self.line_seen -= self.raw.count(self.newline, byte, self.byte_seen)
        else:
            self.line_seen += self.raw.count(self.newline, self.byte_seen, byte)
        self.byte_seen = byte
        return self.line_seen

    def point(self, byte: int) -> int:
        """Turn a byte of the covered body into a position in the note's text, in code points."""
        if byte < self.point_byte:  # the start of the line, for a column: never far back
            self.point_seen -= len(self.raw[byte : self.point_byte].decode("utf-8", "surrogatepass"))
        else:
            self.point_seen += len(self.raw[self.point_byte : byte].decode("utf-8", "surrogatepass"))
        self.point_byte = byte
        marks = bisect_right(self.covered.ends, self.point_seen)
        return self.body + self.point_seen + (self.covered.lost[marks - 1] if marks else 0)

    def place(self, start: int, end: int) -> tuple[int, int, int, int]:
        """Give where a link stands: its stretch of the note's text, its line and its column, from 1; in code points of the note as written.

        Asked for in rising order, so that many links in one long line take no more time than it is long.
        """
        if start < self.row_seen:
            self.row, self.row_seen = -1, 0
        row = self.raw.rfind(self.newline, self.row_seen, start) + 1
        if row or self.row < 0:
            self.row, self.row_point = row, self.point(row)
        self.row_seen = start
        first = self.point(start)
        return first, self.point(end), self.line(start), first - self.row_point + 1

    def written(self, start: int, end: int) -> str:
        """Give what the note holds between two bytes of the covered body."""
        text = self.raw[start:end].decode("utf-8", "surrogatepass")
        if MARK not in text:
            return text
        first = bisect_left(self.marks, start)
        pieces = text.split(MARK)
        stood = self.covered.written[first : first + len(pieces) - 1]
        return "".join(each for pair in zip(pieces, [*stood, ""], strict=True) for each in pair)
