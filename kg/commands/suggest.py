"""``kg suggest``: one name a screen, one key a decision."""

from __future__ import annotations

import csv
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from io import StringIO
from pathlib import Path

import click

from kg import candidates as found
from kg import settled, vocabulary
from kg.candidates import Candidate
from kg.cells import cut
from kg.cli import CONTEXT, chosen, graph_option, many, say, warn, write_json
from kg.errors import KgError, UsageError, visible
from kg.extract import normal
from kg.graph import Graph, open_graph
from kg.guard import guess
from kg.lookup import BRIEF
from kg.review import Review, accepted, merged, rejected

KEYS = "a accept · r reject · e edit and accept · k another kind · 1-9 same as that one · m same as … · s skip · u undo · q stop · ? help"
HELP = """\
a  accept: it is what it is said to be          r  reject: it is no such thing, and never comes again
e  correct the name, then accept                k  it is of another kind: i o p t, or one of your own
1-9  it is another name of that one             m  it is another name of one that you type
s  or a blank: later                            u  take the last decision back
q  stop; what is decided is in the file, and the next time goes on from here"""
LETTERS = {"i": "initiative", "o": "organisation", "p": "person", "t": "theme"}


@click.command(context_settings=CONTEXT)
@graph_option
@click.option("--kind", "kinds", metavar="KIND", multiple=True, help="Only these: initiative, organisation, person, theme. May be repeated.")
@click.option("--note", "note", metavar="PATH", help="Only what this note names.")
@click.option("--min-notes", type=click.IntRange(1), default=1, metavar="N", help="Only what so many notes name.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most so many.")
@click.option("--list", "listed", is_flag=True, help="List them, one a line, instead of asking.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", help="Of the list; json has all the evidence.")
@click.option("--accept", "accepts", metavar="NAME", multiple=True, help="Accept a name. May be repeated, as may the next three.")
@click.option("--reject", "rejects", metavar="NAME", multiple=True, help="Reject a name, also one that is a fact.")
@click.option("--merge", "merges", metavar="NAME INTO", nargs=2, multiple=True, help="Make a name another name of a thing.")
@click.option("--retype", "retypes", metavar="NAME KIND", nargs=2, multiple=True, help="Accept a name as of another kind.")
@click.option("--decided", is_flag=True, help="List what has been decided.")
@click.option("--vocabulary", "file", metavar="FILE", type=click.Path(path_type=Path), help="Where decisions go [default: beside the notes].")
def suggest(
    kinds: tuple[str, ...],
    note: str | None,
    min_notes: int,
    limit: int | None,
    listed: bool,
    form: str,
    accepts: tuple[str, ...],
    rejects: tuple[str, ...],
    merges: tuple[tuple[str, str], ...],
    retypes: tuple[tuple[str, str], ...],
    decided: bool,
    file: Path | None,
) -> None:
    """Decide on what rules only suggest, with the sentences that speak for it.

    Every decision is written at once into the vocabulary beside the notes; kg build brings it into the
    graph. What is decided never comes again, so one can stop and go on at any time.

    \b
    Examples:
      kg suggest
      kg suggest --kind initiative --list --limit 20
      kg suggest --accept 'Talk Cardiff' --reject 'Design Thinking'
    """
    graph = open_graph(chosen())
    notes = Path(graph.generation.manifest.source)
    settings = settled.settings(notes, graph.generation.folder.parent)
    context = settled.context(settings, notes)
    for kind in kinds:
        _known("kind", kind, list(context.kinds))
    home = settled.home(settings, notes)
    if not home.is_dir() and file is None:
        raise KgError(f"{home}: the notes that this graph was made from are not there", hint="name a file for decisions with --vocabulary")
    if graph.brief and not decided:
        raise KgError("nothing is suggested in this graph", hint=f"it {BRIEF}")
    book = Review(file or vocabulary.find(home) or home / "vocabulary.ttl", graph.names.base, list(context.kinds))
    if decided:
        _decided(book)
        return
    if accepts or rejects or merges or retypes:
        _apply(graph, found.candidates(graph, context), book, accepts, rejects, merges, retypes)
        return
    asked = [each for each in found.candidates(graph, context, kinds=kinds) if (each.kind, normal(each.name)) not in book.known]
    asked = [each for each in asked if len(each.paths) >= min_notes and (note is None or note in each.paths)][:limit]
    if listed or form != "text" or not (sys.stdin.isatty() and sys.stdout.isatty()):
        _list(asked, form)
        return
    if not asked:
        say("nothing is left to decide")
        return
    _Session(asked, book).run()


