"""Themes: what a note is about, as its headings, bold labels and tags say.

A heading or label names a theme where it is a noun phrase about a subject. The name is that subject,
without what only frames it ("Challenges in", "The Role of"). Questions, advice, claims, steps, vague
words and the names of people, places, bodies and their projects are no themes.

    heading         ## Coastal Erosion                  label         **Tidal energy**: …
    heading-core    ## Challenges in Coastal Erosion    label-core    **Role of tidal energy**: …
    heading-doing   ## Rewilding Urban Rivers           label-doing   **Rewilding urban rivers**: …
    heading-word    ## Desalination                     label-word    **Desalination**: …
    tag             wells and #groundwater              label-told    **Tidal energy**: … a tidal mill gives energy …
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple
from unicodedata import category

from kg.countries import is_country
from kg.extract import Placed, joined, normal
from kg.extract.lazily import pattern
from kg.extract.wording import kinds
from kg.model import Document, Link, Mention, Section

CONFIDENCE = {
    "tag": 1.0,
    "heading": 0.92,
    "heading-core": 0.93,
    "heading-doing": 0.9,
    "heading-word": 0.7,
    "label-told": 0.93,
    "label": 0.8,
    "label-word": 0.65,
    "label-core": 0.65,
    "label-doing": 0.45,
}
"""Precision of each rule."""

# A full stop or colon is part of a word only inside it: Gov.uk.
_WORD = pattern(r"[^\s,;:.\"“”]+(?:[.:]\w[^\s,;:.\"“”]*)*")
_NUMBER = pattern(r"(?:\d{1,2}(?:\.\d+)*[.)]|[IVX]{1,4}\.|[A-Z][.)])[ \n]+")
_STEP = pattern(
    r"(?:step|phase|stage|part|day|week|level|chapter|module|principle|tip|rule|lesson)[ \n]+(?:\d|[a-z]\b|one|two|three|four|five)", re.IGNORECASE
)
_ASIDE = pattern(r"[ \n]*\(([^()]*)\)$")
_GAP = pattern(r":[ \n]+|[ \n]+[–—-][ \n]+")
_APPOSED = pattern(r"[Aa]n?[ \n][^:]*?[ \n](?:in|of|for|to|on)[ \n]")
_QUOTES = '"“”'
# As in Obsidian: all but punctuation and blanks, so that marks and emoji are part of a tag.
_TAG = pattern(r"(?<!\S)#([^\s!-,.:-@\[-^`{-~\u2000-\u200b\u200e-\u206f\u2e00-\u2e7f\u3000-\u303f\uff01-\uff0f]+)(?![=({\[])")
_LEVEL = pattern(r"[^/]+")
_UNBROKEN = pattern(r"\S+")
# Endings of words that are hardly ever names of people.
_DERIVED = ("s", "ion", "ment", "ity", "ance", "ence", "ancy", "ency", "ship", "ism", "ing", "al", "ive", "ic", "ous", "ed", "acy", "ogy", "work")
LONGEST = 10
"""words"""
_LONG = 2000
"""characters of a note after which a word that is not there is missed"""


class _Word(NamedTuple):
    """A word in small letters, all that it may do (see :mod:`kg.extract.wording`), and where it stands."""

    low: str
    kinds: frozenset[str]
    start: int
    end: int


class _Theme(NamedTuple):
    """Where a theme stands in its text, and the rule that found it."""

    start: int
    end: int
    rule: str


class Themes:
    """The extractor of themes."""

    name = "themes"
    version = "2"
    kinds = ("theme",)
    confidence = CONFIDENCE

    def survey(self, document: Document) -> list[Placed]:
        """List the themes that a note names.

        >>> from kg import markdown
        >>> from kg.model import Note
        >>> read = markdown.read(Note("a.md", "## Challenges in Coastal Erosion\\n- **Start small**: now", ""))
        >>> [(each.mention.surface, each.mention.rule) for each in Themes().survey(read)]
        [('Coastal Erosion', 'heading-core')]
        """
        return [Placed(at, _mention(text, theme)) for at, text, theme in _found(document)]

    def find(self, text: str) -> list[Mention]:
        """List the themes that running text names, which are its tags.

        >>> [mention.surface for mention in Themes().find("Wells and #groundwater")]
        ['groundwater']
        """
        return [_mention(text, theme) for theme in _tags(text)]


def _mention(text: str, theme: _Theme) -> Mention:
    surface = text[theme.start : theme.end]
    return Mention("theme", normal(surface), surface, theme.start, theme.end, theme.rule)


def _found(document: Document) -> Iterator[tuple[int, str, _Theme]]:
    advising = _advising(document)
    note = _Note(document)
    tagged = "#" in joined(document)[0]
    for at, part in enumerate(document.parts, start=1):
        if isinstance(part, Section):
            theme = heading(part.text) if part.level <= 6 else label(part.text, part.parent in advising)
        else:
            theme = label(part.label, part.section in advising) if part.label else None
            if tagged and "#" in part.text:
                for tag in _tags(part.text, part.links, part.mute):
                    yield at, part.text, tag
        if theme:
            name = part.text[theme.start : theme.end]
            if not note.only_capitals(name):
                yield at, part.text, _Theme(theme.start, theme.end, "label-told") if theme.rule == "label" and note.tells(name) else theme


class _Note:
    """The words of a note, put together when they are first asked for."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def text(self) -> str:
        """All texts, but those of labelled bullets, which are texts of passages too."""
        headings = [each.text for each in self.document.sections if each.level <= 6]
        return "\n".join([self.document.title, *headings, *(each.text for each in self.document.passages)])

    @cached_property
    def written(self) -> _Runs:
        return _Runs(self.text)

    @cached_property
    def small(self) -> _Runs:
        """The same in small letters."""
        return _Runs(self.text.lower())

    def only_capitals(self, name: str) -> bool:
        """Say whether a name may be a person's: words that a long note never writes in small letters, as it does those of its subjects.

        >>> from kg import markdown
        >>> from kg.model import Note
        >>> note = _Note(markdown.read(Note("a.md", "Greta Holm: Scope Creep. " + "The scope is small. " * 200, "")))
        >>> note.only_capitals("Greta Holm"), note.only_capitals("Scope Creep")
        (True, False)
        """
        if not name.istitle() or not 0 < name.count(" ") < 3 or not all(word.isalpha() and not word.endswith(_DERIVED) for word in name.split()):
            return False
        return len(self.text) > _LONG and not any(self.written.times(word[:5].lower()) for word in name.split())

    def tells(self, name: str) -> bool:
        """Say whether the note uses all the words of a label elsewhere too, whatever their endings."""
        stems = [word[:5].lower() for word in name.split() if len(word) > 3]
        return bool(stems) and all(self.small.times(stem) > 1 for stem in stems)


