"""YAML and TOML as texts: every scalar stays as it is written, never a number, a date or a boolean.

YAML would read ``12:34:56`` as 45296 and ``no`` as False. Anchors and aliases are refused, since a few of them fill the memory,
and so is what lies too deep. What is not YAML, or TOML, still gives its ``key: rest of line`` lines, with a flaw that says what is wrong.
Each function takes what stands between the two lines that mark it, of which the first is line 1 of the note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from kg.model import Flaw, Property, Value

DEEPEST = 32

# Lines that mean to YAML just what they say: a name, a colon, and words that no rule of YAML
# touches. 877 of 878 real notes hold nothing else, and loading PyYAML alone costs 35 ms.
_PLAIN = re.compile(r"([A-Za-z_][\w-]*):[ \t]+((?:[A-Za-z0-9_]|-[A-Za-z0-9_-])(?:[^#:\s]|:(?=\S)|[ \t]+(?=[^#\s]))*)[ \t]*")
_TOML_KEY = re.compile(r"""[ \t]*(?:\[\[?[ \t]*)?(?:"([^"\r\n]+)"|'([^'\r\n]+)'|([\w-]+))[ \t]*(=|\.|\])""")
_TOML_LINE = re.compile(r"""([\w-]+)[ \t]*=[ \t]*(\S.*)$""")
_TOML_PLAIN = re.compile(r"[ \t]*=[ \t]*([^\s\"'#\[{][^#\r\n]*)")
_DOTTED = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){33}")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_BRACKET = re.compile(r"[\[\]{}]")
_LINE = re.compile(r"([^\s:#\-][^:]*):[ \t]+(\S.*)$")


def simple(content: str) -> dict[str, Property] | None:
    """Read lines of a name, a colon and plain words, which mean to YAML just that; None if there is anything else.

    >>> simple("title: A note"), simple("title: 'A note'")
    ({'title': Property(value='A note', line=2)}, None)
    """
    found: dict[str, Property] = {}
    for number, line in enumerate(content.split("\n"), start=2):
        match = _PLAIN.fullmatch(line.rstrip("\r"))
        if not match or match[1] in found:
            return None
        found[match[1]] = Property(match[2], number)
    return found


