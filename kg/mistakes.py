"""What is wrong with a query that the engine refuses: in words, with the line, a caret and a guess."""

from __future__ import annotations

import re

from kg import guard
from kg.errors import Place, QueryError
from kg.names import Names

_SYNTAX = re.compile(r"error at (\d+):(\d+)(?:-(?:\d+:)?\d+)?: (.*)", re.DOTALL)
_DECLARED = re.compile(r"\bPREFIX\s+([\w.-]*):", re.IGNORECASE)
_EXPECTED = re.compile(r"expected (?:one of )?(.*)", re.DOTALL)


def explained(error: SyntaxError, text: str, names: Names) -> QueryError:
    """Turn the engine's complaint into words, a line with a caret, and a guess."""
    message = error.msg or str(error)
    match = _SYNTAX.search(message)
    if not match:
        return _unplaced(message, text, names)
    line, column, said = int(match[1]), int(match[2]), match[3].strip()
    if "Prefix not found" in said or "prefix" in said.lower():
        unknown = _unknown_prefix(text, names)
        if unknown:
            return unknown
    for sign, words, advice in _KNOWN:
        if sign in said:
            return QueryError(words, hint=advice)
    token = next((each for each in guard.tokens(text) if guard.position(text, each.start) >= (line, column)), None)
    found = f"unexpected {token.text!r}" if token else "the query ends too early"
    if token:
        line, column = guard.position(text, token.start)
    elif text.strip():
        line, column = guard.position(text, len(text.rstrip()))
        column += 1
    problem = found if said.startswith("expected") or not said else said
    return QueryError(f"{problem}\n{guard.pointed(text, line, column)}", at=Place("query", line, column), hint=_advice(text, token, said))


_KNOWN = (
    (
        "contains a variable that is unbound",
        "a variable after SELECT has no value",
        "beside COUNT and the like, name the others in GROUP BY; else each must occur in the braces",
    ),
    ("Duplicated variable name", "a variable stands twice after SELECT", "name each once, or rename with (… AS ?other)"),
)


def _unplaced(message: str, text: str, names: Names) -> QueryError:
    unknown = _unknown_prefix(text, names) if "refix" in message else None
    known = next((QueryError(words, hint=advice) for sign, words, advice in _KNOWN if sign in message), None)
    return unknown or known or QueryError(message)


def _unknown_prefix(text: str, names: Names) -> QueryError | None:
    known = [*names.prefixes(), *_DECLARED.findall(text)]
    for token in guard.tokens(text):
        if token.sort == "name":
            prefix = token.text.partition(":")[0]
            if prefix not in known:
                line, column = guard.position(text, token.start)
                near = guard.guess(prefix, known)
                hint = f"did you mean {near}: ?" if near else f"known: {' '.join(f'{each}:' for each in names.prefixes())}"
                return QueryError(f"unknown prefix {prefix}:\n{guard.pointed(text, line, column)}", at=Place("query", line, column), hint=hint)
    return None


_FORMS = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE"]
_KEYWORDS = [*_FORMS, "WHERE", "FILTER", "OPTIONAL", "UNION", "ORDER", "GROUP", "LIMIT", "OFFSET", "HAVING", "DISTINCT", "VALUES", "BIND"]


def _advice(text: str, token: guard.Token | None, said: str) -> str:
    cut = list(guard.tokens(text))
    if not cut:
        return "try: SELECT * { ?note a :Note } LIMIT 5"
    if cut[0].text.upper() in ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"):
        return "a query only asks; the graph changes when the notes do (kg build)"
    first = cut[0]
    if first.sort == "word" and first.text.upper() not in _FORMS:
        near = guard.guess(first.text, _FORMS)
        return f"did you mean {near}?" if near else "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE"
    misspelt = next((each for each in cut if each.sort == "word" and token and each.start <= token.start and _misspelt(each.text)), None)
    if misspelt:
        return f"did you mean {guard.guess(misspelt.text, _KEYWORDS)}?"
    quote = next((each.text for each in cut if each.sort == "other" and each.text in "\"'"), "")
    if quote:
        return f"a text that begins with {quote} does not end"
    earlier = [each for each in cut if token is None or each.start < token.start]
    if earlier and earlier[-1].text.upper() in ("LIMIT", "OFFSET"):
        return f"a number follows {earlier[-1].text.upper()}"
    opened, closed = (sum(each.text == bracket for each in cut) for bracket in "{}")
    if opened != closed:
        return f"there are {opened} {{ and {closed} }}"
    expected = _EXPECTED.match(said)
    wanted = expected[1].replace("\n", " ").strip() if expected else ""
    return f"expected {wanted}" if re.fullmatch(r"'.'", wanted) else "each triple is subject, predicate, object, and ends with a full stop"


def _misspelt(word: str) -> bool:
    near = guard.guess(word, _KEYWORDS)
    return bool(near) and len(word) > 3 and near.casefold() != word.casefold()
