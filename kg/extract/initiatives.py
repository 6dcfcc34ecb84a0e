"""Initiatives by the quotation marks that authors put around their names.

Only rules that are right nine times in ten make facts; what is less sure is left out. A name that
one of them finds is then found wherever else the note has it.

    quote-cue     the "Talk Cardiff" platform
    cue-quote     a platform called "Talk Cardiff"
    owner-quote   Cardiff's "Talk Cardiff"

Measured on the annotated development notes: see docs/decisions/0008-initiatives.md.
"""

from __future__ import annotations

import re

from kg.model import Mention
from kg.names import slug

CUE = (
    r"(?:act|app|award|campaign|challenge|chatbot|competition|framework|fund|game|guide|hackathon|handbook|initiative|lab|law|method"
    r"|methodology|model|movement|network|plan|platform|playbook|portal|program|programme|project|scheme|service|strategy|system|tool"
    r"|toolkit|website)s?"
)
# Looked for at every mark, since an odd one (5" wide) must not make pairs of the wrong ones.
_QUOTED = re.compile(r"(?=[\"“]([^\"“”\n]{2,70})[\"”])")
# Blanks and line ends only: a note's texts are searched as one, and no rule may reach into the next.
_GAP = r"[ \n]+"
_IS = re.compile(rf"[\"”]{_GAP}(?:[a-z]+{_GAP})?{CUE}\b")
_CALLED = re.compile(rf"\b{CUE},?{_GAP}(?:called|named|titled|entitled|dubbed|branded|known{_GAP}as),?{_GAP}(?:the{_GAP})?$")
_OWNED = re.compile(rf"\b[A-Z][\w.&-]*(?:['’]s|s['’]){_GAP}(?:new{_GAP}|own{_GAP})?$")
_REACH = 60
"""characters before a quotation mark that a rule may look at"""
_SMALL = frozenset(["a", "an", "and", "as", "at", "by", "de", "do", "for", "from", "in", "of", "on", "or", "the", "to", "vs", "vs.", "with"])
LONGEST = 8
"""words"""


class Initiatives:
    """The extractor of initiatives."""

    name = "initiatives"
    version = "1"
    seams = True

    def find(self, text: str) -> list[Mention]:
        """List the initiatives that a text names.

        >>> [mention.surface for mention in Initiatives().find('The "Talk Cardiff" platform; later Talk Cardiff grew.')]
        ['Talk Cardiff', 'Talk Cardiff']
        """
        if '"' not in text and "“" not in text:
            return []
        found: dict[int, Mention] = {}
        for match in _QUOTED.finditer(text):
            name = match[1].strip(" ,")
            rule = _rule(text, match.start(), match.end(1)) if is_name(name) else ""
            if rule:
                start = match.start(1) + match[1].index(name)
                found.setdefault(start, _mention(name, start, rule))
        for name in sorted({each.surface for each in found.values() if " " in each.surface}):
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                found.setdefault(match.start(), _mention(name, match.start(), "again"))
        return _apart(sorted(found.values(), key=lambda each: (each.start, -each.end)))


def _rule(text: str, start: int, end: int) -> str:
    """Name the rule that makes a name of what stands between two quotation marks, or nothing."""
    if _IS.match(text, end):
        return "quote-cue"
    before = text[max(0, start - _REACH) : start]
    if _CALLED.search(before):
        return "cue-quote"
    return "owner-quote" if _OWNED.search(before) else ""


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


def _mention(name: str, start: int, rule: str) -> Mention:
    return Mention("initiative", slug(name), name, start, start + len(name), rule)


def _apart(mentions: list[Mention]) -> list[Mention]:
    """Leave out what lies inside another name."""
    kept: list[Mention] = []
    for each in mentions:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept
