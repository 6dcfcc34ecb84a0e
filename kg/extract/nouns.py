"""What initiatives are: the words for it, and the tests of a name that the rules of initiatives share.

Here are the word lists, the pattern of words in capitals, where a name begins, whether it is one, and what its letters are.
The rules themselves are in ``quoted``, ``runs`` and ``labelled``; their table is in ``initiatives``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.countries import is_country
from kg.extract.capitals import CAPITAL, STARTS, derived, wordset, wrapped
from kg.extract.lazily import pattern
from kg.extract.page import Name

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
CUES = frozenset(f"{_NAMED} {_SORTED}".split())
CUE = rf"(?:{'|'.join(sorted(CUES))})s?"
"""What an initiative is, in lower case."""
SORTS = wordset(_SORTED)
# These are bodies as often as they are initiatives.
BODIES = wordset("academy coalition collaborative forum fund hub lab library network partnership school studio observatory facility")
PLURALS = frozenset(f"{each}s" for each in CUES) | wordset("policies strategies academies libraries surveys facilities")
# After these a name does not go on: a Lab for Growth is one lab of many.
CLOSED = wordset(
    "academy app application collaborative forum fund hub lab library network school method methodology model movement series service studio system tool website"
)
# A thing of these has a name, even if all that is said before is of what sort it is: the Capacity Playbook.
ENOUGH = wordset(
    "academy accelerator act atlas award barometer charter compass declaration directive hackathon handbook incubator index manifesto navigator pact playbook podcast prize school scorecard toolkit tracker"
)
# After a name in capitals these say of what sort its owner's thing is, not what it is called.
WEAK_AFTER = wordset(
    "act agreement application course database event law map mission movement package paper partnership regulation review service study survey system website"
)
# After an owner's letters these only say whose thing it is: the ABCD report.
OWNED_SORTS = wordset(
    "agreement app application chatbot conference course database declaration event guideline index kit lab library map mission network outlook package paper partnership plan platform policy portal "
    "recommendation regulation report repository review roadmap school service standard strategy study summit survey system team tool toolkit tracker webinar website workshop"
)
# A name in small letters is one only of a thing that has to have a name to be used.
_SMALL_ONE = (
    "app campaign chatbot challenge hackathon hashtag initiative platform portal program programme project scheme service tool toolkit website"
)
SMALL_CUES = frozenset(_SMALL_ONE.split()) | frozenset(f"{each}s" for each in _SMALL_ONE.split())
# What is said that a name is, when it is said what it is.
THINGS = (
    "academy accelerator act agenda app application assessment award barometer campaign challenge chatbot competition conference course curriculum dashboard event exercise festival fund game guide "
    "guideline hackathon handbook incubator index initiative kit law manifesto marketplace pact pilot plan platform playbook podcast portal prize program programme project report repository roadmap sandbox "
    "scheme series simulator strategy summit survey tool toolbox toolkit tracker website workshop"
)
THING = rf"(?:{'|'.join(THINGS.split())})"
# Words that only say of what sort a thing is, so that a run of them names nothing.
GENERIC = wordset(
    "a an the this that these those its their our his her my your each every any some all no one two three four five first second third new next key main other such many most several "
    "various different specific general global national international regional local federal public private government governmental governance state city municipal digital data ai ict it gov "
    "govtech policy regulatory legal strategic open innovation innovative pilot case best good social civic citizen community environmental economic technical technology tech training research "
    "education action capacity design service services health urban rural mobile online web virtual internal external final annual interactive original current existing former previous recent "
    "successful covid covid-19 coronavirus european eu ngo r&d hr pdf gdp llm sector system systems impact learning leadership foresight anticipatory collaborative experimental development "
    "arab african asian nordic baltic latin american western eastern q1 q2 q3 q4 sustainable sustainability transformation future futures strategy behavioral behavioural insights science mission missions risk"
)
OPENS = STARTS | wordset(
    "Existing Creating Developing Launching Building Joining Establishing Promoting Supporting Implementing Adopting Introducing Uses Developed Created Launched Introduced Among Initial Additionally Create Develop "
    "Conduct Design Implement Establish Launch Build Integrate Adopt Support Promote Between Against Example Approved Published"
)
TASKS = wordset(
    "Add Analyse Analyze Arrange Attend Book Brainstorm Bring Buy Call Cancel Check Clean Close Complete Confirm Contact Continue Discuss Draft Edit Email Evaluate Fill Finalise Finalize Find Finish Fix "
    "Follow Get Install Invite Mail Merge Order Organise Organize Outline Pay Phone Ping Postpone Prepare Present Print Propose Publish Read Refactor Register Remind Remove Rename Renew Repair Reply "
    "Request Research Review Revise Rewrite Schedule See Send Ship Sketch Sort Start Stop Submit Summarise Summarize Talk Tell Text Try Update Upload Visit Watch Write"
)
"""Verbs that open a line of a list of things to do."""
NO_NAMES = wordset(
    "It This That These Those He She They We You I There Here What Which Who Today Technology Government Governments Innovation Collaboration Experimentation Transparency Trust Teams Tools Data"
)
SMALL = wordset("a an and as at by de do for from in of on or the to vs vs. with &")
BODY = pattern(
    r"\b(?:Ministry|Department|Agency|Office|Council|Commission|Committee|University|Institute|City|Government|Bank|Authority|Lab|Centre|Center|Service|Municipality|Team|Unit|Association|Foundation|College|Hall|Academy of|Labs)\b"
)
OFFICE = wordset(
    "Minister Ministry Head Director Directorate Department Secretary President University Agency Office Commission Council Professor Author Manager Officer"
)
WORD = r"\w*(?:[-'’./&+]\w+){0,8}"
_LINK = r"(?:of|for|on|and|to|in|the|de|del|da|do|du|la|y|e|&)"
MORE = rf"[ \n](?:{_LINK}[ \n]){{0,2}}(?:[{CAPITAL}]{WORD}|(?:19|20)\d\d(?![\d-]))"
WORDS = pattern(rf"[{CAPITAL}](?<![\w-].){WORD}(?:{MORE})*")
TOKEN = pattern(r"[^ \n]+")
POSSESSIVE = pattern(r".*(?:['’]s|s['’])$")
NAMING = wordset("called named titled entitled dubbed branded")
ARTICLES = wordset("a an the its their our new first own")
_ACRONYM = pattern(r"[ \n]\(([A-Z][A-Za-z0-9&-]{1,9})\)")
_LONG_OF = pattern(rf"(?<![\w-])([{CAPITAL}][A-Za-z0-9&-]{{1,9}})[ \n]\($")
LONGEST = 8
"""words"""


def words_before(text: str, start: int) -> list[str]:
    """List the words before a position, in the same text."""
    return text[max(0, start - _REACH) : start].rpartition("\x1d")[2].split()


_REACH = 100
"""characters before a name that a rule may look at"""


def lowered(word: str) -> str:
    """Give a word in small letters and without a comma."""
    return word.rstrip(",").casefold()


def is_cue(word: str) -> bool:
    """Say whether a word is one for what an initiative is, or for several of them."""
    word = lowered(word)
    return word in CUES or word in PLURALS


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
    large = [word for word in words if word not in SMALL and word.casefold() not in SMALL]
    return bool(large) and all(word[0].isupper() or word[0].isdigit() for word in large) and not large[0].isdigit()


class Word(NamedTuple):
    """A word and where it stands."""

    text: str
    start: int
    end: int


# What may stand after the word for what a thing is, so that it is not a project manager.
GOING_ON = r"(?=[,.;:)]|[ \n](?:that|which|to|for|of|in|by|on|with|from|where|whose|at|and|under|using|designed|developed|launched|created|aimed|aiming|run|led|started|established|dedicated|offering|providing|allowing|implemented|supported|funded|focused|focusing)\b)"
_WHOLE = tuple(f"{each}{blank}" for each in (" the", " a", " an", " its", "their", "'s", "’s", "\nthe") for blank in " \n")


def opens_sentence(text: str, at: int) -> bool:
    """Say whether a position opens a sentence, so that a capital there proves nothing."""
    at -= 1
    while at >= 0 and (text[at] in ' \t"“(' or (text[at] == "\n" and wrapped(text, at))):
        at -= 1
    return at < 0 or text[at] in ".!?:;•–—|\x1d\n"


def begins(text: str, words: list[Word], end: int) -> int:
    """Find the first word of a name whose last words are given: after an owner, a place, a word that only opens a sentence."""
    start = 0
    first = words[0].start
    opens = opens_sentence(text, first)
    whole = text[max(0, first - 6) : first].casefold().endswith(_WHOLE)
    for at in range(end):
        word = words[at].text
        if (
            (POSSESSIVE.match(word) and at + 1 < end and words[at + 1].text not in SMALL)
            or (word in ("in", "from", "with", "to") and not whole)
            or (word == "and" and at == start + 1 and (words[start].text.isupper() or is_country(words[start].text)))
        ):
            start = at + 1
        elif at == start == 0 and opens and at + 1 < end and words[1].text == "the":
            start = at + 2
        elif at == start == 1 and opens and tasked(words) and at + 1 < end and words[2].text == "the":
            start = at + 2  # Send Maria the slides
        elif at == start and (
            word in SMALL or (opens and start == 0 and (word in OPENS or word in TASKS or (word.endswith("ed") and word[1:].islower())))
        ):
            start = at + 1
    while start < end and (words[start].text in SMALL or words[start].text == "The"):
        start += 1
    return start


def tasked(words: list[Word]) -> bool:
    """Say whether words begin with what is to be done."""
    return words[0].text in TASKS


_YEAR_BEFORE = pattern(r"(?<!\d)(?:19|20)\d\d[ \n]$")
_IN_YEAR = pattern(r"\b(?:[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|of|from|[Dd]uring)[ \n](?:19|20)\d\d[ \n]$")


def with_year(text: str, start: int) -> int:
    """Give where a name begins if the year before it is part of it: the 2030 Agenda."""
    before = text[max(0, start - 14) : start]
    match = _YEAR_BEFORE.search(before)
    return start - len(match[0]) if match and not _IN_YEAR.search(before) else start


def proper(text: str, words: list[Word], *, enough: bool = False) -> bool:
    """Say whether words before a cue make a name of it: one of them at least is neither a sort, a country nor a number.

    Of some things one word that says of what sort they are is ``enough``.
    """
    if not words:
        return False
    first = words[0]
    opens = opens_sentence(text, first.start)
    large = [word.text for word in words if word.text not in SMALL and not is_country(word.text) and not word.text.isdigit()]
    telling = [word for word in large if word.casefold() not in GENERIC]
    if not telling:
        return len(large) > 1 + opens - enough
    if len(words) == 1 and opens:
        return sum(map(str.isupper, telling[0])) > 1 or (enough and not derived(telling[0]))
    return True


def letters_of(text: str, start: int, end: int) -> Iterator[Name]:
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
