"""Honest names of islands: what their notes speak of, and those of other islands do not.

    names       islands -> a name for each and for its parts, no two the same

A name is two or three terms, joined by a dot: things that many notes of the island name or link to, weighed
against how many do elsewhere (TF-IDF), or else words of its labels. It is never the title of a single node,
which would promise that the rest is of the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg.names import key
from kg.scene import Node

TERMS = 3
"""In one name at most."""
LONG = 36
"""Characters of a term at most."""
ROOM = 48
"""Characters of a name, in which a third term must fit."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_DULL = frozenset(
    re.findall(
        r"\w+",
        """about after also among and are between beyond could does during each for from have having how into its more most note notes over
        part parts than that the their them then there these they this through toward towards under using what when where which while why
        will with within without would your""",
    )
)
_WORTH = {"country": 0.5, "organisation": 0.4, "person": 0.2, "initiative": 0.5}
"""Of terms, by kind: what a place is about is told by themes and titles first."""
_NOT = ("video", "channel", "missing")
"""Kinds whose labels tell nothing."""


class Named(NamedTuple):
    """The name of an island, and those of its parts in order."""

    name: str
    parts: list[str]


def names(nodes: Sequence[Node], joined: Sequence[tuple[int, int]], islands: Sequence[Sequence[Sequence[int]]], loose: Sequence[bool]) -> list[Named]:
    """Name islands, each given by the nodes of its parts; a loose one is named for being so."""
    linked = {node for pair in joined for node in pair if pair[0] != pair[1]}
    whole = _Terms(nodes, joined, [[node for part in island for node in part] for island in islands])
    taken: set[str] = set()
    found = []
    for number, island in enumerate(islands):
        if loose[number]:
            name = "small groups" if any(node in linked for part in island for node in part) else "without links"
        else:
            name = whole.name(number, taken)
        taken.add(name)
        found.append(name)
    parts = _Terms(nodes, joined, [part for island in islands for part in island])
    at, named = 0, []
    for number, island in enumerate(islands):
        inner = []
        for _ in island:
            inner.append(found[number] if loose[number] or len(island) == 1 else parts.name(at, taken))
            taken.add(inner[-1])
            at += 1
        named.append(Named(found[number], inner))
    return named


class _Terms:
    """Counts, for sets of nodes, what their members point at, and the words of their labels."""

    def __init__(self, nodes: Sequence[Node], joined: Sequence[tuple[int, int]], sets: Sequence[Sequence[int]]) -> None:
        self.nodes, self.sets = nodes, sets
        home = {node: number for number, members in enumerate(sets) for node in members}
        self.inside: list[Counter[int]] = [Counter() for _ in sets]
        self.whole: Counter[int] = Counter()
        for start, end in joined:
            if start in home and start != end and nodes[end].kind not in _NOT and len(nodes[end].label) <= LONG:
                self.inside[home[start]][end] += 1
                self.whole[end] += 1
        self.notes = [sum(nodes[node].kind == "note" for node in members) for members in sets]
        self.words: list[Counter[str]] | None = None
        self.all_words: Counter[str] = Counter()

    def name(self, number: int, taken: Iterable[str]) -> str:
        """Name one set, as no other is named."""
        terms = self.things(number)
        if len(terms) < 2:
            terms = _apart([*terms, *self.common(number)])
        if not terms:
            kinds = Counter(self.nodes[node].kind for node in self.sets[number])
            terms = [f"{count} × {kind}" for kind, count in sorted(kinds.items(), key=lambda each: (-each[1], each[0]))]
        if len(terms) == 1:
            terms.append(f"{len(self.sets[number]):,} nodes")
        name = _short(terms)
        more = terms[len(name.split(" · ")) :]
        while name in taken and more:
            name = f"{name} · {more.pop(0)}"
        turn, first = 2, name
        while name in taken:
            name = f"{first} · {turn}"
            turn += 1
        return name

    def things(self, number: int) -> list[str]:
        """Give the labels of what several members point at, the most telling first."""
        count = self.inside[number]
        # A term that one note in twelve has is none of the whole; more notes than that name a theme in passing.
        notes = self.notes[number]
        least, part = max(2, notes / 12), 1.2 * notes / max(1, sum(self.notes))
        scored = [
            (times * math.log(1 + times / (2 + self.whole[node] - times)) * _WORTH.get(self.nodes[node].kind, 1.0), node)
            for node, times in count.items()
            if times >= least + (self.nodes[node].kind == "note") and times > part * self.whole[node]
        ]
        scored.sort(key=lambda each: (-round(each[0], 6), self.nodes[each[1]].iri))
        return _apart(self.nodes[node].label for _, node in scored[:24])

    def common(self, number: int) -> list[str]:
        """Give the words that several labels have, the most telling first."""
        if self.words is None:
            self.words = [Counter(word for node in members for word in _words(self.nodes[node])) for members in self.sets]
            for each in self.words:
                self.all_words.update(each)
        part = len(self.sets[number]) / max(1, sum(map(len, self.sets)))
        scored = [
            (times * math.log(times / self.all_words[word] / part), word)
            for word, times in self.words[number].items()
            if times >= 2 and times > 1.2 * part * self.all_words[word]
        ]
        return [word for _, word in sorted(scored, key=lambda each: (-round(each[0], 6), each[1]))[:12]]


def _words(node: Node) -> set[str]:
    return {word for word in _WORD.findall(node.label.lower()) if word not in _DULL} if node.kind not in _NOT else set()


def _apart(labels: Iterable[str]) -> list[str]:
    """Leave out what says again what a label before it says.

    >>> _apart(["Open Data", "open data portals", "Ghana"])
    ['Open Data', 'Ghana']
    """
    found: list[str] = []
    seen: list[set[str]] = []
    for label in labels:
        label = " ".join(label.split())
        words = {key(word)[:6] for word in label.split() if len(word) > 2} or {key(label)}
        if label and all(2 * len(words & known) <= min(len(words), len(known)) - (min(len(words), len(known)) == 1) for known in seen):
            found.append(label)
            seen.append(words)
    return found


def _short(terms: Sequence[str]) -> str:
    """Join two terms, and a third if there is room.

    >>> _short(["Open Data", "Ghana", "Privacy", "x"])
    'Open Data · Ghana · Privacy'
    """
    name = " · ".join(terms[:2])
    for term in terms[2:TERMS]:
        if len(name) + 3 + len(term) <= ROOM:
            name = f"{name} · {term}"
    return name
