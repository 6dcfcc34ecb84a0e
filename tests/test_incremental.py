"""An updated graph is the graph that a full build would have made: a law over random edits."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg import declared, dialect, index, store
from kg.dialect import LABEL_FIRST

NAMES = (
    "alpha",
    "beta_note",
    "Gamma Note",
    "delta",
    "sub/alpha",
    "sub/epsilon",
    "channel_x",
    "sub/index",
    "a___b%3F",
    "journals/2024_05_01",
    "C#",
    "R&D",
    "delta #2",
    "202405011200 x4f2",
    "x4f2-quay",
)
TEXTS = (
    "# Alpha\n\n[[beta_note | b]] and [[Gamma Note]] in Portugal. [00:12:05]\n",
    "---\ntitle: Beta\naliases: [delta, Other Name]\n---\n# Beta\n\nFrom: [[channel_x]]\n\n- [[missing one]] and Denmark\n",
    "---\ntitle: On video\nvideoId: JkIhnK7qf-w\n---\nFrom: [[channel_x]]\n\n## Lisbon [[alpha]]\n\nSaid in Spain. [00:25:05] [[Missing One]] [00:25:05]\n",
    "---\ntitle: Portugal\nvideoId: JkIhnK7qf-w\n---\nFrom: [[Channel X]]\n\n[[missing_one]], [[other name]], Portugal. [00:25:05]\n",
    "# Channel\n\n## [Video of the day](https://youtu.be/JkIhnK7qf-w)\n\n[[delta#Portugal]]\n",
    "# Channel\n\n## [The same video](https://youtu.be/JkIhnK7qf-w)\n\n![[epsilon]] [[sub/alpha]] France, [b](beta_note.md#Lisbon%20alpha), [up](../alpha.md#x) and [gone](no%20where.md)\n",
    "",
    "[[alpha]] [[alpha#^b1]] [[ALPHA#alpha]] [[delta#Video of the day|x]] [[#no such]] [99:99:99]\n\nPortugal. ^b1\n\nPortugal.\n",
    "---\nbad: [yaml\n---\n[[beta note]] [[gammanote]]\n",
    "---\nvideoId: JkIhnK7qf-w\n---\nFrom: [[alpha]]\n\nIn Spain. [01:10:00]\n",
    "From: [[sub/alpha]], [[delta]]\n\nsupports:: [[Other name]], [[missing one]]\n\n# Renamed\n\nA block of words. ^b1\n\n[[#^B1]] [[Gamma Note#Renamed]] [[sub/alpha#^b1]]\n",
    "---\ntitle: Another title\n---\n",
    '# X\n\nThe "Open Door" programme in Portugal. Open Door again.\n',
    'Ghana\'s "Open Door" grew. The "OPEN DOOR" tool in Ghana.\n\nPortugal\'s "Open Door" too.\n',
    'The "OPEN DOOR" platform and the "Open Door" plan [[alpha]]\n',
    "The Quiet Harbour Initiative (QHI) in Chile. They met the Open Door in Ghana.\n\n## Open Door\n\nQHI again.\n",
    "QHI and the Quiet Harbour Initiative, and the Open Door. The Quiet Heron Index (QHI) rose.\n",
    "---\ntype: initiative\naliases: [QHI]\ncountry: [PT, Atlantis]\nthemes: [delta, Trust]\n---\n# Open Door\n\n[[epsilon]]\n",
    "[[some words|delta]] and [[more words|sub/epsilon]], [[words|Gamma Note#Renamed]], ![[alpha#a:#b]] | [[alpha\\|x]]\n",
    "title:: Delta page\nalias:: One, [[Two names]]\ntype:: [[initiative]]\n\n- words in Portugal\n  id:: 64a0b1c2-0000-4000-8000-000000000001\n",
    "- ((64a0b1c2-0000-4000-8000-000000000001)) [[Two names]] [x](((64a0b1c2-0000-4000-8000-000000000002)))\n- ## Head {#own}\n  id:: 64a0b1c2-0000-4000-8000-000000000002\n",
    "| a |\n|---|\n| [[alpha|x]] |\n\n[[sub]] [[delta#own]] [[May 1st, 2024]] [[a/b?]] [[delta#^64a0b1c2-0000-4000-8000-000000000002]]\n\n[sub]: sub/epsilon.md\n",
    '<a id="own"></a>\nWords. [[#own]] ((64a0b1c2-0000-4000-8000-000000000001))\n\n## Head ^64a0b1c2-0000-4000-8000-000000000001\n',
    "---\ntype: person\nknows: ['[[alpha]]', Ada, '[[gone|so]]']\nland: Portugal\nup: Trust\nborn: 1970\n---\n# Delta\n\nsupports:: [[delta]], [[2024-05-01]]\n",
    "---\ntype: initiative\nup: [[delta]]\nland: [[Portugal]]\nbudget: +1.50\nsite: https://example.org/x\nseen: '[[journals/2024_05_01]]'\n---\n(knows:: [[beta_note]])\n",
    "---\nup: trust\nland: Atlantis\nknows: words\nborn: 1970-05-01\nteam:\n  - one\n  - '[[delta|two]]'\n---\nborn:: 1970\n\nknows:: [[Open Door]]\n",
    "---\ntags: [trust/privacy, portugal]\nbroader: '[[alpha]]'\nup: [\"[[delta]]\", '[[missing one]]']\nstars: 4\n---\nSee [[Trust]] and (knows:: [[beta_note]]).\n\nthemes:: Trust, Beta\n",
    "[[C#]] [[C]] [[delta #2]] [[R&amp;D]] [[kin:alpha]] [x](/sub/alpha) [y](sub/) [z](/sub/#Renamed) [w](/nowhere) {{query [[alpha]]}}\n",
    "---\nid: 20240501120000\n---\n#alpha and #gone, #sub/alpha [[202405011200]] [[x4f2]] [[sub/x4f2]] [x](x4f2)\n",
    "[[author:20240501120000|Ana]] [[20240501120000]] [[delta#2]] ![[pic.png|300]] [[_TOC_]] [[sub/]] [[Category:alpha]]\n\n#+BEGIN_QUERY\n[[C]]\n#+END_QUERY\n",
    "# 2\n\nWords @ID:202405011299 [[202405011299]] [[C# basics]] [[R&amp;D#2]]\n",
    "---\ntype: person\naliases: [Georgia]\n---\n# Jordan\n\nJordan and Georgia met in Chile.\n",
    "---\nland: Jordan\ncountry: Georgia\ntags: [weekly-sync]\n---\n[[Jordan]], Jordan, Georgia and [[Weekly sync]]\n",
    "---\nstatus: done\nup: '[[weekly sync]]'\naliases: [WS]\n---\n# Weekly sync\n\n[[delta]] and #weekly-sync, in [[WS]]\n",
    "---\ntype: theme\nstatus: new\n---\n# Weekly Sync\n\n[[weekly sync]] `Portugal` https://example.org/Portugal\n",
    "---\ntype: '[[Initiative]]'\nid: https://example.org/x\nstars: 4\nup: '[[C#]]'\ntags: [harbour]\n---\nup:: R&D\n",
)
CONTEXTS = (
    "",
    '{"@context": [{"up": "ex:up", "ex": "https://example.org/", "id": "@id"}, {"stars": {"@id": "ex:stars", "@type": "xsd:gYear"}, "xsd": "https://example.org/#"}]}',
    '{"@context": {"@vocab": "https://example.org/v#", "@language": "pt", "knows": null, "tags": "dcterms:subject"}}',
    "{",
)
MARKS = ("dendron.yml", ".zk", "logseq/config.edn")
"""What other tools leave."""


MEANT = '[properties]\nup = "skos:broader"\nland = ":country"\n'
HEAD = "kind,name,aliases,countries,themes,rejected\n"
VOCABULARIES = (
    "",
    HEAD + "initiative,Open Door,QHI,PT,Trust,\n",
    HEAD + "initiative,Open Door,,,,yes\ntheme,Quiet Harbour Initiative,,,,\ntheme,alpha,portugal | Beta,,,\n",
    HEAD + "country,Portugal,,,,yes\ncountry,Spain,Denmark,,,\n",
    HEAD + "organisation,QHI,Open Door,GH,,\ntheme,trust,,,,yes\nperson,On video,,,,\n",
)


SEARCHES = ("portugal", "open door OR alpha", '"open door" -ghana', "the", "missing one", "said OR channel")


@pytest.fixture(autouse=True)
def nothing_is_forced_to_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    # Hundreds of builds: waiting for the disk would be most of the time, and is tested elsewhere.
    monkeypatch.setattr(store, "_force", lambda path: None)


def contents(folder: Path) -> list[list[str]]:
    """Everything a graph says: all quads, those of suggestions too, all of the index, and what is found in it, in order;
    and how it declares the vault's own properties."""
    live = store.current(folder)
    tables = (index.links, index.titles, index.passages, index.sections, index.stamps, index.mentions)
    found = [repr(kg.open(folder).search(words, most=None)) for words in SEARCHES]
    vocabulary = sorted(map(repr, index.vocabulary(live.index).items()))
    own = (live.folder / declared.FILE).read_text(encoding="utf-8").split("\n")
    return [sorted(map(str, live.open())), own, *(sorted(map(repr, table(live.index))) for table in tables), found, vocabulary]


