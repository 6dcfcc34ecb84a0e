"""A folder becomes Notes: walk, skip, hash.

The vault is only ever read. A link out of it is not followed, only regular files are opened, and a
file is measured before it is read. What cannot be read gives one Skipped with the reason, and the
walk goes on.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from kg.errors import NoteError
from kg.model import Flaw, Note

ENDING = ".md"
_COPIES = re.compile(r"(?:^|/)(?:node_modules|logseq/(?:bak|version-files))(?:/|$)")
"""Folders that tools keep in a vault, with old copies of its notes or with notes of others."""
_TEMPLATES = (("templates.json", "folder"), ("plugins/templater-obsidian/data.json", "templates_folder"))
"""Files in Obsidian's folder that name the one whose files are no notes but what notes are made from, each with the setting."""


def cut(path: str) -> str:
    """Give the path or the name of a note without its ending, in whatever capitals that is written.

    >>> cut("folder/a.md"), cut("B.MD"), cut("c.txt")
    ('folder/a', 'B', 'c.txt')
    """
    return path[: -len(ENDING)] if path.lower().endswith(ENDING) else path


class VaultFile(NamedTuple):
    """A file of the vault before it is read: its path from the root, and what the disk says of it.

    ``print`` changes whenever the file does (size, times in ns, inode); ``touched`` is the later
    of its two times, in ns.
    """

    path: str
    print: str
    touched: int


class Skipped(NamedTuple):
    """A file that could not be read, and why, with a stable code."""

    path: str
    code: str
    reason: str
    line: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason} [{self.code}]"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a walk found: files sorted by path, and what it had to leave out."""

    found: tuple[VaultFile, ...]
    skipped: tuple[Skipped, ...]


_SETTINGS = 1_000_000
"""Bytes of a file of settings of another tool; a longer one is not read."""


def listing(root: Path, skip: Sequence[str] = (), *, without: Path | None = None) -> Listing:
    """Walk a vault; ``without`` is a folder to leave out, such as the graph's own.

    Raises:
        NoteError: the root is not a folder, or cannot be listed.
    """
    if not root.exists():
        raise NoteError(f"{root}: no such folder", hint="name the folder that holds your .md notes")
    if not root.is_dir():
        raise NoteError(f"{root}: not a folder", hint="name the folder that holds your .md notes")
    found: list[VaultFile] = []
    skipped: list[Skipped] = []
    unwanted = matcher(skip)
    templates = _templates(root)
    real = os.path.realpath(root)
    left_out = os.path.realpath(without) if without else None
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(os.path.join(root, folder)))
        except OSError as error:
            if not folder:
                raise NoteError(f"{root}: {error.strerror}", hint="may you read this folder?") from None
            skipped.append(Skipped(folder, "unreadable", f"folder cannot be listed: {error.strerror}"))
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if not _text(entry.name):
                shown = os.fsencode(path).decode("utf-8", "backslashreplace")
                skipped.append(Skipped(shown, "name", "its name is not UTF-8; give it another"))
                continue
            if entry.name.startswith(".") or (unwanted and unwanted(path)):
                continue
            if entry.is_symlink():
                note = _symlink(entry, path, real)
                if note:
                    skipped.append(note)
            elif entry.is_dir(follow_symlinks=False):
                # The name is looked at first: to follow the path of each of 1,000 folders in one another takes the square of it.
                if path in templates or copied(path):
                    continue
                if left_out is None or entry.name != os.path.basename(left_out) or os.path.realpath(entry.path) != left_out:
                    folders.append(path)
            elif entry.name.lower().endswith(ENDING):
                _measure(entry, path, found, skipped)
    return Listing(tuple(sorted(found)), tuple(sorted(skipped)))


def matcher(skip: Sequence[str]) -> Callable[[str], object] | None:
    """Compile the globs to one test; ``folder/**`` also means the folder itself."""
    parts = [translate(each) for glob in skip for each in (glob, glob.removesuffix("/**"))]
    return re.compile("|".join(parts)).match if parts else None


def beside(root: Path, name: str) -> bytes:
    """Read a file of settings that another tool keeps beside the notes.

    Raises:
        OSError: it is not there, no file, or larger than any such is.
    """
    return _bytes(os.path.join(root, name), _SETTINGS)


