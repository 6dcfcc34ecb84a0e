"""Where a page's links to notes lead: to files, into Obsidian, or to a site.

    pattern     what the author asks for -> a pattern with {path}, {stem} and {line} for the page to fill

``{path}`` is the note's path from the root of the notes, ``{stem}`` the same without ``.md``; the page
percent-encodes both.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from kg.choices import choose
from kg.errors import UsageError

SCHEMES = ("http", "https", "file", "obsidian", "vscode", "vscodium", "logseq")
"""What a link may begin with: a page that is passed on must not be able to run anything."""

_FORMS = {"file": (), "obsidian": (), "none": ()}
_PARTS = ("path", "stem", "line")
_HINT = "file, obsidian, none, or an address such as https://notes.example.org/{stem}"


def pattern(wanted: str, source: Path) -> str:
    """Give the pattern for links to the notes of a folder; "" is none.

    >>> pattern("https://notes.example.org", Path("/notes"))
    'https://notes.example.org/{stem}'
    >>> pattern("file", Path("/my notes"))
    'file:///my%20notes/{path}#L{line}'

    Raises:
        UsageError: it is no address that a page may have, or has a part that is not known.
    """
    if ":" not in wanted:
        form = choose(wanted.strip().lower() or "none", _FORMS)
        if form == "none":
            return ""
        return f"{_address(source)}/{{path}}#L{{line}}" if form == "file" else _obsidian(source)
    scheme = wanted.partition(":")[0].lower()
    if scheme not in SCHEMES or any(not letter.isprintable() or letter.isspace() for letter in wanted):
        raise UsageError(f"links cannot lead to {wanted!r}", hint=_HINT)
    for part in re.findall(r"\{([^{}]*)\}", wanted):
        if part not in _PARTS:
            raise UsageError(f"links have no part {{{part}}}", hint="known: {path}, {stem}, {line}")
    return wanted if "{" in wanted else f"{wanted.rstrip('/')}/{{stem}}"


def _address(folder: Path) -> str:
    return folder.absolute().as_uri().rstrip("/").replace("{", "%7B").replace("}", "%7D")


def _obsidian(source: Path) -> str:
    """Address a note in Obsidian: by the vault's name, and the path from its root, which may be above the notes."""
    source = source.absolute()
    vault = next((each for each in (source, *source.parents) if (each / ".obsidian").is_dir()), source)
    inside = "" if vault == source else f"{quote(source.relative_to(vault).as_posix(), safe='')}%2F"
    return f"obsidian://open?vault={quote(vault.name, safe='')}&file={inside}{{path}}"
