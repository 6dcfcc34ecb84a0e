"""Rows for people: a table that fits the terminal and comes while the query still runs, and Markdown for notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from kg import terminal, turtle
from kg.cells import cells, cut
from kg.errors import visible
from kg.names import DEFAULT_BASE, STANDARD_PREFIXES, Names

if TYPE_CHECKING:
    from kg.query import Answer, Term

    Show = Callable[[Term | None], str]
    Link = Callable[[Term | None], str]

SAMPLE = 1000
"""Rows that decide on the width of the columns; those after them are printed as they come."""
_NARROWEST = 8
_PADDED = 60
"""Cells to which a column is filled up where nothing says how wide the page is; longer texts are printed whole."""
_XSD = STANDARD_PREFIXES["xsd"]
_NUMBERS = frozenset(_XSD + each for each in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"))
_PLAIN = _NUMBERS | {_XSD + each for each in ("string", "boolean", "date", "dateTime", "time", "gYear", "gYearMonth", "duration", "dayTimeDuration")}
_MARKUP = re.compile(r"([\\|<>\[\]*_`~&$#!])")


def table(answer: Answer, names: Names, width: int, link: Link | None = None) -> Iterator[str]:
    """Write rows as a table of at most ``width`` cells, 0 meaning any; ``link`` gives the address that a cell leads to, or "".

    The widths come from the first thousand rows, so that as many are held in memory, and no more.
    """
    show = shower(names)
    first = list(islice(answer.rows, SAMPLE))
    shown = [[show(term) for term in row] for row in first]
    numeric = [_numeric([row[at] for row in first]) for at in range(len(answer.variables))]
    widths = [max(map(cells, (name, *(row[at] for row in shown)))) for at, name in enumerate(answer.variables)]
    widths = (
        squeezed(widths, width - 2 * (len(widths) - 1))
        if width
        else [min(each, max(_PADDED, cells(name))) for each, name in zip(widths, answer.variables, strict=True)]
    )
    fit = _fitted if width else lambda text, _: text
    yield _line(answer.variables, widths, numeric, fit)
    yield _line(["─" * each for each in widths], widths, numeric, fit)
    for at, row in enumerate(chain(first, answer.rows)):
        texts = shown[at] if at < len(shown) else [show(term) for term in row]
        yield _line(texts, widths, numeric, fit, [link(term) for term in row] if link else None)


def _numeric(column: Sequence[Term | None]) -> bool:
    kinds = {getattr(getattr(term, "datatype", None), "value", "") for term in column if term is not None}
    return bool(kinds) and kinds <= _NUMBERS


def squeezed(widths: Sequence[int], room: int) -> list[int]:
    """Take cells from the widest columns until a row fits; none gets narrower than 8, so that very many do not fit.

    >>> squeezed([50, 4, 30], 60)
    [28, 4, 28]
    """
    most, total = max(widths, default=0), sum(widths)
    while total > room and most > _NARROWEST:
        most -= 1
        total -= sum(each > most for each in widths)
    spare = max(0, room - total)
    found = []
    for each in widths:
        more = min(spare, max(0, each - most), 1)  # what the last step took too much goes to the first
        found.append(min(each, most + more))
        spare -= more
    return found


_PLACE = re.compile(r":\d+(?::\d+)?$")
"""The line, or line and column, that a place in a file ends with."""


def _fitted(text: str, room: int) -> str:
    """Shorten a text to so many cells; a place in a file keeps its line.

    >>> _fitted("folder/a_long_name.md:26", 14), _fitted("Portugal", 5)
    ('folder/a_l…:26', 'Port…')
    """
    if cells(text) <= room or not (line := _PLACE.search(text)) or room < 2 * len(line[0]):
        return cut(text, room)
    return cut(text, room - len(line[0])) + line[0]


def _line(
    row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool], fit: Callable[[str, int], str], links: Sequence[str] | None = None
) -> str:
    parts = []
    for at, (text, room, right) in enumerate(zip(row, widths, numeric, strict=True)):
        fitted = fit(text, room)
        gap = " " * (room - cells(fitted))
        if links and links[at]:
            fitted = terminal.link(fitted, links[at], True)
        parts.append(gap + fitted if right else fitted + gap)
    return "  ".join(parts).rstrip() + "\n"


def shower(names: Names) -> Show:
    """Make the function that shows terms to people: short names, texts without quotes, nothing that steers a terminal."""
    shorten = turtle.shortener(names)
    bracketed = {name: shorten(f"<{name}>") for name in _PLAIN}

    def show(term: Term | None) -> str:
        if term is None:
            return ""
        kind = type(term).__name__
        if kind == "NamedNode":
            return visible(shorten(f"<{getattr(term, 'value', '')}>").strip("<>"))
        if kind == "BlankNode":
            return str(term)
        if kind == "Triple":
            parts = (show(getattr(term, name)) for name in ("subject", "predicate", "object"))
            return f"<<( {' '.join(parts)} )>>"
        value = visible(str(getattr(term, "value", "")))
        if language := getattr(term, "language", None):
            return f"{value} @{language}"
        datatype = getattr(getattr(term, "datatype", None), "value", "")
        return value if datatype in bracketed else f"{value} ^^{visible(shorten(f'<{datatype}>'))}"

    return show


def linker(names: Names, source: str) -> Link:
    """Make the function that gives the address of a term: a video's second, a note's file in the folder of notes, a page on the web.

    Only http, https and file: what a note says must not open anything else.
    """
    from pathlib import Path
    from urllib.parse import quote, unquote

    space, known = f"{names.base}note/", {"": ""}

    def address(iri: str) -> str:
        if iri.startswith(space):
            path = unquote(iri.removeprefix(space).partition("#")[0]) + ".md"
            return terminal.address(source, path) if Path(source, path).is_file() else ""
        if not iri.startswith(("http://", "https://")) or (names.base == DEFAULT_BASE and iri.startswith(names.base)):
            return ""
        return quote(iri, safe="%/:?#[]@!$&'()*+,;=~")

    def link(term: Term | None) -> str:
        if type(term).__name__ != "NamedNode":
            return ""
        iri = str(getattr(term, "value", ""))
        if iri not in known:
            if len(known) > 10_000:
                known.clear()
            known[iri] = address(iri)
        return known[iri]

    return link


def markdown(answer: Answer, names: Names) -> Iterator[str]:
    """Write rows as a table of GitHub's Markdown, in which no text is taken for markup."""
    show = shower(names)
    yield f"| {' | '.join(_MARKUP.sub(_ESCAPED, name) for name in answer.variables)} |\n|{' --- |' * len(answer.variables)}\n"
    for row in answer.rows:
        yield f"| {' | '.join(_MARKUP.sub(_ESCAPED, show(term)) for term in row)} |\n"


_ESCAPED = r"\\\1"

__all__ = ["SAMPLE", "linker", "markdown", "shower", "squeezed", "table"]
