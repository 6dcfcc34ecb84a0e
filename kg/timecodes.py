"""Timestamps as people and machines write them, found before the Markdown is read.

A note made from a video may hold fifty ``<a class="yt-timestamp" data-t="00:25:05">[00:25:05]</a>``,
each of them five events of a Markdown parser. :func:`cover` puts one character in the place of each,
which halves the cost of reading and lets a timestamp at the start of a line be text, not HTML.

Source: 878 real notes with 43,508 such tags, 13 of them with a broken class, 106 with a stray ``]``
in ``data-t``, 229 without text; and 4,672 bare ``[00:25:05]``, some in lists.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg.addresses import youtube
from kg.model import Stamp

MARK = "\u2e0e"
"""Stands for a timestamp. It is punctuation, as ``<`` and ``[`` are, so that ``**bold:**`` before it
still ends; no living script uses it, and where a note does, it reads as its neighbour U+2E0F."""

_TIME = r"\d{1,3}(?::\d{1,3}){1,3}"
_CLOCK = r"\d{1,3}(?::\d{2,3}){1,3}"
_PLAIN_TAG = r'<a class="yt-timestamp" data-t="([^"<>\n]*)">\[?(\d[\d:]*)\]?</a>'
# A tag ends at the next < at the latest, and is gone through once, or 60 kB of "<a " would take 7 s.
_ANY_TAG = r"<([aA]\b(?=[^<>\n]*>)(?>[^<>\n]*?(?:yt|data-t)[^<>\n]*>)[^<\n]*</[aA]>)"
# The bracket at the end may be missing, but then no time of day and no link may stand there.
_BARE = rf"\[:?[ \t]?({_CLOCK}(?:[ \t]?[,;–—-][ \t]?{_CLOCK})*)(?:[ \t]?\](?!\()|(?![ \t]?\]|\d|:|[ \t]?[AaPp]\.?[Mm]))"
# Every branch begins with a plain character, so that the engine runs from one < or [ to the next.
_ALL = re.compile(rf"({_PLAIN_TAG}|{_ANY_TAG}|\[{_TIME}\]\({_ANY_TAG}\)|{_BARE})")
_MARKS = r"[*_]{0,3}"
_END = r"(?!\w|:\d|[.,]\d|[ \t]?[AaPp]\.?[Mm]\b)"
_BEGINS = r"^[ \t>]*(?:#{1,6}[ \t]+|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|\d{1,9}[.)][ \t]+)?(?:(?:\*\*|__)(?=[\d:]+[ \t]))?"
_PLAYED = rf"(?<!!)\[{_MARKS}[\[(]?({_TIME})[\])]?{_MARKS}\]\(<?(https?://[^\s()<>]+)>?(?:[ \t]+\"[^\"\n]*\")?\)"
"""A link that plays the video from some second."""


def _plain(time: str) -> str:
    """Give the form of times without square brackets: where a line or an item of a list begins, alone in parentheses, alone in bold."""
    several = rf"({time}(?:[ \t]?(?:-{{1,3}}>?|[,;–—])[ \t]?{time})*)"
    opening = rf"({_BEGINS}){several}{_END}(?:[ \t]+[-–—|](?=[ \t])|:(?=[ \t]))?"
    return rf"{opening}|(?<![\]\w])\({several}\)|(?:\*\*|__)[\[(]?{several}[\])]?:?(?:\*\*|__)(?!\w)"


_LONG, _SHORT = r"\d{1,2}:[0-5]\d:[0-5]\d", r"\d{1,3}:[0-5]\d"
_CLOCKED = re.compile(r":[0-5]\d(?!\d)")


@lru_cache
def _in_minutes_only() -> re.Pattern[str]:
    """Give the pattern of minutes and seconds without square brackets."""
    return re.compile(_plain(_SHORT), re.MULTILINE)


@lru_cache
def _of_video(*, short: bool) -> re.Pattern[str]:
    """Give the pattern of timestamps in a note of a video; ``short`` are minutes and seconds. To compile it takes 3 ms, which most builds of one note need not."""
    time = rf"(?:{_LONG}|{_SHORT})" if short else _LONG
    return re.compile(rf"({_ALL.pattern[1:-1]}|{_PLAYED}|{_plain(time)})", re.MULTILINE)


_SECOND = re.compile(r"[?&#](?:t|start|time_continue)=(?=\d)(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?(?![^&#])")
_DATA_T = re.compile(r"data-t\s*=\s*[\"']?\s*([^\"'>]*)", re.IGNORECASE)
_ONE = re.compile(_TIME)
_ISO = re.compile(r"PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
_LONGEST = 40
"""Characters of a length, or of the second in an address; Python refuses to read 4,301 digits as a number."""


class Covered(NamedTuple):
    """A text with its timestamps covered, and how to get back.

    ``stamps[i]`` is under the i-th :data:`MARK`; ``written[i]`` is what stood there (empty for the
    second and later of a list); ``ends[i]`` is where the mark ends in ``text``, and ``lost[i]`` how
    many code points shorter ``text`` is up to there.
    """

    text: str
    stamps: list[Stamp]
    written: list[str]
    ends: list[int]
    lost: list[int]


def cover(text: str, line: int = 1, video: str = "") -> Covered:
    """Cover every timestamp of a text whose first line is ``line``.

    In a note that is made from a ``video``, links that play it from a second are such, too, and times without square brackets.

    >>> covered = cover("So <a class='yt' data-t='00:01:00'>[00:01:02]</a>, [2:30, 2:40].")
    >>> covered.text.replace(MARK, "*")
    'So *, **.'
    >>> [stamp.raw for stamp in covered.stamps]
    ['00:01:02', '2:30', '2:40']
    """
    if MARK in text:
        text = text.replace(MARK, "\u2e0f")
    found = _cover(text, line, _ALL, "")
    if not video or not _CLOCKED.search(found.text):
        return found
    return _cover(text, line, _of_video(short=_in_minutes(found)), video)


def _in_minutes(found: Covered) -> bool:
    """Say whether times of two numbers are minutes and seconds in a note, and no times of day.

    They are where other timestamps have two, and where there are several of which the first is within the first minute.
    """
    if any(each.raw.count(":") == 1 for each in found.stamps):
        return True
    plain = [next(filter(None, each.groups()[1:])) for each in _in_minutes_only().finditer(found.text)]
    return len(plain) > 1 and not int(plain[0].partition(":")[0])


def _cover(text: str, line: int, form: re.Pattern[str], video: str) -> Covered:
    newline = "\n" if "\n" in text else "\r"
    pieces: list[str] = []
    stamps: list[Stamp] = []
    written: list[str] = []
    ends: list[int] = []
    lost: list[int] = []
    length = shorter = 0
    # Cut in one go, a quarter faster than match by match: what stands before a timestamp, the whole of it, and what its groups hold.
    cut = form.split(text)
    for before, source, plain, shown, alone, inside, bare, *more in zip(*(cut[at :: 1 + form.groups] for at in range(1 + form.groups)), strict=False):
        line += before.count(newline)
        if plain is not None:
            found = [Stamp(plain, shown, line)]
        elif bare is not None:
            found = [Stamp("", each, line) for each in _ONE.findall(bare)]
        elif alone or inside:
            found = [_from_tag(alone or inside, line)]
        else:
            words, address, prefix, *plainly = more
            found = (
                _played(words, address, line, video) if words else [Stamp("", each, line) for each in _ONE.findall("".join(filter(None, plainly)))]
            )
            kept = len(prefix or "") if found else len(source)
            before, source = before + source[:kept], source[kept:]
        pieces += (before, MARK * len(found))
        length += len(before)
        shorter += len(source)
        for stamp in found:
            length += 1
            shorter -= 1
            stamps.append(stamp)
            written.append(source)
            ends.append(length)
            lost.append(shorter)
            source = ""
    pieces.append(cut[-1])
    return Covered("".join(pieces), stamps, written, ends, lost)


def _played(words: str, address: str, line: int, video: str) -> list[Stamp]:
    """Give the timestamp that a link is, if it plays the video of its note from a second: that of its address is certain."""
    at = _SECOND.search(address) if youtube(address) == video else None
    if not at:
        return []
    hours, minutes, seconds = (int(each or 0) for each in at.groups())
    minutes, seconds = divmod(hours * 3600 + minutes * 60 + seconds, 60)
    # Of minutes and seconds there is one reading.
    return [Stamp(f"{minutes}:{seconds:02d}", words, line)]


def _from_tag(tag: str, line: int) -> Stamp:
    opening, _, content = tag[:-4].partition(">")
    given = _DATA_T.search(opening)
    shown = _ONE.findall(content)
    return Stamp(given[1].strip() if given else "", shown[-1] if shown else content.strip(" \u200b[]"), line)


def seconds(raw: str, longest: int) -> int | None:
    """Read a time code as whole seconds from the start, if its form leaves one reading only.

    ``longest`` is the length, in seconds, that no video exceeds. ``hh:mm:ss`` beyond it is
    ``mm:ss`` with a filler (00, or the seconds again); four fields are ``h:mm:ss`` and a filler.

    >>> seconds("00:25:05", 21600), seconds("15:27:27", 21600), seconds("01:04:15:00", 21600)
    (1505, 927, 3855)
    >>> seconds("01:10:00", 21600) is None  # one hour ten, or one minute ten
    True
    """
    found = readings(raw, longest)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=65536)
def readings(raw: str, longest: int) -> tuple[int, ...]:
    """List what a time code can mean, in seconds; none if no reading is possible."""
    match = _ONE.search(raw)
    if not match:
        return ()
    fields = [int(each) for each in match[0].split(":")]
    found: list[int] = []
    if len(fields) == 2:
        found.append(_clock(0, *fields))
    elif len(fields) == 4:
        found.append(_clock(*fields[:3]))
    else:
        first, second, third = fields
        found.append(_clock(first, second, third))
        # A last field that is 00 or repeats the seconds is a filler; so is any where hours would be too many.
        if third in (0, second) or (first and third < 60 and not 0 <= found[0] <= longest):
            found.append(_clock(0, first, second))
    return tuple(dict.fromkeys(each for each in found if 0 <= each <= longest))


def _clock(hours: int, minutes: int, second: int) -> int:
    """Give the seconds, or -1 where the fields are no time."""
    if second > 59 or (hours and minutes > 59):
        return -1
    return hours * 3600 + minutes * 60 + second


def hms(second: int) -> str:
    """Write seconds as a player shows them.

    >>> hms(4200), hms(70)
    ('1:10:00', '1:10')
    """
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def second(address: str) -> int | None:
    """Read the second from the address at which a video plays, as moments have it.

    >>> second("https://youtu.be/JkIhnK7qf-w?t=725"), second("")
    (725, None)
    """
    end = address.rpartition("?t=")[2] if "?t=" in address else ""
    return int(end) if end.isdecimal() and len(end) <= _LONGEST else None


def length(text: str) -> int:
    """Read the length of a video as seconds: 5280, 1:28:00, 88:00 or PT1H28M (ISO 8601); 0 if it is none of these.

    >>> length("5280"), length("1:28:00"), length("PT1H28M"), length("long")
    (5280, 5280, 5280, 0)
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return 0
    if text.isdecimal():
        return int(text)
    parts = _ISO.fullmatch(text)
    if parts:
        return sum(int(each or 0) * worth for each, worth in zip(parts.groups(), (3600, 60, 1), strict=True))
    fields = text.split(":")
    if len(fields) not in (2, 3) or not all(map(str.isdecimal, fields)):
        return 0
    return max(0, _clock(*([0] * (3 - len(fields)) + list(map(int, fields)))))
