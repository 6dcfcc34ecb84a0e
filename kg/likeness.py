"""Names that may be other names of one another: shared words, small differences, letters that stand for words.

Only names that share a rare word, a beginning, an end, or initials are compared, so that tens of
thousands cost seconds. A score says how alike two names are, from 0 to 1; it never decides anything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from math import log
from typing import Generic, NamedTuple, TypeVar

from kg.extract import normal

Thing = TypeVar("Thing", bound=Hashable)

ALIKE = 0.6
"""Two names that are less alike are not worth a person's glance."""
_WORD = re.compile(r"[^\W_]+")
_EMPTY = frozenset(("a", "an", "and", "de", "del", "da", "do", "du", "e", "for", "in", "la", "of", "on", "s", "the", "to", "y"))
_SAME = {"programme": "program", "programmes": "program", "centre": "center", "organization": "organisation", "labour": "labor"}
_LETTERS = re.compile(r"[A-Z][A-Za-z]?[A-Z&]{1,7}s?")
_CROWD = 200
"""A word of more names than these tells nothing."""
_EDGE = 6
"""letters"""


def words(name: str) -> frozenset[str]:
    """Give what tells a name from others: its words without articles and the like, in the singular.

    >>> sorted(words("The Talk-Cardiff Programmes"))
    ['cardiff', 'program', 'talk']
    """
    found = (_SAME.get(each, each) for each in _WORD.findall(name.casefold()) if each not in _EMPTY)
    return frozenset(each[:-1] if len(each) > 3 and each.endswith("s") and not each.endswith("ss") else each for each in found)


def initials(name: str) -> str:
    """Give the first letters of a name's words.

    >>> initials("Cardiff Listening Programme for All")
    'clpa'
    """
    return "".join(each[0] for each in _WORD.findall(name.casefold()) if each not in _EMPTY)


class Likeness(NamedTuple, Generic[Thing]):
    """How alike a thing's name is, from 0 to 1."""

    score: float
    thing: Thing


class Register(Generic[Thing]):
    """Names of things, found by what they are made of."""

    def __init__(self, names: Mapping[Thing, str]) -> None:
        self.names = names
        self.words = {thing: words(name) for thing, name in names.items()}
        counted = Counter(word for found in self.words.values() for word in found)
        self.weights = {word: log(1 + len(names) / count) for word, count in counted.items()}
        self.blocks: dict[str, list[Thing]] = {}
        for thing, name in names.items():
            for block in self._blocks(name, self.words[thing]):
                self.blocks.setdefault(block, []).append(thing)

    def like(self, thing: Thing, most: int = 9) -> list[Likeness[Thing]]:
        """List the things whose names are like that of one, the most alike first.

        >>> known = Register({1: "Talk Cardiff Programme", 2: "Talk Cardiff", 3: "TCP", 4: "Open Data Wales"})
        >>> [(each.thing, each.score > 0.6) for each in known.like(1)]
        [(3, True), (2, True)]
        """
        near: dict[Thing, None] = {}
        for block in self._blocks(self.names[thing], self.words[thing]):
            group = self.blocks.get(block, ())
            if len(group) <= _CROWD:
                near |= dict.fromkeys(group)
        scored = (Likeness(round(self.score(thing, other), 2), other) for other in near if other != thing)
        return sorted((each for each in scored if each.score >= ALIKE), key=lambda each: (-each.score, self.names[each.thing]))[:most]

    def score(self, one: Thing, other: Thing) -> float:
        """Say how alike the names of two things are."""
        a, b = self.names[one], self.names[other]
        if _stands(a, b) or _stands(b, a):
            return 0.85
        shared, less, more = self._weight(self.words[one] & self.words[other]), *sorted(map(self._weight, (self.words[one], self.words[other])))
        together = less + more - shared
        found = shared / together if together else 0.0
        fewest = min(self.words[one], self.words[other], key=len)
        if len(fewest) > 1 and less and shared == self._weight(fewest):
            found = max(found, 0.6 + 0.3 * found)
        return max(found, _spelt(normal(a), normal(b)))

    def _weight(self, found: Iterable[str]) -> float:
        return sum(self.weights.get(word, 0.0) for word in sorted(found))

    @staticmethod
    def _blocks(name: str, found: frozenset[str]) -> Iterator[str]:
        yield from (f"w {word}" for word in found)
        plain = normal(name)
        yield f"< {plain[:_EDGE]}"
        yield f"> {plain[-_EDGE:]}"
        if len(found) > 1:
            yield f"i {initials(name)}"
        if _LETTERS.fullmatch(name):
            yield f"i {name.rstrip('s').casefold()}"


def _stands(letters: str, name: str) -> bool:
    return bool(_LETTERS.fullmatch(letters)) and " " in name and letters.rstrip("s").casefold() == initials(name)


def _spelt(one: str, other: str) -> float:
    """Say how alike two normal forms are letter by letter, if it is much."""
    if min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 0.25 * max(len(one), len(other)):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.quick_ratio() < 0.84:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= 0.84 else 0.0
