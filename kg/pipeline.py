"""The main job: a folder of notes becomes, or updates, a graph.

    found ─▶ read and name (per note) ─▶ table (across notes) ─▶ emit (per note) ─▶ store, index ─▶ publish

Here is what every build does; one that finds nothing changed ends here, all others go on in :mod:`kg.rebuild`.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg import settled, store, unchanged, vault
from kg.cache import Cache
from kg.config import Config
from kg.errors import BusyError, StoreError
from kg.unchanged import Report
from kg.vault import VaultFile

if TYPE_CHECKING:
    from kg.rebuild import Progress


def build(
    notes: Path,
    folder: Path,
    config: Config | None = None,
    *,
    full: bool = False,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Report:
    """Build or update the graph in ``folder`` from the notes under ``notes``.

    Raises:
        NoteError: ``notes`` is no folder.
        StoreError: the graph cannot be written, or was made from other notes.
        BusyError: another build of this graph is running.
    """
    config, left_out = settled.composed(config or Config(), notes)
    tell = progress or _silent
    found = vault.listing(notes, config.skip, without=folder)
    found = replace(found, skipped=(*found.skipped, *left_out)) if left_out else found
    _own(notes, folder)
    with store.locked(folder), _uncollected():
        store.sweep(folder)
        before = store.live(folder)
        try:
            try:
                return _built(notes, folder, config, found, full, jobs, tell)
            except (sqlite3.DatabaseError, StoreError, RuntimeError) as error:
                if isinstance(error, BusyError):
                    raise
                # The cache or the old graph is damaged: both can be made anew from the notes.
                store.sweep(folder)  # what the first attempt wrote may be what fills the disk
                (folder / "cache.sqlite").unlink(missing_ok=True)
                return _built(notes, folder, config, found, True, jobs, tell)
        except OSError as error:
            reason = error.strerror or str(error).split(": /")[0]
        except (sqlite3.DatabaseError, RuntimeError) as error:
            reason = str(error).split("\n", 1)[0]
        finally:
            store.sweep(folder)
        raise store.unwritten(folder, reason, before)


def _built(notes: Path, folder: Path, config: Config, found: vault.Listing, full: bool, jobs: int, tell: Progress) -> Report:
    cache = Cache(folder / "cache.sqlite")
    try:
        if not full and (report := unchanged.report(notes, folder, config, found, cache)):
            return report
        from kg.rebuild import Build  # half of what a build costs that finds nothing changed

        return Build(notes, folder, config, cache, found, jobs, tell).run(full)
    finally:
        cache.rollback()
        cache.close()


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of cycles from walking, again and again, values that hold none (8 % of a build)."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _own(notes: Path, folder: Path) -> None:
    if folder.resolve() == notes.resolve():
        raise StoreError(f"{folder}: the graph cannot be where the notes are", hint=f"build into {folder / store.FOLDER}")
    if folder.is_dir() and not store.ours(folder):
        raise StoreError(f"{folder}: holds other files, and no graph", hint="name an empty folder, or a new one, with -o")
    live = store.live(folder)
    if live and Path(live.manifest.source) != notes.resolve():
        raise StoreError(
            f"{folder}: this graph was made from {live.manifest.source}",
            hint=f"build into another folder with -o, or remove {folder}",
        )


def fits(live: store.Generation, notes: Path, config: Config) -> bool:
    """Say whether a graph was made by these settings, and by what makes graphs now; the notes are not looked at."""
    from kg import kinds
    from kg.rebuild import dialects, fingerprint

    config, _ = settled.composed(config, notes)
    return live.manifest.settings == fingerprint(config, kinds.fingerprint(settled.home(config, notes)), *dialects(notes, config, live))


__all__ = ["Report", "VaultFile", "build", "fits"]
