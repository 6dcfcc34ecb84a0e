"""Organisations: ministries, agencies, universities, companies, and whoever else acts under a name of its own.

What a body is stands in most names of bodies (its head: Ministry, Agency, Bank); the name is then what
its capitals reach. Others show by what is said of them: who leads, who is employed, who works with whom.

    known         the UN; World Bank: bodies that all the world calls so
    headed        the Harbour Agency; the Ministry of Tides, Winds and Rain
    unit          the Tides Lab; the Harbour Team: heads that also mean other things
    government    the Government of Wales; the Welsh Government
    company       Tidemark Ltd; Seawall GmbH
    foreign       Ministério das Marés; Laboratorio de Puertos
    titled        ### Harbour Agency, Wales: a head in a heading or a label
    acronym       the Harbour Agency (HAG); Tidemark (Norway's Harbour Agency)
    national      Harbours Finland: a name that ends in its country
    described     Tidemark, Norway's tide agency; the start-up Tidemark
    staff         the director of Tidemark; Tidemark's director; Ada Quill from Tidemark
    partner       together with Tidemark and Seawall
    agent         led by Tidemark
    acts          Tidemark launched
    letters       HAG's experts; HAG recommends: an acronym that acts
    again         a name of the note, wherever else it stands in it
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.countries import places
from kg.extract import Placed, normal
from kg.extract.capitals import CALENDAR, CAPITAL, STARTS, WORD, bare, derived, national, usual, wordset
from kg.extract.heads import HEADS, NEXT_WORD, SORTS, Word, acronym, national_body, with_head, words_before
from kg.extract.lazily import pattern
from kg.extract.nouns import CUE, stands_for
from kg.extract.page import Name, Page, page, placed, plain
from kg.extract.people import GIVEN, ROLES, TITLES
from kg.model import Document, Mention

CONFIDENCE = {
    "known": 0.97,
    "headed": 0.93,
    "unit": 0.85,
    "government": 0.87,
    "company": 0.8,
    "foreign": 0.87,
    "titled": 0.92,
    "acronym": 0.9,
    "national": 0.7,
    "described": 0.9,
    "staff": 0.8,
    "partner": 0.75,
    "agent": 0.8,
    "acts": 0.7,
    "letters": 0.75,
    "again": 0.9,
}
"""Precision of each rule, on annotated notes and by reading a sample of what it finds in others, whichever is lower.

