"""What kg costs: CPU seconds and memory of its commands, on the OECD notes and on a vault of 21,000, or else on the sample notes.

    make bench
    python bench/build.py --copies 0           # without the large vault, which takes most of the time
    python bench/build.py --skip-peer          # without obsidiantools, too
    python bench/build.py --keep               # and keep the figures in bench/results, for later runs to be compared with

CPU seconds are user and system time of a process and all that it started, start-up included, as the
kernel counts them when it ends. Wall time is told of one thing, what a second process gains, and only as a
ratio: it also measures who else uses the machine. CPU time still depends on the core, so the last line times a
fixed loop of Python, 0.45 s on a usual core of 3 GHz; divide by it to compare figures of two machines. The last
column does: it compares with the newest file of bench/results, both divided by their loops.

Every figure is the median of three runs, or of $KG_BENCH_RUNS; the large vault, rdflib and obsidiantools run once. obsidiantools,
which reads nothing but the links, is installed into build/bench-venv, for this alone. The notes are found by
$KG_OECD or in shared/corpus/oecd upward of the checkout, and are only read: edits are made in a copy.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from corpus import copied

ROOT = Path(__file__).resolve().parent.parent
BESIDE = Path("shared", "corpus", "oecd")
VENV = ROOT / "build" / "bench-venv"
PEER = "obsidiantools==0.11.0"
RUNS = int(os.environ.get("KG_BENCH_RUNS", "3"))
CPU = "s CPU"
LOOKUP = "SELECT ?n { ?n :mentions country:PT }"
SETTLED = 2.1
"""Seconds until a build trusts the time stamp of a file that was just written."""

RESULTS = ROOT / "bench" / "results"
STEP = ROOT / "bench" / "floor.py"
LOOP = "ten million additions in Python"
COLD = "build, cold"


class Figure(NamedTuple):
    """One line of the table; ``runs`` are what the value is the median of."""

    name: str
    value: float
    unit: str
    runs: tuple[float, ...] = ()


class Failed(Exception):
    """A command did not end well."""


class Ended(NamedTuple):
    """What a process cost, in CPU seconds, and what it printed."""

    seconds: float
    output: str
    memory: float
    """MB, of the largest of its processes"""
    wall: float


def main() -> None:
    """Measure, print the table, and keep it where that is asked for."""
    parser = argparse.ArgumentParser(description="Measure what kg costs, in CPU seconds.")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures here as well")
    parser.add_argument("--keep", action="store_true", help="keep the figures in bench/results")
    parser.add_argument("--copies", type=int, default=24, metavar="N", help="make the large vault of N copies of the notes; 0: leave it out")
    parser.add_argument("--skip-peer", action="store_true", help="do not read the notes with obsidiantools")
    given = parser.parse_args()
    notes, remark = found_notes()
    print(f"{remark}; Python {platform.python_version()}, {platform.system()} {platform.machine()}; medians of {RUNS} runs\n")
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as folder:
        figures = [*measured(notes, Path(folder)), *(() if given.skip_peer else peer(notes))]
        figures += large(notes, Path(folder), given.copies, figures) if given.copies else []
    figures = [*with_ratio(figures), calibration()]
    kept = sorted(RESULTS.glob("*.json"))
    print(table(figures, json.loads(kept[-1].read_text(encoding="utf-8")) if kept else None))
    for path in (given.json, RESULTS / f"{datetime.now(UTC):%Y-%m-%d}.json" if given.keep else None):
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(as_json(remark, figures), encoding="utf-8")


def found_notes() -> tuple[Path, str]:
    """Find the OECD notes, or else the sample notes, and say which."""
    beside = next((each / BESIDE for each in ROOT.parents if (each / BESIDE).is_dir()), None)
    oecd = Path(os.environ["KG_OECD"]) if os.environ.get("KG_OECD") else beside
    if oecd and oecd.is_dir():
        return oecd, "the OECD notes"
    return ROOT / "notes", "ONLY THE SAMPLE NOTES, too few to judge by (KG_OECD names the folder of the OECD notes)"


# -- processes -----------------------------------------------------------------------------------


def run(command: Sequence[str | Path]) -> Ended:
    """Run a command to its end; raise Failed if it does not end well."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    environment.pop("KG_GRAPH", None)
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    if process.returncode:
        raise Failed(f"{' '.join(map(str, command))}: ended with {process.returncode}\n{text}")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Ended(usage.ru_utime + usage.ru_stime, text, round(usage.ru_maxrss / unit), time.monotonic() - began)


