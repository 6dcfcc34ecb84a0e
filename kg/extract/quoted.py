"""Names of initiatives in quotation marks, by what is said before and after the marks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from kg.countries import is_country
from kg.extract.capitals import wordset
from kg.extract.lazily import pattern
from kg.extract.nouns import ARTICLES, CUE, CUES, LONGEST, NAMING, SMALL_CUES, THING, is_cue, is_name, lowered, words_before
from kg.extract.page import Name

# Blanks and line ends only: no rule may reach past a full stop or into the next text.
_GAP = r"[ \n]+"
_IS = pattern(
    rf"[\"”]{_GAP}(?:\([^()\n]{{2,40}}\){_GAP})?(?:(?!(?:and|as|in|is|of|or|to|was|with)\b)[a-z-]+{_GAP}){{0,2}}?(?:{CUE}|publications?|reforms?|blueprint|pilots?|bot|consultation|hack)\b"
)
# In headings and labels the word has a capital, too. Not those that are as often said of a thought there: an Approach, a Challenge, a Framework.
_IS_TITLED = pattern(
    rf"[\"”]{_GAP}(?:Initiative|Program(?:me)?|Project|Campaign|Platform|App|Tool|Toolkit|Strategy|Plan|Scheme|Portal|Website|Hackathon|Festival|Award|Act|Lab)(?![\w-])"
)
_IS_SMALL = pattern(
    rf"[\"”]{_GAP}(?:(?!(?:and|as|in|of|to|with)\b)[a-z-]+{_GAP})?"
    r"(?:app|campaigns?|chatbot|challenge|hackathon|hashtag|initiative|platform|portal|program|programme|project|scheme|toolkit|website)(?![\w-]|[ \n]like)"
)
_APPOSED = pattern(
    rf"(?:,[\"”]|[\"”](?:{_GAP}\([^()\n]{{2,40}}\))?,){_GAP}(?:an?|the|its|their|[A-Z]\w+['’]s?){_GAP}(?:[\w-]+{_GAP}){{0,4}}?{THING}\b"
    rf"|[\"”]{_GAP}(?:is|was){_GAP}(?:an?|the|its|one{_GAP}of){_GAP}(?:[\w-]+{_GAP}){{0,4}}?{THING}\b"
)
_DOING = pattern(
    r"(?:launch|creat|develop|introduc|establish|pilot|publish|build|implement|releas|run|organi[sz]|host|initiat|start)(?:e|es|ed|s|ing)?"
)
_PAIR = pattern(r"[\"”][ \n]\(([^()\n\"“”]{2,60})\)")
_LISTED = pattern(r"[\"”](?:,|,?[ \n](?:and|or))[ \n](?:the[ \n])?(?=[\"“])")
_PRAISE = pattern(r"(?:very|really|so|too|more|most|not|quite|just|truly|highly|almost)[ \n]")
"""Words that describe and do not name."""


def quotes(text: str) -> Iterator[Name]:
    """Find names in quotation marks, and the other names in parentheses after them."""
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
    return may_be and any(map(str.isupper, text)) and not is_country(text)


def _quote_rule(text: str, start: int, end: int, name: str) -> str:
    """Name the rule that makes a name of what stands between two quotation marks, or nothing."""
    capitals = is_name(name)
    if capitals:
        if _IS.match(text, end) or _IS_TITLED.match(text, end):
            return "quote-cue"
        if _APPOSED.match(text, end - (text[end - 1] == ",")):
            return "quote-is"
        rule = _said_before(words_before(text, start))
        return rule if rule != "quoted" or " " in name else ""
    if not name or name[-1] in "?!;:" or len(name.split()) > LONGEST or not name[0].isalnum() or _PRAISE.match(name):
        return ""
    if " " in name and _IS_SMALL.match(text, end):
        return "small-quote"
    before = words_before(text, start)
    rule = _said_before(before)
    if rule == "cue-quote":
        return "small-quote" if before[-1] not in _LIKE and any(lowered(word) in SMALL_CUES for word in before[-4:]) else ""
    words = name.split()
    if rule in ("owner-quote", "verb-quote") and len(words) > 1 and (any(word in CUES for word in words) or _PAIR.match(text, end)):
        return "small-quote"
    return ""


_LIKE = wordset("like as including the a an")


def _said_before(words: list[str]) -> str:
    """Name the rule that lets the words before a quoted name make it one."""
    at = len(words) - 1
    while at >= 0 and words[at] in ARTICLES:
        at -= 1
    if at < 0:
        return ""
    last, other = words[at], words[at - 1] if at else ""
    whole = at == len(words) - 1
    if whole and (is_cue(last) or (last == "on" and is_cue(other))):
        return "cue-quote"
    if last[-2:] in ("'s", "’s", "s'", "s’") and last[0].isupper() and words[-1] not in ("a", "an", "the", "its", "their"):
        return "owner-quote"
    plain = lowered(last)
    if plain in NAMING or (plain == "as" and other == "known"):
        before = [word for word in words[max(0, at - 3) : at] if word not in ("is", "was", "were", "known")]
        return "cue-quote" if before and is_cue(before[-1]) else "verb-quote"
    if plain in ("like", "including") or (plain == "as" and other == "such"):
        return "cue-quote" if is_cue(words[at - 2] if plain == "as" and at > 1 else other) else "quoted"
    if _does(last.casefold()):
        return "verb-quote"
    return "quoted" if plain in ("is", "was", "e.g.", "example") else ""


@lru_cache(maxsize=2048)
def _does(word: str) -> bool:
    return bool(_DOING.fullmatch(word))
