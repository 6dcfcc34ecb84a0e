"""A process that answers for one generation of the graph, within bounds that it cannot leave.

It may be killed at any instant: by the server when time is up, by the system when it takes too much
memory, by itself when a query crashes the engine. It reads the graph and the notes, and writes nothing.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from kg import store
from kg.errors import KgError, StoreError
from kg.graph import Graph
from kg.serve import fence, limits
from kg.serve.limits import Limits
from kg.serve.messages import Message, pack, receive
from kg.serve.replies import Problem, Reply

if sys.platform != "win32":
    import resource

Work = Callable[[Graph, dict[str, Any], Limits], Reply]
_FILES = 4096
"""files that a worker may have open: those of the graph, which the engine opens as it comes to them"""


def run(connection: socket.socket, generation: Path, most: Limits) -> None:
    """Answer one message after another until the server hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then hangs up
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _silence()
    if sys.platform != "win32":
        _soften(resource.RLIMIT_NOFILE, _FILES)  # before the engine opens the graph, as it looks at it then
    try:
        graph = Graph(store.at(generation))
        _ = graph.store
    except (KgError, OSError) as error:
        connection.sendall(pack(Message({"broken": str(error)})))
        return
    _bounded()
    fence.close(network=bool(most.services))
    connection.sendall(pack(Message({"ready": os.getpid()})))
    while (message := receive(connection)) is not None:
        connection.sendall(pack(_answered(graph, message.said, most)))


def _answered(graph: Graph, job: dict[str, Any], most: Limits) -> Message:
    try:
        _timed(float(job.get("seconds", most.seconds)))
        reply = _work(job["do"])(graph, job, most)
        if job.get("gzip"):
            reply = reply.compressed()
        return reply.packed(worn=_worn())
    except Problem as problem:
        return Message({"status": problem.status, "problem": problem.problem, "hint": problem.hint, "headers": problem.headers, "worn": _worn()})
    except StoreError as error:
        return Message({"broken": str(error)})
    except KgError as error:
        return Message({"status": 404, "problem": error.problem, "hint": error.hint, "headers": {}, "worn": False})
    except MemoryError:
        return Message({"status": 503, "problem": "the answer needs too much memory", "hint": "make the query narrower", "headers": {}, "worn": True})
    except Exception as error:  # noqa: BLE001 - a bug of ours must not take the server with it; it is logged there
        import traceback

        return Message(
            {"status": 500, "problem": "this is a fault of the server", "hint": "", "headers": {}, "worn": True, "fault": _fault(error, traceback)}
        )


def _fault(error: Exception, traceback: Any) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"


def _work(name: str) -> Work:
    """Give what does a job; what few need is imported late."""
    from kg.serve import answering

    if name == "query":
        return answering.query
    from kg.serve import description, pages, things

    works: dict[str, Work] = {"thing": things.page, **pages.WORKS, **description.WORKS}
    return works[name]


def _silence() -> None:
    """Turn standard error to nowhere: the engine writes there as it dies, and the server says it better."""
    sys.stdout.flush()
    sys.stderr.flush()
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)
        os.close(nowhere)


def _bounded() -> None:
    if sys.platform == "win32":  # pragma: no cover
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _soften(resource.RLIMIT_STACK, limits.STACK)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing is written, ever
    with suppress(OSError, ValueError):  # macOS and others do not tell, or do not keep to it
        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (now + limits.MEMORY, now + limits.MEMORY))


def _soften(which: int, wanted: int) -> None:
    if sys.platform == "win32":  # pragma: no cover
        return
    _, hard = resource.getrlimit(which)
    with suppress(OSError, ValueError):
        resource.setrlimit(which, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _timed(seconds: float) -> None:
    """Allow no more processor time than the clock allows: the server kills at the deadline, but it may have gone itself."""
    if sys.platform != "win32" and seconds:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _soften(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + 2 * seconds + 5))


def _worn() -> bool:
    """Say whether this process has grown so much that another should take its place."""
    if sys.platform == "win32":  # pragma: no cover
        return False
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit > limits.WORN


__all__ = ["run"]
