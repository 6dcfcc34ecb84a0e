"""What keeps the graph whole, piece by piece: locks, checksums, files, and the ways in which a disk can be wrong."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

import kg
from kg import checksums, files, guard, locks, store
from kg.errors import KgError, QueryError, StoreError


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

    def noted(path: object) -> str:
        read.append(str(path))
        return ""

    monkeypatch.setattr(checksums, "_sha256", noted)
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


def test_a_failure_before_it_says_that_all_is_as_it_was(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def force(_path: str) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(store, "_force", force)
    (graph.parent / "notes" / "c.md").write_text("# C\n")
    with pytest.raises(KgError, match="Input/output error") as told:
        kg.build(graph.parent / "notes", graph)
    assert told.value.hint == "the graph is as it was before"
    assert [each.name for each in graph.glob("gen-*")] == ["gen-000001"]


def test_a_graph_is_found_upward_and_in_the_folder_of_its_notes(graph: Path, tmp_path: Path) -> None:
    kg.build(tmp_path / "notes")
    inner = tmp_path / "notes" / "sub"
    inner.mkdir()
    assert store.located(start=inner) == (tmp_path / "notes" / ".kg").resolve()
    assert store.located(tmp_path / "notes") == tmp_path / "notes" / ".kg"
    assert store.located(graph) == graph
    empty = tmp_path / "empty"
    empty.mkdir()
    assert store.located(start=empty) == empty.resolve() / ".kg"
    with pytest.raises(StoreError, match="no graph here yet"):
        store.current(empty)


def test_the_generation_before_is_kept_and_those_before_it_are_not(graph: Path) -> None:
    with pytest.raises(StoreError, match="none is kept"):
        store.before(graph)
    for text in ("Ghana", "Chile"):
        (graph.parent / "notes" / "a.md").write_text(f"# A in {text}.\n")
        kg.build(graph.parent / "notes", graph)
    assert store.before(graph).name == "gen-000002"
    assert store.at(graph / "gen-000002").name == "gen-000002"
    with pytest.raises(StoreError, match="only 1 before the live one is kept"):
        store.before(graph, 2)
    shutil.copytree(graph / "gen-000002", graph / "gen-000001")
    with pytest.raises(StoreError, match="only 2 before the live one are kept"):
        store.before(graph, 3)


def test_what_another_version_made_is_told(graph: Path) -> None:
    generation = store.current(graph)
    given = json.loads((generation.folder / "manifest.json").read_text()) | {"format": 1, "seal": ""}
    (generation.folder / "manifest.json").write_text(json.dumps(given))
    with pytest.raises(StoreError, match="another version of kg"):
        store.current(graph)


def test_a_name_that_cannot_be_read_is_told(graph: Path) -> None:
    (graph / "CURRENT").write_bytes(b"\xff")
    with pytest.raises(StoreError, match="CURRENT: cannot be read"):
        store.current(graph)
    (graph / "CURRENT.next").write_text("gen-000002\n")
    store.sweep(graph)
    assert (graph / "gen-000001").is_dir()  # what cannot be told apart is not removed
    assert not (graph / "CURRENT.next").exists()  # this can


def test_a_folder_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be written"), store.locked(tmp_path / "file"):
        pass


def test_an_engine_that_cannot_open_is_told_in_words(graph: Path) -> None:
    generation = store.current(graph)
    for name in list(generation.manifest.sums):
        if name.startswith("graph/"):
            del generation.manifest.sums[name]
    (generation.folder / "graph" / "CURRENT").write_text("nonsense")
    with pytest.raises(StoreError, match="the graph is damaged"):
        generation.open()


def test_a_file_that_cannot_be_read_is_damaged(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(checksums, "_sha256", refused)
    assert all(each.endswith("cannot be read: Permission denied") for each in store.verify(store.current(graph)))
    assert store.verify(store.current(graph))
    found = store.current(graph)
    (found.folder / "index" / "new.sqlite").touch()
    with pytest.raises(PermissionError):
        checksums.measured(found.folder, found.folder / "nowhere", found.manifest.sums)


def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KgError, match="is a folder"):
        files.save(tmp_path, ["text"])
    (tmp_path / "file").write_text("old")
    with pytest.raises(KgError, match="cannot be written"):
        files.save(tmp_path / "file" / "a.ttl", ["text"])

    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    for what in (("fsync", os), ("replace", Path)):
        with monkeypatch.context() as patch:
            patch.setattr(what[1], what[0], broken)
            with pytest.raises(KgError, match="Input/output error"):
                files.save(tmp_path / "file", ["text"])
        assert os.listdir(tmp_path) == ["file"]
        assert (tmp_path / "file").read_text() == "old"
    files.save(Path(os.devnull), ["text"])


@pytest.mark.parametrize(
    ("text", "network", "why"),
    [
        ("x" * 100_001, False, "characters"),
        ("SELECT * { " + "?s ?p ?o . " * 101 + "}", False, "triples or steps"),
        ("SELECT * { FILTER(" + "!" * 65 + "?x) }", False, "negations"),
        ("SELECT * { FILTER(1" + "+1" * 1001 + ") }", False, "operators"),
        ("ASK { SERVICEnote:x { ?s ?p ?o } }", False, "SERVICE"),
        ("ASK { SERVICEnote:x { ?s ?p ?o } }", True, ""),
        ("ASK { GRAPH SERVICE:x { ?s ?p ?o } } ))", False, ""),
        ("CONSTRUCT { " + "?s ?p ?o . " * 101 + "} WHERE { ?s :a/:b (1, 2) }", False, ""),
        ("ASK { \\U00110000 ?p ?o }", False, ""),
    ],
)
def test_the_guard_refuses_what_it_must_and_nothing_else(text: str, network: bool, why: str) -> None:
    if not why:
        return guard.check(text, network=network)
    with pytest.raises(QueryError, match=why):
        guard.check(text, network=network)
    return None


def test_a_guess_is_a_known_word_or_none() -> None:
    assert [guard.guess(each, ["turtle", "trig"]) for each in ("turle", "zzz", "x" * 61)] == ["turtle", "", ""]
    assert guard.pointed("a" * 200, 1, 100).startswith("  …")
    assert guard.pointed("a", 9, 1) == "  \n  ^"
