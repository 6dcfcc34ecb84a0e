"""Vaults of other tools: every link arrives in the graph as its author meant it."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from click.testing import CliRunner

import kg
from kg import config
from kg.cli import cli


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
            "folder/the lab.md": "# The lab\n\n## History\n\nBack [home](../home.md). [Home](home.md)\n",
        },
    )
    assert links(graph) == {"home → folder/the%20lab", "home → gone", "folder/the%20lab → home"}
    assert issues(graph) == [("broken-link", 4, "(gone.md): no note has this name")]
    assert graph.query("ASK { ?p :cites <note/folder/the%20lab>; :line 3; :text ?t FILTER(STRSTARTS(?t, 'See the lab, a page')) }")


def test_links_in_front_matter(tmp_path: Path) -> None:
    graph = built(
        tmp_path,
        {
            "home.md": '---\nup: "[[the lab]]"\npeople:\n  - "[[Ana Prado|Ana]]"\ncountry: "[[Ghana]]"\n---\nWords.\n',
            "The Lab.md": "# The Lab\n",
            "ghana.md": "# Ghana\n",
        },
    )
    assert links(graph) == {"home → The%20Lab", "home → Ana%20Prado", "home → ghana"}
    assert issues(graph) == [("broken-link", 4, "[[Ana Prado]]: no note has this name")]
    rows = graph.query("SELECT ?line ?text { ?p :cites ?b ; :line ?line ; :text ?text } ORDER BY ?line")
    assert [tuple(row) for row in rows] == [(2, "up: the lab"), (4, "people: Ana"), (5, "country: Ghana")]
    assert graph.query("ASK { <note/home> :about country:GH }")


def test_links_to_headings_and_blocks(tmp_path: Path) -> None:
    graph = built(
        tmp_path,
        {
            "home.md": "# Home\n\nOne [[plan#costs!]]. See [below](#next-step).\n\nTwo [[plan#Year two#Costs]].\n\nThree [[plan#^A1]] and [[plan#^b2]].\n\n"
            "Four [[plan#Gains]], [[plan#Year one#Year two]] and [[#^none]].\n\n## Next step\n\nNothing links here.\n",
            "plan.md": "# Plan\n\n## Costs\n\nMuch.\n\n## Year two\n\n### Costs\n\nMore. ^a1\n\n| a | b |\n|---|---|\n| c | d |\n\n^b2\n\nLess.\n",
        },
    )
    rows = graph.query("SELECT ?line ?part ?at { ?p :cites ?part ; :line ?line . ?part :note ?n ; :line ?at } ORDER BY ?line ?at")
    base = f"{graph.names.base}note/"
    found = [(row.line, row.part.removeprefix(base).partition("#p-")[0], row.at) for row in rows]
    assert found == [(3, "plan#costs", 3), (3, "home#next-step", 11), (5, "plan#costs-1", 9), (7, "plan", 11), (7, "plan", 15)]
    assert issues(graph) == [
        ("broken-block", 9, "[[#^none]]: home.md has no block ^none"),
        ("broken-heading", 9, "[[plan]]: plan.md has no heading 'Gains'"),
        ("broken-heading", 9, "[[plan]]: plan.md has no heading 'Year one#Year two'"),
    ]
    assert links(graph) == {"home → plan"}
    # What is cited is in the graph; what nothing speaks of is not.
    assert [row.text for row in graph.query("SELECT ?text { ?p a :Passage; :note <note/plan>; :text ?text } ORDER BY ?text")] == ["More.", "c | d"]


def test_a_link_with_the_ending_of_a_file_and_a_heading_names_what_it_names_without(tmp_path: Path) -> None:
    graph = built(tmp_path, {"a.md": "[[b.md#Part]] and [[Gone.md#Part]]\n", "b.md": "## Part\n"})
    rows = graph.query("SELECT DISTINCT ?theme { <note/a> :mentions ?theme }")
    assert {row.theme.removeprefix(graph.names.base) for row in rows} == {"theme/a", "theme/b", "theme/gone"}


def stated(graph: kg.Graph, note: str) -> list[tuple[str, str]]:
    own = f"{{ ?s :page <note/{note}> }} UNION {{ BIND(<note/{note}> AS ?s) }}"
    rows = graph.query(f"SELECT ?p ?o {{ {own} ?s ?p ?o FILTER(STRSTARTS(STR(?p), STR(vault:))) }} ORDER BY ?p ?o").terms
    short = f"<{graph.names.base}"
    return [
        (str(p).removeprefix(short + "property/").rstrip(">"), str(o).replace("http://www.w3.org/2001/XMLSchema#", "").replace(short, "<"))
        for p, o in rows
    ]


def test_keys_and_values_become_properties_of_the_vault(tmp_path: Path) -> None:
    text = """---
