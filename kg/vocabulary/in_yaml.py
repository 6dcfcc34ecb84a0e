"""A vocabulary as YAML: a list with a table for each decision, which kg writes on one line.

    - {kind: initiative, name: Talk Cardiff, aliases: [siarad], countries: [GB], organisations: [City of Cardiff]}
    - {kind: initiative, name: Foo Bar, rejected: true}

Everything is text: ``no`` is a name and not a falsehood. Tables over several lines are read as well.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple

import yaml

from kg.vocabulary import rows
from kg.vocabulary.edit import Edit, Group, Page, Unwritable, lines_of
from kg.vocabulary.entries import LISTS, Entry, Problem, tidied

HEAD = "# Decisions about names, one a line; kg keeps what you write between them.\n"
_PLAIN = re.compile(r"[^\W\d_](?:[\w '’&/.()-]*[\w).])?")
_BARE = re.compile(r"(?:[\w.+-][\w.+ -]*)?(?<! )")
_NOT_TEXT = frozenset(("y", "n", "yes", "no", "true", "false", "on", "off", "null"))
"""Words that other readers of YAML do not take for text."""
_COMMENT = re.compile(r"(?<!\S)#[^\n]*")
_DEEPEST = 8


def parse(text: str, _base: str, kinds: Collection[str]) -> Page:
    """Take a file apart; what is wrong with it is in the page's problems."""
    loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, RecursionError) as error:
        return Page(text, problems=(_syntax(text, error),))
    # Not the line of a mark: YAML also counts U+2028 and others as line ends.
    line_of = lines_of(text)
    if root is None:
        return Page(text, top=len(text))
    if not isinstance(root, yaml.SequenceNode):
        return Page(text, problems=(Problem(line_of(root.start_mark.index), "not a list of decisions", "begin each with '- '"),))
    twice = _alias(root)
    if twice:
        return Page(text, problems=(Problem(line_of(twice.start_mark.index), "anchors and aliases are not read", "write out what stands there"),))
    entries: list[Entry] = []
    groups: list[Group] = []
    problems: list[Problem] = []
    for node in root.value:
        found = _table(node, line_of, problems)
        if found is not None:
            cells = {name: _given(value) for name, value in found.items() if name in rows.COLUMNS}
            entry, wrong = rows.entry(cells, line_of(node.start_mark.index), kinds)
            problems += wrong
            entries.append(tidied(entry))
            block = _dash(text, node.start_mark.index, root.start_mark.column), _end(text, node)
            groups.append(Group((block,), (entries[-1].key,), _Table(node, found)))
    indent = " " * root.start_mark.column
    return Page(text, tuple(entries), tuple(groups), tuple(problems), len(text), indent, "in brackets" if root.flow_style else None)


class _Table(NamedTuple):
    """A decision as it stands in the file."""

    node: Any
    columns: dict[str, Any]


