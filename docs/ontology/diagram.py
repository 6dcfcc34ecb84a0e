"""The diagram: every class with its properties, and a line from each to the class that it leads to.

Where a class stands is written down here; what it is called, holds and leads to comes from kg.ttl. The
kinds of entity stand inside their class. The same ontology gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from terms import Ontology, Term

WIDE, HEAD, ROW, GAP = 236, 30, 20, 8  # pixels
PLACES = {
    "Video": (20, 60, "video"), "Channel": (20, 190, "video"), "Moment": (20, 380, "video"),
    "Note": (346, 60, "text"), "MissingNote": (346, 290, "text"), "Issue": (346, 640, "proof"),
    "Passage": (672, 250, "text"), "Section": (672, 460, "text"), "Claim": (672, 660, "proof"),
    "Entity": (998, 60, "world"),
    "Initiative": (1018, 140, "world"), "Organisation": (1018, 270, "world"), "Person": (1018, 420, "world"),
    "Country": (1324, 200, "world"), "Theme": (1324, 360, "world"),
}  # fmt: skip
"""Left, top and group of each class."""
FRAME = "Entity"
FRAME_SIZE = (582, 510)
UNDRAWN = {("Channel", "organisation")}
"""Lines that would cross a box; the row says it."""
SIZE = (1600, 760)
STYLE = """
.kg-diagram{--paper:#fff;--ink:#1c2430;--soft:#5c6675;--rule:#c9d0da;--text:#2458a6;--video:#a1480f;--proof:#6b4aa0;--world:#1f6f4a}
@media (prefers-color-scheme:dark){.kg-diagram{--paper:#14181e;--ink:#e6eaf0;--soft:#9aa5b4;--rule:#3a4452;--text:#7fb0f5;--video:#f0a36b;--proof:#bda2ee;--world:#74cf9f}}
.kg-diagram{background:var(--paper);font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:13px}
.kg-diagram text{fill:var(--ink)}.kg-diagram .soft{fill:var(--soft);font-size:12px}.kg-diagram .name{font-size:15px;font-weight:600}
.kg-diagram .box{fill:var(--paper);stroke-width:1.4}.kg-diagram .frame{fill:none;stroke-width:1.4;stroke-dasharray:6 4}
.kg-diagram .line{fill:none;stroke-width:1.3;opacity:.75}.kg-diagram .head{opacity:.12}
""" + "".join(
    f".kg-diagram .{group}{{stroke:var(--{group})}}.kg-diagram .head.{group}{{fill:var(--{group});stroke:none}}"
    f".kg-diagram .name.{group},.kg-diagram .tip.{group}{{fill:var(--{group});stroke:none}}\n"
    for group in ("text", "video", "proof", "world")
)


class _Row(NamedTuple):
    """One line of a box: a property and what it leads to, or several properties with values."""

    text: str
    leads: str
    targets: tuple[str, ...]


def svg(ontology: Ontology, page: str = "") -> str:
    """Draw the ontology; names of classes lead to their place on ``page``."""
    classes = {each.name: each for each in ontology.terms if each.kind == "class"}
    if set(classes) != set(PLACES):
        raise SystemExit(f"diagram.py does not place {sorted(set(classes) ^ set(PLACES))}")
    rows = {name: list(_rows(name, ontology)) for name in PLACES}
    lines = [line for name in PLACES for line in _lines(name, rows)]
    boxes = [part for name in PLACES for part in _box(classes[name], rows[name], page)]
    wide, high = SIZE
    tips = "".join(
        f'<marker id="tip-{group}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">'
        f'<path class="tip {group}" d="M0 0 8 4 0 8z"/></marker>'
        for group in ("text", "video", "proof", "world")
    )
    return "\n".join((
        f'<svg class="kg-diagram" xmlns="http://www.w3.org/2000/svg" viewBox="0 40 {wide} {high}" width="{wide}" height="{high}" role="img" aria-labelledby="kg-diagram-title">',
        '<title id="kg-diagram-title">The classes of the ontology, their properties, and what these lead to</title>',
        f"<style>{STYLE}</style><defs>{tips}</defs>",
        *lines, *boxes, "</svg>\n",
    ))  # fmt: skip


def _rows(name: str, ontology: Ontology) -> Iterator[_Row]:
    """List the properties of a class: those that lead to things, then the names of the others."""
    own = [each for each in ontology.terms if f"kg:{name}" in each.domain]
    for each in own:
        if each.kind == "object":
            targets = tuple(other.removeprefix("kg:") for other in each.range)
            yield _Row(each.name, ", ".join(targets), targets)
    values = [each.name for each in own if each.kind == "data"]
    if values:
        yield _Row("", ", ".join(values), ())
    (term,) = [each for each in ontology.terms if each.name == name]
    yield from (_Row("", f"is a {each}", ()) for each in term.parents if not each.startswith("kg:"))


def _high(rows: list[_Row]) -> int:
    return HEAD + (len(rows) * ROW + GAP if rows else 0)


def _box(term: Term, rows: list[_Row], page: str) -> Iterator[str]:
    left, top, group = PLACES[term.name]
    wide, high = FRAME_SIZE if term.name == FRAME else (WIDE, _high(rows))
    yield f'<rect class="{"frame" if term.name == FRAME else "box"} {group}" x="{left}" y="{top}" width="{wide}" height="{high}" rx="6"/>'
    yield f'<rect class="head {group}" x="{left}" y="{top}" width="{wide}" height="{HEAD}" rx="6"/>'
    yield f'<a href="{page}#{term.name}"><text class="name {group}" x="{left + 12}" y="{top + 20}">{term.name}</text></a>'
    for at, row in enumerate(rows):
        y = top + HEAD + (at + 1) * ROW - 4
        if row.text:
            yield f'<text x="{left + 12}" y="{y}">{row.text}</text>'
        x, anchor = (left + wide - 12, "end") if row.text and term.name != FRAME else (left + (60 if row.text else 12), "start")
        yield f'<text class="soft" x="{x}" y="{y}" text-anchor="{anchor}">{escape(row.leads)}</text>'


def _lines(name: str, rows: dict[str, list[_Row]]) -> Iterator[str]:
    """Draw a curve from each row to the heads of its targets; none to the class itself."""
    left, top, group = PLACES[name]
    right = left + (FRAME_SIZE[0] if name == FRAME else WIDE)
    for at, row in enumerate(rows[name]):
        y = top + HEAD + at * ROW + 11
        for target in row.targets:
            if target == name or (name, row.text) in UNDRAWN:
                continue
            there, head, _ = PLACES[target]
            end = head + HEAD // 2
            beyond = there + (FRAME_SIZE[0] if target == FRAME else WIDE)
            if there > right:
                points = (right, right + 50, there - 50, there)
            elif beyond < left:
                points = (left, left - 50, beyond + 50, beyond)
            else:  # one above the other: around the right side
                bend = max(right, beyond) + 44
                points = (right, bend, bend, beyond)
            one, two, three, four = points
            yield f'<path class="line {group}" marker-end="url(#tip-{group})" d="M{one} {y}C{two} {y} {three} {end} {four} {end}"/>'
