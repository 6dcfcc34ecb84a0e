"""A vocabulary as CSV: a row a decision, several names in one cell with ``|`` between them.

    kind,name,aliases,hidden,countries,organisations,themes,broader,related,rejected,end,note
    initiative,Talk Cardiff,siarad | Talk to Cardiff,,GB,City of Cardiff,open data,,,,,
    initiative,Foo Bar,,,,,,,,yes,,

Spreadsheets save it with ``;`` or a tab between cells, with a byte order mark and ``\\r\\n``: all of
that is read, and stays. Columns may stand in any order, or be left out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from kg.vocabulary import rows
from kg.vocabulary.edit import Edit, Group, Page, line_end
from kg.vocabulary.entries import LISTS, Entry, Problem, tidied

_BETWEEN = re.compile(r"((?:[^|\\]|\\.?)*)(?:\||$)", re.DOTALL)
_ESCAPED = re.compile(r"\\([|\\])")
_DELIMITERS = ",;\t"


class _Sheet(NamedTuple):
    """How a file is written: what stands between cells, and its headings from ``start`` to ``end``."""

    delimiter: str
    heading: tuple[str, ...]
    start: int
    end: int


class _Row(NamedTuple):
    cells: list[str]
    start: int
    end: int
    line: int


def parse(text: str, _base: str, kinds: Collection[str]) -> Page:
    """Take a file apart; what is wrong with it is in the page's problems."""
    if not text.strip():
        return Page(text, form=_Sheet(",", (), 0, 0), top=len(text))
    if "\r" in text and "\n" not in text:
        return Page(text, problems=(Problem(1, "its lines end as on old Macs, in CR alone", "save it with the line ends of this system"),))
    delimiter = _delimiter(text)
    found, problems = _rows(text, delimiter)
    if not found:
        return Page(text, problems=tuple(problems), form=_Sheet(delimiter, (), 0, 0), top=len(text))
    head, *body = found
    names = tuple(map(rows.column, head.cells))
    problems += rows.unknown_columns([name for name in names if name], head.line)
    problems += [Problem(head.line, f"no column {name!r}", "the first line names the columns") for name in ("kind", "name") if name not in names]
    entries: list[Entry] = []
    groups: list[Group] = []
    for row in body if not problems else ():
        if any(map(str.strip, row.cells[len(names) :])):
            problems.append(Problem(row.line, "more cells than columns", f'a text with a {delimiter!r} in it stands in "quotation marks"'))
            continue
        cells = dict(zip(names, row.cells, strict=False))
        entry, wrong = rows.entry({name: _split(cell) if name in LISTS else cell for name, cell in cells.items()}, row.line, kinds)
        problems += wrong
        entries.append(tidied(entry))
        groups.append(Group(((row.start, row.end),), (entries[-1].key,), row.cells))
    form = _Sheet(delimiter, names, head.start, head.end)
    return Page(text, tuple(entries), tuple(groups), tuple(problems), text.find("\n", head.end) + 1 or len(text), form=form)


def _delimiter(text: str) -> str:
    """Tell what stands between cells: the sign that makes the most known columns of the first line."""
    first = text.lstrip().split("\n", 1)[0]
    return max(_DELIMITERS, key=lambda each: sum(rows.column(cell.strip('"')) in rows.COLUMNS for cell in first.split(each)))


def _rows(text: str, delimiter: str) -> tuple[list[_Row], list[Problem]]:
    """Read the rows that hold anything, each with its place."""
    # Not str.splitlines, which also cuts at U+2028 and others that stand inside cells.
    lines = [f"{line}\n" for line in text.split("\n")]
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    found: list[_Row] = []
    start, line = 0, 0
    try:
        for cells in reader:
            end = start + sum(map(len, lines[line : reader.line_num]))
            if any(map(str.strip, cells)):
                found.append(_Row(cells, start, start + len(text[start:end].rstrip("\r\n")), line + 1))
            start, line = end, reader.line_num
    except csv.Error as error:
        hint = 'a cell with quotation marks stands in quotation marks, and has each of its own twice: "the ""Foo"" lab"'
        return found, [Problem(line + 1, f"not valid CSV: {str(error).partition(' - ')[0]}", hint)]
    return found, []


def _split(cell: str) -> tuple[str, ...]:
    """Cut a cell into its names.

    >>> print(*_split(r"siarad | a\\|b"))
    siarad a|b
    """
    if "\\" not in cell:
        return tuple(filter(None, map(str.strip, cell.split("|"))))
    return tuple(_ESCAPED.sub(r"\1", match[1]).strip() for match in _BETWEEN.finditer(cell) if match[1].strip())


def _joined(names: Iterable[str]) -> str:
    return " | ".join(re.sub(r"([|\\])", r"\\\1", name) for name in names)


def _text(cell: str | tuple[str, ...]) -> str:
    return cell if isinstance(cell, str) else _joined(cell)


def _line(cells: Sequence[str], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue()


def write(entries: Sequence[Entry], _base: str) -> str:
    """Write decisions as a file."""
    lines = [_line(rows.COLUMNS, ",")]
    for entry in entries:
        said = rows.cells(entry)
        lines.append(_line([_text(said.get(name, "")) for name in rows.COLUMNS], ","))
    return "".join(f"{line}\n" for line in lines)


class _Pen:
    """Writes rows with the columns of one file, and adds those that it lacks."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sheet: _Sheet = page.form
        self.names = list(self.sheet.heading or rows.COLUMNS)

    def lines(self, entries: Sequence[Entry], group: Group | None) -> list[str]:
        return [self.line(rows.cells(entry), group.rest if group else []) for entry in entries]

    def line(self, said: dict[str, str | tuple[str, ...]], old: list[str]) -> str:
        self.names += [name for name in said if name not in self.names]
        kept = dict(zip(self.names, old, strict=False))
        cells = [_text(said.get(name, "")) if name in rows.COLUMNS else kept.get(name, "") for name in self.names]
        return _line(cells, self.sheet.delimiter)

    def heading(self) -> list[Edit]:
        sheet = self.sheet
        added = self.names[len(sheet.heading) :]
        if not added:
            return []
        if not sheet.heading:
            return [Edit(0, len(self.page.text), _line(self.names, sheet.delimiter) + line_end(self.page.text))]
        return [Edit(sheet.end, sheet.end, "".join(sheet.delimiter + name for name in added))]


def pen(page: Page, _entries: Sequence[Entry], _base: str) -> _Pen:
    """Make what writes decisions into this file."""
    return _Pen(page)
