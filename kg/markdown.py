"""A Note becomes a Document: links, headings, passages and timestamps, each with its line.

pyromark (pulldown-cmark) decides what is text and what is code, comment or escape; this module
walks its events once. The text of a block (a paragraph, a bullet, a table row, a heading) is
gathered without markup, then cut into passages after each run of timestamps.

Source of the traps handled here: 878 real notes and the wiki-link suites of Obsidian, Foam and
Quartz. Where they disagree, Obsidian's reading is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from html import unescape
from typing import Any

from pyromark import Options, events_with_range

from kg import frontmatter, names
from kg.model import Document, Flaw, Link, Note, Passage, Section, Stamp

VERSION = "1"
"""Changes whenever the same note would be read differently, so that remembered results are not used."""

OPTIONS = (
    Options.ENABLE_WIKILINKS
    | Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
)
"""Math stays off: it would read two prices in a line as a formula."""

BULLET = 7
"""Level of a labelled bullet that counts as a section; nested ones count up from here."""

_MARK = "\0"  # stands where a timestamp tag stood; the vault never lets a NUL through
_BARE = r"\[:?\d{1,3}:\d{2}(?::\d{2}){0,2}\]?(?!\()"
_STAMP = re.compile(f"{_MARK}|{_BARE}")
_RUN = re.compile(rf"(?:{_MARK}|{_BARE})(?:[\s,;.–—-]*(?:{_MARK}|{_BARE}))*[\s.,;:!?)\]\"”’*_]*")
_BEFORE_STOP = re.compile(r"[ \t]+(?=[.,;:!?)])")
_CALLOUT = re.compile(r"\[!\w+\][+-]?[ \t]*\n?")
_DATA_T = re.compile(r"data-t\s*=\s*[\"']?\s*([^\"'>]*)", re.IGNORECASE)
_LABEL_END = re.compile(r"\s*[:.]?\s*")
_TIME_TARGET = re.compile(r"\[?\s*\d{1,3}:\d{2}(:\d{2})*\s*\]?")
_TAKEN_ANCHOR = re.compile(r"[pic]-[0-9a-f]{8}(-\d+)?")
_COMMENT = re.compile(rb"%%.*?%%", re.DOTALL)
_YOUTUBE = re.compile(r"https?://(?:www\.|m\.)?(?:youtube\.com/watch\?(?:[^#\s]*&)?v=|youtu\.be/)([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])")


def read(note: Note) -> Document:
    """Read one note; no other note is consulted and no text makes it raise.

    >>> note = Note("a.md", "# Hello\\nSee [[Beta | the beta]].", "")
    >>> document = read(note)
    >>> document.title, [link.target for link in document.passages[0].links]
    ('Hello', ['Beta'])
    """
    front = frontmatter.read(note.text)
    reader = _Reader(note.text, front.body)
    reader.walk()
    title, title_line = note.path.rpartition("/")[2].removesuffix(".md"), 1
    if reader.sections and reader.sections[0].level == 1 and reader.sections[0].text:
        title, title_line = reader.sections[0].text, reader.sections[0].line
    given = front.properties.get("title")
    if given and isinstance(given.value, str) and given.value.strip():
        title, title_line = names.nfc(given.value.strip()), given.line
    return Document(
        path=note.path,
        sha256=note.sha256,
        title=title,
        title_line=title_line,
        properties=front.properties,
        channels=tuple(reader.channels),
        sections=tuple(reader.sections),
        passages=tuple(reader.passages),
        flaws=note.flaws + front.flaws + tuple(reader.flaws),
        videos=tuple(reader.videos),
    )


def youtube(address: str) -> str | None:
    """Give the id of the video that a YouTube address plays.

    >>> youtube("https://www.youtube.com/watch?v=JkIhnK7qf-w&t=3")
    'JkIhnK7qf-w'
    """
    match = _YOUTUBE.match(address)
    return match[1] if match else None


class _Block:
    """The text of one block as it is gathered, and where in the file each part of it came from."""

    __slots__ = ("bold_end", "bytes", "length", "links", "offsets", "parts", "stamps")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.offsets: list[int] = []
        self.bytes: list[int] = []
        self.length = 0
        self.links: list[tuple[int, Link]] = []
        self.stamps: list[tuple[int, Stamp]] = []
        self.bold_end = 0

    def add(self, text: str, start: int) -> None:
        self.parts.append(text)
        self.offsets.append(self.length)
        self.bytes.append(start)
        self.length += len(text)

    def cut(self, size: int) -> str:
        """Take back the parts from the size-th on, and give their text."""
        taken = "".join(self.parts[size:])
        del self.parts[size:], self.offsets[size:], self.bytes[size:]
        self.length -= len(taken)
        return taken

    def byte(self, offset: int) -> int:
        """Say which byte of the body a character of the block came from."""
        at = bisect_right(self.offsets, offset) - 1
        return self.bytes[at] + len("".join(self.parts[at])[: offset - self.offsets[at]].encode())


class _Reader:
    """One walk over the events of one note."""

    def __init__(self, text: str, body: int) -> None:
        self.text = text[body:]
        self.raw = self.text.encode("utf-8", "surrogatepass")
        self.ascii = len(self.raw) == len(self.text)
        self.body = body
        self.newline = b"\n" if b"\n" in self.raw else b"\r"
        head = text[:body]
        self.line_seen, self.byte_seen = head.count("\n" if "\n" in head else "\r") + 1, 0
        self.point_seen, self.point_byte = 0, 0
        self.block = _Block()
        self.current = -1
        self.headings: list[int] = []
        self.items: list[list[Any]] = []
        self.anchors: dict[str, int] = {}
        self.digests: dict[str, int] = {}
        self.pending: list[Stamp] = []
        self.sections: list[Section] = []
        self.passages: list[Passage] = []
        self.channels: list[Link] = []
        self.videos: list[tuple[str, str]] = []
        self.flaws: list[Flaw] = []

    # -- places ------------------------------------------------------------------------------

    def line(self, byte: int) -> int:
        """Count lines up to a byte of the body; cheap where bytes come in rising order."""
        if byte < self.byte_seen:
            return self.line_seen - self.raw.count(self.newline, byte, self.byte_seen)
        self.line_seen += self.raw.count(self.newline, self.byte_seen, byte)
        self.byte_seen = byte
        return self.line_seen

    def point(self, byte: int) -> int:
        """Turn a byte of the body into a position in the note's text, in code points."""
        if self.ascii:
            return self.body + byte
        if byte < self.point_byte:
            return self.body + len(self.raw[:byte].decode("utf-8", "surrogatepass"))
        self.point_seen += len(self.raw[self.point_byte : byte].decode("utf-8", "surrogatepass"))
        self.point_byte = byte
        return self.body + self.point_seen

    def column(self, byte: int) -> int:
        start = self.raw.rfind(self.newline, 0, byte) + 1
        return len(self.raw[start:byte].decode("utf-8", "surrogatepass")) + 1

    # -- the walk ----------------------------------------------------------------------------

    def walk(self) -> None:
        text = self.text
        if "%%" in text:
            text = self.without_comments(text)
        html = False
        stamp: tuple[int, str, int] | None = None
        links: list[tuple[Any, int, int, int]] = []
        for event, span in events_with_range(text, options=OPTIONS):
            if isinstance(event, str):
                if event in ("SoftBreak", "HardBreak"):
                    self.block.add("\n", span["start"])
                continue
            ((what, value),) = event.items()
            if what == "Text" or what == "Code":
                if html != "code":
                    self.block.add(value, span["start"] + (what == "Code"))
            elif what == "Start":
                kind = value if isinstance(value, str) else next(iter(value))
                if kind in ("Link", "Image"):
                    links.append((value[kind], span["start"], span["end"], len(self.block.parts)))
                elif kind == "Strong":
                    if not self.block.length:
                        self.block.bold_end = -1
                elif kind in ("CodeBlock", "HtmlBlock"):
                    self.flush()
                    html = "code"
                elif kind == "TableCell":
                    if self.block.length:
                        self.block.add(" | ", span["start"])
                elif kind not in ("Emphasis", "Strikethrough", "Superscript", "Subscript"):
                    stamp = None
                    self.open(kind, value, span["start"])
            elif what == "End":
                kind = value if isinstance(value, str) else next(iter(value))
                if kind in ("Link", "Image") and links:
                    self.link(kind == "Image", *links.pop())
                elif kind == "Strong":
                    if self.block.bold_end == -1:
                        self.block.bold_end = self.block.length
                elif kind in ("CodeBlock", "HtmlBlock"):
                    html = False
                elif kind not in ("Emphasis", "Strikethrough", "Superscript", "Subscript", "TableCell"):
                    links.clear()
                    stamp = None
                    self.close(kind, value)
            elif what == "InlineHtml":
                tag = value.lower()
                if tag.startswith("<a") and ("yt" in tag or "data-t" in tag):
                    stamp = (len(self.block.parts), value, span["start"])
                elif tag == "</a>" and stamp:
                    self.stamp(*stamp)
                    stamp = None
                elif tag.startswith("<br"):
                    self.block.add(" ", span["start"])
        self.flush()

    def open(self, kind: str, value: Any, start: int) -> None:
        if kind == "List":
            self.list_in_item()
        self.flush()
        if kind == "Item":
            self.items.append([self.current, None])
        elif kind == "Heading":
            self.level = int(value["Heading"]["level"][1:])
            self.heading_line = self.line(start)

    def close(self, kind: str, value: Any) -> None:
        if kind == "Heading":
            self.heading()
            return
        self.flush()
        if kind == "Item" and self.items:
            self.current = self.items.pop()[0]

    def without_comments(self, text: str) -> str:
        """Blank out Obsidian's ``%% comments %%``, byte for byte, but not where code quotes them."""
        code = []
        for event, span in events_with_range(text, options=OPTIONS):
            if isinstance(event, dict):
                ((what, value),) = event.items()
                if what == "Code" or (what == "Start" and isinstance(value, dict) and "CodeBlock" in value):
                    code.append((span["start"], span["end"]))

        def blank(match: re.Match[bytes]) -> bytes:
            if any(start <= match.start() < end for start, end in code):
                return match[0]
            return re.sub(rb"[^\r\n]", b" ", match[0])

        return _COMMENT.sub(blank, self.raw).decode("utf-8", "surrogatepass")

    # -- links and timestamps ----------------------------------------------------------------

    def link(self, embed: bool, link: Any, start: int, end: int, size: int) -> None:
        kind = link["link_type"]
        if not isinstance(kind, dict) or "WikiLink" not in kind:
            if kind == "Inline" and not embed:
                video = youtube(link["dest_url"])
                if video:
                    self.videos.append((video, "".join(self.block.parts[size:]).strip()))
            return
        shown = self.block.cut(size)
        offset = self.block.length
        written = self.raw[start + 2 + embed : end - 2].decode("utf-8", "surrogatepass")
        target, bar, label = written.partition("|")
        target = " ".join(target.removesuffix("\\").split())
        if _TIME_TARGET.match(target):
            # A pair of timestamps such as [[00:05:51], [00:05:57]] looks like a link and is none.
            self.block.add(f"[{written}]", start)
            return
        target, _, section = target.partition("#")
        shown = " ".join(shown.rpartition("|")[2].split()) if bar else shown
        self.block.add(shown, start + 2)
        self.block.links.append(
            (
                offset,
                Link(
                    names.nfc(unescape(target).strip() if "&" in target else target.strip()),
                    shown if bar else None,
                    section.strip(),
                    embed,
                    self.point(start),
                    self.point(end),
                    self.line(start),
                    self.column(start),
                ),
            )
        )

    def stamp(self, size: int, tag: str, start: int) -> None:
        shown = self.block.cut(size).strip().strip("[]").strip()
        match = _DATA_T.search(tag)
        written = match[1].strip() if match else ""
        self.block.stamps.append((self.block.length, Stamp(written, shown, self.line(start))))
        self.block.add(_MARK, start)

    # -- blocks ------------------------------------------------------------------------------

    def heading(self) -> None:
        block, self.block = self.block, _Block()
        text = _clean(_STAMP.sub("", "".join(block.parts)))
        while self.headings and self.sections[self.headings[-1]].level >= self.level:
            self.headings.pop()
        parent = self.headings[-1] if self.headings else -1
        self.headings.append(len(self.sections))
        self.current = len(self.sections)
        self.section(block, text, self.level, self.heading_line, parent)

    def section(self, block: _Block, text: str, level: int, line: int, parent: int) -> None:
        base = names.anchor(text) or "section"
        if _TAKEN_ANCHOR.fullmatch(base):
            base += "-section"  # keeps clear of the ends that passages and issues have
        seen = self.anchors.get(base, -1) + 1
        self.anchors[base] = seen
        anchor = f"{base}-{seen}" if seen else base
        if seen:
            self.anchors.setdefault(anchor, 0)
        links = tuple(link for _, link in block.links)
        stamps = tuple(self.stamps_of(block, 0, block.length))
        self.sections.append(Section(anchor, level, text, line, parent, links, stamps))

    def list_in_item(self) -> None:
        """Make a section of a bullet that has a bold label and now turns out to have a list."""
        if not self.items:
            return
        item = self.items[-1]
        block = self.block
        if block.length and item[1] is None:
            item[1] = self.label(block)
        if not item[1] or item[1] is True:
            return
        label, line = item[1]
        only = block.length and not _LABEL_END.sub("", "".join(block.parts)[block.bold_end :], count=1).strip()
        taken = block if only else _Block()
        if only:
            self.block = _Block()
        else:
            self.flush()
        self.section(taken, label, BULLET + len(self.items) - 1, line, self.current)
        self.current = len(self.sections) - 1
        item[1] = True

    def label(self, block: _Block) -> tuple[str, int] | None:
        """Give the bold label a block starts with, and its line."""
        if block.bold_end <= 0:
            return None
        text = _clean(_STAMP.sub("", "".join(block.parts)[: block.bold_end])).rstrip(":").rstrip()
        return (text, self.line(block.bytes[0])) if text else None

    def flush(self) -> None:
        """Cut the gathered block into passages, after each run of timestamps."""
        block = self.block
        if not block.length:
            return
        self.block = _Block()
        text = "".join(block.parts)
        start = 0
        if text.startswith("From:") and not self.sections and not self.passages and block.links:
            start = self.channel_line(block, text)
        callout = _CALLOUT.match(text, start)
        if callout:
            start = callout.end()
        label = self.label(block) if block.bold_end > 0 else None
        if self.items and self.items[-1][1] is None:
            self.items[-1][1] = label or True
        name = label[0] if label else ""
        for run in _RUN.finditer(text, start) if block.stamps or "[" in text else ():
            words = text[start : run.start()]
            if not words.strip():
                # The timestamp stands before its sentence: it belongs to the words that follow.
                self.pending += self.stamps_of(block, start, run.end())
                start = run.end()
                continue
            tail = _STAMP.sub("", run[0]).strip().lstrip(",;").strip()
            self.passage(block, text, start, run.end(), words.rstrip() + tail[-1:] if tail else words, name)
            start, name = run.end(), ""
        if text[start:].strip():
            self.passage(block, text, start, len(text), text[start:], name)
        elif self.pending:
            self.leftover()

    def leftover(self) -> None:
        """Give timestamps that no words follow in their block to the passage before them."""
        if self.passages:
            last = self.passages[-1]
            self.passages[-1] = last._replace(stamps=last.stamps + tuple(self.pending))
        self.pending = []

    def channel_line(self, block: _Block, text: str) -> int:
        end = text.find("\n")
        end = len(text) if end < 0 else end + 1
        self.channels += [link for offset, link in block.links if offset < end]
        block.links = [each for each in block.links if each[0] >= end]
        return end

    def passage(self, block: _Block, text: str, start: int, end: int, words: str, label: str) -> None:
        clean = _clean(words)
        if not clean:
            return
        digest = names.digest(clean)
        seen = self.digests.get(digest, 0) + 1
        self.digests[digest] = seen
        first = start + len(text[start:]) - len(text[start:].lstrip())
        links = tuple(link for offset, link in block.links if start <= offset < end)
        stamps = (*self.pending, *self.stamps_of(block, start, end))
        self.pending = []
        self.passages.append(
            Passage(
                f"p-{digest}" if seen == 1 else f"p-{digest}-{seen}",
                self.line(block.byte(first)),
                self.current,
                label,
                clean,
                links,
                stamps,
            )
        )

    def stamps_of(self, block: _Block, start: int, end: int) -> list[Stamp]:
        """List the timestamps between two offsets of a block, in reading order."""
        found = [each for each in block.stamps if start <= each[0] < end]
        text = "".join(block.parts)
        if "[" in text:
            for match in _STAMP.finditer(text, start, end):
                if match[0] != _MARK:
                    shown = match[0].strip("[]").strip()
                    found.append((match.start(), Stamp("", shown, self.line(block.byte(match.start())))))
            found.sort(key=lambda each: each[0])
        return [stamp for _, stamp in found]


def _clean(text: str) -> str:
    """Drop what markup left behind: blanks at both ends, in runs, and before a full stop."""
    text = text.replace(_MARK, "").replace("\u200b", "")
    lines = [" ".join(line.split()) for line in text.split("\n")] if "\n" in text else [" ".join(text.split())]
    return _BEFORE_STOP.sub("", "\n".join(lines)).strip()
