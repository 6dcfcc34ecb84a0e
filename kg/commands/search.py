"""``kg search``."""

from __future__ import annotations

import csv
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

import click

from kg import search as found
from kg import words as sought
from kg.cells import cells, cut
from kg.cli import CONTEXT, chosen, columns, format_option, graph_option, many, say, suggested_option, warn, write_json
from kg.errors import visible
from kg.graph import Graph, open_graph
from kg.search import Hit
from kg.states import stale
from kg.terminal import address, clickable, link
from kg.timecodes import hms

_WIDEST = 100
"""A line of prose that is longer is hard to read."""
_LINES = 3
"""So many lines of a passage are shown at most."""
_COLUMNS = ("path", "line", "second", "play", "part", "title", "heading", "text")


class _Words(click.Command):
    """A command whose words may begin with a minus: ``-draft`` is no option, while ``-g`` and ``-h`` are."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        plain = args[: args.index("--")] if "--" in args else args
        short = {name for each in self.get_params(ctx) for name in each.opts if len(name) == 2}
        # The minus of mathematics means the same to what reads the words, and nothing to click.
        masked = [f"\u2212{each[1:]}" if each[:1] == "-" and each[1:2] not in ("", "-") and each not in short else each for each in plain]
        return super().parse_args(ctx, masked + args[len(plain) :])


@click.command(cls=_Words, context_settings=CONTEXT)
@click.argument("words", nargs=-1, required=True, metavar="WORDS…")
@graph_option
@click.option("--note", metavar="PATTERN", default="", help="Only in these notes: a name, a folder, or a pattern such as '2023/*'.")
@click.option("--about", metavar="NAME", multiple=True, help="Only where this is named, by any of its names. May be repeated.")
@click.option("--kind", metavar="KIND", default="", help="Only where something is named that is a country, initiative, organisation, person, theme.")
@suggested_option
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="At most so many places.")
@format_option("text", "json", "csv", "tsv")
def search(words: tuple[str, ...], note: str, about: tuple[str, ...], kind: str, suggested: bool, limit: int, form: str) -> None:
    """Find words in titles, headings and passages.

    All words are needed, in any case, with or without accents; a word is found at the beginning of
    words. "Quoted words" are found as they stand, -word leaves out, OR joins words of which one is enough.

    \b
    Examples:
      kg search citizen assembly
      kg search '"digital divide"' -pandemic
      kg search covid OR pandemic --about Portugal
      kg search tracker --note '*oecd*' --format csv > found.csv
    """
    text = " ".join(words)
    wanted = sought.parse(text)
    graph = open_graph(chosen())
    hits = graph.search(text, most=limit, note=note, about=about, kind=kind, suggested=suggested)
    if form == "text":
        page = _Page(graph, linked=clickable(sys.stdout))
        for at, hit in enumerate(hits.hits):
            for line in (*([""] if at else ()), *page.hit(hit)):
                click.echo(line)
    elif form == "json":
        write_json({"total": hits.total, "notes": hits.notes, "hits": hits.hits})
    else:
        click.echo(_csv(hits) if form == "csv" else _tsv(hits), nl=False)
    if not hits.total:
        limits = [name for name, given in (("--note", note), ("--about", about), ("--kind", kind)) if given]
        advice = found.advice(graph.generation.index, wanted, note, limits)
        warn(f"nothing found{f'; {advice}' if advice else ''}")
        if stale(graph.generation):
            warn("notes were changed after this graph was built; kg build brings it up to date")
        return
    places = f"{many(hits.total, 'place')} in {many(hits.notes, 'note')}"
    say(f"{places}; shown are the first {limit:,}, --limit shows more" if hits.total > limit else places)


# -- for programs ---------------------------------------------------------------------------------


def _rows(hits: found.Hits) -> Iterator[list[Any]]:
    yield list(_COLUMNS)
    for hit in hits.hits:
        yield ["" if value is None else value for value in (getattr(hit, name) for name in _COLUMNS)]


def _csv(hits: found.Hits) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(_rows(hits))
    return out.getvalue()


def _tsv(hits: found.Hits) -> str:
    return "".join("\t".join(visible(str(each)) for each in row) + "\n" for row in _rows(hits))


# -- for people -----------------------------------------------------------------------------------


class _Page:
    """Writes places line by line, no line wider than the terminal; with links on one that can show them."""

    def __init__(self, graph: Graph, *, linked: bool) -> None:
        self.width = min(columns(), _WIDEST)
        self.source = graph.generation.manifest.source
        self.linked = linked

    def hit(self, hit: Hit) -> Iterator[str]:
        place = link(click.style(visible(str(hit)), bold=True), address(self.source, hit.path), self.linked)
        what = "" if hit.part == "passage" else f"  {hit.part}"
        played = self.played(hit)
        beside = self.linked or cells(f"{hit}{what}  {played}") <= self.width
        yield f"{place}{what}{f'  {played}' if played and beside else ''}"
        if played and not beside:
            yield f"  {played}"
        above = [] if hit.part == "title" else [visible(each) for each in dict.fromkeys((hit.title, hit.heading)) if each]
        if above:
            yield "  " + click.style(cut(" › ".join(above), self.width - 2), dim=True)
        for line in quoted(visible(hit.text), hit.spans, self.width - 4):
            yield f"    {''.join(click.style(part, fg='cyan', bold=True) if lit else part for part, lit in line)}"

    def played(self, hit: Hit) -> str:
        """Write the second, and the address that plays it where the second is no link itself."""
        if hit.second is None:
            return ""
        return link(hms(hit.second), hit.play, True) if self.linked else f"{hms(hit.second)}  {hit.play}"


Line = list[tuple[str, bool]]
"""Pieces of a line, and whether each is lit up."""


def quoted(text: str, spans: Sequence[tuple[int, int]], width: int, lines: int = _LINES) -> list[Line]:
    """Break a text into lines of so many cells, at blanks; of a long one only what stands around its words.

    >>> quoted("One two three four five six seven.", [(19, 23)], 11, 1)
    [[('…', False), ('five', True), ('…', False)]]
    """
    begin, end = _window(text, spans, lines * width - width // 4 if lines > 1 else width)
    lit = [False] * (end - begin)
    for start, stop in spans:
        for at in range(max(start, begin), min(stop, end)):
            lit[at - begin] = True
    pieces = [*([("…", False)] if begin else []), *zip(text[begin:end], lit, strict=True), *([("…", False)] if end < len(text) else [])]
    found: list[Line] = []
    while pieces:
        room, blank = 0, 0
        fitting = len(pieces)
        for at, (character, _) in enumerate(pieces):
            if character == " " and at:
                blank = at
            room += cells(character)
            if room > width:
                fitting = blank or max(at, 1)
                break
        found.append(_joined(pieces[:fitting]))
        pieces = pieces[fitting:]
        while pieces and pieces[0][0] == " ":
            pieces = pieces[1:]
    return found


def _window(text: str, spans: Sequence[tuple[int, int]], room: int) -> tuple[int, int]:
    """Choose the stretch of so many cells in which the most words stand, from one blank to another if they are near."""
    if cells(text) <= room:
        return 0, len(text)
    room -= 2  # for the ellipses
    size = len(text) * room // cells(text)
    stops = [stop for _, stop in spans]
    at = max(range(len(spans)), key=lambda at: bisect_right(stops, spans[at][0] + size * 2 // 3) - at, default=0)
    best = spans[at] if spans else (0, 0)
    begin = max(0, min(best[0] - size // 3, len(text) - size))
    end = min(len(text), begin + size)
    if begin and (blank := text.find(" ", begin, min(begin + 20, best[0]))) >= 0:
        begin = blank + 1
    if end < len(text) and (blank := text.rfind(" ", max(end - 20, best[1]), end)) > 0:
        end = blank
    while cells(text[begin:end]) > room and end > best[1]:
        end -= 1
    return begin, end


def _joined(pieces: Sequence[tuple[str, bool]]) -> Line:
    line: Line = []
    for character, lit in pieces:
        if line and line[-1][1] == lit:
            line[-1] = (line[-1][0] + character, lit)
        else:
            line.append((character, lit))
    return line
