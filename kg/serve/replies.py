"""What a worker gives back: a status, a media type, bytes; and problems in words."""

from __future__ import annotations

import gzip
from typing import Any, NamedTuple

from kg.serve.messages import Message

_SMALL = 1400
"""bytes that fit into one packet"""


class Reply(NamedTuple):
    """An answer as the client will have it; ``headers`` are those that only this answer has."""

    status: int
    media: str
    body: bytes
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed

    def packed(self, **more: Any) -> Message:
        """Make a message of it."""
        return Message({"status": self.status, "media": self.media, "headers": self.headers, **more}, self.body)

    def compressed(self) -> Reply:
        """Give the same by gzip, where that is worth while: a page of 60 kB takes 1 ms."""
        if len(self.body) < _SMALL or "content-encoding" in self.headers:
            return self
        return self._replace(body=gzip.compress(self.body, 4, mtime=0), headers={**self.headers, "content-encoding": "gzip"})


class Problem(Exception):
    """What a client is told instead of an answer: a status, what is wrong, what to do."""

    def __init__(self, status: int, problem: str, hint: str = "", **headers: str) -> None:
        super().__init__(problem)
        self.status, self.problem, self.hint = status, problem, hint
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


__all__ = ["Problem", "Reply"]
