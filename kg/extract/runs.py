"""Names of initiatives in running text without marks: words in capitals, by a cue in or around them, and domains."""

from __future__ import annotations

from collections.abc import Iterator

from kg.countries import is_country
from kg.extract.capitals import CALENDAR, CAPITAL, STARTS, derived, national, usual, wordset, wrapped
from kg.extract.lazily import pattern
from kg.extract.nouns import (
    ARTICLES,
    BODIES,
    BODY,
    CLOSED,
    CUE,
    CUES,
    ENOUGH,
    GENERIC,
    GOING_ON,
    MORE,
    NAMING,
    NO_NAMES,
    OFFICE,
    OPENS,
    OWNED_SORTS,
    PLURALS,
    POSSESSIVE,
    SMALL,
    SORTS,
    THING,
    THINGS,
    TOKEN,
    WEAK_AFTER,
    WORD,
    WORDS,
    Word,
    begins,
    is_cue,
    letters_of,
    lowered,
    opens_sentence,
    proper,
    tasked,
    with_year,
    words_before,
)
from kg.extract.page import Name, Page

_BY_LETTER = "|".join(
    f"{letter}(?:{'|'.join(sorted((each[1:] for each in CUES if each[0] == letter), reverse=True))})" for letter in sorted({each[0] for each in CUES})
)
# Words in capitals, what joins them, and the next word; or one word before or after which something may say that it is a name.
# It begins at a capital, which few characters are; what it takes it does not give back, so that most words are dismissed at once.
_RUN = pattern(
    rf"[{CAPITAL}](?<![\w-].)((?<=[dseg][ \n].)|(?<=\(.))?(?>{WORD})"
    rf"(?:(?:{MORE})++(?=(?:[ \n]([a-z]++)(?![\w'’-])(?![ \n]to[ \n]))?)"
    rf"|(?=[ \n](?:{_BY_LETTER})(?![\w'’-])(?![ \n]to[ \n]))|(?=,[ \n](?:an?|the|its|their|[A-Z]\w+['’]s?)[ \n])|(?=[ \n](?:is|was|are)[ \n])|(?(1)|(?!)))"
)
_DEFINED = pattern(
    rf"(?:[ \n]\([^()\n]{{2,40}}\))?(?:,[ \n](?:an?|the|its|their|[A-Z]\w+['’]s?)|[ \n](?:is|was|are)[ \n](?:an?|the|its|their|[A-Z]\w+['’]s?|one[ \n]of[ \n]the))[ \n]"
    rf"(?:(?!(?:of|for|in|by|that|which|and|to|with|at)\b)[\w’'-]+[ \n]){{0,5}}?{THING}s?"
    rf"{GOING_ON}"
)
_WITHIN = pattern(r"\b(?:[Ii]n|[Ff]rom|[Aa]t|[Bb]y|[Ww]ith|[Aa]nd)[ \n]$")
_AFTER = frozenset([", a ", ", an", ", th", ", it", " is ", " was", " are"])
"""Four characters after a name that may begin to say what it is."""
_LOOK = frozenset(f"{each[-2:]} " for each in [*THINGS.split(), *NAMING, "as", "like", "including", "the", "and"]) | {
    "p (",
    "m (",
    "e (",
    "t (",
    "l (",
    "y (",
}
"""Three characters before a capital that are worth a look at the words before it."""
_KINDS = wordset("initiatives projects programmes programs platforms campaigns apps strategies laws schemes toolkits portals")
_ONES = frozenset(THINGS.split()) - {"act", "fund", "assessment", "exercise"}


def runs(on: Page, first: int = 0) -> Iterator[Name]:
    """Find names in the runs of capitals of running text, from a position on."""
    text = on.text
    for match in _RUN.finditer(text, first):
        start, end = match.span()
        run = match[0]
        if " " in run or "\n" in run:
            following = match[2]
            told = following in CUES or run[-1].isdigit() or not CUES.isdisjoint(run.casefold().split())
            if told or (_near(text, start, end) and _rule_around(on, start, end)):
                yield from _run(on, start, run, following or "")
        else:
            next_word = _NEXT.match(text, end)
            if next_word and next_word[1] in CUES:
                yield from _run(on, start, run, next_word[1])
            elif _near(text, start, end):
                yield from _single(on, start, end)


_NEXT = pattern(r"[ \n]([a-z]+)(?![\w'’-])(?![ \n]to[ \n])")


def _near(text: str, start: int, end: int) -> bool:
    """Say whether the characters around a name may be those of words that say that it is one."""
    return text[end : end + 4] in _AFTER or text[start - 3 : start] in _LOOK or (text[end : end + 2] == ", " and text[end + 2 : end + 3].isupper())


