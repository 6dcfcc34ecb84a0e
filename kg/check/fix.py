"""The edits of findings that have one sure answer, made in the notes: a note at a time, in one step, and nothing else in it.

What is edited are the characters of a link's target. All other bytes stay, in whatever encoding and with whatever line ends
the note has; a note that is not as it was when it was checked is left alone.
"""

from __future__ import annotations

import codecs
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from kg import files
from kg.check.findings import Edit, Finding
from kg.check.texts import Texts
from kg.errors import KgError

_LINES = re.compile(r"[^\n]*\n|[^\n]+")


class Mended(NamedTuple):
    """A note before and after its edits, and how many there are."""

    path: str
    before: bytes
    after: bytes
    edits: int

    def diff(self) -> str:
        """Show what changes, as a unified diff."""
        old, new = (_LINES.findall(_readable(each)) for each in (self.before, self.after))
        lines = unified_diff(old, new, f"a/{self.path}", f"b/{self.path}")
        return "".join(each if each.endswith("\n") else f"{each}\n\\ No newline at end of file\n" for each in lines)


class Left(NamedTuple):
    """A note that was not mended, and why."""

    path: str
    why: str


def plan(found: Iterable[Finding], texts: Texts) -> Iterator[Mended | Left]:
    """Work out what becomes of each note with sure answers."""
    edits: dict[str, list[Edit]] = defaultdict(list)
    for each in found:
        if each.edit and each.edit not in edits[each.path]:
            edits[each.path].append(each.edit)
    for path in sorted(path for path, here in edits.items() if here):
        note = texts.note(path)
        try:
            data = (texts.source / path).read_bytes()
        except OSError as error:
            yield Left(path, f"cannot be read: {error.strerror}")
            continue
        if note is None or sha256(data).hexdigest() != note.sha256:
            yield Left(path, "changed while it was checked; check again")
            continue
        after = edited(data, texts.lines(path), edits[path])
        yield (
            Mended(path, data, after, len(edits[path]))
            if after is not None
            else Left(path, "its text cannot be written again as it is; mend it by hand")
        )


def edited(data: bytes, lines: list[str], edits: Iterable[Edit]) -> bytes | None:
    r"""Make edits in the bytes of a note, whose text was read as some lines; None where a byte would change that no edit names.

    >>> edited(b"\xef\xbb\xbfsee [[a]]\r\n", ["see [[a]]\r", ""], [Edit(1, 7, "a", "b")])
    b'\xef\xbb\xbfsee [[b]]\r\n'
    """
    encoding, mark = _encoding(data)
    try:
        text = data[len(mark) :].decode(encoding, "surrogateescape" if encoding == "utf-8" else "strict")
        end = "\n" if "\n" in text else "\r"
        rows = text.split(end)
        by_line: dict[int, list[tuple[int, Edit]]] = defaultdict(list)
        for each in edits:
            start = _start(lines[each.line - 1], rows[each.line - 1], each)
            if start is None:
                return None
            by_line[each.line].append((start, each))
        for number, here in by_line.items():
            for start, each in sorted(here, reverse=True):
                row = rows[number - 1]
                rows[number - 1] = row[:start] + each.new + row[start + len(each.old) :]
        errors = "surrogateescape" if encoding == "utf-8" else "strict"
        same = mark + text.encode(encoding, errors) == data
        return mark + end.join(rows).encode(encoding, errors) if same else None
    except (UnicodeError, IndexError):
        return None


def _encoding(data: bytes) -> tuple[str, bytes]:
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF8, "utf-8")):
        if data.startswith(mark):
            return name, mark
    return "utf-8", b""


def _start(line: str, row: str, edit: Edit) -> int | None:
    """Find in a line of the file what an edit replaces in the line as it was read, which may have other signs for what is no text."""
    sought = re.compile(f"(?={re.escape(edit.old)})")
    here = [each.start() for each in sought.finditer(line)]
    there = [each.start() for each in sought.finditer(row)]
    at = edit.column - 1
    return there[here.index(at)] if edit.old and at in here and len(here) == len(there) else None


def _readable(data: bytes) -> str:
    encoding, mark = _encoding(data)
    return data[len(mark) :].decode(encoding, "replace")


def save(source: Path, mended: Mended) -> None:
    """Write a note as it was mended, if it still is as it was.

    Raises:
        KgError: it is not, or cannot be written; it is as it was.
    """
    path = source / mended.path
    try:
        now = path.read_bytes()
    except OSError as error:
        raise KgError(f"{mended.path}: cannot be read: {error.strerror}") from None
    if now != mended.before:
        raise KgError(f"{mended.path}: changed while it was checked; check again")
    if not os.access(path, os.W_OK):
        raise KgError(f"{mended.path}: may not be written")
    try:
        files.save(path, [mended.after])
    except KgError as error:
        raise KgError(error.problem.replace(f"{path}:", f"{mended.path}:"), hint=error.hint) from None


__all__ = ["Left", "Mended", "edited", "plan", "save"]
