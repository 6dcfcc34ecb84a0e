"""A hostile folder: what its files are called and are, what stands beside the notes, and what changes while it is read."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg import cli, frontmatter, markdown, vault
from kg.model import Note

ROOT = Path(__file__).resolve().parent.parent
TERMS = "<urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * 60_000 + "1" + " )>>" * 60_000 + " ."
"""What crashes the engine."""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "one.md").write_text("# One\n\n[[two]] in Portugal.\n")
    (folder / "two.md").write_text("# Two\n\n[[one]] in Denmark.\n")
    return folder


def healthy(graph: kg.Graph) -> bool:
    return bool(graph.query("ASK { note:one :linksTo note:two; :mentions country:PT. note:two :linksTo note:one; :mentions country:DK }").truth)


# -- beside the notes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("kg.toml", b"a = " + b"[" * 100_000, "kg.toml: not valid TOML: nested too deeply"),
        ("kg.toml", b"[notes]\n# caf\xe9\n", "kg.toml:2: not UTF-8"),
        ("vocabulary.ttl", TERMS.encode(), "vocabulary.ttl:1: more than 64 triple terms inside one another"),
        ("vocabulary.yaml", b"- {kind: theme, name: " + b"[" * 5_000 + b"]" * 5_000 + b"}\n", "vocabulary.yaml:1: name is not a text"),
        ("vocabulary.yaml", "- {kind: theme, name: 'a\u2028b'}\n- {kind: a: b}\n- {}\n".encode(), "vocabulary.yaml:2: not valid YAML"),
        ("vocabulary.csv", b"kind,name\rtheme,x\r", "vocabulary.csv:1: its lines end as on old Macs"),
        ("ontology/x.ttl", TERMS.encode(), "ontology/x.ttl:1: more than 64 triple terms inside one another"),
        ("ontology/x.ttl", b"\xff\xfe\0", "ontology/x.ttl:1: not valid Turtle: Invalid UTF-8 character encoding"),
    ],
)
def test_what_stands_beside_the_notes_is_told_in_a_line(notes: Path, name: str, data: bytes, said: str) -> None:
    (notes / name).parent.mkdir(exist_ok=True)
    (notes / name).write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "kg", "build", str(notes)], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode in (1, 2)
    assert done.stderr.startswith(f"error: {notes}/{said}")
    assert done.stderr.count("\n") <= 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
@pytest.mark.parametrize("name", ["kg.toml", "vocabulary.yaml", "ontology/x.ttl", ".obsidian/app.json", "logseq/config.edn", "dendron.yml"])
def test_a_pipe_in_the_place_of_a_file_holds_nobody_up(notes: Path, name: str) -> None:
    (notes / name).parent.mkdir(exist_ok=True)
    os.mkfifo(notes / name)
    kg.build(notes)
    assert healthy(kg.open(notes))


# -- folders -------------------------------------------------------------------------------------


def test_a_folder_may_be_called_as_a_note_is(notes: Path) -> None:
    (notes / "x.md" / "y.md").mkdir(parents=True)
    (notes / "x.md" / "inner.md").write_text("# Inner\n\n[[one]]\n")
    (notes / "x.md" / "y.md" / "z.md").write_text("# Z\n\n[[x.md/inner]]\n")
    assert kg.build(notes).notes == 4
    assert healthy(kg.open(notes))


def test_folders_a_thousand_deep_end_where_the_system_ends(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = os.open(notes, os.O_RDONLY)
    for _ in range(1_000):
        os.mkdir("deep", dir_fd=handle)
        inner = os.open("deep", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(os.open("lost.md", os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=handle))
    os.close(handle)
    followed: list[str] = []
    real = os.path.realpath

    def noted(path: str, **given: bool) -> str:
        followed.append(path)
        return real(path, **given)

    monkeypatch.setattr(os.path, "realpath", noted)
    try:
        report = kg.build(notes)
        assert report.notes == 2
        assert [each.code for each in report.skipped] == (["unreadable"] if report.skipped else [])
        assert len(followed) < 50  # each costs as much as it is deep
        assert healthy(kg.open(notes))
    finally:
        subprocess.run(["rm", "-rf", str(notes / "deep")], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="names that Linux allows")
def test_names_that_differ_by_next_to_nothing_are_different_notes(notes: Path) -> None:
    names = ["a", "a ", "a.", "a..", "a\u00a0", " a", "a\u200b", "a\t", "A", "\u00e9", "e\u0301", "\uff41"]
    for name in names:
        (notes / f"{name}.md").write_text(f"# {name}\n\n[[one]] [[a]]\n")
    assert kg.build(notes).notes == 2 + len(names)
    graph = kg.open(notes)
    assert healthy(graph)
    assert len(graph.query("SELECT DISTINCT ?n { ?n :linksTo note:one }").terms) == 1 + len(names)


# -- files ---------------------------------------------------------------------------------------


def test_one_file_under_two_names_is_two_notes(notes: Path) -> None:
    os.link(notes / "one.md", notes / "again.md")
    assert kg.build(notes).notes == 3
    assert healthy(kg.open(notes))


@pytest.mark.skipif(os.name == "nt", reason="files with holes")
def test_a_file_of_ten_gigabytes_is_not_read(notes: Path) -> None:
    with (notes / "bad.md").open("wb") as file:
        file.truncate(10 << 30)
    assert [(each.path, each.code) for each in kg.build(notes).skipped] == [("bad.md", "too-large")]
    assert healthy(kg.open(notes))


def gone(path: Path) -> None:
    path.unlink()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_link_out(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


def grown(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)


@pytest.mark.skipif(os.name == "nt", reason="files of POSIX")
@pytest.mark.parametrize("become", [gone, a_folder, a_pipe, a_link_out, grown], ids=lambda each: each.__name__)
def test_a_note_that_becomes_something_else_before_it_is_read_is_left_out(
    notes: Path, monkeypatch: pytest.MonkeyPatch, become: Callable[[Path], None]
) -> None:
    (notes / "bad.md").write_text("# Bad\n\n[[one]]\n")
    whole, done = vault.read, threading.Event()

    def read(root: Path, path: str, largest: int) -> object:
        if path == "bad.md" and not done.is_set():
            become(notes / "bad.md")
            done.set()
        return whole(root, path, largest)

    monkeypatch.setattr(vault, "read", read)
    report = kg.build(notes)
    assert done.is_set()
    assert [each.path for each in report.skipped] == ["bad.md"]
    assert healthy(kg.open(notes))
    monkeypatch.undo()
    left = notes / "bad.md"
    if left.is_dir() and not left.is_symlink():
        left.rmdir()
    else:
        left.unlink(missing_ok=True)
    left.write_text("# Bad\n\n[[one]]\n")
    assert kg.build(notes).notes == 3


@pytest.mark.skipif(os.name == "nt" or (os.geteuid() == 0 and not os.path.exists("/usr/bin/setpriv")), reason="root may read everything")
def test_what_may_not_be_read_is_told_and_read_once_it_may_be(notes: Path) -> None:
    (notes / "bad.md").write_text("# Bad\n\n[[one]]\n")
    (notes / "sub").mkdir()
    (notes / "sub" / "in.md").write_text("# In\n\n[[one]]\n")
    for path in (notes, *notes.parents):
        if path.is_relative_to("/tmp") and path != Path("/tmp"):
            path.chmod(path.stat().st_mode | stat.S_IRWXO)
    (notes / "bad.md").chmod(0)
    (notes / "sub").chmod(0)
    somebody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    kept = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}

    def built() -> subprocess.CompletedProcess[str]:
        command = [*somebody, sys.executable, "-m", "kg", "build", str(notes), "-o", str(notes.parent / "graph")]
        return subprocess.run(command, env=kept, capture_output=True, text=True, check=False, cwd="/")

    try:
        done = built()
        if "No module" in done.stderr or done.returncode == 126 or "an't open" in done.stderr:
            pytest.skip("nobody else may run this Python")
        assert done.returncode == 0, done.stderr
        assert "left out bad.md:1: cannot be read: Permission denied [unreadable]" in done.stderr
        assert "left out sub:1: folder cannot be listed: Permission denied [unreadable]" in done.stderr
        assert healthy(kg.open(notes.parent / "graph"))
    finally:
        (notes / "bad.md").chmod(0o644)
        (notes / "sub").chmod(0o755)
    done = built()
    assert "2 added" in done.stderr
    assert kg.open(notes.parent / "graph").stats().things["Note"] == 4


# -- lines that only some programs count ---------------------------------------------------------


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"])
@pytest.mark.parametrize("yaml", ["a: b{0}c\nd: e\n", "a: 'b{0}c'\nd: e\n", "a: b: {0} c\nd: e\n", "a: [x, {0}y]\nd: e\n", "# {0}\n\nd: e\n"])
def test_lines_of_front_matter_are_counted_as_editors_count_them(sign: str, yaml: str) -> None:
    text = f"---\n{yaml.format(sign)}---\n"
    found = frontmatter.read(text)
    assert found.properties["d"].value == "e"
    assert found.properties["d"].line == text.count("\n", 0, text.index("d: e")) + 1
    assert all(each.line in (2, 3) for each in found.flaws)


def test_links_deeper_than_anyone_writes_are_words() -> None:
    document = markdown.read(Note("n.md", "![[a|b " * 50 + "[[c]]" + "]]" * 50, ""))
    assert 1 < sum(len(part.links) for part in document.parts) < 10


def test_every_command_survives_a_folder_of_horrors(notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (notes / "x\u202e\x1b[31m.md").write_bytes(b"---\nt: [\n---\n# \x1b[2J\x9b\xff ![[ |h`[[one]]]]\n" + bytes(range(256)))
    (notes / "bad.md").symlink_to("/etc/passwd")
    folder = str(notes / ".kg")
    assert cli.run(["build", str(notes), "-o", folder]) == 0
    for command in (["check"], ["stats"], ["search", "one"], ["show", "One"], ["path", "One", "Denmark"], ["export"], ["suggest", "--list"]):
        assert cli.run([command[0], "-g", folder, *command[1:]]) in (0, 1), command
    told = capfd.readouterr()
    assert "Traceback" not in told.err
    assert "\x1b[" not in told.out + told.err
    assert "root:" not in told.out + told.err
