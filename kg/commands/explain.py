"""``kg explain``."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence

import click

from kg import explain as why
from kg import store
from kg.cells import cells, cut
from kg.cli import CONTEXT, chosen, columns, format_option, graph_option, many, warn, write_json
from kg.errors import KgError, visible
from kg.graph import Graph, open_graph
from kg.grounds import Link
from kg.lookup import BRIEF
from kg.places import Place
from kg.terminal import address, clickable, linked

_LINE = re.compile(r"(.+\.md):(\d+)(?::\d+)?", re.IGNORECASE)
_FACT = re.compile(rf"(.+?)\s+([\w-]*:?(?:{'|'.join(why.RELATIONS)})|vault:[\w%-]+)\s+(.+)")
_WIDE = 120
"""characters of a line that no terminal limits"""

Explained = why.Thing | why.Line | why.Fact | why.Tried | list[Link]


@click.command(context_settings=CONTEXT)
@click.argument("what", nargs=-1, required=True, metavar="WHAT…")
@graph_option
@format_option("text", "json", note="; json has everything")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Show at most so many places [default: 10; in json, all].")
@click.option("--in", "note", metavar="NOTE", help="Of a link: how it is resolved in this note, step by step.")
def explain(what: tuple[str, ...], form: str, limit: int | None, note: str | None) -> None:
    """Say why the graph says something: the rule, the words, the lines.

    WHAT is a thing by any of its names, a link, a line of a note, or a fact: subject, property, object.

    \b
    Examples:
      kg explain Portugal
      kg explain 'estamos_on_portal.md:9'
      kg explain '[[covid tracker]]'
      kg explain '[[Covid Tracker]]' --in estamos_on_portal.md
      kg explain 'Estamos ON' country Portugal
    """
    graph = open_graph(chosen())
    if graph.generation.manifest.detail == store.LOADED:
        warn("this graph was loaded from files; links, lines and what else only the notes tell are not in it")
    most = limit or (None if form == "json" else 10)
    if note is not None and len(what) != 1:
        raise click.UsageError("With --in, give one link, such as '[[covid tracker]]'.")
    found = why.tried(graph, what[0], note) if note is not None else _found(graph, what, most)
    if form == "json":
        write_json(found)
        return
    for text in _Page(graph, most or 10, columns(_WIDE)).written(found):
        click.echo(text)


def _found(graph: Graph, what: Sequence[str], most: int | None) -> Explained:
    if len(what) == 3:
        return why.fact(graph, what[0], what[1], what[2], most)
    if len(what) != 1:
        raise click.UsageError("Give a thing, a link, a line such as note.md:12, or a fact: subject, property, object.")
    (text,) = what
    place, statement = _LINE.fullmatch(text), _FACT.fullmatch(text)
    if place:
        return why.line(graph, place[1], int(place[2]))
    if text.startswith(("[[", "![[")):
        return why.links(graph, text, _one_more(most))
    tries: list[Callable[[], Explained]] = [lambda: why.thing(graph, text, most), lambda: why.links(graph, text, _one_more(most))]
    if statement:  # a thing with such a name is rarer than a fact
        tries.insert(0, lambda: why.fact(graph, statement[1], statement[2], statement[3], most))
    unknown: list[KgError] = []
    for attempt in tries:
        try:
            return attempt()
        except KgError as error:
            unknown.append(error)
    raise unknown[0]


def _one_more(most: int | None) -> int | None:
    """Ask for one more than is shown, to know whether there is more."""
    return most and most + 1


class _Page:
    """Writes an explanation line by line, no line wider than the terminal, at most so many places of a sort."""

    def __init__(self, graph: Graph, limit: int, width: int) -> None:
        self.limit, self.width = limit, width
        self.source, self.brief, self.able = graph.generation.manifest.source, graph.brief, clickable(sys.stdout)

    def written(self, found: Explained) -> Iterator[str]:
        if isinstance(found, why.Thing):
            yield from self.thing(found)
        elif isinstance(found, why.Line):
            yield from self.line(found)
        elif isinstance(found, why.Fact):
            yield from self.fact(found)
        elif isinstance(found, why.Tried):
            yield from self.tried(found)
        else:
            for each in found[: self.limit]:
                yield from self.link(each)
            if len(found) > self.limit:
                yield "  and more; --limit shows them"

    def thing(self, found: why.Thing) -> Iterator[str]:
        # A label may be as long as a heading: it is cut, so that what follows fits.
        tail = f"  {visible(found.iri)}, {'a fact' if found.fact else 'a suggestion'}"
        yield f"{click.style(cut(visible(found.label), max(self.width - cells(tail), 8)), bold=True)}{tail}"
        yield from self.told("kind:", f"{found.kind} ({', '.join(found.classes)})")
        if found.spellings:
            yield from self.told("also:", ", ".join(found.spellings))
        yield from self.told("because:", found.reason)
        if found.decided and found.decided.text:
            yield from self.quoted(found.decided)
        if found.others:
            yield from self.told("others:", "of that name: " + ", ".join(f"{iri} ({label})" for iri, label in found.others))
        if found.found:
            counts = ", ".join(f"{each.places:,} by {each.rule.name}" for each in found.found)
            yield from self.told("named:", f"{many(found.places, 'place')} in {many(found.notes, 'note')}: {counts}")
        for each in found.named:
            yield from self.place(each.place, each.rule.name)
        yield from self.more(found.places - len(found.named))
        if found.considered:
            yield from self.told("but not:", f"{many(found.left, 'other reading')} of these words")
        for each in found.considered:
            yield from self.place(each.place._replace(play=""), f"{each.kind} by {each.rule.name}: {each.why}")
        yield from self.more(found.left - len(found.considered))

    def line(self, found: why.Line) -> Iterator[str]:
        yield click.style(visible(f"{found.path}:{found.line}"), bold=True)
        if not found.links and not found.named and not found.claims:
            yield "  no link and no name begins on this line"
            if self.brief:
                yield from self.wrapped(f"  the graph {BRIEF}")
        for link in found.links:
            yield from self.link(link, alone=False)
        for each in found.named:
            what = f"nothing: {each.why}" if each.why else f"{each.kind}:{each.key}"
            yield from self.wrapped(f"  {visible(each.place.words)}: {visible(what)}")
            yield from self.wrapped(f"      rule {each.rule}")
        for claim in found.claims:
            yield from self.wrapped(f"  {claim.statement}: {'a fact' if claim.fact else 'a suggestion'}")
            yield from self.wrapped(f"      rule {claim.rule}")

    def link(self, found: Link, *, alone: bool = True) -> Iterator[str]:
        target = f"[[{found.target}]]"
        if not found.target:
            yield from self.wrapped(f"  [[{found.place.words}]] asks for a part of the note itself")
        elif found.found:
            yield from self.wrapped(f"  {target} means {found.found}, by {found.tier}")
        elif found.near:
            yield from self.wrapped(f"  {target} means no note; near it: {', '.join(found.near)}")
        else:
            yield from self.wrapped(f"  {target} means no note")
        if found.rivals:
            yield from self.wrapped(f"      it could as well be {', '.join(found.rivals)}")
        if found.names:
            yield from self.wrapped(f"      it names {found.names}")
        if alone:
            yield from self.place(found.place, "")

    def tried(self, found: why.Tried) -> Iterator[str]:
        yield from self.wrapped(f"[[{found.target}]] in {found.note} means {found.found or 'no note'}")
        for tier, meaning, paths in found.tiers:
            yield from self.wrapped(f"  {tier + ':':<13}{', '.join(paths) if paths else 'none'}  ({meaning})")
        if found.near:
            yield from self.wrapped(f"  near it: {', '.join(found.near)}")

    def fact(self, found: why.Fact) -> Iterator[str]:
        held = {"fact": "a fact", "suggested": "a suggestion"}.get(found.held, "not in the graph")
        # Wrapped first: what colours a text has a width of its own.
        for text in self.wrapped(f"{found.subject} {'' if ':' in found.property else ':'}{found.property} {found.object}  {held}"):
            yield click.style(text, bold=True)
        for claim in found.claims:
            yield from self.told("because:", f"rule {claim.rule}{f' ({claim.source})' if claim.source and not claim.places else ''}")
            for place in claim.places[: self.limit]:
                yield from self.place(place, "")
            yield from self.more(len(claim.places) - self.limit)
        if found.detail:
            yield from self.told("claims:", f"the graph was built with --detail {found.detail}, which keeps none; kg build --detail evidence does")
        if found.together:
            rule = "" if found.held else ", but no rule joins them"
            yield from self.told("both:", f"named together in {many(len(found.together), 'place')}{rule}")
            for place in found.together[: self.limit]:
                yield from self.place(place, "")
            yield from self.more(len(found.together) - self.limit)
        if found.instead:
            shown = ", ".join(found.instead[: self.limit])
            rest = f", and {len(found.instead) - self.limit:,} more" if len(found.instead) > self.limit else ""
            yield from self.told("as well:" if found.held else "instead:", shown + rest)
        if found.otherwise:
            yield from self.told("beside:", "; ".join(found.otherwise))

    def told(self, word: str, text: str) -> Iterator[str]:
        """Write a word and what belongs to it, in two columns."""
        yield from self.wrapped(f"{word:<10}{visible(text)}", 10)

    def wrapped(self, text: str, indent: int = 6) -> Iterator[str]:
        yield from textwrap.wrap(
            visible(text), self.width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
        )

    def place(self, place: Place, note: str) -> Iterator[str]:
        play = f"  {place.play}" if place.play else ""
        addresses = {visible(str(place)): address(self.source, place.path), place.play: place.play}
        yield from (linked(line, addresses, self.able) for line in self.wrapped(f"  {place}{f'  {note}' if note else ''}{play}"))
        yield from self.quoted(place)

    def quoted(self, place: Place) -> Iterator[str]:
        """Quote a place, shortened around its words, which are lit up on a terminal."""
        room = self.width - 6
        text, words = visible(place.text), visible(place.words)
        if not text:
            return
        at = place.start if words and text[place.start :].startswith(words) else 0
        begin = max(0, min(at - room // 3, len(text) - room))
        end = min(len(text), begin + room)
        before, after = ("…" if begin else ""), ("…" if end < len(text) else "")
        begin, end = begin + len(before), end - len(after)
        if words and begin <= at and at + len(words) <= end:
            yield f"      {before}{text[begin:at]}{click.style(words, fg='cyan')}{text[at + len(words) : end]}{after}"
        else:
            yield f"      {before}{text[begin:end]}{after}"

    def more(self, number: int) -> Iterator[str]:
        if number > 0:
            yield f"  and {number:,} more; --limit shows them"
