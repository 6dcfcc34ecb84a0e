"""Initiatives: the names of programmes, platforms, laws, reports and whatever else somebody runs.

Authors put names in quotation marks, write them in capitals before or around what the thing is, and
give them headings and bold labels. Each of these is a rule with a measured precision; those that are
right nine times in ten make facts, the others suggestions (docs/decisions/0008-initiatives.md).

    quote-cue     the "Talk Cardiff" platform           small-quote  the "talk to us" campaign
    cue-quote     a platform called "Talk Cardiff"      quoted       An example is "Talk Cardiff"
    owner-quote   Cardiff's "Talk Cardiff"              pair         "talk to us" (siarad)
    verb-quote    Cardiff launched "Talk Cardiff"       listed       initiatives include: **Talk Cardiff**
    caps-cue      the Talk Cardiff programme            owner-head   ### Talk Cardiff, City of Cardiff
    name-cue      the Cardiff Listening Programme       label-year   **Talk Cardiff (2018)**
    acronym       Cardiff Listening Programme (CLP)     label-cue    **Cardiff Listening Programme**
                                                        label-place  **Talk Cardiff (Wales)**
    again         a name of the note, wherever else it stands in it
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from kg import lexicon, ontology
from kg.extract import Placed, normal, texts
from kg.model import Document, Mention, Section

CONFIDENCE = {
    "quote-cue": 0.97,
    "cue-quote": 0.95,
    "owner-quote": 0.93,
    "pair": 0.9,
    "label-year": 0.9,
    "owner-head": 0.9,
    "caps-cue": 0.8,
    "verb-quote": 0.8,
    "name-cue": 0.7,
    "small-quote": 0.7,
    "quoted": 0.6,
    "label-place": 0.6,
    "listed": 0.5,
    "label-cue": 0.5,
    "acronym": 0.9,
    "again": 0.9,
}
"""Precision of each rule; ``acronym`` and ``again`` are as good as the name they repeat."""

_NOUNS = (
    "academy accelerator act agenda agreement app assistant atlas award barometer bill campaign challenge charter chatbot compass competition "
    "conference convention course curriculum dashboard database declaration directive exercise festival forum framework fund game guide guideline "
    "hackathon handbook hub incubator index initiative kit lab law library licence manifesto manual map method methodology mission model movement "
    "navigator network newsletter outlook package pact partnership passport pavilion plan platform playbook podcast policy portal "
    "prize program programme project pathfinder questionnaire radar recommendation register regulation report repository review roadmap "
    "sandbox scheme school scorecard series service sprint standard strategy studio study summit survey system testbed tool toolbox "
    "toolkit tracker wallet website week workshop"
)
CUE = rf"(?:{'|'.join(_NOUNS.split())})s?"
"""What an initiative is, in lower case."""
_CUES = frozenset(_NOUNS.split())
# After these the name goes on: Declaration on Open Data, Strategy for Green Growth.
_OPEN = frozenset(
    [
        "act",
        "agenda",
        "award",
        "call",
        "charter",
        "code",
        "convention",
        "declaration",
        "framework",
        "guide",
        "index",
        "law",
        "network",
        "partnership",
        "plan",
        "policy",
        "principles",
        "program",
        "programme",
        "recommendation",
        "review",
        "strategy",
    ]
)
# After a name in capitals these say of what sort its owner's thing is, not what it is called.
_WEAK_AFTER = frozenset(["law", "movement", "partnership", "policy", "regulation", "service", "survey", "system", "website"])
_SORTS = frozenset(
    [
        "conference",
        "declaration",
        "initiative",
        "package",
        "partnership",
        "policy",
        "program",
        "programme",
        "project",
        "report",
        "repository",
        "strategy",
        "study",
        "website",
    ]
)
# A bold label that ends in one of these is as often a step or a virtue as a name.
_LABEL_CUES = frozenset(
    [
        "academy",
        "accelerator",
        "act",
        "app",
        "award",
        "campaign",
        "chatbot",
        "curriculum",
        "dashboard",
        "fund",
        "guide",
        "hackathon",
        "incubator",
        "index",
        "initiative",
        "kit",
        "lab",
        "navigator",
        "network",
        "platform",
        "playbook",
        "portal",
        "prize",
        "program",
        "programme",
        "project",
        "register",
        "strategy",
        "toolkit",
        "tracker",
    ]
)
# A name in small letters is one only of a thing that has to have a name to be used.
_SMALL_CUE = (
    r"(?:app|campaign|chatbot|challenge|hackathon|hashtag|initiative|platform|portal|program|programme|project|scheme|service|tool|toolkit|website)s?"
)
# Words that only say of what sort a thing is, so that a run of them names nothing.
_GENERIC = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "its",
        "their",
        "our",
        "his",
        "her",
        "my",
        "your",
        "each",
        "every",
        "any",
        "some",
        "all",
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "first",
        "second",
        "third",
        "new",
        "next",
        "key",
        "main",
        "other",
        "such",
        "many",
        "most",
        "several",
        "various",
        "different",
        "specific",
        "general",
        "global",
        "national",
        "international",
        "regional",
        "local",
        "federal",
        "public",
        "private",
        "government",
        "governmental",
        "governance",
        "state",
        "city",
        "municipal",
        "digital",
        "data",
        "ai",
        "ict",
        "it",
        "gov",
        "govtech",
        "policy",
        "regulatory",
        "legal",
        "strategic",
        "open",
        "innovation",
        "innovative",
        "pilot",
        "case",
        "best",
        "good",
        "social",
        "civic",
        "citizen",
        "community",
        "environmental",
        "economic",
        "technical",
        "technology",
        "tech",
        "training",
        "research",
        "education",
        "action",
        "capacity",
        "design",
        "service",
        "services",
        "health",
        "urban",
        "rural",
        "mobile",
        "online",
        "web",
        "virtual",
        "internal",
        "external",
        "final",
        "annual",
        "interactive",
        "original",
        "current",
        "existing",
        "former",
        "previous",
        "recent",
        "successful",
        "covid",
        "covid-19",
        "coronavirus",
        "european",
        "eu",
        "ngo",
        "r&d",
        "hr",
        "pdf",
        "gdp",
        "llm",
    ]
)
_STARTS = frozenset(
    [
        "The",
        "This",
        "That",
        "These",
        "Those",
        "A",
        "An",
        "In",
        "On",
        "At",
        "For",
        "From",
        "By",
        "With",
        "To",
        "Of",
        "As",
        "And",
        "Or",
        "But",
        "If",
        "When",
        "While",
        "Where",
        "Their",
        "Its",
        "Our",
        "His",
        "Her",
        "Your",
        "My",
        "It",
        "They",
        "We",
        "He",
        "She",
        "There",
        "Here",
        "Through",
        "Under",
        "Over",
        "After",
        "Before",
        "Since",
        "During",
        "Within",
        "Both",
        "Each",
        "Every",
        "Many",
        "Most",
        "Some",
        "Such",
        "Other",
        "Another",
        "Several",
        "Key",
        "Various",
        "Also",
        "Additionally",
        "However",
        "For",
        "Example",
        "Including",
        "Like",
        "Beyond",
        "Between",
        "Among",
        "Using",
        "Based",
        "Similarly",
        "Furthermore",
        "Moreover",
        "Despite",
        "Although",
        "Initially",
        "Later",
        "Recently",
        "Currently",
        "Today",
        "Finally",
        "First",
        "Second",
        "Third",
        "One",
        "Two",
        "Three",
        "Creating",
        "Developing",
        "Launching",
        "Building",
        "Joining",
        "Establishing",
        "Promoting",
        "Supporting",
        "Implementing",
        "Adopting",
        "Introducing",
        "Use",
        "Uses",
        "Developed",
        "Created",
        "Launched",
        "Examples",
        "Existing",
        "New",
        "Former",
        "Alongside",
        "Across",
        "Around",
        "Against",
        "Without",
        "Within",
        "Until",
        "Unlike",
        "Whether",
        "Why",
        "How",
        "What",
    ]
)
_CAPITAL = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ"
_WORD = rf"(?:e-)?[{_CAPITAL}]\w*(?:[-'’./&+]\w+)*"
_LINK = r"(?:of|for|on|and|to|in|the|de|del|da|do|du|la|y|e|&)"
# A run of words in capitals, and what joins them. It begins at a capital, which few characters are.
_RUN = re.compile(rf"(?<![\w-]){_WORD}(?:[ \n](?:{_LINK}[ \n]){{0,2}}(?:{_WORD}|(?:19|20)\d\d(?!\d)))*")
_TOKEN = re.compile(r"[^\s]+")
_PARAGRAPH = re.compile(rf"\n(?=(?:{'|'.join(sorted(_STARTS))})(?!\w))")
_NEXT = re.compile(r"[ \n]([a-z]+)(?![\w'’-])(?![ \n]to[ \n])")
_YEAR_BEFORE = re.compile(r"(?<!\d)(?:19|20)\d\d[ \n]$")
_SENTENCE = re.compile(r"(?:^|[.!?:;•–—|]|\n)[\s\"“(]*$")
_POSSESSIVE = re.compile(r".*(?:['’]s|s['’])$")
_ARTICLE = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|['’]s)[ \n]$")
# Looked for at every mark, since an odd one (5" wide) must not make pairs of the wrong ones.
_QUOTED = re.compile(r"(?=[\"“]([^\"“”\n]{2,70})[\"”])")
# Blanks and line ends only: no rule may reach past a full stop or into the next text.
_GAP = r"[ \n]+"
_IS = re.compile(rf"[\"”]{_GAP}(?:\([^()\n]{{2,40}}\){_GAP})?(?:[a-z-]+{_GAP}){{0,2}}?{CUE}\b")
_IS_SMALL = re.compile(rf"[\"”]{_GAP}(?:(?!as\b)[a-z-]+{_GAP})?{_SMALL_CUE}\b")
_CALLED = re.compile(
    rf"\b(?:[Ii]nitiative|[Rr]eport|[Pp]rogramme|[Pp]rogram|[Pp]latform|[Pp]roject|[Cc]ampaign|[Tt]oolkit|[Pp]laybook),?{_GAP}$"
    rf"|\b{CUE},?{_GAP}(?:is{_GAP}|was{_GAP}|were{_GAP})?(?:called|named|titled|entitled|dubbed|branded|known{_GAP}as),?{_GAP}(?:the{_GAP})?$"
)
_LIKE = re.compile(rf"\b(?i:{CUE}),?{_GAP}(?:like|such{_GAP}as|including){_GAP}(?:the{_GAP})?$")
_CALLED_IT = re.compile(rf"\b(?:called|named|titled|entitled|dubbed|branded|known{_GAP}as),?{_GAP}(?:the{_GAP})?$")
_OWNED = re.compile(rf"\b[A-Z][\w.&-]*(?:['’]s|s['’]){_GAP}(?:new{_GAP}|own{_GAP})?$")
_DID = re.compile(
    rf"\b(?:launch|creat|develop|introduc|establish|pilot|publish|build|implement|releas|run|organi[sz]|host|initiat|start)(?:e|es|ed|s|ing)?{_GAP}"
    rf"(?:(?:a|an|the|its|their|our|new|first){_GAP}){{0,2}}$"
)
_EXAMPLE = re.compile(rf"\b(?:is|was|like|such{_GAP}as|e\.g\.,?|example,?|including)(?:{_GAP}(?:the|an?|its|their))?{_GAP}$")
_PAIR = re.compile(r"[\"”][ \n]\(([^()\n\"“”]{2,60})\)")
_LISTED = re.compile(r"[\"”](?:,|,?[ \n](?:and|or))[ \n](?=[\"“])")
_ACRONYM = re.compile(r"[ \n]\(([A-Z][A-Za-z0-9&-]{1,9})\)")
_LABEL_YEAR = re.compile(r"(.+?)[ \n]\((?:[^()]*[ \n])?(?:19|20)\d\d(?:[/–-]\d{2,4})?\)$")
_ANNOUNCES = re.compile(
    r"\b(?:initiatives|projects|programs|programmes|campaigns|platforms|tools|apps)\b[^.\n]{0,60}(?::|\binclude:?|\bincluding:?)\s*$", re.IGNORECASE
)
_OWNER_HEAD = re.compile(r"([^,:()]+?)(?:[ \n]\(([^()]+)\))?,[ \n](.+)$")
_REACH = 70
"""characters before a quotation mark that a rule may look at"""
_SMALL = frozenset(["a", "an", "and", "as", "at", "by", "de", "do", "for", "from", "in", "of", "on", "or", "the", "to", "vs", "vs.", "with", "&"])
LONGEST = 8
"""words"""


class _Name(NamedTuple):
    """A name where it stands: in which text, from where to where, by which rule, and of what it is another name."""

    at: int
    start: int
    end: int
    rule: str
    of: str = ""


class Initiatives:
    """The extractor of initiatives."""

    name = "initiatives"
    version = "2"
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
        written = texts(document)
        found = list(_discovered(document, written))
        if not found:
            return []
        return _placed(written, found)

    def find(self, text: str) -> list[Mention]:
        """List the initiatives that running text names.

        >>> [mention.surface for mention in Initiatives().find('The "Talk Cardiff" platform; later Talk Cardiff grew.')]
        ['Talk Cardiff', 'Talk Cardiff']
        """
        return [each.mention for each in _placed([text], list(_in_text(0, text, 0)))]


def _discovered(document: Document, written: list[str]) -> Iterator[_Name]:
    yield from _quotes(0, written[0])
    announced = -2
    for at, part in enumerate(document.parts, start=1):
        text = part.text
        if isinstance(part, Section):
            yield from _quotes(at, text)
            yield from _label(at, text) if part.level > 6 else _heading(at, text)
            continue
        yield from _in_text(at, text, len(part.label))
        if part.label:
            listed = announced == at - 1
            yield from _label(at, part.label, listed=listed)
            announced = at if listed else announced
        if _ANNOUNCES.search(text[-90:]):
            announced = at


def _in_text(at: int, text: str, label: int) -> Iterator[_Name]:
    yield from _quotes(at, text)
    yield from _runs(at, text, label)


# -- quotation marks -----------------------------------------------------------------------------


def _quotes(at: int, text: str) -> Iterator[_Name]:
    if '"' not in text and "“" not in text:
        return
    named: dict[int, str] = {}
    spans = [(match.start(), match.start(1), match.end(1)) for match in _QUOTED.finditer(text)]
    for mark, start, end in reversed(spans):
        name = text[start:end].strip(" ,.")
        rule = _quote_rule(text, mark, end, name)
        listed = _LISTED.match(text, end)
        if not rule and listed and named.get(listed.end()) in ("quote-cue", "small-quote") and len(name.split()) > 1:
            rule = named[listed.end()]
        if rule:
            named[mark] = rule
            start += text[start:end].index(name)
            yield _Name(at, start, start + len(name), rule)
            pair = _PAIR.match(text, end)
            if pair and _alias(pair[1]):
                yield _Name(at, pair.start(1), pair.end(1), "pair", name)


def _alias(text: str) -> bool:
    """Say whether what stands in parentheses after a name may be another name of it."""
    plain = not any(map(str.isdigit, text)) and "," not in text and len(text.split()) <= 6
    return plain and any(map(str.isupper, text)) and not _country(text)


def _quote_rule(text: str, start: int, end: int, name: str) -> str:
    """Name the rule that makes a name of what stands between two quotation marks, or nothing."""
    before = text[max(0, start - _REACH) : start]
    if is_name(name):
        if _IS.match(text, end):
            return "quote-cue"
        if _CALLED.search(before) or _LIKE.search(before):
            return "cue-quote"
        if _OWNED.search(before):
            return "owner-quote"
        if _DID.search(before) or _CALLED_IT.search(before):
            return "verb-quote"
        return "quoted" if len(name.split()) > 1 and _EXAMPLE.search(before) else ""
    if not name or name[-1] in "?!;:" or len(name.split()) > LONGEST or not name[0].isalnum():
        return ""
    if _PRAISE.match(name):
        return ""
    if (len(name.split()) > 1 and _IS_SMALL.match(text, end)) or (_CALLED.search(before) and _SMALL_BEFORE.search(before)):
        return "small-quote"
    words = name.split()
    if len(words) > 1 and (_OWNED.search(before) or _DID.search(before)) and (any(word in _CUES for word in words) or _PAIR.match(text, end)):
        return "small-quote"
    return ""


_PRAISE = re.compile(r"(?:very|really|so|too|more|most|not|quite|just|truly|highly|almost)[ \n]")
"""Words that describe and do not name."""
_SMALL_BEFORE = re.compile(rf"\b{_SMALL_CUE}[^.]*$")


def is_name(text: str) -> bool:
    """Say whether a quoted text is written as a name is: short, and its words in capitals, but for the small ones.

    >>> is_name("Future of Government"), is_name("digital by default"), is_name("We did it.")
    (True, False, False)
    """
    words = text.split()
    if not words or len(words) > LONGEST or text[-1] in ".?!:;" or not any(map(str.isalpha, text)):
        return False
    if text.casefold().endswith(("-like", "-ready", "-based", "-driven")):
        return False
    large = [word for word in words if word.casefold() not in _SMALL]
    return bool(large) and all(word[0].isupper() or word[0].isdigit() for word in large) and not large[0].isdigit()


# -- words in capitals ---------------------------------------------------------------------------


def _runs(at: int, text: str, label: int) -> Iterator[_Name]:
    """Find names in the runs of capitals of running text; what lies in a label proves nothing by its capitals."""
    for match in _RUN.finditer(text, label):
        run = match[0]
        following = _NEXT.match(text, match.end())
        cue_follows = following and following[1] in _CUES
        if not cue_follows and " " not in run and "\n" not in run:
            continue
        run = _PARAGRAPH.split(run, maxsplit=1)[0]
        tokens = [(each[0], match.start() + each.start(), match.start() + each.end()) for each in _TOKEN.finditer(run)]
        name = _named_by_run(text, tokens)
        if name:
            yield _Name(at, *name, "name-cue")
            yield from _acronym(at, text, *name)
        elif cue_follows and following:
            start = _begins(text, tokens, len(tokens))
            if start < len(tokens) and following[1] not in _WEAK_AFTER and _proper(text, tokens[start:]) and not _sort(tokens[start:], following[1]):
                span = (_year(text, tokens[start][1]), following.end(1))
                yield _Name(at, *span, "caps-cue")
                yield from _acronym(at, text, *span)


def _sort(words: list[tuple[str, int, int]], cue: str) -> bool:
    """Say whether an owner's letters and a cue only say whose thing it is: the ABCD report."""
    return cue in _SORTS and all(word.isupper() or _country(word) or word.casefold() in _GENERIC for word, _, _ in words)


