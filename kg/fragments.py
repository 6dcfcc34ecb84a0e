"""The part of a note that a link goes on to: the ``#heading`` or ``#^block`` after its name.

A heading is found as it is written, else by its letters and digits, else by the anchor that GitHub
gives it, which is what tables of contents hold; an id that the author set, as ``{#id}`` or ``<a id="id">``, goes before those. ``#One#Two`` is a heading Two somewhere below One. Of
headings with the same words the first is meant, as in Obsidian. A block goes by its id, whatever its capitals.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from kg import names
from kg.model import Document


class _Places(NamedTuple):
    """Which sections have an anchor, words as they are written, or letters and digits: their numbers, in order."""

    anchors: dict[str, list[int]]
    words: dict[str, list[int]]
    keys: dict[str, list[int]]


@dataclass(frozen=True)
class Parts:
    """What can be linked to in one note: anchor, words and parent of each section, and anchors by the ids of blocks and by further ids."""

    sections: tuple[tuple[str, str, int], ...]
    blocks: dict[str, str]
    ids: dict[str, str]

    @cached_property
    def places(self) -> _Places:
        """Where to look for a heading: a note may have as many links to its own headings as it has headings."""
        found = _Places(defaultdict(list), defaultdict(list), defaultdict(list))
        for at, (anchor, words, _) in enumerate(self.sections):
            for table, name in zip(found, (anchor, words, names.key(words)), strict=True):
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
    above, _, last = fragment.rpartition("#")
    path = [names.key(each) for each in above.split("#") if each.strip()]
    wanted = " ".join(names.nfc(last).split())
    anchors, words, keys = within.places
    own = within.ids.get(fragment)
    tests = words.get(wanted), anchors.get(own) if own else None, keys.get(names.key(wanted)), anchors.get(wanted)
    return next((within.sections[at][0] for found in tests for at in found or () if _below(within, at, path)), own)


def _below(within: Parts, at: int, path: list[str]) -> bool:
    """Say whether the sections around one have the words of a path, in this order."""
    left = list(path)
    while left and (at := within.sections[at][2]) >= 0:
        if names.key(within.sections[at][1]) == left[-1]:
            left.pop()
    return not left
