"""What notes tell each other: offers and wants under keys, and the value of a key for the vault.

A note **offers** the names it answers to, the titles of videos it lists, and what it found of the
things it names; it **wants** the names it links to, its channel, its video, and how the things that
it names stand in the whole vault. A note must be written again only if its text changed, or if the
value of a key that it wants did. That is the whole of the incremental build.

    KEY              a name that notes answer to (names.key)
    channel:KEY      the title of a channel's note
    video:ID         the title of a video          stamps:ID   what is cited of it, and its length
    block:ID         a block that has the id of Logseq, and who refers to it
    parts:KEY        the headings and blocks of a note     cited:KEY  those that others link to
    name:KIND/KEY    how a thing stands (kg.standing)
    name:KEY         what a name in capitals means, where that is clear

What a key means may be told by another: an alias by the name, a link's target by the entity that the
note is the page of. Offers of the kinds in :data:`LEADS` say so, and a change of the one is a change
of the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg import clock, fragments, frontmatter, kinds, logseq, names, properties, timecodes, vault
from kg.config import Config
from kg.countries import ambiguous, code_in_any, paged
from kg.extract import ECHOES, GUESSES, Named, normal
from kg.kinds import Kind
from kg.model import Document, Link, Offer, OfferKind, Passage, Section, Stamp
from kg.offered import TALLIED, Row
from kg.resolve import classes, impossible, keys, readings, wanted, whole
from kg.standing import FACT, MIDDLE, standing
from kg.vocabulary import REFERENCES, Decisions, Entry, decisions, key_of

_DAY = re.compile(r"\d{4}(?:[-_. ]?\d{2}){0,2}|\d{4}[-_ ]?[wWqQ]\d{1,2}")
"""The name of a daily, weekly, monthly or yearly note."""
LEADS: tuple[OfferKind, ...] = ("means", "decided", "same", "of")
"""Kinds of offers whose value is the KIND/KEY of another name."""
_FIRST = ("index", "_index", "readme")
"""Names of files that stand for their folder."""
NAMED = ("initiative", "organisation", "person")
"""Kinds that rules find names of."""


UNDECIDED = decisions(())


class Context(NamedTuple):
    """What authors have settled for the whole vault: settings, kinds of their own, decisions about names."""

    config: Config = Config()
    kinds: Mapping[str, Kind] = kinds.BUILTIN
    decisions: Decisions = UNDECIDED


def offers(document: Document, context: Context = Context()) -> list[Offer]:  # noqa: B008 - a value that never changes
    """List what a note offers, sorted.

    >>> from kg import markdown
    >>> from kg.model import Note
    >>> sorted({offer.kind for offer in offers(markdown.read(Note("my_note.md", "# My note", "")))})
    ['claim', 'claimed', 'entity', 'label', 'of', 'parts', 'stem', 'title']
    """
    found = answers(document, context.config.days)
    answering = {each.key for each in found}
    inside = fragments.written(document)
    if inside:
        found |= {Offer(f"parts:{key}", "parts", inside) for key in answering if key}
    found |= {Offer(f"cited:{key}", "cited", json.dumps([target, link.section])) for link, target in onward(document) for key in keys(target)}
    found |= {Offer(f"block:{each}", "block", at) for each, at in blocks(document)}
    found |= {Offer(f"block:{each}", "cited", "") for each in references(document)}
    # Whoever has this note as a channel must know its title.
    found |= {Offer(f"channel:{key}", "label", document.title) for key in answering if key}
    found |= {Offer(f"video:{video}", "video", title) for video, title in document.videos if title}
    kind = page(document, context)
    if kind:
        # Whoever links here names what this note is about.
        found |= {Offer(key, "entity", f"{kind}/{document.title}") for key in answering}
        code = paged(kind, document.title)
        found |= {Offer(key, "of", f"country/{code}" if code else f"{kind}/{normal(document.title)}") for key in answering}
        if code:
            found.add(Offer(f"name:country/{code}", "page", document.path))
            if kind == "country":  # the author's word, which goes before that of a page of a person
                found.add(Offer(f"name:country/{normal(document.title)}", "label", document.title))
        elif kind == "theme":
            found |= set(_themed(document, bool(declared(document, context))))
        elif kind != "country":
            found |= set(_paged(document, kind, answering))
    found |= set(_linked(document, context.kinds))
    found |= {offer for each, name in _put(document, context) if each != "country" for offer in _rule(f"name:{each}/{normal(name)}", name)}
    video = source(document, context.config)
    if video:
        found.add(Offer(f"stamps:{video}", "stamps", ",".join(map(str, cites(document, context.config)))))
        length = duration(document)
        if length:
            found.add(Offer(f"stamps:{video}", "duration", str(length)))
    return sorted(each for each in found if each.key)


def answers(document: Document, days: str = "") -> set[Offer]:
    """Give the names that a note answers to: of its file, its title, its aliases, its ids; ``days`` as in :func:`kg.logseq.names`."""
    return called(document.path, (document.title,), aliases(document), document.ids, days)


def called(path: str, titles: Iterable[str], aliases: Iterable[str], ids: Iterable[str] = (), days: str = "") -> set[Offer]:
    """Give the names that a note at a path answers to, with some titles, aliases and ids."""
    folder, _, stem = path.rpartition("/")
    stem = vault.cut(stem)
    found = {Offer(names.key(stem), "stem", stem)}
    found |= {Offer(names.key(each), "stem", each) for each in logseq.names(path, days)}
    found |= {Offer(names.key(each), "title", each) for each in titles} | {Offer(names.key(each), "alias", each) for each in aliases}
    found |= {Offer(names.key(each), "id", each) for each in ids}
    if folder and stem.casefold() in _FIRST:
        own = folder.rpartition("/")[2]
        found.add(Offer(names.key(own), "folder", own))
    return found


def onward(document: Document) -> Iterator[tuple[Link, str]]:
    """Give the links of a note that go on to a part of another, each with the name that it asks for."""
    for part in document.parts:
        for link in part.links:
            target = wanted(link) if link.section else None
            if target is not None:
                yield link, target


def blocks(document: Document) -> list[tuple[str, str]]:
    """Give the blocks that can be referred to without naming their note, by Logseq's ids, each with its anchor."""
    return [(name, at) for name, at in fragments.parts(document).blocks.items() if len(name) == logseq.SIZE]


