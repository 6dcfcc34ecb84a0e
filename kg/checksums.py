"""What the files of a generation were when it was published, and whether they still are.

A file is known by its size, its time and the SHA-256 of its bytes. Looking at size and time takes 0.3 ms for
the OECD notes, so every build and every reader of the index does; the bytes are read again only where
the time is another one, as in a copy, and when somebody asks for certainty.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

PARTS = ("graph", "index", "properties.ttl")


class Sum(NamedTuple):
    """A file as it was published: size in bytes, time in ns, SHA-256."""

    size: int
    time: int
    sha256: str


def files(generation: Path, parts: tuple[str, ...] = PARTS) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Give the files of a generation by their path in it, but those that an engine writes for itself as it opens."""
    for part in parts:
        try:
            entries = sorted(os.scandir(generation / part), key=lambda entry: entry.name)
        except FileNotFoundError:
            continue
        except NotADirectoryError:
            yield from ((part, entry) for entry in os.scandir(generation) if entry.name == part)
            continue
        for entry in entries:
            if entry.is_file() and not entry.name.startswith(("LOG", "LOCK")):
                yield f"{part}/{entry.name}", entry


def measured(generation: Path, before: Path | None = None, known: Mapping[str, Sum] | None = None) -> dict[str, Sum]:
    """Measure the files of a generation; what is the same file as in the one ``before`` is not read again."""
    found = {}
    for name, entry in files(generation):
        what = entry.stat()
        old = known.get(name) if known else None
        same = old is not None and before is not None and _same(what, before / name)
        found[name] = old if old and same else Sum(what.st_size, what.st_mtime_ns, _sha256(entry.path))
    return found


def damaged(generation: Path, known: Mapping[str, Sum], parts: tuple[str, ...] = PARTS, *, certain: bool = False) -> Iterator[tuple[str, str]]:
    """Give the files that are not what they were, and why; ``certain`` reads the bytes of all."""
    there = {name: entry.stat() for name, entry in files(generation, parts)}
    for name, was in known.items():
        if not name.startswith(parts):
            continue
        now = there.get(name)
        if now is None:
            yield name, "is missing"
        elif now.st_size != was.size:
            yield name, f"has {now.st_size:,} bytes, not {was.size:,}"
        elif certain or now.st_mtime_ns != was.time:
            try:
                if _sha256(generation / name) != was.sha256:
                    yield name, "is not what was written"
            except OSError as error:
                yield name, f"cannot be read: {error.strerror}"


def _same(what: os.stat_result, path: Path) -> bool:
    try:
        old = path.stat()
    except OSError:
        return False
    return (old.st_ino, old.st_dev, old.st_mtime_ns) == (what.st_ino, what.st_dev, what.st_mtime_ns) and old.st_ino != 0


def _sha256(path: str | Path) -> str:
    with open(path, "rb") as file:
        return file_digest(file, "sha256").hexdigest()


__all__ = ["Sum", "damaged", "files", "measured"]
