"""What keeps the graph whole, piece by piece: locks, checksums, files, and the ways in which a disk can be wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import kg
from kg import checksums, files, locks, store
from kg.errors import KgError, StoreError


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("# A\n\n[[b]] in Portugal.\n")
    kg.build(tmp_path / "notes", tmp_path / "graph")
    return tmp_path / "graph"


def test_a_lock_is_one_writers_or_many_readers(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    one, two, three = (os.open(path, os.O_RDWR) for _ in range(3))
    assert locks.take(one)
    assert not locks.take(two)
    assert not locks.take(three, shared=True)
    locks.let_go()
    assert locks.take(two, shared=True)
    assert locks.take(three, shared=True)
    locks.drop(two)
    locks.drop(three)


def test_what_a_killed_process_left_is_cleared_away_and_what_is_written_is_not(tmp_path: Path) -> None:
    left, busy = tmp_path / ".a.ttl.kg-abcdefgh", tmp_path / ".a.ttl.kg-ijklmnop"
    left.touch()
    busy.touch()
    handle = os.open(busy, os.O_RDWR)
    assert locks.take(handle)
    files.save(tmp_path / "a.ttl", ["text"])
    locks.drop(handle)
    assert sorted(os.listdir(tmp_path)) == [".a.ttl.kg-ijklmnop", "a.ttl"]


def test_a_file_may_have_the_longest_name(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 127)
    files.save(path, ["text"])
    assert path.read_text() == "text"


@pytest.mark.parametrize("text", ["", "{}", "[]", "nothing", '{"format": 2}', '{"base": 1, "title": "", "source": "", "detail": "", "settings": ""}'])
def test_a_manifest_that_says_nothing_is_told(graph: Path, text: str) -> None:
    (store.current(graph).folder / "manifest.json").write_text(text)
    with pytest.raises(StoreError, match=r"manifest\.json: cannot be read"):
        store.current(graph)
    assert store.live(graph) is None


@pytest.mark.parametrize("text", ["gen-000009", "../elsewhere", "", "gen-000001/../gen-000001"])
def test_a_name_that_leads_nowhere_is_told(graph: Path, text: str) -> None:
    (graph / "CURRENT").write_text(text)
    with pytest.raises(StoreError, match="not complete"):
        store.current(graph)


def test_a_generation_that_is_gone_is_told(graph: Path) -> None:
    import shutil

    generation = store.current(graph)
    shutil.rmtree(generation.folder)
    assert generation.kept() is None
    with pytest.raises(StoreError, match="newer builds have taken its place"):
        _ = generation.index
    with pytest.raises(StoreError, match="newer builds have taken its place"):
        generation.open()
    assert {each.rpartition(": ")[2] for each in store.verify(generation)} == {"is missing"}


def test_what_git_is_told_is_mended_and_what_people_wrote_is_kept(graph: Path) -> None:
    path = graph / ".gitignore"
    for text, after in ((b"", "*\n"), (b"\xd5\n", "*\n"), (b"!/keep\n", "!/keep\n")):
        path.write_bytes(text)
        kg.build(graph.parent / "notes", graph)
        assert path.read_text() == after


def test_the_same_file_is_not_read_twice(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.current(graph)
    (graph.parent / "notes" / "a.md").write_text("# A\n\n[[b]] in Denmark.\n")
    (graph.parent / "notes" / "c.md").write_text("# C\n")
    kg.build(graph.parent / "notes", graph)
    after = store.current(graph)
    read: list[str] = []
    monkeypatch.setattr(checksums, "_sha256", lambda path: read.append(str(path)) or "")
    checksums.measured(after.folder, before.folder, before.manifest.sums)
    assert 0 < len(read) < len(after.manifest.sums)


def test_a_failure_after_the_new_name_says_so(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = store._force
    named = store.current(graph).name

    def force(path: str) -> None:
        if path == str(graph) and store.current(graph).name != named:
            raise OSError(5, "Input/output error")
        whole(path)

    monkeypatch.setattr(store, "_force", force)
    (graph.parent / "notes" / "c.md").write_text("# C\n")
    with pytest.raises(KgError, match="Input/output error") as told:
        kg.build(graph.parent / "notes", graph)
    assert "the new graph is in place" in told.value.hint