def written(folder: Path) -> tuple[bool, str, str]:
    """Where the words of links were read, the dialect that a tool's mark tells, and the context of keys."""
    manifest = store.current(folder).manifest
    vault = Path(manifest.source)
    context = vault / "context.jsonld"
    return manifest.dialect in LABEL_FIRST, dialect.detect(vault, "auto").name, context.read_text() if context.exists() else ""


def sides(folder: Path) -> str:
    """How many links speak for each side of the bar, as it is kept from build to build."""
    with closing(sqlite3.connect(folder / "cache.sqlite")) as cache:
        (told,) = cache.execute("select value from about where key = 'sides'").fetchone()
    return str(told)


def write(vault: Path, name: str, text: str | bytes) -> None:
    path = vault / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def edit(vault: Path, what: tuple[str, str, str, str]) -> None:
    action, name, other, text = what
    path, target = vault / f"{name}.md", vault / f"{other}.md"
    if action == "write":
        write(vault, name, text)
    elif action == "bytes":
        write(vault, name, text.encode() + b"\xff\xfe[[alpha]]")
    elif action == "decide":
        decisions = VOCABULARIES[TEXTS.index(text) % len(VOCABULARIES)]
        (vault / "vocabulary.csv").unlink(missing_ok=True)
        if decisions:
            (vault / "vocabulary.csv").write_text(decisions)
    elif action == "mark":
        mark = vault / MARKS[NAMES.index(name) % len(MARKS)]
        mark.parent.mkdir(exist_ok=True)
        mark.touch() if len(text) % 2 else mark.unlink(missing_ok=True)
    elif action == "context":
        (vault / "context.jsonld").unlink(missing_ok=True)
        if given := CONTEXTS[NAMES.index(name) % len(CONTEXTS)]:
            (vault / "context.jsonld").write_text(given)
    elif action == "delete":
        path.unlink(missing_ok=True)
    elif action == "touch" and path.exists():
        path.touch()
    elif action == "rename" and path.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)


