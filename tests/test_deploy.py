"""What ``docs/deploy`` gives to copy: the unit is one that systemd takes, and both start a command that kg knows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from kg import cli

DEPLOY = Path(__file__).resolve().parent.parent / "docs" / "deploy"
UNIT = (DEPLOY / "kg-serve.service").read_text(encoding="utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    (started,) = re.findall(r"^ExecStart=(.*)$", UNIT, re.MULTILINE)
    (entry,) = re.findall(r"^ENTRYPOINT (.*)$", CONTAINER, re.MULTILINE)
    return [started.split(), json.loads(entry)]


@pytest.mark.parametrize("words", commands())
def test_the_command_is_one_that_kg_knows(words: list[str]) -> None:
    serve = cli.cli.get_command(click.Context(cli.cli), "serve")
    assert isinstance(serve, click.Command)
    assert words[0].rpartition("/")[2] == "kg"
    known = {name for parameter in serve.params for name in parameter.opts}
    assert {word for word in words[words.index("serve") :] if word.startswith("--")} <= known


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    file = tmp_path / "kg-serve.service"
    file.write_text(re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={shutil.which('true')}", UNIT), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", file], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_the_container_copies_is_made_in_it() -> None:
    made = re.findall(r"^FROM \S+ AS (\w+)$", CONTAINER, re.MULTILINE)
    assert re.findall(r"--from=(\w+)", CONTAINER) == made
