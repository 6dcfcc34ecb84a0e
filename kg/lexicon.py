"""Words that name known things, and finding them in a text.

A lexicon is a SKOS file: a concept with labels, and guards that say which neighbours make a word
mean something else. Matching is case-sensitive, on whole words, the longest form wins, and a form
never matches across a full stop. What other languages call the things is in files beside it, one
for each language (``countries-fr.ttl``), and is read only when asked for.

In English nearly every form begins with a capital, so only such words are looked up: one pass of a
regular expression and one dictionary look-up per capitalised word (6 M characters in about 0.1 s).
A lexicon that holds forms which begin otherwise (eSwatini, 5G, open data) has the words looked up as
well that begin with the letters of a few such forms, or with the first letter of one of many.

A line break stands for a blank, and every quotation mark for its straight twin. A form in a script
without blanks between words, such as Chinese, is found only where other signs stand around it.
"""

from __future__ import annotations

import re
import unicodedata
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
CAPITALS = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ"
"""Letters that begin a word in capitals, as a range of a pattern."""
_EVERY_CAPITAL = frozenset(re.findall(f"[{CAPITALS}]", "".join(map(chr, range(0x180)))))
_WORD = re.compile(rf"[{CAPITALS}](?<![^\W_].)[^\W_]*")
_FIRST = re.compile(r"[^\W_]+")
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

    ``words`` finds the words that may be the first of a form. ``small`` are the forms that are one
    word without a capital, as "français"; a hyphen is no edge of these.
    """

    terms: dict[str, tuple[Term, ...]]
    concepts: dict[tuple[str, str], Concept]
    words: re.Pattern[str] = _WORD
    small: dict[str, Term] = field(default_factory=dict)

    def find(self, text: str) -> list[Mention]:
        """List what a text names, in reading order, none inside another; the same words may name things of two kinds."""
        found: list[Mention] = []
        terms = self.terms
        plain = ""
        seen = 0
        for match in [each for each in self.words.finditer(text) if each[0] in terms]:
            if match.start() < seen:
                continue
            plain = plain or _plain(text)
            start, forms = self._standing(terms[match[0]], plain, match[0], match.start(), seen)
            for term in forms:
                # What is refused is passed over whole: nothing shorter in it may stand for it.
                seen = start + len(term.surface)
                if not _guarded(plain, start, seen, term):
                    found.append(Mention(term.kind, term.key, text[start:seen], start, seen, term.rule))
        return found

    def _standing(self, group: tuple[Term, ...], text: str, word: str, at: int, seen: int) -> tuple[int, list[Term]]:
        """Give the start of the longest form that has its first word at a place, and every sense of it."""
        for term in group:
            # What stands before the first word belongs to the form, as in .NET.
            start = at if term.surface.startswith(word) else at - term.surface.index(word)
            end = start + len(term.surface)
            if start < seen or not text.startswith(term.surface, start) or _goes_on(text, end) or _goes_back(text, start, at):
                continue
            if term.surface not in self.small or "-" not in (text[start - 1 : start], text[end : end + 1]):
                return start, [each for each in group if each.surface == term.surface]
        return at, []


def _plain(text: str) -> str:
    return text.replace("\n", " ").replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')


def _goes_on(text: str, end: int) -> bool:
    following = text[end : end + 1]
    # A mark, such as a vowel sign, belongs to the letter before it.
    return following.isalnum() or following == "_" or (not following.isascii() and unicodedata.category(following)[0] == "M")


def _goes_back(text: str, start: int, word: int) -> bool:
    """Say whether a form that begins before its first word is the end of something longer."""
    return 0 < start < word and text[start - 1].isalnum()


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
        return any(before.endswith(each) and not before[: -len(each)][-1:].isalnum() for each in term.not_after)
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


def lexicon(terms: Iterable[Term], concepts: Iterable[tuple[str, Concept]] = ()) -> Lexicon:
    """Put forms together for matching.

    >>> words = lexicon([Term("Guinea", "country", "GN", "name"), Term("Guinea-Bissau", "country", "GW", "name")])
    >>> [mention.key for mention in words.find("From Guinea-Bissau to Guinea.")]
    ['GW', 'GN']
    >>> [mention.key for mention in lexicon([Term("open data", "theme", "opendata", "name")]).find("open\\ndata, open databases")]
    ['opendata']
    """
    grouped: dict[str, dict[tuple[str, str, str], Term]] = {}
    small: dict[str, Term] = {}
    for term in terms:
        surface = _plain(term.surface)
        first = _FIRST.search(surface)
        if first:  # what has neither letters nor digits cannot be told from punctuation
            term = term if surface == term.surface else term._replace(surface=surface)
            grouped.setdefault(first[0], {}).setdefault((surface, term.kind, term.key), term)
            if surface.islower() and _SMALL.fullmatch(surface):
                small[surface] = term
    ordered = {word: tuple(sorted(group.values(), key=lambda each: (-len(each.surface), each))) for word, group in grouped.items()}
    return Lexicon(ordered, {(kind, concept.key): concept for kind, concept in concepts}, _words(ordered), small)


def _words(terms: Iterable[str]) -> re.Pattern[str]:
    """Make the pattern of the words that may begin a form: those with a capital first, and the first letters of all others."""
    words = sorted(word for word in terms if word[0] not in _EVERY_CAPITAL)
    others = "".join(dict.fromkeys(word[0] for word in words))
    if not others:
        return _WORD
    # Every word with an e for the sake of eSwatini would be a third more to look up.
    few = rf"(?:(?<![{others}])|(?={'|'.join(word[1:] for word in words)}))" if len(words) <= _FEW else ""
    return re.compile(rf"[{CAPITALS}{others}](?<![^\W_].){few}[^\W_]*")


_FEW = 20
"""forms that are looked for letter by letter"""


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
