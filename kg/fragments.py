"""The part of a note that a link goes on to: the ``#heading`` or ``#^block`` after its name.

A heading is found as it is written, else by its letters and digits, else by the anchor that GitHub
gives it, which is what tables of contents hold; an id that the author set, as ``{#id}`` or ``<a id="id">``, goes before those. ``#One#Two`` is a heading Two somewhere below One. Of
headings with the same words the first is meant, as in Obsidian. A block goes by its id, whatever its capitals.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import NamedTuple

from kg import names
from kg.model import Document


class Parts(NamedTuple):
    """What can be linked to in one note: anchor, words and parent of each section, and anchors by the ids of blocks and by further ids."""

    sections: tuple[tuple[str, str, int], ...]
    blocks: dict[str, str]
    ids: dict[str, str]


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
    return json.dumps(found, ensure_ascii=False) if any(found) else ""


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
    folded = names.key(wanted)
    here = [(each, words) for at, (each, words, _) in enumerate(within.sections) if _below(within, at, path)]
    tests = (
        lambda _, words: words == wanted,
        lambda each, _: each == within.ids.get(fragment),
        lambda _, words: names.key(words) == folded,
        lambda each, _: each == wanted,
    )
    return next((each for test in tests for each, words in here if test(each, words)), within.ids.get(fragment))


def _below(within: Parts, at: int, path: list[str]) -> bool:
    """Say whether the sections around one have the words of a path, in this order."""
    left = list(path)
    while left and (at := within.sections[at][2]) >= 0:
        if names.key(within.sections[at][1]) == left[-1]:
            left.pop()
    return not left