class _Runs:
    """How often a text has some letters in a row; labels of a note share most of their words."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.known: dict[str, int] = {}
        self.all: dict[int, Counter[str]] = {}

    def times(self, run: str) -> int:
        """Give 0, 1 or 2, for twice and more. When many have been asked for, all of a length are counted in one go."""
        known = self.known.get(run)
        if known is None:
            known = self.known[run] = self._looked_for(run) if len(self.known) < _MANY else min(2, self._counted(len(run))[run])
        return known

    def _looked_for(self, run: str) -> int:
        first = self.text.find(run)
        return (first >= 0) + (first >= 0 and self.text.find(run, first + 1) >= 0)

    def _counted(self, size: int) -> Counter[str]:
        if size not in self.all:
            self.all[size] = Counter(self.text[at : at + size] for at in range(len(self.text) - size + 1))
        return self.all[size]


_MANY = 500
"""runs of letters that are looked for one by one"""


def _advising(document: Document) -> set[int]:
    """Give the sections with a label that is advice beyond doubt: what may be a verb in the others is one."""
    labels = [(each.section, each.label) for each in document.passages if each.label]
    labels += [(each.parent, each.text) for each in document.sections if each.level > 6]
    firsts = [(around, kinds(label.partition(" ")[0])) for around, label in labels]
    return {around for around, first in firsts if "advice" in first and "noun-too" not in first}


def _tags(text: str, links: Sequence[Link] = (), mute: Collection[int] = ()) -> Iterator[_Theme]:
    """Find tags; every level of a nested one is a theme, and so is a page after a sign, as in ``#[[Open data]]``.

    A link to a heading (``[[#Heading]]``) is none, and nor are the signs in code, and those escaped, which are at ``mute``.
    """
    anchors = _Names(link.shown for link in links if link.shown.startswith("#"))
    whole: dict[str, list[str]] = {}
    for link in links:
        if link.syntax == "wiki" and link.label is None and link.target:
            whole.setdefault(link.shown.partition(" ")[0], []).append(link.shown)
    pages = {first: _Names(names) for first, names in whole.items()}
    quiet = frozenset(mute)
    for match in _TAG.finditer(text):
        start, end = match.start() + 1, _tag_end(text, *match.span(1))
        if start - 1 in quiet or anchors.longest(text, start - 1):
            continue
        if pages and (word := _UNBROKEN.match(text, start)) and word[0] in pages:
            end = start + (pages[word[0]].longest(text, start) or end - start)
        if any(map(_telling, text[start:end])):
            for level in _LEVEL.finditer(text, start, end):
                if any(map(str.isalnum, level[0])) or not level[0].isascii():
                    yield _Theme(level.start(), level.end(), "tag")


class _Names:
    """Names, to be told by how a text goes on: by their first letters and their length, so that many take no longer than few."""

    def __init__(self, names: Iterable[str]) -> None:
        self.begun: dict[str, dict[int, set[str]]] = {}
        for name in sorted(names, key=len, reverse=True):
            self.begun.setdefault(name[:_FIRST], {}).setdefault(len(name), set()).add(name)
        self.sizes = sorted({len(each) for each in self.begun}, reverse=True)

    def longest(self, text: str, start: int) -> int:
        """Give the length of the longest name that stands at a place in a text; 0 if none does.

        >>> _Names(["Open", "Open data"]).longest("#Open data", 1)
        9
        """
        for size in self.sizes:
            for length, same in self.begun.get(text[start : start + size], {}).items():
                if text[start : start + length] in same:
                    return length
        return 0


_FIRST = 64
"""letters by which a name is looked up"""


def _tag_end(text: str, start: int, end: int) -> int:
    """Give where a tag ends: before punctuation of any script."""
    tag = text[start:end]
    return end if tag.isascii() else next((start + at for at, each in enumerate(tag) if each not in _JOINING and category(each) in _NO_TAG), end)


_JOINING = "-_/\u200c\u200d"
_NO_TAG = frozenset(("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Cn"))


def _telling(character: str) -> bool:
    """Say whether a character makes a tag of what would be a number: a letter, or an emoji."""
    return character.isalpha() or (not character.isascii() and category(character) == "So")


# -- headings and labels ---------------------------------------------------------------------------


@lru_cache(maxsize=16384)
def heading(text: str) -> _Theme | None:
    """Find the theme of a heading: of the first part that has one, rather of more words than one.

    >>> text = "1. The Role of Wetlands in Brazil"
    >>> text[slice(*heading(text)[:2])]
    'Wetlands'
    """
    found: _Theme | None = None
    for words in _parts(text):
        theme = _subject(text, words)
        if theme and " " in text[theme.start : theme.end]:
            return theme._replace(rule=f"heading{theme.rule}")
        found = found or theme
    return found._replace(rule=f"heading{found.rule}") if found else None


@lru_cache(maxsize=16384)
def label(text: str, advising: bool = False) -> _Theme | None:
    """Find the theme of a bold label, which more often than a heading is advice or a claim.

    >>> text = "Tidal energy:"
    >>> text[slice(*label(text)[:2])]
    'Tidal energy'
    """
    first = kinds(text.partition(" ")[0])
    if (text.endswith(".") and text.count(" ") > 1) or first & {"opener", "claim"} or ("advice" in first and (advising or "noun-too" not in first)):
        return None
    for words in _parts(text):
        if _claims(words):
            return None
        theme = _subject(text, words, label=True)
        if theme:
            return theme._replace(rule=f"label{theme.rule}")
    return None


def _parts(text: str) -> Iterator[list[_Word]]:
    """Give what stands between colons and dashes, without numbers and what is in parentheses at the end."""
    if text[:1] in _QUOTES or "?" in text or "!" in text or _STEP.match(text):
        return
    number = _NUMBER.match(text)
    start = number.end() if number else 0
    end = len(text.rstrip(" \n:.,;"))
    if text.endswith(")", start, end):
        aside = _ASIDE.search(text, start, end)
        if not aside or not _says_again(aside[1], text[start : aside.start()]):
            return
        end = aside.start()
    for gap in _GAP.finditer(text, start, end):
        yield from _words(text, start, gap.start())
        start = gap.end()
        apposed = _APPOSED.match(text, start, end)
        if apposed:  # Norway: A Pioneer in …
            start = apposed.end()
        elif text.startswith(("A ", "An "), start):
            return
    yield from _words(text, start, end)


def _says_again(aside: str, name: str) -> bool:
    """Say whether parentheses only shorten the name before them, or add something in small letters."""
    letters = aside.rstrip("s")
    if letters.isupper() and letters.isalpha():
        initials = iter([word[0].casefold() for word in re.findall(r"\w+", name)])
        body = " the " in name  # the Rivers Board (RB)
        return len(letters) > 1 and not body and all(letter in initials for letter in letters.casefold())
    return aside == aside.casefold() and not any(map(str.isdigit, aside))


def _words(text: str, start: int, end: int) -> Iterator[list[_Word]]:
    words = [_Word((word := match[0]).casefold(), kinds(word), match.start(), match.end()) for match in _WORD.finditer(text, start, end)]
    if words:
        yield words


def _subject(text: str, words: list[_Word], *, label: bool = False) -> _Theme | None:
    """Find what words are about; the rule is "" if that is all of them."""
    arrived = _arrival(words)
    if not arrived or len(arrived) > LONGEST + 4 or _sentence(arrived):
        return None
    whole = _bare(arrived)
    words = _unframed(whole)
    rule = "" if len(words) == len(whole) else "-core"
    if _doing(words):
        rule = "-doing"
        words = _object(words)
    words = _unjudged(words) if label else _ended(words)
    if len(words) > 1 and "talk" in words[-1].kinds and not any("preposition" in word.kinds for word in words):
        words = words[:-1] if _content(words[:-1]) > 1 else []
    if not words or len(words) > LONGEST or not _topical(words) or _named(text, words):
        return None
    if len(words) == 1 and not rule:
        if len(whole) < len(arrived) and "known" in arrived[0].kinds:
            return None  # The Kit
        rule = "-word"
    return _Theme(*_quoted(text, words[0].start, words[-1].end), rule)


def _quoted(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in a quotation mark whose other one is inside."""
    if sum(map(text[start:end].count, _QUOTES)) % 2:
        start -= text[start - 1 : start] in ('"', "“")
        end += text[end : end + 1] in ('"', "”") and sum(map(text[start:end].count, _QUOTES)) % 2
    return start, end


# -- what is none ------------------------------------------------------------------------------------


def _sentence(words: list[_Word]) -> bool:
    """Say whether words are a question, advice or a sentence."""
    if "opener" in words[0].kinds or _advises(words):
        return True
    does = _does(words)
    if "finite" in does or ("modal" in does and any("modal" in word.kinds for word in words[:-1])):
        return True
    if "gerund" not in does and all(word.low != "to" for word in words):
        return False
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        if word.low == "to" and "advice" in after.kinds and "noun-too" not in after.kinds:
            return True  # Ability to Adapt
        doing = "gerund" in word.kinds and "ing-noun" not in word.kinds and "small" not in after.kinds
        if doing and before.low.endswith("s") and not before.kinds & {"preposition", "owner"}:
            return True  # Towns Restoring Rivers
    return words[0].low == "needs" and len(words) > 1 and words[1].low == "to"


def _does(words: list[_Word]) -> frozenset[str]:
    return words[0].kinds.union(*[word.kinds for word in words[1:]])


def _advises(words: list[_Word]) -> bool:
    """Say whether words begin with a verb in its base form, or with one that lacks its subject."""
    first = words[0]
    if len(words) == 1:
        return "advice" in first.kinds and "noun-too" not in first.kinds
    second = words[1]
    if first.low in ("use", "start"):
        return second.low not in ("of", "case", "cases", "point", "points")
    if "noun-too" in first.kinds:
        return bool(second.kinds & {"object", "no-noun"})
    return bool(first.kinds & {"advice", "third"})


def _claims(words: list[_Word]) -> bool:
    """Say whether a label says that something grew, is better or is missing."""
    if "claim" in words[0].kinds or any("comparing" in word.kinds for word in words):
        return True
    return any("claim-noun" in word.kinds and "preposition" in after.kinds for word, after in pairwise(words[:3]))


def _topical(words: list[_Word]) -> bool:
    """Say whether a word is left that is about something, and the last is a noun."""
    content = [word for word in words if "content" in word.kinds]
    last = words[-1].kinds
    if words[0].low in _JOINS or (len(words) > 1 and all(len(word.low) == 1 for word in content)):
        return False
    if not content or "small" in last or "no-noun" in last or (len(content) == 1 and "thin" in content[0].kinds):
        return False
    return len(words) > 1 or not words[0].low.endswith("ing") or "ing-noun" in last


def _content(words: list[_Word]) -> int:
    return sum("content" in word.kinds for word in words)


def _named(text: str, words: list[_Word]) -> bool:
    """Say whether words are, or hold, the name of a place, a body or what it runs."""
    does = _does(words)
    if "names" in does:
        return True
    if len(words) == 1:
        return False
    if "opens-place" in does and any(is_country(text[one.start : other.end]) for one in words for other in words if "opens-place" in one.kinds):
        return True
    if "body" not in does:
        return False
    head = next((at for at, after in enumerate(words[1:]) if after.low in ("of", "for", "on", "in")), len(words) - 1)
    if "body" not in words[head].kinds or words[head].low.endswith("s"):
        return False
    capitals = all(text[word.start].isupper() for word in words if "small" not in word.kinds)
    return capitals and (head == 0 or words[head - 1].low not in ("and", "&", "public"))


# -- what is left out --------------------------------------------------------------------------------


def _arrival(words: list[_Word]) -> list[_Word]:
    """Of "from here to there" and "shifting from here to there" give there."""
    if words[0].low == "from" or (len(words) > 1 and words[1].low == "from" and words[0].low in ("shifting", "moving")):
        to = next((at for at, word in enumerate(words) if word.low == "to"), len(words))
        return words[to + 1 :]
    return words


def _bare(words: list[_Word]) -> list[_Word]:
    letter = len(words) > 1 and words[1].low in _JOINS  # A & B
    return words[1:] if words and "article" in words[0].kinds and not letter else words


_JOINS = ("&", "and", "or")


def _unframed(words: list[_Word]) -> list[_Word]:
    """Leave out what only frames the subject: Key Challenges in, Norway's Approach to."""
    while True:
        words = _bare(words)
        if len(words) == 4 and "thin" in words[0].kinds and [words[1].low, words[2].low] == ["of", "the"]:
            return []  # Structure of the Kit: of what has been spoken of
        at = 0
        while at < len(words) and "frames" in words[at].kinds:
            at += 1
        if not 0 < at < len(words) or "preposition" not in words[at].kinds or not any("frame" in word.kinds for word in words[:at]):
            return words
        if words[0].low in ("impact", "effect", "influence") and words[at].low == "of" and any(word.low == "on" for word in words[at:]):
            return words  # of one thing on another
        words = words[at + 1 :]
        if len(words) == 2 and "known" in words[0].kinds:
            return []
        words = _matter(_bare(words))


def _matter(words: list[_Word]) -> list[_Word]:
    """Of "somebody in a matter" give the matter."""
    acting = len(words) > 2 and "actor" in words[0].kinds and words[1].low in ("in", "into", "for")
    return words[2:] if acting else words


def _doing(words: list[_Word]) -> bool:
    """Say whether words begin with a gerund that has an object."""
    if len(words) < 2 or "gerund" not in words[0].kinds:
        return False
    second = words[1]
    if second.low == "of" or "and" in second.kinds:
        return len(words) > 2 and words[2].low.endswith("ing")
    return "ing-noun" not in words[0].kinds or "article" in second.kinds


def _object(words: list[_Word]) -> list[_Word]:
    """Give the object of a gerund, without what is done to it: Integrating Wetlands into Planning."""
    rest = words[1:]
    if "and" in rest[0].kinds:
        return words
    if rest[0].low.startswith(("what", "how", "why", "who", "where", "when")):
        return []
    if "adverb" in rest[0].kinds:
        rest = rest[1:]
    if rest and "preposition" in rest[0].kinds:
        rest = _arrival(rest) if rest[0].low == "from" else rest[1:]
    for at, word in enumerate(rest[1:], start=1):
        if "after-object" in word.kinds or (word.low == "to" and "joining" in words[0].kinds):
            rest = rest[:at]
            break
        if "and" in word.kinds and _doing(rest[at + 1 :]):
            rest = rest[:at] if _content(rest[:at]) else _object(rest[at + 1 :])
            break
    return _unframed(_matter(_bare(rest)))


def _unjudged(words: list[_Word]) -> list[_Word]:
    judged = len(words) > 2 and "judgement" in words[0].kinds and "small" not in words[1].kinds
    return words[1:] if judged else words


def _ended(words: list[_Word]) -> list[_Word]:
    """Leave out what adds nothing to a heading, or half of it: Improved, in Norway, as a Solution, and Next Steps."""
    words = words[1:] if len(words) > 1 and "claim" in words[0].kinds else words
    for at, word in enumerate(words):
        place = at and word.low in ("in", "for", "from") and words[at + 1 :] and all("where" in each.kinds for each in words[at + 1 :])
        if place or (at > 1 and word.low == "as"):
            words = words[:at]
            break
    for at, word in enumerate(words[1:-1], start=1):
        if word.low in ("and", "&"):
            left, right = words[:at], words[at + 1 :]
            if _beside(left) and _content(right):
                return _unframed(right)
            if _content(left) and _beside(right):
                return left
    return words


def _beside(words: list[_Word]) -> bool:
    """Say whether half of a heading only tells what else stands under it."""
    last = words[-1]
    named = any("beside" in word.kinds for word in words)
    return named and not _content(words) and (len(words) > 1 or last.low.endswith("s") or "talk" in last.kinds)