def kg(*arguments: str | Path) -> Ended:
    """Run kg from this checkout."""
    return run([sys.executable, "-m", "kg", *arguments])


def figure(name: str, seconds: Iterable[float]) -> Figure:
    """Make a line of CPU seconds out of several runs."""
    runs = tuple(round(each, 3) for each in seconds)
    return Figure(name, median(runs), CPU, runs)


# -- kg ------------------------------------------------------------------------------------------


def measured(notes: Path, folder: Path) -> list[Figure]:
    """Measure the commands of kg; ``folder`` is there to write in."""
    kg("build", ROOT / "notes", "-o", folder / "warm")  # compiles the modules of a fresh checkout
    copy = folder / "notes"
    shutil.copytree(notes, copy, ignore=shutil.ignore_patterns(".*"))
    time.sleep(SETTLED)
    builds = [kg("build", notes, "-o", folder / f"graph{number}") for number in range(RUNS)]
    brief = [kg("build", notes, "-o", folder / f"brief{number}", "--detail", "notes").seconds for number in range(RUNS)]
    two = [kg("build", notes, "-o", folder / f"two{number}", "--jobs", "2") for number in range(RUNS)]
    graph, triples = folder / "graph0", folder / "graph.nt"
    exported = figure("export as Turtle", (kg("-g", graph, "export", "-o", folder / "graph.ttl").seconds for _ in range(RUNS)))
    kg("-g", graph, "export", "--no-header", "-o", triples)
    counts = counted(graph)
    number = next(each.value for each in counts if each.name == "triples")
    return [
        *counts,
        figure(COLD, [each.seconds for each in builds]),
        Figure("build, cold, memory", max(each.memory for each in builds), "MB"),
        figure("build, cold, --detail notes", brief),
        figure("build, cold, two processes", [each.seconds for each in two]),
        Figure("  times as fast as one, by the clock", round(median(each.wall for each in builds) / median(each.wall for each in two), 2), ""),
        *updates(copy, folder / "updated"),
        figure("start-up: kg --help", (kg("--help").seconds for _ in range(RUNS))),
        figure("query, a look-up", (kg("-g", graph, "query", LOOKUP).seconds for _ in range(RUNS))),
        exported,
        Figure("export as Turtle, triples a second", round(number / exported.value), "triples/s"),
        *floor(notes, triples),
    ]


def updates(notes: Path, graph: Path) -> list[Figure]:
    """Measure builds of a graph that is there already: nothing changed, and one thing after the other."""
    kg("build", notes, "-o", graph)
    kg("build", notes, "-o", graph)  # which sees that the files have settled
    nothing = figure("build, nothing changed", (kg("build", notes, "-o", graph).seconds for _ in range(RUNS)))
    first, *_, last = sorted(notes.rglob("*.md"))
    edited = figure("build, one note edited", (_edited(first, notes, graph, number) for number in range(RUNS)))
    renamed = figure("build, one note renamed", (_renamed(last, notes, graph, number) for number in range(RUNS)))
    deleted = figure("build, one note deleted", (_deleted(notes, graph) for _ in range(RUNS)))
    decided = figure("build, one name decided in the vocabulary", (_decided(notes, graph, number) for number in range(RUNS)))
    return [nothing, edited, renamed, deleted, decided]


