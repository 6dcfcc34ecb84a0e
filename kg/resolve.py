"""Which note a link means: ordered tiers, the note's own folder first, never a silent choice.

    exact        the file's name as written
    case         but for capitals
    separators   but for _, - and blanks
    punctuation  but for punctuation
    alias        an alias in the front matter
    id           an id of the note: ``id:`` in its front matter, the number in its file's name
    title        the title of the note
    folder       the folder that it is the first note of: index.md, README.md
    squashed     nothing but letters and digits agree (noted as an issue)

Every spelling of a name that any tier accepts has the same :func:`kg.names.key`, so one look-up
gives all candidates, and the value of one key decides every link that has it.

A target that no note answers to as it stands is read in other ways (:func:`readings`): without the hash sign
at its end, with its entities decoded, without the type before its colon, and with what follows its hash sign,
which then belongs to the name: ``[[Issue #12]]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from kg import kinds, names
from kg.model import MEDIA, Link, NameKind, Offer
from kg.vault import folders

TIERS = {
    "exact": "the file's name as written",
    "case": "the file's name but for capitals",
    "separators": "the file's name but for _, - and blanks",
    "punctuation": "the file's name but for punctuation",
    "alias": "an alias in its front matter",
    "id": "its id",
    "title": "its title",
    "folder": "the folder whose index or README it is",
    "squashed": "its letters and digits alone, which is a guess",
}
LOOSE = frozenset({"squashed"})
KINDS: dict[NameKind, str] = {
    "stem": "its file name",
    "alias": "an alias of its own",
    "id": "its id",
    "title": "its title",
    "folder": "the name of its folder",
}
"""Kinds of offers that are names, each with how a note answers to one, the surest first."""
_CONTENTS = frozenset({"_toc_"})
"""Targets that stand for a table of contents, in wikis of GitHub, GitLab and Azure."""
_TYPED = re.compile(r"[^\W\d][\w-]*:(?=[^\s:/])")
"""The type before a name, as Cosma writes it, or its namespace in MediaWiki."""


class Name(NamedTuple):
    """A name that a note answers to."""

    kind: NameKind
    name: str
    path: str


class Resolution(NamedTuple):
    """The note a link means (its path, or None), by which tier, and the others it could mean."""

    path: str | None
    tier: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """Every name of the vault by key, and the spelling that stands for a name no note has."""

    names: dict[str, list[Name]]
    missing: Callable[[str], str | None]
    kinds: Collection[str] = frozenset(kinds.BUILTIN)
    memory: dict[tuple[str, str], Resolution] = field(default_factory=dict)

    def spelling(self, target: str) -> str:
        """Give the spelling that stands for all spellings of a missing name."""
        return self.missing(names.key(target)) or target


def table(offers: Iterable[tuple[str, Offer]], missing: Callable[[str], str | None], known: Collection[str] = kinds.BUILTIN) -> Table:
    """Gather the names that notes offer, as pairs of a path and an offer.

    ``missing`` gives the spelling of a key that none offers, ``known`` are the kinds of things that a note may be about.
    """
    found: dict[str, list[Name]] = {}
    for path, offer in offers:
        if offer.kind in KINDS:
            found.setdefault(offer.key, []).append(Name(offer.kind, offer.value, path))
    for group in found.values():
        group.sort()
    return Table(found, missing, known)


def wanted(link: Link) -> str | None:
    """Give the name a link asks for, or None where it asks for no other note."""
    return wanted_name(link.target)


@lru_cache(maxsize=65536)  # a target is that of six links
def wanted_name(target: str) -> str | None:
    """Give the name that a link with a target asks for, or None where that is no other note.

    >>> wanted_name("folder/Some note.md"), wanted_name("harbour.png"), wanted_name("https://example.org")
    ('folder/Some note', None, None)
    """
    target = target.strip().removeprefix(":")  # [[:Category:x]] of MediaWiki is a link, where [[Category:x]] is a mark
    if not target.strip("/.") or "://" in target or target.lower().startswith("mailto:") or target.casefold() in _CONTENTS:
        return None
    ending = target.rpartition(".")[2].lower() if "." in target else ""
    if ending in MEDIA:
        return None
    return target[:-3].strip() if ending == "md" and len(target) > 3 else target


def elsewhere(link: Link, known: Collection[str] = kinds.BUILTIN) -> bool:
    """Say whether a link that leads to no note is none: a tag, a kind, an address of a folder, or one from the top without an ending.

    >>> elsewhere(Link("/about", "us", "", False, 0, 0, 1, 1, "markdown")), elsewhere(Link("/about", None, "", False, 0, 0, 1, 1))
    (True, False)
    """
    if link.syntax == "tag" or classes(link, known):
        return True
    last = link.target.rpartition("/")[2]
    return link.syntax == "markdown" and (not last or (link.target[0] == "/" and not last.lower().endswith(".md"))) and link.target != ""


def classes(link: Link, known: Collection[str]) -> bool:
    """Say whether a link names the kind of what its note is about, as in ``type: "[[Initiative]]"``, which need have no note.

    >>> classes(Link("Initiative", None, "", False, 0, 0, 1, 1, "property", "type"), kinds.BUILTIN)
    True
    """
    return link.key.casefold() in ("type", "@type") and link.syntax == "property" and kinds.named(link.target, known) != ""


def whole(link: Link) -> str:
    """Give the name that a link asks for if its hash sign belongs to that; "" if it cannot."""
    return whole_name(link.target, link.section) if link.section and link.syntax == "wiki" else ""


def whole_name(target: str, section: str) -> str:
    """Give the name that target and section of a wiki-link make if the hash sign between them belongs to it; "" if it cannot.

    >>> whole_name("Issue", "12"), whole_name("Issue", "^12")
    ('Issue#12', '')
    """
    return f"{target}#{section}" if section and target.strip() and section[0] != "^" else ""


def meant(known: Table, link: Link, source: str) -> Resolution:
    """Find the note that a link means in the note at path ``source``: by its target, else by the whole of what stands before its words."""
    target = wanted(link)
    found = resolve(known, target, source) if target is not None else Resolution(None)
    if link.syntax == "markdown" and link.target.endswith("/") and found.tier != "folder":
        return Resolution(None)  # an address of a folder is never a note beside it
    if found.path is None and target is not None and (name := whole(link)):
        more = resolve(known, name, source)
        # Blanks around the sign are not known any more; they tell no names apart.
        return more._replace(tier="punctuation") if more.tier in LOOSE else more
    return found


def readings(target: str) -> list[str]:
    """List the names that a target may stand for, the likeliest first.

    >>> readings("C#"), readings("R&amp;D"), readings("author:20240501120000")
    (['C#', 'C'], ['R&amp;D', 'R&D'], ['author:20240501120000', '20240501120000'])
    """
    found = [target]
    if target.endswith("#"):
        found.append(target.rstrip("# "))
    if "&" in target and ";" in target:
        found.append(unescape(target))
    if ":" in target and (typed := _TYPED.match(target)):
        found.append(target[typed.end() :])
    return found


def keys(target: str) -> set[str]:
    """Give the keys under which the note that a link asks for may be found: of its last step, and of all, if a slash belongs to the name."""
    found = set()
    for each in readings(target):
        plain = each.replace("\\", "/").rstrip("/")
        found |= {names.key(plain.rpartition("/")[2]), names.key(each)}
    return found - {""}


def resolve(known: Table, target: str, source: str) -> Resolution:
    """Find the note that ``target`` means in the note at path ``source``.

    >>> known = table([("b_note.md", Offer("bnote", "stem", "b_note"))], {}.get)
    >>> resolve(known, "B Note", "a.md")
    Resolution(path='b_note.md', tier='separators', others=())
    """
    folder = source.rpartition("/")[0]
    memory = known.memory.get((target, folder))
    if memory is None:
        found = (_resolve(known, each, folder) for each in readings(target))
        memory = known.memory[target, folder] = next((each for each in found if each.path), Resolution(None))
    return memory


def tried(known: Table, target: str, source: str) -> list[tuple[str, tuple[str, ...]]]:
    """List the tiers in the order they are tried, up to the one that decides, each with the notes it finds, the one taken first.

    Of one of the :func:`readings` of a target.

    >>> known = table([("b_note.md", Offer("bnote", "stem", "b_note"))], {}.get)
    >>> tried(known, "B Note", "a.md")
    [('exact', ()), ('case', ()), ('separators', ('b_note.md',))]
    """
    folder = source.rpartition("/")[0]
    found = _resolve(known, target, folder)
    tiers = list(TIERS)
    return [(each, ()) for each in tiers[: tiers.index(found.tier) if found.path else len(tiers)]] + (
        [(found.tier, (found.path, *found.others))] if found.path else []
    )


def _resolve(known: Table, target: str, folder: str) -> Resolution:
    where, slash, last = target.replace("\\", "/").rstrip("/").rpartition("/")
    candidates = known.names.get(names.key(last), [])
    if target.endswith(("/", "\\")):  # a folder is asked for, and what has its name comes after
        candidates = [each for each in candidates if each.kind == "folder"] or candidates
    if slash:
        from_top = target.startswith(("/", "\\"))
        found = _best(_in_folder(candidates, where, folder, from_top), last, folder)
        # A slash may belong to the name itself, as in "Mergers and/or acquisitions"; never one that begins a path.
        return (
            found if found.path or from_top or where.split("/")[0] in (".", "..") else _best(known.names.get(names.key(target), []), target, folder)
        )
    return _best(candidates, last, folder)


def _in_folder(candidates: list[Name], where: str, folder: str, from_top: bool) -> list[Name]:
    """Keep the notes whose folder ends as the target says; ``.`` and ``..`` start from the note's own, ``/`` at the top."""
    parts = [each for each in where.split("/") if each]
    if from_top or (parts and parts[0] in (".", "..")):
        here = folder.split("/") if folder and not from_top else []
        for part in parts:
            if part == "..":
                if not here:
                    return []
                here.pop()
            elif part != ".":
                here.append(part)
        wanted_folder = "/".join(here)
        return [each for each in candidates if each.kind in PLACED and _same(_place(each), wanted_folder)]
    wanted_folder = "/".join(part for part in parts if part != ".")
    return [each for each in candidates if each.kind in PLACED and _same(("/" + _place(each))[-len(wanted_folder) - 1 :], "/" + wanted_folder)]


