"""What notes must know of each other: every name that is offered, held in one of three ways.

    memory    a dictionary in every worker
    disk      a file of SQLite that every worker reads
    join      for each chunk only what its notes want, by a join over buckets of keys

All three answer the same three questions, so the graph is the same. A name in memory takes about 0.3 kB (a worker was of
577 MB with one and a half million of them, before names were tallied), so one of 600 MB holds a million; a file costs a look-up
of 20 µs; a join reads everything twice more, and needs no more memory than one bucket.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zlib import crc32

from kg import corpus
from kg.model import OfferKind
from kg.offered import TALLIED, Offered, Row, offered
from kg.shards.engines import Engine
from kg.shards.run import Run, job
from kg.shards.survey import Told, kit
from kg.world import Names, World, asked

WAYS = ("auto", "memory", "disk", "join")
MEMORY, DISK = 1_000_000, 20_000_000
"""Names up to which they are held in memory, when those that many notes offer are tallied, and on disk, each as often as it is offered."""
BUCKET = 200_000
"""Names that a join looks at together."""
_TURNS = 8
"""How often what a name leads to is followed: by an alias, a page, what it stands for; three turns are the most that was seen."""


def gather(run: Run, tasks: int, way: str, engine: Engine) -> str:
    """Bring together what all chunks offer and want; gives the way that was taken."""
    if run.folder.has("way"):
        return str(run.load("way"))
    count = sum(len(told.offers) for number in range(tasks) for told in _load_survey(run, number)) if way in ("auto", "join") else 0
    if way == "auto":
        way = "memory" if _held(run, tasks) <= MEMORY else "disk" if count <= DISK else "join"
    if way == "memory":
        run.save("names/all", _everything(run, tasks))
    elif way == "disk":
        _on_disk(run, tasks)
    else:
        buckets = max(2, -(-count // BUCKET))
        run.save("names/buckets", (buckets, tasks))
        _all(engine.each(split, run, range(tasks)))
        for turn in range(_TURNS):
            _all(engine.each(partial(join, turn=turn), run, range(buckets)))
            if not sum(engine.each(partial(follow, turn=turn), run, range(tasks))):
                break
    run.save("way", way)
    return way


def _held(run: Run, tasks: int) -> int:
    """Count what memory would hold: what is offered, tallied; no further than shows that it is too much."""
    held = 0
    tallied: set[int] = set()
    for number in range(tasks):
        for told in _load_survey(run, number):
            several = {hash(offer) for offer in told.offers if offer[0].startswith(TALLIED)}
            held += len(told.offers) - len(several)
            tallied |= several
        if held + len(tallied) > MEMORY:
            break
    return held + len(tallied)


def world(run: Run, number: int) -> World:
    """Make what the notes of a chunk must know of all others; what was looked up for the chunks before is kept, within bounds."""
    way = run.load("way")
    if way == "join":
        return _asked(run, _joined(run, number, len(run.folder.names("names/join"))))
    known = _known(run, way)
    return replace(known, table=replace(known.table, memory={}), settled={}, described={})


@lru_cache(maxsize=1)
def _known(run: Run, way: str) -> World:
    known: Names = run.load("names/all") if way == "memory" else _read(run)
    return _asked(run, known)


def _asked(run: Run, known: Names) -> World:
    about, tools = job(run), kit(run)
    return asked(about.context, tools.concepts, tools.precision, known)


# -- the three ways ----------------------------------------------------------------------------------


def _everything(run: Run, tasks: int) -> Offered:
    known = Offered()
    for number in range(tasks):
        for told in _load_survey(run, number):
            known.add(told.path, told.offers, told.wants)
            known.owners[told.path] = told.title, told.page
    return known


def _load_survey(run: Run, number: int) -> list[Told]:
    found: list[Told] = run.load(f"names/{number:05}")
    return found


_TABLES = """
create table offer (key text not null, kind text not null, value text not null, path text not null);
create table tally (key text not null, kind text not null, value text not null, notes int not null, primary key (key, kind, value)) without rowid;
create table owner (path text primary key, title text not null, page text not null) without rowid;
create table want (key text not null, spelling text not null);
"""
_ENDS = """
create index by_key on offer (key, kind, value, path);
create table spelt (key text primary key, spelling text not null) without rowid;
insert into spelt select key, max(spelling) from want where key not in (select key from offer) group by key;
drop table want;
"""


def _on_disk(run: Run, tasks: int) -> None:
    with TemporaryDirectory(prefix="kg-") as folder:
        path = Path(folder, "names.sqlite")
        with sqlite3.connect(path) as db:
            db.execute("pragma journal_mode = off")
            db.execute("pragma synchronous = off")
            db.executescript(_TABLES)
            for number in range(tasks):
                told = _load_survey(run, number)
                offers = Offered()
                for note in told:
                    offers.add(note.path, note.offers)
                db.executemany("insert into offer values (?, ?, ?, ?)", offers.plain())
                db.executemany("insert into tally values (?, ?, ?, ?) on conflict do update set notes = notes + excluded.notes", offers.tallied())
                db.executemany("insert into owner values (?, ?, ?)", ((each.path, each.title, each.page) for each in told))
                db.executemany("insert into want values (?, ?)", {want for each in told for want in each.wants if want[1]})
            for each in _ENDS.strip().split(";"):
                db.execute(each)
        db.close()
        run.folder.write("names/all.sqlite", path)


class _Read:
    """Names in a file of SQLite."""

    def __init__(self, path: str) -> None:
        self.db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)

    def offered(self, key: str) -> list[Row]:
        return offered(self.db, key)

    def owner(self, path: str) -> tuple[str, str] | None:
        found: tuple[str, str] | None = self.db.execute("select title, page from owner where path = ?", (path,)).fetchone()
        return found

    def spelling(self, key: str) -> str | None:
        found = self.db.execute("select spelling from spelt where key = ?", (key,)).fetchone()
        return found[0] if found else None


def _read(run: Run) -> _Read:
    if not run.folder.remote:
        from urllib.parse import quote

        return _Read(quote(str(run.folder.path("names/all.sqlite").absolute())))
    with TemporaryDirectory(prefix="kg-") as folder:
        copy = Path(folder, "names.sqlite")
        run.folder.fetch("names/all.sqlite", copy)
        return _Read(str(copy))  # open, it outlives its name


# -- the join ----------------------------------------------------------------------------------------


class _Share(NamedTuple):
    """What a chunk has of one bucket: offers with the note's title and what it is the page of; tallied ones with a count; keys that it wants."""

    plain: list[tuple[str, OfferKind, str, str, str, str]]
    tallied: list[tuple[str, OfferKind, str, int]]
    wants: dict[str, str]