def references(document: Document) -> set[str]:
    """Give the ids of the blocks that a note refers to without naming their note."""
    return {link.section[1:] for part in document.parts for link in part.links if link.syntax == "block"}


def _themed(document: Document, told: bool) -> Iterable[Offer]:
    """Offer what a page says of the names of its theme: for sure, if it is ``told`` that it is that page, or else if no other note claims to be."""
    name = f"name:theme/{normal(document.title)}"
    yield Offer(name, "page" if told else "claim", document.path)
    yield Offer(name, "title" if told else "claimed", document.title)
    yield from (Offer(name, "alias" if told else "claimer", each) for each in aliases(document))
    if told:
        yield from _taken(document)


def _paged(document: Document, kind: str, answering: Iterable[str]) -> Iterable[Offer]:
    """Offer what a page says of the names of its entity."""
    key = normal(document.title)
    yield Offer(f"name:{kind}/{key}", "label", document.title)
    yield Offer(f"name:{kind}/{key}", "page", document.path)
    yield from (Offer(f"name:{kind}/{key}", "alias", alias) for alias in aliases(document))
    for other in {normal(each) for each in aliases(document)} | set(answering):
        if other != key:
            yield Offer(f"name:{kind}/{other}", "same", f"{kind}/{key}")
    for each in {key, *answering}:
        yield Offer(f"name:{each}", "means", f"{kind}/{key}")
    yield from _taken(document)


def _taken(document: Document) -> Iterable[Offer]:
    """Offer the names of a page that no note of the vault means a country by: a person called Jordan is the one who is meant."""
    stem = vault.cut(document.path.rpartition("/")[2])
    yield from (Offer(f"name:country/{normal(each)}", "taken", "") for each in {document.title, stem, *aliases(document)} if ambiguous(each))


def _linked(document: Document, known: Collection[str]) -> Iterable[Offer]:
    """Offer the themes that a note's links name, should no note have their names."""
    parts: list[Section | Passage] = [*document.sections, *document.passages[document.described :]]
    for target in asked([link for link in part.links if link.syntax != "tag" and not classes(link, known)] for part in parts):
        label = theme(target)
        if label:
            yield from _rule(f"name:theme/{normal(label)}", label)


def _rule(key: str, name: str) -> tuple[Offer, Offer]:
    """Offer a name that is certain."""
    return Offer(key, "rule", "1.00"), Offer(key, "name", name)


def _put(document: Document, context: Context) -> Iterator[tuple[str, str]]:
    """Give kind and name of the things that an author names in plain words, under keys that mean what joins things."""
    config = context.config
    own = page(document, context) if config.properties or config.context.there else ""
    if not own:
        return
    # What the thing is may be decided in the vocabulary, which goes before what the page says.
    decided = context.decisions.accepted(own, normal(document.title))
    for sort in {own, decided.kind if decided else own}:
        if config.context.there or any(properties.leads(meant, sort) for _, meant in config.properties):
            for each in properties.stated(document, silent(document, context)):
                kind = properties.leads(properties.meant(each.key, config) or "", sort)
                if kind and each.text and not properties.datatype(each.text):
                    yield kind, each.text


