"""Obsidian's ``%% comments %%``, which Markdown does not know: they are blanked out before it is parsed."""

from __future__ import annotations

import re
from bisect import bisect_right

from pyromark import Options, events_with_range

OPTIONS = Options.ENABLE_WIKILINKS | Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS
"""How Markdown is parsed. Math stays off: it would read two prices in a line as a formula."""

_COMMENT = re.compile(rb"%%.*?%%", re.DOTALL)
_NOTHING = "\u200b".encode()
_FAR = 1000


def uncommented(text: str) -> str:
    """Blank out Obsidian's ``%% comments %%``, byte for byte, but not where code quotes them."""
    code = []
    raw = text.encode("utf-8", "surrogatepass")
    for event, span in events_with_range(text, options=OPTIONS):
        if isinstance(event, dict):
            ((what, value),) = event.items()
            if what == "Code" or (what == "Start" and isinstance(value, dict) and "CodeBlock" in value):
                code.append((span["start"], span["end"]))

    starts = [start for start, _ in code]

    def blanked(part: re.Match[bytes], comment: re.Match[bytes]) -> bytes:
        if part[0][0] in b"\r\n":
            return part[0]
        start, end = comment.start() + part.start(), comment.start() + part.end()
        # What is further away than any blanks before a comment need not be looked at: a line may be the whole note.
        before = raw[max(0, start - _FAR) : start].rpartition(b"\n")[2]
        after = raw[end : end + _FAR].partition(b"\n")[0]
        size = end - start
        # Blanks before words would make code of them; these are none, and are dropped later.
        alone = not before.strip() and not after.strip()
        return b" " * size if alone else _NOTHING * (size // 3) + b" " * (size % 3)

    def blank(match: re.Match[bytes]) -> bytes:
        at = bisect_right(starts, match.start()) - 1
        if at >= 0 and match.start() < code[at][1]:
            return match[0]
        return b"".join(blanked(part, match) for part in re.finditer(rb"[^\r\n]+|[\r\n]+", match[0]))

    return _COMMENT.sub(blank, raw).decode("utf-8", "surrogatepass")
