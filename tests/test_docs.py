"""What the README and the docs show is what happens."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import notebook
from transcripts import ROOT, VARIES, blocks, run, steps

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(ROOT / "notes", folder / "notes")
    return folder


def test_the_readme_shows_what_is_printed(place: Path) -> None:
    shown = [step for block in blocks(ROOT / "README.md", "console") for step in steps(block)]
    assert len(shown) >= 6
    for command, printed in shown:
        assert VARIES.sub("…", run(command, place)) == VARIES.sub("…", printed), command


OTHERWISE = [ROOT / "docs" / name for name in ("diff.md", "first-ten-minutes.md", "infer.md", "load.md", "queries.md", "ontology/README.md")]
"""Pages whose transcripts need other than the sample notes as they are, built; they have tests of their own."""
TRANSCRIPTS = [page for page in PAGES[1:] if blocks(page, "console") and page not in OTHERWISE]
"""Pages that show what is printed of the sample notes, as they are."""


@pytest.mark.parametrize("page", TRANSCRIPTS, ids=lambda page: page.stem)
def test_a_page_shows_what_is_printed(page: Path, place: Path) -> None:
    run("kg build notes", place)
    for command, printed in (step for block in blocks(page, "console") for step in steps(block)):
        assert VARIES.sub("…", run(command, place)) == VARIES.sub("…", printed), command


def test_the_page_on_checks_shows_every_code(tmp_path: Path) -> None:
    from kg.check import CODES

    page = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    assert [code for code in CODES if f"### {code}\n" not in page and f"| `{code}` |" not in page] == []
    sections = re.findall(r"^### ([a-z-]+)\n(.*?)(?=^### )", page, re.MULTILINE | re.DOTALL)
    assert len(sections) >= 15
    for code, text in sections:
        notes = re.findall(r"^(```+)markdown (\S+)\n(.*?)^\1\n", text, re.MULTILINE | re.DOTALL)
        assert notes, code
        for _, name, said in notes:
            (tmp_path / code / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / code / name).write_text(said, encoding="utf-8")
        (shown,) = re.findall(r"^```text\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        printed = run(f"kg check --only {code}", tmp_path / code)
        assert printed.endswith(f"\n{shown}"), code
        assert {line.split(": ")[1].split()[1] for line in shown.splitlines()} == {code}


def test_the_files_for_other_tools_call_what_there_is() -> None:
    import click
    import yaml

    from kg import cli

    command = cli.cli.get_command(click.Context(cli.cli), "check")
    assert command is not None
    options = {name for each in command.params for name in each.opts}
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    steps = yaml.safe_load((ROOT / "docs" / "github-action.yml").read_text(encoding="utf-8"))["jobs"]["check"]["steps"]
    (called,) = [step["run"] for step in steps if step.get("run", "").startswith("kg ")]
    for call in (hook["entry"], called):
        assert call.split()[:2] == ["kg", "check"]
        assert {word for word in call.split() if word.startswith("--")} <= options


def test_the_python_of_the_page_on_search_runs(place: Path) -> None:
    run("kg build notes", place)
    (block,) = blocks(ROOT / "docs" / "search.md", "python")
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=place, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.stdout.startswith("estamos_on_portal.md:11 927 When the virus reached Portugal")


def test_the_page_on_show_tells_of_stats_what_is_printed(place: Path) -> None:
    run("kg build notes", place)
    (quality,) = blocks(ROOT / "docs" / "show.md", "text")
    assert quality in run("kg stats", place)


def test_the_page_on_diff_shows_what_is_printed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "notes", tmp_path / "notes")
    run("kg build notes", tmp_path)
    page = ROOT / "docs" / "diff.md"
    (line,) = blocks(page, "markdown")
    with (tmp_path / "notes" / "collaborative_work_plan.md").open("a", encoding="utf-8") as note:
        note.write(f"\n{line}")
    run("kg build notes", tmp_path)
    shown = [step for block in blocks(page, "console") for step in steps(block)]
    assert len(shown) >= 2
    for command, printed in shown:
        assert run(command, tmp_path) == printed, command


@pytest.mark.parametrize("name", ["load", "infer"])
def test_the_pages_on_files_show_what_is_printed(name: str, tmp_path: Path) -> None:
    if name == "infer":
        pytest.importorskip("reasonable")
    shutil.copytree(ROOT / "notes", tmp_path / "notes")
    run("kg build notes", tmp_path)
    page = ROOT / "docs" / f"{name}.md"
    for file, text in re.findall(r"`(\w+\.ttl)` holds:?\n\n```turtle\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        (tmp_path / file).write_text(text, encoding="utf-8")
    shown = [step for block in blocks(page, "console") for step in steps(block)]
    assert len(shown) >= 4
    for command, printed in shown:
        assert VARIES.sub("…", run(command, tmp_path)) == VARIES.sub("…", printed), command


def test_the_python_of_the_readme_runs(place: Path) -> None:
    (block,) = blocks(ROOT / "README.md", "python")
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=place, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert "16 notes," in done.stdout
    assert (place / "graph.ttl").exists()


def test_make_is_the_first_thing_the_readme_shows() -> None:
    first = blocks(ROOT / "README.md", "sh")[0]
    assert [line.split("#")[0].split() for line in first.strip().split("\n")] == [["make", "demo"], ["make", "test"]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [target for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_shown_is_one(page: Path) -> None:
    from kg.cli import COMMANDS

    text = page.read_text(encoding="utf-8")
    used = set(re.findall(r"(?:^|`|\$ )kg ([a-z]+)", text, re.MULTILINE))
    assert used - set(COMMANDS) == set()


def test_decisions_are_short() -> None:
    for page in (ROOT / "docs" / "decisions").glob("*.md"):
        assert len(page.read_text(encoding="utf-8").strip().split("\n")) <= 12, page.name


def test_the_page_on_queries_shows_what_is_printed(place: Path) -> None:
    page = ROOT / "docs" / "queries.md"
    run("kg build notes", place)
    (own,) = blocks(page, "sparql")
    (place / "notes" / "queries").mkdir(exist_ok=True)
    (place / "notes" / "queries" / "told-of.rq").write_text(own, encoding="utf-8")
    shown = [step for block in blocks(page, "console") for step in steps(block)]
    assert len(shown) >= 8
    for command, printed in shown:
        assert run(command, place) == printed, command


def test_the_page_on_queries_lists_them_all() -> None:
    from kg import queries

    listed = []
    for group, members in queries.groups(queries.every().values()):
        listed += [f"### {group}", "", "| | |", "|---|---|"]
        for each in members:
            needed = "".join(f" {one.name}" if one.default is None else f" [{one.name}]" for one in each.header.parameters)
            listed.append(f"| `{each.name}`{needed} | {each.title} |")
        listed.append("")
    text = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    assert "\n".join(listed) in text


def test_the_first_ten_minutes_are_what_is_printed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "notes", tmp_path / "notes")
    shown = [step for block in blocks(ROOT / "docs" / "first-ten-minutes.md", "console") for step in steps(block)]
    assert len(shown) >= 15
    for command, printed in shown:
        assert VARIES.sub("…", run(command, tmp_path)) == VARIES.sub("…", printed), command


def test_the_notebook_shows_what_is_shown() -> None:
    file = ROOT / "docs" / "notebook.ipynb"
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert len(notebook.cells(kept)) >= 10
    anew = notebook.filled(json.loads(file.read_text(encoding="utf-8")))
    for cell, now in zip(notebook.cells(kept), notebook.cells(anew), strict=True):
        assert now["outputs"] == cell["outputs"], "".join(cell["source"])
