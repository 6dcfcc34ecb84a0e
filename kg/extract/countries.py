"""Countries by their names, demonyms, abbreviations and capitals, from ``ontology/countries.ttl``.

The file holds the words and the neighbours that change their meaning; the rules here are those that
no list can hold: languages, people and places that only sound like countries, text in capitals.

Measured on the development notes: see docs/decisions/0004-countries.md.
"""

from __future__ import annotations

import re

from kg import lexicon, ontology
from kg.model import Mention

_LANGUAGE = re.compile(r"\b(?:in|into|from|speak|speaks|speaking|spoken|written in|translated (?:in)?to)\s$")
_LANGUAGE_AFTER = re.compile(r"[ \n](?:language|translation|subtitles|speakers?|version|words?\b)")
_WORD_BEFORE = re.compile(r"([^\W\d_][\w’'.]*)[ \n]$")
_CAPITALISED_AFTER = re.compile(r" ([A-Z][a-z]+)\b(?!')")
_WHOLE_BEFORE = frozenset("New Latin Northern Southern Inter- Native Central Little West East North South".split())
FIRST_NAMES = frozenset("Jordan Chad Georgia Israel Holland Cuba Paris Sofia Malta Kenya India China Victoria".split())


class Countries:
    """The extractor of countries."""

    name = "countries"
    version = "1"

    def __init__(self) -> None:
        self.lexicon = lexicon.read(ontology.path("countries.ttl"), "country")

    def find(self, text: str) -> list[Mention]:
        """List the countries that a text names.

        >>> [mention.key for mention in Countries().find("Denmark and the Danish, Jordan Peterson in New Jersey")]
        ['DK', 'DK']
        """
        found = self.lexicon.find(text)
        return [mention for mention in found if not _other_sense(text, mention)] if found else found


def _other_sense(text: str, mention: Mention) -> bool:
    before, after = text[max(0, mention.start - 24) : mention.start], text[mention.end : mention.end + 24]
    if before.endswith("-") and before[-2:-1].islower() and mention.rule != "demonym":
        return True  # e-Portugal, a product
    if mention.rule == "demonym":
        if _LANGUAGE_AFTER.match(after):
            return True
        return bool(_LANGUAGE.search(before)) and not re.match(r"[ \n][\w-]", after)
    if mention.rule == "abbreviation" and mention.surface.isalpha() and _shouted(text, mention):
        return True
    word = _WORD_BEFORE.search(before)
    if word and word[1] in _WHOLE_BEFORE and mention.rule in ("name", "capital"):
        return True
    return mention.surface in FIRST_NAMES and bool(_CAPITALISED_AFTER.match(after))


def _shouted(text: str, mention: Mention) -> bool:
    """Say whether the line is all in capitals, where US may be the pronoun."""
    start = text.rfind("\n", 0, mention.start) + 1
    end = text.find("\n", mention.end)
    line = text[start : end if end >= 0 else len(text)]
    letters = [each for each in line if each.isalpha()]
    return len(letters) > 8 and sum(map(str.isupper, letters)) > 0.8 * len(letters)
