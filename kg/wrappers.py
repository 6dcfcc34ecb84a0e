"""What hides the text of a note: tags around paragraphs, a code block around the whole, the bar of a link in a table.

All are blanked out, so that every place in the text stays where it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_TAG = r"</?(?:address|article|aside|blockquote|center|details|div|figcaption|figure|footer|header|main|nav|p|section|summary)"
_TAGGED = re.compile(_TAG, re.IGNORECASE)
_WRAPPER = re.compile(
    rf"^([ \t]*)((?:{_TAG}"
    r"(?:[ \t][ -;=?-~]*)?>)+)(?=([ \t]*\r?$)?)",
    re.MULTILINE | re.IGNORECASE,
)
"""Tags around paragraphs. Markdown inside them is text to whoever wrote it, and in the real notes so are its links."""
_FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,})[ \t]*(?:markdown|md)[ \t]*\r?\n", re.IGNORECASE)
_FENCES = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*(.*)$", re.MULTILINE)
FENCED = "the whole note stands in a code block; it is read as the text it holds: remove the fence"


def unfenced(text: str, body: int) -> tuple[str, int]:
    """Blank out a fence of Markdown around a whole note, or all of its body, and give its line; 0 if there is none.

    Models that write notes like to wrap them so. A note that begins with an example and goes on after it is left as it is.
    """
    opening = _FENCE.match(text, body)
    if not opening:
        return text, 0
    inside = list(_FENCES.finditer(text, opening.end()))
    last = inside[-1] if inside else None
    closed = last is not None and not text[last.end() :].strip() and last[0].strip() == opening["fence"]
    inner = inside[:-1] if closed else inside
    # A bare fence is the end of what has been opened: then the first block of the note was an example.
    if len(inner) % 2 or any(not each[1].strip() for each in inner[::2]):
        return text, 0
    spans = [opening.span("fence"), (opening.end("fence"), opening.end()), *([last.span()] if closed and last else [])]
    for start, end in spans:
        text = text[:start] + re.sub(r"[^\r\n]", " ", text[start:end]) + text[end:]
    return text, text.count("\n", 0, opening.start("fence")) + 1


def untagged(text: str) -> str:
    """Take away tags around paragraphs, byte for byte.

    >>> untagged("<p>\\nSee [[b]].\\n</p>")
    '   \\nSee [[b]].\\n    '
    """
    return _WRAPPER.sub(_unwrapped, text) if _TAGGED.search(text) and _WRAPPER.search(text) else text


BAR = "\x1f"
"""Stands for the bar of a link that nobody escaped in a table, where it would end the cell."""
HASH, COLON = "\ufdd0", "\ufdd1"
"""Stand for signs that begin no tag and end no key, since they are in code or escaped, until their passage is whole; no text holds such."""
_MUTED = re.compile(f"[{HASH}{COLON}]")
_ROW = re.compile(r"^[ \t>]*\|.*\[\[.*$", re.MULTILINE)
_BARRED = re.compile(r"(\[\[[^\[\]|\r\n]*[^\[\]|\r\n\\])\|(?=[^\[\]|\r\n]*\]\])")


def barred(text: str) -> str:
    """Keep the bars of links in the rows of tables from ending a cell, byte for byte.

    >>> barred("| [[a|b]] | [[c\\\\|d]] |")
    '| [[a\\x1fb]] | [[c\\\\|d]] |'
    """
    return _ROW.sub(lambda row: _BARRED.sub(rf"\1{BAR}", row[0]), text)


_REFERRED = re.compile(r"\]\(\{\{[<%][ \t]*(?:rel)?ref[ \t]+[\"`]([^\"`<>\\\r\n]+)[\"`][ \t]*[%>]\}\}\)")


def referred(text: str) -> str:
    """Put addresses in the place of Hugo's references to pages, byte for byte.

    >>> referred('[one]({{< ref "posts/one.md" >}})')
    '[one](<posts/one.md>           )'
    """
    return _REFERRED.sub(lambda each: f"](<{each[1]}>{' ' * (len(each[0]) - len(each[1]) - 5)})", text)


def muted(text: str) -> str:
    """Put what stands for the signs of code in their place.

    >>> muted("#a::b") == HASH + "a" + COLON * 2 + "b"
    True
    """
    return text.replace("#", HASH).replace("::", COLON * 2)


def heard(text: str) -> str:
    """Put the signs back.

    >>> heard(muted("#a::b"))
    '#a::b'
    """
    return text.replace(HASH, "#").replace(COLON, ":") if HASH in text or COLON in text else text


def silenced(text: str, mute: Iterable[int]) -> str:
    """Put what stands for them where such signs are known to stand.

    >>> silenced("#a #b", [3]) == "#a " + HASH + "b"
    True
    """
    signs = list(text)
    for at in mute:
        signs[at] = HASH if signs[at] == "#" else COLON
    return "".join(signs)


def mute(text: str) -> tuple[int, ...]:
    """List where such signs stand."""
    return tuple(each.start() for each in _MUTED.finditer(text))


def _unwrapped(match: re.Match[str]) -> str:
    """Take away tags that would make raw HTML of the lines they stand around, byte for byte."""
    size = len(match[2])
    if match[3] is not None:
        return match[1] + " " * size
    # Blanks in front of words would make code of them; these are no blanks, and are dropped later.
    return match[1] + "\u200b" * (size // 3) + " " * (size % 3)


__all__ = ["BAR", "COLON", "FENCED", "HASH", "barred", "heard", "mute", "muted", "referred", "silenced", "unfenced", "untagged"]