def _named_by_run(text: str, tokens: list[tuple[str, int, int]]) -> tuple[int, int] | None:
    """Give the span of a name in a run that has a word such as Programme in it, if one does."""
    for at in range(len(tokens) - 1, -1, -1):
        word = tokens[at][0].casefold()
        if word not in _CUES or word == tokens[at][0]:
            continue
        if any(_OFFICE.fullmatch(each) for each, _, _ in tokens[:at]):
            return None
        start = _begins(text, tokens, at)
        end = at
        if word in _OPEN and at + 2 < len(tokens) and tokens[at + 1][0] in ("of", "on", "for", "to"):
            end = _goes_on(tokens, at)
        elif at + 1 < len(tokens) and tokens[at + 1][0][:4].isdigit() and len(tokens[at + 1][0]) == 4:
            end = at + 1
        elif at + 1 < len(tokens) and tokens[at + 1][0] not in _SMALL:
            return None  # Programme Office: the cue is not what the thing is
        before = tokens[start:at]
        if before and before[-1][0] in _SMALL:
            return None
        if end == at and not _proper(text, before):
            return None
        if not before and end == at:
            return None
        if end > at and len(tokens[start : end + 1]) < 3:
            return None
        return _year(text, tokens[start][1]) if start < at else tokens[start][1], tokens[end][2]
    return None


