"""A note as a page: its Markdown without any markup of its own, its links to pages, what it names marked.

No HTML of a note is kept: its tags are left out, all its text is escaped. An address that is no page of this
server leads outside only if it is one of the web or of mail; pictures are named, and not loaded.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from kg import addresses, frontmatter, index, vault
from kg.comments import OPTIONS
from kg.config import Config
from kg.errors import visible
from kg.model import Stamp
from kg.names import STANDARD_PREFIXES, escaped
from kg.serve import links
from kg.timecodes import MARK, cover, readings, second
from kg.triples import iri_of, pairs
from kg.wrappers import unfenced

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.model import Note

LARGEST = 1024 * 1024
"""bytes of a note that is shown whole"""
_OUTSIDE = re.compile(r"(?:https?://|mailto:)[^\s<>\"']+", re.IGNORECASE)
_BLOCKS = {"Paragraph": "p", "Item": "li", "BlockQuote": "blockquote", "Table": "table", "TableRow": "tr", "TableCell": "td"}
_INLINE = {"Emphasis": "em", "Strong": "strong", "Strikethrough": "s", "Superscript": "sup", "Subscript": "sub"}
_LONGEST = Config().longest
_MANY = 400
"""names that are marked in one note at most"""


def read(graph: Graph, path: str) -> Note | None:
    """Read a note of the vault that the graph was made from; None if it is not there any more, or too long."""
    from pathlib import Path

    root = Path(graph.generation.manifest.source)
    file = root / path
    try:
        if not file.resolve(strict=True).is_relative_to(root.resolve()) or file.suffix.lower() != ".md":
            return None
    except OSError:
        return None
    found = vault.read(root, path, LARGEST)
    return None if isinstance(found, vault.Skipped) else found


def rendered(graph: Graph, note: Note) -> str:
    """Give the text of a note as HTML."""
    return _Page(graph, note).html()


class _Page:
    """One walk over the events of a note."""

    def __init__(self, graph: Graph, note: Note) -> None:
        text, _ = unfenced(note.text, 0) if note.text.lstrip()[:3] in ("```", "~~~") else (note.text, 0)
        body = frontmatter.read(text).body
        self.video = next((row.video for row in index.titles(graph.generation.index, note.path)), "")
        covered = cover(text[body:], video=self.video)
        self.text, self.stamps, self.written, self.stamp = covered.text, covered.stamps, covered.written, 0
        self.first = text.count("\n", 0, body) + 1
        self.starts = list(
            accumulate((len(line) for line in self.text.encode("utf-8", "surrogatepass").split(b"\n")), lambda a, b: a + b + 1, initial=0)
        )
        self.graph, self.path = graph, note.path
        folder = graph.generation.index
        self.targets: dict[tuple[int, str], str] = {}
        for row in index.links(folder, note.path):
            for key in ((row.line, row.target), (0, row.target)):
                self.targets.setdefault(key, row.found)
        self.sections = {row.line: row.anchor for row in index.sections(folder, note.path)}
        self.moments = self._moments()
        self.mark = self._marker()
        self.out: list[str] = []
        self.open: list[str] = []  # what each event that began ends with
        self.linked = self.hidden = self.head = 0
        self.above: list[int] = []  # levels of the headings around, as they are written
        self.anchored: set[int] = set()

    def html(self) -> str:
        from pyromark import events_with_range

        for event, where in events_with_range(self.text, options=OPTIONS):
            kind, given = next(iter(event.items())) if isinstance(event, dict) else (event, None)
            self.step(kind, given, self.line(where["start"]))
        return "".join(self.out)

    def line(self, start: int) -> int:
        return bisect_right(self.starts, start) - 1 + self.first

    # -- events ------------------------------------------------------------------------------------------

    def step(self, kind: str, given: Any, line: int) -> None:
        match kind:
            case "Start":
                name, told = next(iter(given.items())) if isinstance(given, dict) else (given, None)
                self.begin(name, told, line)
            case "End":
                ended = self.open.pop() if self.open else ""
                self.out.append(ended)
                if ended.endswith("</a>") or ended == _NO_LINK:
                    self.linked -= 1
                elif ended.endswith(("</code></pre>", "</figure>")):
                    self.hidden -= 1
                elif ended == "</thead>":
                    self.head = 0
            case "Text":
                for at, part in enumerate(given.split(MARK)):
                    if at:
                        self.played(line)
                    shown = visible_lines(part)
                    self.out.append(escape(shown) if self.linked or self.hidden else self.mark(shown))
            case "Code":
                self.out.append("<code>")
                for at, part in enumerate(given.split(MARK)):
                    if at:
                        self.out.append(escape(visible(self.next_stamp()[1])))
                    self.out.append(escape(visible(part)))
                self.out.append("</code>")
            case "SoftBreak":
                self.out.append("\n")
            case "HardBreak":
                self.out.append("<br>")
            case "Rule":
                self.out.append("<hr>")
            case "TaskListMarker":
                self.out.append("☑ " if given else "☐ ")
            case "FootnoteReference":
                name = escape(visible(given))
                self.out.append(f'<sup><a href="#fn-{name}">{name}</a></sup>')
            case "InlineHtml" | "Html":
                self.stamp += given.count(MARK)

    def begin(self, name: str, told: Any, line: int) -> None:
        match name:
            case "Heading":
                written = int(told["level"][1:])
                self.above = [*(each for each in self.above if each < written), written]
                level = min(len(self.above) + 1, 6)  # the page's own heading is the first; none is left out on the way down
                anchor = self.sections.get(line, "")
                self.anchored.add(line)
                self.out.append(f'<h{level} id="{escape(anchor)}"><span id="l{line}"></span>' if anchor else f'<h{level} id="l{line}">')
                self.open.append(f"</h{level}>\n")
            case "List":
                tag = "ul" if told is None else "ol"
                start = "" if told in (None, 1) else f' start="{int(told)}"'
                self.out.append(f"<{tag}{start}>")
                self.open.append(f"</{tag}>\n")
            case "TableHead":
                self.head = 1
                self.out.append("<thead><tr>")
                self.open.append("</tr></thead>")
            case "TableCell":
                tag = "th" if self.head else "td"
                self.out.append(f"<{tag}>")
                self.open.append(f"</{tag}>")
            case "CodeBlock":
                self.hidden += 1
                self.out.append('<pre tabindex="0"><code>')
                self.open.append("</code></pre>")
            case "Link" | "Image":
                self.link(told["dest_url"], line, picture=name == "Image", wiki="WikiLink" in str(told["link_type"]))
            case "FootnoteDefinition":
                self.out.append(f'<div class="footnote" id="fn-{escape(visible(str(told)))}">')
                self.open.append("</div>")
            case "HtmlBlock":
                self.open.append("")
            case _ if name in _INLINE:
                self.out.append(f"<{_INLINE[name]}>")
                self.open.append(f"</{_INLINE[name]}>")
            case _ if name in _BLOCKS:
                self.head = 0 if name == "TableRow" else self.head
                self.out.append(f"<{_BLOCKS[name]}{self.named(line)}>")
                self.open.append(f"</{_BLOCKS[name]}>\n")
            case _:
                self.open.append("")

    def named(self, line: int) -> str:
        """Give the id of the first block of a line, so that links lead to it."""
        if line in self.anchored:
            return ""
        self.anchored.add(line)
        return f' id="l{line}"'

    # -- links and timestamps --------------------------------------------------------------------------------

    def link(self, address: str, line: int, *, picture: bool, wiki: bool) -> None:
        target = address.partition("#")[0].strip() if wiki else (addresses.destination(address) or ("", ""))[0]
        found = self.targets.get((line, target), self.targets.get((0, target)))
        where, sort = "", ""
        if found:
            where, sort = links.address(self.graph.names.note(found), self.graph.names), "note"
        elif found is not None and target:
            where, sort = "/search?q=" + links.quoted(target), "missing"
        elif not wiki and _OUTSIDE.fullmatch(address):
            where, sort = address, "outside"
        if where and not self.linked:
            rel = ' rel="noreferrer noopener"' if sort == "outside" else ""
            self.out.append(f'<a class="{sort}" href="{escape(where)}"{rel}>{"🖼 " if picture else ""}')
            self.open.append("</a>")
        else:
            self.out.append("🖼 " if picture else "")
            self.open.append(_NO_LINK)
        self.linked += 1

    def _moments(self) -> dict[tuple[int, Stamp], str]:
        """Give the playable addresses of the timestamps, by line and by what is written; line 0 stands for any.

        What settled a second that may be read in two ways is no longer known here: the reading that the graph has is the right one.
        """
        folder, found = self.graph.generation.index, dict[tuple[int, Stamp], str]()
        parts = {row.anchor: row.second for rows in (index.passages, index.sections) for row in rows(folder, self.path)}
        for row in index.stamps(folder, self.path) if self.video else ():
            stamp = Stamp(row.written, row.shown, 0)
            known = {parts.get(row.anchor, -1), *self._said_at(row.anchor)} - {-1}
            meant = {each for each in known if each in readings(stamp.code, each)} or set(readings(stamp.code, _LONGEST))
            if len(meant) == 1:
                address = f"{STANDARD_PREFIXES['yt']}{self.video}?t={meant.pop()}"
                found.setdefault((row.line, stamp), address)
                found.setdefault((0, stamp), address)
        return found

    def _said_at(self, anchor: str) -> list[int]:
        """Give the seconds at which the graph has a part of the note."""
        part = f"{self.graph.names.note(self.path)}#{escaped(anchor)}"
        seconds = (second(address) for _, address in pairs(self.graph.store, iri_of(":at"), part))
        return [each for each in seconds if each is not None]

    def next_stamp(self) -> tuple[Stamp, str]:
        """Give the next timestamp of the text, and all that is written of it."""
        self.stamp += 1
        at = self.stamp - 1
        return (self.stamps[at]._replace(line=0), self.written[at]) if at < len(self.stamps) else (Stamp("", "", 0), "")

    def played(self, line: int) -> None:
        """Write a timestamp, as a link that plays where its second is known."""
        stamp, _ = self.next_stamp()
        moment = self.moments.get((line, stamp)) or self.moments.get((0, stamp))
        shown = escape(visible(stamp.raw))
        if moment and not self.linked and not self.hidden:
            self.out.append(f'<a class="play" href="{escape(moment)}" rel="noreferrer noopener"><span aria-hidden="true">▶</span> {shown}</a>')
        else:
            self.out.append(f"[{shown}]" if shown else "")

    # -- what it names ---------------------------------------------------------------------------------------

    def _marker(self) -> Callable[[str], str]:
        """Make the function that escapes a text and marks the names in it."""
        meant: dict[str, set[str]] = {}
        for row in index.mentions(self.graph.generation.index, self.path):
            if row.fact and not row.why and row.surface.strip():
                meant.setdefault(row.surface, set()).add(self.graph.names.entity(row.kind, row.key))
        plain = {surface: next(iter(found)) for surface, found in meant.items() if len(found) == 1}
        surfaces = sorted(plain, key=len, reverse=True)[:_MANY]
        if not surfaces:
            return escape
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, surfaces))})(?!\w)")
        pages = {surface: links.address(plain[surface], self.graph.names) for surface in surfaces}

        def mark(text: str) -> str:
            return "".join(self._marked(text, pattern, pages))

        return mark

    @staticmethod
    def _marked(text: str, pattern: re.Pattern[str], pages: dict[str, str]) -> Iterator[str]:
        at = 0
        for match in pattern.finditer(text):
            yield escape(text[at : match.start()])
            yield f'<a class="named" href="{escape(pages[match[0]])}">{escape(match[0])}</a>'
            at = match.end()
        yield escape(text[at:])


_NO_LINK = "<!-- -->"
"""What a link ends with that is none."""


def visible_lines(text: str) -> str:
    """Replace control characters, but keep the line ends of code."""
    return "\n".join(map(visible, text.split("\n")))


__all__ = ["read", "rendered"]