def asked(groups: Iterable[Iterable[Link]]) -> set[str]:
    """Give the names that links ask for, each once."""
    return {target for links in groups for link in links if (target := wanted(link)) is not None}


@lru_cache(maxsize=65536)
def theme(target: str) -> str:
    """Give the label of the theme that a link's target names; "" where it is no theme but code, a day, a folder or a page of a site.

    >>> theme("folder/Open_data"), theme("2024-05-01"), theme("Jun 1st, 2024"), theme("/about")
    ('Open data', '', '', '')
    """
    if impossible(target) or is_day(target):
        return ""
    last = "" if target[:1] == "/" else target.replace("\\", "/").rpartition("/")[2].replace("_", " ").strip()
    return "" if is_day(last) else " ".join(last.split())


def is_day(name: str) -> bool:
    """Say whether a name is that of a day's note, or of one for a week, a month, a quarter or a year."""
    return _DAY.fullmatch(name) is not None or logseq.is_day(name)


def page(document: Document, context: Context) -> str:
    """Say of what kind the thing is that a note is the page of; "" for a channel's list of videos and a day's note.

    The front matter's ``type`` decides, then the vocabulary, then the rules of kg.toml by tag and by folder; else it is a person where
    the title is a person's name by rules that make facts and the text says so, too, or a theme.
    """
    kind = declared(document, context)
    if kind:
        return kind
    stem = vault.cut(document.path.rpartition("/")[2])
    if document.videos or is_day(stem):
        return ""
    asked = context.config.detail != "notes" and "people" not in context.config.without
    return "person" if asked and _somebody(document.title) and _told(document) else "theme"


@lru_cache(maxsize=65536)
def _somebody(title: str) -> bool:
    """Say whether a title is the name of a person, and nothing but that, by what the extractor of people makes of it.

    >>> _somebody("Ada Quill"), _somebody("Mary Quill"), _somebody("Mary Quill Agency")
    (False, True, False)
    """
    words = title.split()
    if not 1 < len(words) < 4 or not words[0].istitle() or not words[-1].istitle():
        return False
    from kg.extract.people import CONFIDENCE, People

    return any(each.surface == title and CONFIDENCE[each.rule] >= FACT for each in People().find(title))


def _told(document: Document) -> bool:
    """Say whether a note treats what its title names as a person."""
    from kg.extract.people import personal

    return personal(document.title, [passage.text for passage in document.passages[document.head :]])


def declared(document: Document, context: Context) -> str:
    """Say of what kind a note is the page by an author's word; "" where nobody says so."""
    config, known = context.config, context.kinds
    given = frontmatter.given(document.properties, "type") or document.properties.get("@type")
    for text in frontmatter.texts(given):
        kind = kinds.named(frontmatter.plain(text, label_first=document.label_first), known)
        if kind:
            return kind
    entry = context.decisions.elsewhere.get(normal(document.title))
    if entry:
        return entry.kind
    for tag in frontmatter.tags(document.properties) if config.tags else ():
        kind = dict(config.tags).get(tag, "")
        if kind:
            return kind
    folder = document.path.rpartition("/")[0]
    for wanted_folder, kind in config.folders:
        if folder == wanted_folder.strip("/") or folder.startswith(f"{wanted_folder.strip('/')}/"):
            return kind
    return ""


def sides(document: Document) -> set[tuple[str, str]]:
    """Give the keys of both sides of the bars in a note's links, where they tell names apart."""
    found = {(_last(one), _last(other)) for one, other in document.sides}
    return {each for each in found if each[0] != each[1]}


def _last(target: str) -> str:
    return names.key(vault.cut(target.rpartition("/")[2].removesuffix("\\")))


def named_offers(named: Named, known: Container[tuple[str, str]], precision: Mapping[tuple[str, str], float]) -> list[Offer]:
    """List what a note offers of the things it names, but for what a lexicon labels (``known``).

    Of each its spellings, the precision of the best rule that found it, and what its acronyms stand for.
    """
    best: dict[str, float] = {}
    found: set[Offer] = set()
    for kind, key, surface, rule in {(each.kind, each.key, each.surface, each.rule) for text in named.mentions for each in text}:
        if kind == "name" or (kind, key) in known:
            continue
        name = f"{kind}/{key}"
        surface = " ".join(surface.split())
        found.add(Offer(f"name:{name}", "short" if rule == "acronym" else "guess" if rule in GUESSES else "name", surface))
        if kind in NAMED and (rule == "acronym" or (rule != "again" and precision.get((kind, rule), 1.0) >= MIDDLE)):
            found.add(Offer(f"name:{normal(surface)}", "means", name))
        if rule not in ECHOES:
            best[name] = max(best.get(name, 0.0), precision.get((kind, rule), 1.0))
    found |= {Offer(f"name:{name}", "rule", f"{share:.2f}") for name, share in best.items()}
    return sorted(found)


