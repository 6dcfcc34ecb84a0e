"""What Logseq writes that no other tool does: ids of blocks, properties at the head of a page, names of files.

``((64a0…))`` refers to the block that has ``id:: 64a0…``. The first block of a page says with ``title::`` and ``alias::`` what
front matter says elsewhere. ``a___b.md`` and ``a%2Fb.md`` are the page ``a/b``, and ``journals/2024_05_01.md`` is ``[[May 1st, 2024]]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from kg import vault
from kg.frontmatter import FIELD, NAMING, plain
from kg.model import Property, Value
from kg.names import nfc

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
SIZE = 36
"""Characters of an id."""
REFERENCE = re.compile(rf"\(\(({_UUID})\)\)")
TAG = re.compile(r"(?<![^\s(\[{,])#(?!(?<=\[#)[A-Ca-c]\])([^\s#\[\](){}\"',;!?<>|]*[^\s#\[\](){}\"',;!?<>|.:])")
_HIDDEN = re.compile(rf"(?:^|\n)(?:id:: ?(?P<id>{_UUID})|collapsed:: ?(?:true|false))(?=\n|$)")
_HEAD = re.compile(rf"[ \t\r\n]*(?:- )?((?:[ \t]*{FIELD}::[^\n]*(?:\n|$))+)")
_LINE = re.compile(rf"[ \t]*({FIELD})::[ \t]*([^\r\n]*?)[ \t\r]*(?:\n|$)")
_FILED = re.compile(r"(\d{4})([-_.]?)(\d\d)\2(\d\d)")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH, _WEEKDAY = (f"(?:{'|'.join(f'{each[:3]}(?:{each[3:]})?' for each in names)})" for names in (_MONTHS, _WEEKDAYS))
_DAY = re.compile(
    rf"(?:{_WEEKDAY}, ?)?(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?, ?\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}|\d\d([-./_])\d\d\1\d{{4}})"
    rf"|(?:{_WEEKDAY}, ?)?\d{{4}}([-./_])\d\d(?:\2\d\d)?(?: {_WEEKDAY})?|\d{{4}}年\d{{1,2}}月\d{{1,2}}日",
    re.IGNORECASE,
)
_TITLES = re.compile(rb'^[^;"\n]*:journal/page-title-format\s+"([^"\n]*)"', re.MULTILINE)


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


def hidden(text: str) -> str:
    """Give the line of a block's text that holds its id; "" if none does."""
    return next((each[0].strip("\n") for each in _HIDDEN.finditer(text) if each["id"]), "") if "id:: " in text else ""


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


def named(stem: str) -> str:
    """Give what Logseq calls the page in a file.

    >>> named("Work___Plan"), named("Books%2FEmma")
    ('Work/Plan', 'Books/Emma')
    """
    if "___" not in stem and "%" not in stem:
        return stem
    whole = nfc(unquote(stem.replace("___", "/")))
    return whole if whole.isprintable() and whole.strip() and "\ufffd" not in whole else stem


def is_day(text: str) -> bool:
    """Say whether a name is that of a day, or a month, in any way to write it that Logseq offers.

    >>> is_day("Sunday, 2024/06/02"), is_day("2nd Jun 2024"), is_day("May 2024")
    (True, True, False)
    """
    return any(map(str.isdigit, text)) and _DAY.fullmatch(text) is not None


def written_days(notes: Path) -> str:
    """Give the format of the titles of journals, by what Logseq keeps here or one folder up; "" if it says none."""
    for name in ("logseq/config.edn", "../logseq/config.edn"):
        try:
            found = _TITLES.search(vault.beside(notes, name))
        except OSError:
            continue
        return found[1].decode("utf-8", "replace") if found else ""
    return ""


def names(path: str, days: str = "") -> Iterator[str]:
    """Give the names that a page has by its file's name, but for that name itself; ``days`` is how the author writes a day, if that is known.

    >>> list(names("pages/a___b%3F.md")), list(names("journals/2024_05_01.md"))[:2]
    (['a/b?'], ['May 1st, 2024', '1st May 2024'])
    """
    folder, _, stem = vault.cut(path).rpartition("/")
    whole = named(stem)
    if whole != stem:
        yield whole
    day = _FILED.fullmatch(stem) if folder.rpartition("/")[2].lower() == "journals" else None
    if day:
        try:
            yield from _day(date(int(day[1]), int(day[3]), int(day[4])), days)
        except ValueError:  # the 30th of February
            return


def _day(day: date, written: str) -> Iterator[str]:
    """Write a day in the ways that Logseq offers for the titles of journals.

    Of 02-06-2024 only the author's own way tells whether it is the second of June; else it means both, and an issue where both are there.
    """
    month, weekday = _MONTHS[day.month - 1], _WEEKDAYS[day.weekday()]
    ending = "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    for name in dict.fromkeys((month[:3], month)):
        yield f"{name} {day.day}{ending}, {day.year}"
        yield f"{day.day}{ending} {name} {day.year}"
    for name in (weekday[:3], weekday):
        yield f"{name}, {day:%d-%m-%Y}"
        yield f"{name}, {day:%d.%m.%Y}"
        yield f"{name}, {day:%m/%d/%Y}"
        yield f"{name}, {day:%Y/%m/%d}"
        yield f"{day:%Y-%m-%d} {name}"
    forms = ["%Y-%m-%d", "%Y/%m/%d", "%Y_%m_%d", "%Y%m%d", "%m/%d/%Y", "%m_%d_%Y"]
    forms += [] if written.startswith("MM-") else ["%d-%m-%Y"]
    forms += [] if written.startswith("dd-") else ["%m-%d-%Y"]
    yield from (day.strftime(form) for form in forms)
    if written == "dd.MM.yyyy":
        yield f"{day:%d.%m.%Y}"
    yield f"{day:%Y}年{day:%m}月{day:%d}日"
