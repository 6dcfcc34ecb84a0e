"""What is said by one who writes into the graph, a note or the vocabulary, and how things that they share are described."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.entities import Entity
from kg.model import Mentioned
from kg.names import Names
from kg.terms import (
    ALT_LABEL,
    CLAIM,
    CONFIDENCE,
    DECIMAL,
    IN_SCHEME,
    LABEL,
    OBJECT,
    PAGE,
    PREDICATE,
    PREF_LABEL,
    RULE,
    SUBJECT,
    TYPE,
    literal,
    term,
)  # fmt: skip
from kg.world import Described, World


@dataclass
class Side:
    """Triples of one side: certain, or guessed."""

    private: list[str] = field(default_factory=list)
    shared: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)


@dataclass
class Emission:
    """What one note says, and what is only guessed of it."""

    note: str
    said: Side = field(default_factory=Side)
    guessed: Side = field(default_factory=Side)
    links: int = 0
    broken: int = 0
    issued: int = 0
    mentions: list[Mentioned] = field(default_factory=list)
    """What the note names, for the index."""
    video: str = ""
    """The id of the video that the note is made from."""
    seconds: dict[str, int] = field(default_factory=dict)
    """The first second at which a section or passage is said, by anchor."""
    properties: set[tuple[str, str]] = field(default_factory=set)
    """The vault's own properties that the note states something with, each with the IRI of the class or the datatype of what."""


class Describer:
    """Describes entities, as the whole vault knows them, on the side where they belong."""

    def __init__(self, iri: str, world: World) -> None:
        self.world = world
        self.names = Names(world.config.base)
        self.themes = f"<{self.names.base}themes>"
        self.out = Emission(iri)

    def side(self, fact: bool) -> Side:
        """Give the side of facts, or of guesses."""
        return self.out.said if fact else self.out.guessed

    def entity(self, entity: Entity) -> str:
        """Give the IRI of an entity, and describe it."""
        known = self.world.described.get(entity)
        if known is None:
            iri = f"<{self.names.entity(entity.kind, entity.end)}>"
            known = self.world.described[entity] = Described(iri, tuple(self.describe(iri, entity)))
        side = self.side(entity.fact)
        if known.iri not in side.shared:
            side.shared[known.iri] = known.lines
            if entity.fact and entity.kind == "theme":
                # Every link names one: who says that it is a theme would be a seventh of the quads, and is asked by nobody.
                if self.themes not in side.shared:
                    self.scheme()
            elif entity.fact:
                side.facts.append(known.lines[0])
        return known.iri

    def describe(self, iri: str, entity: Entity) -> Iterable[str]:
        """List the triples that say what an entity is."""
        yield from (f"{iri} {TYPE} <{each}> ." for each in self.world.kinds[entity.kind].classes)
        yield f"{iri} {LABEL} {literal(entity.label)} ."
        yield from (f"{iri} {PAGE} <{self.names.note(path)}> ." for path in entity.pages)
        concept = self.world.concepts.get((entity.kind, entity.end))
        if concept:
            yield f"{iri} {term('skos:notation')} {literal(concept.key)} ."
            yield from (f"{iri} {PREF_LABEL} {literal(text)}{'@' + language if language else ''} ." for language, text in concept.labels)
            yield from (f"{iri} {term('skos:exactMatch')} <{match}> ." for match in concept.matches)
            yield from (f"{iri} {term('schema:sameAs')} <{thing}> ." for thing in concept.same)
            return
        yield from (f"{iri} {ALT_LABEL} {literal(each)} ." for each in entity.spellings)
        if entity.kind == "theme":
            yield f"{iri} {PREF_LABEL} {literal(entity.label)} ."
            yield f"{iri} {IN_SCHEME} {self.themes} ."

    def scheme(self) -> None:
        """Describe the scheme that the vault's themes are concepts of."""
        self.out.said.shared[self.themes] = (f"{self.themes} {TYPE} {term('skos:ConceptScheme')} .", f"{self.themes} {LABEL} {literal('Themes')} .")


def receipt(claim: str, fact: tuple[str, str, str], rule: str, share: float) -> list[str]:
    """Write the claim of a fact, but for where it is from."""
    return [
        f"{claim} {TYPE} {CLAIM} .",
        *(f"{claim} {part} {each} ." for part, each in zip((SUBJECT, PREDICATE, OBJECT), fact, strict=True)),
        f"{claim} {RULE} {literal(rule)} .",
        # As the engine writes it, so that shards and stores hold the same bytes.
        f'{claim} {CONFIDENCE} "{f"{share:.2f}".rstrip("0").rstrip(".")}"{DECIMAL} .',
    ]
