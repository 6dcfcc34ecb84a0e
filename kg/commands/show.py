"""``kg show``."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from kg import show as shown
from kg.cells import cells, cut
from kg.cli import CONTEXT, chosen, columns, format_option, graph_option, say, write_json
from kg.errors import KgError, visible
from kg.graph import Graph, open_graph
from kg.network import Evidence
from kg.terminal import address, clickable, link
from kg.timecodes import hms, second

_QUOTE = 40
"""columns that a quotation needs beside its place; with less it gets a line of its own"""
_BRIEF = frozenset(("named together with", "names"))
"""groups that have a line for each, without quotation"""
_PATHS = frozenset(("note", "missing note"))
_MARKUP = re.compile(r"([\\`*_\[\]<>|#~])")


@click.command(context_settings=CONTEXT)
@click.argument("what", nargs=-1, required=True, metavar="THING")
@graph_option
@click.option("--limit", type=click.IntRange(1), default=shown.MOST, show_default=True, metavar="N", help="Show at most so many of each sort.")
@click.option("--suggested", is_flag=True, help="Count what rules only suggest as well; it is marked with a ?.")
@format_option("text", "json", "markdown", "turtle")
def show(what: tuple[str, ...], limit: int, suggested: bool, form: str) -> None:
    """Show one thing: what is said of it, and what stands beside it.

    THING is an entity, a note, a video, a channel or a note that is missing, by any of its names: a label,
    another spelling, a file, a prefixed name, an IRI.

    \b
    Examples:
      kg show Portugal
      kg show notes/estamos_on_portal.md --limit 3
      kg show https://youtu.be/JkIhnK7qf-w --format markdown
      kg show country:PT --format turtle
    """
    graph = open_graph(chosen())
    name = _in_vault(graph, " ".join(what))
    try:
        found = graph.show(name, limit=limit, suggested=suggested)
    except KgError as error:
        raise _or_suggested(graph, name, error, suggested) from None
    if found.others:
        say(f"of that name: {', '.join(f'{short} ({label})' for short, label in found.others)}")
    if form == "turtle":
        click.echo(shown.described(graph.store, graph.names, found.iri, suggested=suggested), nl=False)
    elif form == "json":
        write_json(_plain(found))
    elif form == "markdown":
        click.echo("\n".join(_markdown(found)))
    else:
        source = graph.generation.manifest.source
        for line in _Page(columns(), source, clickable(sys.stdout)).written(found):
            click.echo(line)


def _in_vault(graph: Graph, name: str) -> str:
    """Give the path in the vault of a file as seen from the current folder, or the name as it is."""
    try:
        path = Path(name).resolve() if name.lower().endswith(".md") else None
        return path.relative_to(graph.generation.manifest.source).as_posix() if path and path.is_file() else name
    except (OSError, ValueError):
        return name


def _or_suggested(graph: Graph, name: str, error: KgError, suggested: bool) -> KgError:
    """Say that rules suggest a thing, where that is all there is of it."""
    if not suggested:
        try:
            graph.find(name, suggested=True)
        except KgError:
            return error
        return KgError(error.problem, hint="rules only suggest it: add --suggested to see it, or decide with kg suggest")
    return error


def _plain(value: Any) -> Any:
    if isinstance(value, Evidence):
        return {
            "path": value.path,
            "line": value.line,
            "text": value.text,
            "timecode": value.timecode,
            "play": value.moment,
            "second": second(value.moment),
        }
    if hasattr(value, "_asdict"):
        return {name: _plain(each) for name, each in value._asdict().items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


# -- for people ------------------------------------------------------------------------------------


class _Page:
    """Writes a thing line by line, no line wider than the terminal if its words allow."""

    def __init__(self, width: int, source: str, able: bool) -> None:
        self.width, self.source, self.able = width, source, able
        self.label = self.word = ""  # of the thing, and what to find in a quotation

    def written(self, found: shown.Shown) -> Iterator[str]:
        self.label = label = visible(found.label)
        name = "" if found.name == label else f"  {visible(found.name)}"
        if cells(label) + cells(name) > self.width:
            yield from (click.style(line, bold=True) for line in textwrap.wrap(label, self.width))
            yield name.strip()
        else:
            yield f"{click.style(label, bold=True)}{name}"
        suggestion = ", only suggested" if found.suggested else ""
        yield from self.told("kind:", f"{found.kind}{suggestion} ({', '.join(found.classes)})")
        if found.also:
            yield from self.told("also:", ", ".join(found.also))
        for verb, value in found.said:
            yield from self.told(f"{verb.removeprefix(':')}:", value)
        if found.same:
            yield from self.told("same as:", " ".join(found.same))
        for group in found.groups:
            yield from self.group(group)

    def told(self, word: str, text: str) -> Iterator[str]:
        yield from textwrap.wrap(
            f"{word:<9} {visible(text)}", self.width, subsequent_indent=" " * 10, break_long_words=False, break_on_hyphens=False
        ) or [word]

    def group(self, group: shown.Group) -> Iterator[str]:
        self.word = self.label if group.inverse else ""
        yield ""
        yield f"{click.style(group.title, bold=True)}  {group.total:,}"
        size = max((len(f"{item.times:,}") for item in group.items if item.times), default=0)
        for item in group.items:
            count = f"{item.times or '':>{size}{',' if item.times else ''}}  " if size else ""
            yield from self.item(item, f"  {count}", brief=group.title in _BRIEF)
        if group.total > len(group.items):
            yield f"  and {group.total - len(group.items):,} more; --limit shows them"

    def item(self, item: shown.Item, begin: str, *, brief: bool) -> Iterator[str]:
        doubt = "? " if item.suggested else ""
        begin += "  " * item.depth
        if item.kind in ("section", "passage", "issue"):
            yield from self.quoted(item, begin, item.label if item.kind == "issue" else "")
            return
        label = visible(item.label)
        name = "" if item.kind in _PATHS and item.place else visible(item.iri)
        name = "" if name == label else name
        room = self.width - cells(begin) - cells(doubt)
        shown_name = f"  {name}" if name and cells(name) + 2 + min(cells(label), 20) <= room else ""
        missing = "  (no such note)" if item.kind == "missing note" else ""
        label = cut(label, max(room - cells(shown_name) - len(missing), 8))
        yield f"{begin}{doubt}{label}{click.style(shown_name, dim=True)}{missing}"
        if not brief and item.place:
            yield from self.quoted(item, " " * cells(begin), "")
        elif item.rule == "vocabulary":
            yield f"{' ' * cells(begin)}by the author's vocabulary"

    def quoted(self, item: shown.Item, begin: str, word: str) -> Iterator[str]:
        """Write a place and what it says, on one line if it fits."""
        place = item.place
        if place is None:
            yield f"{begin}{visible(item.label)}"
            return
        at = second(place.moment)
        where = visible(f"{place.path}:{place.line}" if place.line else place.path)
        time = hms(at) if at is not None else ""
        head = link(where, address(self.source, place.path), self.able) if place.path else ""
        played = f"  {link(click.style(time, fg='cyan'), place.moment, self.able)}" if time else ""
        taken = cells(begin) + cells(where) + (2 + len(time) if time else 0)
        text = f"{word}: {place.text}" if word and place.text else word or place.text
        text = visible(" ".join(text.split()))
        about = self.word if self.word and item.kind in _PATHS else item.label
        if not text:
            yield f"{begin}{head}{played}"
        elif self.width - taken - 2 >= min(_QUOTE, cells(text)):
            yield f"{begin}{head}{played}  {around(text, about, self.width - taken - 2)}"
        else:
            yield f"{begin}{head}{played}"
            yield f"{' ' * cells(begin)}{around(text, about, self.width - cells(begin))}"


def around(text: str, word: str, room: int) -> str:
    """Cut a text so that a word in it is seen.

    >>> around("It was said that the portal was of use", "portal", 20)
    '…t the portal was o…'
    """
    if cells(text) <= room:
        return text
    at = max(text.casefold().find(word.casefold()), 0)
    begin = 0 if at + len(word) < room - 1 else min(at - (room - len(word)) // 2, len(text) - room + 1)
    return cut(text, room) if begin <= 0 else cut("…" + text[begin + 1 :], room)


# -- for pages ---------------------------------------------------------------------------------------


def _markdown(found: shown.Shown) -> Iterator[str]:
    yield f"# {_escaped(found.label)}\n"
    also = f"; also {', '.join(map(_escaped, found.also))}" if found.also else ""
    yield f"{_escaped(found.kind)}{', only suggested' if found.suggested else ''}, `{visible(found.name)}`{also}"
    for verb, value in found.said:
        yield f"\n{_escaped(verb.removeprefix(':'))}: {_escaped(value)}"
    for other in found.same:
        yield f"\nthe same as <{other}>"
    for group in found.groups:
        yield f"\n## {_escaped(group.title[0].upper() + group.title[1:])} ({group.total:,})\n"
        for item in group.items:
            yield "  " * item.depth + "- " + "".join(_listed(item))
        if group.total > len(group.items):
            yield f"- and {group.total - len(group.items):,} more"


def _listed(item: shown.Item) -> Iterator[str]:
    if item.kind not in ("section", "passage"):
        yield f"**{_escaped(item.label)}**"
        yield f" ({item.times:,})" if item.times else ""
        yield " (only suggested)" if item.suggested else ""
        yield ": " if item.place else ""
    if item.place:
        place, at = item.place, second(item.place.moment)
        line = f"#L{place.line}" if place.line else ""
        yield f"[{_escaped(place.path)}{f':{place.line}' if place.line else ''}](<{quote(place.path)}{line}>)"
        yield f" at [{hms(at)}]({place.moment})" if at is not None else ""
        yield f" {_escaped(' '.join(place.text.split()))}" if place.text else ""


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", visible(text))
