"""Where notes lie and shards go: a folder, or an address that fsspec knows (``s3://…``, ``https://…``, ``zip://::notes.zip``).

A folder is read by the same rules as in every build. Elsewhere there are no links and no hidden rights, so what
remains of them is: names that end in ``.md``, nothing hidden, nothing that the settings skip.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from kg import config as settings
from kg import vault
from kg.config import Config
from kg.errors import KgError, NoteError
from kg.model import Note
from kg.shards.engines import Engine
from kg.vault import Skipped

_MANY = 50_000_000
"""Bytes of a file beside the notes; none that a person writes is so large."""
_BESIDE = re.compile(
    r"kg\.toml|vocabulary\.(?:ttl|csv|yaml)|ontology/[^/]+\.ttl|dendron\.yml|root\.schema\.yml|logseq/config\.edn|\.foam|\.zk/config\.toml|(?:[^/]+/)*context\.jsonld|_Sidebar\.md|_Footer\.md"
)
"""What authors settle things by, and what tells the dialect; from the top of the notes."""


class Listed(NamedTuple):
    """A note as it is listed: its path from the top, and what changes when it does."""

    path: str
    print: str


@dataclass(frozen=True, slots=True)
class Location:
    """A folder, or an address that fsspec knows; files in it go by paths with ``/``.

    ``opening`` tells one opening of it from another: workers outlive a build, and an archive that is open is what it was when it was opened.
    """

    address: str
    opening: str = ""

    @property
    def remote(self) -> bool:
        """Whether it is no folder of this machine."""
        return "://" in self.address or "::" in self.address

    @property
    def name(self) -> str:
        """What it may be called: its last step."""
        return self.address.rstrip("/").rpartition("/")[2] or self.address

    def within(self, folder: str) -> Location:
        """Give a folder in it.

        >>> Location("zip://::notes.zip").within("a").address, Location("s3://bucket/").within("a").address
        ('zip://a::notes.zip', 's3://bucket/a')
        """
        if folder in ("", "."):
            return self
        first, chained, rest = self.address.partition("::")
        joined = first if first.endswith("://") else f"{first.rstrip('/')}/"
        return Location(f"{joined}{folder.strip('/')}{chained}{rest}", self.opening)

    def anew(self) -> Location:
        """Give the same place, to be opened anew."""
        return Location(self.address, token_hex(8)) if self.remote else self

    def path(self, name: str = "") -> Path:
        """Give the path of a file in a folder of this machine."""
        return Path(self.address, name)

    def read(self, name: str) -> bytes:
        """Read a file.

        Raises:
            FileNotFoundError: it is not there.
            KgError: it cannot be read.
        """
        if not self.remote:
            return self.path(name).read_bytes()
        system, top = _system(self)
        with _errors_in_words(self.address):
            return bytes(system.cat_file(f"{top}/{name}" if top else name))

    def write(self, name: str, data: bytes | Path) -> None:
        """Write a file as a whole, of bytes or as a copy of another: whoever looks sees what was there before, or all of it.

        Raises:
            KgError: it cannot be written.
        """
        if self.remote:
            system, top = _system(self)
            with _errors_in_words(self.address):  # a put is one step where objects are kept
                target = f"{top}/{name}" if top else name
                system.put_file(str(data), target) if isinstance(data, Path) else system.pipe_file(target, data)
            return
        path = self.path(name)
        beside = path.with_name(f"{path.name}.{token_hex(4)}.part")  # a task that runs twice may do so on two machines
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                if isinstance(data, Path):
                    with data.open("rb") as other:
                        shutil.copyfileobj(other, file, 1 << 20)
                else:
                    file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise KgError(f"{path}: cannot be written: {error.strerror}") from None

    def fetch(self, name: str, to: Path) -> None:
        """Copy a file of a remote place to one here, without having it in memory."""
        system, top = _system(self)
        with _errors_in_words(self.address):
            system.get_file(f"{top}/{name}" if top else name, str(to))

    def has(self, name: str) -> bool:
        """Say whether a file is there."""
        if not self.remote:
            return self.path(name).exists()
        system, top = _system(self)
        with _errors_in_words(self.address):
            system.invalidate_cache()  # others write there, too
            return bool(system.exists(f"{top}/{name}" if top else name))

    def names(self, folder: str = "") -> list[str]:
        """List the files and folders right in a folder, sorted; none if there is no such folder."""
        if not self.remote:
            path = self.path(folder)
            return sorted(os.listdir(path)) if path.is_dir() else []
        system, top = _system(self)
        with _errors_in_words(self.address):
            system.invalidate_cache()
            whole = "/".join(filter(None, (top, folder)))
            return sorted(each.rstrip("/").rpartition("/")[2] for each in system.ls(whole, detail=False)) if system.exists(whole) else []

    def remove(self, name: str) -> None:
        """Take a file away, or a folder with all that is in it; one that is not there is no matter."""
        if not self.remote:
            from shutil import rmtree

            path = self.path(name)
            if path.is_dir():
                rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            return
        system, top = _system(self)
        with _errors_in_words(self.address):
            whole = "/".join(filter(None, (top, name)))
            if system.exists(whole):
                system.rm(whole, recursive=True)


def _system(place: Location) -> tuple[Any, str]:
    return _opened(place, os.getpid())


@lru_cache(maxsize=16)
def _opened(place: Location, _process: int) -> tuple[Any, str]:
    """Open a place; a process that was forked opens it anew, since two that share an open archive read past each other."""
    address = place.address
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise KgError(f"{address}: reading from there needs fsspec, which is not installed", hint='pip install "kgnotes[dask]"') from None
    with _errors_in_words(address):
        system, top = url_to_fs(address, skip_instance_cache=True)
    return system, str(top).rstrip("/")


@contextmanager
def _errors_in_words(address: str) -> Iterator[None]:
    """Tell what goes wrong at a place in words; what is not there stays FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except ImportError as error:
        raise KgError(f"{address}: cannot be reached: {error}", hint="install the package that it names") from None
    except Exception as error:  # noqa: BLE001 - every kind of place has its own errors
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise KgError(f"{address}: cannot be reached: {said}", hint="are the address and the credentials right?") from None