PLACED = frozenset({"stem", "id", "folder"})
"""Kinds of names that are part of a path."""


def _place(name: Name) -> str:
    """Give the folder that what has the name lies in."""
    folder = name.path.rpartition("/")[0]
    return folder.rpartition("/")[0] if name.kind == "folder" else folder


def _same(one: str, other: str) -> bool:
    return names.nfc(one).casefold() == names.nfc(other).casefold()


def _best(candidates: list[Name], target: str, folder: str) -> Resolution:
    if not candidates:
        return Resolution(None)
    folded, spaced, plain = target.casefold(), names.spaced(target), names.unpunctuated(target)
    tests: tuple[tuple[str, Callable[[Name], bool]], ...] = (
        ("exact", lambda each: each.kind == "stem" and each.name == target),
        ("case", lambda each: each.kind == "stem" and each.name.casefold() == folded),
        ("separators", lambda each: each.kind == "stem" and names.spaced(each.name) == spaced),
        ("punctuation", lambda each: each.kind == "stem" and names.unpunctuated(each.name) == plain),
        ("alias", lambda each: each.kind == "alias" and names.unpunctuated(each.name) == plain),
        ("id", lambda each: each.kind == "id" and each.name.casefold() == folded),
        ("title", lambda each: each.kind == "title" and names.unpunctuated(each.name) == plain),
        ("folder", lambda each: each.kind == "folder" and names.unpunctuated(each.name) == plain),
        ("squashed", lambda _: True),
    )
    for tier, test in tests:
        paths = sorted({each.path for each in candidates if test(each)}, key=lambda path: _nearness(path, folder))
        if paths:
            own = [path for path in paths if path.rpartition("/")[0] == folder]
            rivals = own or paths
            return Resolution(rivals[0], tier, tuple(rivals[1:]))
    return Resolution(None)


def _nearness(path: str, folder: str) -> tuple[int, int, str]:
    """Order rivals: those that share the most folders with the note, then the least deep."""
    above = set(folders(folder + "/x")) if folder else {""}
    own = path.rpartition("/")[0]
    shared = max((each.count("/") + 1 for each in folders(path) if each and each in above), default=0)
    return (-shared, own.count("/") + bool(own), path)