def _edited(note: Path, notes: Path, graph: Path, number: int) -> float:
    with note.open("a", encoding="utf-8") as file:
        file.write(f"\n\nSentence {number} was added to see what an edit costs in Portugal.\n")
    return _updated(notes, graph, "~ 1 changed")


def _renamed(note: Path, notes: Path, graph: Path, number: int) -> float:
    now = next(each for each in (note, *(note.with_stem(f"{note.stem} {n}") for n in range(number))) if each.exists())
    now.rename(note.with_stem(f"{note.stem} {number}"))
    return _updated(notes, graph, "- 1 removed")


def _deleted(notes: Path, graph: Path) -> float:
    max(notes.rglob("*.md")).unlink()
    return _updated(notes, graph, "- 1 removed")


def _decided(notes: Path, graph: Path, number: int) -> float:
    names = "".join(f"Bench Body {each},organisation\n" for each in range(number + 1))
    (notes / "vocabulary.csv").write_text(f"name,kind\n{names}", encoding="utf-8")
    return _updated(notes, graph, "")


def _updated(notes: Path, graph: Path, expected: str) -> float:
    ended = kg("build", notes, "-o", graph)
    if expected not in ended.output:
        raise Failed(f"the change was not seen:\n{ended.output}")
    return ended.seconds


def floor(notes: Path, triples: Path) -> list[Figure]:
    """Measure what no builder could go below, and rdflib with the same triples."""
    steps = {
        "floor: reading the files": ("read", notes, RUNS),
        "floor: and parsing them": ("markdown", notes, RUNS),
        "floor: and making documents": ("document", notes, RUNS),
        "floor: loading the triples": ("load", triples, RUNS),
        "rdflib, loading the same triples": ("rdflib", triples, 1),
    }
    return [figure(name, (run([sys.executable, STEP, step, given]).seconds for _ in range(runs))) for name, (step, given, runs) in steps.items()]


