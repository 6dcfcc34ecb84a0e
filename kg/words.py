"""Words that are looked for: what a person types, what it means, and how a text is folded so that it is found.

    parse(text)        what is typed, as a small value; every input means something, or is refused with a reason
    expression(wanted) the same for SQLite's FTS5
    matcher(wanted)    the same in Python
    spans(wanted, text) where in a text the words stand

All words are needed. A word is found at the beginning of words: ``child`` in *children*. ``"Quoted words"`` are
found whole and in order, ``-word`` excludes, ``OR`` joins alternatives (``AND`` says nothing new), and what punctuation joins (*co-creation*,
*Portugal's*, *3.5*) is found in order. There is one definition of a word, :func:`folded`, and it stands on both
sides: the index holds folded texts, so that FTS5 has nothing to decide (a law in the tests).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from kg.errors import UsageError

VERSION = f"1/{unicodedata.unidata_version}"
"""Changes whenever the same text would be folded otherwise: an index is then made anew."""

LONGEST = 2000
"""characters that may be typed"""
MOST = 100
"""words that may be typed"""
CUT = 64
"""Only so many characters of a word count, in a text and in what is looked for (what is longer is an address or a key)."""

TOKENS = "tokenize=\"ascii tokenchars '+#'\""
"""How FTS5 is to cut a folded text: at blanks. To its tokenizer ``ascii`` all that is not ASCII is part of a word."""

_QUOTES = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02'
_PIECE = re.compile(rf"(?P<no>(?<!\S)[-\u2212])?[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]|(?P<plain>[^\s{_QUOTES}]+)")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_SIGNS = re.compile(r"(?<!\S)[+#]++|(?<![+#])[+#]++(?=\S)")
_STROKED = re.compile(r"LATIN (?:SMALL|CAPITAL) LETTER (?:DOTLESS )?([A-Z])(?: WITH .*)?")
_LETTERS = {"æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
"""Letters that people without the key write as others; those with a stroke or a hook are told by their names in Unicode."""
_ASCII = {code: chr(code).lower() if chr(code).isalnum() or chr(code) in "+#" else " " for code in range(128)}
_BYTES = "".join(_ASCII.values()).encode("ascii").ljust(256, b" ")
_UNBROKEN = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19DF), (0x1A20, 0x1AAF), (0x1B00, 0x1B7F), (0x2E80, 0x2FDF), (0x3005, 0x3007),
    (0x3021, 0x312F), (0x31A0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0xA4CF), (0xA980, 0xA9FF), (0xAA60, 0xAADF), (0xF900, 0xFAFF),
    (0x1B000, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Scripts written without blanks: Thai, Lao, Burmese, Khmer, Tai, Javanese, Han, kana, bopomofo, Yi. Each character is a word."""


class Run(NamedTuple):
    """Words that stand one after the other, folded; the last is the beginning of one, unless it is ``whole``."""

    words: tuple[str, ...]
    whole: bool


class WordQuery(NamedTuple):
    """What is looked for: of each of ``needed`` one alternative, and none of ``unwanted``."""

    needed: tuple[tuple[Run, ...], ...]
    unwanted: tuple[Run, ...] = ()

    @property
    def runs(self) -> tuple[Run, ...]:
        """All that may be found, in the order typed."""
        return tuple(run for group in self.needed for run in group)


