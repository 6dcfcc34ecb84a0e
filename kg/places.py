"""Places in notes: the file, the line and the column, the words around, and the second of the video.

The index knows the line of every name and its place in a text without markup; the column is looked up
in the note itself, as long as that is what the graph was made of.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg import index, names, vault
from kg.config import Config
from kg.triples import iri_of, pairs

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.model import Mentioned


class Place(NamedTuple):
    """Where something is said: ``text[start:][:len(words)]`` is ``words``; lines and columns count from 1, a column of 0 is not known.

    ``play`` is the address of the video at the second that says it, or "".
    """

    path: str
    line: int
    column: int = 0
    text: str = ""
    words: str = ""
    start: int = 0
    play: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"


class Part(NamedTuple):
    """A title (anchor ""), a section or a passage: its first line (0: not known) and its text."""

    anchor: str
    line: int
    text: str


class Places:
    """The texts of one graph's notes, each read when it is first asked for."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.source = Path(graph.generation.manifest.source)
        self._parts: dict[str, dict[str, Part]] = {}
        self._lines: dict[str, list[str]] = {}

    @cached_property
    def paths(self) -> dict[str, str]:
        """The path of every note, by its IRI."""
        return dict(pairs(self.graph.store, iri_of(":path")))

    def parts(self, path: str) -> dict[str, Part]:
        """Give the texts of a note, by anchor."""
        known = self._parts.get(path)
        if known is None:
            folder = self.graph.generation.index
            title = min((label for _, label in pairs(self.graph.store, iri_of("rdfs:label"), self.graph.names.note(path))), default="")
            known = self._parts[path] = {"": Part("", 0, title)}
            known |= {row.anchor: Part(row.anchor, row.line, row.text) for row in index.sections(folder, path)}
            known |= {row.anchor: Part(row.anchor, row.line, row.text) for row in index.passages(folder, path)}
        return known

    def lines(self, path: str) -> list[str]:
        """Give the lines of a note's file; none if it was changed since the graph was made, or cannot be read."""
        known = self._lines.get(path)
        if known is None:
            note = vault.read(self.source, path, Config().largest)
            sha = [value for _, value in pairs(self.graph.store, iri_of("schema:sha256"), self.graph.names.note(path))]
            same = not isinstance(note, vault.Skipped) and [note.sha256] == sha
            known = self._lines[path] = note.text.split("\n") if same and not isinstance(note, vault.Skipped) else []
        return known

    def of(self, row: Mentioned) -> Place:
        """Give the place of a name."""
        text = self.parts(row.note).get(row.anchor, Part("", 0, "")).text
        return Place(row.note, row.line, self.column(row, text), text, row.surface, row.start, self.play(row.note, row.anchor))

    def whole(self, path: str, anchor: str, within: Iterable[Mentioned] = ()) -> Place:
        """Give the place of a passage or section, at the first of some names in it."""
        first = min((row for row in within if (row.note, row.anchor) == (path, anchor)), key=lambda row: row.start, default=None)
        part = self.parts(path).get(anchor, Part("", 0, ""))
        return self.of(first) if first else Place(path, part.line, 0, part.text, play=self.play(path, anchor))

    def part(self, iri: str) -> tuple[str, str]:
        """Give the path and the anchor of a passage or section by its IRI."""
        note, _, end = iri.partition("#")
        path = self.paths.get(note, "")
        return path, next((anchor for anchor in self.parts(path) if names.escaped(anchor) == end), "") if path else ""

    def around(self, path: str, line: int) -> Part:
        """Give the part that holds a line."""
        parts = [each for each in self.parts(path).values() if 0 < each.line <= line <= each.line + each.text.count("\n")]
        return max(parts, key=lambda each: each.line, default=Part("", 0, ""))

    def column(self, row: Mentioned, text: str) -> int:
        """Say in which column of its line a name begins; 0 where that is not certain."""
        lines = self.lines(row.note)
        written = lines[row.line - 1] if 0 < row.line <= len(lines) else ""
        name = row.surface.partition("\n")[0]
        before = text[text.rfind("\n", 0, row.start) + 1 : row.start]
        # Markup may stand close to the name: what is common to text and file gets shorter until it is found, once.
        for reach in (len(before), 24, 8, 2, 0):
            words = before[max(0, len(before) - reach) :] + name
            if name and written.count(words) == 1:
                return written.index(words) + len(words) - len(name) + 1
        return 0

    def play(self, path: str, anchor: str) -> str:
        """Give the first second at which a part is said, as an address to play; "" if none is known."""
        iri = f"{self.graph.names.note(path)}#{names.escaped(anchor)}"
        return min((moment for _, moment in pairs(self.graph.store, iri_of(":at"), iri)), key=lambda each: (len(each), each), default="")