# -- notes -----------------------------------------------------------------------------------------


@contextmanager
def home(source: Location, config: Config | None) -> Iterator[tuple[Location, Path, Config]]:
    """Give where the notes are, a folder of this machine with what authors have settled for them, and the settings.

    Raises:
        KgError: there are no notes, or the settings say something that kg does not understand.
    """
    if not source.remote:
        yield source, source.path(), config or Config()
        return
    with TemporaryDirectory(prefix="kg-") as folder:
        _beside(source, Path(folder))
        path = Path(folder, settings.FILE)
        found = config or (settings.read(path) if path.is_file() else Config())
        yield source.within(found.folder), Path(folder), found


def _beside(source: Location, folder: Path) -> None:
    system, top = _system(source)
    try:
        with _errors_in_words(source.address):
            found = system.find(top, maxdepth=2, detail=True)
    except FileNotFoundError:
        found = {}
    for path, about in found.items():
        name = path[len(top) :].lstrip("/")
        if _BESIDE.fullmatch(name) and (about.get("size") or 0) < _MANY:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(source.read(name))


class Sought(NamedTuple):
    """Folders of a place, and what of them is unwanted."""

    source: Location
    folders: tuple[str, ...]
    skip: tuple[str, ...]


def listed(source: Location, skip: Sequence[str], engine: Engine) -> tuple[list[Listed], list[str]]:
    """List the notes, sorted, and what had to be left out; elsewhere than here each folder at the top is a task.

    Raises:
        NoteError: there is no such place.
    """
    if not source.remote:
        found = vault.listing(source.path(), skip)
        return [Listed(each.path, each.print) for each in found.found], [str(each) for each in found.skipped]
    notes, folders, anything = _right_in(source, "", skip)
    if not anything:
        raise NoteError(f"{source.address}: nothing is there", hint="name the place that holds your .md notes")
    while len(folders) == 1:
        more, folders, _ = _right_in(source, folders[0], skip)
        notes += more
    for some in engine.each(contents, Sought(source, tuple(folders), tuple(skip)), range(len(folders))):
        notes += some
    return sorted(notes), []


def _right_in(source: Location, folder: str, skip: Sequence[str]) -> tuple[list[Listed], list[str], bool]:
    """Give the notes and the folders right in a folder, and whether anything is there."""
    system, top = _system(source)
    try:
        with _errors_in_words(source.address):
            found = {each["name"]: each for each in system.ls("/".join(filter(None, (top, folder))), detail=True)}
    except FileNotFoundError:
        found = {}
    paths = {whole[len(top) :].strip("/") for whole, about in found.items() if about.get("type") == "directory"}
    folders = sorted(each for each in paths - {folder, ""} if not _unwanted(each, skip))
    return _notes(found, top, skip), folders, bool(found)


def contents(sought: Sought, number: int) -> list[Listed]:
    """List the notes in and under one folder."""
    system, top = _system(sought.source)
    with _errors_in_words(sought.source.address):
        found = system.find("/".join(filter(None, (top, sought.folders[number]))), detail=True)
    return _notes(found, top, sought.skip)


def _notes(found: Mapping[str, Mapping[str, Any]], top: str, skip: Sequence[str]) -> list[Listed]:
    notes = []
    for whole, about in found.items():
        path = whole[len(top) :].lstrip("/")
        if path.lower().endswith(vault.ENDING) and about.get("type") != "directory" and not _unwanted(path, skip):
            changed = next((str(about[name]) for name in ("ETag", "etag", "md5", "mtime", "LastModified", "CRC", "modified") if about.get(name)), "")
            notes.append(Listed(path, f"{about.get('size')}.{changed}"))
    return notes


def _unwanted(path: str, skip: Sequence[str]) -> bool:
    unwanted = _matcher(tuple(skip))
    return any(part.startswith(".") for part in path.split("/")) or vault.copied(path) or bool(unwanted and unwanted(path))


_matcher = cache(vault.matcher)


def read(source: Location, path: str, largest: int) -> Note | Skipped:
    """Read one note; a reason where that cannot be."""
    if not source.remote:
        return vault.read(source.path(), path, largest)
    try:
        data = source.read(path)
    except (KgError, FileNotFoundError) as error:
        return Skipped(path, "unreadable", f"cannot be read: {error}".splitlines()[0])
    if len(data) > largest:
        return Skipped(path, "too-large", f"is larger than {largest:,} bytes")
    return vault.decoded(path, data)


__all__ = ["Listed", "Location", "Sought", "contents", "home", "listed", "read"]
