"""``kg check --fix``: what has one sure answer is mended, and no other byte of a note changes."""

from __future__ import annotations

import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import build, cli
from kg.check import Edit, Finding, fresh
from kg.check import fix as fixes
from kg.check.texts import Texts
from kg.config import Config
from kg.errors import KgError

RIGHT, WRONG = "tidal_harbour", "tidal_harbuor"


def written(folder: Path, data: bytes) -> Path:
    """A vault in which one note has a slip, as bytes."""
    folder.mkdir(exist_ok=True)
    (folder / f"{RIGHT}.md").write_text("# Tidal harbour\n", encoding="utf-8")
    (folder / "a.md").write_bytes(data)
    return folder


def mend(folder: Path) -> None:
    with fresh.looked_at(folder, folder / ".kg", Config(), lambda _: None) as known:
        from kg import check

        for each in fixes.plan(check.check(known, check.settings(known, Config())), known.texts):
            assert isinstance(each, fixes.Mended)
            fixes.save(folder, each)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"[[%s]]", b"[[%s]]"),
        (b"\xef\xbb\xbfSee ![[ %s#Ebb | the ebb ]], no end of line", None),
        (b"One\r\n\r\nSee [[%s|x]].\r\n", None),
        (b"One\r\rSee [[%s|x]].\r", None),
        (b"caf\xe9 \xff [[%s]] \x00 \x80\n\x0c\n", None),
        (b'---\nup: "[[%s]]"\n---\nText  \n\n\n', None),
        (b"```markdown\n[[%s]]\n```\n", None),
        ("Naïve 😀 e\u0301 [[%s]] \u2028 [[other]]\n".encode(), None),
        (b"| a |\n|---|\n| [[%s\\|x]] |\n", None),
    ],
)
def test_nothing_but_the_target_changes(before: bytes, after: bytes | None, tmp_path: Path) -> None:
    mend(written(tmp_path / "v", before.replace(b"%s", WRONG.encode())))
    assert (tmp_path / "v" / "a.md").read_bytes() == (after or before).replace(b"%s", RIGHT.encode())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_stays_utf_16(encoding: str, tmp_path: Path) -> None:
    text = "\ufeffSee [[%s|é😀]].\r\n"
    mend(written(tmp_path / "v", text.replace("%s", WRONG).encode(encoding)))
    assert (tmp_path / "v" / "a.md").read_bytes() == text.replace("%s", RIGHT).encode(encoding)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\0"), max_size=30)
ENDS = st.sampled_from(["\n", "\r\n"])


@given(before=st.lists(TEXTS, max_size=3), here=TEXTS, after=TEXTS, end=ENDS, mark=st.booleans(), last=st.booleans(), junk=st.binary(max_size=5))
def test_an_edit_changes_its_own_bytes_only(before: list[str], here: str, after: str, end: str, mark: bool, last: bool, junk: bytes) -> None:
    head = (b"\xef\xbb\xbf" if mark else b"") + end.join([*before, here]).encode() + junk.replace(b"\n", b"").replace(b"\r", b"").replace(b"\0", b"")
    tail = after.encode() + (end.encode() if last else b"")
    data = head + b"[[old one]]" + tail
    text = data.decode("utf-8-sig", errors="replace")
    lines = text.split("\n")
    number = data[: len(head)].count(b"\n") + 1
    at = lines[number - 1].rfind("[[old one]]") if after.count("[[old one]]") == 0 else lines[number - 1].find("[[old one]]", len(here))
    edit = Edit(number, at + 3, "old one", "the new ☂ one")
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff") and lines[number - 1].count("[[old one]]") == 1:
        assert fixes.edited(data, lines, [edit]) == head + "[[the new ☂ one]]".encode() + tail


@given(st.binary(max_size=60))
def test_no_bytes_change_without_an_edit(data: bytes) -> None:
    assert fixes.edited(data, [""], []) in (data, None)


