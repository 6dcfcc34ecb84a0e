"""Run a command once for every call that it makes, with that call failing or being its last, and look at what is left.

Runs under the shim (``LD_PRELOAD``), as ``python trials.py SCENARIO FOLDER``; prints a JSON object with the number of
trials and what was wrong after any. Every trial is a fork: Python and kg are loaded once.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import kg
from kg import cli
from kg.errors import KgError

KINDS = ["open", "write", "fsync", "rename", "link", "mkdir", "unlink"]
KILL, TEAR, FOR_EVER = -1, -2, 1000
HOWS = {
    "killed": (KILL, KINDS),
    "torn": (TEAR, ["write"]),
    "input/output error": (errno.EIO, KINDS),
    "disk full": (FOR_EVER + errno.ENOSPC, ["open", "write", "fsync", "mkdir"]),
}
BETWEEN = ("old and new", "rename", 2)
"""No system renames two files in one step: of a pair of tables, one may be new and the other old."""
shim = ctypes.CDLL(None)


class Scenario(NamedTuple):
    """A command, what is there before it, and how to tell what is there after it."""

    start: Callable[[Path], None]
    command: Callable[[Path], list[str]]
    output: str
    """What the command writes below: the shim looks at nothing else."""
    state: Callable[[Path], str]
    """What a reader sees, as a short text."""


def forked(work: Callable[[], object], said: Path | None = None) -> tuple[int, str]:
    """Do some work in a process of its own; give its exit code (below 0: a signal) and what it gave as JSON."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        code = 70
        try:
            signal.alarm(60)  # what hangs ends by that, and is told
            log = os.open(said or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(log, 2)
            os.dup2(log, 1)
            found = work()
            os.write(writing, json.dumps(found).encode())
            code = found if isinstance(found, int) else 0
        except BaseException:  # noqa: BLE001 - told in the report
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as file:
        given = file.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), given


def notes(folder: Path) -> None:
    vault = folder / "notes"
    vault.mkdir(parents=True)
    (vault / "good.md").write_text("# Good\n\n[[other]] in Portugal.\n")
    (vault / "other.md").write_text("# Other\n\nThe mayor of Lisbon spoke. [[nowhere]]\n")
    (vault / "third.md").write_text("# Third\n\n[[good]] and Denmark.\n")


def build(folder: Path) -> list[str]:
    return ["build", "-q", str(folder / "notes"), "-o", str(folder / "kg")]


def full(folder: Path) -> list[str]:
    return [*build(folder), "--full"]


def built(folder: Path) -> None:
    notes(folder)
    assert cli.run(build(folder)) == 0
    (folder / "notes" / "third.md").write_text("# Third\n\n[[other]] and Ghana.\n")
    (folder / "notes" / "fourth.md").write_text("# Nowhere\n")


def graph(folder: Path) -> str:
    try:
        with_graph = kg.open(folder / "kg")
        text = with_graph.export(header=False) + str([str(hit) for hit in with_graph.search("mayor")])
    except KgError as error:
        return "nothing" if "no graph here yet" in str(error) else str(error)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def load(folder: Path) -> list[str]:
    return ["load", "-q", str(folder / "two.ttl"), "-o", str(folder / "kg")]


def loaded(folder: Path) -> None:
    (folder / "one.ttl").write_text("<urn:a> <urn:b> 1 .")
    (folder / "two.ttl").write_text('<urn:a> <urn:b> 02 . <urn:c> <urn:b> "x" .')
    assert cli.run(["load", "-q", str(folder / "one.ttl"), "-o", str(folder / "kg")]) == 0


def written(name: str, *command: str) -> Scenario:
    """Make the scenario of a command that writes a file, over one that is there."""

    def start(folder: Path) -> None:
        notes(folder)
        assert cli.run(build(folder)) == 0
        (folder / "out").mkdir()
        for each in names:
            (folder / "out" / each).write_text("old")

    def state(folder: Path) -> str:
        texts = [(folder / "out" / each).read_bytes() for each in names]
        return hashlib.sha256(b"".join(texts)).hexdigest()[:12] if b"old" not in texts else "old" if set(texts) == {b"old"} else "old and new"

    names = [f"{name[:-4]}-nodes.csv", f"{name[:-4]}-edges.csv"] if name.endswith(".csv") else [name]
    return Scenario(start, lambda folder: [*command, str(folder / "out" / name), "-g", str(folder / "kg")], "out", state)


def deciding() -> Scenario:
    there = written("vocabulary.yaml", "suggest", "--reject", "Lisbon", "--vocabulary")

    def start(folder: Path) -> None:
        there.start(folder)
        (folder / "out" / "vocabulary.yaml").write_text("# mine\n")

    def state(folder: Path) -> str:
        text = (folder / "out" / "vocabulary.yaml").read_text()
        return "old" if text == "# mine\n" else hashlib.sha256(text.encode()).hexdigest()[:12]

    return there._replace(start=start, state=state)


