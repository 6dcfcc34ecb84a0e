"""Ask the graph in SPARQL: safely, with a limit of time, and with errors a person can act on.

The engine can neither be told to stop nor hears Ctrl-C, so a query runs apart, and is left behind when its
time is up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import functions, guard
from kg.apart import apart
from kg.errors import QueryError, UsageError
from kg.names import Names
from kg.ways import never

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

    from kg.values import Value

    Term = NamedNode | BlankNode | Literal | Triple
    Row = tuple[Term | None, ...]

TIMEOUT = 60.0
"""seconds"""


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


class Dataset(NamedTuple):
    """The graphs that a query sees, by their IRIs: those that are merged into the default one, and those that have names."""

    default: tuple[str, ...]
    named: tuple[str, ...]


def ask(
    store: Store,
    text: str,
    names: Names,
    *,
    values: Mapping[str, Value] | None = None,
    timeout: float = TIMEOUT,
    network: bool = False,
    suggested: bool = False,
) -> Answer:
    """Run a query with the predeclared prefixes; ``timeout`` is in seconds, 0 means none.

    Variables have the ``values`` that are given; errors show the query as it was before these were put in. What rules only suggest is left out, of ``GRAPH ?g`` too, unless ``suggested``: then it counts like the rest.

    Raises:
        QueryError: the query is wrong, refused, or took too long (while rows are read, too).
        UsageError: it has no variable of a name, or the time is no number of seconds.
    """
    _check(text, timeout)
    filled = text
    if values:  # reading them closely is a fifth of a look-up that has none
        from kg import parameters

        filled = parameters.insert(text, values)
    try:
        guard.check(filled, network=network)
        stream = apart(lambda stop: _run(store, filled, names, stop, suggested=suggested), timeout)
        kind, variables, truth = next(stream)
    except QueryError as error:
        if not values:
            raise
        from kg import parameters

        raise parameters.as_written(error, text, values) from None
    return Answer(kind, variables, stream, truth)


def _check(text: object, timeout: object) -> None:
    """Refuse what Python lets a program give: neither text nor time is checked by anybody before."""
    if not isinstance(text, str):
        raise UsageError(f"a query is a text, not {text!r}", hint="such as 'SELECT ?note { ?note a :Note } LIMIT 5'")
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout >= 0:
        raise UsageError(f"timeout is a number of seconds, not {timeout!r}", hint="such as timeout=5; 0 is no limit")


def ask_here(store: Store, text: str, names: Names, *, network: bool = False, suggested: bool = False, dataset: Dataset | None = None) -> Answer:
    """Run a query in the thread that asks, without a limit of time: for a process that others watch and may end.

    ``dataset``, if given, is what the query sees, whatever the query itself says.

    Raises:
        QueryError: the query is wrong or refused.
    """
    guard.check(text, network=network)
    stream = _run(store, text, names, never, suggested=suggested, dataset=dataset)
    kind, variables, truth = next(stream)
    return Answer(kind, variables, stream, truth)


def _run(store: Store, text: str, names: Names, stop: Callable[[], bool], *, suggested: bool, dataset: Dataset | None = None) -> Iterator[Any]:
    """Give the head of an answer, then its rows."""
    try:
        yield from _answered(store, text, names, stop, suggested=suggested, dataset=dataset)
        return
    except SyntaxError as error:
        from kg import mistakes

        failure = mistakes.explained(error, text, names)
    except (OSError, RuntimeError, ValueError) as error:
        from kg import mistakes

        failure = mistakes.failed(error, text, names)
    # Raised out here it holds no frame with the engine's rows, which must end in this thread.
    raise failure


def _answered(store: Store, text: str, names: Names, stop: Callable[[], bool], *, suggested: bool, dataset: Dataset | None) -> Iterator[Any]:
    from pyoxigraph import NamedNode, QueryBoolean, QueryTriples

    calls = functions.table(store, names, suggested=suggested, stop=stop)
    seen: dict[str, Any]
    if dataset is None:
        seen = _graphs(store, text, names, suggested=suggested)
    else:
        seen = {"default_graph": list(map(NamedNode, dataset.default)), "named_graphs": list(map(NamedNode, dataset.named))}
    found = store.query(text, prefixes=names.declared(), base_iri=names.base, custom_functions=calls, **seen)
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


__all__ = ["TIMEOUT", "Answer", "Dataset", "ask", "ask_here"]
