"""A folder of notes while people work in it: says when to build again, and when there is nothing to build from.

The system tells what changes (by the package watchfiles). Changes that come together are one; what is written in
hidden folders, such as an editor's own, and in the graph's folder is none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from kg.errors import KgError

TOGETHER = 50
"""ms; changes that follow each other so soon are one"""
LONGEST = 300
"""ms; for so long, and no longer: an edit shall be in the graph within a second"""
GLANCE = 1000
"""ms; how often to look whether the folder is there at all, since a disk that goes tells nobody"""
_ENDINGS = frozenset((".md", ".toml", ".ttl", ".jsonld", ".yaml", ".yml", ".csv"))


class Event(Enum):
    """What a watcher learns: something changed; the folder is gone, or has no notes left; it is back."""

    CHANGED = "changed"
    GONE = "gone"
    BACK = "back"


def events(notes: Path, graph: Path, beside: Path | None = None) -> Iterator[Event]:
    """Tell what happens to a folder of notes, for ever; ``beside`` is the folder of its settings.

    Raises:
        KgError: the system can watch no more folders.
    """
    import time

    from watchfiles import watch

    notes, graph = notes.resolve(), graph.resolve()

    def concerns(_change: object, path: str) -> bool:
        return _concerns(Path(path), notes, graph, beside)

    there = True
    while True:
        known = _identity(notes)
        if known is None:
            if there:
                yield Event.GONE
            there = False
            time.sleep(GLANCE / 2000)
            continue
        if not there:
            there = True
            yield Event.BACK
        folders = {notes, beside.resolve()} if beside and not notes.is_relative_to(beside.resolve()) else {beside.resolve()} if beside else {notes}
        again = True  # what changed before the system watches, since the build before, is told by nobody either
        try:
            for batch in watch(
                *folders, watch_filter=concerns, debounce=LONGEST, step=TOGETHER, rust_timeout=GLANCE, yield_on_timeout=True, raise_interrupt=True,
                ignore_permission_denied=True,
            ):  # fmt: skip
                if _identity(notes) != known:
                    break  # gone, or another folder: begin anew
                if batch or again:
                    # Files that are made in a new folder before the system watches it are told by nobody.
                    again = any(os.path.isdir(path) for _, path in batch)
                    yield Event.CHANGED
        except FileNotFoundError:
            continue
        except (OSError, RuntimeError) as error:
            reason = str(error).split(" about ")[0]
            raise KgError(f"{notes}: cannot be watched: {reason}", hint="WATCHFILES_FORCE_POLLING=1 looks at all files instead") from None


def _concerns(path: Path, notes: Path, graph: Path, beside: Path | None) -> bool:
    if path == graph or path.is_relative_to(graph):
        return False
    root = notes if path.is_relative_to(notes) else beside.resolve() if beside else notes
    if not path.is_relative_to(root) or any(part.startswith(".") for part in path.relative_to(root).parts):
        return False
    if root != notes and path.parent not in (root, root / "ontology"):
        return False
    return path.suffix.lower() in _ENDINGS or not path.is_file()


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        what = folder.stat()
    except OSError:
        return None
    return (what.st_dev, what.st_ino) if folder.is_dir() else None


__all__ = ["Event", "events"]
