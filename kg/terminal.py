"""What terminals can do beside colours: addresses behind a text, to be clicked (OSC 8).

A terminal that does not know the sequence shows the text alone; only old and dumb ones show it.
Source: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
"""

from __future__ import annotations

import os
from typing import TextIO

from kg.errors import visible

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


__all__ = ["clickable", "link"]
