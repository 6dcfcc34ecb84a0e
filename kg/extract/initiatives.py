"""Initiatives: the names of programmes, platforms, laws, reports and whatever else somebody runs.

Authors put names in quotation marks, write them in capitals before or around what the thing is, say
what it is, and give it a heading or a bold label. Each of these is a rule with a measured precision; those
that are right nine times in ten make facts, the others suggestions (docs/decisions/0008-initiatives.md).

    quote-cue     the "Talk Cardiff" platform               small-quote  the "talk to us" campaign
    cue-quote     a platform called "Talk Cardiff"          quoted       An example is "Talk Cardiff"
    quote-is      "Talk Cardiff," Cardiff's own app         pair         "talk to us" (siarad)
    owner-quote   Cardiff's "Talk Cardiff"                  verb-quote   Cardiff launched "Talk Cardiff"
    name-cue      the Cardiff Listening Programme           name-sort    the Cardiff Listening Model
    name-body     the Cardiff Listening Network             caps-cue     the Talk Cardiff programme
    caps-sort     the Talk Cardiff model                    letters-cue  the TALC programme
    called        an app called Talk Cardiff                cue-name     the mobile app (Talk Cardiff)
    dated         Talk Cardiff 2030                         defined      Talk Cardiff is a platform that
    such-as       platforms such as Talk Cardiff            domain       gov.wales
    head-cue      ## The Cardiff Listening Programme        head-sort    ## The Cardiff Listening Model
    owner-head    ### Talk Cardiff, City of Cardiff         head-place   ### Talk Cardiff (Norway)
    label-place   **Talk Cardiff (Norway)**                 label-year   **Talk Cardiff (2018)**
    label-is      **Talk Cardiff**: A platform that         label-cue    **Cardiff Listening Programme**
    listed        initiatives include: **Talk Cardiff**
    acronym       Cardiff Listening Programme (CLP); later on: the Programme
    again         a name of the note, wherever else it stands in it
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from kg.extract import Placed
from kg.extract.capitals import CALENDAR, CAPITAL, STARTS, derived, national, places, usual, wordset, wrapped
from kg.extract.page import Name, Page, page, placed, plain
from kg.model import Document, Mention

CONFIDENCE = {
    "quote-cue": 0.97,
    "cue-quote": 0.95,
    "quote-is": 0.93,
    "owner-quote": 0.93,
    "name-cue": 0.92,
    "pair": 0.9,
    "label-year": 0.9,
    "owner-head": 0.9,
    "label-is": 0.9,
    "caps-cue": 0.9,
    "domain": 0.9,
    "head-cue": 0.9,
    "verb-quote": 0.8,
    "called": 0.8,
    "defined": 0.8,
    "caps-sort": 0.65,
    "dated": 0.75,
    "label-cue": 0.7,
    "name-sort": 0.7,
    "cue-name": 0.7,
    "small-quote": 0.65,
    "letters-cue": 0.65,
    "name-body": 0.6,
    "such-as": 0.6,
    "quoted": 0.6,
    "label-place": 0.6,
    "head-place": 0.6,
    "head-sort": 0.6,
    "listed": 0.5,
    "acronym": 0.9,
    "again": 0.9,
}
"""Precision of each rule; ``acronym`` and ``again`` are as good as the name they repeat."""

_NAMED = (
    "academy accelerator act agenda agreement app atlas award barometer bill bootcamp campaign challenge charter chatbot coalition collaborative compact compass "
    "competition conference constitution convention curriculum dashboard declaration dialogue directive exercise expo facility fellowship festival forum fund grant guide guideline "
    "hackathon handbook hub incubator index initiative kit lab law library licence manifesto marketplace month navigator network newsletter outlook pact partnership passport "
    "pathfinder pavilion plan platform playbook podcast portal prize program programme project protocol radar register repository roadmap sandbox scheme school "
    "scorecard series simulator sprint strategy studio summit survey testbed toolbox toolkit tracker treaty wallet webinar week workshop"
)
"""What has a name of its own more often than not."""
_SORTED = (
    "application assistant course database event framework game map method methodology mission model movement package paper policy programs questionnaire recommendation regulation report review "
    "service standard study system tool website"
)
"""What is as often one of a sort: a model, a system."""
_CUES = frozenset(f"{_NAMED} {_SORTED}".split())
CUE = rf"(?:{'|'.join(sorted(_CUES))})s?"
"""What an initiative is, in lower case."""
_SORTS = wordset(_SORTED)
# These are bodies as often as they are initiatives.
_BODIES = wordset("academy coalition collaborative forum fund hub lab library network partnership school studio observatory facility")
_PLURALS = frozenset(f"{each}s" for each in _CUES) | wordset("policies strategies academies libraries surveys facilities")
# After these a name does not go on: a Lab for Growth is one lab of many.
_CLOSED = wordset(
    "academy app application collaborative forum fund hub lab library network school method methodology model movement series service studio system tool website"
)
# A thing of these has a name, even if all that is said before is of what sort it is: the Innovation Playbook.
_ENOUGH = wordset(
    "academy accelerator act atlas award barometer charter compass declaration directive hackathon handbook incubator index manifesto navigator pact playbook podcast prize school scorecard toolkit tracker"
)
# After a name in capitals these say of what sort its owner's thing is, not what it is called.
_WEAK_AFTER = wordset(
    "act agreement application course database event law map mission movement package paper partnership regulation review service study survey system website"
)
# After an owner's letters these only say whose thing it is: the ABCD report.
_OWNED_SORTS = wordset(
    "agreement app application chatbot conference course database declaration event guideline index kit lab library map mission network outlook package paper partnership plan platform policy portal "
    "recommendation regulation report repository review roadmap school service standard strategy study summit survey system team tool toolkit tracker webinar website workshop"
)
# A name in small letters is one only of a thing that has to have a name to be used.
_SMALL_ONE = (
    "app campaign chatbot challenge hackathon hashtag initiative platform portal program programme project scheme service tool toolkit website"
)
_SMALL_CUES = frozenset(_SMALL_ONE.split()) | frozenset(f"{each}s" for each in _SMALL_ONE.split())
# What is said that a name is, when it is said what it is.
_THINGS = (
    "academy accelerator act agenda app application assessment award barometer campaign challenge chatbot competition conference course curriculum dashboard event exercise festival fund game guide "
    "guideline hackathon handbook incubator index initiative kit law manifesto marketplace pact pilot plan platform playbook podcast portal prize program programme project report repository roadmap sandbox "
    "scheme series simulator strategy summit survey tool toolbox toolkit tracker website workshop"
)
_THING = rf"(?:{'|'.join(_THINGS.split())})"
# Words that only say of what sort a thing is, so that a run of them names nothing.
_GENERIC = wordset(
    "a an the this that these those its their our his her my your each every any some all no one two three four five first second third new next key main other such many most several "
    "various different specific general global national international regional local federal public private government governmental governance state city municipal digital data ai ict it gov "
    "govtech policy regulatory legal strategic open innovation innovative pilot case best good social civic citizen community environmental economic technical technology tech training research "
    "education action capacity design service services health urban rural mobile online web virtual internal external final annual interactive original current existing former previous recent "
    "successful covid covid-19 coronavirus european eu ngo r&d hr pdf gdp llm sector system systems impact learning leadership foresight anticipatory collaborative experimental development "
    "arab african asian nordic baltic latin american western eastern sustainable sustainability transformation future futures strategy behavioral behavioural insights science mission missions risk"
)
_OPENS = STARTS | wordset(
    "Existing Creating Developing Launching Building Joining Establishing Promoting Supporting Implementing Adopting Introducing Uses Developed Created Launched Introduced Among Initial Additionally Create Develop "
    "Conduct Design Implement Establish Launch Build Integrate Adopt Support Promote Between Against Example Approved Published"
)
_NO_NAMES = wordset(
    "It This That These Those He She They We You I There Here What Which Who Today Technology Government Governments Innovation Collaboration Experimentation Transparency Trust Teams Tools Data"
)
_SMALL = wordset("a an and as at by de do for from in of on or the to vs vs. with &")
_BODY = re.compile(
    r"\b(?:Ministry|Department|Agency|Office|Council|Commission|Committee|University|Institute|City|Government|Bank|Authority|Lab|Centre|Center|Service|Municipality|Team|Unit|Association|Foundation|College|Hall|Academy of|Labs)\b"
)
_OFFICE = wordset(
    "Minister Ministry Head Director Directorate Department Secretary President University Agency Office Commission Council Professor Author Manager Officer"
)

_WORD = r"\w*(?:[-'’./&+]\w+)*"
_LINK = r"(?:of|for|on|and|to|in|the|de|del|da|do|du|la|y|e|&)"
_BY_LETTER = "|".join(
    f"{letter}(?:{'|'.join(sorted((each[1:] for each in _CUES if each[0] == letter), reverse=True))})"
    for letter in sorted({each[0] for each in _CUES})
)
_MORE = rf"[ \n](?:{_LINK}[ \n]){{0,2}}(?:[{CAPITAL}]{_WORD}|(?:19|20)\d\d(?![\d-]))"
_WORDS = re.compile(rf"[{CAPITAL}](?<![\w-].){_WORD}(?:{_MORE})*")
# Words in capitals, what joins them, and the next word; or one word before or after which something may say that it is a name.
# It begins at a capital, which few characters are; what it takes it does not give back, so that most words are dismissed at once.
_RUN = re.compile(
    rf"[{CAPITAL}](?<![\w-].)((?<=[dseg][ \n].)|(?<=\(.))?(?>{_WORD})"
    rf"(?:(?:{_MORE})++(?=(?:[ \n]([a-z]++)(?![\w'’-])(?![ \n]to[ \n]))?)"
    rf"|(?=[ \n](?:{_BY_LETTER})(?![\w'’-])(?![ \n]to[ \n]))|(?=,[ \n](?:an?|the|its|their|[A-Z]\w+['’]s?)[ \n])|(?=[ \n](?:is|was|are)[ \n])|(?(1)|(?!)))"
)
_TOKEN = re.compile(r"[^ \n]+")
_POSSESSIVE = re.compile(r".*(?:['’]s|s['’])$")
# Blanks and line ends only: no rule may reach past a full stop or into the next text.
_GAP = r"[ \n]+"
_IS = re.compile(
    rf"[\"”]{_GAP}(?:\([^()\n]{{2,40}}\){_GAP})?(?:(?!(?:and|as|in|is|of|or|to|was|with)\b)[a-z-]+{_GAP}){{0,2}}?(?:{CUE}|publications?|reforms?|blueprint|pilots?|bot|consultation|hack)\b"
)
_IS_SMALL = re.compile(
    rf"[\"”]{_GAP}(?:(?!(?:and|as|in|of|to|with)\b)[a-z-]+{_GAP})?"
    r"(?:app|campaigns?|chatbot|challenge|hackathon|hashtag|initiative|platform|portal|program|programme|project|scheme|toolkit|website)(?![\w-]|[ \n]like)"
)
_APPOSED = re.compile(
    rf"(?:,[\"”]|[\"”](?:{_GAP}\([^()\n]{{2,40}}\))?,){_GAP}(?:an?|the|its|their|[A-Z]\w+['’]s?){_GAP}(?:[\w-]+{_GAP}){{0,4}}?{_THING}\b"
    rf"|[\"”]{_GAP}(?:is|was){_GAP}(?:an?|the|its|one{_GAP}of){_GAP}(?:[\w-]+{_GAP}){{0,4}}?{_THING}\b"
)
_DOING = re.compile(
    r"(?:launch|creat|develop|introduc|establish|pilot|publish|build|implement|releas|run|organi[sz]|host|initiat|start)(?:e|es|ed|s|ing)?"
)
_NAMING = wordset("called named titled entitled dubbed branded")
_ARTICLES = wordset("a an the its their our new first own")
_PAIR = re.compile(r"[\"”][ \n]\(([^()\n\"“”]{2,60})\)")
_LISTED = re.compile(r"[\"”](?:,|,?[ \n](?:and|or))[ \n](?:the[ \n])?(?=[\"“])")
_ACRONYM = re.compile(r"[ \n]\(([A-Z][A-Za-z0-9&-]{1,9})\)")
_LONG_OF = re.compile(rf"(?<![\w-])([{CAPITAL}][A-Za-z0-9&-]{{1,9}})[ \n]\($")
_PRAISE = re.compile(r"(?:very|really|so|too|more|most|not|quite|just|truly|highly|almost)[ \n]")
"""Words that describe and do not name."""
LONGEST = 8
"""words"""


class Initiatives:
    """The extractor of initiatives."""

    name = "initiatives"
    version = "3"
    kinds = ("initiative",)
    confidence = CONFIDENCE

    def survey(self, document: Document) -> list[Placed]:
        """List the initiatives that a note names.

        >>> from kg import markdown
        >>> from kg.model import Note
        >>> read = markdown.read(Note("a.md", 'The "Talk Cardiff" platform; later Talk Cardiff grew.', ""))
        >>> [(each.mention.surface, each.mention.rule) for each in Initiatives().survey(read)]
        [('Talk Cardiff', 'quote-cue'), ('Talk Cardiff', 'again')]
        """
        on = page(document)
        # Headings come first, and what is in capitals there proves nothing by that.
        first = 1 + len(document.sections)
        running = on.starts[first] if document.passages else len(on.text)
        return _placed(on, [*_quotes(on.text), *_runs(on, running), *_domains(on.text), *_headings(on, document), *_labels(on, document, first)])

    def find(self, text: str) -> list[Mention]:
        """List the initiatives that running text names.

        >>> [mention.surface for mention in Initiatives().find('The "Talk Cardiff" platform; later Talk Cardiff grew.')]
        ['Talk Cardiff', 'Talk Cardiff']
        """
        on = plain(text)
        return [each.mention for each in _placed(on, [*_quotes(text), *_runs(on), *_domains(text)])]


# -- quotation marks -----------------------------------------------------------------------------


def _quotes(text: str) -> Iterator[Name]:
    named: dict[int, str] = {}
    spans = list(_quoted(text))
    for mark, start, end in reversed(spans):
        name = text[start:end].strip(" ,.")
        rule = _quote_rule(text, mark, end, name)
        listed = None if rule else _LISTED.match(text, end)
        if listed and named.get(listed.end()) in ("quote-cue", "small-quote") and " " in name:
            rule = named[listed.end()]
        if rule:
            named[mark] = rule
            start += text[start:end].index(name)
            yield Name(start, start + len(name), rule)
            pair = _PAIR.match(text, end)
            if pair and _alias(pair[1]):
                yield Name(pair.start(1), pair.end(1), "pair", name)


def _quoted(text: str) -> Iterator[tuple[int, int, int]]:
    """List what may stand in quotation marks: where the mark is, and what follows it up to the next.

    Looked for at every mark that may open, since an odd one (5" wide) must not make pairs of the wrong ones.
    """
    end = -1
    for piece in text.replace("“", '"').replace("”", '"').split('"'):
        mark, end = end, end + 1 + len(piece)
        if 2 <= len(piece) <= _LONG and mark >= 0 and end < len(text) and "\n" not in piece and not _closes(text, mark):
            yield mark, mark + 1, end


_LONG = 70
"""characters of a name in quotation marks"""


def _closes(text: str, at: int) -> bool:
    """Say whether a mark closes a quotation, since no blank stands before it."""
    return at > 0 and text[at - 1] not in _OPEN_AFTER


_OPEN_AFTER = frozenset(" \n\x1d(*—–-/:[")


def _alias(text: str) -> bool:
    """Say whether what stands in parentheses after a name may be another name of it."""
    may_be = not any(map(str.isdigit, text)) and "," not in text and len(text.split()) <= 6
    return may_be and any(map(str.isupper, text)) and not _country(text)


def _quote_rule(text: str, start: int, end: int, name: str) -> str:
    """Name the rule that makes a name of what stands between two quotation marks, or nothing."""
    capitals = is_name(name)
    if capitals:
        if _IS.match(text, end):
            return "quote-cue"
        if _APPOSED.match(text, end - (text[end - 1] == ",")):
            return "quote-is"
        rule = _said_before(_words_before(text, start))
        return rule if rule != "quoted" or " " in name else ""
    if not name or name[-1] in "?!;:" or len(name.split()) > LONGEST or not name[0].isalnum() or _PRAISE.match(name):
        return ""
    if " " in name and _IS_SMALL.match(text, end):
        return "small-quote"
    before = _words_before(text, start)
    rule = _said_before(before)
    if rule == "cue-quote":
        return "small-quote" if before[-1] not in _LIKE and any(_plain(word) in _SMALL_CUES for word in before[-4:]) else ""
    words = name.split()
    if rule in ("owner-quote", "verb-quote") and len(words) > 1 and (any(word in _CUES for word in words) or _PAIR.match(text, end)):
        return "small-quote"
    return ""


def _words_before(text: str, start: int) -> list[str]:
    """List the words before a position, in the same text."""
    return text[max(0, start - _REACH) : start].rpartition("\x1d")[2].split()


_LIKE = wordset("like as including the a an")
_REACH = 100
"""characters before a name that a rule may look at"""


def _plain(word: str) -> str:
    return word.rstrip(",").casefold()


def _is_cue(word: str) -> bool:
    word = _plain(word)
    return word in _CUES or word in _PLURALS


def _said_before(words: list[str]) -> str:
    """Name the rule that lets the words before a quoted name make it one."""
    at = len(words) - 1
    while at >= 0 and words[at] in _ARTICLES:
        at -= 1
    if at < 0:
        return ""
    last, other = words[at], words[at - 1] if at else ""
    whole = at == len(words) - 1
    if whole and (_is_cue(last) or (last == "on" and _is_cue(other))):
        return "cue-quote"
    if last[-2:] in ("'s", "’s", "s'", "s’") and last[0].isupper() and words[-1] not in ("a", "an", "the", "its", "their"):
        return "owner-quote"
    plain = _plain(last)
    if plain in _NAMING or (plain == "as" and other == "known"):
        before = [word for word in words[max(0, at - 3) : at] if word not in ("is", "was", "were", "known")]
        return "cue-quote" if before and _is_cue(before[-1]) else "verb-quote"
    if plain in ("like", "including") or (plain == "as" and other == "such"):
        return "cue-quote" if _is_cue(words[at - 2] if plain == "as" and at > 1 else other) else "quoted"
    if _does(last.casefold()):
        return "verb-quote"
    return "quoted" if plain in ("is", "was", "e.g.", "example") else ""


@lru_cache(maxsize=2048)
def _does(word: str) -> bool:
    return bool(_DOING.fullmatch(word))


def is_name(text: str) -> bool:
    """Say whether a quoted text is written as a name is: short, and its words in capitals, but for the small ones.

    >>> is_name("Future of Government"), is_name("digital by default"), is_name("We did it.")
    (True, False, False)
    """
    words = text.split()
    if not words or len(words) > LONGEST or text[-1] in ".?!:;" or not any(map(str.isalpha, text)):
        return False
    if text.endswith(("-like", "-Like", "-ready", "-based", "-driven")):
        return False
    large = [word for word in words if word not in _SMALL and word.casefold() not in _SMALL]
    return bool(large) and all(word[0].isupper() or word[0].isdigit() for word in large) and not large[0].isdigit()


# -- words in capitals ---------------------------------------------------------------------------


class _Word(NamedTuple):
    """A word and where it stands."""

    text: str
    start: int
    end: int


_BEFORE = {",": ", ", " ": " "}
# What may stand after the word for what a thing is, so that it is not a project manager.
_GOING_ON = r"(?=[,.;:)]|[ \n](?:that|which|to|for|of|in|by|on|with|from|where|whose|at|and|under|using|designed|developed|launched|created|aimed|aiming|run|led|started|established|dedicated|offering|providing|allowing|implemented|supported|funded|focused|focusing)\b)"
_DEFINED = re.compile(
    rf"(?:[ \n]\([^()\n]{{2,40}}\))?(?:,[ \n](?:an?|the|its|their|[A-Z]\w+['’]s?)|[ \n](?:is|was|are)[ \n](?:an?|the|its|their|[A-Z]\w+['’]s?|one[ \n]of[ \n]the))[ \n]"
    rf"(?:(?!(?:of|for|in|by|that|which|and|to|with|at)\b)[\w’'-]+[ \n]){{0,5}}?{_THING}s?"
    rf"{_GOING_ON}"
)
_WITHIN = re.compile(r"\b(?:[Ii]n|[Ff]rom|[Aa]t|[Bb]y|[Ww]ith|[Aa]nd)[ \n]$")
_AFTER = frozenset([", a ", ", an", ", th", ", it", " is ", " was", " are"])
"""Four characters after a name that may begin to say what it is."""
_LOOK = frozenset(f"{each[-2:]} " for each in [*_THINGS.split(), *_NAMING, "as", "like", "including", "the", "and"]) | {
    "p (",
    "m (",
    "e (",
    "t (",
    "l (",
    "y (",
}
"""Three characters before a capital that are worth a look at the words before it."""
_KINDS = wordset("initiatives projects programmes programs platforms campaigns apps strategies laws schemes toolkits portals")
_ONES = frozenset(_THINGS.split()) - {"act", "fund", "assessment", "exercise"}


def _runs(on: Page, first: int = 0) -> Iterator[Name]:
    """Find names in the runs of capitals of running text, from a position on."""
    text = on.text
    for match in _RUN.finditer(text, first):
        start, end = match.span()
        run = match[0]
        if " " in run or "\n" in run:
            following = match[2]
            told = following in _CUES or run[-1].isdigit() or not _CUES.isdisjoint(run.casefold().split())
            if told or (_near(text, start, end) and _rule_around(on, start, end)):
                yield from _run(on, start, run, following or "")
        else:
            next_word = _NEXT.match(text, end)
            if next_word and next_word[1] in _CUES:
                yield from _run(on, start, run, next_word[1])
            elif _near(text, start, end):
                yield from _single(on, start, end)


_NEXT = re.compile(r"[ \n]([a-z]+)(?![\w'’-])(?![ \n]to[ \n])")


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
        match = _WORDS.search(text, start + inside)
        if not match or match.start() > start + len(run):
            return
        start, run = match.start(), match[0]
    cut = _break(run, start, text)
    if cut:
        run, following = run[:cut], ""
    words = [_Word(each[0], start + each.start(), start + each.end()) for each in _TOKEN.finditer(run)]
    if clipped and (len(words) == 1 or words[0].text in _OPENS):
        words = words[1:]
    parts = list(_apart(words))
    for part in parts:
        yield from _part(on, part, following if part is parts[-1] else "")


def _apart(words: list[_Word]) -> Iterator[list[_Word]]:
    """Take apart two names that "and the" joins, or an article in capitals, and what follows a year: the Tides Act and the Harbours Act."""
    start = 0
    for at, word in enumerate(words):
        joined = word.text == "the" and at and words[at - 1].text == "and"
        if (joined or word.text == "The") and at > start + 1:
            yield words[start : at - (words[at - 1].text in _SMALL)]
            start = at + 1
        elif word.text in _SMALL and at > start and words[at - 1].text.isdigit():
            yield words[start:at]
            start = at + 1
    if start < len(words):
        yield words[start:]


def _part(on: Page, words: list[_Word], following: str) -> Iterator[Name]:
    text = on.text
    name = _by_cue(text, words)
    if name:
        yield name
        yield from _letters(text, name.start, name.end)
        return
    begin = _begins(text, words, len(words))
    if following in _CUES:
        name = _before_cue(on, words[begin:], following)
        if name:
            yield name
            yield from _letters(text, name.start, name.end)
            # Of a model or a framework the letters before it are as often its owner's.
            if following not in _SORTS or name.rule != "letters-cue":
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


def _by_cue(text: str, words: list[_Word]) -> Name | None:
    """Give the name in a run that has a word such as Programme in it, if one does."""
    for at in range(len(words) - 1, -1, -1):
        word = words[at].text.casefold()
        if word not in _CUES or word == words[at].text:
            continue
        if any(each.text in _OFFICE for each in words[:at]):
            return None
        return _around(text, words, at, word)
    return None


def _around(text: str, words: list[_Word], at: int, word: str) -> Name | None:
    """Give the name around its cue, the word in capitals at a position of a run."""
    start = _begins(text, words, at)
    before = words[start:at]
    end = at
    following = words[at + 1].text if at + 1 < len(words) else ""
    if following == "of" and word in _BODIES and word in _CLOSED:
        return None  # an Academy of Sciences
    if following in ("of", "on", "for", "to") and word not in _CLOSED and at + 2 < len(words):
        end = _goes_on(words, at)
    elif following[:4].isdigit() and len(following) == 4:
        end = at + 1
    elif following and following not in _SMALL:
        return None  # Programme Office: the cue is not what the thing is
    if before and (before[-1].text in _SMALL or _POSSESSIVE.match(before[-1].text)):
        before, start = [], at
    if end == at and (not before or not _proper(text, before, enough=word in _ENOUGH)):
        return None
    if end > at and following in _SMALL and len(words[start : end + 1]) < 3:
        return None
    if end > at and not before and _opens(text, words[at].start) and word in _SORTS:
        return None
    return Name(_year(text, words[start].start), words[end].end, _sure(word))


def _sure(cue: str) -> str:
    return "name-body" if cue in _BODIES else "name-sort" if cue in _SORTS else "name-cue"


def _goes_on(words: list[_Word], at: int) -> int:
    """Find where a name ends that goes on after its cue: Declaration on Open Data."""
    end = at
    for place in range(at + 1, len(words)):
        word = words[place].text
        if word in ("in", "to") and place > at + 1:
            break
        if word not in _SMALL:
            end = place
            if _POSSESSIVE.match(word):
                break
    return end


def _before_cue(on: Page, words: list[_Word], cue: str) -> Name | None:
    """Give the name that words in capitals make with the cue after them, if they do."""
    while words and words[0].text.isdigit():
        words = words[1:]
    if not words or cue in _WEAK_AFTER or _POSSESSIVE.match(words[-1].text) or not _proper(on.text, words):
        return None
    lone = len(words) == 1 and words[0].text
    if lone and (lone.endswith(("ing", "ed")) or national(lone)):
        return None
    if words[-1].text in _OFFICE or _BODY.search(words[-1].text):
        return None
    start = _year(on.text, words[0].start)
    end = words[-1].end + 1 + len(cue)
    if all(word.text.isupper() or _country(word.text) or word.text.casefold() in _GENERIC for word in words):
        if cue in _OWNED_SORTS or len(words) > 1 or not words[0].text.isupper() or _body_letters(on.text, words[0].text):
            return None
        return Name(start, end, "letters-cue")
    if cue in _SAID_BY and sum(word.text not in _SMALL for word in words) < 2:
        return None
    return Name(start, end, "caps-sort" if cue in _SORTS else "caps-cue")


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
    return at > 0 and not any(each.casefold() in _CUES for each in text[max(0, at - 40) : at].split()[-2:])


def _bare(text: str, name: Name, end: int) -> Iterator[Name]:
    """Give the name without its cue where that is a name, too: it may stand alone elsewhere."""
    short = text[name.start : end]
    lone = " " not in short
    if short.isdigit() or national(short) or (lone and (short[1:].islower() or _POSSESSIVE.match(short))) or usual(text, short):
        return
    if lone or sum(each[0].isupper() and each.casefold() not in _GENERIC and not national(each) for each in short.split()) > 1:
        yield Name(name.start, end, "again", text[name.start : name.end])


def _in_context(on: Page, words: list[_Word]) -> Iterator[Name]:
    """Find a name by the words before it and after it."""
    text = on.text
    if words[-1].text.isdigit() and len(words) > 1:
        if _dated(words):
            yield Name(words[0].start, words[-1].end, "dated")
            return
        words = words[:-2] if words[-2].text in _SMALL or words[-2].text in CALENDAR else words[:-1]
        while words and words[-1].text in _SMALL:
            words = words[:-1]
    if not words or any(word.text in _OFFICE or word.text in CALENDAR for word in words):
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
        yield from _letters(text, start, end)


_PLACED = wordset("In From At By With For")


def _each(text: str, words: list[_Word]) -> Iterator[Name]:
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
    if rule and not on.titled(start) and _telling(text, [_Word(text[start:end], start, end)], rule):
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
    words = _words_before(text, start)
    if words and words[-1] == "the":
        words.pop()
    if not words:
        return ""
    last = _plain(words[-1])
    if last in _NAMING or (last == "as" and words[-2:-1] == ["known"]):
        return "called" if any(map(_is_cue, words[-8:])) else ""
    inside = words[-1] == "("
    cue = _plain(words[-2]) if inside and len(words) > 1 else last
    if cue in _ONES and text[start - 1] in " (" and any(word in _ARTICLES or word[-2:] in ("'s", "’s") for word in words[-5:-1]):
        return "cue-name" if not inside or text[end : end + 1] == ")" else ""
    return "such-as" if _listed(words) else ""


def _listed(words: list[str]) -> bool:
    """Say whether words end in a list of names of such things: platforms such as Talk Cardiff and."""
    for at in range(len(words) - 1, max(-1, len(words) - 15), -1):
        word = words[at]
        if word in ("like", "as", "including"):
            other = _plain(words[at - (2 if word == "as" else 1)]) if at > 1 else ""
            return other in _KINDS and (word != "as" or words[at - 1] == "such")
        if word[0].islower() and word not in ("and", "or", "the", "of", "for", "on", "to"):
            return False
        if word[-1] in ".;:":
            return False
    return False


def _telling(text: str, words: list[_Word], rule: str) -> bool:
    """Say whether words in capitals may be a name at all, and not of a place, a body or a sort of thing."""
    alone = len(words) == 1
    first = words[0].text
    if _BODY.search(words[-1].text) or _POSSESSIVE.match(words[-1].text) or _country(text[words[0].start : words[-1].end]):
        return False
    if alone:
        if (
            first in _NO_NAMES
            or first in STARTS
            or national(first)
            or first in _WORLD
            or first.casefold() in _GENERIC
            or first in CALENDAR
            or len(first) < 3
        ):
            return False
        if first[1:].islower() and (derived(first) or usual(text, first) or rule == "such-as"):
            return False
        if rule == "such-as" and first in _PRODUCTS:
            return False
        return not (first.isupper() and _body_letters(text, first))
    if all(national(word.text) or word.text in _SMALL or word.text.casefold() in _GENERIC for word in words):
        return False
    phrase = text[words[0].start : words[-1].end]
    return not usual(text, phrase)


def _dated(words: list[_Word]) -> bool:
    """Say whether a year ends a name: Talk Cardiff 2030, but not March 2020 and not Wales 2020."""
    before = words[-2].text
    year = words[-1].text
    if before in _SMALL:
        return before == "to" and words[0].text.casefold() in _CUES
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
    return len(year) == 4 and not any(word.text in _OFFICE for word in words)


_PRODUCTS = wordset(
    "Facebook Twitter TikTok WhatsApp YouTube Instagram LinkedIn Zoom Teams Slack Signal Telegram Mural Miro ChatGPT GitHub Wikipedia Google Excel Skype ISO"
)
"""Platforms and tools of the world that nobody runs as an initiative."""
_SEASONS = wordset(
    "Spring Summer Spring/Summer Autumn Fall Winter Early Late Mid End Since Year Copyright Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec"
)


_WHOLE = tuple(f"{each}{blank}" for each in (" the", " a", " an", " its", "their", "'s", "’s", "\nthe") for blank in " \n")


def _opens(text: str, at: int) -> bool:
    """Say whether a position opens a sentence, so that a capital there proves nothing."""
    at -= 1
    while at >= 0 and (text[at] in ' \t"“(' or (text[at] == "\n" and wrapped(text, at))):
        at -= 1
    return at < 0 or text[at] in ".!?:;•–—|\x1d\n"


def _begins(text: str, words: list[_Word], end: int) -> int:
    """Find the first word of a name whose last words are given: after an owner, a place, a word that only opens a sentence."""
    start = 0
    first = words[0].start
    opens = _opens(text, first)
    whole = text[max(0, first - 6) : first].casefold().endswith(_WHOLE)
    for at in range(end):
        word = words[at].text
        if (
            (_POSSESSIVE.match(word) and at + 1 < end and words[at + 1].text not in _SMALL)
            or (word in ("in", "from", "with", "to") and not whole)
            or (word == "and" and at == start + 1 and (words[start].text.isupper() or _country(words[start].text)))
        ):
            start = at + 1
        elif at == start == 0 and opens and at + 1 < end and words[1].text == "the":
            start = at + 2
        elif at == start and (word in _SMALL or (opens and start == 0 and (word in _OPENS or (word.endswith("ed") and word[1:].islower())))):
            start = at + 1
    while start < end and (words[start].text in _SMALL or words[start].text == "The"):
        start += 1
    return start


_YEAR_BEFORE = re.compile(r"(?<!\d)(?:19|20)\d\d[ \n]$")
_IN_YEAR = re.compile(r"\b(?:[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|of|from|[Dd]uring)[ \n](?:19|20)\d\d[ \n]$")


def _year(text: str, start: int) -> int:
    before = text[max(0, start - 14) : start]
    match = _YEAR_BEFORE.search(before)
    return start - len(match[0]) if match and not _IN_YEAR.search(before) else start


def _proper(text: str, words: list[_Word], *, enough: bool = False) -> bool:
    """Say whether words before a cue make a name of it: one of them at least is neither a sort, a country nor a number.

    Of some things one word that says of what sort they are is ``enough``.
    """
    if not words:
        return False
    first = words[0]
    opens = _opens(text, first.start)
    large = [word.text for word in words if word.text not in _SMALL and not _country(word.text) and not word.text.isdigit()]
    telling = [word for word in large if word.casefold() not in _GENERIC]
    if not telling:
        return len(large) > 1 + opens - enough
    if len(words) == 1 and opens:
        return sum(map(str.isupper, telling[0])) > 1 or (enough and not derived(telling[0]))
    return True


@lru_cache(maxsize=4096)
def _country(word: str) -> bool:
    return re.sub(r"['’]s?$", "", word) in places()


def _letters(text: str, start: int, end: int) -> Iterator[Name]:
    """Find the letters that stand for a name, after it or before it in parentheses."""
    match = _ACRONYM.match(text, end)
    if match and stands_for(match[1], text[start:end]):
        yield Name(match.start(1), match.end(1), "acronym", text[start:end])
    elif text[end : end + 1] == ")":
        match = _LONG_OF.search(text, max(0, start - 16), start)
        if match and stands_for(match[1], text[start:end]):
            yield Name(match.start(1), match.end(1), "acronym", text[start:end])


def stands_for(acronym: str, name: str) -> bool:
    """Say whether the letters of an acronym begin words of a name, in order, the first with the first.

    >>> stands_for("CLP", "Cardiff Listening Programme"), stands_for("AI", "Cardiff Listening Programme")
    (True, False)
    """
    initials = [word[0].casefold() for word in re.findall(r"\w+", name)]
    letters = [each.casefold() for each in acronym if each.isalpha()]
    if not letters or not initials or letters[0] != initials[0] or len(letters) < 2:
        return False
    rest = iter(initials)
    return all(letter in rest for letter in letters)


# -- domains ---------------------------------------------------------------------------------------

_DOMAIN = re.compile(r"(?<![\w./@-])(?:[A-Za-z][\w-]*\.(?:gov|gob|gouv)(?:\.[a-z]{2})?|[Gg]ov\.[a-z]{2,5})(?![\w/@-])(?!\.\w)")


# A name in front of its cue: the e-Cardiff portal.
_ELECTRONIC = re.compile(rf"e-(?<![\w-]e-)[{CAPITAL}]\w+(?:[ \n][{CAPITAL}]\w+)*[ \n]((?:[a-z]+[ \n])?{CUE})(?![\w-])")


def _domains(text: str) -> Iterator[Name]:
    """Find sites that a government has named after itself: gov.wales; the e-Cardiff portal."""
    if "e-" in text:
        for match in _ELECTRONIC.finditer(text):
            if match[1] in _PLURALS:
                continue
            name = Name(match.start(), match.end(), "caps-cue")
            yield name
            yield from _bare(text, name, match.start(1) - 1)
    if ".go" in text or "ov." in text:
        for match in _DOMAIN.finditer(text):
            yield Name(match.start(), match.end(), "domain")


# -- headings and labels ---------------------------------------------------------------------------

# With one word before them, as often a thought as a thing.
_THOUGHTS = wordset(
    "agenda agreement challenge charter compact dialogue directive declaration exercise grant guide guideline hub law lab network pact partnership plan protocol radar roadmap series sprint strategy survey week workshop"
)
_ANNOUNCES = re.compile(
    r"\b(?:initiatives|projects|programs|programmes|campaigns|platforms|apps)(?:[ \n](?:and|or)[ \n](?:[\w-]+[ \n])?\w+)?(?:[ \n](?:in|by|of|at|from)[ \n](?:the[ \n])?[A-Z]\w+)?"
    r"(?:[ \n](?:have[ \n]been[ \n]|were[ \n])?(?:implemented|launched|introduced|conducted|completed|carried[ \n]out|run)\b[^.\n]{0,40})?,?(?:[ \n](?:include|including|are|were))?:?\s*$",
    re.IGNORECASE,
)
_OWNER_HEAD = re.compile(r"([^,:()]+?)(?:[ \n]\(([^()]+)\))?,[ \n](.+)$")
_HEAD_PLACE = re.compile(r"(?:\d+\.[ \n])?([^:()]+?)[ \n]\(([^()]+)\)$")
_HEAD_CASE = re.compile(r"(?:[Cc]ase [Ss]tudy|[Ee]xample|[Ii]nitiative|[Pp]roject|[Pp]rogramme?|[Tt]ool|[Ss]potlight)[^:]{0,12}: (.+)$")
_TOPIC = re.compile(r"['’]s?[ \n]|[ \n](?:in|through|with|via|by|from)[ \n]|^\w+ing[ \n]|^From[ \n]")
_LABEL_YEAR = re.compile(r"(.+?)[ \n]\((?:[^()]*[ \n])?(?:19|20)\d\d(?:[/–-]\d{2,4})?\)$")
_TAIL = re.compile(r"[ \n]*\([^()]*\)$")
_IN_BRACKETS = re.compile(r".+?[ \n]\(([^()]+)\)")
# What a label is said to be; a challenge or a plan there is as often a thought.
_SAID = "|".join(
    sorted({*_THINGS.split(), "network", "school", "space", "service", "database"} - {"challenge", "plan", "assessment", "agenda", "exercise", "act"})
)
_LABEL_IS = re.compile(
    rf"[ \n]*(?:\([^()\n]{{2,50}}\))?[ \n]*[:,–—-]?[ \n]*"
    rf"(?:(?:[A-Z]\w+ed[ \n](?:in|by|on)[ \n][^.\x1d]{{3,50}},[ \n]t|T)his[ \n](?:[\w-]+[ \n]){{0,3}}?(?:{_SAID})\b"
    rf"|(?:An?|Its|[A-Z]\w+['’]s)[ \n](?:(?!(?:of|for|in|by|that|which|to|with|at)\b)[\w-]+,?[ \n]){{0,5}}?(?:{_SAID}){_GOING_ON}(?!,[ \n]such)"
    r"|(?:Launched|Introduced|Rolled[ \n]out|Piloted|Enacted|Released|Published)[ \n](?:in|by|on|during|as)\b)"
)


def _headings(on: Page, document: Document) -> Iterator[Name]:
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
        if _hopeful(text):
            found = _label(text, None, on.text) if section.level > 6 else _heading(text, on.text)
            yield from _moved(found, start)


def _labels(on: Page, document: Document, first: int) -> Iterator[Name]:
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
        elif (said := _LABEL_IS.match(text, len(label))) or announced or _hopeful(label):
            yield from _moved(_label(label, said, on.text, listed=announced), start)
        if text[-1:] in (":", "e", "g") and text.endswith((":", "include", "including")) and _ANNOUNCES.search(text[-90:]):
            announced = True


def _hopeful(text: str) -> bool:
    """Say whether a heading or a label has anything in it that a rule looks for."""
    return text[-1:] == ")" or ", " in text or ": " in text or not _CUES.isdisjoint(text.casefold().split())


def _shown(text: str) -> list[str]:
    """List the names that a note of one heading or list has, for examples."""
    from kg import markdown
    from kg.model import Note

    return [each.mention.surface for each in Initiatives().survey(markdown.read(Note("a.md", text, "")))]


def _moved(names: Iterable[Name], start: int) -> Iterator[Name]:
    for each in names:
        yield Name(start + each.start, start + each.end, each.rule, each.of)


def _heading(text: str, note: str) -> Iterator[Name]:
    match = _OWNER_HEAD.match(text) if ", " in text else None
    if match:
        if _titled(match[1]) and not _BODY.search(match[1].rpartition(" ")[0]) and _owner(match[3].strip()):
            yield Name(match.start(1), match.end(1), "owner-head")
            if match[2] and stands_for(match[2], match[1]):
                yield Name(match.start(2), match.end(2), "acronym", match[1])
        return
    name = _cue_in(text)
    if name and not usual(note, text[name.start : name.end]) and (name.rule == "head-cue" or _whole(text, name)):
        yield name
        yield from _letters(text, name.start, name.end)
        return
    match = _HEAD_PLACE.match(text) if text[-1:] == ")" else None
    if match and _country(match[1]) and _named_thing(match[2]):
        yield from _in_brackets(text, match.start(2), "head-place")
        return
    if match and _country(match[2]) and not _country(match[1]) and _titled(match[1]) and not _bodily(match[1]) and not _TOPIC.search(match[1]):
        yield Name(match.start(1), match.end(1), "head-place")
        return
    match = _HEAD_CASE.match(text) if ": " in text else None
    if match and _titled(match[1]) and not _BODY.search(match[1]) and not usual(note, match[1]) and not _TOPIC.search(match[1]):
        yield Name(match.start(1), match.end(1), "head-place")


def _cue_in(text: str) -> Name | None:
    """Give the name in a heading or label that ends in a cue and has a word that no heading would have but for a name."""
    if _CUES.isdisjoint(text.rstrip(")").casefold().split()):
        return None
    for match in _WORDS.finditer(text):
        words = [_Word(each[0], match.start() + each.start(), match.start() + each.end()) for each in _TOKEN.finditer(match[0])]
        cue = words[-1].text.casefold()
        if len(words) < 2 or cue not in _CUES or words[-1].text[0].islower():
            continue
        start = _begins(text, words, len(words) - 1)
        before = words[start:-1]
        if not before or any(word.text in _SMALL or word.text in _OFFICE for word in before):
            continue
        if before[0].text in _QUALITIES or (start == match.start() == 0 and before[0].text.endswith("ing")):
            continue
        owned = len(before) > 2 and national(before[0].text) and cue not in _SORTS
        if owned or any(not _everyday(word.text) for word in before) or (cue in _ENOUGH and len(before) > 1):
            return Name(before[0].start, words[-1].end, "head-sort" if cue in _SORTS else "head-cue")
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
    return word.casefold() in _GENERIC or derived(word) or _country(word) or word.isdigit()


def _bodily(text: str) -> bool:
    """Say whether a name looks like that of a body or a person: with a country at its end, or a given name at its start."""
    words = text.split()
    return bool(_BODY.search(text)) or _country(words[-1]) or _person(words)


def _person(words: list[str]) -> bool:
    return words[0] in _given() or words[0] in ("Mr", "Mr.", "Ms", "Ms.", "Mrs.", "Dr", "Dr.")


@lru_cache(maxsize=1)
def _given() -> frozenset[str]:
    from kg.extract.people import GIVEN  # that module needs this one

    return frozenset(GIVEN)


def _named_thing(text: str) -> bool:
    long = text.replace(" - ", " of ").replace(" – ", " of ")
    return _titled(long) and text.split(maxsplit=1)[0] not in _QUALITIES and not _bodily(text) and not text[0].isdigit() and not _OFFICES.search(text)


_OFFICES = re.compile(r"\b(?:Minister|President|Director|Head|Secretary|Chief|Professor|Manager|Expert)\b")


def _in_brackets(text: str, start: int, rule: str) -> Iterator[Name]:
    """Give the name in the brackets after a country, and its letters before it: Norway (CLP - Cardiff Listening Programme)."""
    end = text.rindex(")")
    short, dash, long = text[start:end].replace("–", "-").partition(" - ")
    if dash:
        yield Name(end - len(long), end, rule)
        yield Name(start, start + len(short), "acronym", long)
    else:
        yield Name(start, end, rule)


def _sortly(words: list[str]) -> bool:
    """Say whether a label has no word but those of thoughts and sorts."""
    return len(words) > 1 and all(_everyday(word) or word in _SMALL for word in words)


def _titled(text: str) -> bool:
    return " " in text and is_name(text)


def _owner(text: str) -> bool:
    last = text.rpartition(",")[2].strip()
    if " and " in text or ("," in text and not _country(last)) or not is_name(text):
        return False
    return bool(_BODY.search(text)) or _country(last)


def _label(label: str, said: re.Match[str] | None, note: str, *, listed: bool = False) -> Iterator[Name]:
    """Find the name that a bold label is; ``said`` is what the text after it says of it, if it does."""
    tail = label[-1] == ")"
    match = _LABEL_YEAR.match(label) if tail else None
    name = (match[1] if match else _TAIL.sub("", label) if tail else label).rstrip(":")
    case = _HEAD_CASE.match(name) if ": " in name else None
    if case:
        name = case[1]
    offset = len(label) - len(label.removeprefix(case[0].removesuffix(name))) if case else 0
    words = name.split()
    cue = words[-1].casefold() if words else ""
    place = _IN_BRACKETS.fullmatch(label) if tail else None
    if place and _country(name) and _named_thing(place[1]):
        yield from _in_brackets(label, place.start(1), "label-place")
        return
    if not (match or place or listed or said or cue in _CUES) or not is_name(name) or _country(name):
        return
    lone = len(words) == 1
    if lone and "(" not in label and (name[1:].islower() or not said):
        return
    start = len(words[0]) + 1 if words[0] in ("The", "A", "An") else 0
    if match and not _BODY.match(name):
        rule = "label-year"
    elif place and _country(place[1]) and not _BODY.search(name) and (said or not (lone or _person(words) or _country(words[-1]))):
        rule = "label-place"
    elif (
        said
        and words[0] not in _QUALITIES
        and not words[0].endswith("ing")
        and cue not in _PLURALS
        and not _BODY.search(words[-1])
        and not usual(note, name)
    ):
        if cue not in _CUES and (_sortly(words) or "and" in words):
            return
        rule = "label-is"
    elif listed and not lone and words[0] not in _QUALITIES and not _sortly(words) and not usual(note, name):
        rule = "listed"
    elif cue in _CUES and not lone and not usual(note, name[start:]):
        found = _cue_in(name)
        if not found or found.rule == "head-sort" or (cue in _THOUGHTS and len(words) < 3):
            return
        rule, start = "label-cue", found.start
    else:
        return
    yield Name(offset + start, offset + len(name), rule)
    yield from _letters(label, offset + start, offset + len(name))


# -- from names to mentions --------------------------------------------------------------------------


def _placed(on: Page, found: list[Name]) -> list[Placed]:
    if not found:
        return []
    return placed(on, "initiative", [*found, *_shorter(on, found)], CONFIDENCE, {})


def _shorter(on: Page, found: Iterable[Name]) -> Iterator[Name]:
    """Find the shorter forms of names and those in small letters: the Programme, the cardiff listening programme."""
    text = on.text
    lower = ""
    names = {each.of or text[each.start : each.end] for each in found if each.rule != "acronym"}
    heads: dict[str, set[str]] = {}
    for name in sorted(names):
        words = name.split()
        if len(words) < 2:
            continue
        head = next((word for word in words[1:] + words[:1] if word[0].isupper() and word.casefold() in _CUES), "")
        if head:
            heads.setdefault(head, set()).add(name)
        if len(words) > 2:
            lower = lower or text.lower()
            if len(lower) == len(text):
                yield from _small(text, lower, name)
    for head, long in heads.items():
        if len(long) == 1:
            yield from (Name(start, end, "acronym", *long) for start, end in _the(text, head))


def _small(text: str, lower: str, name: str) -> Iterator[Name]:
    small = name.lower()
    start = lower.find(small)
    while start >= 0:
        end = start + len(small)
        if text[start:end] != name and not (lower[start - 1 : start].isalnum() or lower[end : end + 1].isalnum()):
            yield Name(start, end, "again", name)
        start = lower.find(small, end)


_GOES_ON = re.compile(rf"[\w-]|[ \n](?:(?:of|on|for)[ \n](?:the[ \n])?)?[{CAPITAL}]")


def _the(text: str, head: str) -> Iterator[tuple[int, int]]:
    start = text.find(f"he {head}")
    while start >= 0:
        end = start + 3 + len(head)
        if text[start - 1 : start] in "tT" and not _GOES_ON.match(text, end):
            yield start + 3, end
        start = text.find(f"he {head}", end)
