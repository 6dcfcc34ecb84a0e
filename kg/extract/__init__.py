"""What a note's words name: extractors, and running them over a document.

An extractor is a pure function of one text; it sees no other note, so its results can be kept by the
note's hash and its own ``version``. Packages may add some under the entry point ``kg.extractors``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple, Protocol

from kg.model import Document, Mention


class Extractor(Protocol):
    """Finds entities that a text names.

    One that sets ``seams = True`` may be given the texts of a note joined by :data:`SEAM`.
    """

    name: str
    version: str

    def find(self, text: str) -> list[Mention]:
        """List what the text names, in reading order."""
        ...


class Named(NamedTuple):
    """A document, and what each of its texts names, in the order of its sections and passages."""

    document: Document
    title: tuple[Mention, ...]
    sections: tuple[tuple[Mention, ...], ...]
    passages: tuple[tuple[Mention, ...], ...]


SEAM = "\n\x1d\n"
"""Stands between the texts of a note when they are searched in one go; no form matches across it."""


def named(document: Document, extractors: Sequence[Extractor]) -> Named:
    """Run every extractor over the title, the headings and the passages of a document."""
    texts = [document.title, *(each.text for each in document.parts)]
    found: list[tuple[Mention, ...]] = [()] * len(texts)
    for extractor in extractors:
        if getattr(extractor, "seams", False):
            _together(extractor, texts, found)
        else:
            for at, text in enumerate(texts):
                found[at] += tuple(extractor.find(text))
    sections = 1 + len(document.sections)
    return Named(document, found[0], tuple(found[1:sections]), tuple(found[sections:]))


def _together(extractor: Extractor, texts: Sequence[str], found: list[tuple[Mention, ...]]) -> None:
    """Search all texts as one, which saves a call for each, and share out what is found."""
    starts = list(accumulate((len(text) + len(SEAM) for text in texts), initial=0))
    for mention in extractor.find(SEAM.join(texts)):
        at = bisect_right(starts, mention.start) - 1
        inside = mention._replace(start=mention.start - starts[at], end=mention.end - starts[at])
        found[at] = (*found[at], inside)


def builtin() -> tuple[Extractor, ...]:
    """Give the extractors that come with kg."""
    from kg.extract.countries import Countries
    from kg.extract.initiatives import Initiatives

    return (Countries(), Initiatives())


def installed() -> tuple[Extractor, ...]:
    """Give the built-in extractors and those that other packages add, in order of their names."""
    from importlib.metadata import entry_points

    added = [each.load()() for each in sorted(entry_points(group="kg.extractors"), key=lambda each: each.name)]
    return (*builtin(), *added)
