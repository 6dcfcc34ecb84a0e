"""Work that may never end, in a thread of its own that can be left behind: bounds of time and of memory.

The engine can neither be told to stop nor hears Ctrl-C, and ends the process when memory runs out. So its
work is done apart, while the thread that asked looks at the clock and at the memory, and hears signals; a
program that must not go on paying for work it has left ends itself.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Any

from kg.errors import QueryError

MEMORY = 4 * 1024**3
"""Bytes that the process may take: a query of 1 kB can ask for all there is."""
_STACK = 256 * 1024 * 1024  # address space only: a second belt under the guard's limits
_BATCH = 256
_AHEAD = 16
"""Batches that may wait to be read, so that rows without end take no more memory."""
_PROMPT = 0.002
"""Seconds for which the first items are held back, so that a small answer changes threads once."""
_GLANCE = 0.05
"""Seconds between looks at the clock and the memory: doubling a text needs no longer for a gigabyte."""
_NARROWER = "make the query narrower"


def apart(work: Callable[[Callable[[], bool]], Iterator[Any]], timeout: float) -> Iterator[Any]:
    """Give the items of an iterator that runs in a thread of its own; ``timeout`` is in seconds, 0 means none.

    The work is given a function that says whether nobody waits for it any more.

    Raises:
        QueryError: it took too long, or too much memory.
    """
    items: SimpleQueue[tuple[list[Any], BaseException | None]] = SimpleQueue()
    room: SimpleQueue[None] = SimpleQueue()
    left = threading.Event()
    deadline = time.monotonic() + timeout if timeout else None

    def stop() -> bool:
        return left.is_set() or (deadline is not None and time.monotonic() > deadline)

    def wanted() -> bool:
        while not left.is_set():
            try:
                room.get(timeout=0.1)
                return True
            except Empty:
                continue
        return False

    def pump() -> None:
        batch: list[Any] = []
        since, patience = time.monotonic(), _PROMPT
        ended: BaseException = StopIteration()
        try:
            for item in work(stop):
                batch.append(item)
                if len(batch) >= _BATCH or time.monotonic() - since > patience:
                    if not wanted():
                        return
                    items.put((batch, None))
                    batch, since, patience = [], time.monotonic(), _GLANCE
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            ended = error
        items.put((batch, ended))

    for _ in range(_AHEAD):
        room.put(None)
    previous = threading.stack_size(_STACK)
    try:
        thread = threading.Thread(target=pump, daemon=True, name="kg query")
        thread.start()
    finally:
        threading.stack_size(previous)
    return _received(items, room, left, thread, deadline, timeout)


def _received(
    items: SimpleQueue[tuple[list[Any], BaseException | None]],
    room: SimpleQueue[None],
    left: threading.Event,
    thread: threading.Thread,
    deadline: float | None,
    timeout: float,
) -> Iterator[Any]:
    looked = time.monotonic()
    try:
        while True:
            # Looked at before every batch: rows that never end must not keep the clock from being read.
            now = time.monotonic()
            if deadline is not None and now >= deadline:
                raise QueryError(f"no answer within {timeout:g} seconds", hint=f"{_NARROWER}, or give it more time with --timeout")
            if now - looked >= _GLANCE:
                looked = now
                if _swollen():
                    raise QueryError(f"the query needs more than {MEMORY >> 30} GB of memory", hint=_NARROWER)
            try:
                batch, ended = items.get(timeout=_GLANCE if deadline is None else min(_GLANCE, deadline - now))
            except Empty:
                continue
            room.put(None)
            yield from batch
            if ended is not None:
                thread.join()
                if isinstance(ended, StopIteration):
                    return
                raise ended
    finally:
        left.set()


def _swollen() -> bool:
    """Say whether the process has taken more memory than it may; where the system cannot tell, it has not."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") > MEMORY
    except (OSError, ValueError, AttributeError):
        pass
    try:
        import resource
    except ImportError:
        return False
    return sys.platform == "darwin" and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > MEMORY


__all__ = ["MEMORY", "apart"]
