"""Values for the variables of a query, put in as terms, never as text.

A query is cut into tokens (:mod:`kg.guard`); a variable that has been given a value is then a constant wherever it
stands in a pattern or an expression, sub-SELECTs included. Where it has to stay a variable (after SELECT, in
GROUP BY, ORDER BY, HAVING) it stays one, and its group says ``VALUES ?name { term }``. Nothing else of the query
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
from kg.names import STANDARD_PREFIXES, Names

_XSD = STANDARD_PREFIXES["xsd"]
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_NUMBERS = (
    ("integer", re.compile(r"[+-]?\d+", re.ASCII)),
    ("decimal", re.compile(r"[+-]?\d*\.\d+", re.ASCII)),
    ("double", re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+", re.ASCII)),
    ("boolean", re.compile(r"true|false")),
)
_DECLARED = re.compile(r"\bPREFIX\s+([\w.-]*):\s*<([^<>]*)>", re.IGNORECASE)


class Value(NamedTuple):
    """One term, as SPARQL writes it."""

    written: str
    literal: bool


# -- values --------------------------------------------------------------------------------------


def iri(text: str) -> Value:
    """Make the term of an IRI.

    Raises:
        UsageError: it is none.

    >>> iri("https://example.org/kg/country/PT").written
    '<https://example.org/kg/country/PT>'
    """
    from pyoxigraph import NamedNode

    try:
        return Value(f"<{NamedNode(text).value}>", literal=False)
    except (ValueError, UnicodeError):
        raise UsageError(f"<{text}> is no IRI", hint="such as country:PT or <https://example.org/kg/country/PT>") from None


def literal(text: str, kind: str = "", language: str = "") -> Value:
    """Make the term of a text; ``kind`` is the IRI of its datatype.

    Raises:
        UsageError: it cannot be one.

    >>> print(literal('the "hub"').written, literal("Portugal", language="en").written)
    "the \\"hub\\"" "Portugal"@en
    """
    from pyoxigraph import Literal, NamedNode

    try:
        if language:
            Literal(text, language=language)
        else:
            Literal(text, datatype=NamedNode(kind) if kind else None)
        text.encode()
    except (ValueError, UnicodeError) as error:
        raise UsageError(f"{text!r} cannot be a value: {error}") from None
    ending = f"@{language}" if language else f"^^<{kind}>" if kind else ""
    return Value(f'"{_quoted(text)}"{ending}', literal=True)


def _quoted(text: str) -> str:
    # After a backslash u is written by its number: to some a \u of the query is a character before anything is read.
    plain = "".join(_ESCAPES.get(each) or (each if each.isprintable() or ord(each) > 0x9F else f"\\u{ord(each):04X}") for each in text)
    return re.sub(r"(\\\\)([uU])", lambda match: f"{match[1]}\\u{ord(match[2]):04X}", plain)


def read(text: str, names: Names, query: str = "") -> Value:
    """Read a value whose type nobody has said; what is no IRI, number, truth or quoted text is a text.

    Raises:
        UsageError: it looks like an IRI or a quoted text, and is none.

    >>> [read(each, Names()).written for each in ("country:PT", "3", '"Portugal"@en', "Estamos ON")][:3]
    ['<https://example.org/kg/country/PT>', '"3"^^<http://www.w3.org/2001/XMLSchema#integer>', '"Portugal"@en']
    """
    plain = text.strip()
    for kind, pattern in _NUMBERS:
        if pattern.fullmatch(plain):
            return literal(plain, _XSD + kind)
    known = names.prefixes() | dict(_DECLARED.findall(query))
    if (found := _named(plain, known, names)) is not None:
        return iri(found)
    return _quotation(plain, known, names) or literal(text)


def _named(text: str, known: Mapping[str, str], names: Names) -> str | None:
    """Give the IRI that a text writes, as an IRI or with a prefix."""
    if re.fullmatch(r"<[^<>\s]*>", text):
        inside = text[1:-1]
        return inside if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", inside) else names.base + inside
    prefix, colon, local = text.partition(":")
    if colon and local and prefix in known and not re.search(r"""[\s<>"{}|^`\\]""", local):
        return known[prefix] + local
    return None


def _quotation(text: str, known: Mapping[str, str], names: Names) -> Value | None:
    """Read a text in quotation marks, with its language or datatype, if it is one whole term."""
    first, *rest = [*guard.tokens(text), Token("", "", 0)][:-1] or [Token("", "", 0)]
    if first.sort != "string":
        return None
    size = 3 if first.text[:3] in ('"""', "'''") and len(first.text) >= 6 else 1
    inside = _ESCAPED.sub(_character, first.text[size:-size])
    ending = text[first.start + len(first.text) :]
    if not rest:
        return literal(inside) if not ending.strip() else None
    if len(rest) == 1 and rest[0].sort == "language":
        return literal(inside, language=rest[0].text[1:])
    if len(rest) == 2 and rest[0].text == "^^" and (kind := _named(rest[1].text, known, names)):
        return literal(inside, kind)
    return None


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _UNESCAPED.get(match[3], match[0])
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


# -- the query -----------------------------------------------------------------------------------


@dataclass
class _Clause:
    """A SELECT or another form of query, whose head and tail keep variables that its group may bind."""

    form: str
    star: bool = False
    outside: dict[str, list[Token]] = field(default_factory=dict)
    inside: set[str] = field(default_factory=set)
    group: _Frame | None = None


@dataclass
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

    def block(self, names: set[str]) -> str:
        return "".join(f"VALUES ?{name} {{ {self.values[name].written} }} " for name in sorted(names))

    def of_clause(self, clause: _Clause) -> Iterator[_Edit]:
        """Bind what the head and the tail of a clause name, or, without a group, name it there."""
        kept = set(clause.outside) | (clause.inside if clause.star else set())
        if clause.group is None and clause.form == "DESCRIBE":
            for name, tokens in clause.outside.items():
                for token in tokens:
                    self.thing(token, "what DESCRIBE names")
                    yield _Edit(token.start, token.start + len(token.text), f" {self.values[name].written} ")
        elif clause.group and kept and clause.group.end >= 0:
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
        depth = next(at for at, each in enumerate(reversed(self.frames), 1) if each.opening not in ("(", "["))
        group = self.frames[-depth]
        if group.clause:
            group.clause.outside.setdefault(name, []).append(token)
            return
        clause = next((each.owner for each in reversed(self.frames) if each.owner), None)
        if clause:
            clause.inside.add(name)
        if not any(each.opening == "(" for each in self.frames[len(self.frames) - depth + 1 :]):
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
        if named and self.frame.opening == "(" and _ends(before):
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


__all__ = ["Value", "insert", "iri", "literal", "read", "variables"]
