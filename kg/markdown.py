"""A Note becomes a Document: links, headings, passages and timestamps, each with its line.

pyromark (pulldown-cmark) decides what is text and what is code, comment or escape; this module
walks its events once. The text of a block (a paragraph, a bullet, a table row, a heading) is
gathered without markup, then cut into passages after each run of timestamps.

    positions   bytes become lines and columns
    blocks      one block's text while it is gathered
    passages    blocks become sections and passages
    links       links as they are written
    markdown    the walk over all of it

Source of the traps handled here: 878 real notes and the wiki-link suites of Obsidian, Foam and
Quartz. Where they disagree, Obsidian's reading is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import Any

from pyromark import events_with_range

from kg import frontmatter, kinds, logseq, names
from kg.blocks import Item
from kg.comments import OPTIONS, uncommented
from kg.identifiers import ids
from kg.links import Links
from kg.model import Document, Flaw, Note
from kg.timecodes import MARK
from kg.vault import cut
from kg.wrappers import BAR, FENCED, HASH, barred, muted, referred, unfenced, untagged

VERSION = "15"
"""Changes whenever the same note would be read differently, so that remembered results are not used."""

_HTML_ID = re.compile(r"""<\w[^<>]{0,200}?\s(?:id|name)\s*=\s*["']?([^\s"'>]+)""", re.IGNORECASE)
_INLINE = frozenset(("Emphasis", "Strikethrough", "Superscript", "Subscript"))
_NESTED = 8
"""Links inside one another; the words of those further in are words of those around them."""


def read(
    note: Note,
    *,
    label_first: bool = False,
    prefixed: bool = False,
    tagged: bool = False,
    keys: Sequence[str] = frontmatter.KEYS,
    known: Collection[str] = kinds.BUILTIN,
    mapped: frozenset[str] = frozenset(),
) -> Document:
    """Read one note; no other note is consulted and no text makes it raise.

    With ``label_first``, the words of a link stand before the bar; with ``prefixed``, names of files begin with an id; with
    ``tagged``, tags are links to pages (:mod:`kg.dialect`). ``keys`` are those of front matter that hold a video, ``known`` the
    kinds of things, and ``mapped`` keys, in small letters, that state something whatever else they say.

    >>> note = Note("a.md", "# Hello\\nSee [[Beta | the beta]].", "")
    >>> document = read(note)
    >>> document.title, [link.target for link in document.passages[0].links]
    ('Hello', ['Beta'])
    """
    text, wrapped = unfenced(note.text, 0) if note.text.lstrip()[:3] in ("```", "~~~") else (note.text, 0)
    front = frontmatter.read(text, text.find("\n", note.text.find(note.text.lstrip()[:3])) + 1 if wrapped else 0)
    if not wrapped:
        text, wrapped = unfenced(text, front.body)
    reader = _Reader(text, front.body, label_first, tagged, frontmatter.video(front.properties, keys) or "")
    reader.walk()
    said = frontmatter.said(front.properties, label_first=label_first)
    linked = frontmatter.links(text[: front.body], label_first=label_first)
    links = {each.key: [link for line in linked if line.key == each.key for link in line.links] for each in said} if linked else {}
    described = [reader.quoted(each.text, each.line, links.get(each.key, ())) for each in said]
    described += [reader.quoted(each.text, each.line, each.links) for each in linked if each.key not in links]
    silent = frontmatter.silent(front.properties, keys, known) - (mapped - {key.casefold() for key in keys})
    described += [reader.quoted(each.text, each.line, ()) for each in frontmatter.lines(front.properties, linked, silent, label_first=label_first)]
    properties = front.properties
    page = logseq.head(text, front.body) if "::" in text else {}
    if page:
        properties = page | properties
        reader.unlink(max(each.line for each in page.values()))
    title, title_line = logseq.named(cut(note.path.rpartition("/")[2])), 1
    if reader.sections and reader.sections[0].level == 1 and reader.sections[0].text:
        title, title_line = reader.sections[0].text, reader.sections[0].line
    given = frontmatter.given(properties, "title")
    if given and isinstance(given.value, str) and given.value.strip():
        title, title_line = names.nfc(given.value.strip()), given.line
    return Document(
        path=note.path,
        sha256=note.sha256,
        title=title,
        title_line=title_line,
        properties=properties,
        channels=tuple(reader.channels),
        sections=tuple(reader.sections),
        passages=(*described, *reader.passages),
        flaws=(*note.flaws, *front.flaws, *reader.flaws, *([Flaw("wrapped-note", wrapped, FENCED)] if wrapped else ())),
        videos=tuple(reader.listed()),
        described=len(said),
        head=len(described),
        label_first=label_first,
        anchors=tuple(reader.ids),
        ids=ids(note.path, properties, reader.passages, prefixed=prefixed),
        sides=tuple(reader.sides),
        codes=tuple(reader.codes),
    )


class _Reader(Links):
    """One walk over the events of one note."""

    def walk(self) -> None:
        text = self.text
        if "%%" in text:
            text = uncommented(text)
        text = untagged(text)
        if "\n|" in text or text[:1] == "|":
            text = barred(text)
        if "#+" in text or "{{" in text:
            text = logseq.unasked(referred(text))
        if "]: " in text and "[[" in text:
            self.define(text)
        references = "((" in text and logseq.REFERENCE.search(text) is not None
        escaped = "\\#" in text
        verbatim = False
        block = self.block
        parts, places = block.parts, block.bytes
        links: list[tuple[Any, int, int, int]] = []
        # Events are read by name, a quarter of a million in a vault: Any, since the stubs want one branch for each.
        events: Any = events_with_range(text, options=OPTIONS)
        for event, span in events:
            if type(event) is str:
                if event in ("SoftBreak", "HardBreak"):
                    parts.append("\n")
                    places.append(span["start"])
                continue
            what, value = event.popitem()
            if what == "Text":
                if not verbatim:
                    said = value
                    if escaped and value[:1] == "#" and self.raw[span["start"] - 1 : span["start"]] == b"\\":
                        said, value = "\0" + value[1:], HASH + value[1:]  # one byte stays one, where places are counted
                    parts.append(value)
                    places.append(span["start"])
                    if MARK in value:
                        self.add_stamps(span["start"], value.count(MARK))
                    if references and "((" in said:
                        self.references(said, span["start"])
                    if self.tagged and "#" in said:
                        self.tags(said, span["start"])
                continue
            if what == "Start":
                kind = value if type(value) is str else next(iter(value))
                if kind == "Strong":
                    if not parts:
                        block.bold_end = -1
                elif kind in ("Link", "Image"):
                    links.append((value[kind], span["start"], span["end"], len(parts)))
                elif kind in ("CodeBlock", "HtmlBlock"):
                    self.flush()
                    verbatim = True
                elif kind == "TableCell":
                    block.row = True
                    if parts:
                        parts.append(" | ")
                        places.append(span["start"])
                elif kind not in _INLINE:
                    self.open(kind, value, span["start"])
            elif what == "End":
                kind = value if type(value) is str else next(iter(value))
                if kind == "Strong":
                    if block.bold_end == -1:
                        block.bold_end = len(parts)
                elif kind in ("Link", "Image"):
                    if links:
                        found = links.pop()
                        if len(links) < _NESTED:
                            self.link(kind == "Image", *found)
                elif kind in ("CodeBlock", "HtmlBlock"):
                    verbatim = False
                elif kind not in _INLINE and kind != "TableCell":
                    links.clear()
                    self.close(kind)
            elif what == "Code":
                parts.append(self.code(value, span["start"], span["end"]))
                places.append(span["start"])
            elif what == "InlineHtml" and value[:3].lower() == "<br":
                parts.append(" ")
                places.append(span["start"])
            elif what in ("InlineHtml", "Html") and "=" in value:
                self.waiting += _HTML_ID.findall(value)
            if self.block is not block:
                block = self.block
                parts, places = block.parts, block.bytes
        self.flush()

    def open(self, kind: str, value: Any, start: int) -> None:
        if kind == "List":
            self.list_in_item()
        if self.block.parts:
            self.flush()
        if kind == "Item":
            self.items.append(Item(self.current))
        elif kind == "Heading":
            self.level = int(value["Heading"]["level"][1:])
            self.heading_line = self.line(start)

    def close(self, kind: str) -> None:
        if kind == "Heading":
            self.heading()
            return
        if self.block.parts:
            self.flush()
        if kind == "Item" and self.items:
            self.current = self.items.pop().around

    def code(self, value: str, start: int, end: int) -> str:
        """Give the text of a code span, where a timestamp is only an example of one."""
        words = self.written(start, end).strip("`") if MARK in value else value.replace(BAR, "|")
        self.codes.append((self.line(start), words))
        return muted(words)

    def add_stamps(self, start: int, count: int) -> None:
        first = bisect_left(self.marks, start)
        self.block.stamps += self.covered.stamps[first : first + count]
