"""The server's side of one worker: what it is sent, what comes back, and whether it is still there."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.serve.messages import Message, unpack

if TYPE_CHECKING:
    from kg.serve.pool import Pool


class Live(NamedTuple):
    """A generation as it is answered from; ``stamp`` tells it from another that has its name, where a graph was removed and made anew."""

    folder: Path
    stamp: tuple[int, int]


class Lost(Exception):
    """A worker ended before it answered."""


class Worker(asyncio.Protocol):
    """The server's side of a process that answers."""

    def __init__(self, pool: Pool, generation: Live) -> None:
        self.pool, self.generation = pool, generation
        self.pid = 0
        self.long = self.nice = self.halted = self.lost = False
        self.answer: asyncio.Future[Message] | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.buffer = bytearray()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        try:
            message = unpack(self.buffer)
        except ValueError:
            self.end()
            return
        if message is None:
            return
        if self.answer is not None:
            answer, self.answer = self.answer, None
            if not answer.done():
                answer.set_result(message)
        elif not self.pid and "ready" in message.said:
            self.pid = message.said["ready"]
            self.pool.arrived(self)
        else:
            self.pool.failed(self, str(message.said.get("broken", "")))

    def connection_lost(self, exc: Exception | None) -> None:
        del exc  # whatever ended it, it has not answered
        self.lost = True
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(Lost())
        self.pool.gone(self)

    def ask(self, message: bytes, answer: asyncio.Future[Message]) -> None:
        """Send a message; what comes back goes to ``answer``."""
        assert self.transport is not None
        self.answer = answer
        self.transport.write(message)

    def end(self) -> None:
        """Kill the process, whatever it does."""
        if self.pid and not self.lost:
            self.pool.nursery.tell("kill", self.pid)
        self.close()

    def close(self) -> None:
        """Hang up, so that it ends by itself once it has nothing to do."""
        if self.transport is not None:
            self.transport.abort()


__all__ = ["Live", "Lost", "Worker"]