SCENARIOS = {
    "a first build": Scenario(notes, build, "kg", graph),
    "an update": Scenario(built, build, "kg", graph),
    "a full build": Scenario(built, full, "kg", graph),
    "a load": Scenario(loaded, load, "kg", graph),
    "an export": written("graph.ttl", "export", "-o"),
    "an export of two files": written("graph.csv", "export", "-o"),
    "a page": written("graph.html", "view", "-o"),
    "a decision": deciding(),
}


def rubbish(folder: Path, scenario: Scenario, clean: set[str]) -> list[str]:
    """Name what is there and has no business to be."""
    there = {each.name for each in (folder / scenario.output).iterdir()} if (folder / scenario.output).exists() else set()
    generations = {name for name in there if name.startswith("gen-")}
    return sorted(there - generations - clean) + (sorted(generations) if len(generations) > 2 else [])


def tree(folder: Path, output: str) -> dict[str, bytes]:
    """Read everything but the output."""
    found = (path for path in folder.rglob("*") if path.is_file() and output not in path.relative_to(folder).parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def trials(scenario: Scenario, folder: Path, stride: int) -> tuple[int, list[str]]:
    """Try every call in turn; ``stride`` 3 tries every third."""
    start, work, said = folder / "start", folder / "work", folder / "said"
    work.mkdir(parents=True)
    assert forked(lambda: scenario.start(work), said)[0] == 0, said.read_text()
    output = work / scenario.output
    if output.exists():
        shutil.copytree(output, start)

    def fresh() -> None:
        shutil.rmtree(output, ignore_errors=True)
        if start.exists():
            shutil.copytree(start, output)

    def seen() -> str:
        return str(json.loads(forked(lambda: scenario.state(work))[1] or '"no answer"'))

    def once(nth: int, kind: str, how: int) -> int:
        shim.fault_arm(str(work / scenario.output).encode(), KINDS.index(kind), nth, how)
        return cli.run(scenario.command(work))

    fresh()
    old = seen()
    assert forked(lambda: cli.run(scenario.command(work)), said)[0] == 0, said.read_text()
    new, clean, beside = seen(), {each.name for each in (work / scenario.output).iterdir()}, tree(work, scenario.output)
    assert old != new
    count, wrong = 0, []
    for name, (how, kinds) in HOWS.items():
        for kind in kinds:
            nth = 1
            while True:
                fresh()
                code, _ = forked(partial(once, nth, kind, how), said)
                if not shim.fault_happened():
                    break
                count += 1
                trial = f"{name} at {kind} {nth}"
                text = said.read_text()
                now = seen()
                if code not in (0, 1, 2, -signal.SIGKILL) or (how < 0 and code != -signal.SIGKILL):
                    wrong.append(f"{trial}: ended with {code}: {text[-300:]}")
                if code in (1, 2) and (not text.startswith("error: ") or "Traceback" in text or len(text.split("\n")) > 3):
                    wrong.append(f"{trial}: said {text[-300:]}")
                if now not in (old, new) and (now, kind, nth) != BETWEEN:
                    wrong.append(f"{trial}: a reader sees {now}, ({text[:200]})")
                if code == 0 and now != new:
                    wrong.append(f"{trial}: all was well, and a reader sees {now}")
                if code == 1 and now == new and "as it was" in text:
                    wrong.append(f"{trial}: what is new is said to be as it was: {text}")
                if code == 1 and (left := rubbish(work, scenario, clean | {"lock", ".gitignore"})):
                    wrong.append(f"{trial}: failed, and left {left}")
                again = forked(lambda: cli.run(scenario.command(work)), said)[0]
                if again or seen() != new:
                    wrong.append(f"{trial}: after it, the next ended with {again} and gave {seen()}: {said.read_text()[-300:]}")
                if left := rubbish(work, scenario, clean):
                    wrong.append(f"{trial}: the next left {left}")
                if tree(work, scenario.output) != beside:
                    wrong.append(f"{trial}: something else was changed")
                nth += stride
    return count, wrong


def trace(folder: Path) -> list[str]:
    """List the writes, syncs and renames of an update, in order."""
    folder.mkdir(parents=True)
    forked(lambda: built(folder))
    log = folder / "trace"

    def work() -> int:
        shim.fault_trace(str(folder / "kg").encode(), os.open(log, os.O_WRONLY | os.O_CREAT, 0o600))
        return cli.run(build(folder))

    assert forked(work)[0] == 0
    return log.read_text().replace(f"{folder}/kg/", "").replace(f"{folder}/kg", ".").splitlines()


if __name__ == "__main__":
    import kg.commands.build
    import kg.commands.export
    import kg.commands.load
    import kg.commands.suggest
    import kg.commands.view
    import kg.pipeline
    import kg.search
    from kg import extract, markdown
    from kg.config import Config
    from kg.model import Note

    # Loaded once, for all forks.
    extract.named(markdown.read(Note("n.md", "# A\n\nThe mayor of Lisbon. [[b]]", "")), extract.installed(Config()))

    wanted, place = sys.argv[1], Path(sys.argv[2])
    if wanted == "trace":
        sys.stdout.write(json.dumps(trace(place)))
    else:
        many, found = trials(SCENARIOS[wanted], place, int(os.environ.get("KG_FAULTS_STRIDE", "1")))
        sys.stdout.write(json.dumps({"trials": many, "wrong": found}))
