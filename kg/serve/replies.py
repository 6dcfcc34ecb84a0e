"""What a worker gives back: a status, a media type, bytes; and problems in words."""

from __future__ import annotations

from typing import Any, NamedTuple

from kg.serve.messages import Message


class Reply(NamedTuple):
    """An answer as the client will have it; ``headers`` are those that only this answer has."""

    status: int
    media: str
    body: bytes
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed

    def packed(self, **more: Any) -> Message:
        """Make a message of it."""
        return Message({"status": self.status, "media": self.media, "headers": self.headers, **more}, self.body)


class Problem(Exception):
    """What a client is told instead of an answer: a status, what is wrong, what to do."""

    def __init__(self, status: int, problem: str, hint: str = "", **headers: str) -> None:
        super().__init__(problem)
        self.status, self.problem, self.hint = status, problem, hint
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


__all__ = ["Problem", "Reply"]