def named_wants(named: Named) -> list[tuple[str, str]]:
    """List the keys that a note wants because of what it names, each with "" for a spelling."""
    mentions = {(each.kind, each.key) for text in named.mentions for each in text}
    found = {f"name:{key}" if kind == "name" else f"name:{kind}/{key}" for kind, key in mentions}
    # A country goes by its code, and an author decides on what it is called.
    found |= {f"name:country/{normal(each.surface)}" for text in named.mentions for each in text if each.kind == "country"}
    # What a model suggests gives way to what the name means.
    found |= {f"name:{each.key}" for text in named.mentions for each in text if each.rule in GUESSES}
    # A heading or a property may name a country, or what another note is the page of.
    found |= {
        f"name:country/{code}"
        for text in named.mentions
        for each in text
        if each.kind == "theme" and (code := code_in_any(each.surface, codes=False))
    }
    found |= {key for kind, key in mentions if kind == "theme"}
    return sorted((key, "") for key in found)


VOCABULARY = ":vocabulary"
"""Stands for the author's vocabulary among the paths of notes; it offers and wants like one."""


def decided_offers(context: Context) -> list[Offer]:
    """List what the author's vocabulary offers of the names it decides."""
    found: set[Offer] = set()
    for entry in context.decisions.entries:
        if entry.rejected:
            found |= {Offer(f"name:{entry.kind}/{normal(each)}", "no", "") for each in entry.spellings}
            continue
        key = f"{entry.kind}/{key_of(entry)}"
        found.add(Offer(f"name:{key}", "label", entry.name))
        found |= {Offer(f"name:{key}", "alias", each) for each in entry.aliases}
        if entry.end:
            found.add(Offer(f"name:{key}", "end", entry.end))
        for spelling in map(normal, entry.spellings):
            found.add(Offer(f"name:{spelling}", "decided", key))
            # Whatever kind a rule takes it for, the author knows better, unless the name is decided for that kind, too.
            others = {kind for kind in context.kinds if kind == entry.kind or (kind, spelling) not in context.decisions.decided}
            found |= {Offer(f"name:{kind}/{spelling}", "same", key) for kind in others if f"{kind}/{spelling}" != key}
    return sorted(found)


def decided_wants(context: Context) -> list[tuple[str, str]]:
    """List the keys that the vocabulary wants: how its own names stand, and those that it joins to them."""
    said = [entry for entry in context.decisions.entries if not entry.rejected]
    found = {f"name:{entry.kind}/{key_of(entry)}" for entry in said}
    found |= {f"name:{kind}/{key}" for entry in said for _, kind, key, _ in joined(entry)}
    return [(key, "") for key in sorted(found)]


def joined(entry: Entry) -> Iterator[tuple[str, str, str, str]]:
    """Give the property, and the kind, key and name of each thing that an entry of the vocabulary is joined to.

    >>> list(joined(Entry("initiative", "Open Door", countries=("PT",), themes=("Trust",))))
    [('country', 'country', 'PT', 'PT'), ('theme', 'theme', 'trust', 'Trust')]
    """
    yield from (("country", "country", code, code) for code in entry.countries)
    for given, verb in _JOINS.items():
        kind = REFERENCES[given] or entry.kind
        yield from ((verb, kind, normal(name), name) for name in getattr(entry, given))


_JOINS = {"organisations": "organisation", "themes": "theme", "broader": "skos:broader", "related": "skos:related"}
"""What the fields of an entry of the vocabulary state."""


def value(key: str, offers: Sequence[Row], spelling: str | None) -> object:
    """Give what a note that wants a key can notice of it; ``offers`` are kinds and values, sorted, each with its path or, of tallied keys, a count.

    Of a name that many notes have, only how it stands: one more note that names it changes nothing for the others.
    """
    if not key.startswith(TALLIED):
        return offers, None if offers else spelling
    said: list[tuple[OfferKind, str, int]] = [(kind, value, int(count)) for kind, value, count in offers]
    if key.startswith("video:"):
        return min((value for _, value, _ in said), default=None)
    if key.startswith("stamps:"):
        cited = {tuple(map(int, value.split(","))) if value else (): count for kind, value, count in said if kind == "stamps"}
        return clock.cited(cited, max((int(value) for kind, value, _ in said if kind == "duration"), default=0))
    return standing(said, key.partition("/")[2]) if "/" in key else meaning(said)


