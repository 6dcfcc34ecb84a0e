"""A Note becomes a Document: links, headings, passages and timestamps, each with its line.

pyromark (pulldown-cmark) decides what is text and what is code, comment or escape; this module
walks its events once. The text of a block (a paragraph, a bullet, a table row, a heading) is
gathered without markup, then cut into passages after each run of timestamps.

Source of the traps handled here: 878 real notes and the wiki-link suites of Obsidian, Foam and
Quartz. Where they disagree, Obsidian's reading is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from html import unescape
from itertools import accumulate
from typing import Any

from pyromark import Options, events_with_range

from kg import frontmatter, logseq, names
from kg.addresses import destination, youtube
from kg.model import Document, Flaw, Link, Note, Passage, Section, Stamp
from kg.timecodes import MARK, cover
from kg.wrappers import BAR, FENCED, barred, unfenced, untagged

VERSION = "10"
"""Changes whenever the same note would be read differently, so that remembered results are not used."""

OPTIONS = Options.ENABLE_WIKILINKS | Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS
"""Math stays off: it would read two prices in a line as a formula."""

BULLET = 7
"""Level of a labelled bullet that counts as a section; nested ones count up from here."""

_RUN = re.compile(rf"{MARK}(?:[\s,;.–—-]*{MARK})*[\s.,;:!?…)\]\"”’*_]*")
_BEFORE_STOP = re.compile(r"[ \t]+(?=[.,;:!?)]+(?:\s|$))")
_CALLOUT = re.compile(r"\[!\w+\][+-]?[ \t]*\n?")
_LABEL_END = re.compile(r"\s*[:.]?\s*")
_TIME_TARGET = re.compile(r"\[?\s*\d{1,3}:\d{2}(:\d{2})*\s*\]?")
_TAKEN_ANCHOR = re.compile(r"[pic]-[0-9a-f]{8}(-\d+)?")
_KEY_BEFORE = re.compile(rf"(?:^|[(\[])[ \t]*({frontmatter.FIELD})[ \t]*::[ \t]*$")
_BLOCK_ID = re.compile(r"(?:^|\s+)\^([A-Za-z0-9-]+)$")
_HEAD_ID = re.compile(r"[ \t]*\{#([^\s{}]+)\}$")
_HTML_ID = re.compile(r"""<\w[^<>]{0,200}?\s(?:id|name)\s*=\s*["']?([^\s"'>]+)""", re.IGNORECASE)
_CONTINUED = re.compile(r"\n[ \t]*(?:>[ \t]*)+")
_RANGE = re.compile(r"(?:,\d*)?(?::#.*)?$")
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]\r\n]+)\]:[ \t]+(?:<([^>\r\n]+)>|(\S+))", re.MULTILINE)
_NOTHING = "\u200b".encode()
_FAR = 1000
_COMMENT = re.compile(rb"%%.*?%%", re.DOTALL)
_INLINE = frozenset(("Emphasis", "Strikethrough", "Superscript", "Subscript"))


def read(note: Note, *, label_first: bool = False, silent: frozenset[str] = frozenset()) -> Document:
    """Read one note; no other note is consulted and no text makes it raise.

    With ``label_first``, the words of a link stand before the bar (:mod:`kg.dialect`). ``silent`` are keys of front matter, in
    small letters, that mean something else than a statement: no passage is made of them.

    >>> note = Note("a.md", "# Hello\\nSee [[Beta | the beta]].", "")
    >>> document = read(note)
    >>> document.title, [link.target for link in document.passages[0].links]
    ('Hello', ['Beta'])
    """
    text, wrapped = unfenced(note.text, 0) if note.text.lstrip()[:3] in ("```", "~~~") else (note.text, 0)
    front = frontmatter.read(text, text.find("\n", note.text.find(note.text.lstrip()[:3])) + 1 if wrapped else 0)
    if not wrapped:
        text, wrapped = unfenced(text, front.body)
    reader = _Reader(text, front.body, label_first)
    reader.walk()
    said = frontmatter.said(front.properties, label_first=label_first)
    linked = frontmatter.links(text[: front.body], label_first=label_first)
    links = {each.key: [link for line in linked if line.key == each.key for link in line.links] for each in said} if linked else {}
    described = [reader.quoted(each.text, each.line, links.get(each.key, ())) for each in said]
    described += [reader.quoted(each.text, each.line, each.links) for each in linked if each.key not in links]
    described += [reader.quoted(each.text, each.line, ()) for each in frontmatter.lines(front.properties, linked, silent, label_first=label_first)]
    properties = front.properties
    page = logseq.head(text, front.body) if "::" in text else {}
    if page:
        properties = page | properties
        reader.unlink(max(each.line for each in page.values()))
    title, title_line = re.sub(r"\.md$", "", note.path.rpartition("/")[2], flags=re.IGNORECASE), 1
    if reader.sections and reader.sections[0].level == 1 and reader.sections[0].text:
        title, title_line = reader.sections[0].text, reader.sections[0].line
    given = properties.get("title")
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
        videos=tuple(reader.videos),
        described=len(said),
        head=len(described),
        label_first=label_first,
        anchors=tuple(reader.ids),
        sides=tuple(reader.sides),
    )


