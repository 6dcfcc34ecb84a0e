"""Whether there is anything to do: told by what the disk says of files, before anything is imported that reads one.

Nothing here is needed for a build to be right. Where anything differs, were it only a time, the build finds
out what that means; where nothing does, it is spared the two thirds of its time that are imports.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kg import __version__, dialect, ontology, store
from kg.cache import Cache
from kg.config import Config
from kg.vault import Listing, Skipped

DOUBTFUL = 2_000_000_000
"""ns; a file touched so shortly before it was read may change again without a new time."""
SETTLED = ("vocabulary.", "kg.toml")
"""How the files begin, beside the notes, in which authors settle things."""


@dataclass(frozen=True)
class Report:
    """What a build did. ``notes`` to ``issues`` count the whole vault, the rest this build."""

    folder: Path
    added: int
    changed: int
    removed: int
    written: int
    notes: int
    links: int
    broken: int
    issues: int
    skipped: tuple[Skipped, ...]
    full: bool


def state(notes: Path, config: Config) -> str:
    """Sum up all but the notes that a graph depends on: kg and its packages, settings, the author's files; "" if one was just touched."""
    home = config.root or notes
    own = Path(__file__).parent
    files = sorted(
        each
        for folder, wanted in (
            *((folder, (".py",)) for folder in (own, own / "extract", own / "vocabulary")),
            *((folder, (".ttl",)) for folder in (ontology.path("countries.ttl").parent, home / "ontology")),
            (home, SETTLED),
        )
        for each in _prints(folder, wanted)
    )
    if max((touched for *_, touched in files), default=0) > time.time_ns() - DOUBTFUL:
        return ""
    packages = [(place, sorted(name for name in _names(place) if name.endswith((".dist-info", ".egg-info")))) for place in sys.path]
    told = (__version__, sys.version, config, dialect.detect(notes, config.dialect), files, packages)
    return sha256(repr(told).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _prints(folder: Path, wanted: tuple[str, ...]) -> Iterator[tuple[str, int, int, int]]:
    """Give the path, the inode, the size and the later time of files that begin or end in one of some ways."""
    for name in _names(folder):
        if name.startswith(wanted) or name.endswith(wanted):
            path = os.path.join(folder, name)
            what = os.stat(path)
            yield path, what.st_ino, what.st_size, max(what.st_mtime_ns, what.st_ctime_ns)


def _names(folder: str | Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def report(notes: Path, folder: Path, config: Config, found: Listing, cache: Cache) -> Report | None:
    """Say that nothing changed since the last build, if that is certain."""
    live = store.live(folder)
    about = cache.about()
    now = state(notes, config)
    if not (live and now and cache.sealed and (about.get("generation"), about.get("state")) == (live.name, now) and live.whole()):
        return None
    if {path: seen for path, (seen, _) in cache.prints().items()} != {each.path: each.print for each in found.found}:
        return None
    held, links, broken, issues = cache.counts()
    return Report(
        folder,
        added=0,
        changed=0,
        removed=0,
        written=0,
        notes=held,
        links=links,
        broken=broken,
        issues=issues,
        skipped=found.skipped,
        full=False,
    )


__all__ = ["DOUBTFUL", "Report", "report", "state"]
