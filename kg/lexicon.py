"""Words that name known things, and finding them in a text.

A lexicon is a SKOS file: a concept with labels, and guards that say which neighbours make a word
mean something else. Matching is case-sensitive, on whole words, the longest form wins, and a form
never matches across a full stop. What other languages call the things is in files beside it, one
for each language (``countries-fr.ttl``), and is read only when asked for.

In English every form begins with a capital, so only such words are looked up: one pass of a regular
expression and one dictionary look-up per capitalised word (7 M characters in about 0.2 s).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kg.errors import OntologyError, Place
from kg.model import Mention

LEX = "https://w3id.org/kgnotes/lexicon#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMA = "http://schema.org/"
FORMS = {
    f"{SKOS}prefLabel": "name",
    f"{SKOS}altLabel": "name",
    f"{LEX}inflected": "name",
    f"{LEX}demonym": "demonym",
    f"{LEX}abbreviation": "abbreviation",
    f"{LEX}capital": "capital",
}
# A capital first and only then what may not stand before it: the engine runs from capital to capital.
_CAPITALS = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ"
_WORD = re.compile(rf"[{_CAPITALS}](?<![^\W_].)[^\W_]*")
_SMALL = re.compile(r"(?<![\w-])[^\W\d_]+(?:-[^\W\d_]+)*(?![\w-])")
_GAP = " \n-,~"
_STOP = re.compile(r"[.!?]\s|\n")
_REACH, _FAR = 60, 150
"""Characters that are looked at beside a form, so that a long text costs no more than its length."""


class Term(NamedTuple):
    """One form of one thing: ``rule`` says of what sort (name, demonym, abbreviation, capital).

    A neighbour in ``not_before`` (it follows the form) or ``not_after`` gives the form another
    meaning, as does a word of ``not_near`` in the same sentence, and any capitalised word after a
    form that is also a ``given`` name. A ``loud`` form is all in capitals, and counts where its line is.
    ``language`` is that of the form; English is "".
    """

    surface: str
    kind: str
    key: str
    rule: str
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    given: bool = False
    not_near: tuple[str, ...] = ()
    loud: bool = False
    language: str = ""


class Concept(NamedTuple):
    """What a lexicon says of one thing besides its forms: labels by language, and IRIs elsewhere.

    ``matches`` are concepts of other schemes that mean the same; ``same`` is the thing itself.
    """

    key: str
    label: str
    labels: tuple[tuple[str, str], ...]
    matches: tuple[str, ...]
    same: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """Forms by their first word, the longest first; and the concepts by kind and key.

    ``small`` are the words that do not begin with a capital, as "français"; ``odd`` such forms of
    more than one word, and those that are no word, such as eSwatini.
    """

    terms: dict[str, tuple[Term, ...]]
    concepts: dict[tuple[str, str], Concept]
    odd: tuple[Term, ...] = ()
    small: dict[str, Term] = field(default_factory=dict)

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
                found = _merged(found, _alone(text, term))
        return _merged(found, self._lower(text)) if self.small else found

    def _lower(self, text: str) -> list[Mention]:
        """List the forms without a capital; few words of a text are one, so what words it has is asked first."""
        present = self.small.keys() & set(_SMALL.findall(text))
        if not present:
            return []
        words = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(present)))})(?![\w-])")
        found = []
        for match in words.finditer(text):
            term = self.small[match[0]]
            if not _guarded(text, match.start(), match.end(), term):
                found.append(Mention(term.kind, term.key, match[0], match.start(), match.end(), term.rule))
        return found


def _merged(found: list[Mention], more: list[Mention]) -> list[Mention]:
    """Add what does not overlap, in reading order."""
    if not more:
        return found
    taken = {at for each in found for at in range(each.start, each.end)}
    return sorted((*found, *(each for each in more if each.start not in taken and each.end - 1 not in taken)), key=lambda each: each.start)


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
    if term.loud and not shouted(text, start, end):
        return True
    if term.not_near and _near(text, start, end, term.not_near):
        return True
    if term.not_before:
        after = text[end : end + _REACH].lstrip(_GAP)
        if any(after.startswith(each) and not _goes_on(after, len(each)) for each in term.not_before):
            return True
    if term.not_after:
        before = text[max(0, start - _REACH) : start].rstrip(_GAP)
        return any(before.endswith(each) and not _goes_back(before, each) for each in term.not_after)
    return False


def _near(text: str, start: int, end: int, words: tuple[str, ...]) -> bool:
    """Say whether one of some words stands in the sentence, and not too far away."""
    left, right = text[max(0, start - _FAR) : start], text[end : end + _FAR]
    sentence = f"{_STOP.split(left)[-1]}|{_STOP.split(right, maxsplit=1)[0]}"
    return any(word in sentence and re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", sentence) for word in words)


def shouted(text: str, start: int, end: int) -> bool:
    """Say whether the line around a word is in capitals, so that capitals say nothing.

    >>> shouted("TELL US WHAT YOU NEED", 5, 7), shouted("Tell us what the US needs", 17, 19)
    (True, False)
    """
    left, right = text[max(0, start - _FAR) : start], text[end : end + _FAR]
    letters = [each for each in f"{left[left.rfind(chr(10)) + 1 :]}{text[start:end]}{right.partition(chr(10))[0]}" if each.isalpha()]
    return len(letters) > 5 and sum(map(str.isupper, letters)) > 0.8 * len(letters)


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
    small: dict[str, Term] = {}
    for term in terms:
        first = _WORD.match(term.surface)
        if first:
            grouped.setdefault(first[0], []).append(term)
        elif _SMALL.fullmatch(term.surface) and term.surface.islower():
            small[term.surface] = term
        else:
            odd.append(term)
    ordered = {word: tuple(sorted(group, key=lambda each: (-len(each.surface), each))) for word, group in grouped.items()}
    return Lexicon(ordered, {(kind, concept.key): concept for kind, concept in concepts}, tuple(sorted(odd)), small)


class _Said(dict[str, list[tuple[str, str]]]):
    """What a lexicon says of one thing: texts and IRIs by predicate, each with its language."""

    def values_of(self, predicate: str) -> tuple[str, ...]:
        return tuple(sorted({text for text, _ in self.get(predicate, ())}))


def read(path: Path, kind: str, languages: tuple[str, ...] = ("en",)) -> Lexicon:
    """Read a lexicon from Turtle: the forms in English, and those in other languages. It is read once.

    Raises:
        OntologyError: a file is not Turtle.
    """
    return _read(path, kind, languages)


@lru_cache(maxsize=4)
def _read(path: Path, kind: str, languages: tuple[str, ...]) -> Lexicon:
    about: dict[str, _Said] = {}
    beside = [path.with_name(f"{path.stem}-{language}{path.suffix}") for language in languages]
    for file in (path, *filter(Path.is_file, beside)):
        _parse(file, about)
    terms: dict[tuple[str, str], Term] = {}
    concepts: list[tuple[str, Concept]] = []
    for said in about.values():
        if key := next(iter(said.values_of(f"{SKOS}notation")), ""):
            for term in _terms(said, kind, key, languages):
                terms.setdefault((term.surface, key), term)
            concepts.append((kind, _concept(said, key)))
    return lexicon(terms.values(), concepts)


def _parse(path: Path, about: dict[str, _Said]) -> None:
    import pyoxigraph

    try:
        for triple in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE):
            subject = str(getattr(triple.subject, "value", triple.subject))
            value = getattr(triple.object, "value", ""), getattr(triple.object, "language", None) or ""
            about.setdefault(subject, _Said()).setdefault(triple.predicate.value, []).append(value)
    except SyntaxError as error:
        raise OntologyError(f"not valid Turtle: {error.msg}", at=Place(str(path), error.lineno or 0)) from None


def _terms(said: _Said, kind: str, key: str, languages: tuple[str, ...]) -> Iterator[Term]:
    """List the forms of one thing in some languages, but for what is an ordinary word in notes of one of them."""
    ordinary = {text for text, language in said.get(f"{LEX}ordinaryWord", ()) if language in languages}
    english = "en" in languages
    before, after, near = (said.values_of(f"{LEX}{guard}") for guard in ("notBefore", "notAfter", "notNear"))
    loud_before, loud_after = (tuple(map(str.upper, guard)) for guard in (before, after))
    given = said.values_of(f"{LEX}givenName")
    for predicate, rule in FORMS.items():
        apart = near if rule == "name" else ()
        for text, language in said.get(predicate, ()):
            foreign = language not in ("", "en")
            if (foreign and language not in languages) or (text in ordinary and (foreign or not english)):
                continue
            yield Term(text, kind, key, rule, before, after, text in given, apart, language=language if foreign else "")
            if not foreign and rule != "abbreviation" and len(text) > 3:
                yield Term(text.upper(), kind, key, rule, loud_before, loud_after, loud=True)


def _concept(said: _Said, key: str) -> Concept:
    labels = tuple(sorted((language, text) for text, language in said.get(f"{SKOS}prefLabel", ())))
    label = next((text for language, text in labels if language == "en"), key)
    return Concept(key, label, labels, said.values_of(f"{SKOS}exactMatch"), said.values_of(f"{SCHEMA}sameAs"))