def _alias(root: Any) -> Any:
    """Give a node that stands in several places, if there is one."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            return node
        seen.add(id(node))
        if not isinstance(node.value, str):
            waiting += [part for each in node.value for part in (each if isinstance(each, tuple) else (each,))]
    return None


def _syntax(text: str, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context", None) or ""
    if mark and (mark.index >= len(text.rstrip("\n")) or "while parsing a flow" in context):
        # What was never closed is told where it begins.
        mark = getattr(error, "context_mark", None) or mark
    at = getattr(error, "position", None)
    at = mark.index if mark else at
    line = text.count("\n", 0, at) + 1 if isinstance(at, int) else 1
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "nested too deeply"
    if "another document" in reason:
        return Problem(line, "a second list begins here", "remove the line of ---")
    return Problem(line, f"not valid YAML: {reason}", 'a text with any of , : # [ ] { } in it stands in "quotation marks"')


def _table(node: Any, line_of: Callable[[int], int], problems: list[Problem]) -> dict[str, Any] | None:
    """Give the values of a decision by column, or nothing if it is none; tells what is wrong."""
    line = line_of(node.start_mark.index)
    if not isinstance(node, yaml.MappingNode):
        problems.append(Problem(line, "not a decision", "write it as {kind: …, name: …}"))
        return None
    names = [rows.column(key.value) if isinstance(key, yaml.ScalarNode) else "" for key, _ in node.value]
    wrong = rows.unknown_columns(names, line)
    for name, (_, value) in zip(names, node.value, strict=True):
        many = value.value if isinstance(value, yaml.SequenceNode) and name in LISTS else [value]
        if name in rows.COLUMNS and not all(isinstance(each, yaml.ScalarNode) for each in many):
            wrong.append(Problem(line_of(value.start_mark.index), f"{name} is not {'a list of texts' if name in LISTS else 'a text'}"))
    problems += wrong
    return None if wrong else {name: value for name, (_, value) in zip(names, node.value, strict=True)}


def _given(node: Any) -> str | tuple[str, ...]:
    """Give a value as text or a list of texts; a value that is left out is an empty text."""
    if isinstance(node.value, str):
        return str(node.value)
    return tuple(str(each.value) for each in node.value)


# -- where a decision stands ---------------------------------------------------------------------


def _dash(text: str, at: int, column: int) -> int:
    """Find the hyphen before a decision: it stands in the column of all others, in the same line or above."""
    start = text.rfind("\n", 0, at) + 1
    while start and text[start + column : start + column + 1] != "-":
        start = text.rfind("\n", 0, start - 1) + 1
    return start + column


def _end(text: str, node: Any) -> int:
    """Find where a node ends; one without brackets ends with its last value, not with what comes next."""
    end: int = node.end_mark.index
    if isinstance(node.value, str):
        return len(text[:end].rstrip()) if node.style in ("|", ">") else end
    if node.flow_style or not node.value:
        return end
    last = node.value[-1]
    return _end(text, last[1] if isinstance(last, tuple) else last)


def _texts(node: Any) -> Iterator[Any]:
    """List the texts in a node, in reading order."""
    if isinstance(node.value, str):
        yield node
    else:
        for each in node.value:
            for part in each if isinstance(each, tuple) else (each,):
                yield from _texts(part)


def _comments(text: str, node: Any, start: int) -> Iterator[str]:
    """List the comments inside a decision."""
    for each in _texts(node):
        yield from _COMMENT.findall(text, start, each.start_mark.index)
        start = _end(text, each)
    yield from _COMMENT.findall(text, start, _end(text, node))


# -- writing -------------------------------------------------------------------------------------


def scalar(text: str) -> str:
    """Write a text as YAML, in quotation marks where it could be read otherwise.

    >>> print(scalar("City of Cardiff"), scalar("No"), scalar("a: b"))
    City of Cardiff "No" "a: b"
    """
    if _PLAIN.fullmatch(text) and text.casefold() not in _NOT_TEXT:
        return text
    return "".join(map(_shown, json.dumps(text, ensure_ascii=False)))


def _shown(character: str) -> str:
    if character.isascii() or unicodedata.category(character)[0] not in "CZ":
        return character if character != "\x7f" else "\\x7f"
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


def line(entry: Entry, own: dict[str, str] | None = None) -> str:
    """Write a decision on one line; ``own`` are the author's own columns, written as YAML.

    >>> print(line(Entry("theme", "Open data", aliases=("free data",))))
    - {kind: theme, name: Open data, aliases: [free data]}
    """
    said = {name: _value(cell) for name, cell in rows.cells(entry).items()}
    if entry.rejected:
        said["rejected"] = "true"
    return f"- {{{', '.join(f'{name}: {cell}' for name, cell in (said | (own or {})).items())}}}"


def _value(cell: str | tuple[str, ...]) -> str:
    return scalar(cell) if isinstance(cell, str) else f"[{', '.join(map(scalar, cell))}]"


def _flow(node: Any, depth: int = 0) -> str:
    """Write any node on one line."""
    if isinstance(node.value, str):
        # Unquoted, a number or nothing at all is more than a text to other readers, and stays so.
        return node.value or "null" if not node.style and _BARE.fullmatch(node.value) else scalar(node.value)
    if depth > _DEEPEST:
        return "null"
    if node.value and isinstance(node.value[0], tuple):
        return f"{{{', '.join(f'{_flow(key, depth + 1)}: {_flow(value, depth + 1)}' for key, value in node.value)}}}"
    return f"[{', '.join(_flow(each, depth + 1) for each in node.value)}]"


def write(entries: Sequence[Entry], _base: str) -> str:
    """Write decisions as a file."""
    return HEAD + "".join(f"{line(entry)}\n" for entry in entries)


class _Pen:
    """Writes decisions into one file, and keeps the author's own columns and comments."""

    def __init__(self, text: str) -> None:
        self.text = text

    def lines(self, entries: Sequence[Entry], group: Group | None) -> list[str]:
        if group is None:
            return [line(entry) for entry in entries]
        table: _Table = group.rest
        own = {name: _flow(value) for name, value in table.columns.items() if name.startswith(rows.OWN)}
        comments = [each.rstrip("\r") for each in _comments(self.text, table.node, group.blocks[0][0])]
        return [*comments, *(line(entry, own) for entry in entries)]

    def heading(self) -> list[Edit]:
        return []


def pen(page: Page, _entries: Sequence[Entry], _base: str) -> _Pen:
    """Make what writes decisions into this file.

    Raises:
        Unwritable: the file is one list in brackets, which has no lines of its own to change.
    """
    if page.form:
        raise Unwritable(0, "the file is one list in brackets")
    return _Pen(page.text)
