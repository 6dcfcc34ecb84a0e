"""Terms taken apart: the words, the language and the type of a literal."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.export.said import expanded
from kg.terms import unescaped

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?', re.DOTALL)


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
    return Words(unescaped(match[1]), match[2] or "", match[3] or "") if match else None
