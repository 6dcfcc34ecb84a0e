"""How the things that a note names belong together, read from its sentences and its structure.

What a sentence says in so many words comes first (kg.extract.phrases), then what stands over it: the
bold label of its bullet, the line that announces its list, the bullet and the headings around. The
names of the rules are those of the property, and after a hyphen what they go by; an initiative's
country has no prefix, its organisation (lead), the country of an organisation (home), the
organisation of a person (job) and the theme of an initiative have one.

    owner      Ghana's "Open Door"               lead-owner     the Tide Council's "Open Door"
    adjective  the Ghanaian "Open Door" scheme   lead-does      the Tide Council launched "Open Door"
    does       Ghana launched "Open Door"        lead-its       the Tide Council works on its "Open Door"
    uses       Ghana tested "Open Door"          lead-by        "Open Door", run by the Tide Council
    place      the "Open Door" scheme in Ghana   lead-of        the "Open Door" scheme of the Tide Council
    done       "Open Door" was piloted in Ghana  lead-name      the Tide Council Playbook
    is         "Open Door", a Ghanaian scheme    lead-they      (of the Tide Council) They run "Open Door".
    with       "Open Door", together with Ghana  home-name      Tide Council of Ghana
    opener     In Ghana, ... "Open Door" ...     home-capital   City of Accra
    clause     Ghana ... "Open Door" ...         home-owner     Ghana's Tide Council, the Ghanaian Tide Council
    near       ... Ghana ... "Open Door" ...     home-among     Ghanaian bodies such as the Tide Council
    name       Ghana Open Door                   home-is        the Tide Council, a Ghanaian body
                                                 home-part      the Tide Lab in the Tide Council of Ghana
    brackets   Open Door (Ghana)                 home-opener    In Ghana, the Tide Council ...
    title      ### Open Door, Ghana              job-of         Ama Owusu of the Tide Council
    label      **Ghana**: ... "Open Door"        job-role       Ama Owusu, director of the Tide Council
    list       In Ghana: / * "Open Door"         job-brackets   Ama Owusu (Tide Council)
    parent     * **Ghana** / * "Open Door"       job-comma      Ama Owusu, Tide Council
    heading    ### Ghana ... "Open Door"         job-team       Ama Owusu's team at the Tide Council
    above      ## Ghana ### Steps "Open Door"    job-title      Tide Council director Ama Owusu
    far        the same, where the note speaks   theme-label    **Open data**: ... "Open Door"
               of "Open Door" elsewhere as well  theme-name     the Open Data Portal (and a theme "open data")
    this       This programme, run in Ghana      theme-aim      "Open Door" aims at open data
    topic      ### Open Door ... Ghana took part

``place``, ``brackets``, ``title``, ``label`` and so on are the same with a prefix.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from kg.extract.lazily import pattern
from kg.extract.nouns import CUE
from kg.extract.phrases import MAKES, SUBJECT, Thing, Unit, Words, in_longer_name, joined, pairs, words
from kg.model import Document, Mention, Passage, Relation

CONFIDENCE = {
    "owner": 0.95,
    "does": 0.95,
    "opener": 0.92,
    "place": 0.92,
    "title": 0.92,
    "adjective": 0.9,
    "brackets": 0.9,
    "name": 0.9,
    "topic": 0.85,
    "label": 0.85,
    "uses": 0.85,
    "parent": 0.8,
    "heading": 0.8,
    "list": 0.8,
    "this": 0.7,
    "done": 0.8,
    "is": 0.8,
    "with": 0.7,
    "clause": 0.7,
    "above": 0.6,
    "near": 0.5,
    "far": 0.5,
    "lead-owner": 0.93,
    "lead-does": 0.92,
    "lead-by": 0.92,
    "lead-name": 0.92,
    "lead-title": 0.9,
    "lead-of": 0.9,
    "lead-this": 0.88,
    "lead-parent": 0.8,
    "lead-list": 0.8,
    "lead-label": 0.75,
    "lead-heading": 0.75,
    "lead-they": 0.75,
    "lead-its": 0.7,
    "lead-above": 0.5,
    "lead-brackets": 0.5,
    "home-name": 0.95,
    "home-owner": 0.95,
    "home-place": 0.93,
    "home-brackets": 0.92,
    "home-is": 0.93,
    "home-title": 0.9,
    "home-capital": 0.85,
    "home-among": 0.85,
    "home-part": 0.85,
    "home-opener": 0.8,
    "home-label": 0.8,
    "home-heading": 0.8,
    "home-parent": 0.75,
    "home-list": 0.7,
    "home-above": 0.7,
    "job-of": 0.93,
    "job-role": 0.93,
    "job-brackets": 0.93,
    "job-comma": 0.85,
    "job-team": 0.85,
    "job-title": 0.85,
    "theme-label": 0.6,
    "theme-name": 0.7,
    "theme-aim": 0.6,
}
"""Precision of each rule where the things themselves are right (docs/decisions/0009-relations.md)."""


class _Around(NamedTuple):
    """What stands over a sentence: the rule that it gives, its words, and the section that it opens (-1: it opens none)."""

    rule: str
    words: Words
    section: int = -1


_HEADING = 6
"""Level of the deepest heading; the sections below are bullets with a bold label and a list of their own."""
_REACH = 160
"""characters before a name that may say how it is meant"""
_STARTS = 5
"""A unit that begins before this is the subject of its sentence: only "The " and the like stand before it."""
_PREFIX = {
    ("initiative", "country"): "",
    ("initiative", "organisation"): "lead-",
    ("organisation", "country"): "home-",
    ("person", "organisation"): "job-",
}
_SUBJECTS = frozenset(("initiative", "organisation", "person"))
_WORLD = pattern(
    r"(?:[Tt]he )?(?:OECD|EU|European|UN|UNDP|UNESCO|UNICEF|WHO|ILO|IMF|WTO|NATO|World|United Nations|Inter-American|African Union|Council of Europe|"
    r"International|Global|Organi[sz]ation for)\b"
)
"""Bodies of no one country, and what is theirs."""
_NATIONAL = pattern(
    r"\b(?:Ministry|Department|Secretariat|Directorate|Office|Agency|Government|Parliament|Commission|Authority|Institute|Presidency|Administration|"
    r"Chancellery|Service|Municipality|City|Treasury|National)\b"
)
"""Bodies that a heading about a country places there."""
_STOP = pattern(r"[.!?][\"”')\]]*\s+(?=[\"“'(\[]?[A-Z0-9])")
_SHORT = pattern(r"(?:\b(?:e\.g|i\.e|Dr|Mr|Ms|Mrs|St|No|vs|Prof|approx|etc|cf|Vol)|\b[A-Z])\.$")
_LABEL_ENDS = pattern(r"[:.–—-]|\s?$|\s[:–—A-Z\"“(\[0-9-]")
_BETWEEN = pattern(rf"(?:\s{CUE})?(?:,|:|\s[-–—|]|\s\()\s?(?:the\s)?", re.IGNORECASE)
_PART = pattern(r"\s(?:in|of|at|within|under)\s(?:the\s)?")
_OPENER = pattern(r"(?:(?:[A-Z][a-z]+(?:\s[a-z]+){0,2}),\s)?(?:In|Across|Within|From)\s(?:the\s)?")
_INSIDE = pattern(r"\s(?:in|across|within|for)\s(?:the\s)?$")
_THIS = pattern(rf"(?:The|This|Its|Their)\s(?:[a-z-]+\s)?{CUE}\b")
_THEY = pattern(r"(?:They|It|Their|Its)\b")
_MADE = pattern(rf"(?:,\s[^,.;:]{{3,90}},)?(?:\s(?:has|have|is|are|was|were|also|[a-z]+ly)){{0,3}}\s{MAKES}\s")
_RAN_IN = pattern(
    r"(?:launched|implemented|piloted|tested|adopted|rolled\sout|introduced|used|replicated|expanded|run|running|applied)\s(?:in|to|across|by)\s(?:the\s)?$"
)
_TOOK_PART = pattern(r",?(?:\s(?:has|have|also|all|already))?\s(?:participat|took\spart|pilot|adopt|implement|used|tested|appl)")
_CITED = pattern(
    r"(?:\bother\s[\w\s-]*\b(?:like|such\sas)|alongside|compared\s(?:to|with)|based\son|rooted\sin|following|(?:support|fund|financ|inspir)ed\sby|"
    r"highlighted\sin|according\sto|part\sof|aligned\swith|in\sline\swith|similar\sto|followed|follows|using\s[\w\s-]*\blike)\s(?:[\w-]+\s){0,3}[\"“]?$"
    r"|\b(?:[Mm]embers?(?:hip)?\s(?:in|of)|[Jj]oin\w*|[Pp]articipat\w+\sin|[Pp]artner\w*\swith|[Ss]ign\w*)\s(?:the\s)?[\"“]?$"
)
"""What stands before a name that is only cited or joined."""
_TAKEN = pattern(
    r"\b(?:us(?:e|es|ed|ing)|adopt\w*|appl(?:y|ied|ies|ying)|follow\w*|support\w*|fund\w*)\b|\b(?:from|with|under|within|by|via)\s(?:the\s)?[\"“]?$"
)
"""What stands before an initiative that need not be led by those who are talked about."""
_AIMS = pattern(
    r"[^.;:]{0,60}?\b(?:aim(?:s|ed|ing)?\s(?:at|to)|focus(?:es|ed|ing)?\son|promot(?:es|ed|ing|e)|improv(?:e|es|ing)|foster(?:s|ing)?|address(?:es|ing)?|"
    r"tackl(?:es|ing|e)|enhanc(?:e|es|ing)|strengthen(?:s|ing)?|facilitat(?:e|es|ing)|tools?\sfor)\s"
)
_ITSELF = pattern(r"\s(?:initiative|program|programme|project|campaign|platform|app|scheme|portal|partnership|network)s?$")
"""What makes an initiative of a body's name without making that body its leader."""


