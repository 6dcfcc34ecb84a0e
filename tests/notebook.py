"""Run a notebook cell by cell, as Jupyter would, and compare or write what it shows.

    python tests/notebook.py docs/notebook.ipynb        writes the outputs into the notebook

Cells run in IPython, which pyvis brings along; what a cell shows is its text on standard output, then its
last value as text, and as HTML where it has one. A cell tagged ``unstored`` keeps no output: a whole page.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_RUN = """
import json, sys
from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
shell = InteractiveShell.instance(colors="nocolor", history_length=0)
told = []
for source in json.load(sys.stdin):
    shown = []
    shell.display_trap.hook = CapturingDisplayHook(shell, shown)
    with capture_output() as caught:
        done = shell.run_cell(source, store_history=True)
    done.raise_error()
    data = [each["data"] if isinstance(each, dict) else each.data for each in [*caught.outputs, *shown]]
    told.append({"printed": caught.stdout, "complaints": caught.stderr, "shown": data})
json.dump(told, sys.stdout)
"""


def cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the cells that run."""
    return [each for each in notebook["cells"] if each["cell_type"] == "code"]


def ran(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Run every cell in a folder with the sample notes, and give what each shows.

    Raises:
        AssertionError: a cell fails.
    """
    sources = ["".join(each["source"]) for each in cells(notebook)]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "notes", Path(folder) / "notes")
        done = subprocess.run(
            [sys.executable, "-c", _RUN], input=json.dumps(sources), capture_output=True, text=True, check=False, cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": f"{folder}/.ipython", "NO_COLOR": "1"},
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    # A reader has another machine.
    found: list[dict[str, Any]] = json.loads(done.stdout.replace(folder, "~"))
    return found


def outputs(told: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Write what a cell shows as a notebook keeps it."""
    found: list[dict[str, Any]] = []
    if told["printed"]:
        found.append({"name": "stdout", "output_type": "stream", "text": told["printed"].splitlines(keepends=True)})
    for data in told["shown"]:
        texts = {form: text.splitlines(keepends=True) for form, text in sorted(data.items()) if form in ("text/html", "text/plain")}
        found.append({"data": texts, "execution_count": number, "metadata": {}, "output_type": "execute_result"})
    return found


def filled(notebook: dict[str, Any]) -> dict[str, Any]:
    """Give the notebook with the outputs of a new run."""
    for number, (cell, told) in enumerate(zip(cells(notebook), ran(notebook), strict=True), 1):
        assert not told["complaints"], told["complaints"]
        unstored = "unstored" in cell["metadata"].get("tags", [])
        cell["execution_count"], cell["outputs"] = number, [] if unstored else outputs(told, number)
    return notebook


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(json.dumps(filled(json.loads(path.read_text(encoding="utf-8"))), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
