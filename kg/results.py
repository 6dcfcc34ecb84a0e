"""Answers as Python sees them: rows with names, numbers that are numbers, tables in notebooks.

integer → int    decimal, double, float → float    boolean → bool    date, dateTime, time → those of datetime
other texts → str    IRI → IRI, a str    unbound → None    blank node → "_:…"    triple term → a tuple of three
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from html import escape
from operator import itemgetter
from typing import TYPE_CHECKING, Any, overload

from kg import answers, turtle
from kg.errors import KgError, visible
from kg.names import STANDARD_PREFIXES, Names
from kg.query import Answer
from kg.values import IRI

if TYPE_CHECKING:
    import pandas as pd

    from kg.query import Term

_SHOWN = 60
"""rows of a table in a notebook"""
_WEB = ("http://", "https://")


class Row(tuple[Any, ...]):
    """One row of an answer: a tuple whose parts also have the names of the variables.

    ``row.note``, ``row["note"]`` and ``row[0]`` are the same if ``?note`` comes first.
    """

    __slots__ = ()
    _names: tuple[str, ...] = ()

    @overload  # type: ignore[override]
    def __getitem__(self, at: int | str) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Any, ...]: ...
    def __getitem__(self, at: int | str | slice) -> Any:
        if isinstance(at, str):
            if at not in self._names:
                raise KeyError(f"no column {at!r}; there are {', '.join(self._names)}")
            at = self._names.index(at)
        return tuple.__getitem__(self, at)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"no column {name!r}; there are {', '.join(self._names)}")

    def to_dict(self) -> dict[str, Any]:
        """Give the values by name."""
        return dict(zip(self._names, self, strict=True))

    def __repr__(self) -> str:
        return f"Row({', '.join(f'{name}={value!r}' for name, value in zip(self._names, self, strict=True))})"


def _shaped(variables: Sequence[str]) -> type[Row]:
    """Make the class of rows that have these names; one that no attribute can have is reached by ``row["…"]``."""
    # Also count and index, which a tuple has as methods.
    parts = {name: property(itemgetter(at)) for at, name in enumerate(variables) if name.isidentifier() and not name.startswith("_")}
    return type("Row", (Row,), {"__slots__": (), "_names": tuple(variables), **parts})


def value(term: Term | None) -> Any:
    """Turn a term into a Python value; a text that its type does not allow stays a text.

    >>> from pyoxigraph import Literal
    >>> value(Literal(5)), value(Literal("Lisboa", language="pt"))
    (5, 'Lisboa')
    """
    match type(term).__name__:
        case "NoneType":
            return None
        case "NamedNode":
            return IRI(term.value)  # type: ignore[union-attr]
        case "BlankNode":
            return f"_:{term.value}"  # type: ignore[union-attr]
        case "Triple":
            return tuple(value(each) for each in (term.subject, term.predicate, term.object))  # type: ignore[union-attr]
    text, datatype = term.value, term.datatype.value  # type: ignore[union-attr]
    read = _READERS.get(datatype.removeprefix(STANDARD_PREFIXES["xsd"]))
    if read is None:
        return text
    try:
        return read(text)
    except (ValueError, OverflowError):
        return text


def _boolean(text: str) -> bool:
    if text not in ("true", "false", "1", "0"):
        raise ValueError(text)
    return text in ("true", "1")


def _integer(text: str) -> int:
    # Python would also take 1_000, and blanks.
    if not re.fullmatch(r"[+-]?[0-9]{1,4000}", text):
        raise ValueError(text)
    return int(text)


def _number(text: str) -> float:
    if not re.fullmatch(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN", text):
        raise ValueError(text)
    return float(text)


_WHOLE = (
    "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger",
    "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
)  # fmt: skip
_READERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(_WHOLE, _integer),
    **dict.fromkeys(("decimal", "double", "float"), _number),
    "boolean": _boolean,
    "date": dt.date.fromisoformat,
    "dateTime": dt.datetime.fromisoformat,
    "time": dt.time.fromisoformat,
}


class Result(Sequence[Row]):
    """The whole answer to a query: a sequence of rows.

    ``kind`` is ``select``, ``ask`` or ``graph``; ``variables`` are the names of the columns (for triples ``subject``, ``predicate``
    and ``object``); ``truth`` is the answer to ASK. A result is true if the answer is yes, or has rows.
    """

    def __init__(self, answer: Answer, names: Names, doubts: Callable[[Result], list[str]] | None = None) -> None:
        self.kind, self.variables, self.truth = answer.kind, answer.variables, answer.truth
        self.terms = list(answer.rows)
        """The same rows as terms of ``pyoxigraph``, with language and datatype."""
        self._names, self._doubts = names, doubts

    @cached_property
    def doubts(self) -> list[str]:
        """Say why the answer is empty, or what makes it doubtful, as ``kg query`` does; found out when it is asked for."""
        return self._doubts(self) if self._doubts else []

    @cached_property
    def rows(self) -> list[Row]:
        """Every row, as Python values."""
        shape = _shaped(self.variables)
        return [shape(map(value, each)) for each in self.terms]

    def __len__(self) -> int:
        return len(self.terms)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        return self.rows[at]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __bool__(self) -> bool:
        return self.truth if self.kind == "ask" else bool(self.terms)

    def __repr__(self) -> str:
        if self.kind == "ask":
            return f"<kg.Result: {self.truth}>"
        why = "" if self.terms or not self.doubts else f" ({'; '.join(self.doubts)})"
        return f"<kg.Result: {len(self):,} rows of {', '.join(self.variables)}{visible(why)}>"

    def __str__(self) -> str:
        return self.to_text().rstrip("\n")

    def to_dicts(self) -> list[dict[str, Any]]:
        """Give every row as values by name."""
        return [each.to_dict() for each in self.rows]

    def to_dataframe(self) -> pd.DataFrame:
        """Give the rows as a pandas ``DataFrame``, a column for each variable.

        Raises:
            KgError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise KgError("a data frame needs pandas, which is not installed", hint="pip install pandas") from None
        columns = {name: [_plain(row[at]) for row in self.rows] for at, name in enumerate(self.variables)}
        return pd.DataFrame(columns, columns=list(self.variables))

    def to_text(self, form: str = "", *, width: int = 0) -> str:
        """Write the answer as ``kg query --format`` does: a table or Turtle by default; ``width`` is in cells, 0 means any.

        Raises:
            KgError: there is no such format, or it does not fit the answer.
        """
        answer = Answer(self.kind, self.variables, iter(self.terms), self.truth)
        return "".join(answers.write(answer, answers.known(form) if form else "", self._names, width=width))

    def _repr_html_(self) -> str:
        if self.kind == "ask":
            return f"<p>{'yes' if self.truth else 'no'}</p>"
        head = "".join(f"<th>{escape(name)}</th>" for name in self.variables)
        body = "".join(f"<tr>{''.join(map(self._cell, row))}</tr>" for row in self.rows[:_SHOWN])
        more = f"<p>{len(self) - _SHOWN:,} more rows</p>" if len(self) > _SHOWN else ""
        why = "".join(f"<p>{escape(visible(each))}</p>" for each in (() if self.terms else self.doubts))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}{why}"

    def _cell(self, content: Any) -> str:
        if content is None:
            return "<td></td>"
        if isinstance(content, IRI):
            shown = escape(visible(short(content, self._names)))
            # An address of the vault leads nowhere; a moment of a video plays.
            leads = content.startswith(_WEB) and not content.startswith(self._names.base)
            return f'<td><a href="{escape(content)}" rel="noreferrer">{shown}</a></td>' if leads else f"<td>{shown}</td>"
        return f"<td>{escape(visible(str(content)))}</td>"


def short(iri: str, names: Names) -> str:
    """Write an IRI as a query may.

    >>> short("https://example.org/kg/country/PT", Names())
    'country:PT'
    """
    return turtle.shortener(names)(f"<{iri}>").strip("<>")


def _plain(content: Any) -> Any:
    return str.__str__(content) if isinstance(content, IRI) else content


__all__ = ["IRI", "Result", "Row", "short", "value"]