def _goes_on(tokens: list[tuple[str, int, int]], at: int) -> int:
    """Find where a name ends that goes on after its cue: Declaration on Open Data."""
    end = at
    for place in range(at + 1, len(tokens)):
        word = tokens[place][0]
        if word in ("in", "to") and place > at + 1:
            break
        if word not in _SMALL:
            end = place
            if _POSSESSIVE.match(word):
                break
    return end


def _begins(text: str, tokens: list[tuple[str, int, int]], end: int) -> int:
    """Find the first token of a name whose last words are given: after an owner, a place, a word that only opens a sentence."""
    start = 0
    whole = bool(_ARTICLE.search(text[max(0, tokens[0][1] - 8) : tokens[0][1]]))
    for at in range(end):
        word = tokens[at][0]
        if (
            (_POSSESSIVE.match(word) and at + 1 < end and tokens[at + 1][0] not in _SMALL)
            or (word in ("in", "from", "with", "to") and not whole)
            or (word == "and" and at == start + 1 and (tokens[start][0].isupper() or _country(tokens[start][0])))
        ):
            start = at + 1
        elif at == start == 0 and at + 1 < end and tokens[at + 1][0] == "the" and _SENTENCE.search(text[max(0, tokens[at][1] - 6) : tokens[at][1]]):
            start = at + 2
        elif at == start and (word in _SMALL or (word in _STARTS and _SENTENCE.search(text[max(0, tokens[at][1] - 6) : tokens[at][1]]))):
            start = at + 1
    while start < end and tokens[start][0] in _SMALL | {"The"}:
        start += 1
    return start


