"""What a note's words name: extractors, and running them over a document.

An extractor is a pure function of one text; it sees no other note, so its results can be kept by the
note's hash and its own ``version``. Packages may add some under the entry point ``kg.extractors``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from kg.model import Document, Mention


class Extractor(Protocol):
    """Finds entities that a text names."""

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


def named(document: Document, extractors: Sequence[Extractor]) -> Named:
    """Run every extractor over the title, the headings and the passages of a document."""

    def find(text: str) -> tuple[Mention, ...]:
        if len(extractors) == 1:
            return tuple(extractors[0].find(text))
        return tuple(mention for extractor in extractors for mention in extractor.find(text))

    return Named(
        document,
        find(document.title),
        tuple(find(section.text) for section in document.sections),
        tuple(find(passage.text) for passage in document.passages),
    )


def builtin() -> tuple[Extractor, ...]:
    """Give the extractors that come with kg."""
    from kg.extract.countries import Countries

    return (Countries(),)


def installed() -> tuple[Extractor, ...]:
    """Give the built-in extractors and those that other packages add, in order of their names."""
    from importlib.metadata import entry_points

    added = [each.load()() for each in sorted(entry_points(group="kg.extractors"), key=lambda each: each.name)]
    return (*builtin(), *added)
