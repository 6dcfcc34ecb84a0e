"""What came and went between two states of a graph: by generations, folders, files and revisions of git."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, serialize

import kg
from kg import diff, revision
from kg.cli import cli
from kg.diff import State
from kg.errors import KgError
from kg.export import FORMATS
from kg.states import FORMS

OLD = {
    "a.md": '---\naliases: [First]\n---\n# Arrivals\n\nThe "Open Door" programme in Ghana. See [[quay]] and [[Lost]].\n',
    "quay.md": "# Quay\n\nWater.\n",
    "gone.md": "# Gone\n\nNothing.\n",
    "moved.md": "# Moved\n\nStays as it is.\n",
}
NEW = {
    "a.md": '---\naliases: [Second]\n---\n# Arrivals\n\nThe "Open Door" programme in Ghana and Peru. See [[b c]].\n',
    "quay.md": OLD["quay.md"],
    "b c.md": "# Something new\n\nIn Chile.\n",
    "deep/moved.md": OLD["moved.md"],
}


def vault(folder: Path, notes: dict[str, str]) -> Path:
    for path in folder.rglob("*.md"):
        path.unlink()
    for name, text in notes.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(*arguments: str | Path, graph: Path | None = None) -> Result:
    done = CliRunner().invoke(cli, [*(["-g", str(graph)] if graph else []), "diff", *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, (SystemExit, KgError)), done.exception
    return done


def error(*arguments: str | Path, graph: Path | None = None) -> str:
    found = run(*arguments, graph=graph).exception
    assert isinstance(found, KgError)
    return str(found)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders of notes, each with its graph."""
    old, new = (tmp_path_factory.mktemp(name) for name in ("old", "new"))
    for folder, notes in ((old, OLD), (new, NEW)):
        vault(folder, notes)
        kg.build(folder)
    return old, new


# -- the laws ------------------------------------------------------------------------------------------

nodes = st.sampled_from([NamedNode(f"https://example.org/kg/{end}") for end in ("note/a", "note/b", "theme/x", "country/PT", "note/a#p-1")])
verbs = st.sampled_from([NamedNode(f"https://w3id.org/kgnotes/ontology#{end}") for end in ("linksTo", "text", "mentions")])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6).map(Literal)
quads = st.lists(st.builds(Quad, nodes, verbs, st.one_of(nodes, texts), st.one_of(st.just(DefaultGraph()), nodes)), max_size=14)


def applied(lines: set[str], patch: list[str]) -> set[str]:
    """Apply a patch as its reader would: in order, each line to what is there."""
    for line in patch:
        sign, _, statement = line.partition(" ")
        if sign == "D":
            lines.remove(statement)
        else:
            assert statement not in lines
            lines.add(statement)
    return lines


@given(quads, quads)
def test_a_patch_applied_to_the_old_gives_the_new(old: list[Quad], new: list[Quad]) -> None:
    states = [State("x", Store(), "https://example.org/kg/"), State("y", Store(), "https://example.org/kg/")]
    for state, given_quads in zip(states, (old, new), strict=True):
        state.store.extend(given_quads)
    before, after = ({line.decode() for line in state.lines(everywhere=True)} for state in states)
    patch = list(diff.patch(*states))
    assert applied(set(before), patch) == after
    assert applied(set(after), list(diff.patch(states[1], states[0]))) == before
    assert (patch == []) == (set(old) == set(new))
    default = [{quad for quad in each if quad.graph_name == DefaultGraph()} for each in (old, new)]
    assert diff.difference(*states).differs == (default[0] != default[1])


def test_a_patch_between_two_graphs_joins_their_exports(pair: tuple[Path, Path]) -> None:
    before, after = ({*kg.open(folder).export(form="nquads", header=False).rstrip("\n").split("\n")} for folder in pair)
    patch = run(*pair, "--format", "nquads-patch").stdout.rstrip("\n").split("\n")
    assert patch == sorted(patch, key=lambda line: (line[0] != "D", line))
    assert applied(before, patch) == after


def test_every_triple_is_compared_if_asked(pair: tuple[Path, Path]) -> None:
    told = json.loads(run(*pair, "--all", "--format", "json").stdout)["triples"]
    before, after = ({*kg.open(folder).export(form="ntriples", header=False).rstrip("\n").split("\n")} for folder in pair)
    assert {each["triple"] for each in told["added"]} == after - before
    assert {each["triple"] for each in told["removed"]} == before - after


# -- what is told ----------------------------------------------------------------------------------------