def _run(on: Page, start: int, run: str, following: str) -> Iterator[Name]:
    text = on.text
    clipped = on.titled(start)
    if clipped:
        inside = on.running[on.at(start)] - start
        if inside >= len(run):
            return
        match = WORDS.search(text, start + inside)
        if not match or match.start() > start + len(run):
            return
        start, run = match.start(), match[0]
    cut = _break(run, start, text)
    if cut:
        run, following = run[:cut], ""
    words = [Word(each[0], start + each.start(), start + each.end()) for each in TOKEN.finditer(run)]
    if clipped and (len(words) == 1 or words[0].text in OPENS or tasked(words)):
        words = words[1:]
    parts = list(_apart(words))
    for part in parts:
        yield from _part(on, part, following if part is parts[-1] else "")


def _apart(words: list[Word]) -> Iterator[list[Word]]:
    """Take apart two names that "and the" joins, or an article in capitals, and what follows a year: the Tides Act and the Harbours Act."""
    start = 0
    for at, word in enumerate(words):
        joined = word.text == "the" and at and words[at - 1].text == "and"
        if (joined or word.text == "The") and at > start + 1:
            yield words[start : at - (words[at - 1].text in SMALL)]
            start = at + 1
        elif word.text in SMALL and at > start and words[at - 1].text.isdigit():
            yield words[start:at]
            start = at + 1
    if start < len(words):
        yield words[start:]


def _part(on: Page, words: list[Word], following: str) -> Iterator[Name]:
    text = on.text
    name = _by_cue(text, words)
    if name:
        yield name
        yield from letters_of(text, name.start, name.end)
        return
    begin = begins(text, words, len(words))
    if following in CUES:
        name = _before_cue(on, words[begin:], following)
        if name and name.rule == "caps-cue" and begin and begin == len(words) - 1 and tasked(words):
            name = name._replace(rule="caps-sort")  # one word after a verb is as often of what sort the thing is: Discuss Budget plan
        if name:
            yield name
            yield from letters_of(text, name.start, name.end)
            # Of a model or a framework the letters before it are as often its owner's.
            if following not in SORTS or name.rule != "letters-cue":
                yield from _bare(text, name, words[-1].end)
            return
    if begin < len(words):
        yield from _in_context(on, words[begin:])


def _break(run: str, start: int, text: str) -> int:
    """Find where a line of its own ends in a run, so that what follows is another sentence."""
    at = run.find("\n")
    while at >= 0:
        if not wrapped(text, start + at):
            return at
        at = run.find("\n", at + 1)
    return 0


def _by_cue(text: str, words: list[Word]) -> Name | None:
    """Give the name in a run that has a word such as Programme in it, if one does."""
    for at in range(len(words) - 1, -1, -1):
        word = words[at].text.casefold()
        if word not in CUES or word == words[at].text:
            continue
        if any(each.text in OFFICE for each in words[:at]):
            return None
        return _around(text, words, at, word)
    return None


def _around(text: str, words: list[Word], at: int, word: str) -> Name | None:
    """Give the name around its cue, the word in capitals at a position of a run."""
    start = begins(text, words, at)
    before = words[start:at]
    end = at
    following = words[at + 1].text if at + 1 < len(words) else ""
    if following == "of" and word in BODIES and word in CLOSED:
        return None  # an Academy of Sciences
    if following in ("of", "on", "for", "to") and word not in CLOSED and at + 2 < len(words):
        end = _goes_on(words, at)
    elif following[:4].isdigit() and len(following) == 4:
        end = at + 1
    elif following and following not in SMALL:
        return None  # Programme Office: the cue is not what the thing is
    if before and (before[-1].text in SMALL or POSSESSIVE.match(before[-1].text)):
        before, start = [], at
    if end == at and (not before or not proper(text, before, enough=word in ENOUGH)):
        return None
    if end > at and following in SMALL and len(words[start : end + 1]) < 3:
        return None
    if end > at and not before and opens_sentence(text, words[at].start) and word in SORTS:
        return None
    return Name(with_year(text, words[start].start), words[end].end, _sure(word))


def _sure(cue: str) -> str:
    return "name-body" if cue in BODIES else "name-sort" if cue in SORTS else "name-cue"


def _goes_on(words: list[Word], at: int) -> int:
    """Find where a name ends that goes on after its cue: Declaration on Open Data."""
    end = at
    for place in range(at + 1, len(words)):
        word = words[place].text
        if word in ("in", "to") and place > at + 1:
            break
        if word not in SMALL:
            end = place
            if POSSESSIVE.match(word):
                break
    return end


