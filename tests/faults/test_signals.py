"""Ctrl-C and SIGTERM at any instant of any command: it ends soon, says so by its code, and what it was writing is the old or the new."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

import kg
from server import answering

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
TIMES = int(os.environ.get("KG_SIGNALS", "2"))
"""Instants for each command; ``make faults`` tries 30."""
LOADING = 0.15
"""Seconds in which Python itself may not yet have begun with kg."""
SOON = 20.0
"""Seconds until a test gives up: two, on a machine that has nothing else to do."""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the signals of POSIX")

COMMANDS = {
    "build": ["build", "-q", "{notes}", "-o", "{out}/built"],
    "build with two jobs": ["build", "-q", "{notes}", "-o", "{out}/built", "--jobs", "2"],
    "load": ["load", "-q", "{place}/graph.nt", "-o", "{out}/loaded"],
    "export": ["export", "-g", "{graph}", "-o", "{out}/graph.jsonld"],
    "view": ["view", "-g", "{graph}", "-o", "{out}/graph.html"],
    "check": ["check", "{notes}", "-g", "{graph}"],
    "infer": ["infer", "-g", "{graph}"],
    "diff": ["diff", "{graph}", "{notes}"],
    "push": ["push", "-g", "{graph}", "{address}"],
    "serve": ["serve", "-g", "{graph}", "--port", "0"],
    "query": ["query", "-g", "{graph}", "SELECT * {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} ORDER BY ?a ?i"],
    "search": ["search", "-g", "{graph}", "mayor"],
}
ENDLESS = ("push", "serve", "query")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    place = tmp_path_factory.mktemp("signals")
    notes = place / "notes"
    notes.mkdir()
    for number in range(300):
        others = " ".join(f"[[n{(number * 7 + k) % 300}]] [[gone {number * k}]]" for k in range(5))
        (notes / f"n{number}.md").write_text(f"# Note {number}\n\nThe mayor of Lisbon met Denmark. {others}\n\n- **Talk Cardiff** in Wales.\n")
    kg.build(notes, place / "graph")
    kg.open(place / "graph").export(place / "graph.nt")

    def slow(_: BaseHTTPRequestHandler) -> tuple[int, str, bytes]:
        time.sleep(0.3)
        return 200, "text/plain", b""

    with answering(slow) as address:
        yield {"notes": str(notes), "place": str(place), "graph": str(place / "graph"), "address": address}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_signal_ends_any_command_soon_and_nothing_is_lost(places: dict[str, str], tmp_path: Path, name: str) -> None:
    chance = random.Random(name)
    command = [sys.executable, "-m", "kg", *(each.format(**places, out=tmp_path) for each in COMMANDS[name])]

    def started() -> subprocess.Popen[str]:
        return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=tmp_path)

    began = time.monotonic()
    process = started()
    try:
        process.communicate(timeout=4 if name in ENDLESS else 200)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
    whole = min(4.0, time.monotonic() - began)
    left = sorted(os.listdir(tmp_path))
    told: list[int] = []
    for turn in range(TIMES + 8):
        if turn >= TIMES and told:
            break
        if turn >= TIMES:  # it took longer the first time, when the machine was busy
            whole /= 2
        number, code = ((signal.SIGINT, 130), (signal.SIGTERM, 143))[turn % 2]
        process = started()
        time.sleep(chance.uniform(min(LOADING, whole), whole))
        process.send_signal(number)
        _, said = process.communicate(timeout=SOON)
        if process.returncode in (code, -number):
            told.append(code)
        else:
            assert process.returncode in (0, 1)  # it had ended
        assert "Traceback" not in said or "_run_code" not in said  # until kg runs, it is Python that is interrupted
        assert sorted(os.listdir(tmp_path)) == left  # nothing half-written beside
        for each in tmp_path.iterdir():
            if each.is_dir():
                assert kg.open(each).stats().triples > 0
    assert told or whole < 2 * LOADING


def test_before_anything_is_loaded_it_ends_without_a_word() -> None:
    program = (
        "import os, signal, sys; from kg import prompt; prompt.at_once(); os.kill(os.getpid(), getattr(signal, sys.argv[1])); print('still here')"
    )
    for name, code in (("SIGINT", 130), ("SIGTERM", 143)):
        done = subprocess.run([sys.executable, "-c", program, name], env=ENVIRONMENT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (code, "", "")
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); from kg import prompt; prompt.at_once(); prompt.working(); signal.raise_signal(signal.SIGINT); print('deaf')"
    assert subprocess.run([sys.executable, "-c", ignoring], env=ENVIRONMENT, capture_output=True, text=True, check=False).stdout == "deaf\n"
