"""Files written in one step: who reads one sees the old text or the new one, never half of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from kg.errors import KgError


def save(path: Path, pieces: Iterable[str]) -> None:
    """Write a file in one step; the pieces are written as they are, line ends included.

    Raises:
        KgError: it cannot be written; the old file is as it was.
    """
    try:
        if path.is_dir():
            raise KgError(f"{path}: is a folder", hint="name a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="\n") as file:  # a pipe or a device
                file.writelines(pieces)
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise KgError(f"{path}: cannot be written: {error.strerror}") from None
    _replace(path, handle, name, pieces)


def _replace(path: Path, handle: int, name: str, pieces: Iterable[str]) -> None:
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~mask)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise KgError(f"{path}: cannot be written: {error.strerror or error}") from None
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