def relations(document: Document, mentions: Sequence[Sequence[Mention]]) -> list[Relation]:
    """List what a note says of the things it names; ``mentions`` are those of each of its texts, in reading order.

    >>> from kg import extract, markdown
    >>> from kg.model import Note
    >>> document = markdown.read(Note("a.md", 'Ghana\\'s "Open Door" grew.', ""))
    >>> named = extract.named(document, extract.builtin())
    >>> said = relations(document, named.mentions)
    >>> [(each.subject.surface, each.property, each.object.key, each.rule) for each in said]
    [('Open Door', 'country', 'GH', 'owner')]
    """
    reader = _Reader(document, mentions)
    return reader.read() if any(_SUBJECTS & named for named in reader.named.values()) else []


class _Reader:
    """What a note says, as it is found."""

    def __init__(self, document: Document, mentions: Sequence[Sequence[Mention]]) -> None:
        self.document, self.mentions = document, mentions
        self.found: dict[tuple[int, str, str, str, str], Relation] = {}
        self.rules: dict[tuple[int, str, str, str], set[str]] = defaultdict(set)  # by the text, the subject and the kind of the object
        self.places: dict[str, set[int]] = defaultdict(set)  # sections that name an initiative or an organisation
        self.themes: dict[str, Mention] = {}  # by their words, of which there are two at least
        self.worldly: set[str] = set()  # initiatives of bodies of no one country
        self.first = 1 + len(document.sections)
        self.named: dict[int, set[str]] = {}  # kinds, by the texts that name something
        kinds = defaultdict(set)
        for at, said in enumerate(mentions):
            if said:
                self.named[at] = {each.kind for each in said}
            for each in said:
                kinds[each.kind].add(each.key)
                if each.kind == "theme":
                    self.themes |= {name.replace("\n", " ").casefold(): each for name in (each.key, each.surface) if " " in name}
                elif at >= self.first and each.kind in ("initiative", "organisation"):
                    self.places[each.key].add(document.passages[at - self.first].section)
        self.twins = kinds["initiative"] & kinds["organisation"]
        headed = [document.title, *(section.text for section in document.sections)]
        self.heads = [
            self.row(text, [Thing(each, at, each.start, each.end) for each in said]) if said else Words(text, ())
            for at, (text, said) in enumerate(zip(headed, mentions, strict=False))
        ]
        self.over: dict[int, list[_Around]] = {}  # by section, as far as asked for

    def row(self, text: str, things: Sequence[Thing], *, bodies: bool = False) -> Words:
        """Make units of a text, in which what is an initiative and an organisation is only one of the two."""
        other = "initiative" if bodies else "organisation"
        return words(text, [each for each in things if each.mention.kind != other or each.mention.key not in self.twins] if self.twins else things)

    def read(self) -> list[Relation]:
        for at, row in enumerate(self.heads):
            if row.units and (at == 0 or self.document.sections[at - 1].level <= _HEADING):
                self.heading(row)
        intro: _Around | None = None
        passages = self.document.passages
        for begin, end in _blocks(passages):
            telling = self.telling(begin, end)
            if not (telling or intro):  # five paragraphs in six
                continue
            first, last = passages[begin], passages[end - 1]
            if intro:
                passed = passages[begin - 1]
                gap = first.line - passed.line - passed.text.count("\n")
                if first.section != passed.section or gap > 1 + passed.text.endswith(":"):  # a list may stand after a blank line, but has none in it
                    intro = None
            ended = self.block(begin, end, intro) if telling else None
            if last.text.endswith(":"):
                intro = _Around("list", ended) if ended else None
        return list(self.found.values())

    def telling(self, begin: int, end: int) -> bool:
        """Say whether passages name what something can be said of, or a country for what is named around them."""
        named = {kind for at in range(self.first + begin, self.first + end) if at in self.named for kind in self.named[at]}
        if named & _SUBJECTS or "country" not in named:
            return bool(named & _SUBJECTS)
        section, text = self.document.passages[begin].section, self.document.passages[end - 1].text
        return text.endswith(":") or any(each.words.of("initiative") for each in self.around(section))

    def say(self, subject: Thing, thing: Thing, rule: str, at: int | None = None) -> None:
        one, other = subject.mention, thing.mention
        where = subject.at if at is None else at
        key = (where, one.kind, one.key, other.kind, other.key)
        if one.key != other.key and (key not in self.found or CONFIDENCE[self.found[key].rule] < CONFIDENCE[rule]):
            self.found[key] = Relation(where, one, other.kind, other, rule, CONFIDENCE[rule])
            self.rules[key[:4]].add(rule)
            if other.kind == "organisation" and _WORLD.match(other.surface):
                self.worldly.add(one.key)

    def said(self, thing: Thing, kind: str) -> set[str]:
        return self.rules.get((thing.at, thing.mention.kind, thing.mention.key, kind), set())

    # -- headings and labels

    def heading(self, row: Words) -> None:
        """Read names that stand side by side in a heading or a label: an initiative, its owner, its place."""
        self.phrases(row)
        for left, right in pairwise(row.units):
            if frozenset((left.kind, right.kind)) in SUBJECT and left.end <= right.start and _BETWEEN.fullmatch(row.text, left.end, right.start):
                self.beside(left, right)
        kinds = [each.kind for each in row.units]
        if kinds == ["initiative", "organisation", "country"]:
            self.beside(row.units[0], row.units[2])
        elif kinds == ["initiative", "organisation"]:
            for each in _homes(row):
                for one in row.units[0].things:
                    self.say(one, each, "title")

    def beside(self, left: Unit, right: Unit) -> None:
        for one, other, _ in pairs(left, right, ""):
            prefix = _PREFIX[one.mention.kind, other.mention.kind]
            if prefix != "home-" or not _WORLD.match(one.mention.surface):
                self.say(one, other, prefix + "title")

    # -- paragraphs and bullets

    def block(self, begin: int, end: int, intro: _Around | None) -> Words | None:
        """Read a paragraph or a bullet, and give its last sentence."""
        text = ""
        things: list[Thing] = []
        first = self.document.passages[begin]
        for at, passage in enumerate(self.document.passages[begin:end], self.first + begin):
            text += " " if text else ""
            things += [Thing(each, at, each.start + len(text), each.end + len(text)) for each in self.mentions[at]]
            text += passage.text
        around = [*([intro] if intro else ()), *self.around(first.section)]
        label = len(first.label)
        if label and _LABEL_ENDS.match(text[label : label + 3]):
            row = self.row(text[:label], [each for each in things if each.end <= label])
            self.heading(row)
            self.sentence(row, None, around, None)
            around.insert(0, _Around("label", row))
        else:
            label = 0
        return self.sentences(text, things, label, around)

    def around(self, section: int) -> list[_Around]:
        """List what stands over the passages of a section, the nearest first."""
        if section not in self.over:
            self.over[section] = list(self.above(section))
        return self.over[section]

    def above(self, section: int) -> Iterator[_Around]:
        rule = "heading"
        while section >= 0:
            inner = self.document.sections[section].level > _HEADING
            yield _Around("parent" if inner else rule, self.heads[section + 1], section)
            rule = rule if inner else "above"
            section = self.document.sections[section].parent

    def sentences(self, text: str, things: list[Thing], start: int, around: list[_Around]) -> Words | None:
        before: Words | None = None
        subject: Thing | None = None
        starts = [each.start for each in things]
        for begin, end in _cuts(text, things, start):
            inside = things[bisect_left(starts, begin) : bisect_left(starts, end)]
            here = [Thing(each.mention, each.at, each.start - begin, each.end - begin) for each in inside]
            row = self.row(text[begin:end], here)
            they = bool(_THEY.match(row.text))
            if row.units:
                self.phrases(row)
                self.sentence(row, before, around, subject if they else None)
                self.topic(row, before, around)
                if any(each.mention.key in self.twins for each in here):
                    twin = self.row(text[begin:end], here, bodies=True)
                    self.phrases(twin)
                    self.bodies(twin, around)
            if not they:
                bodies = row.of("organisation")
                subject = bodies[0].things[0] if bodies and bodies[0].start < _STARTS else None
            before = row
        return before

    def phrases(self, row: Words) -> None:
        """Read what stands between two names, and names within names."""
        for inner, outer in row.inside:
            self.name(inner, outer)
        for one, other, rule in joined(row):
            if not (rule.startswith("home") and _WORLD.match(one.mention.surface)):
                self.say(one, other, rule)
        for left, right in pairwise(row.units):
            if left.kind == right.kind == "organisation" and _PART.fullmatch(row.text, left.end, right.start):
                for inner, outer in row.inside:
                    if inner.mention.kind == "country" and outer is right.things[0]:
                        self.say(left.things[-1], inner, "home-part")

    def name(self, inner: Thing, outer: Thing) -> None:
        match (inner.mention.kind, outer.mention.kind):
            case ("country", "organisation") if _capital(outer.mention.surface):  # not the Danish government, which is no name
                self.say(outer, inner, "home-capital" if inner.mention.rule == "capital" else "home-name")
            case ("country", "initiative"):
                self.say(outer, inner, "name")
            case ("organisation", "initiative") if inner.start == outer.start and not _ITSELF.match(
                outer.mention.surface, len(inner.mention.surface)
            ):
                self.say(outer, inner, "lead-name")

    # -- what a sentence leaves open

    def sentence(self, row: Words, before: Words | None, around: list[_Around], subject: Thing | None) -> None:
        for unit in row.of("initiative"):
            for each in unit.things:
                self.initiative(row, unit, each, around, subject)
                self.theme(row, unit, each)
                if before is None and around and around[0].rule == "label":
                    self.labelled(each, around[0])
        self.bodies(row, around)

    def initiative(self, row: Words, unit: Unit, each: Thing, around: list[_Around], subject: Thing | None) -> None:
        """Look around for the country and the organisation of an initiative, where no phrase gave them."""
        countries, ahead = row.of("country"), row.text[max(0, unit.start - _REACH) : unit.start]
        world = bool(_WORLD.match(each.mention.surface))
        if _CITED.search(ahead):
            return
        if not self.said(each, "country"):
            if not countries:
                self.context(each, "country", around, "")
            elif not world and each.mention.key not in self.worldly:
                self.near(row, unit, each, countries)
        owned = self.said(each, "country") & {"owner", "adjective", "does", "uses"}
        if world or owned or self.said(each, "organisation") or row.of("organisation") or _TAKEN.search(ahead):
            return
        if not subject:
            self.context(each, "organisation", around, "lead-")
        elif len(self.places[each.mention.key]) <= 1:
            self.say(each, subject, "lead-they")

    def near(self, row: Words, unit: Unit, each: Thing, countries: list[Unit]) -> None:
        """Take the country of the same sentence, if one can be meant."""
        first = countries[0]
        ahead = first.end <= unit.start
        gap = row.text[first.end : unit.start] if ahead else row.text[unit.end : first.start]
        plain = all(one.mention.rule in ("name", "abbreviation") for one in first.things) and gap.count("(") == gap.count(")")
        if ahead and _OPENER.fullmatch(row.text, 0, first.start):
            rule = "opener"
        elif ahead and first.start < _STARTS and plain:
            rule = "clause"
        elif plain and len(countries) == len(row.of("initiative")) == len(first.things) == 1 and (ahead or _INSIDE.search(gap)):
            rule = "near"
        else:
            return
        if rule != "near" or not in_longer_name(row.text, first):
            for one in first.things:
                self.say(each, one, rule)

    def bodies(self, row: Words, around: list[_Around]) -> None:
        """Look around for the country of an organisation, where no phrase gave it."""
        bodies, countries = row.of("organisation"), row.of("country")
        opener = countries[0] if bodies and countries and _OPENER.fullmatch(row.text, 0, countries[0].start) else None
        for unit in bodies:
            for each in unit.things:
                if self.said(each, "country") or _WORLD.match(each.mention.surface):
                    continue
                if opener and opener.end < unit.start <= opener.end + 40:
                    self.say(each, opener.things[0], "home-opener")
                else:
                    national = bool(_NATIONAL.search(each.mention.surface))
                    self.context(each, "country", [one for one in around if national or one.rule == "label" or _bare(one.words)], "home-")

    def context(self, thing: Thing, kind: str, around: list[_Around], prefix: str) -> None:
        """Take what the nearest label or heading names, if that is one thing and the note does not speak of ours elsewhere."""
        for each in around:
            row = each.words
            if any(one.mention.key == thing.mention.key for unit in row.units for one in unit.things):
                return
            units = [one for one in row.of(kind) if one.start < _STARTS or each.rule != "list" or kind == "country"]
            things = [one for unit in units for one in unit.things] or (_homes(row) if kind == "country" else [])
            if not things:
                continue
            if kind == "organisation" and " | " in row.text:
                return  # the title of a video
            local = self.local(thing, each)
            if (each.rule == "label" or len({one.mention.key for one in things}) == 1) and (local or not prefix):
                for one in things if kind == "country" else things[:1]:
                    self.say(thing, one, prefix + each.rule if local else "far")
            return

    def local(self, thing: Thing, around: _Around) -> bool:
        """Say whether the note speaks of something under one label or heading only."""
        places = self.places[thing.mention.key]
        return len(places) <= 1 if around.section < 0 else all(self.under(place, around.section) for place in places)

    def under(self, section: int, top: int) -> bool:
        while section >= 0 and section != top:
            section = self.document.sections[section].parent
        return section == top

    # -- themes

    def theme(self, row: Words, unit: Unit, each: Thing) -> None:
        """Find the longest theme in an initiative's name, and the first that it is said to be for."""
        surface = each.mention.surface
        name, after = surface.casefold(), row.text[unit.end : unit.end + 120].casefold()
        inside = [words for words in self.themes if words in name and len(words) < len(name)] if _capital(surface) else []
        if inside:
            self.say(each, each._replace(mention=self.themes[max(inside, key=len)]), "theme-name")
        match = _AIMS.match(after) if self.themes else None
        if match:
            aims = [(after.find(words, match.end()), -len(words), words) for words in self.themes if words in after[match.end() :]]
            if aims:
                self.say(each, each._replace(mention=self.themes[min(aims)[2]]), "theme-aim")

    def labelled(self, each: Thing, label: _Around) -> None:
        """Take the label of a bullet for the theme of the initiative that it tells of, and that somebody runs."""
        if self.local(each, label) and (self.said(each, "country") or self.said(each, "organisation")):
            for theme in label.words.themes:
                if theme.mention.surface.casefold().rstrip("s") != each.mention.surface.casefold().rstrip("s"):
                    self.say(each, theme, "theme-label")

    # -- what is said of an initiative that the sentence does not name

    def topic(self, row: Words, before: Words | None, around: list[_Around]) -> None:
        """Read a sentence for the initiative that a label, a heading or the sentence before names."""
        match, countries = _THIS.match(row.text), row.of("country")
        first = before is None and bool(around) and around[0].rule == "label"
        if not row.units or row.of("initiative") or not (match or countries or first):
            return
        over = next((each for each in around if each.words.of("initiative")), None)
        topic = _only(over.words) if over else None
        if match and (thing := (before and _only(before)) or topic):
            self.meant(row, thing, match.start(), match.end())
        if not topic or not over:
            return
        if first and over.rule == "label":
            self.described(row, topic)
        for unit in countries:
            if _RAN_IN.search(row.text, max(0, unit.start - _REACH), unit.start) or _TOOK_PART.match(row.text, unit.end):
                for one in unit.things:
                    self.say(topic, one, "topic", one.at)

    def meant(self, row: Words, thing: Thing, start: int, end: int) -> None:
        """Read a sentence some words of which stand for an initiative."""
        unit = Unit("initiative", (thing._replace(at=row.units[0].things[0].at),), start, end)
        for one, other, rule in joined(Words(row.text, (unit, *(each for each in row.units if each.start >= end)))):
            if one.mention.kind == "initiative":
                self.say(one, other, "lead-this" if rule.startswith("lead") else "this")

    def described(self, row: Words, topic: Thing) -> None:
        """Read what follows a label: who made the thing, or what it is, as if the label stood before a comma."""
        first = row.units[0]
        if first.kind in ("organisation", "country") and first.start < _STARTS and _MADE.match(row.text, first.end):
            self.say(topic, first.things[0], "lead-this" if first.kind == "organisation" else "this", first.things[0].at)
            return
        moved = tuple(each._replace(start=each.start + 2, end=each.end + 2) for each in row.units)
        self.meant(Words(f", {row.text[:1].lower()}{row.text[1:]}", moved), topic, 0, 0)