def split(run: Run, number: int) -> None:
    """Sort what a chunk offers and wants into buckets by key."""
    buckets, _ = run.load("names/buckets")
    shares = [_Share([], [], {}) for _ in range(buckets)]
    offers = Offered()
    owners = {}
    for told in _load_survey(run, number):
        offers.add(told.path, told.offers)
        owners[told.path] = told.title, told.page
        for key, spelling in told.wants:
            held = shares[_bucket(key, buckets)].wants
            held[key] = max(held.get(key, ""), spelling)
    for key, kind, value, path in offers.plain():
        shares[_bucket(key, buckets)].plain.append((key, kind, value, path, *owners[path]))
    for row in offers.tallied():
        shares[_bucket(row[0], buckets)].tallied.append(row)
    for bucket, share in enumerate(shares):
        run.save(f"names/split/{bucket}/{number:05}", share)


def join(run: Run, bucket: int, *, turn: int) -> None:
    """Give each chunk what is offered under the keys of a bucket that it wants; what is tallied is added up before."""
    _, tasks = run.load("names/buckets")
    offers = Offered()
    owners: dict[str, tuple[str, str]] = {}
    spellings: dict[str, str] = {}
    wanted: list[list[str]] = []
    for number in range(tasks):
        share: _Share = run.load(f"names/split/{bucket}/{number:05}")
        for key, kind, value, path, title, page in share.plain:
            offers.add(path, [(key, kind, value)])
            owners[path] = title, page
        for key, kind, value, count in share.tallied:
            offers.count(key, kind, value, count)
        for key, spelling in share.wants.items():
            spellings[key] = max(spellings.get(key, ""), spelling)
        wanted.append(list(share.wants) if not turn else run.load(f"names/more/{turn}/{number:05}")[bucket])
    for number, keys in enumerate(wanted):
        given = [(key, offers.offered(key), spellings.get(key, "")) for key in keys]
        paths = {str(path) for key, rows, _ in given if not key.startswith(TALLIED) for *_, path in rows}
        run.save(f"names/join/{turn}/{number:05}/{bucket}", (given, {path: owners[path] for path in paths}))


class _Given:
    """What a chunk was given."""

    def __init__(self, offers: Mapping[str, list[Row]], owners: Mapping[str, tuple[str, str]], spellings: Mapping[str, str]) -> None:
        self.offers, self.owners, self.spellings = offers, owners, spellings

    def offered(self, key: str) -> list[Row]:
        return self.offers.get(key, [])

    def owner(self, path: str) -> tuple[str, str] | None:
        return self.owners.get(path)

    def spelling(self, key: str) -> str | None:
        return self.spellings.get(key)


def follow(run: Run, number: int, *, turn: int) -> int:
    """Find the keys that those which a chunk was given lead to; gives how many are new."""
    buckets, _ = run.load("names/buckets")
    found = _joined(run, number, turn + 1)
    leads = {f"name:{value}" for rows in found.offers.values() for kind, value, _ in rows if kind in corpus.LEADS}
    more: list[list[str]] = [[] for _ in range(buckets)]
    for key in sorted(leads - found.offers.keys()):
        more[_bucket(key, buckets)].append(key)
    run.save(f"names/more/{turn + 1}/{number:05}", more)
    return sum(map(len, more))


def _joined(run: Run, number: int, turns: int) -> _Given:
    """Read what a chunk was given in the first turns."""
    buckets, _ = run.load("names/buckets")
    offers: dict[str, list[Row]] = {}
    owners: dict[str, tuple[str, str]] = {}
    spellings: dict[str, str] = {}
    for turn in range(turns):
        for bucket in range(buckets):
            given, known = run.load(f"names/join/{turn}/{number:05}/{bucket}")
            owners |= known
            for key, rows, spelling in given:
                offers[key] = rows
                if spelling and not rows:
                    spellings[key] = spelling
    return _Given(offers, owners, spellings)


def _all(ended: Iterable[object]) -> None:
    for _ in ended:
        pass


def _bucket(key: str, buckets: int) -> int:
    return crc32(key.encode("utf-8", "surrogatepass")) % buckets


__all__ = ["BUCKET", "DISK", "MEMORY", "WAYS", "Names", "follow", "gather", "join", "split", "world"]
