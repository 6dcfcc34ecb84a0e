"""The main job: a folder of notes becomes, or updates, a graph.

    found ─▶ read and name (per note) ─▶ table (across notes) ─▶ emit (per note) ─▶ store, index ─▶ publish

What changed since the last build is read again; what depends on it through a name is written again;
if the settings changed, the cache does not fit, or much changed, everything is.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

from kg import (
    __version__,
    clock,
    corpus,
    dialect,
    extract,
    facts,
    index,
    kinds,
    lexicon,
    locks,
    markdown,
    names,
    settled,
    store,
    update,
    vault,
    vocabulary,
    words,
)
from kg.cache import VERSION as CACHE_VERSION
from kg.cache import Cache
from kg.config import Config
from kg.dialect import Dialect
from kg.emission import Emission
from kg.errors import BusyError, StoreError
from kg.extract import Extractor, Named, Surveyor
from kg.facts import decided, emit
from kg.lexicon import Concept, Lexicon
from kg.model import Offer
from kg.resolve import table
from kg.vault import Found, Skipped
from kg.world import World

Progress = Callable[[str, int, int], None]
"""Told the stage, how many notes are done, and how many there are."""

DOUBTFUL = 2_000_000_000
"""ns; a file touched so shortly before it was read may change again without a new time."""
SHARD = 100
"""Notes a worker takes at a time."""


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
    config = config or Config()
    tell = progress or _silent
    found = vault.listing(notes, config.skip, without=folder)
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
        return _Build(notes, folder, config, cache, found, jobs, tell).run(full)
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


class _Build:
    """One build, from the listing to the published generation."""

    def __init__(
        self,
        notes: Path,
        folder: Path,
        config: Config,
        cache: Cache,
        listing: vault.Listing,
        jobs: int,
        tell: Progress,
    ) -> None:
        self.notes, self.folder, self.config, self.cache = notes, folder, config, cache
        self.found = {each.path: each for each in listing.found}
        self.skipped = list(listing.skipped)
        self.jobs, self.tell = jobs, tell
        self.dialect = dialect.detect(notes, config.dialect)
        self.context = settled.context(config, notes)
        self.iris = names.Names(config.base)
        self.began = time.time_ns()
        self.live = store.live(folder)
        self.vocabulary = json.dumps([each.said for each in self.context.decisions.entries], ensure_ascii=False)
        self.settings = _settings(config, kinds.fingerprint(settled.home(config, notes)), self.dialect)

    @cached_property
    def extractors(self) -> tuple[Extractor | Surveyor, ...]:
        """The extractors; importing them takes half of a build that finds nothing changed."""
        return _extractors(self.config, self.context.decisions.lexicon)

    @cached_property
    def precision(self) -> dict[tuple[str, str], float]:
        return extract.precision(self.extractors)

    @cached_property
    def concepts(self) -> dict[tuple[str, str], Concept]:
        """What lexicons know, by kind and key."""
        lexicons = [getattr(each, "lexicon", None) for each in self.extractors]
        return {name: concept for each in lexicons if each for name, concept in each.concepts.items()}

    def run(self, full: bool) -> Report:
        before = self.cache.prints()
        about = self.cache.about()
        fits = self.live and about == {"generation": self.live.name, "settings": self.settings, "vocabulary": about.get("vocabulary")}
        if full or not fits or not self.cache.sealed or not self.live or not self.live.whole():
            return self.everything(before if self.live else {})
        suspects = [path for path, each in self.found.items() if before.get(path, ("", ""))[0] != each.print]
        read = {named.document.path: named for named in self.read(suspects)}
        gone = sorted(set(before) - set(self.found))
        changed = [path for path, named in read.items() if before.get(path, ("", ""))[1] != named.document.sha256]
        if len(changed) + len(gone) > max(50, len(before) // 3):
            return self.everything(before, read)
        redecided = about["vocabulary"] != self.vocabulary
        touched: dict[str, Named] = {}
        if not changed and not gone and not redecided:
            return self.nothing(read)
        if redecided:
            touched = self.redecided(self.live, about["vocabulary"])
            read = touched | read
            if len(read) > max(50, len(before) // 3):
                return self.everything(before, read)
        return self.difference(self.live, before, read, changed, gone, touched.keys() if redecided else None)

    # -- reading -----------------------------------------------------------------------------

    def read(self, paths: Sequence[str]) -> Iterator[Named]:
        """Read and name notes, in the order given; those that cannot be read are left out."""
        total = len(paths)
        if self.jobs > 1 and total >= 3 * SHARD:
            shards = [paths[at : at + SHARD] for at in range(0, total, SHARD)]
            with ProcessPoolExecutor(self.jobs, initializer=_deaf) as pool:
                done = 0
                tasks = [pool.submit(_read_shard, self.notes, shard, self.config, self.context.decisions.lexicon, self.dialect) for shard in shards]
                try:
                    for task, shard in zip(tasks, shards, strict=True):
                        for each in task.result():
                            yield from self.usable(each)
                        done += len(shard)
                        self.tell("reading", done, total)
                finally:
                    pool.shutdown(wait=False, cancel_futures=True)  # Ctrl-C waits for none of the shards that nobody has begun
            return
        for done, path in enumerate(paths):
            self.tell("reading", done, total)
            yield from self.usable(_read_one(self.notes, path, self.config.largest, self.extractors, self.dialect))
        self.tell("reading", total, total)

    def usable(self, read: Named | Skipped) -> Iterator[Named]:
        if isinstance(read, Skipped):
            self.skipped.append(read)
            self.found.pop(read.path, None)
        else:
            yield read

    def remember(self, named: Named) -> tuple[list[Offer], list[tuple[str, str]]]:
        """Give what a note offers and wants."""
        document = named.document
        offers = {*corpus.offers(document, self.context), *corpus.named_offers(named, self.concepts, self.precision)}
        wants = {*corpus.wants(document, self.context), *corpus.named_wants(named)}
        return sorted(offers), sorted(wants)

    def decided(self) -> tuple[list[Offer], list[tuple[str, str]]]:
        """Give what the author's vocabulary offers and wants."""
        return corpus.decided_offers(self.context), corpus.decided_wants(self.context)

    def touch(self, read: Iterable[tuple[str, str, Emission]]) -> None:
        """Remember files by path, hash and what was counted in them."""
        rows = []
        for path, sha, said in read:
            each = self.found[path]
            doubtful = each.touched > self.began - DOUBTFUL
            rows.append((path, "" if doubtful else each.print, sha, said.links, said.broken, said.issued))
        self.cache.touch(rows)

    # -- the two ways ------------------------------------------------------------------------

    def everything(self, before: dict[str, tuple[str, str]], known: Mapping[str, Named] | None = None) -> Report:
        """Write a new graph of all notes; ``known`` are those that have been read already."""
        from pyoxigraph import Store

        known = dict(known or {})
        known |= {named.document.path: named for named in self.read(sorted(self.found.keys() - known.keys()))}
        read = [known[path] for path in sorted(known)]
        self.cache.begin()
        self.cache.clear()
        named_in: dict[str, list[tuple[str, str, str]]] = {}
        remembered = [(named.document.path, *self.remember(named)) for named in read]
        for path, offers, wants in ((corpus.VOCABULARY, *self.decided()), *remembered):
            self.cache.put(path, offers, wants)
            for offer in offers:
                if offer.key.startswith(("name:", "parts:", "cited:")):
                    named_in.setdefault(offer.key, []).append((offer.kind, offer.value, path))
        self.cache.index()
        world = self.world(lambda key: named_in.get(key, ()), self.cache.spellings().get)
        generation = store.following(self.folder)
        self.tell("writing", 0, len(read))
        emissions = [emit(named, world) for named in read]
        graph = Store(str(generation / "graph"))
        update.fill(graph, [*emissions, decided(self.context, world)], self.iris.suggested)
        graph.flush()
        del graph
        self.tell("indexing", 0, len(read))
        index.write(
            generation / "index",
            (index.rows(named.document, world.table, said) for named, said in zip(read, emissions, strict=True)),
        )
        self.touch((each.document.path, each.document.sha256, said) for each, said in zip(read, emissions, strict=True))
        after = {named.document.path: named.document.sha256 for named in read}
        added = len(after.keys() - before.keys())
        changed = sum(1 for path, sha in after.items() if path in before and before[path][1] != sha)
        return self.publish(generation, added, changed, len(before.keys() - after.keys()), len(read), full=True)

    def nothing(self, read: Iterable[str]) -> Report:
        """Remember that files were touched without being changed."""
        self.cache.begin()
        self.cache.retouch((path, self.seen(path)) for path in read)
        self.cache.commit()
        return self.report(self.folder, 0, 0, 0, 0, full=False)

    def redecided(self, live: store.Generation, before: str) -> dict[str, Named]:
        """Read the notes again in which a name stands that the vocabulary has now, or had before."""
        old = vocabulary.decisions(vocabulary.Entry._make(map(_frozen, each)) for each in json.loads(before))
        changed = vocabulary.difference(old, self.context.decisions, self.context.kinds)
        spellings = lexicon.lexicon(lexicon.Term(spelling, "", spelling, "") for spelling in changed.spellings)
        titled = (path for path, offer in self.cache.offers() if offer.kind == "title" and spellings.find(offer.value))
        holding = {*index.holding(live.index, spellings), *titled} if spellings.terms else set()
        return {named.document.path: named for named in self.read(sorted(holding & self.found.keys()))}

    def difference(
        self,
        live: store.Generation,
        before: dict[str, tuple[str, str]],
        read: dict[str, Named],
        changed: list[str],
        gone: list[str],
        named_anew: Collection[str] | None,
    ) -> Report:
        """Write again what changed and what depends on it, into a copy of the live generation.

        ``named_anew`` are notes in which a changed vocabulary names something else; None if it is as it was.
        """
        from pyoxigraph import Store

        self.cache.begin()
        touched = sorted({*changed, *(named_anew or ())})
        affected = self.affected([read[path] for path in touched], gone, redecided=named_anew is not None)
        said = corpus.VOCABULARY in affected or named_anew is not None
        others = sorted({*affected, *touched} & self.found.keys() - set(changed))
        read |= {named.document.path: named for named in self.read([path for path in others if path not in read])}
        if any(path not in read or read[path].document.sha256 != before[path][1] for path in others):
            # A note was edited while the build ran: start again from what is there now.
            self.cache.rollback()
            return self.everything(before)
        written = [read[path] for path in (*changed, *others)]
        world = self.world(self.cache.offered, self.cache.spelling)
        emissions = [emit(named, world) for named in written]
        generation = store.following(self.folder)
        live.open().backup(str(generation / "graph"))
        graph = Store(str(generation / "graph"))
        update.apply(
            graph, [*emissions, *([decided(self.context, world)] if said else [])], [self.iris.note(path) for path in gone], self.iris.suggested
        )
        # Without this the next checkpoint would silently lack the update.
        graph.flush()
        del graph
        rows = [index.rows(named.document, world.table, said) for named, said in zip(written, emissions, strict=True)]
        index.update(live.index, generation / "index", rows, gone)
        self.touch((each.document.path, each.document.sha256, said) for each, said in zip(written, emissions, strict=True))
        self.cache.retouch((path, self.seen(path)) for path in read if path not in changed)
        added = sum(1 for path in changed if path not in before)
        return self.publish(generation, added, len(changed) - added, len(gone), len(written), full=False)

    def affected(self, changed: Iterable[Named], gone: Sequence[str], *, redecided: bool) -> set[str]:
        """Change what the cache remembers, and give the notes that want a key whose value that changes."""
        remembered = {named.document.path: self.remember(named) for named in changed}
        if redecided:
            remembered[corpus.VOCABULARY] = self.decided()
        keys = self.cache.keys((*remembered, *gone))
        for offers, wants in remembered.values():
            keys |= {offer.key for offer in offers} | {key for key, _ in wants}
        values = self.cache.values(keys, corpus.value)
        for path in gone:
            self.cache.forget(path)
        for path, kept in remembered.items():
            self.cache.forget(path, file=False)
            self.cache.put(path, *kept)
        now = self.cache.values(keys, corpus.value)
        changed_keys = {key for key in keys if values[key] != now[key]}
        names_changed = [key.removeprefix("name:") for key in changed_keys if key.startswith("name:")]
        return self.cache.wanting(changed_keys | self.cache.led(names_changed, corpus.LEADS))

    def seen(self, path: str) -> str:
        each = self.found[path]
        return "" if each.touched > self.began - DOUBTFUL else each.print

    def world(self, offered: Callable[[str], Sequence[tuple[str, str, str]]], spelling: Callable[[str], str | None]) -> World:
        """Gather what a note must know of the others; ``offered`` gives what is offered under a key, ``spelling`` that of a missing one."""
        offers = self.cache.offers()
        titles = {path: offer.value for path, offer in offers if offer.kind == "title"}
        videos: dict[str, str] = {}
        stamps: dict[str, dict[str, tuple[int, ...]]] = {}
        durations: dict[str, int] = {}
        for path, offer in sorted(offers):
            if offer.kind == "video":
                video = offer.key.removeprefix("video:")
                videos[video] = min(videos.get(video, offer.value), offer.value)
            elif offer.kind == "stamps":
                stamps.setdefault(offer.key.removeprefix("stamps:"), {})[path] = tuple(map(int, offer.value.split(","))) if offer.value else ()
            elif offer.kind == "duration":
                video = offer.key.removeprefix("stamps:")
                durations[video] = max(durations.get(video, 0), int(offer.value))
        durations |= dict(self.config.durations)
        pages = {path: (kind, title) for path, offer in offers if offer.kind == "entity" for kind, _, title in [offer.value.partition("/")]}
        return World(
            self.config,
            table(offers, spelling),
            titles,
            videos,
            self.concepts,
            pages,
            cache(lambda key: corpus.value(key, offered(key), None)),
            self.precision,
            self.context.kinds,
            stamps,
            durations,
        )

    # -- the end -----------------------------------------------------------------------------

    def publish(self, generation: Path, added: int, changed: int, removed: int, written: int, *, full: bool) -> Report:
        self.cache.describe({"generation": generation.name, "settings": self.settings, "vocabulary": self.vocabulary})
        report = self.report(self.folder, added, changed, removed, written, full=full)
        manifest = store.Manifest(
            base=self.config.base,
            title=self.config.title or self.notes.resolve().name,
            source=str(self.notes.resolve()),
            detail=self.config.detail,
            dialect=self.dialect.name,
            settings=self.settings,
            counts={"notes": report.notes, "links": report.links, "broken": report.broken, "issues": report.issues},
            skipped=[str(each) for each in self.skipped],
            kg=__version__,
        )
        # Should the rest fail, the cache names a generation that is not the live one, and is not used.
        self.cache.commit()
        store.publish(self.folder, generation, manifest)
        return report

    def report(self, folder: Path, added: int, changed: int, removed: int, written: int, *, full: bool) -> Report:
        notes, links, broken, issues = self.cache.counts()
        skipped = tuple(sorted(self.skipped))
        return Report(folder, added, changed, removed, written, notes, links, broken, issues, skipped, full)


