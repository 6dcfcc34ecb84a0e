"""How deep things stand inside one another in texts that the engine reads: it follows them until its stack ends, and the process with it.

30,000 triple terms in one another crash pyoxigraph 0.5.13, and so do 10,000 in an answer in JSON; brackets and lists of Turtle it reads in a loop.
"""

from __future__ import annotations

import re

TERMS = 64
"""Triple terms inside one another that are read; nobody writes three."""
BRACKETS = 256
"""Brackets of JSON inside one another that are read: the engine takes 10 ms for them, and minutes for 30,000."""
_JSON = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[][{}]', re.DOTALL)
_TERMS = re.compile(
    rb"""\"""(?:[^"\\]++|\\.|"(?!""))*+\"""|'''(?:[^'\\]++|\\.|'(?!''))*+'''|"(?:[^"\\\n\r]++|\\.)*+"|'(?:[^'\\\n\r]++|\\.)*+'"""
    rb"""|<<\(|\)>>|<[^<>"{}|^`\x00-\x20]*>|\#[^\n\r]*|\\.""",
    re.DOTALL,
)


def terms(text: bytes, most: int = TERMS) -> int:
    """Give the line, from 1, on which triple terms of Turtle and its kin stand deeper inside one another than ``most``; 0 if they do not.

    >>> terms(b"<urn:a> <urn:b> <<( <urn:a> <urn:b> 1 )>> .", most=0)
    1
    """
    if text.count(b"<<(") <= most:
        return 0
    depth = 0
    for match in _TERMS.finditer(text):
        if match[0] == b"<<(":
            depth += 1
            if depth > most:
                return text.count(b"\n", 0, match.start()) + 1
        elif match[0] == b")>>":
            depth = max(0, depth - 1)
    return 0


def brackets(text: bytes, most: int = BRACKETS) -> int:
    """Give the line, from 1, on which brackets of JSON stand deeper inside one another than ``most``; 0 if they do not.

    >>> brackets(b'{"a":\\n[["[[["]]}', most=2)
    2
    """
    depth = 0
    for match in _JSON.finditer(text):
        if match[0] in b"[{":
            depth += 1
            if depth > most:
                return text.count(b"\n", 0, match.start()) + 1
        elif match[0] in b"]}":
            depth = max(0, depth - 1)
    return 0


def refused(most: int = TERMS, what: str = "triple terms") -> str:
    """Say why a text is not read."""
    return f"more than {most} {what} inside one another"


__all__ = ["BRACKETS", "TERMS", "brackets", "refused", "terms"]