edits = st.tuples(
    st.sampled_from(["write", "write", "write", "delete", "rename", "bytes", "decide", "mark", "context", "touch"]),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from(TEXTS),
)


@settings(max_examples=25)
@given(st.lists(st.lists(edits, min_size=1, max_size=4), min_size=1, max_size=5), st.sampled_from(["evidence", "evidence", "passages", "notes"]))
def test_an_updated_graph_is_what_a_full_build_makes(rounds: list[list[tuple[str, str, str, str]]], detail: str) -> None:
    with tempfile.TemporaryDirectory() as top:
        vault, folder, fresh = Path(top, "v"), Path(top, "g"), Path(top, "f")
        vault.mkdir()
        (vault / "kg.toml").write_text(f'{MEANT}\n[graph]\ndetail = "{detail}"\n')
        for at, name in enumerate(NAMES):
            write(vault, name, TEXTS[at])
        kg.build(vault, folder)
        before = written(folder)
        for changes in rounds:
            for change in changes:
                edit(vault, change)
            report = kg.build(vault, folder)
            # All is made anew where the links, or a mark that another tool leaves, say another dialect.
            now = written(folder)
            assert report.full == (now != before)
            before = now
            shutil.rmtree(fresh, ignore_errors=True)
            kg.build(vault, fresh)
            assert (contents(folder), sides(folder)) == (contents(fresh), sides(fresh))


