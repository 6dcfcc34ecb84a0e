"""A note's sections and passages: headings, and blocks cut where a run of timestamps ends what was said.

Whoever walks over a note gathers a :class:`kg.blocks.Block`, and says when it ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

from kg import blocks, logseq, names
from kg.blocks import Block, Item, clean, tidy
from kg.model import Flaw, Link, Passage, Section, Stamp
from kg.positions import Positions
from kg.timecodes import MARK
from kg.wrappers import COLON, HASH, heard, mute, muted

BULLET = 7
"""Level of a labelled bullet that counts as a section; nested ones count up from here."""

# A quotation mark that a word follows opens what is said next.
_RUN = re.compile(rf"{MARK}(?:[\s,;.–—-]*{MARK})*(?:[\s.,;:!?…)\]*_]|[\"”’](?!\w))*")
_CALLOUT = re.compile(r"\[!\w+\][+-]?[ \t]*\n?")
_LABEL_END = re.compile(r"\s*[:.]?\s*")
_TAKEN_ANCHOR = re.compile(r"[pic]-[0-9a-f]{8}(-\d+)?")
_BLOCK_ID = re.compile(r"(?:^|\s+)\^([A-Za-z0-9-]+)$")
_HEAD_ID = re.compile(r"[ \t]*\{#([^\s{}]+)\}$")


_TIME = re.compile(r"\W*\d+(?:[hms:.]+\d+)*[hms]?\W*")


@lru_cache(maxsize=1024)
def _run_stamps(run: str) -> tuple[int, str]:
    """Say how many timestamps are in a run, and the stop that stands among them, if one does."""
    return run.count(MARK), run.replace(MARK, "").strip(" \t\n,;")[-1:]


class Passages(Positions):
    """What is read of one note so far: its sections, its passages, and the block that is open."""

    def __init__(self, text: str, body: int, video: str = "") -> None:
        super().__init__(text, body, video)
        self.block = Block()
        self.current = -1
        self.level = 0
        self.heading_line = 0
        self.headings: list[int] = []
        self.items: list[Item] = []
        self.anchors: dict[str, int] = {}
        self.digests: dict[str, int] = {}
        self.pending: list[Stamp] = []
        self.after_heading = False
        self.sections: list[Section] = []
        self.passages: list[Passage] = []
        self.channels: list[Link] = []
        self.flaws: list[Flaw] = []
        self.ids: list[tuple[str, str]] = []
        self.codes: list[tuple[int, str]] = []
        self.videos: list[tuple[str, str]] = []
        self.watched: list[tuple[str, str]] = []  # the same, as long as every bullet is nothing but the link to a video
        self.bullets = 0
        self.waiting: list[str] = []  # ids that HTML gives to what follows

    def heading(self) -> None:
        block, self.block = self.block, Block()
        while self.headings and self.sections[self.headings[-1]].level >= self.level:
            self.headings.pop()
        parent = self.headings[-1] if self.headings else -1
        self.headings.append(len(self.sections))
        self.current = len(self.sections)
        text = clean("".join(block.parts))
        self.videos += [(video, title) for video, title in block.videos if title and text.startswith(title) and not _TIME.fullmatch(title)]
        self.section(block, text, self.level, self.heading_line, parent)

    def name(self, anchor: str) -> None:
        """Give the ids that wait for a part to one."""
        self.ids += [(each, anchor) for each in self.waiting]
        self.waiting = []

    def section(self, block: Block, text: str, level: int, line: int, parent: int) -> None:
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
            taken, self.block = block, Block()
        else:
            taken = Block()
            self.flush()
        self.section(taken, item.label, BULLET + len(self.items) - 1, item.line, self.current)
        self.current = len(self.sections) - 1
        item.label = ""

    def flush(self) -> None:
        """Cut the gathered block into passages, after each run of timestamps."""
        block = self.block
        if not block.parts:
            return
        self.block = Block()
        text = "".join(block.parts)
        if block.row and (key := blocks.ROW_FIELD.match(text)):
            text = f"{key[1]}{muted('::')}{text[key.end() :]}"
        start = self.opening(block, text) if text[0] in "F[" else 0
        label = block.label() if block.bold_end > 0 else ""
        if self.items:
            self.bullets += 1
            self.watched += [each for each in block.videos if clean(text) == each[1]]
        if self.items and self.items[-1].label is None:
            self.items[-1].label, self.items[-1].line = label, self.line(block.bytes[0]) if label else 0
        if block.stamps and not block.row:
            self.cut(block, text, start, label)
            return
        words = text[start:].replace(MARK, "") if block.stamps else text[start:]
        if words.strip():
            offsets = blocks.offsets(block)
            if "::" in words and "\n" in words and len(lines := blocks.fields(block, text, start, offsets)) > 1:
                self.fields(block, text, lines, label, offsets)
                return
            cited = [link for part, link in block.links if start <= offsets[part]]
            self.passage(text[start:], blocks.origin(block, text, start, offsets), label, cited, block.stamps)
        elif self.pending:
            self.leftover()

    def fields(self, block: Block, text: str, lines: list[int], label: str, offsets: list[int]) -> None:
        """Make passages of a block that begin at some places of its text: a value under a key stands on a line of its own."""
        links = [(offsets[part], link) for part, link in block.links]
        hidden = logseq.hidden(text[lines[0] :])  # the id of the block, wherever it stands among the fields, is that of its first line
        taken = 0
        for start, end in pairwise((*lines, len(text))):
            cited = []
            while taken < len(links) and links[taken][0] < end:
                cited += [links[taken][1]] if start <= links[taken][0] else []
                taken += 1
            words = text[start:end].rstrip("\n")
            if hidden:
                words = logseq.unhidden(words)[0] + (f"\n{hidden}" if start == lines[0] else "")
            if words.strip():
                self.passage(words, blocks.origin(block, text, start, offsets), label, cited, [])
            label = ""

    def opening(self, block: Block, text: str) -> int:
        """Say where a block's words begin, past the line that names the channel or the sort of a callout."""
        start = 0
        if text.startswith("From:") and block.links and not (self.sections or self.passages or self.items):
            start = self.channel_line(block, text)
        callout = _CALLOUT.match(text, start) if text.startswith("[!", start) else None
        return callout.end() if callout else start

    def cut(self, block: Block, text: str, start: int, label: str) -> None:
        offsets = blocks.offsets(block)
        links = [(offsets[part], link) for part, link in block.links]
        used = taken = 0
        led = False
        for run in _RUN.finditer(text, start):
            first, end = run.span()
            count, stop = _run_stamps(run[0])
            here = block.stamps[used : used + count]
            used += count
            words = text[start:first].rstrip()
            if not words:
                # The timestamp stands before its sentence: it belongs to the words that follow.
                self.pending += here
                led |= used == count
            else:
                # Where one stands before the first line, so do those that begin the next.
                opens = led and text[first - 1] == "\n"
                cited = []
                while taken < len(links) and links[taken][0] < end:
                    cited += [links[taken][1]] if start <= links[taken][0] else []
                    taken += 1
                self.passage(words + ("" if opens else stop), blocks.origin(block, text, start, offsets), label, cited, [] if opens else here)
                self.pending += here if opens else []
                label = ""
            start = end
        if start < len(text) and text[start:].strip():
            cited = [link for at, link in links[taken:] if start <= at]
            self.passage(text[start:], blocks.origin(block, text, start, offsets), label, cited, [])
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

    def channel_line(self, block: Block, text: str) -> int:
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
        text = tidy(words)
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
        silent = mute(text) if HASH in text or COLON in text else ()
        if silent:
            text = heard(text)
        anchor = self.digested(text)
        if self.pending:
            stamps = self.pending + stamps
            self.pending = []
        self.after_heading = False
        if self.waiting:
            self.name(anchor)
        self.passages.append(
            Passage(anchor, self.line(byte), self.current, label, text, tuple(links) if links else (), tuple(stamps) if stamps else (), block, silent)
        )

    def listed(self) -> list[tuple[str, str]]:
        """Give the videos that the note lists, with their titles: as headings, or as bullets that are nothing but links to them."""
        bullets = self.watched if len(self.watched) == self.bullets == len(self.passages) > 1 else []
        found = self.videos or bullets
        chapters = len(found) > 1 and len({video for video, _ in found}) == 1
        return [] if chapters else found

    def unlink(self, line: int) -> None:
        """Take the links from names that the head of a page gives it."""
        for at, each in enumerate(self.passages):
            if each.line > line:
                break
            if each.links and each.text.partition("::")[0].strip().casefold() in ("title", "alias", "aliases"):
                self.passages[at] = each._replace(links=())
