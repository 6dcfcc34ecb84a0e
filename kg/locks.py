"""Locks of the operating system on open files: they go with the process that holds them, however it ends."""

from __future__ import annotations

import os

_held: set[int] = set()


def take(handle: int, *, shared: bool = False) -> bool:
    """Lock an open file, for this process alone or with others that read; False where somebody else has it.

    A lock that is not ``shared`` is let go in workers by :func:`let_go`.
    """
    try:
        if os.name == "nt":  # pragma: no cover
            import msvcrt

            if not shared:
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    if not shared:
        _held.add(handle)
    return True


def drop(handle: int) -> None:
    """Close a file, and with it the lock on it."""
    _held.discard(handle)
    os.close(handle)


def let_go() -> None:
    """Close the locks that a process inherited by a fork: it must not hold them when its parent is gone."""
    while _held:
        os.close(_held.pop())


__all__ = ["drop", "let_go", "take"]
