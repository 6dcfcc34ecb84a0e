"""What terminals can do beside colours: addresses behind a text, to be clicked (OSC 8); a bar that grows.

A terminal that does not know the sequence shows the text alone; only old and dumb ones show it.
Source: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TextIO

from kg.errors import visible

_CLEAR = "\r\x1b[K"
_CELLS = 24
"""of a bar"""
_UNABLE = frozenset(("dumb", "linux", "", "emacs", "eterm-color"))
_VTE = 5000
"""The first version of VTE (GNOME's terminal and others) that does not stumble over them."""


def clickable(stream: TextIO) -> bool:
    """Say whether addresses may be written behind what a stream shows; ``FORCE_HYPERLINK`` decides it where it is set."""
    forced = os.environ.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced not in ("", "0")
    if not stream.isatty() or os.environ.get("TERM", "") in _UNABLE or os.environ.get("NO_COLOR"):
        return False
    version = os.environ.get("VTE_VERSION", "")
    return not (version.isdecimal() and int(version) < _VTE) and os.environ.get("TERM_PROGRAM") != "Apple_Terminal"


def link(text: str, address: str, able: bool) -> str:
    r"""Put an address behind a text.

    >>> link("a.md:1", "file:///notes/a.md", True)
    '\x1b]8;;file:///notes/a.md\x1b\\a.md:1\x1b]8;;\x1b\\'
    >>> link("a.md:1", "file:///notes/a.md", False)
    'a.md:1'
    """
    return f"\x1b]8;;{visible(address)}\x1b\\{text}\x1b]8;;\x1b\\" if able and address else text


def linked(line: str, addresses: Mapping[str, str], able: bool) -> str:
    """Put addresses behind the texts of a line that have one.

    >>> linked("see a.md:1", {"a.md:1": ""}, True)
    'see a.md:1'
    """
    for text, address in addresses.items() if able else ():
        line = line.replace(text, link(text, address, able), 1) if text else line
    return line


def address(folder: str, path: str) -> str:
    """Give the address of a file in a folder of notes; "" where it would lead elsewhere, or the folder is none, as of a graph made of other files.

    >>> address("/my notes", "a/b.md"), address("/notes", "../secret.md"), address("two files", "a.md")
    ('file:///my%20notes/a/b.md', '', '')
    """
    whole = Path(folder) / path
    return whole.as_uri() if path and whole.is_absolute() and ".." not in whole.parts and whole.is_relative_to(folder) else ""


def bar(told: Callable[[str, str, int, int], str]) -> Callable[[str, int, int], None] | None:
    """Give what draws a bar on standard error once work takes over a second; None where that is no terminal.

    It is called with what is being done, how much is, and how much there is (0: not known); ``told`` writes the line from that and the bar.
    """
    if not sys.stderr.isatty():
        return None
    began = time.monotonic()
    last = 0.0

    def draw(what: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - began < 1 or now - last < 0.1:
            return
        last = now
        filled = min(_CELLS, _CELLS * done // total) if total else 0
        sys.stderr.write(_CLEAR + told(what, "█" * filled + "░" * (_CELLS - filled), done, total))
        sys.stderr.flush()

    return draw


def clear() -> None:
    """Take the bar away again."""
    if sys.stderr.isatty():
        sys.stderr.write(_CLEAR)
        sys.stderr.flush()


__all__ = ["address", "bar", "clear", "clickable", "link", "linked"]
