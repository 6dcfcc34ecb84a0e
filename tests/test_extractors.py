"""What docs/extractors.md says: its package works as it is written there, and its table is what the rules are."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kg import extract, kinds

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "extractors.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_package_of_the_page_works(tmp_path: Path) -> None:
    (turtle,) = (text for language, text in BLOCKS if language == "turtle")
    (project,) = (tomllib.loads(text) for language, text in BLOCKS if language == "toml")
    module, test = (text for language, text in BLOCKS if language == "python")
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "robots.ttl").write_text(turtle, encoding="utf-8")
    assert "robot" in kinds.read(tmp_path)
    (tmp_path / "kg_robots.py").write_text(module, encoding="utf-8")
    (tmp_path / "test_kg_robots.py").write_text(test, encoding="utf-8")
    # What pip writes when it installs the package.
    about = tmp_path / "kg_robots-1.0.dist-info"
    about.mkdir()
    about.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['project']['name']}\nVersion: {project['project']['version']}\n")
    ((name, place),) = project["project"]["entry-points"][extract.GROUP].items()
    about.joinpath("entry_points.txt").write_text(f"[{extract.GROUP}]\n{name} = {place}\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path],
        cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
    )  # fmt: skip
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def table() -> dict[str, dict[str, str]]:
    """Read the table of the page: the precision of each rule, by extractor."""
    found: dict[str, dict[str, str]] = {}
    name = ""
    for named, rule, share in re.findall(r"^\| (\w*) ?\| `([\w-]+)` \| (\S*) ?\| `.+` \|$", PAGE, re.MULTILINE):
        name = named or name
        found.setdefault(name, {})[rule] = share
    return found


def test_the_table_of_the_page_lists_all_of_ours() -> None:
    assert list(table()) == [*extract.BUILTIN, *extract.OPTIONAL]


@pytest.mark.parametrize(("name", "place"), {**extract.BUILTIN, **extract.OPTIONAL}.items())
def test_the_table_of_the_page_is_what_the_rules_are(name: str, place: str) -> None:
    module, _, kind = place.partition(":")
    confidence = getattr(getattr(importlib.import_module(module), kind), "confidence", {})
    told = {rule: "fact" if share == 1 else f"{share:.2f}".removeprefix("0") for rule, share in confidence.items()}
    assert not told or table()[name] == told


def test_the_contract_on_the_page_names_all_that_is_looked_for() -> None:
    source = (ROOT / "kg" / "extract" / "__init__.py").read_text(encoding="utf-8")
    looked_for = set(re.findall(r'getattr\((?:extractor|made|kind), "(\w+)"', source)) - {"lexicon"}
    contract = PAGE[PAGE.index("## The contract") : PAGE.index("## Leaving one out")]
    assert {each for each in looked_for if f"`{each}" not in contract} == set()
