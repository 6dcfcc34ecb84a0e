"""What may be the name of an initiative, and what no rule dares to say: for a person to judge.

The sorts, each with the share that is one (a guess from annotated notes and from reading samples):

    quoted-beside   a follow-up course, "Talk Cardiff"     run-is      Talk Cardiff is a platform
    quoted          calls it "Talk Cardiff"                run-cue     the accompanying Cardiff Playbook
    small-beside    a campaign for "talking to us"         run-beside  Talk Cardiff dialogues
    small           calls it "talk cardiff"                letters     the TALCA initiative
    address         the site talk.example.org, Talk.gov
    label           **Cardiff Talking School**: …          run         Talk Cardiff

Extractors never use this: it makes neither facts nor suggestions, only candidates (see :mod:`kg.candidates`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.extract.capitals import CALENDAR, CAPITAL, INNER, STARTS, WORD, bare, derived, national, wrapped
from kg.extract.lazily import pattern
from kg.extract.nouns import CUE, is_name

SHARES = {
    "quoted-beside": 0.45,
    "address": 0.4,
    "run-is": 0.4,
    "letters": 0.25,
    "run-cue": 0.22,
    "run-beside": 0.15,
    "label": 0.1,
    "small-beside": 0.06,
    "quoted": 0.06,
    "run": 0.02,
    "small": 0.01,
}
"""By sort, how many are initiatives."""
BARE = frozenset(("quoted", "run"))
"""Sorts for which nothing speaks but their form: one note that has it is not enough."""
SPELLING = "small"
"""A sort that is only another spelling of a name known otherwise."""

_CUE = pattern(CUE, re.IGNORECASE)
_SINGLE = pattern(rf"(?!\w+ss\b){CUE}(?<!s)", re.IGNORECASE)
_QUOTED = pattern(r"[\"“]([^\"“”\n]{2,70})[\"”]")
_RUN = pattern(rf"(?<![\w@-]){WORD}(?:[ \n](?:(?:of|for|on|and|to|in|the|de|del|da|do|du|la|y|e|&)[ \n]){{0,2}}(?:{WORD}|(?:19|20)\d\d(?!\d)))*")
_ADDRESS = pattern(r"(?<![\w@/.-])[A-Za-z][\w-]*(?:\.[a-z]{2,8})?\.(?:[a-z]{2}|com|org|net|eu|gov|int|io)(?![\w/@-]|\.\w)")
_LETTERS = pattern(rf"(?:[{CAPITAL}]\w*){{2,}}")
_PARENTHESES = pattern(r"[ \n]*\([^()]*\)$")
_AFTER = pattern(rf"[\"”]?(?:[ \n]\([^()\n]{{2,40}}\))?[ \n]+{CUE}\b(?!-)")
_BEFORE = pattern(
    rf"\b{CUE},?[ \n]+(?:(?:called|named|titled|entitled|dubbed|branded|known|such|as|on|like|the|is|of|including|an?)[ \n]+){{0,3}}[\"“]?$",
    re.IGNORECASE,
)
_IS = pattern(
    rf"[\"”]?(?:[ \n]\([^()\n]{{2,40}}\))?,?[ \n]+(?:is|was|are|were)[ \n]+(?:an?|the|one)[ \n]+(?:[\w'’-]+[ \n]+){{0,5}}?(?:{CUE}|innovation)\b"
)
_SMALL = frozenset(("of", "for", "on", "and", "to", "in", "the", "de", "del", "da", "do", "du", "la", "y", "e", "&"))
_GOES_ON = frozenset(("of", "on", "for"))
_EVERYDAY = frozenset(
    (
        "AI",
        "API",
        "CEO",
        "CIO",
        "COVID-19",
        "COVID",
        "Covid-19",
        "EU",
        "GDP",
        "GovTech",
        "HR",
        "ICT",
        "IT",
        "NGO",
        "SDG",
        "SDGs",
        "TV",
        "UK",
        "UN",
        "US",
        "USA",
    )
)
_OFFICE = pattern(
    r"Minist(?:er|ers|ry|ries)|Head|Chief|Directors?|Director-General|Manager|Lead|Leader|Secretary|President|Professor|Officer|Advisor|Commissioner"
)
LONGEST = 8
"""words"""


class Possible(NamedTuple):
    """``text[start:end]`` may be a name; ``sort`` says what speaks for it."""

    start: int
    end: int
    sort: str


def possible(text: str, label: int = 0, *, heading: bool = False) -> list[Possible]:
    """List what a text may name; the first ``label`` characters are a bold label, or all is a ``heading``.

    >>> text = 'A course, "Talk Cardiff," and the accompanying Cardiff Playbook'
    >>> [(text[each.start : each.end], each.sort) for each in possible(text)]
    [('Talk Cardiff', 'quoted-beside'), ('Cardiff Playbook', 'run-cue')]
    """
    found = [*_quotes(text), *_addresses(text), *_label(text, len(text) if heading else label)]
    quoted = [(each.start, each.end) for each in found]
    if not heading:
        found += [each for each in _runs(text, label) if not any(start <= each.start < end for start, end in quoted)]
    return sorted(found)


def _quotes(text: str) -> Iterator[Possible]:
    for match in _QUOTED.finditer(text):
        name = match[1].strip(" ,.")
        words = name.split()
        if not name or not name[0].isalnum() or name[-1] in "?!;:":
            continue
        start = match.start(1) + match[1].index(name)
        end = start + len(name)
        beside = _beside(text, match.start(), match.end(1)) or bool(_IS.match(text, match.end(1)))
        if is_name(name):
            yield Possible(start, end, "quoted-beside" if beside else "quoted")
        elif 2 <= len(words) <= 6:
            yield Possible(start, end, "small-beside" if beside else SPELLING)


def _addresses(text: str) -> Iterator[Possible]:
    yield from (Possible(match.start(), match.end(), "address") for match in _ADDRESS.finditer(text))


def _label(text: str, label: int) -> Iterator[Possible]:
    name = _PARENTHESES.sub("", text[:label])
    words = name.split()
    if (
        2 <= len(words) <= LONGEST
        and is_name(name)
        and _SINGLE.fullmatch(words[-1])
        and not words[0].endswith("ing")
        and not _SMALL.intersection(words)
    ):
        yield Possible(0, len(name), "label")


def _runs(text: str, label: int) -> Iterator[Possible]:
    for match in _RUN.finditer(text, label):
        words = [(each[0], match.start() + each.start(), match.start() + each.end()) for each in re.finditer(r"\S+", match[0])]
        words = _cut(list(_together(text, words)))
        if words and not any(_OFFICE.fullmatch(word) for word, _, _ in words):
            start, end = words[0][1], words[-1][2]
            end -= len(words[-1][0]) - len(bare(words[-1][0]))
            sort = _sort(text, start, end, [bare(word) for word, _, _ in words])
            if sort:
                yield Possible(start, end, sort)


def _together(text: str, words: list[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """Give the words up to the end of a line that has not been wrapped."""
    for word in words:
        yield word
        if text[word[2] : word[2] + 1] == "\n" and not wrapped(text, word[2]):
            return


def _cut(words: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Cut what only opens a sentence, whose it is, and where or when it was."""
    while words and (words[0][0] in STARTS or words[0][0] in _SMALL or (len(words) > 1 and words[0][0].endswith(("'s", "’s", "s'", "s’")))):
        words = words[1:]
    for at in range(1, len(words)):
        word, after = words[at][0], words[at + 1][0] if at + 1 < len(words) else ""
        if (word in INNER and word not in _SMALL) or (word == "in" and (after in CALENDAR or national(after) or after[:4].isdigit())):
            words = words[:at]
            break
        if word in CALENDAR:
            words = words[:at]
            break
    while words and words[-1][0] in _SMALL:
        words = words[:-1]
    return words


def _sort(text: str, start: int, end: int, words: list[str]) -> str:
    large = [word for word in words if word not in _SMALL]
    proper = [word for word in large if not national(word) and word not in _EVERYDAY and word not in CALENDAR and not word.isdigit()]
    if not proper or len(words) > LONGEST + 2:
        return ""
    if len(large) == 1:
        lettered = len(large[0]) > 2 and bool(_LETTERS.fullmatch(large[0])) and sum(map(str.isupper, large[0])) > 1
        return "letters" if lettered and _AFTER.match(text, end) else ""
    whole = end - start > 0.8 * len(text)  # a title that stands for a paragraph
    cue = bool(_CUE.fullmatch(words[-1])) or any(_CUE.fullmatch(word) and words[at + 1] in _GOES_ON for at, word in enumerate(words[:-1]))
    if _IS.match(text, end) and (cue or not all(map(derived, proper))):
        return "run-is"
    if cue and not whole:
        return "run-cue"
    return "run-beside" if _beside(text, start, end) and not whole else "run"


def _beside(text: str, start: int, end: int) -> bool:
    return bool(_AFTER.match(text, end) or _BEFORE.search(text[max(0, start - 60) : start]))
