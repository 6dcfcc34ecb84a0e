"""Initiatives: the names of programmes, platforms, laws, reports and whatever else somebody runs.

Authors put names in quotation marks, write them in capitals before or around what the thing is, say
what it is, and give it a heading or a bold label. Each of these is a rule with a measured precision; those
that are right nine times in ten make facts, the others suggestions (docs/decisions/0008-initiatives.md).

    quote-cue     the "Talk Cardiff" platform               small-quote  the "talk to us" campaign
    cue-quote     a platform called "Talk Cardiff"          quoted       An example is "Talk Cardiff"
    quote-is      "Talk Cardiff," Cardiff's own app         pair         "talk to us" (siarad)
    owner-quote   Cardiff's "Talk Cardiff"                  verb-quote   Cardiff launched "Talk Cardiff"
    name-cue      the Cardiff Listening Programme           name-sort    the Cardiff Listening Model
    name-body     the Cardiff Listening Network             caps-cue     the Talk Cardiff programme
    caps-sort     the Talk Cardiff model                    letters-cue  the TALC programme
    called        an app called Talk Cardiff                cue-name     the mobile app (Talk Cardiff)
    dated         Talk Cardiff 2030                         defined      Talk Cardiff is a platform that
    such-as       platforms such as Talk Cardiff            domain       gov.wales
    head-cue      ## The Cardiff Listening Programme        head-sort    ## The Cardiff Listening Model
    owner-head    ### Talk Cardiff, City of Cardiff         head-place   ### Talk Cardiff (Norway)
    label-place   **Talk Cardiff (Norway)**                 label-year   **Talk Cardiff (2018)**
    label-is      **Talk Cardiff**: A platform that         label-cue    **Cardiff Listening Programme**
    listed        initiatives include: **Talk Cardiff**
    acronym       Cardiff Listening Programme (CLP); later on: the Programme
    again         a name of the note, wherever else it stands in it
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.extract import Placed
from kg.extract.capitals import CAPITAL
from kg.extract.labelled import headings, labels
from kg.extract.lazily import pattern
from kg.extract.nouns import CUES
from kg.extract.page import Name, Page, page, placed, plain
from kg.extract.quoted import quotes
from kg.extract.runs import domains, runs
from kg.model import Document, Mention

CONFIDENCE = {
    "quote-cue": 0.97,
    "cue-quote": 0.95,
    "quote-is": 0.93,
    "owner-quote": 0.93,
    "name-cue": 0.92,
    "pair": 0.9,
    "label-year": 0.9,
    "owner-head": 0.9,
    "label-is": 0.9,
    "caps-cue": 0.9,
    "domain": 0.9,
    "head-cue": 0.9,
    "verb-quote": 0.8,
    "called": 0.8,
    "defined": 0.8,
    "caps-sort": 0.65,
    "dated": 0.75,
    "label-cue": 0.7,
    "name-sort": 0.7,
    "cue-name": 0.7,
    "small-quote": 0.65,
    "letters-cue": 0.65,
    "name-body": 0.6,
    "such-as": 0.6,
    "quoted": 0.6,
    "label-place": 0.6,
    "head-place": 0.6,
    "head-sort": 0.6,
    "listed": 0.5,
    "acronym": 0.9,
    "again": 0.9,
}
"""Precision of each rule; ``acronym`` and ``again`` are as good as the name they repeat."""


class Initiatives:
    """The extractor of initiatives."""

    name = "initiatives"
    version = "5"
    kinds = ("initiative",)
    confidence = CONFIDENCE

    def survey(self, document: Document) -> list[Placed]:
        """List the initiatives that a note names.

        >>> from kg import markdown
        >>> from kg.model import Note
        >>> read = markdown.read(Note("a.md", 'The "Talk Cardiff" platform; later Talk Cardiff grew.', ""))
        >>> [(each.mention.surface, each.mention.rule) for each in Initiatives().survey(read)]
        [('Talk Cardiff', 'quote-cue'), ('Talk Cardiff', 'again')]
        """
        on = page(document)
        # Headings come first, and what is in capitals there proves nothing by that.
        first = 1 + len(document.sections)
        running = on.starts[first] if document.passages else len(on.text)
        return _placed(on, [*quotes(on.text), *runs(on, running), *domains(on.text), *headings(on, document), *labels(on, document, first)])

    def find(self, text: str) -> list[Mention]:
        """List the initiatives that running text names.

        >>> [mention.surface for mention in Initiatives().find('The "Talk Cardiff" platform; later Talk Cardiff grew.')]
        ['Talk Cardiff', 'Talk Cardiff']
        """
        on = plain(text)
        return [each.mention for each in _placed(on, [*quotes(text), *runs(on), *domains(text)])]


# -- from names to mentions --------------------------------------------------------------------


def _placed(on: Page, found: list[Name]) -> list[Placed]:
    if not found:
        return []
    return placed(on, "initiative", [*found, *_shorter(on, found)], CONFIDENCE, {})


def _shorter(on: Page, found: Iterable[Name]) -> Iterator[Name]:
    """Find the shorter forms of names and those in small letters: the Programme, the cardiff listening programme."""
    text = on.text
    lower = ""
    names = {each.of or text[each.start : each.end] for each in found if each.rule != "acronym"}
    heads: dict[str, set[str]] = {}
    for name in sorted(names):
        words = name.split()
        if len(words) < 2:
            continue
        head = next((word for word in words[1:] + words[:1] if word[0].isupper() and word.casefold() in CUES), "")
        if head:
            heads.setdefault(head, set()).add(name)
        if len(words) > 2:
            lower = lower or text.lower()
            if len(lower) == len(text):
                yield from _small(text, lower, name)
    for head, long in heads.items():
        if len(long) == 1:
            yield from (Name(start, end, "acronym", *long) for start, end in _the(text, head))


def _small(text: str, lower: str, name: str) -> Iterator[Name]:
    small = name.lower()
    start = lower.find(small)
    while start >= 0:
        end = start + len(small)
        if text[start:end] != name and not (lower[start - 1 : start].isalnum() or lower[end : end + 1].isalnum()):
            yield Name(start, end, "again", name)
        start = lower.find(small, end)


_GOES_ON = pattern(rf"[\w-]|[ \n](?:(?:of|on|for)[ \n](?:the[ \n])?)?[{CAPITAL}]")


def _the(text: str, head: str) -> Iterator[tuple[int, int]]:
    start = text.find(f"he {head}")
    while start >= 0:
        end = start + 3 + len(head)
        if text[start - 1 : start] in "tT" and not _GOES_ON.match(text, end):
            yield start + 3, end
        start = text.find(f"he {head}", end)
