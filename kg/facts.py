"""A named document becomes triples: the whole shape of the graph is in this file.

    private   triples that only this note can say (its own IRI and those under it)
    shared    things that other notes may point at too, each with its full description
    facts     triples that notes share and that belong in this note's named graph as well

Text in, text out: N-Triples lines, so that a store loads them as one string. What describes a shared
thing depends on the whole vault only, never on which note says it, so it does not matter who does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg import corpus, names
from kg.clock import Evidence, Reading, evidence, settle
from kg.config import Config
from kg.extract import Named
from kg.extract.relations import CONFIDENCE, relations
from kg.lexicon import Concept
from kg.model import Link, Mention, Passage, Section, Stamp
from kg.names import ONTOLOGY, STANDARD_PREFIXES, Names
from kg.resolve import LOOSE, Table, resolve, wanted

_TYPE = f"<{STANDARD_PREFIXES['rdf']}type>"
_LABEL = f"<{STANDARD_PREFIXES['rdfs']}label>"
_SKOS = STANDARD_PREFIXES["skos"]
_INTEGER = f"^^<{STANDARD_PREFIXES['xsd']}integer>"
_SPECIAL = re.compile(r'["\\\n\r\t\x00-\x1f\x7f]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _term(name: str) -> str:
    return f"<{ONTOLOGY}{name}>"


NOTE, SECTION, PASSAGE, ISSUE = map(_term, ("Note", "Section", "Passage", "Issue"))
IN_NOTE, IN_SECTION, LINE, TEXT, CODE, AT, TIMECODE = map(_term, ("note", "section", "line", "text", "code", "at", "timecode"))
LINKS_TO, CITES, MENTIONS, ABOUT, NAMES, SOURCE, CHANNEL = map(_term, ("linksTo", "cites", "mentions", "about", "names", "source", "channel"))
PATH, VIDEO, SECOND = map(_term, ("path", "video", "second"))
REFERENCES = (AT, SOURCE, CHANNEL, LINKS_TO, CITES, MENTIONS, NAMES, VIDEO)
"""A shared thing is alive while one of these points at it."""

VERSION = "3"
"""Changes whenever the same document would be written differently."""

YOUTUBE = STANDARD_PREFIXES["yt"]


@dataclass
class Emission:
    """What one note says."""

    note: str
    private: list[str] = field(default_factory=list)
    shared: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)
    links: int = 0
    broken: int = 0
    issued: int = 0


@dataclass(frozen=True)
class World:
    """What a note must know of the others to be written: names, titles of videos, concepts."""

    config: Config
    table: Table
    titles: dict[str, str]
    """Title by path."""
    videos: dict[str, str]
    """Title by id of the video."""
    concepts: dict[tuple[str, str], Concept]
    stamps: dict[str, dict[str, tuple[int, ...]]] = field(default_factory=dict)
    """Seconds that are certain by form, by video and by path of the note that cites them."""
    durations: dict[str, int] = field(default_factory=dict)
    """Length by video, in seconds, where an author gave it."""
    labels: dict[str, str] = field(default_factory=dict)
    """The spelling that most notes use, by kind and key, of what no lexicon labels."""

    def evidence(self, video: str, path: str) -> Evidence:
        """Gather what the other notes on a video cite."""
        cited = self.stamps.get(video, {})
        return evidence([each for other, each in cited.items() if other != path], cited.get(path, ()), self.durations.get(video, 0))


def literal(text: str) -> str:
    """Write a plain string in N-Triples.

    >>> print(literal('a "b"'))
    "a \\"b\\""
    """
    if _SPECIAL.search(text):
        text = _SPECIAL.sub(lambda match: _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}", text)
    return f'"{text}"'


def hms(second: int) -> str:
    """Write seconds as a player shows them.

    >>> hms(4200), hms(70)
    ('1:10:00', '1:10')
    """
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def emit(named: Named, world: World) -> Emission:
    """Write one note as triples."""
    return _Writer(named, world).write()


class _Writer:
    """The triples of one note as they are written."""

    def __init__(self, named: Named, world: World) -> None:
        self.named, self.world = named, world
        self.document = named.document
        self.names = Names(world.config.base)
        self.iri = self.names.note(self.document.path)
        self.subject = f"<{self.iri}>"
        self.out = Emission(self.iri)
        self.lines = self.out.private
        self.video = corpus.source(self.document, world.config)
        self.linked: set[str] = set()
        self.mentioned: set[str] = set()
        self.issues: dict[str, int] = {}
        self.claims: dict[tuple[str, str, str], list[tuple[str, str]]] = {}  # fact to its passages, each with the rule
        stamps = corpus.stamps(self.document)
        known = world.evidence(self.video, self.document.path) if self.video else Evidence()
        read = settle([stamp.code for stamp in stamps], known, world.config.longest) if stamps else []
        # By identity: a note may hold the same timestamp twice and mean two things.
        self.read: dict[int, Reading] = {id(stamp): each for stamp, each in zip(stamps, read, strict=True)}

    def write(self) -> Emission:
        self.note()
        cited = [self.targets(section.links) for section in self.document.sections]
        quoted = [self.targets(passage.links) for passage in self.document.passages]
        self.parts(cited, quoted)
        for fact, said in sorted(self.claims.items()):
            self.claim(fact, said)
        for flaw in self.document.flaws:
            self.issue(flaw.code, flaw.line, flaw.text)
        say = self.lines.append
        for target in sorted(self.linked):
            say(f"{self.subject} {LINKS_TO} {target} .")
        for entity in sorted(self.mentioned):
            say(f"{self.subject} {MENTIONS} {entity} .")
        return self.out

    # -- the note ----------------------------------------------------------------------------

    def note(self) -> None:
        document, say = self.document, self.lines.append
        say(f"{self.subject} {_TYPE} {NOTE} .")
        say(f"{self.subject} {_LABEL} {literal(document.title)} .")
        say(f"{self.subject} {PATH} {literal(document.path)} .")
        say(f"{self.subject} <{STANDARD_PREFIXES['schema']}sha256> {literal(document.sha256)} .")
        for alias in dict.fromkeys(corpus.aliases(document)):
            say(f"{self.subject} <{_SKOS}altLabel> {literal(alias)} .")
        for entity in dict.fromkeys(map(self.entity, self.named.title)):
            say(f"{self.subject} {ABOUT} {entity} .")
            self.mentioned.add(entity)
        channels = [each for each in map(self.channel, document.channels) if each]
        for channel in dict.fromkeys(channels):
            say(f"{self.subject} {CHANNEL} {channel} .")
        if self.video:
            video = self.the_video(self.video)
            say(f"{self.subject} {SOURCE} {video} .")
            self.out.facts += [f"{video} {CHANNEL} {channel} ." for channel in dict.fromkeys(channels)]

    def channel(self, link: Link) -> str | None:
        target = wanted(link)
        if target is None:
            return None
        path = resolve(self.world.table, target, self.document.path).path
        label = self.world.titles.get(path, target) if path else self.world.table.spelling(target)
        end = path.removesuffix(".md") if path else label
        if path and len({each.path for each in self.world.table.names.get(names.key(end.rpartition("/")[2]), ()) if each.kind == "stem"}) > 1:
            end = f"{end} {names.digest(path)}"  # two notes whose names differ by case or blanks only
        iri = f"<{self.names.entity('channel', names.slug(end) or names.digest(end))}>"
        self.out.shared[iri] = (f"{iri} {_TYPE} {_term('Channel')} .", f"{iri} {_LABEL} {literal(label)} .")
        return iri

    def the_video(self, video: str) -> str:
        iri = f"<{YOUTUBE}{video}>"
        title = self.world.videos.get(video)
        described = [f"{iri} {_TYPE} {_term('Video')} ."]
        if title:
            described.append(f"{iri} {_LABEL} {literal(title)} .")
        self.out.shared[iri] = tuple(described)
        return iri

    # -- links -------------------------------------------------------------------------------

    def targets(self, links: Sequence[Link]) -> list[str]:
        """Give the IRIs that links point at, once each."""
        found: dict[str, None] = {}
        for link in links:
            iri = self.target(link)
            if iri and iri != self.subject:
                found[iri] = None
                self.linked.add(iri)
        return list(found)

    def target(self, link: Link) -> str | None:
        target = wanted(link)
        if target is None:
            return None
        found = resolve(self.world.table, target, self.document.path)
        self.out.links += 1
        if found.path is None:
            self.out.broken += 1
            spelling = self.world.table.spelling(target)
            iri = f"<{self.names.note(spelling)}>"
            self.out.shared[iri] = (f"{iri} {_TYPE} {_term('MissingNote')} .", f"{iri} {_LABEL} {literal(spelling)} .")
            self.issue("broken-link", link.line, f"[[{target}]]: no note has this name")
            return iri
        if found.others:
            rivals = ", ".join((found.path, *found.others[:3]))
            self.issue("ambiguous-link", link.line, f"[[{target}]] could be {rivals}; {found.path} was taken")
        elif found.tier in LOOSE:
            self.issue("loose-link", link.line, f"[[{target}]] was taken to mean {found.path}")
        return f"<{self.names.note(found.path)}>"

    # -- sections and passages -----------------------------------------------------------------

    def parts(self, cited: list[list[str]], quoted: list[list[str]]) -> None:
        document, named, detail = self.document, self.named, self.world.config.detail
        if detail == "notes":
            for mentions in (*named.sections, *named.passages):
                self.mentioned.update(map(self.entity, mentions))
            for part in document.parts:
                self.moments(part.stamps)
            return
        everything = detail == "passages"
        wanted_sections: set[int] = set()

        def keep(at: int) -> None:
            while at >= 0 and at not in wanted_sections:
                wanted_sections.add(at)
                at = document.sections[at].parent

        for at in range(len(document.sections)):
            if everything or cited[at] or named.sections[at]:
                keep(at)
        kept = []
        for at, passage in enumerate(document.passages):
            if everything or quoted[at] or named.passages[at]:
                kept.append(at)
                keep(passage.section)
        for at, section in enumerate(document.sections):
            if at in wanted_sections:
                self.section(section, cited[at], named.sections[at])
            else:
                self.moments(section.stamps)
        shown = set(kept)
        for at, passage in enumerate(document.passages):
            if at in shown:
                self.passage(passage, quoted[at], named.passages[at])
            else:
                self.moments(passage.stamps)

    def section(self, section: Section, cited: Iterable[str], mentions: Sequence[Mention]) -> None:
        subject = f"<{self.iri}#{names.escaped(section.anchor)}>"
        say = self.lines.append
        say(f"{subject} {_TYPE} {SECTION} .")
        say(f"{subject} {IN_NOTE} {self.subject} .")
        say(f"{subject} {_LABEL} {literal(section.text or section.anchor)} .")
        say(f'{subject} {LINE} "{section.line}"{_INTEGER} .')
        if section.parent >= 0:
            parent = self.document.sections[section.parent]
            say(f"{subject} {IN_SECTION} <{self.iri}#{names.escaped(parent.anchor)}> .")
        self.said(subject, cited, mentions, section.stamps)

    def passage(self, passage: Passage, cited: Iterable[str], mentions: Sequence[Mention]) -> None:
        subject = f"<{self.iri}#{passage.anchor}>"
        say = self.lines.append
        say(f"{subject} {_TYPE} {PASSAGE} .")
        say(f"{subject} {IN_NOTE} {self.subject} .")
        say(f'{subject} {LINE} "{passage.line}"{_INTEGER} .')
        say(f"{subject} {TEXT} {literal(passage.text)} .")
        if passage.label:
            say(f"{subject} {_LABEL} {literal(passage.label)} .")
        if passage.section >= 0:
            around = self.document.sections[passage.section]
            say(f"{subject} {IN_SECTION} <{self.iri}#{names.escaped(around.anchor)}> .")
        self.said(subject, cited, mentions, passage.stamps)
        if len(mentions) > 1:
            for each in relations(passage.text, mentions):
                self.claims.setdefault((self.entity(each.subject), _term(each.property), self.entity(each.object)), []).append((subject, each.rule))

    def said(self, subject: str, cited: Iterable[str], mentions: Sequence[Mention], stamps: Sequence[Stamp]) -> None:
        say = self.lines.append
        for target in cited:
            say(f"{subject} {CITES} {target} .")
        if mentions:
            for entity in dict.fromkeys(map(self.entity, mentions)):
                say(f"{subject} {NAMES} {entity} .")
                self.mentioned.add(entity)
        if stamps:
            for raw in dict.fromkeys(stamp.raw for stamp in stamps):
                if raw:
                    say(f"{subject} {TIMECODE} {literal(raw)} .")
            for moment in self.moments(stamps):
                say(f"{subject} {AT} {self.moment(moment)} .")

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
        if iri not in self.out.shared:
            self.out.shared[iri] = (
                f"{iri} {_TYPE} {_term('Moment')} .",
                f"{iri} {VIDEO} <{YOUTUBE}{self.video}> .",
                f'{iri} {SECOND} "{second}"{_INTEGER} .',
            )
        return iri

    # -- entities and issues -------------------------------------------------------------------

    def entity(self, mention: Mention) -> str:
        iri = f"<{self.names.entity(mention.kind, mention.key)}>"
        if iri not in self.out.shared:
            kind = f"{iri} {_TYPE} {_term(mention.kind.capitalize())} ."
            self.out.facts.append(kind)
            self.out.shared[iri] = (kind, *self.described(iri, mention))
        return iri

    def described(self, iri: str, mention: Mention) -> list[str]:
        said = [f"{iri} {_TYPE} {_term('Entity')} ."]
        concept = self.world.concepts.get((mention.kind, mention.key))
        if concept is None:
            label = self.world.labels.get(f"{mention.kind}/{mention.key}", mention.surface)
            return [*said, f"{iri} {_LABEL} {literal(label)} ."]
        said.append(f"{iri} {_LABEL} {literal(concept.label)} .")
        said.append(f"{iri} <{_SKOS}notation> {literal(concept.key)} .")
        said += [f"{iri} <{_SKOS}prefLabel> {literal(text)}{'@' + language if language else ''} ." for language, text in concept.labels]
        said += [f"{iri} <{_SKOS}exactMatch> <{match}> ." for match in concept.matches]
        return said

    def claim(self, fact: tuple[str, str, str], said: Sequence[tuple[str, str]]) -> None:
        """State a fact that other notes may state as well, and what in this one says so."""
        self.out.facts.append(f"{' '.join(fact)} .")
        subject = f"<{self.iri}#c-{names.digest(' '.join(fact))}>"
        rule = said[0][1]
        self.lines += (
            f"{subject} {_TYPE} {_term('Claim')} .",
            f"{subject} {IN_NOTE} {self.subject} .",
            *(f"{subject} <{STANDARD_PREFIXES['rdf']}{part}> {term} ." for part, term in zip(("subject", "predicate", "object"), fact, strict=True)),
            *(f"{subject} {_term('evidence')} {passage} ." for passage in dict.fromkeys(passage for passage, _ in said)),
            f"{subject} {_term('rule')} {literal(rule)} .",
            f'{subject} {_term("confidence")} "{CONFIDENCE[rule]}"^^<{STANDARD_PREFIXES["xsd"]}decimal> .',
        )

    def issue(self, code: str, line: int, text: str) -> None:
        self.out.issued += 1
        digest = names.digest(f"{code} {text}")
        seen = self.issues.get(digest, 0) + 1
        self.issues[digest] = seen
        subject = f"<{self.iri}#i-{digest}{f'-{seen}' if seen > 1 else ''}>"
        self.lines += (
            f"{subject} {_TYPE} {ISSUE} .",
            f"{subject} {IN_NOTE} {self.subject} .",
            f"{subject} {CODE} {literal(code)} .",
            f'{subject} {LINE} "{line}"{_INTEGER} .',
            f"{subject} {TEXT} {literal(text)} .",
        )
