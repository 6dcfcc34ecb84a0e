"""Numbers, dates and the like as their author spelt them.

The engine keeps a typed literal by its value and spells it its own way: ``1.50`` comes back as ``1.5``, ``01`` as
``1``. For a query that is no loss; for a graph that is moved it is. So what the engine would spell otherwise is
also kept in a file beside the triples, and an export puts it back.

    Spelt = {(graph, subject, predicate, object as the engine spells it): [object as written, …]}

All are terms of N-Triples; the default graph is "".
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import StoreError

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

    Term = NamedNode | BlankNode | Literal | Triple

Key = tuple[str, str, str, str]

FILE = "spellings.tsv"


@lru_cache(maxsize=65536)
def engine(term: Term) -> Term:
    """Give a literal, or a triple term, as the engine gives it back.

    >>> from pyoxigraph import Literal, NamedNode
    >>> str(engine(Literal("1.50", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))))
    '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    from pyoxigraph import NamedNode, Quad, Store

    scratch = Store()
    anything = NamedNode("urn:x")
    scratch.add(Quad(anything, anything, term))
    return next(scratch.quads_for_pattern(None, None, None)).object


def written(thing: object) -> str:
    """Write a term, or the name of a graph, as N-Quads does; "" for the default graph.

    >>> from pyoxigraph import DefaultGraph, NamedNode, Triple
    >>> written(DefaultGraph()), written(Triple(NamedNode("urn:a"), NamedNode("urn:b"), NamedNode("urn:c")))
    ('', '<<( <urn:a> <urn:b> <urn:c> )>>')
    """
    from pyoxigraph import DefaultGraph, Triple

    if isinstance(thing, DefaultGraph):
        return ""
    return f"<<( {thing} )>>" if isinstance(thing, Triple) else str(thing)


def save(folder: Path, rows: Iterable[tuple[Key, str]]) -> None:
    """Keep spellings in a generation's index; no file is written where there are none."""
    lines = dict.fromkeys("\t".join((*key, written)) for key, written in rows)
    if lines:
        (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def read(folder: Path) -> dict[Key, list[str]]:
    """Give the spellings that a generation's index keeps.

    Raises:
        StoreError: the file is damaged.
    """
    found: dict[Key, list[str]] = {}
    path = folder / FILE
    try:
        if path.is_file():
            for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
                graph, subject, predicate, spelt, written = line.split("\t")
                found.setdefault((graph, subject, predicate, spelt), []).append(written)
    except (OSError, ValueError):
        raise StoreError(f"{path}: cannot be read", hint="load the files again") from None
    return found
