"""How the things that a passage names belong together, where its words leave no doubt.

    owner     Portugal's "Simplex": a country right before the name of an initiative, owning it
    place     the "Simplex" programme in Portugal: the name, what it is, and where

Each rule reads only what stands between two names. What needs a sentence understood is not here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kg.extract import texts
from kg.extract.initiatives import CUE
from kg.model import Document, Mention

_OWNS = re.compile(r"(?:['’]s?)?[ \n](?:(?:new|own|national)[ \n])?[\"“]")
_STANDS = re.compile(rf"[\"”][ \n](?:[a-z]+[ \n])?{CUE}[ \n](?:in|from|across)[ \n](?:the[ \n])?")
CONFIDENCE = {"owner": 0.95, "place": 0.92}
"""Of each rule: the lower end of what was measured (docs/decisions/0009-relations.md)."""


class Relation(NamedTuple):
    """One thing is related to another: ``property`` is a term of the ontology."""

    at: int
    subject: Mention
    property: str
    object: Mention
    rule: str


def relations(document: Document, mentions: Sequence[Sequence[Mention]]) -> list[Relation]:
    """List what a note says of the things it names; ``mentions`` belong to :func:`kg.extract.texts`."""
    return [each for at, text in enumerate(texts(document)) for each in _said(at, text, mentions[at])]


def _said(at: int, text: str, mentions: Sequence[Mention]) -> list[Relation]:
    initiatives = [each for each in mentions if each.kind == "initiative"]
    countries = [each for each in mentions if each.kind == "country"]
    return [
        Relation(at, initiative, "country", country, rule)
        for initiative in initiatives
        for country in countries
        if (rule := _rule(text, initiative, country))
    ]


def _rule(text: str, initiative: Mention, country: Mention) -> str:
    if country.end <= initiative.start and _OWNS.fullmatch(text, country.end, initiative.start):
        return "owner"
    if initiative.end <= country.start and _STANDS.fullmatch(text, initiative.end, country.start):
        return "place"
    return ""
