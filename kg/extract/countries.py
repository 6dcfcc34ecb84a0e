"""Countries by their names, demonyms, abbreviations and capitals, from ``ontology/countries.ttl``.

The file holds the words and the neighbours that change their meaning; the rules here are those that
no list can hold: languages, people and places that only sound like countries, text in capitals.

Measured on the development notes: see docs/decisions/0004-countries.md.
"""

from __future__ import annotations

import re

from kg import lexicon, ontology
from kg.model import Mention

_LANGUAGE = re.compile(r"\b(?:in|into|from|to|speak|speaks|speaking|spoken)\s(?:[A-Z]\w+(?:,| and| or|, and|, or)\s)*$")
# What comes after the demonym, and others joined to it, says whether it is an adjective of something.
_NOUN_AFTER = re.compile(r"(?:(?:,| and| or|, and|, or)[ \n][A-Z]\w+)*[ \n](?!(?:and|or|to|into|from|with|for|by|as|but|on|at|if|is|was|are)\b)[\w-]")
_PRODUCT = re.compile(r"(?<![^\W_])[a-z]-$")  # e-Portugal
_LANGUAGE_AFTER = re.compile(r"(?:[ \n](?:language|translation|subtitles|speakers?|version)|-(?:speaking|language))")


class Countries:
    """The extractor of countries."""

    name = "countries"
    version = "2"
    seams = True

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
    before, after = text[max(0, mention.start - 60) : mention.start], text[mention.end : mention.end + 60]
    if _PRODUCT.search(before):
        return True
    if mention.rule == "demonym":
        if _LANGUAGE_AFTER.match(after):
            return True
        return bool(_LANGUAGE.search(before)) and not _NOUN_AFTER.match(after)
    if mention.surface == "US":
        return after.startswith("$") or _shouted(text, mention)
    return False


def _shouted(text: str, mention: Mention) -> bool:
    """Say whether the line is all in capitals, where US may be the pronoun."""
    start = text.rfind("\n", 0, mention.start) + 1
    end = text.find("\n", mention.end)
    line = text[start : end if end >= 0 else len(text)]
    letters = [each for each in line if each.isalpha()]
    return len(letters) > 6 and sum(map(str.isupper, letters)) > 0.8 * len(letters)