def assert_updated(vault: Path, tmp_path: Path) -> None:
    kg.build(vault, tmp_path / "g")
    shutil.rmtree(tmp_path / "f", ignore_errors=True)
    kg.build(vault, tmp_path / "f")
    assert contents(tmp_path / "g") == contents(tmp_path / "f")


@pytest.mark.parametrize("detail", ["notes", "evidence"])
@pytest.mark.parametrize("link", ["# A\n[[Portugal]]\n", "---\ntype: country\n---\n# Portugal\n"])
def test_a_country_has_the_pages_that_are_there(tmp_path: Path, detail: str, link: str) -> None:
    vault = tmp_path / "v"
    write(vault, "a", link)
    write(vault, "Portugal", "# Portugal\n")
    (vault / "kg.toml").write_text(f'[graph]\ndetail = "{detail}"\n')
    kg.build(vault, tmp_path / "g")
    for there in (True, False):
        if there:
            write(vault, "Portuguese Republic", "# Portuguese Republic\n")
        else:
            (vault / "Portuguese Republic.md").unlink()
        assert_updated(vault, tmp_path)


def test_a_thing_is_what_the_vocabulary_says_where_its_keys_lead(tmp_path: Path) -> None:
    vault = tmp_path / "v"
    write(vault, "a", "---\ntype: country\ntitle: Open Door\nup: Trust\n---\ntext\n")
    (vault / "kg.toml").write_text(MEANT)
    (vault / "vocabulary.csv").write_text(HEAD + "initiative,Open Door,,,,\n")
    kg.build(vault, tmp_path / "g")
    for text in ('# T\nThe "TRUST" programme in Portugal. The "TRUST" programme began.\n', None):
        write(vault, "t", text) if text else (vault / "t.md").unlink()
        assert_updated(vault, tmp_path)


def test_a_link_with_an_article_means_the_page_of_its_theme_once_there_is_one(tmp_path: Path) -> None:
    vault = tmp_path / "v"
    write(vault, "b", "# B\n[[the sea]]\n")
    kg.build(vault, tmp_path / "g")
    for there in (True, False):
        if there:
            write(vault, "sea", "# Ocean\n")
        else:
            (vault / "sea.md").unlink()
        assert_updated(vault, tmp_path)


def test_a_class_of_the_context_is_said_while_a_note_says_it(tmp_path: Path) -> None:
    vault = tmp_path / "v"
    write(vault, "a", "# A\n[[Sea]]\n")
    (vault / "context.jsonld").write_text('{"@context": {"@vocab": "https://example.org/v#"}}')
    kg.build(vault, tmp_path / "g")
    for kind in ("book", "song", ""):
        write(vault, "b", f"---\ntype: {kind}\n---\n# Sea\n" if kind else "# Sea\n")
        assert_updated(vault, tmp_path)
        write(vault, "a", f"# A\n[[Sea]] {kind}\n")
        assert_updated(vault, tmp_path)


def test_the_folder_of_another_tool_is_new_and_the_links_are_as_before(tmp_path: Path) -> None:
    vault = tmp_path / "v"
    for at in range(4):
        write(vault, f"2024{at} note {at}", f"# Note {at}\n\n[[2024{(at + 1) % 4} note {(at + 1) % 4}|the next]]\n")
    (vault / ".zk").mkdir()
    kg.build(vault, tmp_path / "g")
    (vault / "dendron.yml").touch()
    assert_updated(vault, tmp_path)


