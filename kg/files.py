"""Files written in one step: who reads one sees the old text or the new one, never half of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

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
        KgError: one cannot be written; all old files are as they were.
    """
    with ExitStack() as undo:
        ready = []
        for path, pieces in texts.items():
            name = _beside(path)
            if name is None:
                _pour(path, pieces, path)  # a pipe or a device
                continue
            undo.callback(Path(name).unlink, missing_ok=True)
            _pour(Path(name), pieces, path)
            ready.append((path, Path(name)))
        for path, whole in ready:
            try:
                mask = os.umask(0)
                os.umask(mask)
                whole.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~mask)
                whole.replace(path)
            except OSError as error:
                raise _unwritten(path, error) from None


def _beside(path: Path) -> str | None:
    """Make an empty file beside the one that is to be; None if that is a pipe or a device."""
    try:
        if path.is_dir():
            raise KgError(f"{path}: is a folder", hint="name a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            return None
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _unwritten(path, error) from None
    os.close(handle)
    return name


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