title: Home
country: GH
up: "[[b note]]"
beside: [[C|see]]
Stars: 4
half: 0.5
done: True
day: 2024-05-01
no_day: 2024-02-30
at: 2024-05-01 10:00
list: ["[[b note]]", x, "[[gone]]"]
cover: "[[pic.png]]"
said: "We met [[c|the sea]]"
site: https://example.org/x
empty:
---
supports:: [[b note|it]], [[C]]

He says (opposes:: [[C#Part|the sea]]) and [rating:: 5], not std::vector.

- **Related to**:: some words
"""
    graph = built(tmp_path, {"home.md": text, "B_Note.md": "# B", "c.md": "# C\n\n## Part"})
    assert stated(graph, "home") == [
        ("at", '"2024-05-01T10:00:00"^^<dateTime>'),
        ("beside", "<theme/c>"),
        ("cover", '"pic.png"'),
        ("day", '"2024-05-01"^^<date>'),
        ("done", '"true"^^<boolean>'),
        ("half", '"0.5"^^<decimal>'),
        ("list", "<theme/b>"),
        ("list", "<theme/gone>"),
        ("list", '"x"'),
        ("no-day", '"2024-02-30"'),
        ("opposes", "<theme/c>"),
        ("rating", '"5"^^<integer>'),
        ("related-to", '"some words"'),
        ("said", '"We met the sea"'),
        ("site", '"https://example.org/x"^^<anyURI>'),
        ("stars", '"4"^^<integer>'),
        ("supports", "<theme/b>"),
        ("supports", "<theme/c>"),
        ("up", "<theme/b>"),
    ]
    assert issues(graph) == [("broken-link", 12, "[[gone]]: no note has this name")]


def test_settings_say_what_a_key_means(tmp_path: Path) -> None:
    written(tmp_path / "kg.toml", '[properties]\nUp = "skos:broader"\n"made by" = "https://example.org/terms#maker"\n')
    (tmp_path / "a.md").write_text("up:: [[b]]\n\nmade by:: Ana\n\nkeeps:: this\n")
    (tmp_path / "b.md").write_text("# B\n")
    kg.build(tmp_path)
    graph = kg.open(tmp_path)
    assert graph.query("ASK { <theme/a> skos:broader <theme/b> ; <https://example.org/terms#maker> 'Ana' ; vault:keeps 'this' }")
    assert stated(graph, "a") == [("keeps", '"this"')]


@pytest.mark.parametrize("meant", ['"broader"', '"a b:c"', "4", '"nope: x"'])
def test_a_key_can_mean_properties_only(tmp_path: Path, meant: str) -> None:
    with pytest.raises(kg.KgError, match="no property"):
        config.read(written(tmp_path / "kg.toml", f"[properties]\nup = {meant}\n"))


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


WORDS_FIRST = {
    "home.md": "---\nup: '[[the plan|proj.plan]]'\n---\n# Home\n\nSee [[The **big** plan|proj.plan#Costs]], [[proj.plan]] and | a | [[x y|Proj.Gone]].\n\n"
    "| a |\n|---|\n| [[in a table\\|proj.plan]] |\n",
    "proj.plan.md": "# Plan\n\n## Costs\n",
}


@pytest.mark.parametrize("mark", ["dendron.yml", "root.schema.yml", "_Sidebar.md"])
def test_where_the_words_go_first_is_told_by_what_a_tool_leaves(tmp_path: Path, mark: str) -> None:
    graph = built(tmp_path, WORDS_FIRST | {mark: ""})
    assert links(graph) == {"home → proj.plan", "home → Proj.Gone"}
    assert issues(graph) == [("broken-link", 6, "[[Proj.Gone]]: no note has this name")]
    texts = [row.text for row in graph.query("SELECT ?text { ?p a :Passage ; :note <note/home> ; :text ?text } ORDER BY ?line ?text")]
    assert sorted(texts) == ["See The **big** plan, proj.plan and | a | x y.", "in a table", "up: the plan"]
    assert graph.query("ASK { <theme/home> vault:up <theme/plan> }")


def test_a_dialect_that_comes_later_makes_all_new(tmp_path: Path) -> None:
    graph = built(tmp_path, WORDS_FIRST | {"kg.toml": '[notes]\ndialect = "obsidian"\n'})
    assert "home → proj.plan" in links(graph)
    assert "home → in%20a%20table" in links(graph)
    graph = built(tmp_path, {"kg.toml": '[notes]\ndialect = "dendron"\n'})
    assert links(graph) == {"home → proj.plan", "home → Proj.Gone"}


def test_the_links_themselves_tell_the_dialect_as_soon_as_they_do(tmp_path: Path) -> None:
    def now(notes: dict[str, str]) -> tuple[str, bool, set[str]]:
        for name, text in notes.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        report = kg.build(tmp_path)
        graph = kg.open(tmp_path)
        return graph.generation.manifest.dialect, report.full, links(graph)

    assert now({"a.md": "[[some words|b]]", "c.md": "x"}) == ("obsidian", True, {"a → some%20words"})
    assert now({"b.md": "[[c]]"}) == ("obsidian", False, {"a → some%20words", "b → c"})  # one link shows little
    assert now({"a.md": "[[some words|b]] [[more words|c]] [[less|b]]"})[:2] == ("obsidian", False)  # so does one note
    assert now({"a.md": "[[some words|b]]", "e.md": "[[other words|c]] [[more words|b]]"}) == (
        "github-wiki",
        True,
        {"a → b", "b → c", "e → b", "e → c"},
    )
    assert now({"d.md": "[[c|a]]"}) == ("github-wiki", False, {"a → b", "b → c", "d → a", "e → b", "e → c"})
    told = CliRunner().invoke(cli, ["build", str(tmp_path), "-o", str(tmp_path / ".kg"), "--full"]).output
    assert "links are read as [[words|note]], as in a github-wiki" in told
    (tmp_path / "e.md").unlink()
    assert now({"some words.md": "[[c|other]], [[b|thing]]"}) == (
        "obsidian",
        True,
        {"a → some%20words", "b → c", "d → c", "some%20words → c", "some%20words → b"},
    )
    (tmp_path / "root.schema.yml").write_text("")
    assert now({})[:2] == ("dendron", True)
    (tmp_path / "root.schema.yml").unlink()
    assert now({})[:2] == ("obsidian", True)
    shown = CliRunner().invoke(cli, ["-g", str(tmp_path / ".kg"), "stats"]).output
    assert "dendron" not in shown


def test_a_dialect_must_be_known(tmp_path: Path) -> None:
    with pytest.raises(kg.KgError, match="unknown dialect 'dendorn'"):
        config.read(written(tmp_path / "kg.toml", '[notes]\ndialect = "dendorn"\n'))


def test_names_with_a_slash_as_logseq_writes_them(tmp_path: Path) -> None:
    graph = built(tmp_path, {"home.md": "[[a/b]] and [[c/D]]", "pages/a___b.md": "x", "c%2Fd.md": "y"})
    assert links(graph) == {"home → pages/a___b", "home → c%252Fd"}
    assert issues(graph) == []


def test_a_note_in_a_fence_is_read_and_told(tmp_path: Path) -> None:
    graph = built(tmp_path, {"a.md": "\n```markdown\n---\ntitle: A talk\nyear: 2024\n---\n[[b]] is here.\n```\n", "b.md": "# B\n"})
    assert links(graph) == {"a → b"}
    assert stated(graph, "a") == [("year", '"2024"^^<integer>')]
    assert [(code, line) for code, line, _ in issues(graph)] == [("wrapped-note", 2)]
    assert graph.query("ASK { <note/a> rdfs:label 'A talk' }")


LEADS = {
    "plain": "[[alpha]]",
    "words": "[[alpha|some words]]",
    "spaced bar": "[[ alpha | some words ]]",
    "heading": "[[alpha#Part one]]",
    "nested heading": "[[alpha#Alpha#Part one]]",
    "block": "[[alpha#^b1]]",
    "embed": "![[alpha]]",
    "embed of a block": "![[alpha#^b1]]",
    "table": "| a | b |\n|---|---|\n| [[alpha\\|words]] | c |",
    "front matter": '---\nup: "[[alpha]]"\n---\n',
    "front matter in a list": '---\nup:\n  - "[[alpha|words]]"\n---\n',
    "front matter without quotes": "---\nup: [[alpha]]\n---\n",
    "field": "supports:: [[alpha]]",
    "field in a sentence": "It is so (supports:: [[alpha]]).",
    "field in a bullet": "- supports:: [[alpha]]",
    "Markdown": "[words](alpha.md)",
    "Markdown from the top": "[words](/alpha)",
    "path from the note's folder": "[[./../alpha]]",
    "an entity": "[[alph&#97;]]",
    "Markdown with a heading": "[words](alpha.md#Part%20one)",
    "Markdown and the anchor of a heading": "[words](alpha.md#part-one)",
    "reference": "[words][a]\n\n[a]: alpha.md",
    "alias": "[[First letter]]",
    "other capitals": "[[ALPHA]]",
    "title": "[[The first of all]]",
    "ending": "[[alpha.md]]",
    "top": "[[/alpha]]",
    "up": "[[../alpha]]",
    "callout": "> [!note] Title\n> See [[alpha]].",
    "footnote": "Words.[^1]\n\n[^1]: [[alpha]]",
    "heading of the note": "## On [[alpha]]",
    "after a line break": "see [[alpha\n| words]]",
}
"""One way to write a link to alpha.md in a note of its own, from a folder."""
OTHERS = {
    "[[Beta Note]]": "beta_note",
    "[[gamma_note]]": "Gamma%20Note",
    "[words](Gamma%20Note.md)": "Gamma%20Note",
    "[words](<../Gamma Note.md>)": "Gamma%20Note",
    "[[Cafe\u0301]]": "Caf\u00e9",
    "[[\u6771\u4eac]]": "deep/\u6771\u4eac",
    "[[deep/\u6771\u4eac]]": "deep/\u6771\u4eac",
    "[[v1.2 plan]]": "v1.2%20plan",
    "[[Issue #12]]": "Issue%20%2312",
    "[[C#]]": "C%23",
    "[[it's \U0001f642]]": "it%27s%20%F0%9F%99%82",
}
NONE = {
    "fence": "```\n[[alpha]]\n```",
    "tildes": "~~~\n[[alpha]]\n~~~",
    "code": "`[[alpha]]`",
    "indented": "Words:\n\n    [[alpha]]",
    "comment": "%% [[alpha]] %%",
    "comment of many lines": "%%\n[[alpha]]\n%%",
    "query": "{{query [[alpha]]}}",
    "comment of HTML": "<!-- [[alpha]] -->",
    "escaped": "\\[\\[alpha\\]\\] and \\[[alpha]]",
    "other files": "![[alpha.png]] [x](alpha.pdf) [y](https://example.org/alpha.md) [z](alpha/)",
    "nothing": "[[]] [[|x]] [[ ]]",
    "open": "[[alpha",
}


def test_one_feature_a_note(tmp_path: Path) -> None:
    notes = {
        "alpha.md": "---\ntitle: The first of all\naliases: [First letter]\n---\n# Alpha\n\n## Part one\n\nWords of it. ^b1\n",
        **{
            f"{name}.md": "x"
            for name in ("beta_note", "Gamma Note", "Caf\u00e9", "deep/\u6771\u4eac", "v1.2 plan", "it's \U0001f642", "C#", "Issue #12")
        },
        **{f"leads/{name}.md": text for name, text in LEADS.items()},
        **{f"others/{number}.md": text for number, text in enumerate(OTHERS)},
        **{f"none/{name}.md": text for name, text in NONE.items()},
    }
    graph = built(tmp_path, notes)
    expected = {f"{graph.names.note(f'leads/{name}')} → {graph.names.note('alpha')}" for name in LEADS}
    expected |= {f"{graph.names.note(f'others/{number}')} → {graph.names.base}note/{target}" for number, target in enumerate(OTHERS.values())}
    rows = graph.query("SELECT ?a ?b { ?a :linksTo ?b }")
    assert {f"{row.a} → {row.b}" for row in rows} == expected
    assert issues(graph) == []


def test_the_same_name_twice_is_told(tmp_path: Path) -> None:
    graph = built(tmp_path, {"home.md": "[[plan]] and [[a/plan]]", "a/plan.md": "x", "b/plan.md": "x"})
    assert links(graph) == {"home → a/plan"}
    assert [(code, line) for code, line, _ in issues(graph)] == [("ambiguous-link", 1)]


def test_much_of_everything_loses_nothing(tmp_path: Path) -> None:
    many = "".join(f"[[n{number}|x]] [y](m{number}.md) (k{number % 7}:: [[n{number}]])\n" for number in range(3000))
    graph = built(
        tmp_path,
        {
            "links.md": many,
            "brackets.md": "[" * 50_000 + "[[alpha]]" + "]" * 50_000,
            "keys.md": "---\n" + "".join(f"key{number}: '[[n{number}]] # x'\n" for number in range(6000)) + "---\nWords.\n",
            "colons.md": "a :: " * 20_000 + "\n\n" + "(a:: " * 20_000,
            "nested.md": "---\nup: " + "[" * 40_000 + "\n---\n[[loop]]",
            "tags.md": "<a " * 40_000 + "[[loop]] ((" * 10_000,
            "comments.md": "%% x %% `y` [[loop]] [00:01:05] " * 5_000,
            "loop.md": "![[loop]] ![[pool]]",
            "pool.md": "![[loop#^x]] ^x",
        },
    )
    counts = {row.a.rpartition("/")[2]: row.n for row in graph.query("SELECT ?a (COUNT(?b) AS ?n) { ?a :linksTo ?b } GROUP BY ?a")}
    assert (counts["links"], counts["keys"], counts["loop"], counts["pool"]) == (6000, 6000, 1, 1)
    assert (counts["nested"], counts["tags"], counts["comments"]) == (1, 1, 1)
    codes = [code for code, _, _ in issues(graph) if code != "broken-link"]
    assert sorted(codes) == ["broken-block", "front-matter", "front-matter"]


def test_an_export_with_the_ontology_declares_the_properties_of_the_vault(tmp_path: Path) -> None:
    graph = built(tmp_path, {"a.md": "made by:: [[b]]\n\nstars:: 4\n\nsee:: [[b]]\n\nsee:: words\n", "b.md": "# B\n"})
    done = CliRunner().invoke(cli, ["-g", str(tmp_path / ".kg"), "export", "--with-ontology", "-o", str(tmp_path / "x.ttl")])
    assert done.exit_code == 0, done.output
    found = rdflib.Graph().parse(tmp_path / "x.ttl")
    vault = rdflib.Namespace(graph.names.base + "property/")
    kinds = {name: found.value(vault[name], rdflib.RDF.type) for name in ("made-by", "stars", "see")}
    assert kinds == {"made-by": rdflib.OWL.ObjectProperty, "stars": rdflib.OWL.DatatypeProperty, "see": rdflib.RDF.Property}
    assert found.value(vault["made-by"], rdflib.RDFS.label) == rdflib.Literal("made by")
