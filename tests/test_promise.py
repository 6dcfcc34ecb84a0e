"""The promise: no command writes anything but its output, and none that reads writes anything at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg import cli

ROOT = Path(__file__).resolve().parent.parent
READ: tuple[str, ...] = ()
LINES: dict[str, list[tuple[list[str], tuple[str, ...]]]] = {
    "init": [(["init", "{vault}"], ("vault/kg.toml",))],
    "build": [
        (["build", "{vault}"], ("cwd/.kg",)),
        (["build", "{vault}", "-o", "{out}/graph", "--jobs", "2", "--full"], ("out/graph",)),
        (["build", "{vault}/nothing"], READ),
    ],
    "query": [(["query", "-g", "{graph}", "SELECT * {{ ?s ?p ?o }}"], READ), (["query", "-g", "{graph}", "SELECT"], READ)],
    "search": [(["search", "-g", "{graph}", "mayor"], READ)],
    "show": [(["show", "-g", "{graph}", "Portugal"], READ)],
    "path": [(["path", "-g", "{graph}", "Portugal", "Denmark"], READ)],
    "explain": [(["explain", "-g", "{graph}", "Portugal"], READ)],
    "stats": [(["stats", "-g", "{graph}"], READ)],
    "diff": [(["diff", "-g", "{graph}", "{graph}", "{vault}"], READ)],
    "export": [
        (["export", "-g", "{graph}"], READ),
        (["export", "-g", "{graph}", "-o", "{out}/a.ttl"], ("out/a.ttl",)),
        (["export", "-g", "{graph}", "-o", "{out}/a.csv"], ("out/a-nodes.csv", "out/a-edges.csv")),
    ],
    "view": [(["view", "-g", "{graph}", "-o", "{out}/a.html"], ("out/a.html",))],
    "load": [(["load", "{beside}/a.ttl", "-o", "{out}/loaded"], ("out/loaded",)), (["load", "{beside}/broken.ttl", "-o", "{out}/x"], ("out/x",))],
    "infer": [(["infer", "-g", "{graph}"], READ)],
    "suggest": [
        (["suggest", "-g", "{graph}", "--list"], READ),
        (["suggest", "-g", "{graph}", "--reject", "Lisbon"], ("vault/vocabulary.yaml", "vault/vocabulary.csv", "vault/vocabulary.ttl")),
    ],
    "check": [(["check", "-g", "{graph}"], READ)],
    "push": [(["push", "-g", "{graph}", "http://127.0.0.1:9"], READ)],
    "serve": [(["serve", "-g", "{graph}", "--host", "nowhere.invalid"], READ)],
    "mcp": [(["mcp", "-g", "{graph}"], READ)],
}
"""Command lines, and what each may write."""


def tree(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        what = path.lstat()
        # The time of a folder changes when a file is made in it and goes again, too.
        found[str(path.relative_to(folder))] = (what.st_mode, what.st_mtime_ns, path.read_bytes() if path.is_file() else b"")
    return found


def test_every_command_is_held_to_it() -> None:
    assert [name for name in cli.COMMANDS if name not in LINES] == []


@pytest.mark.parametrize(
    ("arguments", "output"), [pytest.param(*line, id=" ".join(line[0])) for name, lines in LINES.items() if name in cli.COMMANDS for line in lines]
)
def test_a_command_writes_its_output_and_nothing_else(tmp_path: Path, arguments: list[str], output: tuple[str, ...]) -> None:
    places = {name: tmp_path / name for name in ("vault", "home", "cwd", "tmp", "out", "beside", "graph")}
    for each in places.values():
        each.mkdir()
    (places["vault"] / "one.md").write_text("# One\n\n[[two]] in Portugal. The mayor of Lisbon.\n")
    (places["vault"] / "two.md").write_text("---\ntitle: Two\n---\nDenmark. [[one]]\n")
    (places["beside"] / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    (places["beside"] / "broken.ttl").write_text("<urn:a> <urn:b> .")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "KG_"))} | {
        "HOME": str(places["home"]), "TMPDIR": str(places["tmp"]), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"
    }  # fmt: skip

    def run(*line: str) -> subprocess.CompletedProcess[str]:
        given = [each.format(**places) for each in line]
        return subprocess.run(
            [sys.executable, "-m", "kg", *given],
            cwd=places["cwd"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    assert run("build", "-q", "{vault}", "-o", "{graph}").returncode == 0
    before = tree(tmp_path)
    done = run(*arguments)
    assert done.returncode in (0, 1, 2)
    assert "Traceback" not in done.stderr
    after = tree(tmp_path)
    folders = {"tmp", *(str(Path(each).parent) for each in output)}  # their times change
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} - folders
    assert {name for name in changed if not name.startswith(output or ("\0",))} == set()
    assert list(places["tmp"].iterdir()) == []