def test_notes_links_facts_entities_and_issues_that_came_and_went(pair: tuple[Path, Path]) -> None:
    told = json.loads(run(*pair, "--format", "json").stdout)
    assert [each["path"] for each in told["notes"]["added"]] == ["b c.md"]
    assert [each["path"] for each in told["notes"]["removed"]] == ["gone.md"]
    assert [each["path"] for each in told["notes"]["changed"]] == ["a.md"]
    assert told["notes"]["renamed"] == [{"from": "moved.md", "to": "deep/moved.md"}]
    assert told["links"] == {
        "added": [{"from": "a.md", "to": "b c.md"}],
        "removed": [{"from": "a.md", "to": "[[Lost]]"}, {"from": "a.md", "to": "quay.md"}],
    }
    assert {"note": "a.md", "entity": "country:PE"} in told["mentions"]["added"]
    assert told["facts"] == {"added": [{"subject": "initiative:open-door", "property": ":country", "object": "country:PE"}], "removed": []}
    assert {"name": "country:CL", "label": "Chile"} in told["entities"]["added"]
    assert [(each["name"], each["lost"], each["gained"]) for each in told["entities"]["changed"]] == [
        ("theme:arrivals", ['skos:altLabel "First"'], ['skos:altLabel "Second"']),
        ("theme:moved", [":page note:moved"], [":page <note/deep/moved>"]),
    ]
    assert [each["code"] for each in told["issues"]["removed"]] == ["broken-link"]
    assert told["counts"]["MissingNote"] == {"old": 1, "new": 0, "added": 0, "removed": 1}
    assert told["differs"] is True


def test_the_text_has_signs_and_is_cut_with_notice(pair: tuple[Path, Path]) -> None:
    out = run(*pair).stdout
    assert "notes: 1 added, 1 removed, 1 changed, 1 renamed\n  - gone.md\n  + b c.md\n  ~ moved.md → deep/moved.md\n  ~ a.md\n" in out
    assert "facts: 1 added\n  + initiative:open-door :country country:PE\n" in out
    assert "links: 1 added, 2 removed\n  - a.md → [[Lost]]\n    and 2 more; --limit shows them\n" in run(*pair, "--limit", "1").stdout


def test_markdown_keeps_marks_in_names_apart(tmp_path: Path) -> None:
    old, new = vault(tmp_path / "old", {"c.md": "y"}), vault(tmp_path / "new", {"`a` *b* <i>.md": "x"})
    assert "- added `` `a` *b* <i>.md ``\n" in run(old, new, "--format", "markdown").stdout


def test_nothing_changed_is_said_and_fine(pair: tuple[Path, Path]) -> None:
    done = run(pair[0], pair[0], "--exit-code")
    assert (done.exit_code, done.stdout) == (0, "nothing changed\n")
    assert run(pair[0], pair[0], "--format", "nquads-patch", "--exit-code").stdout == ""
    assert run(*pair, "--exit-code").exit_code == 1
    assert run(*pair, "--exit-code", "--format", "nquads-patch").exit_code == 1
    assert run(*pair).exit_code == 0


def test_a_triple_that_no_sort_holds_is_told(tmp_path: Path) -> None:
    quad = Quad(NamedNode("https://example.org/kg/note/a#p-1"), NamedNode("https://w3id.org/kgnotes/ontology#line"), Literal(1))
    (tmp_path / "one.nt").write_bytes(serialize([quad.triple], format=RdfFormat.N_TRIPLES) or b"")
    (tmp_path / "two.nt").write_text("")
    assert "triples: 1 removed\n" in run(tmp_path / "one.nt", tmp_path / "two.nt").stdout


def test_control_characters_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    old, new = vault(tmp_path / "old", {"a.md": "x"}), vault(tmp_path / "new", {"a.md": "[[\x1bred\u202e]]"})
    for form in ("text", "markdown"):
        told = run(old, new, "--format", form).stdout
        assert "red" in told
        assert not {"\x1b", "\u202e"} & set(told)


# -- states by their names -------------------------------------------------------------------------------


@pytest.fixture
def twice(tmp_path: Path) -> Path:
    """A folder of notes whose graph was built, changed and built again."""
    folder = vault(tmp_path / "vault", OLD)
    kg.build(folder)
    vault(folder, NEW)
    kg.build(folder)
    return folder


def test_without_names_the_generation_before_is_compared(twice: Path, pair: tuple[Path, Path]) -> None:
    expected = run(*pair).stdout
    for words in ([], ["previous"], ["@1"], ["@1", "@0"], ["previous", twice], [twice / ".kg" / "gen-000001", twice / ".kg"]):
        assert run(*words, graph=twice).stdout == expected
    assert "none is kept" in error(graph=pair[0])
    assert "only 1 before the live one is kept" in error("@2", graph=twice)


