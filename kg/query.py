"""Ask the graph in SPARQL: safely, with a limit of time, and with errors a person can act on.

The engine can neither be told to stop nor hears Ctrl-C, so a query runs in a thread of its own,
which is left behind when its time is up; a program that must not go on paying for it ends itself.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING, Any

from kg import functions, guard, ontology
from kg.errors import Place, QueryError
from kg.names import Names

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

    Term = NamedNode | BlankNode | Literal | Triple
    Row = tuple[Term | None, ...]

TIMEOUT = 60.0
"""seconds"""
_STACK = 256 * 1024 * 1024  # address space only: a second belt under the guard's limits
_BATCH = 256
_SYNTAX = re.compile(r"error at (\d+):(\d+)(?:-(?:\d+:)?\d+)?: (.*)", re.DOTALL)
_DECLARED = re.compile(r"\bPREFIX\s+([\w.-]*):", re.IGNORECASE)
_EXPECTED = re.compile(r"expected (?:one of )?(.*)", re.DOTALL)


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
    calls = functions.table(store, names, suggested=suggested, stop=lambda: deadline is not None and time.monotonic() > deadline)
    stream = _apart(lambda: _run(store, text, names, calls, suggested=suggested), deadline, timeout)
    kind, variables, truth = next(stream)
    return Answer(kind, variables, stream, truth)


def _run(store: Store, text: str, names: Names, calls: dict[NamedNode, Any], *, suggested: bool) -> Iterator[Any]:
    """Give the head of an answer, then its rows; runs in the query's own thread."""
    from pyoxigraph import QueryBoolean, QueryTriples

    try:
        seen = _graphs(store, text, names, suggested=suggested)
        found = store.query(text, prefixes=names.prefixes(), base_iri=names.base, custom_functions=calls, **seen)
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
        raise explained(error, text, names) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"the query failed: {error}") from None


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
            items = work()
            # The head alone, so that what is wrong is known before anything is printed.
            size = 1
            while batch := list(islice(items, size)):
                if not put(batch):
                    return
                size = min(size * 4, _BATCH)
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


def _received(
    queue: Queue[Any], done: object, left: threading.Event, thread: threading.Thread, deadline: float | None, timeout: float
) -> Iterator[Any]:
    try:
        while True:
            try:
                item = queue.get(timeout=None if deadline is None else max(0.0, deadline - time.monotonic()))
            except Empty:
                raise QueryError(
                    f"no answer within {timeout:g} seconds", hint="make the query narrower, or give it more time with --timeout"
                ) from None
            if item is done:
                thread.join()
                return
            if isinstance(item, BaseException):
                thread.join()
                raise item
            yield from item
    finally:
        left.set()


# -- errors ------------------------------------------------------------------------------------


def explained(error: SyntaxError, text: str, names: Names) -> QueryError:
    """Turn the engine's complaint into words, a line with a caret, and a guess."""
    message = error.msg or str(error)
    match = _SYNTAX.search(message)
    if not match:
        return _unplaced(message, text, names)
    line, column, said = int(match[1]), int(match[2]), match[3].strip()
    if "Prefix not found" in said or "prefix" in said.lower():
        unknown = _unknown_prefix(text, names)
        if unknown:
            return unknown
    for sign, words, advice in _KNOWN:
        if sign in said:
            return QueryError(words, hint=advice)
    token = next((each for each in guard.tokens(text) if guard.position(text, each.start) >= (line, column)), None)
    found = f"unexpected {token.text!r}" if token else "the query ends too early"
    if token:
        line, column = guard.position(text, token.start)
    elif text.strip():
        line, column = guard.position(text, len(text.rstrip()))
        column += 1
    problem = found if said.startswith("expected") or not said else said
    return QueryError(f"{problem}\n{guard.pointed(text, line, column)}", at=Place("query", line, column), hint=_advice(text, token, said))


_KNOWN = (
    (
        "contains a variable that is unbound",
        "a variable after SELECT has no value",
        "beside COUNT and the like, name the others in GROUP BY; else each must occur in the braces",
    ),
    ("Duplicated variable name", "a variable stands twice after SELECT", "name each once, or rename with (… AS ?other)"),
)


