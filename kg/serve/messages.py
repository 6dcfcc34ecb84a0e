"""What server and workers say to each other over a socket: a JSON object, then bytes.

No pickles: whatever a hostile query makes of a worker, the server only reads JSON and bytes.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any, NamedTuple

_HEAD = struct.Struct("!II")
"""the lengths of the object and of the bytes"""
LARGEST = 64 * 1024 * 1024
"""bytes of a message; more is no message of ours"""


class Message(NamedTuple):
    """An object and bytes."""

    said: dict[str, Any]
    body: bytes = b""


def pack(message: Message) -> bytes:
    """Write a message.

    >>> unpack(bytearray(pack(Message({"do": "query"}, b"ASK {}"))))
    Message(said={'do': 'query'}, body=b'ASK {}')
    """
    said = json.dumps(message.said, separators=(",", ":")).encode()
    return _HEAD.pack(len(said), len(message.body)) + said + message.body


def unpack(buffer: bytearray) -> Message | None:
    """Take the first message off a buffer, if all of it is there.

    >>> unpack(bytearray(b"\\\\0\\\\0"))

    Raises:
        ValueError: what comes is no message.
    """
    if len(buffer) < _HEAD.size:
        return None
    said, body = _HEAD.unpack_from(buffer)
    if said + body > LARGEST:
        raise ValueError("too long to be a message")
    end = _HEAD.size + said + body
    if len(buffer) < end:
        return None
    message = Message(json.loads(buffer[_HEAD.size : _HEAD.size + said]), bytes(buffer[_HEAD.size + said : end]))
    del buffer[:end]
    return message


def receive(connection: socket.socket) -> Message | None:
    """Wait for a message; None when the other side has gone."""
    buffer = bytearray()
    while (message := unpack(buffer)) is None:
        piece = connection.recv(65536)
        if not piece:
            return None
        buffer += piece
    return message


__all__ = ["Message", "pack", "receive", "unpack"]