def test_two_edits_in_one_line_do_not_disturb_each_other() -> None:
    line = "[[aa]] [[aa]] [[b]]"
    edits = [Edit(1, 3, "aa", "long name"), Edit(1, 17, "b", ""), Edit(1, 10, "aa", "c")]
    assert fixes.edited(line.encode(), [line], edits) == b"[[long name]] [[c]] [[]]"


def test_the_diff_is_one_that_patch_understands(tmp_path: Path) -> None:
    folder = written(tmp_path / "v", f"# A\n\nSee [[{WRONG}]]".encode())
    texts = Texts(folder, 10_000)
    finding = Finding("a.md", 3, 5, "broken-link", "", edit=Edit(3, 7, WRONG, RIGHT))
    (mended,) = fixes.plan([finding, finding], texts)
    assert isinstance(mended, fixes.Mended)
    end = "\\ No newline at end of file\n"
    assert mended.diff() == f"--- a/a.md\n+++ b/a.md\n@@ -1,3 +1,3 @@\n # A\n \n-See [[{WRONG}]]\n{end}+See [[{RIGHT}]]\n{end}"
    assert mended.edits == 1


def test_a_note_that_changed_meanwhile_is_left_and_told(tmp_path: Path) -> None:
    folder = written(tmp_path / "v", f"See [[{WRONG}]]\n".encode())
    texts = Texts(folder, 10_000)
    finding = Finding("a.md", 1, 5, "broken-link", "", edit=Edit(1, 7, WRONG, RIGHT))
    (mended,) = fixes.plan([finding], texts)
    assert isinstance(mended, fixes.Mended)
    (folder / "a.md").write_text("Another text\n", encoding="utf-8")
    with pytest.raises(KgError, match=r"a\.md: changed while it was checked"):
        fixes.save(folder, mended)
    assert list(fixes.plan([finding], texts)) == [fixes.Left("a.md", "changed while it was checked; check again")]
    assert (folder / "a.md").read_text(encoding="utf-8") == "Another text\n"


def test_a_vault_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path / "v", f"See [[{WRONG}]]\n".encode())
    monkeypatch.chdir(folder)

    def refused(*_: object, **__: object) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refused)
    before = (folder / "a.md").read_bytes()
    assert cli.run(["check", "--fix"]) == 1
    out = capsys.readouterr()
    assert "note: left as it is: a.md: cannot be written: Permission denied" in out.err
    assert "broken-link" in out.out
    assert (folder / "a.md").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["a.md", f"{RIGHT}.md"]


def test_a_note_that_may_not_be_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path / "v", f"See [[{WRONG}]]\n".encode())
    (mended,) = fixes.plan([Finding("a.md", 1, 5, "", "", edit=Edit(1, 7, WRONG, RIGHT))], Texts(folder, 10_000))
    assert isinstance(mended, fixes.Mended)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(KgError, match=r"a\.md: may not be written"):
        fixes.save(folder, mended)


def test_a_note_that_could_not_be_mended_fails_the_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text("[[co_operation]]", encoding="utf-8")
    (tmp_path / "cooperation.md").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert cli.run(["check"]) == 0  # a warning only
    assert cli.run(["check", "--fix"]) == 1
    assert "note: left as it is: a.md: may not be written" in capsys.readouterr().err


def test_dry_run_shows_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path / "v", f"See [[{WRONG}]]\n".encode())
    monkeypatch.chdir(folder)
    assert cli.run(["check", "--dry-run"]) == 1
    out = capsys.readouterr()
    assert out.out == f"--- a/a.md\n+++ b/a.md\n@@ -1 +1 @@\n-See [[{WRONG}]]\n+See [[{RIGHT}]]\n"
    assert "would mend 1 link in 1 note" in out.err
    assert WRONG in (folder / "a.md").read_text(encoding="utf-8")
    assert cli.run(["check", "--fix"]) == 0
    assert cli.run(["check", "--fix"]) == 0
    assert "nothing has exactly one sure answer" in capsys.readouterr().err


