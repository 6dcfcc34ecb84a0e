"""All notes in two passes, bucket by bucket: read and named, then written as triples and rows; by this process or by several.

Between the passes stands the table of what all notes offer, without which none can be written. A bucket is
what one file of the index holds, so that whoever writes it needs nobody else, and only what one bucket at a
time says is in memory. What was read of more than :data:`KEPT` notes waits on disk: 21,000 notes would be
1.3 GB as objects, and are 320 MB in files, for 8 s of 180.
"""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kg import corpus, extract, index, locks, markdown, update, vault
from kg.cache import Cache, Remembered
from kg.config import Config
from kg.dialect import PREFIXED, TAGGED, Dialect
from kg.extract import AUTHORS, Extractor, Named, Surveyor
from kg.facts import emit
from kg.lexicon import Concept, Lexicon
from kg.model import Note, Offer
from kg.names import Names
from kg.offered import Offered
from kg.resolve import table
from kg.vault import Skipped
from kg.world import World

if TYPE_CHECKING:
    # Importing it takes a tenth of a build that finds nothing changed.
    from concurrent.futures import Future, ProcessPoolExecutor

    from kg.emission import Emission

KEPT = 2_000
"""Notes whose documents stay in memory between the passes."""
_KNOWN = "known"
"""The file, among what waits, of what all notes offer."""
ENOUGH = 300
"""Notes for which it pays to start processes."""


@dataclass(frozen=True)
class Workshop:
    """What it takes to read and write notes; a process of its own has one of its own."""

    notes: Path
    config: Config
    context: corpus.Context
    dialect: Dialect
    alone: bool = False
    """Whether it is known that there are no extractors but ours; looking for others takes a tenth of an edit."""

    @cached_property
    def extractors(self) -> tuple[Extractor | Surveyor, ...]:
        """The extractors: ours, those installed, that of the names its author has decided on; importing them takes half of a build that finds nothing changed."""
        if self.config.detail == "notes":
            return extract.authored(self.config)
        words = self.context.decisions.lexicon
        found = (extract.builtin if self.alone else extract.installed)(self.config)
        return (*found, _Words(words)) if words.terms else found

    @property
    def asked(self) -> Sequence[Extractor | Surveyor]:
        """The extractors that a note is shown to: all of them, or only that of what its author states."""
        return [each for each in self.extractors if each.name == AUTHORS] if self.config.detail == "notes" else self.extractors

    @property
    def others(self) -> list[str]:
        """The names of the extractors that are not always there."""
        return [each.name for each in self.extractors if each.name not in extract.BUILTIN and not isinstance(each, _Words)]

    @cached_property
    def precision(self) -> dict[tuple[str, str], float]:
        """The precision of rules, by kind and name."""
        return extract.precision(self.extractors)

    @cached_property
    def concepts(self) -> dict[tuple[str, str], Concept]:
        """What lexicons know, by kind and key."""
        lexicons = [getattr(each, "lexicon", None) for each in self.extractors]
        return {name: concept for each in lexicons if each for name, concept in each.concepts.items()}

    def read(self, path: str) -> Named | Skipped:
        """Read one note and find what it names."""
        note = vault.read(self.notes, path, self.config.largest)
        return note if isinstance(note, Skipped) else self.named(note)

    def named(self, note: Note) -> Named:
        """Find what a note says and names."""
        name = self.dialect.name
        document = markdown.read(
            note,
            label_first=self.dialect.label_first,
            prefixed=name in PREFIXED,
            tagged=name in TAGGED,
            keys=self.config.keys,
            known=self.context.kinds,
            mapped=self.config.context.mapped,
        )
        return extract.named(document, self.asked)

    def remember(self, named: Named) -> Remembered:
        """Give what other notes must know of a note."""
        document = named.document
        offers = {*corpus.offers(document, self.context), *corpus.named_offers(named, self.concepts, self.precision)}
        wants = {*corpus.wants(document, self.context), *corpus.named_wants(named)}
        return Remembered(document.path, document.sha256, sorted(offers), sorted(wants), sorted(corpus.sides(document)))

    def world(self, known: Offered | Cache) -> World:
        """Gather what a note must know of the others, from all that they offer."""
        titles: dict[str, str] = {}
        pages: dict[str, tuple[str, str]] = {}

        def passing() -> Iterator[tuple[str, Offer]]:
            for path, offer in known.offers():
                if offer.kind == "title":
                    titles[path] = offer.value
                elif offer.kind == "entity":
                    kind, _, title = offer.value.partition("/")
                    pages[path] = kind, title
                yield path, offer

        return World(
            self.config,
            table(passing(), known.spelling, self.context.kinds),  # one after the other: together they are as large as the table
            titles,
            self.concepts,
            pages,
            cache(lambda key: corpus.value(key, known.offered(key), None)),
            self.precision,
            self.context.kinds,
        )