def large(notes: Path, folder: Path, copies: int, small: Sequence[Figure]) -> list[Figure]:
    """Measure a vault of many copies, and how cost grows with the number of notes."""
    sizes = sorted({max(1, copies // 6), copies})
    cost = {1: next(each.value for each in small if each.name == COLD)}
    found: list[Figure] = []
    for number in sizes:
        vault, graph = folder / f"copies{number}", folder / f"large{number}"
        many = copied(notes, vault, number)
        time.sleep(SETTLED)
        cold = kg("build", vault, "-o", graph)
        cost[number] = cold.seconds
        found += [figure(f"{many:,} notes: cold", [cold.seconds]), Figure(f"{many:,} notes: memory", cold.memory, "MB")]
        if number == copies:
            found.append(figure(f"{many:,} notes: cold, --detail notes", [kg("build", vault, "-o", folder / "brief", "--detail", "notes").seconds]))
            shutil.rmtree(folder / "brief")
            found += [each._replace(name=f"{many:,} notes: {each.name.removeprefix('build, ')}") for each in updates(vault, graph)]
        shutil.rmtree(vault)
        shutil.rmtree(graph)
    return [*found, Figure("growth: cost goes with the number of notes to the power of", round(exponent(cost), 3), "")]


def exponent(cost: dict[int, float]) -> float:
    """Fit a line through the logarithms of sizes and costs, and give its slope: 1 is linear."""
    points = [(math.log(size), math.log(seconds)) for size, seconds in cost.items()]
    x, y = (sum(each) / len(points) for each in zip(*points, strict=True))
    return sum((one - x) * (other - y) for one, other in points) / sum((one - x) ** 2 for one, _ in points)


def counted(graph: Path) -> list[Figure]:
    """Count what a graph holds, and its size on disk."""
    live = graph / (graph / "CURRENT").read_text(encoding="utf-8").strip()
    counts = json.loads((live / "manifest.json").read_text(encoding="utf-8"))["counts"]
    stats = json.loads(kg("-g", graph, "stats", "--json").output)
    share = 100 * (1 - counts["broken"] / counts["links"]) if counts["links"] else 100.0
    return [
        Figure("notes", counts["notes"], ""),
        Figure("links", counts["links"], ""),
        Figure("links that find a note", round(share, 1), "%"),
        Figure("triples", stats["triples"], ""),
        Figure("graph on disk", megabytes(live), "MB"),
        Figure("graph on disk, with what the next build remembers", megabytes(graph), "MB"),
    ]


def megabytes(folder: Path) -> float:
    """Add up the files of a folder; one that has two names counts once."""
    sizes = {(status.st_dev, status.st_ino): status.st_size for path in folder.rglob("*") if path.is_file() for status in [path.stat()]}
    return round(sum(sizes.values()) / 1e6, 1)


# -- obsidiantools -------------------------------------------------------------------------------


def peer(notes: Path) -> list[Figure]:
    """Read the links of the same notes with obsidiantools, in an environment of its own."""
    python = VENV / "bin" / "python"
    try:
        if not python.exists():
            run([sys.executable, "-m", "venv", VENV])
        run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PEER])
        run([python, "-c", "import obsidiantools.api"])
        ended = run([python, STEP, "links", notes])
    except (Failed, OSError) as error:
        print(f"{PEER} could not be installed or run, and is left out:\n  {str(error).strip().splitlines()[-1]}\n")
        return []
    read, links, resolved = map(int, ended.output.split()[-3:])
    return [
        figure(f"{PEER.replace('==', ' ')}, links only", [ended.seconds]),
        Figure("  notes", read, ""),
        Figure("  links", links, ""),
        Figure("  links that find a note", round(100 * resolved / links, 1) if links else 100.0, "%"),
    ]


def with_ratio(figures: list[Figure]) -> list[Figure]:
    """Add how the two compare, if both are there."""
    kg_cost = next(each.value for each in figures if each.name == COLD)
    other = next((each.value for each in figures if each.name.startswith("obsidiantools")), None)
    return figures if other is None else [*figures, Figure(f"{COLD}, as a share of that", round(100 * kg_cost / other, 1), "%")]


# -- the table -----------------------------------------------------------------------------------


def calibration() -> Figure:
    """Time ten million additions, in this process."""
    return figure(LOOP, (_additions() for _ in range(RUNS)))


def _additions() -> float:
    began = time.process_time()
    total = 0
    for number in range(10_000_000):
        total += number
    return time.process_time() - began


def table(figures: Sequence[Figure], before: dict[str, Any] | None = None) -> str:
    """Align the figures in columns; the last compares with what was measured ``before``."""
    drift = drifts(figures, before) if before else {}
    rows = [(each.name, _number(each), each.unit, _runs(each), drift.get(each.name, "")) for each in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = (f"{name:<{widths[0]}}  {value:>{widths[1]}} {unit:<{widths[2]}}  {runs:<{widths[3]}}  {now}" for name, value, unit, runs, now in rows)
    return "\n".join(line.rstrip() for line in lines)


def drifts(figures: Sequence[Figure], before: dict[str, Any]) -> dict[str, str]:
    """Say by how much costs differ from those of an earlier run, the speed of the machines taken out."""
    old = {each["name"]: each["value"] for each in before["figures"] if each["unit"] == CPU}
    new = {each.name: each.value for each in figures if each.unit == CPU}
    return {
        name: f"{100 * (value / new[LOOP]) / (old[name] / old[LOOP]) - 100:+.0f} %" for name, value in new.items() if name in old and name != LOOP
    }


def _number(figure: Figure) -> str:
    return f"{figure.value:.2f}" if figure.unit == CPU else f"{figure.value:,}"


def _runs(figure: Figure) -> str:
    return f"({', '.join(f'{each:.2f}' for each in figure.runs)})" if figure.runs else ""


def as_json(remark: str, figures: Sequence[Figure]) -> str:
    """Write the figures for a program, with what they depend on but no name or path of the machine."""
    said = {
        "notes": remark,
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in ("pyoxigraph", "pyromark", "rdflib")},
        "figures": [each._asdict() for each in figures],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    main()
