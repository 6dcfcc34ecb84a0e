"""The nouns of kg, in the order they appear as a note becomes graph.

    Note      one file, as bytes on disk said it
    Flaw      something wrong or doubtful in a note, found on the way
    Link      one [[wiki link]] as written, not yet resolved
    Stamp     one timestamp as written, not yet read as a second
    Section   a heading (or a labelled bullet with a list of its own)
    Passage   the smallest piece of a note that can be quoted
    Mention   an entity named in the words of a passage
    Document  the note read: all of the above, no other note consulted
    Offer     what a note tells the other notes (a name it answers to, the title of a video)

Values only: nothing here reads a file, knows a store, or changes after it is made. The many are
named tuples, which Python makes and pickles two to three times faster than frozen dataclasses
(0.3 against 0.8 µs; a thousand notes hold some 60,000 of them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

_TIME_CODE = re.compile(r"\d{1,3}(?::\d{2}){1,3}")


@dataclass(frozen=True, slots=True)
class Note:
    """One file of the vault.

    ``path`` is relative to the vault, with forward slashes; ``text`` has no byte order mark;
    ``sha256`` is of the bytes on disk, in hexadecimal.
    """

    path: str
    text: str
    sha256: str
    flaws: tuple[Flaw, ...] = ()


class Flaw(NamedTuple):
    """Something wrong or doubtful in a note: a stable code, the line (from 1), and words."""

    code: str
    line: int
    text: str


class Link(NamedTuple):
    """``[[target#section | label]]`` as the author wrote it, or ``[label](target.md#section)``, whose ``syntax`` is ``markdown``.

    With an id after a type, ``[[type:20240501120000]]``, the syntax is ``typed``, and ``key`` the type.
    Of a tag that is a link, as in Logseq, it is ``tag``.
    A reference to a block, ``((id))``, has the syntax ``block`` and no target. In front matter the syntax is ``property``, and ``key`` is the key that the link stands under; in the text that of a field, ``key:: [[target]]``.
    ``label`` is ``None`` when none was written, which is not the same as an empty one. ``start``
    and ``end`` are the half-open stretch of the note's text, in code points; ``line`` and
    ``column`` count from 1.
    """

    target: str
    label: str | None
    section: str
    embed: bool
    start: int
    end: int
    line: int
    column: int
    syntax: str = "wiki"
    key: str = ""

    def turned(self) -> Link:
        """The same link where the words stand before the bar: ``[[words|target#section]]``."""
        if self.label is None:
            return self
        target, _, section = self.label.partition("#")
        words = f"{self.target}#{self.section}" if self.section else self.target
        return self._replace(target=target.strip(), section=section.strip(), label=words)

    @property
    def written(self) -> str:
        """The target in the brackets that it stands in; of a part of the note itself, that."""
        if self.syntax == "block":
            return f"(({self.section[1:]}))"
        if self.syntax == "tag":
            return f"#{self.target}"
        target = self.target or f"#{self.section}"
        return f"({target})" if self.syntax == "markdown" else f"[[{target}]]"

    @property
    def shown(self) -> str:
        """The words a reader sees."""
        return self.label or (f"{self.target}#{self.section}" if self.section else self.target)


class Stamp(NamedTuple):
    """A timestamp as written: the machine's ``data-t`` (or "") and the text shown (or "")."""

    written: str
    shown: str
    line: int

    @property
    def raw(self) -> str:
        """The time code to keep: what is shown wins, since it is what a reader checks."""
        return self.shown or self.written

    @property
    def code(self) -> str:
        """The time code to play: the machine's wins, where it is one."""
        return _code(self.written, self.shown)


@lru_cache(maxsize=65536)
def _code(written: str, shown: str) -> str:
    return written if _TIME_CODE.fullmatch(written) else shown or written


class Section(NamedTuple):
    """A heading, or a bullet with a bold label and a list of its own.

    ``anchor`` is unique in the note; ``level`` is 1-6 for headings and 6 plus the depth of the
    list for bullets; ``parent`` is the position of the section around it in the document's
    sections, or -1. ``text`` is the heading without markup.
    """

    anchor: str
    level: int
    text: str
    line: int
    parent: int
    links: tuple[Link, ...]
    stamps: tuple[Stamp, ...]


class Passage(NamedTuple):
    """A sentence run closed by its timestamp, else the whole paragraph, bullet or table row.

    ``anchor`` is ``p-`` and 8 hexadecimal digits of the text, unique in the note; ``section`` is a
    position in the document's sections, or -1; ``label`` is the bold label it starts with, or "".
    ``text`` has no markup; a line break of the file inside it is kept as ``\\n``, so that the line
    of any word can be told. ``block`` is the id that the author gave the block, as ``^id``, or "".
    ``mute`` is where signs stand in the text that begin no tag and end no key: in code, or escaped.
    """

    anchor: str
    line: int
    section: int
    label: str
    text: str
    links: tuple[Link, ...]
    stamps: tuple[Stamp, ...]
    block: str = ""
    mute: tuple[int, ...] = ()


class Mention(NamedTuple):
    """An entity named in a text: ``text[start:end]`` is ``surface``; ``rule`` found it."""

    kind: str
    key: str
    surface: str
    start: int
    end: int
    rule: str


class Mentioned(NamedTuple):
    """Where something is named: ``text[start:end]`` is ``surface``, in the title (anchor ""), a section or a passage.

    ``kind`` and ``key`` are the entity's, ``fact`` says whether it is one, and ``why`` why nothing was made of the mention.
    """

    note: str
    anchor: str
    line: int
    start: int
    end: int
    surface: str
    kind: str
    key: str
    rule: str
    fact: bool
    why: str


class Relation(NamedTuple):
    """One thing is related to another: ``property`` is a term of the ontology, ``at`` the position of the text that says it, ``share`` the rule's precision."""

    at: int
    subject: Mention
    property: str
    object: Mention
    rule: str
    share: float = 1.0


NameKind = Literal["stem", "alias", "id", "title", "folder"]
"""Kinds of offers that are names of a note: of its file, by its author, the folder that it is the first note of."""

OfferKind = Literal[
    NameKind, "parts", "cited", "block", "video", "stamps", "duration",
    "entity", "of", "page", "label", "name", "short", "guess", "rule", "means", "decided", "same", "no", "end", "taken",
    "claim", "claimed", "claimer",
]  # fmt: skip
"""What an offer says of its key, as :mod:`kg.corpus` writes keys.

    UNDER             KIND      VALUE
    KEY               stem      the file's name, or what Logseq makes of it
                      alias     an alias in the front matter
                      id        an id of the note
                      title     the note's title
                      folder    the folder that an index.md or README.md stands for
                      entity    KIND/TITLE of what the note is the page of
                      of        KIND/KEY of the same
    channel:KEY       label     the title of the note, should it be a channel
    parts:KEY         parts     the headings and blocks of the note
    cited:KEY         cited     target and heading of a link to a part of what has the name
    block:ID          block     the anchor of the block in the note
                      cited     nothing: the note refers to it
    video:ID          video     the title of the video
    stamps:ID         stamps    the seconds that the note cites of it
                      duration  its length in seconds
    name:KIND/KEY     name      a spelling that the note uses
                      guess     the same, where a model alone says so
                      short     an acronym that the note defines
                      rule      the precision of the best rule that found it in the note, as 0.97
                      page      the path of a note that is its page
                      title     the title of a note that is its page
                      label     the preferred spelling, by the author
                      alias     another spelling, by the author
                      same      KIND/KEY of what it is another name of
                      end       the end of its IRI, by the author
                      no        nothing: it is no such thing, says the author
                      claim     the path of a note that has it as its title and declares no type: its page, unless two have one title
                      claimed   the title of such a note
                      claimer   an alias of such a note
                      taken     nothing: it is the name of something else, which the note is the page of
    name:KEY          means     KIND/KEY of what the name stands for in the note
                      decided   the same, by the author's vocabulary
"""


class Offer(NamedTuple):
    """What one note, or the author's vocabulary, tells all others under a key, such as a name that it answers to."""

    key: str
    kind: OfferKind
    value: str


@dataclass(frozen=True, slots=True)
class Document:
    """A note read, and nothing but that note consulted."""

    path: str
    sha256: str
    title: str
    title_line: int
    properties: dict[str, Property]
    channels: tuple[Link, ...]
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    flaws: tuple[Flaw, ...]
    videos: tuple[tuple[str, str], ...] = field(default=())
    """Videos that headings link to: address and heading, as a channel's index note lists them; or bullets, where all are such links."""
    described: int = 0
    """How many of the passages, the first, are lines of the front matter that say what the note is about."""

    head: int = 0
    """How many of the passages, the first, are lines of the front matter, those that describe and all others."""

    label_first: bool = False
    """Whether the words of a link were taken to stand before the bar."""

    anchors: tuple[tuple[str, str], ...] = ()
    """Further ids that the author gave to parts, each with the part's anchor: ``^id`` of a heading, ``id`` of ``{#id}`` and ``<a id=…>``."""

    ids: tuple[str, ...] = ()
    """Ids that the note goes by beside its names."""

    sides: tuple[tuple[str, str], ...] = ()
    """What stands before and after the bar of each wiki-link that has one, whichever of the two is the target."""

    codes: tuple[tuple[int, str], ...] = ()
    """Words between backticks, each with their line."""

    @property
    def parts(self) -> list[Section | Passage]:
        """Everything that holds links and timestamps: sections, then passages."""
        return [*self.sections, *self.passages]


class Property(NamedTuple):
    """The value of one front-matter key, always as text: a string, or a list of them."""

    value: Value
    line: int


Value = str | list["Value"] | dict[str, "Value"]
"""Front matter as written: text, lists and tables of text; never a number, a date or a boolean."""

MEDIA = frozenset([
    "png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "avif", "pdf", "mp3", "wav", "m4a", "ogg",
    "flac", "mp4", "webm", "mov", "mkv", "ogv", "3gp", "canvas", "base", "zip", "csv", "xlsx", "docx", "pptx",
])  # fmt: skip
"""Endings of files that are shown, or opened by another program, and are no notes."""
