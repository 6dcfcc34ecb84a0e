"""Answers that are kept until others take their room."""

from __future__ import annotations

from collections import OrderedDict

from kg.serve.messages import Message

_ROOM = 16 * 1024 * 1024
"""bytes"""


class Kept:
    """A few answers by what was asked; those that nobody has asked for longest go first.

    >>> kept = Kept()
    >>> kept.put("a", Message({}, b"x"))
    >>> kept.get("a"), kept.get("b")
    (Message(said={}, body=b'x'), None)
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, Message] = OrderedDict()
        self._size = 0

    def get(self, key: str) -> Message | None:
        found = self._known.get(key)
        if found is not None:
            self._known.move_to_end(key)
        return found

    def put(self, key: str, message: Message) -> None:
        if key in self._known or len(message.body) > _ROOM // 2:
            return
        self._known[key] = message
        self._size += len(message.body) + len(key) + 1000
        while self._size > _ROOM:
            old, dropped = self._known.popitem(last=False)
            self._size -= len(dropped.body) + len(old) + 1000


__all__ = ["Kept"]