# -- no other command changes a note -------------------------------------------------------------

ROOT = Path(__file__).resolve().parent.parent
CALLS: dict[str, list[list[str]]] = {
    "init": [["init"]],
    "serve": [["serve", "--port", "1", "--host", "nowhere.invalid"]],
    "mcp": [["mcp", "-g", "nowhere"]],
    "build": [["build"], ["build", "--full"], ["build", "--engine", "pool", "-o", "../shards"]],
    "query": [["query", "ASK { ?s ?p ?o }"]],
    "search": [["search", "Portugal"]],
    "show": [["show", "Portugal"]],
    "path": [["path", "Portugal", "Denmark"]],
    "explain": [["explain", "Portugal"], ["explain", "estamos_on_portal.md:11"]],
    "stats": [["stats"]],
    "check": [["check"], ["check", "--fix", "--dry-run"], ["check", "--wanted"], ["check", "--stub", "innovation playbook"], ["check", "--graph"]],
    "diff": [["diff", "../before", ".kg"]],
    "export": [["export", "-o", "../out.ttl"], ["export", "--format", "trig", "-o", "-"]],
    "view": [["view", "-o", "../out.html"]],
    "push": [["push", "http://127.0.0.1:9/store"]],
    "load": [["load", "../out.ttl", "-o", "../loaded"]],
    "infer": [["infer", "--help"]],
    "suggest": [["suggest", "--list"], ["suggest", "--list", "--format", "json"], ["suggest", "--decided"]],
}
OWN = {"init": {"kg.toml"}, "build": {".kg"}, "suggest": {"vocabulary.ttl", "vocabulary.csv", "vocabulary.yaml", "vocabulary.yml"}}
"""What commands may write beside the notes."""


def state(folder: Path) -> dict[str, str]:
    """Every file of a vault with its hash and its time, but the graph's own."""
    found = {}
    for top, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if each != ".kg"]
        for name in names:
            path = Path(top, name)
            found[path.relative_to(folder).as_posix()] = f"{sha256(path.read_bytes()).hexdigest()} {path.stat().st_mtime_ns}"
    return found


def test_every_command_is_called() -> None:
    others = set(cli.COMMANDS) - set(CALLS)
    assert others == set(), "say here how they are called, so that it is known that they change no note"


@pytest.fixture
def samples_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "notes", tmp_path / "notes")
    with (tmp_path / "notes" / "collaborative_work_plan.md").open("a", encoding="utf-8") as note:
        note.write("\nSee [[estamos_on_protal]].\n")
    build(tmp_path / "notes", tmp_path / "notes" / ".kg")
    shutil.copytree(tmp_path / "notes" / ".kg", tmp_path / "before")
    monkeypatch.chdir(tmp_path / "notes")
    (tmp_path / "out.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    return tmp_path / "notes"


@pytest.mark.parametrize("name", CALLS)
def test_no_command_changes_a_note(name: str, samples_here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(samples_here)
    for arguments in CALLS[name]:
        assert cli.run(arguments) in (0, 1), arguments
    after = state(samples_here)
    assert {path for path in after.keys() | before.keys() if after.get(path) != before.get(path)} <= OWN.get(name, set())


@pytest.mark.parametrize("decide", ["accept", "reject"])
def test_a_decision_writes_the_vocabulary_only(decide: str, samples_here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(samples_here)
    assert cli.run(["suggest", f"--{decide}", "OECD OPSI Webinar"]) == 0
    after = state(samples_here)
    changed = {path for path in after.keys() | before.keys() if after.get(path) != before.get(path)}
    assert len(changed) == 1
    assert changed <= OWN["suggest"]


def test_check_fix_changes_that_note_only(samples_here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(samples_here)
    cli.run(["check", "--fix"])
    after = state(samples_here)
    assert [path for path in after if after[path] != before[path]] == ["collaborative_work_plan.md"]
