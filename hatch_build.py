"""What a build of kg brings along that is not in its tree: the editor of queries in ``kg serve``, got by npm.

``editor/package-lock.json`` says which packages, with their checksums. Where npm is missing or reaches no registry, the
build goes on without: the server then shows a plain editor. What was got once is kept until the lock changes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PLACE = Path("kg", "serve", "assets", "editor")
"""where it is put; git does not see it"""
_BUILT = Path("@zazuko", "yasgui", "build")
_FILES = ("yasgui.min.js", "yasgui.min.css")
_LICENCES = ("licen", "copying", "notice")
"""what names of files begin with that hold licences"""
_PATIENCE = 180.0
"""seconds that npm may take"""
_NPM = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=0", "--fetch-timeout=15000", "--loglevel=error")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling before it packs, and before an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Get the editor, if it can be had."""
        del version, build_data
        trouble = fetch(Path(self.root))
        if trouble:
            self.app.display_warning(f"kg serve will have a plain editor: {trouble}")


def fetch(root: Path) -> str:
    """Put the editor into the tree, and say why not, or ""."""
    lock = root / "editor" / "package-lock.json"
    if not lock.is_file():
        return "editor/package-lock.json is not here"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    place = root / PLACE
    if _known(place) == wanted:
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    with tempfile.TemporaryDirectory(prefix="kg-editor-") as temporary:
        work = Path(temporary)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(lock.with_name(name), work)
        try:
            subprocess.run([npm, *_NPM], cwd=work, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=_PATIENCE)
        except subprocess.CalledProcessError as error:
            return f"npm: {(error.stderr.decode(errors='replace').strip() or 'failed').splitlines()[-1]}"
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"npm: {error}"
        _put(work / "node_modules", place, licences(work / "node_modules", root / "LICENSE"), wanted)
    return ""


def _known(place: Path) -> str:
    """Say by which lock the editor was made that is there."""
    try:
        return (place / "LOCK").read_text(encoding="ascii").strip() if all((place / name).is_file() for name in (*_FILES, "LICENSES.txt")) else ""
    except OSError:
        return ""


def _put(modules: Path, place: Path, told: str, lock: str) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        text = (modules / _BUILT / name).read_text(encoding="utf-8")
        # Browsers would ask for the map, which is three times as long.
        text = "\n".join(line for line in text.split("\n") if "sourceMappingURL=" not in line)
        (place / name).write_text(text, encoding="utf-8")
    (place / "LICENSES.txt").write_text(told, encoding="utf-8")
    (place / "LOCK").write_text(f"{lock}\n", encoding="ascii")


def licences(modules: Path, ours: Path) -> str:
    """Write out the licences of all packages that the editor is made of; ``ours`` has the text of the MIT licence."""
    mit = "".join(each for each in ours.read_text(encoding="utf-8").splitlines(keepends=True) if not each.startswith("Copyright"))
    return "\n".join(_licence(package, mit) for package in _packages(modules))


def _packages(modules: Path) -> Iterator[Path]:
    for each in sorted(modules.iterdir()):
        if each.name.startswith("@"):
            yield from _packages(each)
        elif (each / "package.json").is_file():
            yield each


def _licence(package: Path, mit: str) -> str:
    said = json.loads((package / "package.json").read_text(encoding="utf-8"))
    author = said.get("author") or {}
    name = author.get("name", "") if isinstance(author, dict) else str(author)
    texts = [each.read_text(encoding="utf-8", errors="replace") for each in sorted(package.iterdir()) if each.name.lower().startswith(_LICENCES)]
    if not texts and said.get("license") == "MIT":
        texts = [f"Copyright (c) {name}\n{mit}"]
    head = f"{said['name']} {said['version']}, {said.get('license') or 'see below'}{f', by {name}' if name else ''}"
    return "\n".join(("=" * 100, head, "", *(text.strip() + "\n" for text in texts)))
