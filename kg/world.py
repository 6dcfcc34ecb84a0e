"""What one note must know of all the others to be written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeVar

from kg import corpus, kinds
from kg.clock import Cited, Evidence, evidence
from kg.config import Config
from kg.entities import Entity
from kg.kinds import Kind
from kg.lexicon import Concept
from kg.model import OfferKind
from kg.offered import Row
from kg.resolve import KINDS, Name, Table, keys
from kg.standing import Standing

_KEPT = 50_000
"""What was looked up and is kept, in entries."""

Value = TypeVar("Value")


class Described(NamedTuple):
    """The IRI of an entity, and all triples that describe it, the one of its class first."""

    iri: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """What a note must know of the others to be written: names, titles, concepts, and the value of every key."""

    config: Config
    table: Table
    titles: dict[str, str]
    """Title by path."""
    concepts: dict[tuple[str, str], Concept]
    pages: Mapping[str, tuple[str, str]]
    """Kind and title of what a note is the page of, by path."""
    value: Callable[[str], object]
    """The value of a key of :mod:`kg.corpus`."""
    precision: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Of each rule, by kind and name; one that is not there is certain."""
    kinds: Mapping[str, Kind] = field(default_factory=lambda: kinds.BUILTIN)
    settled: dict[tuple[str, str, str], Entity | str] = field(default_factory=dict)
    described: dict[Entity, Described] = field(default_factory=dict)
    """What has been worked out for one note and is the same for all."""

    def video(self, code: str) -> str:
        """Give the title of a video; "" if no note has it."""
        return str(self.value(f"video:{code}") or "")

    def evidence(self, video: str, own: Sequence[int]) -> Evidence:
        """Gather what the other notes on a video cite than that which cites ``own`` seconds of it."""
        known = self.value(f"stamps:{video}")
        cited = known if isinstance(known, Cited) else Cited()
        given = dict(self.config.durations).get(video, 0)
        return evidence(cited._replace(duration=given) if given else cited, own)

    def offered(self, key: str) -> Sequence[tuple[OfferKind, str, str]]:
        """Give the kinds, values and paths of what notes offer under a key that is not tallied."""
        said = self.value(key)
        return said[0] if isinstance(said, tuple) else ()

    def parts(self, path: str, target: str) -> str:
        """Give what can be linked to in the note at a path, which a link found by the name ``target``."""
        found = (value for key in keys(target) for _, value, owner in self.offered(f"parts:{key}") if owner == path)
        return next(found, "")

    def standing(self, kind: str, key: str) -> Standing | None:
        """Say how a name stands in the whole vault."""
        found = self.value(f"name:{kind}/{key}")
        return found if isinstance(found, Standing) else None

    def meaning(self, key: str) -> str:
        """Say what a name in capitals means, as kind and key; "" if nothing or several things."""
        return str(self.value(f"name:{key}") or "")


# -- known by asking ---------------------------------------------------------------------------------


class Names(Protocol):
    """What is known across notes, wherever it is held."""

    def offered(self, key: str) -> list[Row]:
        """Give what is offered under a key, sorted; of tallied keys with the number of notes."""

    def owner(self, path: str) -> tuple[str, str] | None:
        """Give the title of a note, and what it is the page of."""

    def spelling(self, key: str) -> str | None:
        """Give the spelling that stands for a name that no note offers."""


def asked(context: corpus.Context, concepts: dict[tuple[str, str], Concept], precision: Mapping[tuple[str, str], float], known: Names) -> World:
    """Make a world that asks for what a note needs, and not for the rest: an edit needs a hundred names of a million."""

    def named(key: str) -> list[Name]:
        return sorted(Name(kind, value, str(path)) for kind, value, path in known.offered(key) if kind in KINDS)

    def title(path: str) -> str | None:
        return owner[0] if (owner := known.owner(path)) else None

    def page(path: str) -> tuple[str, str] | None:
        owner = known.owner(path)
        kind, _, what = owner[1].partition("/") if owner else ("", "", "")
        return (kind, what) if kind else None

    return World(
        context.config,
        Table(Looked(named), known.spelling, context.kinds),
        Looked(title),
        concepts,
        Looked(page),
        lru_cache(_KEPT)(lambda key: corpus.value(key, known.offered(key), None)),
        precision,
        context.kinds,
    )


class Looked(dict[str, Value]):
    """A dictionary that looks up what it is asked for, and keeps some of it.

    >>> found = Looked({"a": 1}.get)
    >>> found.get("a"), found.get("b", 2), "b" in found, found["a"]
    (1, 2, False, 1)
    """

    def __init__(self, find: Callable[[str], Value | None]) -> None:
        super().__init__()
        self.find = find
        self.missing: set[str] = set()

    def __contains__(self, key: object) -> bool:
        if dict.__contains__(self, key):
            return True
        if not isinstance(key, str) or key in self.missing:
            return False
        if len(self) + len(self.missing) > _KEPT:
            self.clear()
            self.missing.clear()
        found = self.find(key)
        if found is None:
            self.missing.add(key)
            return False
        self[key] = found
        return True

    def __getitem__(self, key: str) -> Value:
        if key in self:
            return dict.__getitem__(self, key)
        raise KeyError(key)

    def get(self, key: str, default: Value | None = None) -> Value | None:  # type: ignore[override]
        """Give what is known of a key, or the default."""
        return dict.__getitem__(self, key) if key in self else default
