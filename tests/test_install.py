"""A wheel in a bare environment, run from another folder, is the same program; so is an editable install."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import hatch_build

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "KG_"))}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_carries_the_ontology_and_the_page(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"kg/_ontology/kg.ttl", "kg/_ontology/countries.ttl", "kg/_ontology/shapes.ttl", "kg/_ontology/context.jsonld"} <= names
    assert {f"kg/queries/{path.name}" for path in (ROOT / "kg" / "queries").glob("*.rq")} <= names
    assert {"kg/view/page.html", "kg/view/page.css", "kg/serve/assets/serve.css", "kg/py.typed"} <= names
    assert {f"kg/view/script/{path.name}" for path in (ROOT / "kg" / "view" / "script").glob("*.js")} <= names
    assert not any(name.startswith(("tests/", "notes/", "bench/")) for name in names)


def test_the_wheel_carries_the_editor_and_its_licences_where_there_is_npm(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    carried = {name.rpartition("/")[2] for name in archive.namelist() if name.startswith("kg/serve/assets/editor/")}
    if not carried and not os.environ.get("CI"):
        pytest.skip("the editor could not be had here")
    assert carried == {"yasgui.min.js", "yasgui.min.css", "LICENSES.txt", "LOCK"}
    told = archive.read("kg/serve/assets/editor/LICENSES.txt").decode()
    for name in json.loads((ROOT / "editor" / "package-lock.json").read_text(encoding="utf-8"))["packages"]:
        if name:
            assert f"\n{name.removeprefix('node_modules/')} " in told, name
    assert told.count("Copyright") > 40


@pytest.mark.parametrize(
    ("npm", "why"),
    [
        ("", "npm is not installed"),
        ("#!/bin/sh\necho 'npm error network' >&2; exit 1", "npm: npm error network"),
        ("no program", "npm: "),
    ],
)
def test_without_npm_or_a_network_a_build_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, npm: str, why: str) -> None:
    (tmp_path / "editor").mkdir()
    for name in ("package.json", "package-lock.json"):
        (tmp_path / "editor" / name).write_bytes((ROOT / "editor" / name).read_bytes())
    found = tmp_path / "bin"
    found.mkdir()
    if npm:
        (found / "npm").write_text(npm)
        (found / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", str(found))
    assert hatch_build.fetch(tmp_path).startswith(why)
    assert not (tmp_path / "kg").exists()


@pytest.mark.parametrize("way", ["wheel", "editable"])
def test_it_works_in_a_bare_environment_from_another_folder(wheel: Path, tmp_path: Path, way: str) -> None:
    home = tmp_path / "venv"
    run(sys.executable, "-m", "venv", home, cwd=tmp_path)
    python, command = home / "bin" / "python", home / "bin" / "kg"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.txt", cwd=tmp_path)
    run(*pip, "--no-deps", *([wheel] if way == "wheel" else ["--editable", ROOT]), cwd=tmp_path)
    where = run(python, "-c", "import kg.ontology as o; print(o.path('kg.ttl'))", cwd=tmp_path).strip()
    assert where.startswith(str(home if way == "wheel" else ROOT / "ontology"))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("# A\n\nSaid in [[b]] and Portugal.\n")
    run(command, "build", "notes", cwd=tmp_path)
    assert run(command, "query", "ASK { note:a :mentions country:PT }", cwd=tmp_path) == "yes\n"
    run(command, "view", "-o", "graph.html", cwd=tmp_path)
    assert "<html" in (tmp_path / "graph.html").read_text(encoding="utf-8")
    assert run(command, "export", cwd=tmp_path).startswith("@base <https://example.org/kg/> .\n")
