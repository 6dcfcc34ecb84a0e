"""The words that join two names in one sentence, heading or label: an owner, a place, a verb.

A sentence is a row of units: names listed one after another are one unit and share what is said of
it. Two units belong together where all that stands between them is one of the phrases of
:data:`WAYS`. Those hold few words and no other name, so that what is said of one thing does not leak
to the next: not every country of a sentence is every initiative's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from kg.extract.lazily import pattern
from kg.extract.nouns import CUE
from kg.model import Mention


class Thing(NamedTuple):
    """A mention, the position of its text in the note, and where it stands in the words looked at."""

    mention: Mention
    at: int
    start: int
    end: int


class Unit(NamedTuple):
    """Things of one kind, listed one after another; from where to where, with their quotation marks and brackets."""

    kind: str
    things: tuple[Thing, ...]
    start: int
    end: int


class Words(NamedTuple):
    """A sentence, a heading or a label; ``inside`` are names within longer names, as (inner, outer)."""

    text: str
    units: tuple[Unit, ...]
    inside: tuple[tuple[Thing, Thing], ...] = ()
    themes: tuple[Thing, ...] = ()

    def of(self, kind: str) -> list[Unit]:
        """List the units of one kind."""
        return [each for each in self.units if each.kind == kind]


class Way(NamedTuple):
    """A phrase between two units, and the name of the rule that it is."""

    rule: str
    form: str

    @property
    def phrase(self) -> re.Pattern[str]:
        return _compiled(self.form)


# When first asked for: all of them take 30 ms, a third of what it costs to import kg.
_compiled = cache(re.compile)


# -- the phrases -----------------------------------------------------------------------------------

_JOINS = (
    "of|in|on|for|to|with|by|from|at|as|and|or|but|is|was|are|were|be|been|has|have|had|that|which|who|while|when|where|into|about|through|than|like"
)
_WORD = rf"(?!(?:{_JOINS})\b)[a-z0-9][\w-]*"
_ADJECTIVES = rf"(?:{_WORD}\s){{0,4}}"
_A = r"(?:[Tt]he\s|an?\s|both\s)?"
_NOUN = rf"(?:\s(?!outside\b){_WORD})?(?:\s{CUE})?"
_WHEN = r"(?:\s(?:in|since)\s(?:[A-Z]?\w+\s)?\d{4})?"
_HELPERS = r"(?:\s(?:has|have|had|is|are|was|were|been|being|be|also|already|then|first|later|together|jointly|it|they|will|can|who|that|which|[a-z]+ly)){0,4}"
_FORM = r"(?:e|es|ed|s|d|ing|ning|ned|t|ting|ied|ies|ying)?"
MAKES = (
    r"(?:launch|creat|develop|establish|run|led|lead|publish|organi[sz]|host|design|buil[dt]|introduc|found|operat|manag|issu|own|maintain|start|initiat"
    rf"|produc|coordinat|offer|sets?|deliver|releas|unveil|held|hold|enact|pioneer|spearhead|conven|curat|announc|present){_FORM}(?:\sup|\sout)?"
)
"""Who does this to an initiative leads it."""
_USES = (
    rf"(?:us|implement|pilot|test|trial|appl|pass|translat|roll|adopt|adapt|embrac|hav|has|had|integrat|replicat|conduct|work|invest|promot){_FORM}"
    r"(?:\s(?:out|in|on|with|about))?"
)
_OFFICE = (
    r"(?:government|authorities|ministry|parliament|administration|presidency|state|city|cities|municipality|municipalities|agency|agencies|"
    r"public\s(?:sector|administration|service)|civil\sservice|federal\sgovernment|national\sgovernment)"
)
_ITS_OFFICE = rf"(?:(?:['’]s?)?\s(?:{_WORD}\s){{0,2}}?{_OFFICE}(?:['’]s?\s{_OFFICE})?)?"
_ITS_TEAM = r"(?:['’]s?\s(?:[\w-]+\s){0,3}(?:team|unit|department|lab|office|division|directorate))?"
_ASIDE = r"(?:,\s[^,.;:]{3,90},)?"
_OBJECT = (
    r"(?:\s(?!(?:by|from|that|which|who|where|when|while|but)\b)[a-z0-9][\w’'-]*){0,8}?(?:,?\s(?:called|named|titled|dubbed|such\sas|like|including))?"
    r"(?:\s(?:the|its|their|a|an)(?:\s(?:[a-z-]+|\d{4})){0,3})?\s"
)
_CALLED = r",?\s(?:on|called|named|titled|dubbed|such\sas|like|including)\s(?:the\s)?"
_NO_HELP = r"(?!(?:support|fund|financ|back|sponsor|help|inspir|follow|evaluat|recogni|award|prais|endors|partner|collaborat)\w*\s)"
_ROLE = (
    r"(?:[Dd]irector|[Mm]inister|[Hh]ead|[Ff]ounder|[Cc]o-founder|CEO|[Cc]hief|[Pp]resident|[Ss]ecretary|[Pp]rofessor|[Ee]xpert|[Aa]nalyst|[Mm]anager|"
    r"[Ll]ead(?:er)?|[Aa]dvis[eo]r|[Rr]esearcher|[Ss]pecialist|[Cc]hair|[Cc]ommissioner|[Oo]fficer)"
)
_LEADS = r"(?:led|leads|heads|headed|runs|founded|co-founded|directs|directed|chairs|chaired|joined)"


WAYS: dict[tuple[str, str], tuple[Way, ...]] = {
    ("country", "initiative"): (
        Way("owner", rf"['’]s?\s{_ADJECTIVES}"),
        Way("owner", rf"(?:['’]s?)?\s{_OFFICE}['’]s?\s{_ADJECTIVES}"),
        Way("owner", rf"['’]s?\s(?:{_WORD}\s){{0,3}}{CUE}{_CALLED}"),
        Way("adjective", rf"\s{_ADJECTIVES}"),
        Way("does", rf"{_ITS_OFFICE}{_ASIDE},?{_HELPERS}\s{MAKES}{_OBJECT}"),
        Way("uses", rf"{_ITS_OFFICE}{_ASIDE},?{_HELPERS}\s{_USES}{_OBJECT}"),
    ),
    ("initiative", "country"): (
        Way("place", rf"{_NOUN}\s(?:in|from|across|throughout|of|for)\s{_A}"),
        Way("done", rf"(?:\s{CUE})?,?{_HELPERS}\s[a-z]+(?:ed|ied|lt|un)(?:\sand\s\w+ed)?{_WHEN}\s(?:in|across|by|throughout|within)\s{_A}"),
        Way("with", rf"{_NOUN},?\s(?:in\s(?:collaboration|partnership|cooperation)|together|jointly)\swith\s{_A}"),
        Way("is", rf"(?:\s{CUE})?\s(?:is|was|are|became|remains)\s{_A}(?:first\s|one\sof\s)?"),
        Way("is", rf"(?:\s{CUE})?,\s{_A}(?:{_WORD}\s){{0,3}}"),
        Way("done", rf"(?:\s{CUE})?,\s{_A}(?:{_NO_HELP}[\w-]+\s){{1,6}}(?:in|from|of|by|across)\s{_A}"),
        Way("brackets", r"(?:\s[a-z]+)?\s\((?:in\s|from\s)?"),
    ),
    ("organisation", "initiative"): (
        Way("lead-owner", rf"['’]s?\s{_ADJECTIVES}"),
        Way("lead-owner", r"\s"),
        Way("lead-owner", rf"['’]s?\s(?:{_WORD}\s){{0,3}}{CUE}{_CALLED}"),
        Way("lead-does", rf"{_ITS_TEAM}{_ASIDE},?{_HELPERS}\s{MAKES}{_OBJECT}"),
        Way("lead-its", r"\s[^.;:()]{1,80}\sits\s(?:own\s|new\s|first\s)?"),
    ),
    ("initiative", "organisation"): (
        Way("lead-by", rf"(?:\s{_WORD}){{0,2}},?{_HELPERS}(?:\san?|\sthe)?(?:\s[a-z-]+)?\s{MAKES}(?:\sand\s\w+)?{_WHEN}\sby\s{_A}"),
        Way("lead-by", rf"(?:\s{_WORD}){{0,2}},\s(?:{_NO_HELP}[\w-]+\s){{1,8}}?(?:{MAKES}\sby|by|from|of|at)\s{_A}"),
        Way("lead-of", rf"{_NOUN}\s(?:by|from|of|at)\s{_A}"),
        Way("lead-brackets", r"(?:\s[a-z]+)?\s\((?:by\s)?"),
    ),
    ("country", "organisation"): (
        Way("home-owner", rf"(?:['’]s?)?\s{_ADJECTIVES}"),
        Way("home-among", rf"\s{_WORD}(?:\s{_WORD})?,?\s(?:including|such\sas|like)\s{_A}"),
        Way("home-brackets", rf"\s\({_A}"),
    ),
    ("organisation", "country"): (
        Way("home-place", rf"\s(?:in|of|from)\s{_A}"),
        Way("home-brackets", r"\s\("),
        Way("home-is", rf"(?:,|\sis|\swas)\s{_A}"),
    ),
    ("person", "organisation"): (
        Way("job-of", rf"\s(?:from|of|at|with)\s{_A}"),
        Way("job-role", rf",\s(?:an?\s|the\s)?(?:[\w'’/&-]+\s){{1,12}}?(?:of|at|for|from|in|with)\s{_A}"),
        Way("job-role", rf"\s(?:is|was)\s(?:an?\s|the\s)?(?:[\w'’/&-]+\s){{1,8}}?(?:of|at|for|from|in)\s{_A}"),
        Way("job-role", rf"\s(?:[\w-]+\s){{0,10}}?{_LEADS}\s{_A}"),
        Way("job-brackets", rf"\s\((?:[^()]{{0,60}}?(?:of|at|from|for|,)\s{_A})?"),
        Way("job-comma", rf",\s{_A}"),
        Way("job-team", rf"['’]s?\s(?:[\w-]+\s){{1,3}}(?:at|in|from|of)\s{_A}"),
    ),
    ("organisation", "person"): (
        Way("job-title", r"['’]s?\s(?:[\w-]+\s){0,5}"),
        Way("job-title", rf"\s(?:[\w-]+\s){{0,3}}{_ROLE},?\s(?:[\w-]+\s){{0,2}}"),
    ),
}
"""By the kinds of the unit before and the unit after; the first phrase that fits is the rule."""

SUBJECT = {
    frozenset(("initiative", "country")): "initiative",
    frozenset(("organisation", "country")): "organisation",
    frozenset(("initiative", "organisation")): "initiative",
    frozenset(("person", "organisation")): "person",
}
"""Which of two kinds is the subject of what is said of both."""
LONGEST = 160
"""characters between two units that a phrase can have"""


# -- from mentions to units ------------------------------------------------------------------------

_KINDS = 4
"""names that may have the same place, one of each kind"""
_BRACKETS = pattern(r"\s\([^()]{1,60}\)")
_YEARS = pattern(r"\s\([\d\s,–/-]{1,12}\)")
_LIST = pattern(r"(?:,|,?\s(?:and|or|as\swell\sas|&)|\s?/)\s?(?:the\s|its\s|an?\s)?")


def words(text: str, things: Sequence[Thing]) -> Words:
    """Make a row of units of the things that a text names."""
    if not things:
        return Words(text, ())
    outer: list[Thing] = []
    inside: list[tuple[Thing, Thing]] = []
    for each in sorted((one for one in things if one.mention.kind != "theme"), key=lambda one: (one.start, -one.end)):
        around = [one for one in outer[-_KINDS:] if each.end <= one.end and (each.start, each.end) != (one.start, one.end)]
        if around and each.mention.kind == "person":
            outer.remove(around[0])  # a longer name that holds a person's is none
            outer.append(each)
        elif around:
            inside += [(each, one) for one in around]
        else:
            outer.append(each)
    return Words(text, tuple(_units(text, outer)), tuple(inside), tuple(each for each in things if each.mention.kind == "theme"))


def _units(text: str, things: list[Thing]) -> list[Unit]:
    units: list[Unit] = []
    for place, each in enumerate(things):
        start, end = _wide(text, each, things[place + 1 : place + 9])
        same = next((one for one in reversed(units) if one.kind == each.mention.kind), None)
        if same and each.start < same.end:
            continue  # the short form in the brackets after the name
        if same and same is units[-1] and _LIST.fullmatch(text, same.end, start):
            units[-1] = Unit(same.kind, (*same.things, each), same.start, end)
        else:
            units.append(Unit(each.mention.kind, (each,), start, end))
    return units


def _wide(text: str, thing: Thing, rest: Sequence[Thing]) -> tuple[int, int]:
    """Give where a name begins and ends with its quotation marks, and brackets that name nothing else."""
    start, end = thing.start, thing.end
    if start and text[start - 1] in '"“':
        start -= 1
    if text[end : end + 1] in ('"', "”"):
        end += 1
    elif text[end : end + 2] in (',"', ",”", '."', ".”"):
        end += 2
    match = (_BRACKETS if thing.mention.kind in ("initiative", "organisation") else _YEARS).match(text, end)
    if match and all(each.mention.key == thing.mention.key or not match.start() < each.start < match.end() for each in rest):
        end = match.end()
    return start, end


# -- which units belong together -------------------------------------------------------------------

_ADJECTIVE = frozenset(("demonym", "abbreviation"))
_OWNS = ("'s", "’s", "' ", "’ ")
_LONGER_NAME = pattern(r"(?<=[a-z]\s)[A-Z][\w-]*\s(?:of\s)?$")


def joined(row: Words) -> Iterator[tuple[Thing, Thing, str]]:
    """List which things of a row belong together: subject, object and rule."""
    for place, left in enumerate(row.units):
        for right in row.units[place + 1 : place + 5]:
            ways = WAYS.get((left.kind, right.kind))
            if ways and 0 <= right.start - left.end <= LONGEST:
                way = next(
                    (each for each in ways if each.phrase.fullmatch(row.text, left.end, right.start) and _fits(each.rule, row.text, left, right)),
                    None,
                )
                if way and (way.rule != "job-title" or right is row.units[place + 1]):
                    yield from pairs(left, right, way.rule, owned=row.text[left.end] in "'’")


def pairs(left: Unit, right: Unit, rule: str, *, owned: bool = False) -> Iterator[tuple[Thing, Thing, str]]:
    """Give every pair of two units, the subject first; of several names only the last can be an owner's."""
    turned = left.kind != SUBJECT[frozenset((left.kind, right.kind))]
    for one in left.things[-1:] if owned else left.things:
        for other in right.things:
            yield (other, one, rule) if turned else (one, other, rule)


def _fits(rule: str, text: str, left: Unit, right: Unit) -> bool:
    """Say whether what stands around the two lets the phrase mean what the rule says."""
    after = text[right.end : right.end + 2]
    first, last = left.things[-1].mention, right.things[0].mention
    match rule:
        case "adjective":
            return first.rule in _ADJECTIVE
        case "home-owner":
            return text[left.end] in "'’" or first.rule in _ADJECTIVE
        case "is" | "home-is":
            return last.rule == "demonym" or after in _OWNS or (last.rule == "abbreviation" and after[1:].islower())
        case "place" | "home-place" | "done" | "with":
            return after not in _OWNS and last.rule != "demonym" and not in_longer_name(text, right)
        case "lead-its":
            return left.start < 5  # the nearest body before "its" need not be the one that it means
        case _:
            return not rule.endswith("brackets") or after[:1] in ("),;")


def in_longer_name(text: str, unit: Unit) -> bool:
    """Say whether a word in capitals before or after a country makes one name of both, though nobody found that name."""
    return bool(_LONGER_NAME.search(text, max(0, unit.start - 40), unit.start)) or (
        text[unit.end : unit.end + 1] == " " and text[unit.end + 1 : unit.end + 2].isupper()
    )
