"""The notes of a vault as they are on disk now, each read once; nothing here writes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from kg import vault
from kg.model import Note

_WORD = re.compile(r"[^\W_]")


class Texts:
    """The texts of notes, by path."""

    def __init__(self, source: Path, largest: int) -> None:
        self.source, self.largest = source, largest
        self._notes: dict[str, Note | None] = {}
        self._lines: dict[str, list[str]] = {}
        self._folded: dict[str, str] = {}

    def note(self, path: str) -> Note | None:
        """Give a note; None if it cannot be read."""
        if path not in self._notes:
            found = vault.read(self.source, path, self.largest)
            self._notes[path] = found if isinstance(found, Note) else None
        return self._notes[path]

    def text(self, path: str) -> str:
        """Give the text of a note, "" if it cannot be read."""
        note = self.note(path)
        return note.text if note else ""

    def lines(self, path: str) -> list[str]:
        """Give the lines of a note."""
        known = self._lines.get(path)
        if known is None:
            text = self.text(path)
            known = self._lines[path] = text.split("\n" if "\n" in text else "\r")
        return known

    def line(self, path: str, number: int) -> str:
        """Give a line by its number from 1; "" if there is none."""
        lines = self.lines(path)
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def column(self, path: str, number: int, words: str, nth: int = 0) -> int:
        """Say in which column of a line words begin, for the n-th time; 0 if they do not stand there.

        What is written with other capitals is found as well.
        """
        line = self.line(path, number)
        for where, sought in ((line, words), (line.casefold(), words.casefold())):
            at = -1
            for _ in range(nth + 1):
                at = where.find(sought, at + 1)
                if at < 0:
                    break
            if sought and at >= 0 and (where is line or len(where) == len(line)):
                return at + 1
        return 0

    def stands_elsewhere(self, word: str, paths: Iterable[str], but: tuple[str, int]) -> bool:
        """Say whether a word stands in some note, on any line but that one."""
        sought = word.casefold()
        for path in paths:
            folded = self._folded.get(path)
            if folded is None:
                folded = self._folded[path] = self.text(path).casefold()
            at = folded.find(sought)
            while at >= 0:
                around = folded[max(0, at - 1) : at] + " " + folded[at + len(sought) : at + len(sought) + 1]
                if not _WORD.search(around) and (path, folded.count("\n" if "\n" in folded else "\r", 0, at) + 1) != but:
                    return True
                at = folded.find(sought, at + 1)
        return False


__all__ = ["Texts"]