def _read_one(root: Path, path: str, largest: int, extractors: Sequence[Extractor | Surveyor], written: Dialect) -> Named | Skipped:
    note = vault.read(root, path, largest)
    return note if isinstance(note, Skipped) else extract.named(markdown.read(note, label_first=written.label_first), extractors)


def _read_shard(root: Path, paths: Sequence[str], config: Config, words: Lexicon, written: Dialect) -> list[Named | Skipped]:
    extractors = _extractors(config, words)
    return [_read_one(root, path, config.largest, extractors, written) for path in paths]


def _deaf() -> None:
    """Leave Ctrl-C to the parent, which tells the person once; hold no lock of its, and end when it does, however that is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    locks.let_go()
    threading.Thread(target=_orphaned, daemon=True).start()


def _orphaned() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


class _Words:
    """The extractor of the vocabulary's names."""

    name = "vocabulary"
    version = "1"
    seams = True

    def __init__(self, words: Lexicon) -> None:
        self.find = words.find


def _extractors(config: Config, words: Lexicon) -> tuple[Extractor | Surveyor, ...]:
    return (*extract.installed(config), _Words(words)) if words.terms else extract.installed(config)


def _settings(config: Config, declared: str, written: Dialect) -> str:
    """Sum up everything but the notes that the graph depends on."""
    from kg import ontology

    told = {
        "kg": __version__,
        "cache": CACHE_VERSION,
        "markdown": markdown.VERSION,
        "clock": clock.VERSION,
        "facts": facts.VERSION,
        "words": words.VERSION,
        "dialect": written.label_first,
        "config": repr(replace(config, root=None, title="", licence="")),
        # Not the vocabulary: what that changes is worked out name by name.
        "extractors": extract.fingerprint(config),
        "kinds": declared,
        "lexicons": [sha256(each.read_bytes()).hexdigest() for each in sorted(ontology.path("countries.ttl").parent.glob("countries*.ttl"))],
    }
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


__all__ = ["Found", "Report", "build"]
