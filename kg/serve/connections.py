"""HTTP connections that cannot be held for nothing: who trickles a request, or does not take the answer, is cut."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from kg.serve import limits

_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_PIECES = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Connection(H11Protocol):
    """uvicorn's connection, with the deadlines that it does not have."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._arriving: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None
        self._pieces = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > limits.CONNECTIONS:
            transport.abort()
            return
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        self._took()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before: RequestResponseCycle | None = self.cycle
        if self._arriving is None and (before is None or before.response_complete):
            self._expect()
        # Each piece of a body takes 0.03 ms to read, however short: bodies in pieces of a byte would keep all others waiting.
        self._pieces += data.count(b"\r\n")
        if self._pieces > limits.PIECES:
            self.transport.write(_PIECES)
            self.transport.close()
            return
        super().data_received(data)
        if self.cycle is not before:
            self._pieces = 0
            self._arrived()

    # -- the head of a request, which must be there in time ----------------------------------------------

    def _expect(self) -> None:
        self._arriving = self.loop.call_later(limits.ARRIVAL, self._late)

    def _arrived(self) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None

    def _late(self) -> None:
        self._arriving = None
        if not self.transport.is_closing():
            self.transport.write(_LATE)
            self.transport.close()

    # -- the answer, of which something must be taken in time ---------------------------------------------

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        self._took()
        super().resume_writing()

    def _watch(self) -> None:
        left = self.transport.get_write_buffer_size()
        self._taking = self.loop.call_later(limits.READING, self._look, left)

    def _took(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _look(self, before: int) -> None:
        if self.transport.get_write_buffer_size() >= before:
            self.transport.abort()
        else:
            self._watch()


__all__ = ["Connection"]