def test_notes_without_a_graph_are_built_elsewhere(pair: tuple[Path, Path], tmp_path: Path) -> None:
    vault(tmp_path, NEW)
    assert run(pair[0], tmp_path).stdout == run(*pair).stdout
    assert run(tmp_path, graph=pair[0]).stdout == run(pair[1], pair[0]).stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "b c.md", "deep", "quay.md"]


@pytest.mark.parametrize("form", FORMS)
def test_a_file_of_triples_is_a_state(pair: tuple[Path, Path], tmp_path: Path, form: str) -> None:
    path = tmp_path / f"old{FORMATS[form][0]}"
    kg.open(pair[0]).export(path)
    done = run(path, pair[0])
    assert (done.stdout, "note:" in done.stderr) == ("nothing changed\n", False)
    assert run(path, pair[1]).stdout == run(*pair).stdout


def test_files_that_are_none_are_told(tmp_path: Path, pair: tuple[Path, Path]) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.nt").write_text("<a:a> <a:b> <a:c> .\n\nnonsense .\n")
    (tmp_path / "c.nt").write_text("<a:a> <a:b> _:c .\n")
    (tmp_path / "empty").mkdir()
    assert "is no file of triples" in error(tmp_path / "a.txt", graph=pair[0])
    assert "b.nt:3: is not ntriples" in error(tmp_path / "b.nt", graph=pair[0])
    assert "blank nodes" in run(tmp_path / "c.nt", graph=pair[0]).stderr
    assert "holds no graph and no notes" in error(tmp_path / "empty", graph=pair[0])
    assert "did you mean 'previous'?" in error("prevous", graph=pair[0])


def test_another_base_is_told_and_compared_without(pair: tuple[Path, Path], tmp_path: Path) -> None:
    vault(tmp_path, OLD)
    (tmp_path / "kg.toml").write_text('[graph]\nbase = "https://elsewhere.example/"\n')
    done = run(pair[0], tmp_path)
    assert done.stdout == "nothing changed\n"
    assert "the bases differ: https://example.org/kg/ and https://elsewhere.example/" in done.stderr


def test_a_graph_that_is_behind_its_notes_is_told(twice: Path) -> None:
    assert "kg build brings it up to date" not in run(graph=twice).stderr
    (twice / "quay.md").unlink()
    assert "kg build brings it up to date" in run(graph=twice).stderr


# -- git ---------------------------------------------------------------------------------------------------


def git(folder: Path, *words: str, given: str | bytes = "") -> str:
    settings = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    data = given.encode() if isinstance(given, str) else given
    return subprocess.run(["git", *settings, *words], cwd=folder, check=True, capture_output=True, input=data).stdout.decode().strip()


@pytest.fixture
def remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with notes in a folder of it, two commits, and a graph of the second; it is where we are."""
    top = tmp_path / "repository"
    vault(top / "notes", OLD)
    (top / "kg.toml").write_text('[notes]\nfolder = "notes"\n')
    (top / ".gitignore").write_text(".kg/\n")
    git(top, "init", "-q", "-b", "main")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "one")
    git(top, "tag", "v1")
    vault(top / "notes", NEW)
    git(top, "add", "-A")
    git(top, "commit", "-qm", "two")
    kg.build(top)
    monkeypatch.chdir(top)
    return top


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.rglob("*")) if path.is_file()}


def test_two_revisions_are_compared_and_the_repository_is_not_touched(remembered: Path, pair: tuple[Path, Path]) -> None:
    before = contents(remembered)
    expected = run(*pair).stdout
    for words in (["HEAD~1"], ["v1", "HEAD"], ["v1", ".kg"], [git(remembered, "rev-parse", "v1")[:9], "main"]):
        assert run(*words).stdout == expected
    assert run("HEAD").stdout == "nothing changed\n"
    assert contents(remembered) == before


def test_a_revision_is_compared_with_the_notes_where_there_is_no_graph(remembered: Path, pair: tuple[Path, Path]) -> None:
    import shutil

    shutil.rmtree(remembered / ".kg")
    assert run("v1").stdout == run(*pair).stdout
    assert not (remembered / ".kg").exists()


def test_settings_and_vocabulary_are_those_of_the_revision(remembered: Path) -> None:
    (remembered / "vocabulary.csv").write_text("kind,name,countries\ninitiative,Talk Cardiff,GB\n")
    git(remembered, "add", "-A")
    git(remembered, "commit", "-qm", "three")
    told = json.loads(run("HEAD~1", "HEAD", "--format", "json").stdout)
    assert told["facts"]["added"] == [{"subject": "initiative:talk-cardiff", "property": ":country", "object": "country:GB"}]
    assert told["notes"] == {"added": [], "removed": [], "changed": [], "renamed": []}


def test_what_tools_left_and_what_keys_mean_are_those_of_the_revision(remembered: Path) -> None:
    """Nothing was edited, so nothing changed: templates are no notes, a day is the journal's, and a key has its meaning."""
    notes = remembered / "notes"
    for name, text in {
        ".obsidian/templates.json": '{"folder": "Templates"}',
        "Templates/daily.md": "# {{title}}\n\nIn Portugal.\n",
        "logseq/config.edn": '{:journal/page-title-format "dd-MM-yyyy"}',
        "journals/2024_05_01.md": "[[01-05-2024]] in Ghana\n",
        "context.jsonld": '{"@context": {"@vocab": "https://example.org/v#"}}',
        "keyed.md": "---\nmood: fine\n---\n# Keyed\n",
    }.items():
        (notes / name).parent.mkdir(parents=True, exist_ok=True)
        (notes / name).write_text(text)
    git(remembered, "add", "-A")
    git(remembered, "commit", "-qm", "tools")
    kg.build(remembered)
    assert run("HEAD").stdout == "nothing changed\n"