class _Block:
    """The parts of one block's text as they are gathered, and the byte each came from."""

    __slots__ = ("bold_end", "bytes", "links", "parts", "row", "stamps")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.bytes: list[int] = []
        self.links: list[tuple[int, Link]] = []  # with the number of parts before it
        self.stamps: list[Stamp] = []  # in the order of their marks
        self.row = False  # of a table, which is one passage whatever timestamps stand in its cells
        self.bold_end = 0  # number of parts in the bold label it starts with; -1 while in it

    def key(self, size: int) -> str:
        """Give the key of the field whose value begins, or goes on, after so many parts; "" if there is none."""
        before = self.parts[size - 1] if size else ""
        if "::" in before:
            # A key is short: what stands far before it need not be looked at.
            text = "".join(self.parts[max(0, size - 8) : size]).rpartition("\n")[2]
            found = _KEY_BEFORE.search(text if len(text) < 100 else f"\0{text[-100:]}")
            return " ".join(found[1].split()) if found else ""
        if self.links and self.links[-1][1].key and self.links[-1][0] == size - 2 and not before.strip(" ,;"):
            return self.links[-1][1].key
        return ""

    def label(self) -> str:
        """Give the bold label that the block starts with, or ""."""
        if self.bold_end <= 0:
            return ""
        following = self.parts[self.bold_end] if self.bold_end < len(self.parts) else ""
        if following[:1].isalnum():  # **B**ehaviour: a letter made bold labels nothing
            return ""
        return _clean("".join(self.parts[: self.bold_end])).rstrip(":").rstrip()


class _Item:
    """A bullet that is open: the section around it, and its bold label until a list makes use of it."""

    __slots__ = ("around", "label", "line")

    def __init__(self, around: int) -> None:
        self.around = around
        self.label: str | None = None
        self.line = 0