def copied(path: str) -> bool:
    """Say whether a path is, or is in, a folder in which a tool keeps copies.

    >>> copied("logseq/bak/pages/x.md"), copied("node_modules"), copied("logseq/pages")
    (True, True, False)
    """
    return _COPIES.search(path) is not None


def _templates(root: Path) -> set[str]:
    """Give the folders of templates, by what Obsidian and its plug-in Templater say of them."""
    found = set()
    for name, setting in _TEMPLATES if (root / ".obsidian").is_dir() else ():
        try:
            told = json.loads(beside(root, f".obsidian/{name}"))
        except (OSError, ValueError, RecursionError):
            continue
        folder = told.get(setting) if isinstance(told, dict) else None
        if isinstance(folder, str):
            found.add(folder.strip("/"))
    return found - {""}


def _text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _measure(entry: os.DirEntry[str], path: str, found: list[VaultFile], skipped: list[Skipped]) -> None:
    try:
        what = entry.stat(follow_symlinks=False)
    except OSError as error:
        skipped.append(Skipped(path, "unreadable", f"cannot be read: {error.strerror}"))
        return
    if not stat.S_ISREG(what.st_mode):
        skipped.append(Skipped(path, "not-a-file", "is not a regular file"))
        return
    seen = f"{what.st_size}.{what.st_mtime_ns}.{what.st_ctime_ns}.{what.st_ino}"
    found.append(VaultFile(path, seen, max(what.st_mtime_ns, what.st_ctime_ns)))


def _symlink(entry: os.DirEntry[str], path: str, real: str) -> Skipped | None:
    # What a link inside the vault points at is read under its own name, so nothing is lost.
    target = os.path.realpath(entry.path)
    if target == real or target.startswith(real + os.sep):
        return None
    if not (entry.name.endswith(ENDING) or os.path.isdir(target)):
        return None
    return Skipped(path, "symlink", "is a link out of the vault, and is not followed")


def read(root: Path, path: str, largest: int) -> Note | Skipped:
    """Read one note; text that is not UTF-8 is read as well as can be, with a flaw that says so."""
    try:
        data = _bytes(os.path.join(root, path), largest)
    except OSError as error:
        if error.errno == errno.EFBIG:
            return Skipped(path, "too-large", f"is larger than {largest:,} bytes")
        if error.errno == errno.ENXIO:
            return Skipped(path, "not-a-file", "is not a regular file")
        return Skipped(path, "unreadable", f"cannot be read: {error.strerror}")
    return decoded(path, data)


def decoded(path: str, data: bytes) -> Note:
    """Read the bytes of a note as text, as well as can be."""
    text, flaws = _decoded(data)
    return Note(path, text, sha256(data).hexdigest(), flaws)


def _bytes(path: str, largest: int) -> bytes:
    # O_NONBLOCK: a pipe that took the file's place since the walk must not hold the build for ever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    try:
        what = os.fstat(handle)
        if not stat.S_ISREG(what.st_mode):
            raise OSError(errno.ENXIO, "not a regular file")
        if what.st_size > largest:
            raise OSError(errno.EFBIG, "too large")
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(largest + 1)
        if len(data) > largest:
            raise OSError(errno.EFBIG, "too large")
        return data
    finally:
        os.close(handle)


def _decoded(data: bytes) -> tuple[str, tuple[Flaw, ...]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
        flaws = [Flaw("encoding", 1, "the file is UTF-16; save it as UTF-8")]
    else:
        try:
            text, flaws = data.decode("utf-8-sig"), []
        except UnicodeDecodeError as error:
            text = data.decode("utf-8-sig", errors="replace")
            line = data.count(b"\n", 0, error.start) + 1
            flaws = [Flaw("encoding", line, f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8")]
    if "\0" in text:
        flaws.append(Flaw("encoding", text.count("\n", 0, text.index("\0")) + 1, "the file holds NUL characters"))
        text = text.replace("\0", "\ufffd")
    return text, tuple(flaws)


def folders(path: str) -> Iterator[str]:
    """Name the folders a path lies in, the innermost first and the root ("") last.

    >>> list(folders("a/b/c.md"))
    ['a/b', 'a', '']
    """
    while path:
        path = path.rpartition("/")[0]
        yield path
