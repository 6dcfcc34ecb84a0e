"""What the builder remembers between builds: files seen, and what each note offers and wants.

The cache is disposable. It names the generation it describes; one that does not match the live graph
is thrown away, and the next build is a full one. So is one that is not as it was left: SQLite does not
see that a byte is another one, so a seal beside it says how large it was, and when. Readers never open it.

What notes offer under tallied keys (:data:`kg.offered.TALLIED`) is counted: a country that every note names is one row
when an edit asks how it stands, and not as many as there are notes.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.offered import TALLIED, Row, offered

if TYPE_CHECKING:
    from kg.model import Offer

VERSION = "11"


class Remembered(NamedTuple):
    """What others must know of a note: its path, its hash, what it offers and what it wants; the keys of both sides of its links' bars."""

    path: str
    sha256: str
    offers: list[Offer]
    wants: list[tuple[str, str]]
    sides: Sequence[tuple[str, str]] = ()


_TABLES = """
create table if not exists about (key text primary key, value text);
create table if not exists note (path text primary key, print text, sha256 text, links int, broken int, issues int);
create table if not exists offer (path text, key text, kind text, value text);
create table if not exists said (path text, key text, kind text, value text);
create table if not exists tally (key text, kind text, value text, notes int, primary key (key, kind, value)) without rowid;
create table if not exists want (path text, key text, spelling text);
create table if not exists side (path text, one text, other text);
create table if not exists property (path text, iri text, sort text);
"""
_INDEXES = """
create index if not exists offer_key on offer (key, kind);
create index if not exists offer_path on offer (path);
create index if not exists offer_lead on offer (value) where kind in ('means', 'decided', 'same', 'of');
create index if not exists said_path on said (path);
create index if not exists tally_lead on tally (value) where kind in ('means', 'decided', 'same', 'of');
create index if not exists want_key on want (key);
create index if not exists want_path on want (path);
create index if not exists side_path on side (path);
create index if not exists side_one on side (one);
create index if not exists side_other on side (other);
create index if not exists property_path on property (path);
"""