class _Reader:
    """One walk over the events of one note."""

    def __init__(self, text: str, body: int, label_first: bool) -> None:
        self.label_first = label_first
        head = text[:body]
        self.body = body
        first = head.count("\n" if "\n" in head else "\r") + 1
        self.covered = cover(text[body:], first)
        self.text = self.covered.text
        self.raw = self.text.encode("utf-8", "surrogatepass")
        self.marks = [each.start() for each in re.finditer(MARK.encode(), self.raw)] if self.covered.stamps else []
        self.newline = b"\n" if b"\n" in self.raw else b"\r"
        self.line_seen, self.byte_seen = first, 0
        self.point_seen, self.point_byte = 0, 0
        self.row, self.row_point, self.row_seen = 0, 0, 0
        self.block = _Block()
        self.current = -1
        self.level = 0
        self.heading_line = 0
        self.headings: list[int] = []
        self.items: list[_Item] = []
        self.anchors: dict[str, int] = {}
        self.digests: dict[str, int] = {}
        self.pending: list[Stamp] = []
        self.after_heading = False
        self.sections: list[Section] = []
        self.passages: list[Passage] = []
        self.channels: list[Link] = []
        self.videos: list[tuple[str, str]] = []
        self.flaws: list[Flaw] = []
        self.ids: list[tuple[str, str]] = []
        self.waiting: list[str] = []  # ids that HTML gives to what follows
        self.sides: list[tuple[str, str]] = []
        self.defined: dict[str, tuple[str, str]] = {}

    # -- places ------------------------------------------------------------------------------

    def line(self, byte: int) -> int:
        """Count lines up to a byte of the body; cheap where bytes come in rising order."""
        if byte < self.byte_seen:
            self.line_seen -= self.raw.count(self.newline, byte, self.byte_seen)
        else:
            self.line_seen += self.raw.count(self.newline, self.byte_seen, byte)
        self.byte_seen = byte
        return self.line_seen

    def point(self, byte: int) -> int:
        """Turn a byte of the covered body into a position in the note's text, in code points."""
        if byte < self.point_byte:  # the start of the line, for a column: never far back
            self.point_seen -= len(self.raw[byte : self.point_byte].decode("utf-8", "surrogatepass"))
        else:
            self.point_seen += len(self.raw[self.point_byte : byte].decode("utf-8", "surrogatepass"))
        self.point_byte = byte
        marks = bisect_right(self.covered.ends, self.point_seen)
        return self.body + self.point_seen + (self.covered.lost[marks - 1] if marks else 0)

    def place(self, start: int, end: int) -> tuple[int, int, int, int]:
        """Give where a link stands: its stretch of the note's text, its line and its column, from 1; in code points of the note as written.

        Asked for in rising order, so that many links in one long line take no more time than it is long.
        """
        if start < self.row_seen:
            self.row_seen = self.row = self.row_point = 0
        row = self.raw.rfind(self.newline, self.row_seen, start) + 1
        if row:
            self.row, self.row_point = row, self.point(row)
        elif not self.row:
            self.row_point = self.point(0)
        self.row_seen = start
        first = self.point(start)
        return first, self.point(end), self.line(start), first - self.row_point + 1

    def written(self, start: int, end: int) -> str:
        """Give what the note holds between two bytes of the covered body."""
        text = self.raw[start:end].decode("utf-8", "surrogatepass")
        if MARK not in text:
            return text
        first = bisect_left(self.marks, start)
        pieces = text.split(MARK)
        stood = self.covered.written[first : first + len(pieces) - 1]
        return "".join(each for pair in zip(pieces, [*stood, ""], strict=True) for each in pair)

    # -- the walk ----------------------------------------------------------------------------

    def walk(self) -> None:
        text = self.text
        if "%%" in text:
            text = self.without_comments(text)
        text = untagged(text)
        if "\n|" in text or text[:1] == "|":
            text = barred(text)
        if "]: " in text and "[[" in text:
            self.define(text)
        references = "((" in text and logseq.REFERENCE.search(text) is not None
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
                    parts.append(value)
                    places.append(span["start"])
                    if MARK in value:
                        self.add_stamps(span["start"], value.count(MARK))
                    if references and "((" in value:
                        self.references(value, span["start"])
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
                        self.link(kind == "Image", *links.pop())
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
            self.items.append(_Item(self.current))
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
        return self.written(start, end).strip("`") if MARK in value else value.replace(BAR, "|")

    def without_comments(self, text: str) -> str:
        """Blank out Obsidian's ``%% comments %%``, byte for byte, but not where code quotes them."""
        code = []
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
            before = self.raw[max(0, start - _FAR) : start].rpartition(b"\n")[2]
            after = self.raw[end : end + _FAR].partition(b"\n")[0]
            size = end - start
            # Blanks before words would make code of them; these are none, and are dropped later.
            alone = not before.strip() and not after.strip()
            return b" " * size if alone else _NOTHING * (size // 3) + b" " * (size % 3)

        def blank(match: re.Match[bytes]) -> bytes:
            at = bisect_right(starts, match.start()) - 1
            if at >= 0 and match.start() < code[at][1]:
                return match[0]
            return b"".join(blanked(part, match) for part in re.finditer(rb"[^\r\n]+|[\r\n]+", match[0]))

        return _COMMENT.sub(blank, self.raw).decode("utf-8", "surrogatepass")

    # -- links and timestamps ----------------------------------------------------------------

    def add_stamps(self, start: int, count: int) -> None:
        first = bisect_left(self.marks, start)
        self.block.stamps += self.covered.stamps[first : first + count]

    def link(self, embed: bool, link: Any, start: int, end: int, size: int) -> None:
        kind = link["link_type"]
        block = self.block
        if not isinstance(kind, dict) or "WikiLink" not in kind:
            if kind == "Inline" and not embed:
                video = youtube(link["dest_url"])
                if video:
                    self.videos.append((video, _clean("".join(block.parts[size:]))))
            self.file_link(embed, link["dest_url"], start, end, size)
            return
        shown = "".join(block.parts[size:])
        del block.parts[size:], block.bytes[size:]
        written = self.raw[start + 2 + embed : end - 2].decode("utf-8", "surrogatepass")
        if "\n" in written:  # the sign of a quote is no part of the link that goes on in its next line
            written, shown = (_CONTINUED.sub(" ", each) for each in (written, shown))
        target, bar, _ = written.partition("|")
        target = " ".join(target.removesuffix("\\").split())
        at = start + 2
        if _TIME_TARGET.fullmatch(target) or target.replace(MARK, "").strip(" []") == "":
            # A pair of timestamps such as [[00:05:51], [00:05:57]] looks like a link and is none.
            block.parts.append(f"[{shown}]")
            block.bytes.append(at)
            return
        target, _, section = target.partition("#")
        if not (target.strip() or section.strip()):
            block.parts.append(written)
            block.bytes.append(at)
            return
        marks = shown.count(MARK)
        shown = shown.replace(MARK, "").replace(BAR, "|")
        shown = " ".join(shown.rpartition("|")[2].split()) if bar else shown
        if bar and self.label_first:
            shown = " ".join(written.partition("|")[2].replace(MARK, "").split())
        if bar:
            self.sides.append((target.strip(), written.partition("|")[2].partition("#")[0].strip()))
        found = Link(
            names.nfc(unescape(target).strip() if "&" in target else target.strip()),
            shown if bar else None,
            section.strip().strip("#^").strip() and section.strip(),
            embed,
            *self.place(start, end),
        )
        if self.label_first:
            found = found.turned()
            found = _dendron(found)
        leads = self.defined.get(" ".join(written.split()).casefold()) or self.defined.get(found.target.casefold()) if self.defined else None
        if leads and ("/" in leads[0] or names.key(leads[0].removesuffix(".md")) != names.key(found.target)):
            place = leads[0] if "/" not in leads[0] or leads[0][0] in "./" else f"./{leads[0]}"
            found = found._replace(target=place, section=found.section or leads[1], label=found.label or shown)
        key = block.key(len(block.parts))
        if key:
            found = found._replace(key=key)
        block.links.append((len(block.parts), found))
        block.parts.append(((found.label if bar else shown) or found.target) + MARK * marks)
        block.bytes.append(at)

    def file_link(self, embed: bool, address: str, start: int, end: int, size: int) -> None:
        """Take up a link to a note in Markdown's own form; its words are text of the block already."""
        block = self.block
        reference = logseq.REFERENCE.fullmatch(address) if address.startswith("((") else None
        leads = ("", f"^{reference[1].lower()}") if reference else destination(address)
        if leads:
            shown = " ".join("".join(block.parts[size:]).replace(MARK, "").split())
            place = self.place(start, end)
            block.links.append((size, Link(leads[0], shown, leads[1], embed, *place, "block" if reference else "markdown", block.key(size))))

    def define(self, text: str) -> None:
        """Take up what Foam writes below its notes: which file each wiki-link means."""
        for each in _DEFINITION.finditer(text):
            leads = destination(each[2] or each[3])
            if leads and leads[0]:
                self.defined.setdefault(" ".join(each[1].split()).casefold(), leads)

    def references(self, value: str, byte: int) -> None:
        """Take up Logseq's references to blocks, whose text is as it is written."""
        block = self.block
        seen = 0
        for each in logseq.REFERENCE.finditer(value):
            byte += len(value[seen : each.start()].encode("utf-8", "surrogatepass"))
            seen = each.start()
            place = self.place(byte, byte + len(each[0]))
            block.links.append(
                (len(block.parts) - 1, Link("", each[0], f"^{each[1].lower()}", False, *place, "block", block.key(len(block.parts) - 1)))
            )

    def unlink(self, line: int) -> None:
        """Take the links from names that the head of a page gives it."""
        for at, each in enumerate(self.passages):
            if each.line > line:
                break
            self.passages[at] = each._replace(links=tuple(link for link in each.links if link.key.casefold() not in ("title", "alias", "aliases")))

    # -- blocks ------------------------------------------------------------------------------

    def heading(self) -> None:
        block, self.block = self.block, _Block()
        while self.headings and self.sections[self.headings[-1]].level >= self.level:
            self.headings.pop()
        parent = self.headings[-1] if self.headings else -1
        self.headings.append(len(self.sections))
        self.current = len(self.sections)
        self.section(block, _clean("".join(block.parts)), self.level, self.heading_line, parent)

    def name(self, anchor: str) -> None:
        """Give the ids that wait for a part to one."""
        self.ids += [(each, anchor) for each in self.waiting]
        self.waiting = []

    def section(self, block: _Block, text: str, level: int, line: int, parent: int) -> None:
        for given, before in ((_BLOCK_ID, "^"), (_HEAD_ID, "")):
            if text and text[-1] != "." and (named := given.search(text)):
                self.waiting.append(before + named[1])
                text = text[: named.start()]
        base = names.anchor(text) or "section"
        if _TAKEN_ANCHOR.fullmatch(base):
            base += "-section"  # keeps clear of the ends that passages and issues have
        seen = self.anchors.get(base, -1) + 1
        self.anchors[base] = seen
        anchor = f"{base}-{seen}" if seen else base
        while seen and anchor in self.anchors:
            seen += 1
            anchor = f"{base}-{seen}"
        self.anchors.setdefault(anchor, 0)
        links = tuple(link for _, link in block.links)
        self.after_heading = True
        if self.waiting:
            self.name(anchor)
        self.sections.append(Section(anchor, level, text, line, parent, links, tuple(block.stamps)))

    def list_in_item(self) -> None:
        """Make a section of a bullet that has a bold label and now turns out to have a list."""
        if not self.items:
            return
        item, block = self.items[-1], self.block
        if block.parts and item.label is None:
            item.label, item.line = block.label(), self.line(block.bytes[0])
        if not item.label:
            return
        rest = "".join(block.parts[block.bold_end :]) if block.parts else "."
        if block.parts and not _LABEL_END.sub("", rest, count=1).strip(MARK + " \n.,;"):
            taken, self.block = block, _Block()
        else:
            taken = _Block()
            self.flush()
        self.section(taken, item.label, BULLET + len(self.items) - 1, item.line, self.current)
        self.current = len(self.sections) - 1
        item.label = ""

    def flush(self) -> None:
        """Cut the gathered block into passages, after each run of timestamps."""
        block = self.block
        if not block.parts:
            return
        self.block = _Block()
        text = "".join(block.parts)
        start = self.opening(block, text) if text[0] in "F[" else 0
        label = block.label() if block.bold_end > 0 else ""
        if self.items and self.items[-1].label is None:
            self.items[-1].label, self.items[-1].line = label, self.line(block.bytes[0])
        if block.stamps and not block.row:
            self.cut(block, text, start, label)
            return
        words = text[start:].replace(MARK, "") if block.stamps else text[start:]
        if words.strip():
            offsets = _offsets(block)
            cited = [link for part, link in block.links if start <= offsets[part]]
            self.passage(text[start:], _origin(block, text, start, offsets), label, cited, block.stamps)
        elif self.pending:
            self.leftover()

    def opening(self, block: _Block, text: str) -> int:
        """Say where a block's words begin, past the line that names the channel or the sort of a callout."""
        start = 0
        if text.startswith("From:") and block.links and not (self.sections or self.passages or self.items):
            start = self.channel_line(block, text)
        callout = _CALLOUT.match(text, start) if text.startswith("[!", start) else None
        return callout.end() if callout else start

    def cut(self, block: _Block, text: str, start: int, label: str) -> None:
        offsets = _offsets(block)
        links = [(offsets[part], link) for part, link in block.links]
        used = taken = 0
        for run in _RUN.finditer(text, start):
            count = run[0].count(MARK)
            here = block.stamps[used : used + count]
            used += count
            words = text[start : run.start()]
            if not words.strip():
                # The timestamp stands before its sentence: it belongs to the words that follow.
                self.pending += here
            else:
                stop = run[0].replace(MARK, "").strip(" \t\n,;")[-1:]
                words = words.rstrip() + stop if stop else words
                cited = []
                while taken < len(links) and links[taken][0] < run.end():
                    cited += [links[taken][1]] if start <= links[taken][0] else []
                    taken += 1
                self.passage(words, _origin(block, text, start, offsets), label, cited, here)
                label = ""
            start = run.end()
        if start < len(text) and text[start:].strip():
            cited = [link for at, link in links[taken:] if start <= at]
            self.passage(text[start:], _origin(block, text, start, offsets), label, cited, [])
        elif self.pending:
            self.leftover()

    def leftover(self) -> None:
        """Give timestamps that no words follow in their block to what stands before them.

        That is the heading, if it is nearest; at the very beginning they wait for the first words.
        """
        if self.after_heading:
            last = self.sections[-1]
            self.sections[-1] = last._replace(stamps=last.stamps + tuple(self.pending))
        elif self.passages:
            before = self.passages[-1]
            self.passages[-1] = before._replace(stamps=before.stamps + tuple(self.pending))
        else:
            return
        self.pending = []

    def channel_line(self, block: _Block, text: str) -> int:
        end = text.find("\n")
        end = len(text) if end < 0 else end + 1
        offsets = list(accumulate(map(len, block.parts), initial=0))
        here = [link for part, link in block.links if offsets[part] < end]
        rest = text[len("From:") : end]
        for link in here:
            rest = rest.replace(link.shown or link.target, "", 1)
        if rest.strip(" ,;&\t\n"):
            return 0  # a sentence that happens to begin so
        self.channels += here
        block.links = [each for each in block.links if offsets[each[0]] >= end]
        return end

    def quoted(self, text: str, line: int, links: Sequence[Link]) -> Passage:
        """Make a passage of a line of the front matter."""
        return Passage(self.digested(text), line, -1, "", text, tuple(links), ())

    def digested(self, text: str) -> str:
        """Give a passage's anchor, unique in the note."""
        digest = names.digest(text)
        seen = self.digests.get(digest, 0) + 1
        self.digests[digest] = seen
        return f"p-{digest}" if seen == 1 else f"p-{digest}-{seen}"

    def passage(self, words: str, byte: int, label: str, links: list[Link], stamps: list[Stamp]) -> None:
        text = _clean(words)
        block = ""
        if "^" in text and (named := _BLOCK_ID.search(text)):
            block, text = named[1], text[: named.start()]
            if not text and self.passages and not self.passages[-1].block:  # below a list or a table, whose last line has it now
                self.passages[-1] = self.passages[-1]._replace(block=block)
        elif ":: " in text:
            text, block = logseq.unhidden(text)
            if not text and block and self.after_heading:
                self.ids.append((f"^{block}", self.sections[-1].anchor))
        if not text:
            self.pending += stamps
            return
        anchor = self.digested(text)
        if self.pending:
            stamps = self.pending + stamps
            self.pending = []
        self.after_heading = False
        if self.waiting:
            self.name(anchor)
        self.passages.append(
            Passage(anchor, self.line(byte), self.current, label, text, tuple(links) if links else (), tuple(stamps) if stamps else (), block)
        )


def _dendron(link: Link) -> Link:
    """Read what Dendron adds to a link: another vault before the name, where a reference ends after the heading."""
    target = link.target
    if target.startswith("dendron://"):
        target = target.removeprefix("dendron://").partition("/")[2]
    return link._replace(target=target, section=_RANGE.sub("", link.section))


def _offsets(block: _Block) -> list[int]:
    """Say where in a block's text each of its parts begins."""
    return list(accumulate(map(len, block.parts), initial=0))


def _origin(block: _Block, text: str, start: int, offsets: Sequence[int]) -> int:
    """Say which byte the part came from that holds the first word at or after ``start``."""
    while text[start].isspace():
        start += 1
    at = bisect_right(offsets, start) - 1
    return block.bytes[min(at, len(block.bytes) - 1)]


def _clean(text: str) -> str:
    """Drop what markup left behind: blanks at both ends, in runs, and before a full stop."""
    marked = MARK in text
    if marked:
        text = text.replace(MARK, "")
    if "\u200b" in text:
        text = text.replace("\u200b", "")
    if "\n" in text:
        text = "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))
    elif "  " in text or not text.isprintable() or not text.isascii():
        text = " ".join(text.split())
    else:  # nine in ten
        text = text.strip()
    return _BEFORE_STOP.sub("", text) if marked else text
