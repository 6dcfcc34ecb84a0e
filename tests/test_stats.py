"""What is in a graph, and how good it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import kg
from kg.cells import cells
from kg.cli import cli
from kg.commands.stats import _page
from kg.stats import Stats

NOTES = {
    "a.md": '---\nvideo: JkIhnK7qf-w\n---\nThe "Open Door" programme in Ghana '
    '<a class="yt-timestamp" data-t="00:12:05">[00:12:05]</a> and <a class="yt-timestamp" data-t="99:99:99:99">[99:99:99:99]</a>.\n\n'
    "See [[quay]], [[Quay]], [[QU-AY]], [[First|x]], [[Lost]], ![[picture.png]] and [[https://example.org]].\n",
    "quay.md": "---\naliases: [First]\n---\n# Quay\n\nWater <a class=\"yt-timestamp\" data-t=\"00:01:05\">[00:01:05]</a>.\n",
    "alone.md": "Nothing here.\n",
    "talk.md": "**Tidal Wharf Programme**: it runs in Chile.\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    folder = tmp_path_factory.mktemp("vault")
    for name, text in NOTES.items():
        (folder / name).write_text(text)
    (folder / "vocabulary.csv").write_text("kind,name,countries\ninitiative,Talk Cardiff,GB\n")
    (folder / "out.md").symlink_to("/etc/hosts")
    kg.build(folder)
    return kg.open(folder)


def test_links_are_counted_by_tier_and_media_is_none(graph: kg.Graph) -> None:
    links = graph.stats().quality["links"]
    assert {tier: count for tier, count in links.items() if count} == {"exact": 1, "case": 1, "alias": 1, "squashed": 1, "broken": 1}
    assert list(links)[-1] == "broken"


def test_timestamps_facts_suggestions_and_notes_are_counted_by_what_they_lack(graph: kg.Graph) -> None:
    quality = graph.stats().quality
    assert quality["timestamps"] == {"certain": 1, "ambiguous": 0, "odd": 1, "without a video": 1}
    assert quality["facts"] == {"all": 2, "with evidence": 1, "by the vocabulary": 1}
    assert quality["suggestions"]["names"] >= 1
    assert quality["notes"] == {"all": 4, "naming an entity": 4, "naming more than themes": 2, "without links": 2, "left out": 1}


def test_how_it_was_made_is_told(graph: kg.Graph) -> None:
    built = graph.stats().built
    assert (built["kg"], built["detail"], built["generation"]) == (kg.__version__, "evidence", "gen-000001")
    assert int(built["graph bytes"]) > int(built["index bytes"]) > 0 or int(built["index bytes"]) > 0


def test_old_keys_stay_and_both_spellings_of_json_work(graph: kg.Graph) -> None:
    told = [
        CliRunner().invoke(cli, ["-g", str(graph.generation.folder.parent), "stats", *words]).stdout for words in (["--json"], ["--format", "JSON"])
    ]
    assert told[0] == told[1]
    assert list(json.loads(told[0])) == ["triples", "things", "properties", "hubs", "issues", "quality", "built"]


@pytest.mark.parametrize("wide", [40, 80, 200])
def test_the_page_fits_the_terminal(graph: kg.Graph, wide: int) -> None:
    found = graph.stats()
    found.hubs["Theme"].insert(0, ("x", "a label as long as a whole sentence " * 3, 9))
    lines = list(_page("title", found, wide))
    assert [line for line in lines[2:] if cells(line) > wide] == []
    assert len(lines) < 60


def test_an_empty_graph_has_stats(tmp_path: Path) -> None:
    kg.build(tmp_path)
    found = kg.open(tmp_path).stats()
    assert (found.triples, found.quality["notes"]["all"]) == (0, 0)
    assert any(line.startswith("  notes") for line in _page("empty", found, 80))
    assert Stats(0, {}, {}, {}, {}).quality == {}
