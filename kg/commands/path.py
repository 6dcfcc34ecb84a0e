"""``kg path``."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import click

from kg import evidence, paths, turtle
from kg.cli import CONTEXT, chosen, columns, format_option, graph_option, many, suggested_option, warn, write_json
from kg.errors import visible
from kg.graph import Graph, open_graph
from kg.paths import Chain, Joined, Said, Step
from kg.terminal import address, clickable, linked

_SENTENCE = 320
"""characters of a sentence that are shown"""
_END = re.compile(r"(?<=[.!?…])[\"')\]]?\s+")


@click.command(context_settings=CONTEXT)
@click.argument("start", metavar="A")
@click.argument("end", metavar="B")
@graph_option
@click.option(
    "--limit", "--most", "most", type=click.IntRange(1, 1000), default=paths.MOST, show_default=True, metavar="N", help="Show at most so many chains."
)
@click.option("--longest", type=click.IntRange(1), default=paths.LONGEST, show_default=True, metavar="N", help="No chain of more steps.")
@click.option("--without", metavar="NAME", multiple=True, help="Do not lead through this thing. May be repeated.")
@click.option("--only", metavar="PROPERTY", multiple=True, help=f"Only steps by: {', '.join(paths.PROPERTIES)}. May be repeated.")
@click.option(
    "--through", type=click.Choice(["telling", "all"]), default="telling", show_default=True, help="all: through hubs that join everything, too."
)
@suggested_option
@format_option("text", "json", "turtle", note="; json has every sentence")
def path(
    start: str, end: str, most: int, longest: int, without: tuple[str, ...], only: tuple[str, ...], through: str, suggested: bool, form: str
) -> None:
    """Show how two things are joined: the shortest chains, with the sentences that say so.

    A and B are notes, countries, initiatives, themes, videos and other things by any of their names.
    A step may be walked against its arrow. Of chains of one length the most telling come first.

    \b
    Examples:
      kg path Portugal Denmark
      kg path 'Estamos ON' 'South Africa' --without 'Innovative Response Tracker' --limit 1
      kg path a_note.md another_note.md --only linksTo
      kg path Portugal Denmark --format turtle > joined.ttl
    """
    graph = open_graph(chosen())
    found = graph.path(start, end, most=most, longest=longest, without=without, only=only, through=through == "all", suggested=suggested)
    if form == "json":
        write_json(_plain(found))
    elif form == "turtle":
        click.echo(turtle.write(evidence.triples(found.ways, found.chains), graph.names), nl=False)
    else:
        for text in _Page(found, graph).written():
            click.echo(text)
    if found.hubs:
        warn("nothing but a hub joins the two, which joins almost everything")
    if found.chains[0].steps == ():
        warn("both are one thing" + ("" if found.start == found.end else ": one is the page of the other"))


def _plain(found: Joined) -> dict[str, Any]:
    store, sides = found.ways.store, found.ways.sides

    def thing(iri: str) -> dict[str, str]:
        return {"iri": iri, "label": paths.label(store, iri, sides)}

    def step(each: Step) -> dict[str, Any]:
        said = [one._asdict() for one in each.said]
        return {**each.way._asdict(), "forward": each.forward, "to": thing(each.to), "said": said}

    chains = [{"steps": [step(each) for each in chain.steps]} for chain in found.chains]
    return {
        "from": thing(found.start), "to": thing(found.end), "length": len(found.chains[0].steps), "total": found.total, "hubs": found.hubs,
        "chains": chains,
    }  # fmt: skip


class _Page:
    """Writes chains line by line, no line wider than the terminal."""

    def __init__(self, found: Joined, graph: Graph) -> None:
        self.found, self.width = found, columns()
        self.short = turtle.shortener(graph.names)
        self.source, self.able = graph.generation.manifest.source, clickable(sys.stdout)

    def written(self) -> Iterator[str]:
        chains, total = self.found.chains, self.found.total
        for at, chain in enumerate(chains, 1):
            if at > 1:
                yield ""
            count = len(chain.steps)
            if count:
                yield click.style(f"{at} of {total:,}: {many(count, 'step')}", dim=True)
            yield from self.chain(chain)

    def chain(self, chain: Chain) -> Iterator[str]:
        yield from self.thing("", chain.start, chain.steps[0].start if chain.steps else chain.start)
        last: Said | None = None
        for at, step in enumerate(chain.steps):
            after = chain.steps[at + 1].start if at + 1 < len(chain.steps) else step.end
            yield from self.thing(f"  {paths.arrow(step)}{' (suggested)' if step.way.suggested else ''} ", step.to, after)
            yield from self.said(step, last)
            last = step.said[0] if step.said else None

    def thing(self, before: str, iri: str, other: str) -> Iterator[str]:
        """Write the name of a thing, and what else stands for it in a step."""
        name = visible(paths.label(self.found.ways.store, iri, self.found.ways.sides))
        known = [visible(self.short(f"<{each}>")) for each in dict.fromkeys((iri, other))]
        own = [] if name == iri else ["  " + " = ".join(known)]
        lines = textwrap.wrap(f"{before}{name}", self.width, subsequent_indent=" " * 6, break_on_hyphens=False)
        if own and len(lines[-1]) + len(own[0]) <= self.width:
            lines[-1], own = lines[-1] + own[0], []
        yield from (line.replace(name, click.style(name, bold=True), 1) for line in lines)
        yield from (f"      {each.strip()}" for each in own)

    def said(self, step: Step, last: Said | None) -> Iterator[str]:
        if not step.said:
            return
        said = step.said[0]
        place = f"{said.path}:{said.line}" if said.line else said.path
        more = [f"and\u00a0{len(step.said) - 1:,}\u00a0more"] if len(step.said) > 1 else []  # not to be broken
        same = last is not None and said.part != "" and said.part == last.part
        parts = [visible(place), *([said.moment] if said.moment and not same else []), *(["the same sentence"] if same else []), *more]
        addresses = {visible(place): address(self.source, said.path), said.moment: said.moment}
        yield from (linked(line.replace("\u00a0", " "), addresses, self.able) for line in self.wrapped("  ".join(parts)))
        if said.text and not same:
            sentence = _sentence(said)
            words = visible(" ".join(said.words.split()))
            for line in self.wrapped(sentence):
                yield line.replace(words, click.style(words, fg="cyan"), 1) if words else line

    def wrapped(self, text: str) -> list[str]:
        return textwrap.wrap(text, self.width, initial_indent=" " * 6, subsequent_indent=" " * 6, break_on_hyphens=False)


def _sentence(said: Said) -> str:
    """Give the sentence that words stand in, shortened around them where it is very long.

    >>> _sentence(Said("", "a.md", text="One. Two three. Four.", words="three", start=9))
    'Two three.'
    """
    text, at = said.text, min(said.start, len(said.text))
    begin = max((each.end() for each in _END.finditer(text) if each.end() <= at), default=0)
    end = min((each.start() for each in _END.finditer(text) if each.start() >= at + len(said.words)), default=len(text))
    if end - begin > _SENTENCE:
        begin = max(begin, at - _SENTENCE // 3)
        cut = min(end, begin + _SENTENCE)
        return ("…" if begin else "") + visible(" ".join(text[begin:cut].split())) + ("…" if cut < end else "")
    return visible(" ".join(text[begin:end].split()))
