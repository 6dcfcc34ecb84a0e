"""What a note states of the things that it names: in its words, and as its author puts it under keys and in tags."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from kg import entities, extract, frontmatter
from kg.entities import Entity, Meaning
from kg.extract import Named
from kg.model import Document, Mention
from kg.world import World

if TYPE_CHECKING:
    from kg.extract.relations import Relation


def relations(named: Named, meaning: Meaning, world: World) -> list[Relation]:
    """List what a note says of the things that it names; ``meaning`` learns of the thing that it is the page of."""
    # The phrases take a tenth of a build that finds nothing changed, and so does not come here.
    from kg.extract.relations import relations

    known = meaning.mentions
    if world.config.spacy:  # what a model guesses may not come between two names that are known
        known = [[each for each in mentions if each.rule not in extract.GUESSES] for mentions in known]
    found = (*relations(named.document, known), *_stated(named.document, meaning, world), *_nested(named.document, meaning))
    return [each for each in found if each.at]


def _stated(document: Document, meaning: Meaning, world: World) -> Iterator[Relation]:
    """List what the author of an entity's page states of it, in front matter or as an inline field."""
    from kg.extract.relations import Relation

    own = entities.own(document.path, world)
    if own is None:
        return
    for at, (text, mentions) in enumerate(zip(extract.texts(document), meaning.mentions, strict=True)):
        for mention in mentions:
            verb = _states(text, own, mention) if mention.rule in ("property", "tag") else ""
            if verb and (mention.kind, mention.key) != (own.kind, own.end):
                meaning.entities[own.kind, own.end] = own
                yield Relation(at, Mention(own.kind, own.end, own.label, 0, 0, "page"), verb, mention, "property")


_STATED = {"country": "country", "theme": "theme", "organisation": "organisation"}


def _states(text: str, own: Entity, mention: Mention) -> str:
    """Say which property of its page's entity a line of the author gives; "" if none."""
    line = text.rfind("\n", 0, mention.start) + 1
    key = text[line : max(line, text.find(":", line, mention.start))].strip().casefold()
    meaning = frontmatter.DESCRIBES.get(key, "")
    if own.kind == "theme":
        return f"skos:{meaning}" if meaning in ("broader", "related") and mention.kind == "theme" else ""
    return _STATED.get(meaning if meaning in _STATED else mention.kind, "") if mention.kind in _STATED else ""


def _nested(document: Document, meaning: Meaning) -> Iterator[Relation]:
    """List what nested tags state: the first of ``#trust/privacy`` is broader."""
    from kg.extract.relations import Relation

    written = extract.texts(document)
    for at, mentions in enumerate(meaning.mentions):
        tags = [each for each in mentions if each.rule == "tag"]
        for one, other in pairwise(tags):
            if written[at][one.end : other.start] == "/" and one.kind == other.kind == "theme" and one.key != other.key:
                yield Relation(at, other, "skos:broader", one, "tag")


__all__ = ["relations"]
