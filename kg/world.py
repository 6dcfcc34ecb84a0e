"""What one note must know of all the others to be written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kg import corpus, kinds
from kg.clock import Evidence, evidence
from kg.config import Config
from kg.entities import Entity
from kg.kinds import Kind
from kg.lexicon import Concept
from kg.resolve import Table
from kg.standing import Standing


class Described(NamedTuple):
    """The IRI of an entity, and all triples that describe it, the one of its class first."""

    iri: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """What a note must know of the others to be written: names, titles of videos, concepts."""

    config: Config
    table: Table
    titles: dict[str, str]
    """Title by path."""
    videos: dict[str, str]
    """Title by id of the video."""
    concepts: dict[tuple[str, str], Concept]
    pages: Mapping[str, tuple[str, str]]
    """Kind and title of what a note is the page of, by path."""
    value: Callable[[str], object]
    """The value of a key of :mod:`kg.corpus`."""
    precision: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Of each rule, by kind and name; one that is not there is certain."""
    kinds: Mapping[str, Kind] = field(default_factory=lambda: kinds.BUILTIN)
    stamps: dict[str, dict[str, tuple[int, ...]]] = field(default_factory=dict)
    """Seconds that are certain by form, by video and by path of the note that cites them."""
    durations: dict[str, int] = field(default_factory=dict)
    """Length by video, in seconds, where an author gave it."""

    settled: dict[tuple[str, str, str], Entity | str] = field(default_factory=dict)
    described: dict[Entity, Described] = field(default_factory=dict)
    """What has been worked out for one note and is the same for all."""

    def evidence(self, video: str, path: str) -> Evidence:
        """Gather what the other notes on a video cite."""
        cited = self.stamps.get(video, {})
        return evidence([each for other, each in cited.items() if other != path], cited.get(path, ()), self.durations.get(video, 0))

    def offered(self, key: str) -> Sequence[tuple[str, str, str]]:
        """Give the kinds, values and paths of what notes offer under a key that is no name of an entity."""
        said = self.value(key)
        return said[0] if isinstance(said, tuple) else ()

    def parts(self, path: str, target: str) -> str:
        """Give what can be linked to in the note at a path, which a link found by the name ``target``."""
        found = (value for key in corpus.keys(target) for _, value, owner in self.offered(f"parts:{key}") if owner == path)
        return next(found, "")

    def standing(self, kind: str, key: str) -> Standing | None:
        """Say how a name stands in the whole vault."""
        found = self.value(f"name:{kind}/{key}")
        return found if isinstance(found, Standing) else None

    def meaning(self, key: str) -> str:
        """Say what a name in capitals means, as kind and key; "" if nothing or several things."""
        return str(self.value(f"name:{key}") or "")
