"""The order of the house, and that nothing in it hides from a reader."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

import click
import pytest

from kg import cli

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "kg"
ORDER = [
    "errors", "cells", "terminal", "prompt", "locks", "files", "git", "model", "names", "addresses", "terms", "timecodes", "contexts", "config", "dialect",
    "ontology", "nesting", "kinds", "guard", "choices", "grammar", "patterns", "values", "parameters", "turtle", "vault", "wrappers", "untyped", "frontmatter",
    "logseq", "clock", "positions", "blocks", "passages", "identifiers", "links", "comments", "markdown", "lexicon", "countries", "extract", "vocabulary",
    "resolve", "standing", "rules", "fragments", "properties", "offered", "corpus", "settled", "entities", "world", "emission", "decided", "citations", "statements", "facts", "words",
    "cache", "index", "checksums", "store", "declared", "unchanged", "update", "passes", "rebuild", "pipeline", "shards", "spellings", "sources",
    "rdf", "headers", "load", "infer", "triples", "lookup", "ranks", "ways", "paths", "evidence", "functions", "mistakes", "apart", "query",
    "queries", "doubts", "network", "scene", "constructed", "things", "show", "stats", "view", "search", "export", "tables", "answers", "results",
    "graph", "endpoint", "remote", "fetched", "push", "places", "grounds", "explain", "likeness", "candidates", "review", "check", "revision",
    "diff", "states", "watch", "serve", "assistants", "cli", "commands", "__main__",
]  # fmt: skip
"""From the top to the bottom: a module imports only what stands before it."""

PACKAGES = {
    "extract": [
        "lazily", "wording", "__init__", "capitals", "page", "nouns", "heads", "phrases", "runs", "between", "countries", "possible", "quoted", "people", "relations",
        "labelled", "organisations", "initiatives", "themes", "properties", "unexplained", "spacy_entities",
    ],
    "vocabulary": ["entries", "statements", "decisions", "edit", "rows", "__init__", "in_csv", "in_yaml", "in_turtle"],
    "shards": ["engines", "locations", "run", "survey", "gathered", "emit", "__init__"],
    "mistakes": ["stop", "sense", "signs", "habits", "structure", "__init__"],
    "queries": ["header", "typed", "__init__"],
    "doubts": ["asked", "columns", "fit", "narrowing", "texts", "things", "words", "__init__"],
    "view": ["places", "styles", "communities", "packing", "naming", "layout", "payload", "drawing", "document", "__init__"],
    "export": [
        "dated", "said", "literals", "header", "rdf", "rdfxml", "jsonld", "tables", "cypher", "quickstatements", "drawings", "__init__",
    ],
    "check": [
        "findings", "texts", "near", "known", "written", "wanted", "links", "notes", "times", "swallowed", "fix", "fresh", "judged", "shapes", "stored",
        "reports", "sarif", "__init__",
    ],
    "serve": [
        "limits", "messages", "kept", "metrics", "validators", "static", "fence", "connections", "replies", "negotiation", "protocol", "links",
        "rendering", "problems", "drawing", "services", "description", "notes", "things", "answering", "pages", "rehearsal", "worker", "nursery", "process", "pool",
        "gate", "application", "__init__",
    ],
    "assistants": ["__init__", "replies", "tools", "minders", "worker", "server"],
}  # fmt: skip
"""The same within packages, where ``__init__`` is the module that the package is called by; what only types need does not count."""


def imported(node: ast.AST) -> list[str]:
    """Name the modules of kg that one import statement reaches."""
    match node:
        case ast.ImportFrom(module="kg", names=found):
            return [each.name for each in found]
        case ast.ImportFrom(module=str(module)) if module.startswith("kg."):
            return [module.split(".")[1]]
        case ast.Import(names=found):
            return [each.name.split(".")[1] for each in found if each.name.startswith("kg.")]
    return []


def test_imports_go_one_way() -> None:
    wrong = []
    for path in sorted(HOUSE.rglob("*.py")):
        here = path.relative_to(HOUSE).with_suffix("").parts[0]
        if here == "__init__":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            below = [there for there in imported(node) if there != "__version__" and ORDER.index(there) > ORDER.index(here)]
            wrong += [f"{path.relative_to(ROOT)} imports kg.{there}" for there in below]
    assert wrong == []


def walked(node: ast.AST) -> Iterator[ast.AST]:
    """Give a node and all below it, but what only type checkers read."""
    yield node
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    for child in ast.iter_child_nodes(node):
        yield from walked(child)


def kin(node: ast.AST, package: str, modules: Collection[str]) -> list[str]:
    """Name the modules of a package that one import statement reaches."""
    inside = f"kg.{package}."
    match node:
        case ast.ImportFrom(module="kg", names=found):
            return ["__init__" for each in found if each.name == package]
        case ast.ImportFrom(module=str(module), names=found) if module == inside[:-1]:
            return [each.name if each.name in modules else "__init__" for each in found]
        case ast.ImportFrom(module=str(module)) if module.startswith(inside):
            return [module.removeprefix(inside)]
        case ast.Import(names=found):
            return [f"{each.name}.__init__".removeprefix(inside).split(".")[0] for each in found if f"{each.name}.".startswith(inside)]
    return []


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_within_a_package_go_one_way(package: str) -> None:
    order, paths = PACKAGES[package], sorted((HOUSE / package).glob("*.py"))
    assert sorted(order) == [path.stem for path in paths]
    wrong = []
    for path in paths:
        for node in walked(ast.parse(path.read_text(encoding="utf-8"))):
            below = [there for there in kin(node, package, order) if order.index(there) > order.index(path.stem)]
            wrong += [f"{path.relative_to(ROOT)} imports kg.{package}.{there}" for there in below]
    assert wrong == []


def test_the_picture_of_the_house_names_every_module() -> None:
    picture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    missing = [module for module in ORDER if module != "__main__" and not re.search(rf"\b{module}\b", picture)]
    assert missing == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "manager", "misc", "common", "base"}
    assert [path for path in HOUSE.rglob("*.py") if path.stem in empty] == []


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_table_of_commands_says_what_the_command_says(name: str) -> None:
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert isinstance(command, click.Command)
    assert command.get_short_help_str(200) == cli.COMMANDS[name]
    assert "Example" in (command.help or "")


def test_every_command_is_in_the_readme_or_the_docs() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    assert [name for name in cli.COMMANDS if f"kg {name}" not in text] == []


def test_every_setting_is_in_the_manual() -> None:
    from kg import config

    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [name for names in config.SECTIONS.values() for name in names if f"`{name}`" not in text] == []


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, kg.cli; kg.cli.run(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert not {"rdflib", "networkx", "pyvis", "pyoxigraph", "pyromark", "sqlite3", "yaml"} & set(done.stdout.split())


def test_no_third_party_code_and_no_registry_address_in_the_tree() -> None:
    done = subprocess.run(["git", "ls-files"], check=True, capture_output=True, text=True, cwd=ROOT)
    files = done.stdout.split("\n")
    assert [name for name in files if name.endswith((".min.js", "uv.lock"))] == []
    locks = [(ROOT / name).read_text(encoding="utf-8") for name in files if name.startswith("requirements")]
    assert len(locks) == 2
    assert not any("://" in lock or "index-url" in lock for lock in locks)
    packages = json.loads((ROOT / "editor" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert not any("resolved" in package for package in packages.values())
    assert all(package["integrity"] for name, package in packages.items() if name)


def test_the_public_surface_is_listed_and_there() -> None:
    import kg

    assert sorted(kg.__all__) == ["Graph", "IRI", "KgError", "Result", "Row", "__version__", "build", "open"]
    assert all(getattr(kg, name) for name in kg.__all__)
    with pytest.raises(AttributeError):
        _ = kg.nothing
