"""The graph on the web: a SPARQL endpoint, a page for every thing, the view; read-only, and safe to leave running.

    gate          who gets in: hosts, origins, tokens; strict headers
    application   which address is answered by whom
    protocol, negotiation       what a request asks, and in which form it is answered
    pool, process, nursery, messages    processes that answer, and how long each may
    connections, limits         how long a connection may take, and every other bound
    worker        such a process, behind its fence; what it is asked is done in one of
        answering     queries, and what they may ask elsewhere (services)
        things, pages, notes, links, rendering    pages
        description   what the endpoint and the data set say of themselves
    metrics, replies, problems  what happened, and how it is told

The server process reads requests and hands them on; it opens neither the graph nor a note.
"""

from __future__ import annotations

import errno
import logging
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.serve.limits import Limits

if TYPE_CHECKING:
    from kg.serve.gate import Rules


def listen(host: str, port: int) -> socket.socket:
    """Take a port; 0 means any that is free.

    Raises:
        KgError: it is in use, or cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        found = socket.socket(family, kind, protocol)
    except OSError as error:
        raise KgError(f"{host}: {error.strerror}", hint="--host is a name or an address of this machine") from None
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(2048)
    except OSError as error:
        found.close()
        hint = {errno.EADDRINUSE: "choose another with --port, or let 0 choose one", errno.EACCES: "ports below 1024 are for administrators"}
        raise KgError(f"port {port} of {host} cannot be had: {(error.strerror or str(error)).lower()}", hint=hint.get(error.errno or 0, "")) from None
    return found


def serve(
    folder: Path, listening: socket.socket, rules: Rules, most: Limits, *, warn: Callable[[str], None], log: Callable[[str], None] | None = None
) -> None:
    """Answer until told to stop; ``folder`` is that of the graph. What is being answered then is answered still."""
    import uvicorn

    from kg.serve import limits
    from kg.serve.application import Site
    from kg.serve.connections import Connection
    from kg.serve.gate import Gate
    from kg.serve.metrics import Metrics

    metrics = Metrics()
    site = Site(folder, most, metrics, warn)
    config = uvicorn.Config(
        Gate(site.application(), rules, metrics, log),
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=int(limits.IDLE),
        timeout_graceful_shutdown=limits.DRAIN,
        h11_max_incomplete_event_size=limits.HEADER,
    )
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # what goes wrong is told by us
    server = uvicorn.Server(config)
    site.backlog = lambda: sum(each.transport.get_write_buffer_size() for each in server.server_state.connections)
    signal.set_wakeup_fd(-1)  # other commands end within a second (kg.prompt); requests may take as long as they are given
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the server listens to it; once it has ended, all is well
    server.run(sockets=[listening])


__all__ = ["Limits", "listen", "serve"]