def _blocks(passages: Sequence[Passage]) -> Iterator[tuple[int, int]]:
    """Give where the passages of each paragraph or bullet begin and end: those that share a line."""
    begin = 0
    for end, (one, other) in enumerate(pairwise(passages), start=1):
        if one.line != other.line or one.section != other.section:
            yield begin, end
            begin = end
    if passages:
        yield begin, len(passages)


def _homes(row: Words) -> list[Thing]:
    """List the countries that stand in the names of organisations."""
    return [inner for inner, outer in row.inside if inner.mention.kind == "country" and outer.mention.kind == "organisation"]


def _capital(surface: str) -> bool:
    """Say whether the last word of a name has a capital; what a link shows may have no words."""
    return any(word[:1].isupper() for word in surface.split()[-1:])


def _bare(row: Words) -> bool:
    """Say whether a heading is the name of one thing and nothing but that."""
    return len(row.units) == 1 and row.units[0].start == 0 and row.units[0].end == len(row.text)


def _only(row: Words) -> Thing | None:
    """Give the initiative that words name, if they name one."""
    things = {one.mention.key: one for unit in row.of("initiative") for one in unit.things}
    return next(iter(things.values())) if len(things) == 1 else None


def _cuts(text: str, things: list[Thing], start: int) -> Iterator[tuple[int, int]]:
    """Cut a text into sentences, none of which ends inside a name."""
    stops = [
        match
        for match in _STOP.finditer(text, start)
        if text[match.start()] != "." or not _SHORT.search(text, max(0, match.start() - 8), match.start() + 1)
    ]
    starts = [each.start for each in things]
    reach = [0, *accumulate((each.end for each in things), max)]  # where the names end that begin before a place
    cuts = [start, *(stop.end() for stop in stops if reach[bisect_left(starts, stop.end())] <= stop.end()), len(text)]
    for begin, end in pairwise(cuts):
        while begin < end and text[begin] in ":. –—-\n":
            begin += 1
        yield begin, end