def _unplaced(message: str, text: str, names: Names) -> QueryError:
    unknown = _unknown_prefix(text, names) if "refix" in message else None
    known = next((QueryError(words, hint=advice) for sign, words, advice in _KNOWN if sign in message), None)
    return unknown or known or QueryError(message)


def _unknown_prefix(text: str, names: Names) -> QueryError | None:
    known = [*names.prefixes(), *_DECLARED.findall(text)]
    for token in guard.tokens(text):
        if token.sort == "name":
            prefix = token.text.partition(":")[0]
            if prefix not in known:
                line, column = guard.position(text, token.start)
                near = guard.guess(prefix, known)
                hint = f"did you mean {near}: ?" if near else f"known: {' '.join(f'{each}:' for each in names.prefixes())}"
                return QueryError(f"unknown prefix {prefix}:\n{guard.pointed(text, line, column)}", at=Place("query", line, column), hint=hint)
    return None


_FORMS = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE"]
_KEYWORDS = [*_FORMS, "WHERE", "FILTER", "OPTIONAL", "UNION", "ORDER", "GROUP", "LIMIT", "OFFSET", "HAVING", "DISTINCT", "VALUES", "BIND"]


def _advice(text: str, token: guard.Token | None, said: str) -> str:
    cut = list(guard.tokens(text))
    if not cut:
        return "try: SELECT * { ?note a :Note } LIMIT 5"
    if cut[0].text.upper() in ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"):
        return "a query only asks; the graph changes when the notes do (kg build)"
    first = cut[0]
    if first.sort == "word" and first.text.upper() not in _FORMS:
        near = guard.guess(first.text, _FORMS)
        return f"did you mean {near}?" if near else "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE"
    misspelt = next((each for each in cut if each.sort == "word" and token and each.start <= token.start and _misspelt(each.text)), None)
    if misspelt:
        return f"did you mean {guard.guess(misspelt.text, _KEYWORDS)}?"
    quote = next((each.text for each in cut if each.sort == "other" and each.text in "\"'"), "")
    if quote:
        return f"a text that begins with {quote} does not end"
    earlier = [each for each in cut if token is None or each.start < token.start]
    if earlier and earlier[-1].text.upper() in ("LIMIT", "OFFSET"):
        return f"a number follows {earlier[-1].text.upper()}"
    opened, closed = (sum(each.text == bracket for each in cut) for bracket in "{}")
    if opened != closed:
        return f"there are {opened} {{ and {closed} }}"
    expected = _EXPECTED.match(said)
    wanted = expected[1].replace("\n", " ").strip() if expected else ""
    return f"expected {wanted}" if re.fullmatch(r"'.'", wanted) else "each triple is subject, predicate, object, and ends with a full stop"


def _misspelt(word: str) -> bool:
    near = guard.guess(word, _KEYWORDS)
    return bool(near) and len(word) > 3 and near.casefold() != word.casefold()


def doubts(text: str) -> list[str]:
    """Name what a query asks for that the ontology does not have, with a guess.

    >>> doubts("SELECT * { ?p :name ?x }")
    ['the ontology has no term :name; did you mean :names?']
    """
    found = []
    known: list[str] = []
    for token in guard.tokens(text):
        prefix, colon, local = token.text.partition(":")
        if token.sort == "name" and colon and local and prefix in ("", "kg"):
            known = known or terms()
            if local not in known:
                near = guard.guess(local, known)
                found.append(f"the ontology has no term {token.text}" + (f"; did you mean {prefix}:{near}?" if near else ""))
    found += [f"{name} occurs once only, so it has no value" for name in _alone(text)]
    return list(dict.fromkeys(found))


def _alone(text: str) -> list[str]:
    """List variables that are asked for and occur nowhere else."""
    cut = [token.text for token in guard.tokens(text)]
    if "{" not in cut or cut[:1] == [] or cut[0].upper() != "SELECT":
        return []
    head, body = cut[: cut.index("{")], cut[cut.index("{") :]
    return [name for name in head if name[0] in "?$" and name not in body and "AS" not in [each.upper() for each in head]]


def terms() -> list[str]:
    """List the local names of the ontology's terms, and of the functions beside them."""
    declared = re.compile(r"^(?:kg)?:(\w+) a ", re.MULTILINE)
    return sorted({*declared.findall(ontology.text("kg.ttl")), *functions.NAMES})


__all__ = ["TIMEOUT", "Answer", "ask", "doubts", "explained", "terms"]
