"""When the notes were last changed, where that is certain and the same for whoever asks.

``SOURCE_DATE_EPOCH`` says it, as for other tools (https://reproducible-builds.org/specs/source-date-epoch/).
Else it is the time of the last commit of the notes, if git has every note as the graph has it. Git is only asked
for what it has stored, never to look at the folder: that would run filters and monitors that the settings of a
downloaded folder may name.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha1, sha256
from pathlib import Path

from kg import git
from kg.errors import UsageError

_SECONDS = 30
"""Git may take so long; then the date is not certain."""


def modified(source: Path, notes: Mapping[str, str]) -> str:
    """Give a time in ISO 8601, or "" where none is certain; ``notes`` are the SHA-256 of the notes by their paths.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        try:
            return _written(int(given))
        except (ValueError, OverflowError, OSError):
            raise UsageError(f"SOURCE_DATE_EPOCH is {given!r}", hint="it is a number of seconds since 1970") from None
    if not notes or not _committed(source, notes):
        return ""
    # A commit that touches no note, as one of an export does not, changes no date.
    told = _git(source, "rev-list", "-1", "--format=%ct", "HEAD", "--", "*.md").split()
    return _written(int(told[-1])) if told and told[-1].isdigit() else ""


def _written(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _committed(source: Path, notes: Mapping[str, str]) -> bool:
    """Say whether git has every note just as the graph has it."""
    stored: dict[str, str] = {}
    for line in _git(source, "ls-tree", "-r", "-z", "HEAD", ".").split("\0"):
        told, _, path = line.partition("\t")
        stored[path] = told.rpartition(" ")[2]
    if not notes.keys() <= stored.keys():
        return False
    for path, known in notes.items():
        try:
            data = (source / path).read_bytes()
        except OSError:
            return False
        blob = b"blob %d\0" % len(data) + data
        own = sha1(blob, usedforsecurity=False) if len(stored[path]) == 40 else sha256(blob)
        if sha256(data).hexdigest() != known or own.hexdigest() != stored[path]:
            return False
    return True


def _git(source: Path, *words: str) -> str:
    try:
        done = git.run(source, *words, timeout=_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return ""
    return "" if done.returncode else done.stdout.decode("utf-8", "surrogateescape")
