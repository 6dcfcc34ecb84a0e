"""Words looked for in titles, headings and passages: the best places first, with line, second and context.

Ranked by BM25 over what was found in all of the index, so that the order does not depend on which file a
note is in: rare alternatives count more, whole words more than beginnings, neighbours more than words
apart, titles and headings more than passages. Equals are in order of path and line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import translate
from heapq import nsmallest
from itertools import pairwise
from math import log
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from kg import index
from kg.errors import UsageError
from kg.guard import guess
from kg.kinds import BUILTIN, named
from kg.names import STANDARD_PREFIXES, Names
from kg.words import Run, WordQuery, expression, folded, sought, spans

PARTS = ("title", "heading", "passage")
"""What a text is, as :data:`kg.index.SEARCHED` has them."""
_WEIGHTS = (2.0, 1.3, 1.0)
"""How much more a title and a heading count than a passage."""
_SATURATION, _LENGTH = 1.2, 0.6
"""The constants of BM25, k1 and b: passages are much of a length, so that it says less than of documents."""
_SHORT = 0.5
"""A passage that is shorter than so much of the average gains nothing by it, and a title or a heading nothing at all:
a heading "Portugal" says less than a sentence."""
_BEGINNING = 0.5
"""What the beginning of a word counts, of a whole one."""
_JOINED = 64
"""More pairs of alternatives are not tried as neighbours."""
_ALIKE = 0.72


class Hit(NamedTuple):
    """A place where the words stand.

    ``part`` says what the text is: title, heading or passage; ``line`` (from 1, 0: none) is that of the first word
    found, and ``spans`` are all of them: half-open stretches of ``text``. ``second`` is the first of the video at
    which the part is said, or None, and ``play`` its address, or "".
    """

    path: str
    line: int
    part: str
    text: str
    spans: tuple[tuple[int, int], ...]
    title: str
    heading: str
    second: int | None
    play: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Hits:
    """The best places, one after the other; how many there are in all, and in how many notes."""

    hits: tuple[Hit, ...]
    total: int
    notes: int

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)


class Only(NamedTuple):
    """Which places count: in notes whose path fits a pattern, where certain things are named, or things of a kind."""

    note: str = ""
    about: tuple[str, ...] = ()
    kind: str = ""
    suggested: bool = False


EVERYWHERE = Only()


def search(folder: Path, wanted: WordQuery, only: Only = EVERYWHERE, *, names: Names, most: int | None = 20) -> Hits:
    """Look for words in an index, and give the best ``most`` places.

    ``only.about`` are IRIs of entities.

    Raises:
        StoreError: the index is damaged.
    """
    within = _within(folder, only, names)
    measure = _measure(wanted)
    measured = [_Match(found, *measure(found.text)) for found in index.matching(folder, expression(wanted)) if within(found)]
    ranked = _ranked(measured, most)
    return Hits(tuple(_hits(folder, wanted, ranked)), len(measured), len({each.found.note for each in measured}))


# -- order ----------------------------------------------------------------------------------------


class _Match(NamedTuple):
    """A text found: how often it has each run (beginnings count less), its words, and its share of neighbours."""

    found: index.IndexHit
    counts: tuple[float, ...]
    length: int
    near: float


def _measure(wanted: WordQuery) -> Callable[[str], tuple[tuple[float, ...], int, float]]:
    runs = tuple(dict.fromkeys(wanted.runs))
    begun = [(sought(run), sought(run, whole=True)) for run in runs]
    beside = [
        re.compile("|".join(rf"{re.escape(sought(one).rstrip())}\S* {re.escape(sought(other).lstrip())}" for one in left for other in right))
        for left, right in pairwise(wanted.needed)
        if len(left) * len(right) <= _JOINED
    ]

    def measure(text: str) -> tuple[tuple[float, ...], int, float]:
        words = f" {folded(text)} "
        counts = []
        for beginning, whole in begun:
            times = words.count(beginning)
            counts.append(times - (1 - _BEGINNING) * (times - words.count(whole)) if times else 0.0)
        near = sum(1 for each in beside if each.search(words)) / len(beside) if beside else 0.0
        return tuple(counts), words.count(" ") - 1, near

    return measure


def _ranked(matches: Sequence[_Match], most: int | None) -> list[index.IndexHit]:
    if not matches:
        return []
    average = sum(each.length for each in matches) / len(matches)
    having = [sum(1 for each in matches if each.counts[at]) for at in range(len(matches[0].counts))]
    weights = [1 + log((len(matches) + 1) / (number + 1)) for number in having]

    def order(match: _Match) -> tuple[float, str, int, int, int]:
        least = _SHORT if PARTS[match.found.kind] == "passage" else 1.0
        slow = _SATURATION * (1 - _LENGTH + _LENGTH * max(match.length / average, least))
        score = sum(weight * times / (times + slow) for weight, times in zip(weights, match.counts, strict=True) if times)
        found = match.found
        return -round(score * _WEIGHTS[found.kind] * (1 + match.near), 9), found.note, found.line, found.kind, found.row

    best = sorted(matches, key=order) if most is None else nsmallest(most, matches, key=order)
    return [each.found for each in best]


# -- places ---------------------------------------------------------------------------------------


def _within(folder: Path, only: Only, names: Names) -> Callable[[index.IndexHit], bool]:
    """Give a function that says whether a text found counts."""
    fits = _pattern(only.note or "*")
    places = [_naming(folder, iri, only.suggested, names) for iri in only.about]
    if only.kind:
        rows = index.mentions(folder, holding=only.kind)
        places.append({(row.note, row.anchor) for row in rows if row.kind == only.kind and not row.why and (row.fact or only.suggested)})
    known: dict[str, bool] = {}

    def within(found: index.IndexHit) -> bool:
        note = found.note
        if note not in known:
            known[note] = fits(note)
        return known[note] and all((note, found.anchor) in each for each in places)

    return within


def _naming(folder: Path, iri: str, suggested: bool, names: Names) -> set[tuple[str, str]]:
    """Give note and anchor of every text that names an entity."""
    kind, _, end = iri.removeprefix(names.base).partition("/")
    rows = index.mentions(folder, holding=unquote(end))
    mine = (row for row in rows if row.kind == kind and not row.why and (row.fact or suggested) and names.entity(row.kind, row.key) == iri)
    return {(row.note, row.anchor) for row in mine}


def _pattern(pattern: str) -> Callable[[str], bool]:
    """Read a pattern for paths: a glob, a folder, or a note's path or name with or without ``.md``; case does not matter."""
    plain = pattern.casefold().replace("\\", "/").removeprefix("./")
    if re.search(r"[*?\[]", plain):
        globs = [plain, f"{plain}.md", f"**/{plain}", f"**/{plain}.md"]
        matches = re.compile("|".join(map(translate, globs))).match
        return lambda path: matches(path.casefold()) is not None
    folder, ends = plain.rstrip("/") + "/", (plain, f"{plain}.md")

    def fits(path: str) -> bool:
        path = path.casefold()
        return path.startswith(folder) or path in ends or path.rpartition("/")[2] in ends

    return fits


