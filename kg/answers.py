"""An answer written down: a table for people, the W3C's formats for programs, Markdown for notes."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from kg import turtle
from kg.errors import KgError, visible
from kg.export import choose
from kg.names import Names
from kg.query import Answer

if TYPE_CHECKING:
    from kg.query import Row, Term

ROWS = {
    "table": (),
    "csv": (),
    "tsv": (),
    "json": ("srj",),
    "xml": ("srx",),
    "markdown": ("md",),
}
"""Formats for SELECT and ASK, and other names they answer to."""
GRAPHS = {"turtle": ("ttl",), "ntriples": ("nt", "n-triples"), "jsonld": ("json-ld", "json")}
"""Formats for CONSTRUCT and DESCRIBE."""

_STRING = "http://www.w3.org/2001/XMLSchema#string"


def known(name: str) -> str:
    """Find a format of either sort by its name.

    Raises:
        KgError: there is none; with a guess.
    """
    return choose(name, {**ROWS, **GRAPHS})


def write(answer: Answer, form: str, names: Names, *, width: int = 0) -> Iterator[str]:
    """Write an answer in pieces; ``form`` "" means a table or Turtle; ``width`` is in cells, 0 means any.

    Raises:
        KgError: the format does not fit the answer.
    """
    if answer.kind == "graph":
        form = {"": "turtle", "json": "jsonld"}.get(form, form)
        if form not in GRAPHS:
            raise KgError(f"{form} holds rows, and this query gives triples", hint=f"use one of {', '.join(GRAPHS)}")
        return _graph(answer, form, names)
    form = form or "table"
    if form not in ROWS:
        raise KgError(f"{form} holds triples, and this query gives rows", hint=f"use one of {', '.join(ROWS)}, or CONSTRUCT")
    if answer.kind == "ask":
        return _truth(answer.truth, form)
    if form == "table":
        return _table(answer, names, width)
    if form == "markdown":
        return _markdown(answer, names)
    return {"csv": _csv, "tsv": _tsv, "json": _json, "xml": _xml}[form](answer)


class Counted:
    """An answer cut to at most so many rows, that counts them as they are read.

    ``more`` says, once they are read, whether there were others, and ``nothing`` that there was no answer,
    or the answer no: no row, or none but a count of 0.
    """

    def __init__(self, answer: Answer, most: int | None) -> None:
        self.rows, self.more, self.nothing = 0, False, not answer.truth
        self.answer = replace(answer, rows=self._rows(answer.rows, most))

    def _rows(self, rows: Iterator[Row], most: int | None) -> Iterator[Row]:
        for row in rows:
            if self.rows == most:
                self.more = True
                return
            self.rows += 1
            self.nothing = self.rows == 1 and all(each is None or (getattr(each, "value", "") == "0" and hasattr(each, "datatype")) for each in row)
            yield row


# -- for people ----------------------------------------------------------------------------------


def cells(text: str) -> int:
    """Count the cells that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum((unicodedata.east_asian_width(each) in "WF") + (unicodedata.combining(each) == 0) for each in text)


def cut(text: str, most: int) -> str:
    """Shorten a text to so many cells, with an ellipsis.

    >>> cut("Portugal", 5)
    'Port…'
    """
    if cells(text) <= most:
        return text
    kept, used = [], 0
    for each in text:
        used += cells(each)
        if used >= most:
            break
        kept.append(each)
    return "".join(kept).rstrip() + "…"


def _table(answer: Answer, names: Names, width: int) -> Iterator[str]:
    shorten = _shower(names)
    rows = [[shorten(term) for term in row] for row in answer.rows]
    numeric = [bool(rows) and all(re.fullmatch(r"-?[\d.]*", row[at]) for row in rows) for at in range(len(answer.variables))]
    widths = [max(map(cells, (name, *(row[at] for row in rows)))) for at, name in enumerate(answer.variables)]
    if width:
        _squeeze(widths, width - 2 * (len(widths) - 1))
    yield _line(answer.variables, widths, numeric)
    yield _line(["─" * each for each in widths], widths, numeric)
    for row in rows:
        yield _line(row, widths, numeric)


def _shower(names: Names) -> Callable[[Term | None], str]:
    shorten = turtle.shortener(names)

    def show(term: Term | None) -> str:
        if term is None:
            return ""
        value = str(getattr(term, "value", term))
        return shorten(f"<{value}>").strip("<>") if type(term).__name__ == "NamedNode" else visible(value)

    return show


def _squeeze(widths: list[int], room: int) -> None:
    """Take cells from the widest columns until the row fits; none gets narrower than 12."""
    while sum(widths) > room and max(widths, default=0) > 12:
        at = widths.index(max(widths))
        others = sorted(widths)
        second = others[-2] if len(others) > 1 else 12
        widths[at] = max(12, min(widths[at] - 1, max(second, widths[at] - (sum(widths) - room))))


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    parts = []
    for text, room, right in zip(row, widths, numeric, strict=True):
        fitted = cut(text, room)
        gap = " " * (room - cells(fitted))
        parts.append(gap + fitted if right else fitted + gap)
    return "  ".join(parts).rstrip() + "\n"


