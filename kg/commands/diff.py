"""``kg diff``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from kg import diff as compared
from kg.cli import CONTEXT, chosen, format_option, graph_option, say, warn, write_json
from kg.diff import GROUPS, Came, Difference, State
from kg.errors import visible
from kg.store import before as before_live
from kg.store import located

MOST = 20
_COLOURS = {"+": "green", "-": "red", "~": "yellow"}
_TICKS = re.compile(r"`+")


@click.command(context_settings=CONTEXT)
@click.argument("old", required=False)
@click.argument("new", required=False)
@graph_option
@click.option("--all", "everything", is_flag=True, help="Compare every triple, and show all of everything.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help=f"Show at most so many of each sort [default: {MOST}; json and patches have all].")
@format_option("text", "json", "markdown", "nquads-patch")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything differs.")
@click.pass_context
def diff(ctx: click.Context, old: str | None, new: str | None, everything: bool, limit: int | None, form: str, exit_code: bool) -> None:
    """Compare two states of the graph: notes, links, facts, entities, issues.

    OLD and NEW are each a graph (its folder, or that of its notes), one of its generations, "previous" or @1
    for the one before, a folder of notes, a file of triples, or a revision of git (of the notes). Without NEW,
    OLD is compared with the graph as it is; without both, the generation before is.

    \b
    Examples:
      kg diff
      kg diff HEAD~1
      kg diff v1.0 v2.0 --format markdown
      kg diff yesterday.nq .kg --format nquads-patch > changes.rdfp
      kg diff main --exit-code
    """
    from kg.states import States

    with States(located(chosen()), Path.cwd(), warn) as states:
        before = states.named(old) if old else states.generation(before_live(states.graph))
        after = states.named(new) if new else states.now()
        say(f"from {before.name} to {after.name}")
        for problem in unlike(before, after):
            warn(problem)
        if form == "nquads-patch":
            differs = False
            for line in compared.patch(before, after):
                differs = True
                click.echo(line)
        else:
            found = compared.difference(before, after, everything=everything)
            differs = found.differs
            most = limit or (None if everything else MOST)
            if form == "json":
                write_json(_as_json(found, before, after))
            else:
                for line in _text(found, most) if form == "text" else _markdown(found, before, after, most):
                    click.echo(line)
    if exit_code and differs:
        ctx.exit(1)


def unlike(old: State, new: State) -> Iterator[str]:
    """Say in what two states cannot be compared well."""
    if old.base != new.base:
        yield f"the bases differ: {old.base} and {new.base}; names are compared without them, in patches with them"
    if old.detail and new.detail and old.detail != new.detail:
        yield f"the graphs differ in detail: {old.detail} and {new.detail}"


# -- writing -----------------------------------------------------------------------------------------


def _counts(came: Came) -> str:
    words = ("added", "removed", "changed", "renamed")
    return ", ".join(f"{len(getattr(came, word)):,} {word}" for word in words if getattr(came, word))


def _signed(group: str, came: Came) -> Iterator[tuple[str, str]]:
    """Give every difference with its sign: what went, what came, what changed."""
    shown = {"notes": _one, "links": _arrow, "mentions": _arrow, "issues": _issue, "entities": _entity}.get(group, _words)
    yield from (("-", shown(row)) for row in came.removed)
    yield from (("+", shown(row)) for row in came.added)
    yield from (("~", f"{old} → {new}") for old, new in came.renamed)
    for row, lost, gained in came.changed:
        if group == "notes":
            yield "~", shown(row)
        else:
            yield "~", "  ".join((shown(row), *(f"-{each}" for each in lost), *(f"+{each}" for each in gained)))


def _one(row: Iterable[str]) -> str:
    return next(iter(row))


def _arrow(row: Iterable[str]) -> str:
    return " → ".join(row)


def _words(row: Iterable[str]) -> str:
    return " ".join(row)


def _entity(row: Iterable[str]) -> str:
    return "  ".join(filter(None, row))


def _issue(row: Iterable[str]) -> str:
    path, line, code, text = row
    return f"{path}:{line}: {text} [{code}]"


def _groups(found: Difference) -> Iterator[tuple[str, Came]]:
    named = [(name, getattr(found, name)) for name in GROUPS]
    yield from ((name, came) for name, came in (*named, ("triples", found.triples)) if came and came.all)


def _classes(found: Difference) -> Iterator[tuple[str, str]]:
    for name, count in found.counts.items():
        if count.added or count.removed:
            yield name, f"{count.old:,} → {count.new:,} ({count.added:,} came, {count.removed:,} went)"


def _text(found: Difference, most: int | None) -> Iterator[str]:
    if not found.differs:
        yield "nothing changed"
        return
    for name, came in _groups(found):
        yield f"{click.style(name, bold=True)}: {_counts(came)}"
        rows = list(_signed(name, came))
        for sign, text in rows[:most]:
            yield click.style(f"  {sign} {visible(text)}", fg=_COLOURS[sign])
        if most and len(rows) > most:
            yield f"    and {len(rows) - most:,} more; --limit shows them"
    for name, text in _classes(found):
        yield f"{click.style(name, bold=True)}: {text}"


def _markdown(found: Difference, old: State, new: State, most: int | None) -> Iterator[str]:
    yield f"# From {_code(old.name)} to {_code(new.name)}"
    if not found.differs:
        yield "\nNothing changed."
    for name, came in _groups(found):
        yield f"\n## {name.capitalize()}: {_counts(came)}\n"
        rows = list(_signed(name, came))
        words = {"+": "added", "-": "removed", "~": "changed"}
        yield from (f"- {words[sign]} {_code(text)}" for sign, text in rows[:most])
        if most and len(rows) > most:
            yield f"- and {len(rows) - most:,} more"
    counted = list(_classes(found))
    if counted:
        yield "\n## Counts\n"
        yield from (f"- {name}: {text}" for name, text in counted)


def _code(text: str) -> str:
    """Write a text as code, with one tick more around it than stand in it."""
    shown = visible(text)
    ticks = "`" * (1 + max((len(each) for each in _TICKS.findall(shown)), default=0))
    blank = " " if len(ticks) > 1 else ""
    return f"{ticks}{blank}{shown}{blank}{ticks}"


def _as_json(found: Difference, old: State, new: State) -> dict[str, object]:
    told: dict[str, object] = {
        "old": {"name": old.name, "base": old.base},
        "new": {"name": new.name, "base": new.base},
        "differs": found.differs,
    }
    for name in (*GROUPS, "triples"):
        came = getattr(found, name)
        if came is not None:
            told[name] = _plain(name, came)
    told["counts"] = found.counts
    return told


_KEYS = {
    "notes": ("path",),
    "links": ("from", "to"),
    "mentions": ("note", "entity"),
    "facts": ("subject", "property", "object"),
    "entities": ("name", "label"),
    "issues": ("path", "line", "code", "text"),
    "triples": ("triple",),
}


def _plain(group: str, came: Came) -> dict[str, object]:
    def named(row: Iterable[str]) -> dict[str, object]:
        return {key: int(each) if key == "line" and each.isdecimal() else each for key, each in zip(_KEYS[group], row, strict=True)}

    told: dict[str, object] = {"added": [named(row) for row in came.added], "removed": [named(row) for row in came.removed]}
    if group == "notes":
        told["changed"] = [{"path": path, "old": old, "new": new} for (path,), (old,), (new,) in came.changed]
        told["renamed"] = [{"from": old, "to": new} for old, new in came.renamed]
    if group == "entities":
        told["changed"] = [{**named(row), "lost": list(lost), "gained": list(gained)} for row, lost, gained in came.changed]
    return told
