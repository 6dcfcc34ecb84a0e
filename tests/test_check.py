"""``kg check``: what is found, where, how it is told, and what may be left out."""

from __future__ import annotations

import json
import os
import shutil
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pytest

from kg import build, check, cli, names, pipeline
from kg import open as open_graph
from kg.check import CODES, Finding, fresh, judged, sarif, stored, wanted
from kg.check.known import Checked
from kg.config import Config
from kg.errors import KgError
from kg.graph import Graph

GOLDEN = Path(__file__).parent / "golden" / "check"
ELSEWHERE = {
    "symlink",
    "not-a-file",
    "name",
    "unreadable",
    "extractor-failed",
    "unverified-mention",
    "shape",
    "graph-file",
    "graph-count",
    "graph-evidence",
}
"""Codes that no note of the seeded vault can have; tests below, of plug-ins and of shapes have them."""


@pytest.fixture
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault with one flaw of every code."""
    shutil.copytree(GOLDEN / "notes", tmp_path / "notes")
    (tmp_path / "notes" / "old_letters.md").write_bytes(b"# Old letters\n\nThe caf\xe9 at the pier.\n")  # as Latin-1 has it
    monkeypatch.chdir(tmp_path / "notes")
    return tmp_path / "notes"


def vault(folder: Path, notes: dict[str, str]) -> Path:
    for name, text in notes.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def found(folder: Path, config: Config | None = None) -> list[Finding]:
    with fresh.looked_at(folder, folder / ".kg", config or Config(), lambda _: None) as known:
        return check.check(known, check.settings(known, config or Config()))


def told(folder: Path) -> list[str]:
    return [f"{each.place} {each.code}" for each in found(folder)]


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.run(["check", *arguments])
    out = capsys.readouterr()
    return code, out.out, out.err


# -- a flaw of every code ------------------------------------------------------------------------


def test_each_flaw_is_found_once_at_its_place_and_nothing_else(seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ran(capsys)
    assert (code, out) == (1, (GOLDEN / "found.txt").read_text(encoding="utf-8"))


def test_the_seeded_vault_has_a_flaw_of_every_code() -> None:
    shown = {line.split(": ")[1].split()[1] for line in (GOLDEN / "found.txt").read_text(encoding="utf-8").splitlines()}
    assert shown == CODES.keys() - ELSEWHERE


def test_fix_leaves_what_has_no_sure_answer(seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sure = [each for each in found(seeded) if each.edit]
    assert [each.code for each in sure] == ["loose-link", "broken-link"]
    code, out, err = ran(capsys, "--fix")
    before = (GOLDEN / "found.txt").read_text(encoding="utf-8").splitlines()
    assert out.splitlines() == [line for line in before if not line.startswith(tuple(each.place for each in sure))]
    assert (code, "mended 2 links in 2 notes" in err) == (1, True)


def test_the_same_is_found_with_a_graph_and_with_an_old_one(seeded: Path) -> None:
    expected = found(seeded)
    build(seeded)
    assert found(seeded) == expected
    (seeded / "crane.md").write_text("# Crane\n\n[[nowhere]]\n", encoding="utf-8")
    assert [each.code for each in found(seeded) if each.path == "crane.md"] == ["broken-link"]


@pytest.mark.skipif(os.name == "nt", reason="needs links and pipes of POSIX")
def test_what_the_build_leaves_out_is_told(tmp_path: Path) -> None:
    notes = vault(tmp_path / "notes", {"a.md": "[[b]]", "b.md": "[[a]]"})
    (tmp_path / "outside.md").write_text("x", encoding="utf-8")
    (notes / "link.md").symlink_to(tmp_path / "outside.md")
    os.mkfifo(notes / "pipe.md")
    assert told(notes) == ["link.md symlink", "pipe.md not-a-file"]


def test_a_vault_without_flaws_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(
        vault(tmp_path, {"a.md": "[[b]]", "b.md": "[[a#^x]] ^y", "c.md": "![[a]] `[[no]]`\n\n    [[code]]\n", "a.MD": "Text ^x\n\n[[b]]"})
    )
    (tmp_path / "a.MD").unlink()
    (tmp_path / "a.md").write_text("Text ^x\n\n[[b]]", encoding="utf-8")
    assert ran(capsys, "--strict") == (
        0,
        "",
        "note: there is no graph yet: one is made for this check only (kg build keeps one)\nnothing found in 3 notes\n",
    )


# -- what is suggested, and what is sure ---------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "note", "sure"),
    [
        ("tidal_harbuor", "tidal_harbour.md", True),  # two letters changed places
        ("tidal_harbourr", "tidal_harbour.md", True),
        ("Tidal harbou", "tidal_harbour.md", True),
        ("tidal_harbours", "tidal_harbour.md", False),  # the notes speak of harbours: it is a word
        ("tides_2023", "tides_2024.md", False),  # no slip: another year
        ("tidal_log", "tidal_logs.md", False),  # too short to tell
        ("amoral_sailors", "moral_sailors.md", False),  # the first letter
        ("tidal_harbuor_two", "tidal_harbour.md", False),
    ],
)
def test_a_slip_has_a_sure_answer(written: str, note: str, sure: bool, tmp_path: Path) -> None:
    vault(tmp_path, {"a.md": f"See [[{written}]].\n", note: "All harbours: [[a]]\n"})
    (broken,) = [each for each in found(tmp_path) if each.code == "broken-link"]
    assert (broken.edit is not None) == sure
    if broken.edit:
        assert broken.edit.new == note.removesuffix(".md")


def test_what_two_ask_for_is_no_slip(tmp_path: Path) -> None:
    vault(tmp_path, {"a.md": "[[tidal_harbuor]]", "b.md": "[[tidal_harbuor]] [[tidal_harbour]]", "tidal_harbour.md": "[[a]]"})
    (one, two) = [each for each in found(tmp_path) if each.code == "broken-link"]
    assert (one.edit, two.edit) == (None, None)
    assert (one.message, one.fix) == ("[[tidal_harbuor]]: no note has this name; b.md:1 wants it as well", "did you mean [[tidal_harbour]]?")


def test_what_comes_near_two_notes_is_not_sure(tmp_path: Path) -> None:
    vault(tmp_path, {"a.md": "[[tidal_harbxur]] [[tidal_harbour]] [[tidal_harbyur]]", "tidal_harbour.md": "[[a]]", "tidal_harbyur.md": ""})
    (broken,) = [each for each in found(tmp_path) if each.code == "broken-link"]
    assert broken.edit is None


def test_a_name_that_stands_as_a_heading_elsewhere_is_told(tmp_path: Path) -> None:
    vault(tmp_path, {"a.md": "[[Spring tide]]", "b.md": "# B\n\n## Spring tide\n\n[[a]]"})
    (broken,) = found(tmp_path)
    assert broken.fix == "b.md:3 has a heading of this name: [[b#Spring tide]]"


def test_a_link_in_markdowns_form_is_told_in_its_form_and_left(tmp_path: Path) -> None:
    vault(tmp_path, {"sub/a.md": "[so](../tidal%20harbuor.md)", "tidal harbour.md": "[[a]]"})
    (broken,) = found(tmp_path)
    assert (broken.message, broken.fix) == ("(../tidal harbuor.md): no note has this name", "did you mean (../tidal%20harbour.md)?")
    assert (broken.place, broken.end_column, broken.edit) == ("sub/a.md:1:1", 28, None)


def test_a_link_in_dendrons_order_is_mended_after_the_bar(tmp_path: Path) -> None:
    vault(tmp_path, {"a.md": "[[the harbour|tidal_harbuor]]", "tidal_harbour.md": "[[x|a]]"})
    (broken,) = [each for each in found(tmp_path, Config(dialect="dendron")) if each.code == "broken-link"]
    assert broken.edit == check.Edit(1, 15, "tidal_harbuor", "tidal_harbour")


def test_what_is_hidden_on_purpose_is_not_swallowed(tmp_path: Path) -> None:
    hidden = "`[[a|b]]` \\[[a]] <!-- [[a]] --> %% [[a]] %%\n\n<!--\n[[a]]\n-->\n\n<pre>\n[[a]]\n</pre>\n\n| x |\n|---|\n| `[[a|b]]` |\n"
    vault(tmp_path, {"a.md": "[[b]]", "b.md": f"{hidden}\n[[a]]\n"})
    assert told(tmp_path) == []


# -- what is left out ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[x]] <!-- kg-ignore: broken-link -->\n\n[[x]]", ["a.md:3:1 broken-link"]),
        ("[[x]] %% kg-ignore: broken-link %%", []),
        ("[[x]] %% kg-ignore %%", []),
        ("%% kg-ignore: broken-link %%\n\n[[x]]\n[[x]]", ["a.md:4:1 broken-link"]),
        ("[[x]]\n\n[[x]]\n\n<!-- kg-ignore-file: broken-link orphan -->", []),
        ("[[x]] <!-- kg-ignore: orphan, self-link -->", ["a.md:1:1 broken-link"]),
        ("[[x]] <!-- kg-ignore: brokenlink -->", ["a.md:1:1 broken-link", "a.md:1:23 unknown-ignore"]),
        ("`%% kg-ignore-file %%`\n\n[[x]]", ["a.md:3:1 broken-link"]),
        ("```\n%% kg-ignore-file %%\n```\n\n[[x]]", ["a.md:5:1 broken-link"]),
    ],
)
def test_comments_in_a_note_leave_findings_out(text: str, expected: list[str], tmp_path: Path) -> None:
    assert told(vault(tmp_path, {"a.md": text})) == expected


def test_settings_say_how_bad_it_is_and_what_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    vault(tmp_path, {"a.md": "[[x]] [[a]]", "daily/b.md": "[[x]]", "c.md": ""})
    settings = '[check]\nseverity = { "broken-link" = "warning", orphan = "error", self-link = "off" }\nignore = ["broken-link: daily/**"]\n'
    (tmp_path / "kg.toml").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code, out, _ = ran(capsys)
    assert (code, [line.split(": ")[1] for line in out.splitlines()]) == (1, ["warning broken-link", "error orphan"])
    assert ran(capsys, "--ignore", "orphan")[0] == 0
    assert ran(capsys, "--ignore", "orphan", "--strict")[0] == 1
    assert [each["code"] for each in json.loads(ran(capsys, "--only", "orphan", "--format", "json")[1])] == ["orphan"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('ignore = ["brokn-link"]', "[check] ignore: unknown code 'brokn-link'\n  hint: did you mean 'broken-link'?"),
        ('severity = { orfan = "off" }', "[check] severity: unknown code 'orfan'\n  hint: did you mean 'orphan'?"),
        ('severity = { orphan = "bad" }', "[check] severity of orphan: 'bad' is none\n  hint: known: error, warning, info, off"),
        ("severity = 3", "severity must be a table of error, warning, info or off by code, not 3"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(
    settings: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    vault(tmp_path, {"a.md": "", "kg.toml": f"[check]\n{settings}\n"})
    monkeypatch.chdir(tmp_path)
    code, out, err = ran(capsys)
    assert (code, out) == (2, "")
    assert said in err


def test_settings_of_the_check_change_nothing_in_a_graph() -> None:
    assert repr(Config(ignore=("orphan",), severity=(("orphan", "off"),))) == repr(Config())


@pytest.mark.parametrize(
    "arguments",
    [["--only", "nothing"], ["--ignore", "x"], ["--wanted", "--fix"], ["--graph", "--fix"], ["--wanted", "--format", "sarif"], ["nowhere.md"]],
)
def test_what_means_nothing_is_wrong_usage(arguments: list[str], seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ran(capsys, *arguments)
    assert (code, out) == (2, "")


# -- which notes ---------------------------------------------------------------------------------


def test_some_notes_or_folders_may_be_named(seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [line.partition(":")[0] for line in ran(capsys, "daily")[1].splitlines()] == ["daily/buoys.md", "daily/monday.md"]
    assert [line.partition(":")[0] for line in ran(capsys, "own_words.md", "adrift.md")[1].splitlines()] == ["adrift.md", "own_words.md"]
    build(seeded)
    assert ran(capsys, "index.md")[:2] == (0, "")


def test_the_folder_of_the_notes_may_be_named(seeded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(seeded.parent)
    assert ran(capsys, "notes")[1] == (GOLDEN / "found.txt").read_text(encoding="utf-8")
    assert ran(capsys, "-g", "nowhere", "notes")[0] == 1


def test_a_graph_that_is_older_than_the_notes_is_left_as_it_is(seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(seeded)
    before = {path: path.read_bytes() for path in (seeded / ".kg").rglob("*") if path.is_file()}
    (seeded / "tide_tables.md").write_text("# Tide tables\n", encoding="utf-8")
    _, _, err = ran(capsys)
    assert "note: tide_tables.md changed since the graph was built: checked as it is now (kg build updates the graph)" in err
    assert {path: path.read_bytes() for path in (seeded / ".kg").rglob("*") if path.is_file()} == before


def test_a_note_that_changes_all_the_time_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault(tmp_path, {"a.md": "[[b]]", "b.md": "[[a]]"})
    real = pipeline.build

    def build_while_somebody_writes(*given: Any, **options: Any) -> Any:
        report = real(*given, **options)
        with (tmp_path / "b.md").open("a", encoding="utf-8") as note:
            note.write("more ")
        return report

    monkeypatch.setattr(pipeline, "build", build_while_somebody_writes)
    said: list[str] = []
    with fresh.looked_at(tmp_path, tmp_path / ".kg", Config(), said.append) as known:
        assert check.check(known, check.settings(known, Config())) == []
    assert said[1:] == ["b.md changed while it was checked; check again"]


def test_a_graph_of_other_files_has_no_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    assert cli.run(["load", "a.ttl"]) == 0
    capsys.readouterr()
    code, _, err = ran(capsys)
    assert (code, "it has no notes to check" in err) == (1, True)
    assert ran(capsys, "--graph")[0] == 0


# -- how it is told ------------------------------------------------------------------------------


def test_json_has_what_programs_need(seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(ran(capsys, "--format", "json")[1])
    (broken,) = [row for row in rows if row["code"] == "broken-link"]
    assert broken == {
        "code": "broken-link", "severity": "error", "path": "tide_tables.md", "line": 3, "column": 22, "end_column": 53,
        "message": "[[lighthous_keepers]]: no note has this name", "fix": "did you mean [[lighthouse_keepers]]?",
        "edit": {"line": 3, "column": 24, "old": "lighthous_keepers", "new": "lighthouse_keepers", "end_column": 41},
        "help": CODES["broken-link"].meaning,
    }  # fmt: skip


def test_sarif_names_rules_places_and_mends(seeded: Path) -> None:
    findings = found(seeded)
    said = sarif.document(findings, seeded, seeded.parent)
    (run,) = said["runs"]
    assert said["version"] == "2.1.0"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == list(CODES)
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in run["results"])
    assert len(run["results"]) == len(findings)
    (broken,) = [each for each in run["results"] if each["ruleId"] == "broken-link"]
    file = {"uri": "notes/tide_tables.md", "uriBaseId": "SRCROOT"}
    assert broken["level"] == "error"
    assert broken["locations"] == [{"physicalLocation": {"artifactLocation": file, "region": {"startLine": 3, "startColumn": 22, "endColumn": 53}}}]
    deleted = {"startLine": 3, "startColumn": 24, "endColumn": 41}
    change = {"artifactLocation": file, "replacements": [{"deletedRegion": deleted, "insertedContent": {"text": "lighthouse_keepers"}}]}
    assert broken["fixes"] == [{"description": {"text": "Write 'lighthouse_keepers'."}, "artifactChanges": [change]}]
    (knots,) = [each for each in run["results"] if each["ruleId"] == "broken-heading"]
    assert knots["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "notes/Ropes%20and%20knots.md"


def test_control_characters_are_made_visible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(vault(tmp_path, {"a.md": "[[x\x1b[31m]]"}))
    assert "\x1b" not in "".join(ran(capsys)[1:])


# -- wanted notes --------------------------------------------------------------------------------


def test_wanted_notes_come_with_where_and_with_a_stub(tmp_path: Path) -> None:
    notes = {"a.md": "Of [[spring_tide]] and [[Neap tide|neap]].\n", "sub/b.md": "So [[Spring tide]] says.\n\n[[spring_tide]]", "spring.md": "[[a]]"}
    with fresh.looked_at(vault(tmp_path, notes), tmp_path / ".kg", Config(), lambda _: None) as known:
        first, second = wanted.ranked(known)
        assert (first.name, first.file, first.links, first.notes) == ("spring_tide", "sub/spring_tide.md", 3, 2)
        assert [f"{each.path}:{each.line}:{each.column}" for each in first.places] == ["a.md:1:4", "sub/b.md:1:4", "sub/b.md:3:1"]
        assert first.stub == "# Spring tide\n\nWanted by:\n\n- [[a]]: Of spring_tide and neap.\n- [[b]]: So Spring tide says.\n"
        assert (second.name, second.links) == ("Neap tide", 1)
        assert wanted.named(known, "SPRING-TIDE") == first
        with pytest.raises(KgError, match="no link asks for 'spring_tyde'"):
            wanted.named(known, "spring_tyde")
        with pytest.raises(KgError, match="there is a note of this name"):
            wanted.named(known, "spring")


def test_the_command_lists_and_prints_them(seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ran(capsys, "--wanted")
    assert (code, out.splitlines()[0]) == (0, "    1 link   lighthous_keepers  (1 note)")
    assert ran(capsys, "--stub", "lighthous keepers")[1].startswith("# Lighthous keepers\n")
    assert json.loads(ran(capsys, "--wanted", "--format", "json")[1])[0]["near"] == ["lighthouse_keepers.md"]


# -- the graph itself ----------------------------------------------------------------------------


def test_a_whole_graph_has_nothing_wrong(samples: Graph) -> None:
    assert stored.findings(Checked(samples, Config())) == []


def test_every_claim_of_stated_facts_stands_in_its_note(stated: Graph) -> None:
    known = Checked(stated, Config())
    assert stored.counted(known).endswith(" claims")
    assert stored.findings(known) == []


def test_a_damaged_file_is_told(seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(seeded)
    (index,) = sorted((seeded / ".kg").glob("gen-*/index/*.sqlite"))[:1]
    data = index.read_bytes()
    index.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))
    code, out, err = ran(capsys, "--graph")
    assert (code, "is not what was written" in out + err, "kg build --full" in err) == (1, True, True)
    index.unlink()
    code, out, err = ran(capsys, "--graph")
    assert (code, index.name in out + err) == (1, True)


def test_a_graph_that_holds_other_than_it_says_is_told(seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(seeded)
    (manifest,) = (seeded / ".kg").glob("gen-*/manifest.json")
    said = json.loads(manifest.read_text(encoding="utf-8"))
    said["counts"]["notes"] += 1
    manifest.write_text(json.dumps(said), encoding="utf-8")
    # The seal of the manifest tells before anything is counted.
    code, out, err = ran(capsys, "--graph")
    assert (code, out, "kg build --full" in err) == (1, "", True)


def test_words_that_are_not_in_the_note_are_told(tmp_path: Path) -> None:
    vault(tmp_path, {"a.md": "---\ntype: initiative\ncountry: Ghana\n---\nText.\n"})
    build(tmp_path)
    known = Checked(open_graph(tmp_path), Config())
    assert stored.findings(known) == []
    known.texts.lines("a.md")[2] = "country: Togo"
    (wrong,) = stored.findings(known)
    assert (wrong.place, wrong.code, "do not stand there" in wrong.message) == ("a.md:3", "graph-evidence", True)


def test_g_names_the_graph_and_graph_alone_checks_it(seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(seeded)
    assert ran(capsys, "--graph", ".kg", "--only", "orphan")[1].startswith("adrift.md")
    for arguments in (["--graph"], ["--graph", "-g", ".kg"], ["-g", ".kg", "--graph"]):
        assert "nothing is wrong" in ran(capsys, *arguments)[2]


def test_the_real_notes(oecd: Graph) -> None:
    known = Checked(oecd, Config())
    rows = check.check(known, check.settings(known, Config()))
    broken = [each for each in rows if each.code == "broken-link"]
    assert 342 <= len(broken) <= 348
    assert {each.code for each in rows} >= {"odd-timestamp", "ambiguous-timestamp", "loose-link"}
    assert all(each.line and each.column for each in rows)
    stems = {names.spaced(path.removesuffix(".md")): path.removesuffix(".md") for path in known.paths.values()}
    right = typos = 0
    for each in broken:
        near = get_close_matches(names.spaced(each.message.partition("]]")[0][2:]), stems, n=1, cutoff=0.88)
        typos += len(near)
        right += any(f"[[{stems[one]}]]" in each.fix for one in near)
    assert right == typos >= 30


def test_ignored_reads_codes_with_any_separator() -> None:
    assert judged.ignored("a.md", ["x <!-- kg-ignore: orphan,self-link; name -->"], CODES).lines == {1: {"orphan", "self-link", "name"}}


def test_messages_on_links_name_other_places_and_other_names(tmp_path: Path) -> None:
    notes = {
        "a.md": "[[Earthsea]] and [[Earthsea]]. See [[#^blk]].\n\n[[2024-05-04]] and [[Jun 1st, 2024]]\n",
        "b.md": "## C# tips!\n\n[[Earthsea]] [[b#C# tip]]\n",
        "2024-05-02.md": "mood:: fine\n",
    }
    for name, text in notes.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    told = [f"{each.place} {each.message}; {each.fix}" for each in found(tmp_path) if each.code.startswith("broken")]
    assert told == [
        "a.md:1:1 [[Earthsea]]: no note has this name; b.md:3 wants it as well; write the note, or mend the name",
        "a.md:1:18 [[Earthsea]]: no note has this name; b.md:3 wants it as well; write the note, or mend the name",
        "a.md:1:36 [[#^blk]]: a.md has no block ^blk; write ^blk at the end of the block that is meant",
        "a.md:3:1 [[2024-05-04]]: no note has this name; write the note, or mend the name",
        "a.md:3:20 [[Jun 1st, 2024]]: no note has this name; write the note, or mend the name",
        "b.md:3:1 [[Earthsea]]: no note has this name; a.md:1 wants it as well; write the note, or mend the name",
        "b.md:3:14 [[b#C# tip]]: b.md has no heading 'C# tip'; did you mean [[b#C tips!]]?",
    ]
