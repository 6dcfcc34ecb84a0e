"""Words that name known things, and finding them in a text.

A lexicon is a SKOS file: a concept with labels, and guards that say which neighbours make a word
mean something else. Matching is case-sensitive, on whole words, the longest form wins, and a form
never matches across a full stop.

Nearly every form begins with a capital, so only such words are looked up: one pass of a regular
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
# A capital first and only then what may not stand before it: the engine runs from capital to capital.
_CAPITALS = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ"
_WORD = re.compile(rf"[{_CAPITALS}](?<![^\W_].)[^\W_]*")
_GAP = " \n-,~"


class Term(NamedTuple):
    """One form of one thing: ``rule`` says of what sort (name, demonym, abbreviation, capital).

    A neighbour in ``not_before`` (it follows the form) or ``not_after`` gives the form another
    meaning, as does any capitalised word after a form that is also a ``given`` name.
    """

    surface: str
    kind: str
    key: str
    rule: str
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    given: bool = False


class Concept(NamedTuple):
    """What a lexicon says of one thing besides its forms: labels by language, codes, other IRIs."""

    key: str
    label: str
    labels: tuple[tuple[str, str], ...]
    matches: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """Forms by their first word, the longest first; and the concepts by kind and key.

    ``odd`` are the forms that do not begin with a capital, such as eSwatini.
    """

    terms: dict[str, tuple[Term, ...]]
    concepts: dict[tuple[str, str], Concept]
    odd: tuple[Term, ...] = ()

    def find(self, text: str) -> list[Mention]:
        """List what a text names, in reading order, none inside another."""
        found: list[Mention] = []
        terms = self.terms
        plain = ""
        seen = 0
        for match in _WORD.finditer(text):
            group = terms.get(match[0])
            if group is None or match.start() < seen:
                continue
            plain = plain or text.replace("\n", " ").replace("’", "'")
            start = match.start()
            for term in group:
                end = start + len(term.surface)
                if plain.startswith(term.surface, start) and not _goes_on(plain, end):
                    # What is refused is passed over whole: nothing shorter in it may stand for it.
                    seen = end
                    if not _guarded(plain, start, end, term):
                        found.append(Mention(term.kind, term.key, text[start:end], start, end, term.rule))
                    break
        for term in self.odd:
            if term.surface in text:
                found = sorted((*found, *_alone(text, term)), key=lambda each: each.start)
        return found


def _alone(text: str, term: Term) -> list[Mention]:
    """List a form where it stands as a word of its own."""
    places = re.finditer(rf"(?<![^\W_]){re.escape(term.surface)}(?![^\W])", text)
    return [Mention(term.kind, term.key, each[0], each.start(), each.end(), term.rule) for each in places]


def _goes_on(text: str, end: int) -> bool:
    following = text[end : end + 1]
    return following.isalnum() or following == "_"


def _guarded(text: str, start: int, end: int, term: Term) -> bool:
    """Say whether a neighbour makes the form mean something else."""
    if term.given and text[end : end + 1] == " " and text[end + 1 : end + 2].isupper():
        return True
    if term.not_before:
        after = text[end:].lstrip(_GAP)
        if any(after.startswith(each) and not _goes_on(after, len(each)) for each in term.not_before):
            return True
    if term.not_after:
        before = text[:start].rstrip(_GAP)
        return any(before.endswith(each) and not _goes_back(before, each) for each in term.not_after)
    return False


def _goes_back(text: str, word: str) -> bool:
    return text[: -len(word)][-1:].isalnum()


def lexicon(terms: Iterable[Term], concepts: Iterable[tuple[str, Concept]] = ()) -> Lexicon:
    """Put forms together for matching.

    >>> words = lexicon([Term("Guinea", "country", "GN", "name"), Term("Guinea-Bissau", "country", "GW", "name")])
    >>> [mention.key for mention in words.find("From Guinea-Bissau to Guinea.")]
    ['GW', 'GN']
    """
    grouped: dict[str, list[Term]] = {}
    odd: list[Term] = []
    for term in terms:
        first = _WORD.match(term.surface)
        if first:
            grouped.setdefault(first[0], []).append(term)
        else:
            odd.append(term)
    ordered = {word: tuple(sorted(group, key=lambda each: (-len(each.surface), each))) for word, group in grouped.items()}
    return Lexicon(ordered, {(kind, concept.key): concept for kind, concept in concepts}, tuple(sorted(odd)))


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
            about.setdefault(subject, {}).setdefault(triple.predicate.value, []).append(triple.object)
    except SyntaxError as error:
        raise OntologyError(f"not valid Turtle: {error.msg}", at=Place(str(path), error.lineno or 0)) from None
    terms: list[Term] = []
    concepts: list[tuple[str, Concept]] = []
    for said in about.values():
        notation = said.get(f"{SKOS}notation")
        if not notation:
            continue
        key = notation[0].value
        not_before = tuple(sorted(each.value for each in said.get(f"{LEX}notBefore", ())))
        not_after = tuple(sorted(each.value for each in said.get(f"{LEX}notAfter", ())))
        given = {each.value for each in said.get(f"{LEX}givenName", ())}
        labels: list[tuple[str, str]] = []
        for predicate, rule in FORMS.items():
            for each in said.get(predicate, ()):
                language = getattr(each, "language", None)
                if predicate == f"{SKOS}prefLabel":
                    labels.append((language or "", each.value))
                if language in (None, "en"):
                    terms.append(Term(each.value, kind, key, rule, not_before, not_after, each.value in given))
        label = next((text for language, text in labels if language == "en"), key)
        matches = tuple(sorted(each.value for each in said.get(f"{SKOS}exactMatch", ())))
        concepts.append((kind, Concept(key, label, tuple(sorted(labels)), matches)))
    return lexicon(terms, concepts)
