"""Names of bodies by their heads: Ministry, Agency, Bank, and how far a name reaches around one.

To the left a name goes on over words in capitals, to the right over what the body is of:
the Harbour Agency; the Ministry of Tides, Winds and Rain; the Bank of Wales.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from kg.countries import ambiguous, places
from kg.extract.capitals import CAPITAL, INNER, STARTS, WORD, bare, derived, national, usual, wordset, wrapped
from kg.extract.lazily import pattern
from kg.extract.nouns import TASKS, opens_sentence, stands_for
from kg.extract.page import Name, Page

# A head says enough in running text, whatever stands before it.
_STRONG = (
    "Agency Association Authority Bank Bureau Cabinet Chamber College Commission Committee Consortium Council Court Department Directorate Directorate-General "
    "Federation Foundation Inspectorate Institute Institution Laboratory Ministry Municipality Observatory Office Organisation Organization Parliament "
    "Secretariat Senate University"
)
# These also mean other things: a passport service, a control group.
_WEAK = (
    "Academy Administration Alliance Assembly Board Branch Center Centre Company Corporation Corps Division Embassy Force Forum Fund Group Hospital Hub Lab Library "
    "Museum Network Partnership Police School Service Society Taskforce Team Treasury Unit"
)
_FOREIGN = (
    "Agence Agencia Agência Agenzia Asociación Associação Ayuntamiento Banca Banco Banque Bundesamt Bundesministerium Comisión Comissão Commune Comune Consejo "
    "Conselho Conseil Consiglio Câmara Diputación Département Escola Escuela Fondation Fondazione Fundación Fundação Generalitat Gobierno Gouvernement Governo "
    "Institut Instituto Istituto Junta Laboratoire Laboratorio Laboratório Ministère Ministerie Ministerio Ministerium Ministero Ministério Secretaria Secretaría "
    "Stiftung Tribunal Universidad Universidade Universitat Universiteit Università Universität Université École"
)
HEADS = {
    **dict.fromkeys(_STRONG.split(), "headed"),
    **dict.fromkeys(_WEAK.split(), "unit"),
    **dict.fromkeys(_FOREIGN.split(), "foreign"),
    **dict.fromkeys(wordset("AB AG BV Corp GmbH Inc LLC Ltd Oy PLC SA SpA"), "company"),
    "City": "city",
    "DG": "directorate",
    "Government": "government",
}
"""What a body may be, and by which rule a name with that word in it is one."""
# Heads whose names may list what they are for: Ministry of Health, Sport and Culture.
_LISTS = wordset("Ministry Department Directorate Secretariat Committee Agency Commission Council Office Institute Center Centre Association Bureau")
# In a heading these are as often a thing as a body: A Foundation for Trust, Organization of Content.
_DOUBTFUL_OF = wordset("Bank Foundation Institution Organisation Organization")
# There are more lessons and events of these names than bodies, unless they are of something or a nation's.
_TAUGHT = wordset("Academy School")
_ALONE = wordset("College Ministry Parliament University")
# The civil service and the public administration are all of those who serve.
_SERVICE = wordset("Administration Service")
_OF_ALL = wordset("Civil Customer Public")
_LEVELS = wordset("Local Regional State")
_CITY_OF = wordset("City Customs Revenue Space Tax")
SORTS = wordset(
    "advisory any better central civic civil collaborative control customer dedicated different digital diverse each editorial effective every expert federal government inclusive independent individual "
    "innovative internal international key large local main many modern more municipal national new open other own private public regional relevant responsible same sectoral single small smart social some "
    "specific state steering strong traditional user various working"
)
"""Words that only say of what sort a body is, so that they name none."""
_PARTICLES = wordset("al and bin da de del den der di do dos du e el la le of van von y &")
# Whose office or council it is; of anybody else the name is only what follows.
_HOLDER = pattern(
    r"(?:Minister|President|Premier|Commissioner|Governor|Mayor|Chancellor|Ombudsman|General|Officer|Auditor|Women|Children|Veterans|People"
    r"|Nurses|Citizens|Consumers|Owners|Teachers|Workers|King|Queen)(?:['’]s?|s['’])$"
)
_POSSESSIVE = pattern(r"['’]s|s['’]$")
_NEW = wordset("South York Zealand Delhi Jersey Hampshire Orleans Brunswick England Mexico Caledonia Haven")
_TOKEN = pattern(r"[^ \n]+")
_ONE = pattern(WORD)
_PHRASE = pattern(rf"{WORD}(?:[ \n]{WORD})*")
_OF = pattern(rf"[ \n](?:of|for|on|in(?=[ \n]Public))(?:[ \n](?:the|this))?[ \n](?=[{CAPITAL}])")
_DE = pattern(
    r"[ \n](?:(?:de|do|da|dos|das|del|des|du|di|della|dei|per|para|für|der|pour|van|voor|y|e|et|und)[ \n])?"
    rf"(?:(?:la|las|los|el|le|les|l['’])[ \n]?)?(?=[{CAPITAL}])"
)
NEXT_WORD = pattern(rf"[ \n](?=[{CAPITAL}])")
_AND = pattern(rf",?[ \n](?:and|&)[ \n](?:the[ \n])?(?=[{CAPITAL}])")
_COMMA = pattern(rf",[ \n](?=[{CAPITAL}])")
_ACRONYM = pattern(r"[ \n]\(([A-Z][A-Za-z0-9&-]{1,9})\)")
_EDGE_BEFORE = pattern(r"(?:^|[\x1d(:,–—-]|['’]s?|\b(?:[Tt]he|of|at|in|by|with|from|and|to))[ \n]*$")
_EDGE_AFTER = pattern(r"[ \n]*(?:$|[\x1d():,–—-]|['’]|(?:and|in|of|for|on|to|with|by|is|was|has)\b)")
_PLACE = pattern(rf"(?:,[ \n]|[ \n]\()((?:the )?{WORD}(?: {WORD})*)")
_ARTICLE = pattern(r"(?:\b[Tt]he|['’]s?|\b[Aa]t|\b[Bb]y|\b[Ff]rom)[ \n]$")
_REACH = 100
"""characters before a head that its name may begin in"""


class Word(NamedTuple):
    """A word of a page and where it stands."""

    text: str
    start: int
    end: int


class _Body(NamedTuple):
    """A head, the words of its name before it, and where the name ends."""

    head: Word
    sort: str
    before: list[Word]
    end: int

    @property
    def start(self) -> int:
        return self.before[0].start if self.before else self.head.start

    @property
    def long(self) -> bool:
        """Whether the name goes on after the head."""
        return self.end > self.head.end

    @property
    def proper(self) -> bool:
        """Whether a word before the head says more than of what sort the body is."""
        return any(not (each.text.casefold() in SORTS or each.text in _PARTICLES or each.text in HEADS) for each in self.before)

    @property
    def of_a_nation(self) -> bool:
        return bool(self.before) and national(self.before[0].text)

    def last(self, text: str) -> str:
        """Give the last word of the name."""
        return text[self.start : self.end].rpartition(" ")[2]


def with_head(on: Page, head: Word, sort: str) -> Name | None:
    """Give the name that a head belongs to, if it names one body."""
    titled = on.titled(head.start)
    # What a heading or a label names ends in it.
    text = on.text[: on.running[on.at(head.start)]] if titled else on.text
    if sort == "foreign":
        end = _foreign_end(text, head.end)
        return Name(head.start, end, sort) if end > head.end else None
    if sort == "directorate":
        return Name(head.start, _listed(text, head.end + 1, lists=True), "headed") if NEXT_WORD.match(text, head.end) else None
    before = words_before(on, head)
    if sort == "company":
        return Name(before[0].start, head.end, sort) if before and not (titled or derived(before[-1].text)) else None
    body = _Body(head, sort, before, _end(text, head))
    if body.end < 0 or not (before or body.long) or not _names_one(text, body, on.text, titled=titled):
        return None
    return Name(body.start, body.end, "titled" if titled else "headed" if sort == "city" else sort)


def _names_one(text: str, body: _Body, note: str, *, titled: bool) -> bool:
    """Say whether a name is that of one body, and not of a sort of them, of a place or of a thing."""
    if body.sort == "city":
        return body.long and not body.before and not usual(note, body.last(text))
    if body.sort == "government":
        return _governs(body, note, body.last(text))
    if not body.long and body.head.text in _SERVICE and body.before[-1].text in _OF_ALL:
        return False
    return _titled(text, body, note) if titled else _running(text, body)


def _governs(body: _Body, note: str, last: str) -> bool:
    """Say whether a government is one of a place: of Wales, Welsh, Western Cape."""
    before = [each.text for each in body.before]
    if body.long:
        return not usual(note, last) and (not before or national(before[0]) or before[0] in _LEVELS)
    if len(before) == 1:
        return national(before[0])
    return not any(usual(note, each) or derived(each) or each.casefold() in SORTS for each in before)


def _running(text: str, body: _Body) -> bool:
    """Say whether a head in running text names a body; one that means other things, too, needs a proper name."""
    quoted = text[body.start - 1 : body.start] in ('"', "“")
    if body.sort == "unit":
        return not quoted and (body.long or (body.proper and _is_unit(body)))
    return body.long or body.proper or bool(_ARTICLE.search(text, max(0, body.start - 8), body.start))


def _is_unit(body: _Body) -> bool:
    if body.head.text == "Force":
        return len(body.before) > 1 and body.before[-1].text == "Task"
    if body.head.text in _TAUGHT:
        return body.of_a_nation or body.before[0].text == "Royal" or body.before[-1].text == "Business"
    return True


def _titled(text: str, body: _Body, note: str) -> bool:
    """Say whether a head in a heading names a body: it is all of it, or a nation's, or of something."""
    if body.of_a_nation or (body.long and body.sort == "headed" and body.head.text not in _DOUBTFUL_OF):
        return True
    if not (_EDGE_BEFORE.search(text, max(0, body.start - 10), body.start) and _EDGE_AFTER.match(text, body.end)):
        return False
    if body.long:
        last = body.last(text)
        return last in places() or (body.sort == "headed" and not (usual(note, last) or derived(last)))
    if body.sort == "headed" and body.proper and (len(body.before) > 1 or body.head.text in _ALONE):
        return True
    if len(body.before) > 1 and body.before[-1].text in _CITY_OF:
        return True
    place = _PLACE.match(text, body.end)
    return bool(place and place[1] in places())


