"""All texts of a note as one page, and the names on it, found once and then wherever else they stand.

An extractor that works on a page runs each of its patterns once a note instead of once a sentence.
No name reaches from one text into the next: the seam between them is no blank.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from kg.extract import SEAM, Placed, joined, normal
from kg.extract.capitals import usual
from kg.extract.lazily import pattern
from kg.model import Document, Mention


class Page(NamedTuple):
    """The texts of a note, joined; where each begins, and where its running text does.

    What lies between the two is a heading or a bold label, in which every word may have a capital.
    """

    text: str
    starts: list[int]
    running: list[int]

    def at(self, position: int) -> int:
        """Give the number of the text that a position lies in."""
        return bisect_right(self.starts, position) - 1

    def titled(self, position: int) -> bool:
        """Say whether a position lies in a title, a heading or a bold label."""
        return position < self.running[self.at(position)]

    def edge(self, position: int) -> int:
        """Give where the heading, the label or the running text around a position begins."""
        at = self.at(position)
        return self.starts[at] if position < self.running[at] else self.running[at]


class Name(NamedTuple):
    """A name on a page, the rule that found it, and what it is another name of, if it is."""

    start: int
    end: int
    rule: str
    of: str = ""


_last: list[tuple[Document, Page]] = []
"""The note that was asked for last, and its page: one extractor asks after the other."""


def page(document: Document) -> Page:
    """Join the texts of a note."""
    if not _last or _last[0][0] is not document:
        text, starts = joined(document)
        first = 1 + len(document.sections)
        # What is in headings ends where the seam begins that stands before the next text.
        headed = [start - len(SEAM) for start in [*starts[1:], len(text) + len(SEAM)][:first]]
        running = [start + len(each.label) for start, each in zip(starts[first:], document.passages, strict=True)]
        _last[:] = [(document, Page(text, starts, headed + running))]
    return _last[0][1]


def plain(text: str) -> Page:
    """Make a page of running text alone."""
    return Page(text, [0], [0])


def placed(on: Page, kind: str, found: Iterable[Name], confidence: Mapping[str, float], keys: Mapping[str, str]) -> list[Placed]:
    """Make mentions of names and of their repetitions; ``keys`` are those of names known beforehand.

    Of names that overlap, the one that begins first is kept, of two that begin together the longer.
    """
    names = sorted(found, key=lambda each: (each.start, not each.of, -each.end))
    if not names:
        return []
    meant: dict[str, str] = {}
    rules: dict[tuple[int, int], str] = {}
    for each in names:
        surface, span = on.text[each.start : each.end], (each.start, each.end)
        meant.setdefault(surface, keys.get(surface) or keys.get(each.of) or normal(each.of or surface))
        if confidence[each.rule] > confidence.get(rules.get(span, ""), 0):
            rules[span] = each.rule
    for span in _repeated(on.text, meant):
        rules.setdefault(span, "again")
    return [_placed(on, kind, meant, start, end, rules[start, end]) for start, end in _apart(rules)]


def _repeated(text: str, names: Collection[str]) -> Iterator[tuple[int, int]]:
    """Find names wherever they stand: one by one, or many together, so that time grows with the text alone."""
    if len(names) <= _MANY:
        for name in names:
            yield from _again(text, name)
        return
    sizes: dict[str, set[int]] = {}  # of the names that begin with a word
    wanted: set[str] = set()
    for name in names:
        first = _LETTERS.match(name)
        if not first:
            yield from _again(text, name)
        elif not (name[1:].islower() and usual(text, name)):
            sizes.setdefault(first[0], set()).add(len(name))
            wanted.add(name)
    for match in _LETTERS.finditer(text):
        start = match.start()
        for size in sizes.get(match[0], ()):
            end = start + size
            if end <= len(text) and text[start:end] in wanted and not (_glued(text[start - 1 : start]) or _glued(text[end : end + 1])):
                yield start, end


_LETTERS = pattern(r"[^\W_]+")
_MANY = 200
"""names that are looked for one by one"""


def _again(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Find a name as a word of its own; one that is also an everyday word of the text proves nothing."""
    if name[1:].islower() and usual(text, name):
        return
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not (_glued(text[start - 1 : start]) or _glued(text[end : end + 1])):
            yield start, end
        start = text.find(name, start + 1)


def _glued(character: str) -> bool:
    return character.isalnum() or character in ("-", "_")


def _apart(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    seen = -1
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= seen:
            yield start, end
            seen = end


def _placed(on: Page, kind: str, keys: dict[str, str], start: int, end: int, rule: str) -> Placed:
    at = on.at(start)
    surface = on.text[start:end]
    return Placed(at, Mention(kind, keys[surface], surface, start - on.starts[at], end - on.starts[at], rule))
