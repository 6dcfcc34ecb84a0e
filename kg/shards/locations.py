"""Where notes lie and shards go: a folder, or an address that fsspec knows (``s3://…``, ``https://…``, ``zip://::notes.zip``).

A folder is read by the same rules as in every build. Elsewhere there are no links and no hidden rights, so what
remains of them is: names that end in ``.md``, nothing hidden, nothing that the settings skip.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from kg import config as settings
from kg import vault
from kg.config import Config
from kg.errors import KgError, NoteError
from kg.model import Note
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
class Place:
    """A folder, or an address that fsspec knows; files in it go by paths with ``/``."""

    address: str

    @property
    def remote(self) -> bool:
        """Whether it is no folder of this machine."""
        return "://" in self.address or "::" in self.address

    @property
    def name(self) -> str:
        """What it may be called: its last step."""
        return self.address.rstrip("/").rpartition("/")[2] or self.address

    def within(self, folder: str) -> Place:
        """Give a folder in it.

        >>> Place("zip://::notes.zip").within("a").address, Place("s3://bucket/").within("a").address
        ('zip://a::notes.zip', 's3://bucket/a')
        """
        if folder in ("", "."):
            return self
        first, chained, rest = self.address.partition("::")
        joined = first if first.endswith("://") else f"{first.rstrip('/')}/"
        return Place(f"{joined}{folder.strip('/')}{chained}{rest}")

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
        system, top = _system(self.address)
        with _told(self.address):
            return bytes(system.cat_file(f"{top}/{name}" if top else name))

    def write(self, name: str, data: bytes) -> None:
        """Write a file as a whole: whoever looks sees what was there before, or all of it.

        Raises:
            KgError: it cannot be written.
        """
        if self.remote:
            system, top = _system(self.address)
            with _told(self.address):  # a put is one step where objects are kept
                system.pipe_file(f"{top}/{name}" if top else name, data)
            return
        path = self.path(name)
        beside = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise KgError(f"{path}: cannot be written: {error.strerror}") from None

    def has(self, name: str) -> bool:
        """Say whether a file is there."""
        if not self.remote:
            return self.path(name).exists()
        system, top = _system(self.address)
        with _told(self.address):
            return bool(system.exists(f"{top}/{name}" if top else name))

    def names(self, folder: str = "") -> list[str]:
        """List the files and folders right in a folder, sorted; none if there is no such folder."""
        if not self.remote:
            path = self.path(folder)
            return sorted(os.listdir(path)) if path.is_dir() else []
        system, top = _system(self.address)
        with _told(self.address):
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
        system, top = _system(self.address)
        with _told(self.address):
            whole = "/".join(filter(None, (top, name)))
            if system.exists(whole):
                system.rm(whole, recursive=True)


def _system(address: str) -> tuple[Any, str]:
    return _opened(address, os.getpid())


@cache
def _opened(address: str, _process: int) -> tuple[Any, str]:
    """Open a place; a process that was forked opens it anew, since two that share an open archive read past each other."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise KgError(f"{address}: reading from there needs fsspec, which is not installed", hint='pip install "kgnotes[dask]"') from None
    with _told(address):
        system, top = url_to_fs(address)
    return system, str(top).rstrip("/")


@contextmanager
def _told(address: str) -> Iterator[None]:
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
def home(source: Place, config: Config | None) -> Iterator[tuple[Place, Path, Config]]:
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


def _beside(source: Place, folder: Path) -> None:
    system, top = _system(source.address)
    try:
        with _told(source.address):
            found = system.find(top, maxdepth=2, detail=True)
    except FileNotFoundError:
        found = {}
    for path, about in found.items():
        name = path[len(top) :].lstrip("/")
        if _BESIDE.fullmatch(name) and (about.get("size") or 0) < _MANY:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(source.read(name))


def listed(source: Place, skip: Sequence[str]) -> tuple[list[Listed], list[str]]:
    """List the notes, sorted, and what had to be left out.

    Raises:
        NoteError: there is no such place.
    """
    if not source.remote:
        found = vault.listing(source.path(), skip)
        return [Listed(each.path, each.print) for each in found.found], [str(each) for each in found.skipped]
    system, top = _system(source.address)
    with _told(source.address):
        files = system.find(top, detail=True)
    if not files:
        raise NoteError(f"{source.address}: nothing is there", hint="name the place that holds your .md notes")
    unwanted = vault.matcher(skip)
    notes = []
    for whole, about in files.items():
        path = whole[len(top) :].lstrip("/")
        hidden = any(part.startswith(".") for part in path.split("/"))
        if path.lower().endswith(vault.ENDING) and not hidden and not (unwanted and unwanted(path)):
            changed = next((str(about[name]) for name in ("ETag", "etag", "md5", "mtime", "LastModified", "CRC", "modified") if about.get(name)), "")
            notes.append(Listed(path, f"{about.get('size')}.{changed}"))
    return sorted(notes), []


def read(source: Place, path: str, largest: int) -> Note | Skipped:
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


__all__ = ["Listed", "Place", "home", "listed", "read"]