def parse(text: str) -> WordQuery:
    """Read what a person typed.

    >>> parse('citizen OR child "open data" -draft').needed
    ((Run(words=('citizen',), whole=False), Run(words=('child',), whole=False)), (Run(words=('open', 'data'), whole=True),))

    Raises:
        UsageError: there is nothing to look for, or far too much.
    """
    if len(text) > LONGEST:
        raise UsageError(
            f"{len(text):,} characters are too much to look for", hint=f"at most {LONGEST:,}; a few words that stand together are enough"
        )
    needed: list[list[Run]] = []
    unwanted: list[Run] = []
    joined = False
    operators: list[Run] = []  # they are words if there is nothing else
    for piece in _PIECE.finditer(text):
        quoted, plain = piece["quoted"], piece["plain"] or ""
        excluded = bool(piece["no"]) or (plain[:1] in ("-", "\u2212") and text[: piece.start()][-1:].strip() == "")
        words = tuple(folded(plain if quoted is None else quoted).split())
        if not words:
            continue
        run = Run(words, quoted is not None)
        if excluded:
            unwanted.append(run)
        elif plain in ("OR", "AND"):
            joined = plain == "OR"
            operators.append(run)
            continue
        elif joined and needed:
            needed[-1].append(run)
        else:
            needed.append([run])
        joined = False
    if not needed and not unwanted:
        needed = [[run] for run in operators[:1]]
    wanted = WordQuery(tuple(tuple(dict.fromkeys(group)) for group in needed), tuple(unwanted))
    if not needed and unwanted:
        raise UsageError("there are only words to leave out", hint="give at least one word to look for")
    if not needed:
        raise UsageError("there is nothing to look for", hint="give a word; letters, digits and symbols count, punctuation does not")
    number = sum(len(run.words) for run in (*wanted.runs, *unwanted))
    if number > MOST:
        raise UsageError(f"{number:,} words are too much to look for", hint=f"at most {MOST}; a few words that stand together are enough")
    return wanted


def expression(wanted: WordQuery) -> str:
    """Write what is wanted for FTS5, over a table of folded texts.

    >>> expression(parse("co-creation OR lab -draft"))
    '("co creation" * OR "lab" *) NOT ("draft" *)'
    """
    # Folded words hold no quotation mark and no blank, so nothing in them can be an operator.
    needed = " AND ".join(_any(group) for group in wanted.needed)
    if not wanted.unwanted:
        return needed
    return f"{needed if len(wanted.needed) == 1 else f'({needed})'} NOT {_any(wanted.unwanted)}"


def _any(runs: tuple[Run, ...]) -> str:
    return f"({' OR '.join(map(_quoted, runs))})"


def _quoted(run: Run) -> str:
    return f'"{" ".join(run.words)}"{"" if run.whole else " *"}'


def matcher(wanted: WordQuery) -> Callable[[str], bool]:
    """Give a function that says whether a text holds what is wanted.

    >>> matcher(parse("child"))("Children first"), matcher(parse('"child"'))("Children first")
    (True, False)
    """
    needed = [[sought(run) for run in group] for group in wanted.needed]
    unwanted = [sought(run) for run in wanted.unwanted]

    def matches(text: str) -> bool:
        words = f" {folded(text)} "
        return all(any(each in words for each in group) for group in needed) and not any(each in words for each in unwanted)

    return matches


def sought(run: Run, *, whole: bool = False) -> str:
    """Give the string that a folded text with a blank at both ends contains if it has these words; ``whole`` if only as whole words."""
    return f" {' '.join(run.words)}{' ' if run.whole or whole else ''}"


def spans(wanted: WordQuery, text: str) -> list[tuple[int, int]]:
    """Say where in a text the words stand that are wanted: half-open, in order, apart from one another.

    >>> spans(parse("child café"), "Children in a Cafe\u0301.")
    [(0, 8), (14, 19)]
    """
    found = []
    placed = list(_placed(text))
    words = [word for word, _, _ in placed]
    for run in dict.fromkeys(wanted.runs):
        *before, last = run.words
        for at in range(len(words) - len(before)):
            end = at + len(before)
            if words[at:end] == before and (words[end] == last if run.whole else words[end].startswith(last)):
                found.append((placed[at][1], placed[end][2]))
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


# -- folding --------------------------------------------------------------------------------------


