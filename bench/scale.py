"""What shards cost: the pool and Dask side by side, each way of knowing names, growth; on copies of real notes.

    make bench-scale
    python bench/scale.py --copies 6 --copies 24      # of the OECD notes; 24 are 21,072 notes

Every copy is a folder of its own whose files have new names, and whose links are rewritten to them, so that links
stay within a copy and names are as many as there are notes. The copies are made in a temporary place.

Wall and CPU seconds are of the whole command and all its processes; memory is the largest resident set that one
process of it had. Two runs on a shared machine differ by a third: what counts are ratios within one run.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
_LINK = re.compile(r"\[\[([^\[\]|#\n]+)")


class Ended(NamedTuple):
    """What a command took: seconds of wall and of CPU, megabytes of its largest process."""

    wall: float
    cpu: float
    memory: int


def main() -> None:
    """Build the copies in every way, compare what came out, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, action="append", help="how many copies of the notes [default: 1, then 6]")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    notes = found()
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as folder:
        for copies in arguments.copies or [1, 6]:
            many = Path(folder, f"notes-{copies}")
            count = sum(1 for _ in copied(notes, many, copies))
            print(f"\n{count:,} notes")
            print(f"{'engine':<8}{'names':<9}{'wall s':>8}{'CPU s':>8}{'MB':>7}{'notes / CPU s':>15}  sorted quads")
            first = 0.0
            for engine, names in (("pool", "memory"), ("pool", "disk"), ("pool", "join"), ("dask", "auto"), ("dask", "join")):
                to = Path(folder, "shards")
                ended = run("build", many, "-o", to, "--engine", engine, "--jobs", arguments.jobs, "--names", names, "--quiet")
                first = first or ended.wall
                rate = count / ended.cpu
                print(
                    f"{engine:<8}{names:<9}{ended.wall:>8.1f}{ended.cpu:>8.1f}{ended.memory:>7,}{rate:>15,.0f}  {digest(to)}  {ended.wall / first:.2f} x"
                )
                subprocess.run(["rm", "-rf", str(to)], check=True)


def found() -> Path:
    """Find the notes, by $KG_OECD or beside the checkout."""
    given = os.environ.get("KG_OECD")
    beside = [folder / "shared" / "corpus" / "oecd" for folder in ROOT.parents]
    return Path(given) if given else next((each for each in beside if each.is_dir()), ROOT / "notes")


def copied(notes: Path, to: Path, copies: int) -> Iterator[Path]:
    """Copy notes into folders; in each, every name is another."""
    texts = {path.relative_to(notes): path.read_text(encoding="utf-8", errors="surrogateescape") for path in notes.rglob("*.md")}
    for number in range(copies):
        end = f" {number}" if number else ""
        for name, text in texts.items():
            path = to / f"copy{number:03}" / name.with_name(f"{name.stem}{end.replace(' ', '_')}.md")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_LINK.sub(lambda link: f"[[{link[1].rstrip()}{end}", text), encoding="utf-8", errors="surrogateescape")  # noqa: B023 - used at once
            yield path


def run(*arguments: object) -> Ended:
    """Run kg, and measure it with all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "kg", *map(str, arguments)], env={**os.environ, "PYTHONPATH": str(ROOT)})
    largest = 0
    while process.poll() is None:
        largest = max(largest, *(_resident(each) for each in _family(process.pid)), 0)
        time.sleep(0.2)
    if process.returncode:
        sys.exit(f"kg {' '.join(map(str, arguments))} failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ended(time.monotonic() - began, cpu, largest >> 20)


def _family(process: int) -> list[int]:
    found = [process]
    for each in found:
        try:
            for thread in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
        except OSError:
            continue
    return found


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def digest(folder: Path) -> str:
    """Sum up the quads of all shards, each once, sorted."""
    with tempfile.NamedTemporaryFile() as lines:
        for path in sorted(folder.glob("run-*/shards/*.gz")):
            lines.write(gzip.decompress(path.read_bytes()))
        lines.flush()
        sort = subprocess.Popen(["sort", "-u", lines.name], stdout=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"})
        assert sort.stdout
        found = hashlib.file_digest(sort.stdout, "sha256").hexdigest()  # type: ignore[arg-type]
        sort.wait()
    return found[:12]


if __name__ == "__main__":
    main()