def words_before(on: Page, head: Word) -> list[Word]:
    """List the words in capitals that a name has before its head, with the small ones between them."""
    text, edge = on.text, max(on.edge(head.start), head.start - _REACH)
    found: list[Word] = []
    for token in _backwards(text, edge, head.start):
        first = _first(token, found)
        if first:
            found.insert(0, first)
        if first is not token:
            break
    while found and found[0].text in _PARTICLES:
        found.pop(0)
    return found


def _backwards(text: str, since: int, end: int) -> Iterator[Word]:
    """List the words that stand before a position, the nearest first, as far as the line goes."""
    while end - since > 1 and text[end - 1] in " \n":
        end -= 1
        if text[end] == "\n" and not wrapped(text, end):
            return
        gap = max(text.rfind(" ", since, end), text.rfind("\n", since, end))
        if gap < 0 and text[since - 1 : since].isalnum():
            return
        start = gap + 1 if gap >= 0 else since
        if start == end:
            return
        yield Word(text[start:end], start, end)
        end = start


def _first(token: Word, words: list[Word]) -> Word | None:
    """Give what of a token may stand before the words of a name found so far, if anything; the name begins there if it is not all."""
    word = token.text
    listing = any(each.text in ("and", "&") for each in words)
    if words and words[0].text in ("and", "&") and (word in places() or word.isupper() or word in HEADS):
        return None
    if word in ("and", "&"):
        return None if not words or listing or national(words[0].text) or words[0].text in ("National", "World") else token
    if word in _PARTICLES:
        return None if word in ("of", "e", "y") else token
    if word[-1] == ",":
        return token if listing and word[0].isupper() and word[:-1] not in places() else None
    if _POSSESSIVE.search(word):
        return token if _HOLDER.search(word) else None
    if not word[-1].isalnum() and (word[-1] != "." or len(word) > 4):
        return None
    if not word[0].isupper():
        return Word(word[1:], token.start + 1, token.end) if word[0] in "(\"“'‘" and word[1:2].isupper() else None
    if word in STARTS and not (word == "New" and words and words[0].text in _NEW):
        return None
    return token


