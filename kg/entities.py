"""From names to entities: what each mention of a note means, now that the whole vault is known.

A mention has the kind and the normal form that its extractor gave it; here it gets those of the entity
that it means: the one an author decided for, the one whose page a link leads to, the one that an
acronym stands for. What means nothing is left out, with the reason. Where two mentions overlap, an
author's word goes before a rule's, and a name before a theme.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, Protocol

from kg import corpus
from kg.countries import code_in_any, paged
from kg.extract import GUESSES, Named, normal, texts
from kg.kinds import Kind
from kg.lexicon import Concept
from kg.model import Link, Mention
from kg.names import slug
from kg.resolve import Table, classes, resolve, wanted, whole
from kg.standing import Standing


class Entity(NamedTuple):
    """A thing that notes name: its kind, the end of its IRI, what it is called, and whether that is a fact."""

    kind: str
    end: str
    label: str
    spellings: tuple[str, ...] = ()
    fact: bool = True
    share: float = 1.0
    """Precision of the best rule that found it."""
    pages: tuple[str, ...] = ()
    shared: bool = True
    """Whether more than one note knows it, or an author."""


class VaultKnowledge(Protocol):
    """What must be known of the whole vault."""

    @property
    def table(self) -> Table:
        """Every name that notes answer to."""
        ...

    @property
    def pages(self) -> Mapping[str, tuple[str, str]]:
        """Kind and title, by path, of the notes that are the page of something."""
        ...

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of entity, by name."""
        ...

    @property
    def concepts(self) -> Mapping[tuple[str, str], Concept]:
        """What lexicons know, by kind and key."""
        ...

    @property
    def settled(self) -> dict[tuple[str, str, str], Entity | str]:
        """What has been asked before: most names are mentioned many times."""
        ...

    def standing(self, kind: str, key: str) -> Standing | None:
        """Say how a name stands."""
        ...

    def meaning(self, key: str) -> str:
        """Say what a name in capitals means, as kind and key; "" if nothing or several things."""
        ...


_TAKEN = "in this vault a page of something else has that name"


_CONTESTED = "several notes have that title, and none says of what it is the page"


class Dropped(NamedTuple):
    """A mention that came to nothing, in which text, and why."""

    at: int
    mention: Mention
    why: str


@dataclass
class Meaning:
    """What a note names: mentions by text, with the kind and the end of their entities, and these."""

    mentions: list[list[Mention]]
    entities: dict[tuple[str, str], Entity] = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)

    def of(self, mention: Mention) -> Entity:
        """Give the entity that a mention means."""
        return self.entities[mention.kind, mention.key]


def meaning(named: Named, known: VaultKnowledge) -> Meaning:
    """Settle what the mentions and the links of a note mean."""
    document = named.document
    folder = document.path.rpartition("/")[0]
    linked: list[Sequence[Link]] = [(), *(part.links for part in document.parts)]
    # What a line of the front matter names is said by its key, whether it is a link or not.
    first = 1 + len(document.sections)
    linked[first : first + document.described] = [()] * document.described
    found = Meaning([[] for _ in linked])
    memory = known.settled
    for at, (text, links, mentions) in enumerate(zip(texts(document), linked, named.mentions, strict=True)):
        if not links and not mentions:
            continue
        settled: list[Mention] = []
        for mention in (*_links(links, text, known, folder), *mentions) if links else mentions:
            kind, key, surface, start, end, rule = mention
            asked = (kind, key, folder if kind == "link" else surface)
            entity = memory.get(asked)
            if entity is None:
                entity = memory[asked] = _settled(*asked, known)
            if entity is _TAKEN and rule == "property":  # whoever writes "country: Jordan" means it
                entity = _concept(kind, key, known)
            if isinstance(entity, str):
                if entity:
                    found.dropped.append(Dropped(at, mention, entity))
                continue
            if rule in GUESSES and (entity.fact or known.meaning(key)):
                found.dropped.append(Dropped(at, mention, "a model found what rules or authors know"))
                continue
            found.entities[entity.kind, entity.end] = entity
            settled.append(Mention(entity.kind, entity.end, surface, start, end, rule))
        found.mentions[at] = _apart(settled, at, found.dropped)
    return found


