"""Vaults of other tools: every link arrives in the graph as its author meant it."""

from __future__ import annotations

from pathlib import Path

import kg


def built(folder: Path, notes: dict[str, str]) -> kg.Graph:
    for name, text in notes.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    kg.build(folder)
    return kg.open(folder)


def links(graph: kg.Graph) -> set[str]:
    rows = graph.query("SELECT ?a ?b { ?a :linksTo ?b }")
    short = graph.names.base + "note/"
    return {f"{row.a.removeprefix(short)} → {row.b.removeprefix(short)}" for row in rows}


def issues(graph: kg.Graph) -> list[tuple[str, int, str]]:
    rows = graph.query("SELECT ?code ?line ?text { ?i a :Issue; :code ?code; :line ?line; :text ?text } ORDER BY ?line ?text")
    return [(row.code, row.line, row.text) for row in rows]


def test_links_in_markdowns_own_form(tmp_path: Path) -> None:
    graph = built(
        tmp_path,
        {
            "home.md": "# Home\n\nSee [the lab](folder/the%20lab.md#History), [a page](https://example.org/a.md)\nand [nothing](gone.md).\n",
            "folder/the lab.md": "# The lab\n\nBack [home](../home.md). [Home](home.md)\n",
        },
    )
    assert links(graph) == {"home → folder/the%20lab", "home → gone", "folder/the%20lab → home"}
    assert issues(graph) == [("broken-link", 4, "(gone.md): no note has this name")]
    assert graph.query("ASK { ?p :cites <note/folder/the%20lab>; :line 3; :text ?t FILTER(STRSTARTS(?t, 'See the lab, a page')) }")