def _end(text: str, head: Word) -> int:
    """Find where a name ends that its head does not end: Bank of England. -1 where the head is not a head: Bank Holiday."""
    end = head.end
    after = text[end : end + 1]
    if after in ("-", "/", "&", "_") or (after in ("'", "’") and text[end + 1 : end + 2] != "s"):
        return -1
    if NEXT_WORD.match(text, end):
        word = _ONE.match(text, end + 1)
        assert word
        ending = bare(word[0])
        if ending in places() and not NEXT_WORD.match(text, word.end()):
            return end + 1 + len(ending)
        return end if word[0] in INNER else -1
    for _ in range(3):
        of = _OF.match(text, end)
        if not of:
            break
        end = _listed(text, of.end(), lists=head.text in _LISTS)
        if text[end : end + 1] in ("'", "’"):
            break
    return end


def _listed(text: str, start: int, *, lists: bool) -> int:
    """Find the end of what a body is of: Health, or Health, Sport and Culture."""
    phrase = _PHRASE.match(text, start)
    assert phrase
    end = reach = _phrase_end(text, phrase)
    if not lists or text[end : end + 1] in ("'", "’"):
        return end
    for _ in range(5):
        joint = _AND.match(text, reach)
        if joint:
            other = _PHRASE.match(text, joint.end())
            return end if not other or _another(text, other) else _phrase_end(text, other)
        comma = _COMMA.match(text, reach)
        item = _PHRASE.match(text, comma.end()) if comma else None
        if not item or _another(text, item):
            return end
        reach = item.end()
    return end


