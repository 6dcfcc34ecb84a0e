"""``kg check``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import check as checks
from kg import config, store
from kg.check import Finding
from kg.check import fix as fixes
from kg.check.fresh import looked_at, of_files, refused
from kg.check.reports import line_of, plain
from kg.cli import CONTEXT, chosen, many, say, warn, write_json
from kg.commands.build import places
from kg.config import Config
from kg.errors import KgError, UsageError, visible
from kg.terminal import address, bar, clear, clickable, link

if TYPE_CHECKING:
    from kg.check import Checked
    from kg.check.wanted import Wanted

_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}
_STORE = "\0"
"""What ``--graph`` without a folder after it gives."""
_WANTED_FROM = 3
"""Places that ``--wanted`` names of each note."""


def _graph(ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> bool:
    """Take ``-g DIR`` as all commands do; without a folder, it is the graph itself that is to be checked."""
    for value in values:
        if value != _STORE:
            ctx.ensure_object(dict)
            ctx.find_root().obj = {"graph": value}
    return _STORE in values


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[NOTES]...")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif"], case_sensitive=False), default="text", show_default=True, help="How to write it."
)
@click.option("--fix", is_flag=True, help="Mend the links that have exactly one sure answer, in the notes.")
@click.option("--dry-run", is_flag=True, help="Show what --fix would do, as a diff.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings, too.")
@click.option("--only", metavar="CODE", multiple=True, help="Tell of this code only. May be repeated.")
@click.option("--ignore", metavar="CODE", multiple=True, help="Do not tell of this code. May be repeated.")
@click.option("--wanted", is_flag=True, help="List the notes that links ask for and that there are not, the most wanted first.")
@click.option("--stub", metavar="NAME", default="", help="Print a note to start from, for a name that is wanted.")
@click.option("--shacl", is_flag=True, help="Check the graph by shapes as well: those of kg, and the vault's ontology/*shapes*.ttl.")
@click.option(
    "--shapes", "shapes", metavar="FILE", multiple=True, type=click.Path(path_type=Path), help="Further shapes, for --shacl. May be repeated."
)
@click.option(
    "-g", "--graph", "stored", metavar="[DIR]", is_flag=False, flag_value=_STORE, multiple=True, callback=_graph,
    help="The graph's folder, as in all commands; without a folder: check the graph itself, its files, counts and evidence.",
)  # fmt: skip
def check(
    paths: tuple[Path, ...],
    form: str,
    fix: bool,
    dry_run: bool,
    strict: bool,
    only: tuple[str, ...],
    ignore: tuple[str, ...],
    wanted: bool,
    stub: str,
    shacl: bool,
    shapes: tuple[Path, ...],
    stored: bool,
) -> None:
    """Find what is wrong in the notes, with the line and the mend.

    The notes are checked as they are now, whether or not there is a graph of them. NOTES is the folder of the notes, or some
    notes or folders to tell of. Exits with 1 if there are errors (with --strict, also for warnings), 2 if it was called wrongly.

    \b
    Examples:
      kg check
      kg check notes --strict --format sarif > check.sarif
      kg check --fix --dry-run
      kg check --wanted | head
      kg check --stub "open data" > notes/open_data.md
      kg check --shacl
      kg check --graph
    """
    fix = fix or dry_run
    _sensible(fix=fix, listing=wanted or bool(stub), stored=stored, shacl=shacl or bool(shapes), form=form)
    source, folder, settings, within = _places(paths)
    if stored:
        _stored(folder, form)
        return
    with _known(source, folder, settings, shacl=shacl or bool(shapes), tell=warn) as known:
        given = checks.settings(known, settings, only, ignore)
        if wanted or stub:
            _wanted(known, stub, form)
            return
        more = list(_shaped(known, shapes)) if shacl or shapes else []
        found = list(checks.within(checks.check(known, given, more), within))
        if not fix:
            _report(found, known, form)
            _end(found, strict=strict)
            return
        again, failed = _mended(found, known, dry_run=dry_run)
    if dry_run:
        _end(found, strict=strict)
    elif again:
        with _known(source, folder, settings, shacl=shacl, tell=lambda _: None) as known:
            found = list(checks.within(checks.check(known, given, more), within))
            _report(found, known, form)
    else:
        _report(found, known, form)
    if failed:
        click.get_current_context().exit(1)
    _end(found, strict=strict)


def _sensible(*, fix: bool, listing: bool, stored: bool, shacl: bool, form: str) -> None:
    """Refuse options that do not go together."""
    asked = [name for name, given in (("--fix", fix), ("--wanted", listing), ("--graph", stored), ("--shacl", shacl)) if given]
    if len(asked) > 1 and asked != ["--fix", "--shacl"]:
        raise UsageError(f"{' and '.join(asked)} do not go together", hint="-g DIR names the graph" if stored else "ask for one after the other")
    if listing and form == "sarif":
        raise UsageError("--wanted is written as text or json")


# -- what is checked -----------------------------------------------------------------------------


def _places(paths: Sequence[Path]) -> tuple[Path, Path, Config, list[str]]:
    """Decide which notes are checked, by which graph and settings, and of which of them is told."""
    for each in paths:
        if not each.exists():
            raise UsageError(f"{each}: no such note or folder")
    named = chosen()
    folder = store.located(named)
    live = store.live(folder)
    if named and not live:
        store.current(folder)  # says why
    source = Path(live.manifest.source) if live else Path()
    if live and all(each.resolve().is_relative_to(source) for each in paths):
        settings = checks.settings_of(live)
        return source, folder, settings, [each.resolve().relative_to(source).as_posix() for each in paths if each.resolve() != source]
    above = config.find(paths[0].resolve()) if paths else None
    own = not above or above.parent == paths[0].resolve()
    if not paths or (len(paths) == 1 and paths[0].is_dir() and own):
        source, folder, settings = places(paths[0] if paths else None, None)
        return source.resolve(), folder, settings, []
    if above is None:
        raise UsageError(f"{paths[0]}: which vault is it in?", hint="name the folder of the notes, or write a kg.toml beside them (kg init)")
    settings = config.read(above)
    source = (above.parent / settings.folder).resolve()
    if not all(each.resolve().is_relative_to(source) for each in paths):
        raise UsageError(f"the notes are in {source}, and not all of these are")
    return (
        source,
        above.parent / store.FOLDER,
        settings,
        [each.resolve().relative_to(source).as_posix() for each in paths if each.resolve() != source],
    )


@contextmanager
def _known(source: Path, folder: Path, settings: Config, *, shacl: bool, tell: Callable[[str], None]) -> Iterator[Checked]:
    live = store.live(folder)
    if live and live.manifest.detail == store.LOADED and shacl:
        yield of_files(folder)
        return
    refused(folder)
    with looked_at(source, folder, settings, tell, bar(_drawn)) as known:
        clear()
        yield known


def _drawn(stage: str, drawn: str, done: int, total: int) -> str:
    return f"{stage:<9}{drawn} {done:,} of {total:,}" if total else f"{stage:<9}{drawn}"


def _shaped(known: Checked, files: Sequence[Path]) -> list[Finding]:
    from kg.check import shapes

    found = shapes.findings(known, files, bar(_drawn))
    clear()
    return found


# -- what is told --------------------------------------------------------------------------------


def _report(found: Sequence[Finding], known: Checked, form: str) -> None:
    if form == "json":
        write_json([plain(each) for each in found])
    elif form == "sarif":
        from kg.check import sarif

        write_json(sarif.document(found, known.source, Path.cwd()))
    elif sys.stdout.isatty():
        for line in _grouped(found, str(known.source)):
            click.echo(line)
    else:
        for each in found:
            click.echo(visible(line_of(each)))
    _summary(found, len(known.paths))


def _grouped(found: Sequence[Finding], source: str) -> Iterator[str]:
    """Write findings for a person, under the notes that they are in."""
    able = clickable(sys.stdout)
    for path, group in groupby(found, key=lambda each: each.path):
        yield link(click.style(visible(path), bold=True), address(source, path), able)
        for each in group:
            place = ":".join(str(part) for part in (each.line, each.column) if part)
            sort = click.style(f"{each.severity:<7}", fg=_COLOURS.get(each.severity, ""))
            yield f"  {place:>8}  {sort}  {visible(each.message)}  {click.style(each.code, dim=True)}"
            if each.fix:
                yield f"            {click.style('fix:', fg='green')} {visible(each.fix)}"
        yield ""


def _summary(found: Sequence[Finding], notes: int) -> None:
    """Count what was found, on standard error."""
    if not found:
        say(f"nothing found in {many(notes, 'note')}")
        return
    levels = Counter(each.severity for each in found)
    told = ", ".join(many(levels[each], each) if each != "info" else f"{levels[each]:,} info" for each in checks.SEVERITIES if levels[each])
    say(f"{told} in {many(notes, 'note')}: {', '.join(f'{count:,} {code}' for code, count in _ordered(found))}")
    sure = sum(1 for each in found if each.edit)
    if sure:
        say(f"{sure:,} of them {'has' if sure == 1 else 'have'} one sure answer: kg check --fix --dry-run shows {'it' if sure == 1 else 'them'}")


def _ordered(found: Sequence[Finding]) -> list[tuple[str, int]]:
    counts = Counter(each.code for each in found)
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _end(found: Sequence[Finding], *, strict: bool) -> None:
    """End with 1 if something is as bad as that."""
    failing = ("error", "warning") if strict else ("error",)
    if any(each.severity in failing for each in found):
        click.get_current_context().exit(1)


# -- mending, wanted notes, the graph itself -----------------------------------------------------


def _mended(found: Sequence[Finding], known: Checked, *, dry_run: bool) -> tuple[bool, bool]:
    """Mend what has one sure answer, or show it; say whether a note was changed, and whether one could not be."""
    done = edits = 0
    left: list[str] = []
    for each in fixes.plan(found, known.texts):
        if isinstance(each, fixes.Left):
            left.append(f"{each.path}: {each.why}")
            continue
        if dry_run:
            shown = each.diff()
            click.echo("".join(f"{visible(line)}\n" for line in shown.split("\n")[:-1]) if sys.stdout.isatty() else shown, nl=False)
        else:
            try:
                fixes.save(known.source, each)
            except KgError as error:
                left.append(str(error))
                continue
        done, edits = done + 1, edits + each.edits
    for why in left:
        warn(f"left as it is: {why}")
    if dry_run:
        say(f"would mend {many(edits, 'link')} in {many(done, 'note')}" if done else "nothing has exactly one sure answer")
    else:
        say(f"mended {many(edits, 'link')} in {many(done, 'note')}" if done or left else "nothing has exactly one sure answer")
    return bool(done) and not dry_run, bool(left)


def _wanted(known: Checked, stub: str, form: str) -> None:
    from kg.check import wanted

    if stub:
        found = wanted.named(known, stub)
        write_json(found) if form == "json" else click.echo(found.stub, nl=False)
        return
    every = list(wanted.ranked(known))
    if form == "json":
        write_json(every)
        return
    for each in every:
        click.echo(_line_of_wanted(each, known))
    say(f"{many(len(every), 'note')} wanted by {many(sum(each.links for each in every), 'link')}; kg check --stub NAME prints one to start from")


def _line_of_wanted(each: Wanted, known: Checked) -> str:
    shown = ", ".join(f"{place.path}:{place.line}" for place in each.places[:_WANTED_FROM])
    more = f" and {each.links - _WANTED_FROM:,} more" if each.links > _WANTED_FROM else ""
    near = f"\n{'':12}near: {', '.join(known.shown(path, '') for path in each.near)}" if each.near else ""
    lines = [
        f"{each.links:>5,} {'link ' if each.links == 1 else 'links'}  {each.name}  ({many(each.notes, 'note')})",
        f"{'':12}from: {shown}{more}{near}",
    ]
    return "\n".join(visible(line) for text in lines for line in text.split("\n"))


def _stored(folder: Path, form: str) -> None:
    from kg.check import stored

    known = of_files(folder)
    found = stored.findings(known, bar(_drawn))
    clear()
    told = [each._replace(severity="error") for each in found]
    if form == "text":
        for each in told:
            click.echo(visible(line_of(each)))
    else:
        _report(told, known, form)
    counts = stored.counted(known)
    say(f"{counts}: {'nothing is wrong' if not told else many(len(told), 'problem')}")
    if told:
        say("hint: kg build --full makes the graph anew")
        click.get_current_context().exit(1)


__all__ = ["check"]
