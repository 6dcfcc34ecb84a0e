"""Values for the variables of a query, put in as terms, never as text.

A query is cut into tokens (:mod:`kg.guard`); a variable that has been given a value is then a constant wherever it
stands in a pattern or an expression, sub-SELECTs included. Where only a variable may stand (bare after SELECT,
GROUP BY, ORDER BY) it stays one, and its group says ``VALUES ?name { term }``. Nothing else of the query
changes, and no value can be read as anything but one term (a law in the tests).

The engine has ``substitutions=`` of its own, which fails for a variable that is not selected and does not reach sub-SELECTs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kg import guard
from kg.errors import Place, QueryError, UsageError
from kg.guard import Token
from kg.values import Value


@dataclass(eq=False)
class _Clause:
    """A SELECT or another form of query, whose head and tail keep variables that its group may bind.

    ``outside`` are the bare ones there, each with the part of the clause that it stands in; ``inside`` are those of the group.
    """

    form: str
    star: bool = False
    grouped: bool = False
    part: str = ""
    outside: list[tuple[Token, str]] = field(default_factory=list)
    inside: set[str] = field(default_factory=set)
    group: _Frame | None = None


@dataclass(eq=False)
class _Frame:
    """What a bracket opens. ``seen`` are parameters in patterns, ``left`` those before a MINUS, ``bind`` those that its VALUES names.

    ``data`` says that it holds the terms of a VALUES and no patterns.
    """

    opening: str
    start: int
    before: Token
    data: bool = False
    end: int = -1
    clause: _Clause | None = None
    owner: _Clause | None = None
    left: frozenset[str] = frozenset()
    seen: set[str] = field(default_factory=set)
    bind: set[str] = field(default_factory=set)


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


_NONE = Token("", "", -1)
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_PARTS = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET")
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")


def variables(text: str) -> list[str]:
    """List the names of a query's variables, in the order in which they are first named.

    >>> variables("SELECT ?note { ?p :names $country; :note ?note }")
    ['note', 'p', 'country']
    """
    return list(dict.fromkeys(each.text[1:] for each in guard.tokens(text) if each.sort == "variable"))


def insert(text: str, values: Mapping[str, Value]) -> str:
    """Give variables of a query their values.

    Raises:
        UsageError: the query has no such variable.
        QueryError: the query itself gives it a value, or a text stands where only an IRI can.

    >>> from kg.values import iri
    >>> insert("ASK { ?p :names ?country }", {"country": iri("urn:x")})
    'ASK { ?p :names  <urn:x>  }'
    >>> insert("SELECT ?x { ?p :names ?x }", {"x": iri("urn:x")})
    'SELECT ?x { ?p :names  <urn:x>  VALUES ?x { <urn:x> } }'
    """
    if not values:
        return text
    present = variables(text)
    for name in values:
        if name not in present:
            raise UsageError(f"the query has no ?{name}", hint=_others(name, present))
    changed, at = [], 0
    for edit in sorted(_Reader(text, values).edits(), key=lambda each: each.start):
        changed += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join((*changed, text[at:]))


def as_written(error: QueryError, text: str, values: Mapping[str, Value]) -> QueryError:
    """Tell an error of a query with its values put in as one of the query as it was written: its place, and the line that is shown."""
    if not values or error.at is None or not error.at.line:
        return error
    filled = insert(text, values)
    place = sum(len(line) + 1 for line in filled.split("\n")[: error.at.line - 1]) + error.at.column - 1
    shift = 0
    for edit in sorted(_Reader(text, values).edits(), key=lambda each: each.start):
        begins = edit.start + shift
        if place < begins:
            break
        if place < begins + len(edit.text):
            place = begins  # inside of a value: where that was put in
            break
        shift += len(edit.text) - (edit.end - edit.start)
    line, column = guard.position(text, min(place - shift, len(text)))
    problem = error.problem.partition("\n")[0]
    return QueryError(f"{problem}\n{guard.pointed(text, line, column)}", at=Place("query", line, column), hint=error.hint)


def bound(text: str, values: Mapping[str, Value]) -> list[str]:
    """Name the variables with values of which a query asks whether they have one.

    >>> from kg.values import iri
    >>> bound("SELECT ?n { ?n :mentions ?c FILTER(BOUND(?c)) }", {"c": iri("urn:x")})
    ['c']
    """
    cut = list(guard.tokens(text))
    asked = (cut[at + 2].text[1:] for at in range(len(cut) - 2) if cut[at].text.upper() == "BOUND" and cut[at + 1].text == "(")
    return list(dict.fromkeys(each for each in asked if each in values))


def _others(name: str, known: Sequence[str]) -> str:
    near = guard.guess(name, list(known))
    if near:
        return f"did you mean {near}?"
    return f"it has {', '.join(f'?{each}' for each in known)}" if known else "it has no variables"


class _Reader:
    """Walks through the tokens of a query once and notes what is to change."""

    def __init__(self, text: str, values: Mapping[str, Value]) -> None:
        self.text, self.values = text, values
        self.tokens = list(guard.tokens(text))
        self.frames = [_Frame("", 0, _NONE)]
        self.clauses: list[_Clause] = []
        self.bound: list[_Frame] = []
        self.changes: list[_Edit] = []

    def edits(self) -> Iterator[_Edit]:
        for at, token in enumerate(self.tokens):
            before = self.tokens[at - 1] if at else _NONE
            match token.sort:
                case "word":
                    self.word(token, before)
                case "open":
                    self.open(token, before, self.tokens[at - 2] if at > 1 else _NONE)
                case "close":
                    self.close(token)
                case "variable" if token.text[1:] in self.values:
                    self.variable(at, token, before)
                case "operator" if token.text == "*" and before.text.upper() in (*_FORMS, "DISTINCT", "REDUCED") and self.frame.clause:
                    self.frame.clause.star = True
                case "iri":
                    self.comparison(token, before)
        yield from self.changes
        for clause in self.clauses:
            yield from self.of_clause(clause)
        for frame in self.bound:
            yield _Edit(frame.start + 1, frame.start + 1, f" {self.block(frame.bind)}")

    @property
    def frame(self) -> _Frame:
        return self.frames[-1]

    @property
    def group(self) -> _Frame:
        """The nearest group, or the query itself, around what is read."""
        return next(each for each in reversed(self.frames) if each.opening not in ("(", "["))

    def block(self, names: set[str]) -> str:
        return "".join(f"VALUES ?{name} {{ {self.values[name].written} }} " for name in sorted(names))

    def of_clause(self, clause: _Clause) -> Iterator[_Edit]:
        """Bind what the head and the tail of a clause name, in its group; without one, or without its being grouped by, name it there."""
        keys = {token.text[1:] for token, part in clause.outside if part == "GROUP"}
        kept = set(clause.inside) if clause.star else set()
        for token, part in clause.outside:
            name = token.text[1:]
            end = token.start + len(token.text)
            if clause.group is None and clause.form == "DESCRIBE":
                self.thing(token, "what DESCRIBE names")
                yield _Edit(token.start, end, f" {self.values[name].written} ")
            elif clause.grouped and not part and name not in keys and clause.form == "SELECT":
                yield _Edit(token.start, end, f" ( {self.values[name].written} AS ?{name} ) ")
            else:
                kept.add(name)
        if clause.group and kept and clause.group.end >= 0:
            start, end = clause.group.start + 1, clause.group.end
            if clause.group.clause:  # the group is a SELECT itself, which stands alone between its braces
                yield _Edit(start, start, " {")
                yield _Edit(end, end, f"}} {self.block(kept)}")
            else:
                yield _Edit(end, end, self.block(kept) if self.text[end - 1 : end].isspace() else f" {self.block(kept)}")

    # -- brackets and words ----------------------------------------------------------------------

    def word(self, token: Token, before: Token) -> None:
        form = token.text.upper()
        first = self.frame.opening == "" and self.frame.clause is None
        if form in _FORMS and (first or (form == "SELECT" and before.text == "{" and self.frame.opening == "{")):
            self.frame.clause = _Clause(form)
            self.clauses.append(self.frame.clause)
        elif (clause := self.group.clause) and form in _PARTS and self.frame.clause:
            clause.part = form
            clause.grouped |= form == "GROUP"
        elif clause and form in _AGGREGATES:
            clause.grouped = True

    def open(self, token: Token, before: Token, earlier: Token) -> None:
        frame = _Frame(token.text, token.start, before, data=earlier.text.upper() == "VALUES")
        clause = self.frame.clause
        template = before.text.upper() == "CONSTRUCT"
        if token.text == "{" and clause and clause.group is None and not template:
            frame.owner, clause.group = clause, frame
        if before.text.upper() == "MINUS":
            frame.left = frozenset(self.frame.seen)
        self.frames.append(frame)

    def close(self, token: Token) -> None:
        if len(self.frames) == 1:
            return  # one bracket too many: the engine tells
        frame = self.frames.pop()
        frame.end = token.start
        if frame.opening != "{" or frame.clause:
            return
        before = frame.before.text.upper()
        if before == "MINUS":
            # Two sides of which nothing is shared take nothing away, so what was shared has to stay so.
            shared = frame.seen & frame.left
            for side in (frame, self.frame):
                if shared and side not in self.bound:
                    self.bound.append(side)
                side.bind |= shared
        elif before != "EXISTS":
            self.frame.seen |= frame.seen

    # -- variables -------------------------------------------------------------------------------

    def variable(self, at: int, token: Token, before: Token) -> None:
        name = token.text[1:]
        opened = self.frame.before.text.upper()
        if before.text.upper() in ("AS", "VALUES") or (self.frame.opening == "(" and opened == "VALUES"):
            raise self.wrong(token, f"the query itself gives ?{name} a value", "take --param away, or the value out of the query")
        group = self.group
        if group.clause and group is self.frame:
            group.clause.outside.append((token, group.clause.part))
            return
        clause = next((each.owner for each in reversed(self.frames) if each.owner), None)
        if clause:
            clause.inside.add(name)
        if not any(each.opening == "(" for each in self.frames[self.frames.index(group) + 1 :]):
            group.seen.add(name)
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else _NONE
        if self.frame.opening == "(" and opened == "BOUND":
            start = self.frame.before.start
            self.changes.append(_Edit(start, start + len("BOUND"), ""))
            self.changes.append(_Edit(token.start, token.start + len(token.text), "true"))
            return
        if place := _place(self.frame, before, after):
            self.thing(token, place)
        self.changes.append(_Edit(token.start, token.start + len(token.text), f" {self.values[name].written} "))

    def thing(self, token: Token, place: str) -> None:
        """Refuse a text where only an IRI makes sense."""
        name = token.text[1:]
        if self.values[name].literal:
            shown = self.values[name].written
            hint = f"such as --param {name}=country:PT; kg query knows the prefixes of every kind of thing"
            raise self.wrong(token, f"?{name} is {place}, which is an IRI and not a text such as {shown}", hint)

    def comparison(self, token: Token, before: Token) -> None:
        """Refuse what is an IRI by its form, and by its place a "less than" in front of a variable."""
        named = [each for each in re.findall(r"[?$](\w+)", token.text) if each in self.values]
        expression = not re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", token.text) or "(" in token.text or "&&" in token.text
        if named and expression and self.frame.opening == "(" and _ends(before):
            raise self.wrong(token, f"{token.text} reads as an IRI", "put a blank after <")

    def wrong(self, token: Token, problem: str, hint: str) -> QueryError:
        line, column = guard.position(self.text, token.start)
        return QueryError(f"{problem}\n{guard.pointed(self.text, line, column)}", at=Place("query", line, column), hint=hint)


def _ends(token: Token) -> bool:
    """Say whether a term may end with a token."""
    return token.sort in ("iri", "name", "variable", "string", "number", "language") or token.text in (")", "]", "true", "false")


def _begins(token: Token) -> bool:
    """Say whether a term may begin with a token."""
    return token.sort in ("iri", "name", "variable", "string", "number", "open") or token.text in ("true", "false", "_")


def _place(frame: _Frame, before: Token, after: Token) -> str:
    """Name the place of a variable in a pattern, if only an IRI can stand there; "" elsewhere."""
    if before.text.upper() == "GRAPH":
        return "the name of a graph"
    if frame.opening not in ("{", "[") or frame.data:
        return ""
    verb = after.sort in ("iri", "name", "variable") or after.text in ("a", "^", "!", "(")
    if before.text in ("{", "}", ".") or (before.text == ")" and verb):
        return "a subject"
    if before.text in (";", "[", "^", "!", "/") or (_ends(before) and (_begins(after) or after.text in ("/", "*", "+"))):
        return "a predicate"
    return ""


__all__ = ["as_written", "bound", "insert", "variables"]