class _Words:
    """The extractor of the vocabulary's names."""

    name = "vocabulary"
    version = "1"
    seams = True

    def __init__(self, words: Lexicon) -> None:
        self.find = words.find


_Made = TypeVar("_Made")


class Bucket(NamedTuple):
    """Some notes: those of one file of the index, by its number."""

    number: int
    paths: list[str]


class Read(NamedTuple):
    """What the first pass gives of a bucket."""

    notes: list[Remembered]
    skipped: list[Skipped]


class Counted(NamedTuple):
    """How many links, broken links and issues a note has, and what it states with properties of the vault's own."""

    path: str
    sha256: str
    links: int
    broken: int
    issues: int
    properties: tuple[tuple[str, str], ...]


def counted(named: Named, said: Emission) -> Counted:
    """Count what a note says."""
    return Counted(named.document.path, named.document.sha256, said.links, said.broken, said.issued, tuple(sorted(said.properties)))


class Written(NamedTuple):
    """What the second pass gives of a bucket; its file of the index is written already."""

    part: update.Part
    notes: list[Counted]


class Passes:
    """The two passes over some notes; ``folder`` is that of the next generation, and ``known`` are notes that have been read already."""

    def __init__(self, shop: Workshop, paths: Sequence[str], folder: Path, jobs: int, known: Mapping[str, Named]) -> None:
        shared: dict[int, list[str]] = {}
        for path in sorted(paths):
            shared.setdefault(index.bucket(path), []).append(path)
        self.buckets = [Bucket(number, shared[number]) for number in sorted(shared)]
        self.shop, self.folder, self.jobs, self.known = shop, folder, jobs, known
        self.several = jobs > 1 and len(paths) >= ENOUGH
        self.many = len(paths) > KEPT
        self.waiting = folder / "waiting"
        self.kept: dict[int, list[Named]] = {}
        self.pools: list[ProcessPoolExecutor] = []

    def __enter__(self) -> Passes:
        if self.several or self.many:
            self.waiting.mkdir()
        if self.several:
            from concurrent.futures import ProcessPoolExecutor

            # Each of one process: what it has read of few notes need not go through a file to be written by another, 0.56 ms a note.
            start = partial(ProcessPoolExecutor, 1, initializer=_begin, initargs=(replace(self.shop), self.folder.parent / "cache.sqlite"))
            self.pools = [start() for _ in range(self.jobs)]
        return self

    def __exit__(self, failed: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None) -> None:
        for pool in self.pools:
            # Ctrl-C waits for none of the buckets that are being read, or not begun.
            pool.shutdown(wait=failed is None, cancel_futures=failed is not None)
        shutil.rmtree(self.waiting, ignore_errors=True)

    def read(self) -> Iterator[Read]:
        """Read and name the notes of each bucket."""
        waiting = self.waiting if self.many else None
        return (
            self._ahead(_read, waiting) if self.pools else (_read_here(self.shop, bucket, self.known, self.kept, waiting) for bucket in self.buckets)
        )

    def write(self, world: Callable[[], World], known: Offered | None) -> Iterator[Written]:
        """Write each bucket's file of the index, and give what goes into the store.

        ``known`` is what all notes offer, where that is in memory: processes of their own gather their world from it, or else
        from the cache, and have begun when this returns.
        """
        (self.folder / "index").mkdir()
        if self.pools:
            if known:
                (self.waiting / _KNOWN).write_bytes(pickle.dumps(known, pickle.HIGHEST_PROTOCOL))
            return self._ahead(_write, self.waiting, self.folder / "index")
        return (_written(world(), bucket, _taken(self.kept, self.waiting, bucket), self.folder / "index") for bucket in self.buckets)

    def _ahead(self, work: Callable[..., _Made], *rest: object) -> Iterator[_Made]:
        """Have the processes begin, and give results in order; they work on a few more meanwhile, but not on so many that they pile up."""
        left = (self.pools[bucket.number % self.jobs].submit(work, bucket, *rest) for bucket in self.buckets)
        return _in_order(deque(islice(left, 2 * self.jobs + 1)), left)


