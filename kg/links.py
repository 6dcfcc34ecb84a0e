"""Links as they are written, each with its place: wiki-links, links in Markdown's form, references to blocks.

What they lead to is not asked here; nor is the other note read. Where tools disagree, Obsidian is followed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from html import unescape
from typing import Any

from kg import logseq, names
from kg.addresses import destination, youtube
from kg.blocks import clean
from kg.model import MEDIA, Link
from kg.passages import Passages
from kg.timecodes import MARK
from kg.vault import cut
from kg.wrappers import BAR, HASH, heard

_TIME_TARGET = re.compile(r"\[?\s*\d{1,3}:\d{2}(:\d{2})*\s*\]?")
_CONTINUED = re.compile(r"\n[ \t]*(?:>[ \t]*)+")
_SIZE = re.compile(r"\d+(?:x\d+)?")
_IDENTIFIED = re.compile(r"([^\W\d][\w-]*):(\d{8,14})")
_RANGE = re.compile(r"(?:,\d*)?(?::#.*)?$")
_MATH = re.compile(
    rb"^[ \t>]*(?:```|~~~)[^\n]*\n(?s:.*?)(?:^[ \t>]*(?:```|~~~)|\Z)|(?<!`)(`+)(?!`)[^`\n]*\1(?!`)"
    rb"|(\$\$(?:[^$\n]|\n(?![ \t]*\n))*\$\$|(?<![\\$\w])\$(?=[^\s$])[^$\n]*(?<=[^\s\\])\$(?![\w$]))",
    re.MULTILINE,
)
"""Code, whose dollars are none, or, as the last group, what stands between dollars as Obsidian reads them: close to it, in one line, and no prices; or in one paragraph between two of them."""
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]\r\n]+)\]:[ \t]+(?:<([^>\r\n]+)>|(\S+))", re.MULTILINE)


class Links(Passages):
    """What is read of one note so far, with its links."""

    def __init__(self, text: str, body: int, label_first: bool, tagged: bool, video: str = "") -> None:
        super().__init__(text, body, video)
        self.label_first, self.tagged = label_first, tagged
        self.sides: list[tuple[str, str]] = []
        self.defined: dict[str, tuple[str, str]] = {}
        self.math = [each.span() for each in _MATH.finditer(self.raw) if each[2]] if b"$" in self.raw else []
        """Where mathematics stands, in bytes of the body."""
        self.keyed = "::" in self.text

    def key(self, size: int) -> str:
        """Give the key of the field in the open block that a link after so many parts stands in; most notes have no field."""
        return self.block.key(size) if self.keyed else ""

    def link(self, embed: bool, link: Any, start: int, end: int, size: int) -> None:
        """Take up a link, or what looks like one and is none.

        ``start`` and ``end`` are the half-open stretch that it stands in, in bytes of the body as it is parsed. ``size`` counts the
        parts of the block that were gathered before it: those after are its words.
        """
        kind = link["link_type"]
        if not isinstance(kind, dict) or "WikiLink" not in kind:
            self._outside(embed, kind, link["dest_url"], start, end, size)
            return
        if not self.raw.startswith(b"![[" if embed else b"[[", start):
            return  # of a link in the words of another, the parser may not know where it begins
        block = self.block
        shown = "".join(block.parts[size:])
        del block.parts[size:], block.bytes[size:]
        if block.links and block.links[-1][0] > size:
            self._hoist_inner(size)
        written = self.raw[start + 2 + embed : end - 2].decode("utf-8", "surrogatepass")
        if "\n" in written:  # the sign of a quote is no part of the link that goes on in its next line
            written, shown = (_CONTINUED.sub(" ", each) for each in (written, shown))
        if self.math and self.calculated(start):
            self._as_text(f"[[{written}]]", start)
            return
        before, bar, after = written.partition("|")
        before = " ".join(before.removesuffix("\\").split())
        if _TIME_TARGET.fullmatch(before) or before.replace(MARK, "").strip(" []") == "":
            # A pair of timestamps such as [[00:05:51], [00:05:57]] looks like a link and is none.
            self._as_text(f"[{shown}]", start + 2)
            return
        target, section = _read_target(before)
        if not (target or section):
            self._as_text(written, start + 2)
            return
        marks = shown.count(MARK)
        shown = heard(shown).replace(MARK, "").replace(BAR, "|")
        if bar:
            shown = " ".join((after.replace(MARK, "") if self.label_first else shown).split())
            self.sides.append((target, after.partition("#")[0].strip()))
            if block.parts and block.parts[-1].endswith("#"):  # the words are no tag
                block.parts[-1] = block.parts[-1][:-1] + HASH
        found = Link(names.nfc(target), shown if bar else None, section, embed, *self.place(start, end))
        if bar and pictured(found.target):
            found = found._replace(label=caption(shown))
            shown = found.label or ""
        if ":" in found.target and (typed := _IDENTIFIED.fullmatch(found.target)):
            found = found._replace(target=typed[2], syntax="typed", key=typed[1])
        if self.label_first:
            found = _dendron(found.turned())
        if self.defined:
            found = self._defined(found, written, shown)
        key = self.key(len(block.parts))
        if key and not found.key:
            found = found._replace(key=key)
        block.links.append((len(block.parts), found))
        self._as_text(((found.label if bar else shown) or unescape(found.target)) + MARK * marks, start + 2)

    def _as_text(self, words: str, byte: int) -> None:
        """Add words, which begin at a byte of the body, to the text of the block."""
        self.block.parts.append(words)
        self.block.bytes.append(byte)

    def _outside(self, embed: bool, kind: Any, address: str, start: int, end: int, size: int) -> None:
        """Take up a link in Markdown's own form: to a video, to a note."""
        if kind == "Inline" and not embed:
            video = youtube(address)
            if video:
                self.block.videos.append((video, clean("".join(self.block.parts[size:]))))
        self.file_link(embed, address, start, end, size)

    def _hoist_inner(self, size: int) -> None:
        """Let the links in the words of another stand where that does, since its words become one part of the block."""
        found = self.block.links
        inner = len(found)
        while inner and found[inner - 1][0] > size:
            inner -= 1
            found[inner] = (size, found[inner][1])

    def _defined(self, link: Link, written: str, shown: str) -> Link:
        """Give the link to the file that a definition below the note names for it, if one does and its name is another."""
        leads = self.defined.get(" ".join(written.split()).casefold()) or self.defined.get(link.target.casefold())
        if not leads or ("/" not in leads[0] and names.key(cut(leads[0])) == names.key(link.target)):
            return link
        place = leads[0] if "/" not in leads[0] or leads[0][0] in "./" else f"./{leads[0]}"
        return link._replace(target=place, section=link.section or leads[1], label=link.label or shown)

    def calculated(self, byte: int) -> bool:
        """Say whether a byte of the body stands in mathematics, which is no text."""
        at = bisect_right(self.math, (byte, len(self.raw))) - 1
        return at >= 0 and byte < self.math[at][1]

    def file_link(self, embed: bool, address: str, start: int, end: int, size: int) -> None:
        """Take up a link to a note in Markdown's own form; its words are text of the block already."""
        block = self.block
        reference = logseq.REFERENCE.fullmatch(address) if address.startswith("((") else None
        leads = ("", f"^{reference[1].lower()}") if reference else destination(address)
        if leads:
            shown = " ".join(heard("".join(block.parts[size:])).replace(MARK, "").split())
            place = self.place(start, end)
            block.links.append((size, Link(leads[0], shown, leads[1], embed, *place, "block" if reference else "markdown", self.key(size))))

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
        self.block.links.append((size, link._replace(key=self.key(size))))


def _read_target(written: str) -> tuple[str, str]:
    """Part what stands before the bar, without blanks at its ends, at its hash sign: a name, and a heading or a block; a sign may belong to the name.

    >>> _read_target("Quay #Tides"), _read_target("#^a1"), _read_target("C#")
    (('Quay', 'Tides'), ('', '^a1'), ('C#', ''))
    """
    target, sign, section = written.partition("#")
    if not sign:
        return target, ""
    target, section = target.strip(), section.strip()
    if not section.strip("#^").strip():
        return f"{target}#" if target else "", ""
    return target, section


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
