"""Ids that a note goes by beside its names, as keepers of card indexes use them.

``id: 20240501120000`` in front matter, a moment in the file's name (``202405011200 Harbour.md``), ``@ID:20240501120000`` in the
text, as in Zettlr, and in a notebook of zk what begins the file's name (``x4f2-harbour.md``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kg import frontmatter, vault
from kg.model import Passage, Property

_MOMENT = re.compile(r"(?<!\d)(?:\d{14}|\d{12})(?!\d)")
_WRITTEN = re.compile(r"@?\bID:[ \t]*(\d{12,14})(?!\d)")
_FIRST = re.compile(r"([^\W_]+)[ _-]")


def ids(path: str, properties: Mapping[str, Property], passages: Iterable[Passage], *, prefixed: bool = False) -> tuple[str, ...]:
    """List the ids of a note; with ``prefixed``, what stands before the first hyphen of its file's name is one, too.

    >>> ids("folder/202405011200 Harbour.md", {"id": Property("hb-1", 2)}, ()), ids("x4f2-harbour.md", {}, (), prefixed=True)
    (('hb-1', '202405011200'), ('x4f2',))
    """
    found: dict[str, None] = {}
    given = frontmatter.given(properties, "id")
    if given and isinstance(given.value, str) and given.value.strip():
        found[given.value.strip()] = None
    stem = vault.cut(path.rpartition("/")[2])
    found |= dict.fromkeys(_MOMENT.findall(stem))
    for each in passages:
        if "ID:" in each.text and (written := _WRITTEN.search(each.text)):
            found[written[1]] = None
            break
    first = _FIRST.match(stem) if prefixed else None
    if first:
        found[first[1]] = None
    found.pop(stem, None)
    return tuple(found)