def _year(text: str, start: int) -> int:
    match = _YEAR_BEFORE.search(text[max(0, start - 6) : start])
    return start - len(match[0]) if match else start


def _proper(text: str, words: list[tuple[str, int, int]]) -> bool:
    """Say whether words before a cue make a name of it: one of them at least is neither a sort, a country nor a number."""
    proper = [word for word, _, _ in words if word not in _SMALL and word.casefold() not in _GENERIC and not _country(word) and not word.isdigit()]
    if not proper:
        sorts = [word for word, _, _ in words if word not in _SMALL and not _country(word)]
        return len(sorts) > 1 + bool(_SENTENCE.search(text[max(0, words[0][1] - 6) : words[0][1]])) if words else False
    if len(words) == 1 and _SENTENCE.search(text[max(0, words[0][1] - 6) : words[0][1]]):
        return sum(map(str.isupper, words[0][0])) > 1
    return True


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    known = lexicon.read(ontology.path("countries.ttl"), "country")
    return frozenset(term.surface for group in known.terms.values() for term in group)


@lru_cache(maxsize=4096)
def _country(word: str) -> bool:
    return re.sub(r"['’]s?$", "", word) in _places()


def _acronym(at: int, text: str, start: int, end: int) -> Iterator[_Name]:
    match = _ACRONYM.match(text, end)
    if match and stands_for(match[1], text[start:end]):
        yield _Name(at, match.start(1), match.end(1), "acronym", text[start:end])


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


