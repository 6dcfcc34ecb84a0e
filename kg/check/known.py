"""What a check looks up in the graph, its index and the notes, each once."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg import dialect, index, names, resolve, vault
from kg.check.near import Near
from kg.check.texts import Texts
from kg.config import Config
from kg.lookup import notes_by_name
from kg.resolve import Table, wanted_name
from kg.triples import iri_of, pairs, said_of, subjects, value

if TYPE_CHECKING:
    from kg.graph import Graph


class Issue(NamedTuple):
    """Something wrong in a note, as the graph has it."""

    note: str
    line: int
    code: str
    text: str


class Checked:
    """One graph with the notes that it was made from."""

    def __init__(self, graph: Graph, config: Config) -> None:
        self.graph, self.config = graph, config
        self.source = Path(graph.generation.manifest.source)
        self.texts = Texts(self.source, config.largest)
        self.label_first = graph.generation.manifest.dialect in dialect.LABEL_FIRST
        self._within: dict[str, tuple[list[str], dict[str, str], Near]] = {}

    @cached_property
    def paths(self) -> dict[str, str]:
        """The path of every note, by its IRI."""
        return dict(pairs(self.graph.store, iri_of(":path")))

    @cached_property
    def issues(self) -> list[Issue]:
        """Everything that the build found wrong, in order."""
        found = []
        for iri in subjects(self.graph.store, iri_of("rdf:type"), iri_of(":Issue")):
            said = {each.predicate.value.rpartition("#")[2]: value(each.object) for each in said_of(self.graph.store, iri)}
            if said.get("note") in self.paths:
                found.append(Issue(self.paths[said["note"]], int(said["line"]), said["code"], said["text"]))
        return sorted(found)

    @cached_property
    def links(self) -> list[index.LinkRow]:
        """Every link, in order."""
        return sorted(index.links(self.graph.generation.index), key=lambda row: row[:3])

    @cached_property
    def titles(self) -> dict[str, index.TitleRow]:
        """What each note is called, by its path."""
        return {row.note: row for row in index.titles(self.graph.generation.index)}

    @cached_property
    def aliases(self) -> list[tuple[str, str]]:
        """Every alias of a note, with its path, in order."""
        store = self.graph.store
        return sorted((self.paths[iri], label) for iri, label in pairs(store, iri_of("skos:altLabel")) if iri in self.paths)

    @cached_property
    def table(self) -> Table:
        """Every name that notes answer to."""
        return notes_by_name(self.graph.store, self.paths, Path(self.graph.generation.manifest.source))

    @cached_property
    def near(self) -> Near:
        """The names of notes, to find those that come near another."""
        return Near(self.table.names)

    @cached_property
    def missing(self) -> dict[str, list[index.LinkRow]]:
        """The links that lead to no note, by the key of the name that they ask for."""
        found: dict[str, list[index.LinkRow]] = defaultdict(list)
        for row in self.links:
            target = wanted(row)
            if target and not row.found and row.role == "link":
                found[names.key(target)].append(row)
        return found

    def within(self, path: str) -> tuple[list[str], dict[str, str], Near]:
        """The headings of one note: in order, by the keys of their words, and those keys to find what comes near another."""
        if path not in self._within:
            there = [each.text for each in index.sections(self.graph.generation.index, path) if each.text]
            keys = {names.key(each): each for each in reversed(there)}
            self._within[path] = there, keys, Near(keys)
        return self._within[path]

    @cached_property
    def headings(self) -> dict[str, list[index.SectionRow]]:
        """The sections of all notes, by the key of their words."""
        found: dict[str, list[index.SectionRow]] = defaultdict(list)
        for row in index.sections(self.graph.generation.index):
            found[names.key(row.text)].append(row)
        return found

    def spelling(self, path: str, source: str) -> str:
        """Give the shortest name by which a link in one note means another for sure; "" if there is none.

        Sure is what matches the file's name as written, and no other file's.
        """
        whole = vault.cut(path)
        for name in (whole.rpartition("/")[2], whole, f"/{whole}"):
            found = resolve.resolve(self.table, name, source)
            if found.path == path and found.tier == "exact" and not found.others and wanted_name(name) == name:
                return name
        return ""

    def shown(self, path: str, source: str) -> str:
        """Write a link to a note, for a person."""
        return f"[[{self.spelling(path, source) or vault.cut(path)}]]"


def wanted(row: index.LinkRow) -> str | None:
    """Give the name that a link asks for, or None where it asks for no other note."""
    return wanted_name(row.target)


__all__ = ["Checked", "Issue", "wanted"]
