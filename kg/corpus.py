"""What notes tell each other: offers and wants under keys, and the value of a key for the vault.

A note **offers** the names it answers to and the titles of videos it lists; it **wants** the names
it links to, its channel and its video. A note must be written again only if its text changed, or if
the value of a key that it wants did. That is the whole of the incremental build.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable

from kg import clock, markdown, names, timecodes
from kg.config import Config
from kg.extract import Named
from kg.model import Document, Offer, Property, Stamp, Value
from kg.resolve import wanted


def offers(document: Document, config: Config) -> list[Offer]:
    """List what a note offers, sorted.

    >>> from kg.model import Note
    >>> sorted({offer.kind for offer in offers(markdown.read(Note("my_note.md", "# My note", "")), Config())})
    ['label', 'stem', 'title']
    """
    stem = document.path.rpartition("/")[2]
    stem = stem[:-3] if stem.lower().endswith(".md") else stem
    found = {Offer(names.key(stem), "stem", stem), Offer(names.key(document.title), "title", document.title)}
    found |= {Offer(names.key(alias), "alias", alias) for alias in aliases(document)}
    # Whoever has this note as a channel must know its title.
    found |= {Offer(f"channel:{each.key}", "label", document.title) for each in found if each.key}
    found |= {Offer(f"video:{video}", "video", title) for video, title in document.videos if title}
    video = source(document, config)
    if video:
        cited = clock.certain((stamp.code for stamp in stamps(document)), config.longest)
        found.add(Offer(f"stamps:{video}", "stamps", ",".join(map(str, cited))))
        length = duration(document)
        if length:
            found.add(Offer(f"stamps:{video}", "duration", str(length)))
    return sorted(each for each in found if each.key)


def named_offers(named: Named, known: Container[tuple[str, str]]) -> list[Offer]:
    """List the spellings that a note offers for what it names, but for what a lexicon labels (``known``)."""
    texts = (named.title, *named.sections, *named.passages)
    mentions = {(each.kind, each.key, each.surface) for text in texts for each in text}
    return sorted(Offer(f"name:{kind}/{key}", "name", surface) for kind, key, surface in mentions if (kind, key) not in known)


def labels(offers: Iterable[Offer]) -> dict[str, str]:
    """Choose the spelling of each thing that most notes use; the first in the alphabet where several are.

    >>> labels([Offer("name:initiative/simplex", "name", each) for each in ("SIMPLEX", "Simplex", "Simplex")])
    {'initiative/simplex': 'Simplex'}
    """
    counts: dict[str, Counter[str]] = {}
    for offer in offers:
        counts.setdefault(offer.key.removeprefix("name:"), Counter())[offer.value] += 1
    return {key: min(each, key=lambda spelling: (-each[spelling], spelling)) for key, each in counts.items()}


def stamps(document: Document) -> list[Stamp]:
    """List the timestamps of a note in the order in which they are read."""
    return [stamp for part in sorted(document.parts, key=lambda part: part.line) for stamp in part.stamps]


def duration(document: Document) -> int:
    """Give the length of a note's video in seconds, from ``duration`` in the front matter; 0 if it says none."""
    given = document.properties.get("duration")
    return timecodes.length(given.value) if given and isinstance(given.value, str) else 0


def wants(document: Document, config: Config) -> list[tuple[str, str]]:
    """List the keys a note wants, each with the spelling it uses, sorted."""
    found: set[tuple[str, str]] = set()
    links = [link for part in document.parts for link in part.links]
    for link in (*links, *document.channels):
        target = wanted(link)
        if target is not None:
            last = target.replace("\\", "/").rpartition("/")[2]
            found |= {(names.key(last), last), (names.key(target), target)}
    for link in document.channels:
        target = wanted(link)
        if target is not None:
            last = target.replace("\\", "/").rpartition("/")[2]
            found |= {(f"channel:{names.key(each)}", "") for each in (last, target)}
    video = source(document, config)
    if video:
        found |= {(f"video:{video}", ""), (f"stamps:{video}", "")}
    return sorted(each for each in found if each[0])


def aliases(document: Document) -> list[str]:
    """List the aliases in a note's front matter."""
    return [*texts(document.properties.get("aliases")), *texts(document.properties.get("alias"))]


def texts(given: Property | None) -> list[str]:
    """Read a property as a list of texts: a list, or one text with commas."""
    if given is None:
        return []
    parts: Iterable[Value] = given.value.split(",") if isinstance(given.value, str) else given.value
    return [names.nfc(each.strip()) for each in parts if isinstance(each, str) and each.strip()]


def source(document: Document, config: Config) -> str | None:
    """Give the id of the video a note is made from."""
    for key in config.keys:
        given = document.properties.get(key)
        if given and isinstance(given.value, str):
            value = given.value.strip()
            video = markdown.youtube(value)
            if video or (len(value) == 11 and markdown.youtube(f"https://youtu.be/{value}")):
                return video or value
    return None
