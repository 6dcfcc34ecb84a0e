"""Who has calls answered: workers that wait for one, a few at a time, each ended when its time is up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from kg.assistants.replies import Reply
from kg.errors import KgError

AT_ONCE = 4
"""workers; more calls wait"""
SECONDS = 20.0
"""Time for a query, unless the call says otherwise."""
MOST_SECONDS = 120.0
_OVER = 3.0
"""Seconds that a worker has beyond the time of its query, to say what it was that took so long."""
_FIRST = 20.0
"""seconds for starting, on a slow machine"""


class Workers:
    """The workers of one graph; ``call`` may be called by several threads at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.idle: list[subprocess.Popen[bytes]] = []
        self.all: set[subprocess.Popen[bytes]] = set()
        self.room = threading.BoundedSemaphore(AT_ONCE)
        self.guard = threading.Lock()

    def call(self, tool: str, arguments: Mapping[str, Any], seconds: float = SECONDS) -> Reply:
        """Have a tool called.

        Raises:
            KgError: it cannot answer, or not in time; in words.
        """
        with self.room:
            worker, new = self._taken()
            line = json.dumps({"tool": tool, "arguments": arguments}).encode() + b"\n"
            clock = threading.Timer(seconds + _OVER + (_FIRST if new else 0), worker.kill)
            clock.daemon = True
            clock.start()
            try:
                told = _exchanged(worker, line)
            finally:
                late = not clock.is_alive()
                clock.cancel()
            if told is None:
                self._ended(worker)
                if late:
                    raise KgError(f"no answer within {seconds:g} seconds", hint="ask for less")
                raise KgError("the process that answers ended: the call took too much memory, or crashed the engine", hint="ask for less")
            if told.pop("spent"):
                self._ended(worker)
            else:
                with self.guard:
                    self.idle.append(worker)
        if "problem" in told:
            raise KgError(told["problem"], hint=told["hint"])
        return Reply(told["text"], told["data"])

    def _taken(self) -> tuple[subprocess.Popen[bytes], bool]:
        with self.guard:
            while self.idle:
                worker = self.idle.pop()
                if worker.poll() is None:
                    return worker, False
                self.all.discard(worker)
                _end(worker)
            worker = _started(self.folder)
            self.all.add(worker)
            return worker, True

    def _ended(self, worker: subprocess.Popen[bytes]) -> None:
        _end(worker)
        with self.guard:
            self.all.discard(worker)

    def close(self) -> None:
        """End all workers."""
        with self.guard:
            ending, self.all = self.all, set()
        for each in ending:
            _end(each)


def _started(folder: Path) -> subprocess.Popen[bytes]:
    # This kg and no other, whatever the current folder holds.
    home = Path(__file__).resolve().parent.parent.parent
    paths = os.pathsep.join(filter(None, (str(home), os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "kg.assistants.worker", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
        bufsize=0,
    )


def _exchanged(worker: subprocess.Popen[bytes], line: bytes) -> dict[str, Any] | None:
    """Send a call and read the answer; None if the worker ended before that."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        worker.stdin.write(line)
        pieces = []
        while piece := worker.stdout.read(1 << 20):
            pieces.append(piece)
            if piece.endswith(b"\n"):
                told: dict[str, Any] = json.loads(b"".join(pieces))
                return told
    except (OSError, ValueError):
        pass
    return None


def _end(worker: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        worker.kill()
    worker.wait()
    for stream in (worker.stdin, worker.stdout):
        if stream:
            with suppress(OSError):
                stream.close()


__all__ = ["AT_ONCE", "MOST_SECONDS", "SECONDS", "Workers"]