class Cache:
    """The cache of one graph; used by one builder at a time, under the graph's lock."""

    def __init__(self, path: Path) -> None:
        self.path, self.seal = path, path.with_suffix(".seal")
        for each in (path, self.seal):
            if each.is_dir():
                shutil.rmtree(each)
        self.sealed = self._seen() == self._sealed()
        """Whether it is as it was left, or has been filled anew."""
        self._anew = False
        self.counting = True
        """Whether what is tallied is counted as it comes, and not all of it at the end."""
        try:
            self.db = self._open()
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self.db = self._open()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None)
        try:
            db.executescript("pragma journal_mode=delete; pragma synchronous=normal; pragma temp_store=memory;" + _TABLES)
            db.execute("select count(*) from note, about")
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db

    @classmethod
    def reading(cls, path: Path) -> Cache:
        """Open a cache to read what another process has committed to it."""
        found = cls.__new__(cls)
        found.path, found.sealed = path, False
        found.db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        return found

    def close(self) -> None:
        self.db.close()
        if self.sealed and self._seen() != self._sealed():
            with suppress(OSError):  # the next build is a full one
                self.seal.write_text(self._seen(), encoding="ascii")

    def _seen(self) -> str:
        try:
            what = self.path.stat()
        except OSError:
            return ""
        return f"{what.st_size}.{what.st_mtime_ns}\n"

    def _sealed(self) -> str:
        try:
            return self.seal.read_bytes().decode("ascii", "replace")
        except OSError:
            return ""

    def about(self) -> dict[str, str]:
        """Say which generation and settings the cache describes."""
        return dict(self.db.execute("select key, value from about"))

    def prints(self) -> dict[str, tuple[str, str]]:
        """Give the print and the hash of every note, by path."""
        return {path: (seen, sha) for path, seen, sha in self.db.execute("select path, print, sha256 from note")}

    def offers(self) -> Iterator[tuple[str, Offer]]:
        """Give everything that notes offer, but for what is tallied and for their parts."""
        query = "select path, key, kind, value from offer where kind not in ('parts', 'cited')"
        from kg.model import Offer

        return ((path, Offer(*row)) for path, *row in self.db.execute(query))

    def offered(self, key: str) -> list[Row]:
        """Give the kinds and values of what is offered under a key, sorted, each with its path, or with the number of notes."""
        return offered(self.db, key)

    def owner(self, path: str) -> tuple[str, str] | None:
        """Give the title of a note, and kind and title of what it is the page of, as ``theme/Open data``, or ""."""
        query = "select kind, value from offer where path = ? and kind in ('title', 'entity')"
        said = dict(self.db.execute(query, (path,)))
        return (said["title"], said.get("entity", "")) if "title" in said else None

    def keys(self, paths: Iterable[str]) -> set[str]:
        """Give the keys that some notes offer or want."""
        found: set[str] = set()
        for path in paths:
            for table in ("offer", "said", "want"):
                found.update(key for (key,) in self.db.execute(f"select key from {table} where path = ?", (path,)))
        return found

    def values(self, keys: Iterable[str], value: Callable[[str, Sequence[Row], str | None], object]) -> dict[str, object]:
        """Give the ``value`` of keys, made of all that is offered and the spelling that stands for a missing name."""
        found: dict[str, object] = {}
        for key in keys:
            spelling = None if key.startswith(TALLIED) else self.db.execute("select max(spelling) from want where key = ?", (key,)).fetchone()[0]
            found[key] = value(key, self.offered(key), spelling)
        return found

    def led(self, names: Iterable[str], kinds: Sequence[str]) -> set[str]:
        """Give the keys under which offers of some kinds lead to names, and to those in turn."""
        found: set[str] = set()
        pending = list(names)
        # Written out as in the index, or it would not be used.
        listed = ", ".join(f"'{each}'" for each in kinds)
        while pending:
            name = pending.pop()
            queries = (f"select key from {table} where value = ? and kind in ({listed})" for table in ("offer", "tally"))
            fresh = {key for query in queries for (key,) in self.db.execute(query, (name,))} - found
            found |= fresh
            pending += [key.removeprefix("name:") for key in fresh if key.startswith("name:")]
        return found

    def wanting(self, keys: Iterable[str]) -> set[str]:
        """Give the notes that want any of the keys."""
        found: set[str] = set()
        for key in keys:
            found.update(path for (path,) in self.db.execute("select path from want where key = ?", (key,)))
        return found

    def spelling(self, key: str) -> str | None:
        """Give the spelling that stands for one name, if no note offers it; for an edit, which asks for few."""
        query = "select max(spelling) from want where key = ? and spelling <> '' and not exists (select 1 from offer where key = ?)"
        found: str | None = self.db.execute(query, (key, key)).fetchone()[0]
        return found

    def begin(self) -> None:
        self.db.execute("begin immediate")

    def commit(self) -> None:
        self.db.execute("commit")
        self.sealed = self.sealed or self._anew

    def rollback(self) -> None:
        if self.db.in_transaction:
            self.db.execute("rollback")

    def clear(self) -> None:
        """Forget everything, indexes included: they are made anew, and what is tallied is counted, when the tables are full."""
        self._anew, self.counting = True, False
        for table in ("about", "note", "offer", "said", "tally", "want", "side", "property"):
            self.db.execute(f"drop table {table}")
        for each in _TABLES.strip().split(";"):
            self.db.execute(each)

    def index(self) -> None:
        """Count what is tallied, and make look-up by key and path fast; cheaper after a cache is filled than before."""
        self.db.execute("insert into tally select key, kind, value, count(*) from said group by 1, 2, 3")
        self.counting = True
        for each in _INDEXES.strip().split(";"):
            self.db.execute(each)

    def describe(self, about: dict[str, str]) -> None:
        self.db.executemany("insert or replace into about values (?, ?)", about.items())

    def touch(self, notes: Iterable[tuple[str, str, str, int, int, int]]) -> None:
        """Set the path, print and hash of notes, and their numbers of links, broken links and issues."""
        self.db.executemany("insert or replace into note values (?, ?, ?, ?, ?, ?)", notes)

    def state(self, notes: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> None:
        """Set which of the vault's own properties notes state something with, and of what sort that is."""
        kept = [(path, sorted(stated)) for path, stated in notes]
        self.db.executemany("delete from property where path = ?", ((path,) for path, _ in kept))
        self.db.executemany("insert into property values (?, ?, ?)", ((path, *each) for path, stated in kept for each in stated))

    def properties(self) -> list[tuple[str, str]]:
        """Give the vault's own properties, each with every sort of what it is stated with."""
        return list(self.db.execute("select distinct iri, sort from property order by 1, 2"))

    def retouch(self, notes: Iterable[tuple[str, str]]) -> None:
        """Set the print of notes, as pairs with their path, whose text is as it was."""
        self.db.executemany("update note set print = ? where path = ?", ((seen, path) for path, seen in notes))

    def counts(self) -> tuple[int, int, int, int]:
        """Count the notes, their links, those that are broken, and the issues."""
        query = "select count(*), total(links), total(broken), total(issues) from note"
        notes, links, broken, issues = self.db.execute(query).fetchone()
        return int(notes), int(links), int(broken), int(issues)

    def sides(self, paths: Iterable[str] | None = None, keys: Iterable[str] = ()) -> tuple[int, int]:
        """Count the links of which what stands before the bar, and what stands after it, is a note's name and the other is none.

        Of all notes; or of those at some ``paths``, and of the links anywhere that have one of some ``keys`` on either side.
        """
        named = "exists (select 1 from offer where key = {} and kind in ('stem', 'alias'))"
        rows = f"select {named.format('one')} one, {named.format('other')} other from side"
        if paths is not None:
            self.db.execute("create temp table if not exists some (what text, is_key int, primary key (is_key, what)) without rowid")
            self.db.execute("delete from some")
            self.db.executemany("insert or ignore into some values (?, ?)", [*((each, 0) for each in paths), *((each, 1) for each in keys)])
            found = (
                f"select side.rowid from some join side on side.{column} = what where is_key = {is_key}"
                for column, is_key in (("path", 0), ("one", 1), ("other", 1))
            )
            rows += f" where rowid in ({' union '.join(found)})"
        one, other = self.db.execute(f"select total(one and not other), total(other and not one) from ({rows})").fetchone()
        return int(one), int(other)

    def several(self, second: bool) -> bool:
        """Say whether more than one note has links of which only what stands after the bar, or before it, is a note's name."""
        there, none = (
            f"exists (select 1 from offer where key = {each} and kind in ('stem', 'alias'))" for each in (("other", "one")[:: 1 if second else -1])
        )
        return len(self.db.execute(f"select distinct path from side where {there} and not {none} limit 2").fetchall()) > 1

    def answering(self, paths: Iterable[str]) -> set[str]:
        """Give the keys of the names that some notes answer to by their file or an alias."""
        query = "select key from offer where path = ? and kind in ('stem', 'alias')"
        return {key for path in paths for (key,) in self.db.execute(query, (path,))}

    def put(self, notes: Iterable[Remembered]) -> None:
        """Set what notes offer and want, and the sides of their links."""
        kept = list(notes)
        plain: list[tuple[str, str, str, str]] = []
        said: list[tuple[str, str, str, str]] = []
        for each in kept:
            for offer in each.offers:
                (said if offer.key.startswith(TALLIED) else plain).append((each.path, *offer))
        self.db.executemany("insert into offer values (?, ?, ?, ?)", plain)
        self.db.executemany("insert into said values (?, ?, ?, ?)", said)
        if self.counting:
            count = "insert into tally values (?, ?, ?, 1) on conflict do update set notes = notes + 1"
            self.db.executemany(count, (row[1:] for row in said))
        self.db.executemany("insert into want values (?, ?, ?)", ((each.path, *want) for each in kept for want in each.wants))
        self.db.executemany("insert into side values (?, ?, ?)", ((each.path, *side) for each in kept for side in each.sides))

    def forget(self, path: str, *, file: bool = True) -> None:
        said = list(self.db.execute("select key, kind, value from said where path = ?", (path,)))
        self.db.executemany("update tally set notes = notes - 1 where key = ? and kind = ? and value = ?", said)
        self.db.executemany("delete from tally where key = ? and kind = ? and value = ? and notes = 0", said)
        self.db.execute("delete from said where path = ?", (path,))
        self.db.execute("delete from offer where path = ?", (path,))
        self.db.execute("delete from want where path = ?", (path,))
        self.db.execute("delete from side where path = ?", (path,))
        if file:
            self.db.execute("delete from property where path = ?", (path,))
            self.db.execute("delete from note where path = ?", (path,))
