"""Names that come near one that no note has; and when one of them is meant for sure.

A suggestion is a guess for a person to judge. A *sure* one is written into a note unasked, so it has to be a slip of the
finger and nothing else: see :func:`slip`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from kg import names

ALIKE = 0.75
"""As in ``kg explain``: names that are less alike are not worth a glance."""
_MOST = 3
_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 6
"""letters; a shorter word is too often another word (law, laws; form, from)"""


class Near:
    """The names of a vault, by pairs of letters, so that a name is compared with few."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = sorted(set(known))
        self.sizes = [len(each) + 1 for each in self.known]
        self.holding: dict[str, list[int]] = {}
        self.memory: dict[str, list[str]] = {}
        for number, each in enumerate(self.known):
            for pair in _pairs(each):
                self.holding.setdefault(pair, []).append(number)

    def like(self, name: str) -> list[str]:
        """List the keys, three at most, that are most like a key, the nearest first.

        >>> Near(["opendata", "opengovernment"]).like("opnedata")
        ['opendata']
        """
        if name not in self.memory:
            self.memory[name] = self._like(name)
        return self.memory[name]

    def _like(self, name: str) -> list[str]:
        shared: Counter[int] = Counter()
        for pair in _pairs(name):
            shared.update(self.holding.get(pair, ()))
        size = len(name) + 1
        likely = sorted(shared, key=lambda each: (-2 * shared[each] / (self.sizes[each] + size), each))[:12]
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(name)
        scored = []
        for each in likely:
            matcher.set_seq1(self.known[each])
            if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and (score := matcher.ratio()) >= ALIKE:
                scored.append((-score, self.known[each]))
        return [each for _, each in sorted(scored)[:_MOST]]


def _pairs(name: str) -> set[str]:
    padded = f" {name} "
    return {padded[at : at + 2] for at in range(len(padded) - 1)}


def slip(written: str, meant: str) -> str:
    """Give the word of a name that is a slip for that of another; "" if they differ by more than one slip, or by what may be meant.

    One word differs, by one letter too much, too few, wrong, or two in turned order. It is long, its first letter is right (moral, amoral;
    effect, affect), and no digit takes part (2023, 2024).

    >>> slip("public_sectro_reform", "public sector reform"), slip("report 2023", "report 2024"), slip("open data", "open date")
    ('sectro', '', '')
    """
    here, there = _WORD.findall(names.nfc(written)), _WORD.findall(names.nfc(meant))
    if len(here) != len(there):
        return ""
    other = [(one, two) for one, two in zip(here, there, strict=True) if one.casefold() != two.casefold()]
    if len(other) != 1:
        return ""
    word, right = (each.casefold() for each in other[0])
    if min(len(word), len(right)) < _SHORTEST or word[0] != right[0] or any(each.isdigit() for each in word + right):
        return ""
    return other[0][0] if one_apart(word, right) else ""


def one_apart(one: str, other: str) -> bool:
    """Say whether two words differ by one letter, or by two next to one another that changed places.

    >>> one_apart("labs", "lab"), one_apart("form", "from"), one_apart("abc", "abc"), one_apart("abcd", "badc")
    (True, True, False, False)
    """
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, more = one[start:], other[start:]
    ways: Iterator[bool] = iter((rest[1:] == more[1:], rest[1:] == more, rest == more[1:], rest[:2] == more[1::-1] and rest[2:] == more[2:]))
    return any(ways)


__all__ = ["Near", "one_apart", "slip"]
