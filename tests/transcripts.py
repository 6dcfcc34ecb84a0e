"""Transcripts of the command line in Markdown: read, run, and written anew.

    python tests/transcripts.py README.md docs/first-ten-minutes.md      writes what is printed into the pages

A block of ``console`` holds commands after ``$`` and what each prints, standard error first.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VARIES = re.compile(r"\d+\.\d s|[\d,]+ bytes|\d+\.\d MB|built \d{4}-\d\d-\d\d \d\d:\d\d")
"""What another machine, day or version may print otherwise: durations, sizes and dates."""
_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    """Give the fenced blocks of a language in a page."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def steps(block: str) -> list[tuple[str, str]]:
    """Cut a transcript into commands and what they print."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def run(command: str, place: Path) -> str:
    """Run a command of kg's in a folder, and give what it prints. ``echo TEXT >> FILE`` adds a line to a file, as a shell would."""
    words = shlex.split(command)
    if words[0] == "echo" and words[-2] == ">>":
        with (place / words[-1]).open("a", encoding="utf-8") as file:
            file.write(" ".join(words[1:-2]) + "\n")
        return ""
    assert words[0] == "kg", f"only kg is run here: {command}"
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=place, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
    )  # fmt: skip
    # A reader has another machine.
    return (done.stderr + done.stdout).replace(str(place), "~").replace(str(ROOT), "…")


def filled(text: str, place: Path) -> str:
    """Give a page with what its commands print now."""

    def anew(block: re.Match[str]) -> str:
        return "```console\n" + "".join(f"$ {command}\n{run(command, place)}" for command, _ in steps(block[1])) + "```"

    return _BLOCK.sub(anew, text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "notes", Path(folder) / "notes")
            path = Path(name)
            path.write_text(filled(path.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")
