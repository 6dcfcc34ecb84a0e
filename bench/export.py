"""What exports cost: CPU seconds and triples a second, side by side with rdflib's longturtle.

    make bench
    python bench/export.py [-g GRAPH]

Every line of the first table is a process of its own: it starts, opens the graph on disk, writes a file and forces it to disk.
The second compares the writing of Turtle alone, start-up not counted: of the graph on disk, which rdflib reads through oxrdflib, and of triples
that each has in memory as it likes them. Without -g, the graph is built of the notes of ``bench/build.py``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent))

from build import RUNS, found_notes, run

ENDINGS = ("ttl", "trig", "nt", "nq", "jsonld", "rdf", "graphml", "gexf", "csv", "cypher", "qs")
TURTLE = """
import sys, time, rdflib, kg
from kg.export import rdf, said
graph = kg.open(sys.argv[1])
writer, place = sys.argv[2:]
given = said.of_store(graph.store) if place == "memory" else None
if writer == "rdflib":
    given = graph.rdflib.default_graph if place == "disk" else rdflib.Graph().parse(data=graph.export(form="ntriples", header=False), format="nt")
    for prefix, space in graph.names.prefixes().items():
        given.bind(prefix, space)
start = time.process_time()
if writer == "rdflib":
    given.serialize(format="longturtle")
else:
    "".join(rdf.as_turtle([given or said.of_store(graph.store)], graph.names))
print(time.process_time() - start)
"""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description="Measure what exports cost, in CPU seconds.")
    parser.add_argument("-g", "--graph", type=Path, help="a graph that is there already")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as folder:
        graph = given.graph
        if graph is None:
            notes, remark = found_notes()
            print(remark)
            graph = Path(folder) / "graph"
            run([sys.executable, "-m", "kg", "build", notes, "-o", graph])
        measured(graph, Path(folder))


def measured(graph: Path, folder: Path) -> None:
    """Print a line for each format, a median of three runs, and then the comparison, of one."""
    kg = [sys.executable, "-m", "kg", "-g", graph]
    triples = run([*kg, "export", "--format", "nt"]).output.count("\n")
    seconds = {each: median(run([*kg, "export", "-o", folder / f"graph.{each}"]).seconds for _ in range(RUNS)) for each in ENDINGS}
    for each, taken in seconds.items():
        print(f"kg export, {each:<31}{taken:8.2f} s CPU{triples / taken:12,.0f} triples/s")
    print()
    for place in ("disk", "memory"):
        ours, theirs = (float(run([sys.executable, "-c", TURTLE, graph, writer, place]).output) for writer in ("kg", "rdflib"))
        for name, taken, remark in (("kg, Turtle", ours, f"   {theirs / ours:.1f} times as fast as"), ("rdflib, longturtle", theirs, "")):
            print(f"{f'{name}, of triples in {place}'.replace('in disk', 'on disk'):<42}{taken:8.2f} s CPU{triples / taken:12,.0f} triples/s{remark}")


if __name__ == "__main__":
    main()
