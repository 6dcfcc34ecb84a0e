"""Decisions about names as values: what one says, how many make a whole, and what is wrong with them.

    Entry       one decision, whatever the form of the file it stands in
    tidied      an entry with its texts and lists in order
    settled     entries that refer to one another by their main names, and what is wrong
    complete    entries, and one more for each thing that they only refer to

Nothing here knows how a file is written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from kg import countries, names
from kg.extract import normal
from kg.guard import guess

_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TIDY = re.compile(r"(?:[^\W_]++(?: (?=[^\W_]))?+)*+")
"""What nearly every text is: words with one blank between them."""
LISTS = ("aliases", "hidden", "countries", "organisations", "themes", "broader", "related")
REFERENCES = {"organisations": "organisation", "themes": "theme", "broader": "theme", "related": ""}
"""The fields that hold names of other entries, and of what kind; "" is the entry's own."""

Key = tuple[str, str]
"""A kind and the normal form of a name: what a decision is about."""


class Entry(NamedTuple):
    """One decision: this name is a thing of that kind, or is not (``rejected``).

    ``aliases`` are other names of it, ``hidden`` are found in text and never shown. ``countries``
    are ISO codes; ``organisations``, ``themes``, ``broader`` and ``related`` are names. ``end`` is
    that of its IRI where it is not the slug of its name, ``line`` where it stands in its file, or 0.
    """

    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    rejected: bool = False
    end: str = ""
    note: str = ""
    line: int = 0

    @property
    def key(self) -> Key:
        """What the decision is about.

        >>> Entry("theme", "Open Data").key
        ('theme', 'opendata')
        """
        return self.kind, normal(self.name)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way to write its name."""
        return (self.name, *self.aliases, *self.hidden)

    @property
    def said(self) -> Entry:
        """The same decision, wherever it stands."""
        return self._replace(line=0)

    @property
    def ending(self) -> str:
        """The end of its IRI.

        >>> Entry("theme", "Open Data").ending, Entry("country", "Portugal").ending
        ('open-data', 'PT')
        """
        own = countries.code(self.name) if self.kind == "country" else ""
        return self.end or own or names.slug(self.name) or names.digest(self.name)


class Problem(NamedTuple):
    """What is wrong on a line of a vocabulary, and what to do about it."""

    line: int
    what: str
    hint: str = ""


# -- putting in order ----------------------------------------------------------------------------


def order(entry: Entry) -> tuple[str, bool, str, str]:
    """Sort by kind, what is rejected last, then by name."""
    return entry.kind, entry.rejected, names.spaced(entry.name), entry.name


def tidy(text: str) -> str:
    """Put a text on one line, its words one blank apart.

    >>> tidy("  Talk\\n Cardiff ")
    'Talk Cardiff'
    """
    return text if _TIDY.fullmatch(text) else " ".join(_UNFIT.sub(" ", text).split())


def tidied(entry: Entry) -> Entry:
    """Put the texts of an entry in order; its lists without repeats, its countries as codes.

    >>> tidied(Entry("theme", " Open  data", aliases=("Open data", "", "free data"), countries=("Portugal",)))[1:5]
    ('Open data', ('free data',), (), ('PT',))
    """
    lists: dict[str, Any] = {field: tuple(dict.fromkeys(filter(None, map(tidy, each)))) for field in LISTS if (each := getattr(entry, field))}
    name = tidy(entry.name)
    if entry.kind == "country" and not entry.rejected:
        name = countries.label(name.upper()) or name
    if "aliases" in lists:
        lists["aliases"] = tuple(each for each in lists["aliases"] if each != name)
    if "hidden" in lists:
        lists["hidden"] = tuple(each for each in lists["hidden"] if each not in (name, *lists.get("aliases", ())))
    if "countries" in lists:
        lists["countries"] = tuple(dict.fromkeys(countries.code(each) or each for each in lists["countries"]))
    plain = entry._replace(name=name, end="", note=tidy(entry.note), **lists)
    # What a name is not needs no IRI of its own.
    return plain if entry.rejected or not name or tidy(entry.end) in ("", plain.ending) else plain._replace(end=tidy(entry.end))


def settled(given: Iterable[Entry], kinds: Collection[str] | None = None) -> tuple[tuple[Entry, ...], list[Problem]]:
    """Sort tidied entries and let them refer to one another by main names; tell what is wrong.

    Of entries that say the same, and of rejections of the same name, the first is kept.
    """
    entries: list[Entry] = []
    seen: set[object] = set()
    for entry in sorted(given, key=order):
        same: object = entry.key if entry.rejected and entry.name else entry.said
        if same not in seen:
            seen.add(same)
            entries.append(entry)
    index = _index(entries)
    found = tuple(_referring(entry, index) for entry in entries)
    return found, sorted(_problems(found, kinds))


def complete(given: Iterable[Entry], of: Collection[Key] | None = None) -> tuple[Entry, ...]:
    """Add an entry for each organisation and theme that others refer to and that has none; ``of`` limits whose references.

    >>> [entry.name for entry in complete([Entry("initiative", "Talk Cardiff", themes=("Open data",))])]
    ['Talk Cardiff', 'Open data']
    """
    entries, _ = settled(map(tidied, given))
    index = _index(entries)
    added: dict[Key, Entry] = {}
    for entry in entries:
        if of is None or entry.key in of:
            for kind, name in references(entry):
                if (kind, normal(name)) not in index:
                    added.setdefault((kind, normal(name)), Entry(kind, name))
    return settled((*entries, *added.values()))[0]


def references(entry: Entry) -> Iterator[Key]:
    """List what an entry refers to, by kind and name."""
    for field, kind in REFERENCES.items():
        for name in getattr(entry, field):
            yield kind or entry.kind, name


def _index(entries: Iterable[Entry]) -> dict[Key, Entry]:
    """Find accepted entries by each spelling; the end of an IRI, where no name has its form, will do as well."""
    accepted = [entry for entry in entries if not entry.rejected and entry.name]
    found: dict[Key, Entry] = {}
    for entry in accepted:
        for spelling in entry.spellings:
            found.setdefault((entry.kind, normal(spelling)), entry)
    for entry in accepted:
        if entry.end:
            found.setdefault((entry.kind, normal(entry.end)), entry)
    return found


def _referring(entry: Entry, index: dict[Key, Entry]) -> Entry:
    """Let an entry call others by their main names."""
    changed: dict[str, Any] = {}
    for field, kind in REFERENCES.items():
        given: tuple[str, ...] = getattr(entry, field)
        if given:
            changed[field] = tuple(dict.fromkeys(_main(kind or entry.kind, name, index) for name in given))
    return entry._replace(**changed) if changed else entry


def _main(kind: str, name: str, index: dict[Key, Entry]) -> str:
    """Give the main name of what a name refers to."""
    entry = index.get((kind, normal(name)))
    return entry.name if entry else (countries.label(countries.code(name)) if kind == "country" else "") or name


# -- what is wrong -------------------------------------------------------------------------------


def _problems(entries: Sequence[Entry], kinds: Collection[str] | None) -> Iterator[Problem]:
    index = _index(entries)
    rejected = {entry.key: entry for entry in entries if entry.rejected}
    for entry in entries:
        if not entry.name:
            yield Problem(entry.line, "a decision without a name", "write the name, or remove the line")
            continue
        if kinds is not None and entry.kind and entry.kind not in kinds:
            yield unknown(entry.line, "kind", entry.kind, kinds)
        yield from _unknown_countries(entry)
        yield from _clashes(entry, index, rejected)
        yield from _wrong_references(entry, rejected)
    yield from _same_ends(entries)
    yield from _circles(entries)


def unknown(line: int, what: str, name: str, known: Collection[str]) -> Problem:
    """Tell of a word that means nothing here, with a guess."""
    near = guess(name, sorted(known))
    return Problem(line, f"unknown {what} {name!r}", f"did you mean {near!r}?" if near else f"known: {', '.join(sorted(known))}")


def unknown_country(line: int, name: str) -> Problem:
    """Tell of a country that is none, with a guess."""
    near = countries.label(countries.code(name)) or guess(name, countries.labels())
    hint = f"did you mean {near} ({countries.code(near)})?" if near else "write an ISO 3166 code such as PT, or an English name"
    return Problem(line, f"unknown country {name!r}", hint)


def _unknown_countries(entry: Entry) -> Iterator[Problem]:
    if entry.kind == "country" and not entry.rejected and not countries.label(entry.ending):
        yield unknown_country(entry.line, entry.end or entry.name)
    for each in entry.countries:
        if not countries.label(each):
            yield unknown_country(entry.line, each)


def _clashes(entry: Entry, index: dict[Key, Entry], rejected: dict[Key, Entry]) -> Iterator[Problem]:
    """Tell which spellings of an accepted entry another one has, or are rejected."""
    if entry.rejected:
        return
    for key, spelling in {(entry.kind, normal(each)): each for each in reversed(entry.spellings)}.items():
        other, no = index[key], rejected.get(key)
        if other is not entry:
            yield _claimed(spelling, *sorted((other, entry), key=lambda each: (each.line, each)))
        if no:
            first, last = sorted((entry.line, no.line))
            what = f"{spelling!r} is accepted as {_a(entry.kind)} and rejected as one{_on(first)}"
            yield Problem(last, what, "keep one of the two decisions")


def _claimed(spelling: str, first: Entry, last: Entry) -> Problem:
    what = f"{spelling!r} names two {_plural(last.kind)}: {first.name!r}{_on(first.line)} and {last.name!r}"
    return Problem(last.line, what, "make one decision of the two, or take the name from one of them")


def _wrong_references(entry: Entry, rejected: dict[Key, Entry]) -> Iterator[Problem]:
    if entry.broader and entry.kind != "theme":
        yield Problem(entry.line, f"{entry.name!r} is {_a(entry.kind)}, and only themes have broader ones", "write the themes it works on as themes")
    for field in ("broader", "related"):
        if normal(entry.name) in map(normal, getattr(entry, field)) and (field == "related" or entry.kind == "theme"):
            what = "broader than" if field == "broader" else "related to"
            yield Problem(entry.line, f"{entry.name!r} is {what} itself", f"take it from its own {field}")
    for kind, name in references(entry):
        if kind == "country" and not countries.code(name):
            yield unknown_country(entry.line, name)
        no = rejected.get((kind, normal(name)))
        if no:
            what = f"{entry.name!r} refers to {name!r}, which is rejected as {_a(kind)}{_on(no.line)}"
            yield Problem(entry.line, what, "accept it, or take it from here")


def _same_ends(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Tell which accepted entries of different names would have the same IRI."""
    seen: dict[Key, Entry] = {}
    for entry in sorted(entries, key=lambda each: (each.line, each)):
        if entry.name and not entry.rejected:
            other = seen.setdefault((entry.kind, entry.ending), entry)
            if other.key != entry.key:
                what = f"{entry.name!r} has the IRI of {other.name!r}{_on(other.line)}, {entry.kind}/{entry.ending}"
                yield Problem(entry.line, what, "make one decision of the two, or give one another end")


def _circles(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Tell the first circle of themes that are broader than one another."""
    themes = {normal(entry.name): entry for entry in entries if entry.kind == "theme" and not entry.rejected}
    above = {key: [each for each in map(normal, entry.broader) if each in themes and each != key] for key, entry in themes.items()}
    done: set[str] = set()
    for start, first in above.items():
        path = {start: iter(first)} if start not in done else {}
        while path:
            last = next(reversed(path))
            step = next(path[last], None)
            if step is None:
                done.add(last)
                del path[last]
            elif step in path:
                circle = [themes[each] for each in list(path)[list(path).index(step) :]]
                shown = " → ".join(each.name for each in (*circle, circle[0]))
                yield Problem(max(each.line for each in circle), f"themes broader than one another: {shown}", "remove one of these steps")
                return
            elif step not in done:
                path[step] = iter(above[step])


def _a(kind: str) -> str:
    return f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind}"


def _plural(kind: str) -> str:
    return "people" if kind == "person" else "countries" if kind == "country" else f"{kind}s"


def _on(line: int) -> str:
    return f" (line {line})" if line else ""