``acronym`` and ``again`` are as good as the name they repeat.
"""

_WORLD = (
    "OECD = Organisation for Economic Co-operation and Development = Organization for Economic Cooperation and Development"
    " = Organisation for Economic Cooperation and Development; "
    "United Nations = UN; World Bank = World Bank Group; World Health Organization = World Health Organisation = WHO; "
    "UNDP = United Nations Development Programme; UNICEF = United Nations Children's Fund; UNESCO; UNEP; UNHCR; UNFPA; UNIDO; UNCTAD; UN-Habitat; UN Women; "
    "International Monetary Fund = IMF; World Trade Organization = World Trade Organisation = WTO; World Intellectual Property Organization = WIPO; "
    "International Labour Organization = International Labour Organisation = ILO; International Civil Aviation Organization = ICAO; FAO; ITU; IAEA; "
    "NATO; OSCE; ASEAN; African Union; Council of Europe; World Economic Forum = WEF; Interpol; Red Cross; International Energy Agency = IEA; "
    "Inter-American Development Bank; Asian Development Bank; African Development Bank; European Union = EU; European Commission = EU Commission; "
    "European Parliament; European Council; Council of the European Union; European Central Bank = ECB; European Investment Bank = EIB; "
    "Joint Research Centre = Joint Research Center = JRC; European Space Agency = ESA; NASA; Massachusetts Institute of Technology = MIT; "
    "USAID; GIZ; National Health Service = NHS; Greenpeace; Oxfam; Amnesty International; Wikimedia Foundation"
)
_TRADE = (
    "Google; Microsoft; Amazon; Apple; IBM; Intel; Facebook; Twitter; OpenAI; Nvidia; Siemens; Samsung; Sony; Nokia; Toyota; Airbus; Boeing; Uber; Airbnb; "
    "Netflix; Deloitte; KPMG; PwC; Accenture; McKinsey = McKinsey & Company"
)
_KNOWN = {name: normal(group.split(" = ")[0]) for group in f"{_WORLD}; {_TRADE}".split("; ") for name in group.split(" = ")}
"""Bodies that all the world calls so; names joined by = share the key of the first."""
_COMPANIES = frozenset(_TRADE.replace(" = ", "; ").split("; "))
_FIRST: dict[str, list[str]] = {}
for _name in sorted(_KNOWN, key=len, reverse=True):
    _FIRST.setdefault(re.findall(r"[\w-]+", _name)[0], []).append(_name)

_EVERYDAY = wordset(
    "Academia Africa Africans AI America Americans API APIs Asia ATM Blockchain Britain CEO CEOs CIO CO2 COVID COVID19 COVID-19 CSO CSOs CSV CTO DNA Earth England EU Europe Europeans FAQ Flanders GDP GDPR GPS HIV HR HTML I ICT ICU ID IDs "
    "Internet IoT IP IT KPI KPIs LLM LLMs MP MPs NGO NGOs OK PC PDF PhD PPE QA QR R&D RCT RCTs SARS Scotland SDG SDGs SME SMEs SMS STEM TV UAE UK US USA VR Wales"
)
"""Acronyms and places that act in sentences and are no bodies."""
_THINGS = wordset(
    "act agenda app award campaign challenge conference convention curriculum dashboard declaration directive event exercise framework guide handbook horizon index initiative kit law method mission "
    "model navigator outlook pact plan platform playbook policy portal principle prize process program programme project recommendation regulation report review roadmap sandbox strategy summit survey "
    "system tool toolkit tracker website week workshop"
)
_CAPITALS = pattern(rf"[{CAPITAL}](?<![\w-].)\w*(?:-\w+)*")


def known_names() -> frozenset[str]:
    """Give the names of bodies that are known beforehand, since all the world calls them so.

    >>> "World Bank" in known_names()
    True
    """
    return frozenset(_KNOWN)


class Organisations:
    """The extractor of organisations."""

    name = "organisations"
    version = "2"
    kinds = ("organisation",)
    confidence = CONFIDENCE

    def survey(self, document: Document) -> list[Placed]:
        """List the organisations that a note names.

        >>> from kg import markdown
        >>> from kg.model import Note
        >>> read = markdown.read(Note("a.md", "The Ministry of Tides and the UN", ""))
        >>> [(each.mention.surface, each.mention.rule) for each in Organisations().survey(read)]
        [('Ministry of Tides', 'headed'), ('UN', 'known')]
        """
        return _survey(page(document))

    def find(self, text: str) -> list[Mention]:
        """List the organisations that running text names.

        >>> [mention.surface for mention in Organisations().find("The Ministry of Tides and the UN")]
        ['Ministry of Tides', 'UN']
        """
        return [each.mention for each in _survey(plain(text))]


def _survey(on: Page) -> list[Placed]:
    return placed(on, "organisation", _found(on), CONFIDENCE, _KNOWN)


def _found(on: Page) -> Iterator[Name]:
    """Look at every word in capitals: what it is, what stands before it, what comes after it."""
    text, known = on.text, _sorts()
    for match in _CAPITALS.finditer(text):
        word = match[0]
        start, end = match.span()
        if word in known:
            yield from _named(on, Word(word, start, end), known[word])
        elif "Lab" in word and _LAB.fullmatch(word):
            yield Name(start, end, "unit")
        near = text[start - 4 : start]
        if near in _NEAR or (near == "the " and text[start - 8 : start - 4] in _NEAR):
            rule = _introduced(text, start)
            if rule and not on.titled(start):
                yield from _candidates(text, start, rule)
        after = text[end : end + 4]
        if after in _NEXT or after[:2] in _MARKS:
            rule = _goes_with(text, word, end)
            if rule and not on.titled(start):
                yield from _subject(on, start, end, rule)


# A lab whose name is one word: MindLab, LabZero.
_LAB = pattern(r"[A-Z][a-z]+Lab[A-Z]?|Lab[A-Z]\w*")


@lru_cache(maxsize=1)
def _sorts() -> dict[str, str]:
    """Give the words that are looked at for their own sake, and why; a word can be both a head and the first of a known name."""
    return {**dict.fromkeys(places(), "country"), **HEADS, **dict.fromkeys(_FIRST, "known")}


def _named(on: Page, word: Word, sort: str) -> Iterator[Name]:
    if sort == "known":
        yield from _known(on.text, word.start, word.text)
        sort = HEADS.get(word.text, "")
    if sort == "country":
        name = national_body(on, word) if _joined(on.text, word.start) else None
        if name:
            yield name
    elif sort:
        yield from _headed(on, word)


def _joined(text: str, start: int) -> bool:
    """Say whether a word in capitals stands right before a position."""
    before = text[max(0, start - 30) : start]
    return before[-1:] == " " and "".join(before.split()[-1:])[:1].isupper()


# -- known names and heads -------------------------------------------------------------------------


def _known(text: str, start: int, word: str) -> Iterator[Name]:
    for name in _FIRST[word]:
        end = start + len(name)
        if text.startswith(name, start) and not _goes_on(text, end):
            # Of a company, what follows in capitals is one of its products.
            if not (name in _COMPANIES and NEXT_WORD.match(text, end)):
                yield Name(start, end, "known")
            return


def _goes_on(text: str, end: int) -> bool:
    following = text[end : end + 1]
    return following.isalnum() or following == "_" or (following == "-" and text[end + 1 : end + 2].isalnum())


def _headed(on: Page, head: Word) -> Iterator[Name]:
    text = on.text
    name = with_head(on, head, HEADS[head.text])
    if not name:
        return
    yield name
    yield from acronym(text, name)
    short = _SHORT.search(text, max(0, name.start - 40), name.start)
    if (
        not short
        or text[name.end : name.end + 1] != ")"
        or _joined(text, short.start(1))
        or short[1] in places()
        or short[1] in _EVERYDAY
        or _thing(short[1])
        or not _proper(text, [short[1]], "acronym")
    ):
        return
    long = text[name.start : name.end]
    capitals = short[1].isupper()
    yield Name(short.start(1), short.end(1), "acronym", long if capitals else "")
    yield Name(name.start, name.end, "acronym", "" if capitals else short[1])


# One word before a name in parentheses is the short form of it, unless another word in capitals stands before that.
_SHORT = pattern(rf"(?<![\w-])([{CAPITAL}][\w-]+)[ \n]\((?:the[ \n]|{WORD}['’]s[ \n])?$")


# -- names that act --------------------------------------------------------------------------------

_DONE = wordset(
    "administered built commissioned conducted convened coordinated created designed developed established financed founded funded hosted implemented initiated introduced "
    "launched led managed operated organised organized overseen owned produced provided published run spearheaded sponsored supported"
)
_WITH = wordset(
    "alongside closely collaborate collaborated collaborates collaborating collaboration collaborations conjunction contract cooperation partner partnered partnering partners partnership partnerships "
    "teamed together up work worked working works"
)
_STAFF = wordset(
    "adviser advisor analyst chair chairman chairperson chief co-director co-founder colleague colleagues coordinator curator deputy director economist employee employees engineer "
    "executive expert experts founder founders head headquarters leader lecturer lead manager member members membership officer president professor representative representatives researcher "
    "researchers scientist scientists secretary specialist spokesperson staff strategist team teams vice-president ceo"
)
_HEADS_OF = wordset(
    "ceo chair chairman chairperson co-director co-founder coordinator director founder founders head member members membership president"
)
_BODIES = wordset(
    "agency agencies association authority bank charity company companies consultancy corporation firm firms foundation institute institutes institution institutions laboratory ministry "
    "NGO NGOs non-profit nonprofit organisation organisations organization organizations regulator start-up start-ups startup startups tank tanks university universities"
)
_LIKE = wordset("called named like as including")
_NEAR = frozenset(f" {each} "[-4:] for each in [*_BODIES, *_LIKE, "by", "with", "at", "from", "of", "joined", "joining"])
"""The four characters before a capital that are worth a look at the words before it."""


def _introduced(text: str, start: int) -> str:
    """Name the rule that lets the words before a name make it one."""
    words = text[max(0, start - 40) : start].split()
    if start > 40:
        words = words[1:]
    if words and words[-1] == "the":
        words.pop()
    if len(words) < 2:
        return ""
    last, other = words[-1], words[-2].casefold().lstrip("(")
    if last == "by":
        return "agent" if other in _DONE else ""
    if last == "with":
        return "partner" if other in _WITH else ""
    if last in ("at", "from", "of"):
        if last == "of" and other in _HEADS_OF:
            return "head"
        if last != "of" and other in _STAFF:
            return "staff"
        return "staff" if len(words) > 2 and words[-3] in GIVEN and words[-2][0].isupper() else ""
    if last.rstrip(",") in _BODIES:
        return "described"
    if last in _LIKE:
        return "like" if other.rstrip(",") in _BODIES or (last == "as" and words[-3:-2] and words[-3].rstrip(",").casefold() in _BODIES) else ""
    return "partner" if last in ("joined", "joining") else ""


_VERBS = "collaborated|collaborates|commissioned|created|developed|employs|founded|funded|funds|hosted|hosts|introduced|launched|organises|organizes|organised|organized|partnered|published"
_ACTS = pattern(rf"[ \n](?:(?:has|have|had)[ \n](?:also[ \n]|recently[ \n]|since[ \n])?)?(?:{_VERBS})\b(?![ \n](?:at|by|for|in|to)\b)")
_DECIDES = pattern(
    r"[ \n](?:(?:has|also)[ \n])?(?:argues|advises|advised|conducts|emphasi[sz]es|employs|found|highlights|recognised|recognized|recommends|recommended|urges|worked)[ \n]"
)
_OWNS = pattern(
    r"['’]s?[ \n](?:\w+[ \n])?(?:director|ceo|CEO|team|staff|headquarters|employees|founder|head|president|board|researchers|experts|colleagues)\b"
)
_SORT = (
    r"(?:(?!(?:at|by|for|from|in|of|on|to|with)\b)[\w'’-]+[ \n]){0,5}"
    r"(?:agency|association|authority|bank|body|charity|company|consultancy|corporation|firm|foundation|institute|institution|laboratory|ministry|NGO|non-?profit|organi[sz]ation|regulator|start-?up"
    r"|think[ -]tank|university|unit|lab|department|cent(?:er|re)|council)\b(?![ \n](?!an?\b|and\b|at\b|based\b|by\b|dedicated\b|for\b|from\b|in\b|of\b|on\b|responsible\b|that\b|to\b|under\b|which\b|with\b|within\b)[a-z])"
)
_STANDS = pattern(
    rf"(?:[ \n]\([^()\n]{{2,12}}\))?(?:,[ \n](?:based|headquartered)[ \n](?:at|in)\b|(?:,[ \n](?:an?|the|its|{WORD}['’]s?)[ \n]|[ \n](?:is|was)[ \n](?:an?|the|{WORD}['’]s)[ \n]|[ \n]\((?:an?[ \n]|the[ \n]|{WORD}['’]s[ \n])?){_SORT})"
)
_STANDS_CAPITAL = pattern(
    rf",[ \n](?:the|{WORD}['’]s?)[ \n](?:{WORD}['’]s[ \n])?(?:[\w-]+[ \n]){{0,3}}(?:Agency|Authority|Company|Institute|Ministry|Regulator)\b(?![ \n][{CAPITAL}])"
)
_NEXT = frozenset(
    f" {each}"[:4]
    for each in [
        *_VERBS.split("|"),
        "has ",
        "have",
        "had ",
        "is ",
        "was ",
        "(",
        "(a ",
        "(the",
        "also",
        "argues",
        "advise",
        "conducts",
        "emphasi",
        "found",
        "highlig",
        "recom",
        "urges",
        "worked",
    ]
)
_MARKS = frozenset([", ", " (", "'s", "’s", "' ", "’ "])


def _goes_with(text: str, word: str, end: int) -> str:
    """Name the rule that lets the words after a name make it one."""
    if _STANDS.match(text, end):
        return "described"
    if _OWNS.match(text, end):
        return "owner"
    if _ACTS.match(text, end):
        return "acts"
    if _STANDS_CAPITAL.match(text, end) and not _joined(text, end - len(word)):
        return "described"
    if len(word) > 2 and not word[1:].islower() and text.startswith(("'s ", "’s "), end):
        return "letters"
    if word.isupper() and len(word) > 2 and _DECIDES.match(text, end):
        return "letters"
    return ""


def _subject(on: Page, start: int, end: int, rule: str) -> Iterator[Name]:
    """Give the name that what comes after it makes one, and what it is short for."""
    text = on.text
    edge = max(on.edge(start), start - _REACH)
    run = _RUN_BEFORE.search(text, edge, start)
    start, end = _cut(text, run.start() if run else start, end)
    if not _candidate(text, start, end, rule):
        return
    short = text[start:end]
    long = _long(on, short) if short.isupper() else None
    if long and not _stands_for_body(text, long):
        return
    yield Name(start, end, _RULE.get(rule, rule), text[long.start : long.end] if long else "")
    if long:
        yield long


def _long(on: Page, short: str) -> Name | None:
    """Find what an acronym stands for, where the note says so: Statistics and Tides Office (STO)."""
    at = on.text.find(f" ({short})")
    if at > 0:
        for word in words_before(on, Word("", at + 1, at + 1)):
            if stands_for(short, on.text[word.start : at]):
                return Name(word.start, at, "acronym")
    return None


def _stands_for_body(text: str, long: Name) -> bool:
    """Say whether a long form is that of a body: it has a head, or ends in its country."""
    words = text[long.start : long.end].split()
    return words[-1] in places() or any(each in HEADS for each in words)


def _candidates(text: str, start: int, rule: str) -> Iterator[Name]:
    """List the names that begin at a position and those joined to them."""
    if rule == "head" and _FIELD.match(text, start):
        return
    for _ in range(6):
        run = _RUN.match(text, start)
        if not run:
            return
        begin, end = _cut(text, start, _run_end(run))
        if _candidate(text, begin, end, rule) and (rule == "like" or not _MORE.match(text, end)):
            yield Name(begin, end, _RULE.get(rule, rule))
        joint = _JOINT.match(text, end)
        if not joint:
            return
        start = joint.end()


_RULE = {"head": "staff", "owner": "staff", "like": "described"}
# Of what somebody is the head at a body is not the body: Director of Tides at Tidemark.
_FIELD = pattern(rf"{WORD}(?:,?[ \n](?:of|for|and|&|{WORD})){{0,6}}[ \n](?:at|within|for|in[ \n]the)[ \n]")
_RUN_BEFORE = pattern(
    rf"(?<![\w-])(?!(?:{'|'.join(sorted(STARTS))})\b)[{CAPITAL}][\w-]*(?: (?:(?:of|for|de|do|da|&) )?(?!(?:{'|'.join(sorted(STARTS))})\b)[{CAPITAL}][\w-]*)* (?:(?:of|for|de|do|da|&) )?$"
)
_REACH = 60
"""characters before the last word of a name that it may begin in"""
_RUN = pattern(rf"{WORD}(?:[ \n](?:(?:of|for|de|do|da|&)[ \n])?{WORD}){{0,5}}")
_JOINT = pattern(rf"(?:,[ \n](?:and[ \n])?|[ \n]and[ \n])(?:the[ \n])?(?=[{CAPITAL}])")
_MORE = pattern(
    r"[ \n](?!(?:after|also|among|an?|and|are|as|at|because|before|but|by|can|during|for|from|had|has|have|in|into|is|it|of|on|or|over|since|so|that|the|through|to|under|until|using|via|was|were|when|where"
    r"|which|while|who|will|with|within)\b)[a-z]"
)
_THING_AFTER = pattern(rf"[ \n](?:(?!in\b|and\b|to\b|is\b|as\b|has\b|on\b|at\b)[a-z-]+[ \n])?{CUE}\b")


def _run_end(run: re.Match[str]) -> int:
    end = run.start()
    for token in re.finditer(WORD, run[0]):
        if token[0] in STARTS and end > run.start():
            break
        end = run.start() + token.start() + len(bare(token[0]))
        if end < run.start() + token.end():
            break
    return end


def _cut(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out what only says what comes next: OECD HAG, the Swedish Harbour Agency Tidemark."""
    words = list(re.finditer(r"\S+", text[start:end]))
    for at in range(len(words) - 2, -1, -1):
        word = words[at][0]
        if (word in HEADS and at > 0) or (word in _KNOWN and len(words) == 2):
            return start + words[at + 1].start(), end
    return start, end


