"""Things as they stand beside another: what they are called, of what kind they are, and where something is said of them.

Item     a thing, counted, with the best place that says so
Group    items of one sort
Things   looks them up in the triples, each once
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kg import lookup, turtle
from kg.names import ONTOLOGY, Names
from kg.network import Evidence
from kg.triples import iri_of, label_of, pointing_at, said_of, value

if TYPE_CHECKING:
    from pyoxigraph import Store


class Item(NamedTuple):
    """A thing, or a value (kind "value", whose ``iri`` is itself), beside the one that is shown: how many passages, claims or links speak for it (0: none, or not counted), the best place, its depth in an outline."""

    iri: str
    label: str
    kind: str
    times: int
    place: Evidence | None
    suggested: bool = False
    rule: str = ""
    depth: int = 0


class Group(NamedTuple):
    """Things of one sort; ``total`` of them, of which ``items`` are the first. ``property`` is "" for what is no property; ``inverse``: it points here."""

    title: str
    property: str
    inverse: bool
    total: int
    items: tuple[Item, ...]


class Things:
    """What is looked up of things, each once; ``sides`` are graphs: "" is what is said, the suggestions go after it."""

    def __init__(self, store: Store, names: Names, sides: tuple[str, ...]) -> None:
        self.store, self.names, self.sides = store, names, sides
        self.short_term = turtle.shortener(names)
        self.label = cache(lambda thing: label_of(store, thing, self.sides))
        self.kind = cache(self._kind)
        self.place = cache(self._place)
        self.part = cache(self._part)
        self.path = cache(lambda note: next(iter(self.values(note, ":path")), ""))

    def short(self, iri: str) -> str:
        return self.short_term(f"<{iri}>")

    def values(self, iri: str, word: str) -> list[str]:
        """Give what a property says of a thing, in order."""
        return sorted({value(quad.object) for side in self.sides for quad in said_of(self.store, iri, side, word)})

    def subjects(self, iri: str, word: str) -> dict[str, bool]:
        """Give what a property joins to a thing, and whether that is only suggested."""
        found: dict[str, bool] = {}
        for side in self.sides:
            for quad in pointing_at(self.store, iri, side, word):
                found.setdefault(value(quad.subject), bool(side))
        return found

    def objects(self, iri: str, word: str) -> dict[str, bool]:
        """Give what a property of a thing joins it to, and whether that is only suggested."""
        found: dict[str, bool] = {}
        for side in self.sides:
            for quad in said_of(self.store, iri, side, word):
                found.setdefault(value(quad.object), bool(side))
        return found

    def _part(self, iri: str) -> dict[str, dict[str, bool]]:
        """Read a passage or a section once: by property what it is joined to, and whether that is only suggested.

        A country that a thousand passages name is told in a fifth of the time that one question for each property took.
        """
        found: dict[str, dict[str, bool]] = {}
        for side in self.sides:
            for quad in said_of(self.store, iri, side):
                found.setdefault(quad.predicate.value, {}).setdefault(value(quad.object), bool(side))
        return found

    def joined(self, part: str, word: str) -> dict[str, bool]:
        """Give what a property of a passage or a section joins it to, as :meth:`objects` does."""
        return self.part(part).get(iri_of(word), {})

    def classes(self, iri: str) -> list[str]:
        return self.values(iri, "rdf:type")

    def _kind(self, iri: str) -> str:
        """Give the kind of a thing in small letters, as its IRI or its class has it."""
        own = [each.removeprefix(ONTOLOGY) for each in self.classes(iri) if each.startswith(ONTOLOGY)]
        if "Entity" in own and iri.startswith(self.names.base):
            return iri.removeprefix(self.names.base).partition("/")[0]
        named = [each for each in (*lookup.KINDS, *sorted(own)) if each in own]
        return {"MissingNote": "missing note"}.get(named[0], named[0].lower()) if named else "thing"

    def _place(self, part: str) -> Evidence:
        """Give the place of a passage, a section, an issue or a note."""
        note = next(iter(self.joined(part, ":note")), part)
        said = {word: min(self.joined(part, word), default="") for word in (":line", ":text", ":timecode")}
        text = said[":text"] or (self.label(part) if part != note else "")
        moment = min(self.joined(part, ":at"), key=lambda each: (len(each), each), default="")
        return Evidence(note, self.path(note), int(said[":line"] or "0"), text, said[":timecode"], moment)

    def item(self, iri: str, count: int, suggested: bool = False) -> Item:
        return Item(self.short(iri), self.label(iri), self.kind(iri), count, None, suggested)


def first(places: Iterable[Evidence]) -> Evidence | None:
    """Choose the place to show: one in a passage that plays before one that does not, then by path and line."""
    return min(places, key=lambda each: (not each.moment, each.path, each.line, each), default=None)


__all__ = ["Group", "Item", "Things", "first"]
