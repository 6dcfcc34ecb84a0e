"""What questions cost: thirteen shapes of query, in kg and in rdflib in memory, side by side in one run.

    make bench
    python bench/query.py
    python bench/query.py -g .kg --json build/bench-query.json

Both are asked the same questions of the same triples in the same process, and hand every row to Python: kg
as ``Graph.query`` does, with its guard, its thread and its clock, from the graph on disk and from one that was
read into memory; rdflib from its own memory, which is the only place it has.
CPU milliseconds are user and system time of the process, threads included; the best of up to five runs
counts, since what else the machine does only ever adds. The last lines are geometric means of the ratios, and
the program ends with 1 if that of memory against memory is below what the project promises.

The notes are found as bench/build.py finds them; rdflib needs about a minute for those of the OECD.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "bench"))

PROMISED = 10.0
"""times faster than rdflib, in the geometric mean"""
RUNS = 5
ENOUGH = 3.0
"""Seconds after which a query is not run once more."""

SHAPES = {
    "a look-up": "SELECT ?n { ?n :mentions country:PT }",
    "backlinks and labels": "SELECT ?n ?l { ?n :linksTo {one}; rdfs:label ?l }",
    "two steps, distinct": "SELECT DISTINCT ?c { {rich} :linksTo/:linksTo ?c }",
    "ten hubs": "SELECT ?n (COUNT(?m) AS ?c) { ?m :linksTo ?n } GROUP BY ?n ORDER BY DESC(?c) ?n LIMIT 10",
    "all that can be reached": "SELECT (COUNT(DISTINCT ?n) AS ?c) { {rich} :linksTo+ ?n }",
    "what nothing links to": "SELECT ?n { ?n a :Note OPTIONAL { ?m :linksTo ?n } FILTER(!BOUND(?m)) }",
    "words in titles": 'SELECT ?n ?l { ?n a :Note; rdfs:label ?l FILTER(CONTAINS(LCASE(?l), "innovation")) }',
    "links both ways, as triples": "CONSTRUCT { ?a :linksTo ?b } { ?a :linksTo ?b . ?b :linksTo ?a }",
    "a description": "DESCRIBE {rich}",
    "notes of every video": "SELECT ?v (COUNT(?n) AS ?c) { ?n :source ?v . ?v a :Video } GROUP BY ?v ORDER BY DESC(?c) ?v",
    "evidence of a note": "SELECT ?l ?t ?s { ?p :note {rich}; :line ?l; :text ?t OPTIONAL { ?p :at/:second ?s } } ORDER BY ?l ?t",
    "neighbours in common": "SELECT DISTINCT ?n { ?n :linksTo {one}, {two} }",
    "words in passages": 'SELECT ?p ?t { ?p :text ?t FILTER(REGEX(?t, "child|kids", "i")) }',
}
"""The questions; ``{one}`` and ``{two}`` are the notes that most others link to, ``{rich}`` the one that links to most."""

_RICHEST = "SELECT ?n (COUNT(?m) AS ?c) { ?n :linksTo ?m } GROUP BY ?n ORDER BY DESC(?c) ?n LIMIT 1"


class Figure(NamedTuple):
    """One question: its rows, and CPU milliseconds of kg on disk, of kg in memory, of rdflib in memory."""

    name: str
    rows: int
    disk: float
    memory: float
    rdflib: float
    same: bool


def main() -> None:
    """Build or open the graph, ask, and print the table."""
    parser = argparse.ArgumentParser(description="Measure what questions cost in kg and in rdflib, in CPU milliseconds.")
    parser.add_argument("-g", "--graph", metavar="DIR", help="ask this graph instead of building one")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures here as well")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as folder:
        graph, remark = opened(given.graph, Path(folder))
        figures = measured(graph)
        triples = len(graph.export(form="ntriples").splitlines())
    print(f"{remark}, {triples:,} triples; CPU milliseconds, best of {RUNS}\n")
    print(table(figures))
    disk, memory = (mean([each.rdflib / getattr(each, side) for each in figures]) for side in ("disk", "memory"))
    print(f"\ntimes faster than rdflib, geometric mean of {len(figures)}: {memory:.1f} in memory (promised: {PROMISED:g}), {disk:.1f} from disk")
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(
            json.dumps({"memory": memory, "disk": disk, "figures": [each._asdict() for each in figures]}, indent=1) + "\n", encoding="utf-8"
        )
    # Threads of queries may still be there; nothing of theirs is needed.
    sys.stdout.flush()
    os._exit(0 if memory >= PROMISED else 1)


def mean(ratios: list[float]) -> float:
    """Give the geometric mean."""
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def opened(graph: str | None, folder: Path) -> tuple[Any, str]:
    """Open a graph that is there, or build one of the notes."""
    import kg
    from build import found_notes

    if graph:
        return kg.open(graph), f"the graph in {graph}"
    notes, remark = found_notes()
    kg.build(notes, folder / "graph")
    return kg.open(folder / "graph"), remark


def measured(graph: Any) -> list[Figure]:
    """Ask every question in both engines."""
    from kg import query

    memory, other = in_memory(graph.export(form="ntriples"))
    prefixes = {**graph.names.prefixes()}
    hubs = graph.store.query(SHAPES["ten hubs"], prefixes=prefixes, base_iri=graph.names.base)
    one, two = (str(row[0]) for _, row in zip(range(2), hubs, strict=False))
    (rich, *_) = graph.store.query(_RICHEST, prefixes=prefixes, base_iri=graph.names.base)
    found = []
    for name, shape in SHAPES.items():
        # rdflib takes no namespace for the empty prefix, so both read it in the query.
        text = f"PREFIX : <{prefixes['']}> " + shape.replace("{one}", one).replace("{two}", two).replace("{rich}", str(rich[0]))
        here, rows = best(lambda text=text: sum(1 for _ in graph.query(text, timeout=0).rows))
        near, same = best(lambda text=text: sum(1 for _ in query.ask(memory, text, graph.names, timeout=0).rows))
        there, others = best(lambda text=text: sum(1 for _ in other.query(text, initNs=prefixes, base=graph.names.base)))
        found.append(Figure(name, rows, 1000 * here, 1000 * near, 1000 * there, rows == same == others))
    return found


def in_memory(triples: str) -> tuple[Any, Any]:
    """Read triples into a store of the engine and into a graph of rdflib."""
    import rdflib
    from pyoxigraph import RdfFormat, Store

    store = Store()
    store.bulk_load(triples.encode(), format=RdfFormat.N_TRIPLES)
    logging.getLogger("rdflib").setLevel(logging.ERROR)
    found = rdflib.Graph()
    found.parse(data=triples, format="nt")
    return store, found


def best(work: Callable[[], int]) -> tuple[float, int]:
    """Run something up to five times; gives the CPU seconds of the best run, and what it gave."""
    times, given = [], 0
    while len(times) < RUNS and sum(times) < ENOUGH:
        began = time.process_time()
        given = work()
        times.append(time.process_time() - began)
    return min(times), given


def table(figures: list[Figure]) -> str:
    """Align the figures in columns."""
    lines = [f"{'':<28} {'rows':>7} {'disk':>9} {'memory':>9} {'rdflib':>9} {'ratio':>7}"]
    for each in figures:
        remark = "" if each.same else "  (other rows)"
        times = f"{each.disk:>9.2f} {each.memory:>9.2f} {each.rdflib:>9.1f} {each.rdflib / each.memory:>6.1f}x"
        lines.append(f"{each.name:<28} {each.rows:>7,} {times}{remark}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