def _links(links: Sequence[Link], text: str, known: VaultKnowledge, folder: str) -> list[Mention]:
    """Make mentions of links: of kind ``link``, with the target as key, where the text shows them."""
    flat = text.replace("\n", " ")
    seen = 0
    found = []
    for link in links:
        target = wanted(link) if link.syntax != "tag" else None
        if target is None or (classes(link, known.kinds) and resolve(known.table, target, f"{folder}/").path is None):
            continue
        target = whole(link) or target
        shown = link.shown
        start = flat.find(shown, seen) if shown else -1
        if start >= 0:
            seen = start + len(shown)
            found.append(Mention("link", target, text[start:seen], start, seen, "link"))
        else:  # an embed, or words that markup broke up: the text as a whole says it
            found.append(Mention("link", target, "", seen, seen, "link"))
    return found


def _settled(kind: str, key: str, surface: str, known: VaultKnowledge) -> Entity | str:
    """Give the entity that a name means, or the reason why it means none ("" if that is nothing to tell); of a link, ``surface`` is the folder of its note."""
    if kind == "link":
        return _target(key, known, surface)
    if (kind, key) in known.concepts:
        called = known.standing(kind, normal(surface))
        if called and called.taken:
            return _TAKEN
        decided = called and (called.rejected or called.same)
        return _named(kind, normal(surface), surface, known) if decided else _concept(kind, key, known)
    if kind == "theme":
        return _theme(key, surface, known)
    if kind == "name":
        kind, _, key = known.meaning(key).partition("/")
        if not kind:
            return ""
    if kind not in known.kinds:
        return f"{kind} is no kind of the ontology, and none that ontology/*.ttl of this vault declares"
    return _named(kind, key, surface, known) if kind != "country" else f"{key} is the code of no country"


def _concept(kind: str, key: str, known: VaultKnowledge) -> Entity:
    """Give what a lexicon knows; a note may be its page."""
    stands = known.standing(kind, key)
    return Entity(kind, key, known.concepts[kind, key].label, pages=stands.pages if stands else ())


def of_name(kind: str, key: str, name: str, known: VaultKnowledge) -> Entity:
    """Give the entity of a name that an author stated."""
    if (kind, key) in known.concepts:
        return _concept(kind, key, known)
    entity = _named(kind, key, name, known)
    return entity if isinstance(entity, Entity) else Entity(kind, slug(name), name)


def _named(kind: str, key: str, surface: str, known: VaultKnowledge) -> Entity | str:
    stands = known.standing(kind, key)
    if stands and stands.same:
        kind, _, key = stands.same.partition("/")
        if (kind, key) in known.concepts:
            return _concept(kind, key, known)
        stands = known.standing(kind, key)
    if stands is None:
        return Entity(kind, slug(surface), surface)
    if stands.rejected:
        return "rejected in the vocabulary"
    return Entity(kind, stands.end, stands.label, stands.spellings, stands.fact, stands.share, stands.pages, stands.shared)


def _target(target: str, known: VaultKnowledge, folder: str) -> Entity | str:
    """Give what a link names: the entity whose page it leads to, or the theme that no note is about yet."""
    # With what follows its hash sign, if that belongs to the name.
    named = target if target.endswith("#") else target.partition("#")[0]
    found = resolve(known.table, named, f"{folder}/").path or (resolve(known.table, target, f"{folder}/").path if named != target else None)
    if found is None:
        label = corpus.theme(known.table.spelling(named))
        return _theme(normal(label), label, known) if label else "a day, or code, is no theme"
    kind, title = known.pages.get(found, ("", ""))
    return of_page(kind, title, found, known) if kind else "the list of a channel's videos, or a day, is no theme"


def linked(target: str, path: str, known: VaultKnowledge) -> Entity | None:
    """Give the entity whose page a link in the note at a path leads to, or the theme that it names where it leads to none; None if neither."""
    found = _settled("link", target, path.rpartition("/")[0], known)
    return found if isinstance(found, Entity) else None


def named(kind: str, name: str, known: VaultKnowledge) -> Entity | None:
    """Give the entity of a kind that a text names; None if it can be none, or an author says that it is none."""
    key = code_in_any(name) if kind == "country" else normal(name)
    found = _settled(kind, key, name, known) if key else ""
    if found is _TAKEN:  # whoever writes a name under a key that means a country means that
        return _concept(kind, key, known)
    return found if isinstance(found, Entity) else None


