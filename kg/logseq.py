"""What Logseq writes that no other tool does: ids of blocks, properties at the head of a page, names of files.

``((64a0…))`` refers to the block that has ``id:: 64a0…``. The first block of a page says with ``title::`` and ``alias::`` what
front matter says elsewhere. ``a___b.md`` and ``a%2Fb.md`` are the page ``a/b``, and ``journals/2024_05_01.md`` is ``[[May 1st, 2024]]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import unquote

from kg.frontmatter import FIELD, NAMING, plain
from kg.model import Property, Value
from kg.names import nfc

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
SIZE = 36
"""Characters of an id."""
REFERENCE = re.compile(rf"\(\(({_UUID})\)\)")
TAG = re.compile(r"(?<![^\s(\[{,])#([^\s#\[\](){}\"',;!?<>|]*[^\s#\[\](){}\"',;!?<>|.:])")
_HIDDEN = re.compile(rf"(?:^|\n)(?:id:: ?(?P<id>{_UUID})|collapsed:: ?(?:true|false))(?=\n|$)")
_HEAD = re.compile(rf"[ \t\r\n]*(?:- )?((?:[ \t]*{FIELD}::[^\n]*(?:\n|$))+)")
_LINE = re.compile(rf"[ \t]*({FIELD})::[ \t]*([^\r\n]*?)[ \t\r]*(?:\n|$)")
_DAY = re.compile(r"(\d{4})[-_](\d\d)[-_](\d\d)")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def head(text: str, start: int) -> dict[str, Property]:
    """Read what the first block of a page says of the page as a whole.

    >>> head("title:: A page\\nalias:: one, [[two]]\\nstars:: 4\\n\\n- words", 0)
    {'title': Property(value='A page', line=1), 'alias': Property(value=['one', 'two'], line=2)}
    """
    block = _HEAD.match(text, start)
    if not block:
        return {}
    found: dict[str, Property] = {}
    for each in _LINE.finditer(text, block.start(1), block.end(1)):
        key = each[1].strip().casefold()
        if key in NAMING and each[2]:
            value: Value = [plain(one).strip() for one in each[2].split(",")] if key != "title" else plain(each[2])
            found.setdefault(key, Property(value, text.count("\n", 0, each.start(1)) + 1))
    return found


def unhidden(text: str) -> tuple[str, str]:
    """Take the lines away that Logseq does not show; gives the id of the block as well.

    >>> unhidden("words\\nid:: 64a0b1c2-0000-4000-8000-0123456789ab")
    ('words', '64a0b1c2-0000-4000-8000-0123456789ab')
    """
    block = next((each["id"] for each in _HIDDEN.finditer(text) if each["id"]), "")
    return _HIDDEN.sub("", text).strip("\n"), block


_ORG = re.compile(r"^[ \t>]*(?:- )?(#\+(begin|end)_(\w+)[^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_QUIET = frozenset({"query", "src", "example", "export", "comment"})
"""Blocks in Org's form that are no text."""
_MACRO = re.compile(r"\{\{(?!\s*embed\b)[^{}\r\n]*\}\}", re.IGNORECASE)


def unasked(text: str) -> str:
    """Blank out queries and code in Org's form, byte for byte, and the brackets in macros: none of it refers to a page.

    >>> unasked("{{query [[a]]}} and {{embed [[b]]}}")
    '{{query   a  }} and {{embed [[b]]}}'
    """
    if "#+" in text:
        pieces: list[str] = []
        done, start, quiet = 0, -1, ""
        for each in _ORG.finditer(text):
            opens, kind = each[2].lower() == "begin", each[3].lower()
            if start >= 0 and not (not opens and kind == quiet):
                continue
            if start < 0 and opens and kind in _QUIET:
                start, quiet = each.start(1), kind
                continue
            first = start if start >= 0 else each.start(1)
            pieces += text[done:first], _blanked(text[first : each.end()])
            done, start = each.end(), -1
        text = "".join((*pieces, text[done:]))
    return _MACRO.sub(lambda each: each[0].replace("[[", "  ").replace("]]", "  "), text) if "{{" in text else text


def _blanked(text: str) -> str:
    return "".join(each if each in "\r\n" else " " * len(each.encode("utf-8", "surrogatepass")) for each in text)


def names(path: str) -> Iterator[str]:
    """Give the names that a page has by its file's name, but for that name itself.

    >>> list(names("pages/a___b%3F.md")), list(names("journals/2024_05_01.md"))[:2]
    (['a/b?'], ['May 1st, 2024', '1st May 2024'])
    """
    folder, _, stem = path.removesuffix(".md").rpartition("/")
    if "___" in stem or "%" in stem:
        whole = nfc(unquote(stem.replace("___", "/")))
        if whole != stem:
            yield whole
    day = _DAY.fullmatch(stem) if folder.rpartition("/")[2].lower() == "journals" else None
    if day:
        try:
            yield from _day(date(*map(int, day.groups())))
        except ValueError:  # the 30th of February
            return


def _day(day: date) -> Iterator[str]:
    """Write a day in the ways that Logseq offers for the titles of journals."""
    month, weekday = _MONTHS[day.month - 1], _WEEKDAYS[day.weekday()]
    ending = "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    for name in dict.fromkeys((month[:3], month)):
        yield f"{name} {day.day}{ending}, {day.year}"
        yield f"{day.day}{ending} {name} {day.year}"
    for name in (weekday[:3], weekday):
        yield f"{name}, {day:%d-%m-%Y}"
        yield f"{name}, {day:%Y/%m/%d}"
        yield f"{day:%Y-%m-%d} {name}"
