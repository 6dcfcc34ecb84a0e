"""Where the statements of a Turtle file stand, which no parser tells.

The text is known to be Turtle, so the least that tells statements apart will do: a full stop ends one
wherever it is no part of a text, an IRI, a name, a number or a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import NamedNode, RdfFormat, parse

_BLANK = r"(?:\s|#[^\n]*)*+"
_TEXT = r"""(?:\"{3}(?:[^"\\]|\\.|"(?!""))*+\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*+'{3}|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')"""
_SIGN = r"""(?:[^\s.<>"'#,;()\[\]{}|^\\@]|\\.)"""
"""A character of a name or a number; full stops stand inside these, and before a number, but not after."""
_NAME = rf"{_SIGN}(?:\.*{_SIGN})*+"
_COMMENT = r"#[^\n]*"
_PIECE = rf"(?:{_TEXT}|<[^<>\s]*>|{_COMMENT}|@[A-Za-z]+(?:-+[A-Za-z0-9]+)*|{_NAME}|\.(?=\d)|[^.])"
_STATEMENT = re.compile(rf"{_BLANK}({_PIECE}++\.)", re.DOTALL)
_DIRECTIVE = re.compile(rf"{_BLANK}(@)?(prefix|base|version)\s+(?:([^\s:]*):\s*)?(?:<([^>]*)>|{_TEXT})(?(1){_BLANK}\.)", re.IGNORECASE)
_SUBJECT = re.compile(rf"<([^>]*)>|([^\s:<>\"'#,;()\[\]{{}}@\\]*):((?:\.*{_SIGN})*)")
_INSIDE = re.compile(_PIECE, re.DOTALL)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!.*/\.{1,2}(?:/|$))[^\\]*")


def statements(text: str, base: str) -> Iterator[tuple[int, int, str | None]]:
    """List where each statement stands, and the IRI of its subject: "" if it has none, None for a declaration.

    >>> list(statements('@prefix a: <http://a/> .\\na:b a:c "d. e" . # f', ""))
    [(0, 24, None), (25, 41, 'http://a/b')]
    """
    prefixes: dict[str, str] = {}
    declared = ""
    at = 0
    memory: dict[tuple[str, int], str] = {}
    while True:
        match = _DIRECTIVE.match(text, at)
        if match:
            if match[2].casefold() == "prefix":
                prefixes[match[3] or ""] = match[4] or ""
            declared += match[0] + "\n"
            yield match.start(2) - bool(match[1]), match.end(), None
        else:
            match = _STATEMENT.match(text, at)
            if not match:
                return
            yield match.start(1), match.end(), _subject(match[1], prefixes, declared, base, memory)
        at = match.end()


def _subject(statement: str, prefixes: dict[str, str], declared: str, base: str, memory: dict[tuple[str, int], str]) -> str:
    match = _SUBJECT.match(statement)
    if not match or match[2] == "_":
        return ""
    iri = match[1] if match[1] is not None else prefixes.get(match[2], "") + match[3]
    if _ABSOLUTE.fullmatch(iri) and "\\" not in match[0]:
        return iri
    key = match[0], len(declared)
    if key not in memory:
        memory[key] = _resolved(match[0], declared, base)
    return memory[key]


def _resolved(term: str, declared: str, base: str) -> str:
    """Let the parser say what a name stands for."""
    try:
        found = next(parse(f"{declared}{term} a <x:> .", format=RdfFormat.TURTLE, base_iri=base))
    except SyntaxError:
        return ""
    return found.subject.value if isinstance(found.subject, NamedNode) else ""


def comments(text: str, start: int, end: int) -> list[str]:
    """List the comments inside a statement.

    >>> comments('a:b a:c "#d" ; # e', 0, 18)
    ['# e']
    """
    return [each.rstrip("\r") for each in _INSIDE.findall(text, start, end) if each.startswith("#")]