def kind(folder: Path, text: str) -> str:
    """Give the kind of entity that a word stands for, ours or one that the notes name things of.

    Raises:
        UsageError: there is none; with a guess.
    """
    found = named(text, BUILTIN)
    if found:
        return found
    known = {*BUILTIN, *(row.kind for row in index.mentions(folder))}
    found = named(text, known)
    if not found:
        near = guess(text, sorted(known))
        raise UsageError(f"unknown kind {text!r}", hint=f"did you mean {near}?" if near else f"known: {', '.join(sorted(known))}")
    return found


def _hits(folder: Path, wanted: WordQuery, ranked: Sequence[index.IndexHit]) -> Iterator[Hit]:
    titles: dict[str, index.TitleRow] = {}
    headings: dict[str, dict[str, str]] = {}
    for found in ranked:
        note = found.note
        if note not in titles:
            titles[note] = next(index.titles(folder, note), index.TitleRow(note, 0, "", ""))
            headings[note] = {row.anchor: row.text for row in index.sections(folder, note)}
        title, video = titles[note].text, titles[note].video
        lit = tuple(spans(wanted, found.text))
        line = found.line + found.text.count("\n", 0, lit[0][0] if lit else 0) if found.line else 0
        second = found.second if found.second >= 0 and video else None
        play = "" if second is None else f"{STANDARD_PREFIXES['yt']}{video}?t={second}"
        yield Hit(note, line, PARTS[found.kind], found.text, lit, title, headings[note].get(found.section, ""), second, play)


# -- nothing found --------------------------------------------------------------------------------


def advice(folder: Path, wanted: WordQuery, note: str = "", limits: Sequence[str] = ()) -> str:
    """Say what to do where nothing was found: another word, fewer words, or fewer ``limits``; ``note`` is the pattern, if that is one."""
    alone = [(group, index.counted(folder, expression(WordQuery((group,))))) for group in wanted.needed]
    absent = [run for group, number in alone if not number for run in group]
    if absent:
        known = index.vocabulary(folder)
        guesses = [each for each in (_guess(folder, known, run) for run in absent) if each]
        return f"did you mean {' or '.join(map(repr, dict.fromkeys(guesses)))}?" if guesses else f"no note has {_listed(absent)}"
    if index.counted(folder, expression(wanted)):
        if note and not any(map(_pattern(note), (row.note for row in index.titles(folder)))):
            return f"no note fits {note!r}"
        return f"there are such places without {' and '.join(limits)}" if limits else ""
    if index.counted(folder, expression(WordQuery(wanted.needed))):
        return "what you leave out stands wherever the other words do"
    told = ", ".join(f"{' or '.join(map(shown, group))!r} is in {number:,}" for group, number in alone)
    return f"no one place has all of these words: {told}; OR joins words of which one is enough"


def shown(run: Run) -> str:
    """Write a run of words for a person."""
    return " ".join(run.words)


def _listed(runs: Collection[Run]) -> str:
    return " and no note has ".join(repr(shown(each)) for each in runs)


def _guess(folder: Path, known: Counter[str], run: Run) -> str:
    """Give the word of the notes that comes nearest to one that they do not have, as they write it; "" if none does."""
    corrected = []
    for word in run.words:
        if known[word] or (not run.whole and word == run.words[-1] and any(each.startswith(word) for each in known)):
            corrected.append(word)
            continue
        # Most letters in common, or it is not worth comparing.
        letters = set(word)
        alike = [each for each in known if abs(len(each) - len(word)) < 3 and 4 * len(letters.intersection(each)) >= 3 * len(letters)]
        near = get_close_matches(word, sorted(alike), n=1, cutoff=_ALIKE) if len(word) > 1 else []
        if not near:
            return ""
        corrected.append(near[0])
    changed = [word for word, typed in zip(corrected, run.words, strict=True) if word != typed]
    if not changed:
        return ""
    meant = Run(tuple(corrected), True)
    written = next(index.matching(folder, expression(WordQuery(((meant,),)))), None)
    if written is None:  # right, each for itself
        return changed[0]
    start, end = spans(WordQuery(((meant,),)), written.text)[0]
    found, plain = " ".join(written.text[start:end].split()), " ".join(corrected)
    return plain if found.casefold() == plain else found


__all__ = ["Hit", "Hits", "Only", "advice", "kind", "search"]
