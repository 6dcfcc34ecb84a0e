"""What stands between backticks: it names nothing that the note is about."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate

from kg.model import Mention, Passage, Section

_SHORT = 250
"""letters up to which words are compared with all that could be the same, and not looked for"""


class Backticks:
    """The words between backticks of a note, each with its line, to be found in its texts.

    >>> from kg import markdown
    >>> from kg.model import Note
    >>> read = markdown.read(Note("a.md", "Run `--in Chad` in Chad", ""))
    >>> found = [Mention("country", "TD", "Chad", at, at + 4, "name") for at in (9, 17)]
    >>> [each.start for each in Backticks(read.codes).hold(read.passages[0], found)]
    [9]
    """

    def __init__(self, codes: Iterable[tuple[int, str]]) -> None:
        self.codes = sorted(each for each in codes if each[1])
        self.lines = [line for line, _ in self.codes]
        self.groups: dict[tuple[int, int], _Words] = {}

    def hold(self, part: Section | Passage, mentions: Sequence[Mention]) -> set[Mention]:
        """Give those of a part's mentions that stand in such words of its lines, wherever the part has these."""
        text = part.text
        of = bisect_left(self.lines, part.line), bisect_right(self.lines, part.line + text.count("\n"))
        if of[0] == of[1]:
            return set()
        if of not in self.groups:
            self.groups[of] = _Words({words for _, words in self.codes[slice(*of)]})
        words = self.groups[of]
        long = {each for surface in {mention.surface for mention in mentions} for each in words.holding(surface).long if len(each) <= len(text)}
        spans = sorted(span for each in long for span in _spans(text, each))
        starts, ends = [start for start, _ in spans], list(accumulate((end for _, end in spans), max))

        def held(mention: Mention) -> bool:
            at = bisect_right(starts, mention.start)
            return (at > 0 and ends[at - 1] >= mention.end) or words.holding(mention.surface).at(text, mention.start)

        return {mention for mention in mentions if held(mention)}


class _Words:
    """Words of some lines, by the names that they hold."""

    def __init__(self, words: Collection[str]) -> None:
        self.words = words
        self.known: dict[str, _Holding] = {}

    def holding(self, name: str) -> _Holding:
        if name not in self.known:
            self.known[name] = _Holding(name, self.words)
        return self.known[name]


class _Holding:
    """Those of some words that hold a name: the short ones by what stands before the name, and by their length."""

    def __init__(self, name: str, words: Iterable[str]) -> None:
        self.long: list[str] = []
        self.short: dict[tuple[int, int], set[str]] = {}
        for each in words:
            if len(each) > _SHORT:
                if name in each:
                    self.long.append(each)
                continue
            for at, _ in _spans(each, name):
                self.short.setdefault((at, len(each)), set()).add(each)

    def at(self, text: str, start: int) -> bool:
        """Say whether one of the short ones stands around the name that begins at ``start``."""
        return any(start >= at and text[start - at : start - at + size] in same for (at, size), same in self.short.items())


def _spans(text: str, words: str) -> Iterable[tuple[int, int]]:
    """Give where words stand in a text, also those that share letters."""
    at = text.find(words)
    while at >= 0:
        yield at, at + len(words)
        at = text.find(words, at + 1)
