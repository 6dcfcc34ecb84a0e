"""Which note a link means: ordered tiers, the note's own folder first, never a silent choice.

    exact        the file's name as written
    case         but for capitals
    separators   but for _, - and blanks
    punctuation  but for punctuation
    alias        an alias in the front matter
    title        the title of the note
    folder       the folder that it is the first note of: index.md, README.md
    squashed     nothing but letters and digits agree (noted as an issue)

Every spelling of a name that any tier accepts has the same :func:`kg.names.key`, so one look-up
gives all candidates, and the value of one key decides every link that has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from kg import names
from kg.model import Link, Offer
from kg.vault import folders

TIERS = {
    "exact": "the file's name as written",
    "case": "the file's name but for capitals",
    "separators": "the file's name but for _, - and blanks",
    "punctuation": "the file's name but for punctuation",
    "alias": "an alias in its front matter",
    "title": "its title",
    "folder": "the folder whose index or README it is",
    "squashed": "its letters and digits alone, which is a guess",
}
LOOSE = frozenset({"squashed"})
MEDIA = frozenset(
    [
        "png",
        "jpg",
        "jpeg",
        "gif",
        "svg",
        "webp",
        "bmp",
        "avif",
        "pdf",
        "mp3",
        "wav",
        "m4a",
        "ogg",
        "flac",
        "mp4",
        "webm",
        "mov",
        "mkv",
        "ogv",
        "3gp",
        "canvas",
        "base",
        "zip",
        "csv",
        "xlsx",
        "docx",
        "pptx",
    ]
)


KINDS = frozenset({"stem", "alias", "title", "folder"})
"""Kinds of offers that are names."""


class Name(NamedTuple):
    """A name that a note answers to: ``kind`` is stem, alias, title or folder."""

    kind: str
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
    memory: dict[tuple[str, str], Resolution] = field(default_factory=dict)

    def spelling(self, target: str) -> str:
        """Give the spelling that stands for all spellings of a missing name."""
        return self.missing(names.key(target)) or target


def table(offers: Iterable[tuple[str, Offer]], missing: Callable[[str], str | None]) -> Table:
    """Gather the names that notes offer, as pairs of a path and an offer; ``missing`` gives the spelling of a key that none offers."""
    found: dict[str, list[Name]] = {}
    for path, offer in offers:
        if offer.kind in KINDS:
            found.setdefault(offer.key, []).append(Name(offer.kind, offer.value, path))
    for group in found.values():
        group.sort()
    return Table(found, missing)


def wanted(link: Link) -> str | None:
    """Give the name a link asks for, or None where it asks for no other note.

    >>> wanted(Link("folder/Some note.md", None, "", False, 0, 0, 1, 1))
    'folder/Some note'
    """
    return _wanted(link.target)


@lru_cache(maxsize=65536)
def _wanted(target: str) -> str | None:
    """The same by the link's target; a target is that of six links."""
    target = target.strip().rstrip("/").removeprefix(":")  # [[:Category:x]] of MediaWiki is a link, where [[Category:x]] is a mark
    if not target.strip("/.") or "://" in target or target.lower().startswith("mailto:"):
        return None
    ending = target.rpartition(".")[2].lower() if "." in target else ""
    if ending in MEDIA:
        return None
    return target[:-3].strip() if ending == "md" and len(target) > 3 else target


def resolve(known: Table, target: str, source: str) -> Resolution:
    """Find the note that ``target`` means in the note at path ``source``.

    >>> known = table([("b_note.md", Offer("bnote", "stem", "b_note"))], {}.get)
    >>> resolve(known, "B Note", "a.md")
    Resolution(path='b_note.md', tier='separators', others=())
    """
    folder = source.rpartition("/")[0]
    memory = known.memory.get((target, folder))
    if memory is None:
        memory = known.memory[target, folder] = _resolve(known, target, folder)
    return memory


def tried(known: Table, target: str, source: str) -> list[tuple[str, tuple[str, ...]]]:
    """List the tiers in the order they are tried, up to the one that decides, each with the notes it finds, the one taken first.

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
    where, slash, last = target.replace("\\", "/").rpartition("/")
    candidates = known.names.get(names.key(last), [])
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


PLACED = frozenset({"stem", "folder"})
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