# -- headings and labels ---------------------------------------------------------------------------


def _heading(at: int, text: str) -> Iterator[_Name]:
    match = _OWNER_HEAD.match(text)
    if not match or not is_name(match[1]) or len(match[1].split()) < 2:
        return
    owner = match[3].strip()
    if " and " in owner or ("," in match[3] and not _country(match[3].rpartition(",")[2].strip())) or not is_name(owner):
        return
    if not _owner(owner):
        return
    yield _Name(at, match.start(1), match.end(1), "owner-head")
    if match[2] and stands_for(match[2], match[1]):
        yield _Name(at, match.start(2), match.end(2), "acronym", match[1])


_OFFICE = re.compile(
    r"Minist(?:er|ry)|Head|Director|Directorate|Department|Secretary|President|University|Agency|Office|Commission|Council|Professor|Author"
)
_BODY = re.compile(
    r"\b(?:Ministry|Department|Agency|Office|Council|Commission|University|Institute|City|Government|Bank|Authority|Lab|Centre|Center|Service|Municipality)\b"
)


def _owner(text: str) -> bool:
    return bool(_BODY.search(text)) or _country(text.rpartition(",")[2].strip())


def _label(at: int, label: str, *, listed: bool = False) -> Iterator[_Name]:
    match = _LABEL_YEAR.match(label)
    name = match[1] if match else re.sub(r"[ \n]*\([^()]*\)$", "", label)
    words = name.split()
    if not is_name(name) or (len(words) < 2 and "(" not in label) or _country(name):
        return
    last = words[-1].casefold()
    start = len(words[0]) + 1 if words[0] in ("The", "A", "An") else 0
    place = re.fullmatch(r".+?[ \n]\(([^()]+)\)", label)
    if match:
        rule = "label-year"
    elif place and _country(place[1]) and not _BODY.search(name):
        rule = "label-place"
    elif listed:
        rule = "listed"
    elif last in _LABEL_CUES and not any(word in _SMALL for word in words) and _proper(name, [(word, 9, 9) for word in words[start > 0 : -1]]):
        rule = "label-cue"
    else:
        return
    yield _Name(at, start, len(name), rule)