@pytest.mark.parametrize("joined", ["initiative,Open Door,,PT,,\n", "initiative,Open Door,,,Portugal,\n"])
def test_what_the_vocabulary_joins_has_the_pages_that_are_there(tmp_path: Path, joined: str) -> None:
    vault = tmp_path / "v"
    write(vault, "a", "# Portugal\n")
    (vault / "kg.toml").write_text('[graph]\ndetail = "notes"\n')
    (vault / "vocabulary.csv").write_text(HEAD + joined)
    kg.build(vault, tmp_path / "g")
    write(vault, "a", "# Alpha\n")
    assert_updated(vault, tmp_path)


def test_an_update_writes_only_what_changed(tmp_path: Path) -> None:
    vault = tmp_path / "v"
    for at in range(60):
        write(vault, f"note{at}", f"# Note {at}\n\n[[note{(at + 1) % 60}]]\n")
    kg.build(vault, tmp_path / "g")
    write(vault, "note7", "# Note 7\n\n[[note9]] in Portugal\n")
    report = kg.build(vault, tmp_path / "g")
    assert (report.changed, report.written, report.full) == (1, 1, False)
    (vault / "note9.md").unlink()
    report = kg.build(vault, tmp_path / "g")
    # note9 was wanted by note8 and note7, which now have a broken link.
    assert (report.removed, report.written, report.broken) == (1, 2, 2)


def test_two_updates_in_a_row_keep_the_first(tmp_path: Path) -> None:
    vault = tmp_path / "v"
    write(vault, "a", "first")
    write(vault, "b", "first")
    kg.build(vault, tmp_path / "g")
    write(vault, "a", "[[b]]")
    kg.build(vault, tmp_path / "g")
    write(vault, "b", "[[a]]")
    kg.build(vault, tmp_path / "g")
    found = {tuple(map(str, row)) for row in kg.open(tmp_path / "g").query("SELECT ?a ?b { ?a :linksTo ?b }").terms}
    a, b = "<https://example.org/kg/note/a>", "<https://example.org/kg/note/b>"
    assert found == {(a, b), (b, a)}


def test_an_edit_that_keeps_size_and_time_is_seen(tmp_path: Path) -> None:
    import os

    vault = tmp_path / "v"
    write(vault, "a", "Portugal.")
    os.utime(vault / "a.md", ns=(10**18, 10**18))
    kg.build(vault, tmp_path / "g")
    write(vault, "a", "Denmark..")
    os.utime(vault / "a.md", ns=(10**18, 10**18))
    assert kg.build(vault, tmp_path / "g").changed == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_real_notes_edited_at_random(real: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    vault = tmp_path / "v"
    vault.mkdir()
    paths = sorted(real.glob("*.md"))
    for path in chance.sample(paths, 60):
        shutil.copy(path, vault)
    kg.build(vault, tmp_path / "g")
    for at in range(4):
        present = sorted(vault.glob("*.md"))
        for path in chance.sample(present, 3):
            path.unlink()
        for path in chance.sample(paths, 3):
            shutil.copy(path, vault)
        one = chance.choice(sorted(vault.glob("*.md")))
        one.write_text(one.read_text(encoding="utf-8").replace("the", "Iceland", 3), encoding="utf-8")
        assert not kg.build(vault, tmp_path / "g").full
        kg.build(vault, tmp_path / f"f{at}")
        assert contents(tmp_path / "g") == contents(tmp_path / f"f{at}")


def test_a_decision_reaches_the_page_of_a_name_that_is_written_otherwise(tmp_path: Path) -> None:
    vault = tmp_path / "v"
    write(vault, "2024-05-01", "# Alpha\n")  # a day's note is the page of nothing, unless an author decides on its title
    (vault / "vocabulary.csv").write_text(HEAD + "theme,alpha,,,,\n")
    kg.build(vault, tmp_path / "g")
    (vault / "vocabulary.csv").unlink()
    kg.build(vault, tmp_path / "g")
    kg.build(vault, tmp_path / "f")
    assert contents(tmp_path / "g") == contents(tmp_path / "f")