def folded(text: str) -> str:
    """Give the words of a text without case and accents, with a blank between each two.

    >>> folded("Łódź's «Straße 3.5», C++ 活用!")
    'lodz s strasse 3 5 c++ 活 用'
    """
    if text.isascii():  # 99 of 100 texts; their bytes are folded in a third of the time
        plain = text.encode("ascii").translate(_BYTES).decode("ascii")
    else:
        plain = _FOREIGN.sub(lambda match: _foreign(match[0]), text).translate(_ASCII)
    found = _cut_at_signs(plain).split()
    if len(text) > CUT < len(max(found, key=len, default="")):
        found = [word[:CUT] for word in found]
    return " ".join(found)


def _cut_at_signs(text: str) -> str:
    # C++ and C# are words; a plus between words, and the sign before a tag, are not.
    return _SIGNS.sub(lambda match: " " * len(match[0]), text) if "+" in text or "#" in text else text


@lru_cache(maxsize=4096)
def _foreign(text: str) -> str:
    return "".join(map(_character, unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=65536)
def _character(character: str) -> str:
    """Fold one character: to letters, to a word of its own between blanks, to a blank, or to nothing."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    kept = unicodedata.normalize("NFC", "".join(each for each in apart if not _accent(each)))
    return "".join(map(_letter, kept))


def _accent(character: str) -> bool:
    # Signs of vowels in Indic scripts and Thai are marks, too, but none that can be left out: they have other classes.
    # A nukta (7) can, as points in Hebrew and Arabic (10 to 36) can; in kana the sign of voicing (8) cannot.
    combining = unicodedata.combining(character)
    return combining in (1, 7) or 10 <= combining <= 36 or combining >= 200


def _letter(character: str) -> str:
    code, kind = ord(character), unicodedata.category(character)
    if code < 128:
        return character
    if character in _LETTERS:
        return _LETTERS[character]
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind in ("Cf", "Me") or character == "\u0640" or 0xFE00 <= code <= 0xFE0F or 0x1F3FB <= code <= 0x1F3FF or 0xE0100 <= code <= 0xE01EF:
        # Hints for the eye, such as soft hyphens, joiners and skin tones; but a blank without width is one.
        return " " if code == 0x200B else ""
    if kind[0] in "LMN" and not 0x02B9 <= code <= 0x02BF:  # those are apostrophes
        stroked = _STROKED.fullmatch(unicodedata.name(character, ""))
        if stroked:
            return stroked[1].lower()
        return f" {character} " if any(low <= code <= high for low, high in _UNBROKEN) else character
    return f" {character} " if kind == "So" and code >= 0x2190 else " "


def _placed(text: str) -> Iterator[tuple[str, int, int]]:
    """Give every word of a text, as :func:`folded` has them, and where it stands."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in re.finditer(r"[\x00-\x7f]|[^\x00-\x7f]+", text):
        for piece, start, end in ((match[0], *match.span()),) if match[0].isascii() else _clusters(match[0], match.start()):
            if not piece and ends:
                ends[-1] = end
            letters.append(piece)
            starts += [start] * len(piece)
            ends += [end] * len(piece)
    for match in re.finditer(r"\S+", _cut_at_signs("".join(letters).translate(_ASCII))):
        yield match[0][:CUT], starts[match.start()], ends[match.end() - 1]


def _clusters(run: str, offset: int) -> list[tuple[str, int, int]]:
    """Fold characters with what belongs to them, each with its place; all at once where they cannot be told apart."""
    found = []
    at = 0
    for _, group in groupby(_numbered(run), key=lambda each: each[0]):
        cluster = "".join(character for _, character in group)
        found.append((_foreign(cluster), offset + at, offset + at + len(cluster)))
        at += len(cluster)
    whole = _foreign(run)
    return found if "".join(piece for piece, _, _ in found) == whole else [(whole, offset, offset + len(run))]


def _numbered(run: str) -> Iterator[tuple[int, str]]:
    number = 0
    for character in run:
        # Marks, the latter parts of a Korean syllable, the voicing of narrow kana, and what is not seen.
        belongs = unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff" or character in "\uff9e\uff9f"
        number += not (belongs or _foreign(character) == "")
        yield number, character


__all__ = ["Run", "WordQuery", "expression", "folded", "matcher", "parse", "sought", "spans"]
