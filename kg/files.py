"""Files written in one step: who reads one sees the old text or the new one, never half of it.

The new text is written beside the old one, and locked while it is: what is there without a lock was left by a
process that was killed, and whoever writes the same file next clears it away.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from kg import locks
from kg.errors import KgError

Pieces = Iterable[str] | Iterable[bytes]


def save(path: Path, pieces: Pieces) -> None:
    """Write a file in one step; the pieces are written as they are, line ends included.

    Raises:
        KgError: it cannot be written; the old file is as it was.
    """
    save_all({path: pieces})


def save_all(texts: Mapping[Path, Pieces]) -> None:
    """Write several files, each in one step, and none before all of them are whole.

    Raises:
        KgError: one cannot be written; all old files are as they were, but where the disk fails between two names: then some are new.
    """
    with ExitStack() as undo:
        ready = []
        for path, pieces in texts.items():
            made = _beside(path)
            if made is None:
                _pour(path, pieces, path)  # a pipe or a device
                continue
            handle, whole = made
            if os.name == "nt":  # pragma: no cover - there a file that is open cannot be renamed
                os.close(handle)
            else:
                undo.callback(locks.drop, handle)
            undo.callback(_gone, whole)
            _pour(whole, pieces, path)
            ready.append((path, whole))
        for path, whole in ready:
            try:
                mask = os.umask(0)
                os.umask(mask)
                whole.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~mask)
                whole.replace(path)
            except OSError as error:
                raise _unwritten(path, error) from None


def _beside(path: Path) -> tuple[int, Path] | None:
    """Make an empty file beside the one that is to be; None if that is a pipe or a device."""
    try:
        if path.is_dir():
            raise KgError(f"{path}: is a folder", hint="name a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            return None
        # A name may have 255 bytes, and this one has 13 more.
        start = f".{path.name.encode('utf-8', 'surrogateescape')[:200].decode('utf-8', 'ignore')}.kg-"
        with suppress(OSError):  # a folder that may be written need not be one that may be listed
            for each in path.parent.iterdir():
                if each.name.startswith(start) and len(each.name) == len(start) + 8:
                    _cleared(each)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=start)
    except OSError as error:
        raise _unwritten(path, error) from None
    if os.name != "nt":  # pragma: no branch
        locks.take(handle)
    return handle, Path(name)


def _cleared(left: Path) -> None:
    """Remove a file that was left behind; one that somebody is writing stays."""
    with suppress(OSError):
        handle = os.open(left, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        try:
            if locks.take(handle):
                left.unlink()
        finally:
            locks.drop(handle)


def _gone(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _pour(file: Path, pieces: Pieces, path: Path) -> None:
    try:
        with file.open("wb") as out:
            out.writelines(piece.encode("utf-8") if isinstance(piece, str) else piece for piece in pieces)
            out.flush()
            if file != path:
                os.fsync(out.fileno())
    except OSError as error:
        raise _unwritten(path, error) from None


def _unwritten(path: Path, error: OSError) -> KgError:
    return KgError(f"{path}: cannot be written: {error.strerror or error}")