def _before_cue(on: Page, words: list[Word], cue: str) -> Name | None:
    """Give the name that words in capitals make with the cue after them, if they do."""
    while words and words[0].text.isdigit():
        words = words[1:]
    if not words or cue in WEAK_AFTER or POSSESSIVE.match(words[-1].text) or not proper(on.text, words):
        return None
    lone = len(words) == 1 and words[0].text
    if lone and (lone.endswith(("ing", "ed")) or national(lone)):
        return None
    if words[-1].text in OFFICE or BODY.search(words[-1].text):
        return None
    start = with_year(on.text, words[0].start)
    end = words[-1].end + 1 + len(cue)
    if all(word.text.isupper() or is_country(word.text) or word.text.casefold() in GENERIC for word in words):
        if cue in OWNED_SORTS or len(words) > 1 or not words[0].text.isupper() or _body_letters(on.text, words[0].text):
            return None
        return Name(start, end, "letters-cue")
    if cue in _SAID_BY and sum(word.text not in SMALL for word in words) < 2:
        return None
    return Name(start, end, "caps-sort" if cue in SORTS else "caps-cue")


# One word before these is whoever wrote it.
_SAID_BY = wordset("policy award method methodology model outlook prize recommendation report series standard newsletter")
_WORLD = wordset(
    "AI API CEO CIO COVID COVID-19 DNA EC ECB EU G20 G7 GDP GPS HR ICT IBM IMF ILO IT LLM MIT NASA NATO NGO OECD PDF R&D SDG SDGs SME STEM UAE UK UN UNDP UNESCO UNICEF US USA WHO WTO"
)


def _body_letters(text: str, letters: str) -> bool:
    """Say whether letters are those of a body: all the world's, or one that owns something or stands after its name."""
    if letters in _WORLD or f"{letters}'s" in text or f"{letters}’s" in text:
        return True
    at = text.find(f"({letters})")
    return at > 0 and not any(each.casefold() in CUES for each in text[max(0, at - 40) : at].split()[-2:])


def _bare(text: str, name: Name, end: int) -> Iterator[Name]:
    """Give the name without its cue where that is a name, too: it may stand alone elsewhere."""
    short = text[name.start : end]
    lone = " " not in short
    if short.isdigit() or national(short) or (lone and (short[1:].islower() or POSSESSIVE.match(short))) or usual(text, short):
        return
    if lone or sum(each[0].isupper() and each.casefold() not in GENERIC and not national(each) for each in short.split()) > 1:
        yield Name(name.start, end, "again", text[name.start : name.end])


def _in_context(on: Page, words: list[Word]) -> Iterator[Name]:
    """Find a name by the words before it and after it."""
    text = on.text
    if words[-1].text.isdigit() and len(words) > 1:
        if _dated(words):
            yield Name(words[0].start, words[-1].end, "dated")
            return
        words = words[:-2] if words[-2].text in SMALL or words[-2].text in CALENDAR else words[:-1]
        while words and words[-1].text in SMALL:
            words = words[:-1]
    if not words or any(word.text in OFFICE or word.text in CALENDAR for word in words):
        return
    last = words[-1]
    start, end = words[0].start, last.end
    rule = _rule_around(on, start, end)
    if not rule or not _telling(text, words, rule) or words[0].text in _PLACED:
        return
    if rule == "such-as":
        yield from _each(text, words)
    else:
        yield Name(start, end, rule)
        yield from letters_of(text, start, end)


_PLACED = wordset("In From At By With For")


def _each(text: str, words: list[Word]) -> Iterator[Name]:
    """Take apart what "and" joins."""
    start = 0
    for at, word in enumerate([*(each.text for each in words), "and"]):
        if word == "and":
            if at > start and _telling(text, words[start:at], "such-as"):
                yield Name(words[start].start, words[at - 1].end, "such-as")
            start = at + 1


def _single(on: Page, start: int, end: int) -> Iterator[Name]:
    text = on.text
    rule = _rule_around(on, start, end)
    if rule and not on.titled(start) and _telling(text, [Word(text[start:end], start, end)], rule):
        yield Name(start, end, rule)


