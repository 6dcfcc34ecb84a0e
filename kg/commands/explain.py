"""``kg explain``."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from kg import explain as why
from kg.cli import CONTEXT, chosen, graph_option
from kg.errors import KgError, visible
from kg.graph import open_graph

_LINE = re.compile(r"(.+\.md):(\d+)(?::\d+)?", re.IGNORECASE)
_FACT = re.compile(rf"(.+?)\s+([\w-]*:?(?:{'|'.join(why.RELATIONS)}))\s+(.+)")


@click.command(context_settings=CONTEXT)
@click.argument("what", nargs=-1, required=True, metavar="WHAT…")
@graph_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="json has everything.")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, metavar="N", help="Show at most so many places.")
def explain(what: tuple[str, ...], form: str, limit: int) -> None:
    """Say why the graph says something: the rule, the words, the lines.

    WHAT is a thing by any of its names, a link, a line of a note, or a fact: subject, property, object.

    \b
    Examples:
      kg explain Portugal
      kg explain 'estamos_on_portal.md:9'
      kg explain '[[covid tracker]]'
      kg explain 'Estamos ON' country Portugal
    """
    graph = open_graph(chosen())
    found = _found(graph, what)
    if form == "json":
        click.echo(json.dumps(_plain(found), ensure_ascii=False, indent=1))
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for text in _written(found, limit, width):
        click.echo(text)


def _found(graph: Any, what: Sequence[str]) -> Any:
    if len(what) == 3:
        return why.fact(graph, *what)
    if len(what) != 1:
        raise click.UsageError("Give a thing, a link, a line such as note.md:12, or a fact: subject, property, object.")
    (text,) = what
    place, statement = _LINE.fullmatch(text), _FACT.fullmatch(text)
    if place:
        return why.line(graph, place[1], int(place[2]))
    if text.startswith("[["):
        return why.links(graph, text)
    try:
        return why.thing(graph, text)
    except KgError:
        if statement:
            return why.fact(graph, statement[1], statement[2], statement[3])
        try:
            return why.links(graph, text)
        except KgError:
            pass
        raise


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: _plain(each) for name, each in value._asdict().items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def _written(found: Any, limit: int, width: int) -> Iterator[str]:
    if isinstance(found, why.Thing):
        yield from _thing(found, limit, width)
    elif isinstance(found, why.Line):
        yield from _line(found, width)
    elif isinstance(found, why.Fact):
        yield from _fact(found, limit, width)
    else:
        for each in found[:limit]:
            yield from _link(each, width)
        yield from _more(len(found) - limit)


def _thing(found: why.Thing, limit: int, width: int) -> Iterator[str]:
    yield f"{click.style(visible(found.label), bold=True)}  {found.iri}, {found.kind}, {'a fact' if found.fact else 'a suggestion'}"
    if found.spellings:
        yield f"also:     {visible(', '.join(found.spellings))}"
    yield f"because:  {visible(found.reason)}"
    if found.others:
        yield f"others:   {visible(', '.join(found.others))} have the name, too"
    yield f"named:    {_times(len(found.named), 'place')} in {_times(found.notes, 'note')}"
    for each in found.named[:limit]:
        yield from _place(each.place, each.rule.name, width)
    yield from _more(len(found.named) - limit)
    if found.considered:
        yield "considered, and left:"
        for each in found.considered[:limit]:
            yield from _place(each.place, f"{each.kind} by {each.rule.name}: {each.why}", width)
        yield from _more(len(found.considered) - limit)


def _line(found: why.Line, width: int) -> Iterator[str]:
    yield click.style(visible(f"{found.path}:{found.line}"), bold=True)
    if not found.links and not found.named:
        yield "  no link and no name begins on this line"
    for link in found.links:
        yield from _link(link, width)
    for each in found.named:
        what = f"nothing: {each.why}" if each.why else f"{each.kind} {each.key}"
        yield f"  {visible(each.place.words)}: {visible(what)}"
        yield f"      {visible(str(each.rule))}"


def _link(found: why.Link, width: int) -> Iterator[str]:
    if found.found:
        yield f"  [[{visible(found.target)}]] means {visible(found.found)}, by {found.tier}"
    elif found.near:
        yield f"  [[{visible(found.target)}]] means no note; near it: {visible(', '.join(found.near))}"
    else:
        yield f"  [[{visible(found.target)}]] means no note" if found.tier == "" else ""
    yield from _place(found.place, "", width)


def _fact(found: why.Fact, limit: int, width: int) -> Iterator[str]:
    held = {"fact": "a fact", "suggested": "a suggestion"}.get(found.held, "not in the graph")
    yield f"{click.style(visible(f'{found.subject} :{found.property} {found.object}'), bold=True)}  {held}"
    for claim in found.claims:
        source = f"  {claim.source}" if claim.source else ""
        yield f"because:  {visible(str(claim.rule))}{source}"
        for place in claim.places[:limit]:
            yield from _place(place, "", width)
        yield from _more(len(claim.places) - limit)
    if found.together:
        yield f"named together, which no rule joins: {_times(len(found.together), 'place')}"
        for place in found.together[:limit]:
            yield from _place(place, "", width)
    if found.instead:
        yield f"{'as well' if found.held else 'instead'}:  {visible(', '.join(found.instead[:limit]))}"


def _place(place: why.Place, note: str, width: int) -> Iterator[str]:
    yield f"  {visible(str(place))}{f'  {visible(note)}' if note else ''}"
    text = _around(visible(place.text), visible(place.words), (width or 120) - 6)
    if text:
        yield f"      {text}"


def _around(text: str, words: str, room: int) -> str:
    """Cut a text to some room around its words, and light them up on a terminal."""
    at = text.find(words) if words else 0
    start = max(0, min(at - room // 3, len(text) - room))
    cut = text[start : start + room]
    cut = ("…" + cut[1:] if start else cut) if start + room >= len(text) else ("…" if start else cut[:1]) + cut[1:-1] + "…"
    return cut.replace(words, click.style(words, fg="cyan"), 1) if words else cut


def _times(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _more(number: int) -> Iterator[str]:
    if number > 0:
        yield f"  and {number:,} more; --limit shows them"
