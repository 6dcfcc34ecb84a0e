"""Names of initiatives in headings and in bold labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.countries import is_country
from kg.extract.capitals import derived, national, usual, wordset
from kg.extract.lazily import pattern
from kg.extract.nouns import (
    BODY,
    CUES,
    ENOUGH,
    GENERIC,
    GOING_ON,
    OFFICE,
    PLURALS,
    SMALL,
    SORTS,
    THINGS,
    TOKEN,
    WORDS,
    Word,
    begins,
    is_name,
    letters_of,
    stands_for,
)
from kg.extract.page import Name, Page, page
from kg.extract.people import GIVEN
from kg.model import Document

# With one word before them, as often a thought as a thing.
_THOUGHTS = wordset(
    "agenda agreement challenge charter compact dialogue directive declaration exercise grant guide guideline hub law lab network pact partnership plan protocol radar roadmap series sprint strategy survey week workshop"
)
_ANNOUNCES = pattern(
    r"\b(?:initiatives|projects|programs|programmes|campaigns|platforms|apps)(?:[ \n](?:and|or)[ \n](?:[\w-]+[ \n])?\w+)?(?:[ \n](?:in|by|of|at|from)[ \n](?:the[ \n])?[A-Z]\w+)?"
    r"(?:[ \n](?:have[ \n]been[ \n]|were[ \n])?(?:implemented|launched|introduced|conducted|completed|carried[ \n]out|run)\b[^.\n]{0,40})?,?(?:[ \n](?:include|including|are|were))?:?\s*$",
    re.IGNORECASE,
)
_OWNER_HEAD = pattern(r"([^,:()]+?)(?:[ \n]\(([^()]+)\))?,[ \n](.+)$")
_HEAD_PLACE = pattern(r"(?:\d+\.[ \n])?([^:()]+?)[ \n]\(([^()]+)\)$")
_HEAD_CASE = pattern(r"(?:[Cc]ase [Ss]tudy|[Ee]xample|[Ii]nitiative|[Pp]roject|[Pp]rogramme?|[Tt]ool|[Ss]potlight)[^:]{0,12}: (.+)$")
_TOPIC = pattern(r"['’]s?[ \n]|[ \n](?:in|through|with|via|by|from)[ \n]|^\w+ing[ \n]|^From[ \n]")
_LABEL_YEAR = pattern(r"(.+?)[ \n]\((?:[^()]*[ \n])?(?:19|20)\d\d(?:[/–-]\d{2,4})?\)$")
_TAIL = pattern(r"[ \n]*\([^()]*\)$")
_IN_BRACKETS = pattern(r".+?[ \n]\(([^()]+)\)")
# What a label is said to be; a challenge or a plan there is as often a thought.
_SAID = "|".join(
    sorted({*THINGS.split(), "network", "school", "space", "service", "database"} - {"challenge", "plan", "assessment", "agenda", "exercise", "act"})
)
_LABEL_IS = pattern(
    rf"[ \n]*(?:\([^()\n]{{2,50}}\))?[ \n]*[:,–—-]?[ \n]*"
    rf"(?:(?:[A-Z]\w+ed[ \n](?:in|by|on)[ \n][^.\x1d]{{3,50}},[ \n]t|T)his[ \n](?:[\w-]+[ \n]){{0,3}}?(?:{_SAID})\b"
    rf"|(?:An?|Its|[A-Z]\w+['’]s)[ \n](?:(?!(?:of|for|in|by|that|which|to|with|at)\b)[\w-]+,?[ \n]){{0,5}}?(?:{_SAID}){GOING_ON}(?!,[ \n]such)"
    r"|(?:Launched|Introduced|Rolled[ \n]out|Piloted|Enacted|Released|Published)[ \n](?:in|by|on|during|as)\b)"
)


def headings(on: Page, document: Document) -> Iterator[Name]:
    """Find names in headings, and in bold labels that have a list of their own.

    >>> _shown("## The Cardiff Listening Programme"), _shown("## The Quill Model"), _shown("## Talk Cardiff, Harbour Agency")
    (['Cardiff Listening Programme'], ['Quill Model'], ['Talk Cardiff'])
    >>> _shown("## Talk Cardiff (Norway)"), _shown("## Norway (Talk Cardiff)"), _shown("## Case study: Talk Cardiff")
    (['Talk Cardiff'], ['Talk Cardiff'], ['Talk Cardiff'])
    >>> _shown("## An Effective Starter Kit"), _shown("## Developing a Digital Platform"), _shown("## Listening (Norway)")
    ([], [], [])
    """
    for start, section in zip(on.starts[1:], document.sections, strict=False):
        text = section.text
        if _has_sign(text):
            found = _label(text, None, on.text) if section.level > 6 else _heading(text, on.text)
            yield from _moved(found, start)


def labels(on: Page, document: Document, first: int) -> Iterator[Name]:
    """Find names in the bold labels of passages; those of a list that is announced as one of initiatives need no more.

    >>> _shown("- **Talk Cardiff (2018)**: Asks"), _shown("- **Talk to Cardiff (Norway)**: Asks"), _shown("- **Norway (TC - Talk Cardiff)**: Asks")
    (['Talk Cardiff'], ['Talk to Cardiff'], ['TC', 'Talk Cardiff'])
    >>> _shown("- **Talk Cardiff**: A platform that asks"), _shown("- **Talk Cardiff**: Launched in 2018"), _shown("- **Cardiff Quill Programme**: Asks")
    (['Talk Cardiff'], ['Talk Cardiff'], ['Cardiff Quill Programme'])
    >>> _shown("The projects include:\\n\\n- **Passports by Post**: Sent"), _shown("- **Passports by Post**: Sent")
    (['Passports by Post'], [])
    >>> _shown("- **Clear Plan**: A plan for all"), _shown("- **Building Trust**: A project that"), _shown("- **Anna Quill (Norway)**: Speaks")
    ([], [], [])
    """
    announced = False
    for start, passage in zip(on.starts[first:], document.passages, strict=True):
        text, label = passage.text, passage.label
        if not label:
            announced = False
        elif (said := _LABEL_IS.match(text, len(label))) or announced or _has_sign(label):
            yield from _moved(_label(label, said, on.text, listed=announced), start)
        if text[-1:] in (":", "e", "g") and text.endswith((":", "include", "including")) and _ANNOUNCES.search(text[-90:]):
            announced = True


def _has_sign(text: str) -> bool:
    """Say whether a heading or a label has anything in it that a rule looks for."""
    return text[-1:] == ")" or ", " in text or ": " in text or not CUES.isdisjoint(text.casefold().split())


def _shown(text: str) -> list[str]:
    """List the names that a note of one heading or list has, for examples."""
    from kg import markdown
    from kg.model import Note

    document = markdown.read(Note("a.md", text, ""))
    on = page(document)
    found = [*headings(on, document), *labels(on, document, 1 + len(document.sections))]
    return [on.text[each.start : each.end] for each in sorted(found)]


def _moved(names: Iterable[Name], start: int) -> Iterator[Name]:
    for each in names:
        yield Name(start + each.start, start + each.end, each.rule, each.of)


def _heading(text: str, note: str) -> Iterator[Name]:
    match = _OWNER_HEAD.match(text) if ", " in text else None
    if match:
        if _titled(match[1]) and not BODY.search(match[1].rpartition(" ")[0]) and _owner(match[3].strip()):
            yield Name(match.start(1), match.end(1), "owner-head")
            if match[2] and stands_for(match[2], match[1]):
                yield Name(match.start(2), match.end(2), "acronym", match[1])
        return
    name = _cue_in(text)
    if name and not usual(note, text[name.start : name.end]) and (name.rule == "head-cue" or _whole(text, name)):
        yield name
        yield from letters_of(text, name.start, name.end)
        return
    match = _HEAD_PLACE.match(text) if text[-1:] == ")" else None
    if match and is_country(match[1]) and _named_thing(match[2]):
        yield from _in_brackets(text, match.start(2), "head-place")
        return
    if (
        match
        and is_country(match[2])
        and not is_country(match[1])
        and _titled(match[1])
        and not _body_or_person(match[1])
        and not _TOPIC.search(match[1])
    ):
        yield Name(match.start(1), match.end(1), "head-place")
        return
    match = _HEAD_CASE.match(text) if ": " in text else None
    if match and _titled(match[1]) and not BODY.search(match[1]) and not usual(note, match[1]) and not _TOPIC.search(match[1]):
        yield Name(match.start(1), match.end(1), "head-place")


def _cue_in(text: str) -> Name | None:
    """Give the name in a heading or label that ends in a cue and has a word that no heading would have but for a name."""
    if CUES.isdisjoint(text.rstrip(")").casefold().split()):
        return None
    for match in WORDS.finditer(text):
        words = [Word(each[0], match.start() + each.start(), match.start() + each.end()) for each in TOKEN.finditer(match[0])]
        cue = words[-1].text.casefold()
        if len(words) < 2 or cue not in CUES or words[-1].text[0].islower():
            continue
        start = begins(text, words, len(words) - 1)
        before = words[start:-1]
        if not before or any(word.text in SMALL or word.text in OFFICE for word in before):
            continue
        if before[0].text in _QUALITIES or (start == match.start() == 0 and before[0].text.endswith("ing")):
            continue
        owned = len(before) > 2 and national(before[0].text) and cue not in SORTS
        if owned or any(not _everyday(word.text) for word in before) or (cue in ENOUGH and len(before) > 1):
            return Name(before[0].start, words[-1].end, "head-sort" if cue in SORTS else "head-cue")
    return None


def _whole(text: str, name: Name) -> bool:
    """Say whether a heading is nothing but a name, with its article or with capitals in a word of it."""
    return (text.startswith("The ") and name.start == 4) or any(
        len(word) > 1 and not word[1:].islower() for word in text[name.start : name.end].split()
    )


_QUALITIES = wordset(
    "Clear Common Effective Strong Broad Broader Biggest Better Best Big Bigger Main Key Underused Underutilized Overarching Ambitious Adaptive Dynamic Diverse Dedicated Robust Single Simple Static Rigid "
    "Shared Joint Traditional Modern Future Flexible Holistic Integrated Inclusive Long-term Short-term Major Minor Core Central Initial Ongoing Early Late Hybrid Fluid Concrete Systemic Comprehensive Proactive "
    "Be Use Create Develop Build Design Define Identify Generate Target Join Share Support Start Run Make Set Establish Launch Implement Leverage Adopt Apply Find Choose Select Know Understand Write Plan Engage Foster Go-to "
    "Consensus Ideal Practical Voluntary Personal Individual Collective Independent Broadening Underlying Guiding Other Another More Less Lack Need Higher Lower High Low Full Real-World Real Step-by-Step Bottom-Up Top-Down"
)
"""Words that open headings and labels which name no one thing."""


def _everyday(word: str) -> bool:
    """Say whether a word in a heading may have its capital for that alone."""
    return word.casefold() in GENERIC or derived(word) or is_country(word) or word.isdigit()


def _body_or_person(text: str) -> bool:
    """Say whether a name looks like that of a body or a person: with a country at its end, or a given name at its start."""
    words = text.split()
    return bool(BODY.search(text)) or is_country(words[-1]) or _person(words)


def _person(words: list[str]) -> bool:
    return words[0] in GIVEN or words[0] in ("Mr", "Mr.", "Ms", "Ms.", "Mrs.", "Dr", "Dr.")


def _named_thing(text: str) -> bool:
    long = text.replace(" - ", " of ").replace(" – ", " of ")
    return (
        _titled(long)
        and text.split(maxsplit=1)[0] not in _QUALITIES
        and not _body_or_person(text)
        and not text[0].isdigit()
        and not _OFFICES.search(text)
    )


_OFFICES = pattern(r"\b(?:Minister|President|Director|Head|Secretary|Chief|Professor|Manager|Expert)\b")


def _in_brackets(text: str, start: int, rule: str) -> Iterator[Name]:
    """Give the name in the brackets after a country, and its letters before it: Norway (CLP - Cardiff Listening Programme)."""
    end = text.rindex(")")
    short, dash, long = text[start:end].replace("–", "-").partition(" - ")
    if dash:
        yield Name(end - len(long), end, rule)
        yield Name(start, start + len(short), "acronym", long)
    else:
        yield Name(start, end, rule)


def _all_everyday(words: list[str]) -> bool:
    """Say whether a label has several words, and none but those of thoughts and sorts."""
    return len(words) > 1 and all(_everyday(word) or word in SMALL for word in words)


def _titled(text: str) -> bool:
    return " " in text and is_name(text)


def _owner(text: str) -> bool:
    last = text.rpartition(",")[2].strip()
    if " and " in text or ("," in text and not is_country(last)) or not is_name(text):
        return False
    return bool(BODY.search(text)) or is_country(last)


class _Bare(NamedTuple):
    """A label but for what is no part of a name: ``label[offset : offset + len(name)]`` is ``name``.

    ``dated`` says whether a year stood in brackets at its end, ``place`` has whatever did as its first group.
    """

    name: str
    offset: int
    dated: bool
    place: re.Match[str] | None


def _stripped(label: str) -> _Bare:
    """Take away the brackets at the end of a label, and what it says before a colon that the rest is a case of.

    >>> _stripped("Case study: Talk Cardiff (2018)")[:3]
    ('Talk Cardiff', 12, True)
    """
    tail = label[-1] == ")"
    year = _LABEL_YEAR.match(label) if tail else None
    name = (year[1] if year else _TAIL.sub("", label) if tail else label).rstrip(":")
    case = _HEAD_CASE.match(name) if ": " in name else None
    place = _IN_BRACKETS.fullmatch(label) if tail else None
    return _Bare(case[1] if case else name, case.start(1) if case else 0, year is not None, place)


def _label(label: str, said: re.Match[str] | None, note: str, *, listed: bool = False) -> Iterator[Name]:
    """Find the name that a bold label is; ``said`` is what the text after it says of it, if it does."""
    bare = _stripped(label)
    if bare.place and is_country(bare.name) and _named_thing(bare.place[1]):
        yield from _in_brackets(label, bare.place.start(1), "label-place")
        return
    found = _ruled(label, bare, note, said=said is not None, listed=listed)
    if found:
        start, end = bare.offset + found[1], bare.offset + len(bare.name)
        yield Name(start, end, found[0])
        yield from letters_of(label, start, end)


def _ruled(label: str, bare: _Bare, note: str, *, said: bool, listed: bool) -> tuple[str, int] | None:
    """Give the first rule by which a label is a name, and where in its bare words that begins."""
    name, _, dated, place = bare
    words = name.split()
    cue = words[-1].casefold() if words else ""
    if not (dated or place or listed or said or cue in CUES) or not is_name(name) or is_country(name):
        return None
    lone = len(words) == 1
    if lone and "(" not in label and (name[1:].islower() or not said):
        return None
    start = len(words[0]) + 1 if words[0] in ("The", "A", "An") else 0
    if dated and not BODY.match(name):
        return "label-year", start
    if place and is_country(place[1]) and not BODY.search(name) and (said or not (lone or _person(words) or is_country(words[-1]))):
        return "label-place", start
    if said and _is_said(name, words, cue, note):
        return None if cue not in CUES and (_all_everyday(words) or "and" in words) else ("label-is", start)
    if listed and not lone and words[0] not in _QUALITIES and not _all_everyday(words) and not usual(note, name):
        return "listed", start
    if cue in CUES and not lone and not usual(note, name[start:]):
        found = _cue_in(name)
        if found and found.rule != "head-sort" and not (cue in _THOUGHTS and len(words) < 3):
            return "label-cue", found.start
    return None


def _is_said(name: str, words: list[str], cue: str, note: str) -> bool:
    """Say whether what the text says a label is may be one thing: no quality, no doing, no several, no body, and no words of the note's."""
    return words[0] not in _QUALITIES and not words[0].endswith("ing") and cue not in PLURALS and not BODY.search(words[-1]) and not usual(note, name)
