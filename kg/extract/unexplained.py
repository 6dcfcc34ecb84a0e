"""Names in capitals that say by themselves nothing of what they name: TALC, Talk Cardiff.

Here is only where they stand, as mentions of kind ``name``. What they mean is settled across notes: one
that a rule explains in some note, or an author in the vocabulary, is found by this wherever else it is
written; one that nobody explains, or that notes explain differently, means nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from kg.extract import Placed, normal
from kg.extract.capitals import CAPITAL, wordset
from kg.extract.lazily import pattern
from kg.extract.page import Page, page
from kg.model import Document, Mention

_LINK = r"(?:of|for|on|to|the|de|del|da|do|du|la|y|e|&)"
_WORD = rf"[{CAPITAL}]\w*(?:[-&./]\w+){{0,8}}"
# Two words in capitals, or letters alone; it begins at a capital, which few characters are.
_RUN = pattern(rf"([{CAPITAL}](?<![\w-].)\w*(?:[-&./]\w+){{0,8}})(?:(?:[ \n](?:{_LINK}[ \n]){{0,2}}{_WORD})+|(?<=[A-Z0-9][A-Z0-9]))")
_ACRONYM = pattern(r"[A-Z][A-Z0-9&]{1,8}")
_EVERYDAY = wordset(
    "AI API CEO CEOS CIO COVID CSV CTO FAQ GDP HR HTML ICT ID II III IP IT IV NGO NGOS OK PC PDF PHD QA QR R&D SMS TV UAE UK US USA VR"
)
"""Words of the language by now, or countries."""
_OPENS = wordset("A An And As At But By For From If In It Its On Or Our So That The Their These They This Those To We When While With")


class Unexplained:
    """The extractor of names in capitals; their kind is ``name`` until the vault says what they mean."""

    name = "unexplained"
    version = "2"

    def survey(self, document: Document) -> list[Placed]:
        """List the names in a note: acronyms, and in running text two or more words.

        Titles, headings and labels have capitals for other reasons.

        >>> from kg import markdown
        >>> from kg.model import Note
        >>> read = markdown.read(Note("a.md", "# My First Try\\nThe TALC met Talk Cardiff in Wales", ""))
        >>> [each.mention.surface for each in Unexplained().survey(read)]
        ['TALC', 'Talk Cardiff']
        """
        on = page(document)
        return list(_names(on))


def _names(on: Page) -> Iterator[Placed]:
    starts, running = on.starts, on.running
    for match in _RUN.finditer(on.text):
        surface = match[0]
        start, end = match.span()
        if match[1] in _OPENS:
            surface = surface[len(match[1]) :].lstrip()
            start = end - len(surface)
        at = bisect_right(starts, start) - 1
        if (start >= running[at] and (" " in surface or "\n" in surface)) or (surface not in _EVERYDAY and _ACRONYM.fullmatch(surface)):
            yield Placed(at, Mention("name", normal(surface), surface, start - starts[at], end - starts[at], "unexplained"))
