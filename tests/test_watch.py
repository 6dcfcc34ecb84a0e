"""``kg build --watch``: what people do in a folder, with real files and a real process."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import kg

pytest.importorskip("watchfiles")
ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), "NO_COLOR": "1"}
PATIENCE = 30.0
"""seconds until a test gives up: it takes less than one on a machine that has nothing else to do"""


class Watcher:
    """The process, and what it says, line by line."""

    def __init__(self, notes: Path, graph: Path) -> None:
        command = [sys.executable, "-m", "kg", "build", str(notes), "-o", str(graph), "--watch"]
        self.process = subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, bufsize=1)
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.until("watching")
        time.sleep(0.3)

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.lines.put(line.rstrip("\n"))

    def until(self, words: str) -> str:
        ended = time.monotonic() + PATIENCE
        while True:
            line = self.lines.get(timeout=max(0.1, ended - time.monotonic()))
            if words in line:
                return line

    def said(self) -> list[str]:
        time.sleep(1.5)
        found = []
        while not self.lines.empty():
            found.append(self.lines.get())
        return found


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    notes = tmp_path / "notes"
    (notes / "sub").mkdir(parents=True)
    (notes / "good.md").write_text("# Good\n\n[[other]] in Portugal.\n")
    (notes / "sub" / "other.md").write_text("# Other\n")
    return notes, tmp_path / "graph"


@pytest.fixture
def watcher(places: tuple[Path, Path]) -> Iterator[Watcher]:
    found = Watcher(*places)
    yield found
    found.process.kill()
    found.process.wait()
    found.reader.join()
    assert found.process.stderr
    found.process.stderr.close()


def paths(graph: Path) -> set[str]:
    return {str(row[0].value) for row in kg.open(graph).query("SELECT ?p { ?n a :Note; :path ?p }").terms}  # type: ignore[union-attr]


def test_an_edit_a_rename_and_a_burst_are_in_the_graph(places: tuple[Path, Path], watcher: Watcher) -> None:
    notes, graph = places
    (notes / "good.md").write_text("# Good\n\n[[other]] in Ghana.\n")
    line = watcher.until("changed")
    assert re.fullmatch(r"\d\d:\d\d:\d\d  ~ 1 changed  \(\d+\.\d s\)", line)
    assert kg.open(graph).query("ASK { ?p :names country:GH }").truth
    (notes / "sub").rename(notes / "moved")
    watcher.until("removed")
    assert paths(graph) == {"good.md", "moved/other.md"}
    (notes / "moved" / "new.md").write_text("in a folder that was renamed")
    watcher.until("+ 1 added")
    watcher.said()
    for number in range(300):
        (notes / f"n{number}.md").write_text(f"# N{number}\n")
    lines = [watcher.until("added")]
    ended = time.monotonic() + PATIENCE
    while len(paths(graph)) < 303 and time.monotonic() < ended:
        time.sleep(0.2)
    lines += watcher.said()
    assert len(paths(graph)) == 303
    assert len(lines) < 10
    (notes / ".trash").mkdir()
    (notes / ".trash" / "x.md").write_text("x")
    (notes / "picture.png").write_bytes(b"x")
    assert watcher.said() == []


def away(notes: Path) -> None:
    notes.rename(notes.parent / "elsewhere")


def emptied(notes: Path) -> None:
    shutil.move(notes / "good.md", notes.parent / "good.md")
    shutil.rmtree(notes / "sub")


@pytest.mark.parametrize(("what", "words"), [(away, "is gone; the graph is kept"), (emptied, "has no notes any more; the graph is kept")])
def test_a_folder_that_goes_does_not_empty_the_graph(places: tuple[Path, Path], watcher: Watcher, what: Callable[[Path], None], words: str) -> None:
    notes, graph = places
    what(notes)
    watcher.until(words)
    assert watcher.said() == []  # once
    assert len(paths(graph)) == 2
    if what is away:
        (notes.parent / "elsewhere").rename(notes)
        watcher.until("nothing changed")
    (notes / "back.md").write_text("here again")
    watcher.until("added")
    assert "back.md" in paths(graph)


def test_settings_that_are_wrong_are_told_and_it_goes_on(places: tuple[Path, Path], watcher: Watcher) -> None:
    notes, graph = places
    (notes / "kg.toml").write_text("[notes]\nskp = []\n")
    assert "skp" in watcher.until("kg.toml")
    (notes / "kg.toml").write_text("[notes]\nskip = ['sub/**']\n")
    watcher.until("removed")
    assert paths(graph) == {"good.md"}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_ends_when_told(places: tuple[Path, Path], watcher: Watcher, number: signal.Signals, code: int) -> None:
    watcher.process.send_signal(number)
    assert watcher.process.wait(PATIENCE) == code
    assert [line for line in watcher.said() if line.strip()] == (["interrupted"] if code == 130 else [])
    assert kg.build(*places).notes == 2


def test_strict_and_watch_do_not_go_together(places: tuple[Path, Path]) -> None:
    from kg import cli

    assert cli.run(["build", str(places[0]), "--watch", "--strict"]) == 2


def test_an_edit_is_in_a_server_that_runs(places: tuple[Path, Path], watcher: Watcher) -> None:
    pytest.importorskip("uvicorn")
    import urllib.request
    from urllib.parse import quote

    notes, graph = places
    server = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", "-g", str(graph), "--port", "0"],
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stderr
        found = None
        while not found:
            line = server.stderr.readline()
            assert line, "the server has ended"
            found = re.search(r"http://[\w.]+:\d+", line)

        def asked(country: str) -> bool:
            address = f"{found[0]}/sparql?query={quote(f'ASK {{ ?p :names country:{country} }}')}"
            with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": "application/sparql-results+json"}), timeout=20) as answer:
                return b"true" in answer.read()

        assert asked("PT")
        for code, name in (("GH", "Ghana"), ("CL", "Chile"), ("DK", "Denmark")):
            assert not asked(code)
            (notes / "good.md").write_text(f"# Good\n\n[[other]] in {name}.\n")
            began = time.monotonic()
            while not asked(code):
                assert time.monotonic() - began < PATIENCE, f"{name} is not served"
                time.sleep(0.02)
        assert not asked("PT")
    finally:
        server.terminate()
        server.communicate()
