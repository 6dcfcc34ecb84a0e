"""The rules in words: how often each is right, and an example, as the module that has it says in its own table."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple

from kg.errors import KgError
from kg.extract import BUILTIN, OPTIONAL, OWN, installed, precision, relations
from kg.standing import FACT

_AUTHORS = {
    "link": "a link of the author's",
    "property": "front matter, or a line such as country:: Ghana",
    "tag": "a tag",
    "vocabulary": "the author's vocabulary",
    "page": "a note that is its page",
    "name": "a name in the lexicon",
    "demonym": "a word of the lexicon for the people or as an adjective",
    "abbreviation": "an abbreviation in the lexicon",
    "capital": "a capital city in the lexicon",
    "unexplained": "a name in capitals that another note explains",
    "spacy": "what a model of spaCy takes for one",
    "acronym": "the short name of one, where it is introduced",
    "again": "a name that a rule found elsewhere in the note",
}


class Rule(NamedTuple):
    """A rule: its name, how often it is right (1 for what authors state), and an example of what it finds."""

    name: str
    share: float
    example: str

    def __str__(self) -> str:
        """Say it in a line.

        >>> str(Rule("tag", 1.0, "a tag"))
        'tag: a tag'
        """
        often = f" (right {round(100 * self.share)} times in 100)" if self.share < 1 else ""
        return f"{self.name}{often}: {self.example}"

    @property
    def fact(self) -> bool:
        """Whether what it finds is a fact by that alone."""
        return self.share >= FACT


def rule(kind: str, name: str) -> Rule:
    """Describe a rule that finds things of a kind, or a relation (``kind`` is "").

    >>> rule("initiative", "quote-cue").example
    'the "Talk Cardiff" platform'
    """
    known = _rules().get((kind, name))
    if known or name in _AUTHORS or ":" not in name:
        return known or Rule(name, 1.0, _AUTHORS.get(name, "a rule of another package"))
    return Rule(name, _others().get((kind, name), 1.0), f"a rule of the extractor {name.partition(':')[0]!r}")


@lru_cache(maxsize=1)
def _others() -> dict[tuple[str, str], float]:
    """Give the precision of the rules of other packages; none if one of them cannot be loaded."""
    try:
        return precision([each for each in installed() if each.name not in OWN])
    except KgError:
        return {}


@lru_cache(maxsize=1)
def _rules() -> dict[tuple[str, str], Rule]:
    found: dict[tuple[str, str], Rule] = {}
    for place in (*BUILTIN.values(), *OPTIONAL.values()):
        module = import_module(place.partition(":")[0])
        made = getattr(module, place.partition(":")[2])
        for kind in getattr(made, "kinds", ()):
            found |= {
                (kind, name): Rule(name, share, _example(module.__doc__ or "", name) or _AUTHORS.get(name, ""))
                for name, share in getattr(made, "confidence", {}).items()
            }
    told = relations.__doc__ or ""
    for name, share in relations.CONFIDENCE.items():
        found["", name] = Rule(name, share, _example(told, name) or _example(told, name.partition("-")[2]))
    return found


def _example(told: str, name: str) -> str:
    """Read the example of a rule from the table in a docstring, which may have two columns."""
    match = re.search(rf"(?m)(?:^|\s{{2,}}){re.escape(name)} {{2,}}(\S.*?)(?= {{2,}}|$)", told)
    return match[1] if match else ""
