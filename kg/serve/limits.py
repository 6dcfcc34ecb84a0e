"""How much anybody may ask of a server: every number in one place, and what those who set up a server may change."""

from __future__ import annotations

from dataclasses import dataclass

HEADER = 16 * 1024
"""bytes of the head of a request"""
BODY = 1024 * 1024
"""bytes of the body of a request"""
DISCARDED = 16 * BODY
"""bytes of a body that is too long, which are read and thrown away so that its sender hears that it is"""
ANSWER = 8 * 1024 * 1024
"""bytes of an answer, after which no more rows are written"""
WAITING = 512 * 1024 * 1024
"""bytes of answers that may wait for slow readers, all together"""
ARRIVAL = 10.0
"""Seconds in which the head of a request must have arrived, and again its body; those who trickle are cut."""
PIECES = 20_000
"""lines in a request: those of its head, of its body, and of the pieces that the body is sent in"""
IDLE = 20.0
"""seconds for which a connection is kept that asks nothing"""
READING = 30.0
"""seconds in which a client must take some of its answer"""
CONNECTIONS = 2048
DRAIN = 10
"""seconds that requests have to end once the server is told to stop"""
SLICE = 0.1
"""Seconds after which a query is a long one: it goes on at the lowest priority, and others go before it."""
LONG = 32
"""long queries at a time, of which some run and the others are halted; more are sent away"""
MEMORY = 1024 * 1024 * 1024
"""bytes that one query may take beyond what its process has"""
STACK = 64 * 1024 * 1024
"""bytes of the stack of a process that answers: eight times what the guard's limits are made for"""
WORN = 300 * 1024 * 1024
"""bytes of a process after which it is replaced, once it has answered"""


@dataclass(frozen=True)
class Limits:
    """What whoever sets up the server may change; ``seconds`` are a query's, ``rows`` an answer's (0: all), ``workers`` are processes for short queries."""

    seconds: float = 10.0
    rows: int = 10_000
    workers: int = 4
    services: tuple[str, ...] = ()
    """Beginnings of addresses that SERVICE may ask; none by default."""


__all__ = ["Limits"]
