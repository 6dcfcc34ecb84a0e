"""What a SPARQL query may not contain, seen before the engine sees it.

The engine crashes the process on deep nesting, has no clock, and calls other servers for SERVICE.
One pass over the tokens refuses that; it knows strings, IRIs and comments, so that the word in a
string or a name is no offence. Nothing here runs a query.

The limits are a tenth of what crashes pyoxigraph 0.5.13 on a stack of 8 MB, or less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.cells import cells
from kg.errors import Place, QueryError, visible

LONGEST = 100_000
"""characters"""
DEEPEST = 64
"""brackets inside one another"""
NEGATIONS = 64
OPERATORS = 1000
JOINS = 100
"""Triples and steps of paths in one pair of braces: putting them in order takes the engine 0.8 s for 100, 11 s for 200."""

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|\#[^\r\n]*)
  | (?P<string>'''(?:[^\\]|\\.)*?'''|\"""(?:[^\\]|\\.)*?\"""|'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")
  | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
  | (?P<variable>[?$][\w\u00b7\u0300-\u036f\u203f\u2040]+)
  | (?P<name>(?:[^\W\d_][\w.-]*)?:(?:[\w:%]|\\.)(?:(?:[\w.:%-]|\\.)*(?:[\w:%-]|\\.))?|(?:[^\W\d_][\w.-]*)?:)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<word>[^\W\d]\w*)
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<operator>\|\||&&|!=|<=|>=|\^\^|[-+*/|^=<>!])
  | (?P<open>[({\[]) | (?P<close>[)}\]])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SERVICE = "SERVICE asks another server, and kg stays on this machine"
_CHAINS = frozenset(("UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "EXISTS", "IN"))


class Token(NamedTuple):
    """A piece of a query: its sort (a group of the pattern above), its text and where it begins."""

    sort: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Cut a query, leaving out blanks and comments.

    >>> [token.text for token in tokens('ASK { ?s :text "SERVICE" } # SERVICE')]
    ['ASK', '{', '?s', ':text', '"SERVICE"', '}']
    """
    for match in _TOKEN.finditer(text):
        sort = match.lastgroup or "other"
        if sort != "space":
            yield Token(sort, match[0], match.start())


def check(text: str, *, network: bool = False) -> None:
    """Refuse a query that could crash the engine or call another server.

    Raises:
        QueryError: with the place of what was refused.
    """
    if len(text) > LONGEST:
        raise QueryError(f"the query has {len(text):,} characters, more than {LONGEST:,}", hint="shorten it")
    plain = numbers_read(text)
    depth = negations = operators = 0
    joins = [0]  # in each pair of braces that is open
    inside = [""]  # the brackets that are open
    called: Token | None = None  # a name that may be SERVICE and a name, as in SERVICEnote:x {
    before = ""
    for token in tokens(plain):
        match token.sort:
            case "open":
                depth += 1
                if depth > DEEPEST:
                    raise _refused(plain, token, f"more than {DEEPEST} brackets inside one another")
                inside.append(token.text)
                if token.text == "{":
                    # What CONSTRUCT makes of a row is not put in order.
                    joins.append(-len(plain) if before.upper() == "CONSTRUCT" else 0)
            case "close":
                depth -= 1
                if len(inside) > 1 and inside.pop() == "{":
                    joins.pop()
            case "operator":
                negations += token.text == "!"
                operators += 1
                joins[-1] += token.text == "/"
            case "other":
                joins[-1] += token.text in ".;," and inside[-1] != "("
            case "word":
                word = token.text.upper()
                operators += word in _CHAINS
                # The engine needs no blank after a keyword: SERVICESILENT is two.
                if word.startswith("SERVICE") and not network:
                    raise _refused(plain, token, _SERVICE)
            case "name":
                called = token if token.text.upper().startswith("SERVICE") and before.upper() != "GRAPH" else None
        if called and token.text == "{" and not network:
            raise _refused(plain, called, _SERVICE)
        if token is not called:
            called = None
        before = token.text
        if joins[-1] > JOINS:
            raise _refused(plain, token, f"more than {JOINS} triples or steps of paths in one pair of braces")
        if negations > NEGATIONS or operators > OPERATORS:
            raise _refused(plain, token, f"more than {NEGATIONS} negations or {OPERATORS:,} operators")


def numbers_read(text: str) -> str:
    r"""Give a query with the characters that it writes by their numbers: SPARQL reads these before all else, so they could hide a word.

    >>> numbers_read(r"ASK { S\u0045RVICE <urn:a> {} }")
    'ASK { SERVICE <urn:a> {} }'
    """
    return _ESCAPED.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 else "\ufffd"


def _refused(text: str, token: Token, why: str) -> QueryError:
    line, column = position(text, token.start)
    hint = "--allow-network permits it" if why == _SERVICE else ""
    return QueryError(f"refused: {why}\n{pointed(text, line, column)}", at=Place("query", line, column), hint=hint)


def position(text: str, start: int) -> tuple[int, int]:
    """Give the line and column, from 1, of a place in a text.

    >>> position("ab\\ncd", 4)
    (2, 2)
    """
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def pointed(text: str, line: int, column: int, *, room: int = 76) -> str:
    """Show a line of a query with a caret under a column; a long line is cut around it.

    >>> print(pointed("SELECT ?x WERE {}", 1, 11))
      SELECT ?x WERE {}
                ^
    """
    lines = text.split("\n")
    shown = visible(lines[line - 1].rstrip("\r")) if 0 < line <= len(lines) else ""
    first = max(0, min(column - 1 - room // 2, len(shown) - room))
    before, after = "…" if first else "", "…" if first + room < len(shown) else ""
    # The caret stands on a cell of the terminal, and some letters take two, or none.
    caret = " " * (len(before) + cells(shown[first : column - 1]))
    return f"  {before}{shown[first : first + room]}{after}\n  {caret}^"


def guess(name: str, known: list[str]) -> str:
    """Name the known word nearest to a misspelt one, or nothing.

    >>> guess("turle", ["turtle", "trig"])
    'turtle'
    """
    from difflib import get_close_matches

    if len(name) > 60:
        return ""  # no word that anyone knows; comparing takes the square of its length
    folded = {each.casefold(): each for each in reversed(known)}
    near = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[near[0]] if near else ""
