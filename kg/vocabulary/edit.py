"""A vocabulary file changed where decisions changed, and nowhere else.

A file is a page: stretches of text (blocks) that state decisions, and everything between them, which
is the author's and stays byte for byte. Blocks that have to be written together are a group; in
Turtle those are all statements on one subject. How a decision is written is the pen's business.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

from kg.extract import normal
from kg.vocabulary.entries import Entry, Key, Problem, order, references


class Edit(NamedTuple):
    """``text`` instead of what stands from ``start`` to ``end``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Group:
    """What states certain decisions together: its blocks, as half-open stretches of the text.

    One without keys is a stretch that no new line may cut. ``rest`` is what its form keeps of it.
    """

    blocks: tuple[tuple[int, int], ...]
    keys: tuple[Key, ...] = ()
    rest: Any = None


@dataclass(frozen=True)
class Page:
    """A file taken apart: ``top`` is where the first decision goes if there is none yet, ``form`` is the pen's."""

    text: str
    entries: tuple[Entry, ...] = ()
    groups: tuple[Group, ...] = ()
    problems: tuple[Problem, ...] = ()
    top: int = 0
    indent: str = ""
    form: Any = None


class Pen(Protocol):
    """Writes decisions in the form and the words of one file."""

    def lines(self, entries: Sequence[Entry], group: Group | None) -> list[str]:
        """Write decisions, a line for each; ``group`` is what said them before."""
        ...

    def heading(self) -> list[Edit]:
        """Tell what the lines written so far need at the head of the file."""
        ...


class Unwritable(Exception):
    """A group holds what its pen cannot write again."""

    def __init__(self, start: int, what: str) -> None:
        super().__init__(what)
        self.start, self.what = start, what


def edited(page: Page, pen: Pen, before: Mapping[Key, Entry], after: Mapping[Key, Entry], *, at_end: bool = False) -> str:
    """Change a page so that it says what is in ``after`` instead of ``before``.

    New lines go where the order asks for if the page is in order, else (or ``at_end``) to the end.
    """
    changed = _changed(before, after)
    heirs = _heirs(before, after)
    stating = [group for group in page.groups if group.keys]
    in_order = not at_end and _in_order([order(before[group.keys[0]]) for group in stating])
    edits: list[Edit] = []
    fresh: list[tuple[list[Entry], Group | None]] = []
    staying: list[tuple[Entry, Group]] = []
    said: set[Key] = set()
    for group in stating:
        if changed.isdisjoint(group.keys):
            staying.append((after[group.keys[0]], group))
            continue
        entries = [after[key] for key in dict.fromkeys(heirs.get(key, key) for key in group.keys) if key in after and key not in said]
        said.update(entry.key for entry in entries)
        moves = in_order and bool(entries) and order(entries[0]) != order(before[group.keys[0]])
        if moves:
            fresh.append((entries, group))
        elif entries:
            staying.append((entries[0], group))
            edits.append(_replaced(page, group.blocks[0], pen.lines(entries, group)))
        edits += [_removed(page.text, block) for block in group.blocks[bool(entries) and not moves :]]
    known = {key for group in stating for key in group.keys} | said
    fresh += [([entry], None) for key, entry in after.items() if key not in known]
    edits += _inserted(page, pen, fresh, staying, in_order=in_order)
    return _applied(page.text, [*pen.heading(), *edits])


def _changed(before: Mapping[Key, Entry], after: Mapping[Key, Entry]) -> set[Key]:
    """List what is decided otherwise, and what refers to something that has another name or IRI now."""
    changed = {key for key in before.keys() | after.keys() if key not in before or key not in after or before[key].said != after[key].said}
    moved = {key for key in changed if key not in before or key not in after or before[key].ending != after[key].ending}
    if moved:
        changed |= {key for key, entry in after.items() if any((kind, normal(name)) in moved for kind, name in references(entry))}
    return changed


def _heirs(before: Mapping[Key, Entry], after: Mapping[Key, Entry]) -> dict[Key, Key]:
    """Tell which new decision takes the place of an old one: the one that has its name among its own."""
    new = {(key[0], normal(each)): key for key, entry in after.items() if key not in before for each in entry.spellings}
    return {key: new[key] for key in before if key not in after and key in new}


def _in_order(orders: Sequence[Any]) -> bool:
    return all(one <= other for one, other in pairwise(orders))


def lines_of(text: str) -> Callable[[int], int]:
    """Make what tells the line, from 1, of a place in a text.

    >>> lines_of("ab\\ncd")(4)
    2
    """
    ends = [match.start() for match in re.finditer("\n", text)]
    return lambda at: bisect_left(ends, at) + 1


# -- edits ---------------------------------------------------------------------------------------


def line_end(text: str) -> str:
    """Give the line end that most lines of a text have.

    >>> line_end("a\\r\\nb\\r\\nc\\n")
    '\\r\\n'
    """
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def _replaced(page: Page, block: tuple[int, int], lines: Sequence[str]) -> Edit:
    return Edit(*block, f"{line_end(page.text)}{page.indent}".join(lines))


def _removed(text: str, block: tuple[int, int]) -> Edit:
    """Remove a block, and its line if nothing else is on it."""
    start = text.rfind("\n", 0, block[0]) + 1
    end = _after_line(text, block[1])
    if not text[start : block[0]].strip() and not text[block[1] : end].strip():
        return Edit(start, end, "")
    return Edit(*block, "")


def _after_line(text: str, at: int) -> int:
    return text.find("\n", at) + 1 or len(text)


def _inserted(
    page: Page, pen: Pen, fresh: Iterable[tuple[list[Entry], Group | None]], staying: Sequence[tuple[Entry, Group]], *, in_order: bool
) -> list[Edit]:
    text = page.text
    orders = [order(entry) for entry, _ in staying]
    blocks = sorted(block for group in page.groups for block in group.blocks)
    edits: list[Edit] = []
    for entries, group in sorted(fresh, key=lambda each: order(each[0][0])):
        if not in_order:
            at = len(text)
        elif not staying:
            at = page.top
        else:
            above = bisect_right(orders, order(entries[0]))
            at = _below(text, staying[above - 1][1].blocks[0][1], blocks) if above else _above(text, staying[0][1].blocks[0][0])
        written = "".join(f"{page.indent}{line}{line_end(text)}" for line in pen.lines(entries, group))
        broken = at == len(text) and text and not text.endswith("\n") and not any(edit.start == at for edit in edits)
        edits.append(Edit(at, at, line_end(text) + written if broken else written))
    return edits


def _below(text: str, end: int, blocks: Iterable[tuple[int, int]]) -> int:
    """Find the first start of a line after a block that lies in no other block."""
    at = _after_line(text, end)
    for start, until in blocks:
        if start < at < until:
            at = _after_line(text, until)
    return at


def _above(text: str, start: int) -> int:
    """Find the start of the line of a block, or of the comments right above it; those that begin the file are not its own."""
    line = at = text.rfind("\n", 0, start) + 1
    while at and text[text.rfind("\n", 0, at - 1) + 1 : at].lstrip().startswith("#"):
        at = text.rfind("\n", 0, at - 1) + 1
    return at or line


def _applied(text: str, edits: Collection[Edit]) -> str:
    pieces = []
    at = 0
    for edit in sorted(edits, key=lambda each: each[:2]):
        pieces += [text[at : edit.start], edit.text]
        at = max(at, edit.end)
    return "".join(pieces) + text[at:]
