"""Patterns that are compiled when they are first asked.

The extractors have 150, and to compile them all takes 70 ms, a fifth of an update of one note, which asks half of them.
"""

from __future__ import annotations

import re
from typing import Any, cast

_ASKED = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split")


class _Lazily:
    """Stands for a pattern: what is asked of it for the first time is looked up in the compiled one, and is its own from then on."""

    __slots__ = ("flags", "pattern", *_ASKED)

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if name not in _ASKED:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for each in _ASKED:
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Give a pattern that is compiled when it is first asked; one that is wrong raises ``re.error`` only then.

    >>> late = pattern(r"\\d+")
    >>> late.findall("1 and 22"), late.pattern
    (['1', '22'], '\\\\d+')
    """
    return cast("re.Pattern[str]", _Lazily(text, flags))


__all__ = ["pattern"]
