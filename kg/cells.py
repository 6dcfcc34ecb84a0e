"""How many cells a text takes on a terminal, and texts cut to a number of cells.

Source: UAX #11 for East Asian width; a sequence that is drawn as one picture (a flag, a person with a
colour of skin, a family joined by U+200D) counts as the two cells of its first part.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_JOINER = "\u200d"


def cells(text: str) -> int:
    """Count the cells that a text takes on a terminal.

    >>> cells("abc"), cells("日本"), cells("e\u0301"), cells("👩\u200d🔬")
    (3, 4, 1, 2)
    """
    return len(text) if text.isascii() else sum(width for _, width in clusters(text))


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """Cut a text into what is drawn as one, with its width; marks and joined pictures stay together.

    >>> [width for _, width in clusters("e\u0301x日")]
    [1, 1, 2]
    """
    at, end = 0, len(text)
    while at < end:
        start, first = at, text[at]
        at += 1
        width = _width(first)
        if "\U0001f1e6" <= first <= "\U0001f1ff" and at < end and "\U0001f1e6" <= text[at] <= "\U0001f1ff":  # a flag is two letters
            at += 1
        while at < end and (text[at] == _JOINER or _width(text[at]) == 0 or "\U0001f3fb" <= text[at] <= "\U0001f3ff"):
            if text[at] == "\ufe0f":
                width = max(width, 2)  # asks for the picture, which is wide
            # What follows a joiner is drawn into the picture, if there is one.
            at += 2 if text[at] == _JOINER and at + 1 < end and width == 2 else 1
        yield text[start:at], width


def _width(character: str) -> int:
    if character.isascii():
        return 1
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff":  # the latter are drawn into the Hangul letter before
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" or "\U0001f1e6" <= character <= "\U0001f1ff" else 1


def cut(text: str, most: int) -> str:
    """Shorten a text to so many cells, with an ellipsis.

    >>> cut("Portugal", 5)
    'Port…'
    """
    if len(text) <= most and text.isascii():
        return text
    kept, used = [], 0
    for piece, width in clusters(text):
        if used + width > most:
            break
        kept.append((piece, width))
        used += width
    else:
        return text
    while kept and used > most - 1:
        used -= kept.pop()[1]
    return "".join(piece for piece, _ in kept).rstrip() + "…" if most > 0 else ""


__all__ = ["cells", "clusters", "cut"]
