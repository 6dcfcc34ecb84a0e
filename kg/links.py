"""Links as they are written, each with its place: wiki-links, links in Markdown's form, references to blocks.

What they lead to is not asked here; nor is the other note read. Where tools disagree, Obsidian is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from kg import logseq, names
from kg.addresses import destination, youtube
from kg.blocks import clean
from kg.model import MEDIA, Link
from kg.passages import Passages
from kg.timecodes import MARK
from kg.wrappers import BAR

_TIME_TARGET = re.compile(r"\[?\s*\d{1,3}:\d{2}(:\d{2})*\s*\]?")
_CONTINUED = re.compile(r"\n[ \t]*(?:>[ \t]*)+")
_SIZE = re.compile(r"\d+(?:x\d+)?")
_IDENTIFIED = re.compile(r"([^\W\d][\w-]*):(\d{8,14})")
_RANGE = re.compile(r"(?:,\d*)?(?::#.*)?$")
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]\r\n]+)\]:[ \t]+(?:<([^>\r\n]+)>|(\S+))", re.MULTILINE)


class Links(Passages):
    """What is read of one note so far, with its links."""

    def __init__(self, text: str, body: int, label_first: bool, tagged: bool) -> None:
        super().__init__(text, body)
        self.label_first, self.tagged = label_first, tagged
        self.videos: list[tuple[str, str]] = []
        self.sides: list[tuple[str, str]] = []
        self.defined: dict[str, tuple[str, str]] = {}

    def link(self, embed: bool, link: Any, start: int, end: int, size: int) -> None:
        kind = link["link_type"]
        block = self.block
        if not isinstance(kind, dict) or "WikiLink" not in kind:
            if kind == "Inline" and not embed:
                video = youtube(link["dest_url"])
                if video:
                    self.videos.append((video, clean("".join(block.parts[size:]))))
            self.file_link(embed, link["dest_url"], start, end, size)
            return
        if not self.raw.startswith(b"![[" if embed else b"[[", start):
            return  # of a link in the words of another, the parser may not know where it begins
        shown = "".join(block.parts[size:])
        del block.parts[size:], block.bytes[size:]
        inner = len(block.links)
        while inner and block.links[inner - 1][0] > size:  # a link in the words of this one stands where this one does
            inner -= 1
            block.links[inner] = (size, block.links[inner][1])
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
        target, sign, section = target.partition("#")
        section = section.strip().strip("#^").strip() and section.strip()
        if sign and not section and target.strip(" #"):
            target = f"{target.rstrip()}#"  # which may belong to the name, as in C#
        if not (target.strip() or section.strip()):
            block.parts.append(written)
            block.bytes.append(at)
            return
        marks = shown.count(MARK)
        shown = shown.replace(MARK, "").replace(BAR, "|")
        shown = " ".join(shown.split()) if bar else shown
        if bar and self.label_first:
            shown = " ".join(written.partition("|")[2].replace(MARK, "").split())
        if bar:
            self.sides.append((target.strip(), written.partition("|")[2].partition("#")[0].strip()))
        found = Link(
            names.nfc(target.strip()),
            shown if bar else None,
            section,
            embed,
            *self.place(start, end),
        )
        if bar and pictured(found.target):
            found = found._replace(label=caption(shown))
            shown = found.label or ""
        if ":" in found.target and (typed := _IDENTIFIED.fullmatch(found.target)):
            found = found._replace(target=typed[2], syntax="typed", key=typed[1])
        if self.label_first:
            found = found.turned()
            found = _dendron(found)
        leads = self.defined.get(" ".join(written.split()).casefold()) or self.defined.get(found.target.casefold()) if self.defined else None
        if leads and ("/" in leads[0] or names.key(leads[0].removesuffix(".md")) != names.key(found.target)):
            place = leads[0] if "/" not in leads[0] or leads[0][0] in "./" else f"./{leads[0]}"
            found = found._replace(target=place, section=found.section or leads[1], label=found.label or shown)
        key = block.key(len(block.parts))
        if key and not found.key:
            found = found._replace(key=key)
        block.links.append((len(block.parts), found))
        block.parts.append(((found.label if bar else shown) or unescape(found.target)) + MARK * marks)
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
        for each, start, end in _placed(logseq.REFERENCE, value, byte):
            self.within(Link("", each[0], f"^{each[1].lower()}", False, *self.place(start, end), "block"))

    def tags(self, value: str, byte: int) -> None:
        """Take up tags, whose text is as it is written."""
        for each, start, end in _placed(logseq.TAG, value, byte):
            self.within(Link(names.nfc(each[1]), each[0], "", False, *self.place(start, end), "tag"))

    def within(self, link: Link) -> None:
        """Take up a link in the part of the block that was gathered last."""
        size = len(self.block.parts) - 1
        self.block.links.append((size, link._replace(key=self.block.key(size))))


def _placed(form: re.Pattern[str], value: str, byte: int) -> Iterator[tuple[re.Match[str], int, int]]:
    """Find what has a form in a text that begins at a byte, each with its first byte and the one after its last."""
    seen = 0
    for each in form.finditer(value):
        byte += len(value[seen : each.start()].encode("utf-8", "surrogatepass"))
        seen = each.start()
        yield each, byte, byte + len(each[0].encode("utf-8", "surrogatepass"))


def pictured(target: str) -> bool:
    """Say whether a target is a file that is shown, and no note."""
    return "." in target and target.rpartition(".")[2].lower() in MEDIA


def caption(words: str) -> str | None:
    """Give what a reader sees of the words of a picture: the last that are no size; None if there are none.

    >>> caption("thumb|200px|The harbour"), caption("300"), caption("The harbour | 100x145")
    ('The harbour', None, 'The harbour')
    """
    shown = [each.strip() for each in words.split("|")]
    return next((each for each in reversed(shown) if each and not _SIZE.fullmatch(each.removesuffix("px"))), None)


def _dendron(link: Link) -> Link:
    """Read what Dendron adds to a link: another vault before the name, where a reference ends after the heading."""
    target = link.target
    if target.startswith("dendron://"):
        target = target.removeprefix("dendron://").partition("/")[2]
    return link._replace(target=target, section=_RANGE.sub("", link.section))