def _in_order(pending: deque[Future[_Made]], left: Iterator[Future[_Made]]) -> Iterator[_Made]:
    while pending:
        made = pending.popleft().result()
        pending.extend(islice(left, 1))
        yield made


def _written(world: World, bucket: Bucket, named: list[Named], folder: Path) -> Written:
    emissions = [emit(each, world) for each in named]
    index.fill(folder, bucket.number, [index.rows(each.document, world.table, said) for each, said in zip(named, emissions, strict=True)])
    return Written(update.part(emissions, Names(world.config.base).suggested), [counted(*each) for each in zip(named, emissions, strict=True)])


def _read_here(shop: Workshop, bucket: Bucket, known: Mapping[str, Named], kept: dict[int, list[Named]], waiting: Path | None) -> Read:
    """Read a bucket, and keep its notes in memory, or among what waits on disk."""
    found = [known.get(path) or shop.read(path) for path in bucket.paths]
    named = [each for each in found if not isinstance(each, Skipped)]
    if waiting:
        (waiting / str(bucket.number)).write_bytes(pickle.dumps(named, pickle.HIGHEST_PROTOCOL))
    else:
        kept[bucket.number] = named
    return Read([shop.remember(each) for each in named], [each for each in found if isinstance(each, Skipped)])


def _taken(kept: dict[int, list[Named]], waiting: Path, bucket: Bucket) -> list[Named]:
    """Give the notes of a bucket, which are not kept any longer."""
    if bucket.number in kept:
        return kept.pop(bucket.number)
    path = waiting / str(bucket.number)  # in a folder that nobody else has, written a moment ago
    named: list[Named] = pickle.loads(path.read_bytes())  # noqa: S301
    path.unlink()
    return named


# -- processes of their own ------------------------------------------------------------------------


class _Worker:
    """What a process of its own holds."""

    def __init__(self, shop: Workshop, path: Path) -> None:
        self.shop, self.path = shop, path
        self.known: World | None = None
        self.kept: dict[int, list[Named]] = {}

    def world(self, waiting: Path) -> World:
        """Gather what all notes offer, once: the first pass has left it there, or else in the cache."""
        if self.known is None:
            held = waiting / _KNOWN
            # The folder is one that nobody else has, and was written a moment ago.
            self.known = self.shop.world(pickle.loads(held.read_bytes()) if held.exists() else Cache.reading(self.path))  # noqa: S301
        return self.known


_worker: _Worker


def _begin(shop: Workshop, path: Path) -> None:
    global _worker  # noqa: PLW0603 - there is no other way to hand a process something once
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, which tells the person once
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    locks.let_go()
    threading.Thread(target=_orphaned, daemon=True).start()
    _worker = _Worker(shop, path)


def _orphaned() -> None:
    """End when the parent does, however that is."""
    import multiprocessing  # late, as an update of one note starts no process

    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _read(bucket: Bucket, waiting: Path | None) -> Read:
    return _read_here(_worker.shop, bucket, {}, _worker.kept, waiting)


def _write(bucket: Bucket, waiting: Path, folder: Path) -> Written:
    return _written(_worker.world(waiting), bucket, _taken(_worker.kept, waiting, bucket), folder)


__all__ = ["Passes", "Read", "Workshop", "Written", "counted"]
