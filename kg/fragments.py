"""The part of a note that a link goes on to: the ``#heading`` or ``#^block`` after its name.

A heading is found as it is written, else by its letters and digits, else as Obsidian links to it, without the signs that
mean something in a link (``## C# tips`` as ``#C tips``), else by the anchor that GitHub gives it, which is what tables of contents hold; an id that the author set, as ``{#id}`` or ``<a id="id">``, goes before those. ``#One#Two`` is a heading Two somewhere below One. Of
headings with the same words the first is meant, as in Obsidian. A block goes by its id, whatever its capitals.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from kg import names
from kg.model import Document

_SIGNS = re.compile(r"%%|\[\[|\]\]|[#|^:\\]")
"""What Obsidian leaves out of a heading where it links to it."""
_SPLITS = 8
"""Hash signs of a fragment that may each begin a heading of its own."""


class _Places(NamedTuple):
    """Which sections have an anchor, words as they are written, letters and digits, or those without signs: their numbers, in order."""

    anchors: dict[str, list[int]]
    words: dict[str, list[int]]
    keys: dict[str, list[int]]
    plain: dict[str, list[int]]


@dataclass(frozen=True)
class Parts:
    """What can be linked to in one note: anchor, words and parent of each section, and anchors by the ids of blocks and by further ids."""

    sections: tuple[tuple[str, str, int], ...]
    blocks: dict[str, str]
    ids: dict[str, str]

    @cached_property
    def places(self) -> _Places:
        """Where to look for a heading: a note may have as many links to its own headings as it has headings."""
        found = _Places(defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list))
        for at, (anchor, words, _) in enumerate(self.sections):
            for table, name in zip(found, (anchor, words, names.key(words), _plain_key(words)), strict=True):
                table[name].append(at)
        return found


def parts(document: Document) -> Parts:
    """List what can be linked to in a note."""
    blocks: dict[str, str] = {}
    for each in document.passages:
        if each.block:
            blocks.setdefault(each.block.casefold(), each.anchor)
    ids: dict[str, str] = {}
    for name, at in document.anchors:
        if name.startswith("^"):
            blocks.setdefault(name[1:].casefold(), at)
        else:
            ids.setdefault(name, at)
    return Parts(tuple((each.anchor, each.text, each.parent) for each in document.sections), blocks, ids)


def written(document: Document) -> str:
    """Write what can be linked to in a note as a text; "" if there is nothing."""
    found = parts(document)
    told = found.sections, found.blocks, found.ids
    return json.dumps(told, ensure_ascii=False) if any(told) else ""


@lru_cache(maxsize=1024)
def read(text: str) -> Parts:
    """Read what :func:`written` wrote."""
    if not text:
        return Parts((), {}, {})
    sections, blocks, ids = json.loads(text)
    return Parts(tuple((anchor, words, parent) for anchor, words, parent in sections), blocks, ids)


def anchor(within: Parts, fragment: str) -> str | None:
    """Give the anchor of the part that a fragment means, or None if there is none.

    >>> anchor(Parts((("costs", "Costs", -1), ("next-year", "Next year!", 0)), {"a1": "p-00000000"}, {}), "Costs#next  year")
    'next-year'
    """
    if fragment.startswith("^"):
        return within.blocks.get(fragment[1:].strip().casefold())
    above, sign, last = fragment.rpartition("#")
    path = [names.key(each) for each in above.split("#") if each.strip()]
    wanted = " ".join(names.nfc(last).split())
    anchors, words, keys, plain = within.places
    own = within.ids.get(fragment)
    if sign and (whole := words.get(" ".join(names.nfc(fragment).split()))):
        return within.sections[whole[0]][0]
    tests = words.get(wanted), anchors.get(own) if own else None, keys.get(names.key(wanted)), anchors.get(wanted)
    found = next((within.sections[at][0] for found in tests for at in found or () if _below(within, at, path)), own)
    if found:
        return found
    steps = fragment.split("#")
    for first in range(min(len(steps), _SPLITS)):
        path = [each for step in steps[:first] if (each := _plain_key(step))]
        wanted = _plain_key("#".join(steps[first:]))
        for at in plain.get(wanted, ()) if wanted else ():
            if _below(within, at, path):
                return within.sections[at][0]
    return None


def linked(heading: str) -> str:
    """Write a heading as Obsidian writes it in a link.

    >>> linked("C# tips"), linked("Part #1: a [[b]]")
    ('C tips', 'Part 1 a b')
    """
    return " ".join(_SIGNS.sub(" ", heading).split())


def _plain_key(words: str) -> str:
    return names.key(linked(words))


def _below(within: Parts, at: int, path: list[str]) -> bool:
    """Say whether the sections around one have the words of a path, in this order."""
    left = list(path)
    while left and (at := within.sections[at][2]) >= 0:
        words = within.sections[at][1]
        if left[-1] in (names.key(words), _plain_key(words)):
            left.pop()
        elif "#" in words:
            several = next((size for size in range(2, min(len(left), _SPLITS) + 1) if "".join(left[-size:]) == _plain_key(words)), 0)
            del left[len(left) - several :]
    return not left
