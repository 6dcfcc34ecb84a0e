"""The graph that a check looks at: the one on disk while it says what the notes say now, else one that is made for the check.

A fresh clone has no graph, and an editor saves notes all the time. In both cases the notes are checked as they are: a copy of
the graph (hard links) is brought up to date in a temporary folder, which costs what the change costs, and thrown away.
The graph on disk is never touched by a check.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from kg import pipeline, settled, store, vault, vocabulary
from kg.check.known import Checked
from kg.config import Config
from kg.errors import StoreError
from kg.graph import Graph
from kg.model import Note
from kg.triples import iri_of, pairs

Tell = Callable[[str], None]
Progress = Callable[[str, int, int], None]


class Change(NamedTuple):
    """What is not as it was when a graph was built: notes that were added, changed or removed, and whether settings were."""

    notes: tuple[str, ...]
    settings: bool


@contextmanager
def looked_at(source: Path, folder: Path, config: Config, tell: Tell, progress: Progress | None = None) -> Iterator[Checked]:
    """Give what is known of the notes as they are now, from the graph in ``folder`` or one made for the time.

    Raises:
        NoteError: the folder of the notes is not there.
        StoreError: no graph can be made.
    """
    live = store.live(folder)
    if live and config.root is None:
        config = replace(config, detail=live.manifest.detail)  # as it was built
    known = Checked(Graph(live), config) if live else None
    change = _changed(live, known, source, config) if live and known else None
    if known and change == Change((), False):
        yield known
        return
    with tempfile.TemporaryDirectory(prefix="kg-check-") as name:
        here = Path(name) / "graph"
        if live and change:
            tell(_what_changed(change))
            if not change.settings:
                _copied(folder, live, here)
        else:
            tell("there is no graph yet: one is made for this check only (kg build keeps one)")
        pipeline.build(source, here, config, progress=progress)
        made = Checked(Graph(store.current(here)), config)
        moving = _changed(made.graph.generation, made, source, config).notes
        if moving:
            pipeline.build(source, here, config, progress=progress)
            made = Checked(Graph(store.current(here)), config)
            moving = _changed(made.graph.generation, made, source, config).notes
        for path in moving:
            tell(f"{path} changed while it was checked; check again")
        yield made


def _what_changed(change: Change) -> str:
    if change.settings:
        return "the settings, or kg itself, changed since the graph was built: all notes are read again for this check (kg build updates the graph)"
    count = len(change.notes)
    notes = f"{change.notes[0]} changed" if count == 1 else f"{count:,} notes changed"
    return f"{notes} since the graph was built: checked as {'it is' if count == 1 else 'they are'} now (kg build updates the graph)"


def _changed(live: store.Generation, known: Checked, source: Path, config: Config) -> Change:
    """Compare a graph with the notes."""
    shas = {known.paths[iri]: sha for iri, sha in pairs(known.graph.store, iri_of("schema:sha256")) if iri in known.paths}
    there = {each.path for each in vault.listing(source, config.skip, without=live.folder.parent).found}
    left_out = {path for path in there - shas.keys() if not isinstance(known.texts.note(path), Note)}
    changed = (shas.keys() ^ there) - left_out
    for path in shas.keys() & there:
        note = known.texts.note(path)
        if note is None or note.sha256 != shas[path]:
            changed.add(path)
    return Change(tuple(sorted(changed)), not pipeline.fits(live, source, config) or _decided(live, source, config))


def _decided(live: store.Generation, source: Path, config: Config) -> bool:
    """Say whether the author's vocabulary was changed since."""
    file = vocabulary.find(settled.home(config, source))
    try:
        return file is not None and file.stat().st_mtime_ns > (live.folder / "manifest.json").stat().st_mtime_ns
    except OSError:
        return False


def _copied(folder: Path, live: store.Generation, here: Path) -> None:
    """Copy a graph for a builder of its own: what is never written again is linked."""
    here.mkdir()

    def copied(one: str, other: str) -> None:
        if one.endswith((".sst", ".sqlite")):
            try:
                os.link(one, other)
                return
            except OSError:  # another file system
                pass
        shutil.copyfile(one, other)

    try:
        shutil.copytree(live.folder, here / live.name, copy_function=copied)
        shutil.copyfile(folder / "cache.sqlite", here / "cache.sqlite")
        (here / store.CURRENT).write_text(f"{live.name}\n", encoding="utf-8")
    except (OSError, shutil.Error):  # a build removed it meanwhile, or its cache is not ours to read: all notes are read
        shutil.rmtree(here, ignore_errors=True)


def of_files(folder: Path) -> Checked:
    """Give what is known of a graph as it is on disk, whatever became of its notes.

    Raises:
        StoreError: there is none.
    """
    graph = Graph(store.current(folder))
    source = Path(graph.generation.manifest.source)
    made_of_notes = graph.generation.manifest.detail != store.LOADED
    return Checked(graph, settled.settings(source, folder) if made_of_notes else Config())


def refused(folder: Path) -> None:
    """Refuse a graph that was loaded from files of RDF.

    Raises:
        StoreError: it was.
    """
    live = store.live(folder)
    if live and live.manifest.detail == store.LOADED:
        raise StoreError(
            f"{folder}: this graph was loaded from {live.manifest.source}: it has no notes to check",
            hint="kg check --shacl checks it by shapes, and kg check --graph its files",
        )


__all__ = ["Change", "looked_at", "of_files", "refused"]
