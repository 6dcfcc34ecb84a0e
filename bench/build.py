"""What kg costs: CPU seconds of its commands, on the OECD notes or else on the sample notes.

    make bench
    python bench/build.py --json build/bench.json
    python bench/build.py --skip-peer          # without obsidiantools, which takes most of the time

CPU seconds are user and system time of a process and all that it started, start-up included, as the
kernel counts them when it ends. Wall time is not told: it also measures who else uses the machine, and
two runs of it cannot be compared. CPU time still depends on the core, so the last line times a fixed
loop of Python, 0.45 s on a usual core of 3 GHz; divide by it to compare figures of two machines.

Every figure is the median of three runs; obsidiantools, which reads nothing but the links, runs once.
The notes are found by $KG_OECD or in shared/corpus/oecd upward of the checkout, and are only read:
edits are made in a copy.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BESIDE = Path("shared", "corpus", "oecd")
VENV = ROOT / "build" / "bench-venv"
PEER = "obsidiantools==0.11.0"
RUNS = 3
CPU = "s CPU"
LOOKUP = "SELECT ?n { ?n :mentions country:PT }"
SETTLED = 2.1
"""Seconds until a build trusts the time stamp of a file that was just written."""

READ_BY_PEER = """
import sys, pathlib, obsidiantools.api as api
vault = api.Vault(pathlib.Path(sys.argv[1])).connect()
ends = [end for _, end in vault.graph.edges()]
print(len(vault.md_file_index), len(ends), sum(end in vault.md_file_index for end in ends))
"""


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


def main() -> None:
    """Measure, print the table, and write it as JSON where that is asked for."""
    parser = argparse.ArgumentParser(description="Measure what kg costs, in CPU seconds.")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures here as well")
    parser.add_argument("--skip-peer", action="store_true", help="do not read the notes with obsidiantools")
    given = parser.parse_args()
    notes, remark = found_notes()
    print(f"{remark}; Python {platform.python_version()}, {platform.system()} {platform.machine()}; medians of {RUNS} runs\n")
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as folder:
        figures = [*measured(notes, Path(folder)), *(() if given.skip_peer else peer(notes))]
    figures = [*with_ratio(figures), calibration()]
    print(table(figures))
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(as_json(remark, figures), encoding="utf-8")


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
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    if process.returncode:
        raise Failed(f"{' '.join(map(str, command))}: ended with {process.returncode}\n{text}")
    return Ended(usage.ru_utime + usage.ru_stime, text)


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
    builds = [kg("build", notes, "-o", folder / f"graph{number}").seconds for number in range(RUNS)]
    graph = folder / "graph0"
    exported = figure("export as Turtle", (kg("-g", graph, "export", "-o", folder / "graph.ttl").seconds for _ in range(RUNS)))
    counts = counted(graph)
    triples = next(each.value for each in counts if each.name == "triples")
    return [
        *counts,
        figure("build, cold", builds),
        *updates(copy, folder / "updated"),
        figure("help", (kg("--help").seconds for _ in range(RUNS))),
        figure("query, a look-up", (kg("-g", graph, "query", LOOKUP).seconds for _ in range(RUNS))),
        exported,
        Figure("export as Turtle, triples a second", round(triples / exported.value), "triples/s"),
    ]


def updates(notes: Path, graph: Path) -> list[Figure]:
    """Measure builds of a graph that is there already, with no edit and with one."""
    kg("build", notes, "-o", graph)
    nothing = figure("build, nothing changed", (kg("build", notes, "-o", graph).seconds for _ in range(RUNS)))
    note = min(notes.rglob("*.md"))
    return [nothing, figure("build, one note edited", (_edited(note, notes, graph, number) for number in range(RUNS)))]


def _edited(note: Path, notes: Path, graph: Path, number: int) -> float:
    with note.open("a", encoding="utf-8") as file:
        file.write(f"\n\nSentence {number} was added to see what an edit costs in Portugal.\n")
    ended = kg("build", notes, "-o", graph)
    if "~ 1 changed" not in ended.output:
        raise Failed(f"the edit was not seen:\n{ended.output}")
    return ended.seconds


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
        ended = run([python, "-c", READ_BY_PEER, notes])
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
    kg_cost = next(each.value for each in figures if each.name == "build, cold")
    other = next((each.value for each in figures if each.name.startswith("obsidiantools")), None)
    return figures if other is None else [*figures, Figure("build, cold, as a share of that", round(100 * kg_cost / other, 1), "%")]


# -- the table -----------------------------------------------------------------------------------


def calibration() -> Figure:
    """Time ten million additions, in this process."""
    return figure("ten million additions in Python", (_additions() for _ in range(RUNS)))


def _additions() -> float:
    began = time.process_time()
    total = 0
    for number in range(10_000_000):
        total += number
    return time.process_time() - began


def table(figures: Sequence[Figure]) -> str:
    """Align the figures in columns."""
    rows = [(each.name, _number(each), each.unit, _runs(each)) for each in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(f"{name:<{widths[0]}}  {value:>{widths[1]}} {unit:<{widths[2]}}  {runs}".rstrip() for name, value, unit, runs in rows)


def _number(figure: Figure) -> str:
    return f"{figure.value:.2f}" if figure.unit == CPU else f"{figure.value:,}"


def _runs(figure: Figure) -> str:
    return f"({', '.join(f'{each:.2f}' for each in figure.runs)})" if figure.runs else ""


def as_json(remark: str, figures: Sequence[Figure]) -> str:
    """Write the figures for a program."""
    said = {"notes": remark, "python": platform.python_version(), "machine": platform.machine(), "figures": [each._asdict() for each in figures]}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    main()
