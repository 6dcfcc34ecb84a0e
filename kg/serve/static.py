"""Files that pages load: style and scripts of ours, and the editor of queries where the build brought it (hatch_build.py)."""

from __future__ import annotations

import gzip
from functools import cache
from importlib import resources
from typing import NamedTuple

from kg.serve.validators import tag

_KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "txt": "text/plain; charset=utf-8"}
_OURS = ("serve.css", "serve.js", "query.css", "query.js")
_EDITOR = ("yasgui.min.js", "yasgui.min.css", "LICENSES.txt")


class File(NamedTuple):
    """A file as it is sent; ``packed`` is the same by gzip."""

    media: str
    body: bytes
    packed: bytes
    tag: str


@cache
def file(name: str) -> File | None:
    """Give a file by its name; None if there is none, which is so of the editor's where the build had no npm.

    >>> file("serve.css").media, file("../limits.py")
    ('text/css; charset=utf-8', None)
    """
    if name not in (*_OURS, *_EDITOR):
        return None
    folder = resources.files("kg.serve").joinpath("assets")
    try:
        body = (folder.joinpath("editor", name) if name in _EDITOR else folder.joinpath(name)).read_bytes()
    except OSError:
        return None
    return File(_KINDS[name.rpartition(".")[2]], body, gzip.compress(body, 9, mtime=0), tag(body))


@cache
def address(name: str) -> str:
    """Give the address of a file, which is another one when the file is another: so browsers may keep it for good.

    >>> address("serve.css").partition("?")[0]
    '/assets/serve.css'
    """
    found = file(name)
    return f"/assets/{name}?v={version(found)}" if found else f"/assets/{name}"


def version(found: File) -> str:
    """Give what tells a file from another of its name."""
    return found.tag[3:-1][:12]


@cache
def editor() -> bool:
    """Say whether the editor is here."""
    return all(file(name) for name in _EDITOR)


__all__ = ["File", "address", "editor", "file", "version"]
