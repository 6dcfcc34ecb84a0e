"""How kinds and properties look and read on the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kg.names import ONTOLOGY
from kg.network import KINDS


class Style(NamedTuple):
    """A kind: its name and plural, shape, tone (a colour of page.css), whether it is filled, and its class."""

    name: str
    plural: str
    shape: str
    tone: int
    filled: bool
    iri: str


FACETS = ("channel", "video", "country")
"""Kinds that join everything: they neither shape the map nor count as a way from one node to another."""

_SHAPES = {
    "note": ("dot", 0, True),
    "missing": ("dot", 8, False),
    "country": ("square", 1, True),
    "theme": ("hexagon", 2, True),
    "initiative": ("diamond", 3, True),
    "organisation": ("triangle", 4, True),
    "person": ("triangleDown", 5, True),
    "channel": ("star", 6, True),
    "video": ("square", 7, False),
}
"""The order is that of the legend."""

_SPARE = (("diamond", 7, False), ("hexagon", 1, False), ("triangle", 2, False), ("triangleDown", 3, False), ("star", 4, False))
"""For kinds we have no style for, in turn."""

_NAMES = {"missing": ("Missing note", "Missing notes"), "country": ("Country", "Countries"), "person": ("Person", "People")}

PROPERTIES = {
    "linksTo": ("links to", "linked from"),
    "mentions": ("mentions", "mentioned by"),
    "about": ("is about", "subject of"),
    "source": ("made from", "source of"),
    "channel": ("channel", "channel of"),
    "country": ("country", "country of"),
    "theme": ("theme", "theme of"),
    "organisation": ("organisation", "organisation of"),
}
"""How a property reads from its subject, and from its object."""


def tone(kind: str) -> int:
    """Give the tone of a kind, that of nothing in particular where we have no style for it."""
    return _SHAPES.get(kind, _SHAPES["missing"])[1]


def style(kinds: Iterable[str]) -> dict[str, Style]:
    """Give the styles of the kinds that are there, in the order of the legend.

    >>> [each.plural for each in style(["spaceship", "country", "note"]).values()]
    ['Notes', 'Countries', 'Spaceships']
    """
    found = set(kinds)
    classes = {kind: f"{ONTOLOGY}{name}" for name, kind in KINDS.items()}
    shapes = {kind: shape for kind, shape in _SHAPES.items() if kind in found}
    shapes |= {kind: _SPARE[turn % len(_SPARE)] for turn, kind in enumerate(sorted(found - _SHAPES.keys()))}
    return {kind: Style(*_named(kind), shape, tone, filled, classes.get(kind, "")) for kind, (shape, tone, filled) in shapes.items()}


def _named(kind: str) -> tuple[str, str]:
    name = kind[:1].upper() + kind[1:]
    return _NAMES.get(kind, (name, f"{name}s"))
