"""Deciding on suggestions: candidates and their order, keys on a terminal, options without one, and what a build makes of it."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import kg
from kg import candidates, settled
from kg.cli import cli
from kg.config import Config
from kg.errors import KgError
from kg.likeness import Register
from kg.review import Review

ROOT = Path(__file__).resolve().parent.parent
NOTES = {
    "a.md": "**Quiet Harbour Programme**: it runs in Chile.\n\n**Sunny Side Toolkit**: for all.\n",
    "b.md": '**Quiet Harbour Programme**: it grew.\n\nThe "Open Door" programme in Ghana.\n',
    "c.md": "**Quiet Harbor Programme**: it ended.\n",
}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    for name, text in NOTES.items():
        (tmp_path / name).write_text(text)
    kg.build(tmp_path)
    return tmp_path


def suggest(vault: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["-g", str(vault / ".kg"), "suggest", *options])


def listed(vault: Path, kind: str = "initiative") -> list[str]:
    return [line.split("\t")[1] for line in suggest(vault, "--list", "--kind", kind).stdout.splitlines()]


def initiatives(vault: Path) -> list[str]:
    kg.build(vault)
    return sorted(getattr(row[0], "value", "") for row in kg.open(vault).query("SELECT ?l { ?i a :Initiative; rdfs:label ?l }").terms)


def test_what_more_notes_have_comes_first_with_all_that_speaks_for_it(vault: Path) -> None:
    graph = kg.open(vault)
    found = candidates.candidates(graph, settled.context(Config(), vault), kinds=("initiative",), weak=False)
    assert [each.name for each in found] == ["Quiet Harbour Programme", "Quiet Harbor Programme", "Sunny Side Toolkit"]
    first = found[0]
    assert first.paths == ("a.md", "b.md")
    assert [(one.path, one.line, one.text[one.start : one.end]) for one in first.sentences] == [
        ("a.md", 1, "Quiet Harbour Programme"),
        ("b.md", 1, "Quiet Harbour Programme"),
    ]
    assert [(one.name, one.fact) for one in first.others] == [("Quiet Harbor Programme", False)]


def test_names_that_are_alike_are_found_without_comparing_all() -> None:
    names = {at: f"Project {chr(65 + at % 26)}{at} of the {at} Lakes" for at in range(3000)} | {-1: "Talk Cardiff", -2: "Talking Cardiff", -3: "TC"}
    assert [each.thing for each in Register(names).like(-1)][:1] == [-2]


def test_a_decision_is_remembered_and_never_asked_again(vault: Path) -> None:
    assert suggest(vault, "--accept", "Quiet Harbour Programme", "--reject", "Sunny Side Toolkit").exit_code == 0
    assert listed(vault) == ["Quiet Harbor Programme"]
    assert initiatives(vault) == ["Open Door", "Quiet Harbour Programme"]
    assert listed(vault) == ["Quiet Harbor Programme"]
    assert suggest(vault, "--decided").stdout == "accepted\tinitiative\tQuiet Harbour Programme\nrejected\tinitiative\tSunny Side Toolkit\n"


def test_names_are_merged_and_get_other_kinds(vault: Path) -> None:
    done = suggest(vault, "--merge", "Quiet Harbor Programme", "Quiet Harbour Programme", "--retype", "Sunny Side Toolkit", "organisation")
    assert done.exit_code == 0, done.output
    assert initiatives(vault) == ["Open Door", "Quiet Harbour Programme"]
    graph = kg.open(vault)
    assert graph.query("ASK { note:c :mentions <initiative/quiet-harbour-programme> . note:a :mentions <organisation/sunny-side-toolkit> }").truth


def test_a_fact_may_be_rejected(vault: Path) -> None:
    suggest(vault, "--reject", "Open Door")
    assert initiatives(vault) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--accept", "Sunny Side Tolkit"), "did you mean 'Sunny Side Toolkit'?"),
        (("--retype", "Open Door", "organisaton"), "did you mean organisation?"),
        (("--kind", "initiativ"), "did you mean initiative?"),
    ],
)
def test_a_slip_decides_nothing(vault: Path, options: tuple[str, ...], words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "-g", vault / ".kg", "suggest", *options], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode in (1, 2)
    assert words in done.stderr
    assert not (vault / "vocabulary.ttl").exists()


def test_programs_get_all_the_evidence(vault: Path) -> None:
    rows = json.loads(suggest(vault, "--format", "json", "--kind", "initiative").stdout)
    assert rows[0]["name"] == "Quiet Harbour Programme"
    assert rows[0]["sentences"][0]["path"] == "a.md"
    assert suggest(vault, "--format", "csv", "--kind", "initiative").stdout.startswith("kind,name,share,notes,places,first\ninitiative,Quiet")


def test_a_vocabulary_that_is_broken_is_told_and_stays(vault: Path) -> None:
    (vault / "vocabulary.ttl").write_text("oops\n")
    done = subprocess.run([sys.executable, "-m", "kg", "-g", vault / ".kg", "suggest"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 2
    assert "vocabulary.ttl:1" in done.stderr
    assert (vault / "vocabulary.ttl").read_text() == "oops\n"


def test_undo_puts_the_file_back(tmp_path: Path) -> None:
    from kg.review import accepted

    path = tmp_path / "vocabulary.csv"
    path.write_text("kind,name,x-mine\ntheme,Trust,kept\n")
    before = path.read_bytes()
    book = Review(path, "https://example.org/kg/", ["theme", "initiative"])
    book.decide(accepted("initiative", "Talk Cardiff"))
    assert b"Talk Cardiff" in path.read_bytes()
    assert book.undo()
    assert path.read_bytes() == before
    assert not book.undo()


# -- on a terminal -------------------------------------------------------------------------------


def typed(vault: Path, *keys: str) -> tuple[str, int]:
    """Run ``kg suggest`` on a terminal, type each key when it asks, and give what was shown and the exit code."""
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "24"}
    command = [sys.executable, "-m", "kg", "-g", str(vault / ".kg"), "suggest", "--kind", "initiative"]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, env=environment, close_fds=True)
    os.close(slave)
    shown = ""

    def asked(start: int, seconds: float) -> bool:
        """Read until it asks (again), or ends, and say whether one of the two came in time."""
        nonlocal shown
        end = time.monotonic() + seconds
        while "? help" not in shown[start:] and time.monotonic() < end:
            if select.select([master], [], [], 0.1)[0]:
                try:
                    shown += os.read(master, 65536).decode("utf-8", "replace")
                except OSError:  # the other end is closed
                    return True
        return "? help" in shown[start:]

    assert asked(0, 60)
    for key in keys:
        start = len(shown)
        for _ in range(20):  # what is typed before the terminal is set to single keys is lost
            os.write(master, key.encode())
            if asked(start, 2) or process.poll() is not None:
                break
    code = process.wait(timeout=60)
    os.close(master)
    return shown, code


def test_keys_decide_undo_and_stop(vault: Path) -> None:
    shown, code = typed(vault, "a", "r", "u", "s", "q")
    assert code == 0, shown
    assert "Quiet Harbour Programme" in shown
    assert "taken back" in shown
    assert "1 decided" in shown
    assert suggest(vault, "--decided").stdout == "accepted\tinitiative\tQuiet Harbour Programme\n"
    # The next time goes on from there.
    shown, code = typed(vault, "1", "?", "q")
    assert code == 0
    assert "it is another name of that one" in shown
    assert initiatives(vault) == ["Open Door", "Quiet Harbour Programme"]
    assert kg.open(vault).query("ASK { note:c :mentions <initiative/quiet-harbour-programme> }").truth


def test_ctrl_c_stops_with_130_and_keeps_what_was_decided(vault: Path) -> None:
    shown, code = typed(vault, "a", "\x03")
    assert code == 130, shown
    assert "Quiet Harbour Programme" in suggest(vault, "--decided").stdout


def test_a_graph_of_notes_alone_suggests_nothing_and_says_why(vault: Path) -> None:
    (vault / "kg.toml").write_text('[graph]\ndetail = "notes"\n')
    kg.build(vault, vault / ".kg")
    done = suggest(vault, "--list")
    assert isinstance(done.exception, KgError)
    assert done.exception.problem == "nothing is suggested in this graph"
    assert done.exception.hint == "it was built with --detail notes, without what only the text names (kg build --detail evidence adds it)"
    assert suggest(vault, "--decided").exit_code == 0