# -- from names to mentions --------------------------------------------------------------------------


def _placed(written: list[str], found: list[_Name]) -> list[Placed]:
    """Make mentions of names, and of their repetitions anywhere in the note."""
    keys: dict[str, str] = {}
    for each in found:
        surface = written[each.at][each.start : each.end]
        keys.setdefault(surface, normal(each.of or surface))
    mentions = {(each.at, each.start): _mention(written, keys, each) for each in found}
    for name in sorted(keys, key=lambda each: (-len(each), each)):
        if " " in name or name[1:] != name[1:].casefold():
            for at, text in enumerate(written):
                if name in text:
                    for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
                        again = _Name(at, match.start(), match.end(), "again")
                        mentions.setdefault((at, match.start()), _mention(written, keys, again))
    return _apart(Placed(at, mention) for (at, _), mention in sorted(mentions.items()))


def _mention(written: list[str], keys: dict[str, str], name: _Name) -> Mention:
    surface = written[name.at][name.start : name.end]
    return Mention("initiative", keys[surface], surface, name.start, name.end, name.rule)


def _apart(placed: Iterable[Placed]) -> list[Placed]:
    """Leave out what lies inside another name; the longer of two that begin together is kept."""
    kept: list[Placed] = []
    for each in sorted(placed, key=lambda one: (one.at, one.mention.start, -one.mention.end)):
        last = kept[-1] if kept else None
        if not last or each.at != last.at or each.mention.start >= last.mention.end:
            kept.append(each)
        elif _better(each.mention, last.mention):
            kept[-1] = each
    return kept


def _better(one: Mention, other: Mention) -> bool:
    return CONFIDENCE[one.rule] > CONFIDENCE[other.rule] and one.rule != "again"
