"""A folder as git remembers it, written out elsewhere: the repository is only ever read.

Plumbing commands name objects and give their bytes; nothing is checked out, no hook or filter runs,
nothing is fetched, and no word of a person can become an option. What is written is what a vault is
made of: notes, kg.toml, the vocabulary, ontologies; links and submodules are left out.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kg import dialect, git
from kg.config import FILE
from kg.errors import KgError, UsageError
from kg.vault import ENDING
from kg.vocabulary import NAMES

LARGEST = 16_000_000
"""bytes; a larger file is left out, as a build would"""
_SOME = 500
"""files asked for at a time"""
_OBJECT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ENTRY = re.compile(rb"(100\d{3}) blob ([0-9a-f]{40,64}) +(\d+)\t(.+)", re.DOTALL)


class Revision(NamedTuple):
    """A commit of a repository: the folder of the repository, and the commit's full name."""

    top: Path
    commit: str


def find(folder: Path, name: str) -> Revision | None:
    """Find the commit that a name means in the repository around a folder; None if there is no repository, or no such commit.

    Raises:
        UsageError: the name would be an option.
    """
    if name.startswith("-"):
        raise UsageError(f"{name!r} is no revision: a name does not begin with a hyphen")
    if not name or "\0" in name or not folder.is_dir():
        return None
    top = _git_output_or_none(folder, "rev-parse", "--show-toplevel")
    said = _git_output_or_none(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}") if top else None
    commit = said.decode("ascii", "replace").strip() if said else ""
    return Revision(Path(os.fsdecode(top.removesuffix(b"\n"))), commit) if top and _OBJECT.fullmatch(commit) else None


def write(revision: Revision, folder: Path, into: Path) -> int:
    """Write what a commit has under a folder of the repository (the top: ``Path()``), and say how many files that were.

    Raises:
        KgError: git cannot read it, or it cannot be written.
    """
    under = folder.as_posix() if folder.parts else ""
    wanted = sorted(_files(revision, under))
    try:
        for at in range(0, len(wanted), _SOME):
            some = wanted[at : at + _SOME]
            for (name, _), data in zip(some, _contents(revision, [blob for _, blob in some]), strict=True):
                path = into / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
    except OSError as error:
        raise KgError(f"{error.filename}: cannot be written: {error.strerror}") from None
    return len(wanted)


def _files(revision: Revision, under: str) -> Iterator[tuple[str, str]]:
    """List the files of a vault, by their paths from the folder."""
    listed = _git_output(
        revision.top, "--literal-pathspecs", "ls-tree", "-r", "-z", "-l", "--full-tree", revision.commit, "--", *([under] if under else [])
    )
    for entry in listed.split(b"\0"):
        match = _ENTRY.fullmatch(entry)
        if not match or int(match[3]) > LARGEST:
            continue
        path = os.fsdecode(match[4])
        inner = path.removeprefix(f"{under}/") if under else path
        if _part(inner) and (not under or path.startswith(f"{under}/")):
            yield inner, match[2].decode("ascii")


def _part(path: str) -> bool:
    """Say whether a file is part of a vault, and its path one that leads nowhere else."""
    steps = path.split("/")
    if any(step in ("", ".", "..") or step.lower() == ".git" or (os.name == "nt" and re.search(r'[\\:*?"<>|]', step)) for step in steps):
        return False
    name = steps[-1]
    return name.lower().endswith((ENDING, ".ttl", ".jsonld")) or name == FILE or name in NAMES or dialect.tells(path)


def _contents(revision: Revision, blobs: list[str]) -> Iterator[bytes]:
    said = _git_output(revision.top, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in blobs).encode("ascii"))
    at = 0
    for blob in blobs:
        end = said.find(b"\n", at)
        head = said[at:end].split()
        if end < 0 or len(head) != 3 or head[0].decode("ascii", "replace") != blob:
            raise KgError(
                f"{revision.top}: git lacks an object of {revision.commit[:12]}", hint="a partial clone has to be completed first: git fetch"
            )
        size = int(head[2])
        yield said[end + 1 : end + 1 + size]
        at = end + 1 + size + 1


def _git_output_or_none(folder: Path, *words: str) -> bytes | None:
    """Give what git says, or None where it says no."""
    done = _run(folder, words, b"")
    return done.stdout if done.returncode == 0 else None


def _git_output(folder: Path, *words: str, given: bytes = b"") -> bytes:
    done = _run(folder, words, given)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        raise KgError(f"{folder}: git cannot read this: {said.removeprefix('fatal: ') or done.returncode}")
    return done.stdout


def _run(folder: Path, words: tuple[str, ...], given: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return git.run(folder, *words, given=given)
    except FileNotFoundError:
        raise KgError(
            "git is not installed, and this is no file and no folder", hint="name a graph, a folder of notes, or a file of triples"
        ) from None
    except (OSError, ValueError) as error:
        raise KgError(f"git cannot be run: {error}") from None


__all__ = ["Revision", "find", "write"]
