"""Ask the graph in SPARQL: safely, with a limit of time, and with errors a person can act on.

The engine can neither be told to stop nor hears Ctrl-C, so a query runs in a thread of its own,
which is left behind when its time is up; a program that must not go on paying for it ends itself.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING, Any

from kg import guard
from kg.errors import QueryError
from kg.names import Names

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

    Term = NamedNode | BlankNode | Literal | Triple
    Row = tuple[Term | None, ...]

TIMEOUT = 60.0
"""seconds"""
_STACK = 256 * 1024 * 1024  # address space only: a second belt under the guard's limits
_BATCH = 256
_GLANCE = 0.05
"""Seconds between looks at the clock and at the memory: doubling a text needs no longer for a gigabyte."""
_MEMORY = 4 * 1024**3
"""Bytes; the engine ends the process when there is no more, and a query of 1 kB can ask for all there is."""
_NARROWER = "make the query narrower"


@dataclass(frozen=True)
class Answer:
    """What a query gives, as it comes: rows for SELECT, triples for CONSTRUCT, a truth for ASK.

    ``kind`` is ``select``, ``ask`` or ``graph``. ``rows`` can be read once; a row has one term or
    ``None`` for each of ``variables``; for ``graph`` a row is subject, predicate, object.
    """

    kind: str
    variables: tuple[str, ...]
    rows: Iterator[tuple[Term | None, ...]]
    truth: bool = False


def ask(store: Store, text: str, names: Names, *, timeout: float = TIMEOUT, network: bool = False, suggested: bool = False) -> Answer:
    """Run a query with the predeclared prefixes; ``timeout`` is in seconds, 0 means none.

    What rules only suggest is left out, of ``GRAPH ?g`` too, unless ``suggested``: then it counts like the rest.

    Raises:
        QueryError: the query is wrong, refused, or took too long (while rows are read, too).
    """
    guard.check(text, network=network)
    deadline = time.monotonic() + timeout if timeout else None
    stream = _apart(lambda: _run(store, text, names, suggested=suggested), deadline, timeout)
    kind, variables, truth = next(stream)
    return Answer(kind, variables, stream, truth)


def _run(store: Store, text: str, names: Names, *, suggested: bool) -> Iterator[Any]:
    """Give the head of an answer, then its rows; runs in the query's own thread."""
    from pyoxigraph import QueryBoolean, QueryTriples

    try:
        found = store.query(text, prefixes=names.declared(), base_iri=names.base, **_graphs(store, text, names, suggested=suggested))
        if isinstance(found, QueryBoolean):
            yield "ask", (), bool(found)
        elif isinstance(found, QueryTriples):
            yield "graph", ("subject", "predicate", "object"), False
            yield from ((each.subject, each.predicate, each.object) for each in found)
        else:
            solutions: QuerySolutions = found
            variables = [each.value for each in solutions.variables]
            order = _as_written(text, variables)
            yield "select", tuple(variables[at] for at in order), False
            if order == list(range(len(order))):
                yield from (tuple(each) for each in solutions)
            else:
                yield from (tuple(each[at] for at in order) for each in solutions)
    except SyntaxError as error:
        from kg import mistakes

        raise mistakes.explained(error, text, names) from None
    except (OSError, RuntimeError, ValueError) as error:
        from kg import mistakes

        raise mistakes.failed(error, text, names) from None


def _graphs(store: Store, text: str, names: Names, *, suggested: bool) -> dict[str, Any]:
    """Choose the graphs that a query sees, unless it says so itself (FROM).

    The default graph and the suggestions are disjoint, so together they are a set, too: the engine
    would not drop what stood in both.
    """
    from pyoxigraph import DefaultGraph, NamedNode

    words = {each.text.upper() for each in guard.tokens(text) if each.sort == "word"}
    if "FROM" in words:
        return {}
    if suggested:
        return {"default_graph": [DefaultGraph(), NamedNode(names.suggested)], "named_graphs": list(store.named_graphs())}
    if "GRAPH" in words:
        return {"named_graphs": [each for each in store.named_graphs() if getattr(each, "value", "") != names.suggested]}
    return {}


def _as_written(text: str, variables: list[str]) -> list[int]:
    """Order the columns of ``SELECT *`` as the query first names them; the engine sorts them by name."""
    cut = [each.text for each in guard.tokens(text)]
    star = next((at for at, each in enumerate(cut) if each.upper() == "SELECT"), 0)
    if "*" not in cut[star + 1 : star + 3]:
        return list(range(len(variables)))
    first = {name[1:]: at for at, name in reversed(list(enumerate(cut))) if name[:1] in "?$"}
    return sorted(range(len(variables)), key=lambda at: (first.get(variables[at], len(cut)), at))


def _apart(work: Callable[[], Iterator[Any]], deadline: float | None, timeout: float) -> Iterator[Any]:
    """Run an iterator in a thread of its own and give its items before the deadline."""
    done = object()
    queue: Queue[Any] = Queue(maxsize=16)
    left = threading.Event()

    def put(item: Any) -> bool:
        while not left.is_set():
            try:
                queue.put(item, timeout=0.1)
                return True
            except Full:
                continue
        return False

    def pump() -> None:
        try:
            # The head alone, so that what is wrong is known before anything is printed; then rows together, but
            # none is held back for long.
            size, batch, since = 1, [], 0.0
            for item in work():
                batch.append(item)
                if len(batch) >= size or time.monotonic() - since > _GLANCE:
                    if not put(batch):
                        return
                    size, batch, since = _BATCH, [], time.monotonic()
            if not batch or put(batch):
                put(done)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            put(error)

    previous = threading.stack_size(_STACK)
    try:
        thread = threading.Thread(target=pump, daemon=True, name="kg query")
        thread.start()
    finally:
        threading.stack_size(previous)
    return _received(queue, done, left, thread, deadline, timeout)


def _swollen() -> bool:
    """Say whether the process has taken more memory than a query may; where the system cannot tell, it has not."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") > _MEMORY
    except (OSError, ValueError, AttributeError):
        pass
    try:
        import resource
    except ImportError:
        return False
    return sys.platform == "darwin" and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > _MEMORY


def _received(
    queue: Queue[Any], done: object, left: threading.Event, thread: threading.Thread, deadline: float | None, timeout: float
) -> Iterator[Any]:
    try:
        while True:
            item: Any = None
            # Looked at before every batch: rows that never end must not keep the clock from being read.
            if deadline is not None and time.monotonic() >= deadline:
                raise QueryError(f"no answer within {timeout:g} seconds", hint=_NARROWER + ", or give it more time with --timeout")
            try:
                item = queue.get(timeout=_GLANCE if deadline is None else min(_GLANCE, max(0.001, deadline - time.monotonic())))
            except Empty:
                if _swollen():
                    raise QueryError(f"the query needs more than {_MEMORY >> 30} GB of memory", hint=_NARROWER) from None
                continue
            if item is done:
                thread.join()
                return
            if isinstance(item, BaseException):
                thread.join()
                raise item
            yield from item
    finally:
        left.set()


__all__ = ["TIMEOUT", "Answer", "ask"]
