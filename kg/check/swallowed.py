"""Links that a reader of the source sees and Markdown does not: a bar that ends a table's cell, a block of raw HTML."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, NamedTuple

from kg import comments, resolve
from kg.check.findings import Edit, Finding
from kg.check.known import Checked
from kg.wrappers import unfenced, untagged

_LINK = re.compile(r"(?<!\\)!?\[\[([^\[\]\n]+)\]\]")
_TIME = re.compile(r"[\[\]\d:.\s]+")
_MEANT = re.compile(r"<(?:!|\?|pre\b|script\b|style\b|textarea\b|svg\b)", re.IGNORECASE)
"""HTML whose text is no text of the note."""
_COMMENT = re.compile(r"%%.*?%%", re.DOTALL)
_CODE = ("CodeBlock", "Code", "MetadataBlock")


class _Region(NamedTuple):
    start: int
    end: int
    kind: str


def findings(known: Checked) -> Iterator[Finding]:
    """Find links that a table or a block of HTML swallowed; what code, a comment or a backslash hides was meant to be hidden."""
    read: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for row in known.links:
        read[row.note].add((row.line, row.column))
    for path in sorted(known.paths.values()):
        if "[[" not in known.texts.text(path):
            continue
        lost = [
            (number, found)
            for number, line in enumerate(known.texts.lines(path), start=1)
            if "[[" in line
            for found in _LINK.finditer(line)
            if (number, found.start() + 1) not in read[path] and (number, found.start() + 1 + (found[0][0] == "!")) not in read[path]
        ]
        if lost:
            yield from _findings_in(known, path, lost)


def _findings_in(known: Checked, path: str, lost: list[tuple[int, re.Match[str]]]) -> Iterator[Finding]:
    text = known.texts.text(path)
    starts = [0, *accumulate(len(line) + 1 for line in known.texts.lines(path))]
    regions = list(_regions(text))
    for number, found in lost:
        at = starts[number - 1] + found.start()
        around = [each for each in regions if each.start <= at < each.end]
        target = found[1].partition("|")[2 if known.label_first else 0].partition("#")[0].strip()
        # In a table a bar ends a cell even within code: what stands after one backtick was meant as code all the same.
        coded = known.texts.line(path, number).count("`", 0, found.start()) % 2
        if coded or any(each.kind in _CODE for each in around) or _TIME.fullmatch(found[1]) or resolve.wanted_name(target) is None:
            continue
        column, end = found.start() + 1, found.end() + 1
        if any(each.kind == "Table" for each in around) and re.search(r"(?<!\\)\|", found[1]):
            better = re.sub(r"(?<!\\)\|", r"\\|", found[0])
            sure = resolve.resolve(known.table, resolve.wanted_name(target) or "", path)
            edit = Edit(number, column, found[0], better) if sure.path and not sure.others and sure.tier not in resolve.LOOSE else None
            message = f"{found[0]} is no link: its bar ends the cell of the table"
            yield Finding(path, number, column, "swallowed-link", message, f"write {better}", end, edit=edit)
        elif any(each.kind == "HtmlBlock" and not _MEANT.match(text, each.start) for each in around):
            message = f"{found[0]} is no link: it stands in a block of HTML, in which Markdown is not read"
            yield Finding(path, number, column, "swallowed-link", message, "put an empty line before and after the lines of Markdown", end)


def _regions(text: str) -> Iterator[_Region]:
    """Give the stretches of a note that are code, comments, tables or HTML, in code points."""
    from pyromark import events_with_range

    text, _ = unfenced(text, len(text) - len(text.lstrip()))
    head = re.match(r"---\r?\n.*?^---[ \t]*\r?$", text, re.DOTALL | re.MULTILINE)
    if head:
        yield _Region(*head.span(), "MetadataBlock")
        text = re.sub(r"[^\r\n]", " ", head[0]) + text[head.end() :]
    for comment in _COMMENT.finditer(text):
        yield _Region(*comment.span(), "Code")
    plain = untagged(text)
    # What takes the place of tags has another size in characters than in bytes: places are told by bytes on both sides.
    ends = list(accumulate(len(each.encode("utf-8", "surrogatepass")) for each in text))
    events: Any = events_with_range(plain, options=comments.OPTIONS)
    for event, span in events:
        if not isinstance(event, dict):
            continue
        ((what, value),) = event.items()
        kind = value if isinstance(value, str) else next(iter(value)) if isinstance(value, dict) else ""
        start, end = (bisect_right(ends, each) for each in (span["start"], span["end"]))
        if what == "Code" or (what == "Start" and kind in ("CodeBlock", "Table")):
            yield _Region(start, end, what if what == "Code" else kind)
        elif what == "Start" and kind == "HtmlBlock":
            yield _Region(start, end, kind)
        elif what == "InlineHtml":
            yield _Region(start, end, "Code")


__all__ = ["findings"]