def meaning(offers: Iterable[tuple[OfferKind, str, int]]) -> str:
    """Give the one thing that notes say a name in capitals stands for, as kind and key; "" if they differ.

    >>> meaning([("means", "organisation/talkcardiff", 2)])
    'organisation/talkcardiff'
    """
    said = list(offers)
    meant = {value for kind, value, _ in said if kind == "decided"} or {value for kind, value, _ in said if kind == "means"}
    return meant.pop() if len(meant) == 1 else ""


def cites(document: Document, config: Config) -> list[int]:
    """Give the seconds that the timestamps of a note mean by their form alone, sorted."""
    return clock.certain(codes(document), config.longest)


def stamps(document: Document) -> list[Stamp]:
    """List the timestamps of a note in the order in which they are read."""
    return [stamp for part in sorted(document.parts, key=lambda part: part.line) for stamp in part.stamps]


def codes(document: Document) -> set[str]:
    """Give the time codes of a note, each once, however often it stands there."""
    return {stamp.code for part in document.parts if part.stamps for stamp in part.stamps}


def duration(document: Document) -> int:
    """Give the length of a note's video in seconds, from ``duration`` in the front matter; 0 if it says none."""
    given = frontmatter.given(document.properties, "duration")
    return timecodes.length(given.value) if given and isinstance(given.value, str) else 0


def wants(document: Document, context: Context = Context()) -> list[tuple[str, str]]:  # noqa: B008 - a value that never changes
    """List the keys a note wants, each with the spelling it uses, sorted."""
    found: set[tuple[str, str]] = {(f"name:{page(document, context) or 'theme'}/{normal(document.title)}", "")}
    if code := code_in_any(document.title):
        found.add((f"name:country/{code}", ""))
    links = [link for part in document.parts for link in part.links]
    for target in asked([document.channels, links]):
        plain = target.replace("\\", "/").rstrip("/")
        last = plain.rpartition("/")[2]
        found |= {(names.key(last), last), (names.key(plain), plain)}
        # What no note is about goes by a spelling of it, which may be that of its last part.
        labels = [label for label in (theme(target), theme(last)) if label]
        found |= {(f"name:theme/{normal(label)}", "") for label in labels}
        # A theme goes without its article, and so may the note that is its page.
        found |= {(normal(label), "") for label in labels if normal(label) != names.key(label)}
        found |= {(each, "") for name in readings(target)[1:] for each in keys(name)}
        if code := code_in_any(theme(target), codes=False):
            found.add((f"name:country/{code}", ""))
    found |= {(each, "") for link in links for each in keys(whole(link))}
    for target in asked([document.channels]):
        last = target.replace("\\", "/").rpartition("/")[2]
        found |= {(f"channel:{names.key(each)}", "") for each in (last, target)}
    found |= {(f"parts:{key}", "") for link, target in onward(document) for key in keys(target)}
    found |= {(f"block:{each}", "") for each in (*references(document), *(each for each, _ in blocks(document)))}
    # Whether a link to a part of this note means this note is decided by all that have its name.
    found |= {each for offer in answers(document, context.config.days) if offer.key for each in ((f"cited:{offer.key}", ""), (offer.key, ""))}
    for kind, name in _put(document, context):
        found |= {(f"name:{kind}/{normal(name)}", ""), (normal(name), ""), (f"name:country/{code_in_any(name)}", "")}
    video = source(document, context.config)
    if video:
        found |= {(f"video:{video}", ""), (f"stamps:{video}", "")}
    return sorted(each for each in found if each[0])


def aliases(document: Document) -> list[str]:
    """List the aliases in a note's front matter."""
    return _listed(document, "aliases", "alias")


def _listed(document: Document, *keys: str) -> list[str]:
    return [text for key in keys for text in frontmatter.texts(frontmatter.given(document.properties, key))]


def silent(document: Document, context: Context) -> frozenset[str]:
    """Give the keys of front matter, in small letters, that state nothing: kg has a meaning for them, and the vault's context none besides."""
    config = context.config
    mapped = config.context.mapped - {key.casefold() for key in config.keys}
    return frontmatter.silent(document.properties, config.keys, context.kinds) - mapped


def source(document: Document, config: Config) -> str | None:
    """Give the id of the video a note is made from."""
    return frontmatter.video(document.properties, config.keys)
