"""A named document becomes triples: the shape of the graph is here, that of links in `kg.citations`, of things in `kg.emission`.

    private   triples that only this note can say (its own IRI and those under it)
    shared    things that other notes may point at too, each with its full description
    facts     triples that notes share and that belong in this note's named graph as well

All three on two sides: what is **said** goes to the default graph; what is only **guessed** (a name
that rules are less sure of, a relation, and what names them) to the graph of suggestions. No triple
is on both.

Text in, text out: N-Triples lines, so that a store loads them as one string. What describes a shared
thing depends on the whole vault only, never on which note says it, so it does not matter who does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kg import corpus, entities, extract, names, statements
from kg.citations import Citer
from kg.clock import Evidence, Reading, settle
from kg.emission import Emission, receipt
from kg.entities import Entity
from kg.extract import Named
from kg.model import Mention, Mentioned, Passage, Stamp
from kg.standing import FACT
from kg.terms import (
    ABOUT,
    ALT_LABEL,
    AT,
    CHANNEL,
    CITES,
    DERIVED,
    EVIDENCE,
    IN_NOTE,
    IN_SECTION,
    INTEGER,
    LABEL,
    LINE,
    LINKS_TO,
    MENTIONS,
    NAMES,
    NOTE,
    PASSAGE,
    PATH,
    SECOND,
    SECTION,
    SOURCE,
    TEXT,
    TIMECODE,
    TYPE,
    VIDEO,
    YOUTUBE,
    literal,
    term,
)  # fmt: skip
from kg.timecodes import hms
from kg.world import World

VERSION = "11"
"""Changes whenever the same document would be written differently."""


def emit(named: Named, world: World) -> Emission:
    """Write one note as triples."""
    return _Writer(named, world).write()


class _Ground(NamedTuple):
    """Why a fact is claimed: the passage or section that says so, the rule, its precision, and whether that makes it one."""

    part: str
    rule: str
    share: float
    fact: bool


class _Writer(Citer):
    """The triples of one note as they are written."""

    def __init__(self, named: Named, world: World) -> None:
        self.named = named
        super().__init__(named.document, world)
        self.sections = [f"<{self.iri}#{names.escaped(each.anchor)}>" for each in self.document.sections]
        self.meaning = entities.meaning(named, world)
        self.related = statements.relations(named, self.meaning, world)
        self.authored = statements.authored(self.document, world)
        self.video = corpus.source(self.document, world.config)
        self.mentioned: dict[bool, set[str]] = {True: set(), False: set()}  # by whether that is a fact
        self.met: dict[tuple[str, str], tuple[Entity, str]] = {}  # what is mentioned, with its IRI
        self.claims: dict[tuple[str, str, str], list[_Ground]] = {}
        stamps = corpus.stamps(self.document)
        known = world.evidence(self.video, corpus.cites(self.document, world.config)) if self.video else Evidence()
        read = settle([stamp.code for stamp in stamps], known, world.config.longest) if stamps else []
        # By identity: a note may hold the same timestamp twice and mean two things.
        self.read: dict[int, Reading] = {id(stamp): each for stamp, each in zip(stamps, read, strict=True)}

    def write(self) -> Emission:
        self.note()
        cited = [self.targets(section.links) for section in self.document.sections]
        quoted = [self.targets(passage.links) for passage in self.document.passages]
        self.parts(cited, quoted)
        self.relate()
        for fact, grounds in sorted(self.claims.items()):
            self.claim(fact, grounds)
        for flaw in (*self.document.flaws, *self.named.flaws):
            self.issue(flaw.code, flaw.line, flaw.text)
        say = self.lines.append
        for target in sorted(self.linked):
            say(f"{self.subject} {LINKS_TO} {target} .")
        for certain, mentioned in self.mentioned.items():
            self.side(certain).private += [f"{self.subject} {MENTIONS} {entity} ." for entity in sorted(mentioned)]
        self.out.mentions = self.rows()
        if self.video:
            self.out.video, self.out.seconds = self.video, dict(self.seconds())
        return self.out

    def seconds(self) -> Iterator[tuple[str, int]]:
        """Give the sections and passages of which it is known when they are said, by anchor, each with the first second."""
        for part in self.document.parts:
            if part.stamps:
                known = [read.second for read in (self.read[id(stamp)] for stamp in part.stamps) if read.known and read.second is not None]
                if known:
                    yield part.anchor, min(known)

    def rows(self) -> list[Mentioned]:
        """List every mention with its place, and those that came to nothing with the reason."""
        document = self.document
        places = [("", document.title_line), *((part.anchor, part.line) for part in document.parts)]
        written = extract.texts(document)
        found = [(at, each, self.meaning.of(each).fact, "") for at, mentions in enumerate(self.meaning.mentions) for each in mentions]
        found += [(at, each, False, why) for at, each, why in self.meaning.dropped]
        return [
            Mentioned(
                document.path, places[at][0], places[at][1] + written[at].count("\n", 0, each.start),
                each.start, each.end, each.surface, each.kind, each.key, each.rule, fact, why,
            )
            for at, each, fact, why in sorted(found, key=lambda row: (row[0], row[1].start, row[1]))
        ]  # fmt: skip

    # -- the note ----------------------------------------------------------------------------

    def note(self) -> None:
        document, say = self.document, self.lines.append
        say(f"{self.subject} {TYPE} {NOTE} .")
        say(f"{self.subject} {LABEL} {literal(document.title)} .")
        say(f"{self.subject} {PATH} {literal(document.path)} .")
        say(f"{self.subject} {term('schema:sha256')} {literal(document.sha256)} .")
        for alias in dict.fromkeys(corpus.aliases(document)):
            say(f"{self.subject} {ALT_LABEL} {literal(alias)} .")
        for each in document.ids:
            say(f"{self.subject} {term('dcterms:identifier')} {literal(each)} .")
        for entity in self.subjects():
            iri = self.entity(entity)
            self.side(entity.fact).private.append(f"{self.subject} {ABOUT} {iri} .")
            self.mentioned[entity.fact].add(iri)
        channels = [each for each in map(self.channel, document.channels) if each]
        for channel in dict.fromkeys(channels):
            say(f"{self.subject} {CHANNEL} {channel} .")
        if self.video:
            video = self.the_video(self.video)
            say(f"{self.subject} {SOURCE} {video} .")
            self.out.said.facts += [f"{video} {CHANNEL} {channel} ." for channel in dict.fromkeys(channels)]

    def subjects(self) -> list[Entity]:
        """List what the note is about: what it is the page of, what its title names, what its author says."""
        found: dict[Entity, None] = {}
        own = entities.own(self.document.path, self.world)
        if own:
            found[own] = None
        first = 1 + len(self.document.sections)
        for at in (0, *range(first, first + self.document.described)):
            found |= dict.fromkeys(map(self.meaning.of, self.meaning.mentions[at]))
        return list(found)

    def the_video(self, video: str) -> str:
        iri = f"<{YOUTUBE}{video}>"
        title = self.world.video(video)
        described = [f"{iri} {TYPE} {term('Video')} ."]
        if title:
            described.append(f"{iri} {LABEL} {literal(title)} .")
        self.out.said.shared[iri] = tuple(described)
        return iri

    # -- sections and passages -----------------------------------------------------------------

    def parts(self, cited: list[list[str]], quoted: list[list[str]]) -> None:
        document, detail = self.document, self.world.config.detail
        first = 1 + len(document.sections)
        headed, said = self.meaning.mentions[1:first], self.meaning.mentions[first:]
        if detail == "notes":
            for mentions in (*headed, *said):
                for mention in mentions:
                    self.mention(mention.kind, mention.key)
            for part in document.parts:
                if part.stamps:
                    self.moments(part.stamps)
            return
        everything = detail == "passages"
        supports = {each.at for each in self.related} | {each.at for each in self.authored}
        wanted_sections: set[int] = set()

        def keep(at: int) -> None:
            while at >= 0 and at not in wanted_sections:
                wanted_sections.add(at)
                at = document.sections[at].parent

        for at in range(len(document.sections)):
            if everything or cited[at] or headed[at] or 1 + at in supports or document.sections[at].anchor in self.cited:
                keep(at)
        kept = []
        for at, passage in enumerate(document.passages):
            if everything or quoted[at] or first + at in supports or passage.anchor in self.cited or any(map(self.tells, said[at])):
                kept.append(at)
                keep(passage.section)
        for at, section in enumerate(document.sections):
            if at in wanted_sections:
                self.section(at, cited[at], headed[at])
            elif section.stamps:
                self.moments(section.stamps)
        shown = set(kept)
        for at, passage in enumerate(document.passages):
            if at in shown:
                self.passage(passage, quoted[at], said[at])
            else:
                if passage.stamps:
                    self.moments(passage.stamps)
                for mention in said[at]:
                    self.mention(mention.kind, mention.key)

    def tells(self, mention: Mention) -> bool:
        """Say whether a mention brings its passage into the graph: all do but a bold label that no other note knows.

        Such labels are a quarter of the passages of the real notes, and 40,000 triples.
        """
        return not mention.rule.startswith("label") or mention.kind != "theme" or self.meaning.of(mention).shared

    def section(self, at: int, cited: Iterable[str], mentions: Sequence[Mention]) -> None:
        section, subject = self.document.sections[at], self.sections[at]
        say = self.lines.append
        say(f"{subject} {TYPE} {SECTION} .")
        say(f"{subject} {IN_NOTE} {self.subject} .")
        say(f"{subject} {LABEL} {literal(section.text or section.anchor)} .")
        say(f'{subject} {LINE} "{section.line}"{INTEGER} .')
        if section.parent >= 0:
            say(f"{subject} {IN_SECTION} {self.sections[section.parent]} .")
        self.said(subject, cited, mentions, section.stamps)

    def passage(self, passage: Passage, cited: Iterable[str], mentions: Sequence[Mention]) -> None:
        subject = f"<{self.iri}#{passage.anchor}>"
        say = self.lines.append
        say(f"{subject} {TYPE} {PASSAGE} .")
        say(f"{subject} {IN_NOTE} {self.subject} .")
        say(f'{subject} {LINE} "{passage.line}"{INTEGER} .')
        say(f"{subject} {TEXT} {literal(passage.text)} .")
        if passage.label:
            say(f"{subject} {LABEL} {literal(passage.label)} .")
        if passage.section >= 0:
            say(f"{subject} {IN_SECTION} {self.sections[passage.section]} .")
        self.said(subject, cited, mentions, passage.stamps)

    def said(self, subject: str, cited: Iterable[str], mentions: Sequence[Mention], stamps: Sequence[Stamp]) -> None:
        say = self.lines.append
        for target in cited:
            say(f"{subject} {CITES} {target} .")
        if mentions:
            for name in dict.fromkeys([(mention.kind, mention.key) for mention in mentions]):
                entity, iri = self.mention(*name)
                self.side(entity.fact).private.append(f"{subject} {NAMES} {iri} .")
                # Of a theme its name is all there is to doubt, and the passages that name it say that.
                if not entity.fact and entity.kind != "theme":
                    kind = self.world.kinds[entity.kind].classes[0]
                    ground = _Ground(subject, self.rule(entity, mentions), entity.share, False)
                    self.claims.setdefault((iri, TYPE, f"<{kind}>"), []).append(ground)
        if stamps:
            for raw in dict.fromkeys(stamp.raw for stamp in stamps):
                if raw:
                    say(f"{subject} {TIMECODE} {literal(raw)} .")
            for moment in self.moments(stamps):
                say(f"{subject} {AT} {self.moment(moment)} .")

    def mention(self, kind: str, end: str) -> tuple[Entity, str]:
        """Give an entity that the note mentions, and its IRI; most are mentioned many times, and described once."""
        met = self.met.get((kind, end))
        if met is None:
            entity = self.meaning.entities[kind, end]
            met = self.met[kind, end] = (entity, self.entity(entity))
            self.mentioned[entity.fact].add(met[1])
        return met

    def rule(self, entity: Entity, mentions: Iterable[Mention]) -> str:
        """Give the best rule by which some mentions are of an entity."""
        rules = {mention.rule for mention in mentions if (mention.kind, mention.key) == (entity.kind, entity.end)}
        return max(rules, key=lambda rule: (0.0 if rule in extract.ECHOES else self.world.precision.get((entity.kind, rule), 1.0), rule))

    def moments(self, stamps: Sequence[Stamp]) -> list[int]:
        """Give the seconds that may be claimed, and make an issue of what is doubtful or no time at all."""
        found: dict[int, None] = {}
        for stamp in stamps:
            said = self.read[id(stamp)]
            if said.status == "odd":
                self.issue("odd-timestamp", stamp.line, f"{stamp.raw!r} is no time code that a video can have")
            elif said.known and said.second is not None and self.video:
                found[said.second] = None
            elif self.video:
                could = " or ".join(hms(second) for second in sorted((said.second or 0, *said.others)))
                self.issue("ambiguous-timestamp", stamp.line, f"{stamp.raw!r} could mean {could}")
        return list(found)

    def moment(self, second: int) -> str:
        iri = f"<{YOUTUBE}{self.video}?t={second}>"
        if iri not in self.out.said.shared:
            self.out.said.shared[iri] = (
                f"{iri} {TYPE} {term('Moment')} .",
                f"{iri} {VIDEO} <{YOUTUBE}{self.video}> .",
                f'{iri} {SECOND} "{second}"{INTEGER} .',
            )
        return iri

    # -- what is said of entities ----------------------------------------------------------------

    def relate(self) -> None:
        """Gather the grounds for what the note says of the things that it names."""
        for each in self.related:
            subject, thing = self.meaning.of(each.subject), self.meaning.of(each.object)
            ground = _Ground(self.part(each.at), each.rule, each.share, subject.fact and thing.fact and each.share >= FACT)
            self.claims.setdefault((self.entity(subject), term(each.property), self.entity(thing)), []).append(ground)
        for said in self.authored:
            if said.sort:
                self.out.properties.add((said.property, said.sort))
            subject_iri = self.entity(said.subject) if said.subject else self.subject
            thing_iri = said.object if isinstance(said.object, str) else self.entity(said.object)
            if isinstance(said.object, Entity):
                self.mentioned[True].add(thing_iri)
            ground = _Ground(self.part(said.at) if said.at else "", "property", 1.0, True)
            fact = (subject_iri, f"<{said.property}>", thing_iri)
            self.claims.setdefault(fact, []).append(ground)
            if fact[1] == TYPE:  # a class that the vault's context knows; those of kinds come with their entities
                (self.side(True).private if said.subject is None else self.side(True).facts).append(f"{' '.join(fact)} .")

    def part(self, at: int) -> str:
        """Give the IRI of a passage or section by its place in :func:`kg.extract.texts`."""
        part = self.document.parts[at - 1]
        return f"<{self.iri}#{names.escaped(part.anchor)}>"

    def claim(self, fact: tuple[str, str, str], grounds: Sequence[_Ground]) -> None:
        """State a fact that other notes may state as well, and what in this one says so."""
        best = max(grounds, key=lambda each: (each.share, each.rule))
        certain = any(each.fact for each in grounds)
        side = self.side(certain)
        brief = self.world.config.detail == "notes"
        if fact[1] != TYPE and (certain or not brief):
            # What is said of the note itself, nobody else can say.
            (side.private if fact[0] == self.subject else side.facts).append(f"{' '.join(fact)} .")
        if brief:
            return
        claim = f"<{self.iri}#c-{names.digest(' '.join(fact))}>"
        side.private += (
            *receipt(claim, fact, best.rule, best.share),
            f"{claim} {IN_NOTE} {self.subject} .",
            *(f"{claim} {f'{EVIDENCE} {part}' if part else f'{DERIVED} {self.subject}'} ." for part in dict.fromkeys(each.part for each in grounds)),
        )


__all__ = ["VERSION", "emit"]
