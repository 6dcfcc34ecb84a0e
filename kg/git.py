"""Git, asked for what it has stored of a folder, and for nothing else: no repository is changed, and nothing is fetched."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_LEFT_OUT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE")
"""Set while a hook runs, they would point elsewhere than the folder does."""
_SETTINGS = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
"""A partial clone would fetch what it lacks: no protocol is allowed, and nobody is asked for a password."""


def run(folder: Path, *words: str, given: bytes = b"", timeout: float | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder, in the repository around it; ``given`` is what it reads, ``timeout`` is in seconds.

    Raises:
        FileNotFoundError: git is not installed.
        OSError, ValueError: it cannot be run with these words.
        subprocess.TimeoutExpired: it took longer.
    """
    settings = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT} | _SETTINGS
    command = ["git", "--no-pager", "-C", str(folder.absolute()), *words]
    return subprocess.run(command, input=given, capture_output=True, check=False, env=settings, timeout=timeout)


__all__ = ["run"]