@pytest.mark.parametrize("name", ["--upload-pack=touch evil", "-x", "--output=evil", "--"])
def test_a_revision_never_becomes_an_option(remembered: Path, name: str) -> None:
    with pytest.raises(KgError, match="does not begin with a hyphen"):
        revision.find(remembered, name)
    assert not (remembered / "evil").exists()
    assert not (remembered / "notes" / "evil").exists()


@pytest.mark.parametrize(
    "name", ["$(touch evil)", "`touch evil`", "HEAD; touch evil", "^HEAD", "v1..main", "HEAD:notes", "", "a\0b", "nope\n--all", "HEAD\nHEAD"]
)
def test_a_name_of_no_commit_is_none(remembered: Path, name: str) -> None:
    assert revision.find(remembered, name) is None
    assert not list(remembered.rglob("evil*"))


def test_a_folder_goes_before_a_revision_of_its_name_and_says_so(remembered: Path) -> None:
    git(remembered, "branch", "notes", "v1")
    done = run("notes", "HEAD")
    assert done.stdout == "nothing changed\n"
    assert "note: notes is here on disk, which is taken, and a revision of git as well\n" in done.stderr


def test_a_crafted_commit_cannot_write_outside(remembered: Path, tmp_path: Path) -> None:
    blob = git(remembered, "hash-object", "-w", "--stdin", given="# Evil\n")

    def tree(*entries: tuple[str, str, str]) -> str:
        data = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(sha) for mode, name, sha in entries)
        return git(remembered, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=data)

    up = tree(("100644", "evil.md", blob))
    link = git(remembered, "hash-object", "-w", "--stdin", given=str(tmp_path / "evil.md"))
    notes = tree(("40000", "..", up), ("40000", ".git", up), ("100644", "good.md", blob), ("120000", "link.md", link))
    commit = git(remembered, "commit-tree", tree(("40000", "notes", notes)), "-m", "crafted")
    told = json.loads(run(commit, "--format", "json").stdout)
    assert [each["path"] for each in told["notes"]["removed"]] == ["good.md"]
    assert not list(tmp_path.rglob("evil.md"))


def test_settings_of_a_revision_may_not_lead_out_of_it(remembered: Path) -> None:
    (remembered / "kg.toml").write_text('[notes]\nfolder = "../../.."\n')
    git(remembered, "commit", "-qam", "out")
    (remembered / "kg.toml").write_text('[notes]\nfolder = "notes"\n')
    assert "names a folder outside the repository" in error("HEAD")


def test_a_revision_before_there_were_notes_has_none(remembered: Path) -> None:
    empty = git(remembered, "commit-tree", git(remembered, "hash-object", "-t", "tree", "-w", "--stdin"), "-m", "empty")
    done = run(empty)
    assert "has no notes in" in done.stderr
    assert "notes: 4 added\n" in done.stdout


def test_a_hook_does_not_lead_elsewhere(remembered: Path, pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", os.devnull)
    assert run("v1").stdout == run(*pair).stdout


def test_without_git_names_are_told_as_unknown(remembered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "git is not installed" in error("HEAD~1")
    assert run(".kg", ".kg").stdout == "nothing changed\n"
