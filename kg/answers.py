"""An answer written down: a table for people, the W3C's formats for programs, Markdown for notes.

Rows are written as they come; only a table holds the first thousand back, and triples are put in order.

Sources: SPARQL 1.1 Query Results in JSON, XML, CSV and TSV, and what SPARQL 1.2 adds to them (triple terms,
the direction of a text).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kg import tables, turtle
from kg.choices import choose
from kg.errors import KgError, UsageError
from kg.names import Names
from kg.query import Answer

if TYPE_CHECKING:
    from kg.query import Row, Term
    from kg.tables import Link

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
        UsageError: there is none; with a guess.
    """
    return choose(name, {**ROWS, **GRAPHS})


def write(answer: Answer, form: str, names: Names, *, width: int = 0, link: Link | None = None) -> Iterator[str]:
    """Write an answer in pieces; ``form`` "" means a table or Turtle; ``width`` is in cells, 0 means any.

    ``link`` gives the addresses that the cells of a table lead to, for a terminal that can follow them.

    Raises:
        UsageError: the format does not fit the answer.
    """
    if answer.kind == "graph":
        form = {"": "turtle", "json": "jsonld"}.get(form, form)
        if form not in GRAPHS:
            raise UsageError(f"{form} holds rows, and this query gives triples", hint=f"use one of {', '.join(GRAPHS)}")
        return _graph(answer, form, names)
    form = form or "table"
    if form not in ROWS:
        raise UsageError(f"{form} holds triples, and this query gives rows", hint=f"use one of {', '.join(ROWS)}, or CONSTRUCT")
    if answer.kind == "ask":
        return _truth(answer.truth, form)
    if form == "table":
        return tables.table(answer, names, width, link)
    if form == "markdown":
        return tables.markdown(answer, names)
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
            self.nothing = self.rows == 1 and nought(row)
            yield row


def nought(row: Sequence[Term | None]) -> bool:
    """Say whether a row holds nothing but noughts and what has no value."""
    return all(each is None or (getattr(each, "value", "") == "0" and hasattr(each, "datatype")) for each in row)


# -- for programs: SPARQL 1.1 results in CSV, TSV, JSON and XML --------------------------------------


_ROOM = 65536
"""Characters of CSV that are held back; the first rows go out at once, and more at a time as there are more."""


def _csv(answer: Answer) -> Iterator[str]:
    import csv
    from io import StringIO

    buffer, held = StringIO(), 0
    out = csv.writer(buffer, lineterminator="\r\n")
    out.writerow(answer.variables)
    for row in answer.rows:
        if len(row) == 1 and row[0] is None:
            buffer.write("\r\n")  # where the module would write quotes, and the standard wants nothing
        else:
            out.writerow([_plain(term) for term in row])
        if buffer.tell() > held:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
            held = min(_ROOM, held * 2 + 256)
    yield buffer.getvalue()


def _plain(term: Term | None) -> str:
    if term is None:
        return ""
    kind = type(term).__name__
    return turtle.written(term) if kind in ("BlankNode", "Triple") else str(getattr(term, "value", term))


def _tsv(answer: Answer) -> Iterator[str]:
    yield "\t".join(f"?{name}" for name in answer.variables) + "\n"
    for row in answer.rows:
        # A term in N-Triples has no raw tab or line end.
        yield "\t".join("" if term is None else turtle.written(term) for term in row) + "\n"


def _json(answer: Answer) -> Iterator[str]:
    import json

    yield f'{{"head":{{"vars":{json.dumps(list(answer.variables))}}},"results":{{"bindings":['
    for at, row in enumerate(answer.rows):
        bound = {name: _described(term) for name, term in zip(answer.variables, row, strict=True) if term is not None}
        yield (",\n" if at else "\n") + json.dumps(bound, ensure_ascii=False)
    yield "\n]}}\n"


def _described(term: Term) -> dict[str, object]:
    kind = type(term).__name__
    if kind == "Triple":
        parts = {name: _described(getattr(term, name)) for name in ("subject", "predicate", "object")}
        return {"type": "triple", "value": parts}
    told: dict[str, object] = {"type": {"NamedNode": "uri", "BlankNode": "bnode"}.get(kind, "literal"), "value": getattr(term, "value", "")}
    if kind == "Literal":
        language, datatype = getattr(term, "language", None), getattr(term, "datatype", None)
        if language:
            told["xml:lang"] = language
            if direction := getattr(term, "direction", None):
                told["its:dir"] = str(getattr(direction, "value", direction))
        elif datatype is not None and datatype.value != _STRING:
            told["datatype"] = datatype.value
    return told


def _xml(answer: Answer) -> Iterator[str]:
    yield '<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n<head>'
    yield "".join(f"<variable name={_attribute(name)}/>" for name in answer.variables)
    yield "</head>\n<results>\n"
    for row in answer.rows:
        bound = (
            f"<binding name={_attribute(name)}>{_xml_term(term)}</binding>"
            for name, term in zip(answer.variables, row, strict=True)
            if term is not None
        )
        yield f"<result>{''.join(bound)}</result>\n"
    yield "</results>\n</sparql>\n"


def _xml_term(term: Term) -> str:
    told = _described(term)
    if told["type"] == "triple":
        parts = (f"<{name}>{_xml_term(getattr(term, name))}</{name}>" for name in ("subject", "predicate", "object"))
        return f"<triple>{''.join(parts)}</triple>"
    # XML has no way to write most control characters.
    value = _escaped(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", str(told["value"])))
    # Blanks at the ends are dropped by many readers, unless they are written so.
    value = re.sub(r"^[ \n\t]+|[ \n\t]+$", lambda match: "".join(f"&#{ord(each)};" for each in match[0]), value)
    extra = "".join(f" {name}={_attribute(str(told[name]))}" for name in ("xml:lang", "datatype", "its:dir") if name in told)
    if "its:dir" in told:
        extra += ' xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0"'
    return f"<{told['type']}{extra}>{value}</{told['type']}>"


def _escaped(text: str) -> str:
    # By hand: the module of the standard library that does it loads a client for the web.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _attribute(text: str) -> str:
    return '"' + _escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;") + '"'


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
    found = [" ".join(turtle.written(term) for term in row if term is not None) + " ." for row in answer.rows]
    if form == "turtle":
        yield turtle.write(found, names)
    elif form == "ntriples":
        yield from (f"{line}\n" for line in turtle.ordered(found))
    else:
        from pyoxigraph import RdfFormat, parse, serialize

        given = "\n".join(turtle.ordered(found)).encode("utf-8")
        triples = (quad.triple for quad in parse(given, format=RdfFormat.N_TRIPLES))
        try:
            yield (serialize(triples, format=RdfFormat.JSON_LD) or b"[]").decode("utf-8") + "\n"
        except OSError:
            raise KgError("JSON-LD cannot hold triples of triples", hint="use turtle or ntriples") from None
