"""Damage: one bad note, a bad store, a full disk, two builders; the last good graph stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import kg
from kg import store
from kg.errors import BusyError, StoreError

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    vault = tmp_path / "v"
    vault.mkdir()
    (vault / "good.md").write_text("# Good\n\n[[other]] in Portugal.\n")
    (vault / "other.md").write_text("# Other\n")
    return vault


def issues(graph: kg.Graph) -> list[tuple[str, str, int]]:
    rows = graph.query("SELECT ?c ?n ?l { ?i a :Issue; :code ?c; :note ?x; :line ?l. ?x :path ?n } ORDER BY ?n ?l ?c").terms
    return [(row[0].value, row[1].value, int(row[2].value)) for row in rows]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"# fine\n\ncaf\xe9 and [[good]]\n", "encoding", 3),
        ("# wide [[good]]\n".encode("utf-16"), "encoding", 1),
        (b"# nul \x00 [[good]]\n", "encoding", 1),
        (b"---\ntitle: [unclosed\n---\n[[good]]\n", "front-matter", 2),
        (b"---\ntitle: *anchor\n---\n[[good]]\n", "front-matter", 2),
        (b"---\na: &a [x]\nb: *a\n---\n[[good]]\n", "front-matter", 2),
        (b"---\ntitle: x\n[[good]]\n", "front-matter", 1),
    ],
)
def test_a_bad_note_is_an_issue_and_is_read_as_well_as_can_be(notes: Path, data: bytes, code: str, line: int) -> None:
    (notes / "bad.md").write_bytes(data)
    report = kg.build(notes)
    assert (report.notes, report.skipped) == (3, ())
    graph = kg.open(notes)
    assert (code, "bad.md", line) in issues(graph)
    assert list(graph.query("ASK { note:good :linksTo note:other }").terms) == []
    assert graph.query("ASK { note:bad :linksTo note:good }").truth


def test_what_is_no_regular_file_is_named_and_left_out(notes: Path, tmp_path: Path) -> None:
    os.mkfifo(notes / "pipe.md")
    outside = tmp_path / "outside.md"
    outside.write_text("secret")
    (notes / "link.md").symlink_to(outside)
    (notes / "inside.md").symlink_to(notes / "good.md")
    (notes / "folder.md").mkdir()
    (notes / ".hidden").mkdir()
    (notes / ".hidden" / "x.md").write_text("x")
    report = kg.build(notes)
    assert report.notes == 2
    assert [str(each) for each in report.skipped] == [
        "link.md:1: is a link out of the vault, and is not followed [symlink]",
        "pipe.md:1: is not a regular file [not-a-file]",
    ]


def test_a_note_too_large_is_named(notes: Path) -> None:
    (notes / "kg.toml").write_text("[notes]\nlargest = 20\n")
    report = kg.build(notes)
    assert (report.notes, [each.code for each in report.skipped]) == (1, ["too-large"])


def test_an_empty_folder_gives_an_empty_graph(tmp_path: Path) -> None:
    assert kg.build(tmp_path).notes == 0
    graph = kg.open(tmp_path)
    assert graph.export(header=False) == ""
    assert "void:triples 0" in graph.export()
    assert "<html" in graph.view()
    assert graph.stats().triples == 0


def test_two_builders_do_not_meet(notes: Path) -> None:
    kg.build(notes)
    with store.locked(notes / ".kg"), pytest.raises(BusyError, match="another build"):
        kg.build(notes)


def test_a_graph_that_was_left_half_written_is_not_seen(notes: Path) -> None:
    kg.build(notes)
    half = notes / ".kg" / "gen-000002"
    (half / "graph").mkdir(parents=True)
    (half / "graph" / "junk").write_text("x")
    assert kg.open(notes).stats().things["Note"] == 2
    (notes / "third.md").write_text("[[good]]")
    kg.build(notes)
    assert kg.open(notes).stats().things["Note"] == 3


def test_a_disk_that_fills_leaves_the_graph_as_it_was(notes: Path) -> None:
    kg.build(notes)
    before = kg.open(notes).export()
    for at in range(40):
        (notes / f"n{at}.md").write_text("Portugal and Denmark. " * 2000 + f"[[good]] {at}")
    # The limit stands for a full disk: no file may grow past 64 kB.
    code = "import resource, sys, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)); from kg.cli import run; sys.exit(run(['build', sys.argv[1], '-o', sys.argv[1] + '/.kg']))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(notes)], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    assert kg.open(notes).export() == before
    kg.build(notes)
    assert kg.open(notes).stats().things["Note"] == 42


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(notes: Path) -> None:
    notes.chmod(0o555)
    with pytest.raises(StoreError, match="cannot be written"):
        kg.build(notes)


def test_a_killed_build_loses_nothing(notes: Path) -> None:
    kg.build(notes)
    known = {kg.open(notes).export()}
    for at in range(60):
        (notes / f"more{at}.md").write_text(f"[[good]] Portugal {at}\n" * 50)
    kg.build(notes, notes.parent / "whole")
    known.add(kg.open(notes.parent / "whole").export())
    for at in range(12):
        process = subprocess.Popen(
            [sys.executable, "-m", "kg", "build", "--full", "-q", str(notes), "-o", str(notes / ".kg")], env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        try:
            process.wait(0.12 + at * 0.04)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert kg.open(notes).export() in known
    kg.build(notes)
    assert kg.open(notes).stats().things["Note"] == 62
    assert len(list((notes / ".kg").glob("gen-*"))) <= 2


def test_only_what_kg_made_is_ever_removed(tmp_path: Path) -> None:
    vault = tmp_path / "notes"
    (vault / "gen-art").mkdir(parents=True)
    (vault / "gen-art" / "a.md").write_text("kept")
    for output in (".", "..", "notes"):
        done = subprocess.run(
            [sys.executable, "-m", "kg", "build", ".", "-o", output], cwd=vault, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        assert (vault / "gen-art" / "a.md").read_text() == "kept"
        assert not (vault / "CURRENT").exists()
        assert not (tmp_path / "CURRENT").exists()
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.txt").write_text("x")
    with pytest.raises(StoreError, match="holds other files"):
        kg.build(vault, full)
    assert sorted(os.listdir(full)) == ["thesis.txt"]


def test_names_that_are_not_utf_8_are_left_out_and_told(notes: Path) -> None:
    Path(os.fsdecode(os.fsencode(notes) + b"/caf\xe9.md")).write_text("x")
    report = kg.build(notes)
    assert (report.notes, [str(each) for each in report.skipped]) == (2, ["caf\\xe9.md:1: its name is not UTF-8; give it another [name]"])


@pytest.mark.parametrize("name", ["葛\U000e0100", "a\u200fb", "x\u00b2", "\ufdd0", "a.b.", "..", "%41", "a?b#c"])
def test_any_name_is_a_legal_iri_in_builds_updates_and_exports(notes: Path, name: str) -> None:
    from pyoxigraph import RdfFormat, parse

    (notes / f"n{name}.md").write_text(f"[[missing {name}]] [[n{name}]] [[good]]")
    kg.build(notes)
    (notes / f"n{name}.md").write_text(f"[[missing {name}]] [[good]] again")
    kg.build(notes)
    assert list(parse(kg.open(notes).export().encode(), format=RdfFormat.TURTLE))


def test_a_cache_that_is_a_folder_is_replaced(notes: Path) -> None:
    kg.build(notes)
    (notes / ".kg" / "cache.sqlite").unlink()
    (notes / ".kg" / "cache.sqlite").mkdir()
    assert kg.build(notes).notes == 2
