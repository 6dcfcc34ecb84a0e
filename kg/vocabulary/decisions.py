"""A vocabulary made ready for the build: what a name means, and where it stands in a text.

lexicon     finds every accepted spelling in a text
difference  which names another vocabulary decides otherwise, so that only their notes are read again
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kg.extract import normal
from kg.lexicon import Lexicon, Term, lexicon
from kg.vocabulary.entries import REFERENCES, Entry, Key, complete

RULE = "vocabulary"
"""The rule of what is found by an accepted spelling."""


@dataclass(frozen=True)
class Decisions:
    """What every spelling means: the accepted entry, or None where it is rejected, by kind and normal form."""

    entries: tuple[Entry, ...]
    decided: Mapping[Key, Entry | None]
    elsewhere: Mapping[str, Entry]
    """The accepted entry by the normal form of its names, whatever its kind."""
    lexicon: Lexicon

    def accepted(self, kind: str, key: str) -> Entry | None:
        """Give what a name of a kind means: the entry of this kind, or of another if this kind has no decision on it.

        >>> known = decisions([Entry("organisation", "Talk Lab")])
        >>> known.accepted("initiative", "talklab").kind
        'organisation'
        """
        return self.decided[kind, key] if (kind, key) in self.decided else self.elsewhere.get(key)

    def rejected(self, kind: str, key: str) -> bool:
        """Say whether a name is not a thing of this kind."""
        return (kind, key) in self.decided and self.decided[kind, key] is None

    def joined(self, entry: Entry) -> tuple[tuple[str, str, str], ...]:
        """List what an entry is joined to: the field that says so, the kind of the other, the end of its IRI.

        >>> known = decisions([Entry("initiative", "Talk Cardiff", countries=("GB",), organisations=("City of Cardiff",))])
        >>> known.joined(known.decided["initiative", "talkcardiff"])
        (('countries', 'country', 'GB'), ('organisations', 'organisation', 'city-of-cardiff'))
        """
        others = ((field, kind or entry.kind, name) for field, kind in REFERENCES.items() for name in getattr(entry, field))
        return (
            *(("countries", "country", end) for end in entry.countries),
            *((field, kind, other.ending) for field, kind, name in others if (other := self.decided.get((kind, normal(name))))),
        )


def key_of(entry: Entry) -> str:
    """Give the key that mentions of an entry have: the code of a country, else the normal form of the name."""
    return entry.ending if entry.kind == "country" else normal(entry.name)


def decisions(given: Iterable[Entry]) -> Decisions:
    """Make decisions of the entries of a vocabulary, and of what they refer to.

    >>> known = decisions([Entry("theme", "open data", aliases=("free data",))])
    >>> [(each.surface, each.key) for each in known.lexicon.find("Open Data is free\\ndata.")]
    [('free\\ndata', 'opendata')]
    """
    entries = complete(given)
    decided: dict[Key, Entry | None] = {}
    elsewhere: dict[str, Entry] = {}
    terms: list[Term] = []
    for entry in entries:
        for spelling in entry.spellings:
            key = normal(spelling)
            decided.setdefault((entry.kind, key), None if entry.rejected else entry)
            if not entry.rejected:
                elsewhere.setdefault(key, entry)
                terms += [Term(form, entry.kind, key_of(entry), RULE) for form in _forms(spelling)]
    return Decisions(entries, decided, elsewhere, lexicon(terms))


def _forms(spelling: str) -> set[str]:
    """Give the ways in which a file may encode the same letters."""
    return {spelling} if spelling.isascii() else {spelling, *(unicodedata.normalize(form, spelling) for form in ("NFC", "NFD"))}


class Difference(NamedTuple):
    """What two vocabularies decide otherwise.

    A note has to be written again if it names something by one of ``keys`` (kind and normal form),
    and read again if one of ``spellings`` stands in its text.
    """

    keys: frozenset[Key]
    spellings: frozenset[str]


def difference(old: Decisions, new: Decisions, kinds: Iterable[str] = ()) -> Difference:
    """Compare two vocabularies; ``kinds`` are those of mentions that may get another kind.

    >>> one, other = decisions([Entry("theme", "Open data")]), decisions([Entry("theme", "Open data", rejected=True)])
    >>> difference(one, other)
    Difference(keys=frozenset({('theme', 'opendata')}), spellings=frozenset({'Open data'}))
    """
    every = {*kinds, *(kind for kind, _ in (*old.decided, *new.decided))}
    forms = {key for _, key in (*old.decided, *new.decided)}
    keys = frozenset((kind, key) for kind in every for key in forms if _verdict(old, kind, key) != _verdict(new, kind, key))
    return Difference(keys, frozenset(term.surface for term in _terms(old) ^ _terms(new)))


def _verdict(known: Decisions, kind: str, key: str) -> object:
    entry = known.accepted(kind, key)
    # Where a decision stands in its file, and the author's remark, change nothing in the graph.
    return (entry._replace(line=0, note=""), known.joined(entry)) if entry else known.rejected(kind, key)


def _terms(known: Decisions) -> set[Term]:
    return {term for group in known.lexicon.terms.values() for term in group}