def _candidate(text: str, start: int, end: int, rule: str) -> bool:
    """Say whether a name may be that of a body: no place, no programme, no person, no word that merely begins a sentence."""
    name = text[start:end]
    if not name[0].isupper() or "\n" in name or "/" in name or name in _EVERYDAY or name in places():
        return False
    if text[start - 1 : start] in ('"', "“", "-", "/", "#") or _THING_AFTER.match(text, end):
        return False
    spelt = name.split()
    return not _other(spelt, rule) and _proper(text, spelt, rule)


def _other(name: list[str], rule: str) -> bool:
    """Say whether the words of a name are those of something else than a body, or of one that its head tells."""
    first, last = name[0], name[-1]
    if first in CALENDAR or first in HEADS or last in HEADS or first in GIVEN or (first in places() and len(name) < 3) or _demonym(last):
        return True
    if any(word in TITLES or word.casefold() in ROLES for word in name) or (last in _EVERYDAY and last.isupper()):
        return True
    # Who founded or heads a project leads a body of that name.
    return rule != "head" and (_thing(last) or first in STARTS)


def _proper(text: str, name: list[str], rule: str) -> bool:
    """Say whether a name has a word of its own; two that are words of nothing may well be a person's."""
    ordinary = [usual(text, word) or derived(word) or word.casefold() in SORTS or word in STARTS for word in name]
    if (
        len(name) == 2
        and rule in ("agent", "acts", "owner")
        and not any(ordinary)
        and all(word[1:].islower() for word in name)
        and name[1] not in places()
    ):
        return False
    return not all(ordinary)


def _demonym(word: str) -> bool:
    return national(word) and (word not in places() or places()[word].rule == "demonym")


def _thing(word: str) -> bool:
    low = word.casefold()
    return low in _THINGS or low.rstrip("s") in _THINGS