def _phrase_end(text: str, phrase: re.Match[str]) -> int:
    """Cut a run of capitals after its first possessive, and before a word that begins another sentence."""
    end = phrase.start()
    for token in _ONE.finditer(text, phrase.start(), phrase.end()):
        if end > phrase.start() and token[0] in INNER:
            break
        end = token.start() + len(bare(token[0]))
        if end < token.end():
            break
    return end


def _another(text: str, phrase: re.Match[str]) -> bool:
    """Say whether what follows a comma or an "and" is a thing of its own rather than one more subject of a body."""
    words = phrase[0].split()
    first, last = words[0], words[-1]
    if national(bare(first)) or bare(first) != first or first.isupper():
        return True
    return last in HEADS and (len(words) > 1 or bool(_OF.match(text, phrase.end())))


def _foreign_end(text: str, end: int) -> int:
    for _ in range(6):
        joint = _DE.match(text, end)
        word = _ONE.match(text, joint.end()) if joint else None
        if not word or word[0] in STARTS:
            break
        end = word.end()
    return end


def national_body(on: Page, country: Word) -> Name | None:
    """Give the name that ends in its country, if one does: Statistics Finland, Natural Resources Wales."""
    text = on.text
    if (
        places()[country.text].rule != "name"
        or on.titled(country.start)
        or NEXT_WORD.match(text, country.end)
        or text[country.end : country.end + 1] in ("-", "/")
    ):
        return None
    found = words_before(on, country)
    # Email Jordan: what is to be done with somebody, or about a country.
    while found and found[0].text in _DONE and (ambiguous(country.text) or opens_sentence(text, found[0].start)):
        found.pop(0)
    if not found or text[found[0].start - 1] in ('"', "“"):
        return None
    first, *rest = (each.text for each in found)
    if national(first) or first in _DIRECTIONS or first.endswith(("ing", "ed")) or "and" in rest[1:]:
        return None
    if any(each in HEADS or each in places() for each in (first, *rest)):
        return None
    return Name(found[0].start, country.end, "national")


_DONE = TASKS | wordset("Ask Breakfast Chase Coffee Congratulate Dinner Drive Give Greet Help Lunch Meet Message Nudge Pick Please Thank TODO")
"""Words that open a line of a list of things to do, and are done with people, too."""
_DIRECTIONS = wordset(
    "North South East West Northern Southern Eastern Western Central Latin Upper Lower Greater Great Inner Outer Mainland Rural Urban Modern Republic Kingdom State Region President Minister"
)


def acronym(text: str, name: Name) -> Iterator[Name]:
    """Find the short form in parentheses after a name: its initials, in whatever language the letters stand for."""
    match = _ACRONYM.match(text, name.end)
    if match:
        long = text[name.start : name.end]
        if _FOREIGN_LETTERS.fullmatch(match[1]) or any(stands_for(match[1], long[part.start() :]) for part in islice(_TOKEN.finditer(long), 4)):
            yield Name(match.start(1), match.end(1), "acronym", long)


# Three capitals and more right after a body are its own, but for those of what it belongs to.
_FOREIGN_LETTERS = pattern(r"(?!(?:OECD|UAE|USA|COVID)$)[A-Z]{3,8}")
