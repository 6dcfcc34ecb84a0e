"""A graph is the same whichever way its notes went: kept in memory or on disk, by one process or two, loaded at once or in parts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from kg import markdown, passes, pipeline, store, unchanged, update, vocabulary
from kg.config import Config
from kg.model import Document, Note
from kg.unchanged import state

NOTES = {
    "tides.md": "# Tides\nThe Harbour Agency (HAG) of Norway launched the Tides Programme. See [[winds]] and [[nowhere]].",
    "winds.md": "---\nvideo: JkIhnK7qf-w\n---\n# Winds\nHAG recommends [[tides|the tides]] <a class='yt-timestamp' data-t='00:01:00'>[00:01:00]</a>.",
    "deep/rain.md": '# Rain\nNorway\'s "Rain Watch" app [[tides#Tides]] 00:01:00.',
}


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    for path, text in NOTES.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def triples(folder: Path) -> list[str]:
    live = store.live(folder)
    assert live
    return sorted(map(str, live.open()))


def test_notes_that_wait_on_disk_and_parts_give_the_same_graph(notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.build(notes, tmp_path / "one")
    monkeypatch.setattr(passes, "KEPT", 0)
    monkeypatch.setattr(update, "LOAD", 1)
    pipeline.build(notes, tmp_path / "other")
    assert triples(tmp_path / "other") == triples(tmp_path / "one")
    assert sorted(each.name for each in (tmp_path / "other" / "gen-000001").iterdir()) == ["graph", "index", "manifest.json", "properties.ttl"]


@pytest.mark.parametrize("kept", [passes.KEPT, 0], ids=["in memory", "on disk"])
def test_two_processes_give_the_same_graph(notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    pipeline.build(notes, tmp_path / "one")
    monkeypatch.setattr(passes, "ENOUGH", 1)
    monkeypatch.setattr(passes, "KEPT", kept)
    report = pipeline.build(notes, tmp_path / "other", jobs=2)
    assert (report.notes, report.added) == (3, 3)
    assert triples(tmp_path / "other") == triples(tmp_path / "one")


def test_nothing_is_read_again_where_nothing_changed(notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "DOUBTFUL", 0)
    monkeypatch.setattr("kg.rebuild.DOUBTFUL", 0)
    pipeline.build(notes, tmp_path / "graph")
    monkeypatch.setattr("kg.rebuild.Build.run", lambda *_: pytest.fail("a note was looked at"))
    report = pipeline.build(notes, tmp_path / "graph")
    assert (report.notes, report.written, report.full) == (3, 0, False)


def test_a_file_that_was_only_touched_is_not_read_as_a_note(notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.build(notes, tmp_path / "graph")
    for each in notes.rglob("*.md"):
        os.utime(each, (1, 1))
    changed = next(notes.rglob("*.md"))
    changed.write_text("# Another text\n", encoding="utf-8")
    seen: list[str] = []
    read = markdown.read

    def reading(note: Note, **rest: Any) -> Document:
        seen.append(note.path)
        return read(note, **rest)

    monkeypatch.setattr("kg.passes.markdown.read", reading)
    report = pipeline.build(notes, tmp_path / "graph")
    assert (report.changed, report.full) == (1, False)
    assert seen[0] == changed.relative_to(notes).as_posix()
    assert len(seen) == report.written  # and what depends on its name
    seen.clear()
    for each in notes.rglob("*.md"):
        os.utime(each, (2, 2))
    report = pipeline.build(notes, tmp_path / "graph")
    assert (report.written, report.full, seen) == (0, False, [])


def test_what_authors_settle_and_what_is_installed_is_seen(notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "DOUBTFUL", -(10**18))
    seen = [state(notes, Config())]
    (notes / "vocabulary.csv").write_text("name,kind\nTides,theme\n", encoding="utf-8")
    seen.append(state(notes, Config()))
    (notes / "ontology").mkdir()
    (notes / "ontology" / "own.ttl").write_text("", encoding="utf-8")
    seen.append(state(notes, Config()))
    seen.append(state(notes, Config(detail="notes")))
    (tmp_path / "packages" / "plug-1.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    seen.append(state(notes, Config()))
    assert len(set(seen)) == len(seen)
    assert "" not in seen


def test_a_file_that_was_just_touched_is_not_trusted(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "DOUBTFUL", 10**18)
    (notes / "vocabulary.csv").write_text("name,kind\nTides,theme\n", encoding="utf-8")
    assert state(notes, Config()) == ""


def test_every_vocabulary_is_among_the_files_that_are_looked_at() -> None:
    assert all(name.startswith(unchanged.SETTLED) for name in vocabulary.NAMES)