def of_yaml(content: str, body: int) -> tuple[dict[str, Property], int, tuple[Flaw, ...]]:
    """Read YAML; gives the properties, ``body`` as it is given, and what was wrong.

    >>> of_yaml("at: 12:34:56\\nopen: no", 40)[0]["open"]
    Property(value='no', line=3)
    """
    import yaml

    if _depth(content) > 4 * DEEPEST:  # the parser takes time by the square of it
        return _lines(content), body, (Flaw("front-matter", 2, f"nested more than {DEEPEST} deep: read as plain 'key: text' lines"),)
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        properties = _table(_shallow(yaml.parse(content, Loader=loader)), content)
    except (yaml.YAMLError, _Refused, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        if mark and mark.index >= len(content.rstrip("\n")):
            # What was never closed is told where it begins.
            mark = getattr(error, "context_mark", None) or mark
        reason = getattr(error, "problem", None) or str(error) or type(error).__name__
        # Not the line of a mark: YAML also counts U+2028 and others as line ends.
        line = content.count("\n", 0, mark.index) + 2 if mark else 2
        flaw = Flaw("front-matter", line, f"not valid YAML ({reason}): read as plain 'key: text' lines")
        return _lines(content), body, (flaw,)
    return properties, body, ()


def of_toml(content: str, body: int) -> tuple[dict[str, Property], int, tuple[Flaw, ...]]:
    """Read what Hugo and Zola have at the head of a note."""
    import tomllib

    if _depth(content) > 4 * DEEPEST or _DOTTED.search(content):
        return _lines(content, _TOML_LINE), body, (Flaw("front-matter", 2, f"nested more than {DEEPEST} deep: read as plain 'key = text' lines"),)
    places: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(content.split("\n"), start=2):
        if named := _TOML_KEY.match(line):
            written = _TOML_PLAIN.match(line, named.start(4)) if named[4] == "=" else None
            places.setdefault(named[1] or named[2] or named[3], (number, written[1].strip() if written else ""))
    try:
        table = tomllib.loads(content, parse_float=str)
        found = {key: Property(_told(value, places.get(key, (2, ""))[1]), places.get(key, (2, ""))[0]) for key, value in table.items()}
    except (ValueError, RecursionError) as error:
        place = _PLACE.search(str(error))
        number = 2 if not place else int(place[1]) + 1 if place[1] else content.count("\n") + 2
        flaw = Flaw(
            "front-matter", number, f"not valid TOML ({_PLACE.sub('', str(error)) or type(error).__name__}): read as plain 'key = text' lines"
        )
        return _lines(content, _TOML_LINE), body, (flaw,)
    return found, body, ()


def _told(value: Any, written: str = "") -> Value:
    """Give a value of TOML as texts, numbers and days as they are ``written``."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, list):
        return [_told(each) for each in value]
    if isinstance(value, dict):
        return {key: _told(each) for key, each in value.items()}
    return written or (str(value).lower() if isinstance(value, bool) else str(value))


def _depth(content: str) -> int:
    """Say how deep brackets are nested at most."""
    deepest = depth = 0
    for each in _BRACKET.findall(content):
        depth += 1 if each in "[{" else -1
        deepest = max(depth, deepest)
    return deepest


class _Refused(Exception):
    """Something that YAML allows and front matter has no use for."""


def _shallow(events: Iterable[Any]) -> list[Any]:
    """Read events until they nest too deep: 64 kB of brackets would take the parser 6 s."""
    found, depth = [], 0
    for event in events:
        found.append(event)
        name = type(event).__name__
        depth += name in ("SequenceStartEvent", "MappingStartEvent")
        depth -= name in ("SequenceEndEvent", "MappingEndEvent")
        if depth > DEEPEST + 2:
            raise _Refused(f"nested more than {DEEPEST} deep")
    return found


def _table(events: list[Any], content: str) -> dict[str, Property]:
    """Read a stream of YAML events as one table of text."""
    position = counted = 0
    line = 2

    def value(depth: int) -> Value:
        nonlocal position
        event = events[position]
        position += 1
        name = type(event).__name__
        if getattr(event, "anchor", None) is not None:
            raise _Refused("anchors and aliases are not read")
        if depth > DEEPEST:
            raise _Refused(f"nested more than {DEEPEST} deep")
        if name == "ScalarEvent":
            return str(event.value).replace("\0", "\ufffd")  # as in the text; only an escape can bring it here
        if name == "SequenceStartEvent":
            items: list[Value] = []
            while type(events[position]).__name__ != "SequenceEndEvent":
                items.append(value(depth + 1))
            position += 1
            return items
        if name == "MappingStartEvent":
            table: dict[str, Value] = {}
            while type(events[position]).__name__ != "MappingEndEvent":
                name_of = _text(value(depth + 1))
                table[name_of] = value(depth + 1)
            position += 1
            return table
        raise _Refused("more than one document")

    found: dict[str, Property] = {}
    while position < len(events) and type(events[position]).__name__ in ("StreamStartEvent", "DocumentStartEvent"):
        position += 1
    if type(events[position]).__name__ == "StreamEndEvent":
        return found
    if type(events[position]).__name__ != "MappingStartEvent":
        raise _Refused("not a table of keys and values")
    position += 1
    while type(events[position]).__name__ != "MappingEndEvent":
        start = events[position].start_mark.index
        line += content.count("\n", counted, start)
        counted = start
        name_of = _text(value(0))
        found[name_of] = Property(value(0), line)
    return found


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ", ".join(map(_text, value))


def _lines(content: str, form: re.Pattern[str] = _LINE) -> dict[str, Property]:
    found: dict[str, Property] = {}
    for number, line in enumerate(content.split("\n"), start=2):
        match = form.match(line)
        if match:
            value = match[2].rstrip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            found.setdefault(match[1].rstrip(" \t"), Property(value, number))
    return found


__all__ = ["of_toml", "of_yaml", "simple"]
