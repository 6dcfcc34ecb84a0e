"""Extractors from other packages: found by their entry point, run like ours, told apart by name and version."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import kg
from kg import extract
from kg.model import Mention


class Companies:
    """Names every company of the form "X Works"."""

    name = "companies"
    version = "1"

    def find(self, text: str) -> list[Mention]:
        found = re.finditer(r"[A-Z]\w+ Works", text)
        return [Mention("organisation", match[0].lower().replace(" ", "-"), match[0], match.start(), match.end(), "works") for match in found]


class Entry:
    name = "companies"

    def load(self) -> type[Companies]:
        return Companies


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def entry_points(*, group: str) -> Iterable[Entry]:
        return [Entry()] if group == "kg.extractors" else []

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)


@pytest.mark.usefixtures("installed")
def test_an_extractor_of_another_package_is_run(tmp_path: Path) -> None:
    assert [each.name for each in extract.installed()] == [*extract.BUILTIN, "companies"]
    (tmp_path / "a.md").write_text("Acme Works works in Ghana.\n\n## With Zeta Works\n")
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    rows = graph.query("SELECT ?l ?line { ?p :names ?o; :line ?line. ?o a :Organisation; rdfs:label ?l } ORDER BY ?line").rows
    assert [(row[0].value, row[1].value) for row in rows] == [("Acme Works", "1"), ("Zeta Works", "3")]  # type: ignore[union-attr]
    assert graph.query("ASK { note:a :mentions country:GH }").truth


@pytest.mark.usefixtures("installed")
def test_another_version_reads_everything_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("Acme Works")
    kg.build(tmp_path)
    assert not kg.build(tmp_path).full
    monkeypatch.setattr(Companies, "version", "2")
    assert kg.build(tmp_path).full
