"""Terms taken apart: the words, the language and the type of a literal."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.export.said import expanded

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


class Words(NamedTuple):
    """A literal; ``language`` and ``kind``, the IRI of its type, are "" for plain text."""

    text: str
    language: str = ""
    kind: str = ""


def words(term: str) -> Words | None:
    r"""Read a literal; None if the term is none.

    >>> words('"a \\"b\\""@en')
    Words(text='a "b"', language='en', kind='')
    >>> words("5").kind
    'http://www.w3.org/2001/XMLSchema#integer'
    """
    match = _LITERAL.fullmatch(expanded(term)) if term[0] not in "<_" else None
    return Words(_plain(match[1]), match[2] or "", match[3] or "") if match else None


def _plain(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)) if match[1] or match[2] else _SHORT.get(match[3], match[3]), text)
