"""The author's own words: front matter and inline fields that say what a note is about.

    property    country: Ghana   themes: [Open data, Trust]   organisation:: City of Cardiff
    tag         tags: [open-data, trust/privacy]

Nothing is guessed here. A country may be given by its code or by its name in any language of the
lexicon; one that is not known is a flaw of the note, with its line.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from kg import frontmatter
from kg.countries import code_in_any
from kg.extract import Placed, joined, normal
from kg.extract.lazily import pattern
from kg.model import Document, Flaw, Mention
from kg.wrappers import heard, silenced

_KEYS = "|".join(sorted(frontmatter.DESCRIBES, key=len, reverse=True))
_FIELD = pattern(rf"(?:^({_KEYS})::[ ]*(\S.*)$|[\[(]({_KEYS})::[ ]*([^\[\]()\n]+)[\])])", re.MULTILINE | re.IGNORECASE)
"""``key:: value`` alone on a line, or in brackets, as Dataview and Logseq have it."""
_ITEM = pattern(r"[^,]+")
_TAGGED = pattern(r"(?:[^,#]|(?<!\s)#)+")
KINDS = {"country": "country", "organisation": "organisation"}
"""What a property names; all others name themes."""


class Properties:
    """The extractor of what authors state themselves."""

    name = "properties"
    version = "3"

    def survey(self, document: Document) -> list[Placed]:
        """List what the front matter and the inline fields of a note name.

        >>> from kg import markdown
        >>> from kg.model import Note
        >>> read = markdown.read(Note("a.md", "---\\ncountry: GH\\nthemes: [Trust]\\n---\\nHello", ""))
        >>> [(each.mention.kind, each.mention.surface, each.mention.key) for each in Properties().survey(read)]
        [('country', 'GH', 'GH'), ('theme', 'Trust', 'trust')]
        """
        return [Placed(at, mention) for at, _, mention in _stated(document) if mention.key]

    def flaws(self, document: Document) -> list[Flaw]:
        """List the countries that are none."""
        return [
            Flaw("unknown-country", line, f"{mention.surface!r} is neither a code of ISO 3166 nor the name of a country")
            for _, line, mention in _stated(document)
            if not mention.key
        ]


def _stated(document: Document) -> Iterator[tuple[int, int, Mention]]:
    """Give what is named: the position of its text, its line, and the mention, whose key is "" where it is no country."""
    first = 1 + len(document.sections)
    for at, said in enumerate(frontmatter.said(document.properties, label_first=document.label_first), start=first):
        start = len(said.key) + 2
        for value in said.values:
            for name, offset in _steps(said.meaning, value):
                yield at, said.line, _mention(said.meaning, name, start + offset)
            start += len(value) + 2
    if "::" not in joined(document)[0]:
        return
    for at, passage in enumerate(document.passages[document.described :], start=first + document.described):
        if "::" in passage.text:
            linked: dict[str, deque[str]] = {}
            for link in passage.links:
                linked.setdefault(link.key, deque()).append(link.shown)
            text = silenced(passage.text, passage.mute) if passage.mute else passage.text
            line, seen = passage.line, 0
            for field in _FIELD.finditer(text):
                line += passage.text.count("\n", seen, field.start())
                seen = field.start()
                of, inside = (1, 2) if field[1] else (3, 4)
                meaning = frontmatter.DESCRIBES[field[of].lower()]
                for start, value in _values(heard(field[inside]), linked.get(field[of], deque()), meaning):
                    for name, offset in _steps(meaning, value):
                        yield at, line, _mention(meaning, name, field.start(inside) + start + offset)


def _values(text: str, links: deque[str], meaning: str) -> Iterator[tuple[int, str]]:
    """Give the names in the value of a field, and where each begins: its links, and the words between commas."""
    parts = frontmatter.parted(text, links)
    linked = [(start, start + len(words)) for start, words, link in parts if link]
    for start, words, link in parts:
        if link:
            yield start, words
        elif not linked or (meaning == "tag" and _beside(start, words, linked)):
            form = _TAGGED if meaning == "tag" else _ITEM
            yield from ((start + item.start() + item[0].index(name), name) for item in form.finditer(words) if (name := item[0].strip(" \t\n#")))
        elif _beside(start, words, linked):
            yield start, words


def _beside(start: int, words: str, linked: list[tuple[int, int]]) -> bool:
    """Say whether words stand beside links, and are no sentence around them."""
    return start + len(words) < linked[0][1] or start > linked[0][0]


def _steps(meaning: str, value: str) -> Iterator[tuple[str, int]]:
    """Cut a tag at its slashes: ``trust/privacy`` names two themes, the first the broader; else there is one name."""
    start = 0
    for part in value.split("/") if meaning == "tag" else [value]:
        if part:
            yield part, start
        start += len(part) + 1


def _mention(said: str, value: str, start: int) -> Mention:
    kind = KINDS.get(said, "theme")
    key = code_in_any(value) if kind == "country" else normal(value)
    return Mention(kind, key, value, start, start + len(value), "tag" if said == "tag" else "property")
