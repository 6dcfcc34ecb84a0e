"""What a note states of the things that it names: in its words, and as its author puts it under keys and in tags.

What stands under a key is said of the entity that the note is the page of; of the note itself where it is the page of
none, as a day's note is. So it is with what a link there leads to: the entity of that page, or else the note. A key that
means a property which things of some kind have, such as ``skos:broader``, is that property where both ends fit, and
the vault's own where they do not; no value is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from kg import corpus, entities, extract, frontmatter, kinds, names, properties
from kg.contexts import TYPE as CLASS
from kg.entities import Entity, Meaning
from kg.extract import Named
from kg.model import Document, Mention, Relation
from kg.names import ONTOLOGY, STANDARD_PREFIXES, Names
from kg.properties import Stated
from kg.resolve import resolve, wanted_name
from kg.world import World


def relations(named: Named, meaning: Meaning, world: World) -> list[Relation]:
    """List what a note says of the things that it names; ``meaning`` learns of the thing that it is the page of."""
    if world.config.detail == "notes":  # words are not read, and so relate nothing
        return [each for each in (*_stated(named.document, meaning, world), *_nested(named.document, meaning)) if each.at]
    # The phrases take a tenth of a build that finds nothing changed, and so does not come here.
    from kg.extract.relations import relations

    known = meaning.mentions
    if world.config.spacy:  # what a model guesses may not come between two names that are known
        known = [[each for each in mentions if each.rule not in extract.GUESSES] for mentions in known]
    found = (*relations(named.document, known), *_stated(named.document, meaning, world), *_nested(named.document, meaning))
    return [each for each in found if each.at]


def _stated(document: Document, meaning: Meaning, world: World) -> Iterator[Relation]:
    """List what the author of an entity's page states of it, in front matter or as an inline field."""
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
    end = text.rfind("::", line, mention.start)
    if end >= 0:  # of several fields in brackets the last
        line = max(line, text.rfind("[", line, end) + 1, text.rfind("(", line, end) + 1)
    else:
        end = max(line, text.find(":", line, mention.start))
    key = text[line:end].strip().casefold()
    meaning = frontmatter.DESCRIBES.get(key, "")
    if own.kind == "theme":
        return f"skos:{meaning}" if meaning in ("broader", "related") and mention.kind == "theme" else ""
    if meaning in frontmatter.KIN:
        return ""
    return _STATED.get(meaning if meaning in _STATED else mention.kind, "") if mention.kind in _STATED else ""


_LABEL, _OTHER_LABEL = f"{STANDARD_PREFIXES['rdfs']}label", f"{STANDARD_PREFIXES['skos']}altLabel"


class Authored(NamedTuple):
    """What an author states under a key: in which of the note's passages, of which entity (None: of the note), the property's IRI, and what.

    ``object`` is an entity, or else a note or a value as N-Triples has it; ``sort`` is the IRI of its class, or of its datatype,
    where the property is the vault's own, or "".
    """

    at: int
    subject: Entity | None
    property: str
    object: Entity | str
    sort: str


def authored(document: Document, world: World) -> list[Authored]:
    """List what the author of a note states under keys."""
    config = world.config
    stated = properties.stated(document, corpus.silent(document, corpus.Context(config, world.kinds)))
    if not stated:
        return []
    own = entities.own(document.path, world)
    own = own if own and own.fact else None
    found = []
    for each in _apart(stated):
        meant = properties.meant(each.key, config)
        kind = kinds.named(each.target or each.text, world.kinds) if meant == CLASS or each.key.casefold() == "type" else ""
        if meant is None or (kind and (meant == CLASS or (not meant and own and own.kind == kind))):
            continue
        if meant == _LABEL:
            meant = _OTHER_LABEL  # a thing has one label, which its page has as its title
        kin = each.key.casefold() in frontmatter.KIN and each.key.casefold() not in config.context.mapped
        thing, sort = _thing(each, document.path, world, "theme" if kin else properties.leads(meant, own.kind) if own else "")
        if kin and own and isinstance(thing, Entity) and own.kind == thing.kind == "theme":
            continue  # it is SKOS's (_states)
        if meant and not _fits(own, meant, thing, world):
            meant = ""
            thing, sort = _thing(each, document.path, world, "")
        if thing:
            found.append(Authored(each.at, own, meant or properties.iri(each.key, config.base), thing, "" if meant else sort))
    return found


def _apart(stated: Iterable[Stated]) -> Iterator[Stated]:
    """Part the names in plain words under keys that join things."""
    for each in stated:
        if each.text and "," in each.text and each.key.casefold() in frontmatter.KIN:
            yield from (each._replace(text=name) for part in each.text.split(",") if (name := part.strip()))
        else:
            yield each


def _thing(each: Stated, path: str, world: World, kind: str) -> tuple[Entity | str, str]:
    """Give what a value is, and the IRI of its class or datatype; a text may be the name of a thing of a ``kind``."""
    target = wanted_name(each.target) if each.target else None
    if target is None:
        entity = entities.named(kind, each.text, world) if kind and each.text and not properties.datatype(each.text) else None
        own = names.slug(each.key) in dict(world.config.properties)  # which go before the context
        value = properties.value(each.text or each.target, "" if own else each.key, world.config.context)
        ending = value.rpartition('"')[2]
        sort = f"{STANDARD_PREFIXES['rdf']}langString" if ending[:1] == "@" else ending[3:-1] or f"{STANDARD_PREFIXES['xsd']}string"
    else:
        entity = entities.linked(target, path, world)
        found = resolve(world.table, target, path).path
        value = f"<{Names(world.config.base).note(found or world.table.spelling(target))}>"
        sort = ONTOLOGY + ("Note" if found else "MissingNote")
    return (entity, world.kinds[entity.kind].classes[0]) if entity and entity.fact else (value, sort)


def _fits(own: Entity | None, meant: str, thing: Entity | str, world: World) -> bool:
    """Say whether a property can join what a note is the page of to a thing: kg's own, and SKOS's, are for some kinds only."""
    if meant not in properties.NAMED and meant not in properties.ALIKE:
        return True
    if own is None or not isinstance(thing, Entity) or (own.kind, own.end) == (thing.kind, thing.end):
        return False
    if meant in properties.ALIKE:
        return own.kind == thing.kind
    wanted_class = ONTOLOGY + properties.NAMED[meant].capitalize()
    return wanted_class in world.kinds[thing.kind].classes and own.kind != "country"


def _nested(document: Document, meaning: Meaning) -> Iterator[Relation]:
    """List what nested tags state: the first of ``#trust/privacy`` is broader."""
    written = extract.texts(document)
    for at, mentions in enumerate(meaning.mentions):
        tags = [each for each in mentions if each.rule == "tag"]
        for one, other in pairwise(tags):
            if written[at][one.end : other.start] == "/" and one.kind == other.kind == "theme" and one.key != other.key:
                yield Relation(at, other, "skos:broader", one, "tag")


__all__ = ["Authored", "authored", "relations"]
