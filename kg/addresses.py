"""Where an address in a note leads: to a video, to a note of this vault, or elsewhere."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from kg.names import nfc

_YOUTUBE = re.compile(r"https?://(?:www\.|m\.)?(?:youtube\.com/watch\?(?:[^#\s]*&)?v=|youtu\.be/)([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])")


def youtube(address: str) -> str | None:
    """Give the id of the video that a YouTube address plays.

    >>> youtube("https://www.youtube.com/watch?v=JkIhnK7qf-w&t=3")
    'JkIhnK7qf-w'
    """
    match = _YOUTUBE.match(address)
    return match[1] if match else None


def destination(address: str) -> tuple[str, str] | None:
    """Give the note and the section that the address of a Markdown link leads to; None where it leads elsewhere.

    Obsidian's reading: an address without an ending is a note, ``%20`` and the like are decoded. One that names a folder,
    or begins at the top and has no ending, may as well be of a site (:func:`kg.resolve.elsewhere`).

    >>> destination("../My%20note.md#Some%20heading"), destination("#history"), destination("https://example.org/a.md"), destination("a.pdf")
    (('../My note.md', 'Some heading'), ('', 'history'), None, None)
    """
    if _ELSEWHERE.match(address):
        return None
    if address.startswith("[[") and address.endswith("]]"):  # Logseq's [words]([[page]])
        address = quote(address[2:-2], safe="/#")
    path, _, section = address.partition("#")
    target = nfc(unquote(path.partition("?")[0])).strip()
    last = target.rpartition("/")[2]
    ending = last.rpartition(".")[2] if "." in last else ""
    other_file = ending.lower() != "md" and _ENDING.fullmatch(ending)
    if other_file or not (target.strip("/.") or section):
        return None
    return target, nfc(unquote(section)).strip()


_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\")
"""What an address begins with that leads out of the vault: a scheme, a host."""
_ENDING = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,5}")
"""Endings of files; what is longer, or a number, belongs to a name, as in v1.2."""


__all__ = ["destination", "youtube"]