def _markdown(answer: Answer, names: Names) -> Iterator[str]:
    show = _shower(names)
    yield f"| {' | '.join(answer.variables)} |\n|{' --- |' * len(answer.variables)}\n"
    for row in answer.rows:
        told = (re.sub(r"([\\|<>\[\]*_`])", r"\\\1", show(term)) for term in row)
        yield f"| {' | '.join(told)} |\n"


# -- for programs: SPARQL 1.1 results in CSV, TSV, JSON and XML --------------------------------------


def _csv(answer: Answer) -> Iterator[str]:
    buffer = StringIO()
    out = csv.writer(buffer, lineterminator="\r\n")
    out.writerow(answer.variables)
    for row in answer.rows:
        out.writerow([_plain(term) for term in row])
        if buffer.tell() > 65536:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _plain(term: Term | None) -> str:
    if term is None:
        return ""
    value = str(getattr(term, "value", term))
    return f"_:{value}" if type(term).__name__ == "BlankNode" else value


def _tsv(answer: Answer) -> Iterator[str]:
    yield "\t".join(f"?{name}" for name in answer.variables) + "\n"
    for row in answer.rows:
        # A term in N-Triples has no raw tab or line end.
        yield "\t".join("" if term is None else str(term) for term in row) + "\n"


def _json(answer: Answer) -> Iterator[str]:
    yield f'{{"head":{{"vars":{json.dumps(list(answer.variables))}}},"results":{{"bindings":['
    for at, row in enumerate(answer.rows):
        bound = {name: _json_term(term) for name, term in zip(answer.variables, row, strict=True) if term is not None}
        yield (",\n" if at else "\n") + json.dumps(bound, ensure_ascii=False)
    yield "\n]}}\n"


def _json_term(term: Term) -> dict[str, object]:
    kind = type(term).__name__
    if kind == "Triple":
        parts = {name: _json_term(getattr(term, name)) for name in ("subject", "predicate", "object")}
        return {"type": "triple", "value": parts}
    told: dict[str, object] = {"type": {"NamedNode": "uri", "BlankNode": "bnode"}.get(kind, "literal"), "value": getattr(term, "value", "")}
    if kind == "Literal":
        language, datatype = getattr(term, "language", None), getattr(term, "datatype", None)
        if language:
            told["xml:lang"] = language
        elif datatype is not None and datatype.value != _STRING:
            told["datatype"] = datatype.value
    return told


def _xml(answer: Answer) -> Iterator[str]:
    yield '<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n<head>'
    yield "".join(f"<variable name={quoteattr(name)}/>" for name in answer.variables)
    yield "</head>\n<results>\n"
    for row in answer.rows:
        bound = (
            f"<binding name={quoteattr(name)}>{_xml_term(term)}</binding>"
            for name, term in zip(answer.variables, row, strict=True)
            if term is not None
        )
        yield f"<result>{''.join(bound)}</result>\n"
    yield "</results>\n</sparql>\n"


def _xml_term(term: Term) -> str:
    told = _json_term(term)
    if told["type"] == "triple":
        parts = (f"<{name}>{_xml_term(getattr(term, name))}</{name}>" for name in ("subject", "predicate", "object"))
        return f"<triple>{''.join(parts)}</triple>"
    # XML has no way to write most control characters.
    value = escape(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", str(told["value"])), {"\r": "&#13;"})
    # Blanks at the ends are dropped by many readers, unless they are written so.
    value = re.sub(r"^[ \n\t]+|[ \n\t]+$", lambda match: "".join(f"&#{ord(each)};" for each in match[0]), value)
    extra = "".join(f" {name}={quoteattr(str(told[name]))}" for name in ("xml:lang", "datatype") if name in told)
    return f"<{told['type']}{extra}>{value}</{told['type']}>"


def _truth(truth: bool, form: str) -> Iterator[str]:
    word = "true" if truth else "false"
    if form == "json":
        yield f'{{"head":{{}},"boolean":{word}}}\n'
    elif form == "xml":
        yield '<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
        yield f"<head/>\n<boolean>{word}</boolean>\n</sparql>\n"
    elif form == "table":
        yield "yes\n" if truth else "no\n"
    else:
        yield f"{word}\n"


# -- triples ---------------------------------------------------------------------------------------


def _graph(answer: Answer, form: str, names: Names) -> Iterator[str]:
    found = [" ".join(map(str, row)) + " ." for row in answer.rows]
    if form == "turtle":
        yield turtle.write(found, names)
    elif form == "ntriples":
        yield from (f"{line}\n" for line in turtle.ordered(found))
    else:
        from pyoxigraph import RdfFormat, parse, serialize

        given = "\n".join(turtle.ordered(found)).encode("utf-8")
        triples = (quad.triple for quad in parse(given, format=RdfFormat.N_TRIPLES))
        yield (serialize(triples, format=RdfFormat.JSON_LD) or b"[]").decode("utf-8") + "\n"
