"""What is wrong with a query that the engine refuses: in words, with the line, a caret and a guess.

The engine's own message names neither place nor cause; ``grammar`` finds where the query stops being one.

    stop        where that is
    signs       quotation marks, names and addresses
    habits      what other languages write
    structure   brackets, clauses, groups, triples
    sense       what is well written and still refused
"""

from __future__ import annotations

import re

from kg import functions, grammar, guard
from kg.errors import Place, QueryError
from kg.grammar import FUNCTIONS
from kg.guard import Token, guess
from kg.mistakes import habits, signs, structure
from kg.mistakes.sense import ill, odd_blank, unknown_prefix
from kg.mistakes.stop import Advice, Stop, placed
from kg.names import ONTOLOGY, Names

_SYNTAX = re.compile(r"error at (\d+):(\d+)(?:-(?:\d+:)?\d+)?: (?:expected (?:one of )?)?(.*)", re.DOTALL)
_UNSUPPORTED = re.compile(r"custom function <([^>]*)> is not supported")
_CASTS = (
    "boolean",
    "date",
    "dateTime",
    "dayTimeDuration",
    "decimal",
    "double",
    "duration",
    "float",
    "integer",
    "string",
    "time",
    "yearMonthDuration",
)
_ADVISERS = (
    habits.beginning, signs.characters, signs.glued, signs.unended, habits.head, habits.expressions,
    structure.brackets, structure.clauses, structure.groups, structure.triples, structure.misspelt,
)  # fmt: skip
"""The first that knows something is heard."""


def explained(error: SyntaxError, text: str, names: Names) -> QueryError:
    """Turn the engine's complaint into words, a line with a caret, and a guess."""
    reading = grammar.read(text)
    if odd := odd_blank(text, reading.tokens[: reading.at + 1] if reading.tree is None else reading.tokens):
        return odd
    if reading.tree is not None:
        found = next(ill(text, reading.tree, names), None)
        return found or _unplaced(error.msg or str(error), text)
    if not reading.wanted:
        return _unplaced(error.msg or str(error), text)
    stop = Stop(text, reading.tokens, reading.at, reading.wanted, reading.within, names)
    advice = _advice(stop)
    if not advice.problem and (unknown := unknown_prefix(text, reading.tokens[: reading.at], names)):
        return unknown
    token = stop.token()
    problem = advice.problem or (f"unexpected {_shown(token.text)}" if token.text else "the query ends too early")
    wanted = "" if advice.problem else expected(reading.wanted)
    if wanted:
        problem += f", expected {wanted}"
    return placed(problem, text, reading.tokens[advice.at].start if advice.at >= 0 else _end(text, token), advice.hint)


def _advice(stop: Stop) -> Advice:
    for each in _ADVISERS:
        found = each(stop)
        if found:
            return found if isinstance(found, Advice) else Advice(found)
    return Advice("")


def failed(error: Exception, text: str, names: Names) -> QueryError:
    """Say what went wrong while a query ran."""
    match = _UNSUPPORTED.search(str(error))
    if not match:
        return QueryError(f"the query failed: {error}")
    for token in grammar.pieces(text):
        if token.sort in ("name", "iri") and _iri(token, text, names) == match[1]:
            space, colon, local = token.text.partition(":")
            near = local.upper() if local.upper() in FUNCTIONS else guess(local, list(_CASTS)) if space == "xsd" else ""
            near = f"{space}{colon}{near}" if near in _CASTS else near
            if (match[1] or "").startswith(ONTOLOGY) and (own := guess(local, list(functions.NAMES))):
                near = f"{space}{colon}{own}"
            return placed(f"there is no function {token.text}", text, token.start, f"did you mean {near}?" if near else "")
    return QueryError(f"there is no function <{match[1]}>")


def _end(text: str, token: Token) -> int:
    return token.start if token.text else len(text.rstrip())


def _shown(text: str) -> str:
    return f"'{text}'" if len(text) <= 40 else f"'{text[:39]}…'"


def _unplaced(message: str, text: str) -> QueryError:
    """Say what the engine said, of a query that reads well here."""
    match = _SYNTAX.search(message)
    if not match:
        return QueryError(message)
    words = [each for each in match[3].replace("\n", " ").split(", ") if " " in each.strip() and not each.lstrip().startswith("[")]
    problem = words[0].strip() if words else "the engine cannot read the query"
    line = min(int(match[1]), text.count("\n") + 1)
    column = min(int(match[2]), len(text.split("\n")[line - 1]) + 1)
    return QueryError(f"{problem}, at or before this place\n{guard.pointed(text, line, column)}", at=Place("query", line, column))


# -- what could stand there --------------------------------------------------------------------------

_GROUPS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset((".", ";", "}")), "a full stop, a semicolon or }"),
    (frozenset((".", "}", "FILTER")), "a triple, a full stop or }"),
    (frozenset(("VARIABLE", "FUNCTION", "STRING")), "a value or a function"),
    (frozenset(("VARIABLE", "IRI", "NAME", "STRING", "[")), "a variable, a name, a text or a number"),
    (frozenset(("VARIABLE", "IRI", "a", "^")), "a property"),
    (frozenset(("SELECT", "ASK")), "SELECT, ASK, CONSTRUCT or DESCRIBE"),
    (frozenset(("(", "FUNCTION", "EXISTS")), "a condition in brackets"),
    (frozenset(("IRI", "STRING", "UNDEF")), "a value"),
    (frozenset(("OPERATOR", ")")), "an operator or )"),
    (frozenset(("OPERATOR", "AS")), "AS and a variable"),
    (frozenset(("END", "ORDER")), "the end, GROUP BY, ORDER BY or LIMIT"),
    (frozenset(("END", "OFFSET")), "the end or OFFSET"),
    (frozenset(("END",)), "the end of the query"),
    (frozenset(("VARIABLE", "(", "{")), "a variable or {"),
    (frozenset(("VARIABLE", "*")), "* or a variable"),
    (frozenset(("WHERE", "{")), "WHERE or {"),
    (frozenset(("VARIABLE", "IRI")), "a variable or a name"),
    (frozenset(("IRI", "NAME")), "a name such as :Note"),
)
"""What is wanted, in words: the first group that is wanted whole."""
_ALONE = {"SPACE": "a name and a colon", "IRI": "an address in < >", "NUMBER": "a number", "STRING": "a text in quotes", "VARIABLE": "a variable"}


def expected(wanted: frozenset[str]) -> str:
    """Say in words what could stand somewhere.

    >>> expected(frozenset({"BY"})), expected(frozenset({".", ";", "}", ",", "FILTER"}))
    ('BY', 'a full stop, a semicolon or }')
    """
    for group, words in _GROUPS:
        if group <= wanted:
            return words
    told = sorted(_ALONE.get(each, each) for each in wanted)
    return " or ".join((", ".join(told[:-1]), told[-1])) if 1 < len(told) <= 4 else told[0] if len(told) == 1 else ""


def _iri(token: Token, text: str, names: Names) -> str:
    if token.sort == "iri":
        address = token.text[1:-1]
        return address if ":" in address else names.base + address
    prefix, _, local = token.text.partition(":")
    own = re.search(rf"\bPREFIX\s+{re.escape(prefix)}:\s*<([^>]*)>", text, re.IGNORECASE)
    return (own[1] if own else names.declared().get(prefix, "")) + local


__all__ = ["expected", "explained", "failed"]