def _rule_around(on: Page, start: int, end: int) -> str:
    """Name the rule that lets the words around a name in capitals make it one."""
    text = on.text
    after = text[end : end + 4]
    may_be = after in _AFTER or after[:2] in (" (", ", ")
    if may_be and _DEFINED.match(text, end) and not (after[0] == "," and _WITHIN.search(text, max(0, start - 8), start)):
        return "defined"
    if text[start - 3 : start] not in _LOOK and text[start - 2 : start] != ", ":
        return ""
    words = words_before(text, start)
    if words and words[-1] == "the":
        words.pop()
    if not words:
        return ""
    last = lowered(words[-1])
    if last in NAMING or (last == "as" and words[-2:-1] == ["known"]):
        return "called" if any(map(is_cue, words[-8:])) else ""
    inside = words[-1] == "("
    cue = lowered(words[-2]) if inside and len(words) > 1 else last
    if cue in _ONES and text[start - 1] in " (" and any(word in ARTICLES or word[-2:] in ("'s", "’s") for word in words[-5:-1]):
        return "cue-name" if not inside or text[end : end + 1] == ")" else ""
    return "such-as" if _listed(words) else ""


def _listed(words: list[str]) -> bool:
    """Say whether words end in a list of names of such things: platforms such as Talk Cardiff and."""
    for at in range(len(words) - 1, max(-1, len(words) - 15), -1):
        word = words[at]
        if word in ("like", "as", "including"):
            other = lowered(words[at - (2 if word == "as" else 1)]) if at > 1 else ""
            return other in _KINDS and (word != "as" or words[at - 1] == "such")
        if word[0].islower() and word not in ("and", "or", "the", "of", "for", "on", "to"):
            return False
        if word[-1] in ".;:":
            return False
    return False


def _telling(text: str, words: list[Word], rule: str) -> bool:
    """Say whether words in capitals may be a name at all, and not of a place, a body or a sort of thing."""
    alone = len(words) == 1
    first = words[0].text
    if BODY.search(words[-1].text) or POSSESSIVE.match(words[-1].text) or is_country(text[words[0].start : words[-1].end]):
        return False
    if alone:
        if (
            first in NO_NAMES
            or first in STARTS
            or national(first)
            or first in _WORLD
            or first.casefold() in GENERIC
            or first in CALENDAR
            or len(first) < 3
        ):
            return False
        if first[1:].islower() and (derived(first) or usual(text, first) or rule == "such-as"):
            return False
        if rule == "such-as" and first in _PRODUCTS:
            return False
        return not (first.isupper() and _body_letters(text, first))
    if all(national(word.text) or word.text in SMALL or word.text.casefold() in GENERIC for word in words):
        return False
    phrase = text[words[0].start : words[-1].end]
    return not usual(text, phrase)


def _dated(words: list[Word]) -> bool:
    """Say whether a year ends a name: Talk Cardiff 2030, but not March 2020 and not Wales 2020."""
    before = words[-2].text
    year = words[-1].text
    if before in SMALL:
        return before == "to" and words[0].text.casefold() in CUES
    if (
        before in CALENDAR
        or before in STARTS
        or before.isupper()
        or before[-1:] in ".,"
        or before in _SEASONS
        or national(before)
        or any(map(str.isdigit, before))
    ):
        return False
    return len(year) == 4 and not any(word.text in OFFICE for word in words)


_PRODUCTS = wordset(
    "Facebook Twitter TikTok WhatsApp YouTube Instagram LinkedIn Zoom Teams Slack Signal Telegram Mural Miro ChatGPT GitHub Wikipedia Google Excel Skype ISO"
)
"""Platforms and tools of the world that nobody runs as an initiative."""
_SEASONS = wordset(
    "Spring Summer Spring/Summer Autumn Fall Winter Early Late Mid End Since Year Copyright Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec"
)

# -- domains -----------------------------------------------------------------------------------


_DOMAIN = pattern(r"(?<![\w./@-])(?:[A-Za-z][\w-]*\.(?:gov|gob|gouv)(?:\.[a-z]{2})?|[Gg]ov\.[a-z]{2,5})(?![\w/@-])(?!\.\w)")
# A name in front of its cue: the e-Cardiff portal.
_ELECTRONIC = pattern(rf"e-(?<![\w-]e-)[{CAPITAL}]\w+(?:[ \n][{CAPITAL}]\w+)*[ \n]((?:[a-z]+[ \n])?{CUE})(?![\w-])")


def domains(text: str) -> Iterator[Name]:
    """Find sites that a government has named after itself: gov.wales; the e-Cardiff portal."""
    if "e-" in text:
        for match in _ELECTRONIC.finditer(text):
            if match[1] in PLURALS:
                continue
            name = Name(match.start(), match.end(), "caps-cue")
            yield name
            yield from _bare(text, name, match.start(1) - 1)
    if ".go" in text or "ov." in text:
        for match in _DOMAIN.finditer(text):
            yield Name(match.start(), match.end(), "domain")