def _known(what: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        near = guess(name, list(known))
        raise UsageError(f"unknown {what} {name!r}", hint=f"did you mean {near}?" if near else f"known: {', '.join(sorted(known))}")


# -- without a terminal --------------------------------------------------------------------------


def _list(asked: Sequence[Candidate], form: str) -> None:
    if form == "json":
        rows = [asdict(each) | {"sentences": each.sentences, "others": each.others} for each in asked]
        write_json(rows)
        return
    table = [(each.kind, each.name, f"{each.share:.2f}", len(each.paths), each.passages, _where(each)) for each in asked]
    if form == "csv":
        out = StringIO()
        csv.writer(out, lineterminator="\n").writerows([("kind", "name", "share", "notes", "places", "first"), *table])
        click.echo(out.getvalue(), nl=False)
        return
    for kind, name, share, notes, places, first in table:
        click.echo(f"{kind}\t{visible(name)}\t{share}\t{notes}\t{places}\t{visible(first)}")


def _where(candidate: Candidate) -> str:
    return f"{candidate.sentences[0].path}:{candidate.sentences[0].line}" if candidate.sentences else ""


def _decided(book: Review) -> None:
    for each in book.entries:
        also = f"\t{' | '.join(each.aliases)}" if each.aliases else ""
        click.echo(f"{'rejected' if each.rejected else 'accepted'}\t{each.kind}\t{visible(each.name)}{visible(also)}")


def _apply(
    graph: Graph,
    asked: Sequence[Candidate],
    book: Review,
    accepts: Sequence[str],
    rejects: Sequence[str],
    merges: Sequence[Sequence[str]],
    retypes: Sequence[Sequence[str]],
) -> None:
    """Carry out decisions from the command line, all of which are looked at before the first is."""
    both = {normal(name) for name in accepts} & {normal(name) for name in rejects}
    if both:
        raise UsageError("a name is accepted and rejected at once", hint="say one of the two")
    names: dict[str, list[found.Found | Candidate]] = {}
    # What is asked about goes before what else has the name.
    listed = {normal(name): each for each in reversed(asked) for name in (*each.spellings, each.name)}
    for thing in found.things(graph).values():
        for each in {thing.name, *thing.spellings}:
            names.setdefault(normal(each), []).append(thing)
    for name in (*accepts, *rejects, *(one for one, _ in merges), *(other for _, other in merges), *(one for one, _ in retypes)):
        if normal(name) not in names and normal(name) not in listed and not any(normal(name) == key for _, key in book.known):
            near = guess(name, sorted({thing.name for group in names.values() for thing in group}))
            raise UsageError(f"nothing in the graph is called {name!r}", hint=f"did you mean {near!r}?" if near else "kg suggest --list shows names")
    for _, kind in retypes:
        _known("kind", kind, list(book.kinds))

    def called(name: str) -> found.Found | Candidate:
        if normal(name) in listed:
            return listed[normal(name)]
        group: Sequence[found.Found | Candidate] = names.get(normal(name)) or [
            found.Found(next(kind for kind, key in book.known if key == normal(name)), name)
        ]
        return min(group, key=lambda each: (each.kind == "theme", each.fact, each.kind))

    decisions = [
        *(accepted(called(name).kind, name, called(name).spellings, book.known) for name in accepts),
        *(rejected(called(name).kind, name, [called(name).name, *called(name).spellings], book.known) for name in rejects),
        *(merged(called(into).kind, called(into).name, [name], book.known) for name, into in merges),
        *(accepted(kind, name, called(name).spellings, book.known) for name, kind in retypes),
    ]
    for entry in decisions:
        book.decide(entry)
    say(f"{len(decisions)} decided in {book.path}; kg build brings it into the graph")


# -- on a terminal -------------------------------------------------------------------------------


_STOP = ("q", "\x04", "\x1b")
"""Keys that end it: q, Ctrl-D, Escape."""


class _Session:
    """A person deciding: where they are, and what they did."""

    def __init__(self, asked: Sequence[Candidate], book: Review) -> None:
        self.asked, self.book = asked, book
        self.at = 0
        self.turns: list[tuple[int, bool]] = []  # where, and whether it was a decision
        self.message = ""

    def run(self) -> None:
        """Go through the candidates until they are through or the person stops."""
        try:
            while self.at < len(self.asked):
                candidate = self.asked[self.at]
                click.clear()
                click.echo("\n".join(_screen(candidate, self.at, len(self.asked), self.message)))
                self.message = ""
                key = click.getchar()
                if key in _STOP:
                    break
                self.press(key, candidate)
        except EOFError:
            pass
        finally:
            self.tell()

    def press(self, key: str, candidate: Candidate) -> None:
        """Do what a key asks for; what cannot be done is said on the next screen."""
        actions: dict[str, Callable[[Candidate], None]] = {
            "a": self.accept, "r": self.reject, "e": self.edit, "k": self.retype, "m": self.merge,
            "s": self.skip, " ": self.skip, "\r": self.skip, "\n": self.skip,
        }  # fmt: skip
        try:
            if key == "u":
                self.undo()
            elif key == "?":
                self.message = HELP
            elif key.isdigit() and 0 < int(key) <= len(candidate.others):
                self.same(candidate, candidate.others[int(key) - 1])
            elif key in actions:
                actions[key](candidate)
            else:
                self.message = "no such key; ? tells which there are"
        except KgError as error:
            self.message = str(error)

    def tell(self) -> None:
        """Say how much was decided, and what makes it part of the graph."""
        count = sum(decided for _, decided in self.turns)
        click.echo()
        if count:
            say(f"{count} decided in {self.book.path}; kg build brings {'it' if count == 1 else 'them'} into the graph")
        elif self.asked:
            warn("nothing was decided")

    def decide(self, entry: vocabulary.Entry, what: str) -> None:
        self.book.decide(entry)
        self.turns.append((self.at, True))
        self.message = f"{entry.name}: {what}"
        self.at += 1

    def accept(self, candidate: Candidate) -> None:
        self.decide(accepted(candidate.kind, candidate.name, candidate.spellings, self.book.known), "accepted")

    def reject(self, candidate: Candidate) -> None:
        self.decide(rejected(candidate.kind, candidate.name, candidate.spellings, self.book.known), "rejected")

    def same(self, candidate: Candidate, other: found.Other) -> None:
        self.decide(merged(other.kind, other.name, [candidate.name, *candidate.spellings], self.book.known), f"the same as {other.name}")

    def skip(self, _: Candidate) -> None:
        self.turns.append((self.at, False))
        self.at += 1

    def edit(self, candidate: Candidate) -> None:
        name = click.prompt("its name", default=candidate.name).strip()
        self.decide(accepted(candidate.kind, name, [candidate.name, *candidate.spellings], self.book.known), "accepted")

    def retype(self, candidate: Candidate) -> None:
        given = click.prompt("its kind (i o p t, or in full)").strip().casefold()
        kind = LETTERS.get(given, given)
        _known("kind", kind, list(self.book.kinds))
        self.decide(accepted(kind, candidate.name, candidate.spellings, self.book.known), kind)

    def merge(self, candidate: Candidate) -> None:
        into = click.prompt("another name of").strip()
        self.decide(merged(candidate.kind, into, [candidate.name, *candidate.spellings], self.book.known), f"the same as {into}")

    def undo(self) -> None:
        if not self.turns:
            self.message = "nothing to undo"
            return
        where, decided = self.turns[-1]
        if decided:
            self.book.undo()
        self.turns.pop()
        self.at, self.message = where, "taken back"


def _screen(candidate: Candidate, at: int, total: int, message: str) -> list[str]:
    """Make the screen of one candidate, to fit the terminal."""
    width, height = shutil.get_terminal_size()
    rules = ", ".join(f"{rule} {round(100 * share)} %" for rule, share in candidate.rules if share) or "other notes"
    head = [
        click.style(f"{at + 1} of {total}", dim=True) + f"   {candidate.kind}?",
        "",
        click.style(visible(candidate.name), bold=True),
        f"{many(len(candidate.paths), 'note')}, {many(candidate.passages, 'place')}; right about {round(100 * candidate.share)} times in 100 ({rules})",
    ]
    if candidate.spellings:
        head.append(cut(f"also {visible(', '.join(candidate.spellings))}", width))
    if candidate.kinds:
        head.append(cut("elsewhere taken for " + ", ".join(f"{kind} ({many(count, 'note')})" for kind, count in candidate.kinds), width))
    others = [cut(f"{n}  {visible(each.name)}  {'a fact' if each.fact else 'suggested'}", width) for n, each in enumerate(candidate.others[:9], 1)]
    tail = (["", "the same as"] if others else []) + others + ["", *message.split("\n"), *_wrapped(KEYS, width)]
    room = max(3, height - len(head) - len(tail) - 2)
    body: list[str] = []
    for sentence in candidate.sentences:
        block = ["", click.style(cut(visible(f"{sentence.path}:{sentence.line}"), width), dim=True), *_lines(sentence, width)]
        if len(body) + len(block) > room and body:
            break
        body += block[:room]
    return [*head, *body, *tail]


def _lines(sentence: found.Sentence, width: int) -> list[str]:
    """Wrap a sentence, at most four lines around its name, and light the name up."""
    text, name = visible(sentence.text), visible(sentence.text[sentence.start : sentence.end])
    start = max(0, min(sentence.start - width, len(text) - 4 * (width - 4)))
    cut = ("…" if start else "") + text[start : start + 4 * (width - 4)]
    lines = _wrapped(cut, width - 2)[:4]
    return [f"  {line.replace(name, click.style(name, fg='cyan', bold=True))}" for line in lines]


def _wrapped(text: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, max(20, width)) or [""]