def own(path: str, known: VaultKnowledge) -> Entity | None:
    """Give the entity that the note at a path is the page of; None if of none."""
    kind, title = known.pages.get(path, ("", ""))
    found = of_page(kind, title, path, known) if kind else ""
    return found if isinstance(found, Entity) else None


def of_page(kind: str, title: str, path: str, known: VaultKnowledge) -> Entity | str:
    """Give the entity that a note is the page of, or why it is the page of none."""
    code = paged(kind, title)
    if ("country", code) in known.concepts:
        return _concept("country", code, known)
    stands = known.standing(kind, normal(title)) if kind == "theme" else None
    if stands and stands.contested and path not in stands.pages:
        return _CONTESTED
    return _named(kind, normal(title), title, known)


def _theme(key: str, surface: str, known: VaultKnowledge) -> Entity | str:
    """Give the theme of a heading, a label, a tag or a broken link: a note's, if there is one of that name."""
    for name in known.table.names.get(key, ()):
        kind, title = known.pages.get(name.path, ("", ""))
        found = of_page(kind, title, name.path, known) if kind else _CONTESTED
        if found is not _CONTESTED:
            return found
    code = code_in_any(surface, codes=False)
    if ("country", code) in known.concepts:
        return _concept("country", code, known)
    return _named("theme", key, surface, known)


_AUTHORED = ("property", "tag", "vocabulary", "link")
"""Rules that repeat what an author stated, the strongest first: a property says more of a name than that it is one."""


def _apart(mentions: list[Mention], at: int, dropped: list[Dropped]) -> list[Mention]:
    """Leave out what a better mention covers, and put the others in reading order."""
    if all(one.end <= other.start > one.start for one, other in pairwise(mentions)):  # in order already, as most are
        return mentions
    mentions.sort(key=_place)
    if all(one.end <= other.start for one, other in pairwise(mentions)):
        return mentions
    return [each for group in _touching(mentions) for each in (_best(group, at, dropped) if len(group) > 1 else group)]


def _touching(mentions: list[Mention]) -> Iterator[list[Mention]]:
    """Part mentions in reading order into groups that do not overlap, so that a long text costs no more than its length."""
    group: list[Mention] = []
    reach = 0
    for each in mentions:
        if group and each.start >= reach:
            yield group
            group = []
        group.append(each)
        reach = max(reach, each.end)
    yield group


def _best(mentions: list[Mention], at: int, dropped: list[Dropped]) -> list[Mention]:
    kept: list[Mention] = []
    for each in sorted(mentions, key=_rank):
        over = next((other for other in kept if _covers(other, each)), None)
        if over is None:
            kept.append(each)
        elif (over.kind, over.key) != (each.kind, each.key):
            dropped.append(Dropped(at, each, f"inside {over.surface!r}, a name of {over.kind} {over.key}"))
    return sorted(kept, key=_place)


def _place(mention: Mention) -> tuple[int, int, Mention]:
    return mention.start, -mention.end, mention


def _rank(mention: Mention) -> tuple[int, int, Mention]:
    if mention.rule in _AUTHORED:
        order = _AUTHORED.index(mention.rule)
    else:
        order = len(_AUTHORED) + (3 if mention.rule in GUESSES else 1 if mention.kind == "theme" else 2 if mention.rule == "unexplained" else 0)
    return order, mention.start - mention.end, mention


def _covers(one: Mention, other: Mention) -> bool:
    """Say whether one mention leaves no room for another."""
    if one.start >= other.end or other.start >= one.end:
        return False
    if one.kind == other.kind:
        return True
    if other.rule == "unexplained":  # words that link to a theme may be a name all the same
        return one.kind != "theme"
    inside = one.start <= other.start and other.end <= one.end
    if other.rule in GUESSES:
        return inside or one.kind != "country"
    if one.rule == "link" and other.kind == "country" and one.kind != "theme":
        return inside and (one.kind == "person" or one.surface == other.surface)
    if one.rule == "vocabulary" or other.kind == "theme":
        return inside and other.kind != "country"
    return False
