"""Words that name known things, and finding them in a text.

A lexicon is a SKOS file: a concept with labels, and guards that say which neighbours make a word
mean something else. Matching is case-sensitive, on whole words, the longest form wins, and a form
never matches across a full stop.

Every form begins with a capital or a digit, so only such words are looked up: one pass of a regular
expression and one dictionary look-up per capitalised word (7 M characters in about 0.2 s).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kg.errors import OntologyError, Place
from kg.model import Mention

LEX = "https://w3id.org/kgnotes/lexicon#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
FORMS = {
    f"{SKOS}prefLabel": "name",
    f"{SKOS}altLabel": "name",
    f"{LEX}demonym": "demonym",
    f"{LEX}abbreviation": "abbreviation",
    f"{LEX}capital": "capital",
}
_WORD = re.compile(r"(?<![^\W_])(?:[^\W\da-z_]|(?<![\w.-])\d)[^\W_]*")
_AFTER = re.compile(r"[ \n]?([^\W_][\w'’.-]*)")
_BEFORE = re.compile(r"([^\W_][\w'’.]*)[ \n-]$")


class Term(NamedTuple):
    """One form of one thing: ``rule`` says of what sort (name, demonym, abbreviation, capital)."""

    surface: str
    kind: str
    key: str
    rule: str
    not_before: frozenset[str] = frozenset()
    not_after: frozenset[str] = frozenset()


class Concept(NamedTuple):
    """What a lexicon says of one thing besides its forms: labels by language, codes, other IRIs."""

    key: str
    label: str
    labels: tuple[tuple[str, str], ...]
    matches: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """Forms by their first word, the longest first; and the concepts by kind and key."""

    terms: dict[str, tuple[Term, ...]]
    concepts: dict[tuple[str, str], Concept]

    def find(self, text: str) -> list[Mention]:
        """List what a text names, in reading order, none inside another."""
        found: list[Mention] = []
        terms = self.terms
        seen = 0
        for match in _WORD.finditer(text):
            group = terms.get(match[0])
            if group is None or match.start() < seen:
                continue
            start = match.start()
            for term in group:
                end = start + len(term.surface)
                if _stands(text, start, end, term) and not _guarded(text, start, end, term):
                    found.append(Mention(term.kind, term.key, term.surface, start, end, term.rule))
                    seen = end
                    break
        return found


def _stands(text: str, start: int, end: int, term: Term) -> bool:
    if text[start:end] != term.surface and text[start:end].replace("\n", " ") != term.surface:
        return False
    following = text[end : end + 1]
    return not (following.isalnum() or following == "_")


def _guarded(text: str, start: int, end: int, term: Term) -> bool:
    """Say whether a neighbour makes the word mean something else."""
    if term.not_before:
        after = _AFTER.match(text, end)
        if after and _trimmed(after[1]) in term.not_before:
            return True
    if term.not_after:
        before = _BEFORE.search(text[max(0, start - 24) : start])
        if before and before[1] in term.not_after:
            return True
    return False


def _trimmed(word: str) -> str:
    return word.rstrip(".").removesuffix("'s").removesuffix("’s")


def lexicon(terms: Iterable[Term], concepts: Iterable[tuple[str, Concept]] = ()) -> Lexicon:
    """Put forms together for matching.

    >>> words = lexicon([Term("Guinea", "country", "GN", "name"), Term("Guinea-Bissau", "country", "GW", "name")])
    >>> [mention.key for mention in words.find("From Guinea-Bissau to Guinea.")]
    ['GW', 'GN']
    """
    grouped: dict[str, list[Term]] = {}
    for term in terms:
        first = _WORD.match(term.surface)
        if first:
            grouped.setdefault(first[0], []).append(term)
    ordered = {word: tuple(sorted(group, key=lambda each: (-len(each.surface), each))) for word, group in grouped.items()}
    return Lexicon(ordered, {(kind, concept.key): concept for kind, concept in concepts})


@lru_cache(maxsize=4)
def read(path: Path, kind: str) -> Lexicon:
    """Read a lexicon from Turtle.

    Raises:
        OntologyError: the file is not Turtle.
    """
    import pyoxigraph

    about: dict[str, dict[str, list[pyoxigraph.Literal | pyoxigraph.NamedNode]]] = {}
    try:
        for triple in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE):
            subject = str(getattr(triple.subject, "value", triple.subject))
            about.setdefault(subject, {}).setdefault(triple.predicate.value, []).append(triple.object)  # type: ignore[arg-type]
    except SyntaxError as error:
        raise OntologyError(f"not valid Turtle: {error.msg}", at=Place(str(path), error.lineno or 0)) from None
    terms: list[Term] = []
    concepts: list[tuple[str, Concept]] = []
    for said in about.values():
        notation = said.get(f"{SKOS}notation")
        if not notation:
            continue
        key = notation[0].value
        not_before = frozenset(each.value for each in said.get(f"{LEX}notBefore", ()))
        not_after = frozenset(each.value for each in said.get(f"{LEX}notAfter", ()))
        labels: list[tuple[str, str]] = []
        for predicate, rule in FORMS.items():
            for each in said.get(predicate, ()):
                language = getattr(each, "language", None)
                if predicate == f"{SKOS}prefLabel":
                    labels.append((language or "", each.value))
                if language in (None, "en"):
                    # Guards speak of the plain name: no one reads "Jordanian Peterson" as a surname.
                    guards = (not_before, not_after) if rule in ("name", "capital", "abbreviation") else ()
                    terms.append(Term(each.value, kind, key, rule, *guards))
        label = next((text for language, text in labels if language == "en"), key)
        matches = tuple(sorted(each.value for each in said.get(f"{SKOS}exactMatch", ())))
        concepts.append((kind, Concept(key, label, tuple(sorted(labels)), matches)))
    return lexicon(terms, concepts)
